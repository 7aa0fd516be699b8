//! The words of a text, as [`Tokenizer::WORDS`](super::Tokenizer::WORDS) cuts them, without the pattern's cost:
//! every text of a corpus is cut.

use regex::Regex;
use std::sync::LazyLock;

/// What a character is to the pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// `[^\W_]`
    Word,
    /// `\s`
    Space,
    /// `[^\w\s]` or `_`: a token by itself.
    Alone,
}

const ASCII: [Class; 128] = {
    let mut classes = [Class::Alone; 128];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            classes[byte] = Class::Word;
        } else if matches!(byte, 0x09..=0x0d | 0x20) {
            classes[byte] = Class::Space;
        }
        byte += 1;
    }
    classes
};

/// Which bytes are by themselves a character of a word.
const IN_WORDS: [bool; 256] = {
    let mut words = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        words[byte] = matches!(ASCII[byte], Class::Word);
        byte += 1;
    }
    words
};

impl Class {
    fn of(character: char) -> Class {
        match character {
            '\0'..='\x7f' => ASCII[character as usize],
            '×' | '÷' => Class::Alone,
            // Latin letters, and what is written between them: the characters that come often.
            'À'..='\u{24f}' => Class::Word,
            '\u{a0}' | '\u{202f}' => Class::Space,
            '’' | '€' | '«' | '»' | '–' | '…' | '£' => Class::Alone,
            other if other.is_whitespace() => Class::Space,
            other => {
                static WORD: LazyLock<Regex> =
                    LazyLock::new(|| Regex::new(r"^\w").expect("a fixed pattern"));
                match WORD.is_match(other.encode_utf8(&mut [0; 4])) {
                    true => Class::Word,
                    false => Class::Alone,
                }
            }
        }
    }
}

/// The byte ranges of the words of a text, in order.
#[derive(Clone, Debug)]
pub(super) struct WordsOf<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> WordsOf<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        WordsOf { text, at: 0 }
    }

    /// The class of the character at a byte, and the byte behind it.
    #[inline]
    fn look(&self, at: usize) -> Option<(Class, usize)> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() {
            return Some((ASCII[usize::from(byte)], at + 1));
        }
        let character = self.text[at..].chars().next()?;
        Some((Class::of(character), at + character.len_utf8()))
    }

    /// Behind the word characters that stand at a byte.
    fn run(&self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        loop {
            let letters = bytes[at..].iter();
            at += letters
                .take_while(|&&byte| IN_WORDS[usize::from(byte)])
                .count();
            match self.look(at) {
                Some((Class::Word, next)) => at = next,
                _ => return at,
            }
        }
    }

    /// Behind an apostrophe or hyphen at a byte.
    fn joint(&self, at: usize) -> Option<usize> {
        let rest = &self.text.as_bytes()[at..];
        match rest.first()? {
            b'\'' | b'-' => Some(at + 1),
            _ if rest.starts_with("’".as_bytes()) => Some(at + '’'.len_utf8()),
            _ => None,
        }
    }
}

impl Iterator for WordsOf<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        loop {
            let start = self.at;
            let (class, behind) = self.look(start)?;
            self.at = behind;
            match class {
                Class::Space => {}
                Class::Alone => return Some((start, behind)),
                Class::Word => {
                    let mut end = self.run(behind);
                    while let Some(from) = self.joint(end) {
                        let to = self.run(from);
                        if to == from {
                            break;
                        }
                        end = to;
                    }
                    self.at = end;
                    return Some((start, end));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::compat::Tokenizer;
    use proptest::prelude::*;

    fn by_pattern(text: &str) -> Vec<(usize, usize)> {
        static WORDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(Tokenizer::WORDS).unwrap());
        WORDS
            .find_iter(text)
            .map(|found| (found.start(), found.end()))
            .collect()
    }

    fn scanned(text: &str) -> Vec<(usize, usize)> {
        WordsOf::new(text).collect()
    }

    #[test]
    fn every_character_is_to_the_scanner_what_it_is_to_the_pattern() {
        // Each between spaces, and each at the end of a word.
        for character in '\0'..'\u{3000}' {
            let text = format!("{character} a{character}");
            assert_eq!(scanned(&text), by_pattern(&text), "{character:?}");
        }
    }

    #[test]
    fn joints_need_a_word_on_either_side() {
        for text in [
            "a-",
            "-a",
            "a--b",
            "l'’a",
            "a-b-",
            "peut-être’s_x-1",
            "²-a",
            "a-e\u{301}-",
        ] {
            assert_eq!(scanned(text), by_pattern(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn texts_are_cut_as_by_the_pattern(text in "[a-cÀé0-9 _'’\\-.,\u{301}\u{200d}½٣\u{a0}👍\\PC]{0,24}") {
            prop_assert_eq!(scanned(&text), by_pattern(&text));
        }
    }
}
