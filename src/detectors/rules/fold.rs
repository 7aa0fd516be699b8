//! What a reader sees: text in lower case, without accents, with one kind of space, dash and quote.
//!
//! Invariant: every folded byte is ASCII and knows which characters of the text it stands for, so that
//! a pattern over folded text always gives a range of the text itself.

use crate::text::ByteRange;
use std::ops::Range;

/// Stands for the euro sign.
pub const EURO: u8 = 0x01;
/// Stands for the pound sign.
pub const POUND: u8 = 0x02;
/// Stands for a letter that has no folded form.
const LETTER: u8 = 0x03;
/// Stands for any other character, so that a pattern cannot run across it.
const OTHER: u8 = 0x04;

/// Folded text. Reused from message to message.
#[derive(Debug, Default)]
pub struct Folded {
    bytes: Vec<u8>,
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Folded {
    /// Folds a text, forgetting the one before.
    pub fn load(&mut self, text: &str) {
        self.bytes.clear();
        self.starts.clear();
        self.ends.clear();
        for (at, character) in text.char_indices() {
            let end = at + character.len_utf8();
            let mut push = |byte: u8| {
                self.bytes.push(byte);
                self.starts.push(at as u32);
                self.ends.push(end as u32);
            };
            if character.is_ascii() {
                push(character.to_ascii_lowercase() as u8);
                continue;
            }
            match folded(character) {
                Seen::Byte(byte) => push(byte),
                Seen::Two(first, second) => {
                    push(first);
                    push(second);
                }
                Seen::Nothing => {}
            }
        }
    }

    /// The folded text.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A range of folded text, as text: it is ASCII.
    pub fn str(&self, range: Range<usize>) -> &str {
        std::str::from_utf8(&self.bytes[range]).expect("folded text is ASCII")
    }

    /// Which bytes of the text a non-empty folded range stands for.
    pub fn source(&self, range: &Range<usize>) -> ByteRange {
        ByteRange {
            start: self.starts[range.start],
            end: self.ends[range.end - 1],
        }
    }

    /// Does a folded byte stand for a capital letter of `text`?
    pub fn is_capital(&self, text: &str, at: usize) -> bool {
        text[self.starts[at] as usize..]
            .chars()
            .next()
            .is_some_and(char::is_uppercase)
    }
}

/// Is it part of a word?
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == LETTER
}

enum Seen {
    Byte(u8),
    Two(u8, u8),
    Nothing,
}

fn folded(character: char) -> Seen {
    let lower = character.to_lowercase().next().unwrap_or(character);
    Seen::Byte(match lower {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => b'a',
        'ç' | 'ć' | 'č' => b'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' => b'e',
        'ì' | 'í' | 'î' | 'ï' => b'i',
        'ñ' | 'ń' => b'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => b'o',
        'ù' | 'ú' | 'û' | 'ü' => b'u',
        'ý' | 'ÿ' => b'y',
        'š' | 'ś' => b's',
        'ž' | 'ź' | 'ż' => b'z',
        'ł' => b'l',
        'ß' => return Seen::Two(b's', b's'),
        'œ' => return Seen::Two(b'o', b'e'),
        'æ' => return Seen::Two(b'a', b'e'),
        '’' | '‘' | 'ʼ' | '´' | '′' => b'\'',
        '“' | '”' | '«' | '»' | '„' => b'"',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => b'-',
        '•' | '●' | '∙' | '·' | '✱' | '＊' => b'*',
        '…' => b'.',
        '€' => EURO,
        '£' => POUND,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => b' ',
        '\u{ff01}'..='\u{ff5e}' => ((lower as u32 - 0xff01) as u8 + b'!').to_ascii_lowercase(),
        // Zero-width characters and combining marks are there and nobody sees a gap.
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{300}'..='\u{36f}' => {
            return Seen::Nothing;
        }
        letter if letter.is_alphabetic() => LETTER,
        _ => OTHER,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_alike_folds_alike() {
        let mut folded = Folded::default();
        folded.load("Né à l’Œuvre : 4\u{202f}2\u{200b}4２ – 5\u{a0}€ e\u{301}");
        assert_eq!(
            folded.str(0..folded.bytes().len()),
            "ne a l'oeuvre : 4 242 - 5 \u{1} e"
        );
    }

    #[test]
    fn a_folded_range_leads_back_to_the_characters_it_stands_for() {
        let text = "x 4\u{200b}２ é";
        let mut folded = Folded::default();
        folded.load(text);
        let at = folded.str(0..folded.bytes().len()).find("42").unwrap();
        assert_eq!(
            &text[folded.source(&(at..at + 2)).as_range()],
            "4\u{200b}２"
        );
    }

    proptest! {
        #[test]
        fn every_folded_byte_leads_to_a_boundary(text in "\\PC{0,30}") {
            let mut folded = Folded::default();
            folded.load(&text);
            for at in 0..folded.bytes().len() {
                prop_assert!(folded.bytes()[at].is_ascii());
                prop_assert!(text.get(folded.source(&(at..at + 1)).as_range()).is_some());
            }
        }
    }
}
