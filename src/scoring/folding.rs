//! Text as it is compared: in lower case and without accents.
//!
//! Invariant: folding never joins two words and never makes a letter or digit of anything else.

/// Stands for covered text, in folded text.
pub const MASK: u8 = 0x01;
/// Stands for a letter or digit that has no folded form.
const LETTER: u8 = 0x02;
/// What a redactor writes for covered text.
pub const BLOCK: char = '█';

/// What a character is folded to: up to two bytes, none for what has no width, a space for all that is
/// no letter, no digit and not covered.
pub fn fold(character: char) -> Folded {
    if character.is_ascii() {
        let byte = character as u8;
        return match byte.is_ascii_alphanumeric() {
            true => Folded::One(byte.to_ascii_lowercase()),
            false => Folded::One(b' '),
        };
    }
    let lower = character.to_lowercase().next().unwrap_or(character);
    Folded::One(match lower {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => b'a',
        'ç' => b'c',
        'è' | 'é' | 'ê' | 'ë' => b'e',
        'ì' | 'í' | 'î' | 'ï' => b'i',
        'ñ' => b'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => b'o',
        'ù' | 'ú' | 'û' | 'ü' => b'u',
        'ý' | 'ÿ' => b'y',
        'œ' => return Folded::Two(b'o', b'e'),
        'æ' => return Folded::Two(b'a', b'e'),
        'ß' => return Folded::Two(b's', b's'),
        BLOCK => MASK,
        // Full-width forms of ASCII, which phones and some keyboards write.
        '\u{ff10}'..='\u{ff19}' => b'0' + (lower as u32 - 0xff10) as u8,
        '\u{ff41}'..='\u{ff5a}' => b'a' + (lower as u32 - 0xff41) as u8,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{300}'..='\u{36f}' => {
            return Folded::Nothing;
        }
        other if other.is_alphanumeric() => LETTER,
        _ => b' ',
    })
}

/// A folded character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// It has no width.
    Nothing,
    /// One byte.
    One(u8),
    /// Two bytes: a ligature.
    Two(u8, u8),
}

impl Folded {
    /// Its bytes.
    pub fn bytes(self) -> impl Iterator<Item = u8> {
        let (first, second) = match self {
            Folded::Nothing => (None, None),
            Folded::One(byte) => (Some(byte), None),
            Folded::Two(first, second) => (Some(first), Some(second)),
        };
        first.into_iter().chain(second)
    }
}

/// Is a folded byte part of a word?
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == LETTER
}

/// Appends words, each followed by one space; what is between them is dropped. The text begins with a
/// space too, so that ` word ` finds whole words only.
pub fn fold_words(text: &str, out: &mut Vec<u8>) {
    out.push(b' ');
    for byte in text.chars().flat_map(|c| fold(c).bytes()) {
        let repeats = matches!(byte, b' ' | MASK) && out.last() == Some(&byte);
        if !repeats {
            out.push(byte);
        }
    }
    if out.last() != Some(&b' ') {
        out.push(b' ');
    }
}

/// The letters and digits of a text, folded.
pub fn fold_alphanumerics(text: &str) -> Vec<u8> {
    let folded = text.chars().flat_map(|c| fold(c).bytes());
    folded.filter(|&byte| is_word(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let mut out = Vec::new();
        fold_words(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn words_stand_between_single_spaces_without_case_and_accents() {
        assert_eq!(words("« Prêt  sur-GAGE »!"), " pret sur gage ");
        assert_eq!(words(""), " ");
        assert_eq!(words("cœur\u{200b} d’or"), " coeur d or ");
    }

    #[test]
    fn covered_text_is_one_mark_and_no_word() {
        assert_eq!(words("chez ███ ok"), " chez \u{1} ok ");
        assert_eq!(fold_alphanumerics("FR76-3000 █4"), b"fr7630004");
    }
}
