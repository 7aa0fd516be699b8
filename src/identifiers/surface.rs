//! Surfaces: how a value in normal form is written, and read back.
//!
//! * A **layout** is the lengths of a value's groups; the last length repeats until the end.
//! * A **family** is a kind of value with its layouts, its forms and its reader. Labels of one
//!   family are written alike.
//!
//! Invariant: for every form in [`Family::forms`], reading what was written gives the value back.

use crate::conversation::Form;
use crate::seed::Stream;

/// Lengths of the groups of a value; the last repeats until the end.
pub type Layout = &'static [u8];

/// A last group that takes whatever is left.
pub const REST: u8 = u8::MAX;

/// No-break space.
pub const NBSP: &str = "\u{a0}";
/// Narrow no-break space, which French typography and phones put between groups.
pub const THIN: &str = "\u{202f}";

/// How values of one kind are written and read.
#[derive(Clone, Copy)]
pub struct Family {
    /// Writes a value, which is ASCII, in a form; false, and nothing written, where the family has
    /// no such form.
    pub write: fn(normal: &str, form: Form, out: &mut String) -> bool,
    /// The forms that people use, with weights.
    pub forms: &'static [(Form, u32)],
    /// Reads a surface back.
    pub read: fn(surface: &str) -> Option<String>,
}

/// Writes `text`, which is ASCII, in groups joined by `separator`.
pub fn push_grouped(text: &str, layout: Layout, separator: &str, out: &mut String) {
    let mut rest = text;
    let mut lengths = layout.iter();
    let mut length = usize::from(*lengths.next().unwrap_or(&REST));
    while rest.len() > length {
        let (group, after) = rest.split_at(length);
        out.push_str(group);
        out.push_str(separator);
        rest = after;
        length = lengths.next().map_or(length, |&next| usize::from(next));
    }
    out.push_str(rest);
}

/// Writes the forms that only need a layout: compact, and groups joined by one separator.
pub fn write_grouped(text: &str, layout: Layout, form: Form, out: &mut String) -> bool {
    let separator = match form {
        Form::Plain | Form::Compact => {
            out.push_str(text);
            return true;
        }
        Form::Grouped => " ",
        Form::Dashes => "-",
        Form::Dots => ".",
        Form::Slashes => "/",
        Form::Nbsp => NBSP,
        Form::ThinSpace => THIN,
        Form::Pairs => {
            push_grouped(text, &[2], " ", out);
            return true;
        }
        _ => return false,
    };
    push_grouped(text, layout, separator, out);
    true
}

/// Writes the last four characters; false where there are not more than four.
pub fn write_last4(text: &str, out: &mut String) -> bool {
    if text.len() <= 4 || !text.is_ascii() {
        return false;
    }
    out.push_str(&text[text.len() - 4..]);
    true
}

/// Writes the value in lower case.
pub fn write_lower(text: &str, out: &mut String) -> bool {
    out.extend(text.chars().map(|c| c.to_ascii_lowercase()));
    true
}

/// Writes a document's or a person's number: grouped by a layout, in lower case, or with all but its
/// last four characters hidden.
pub fn write_document(text: &str, layout: Layout, form: Form, out: &mut String) -> bool {
    match form {
        Form::Lower => write_lower(text, out),
        Form::Last4 => write_last4(text, out),
        Form::Masked if text.len() > 4 && text.is_ascii() => {
            out.push_str("••••");
            write_last4(text, out)
        }
        Form::Masked => false,
        _ => write_grouped(text, layout, form, out),
    }
}

/// Characters that may stand between the groups of a value: spaces, dashes, dots, slashes.
pub fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '-' | '.' | '/' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2010}' | '\u{2011}'
    )
}

/// Characters that stand for hidden ones: `*`, bullets, dots in a row, and `#`.
pub fn is_mask(character: char) -> bool {
    matches!(character, '*' | '•' | '●' | '·' | '#' | '…')
}

/// Reads digits, dropping separators; `None` where anything else is found.
pub fn read_digits(surface: &str) -> Option<String> {
    read(surface, |c| c.is_ascii_digit())
}

/// Reads letters and digits, upper-cased, dropping separators; `None` where anything else is found.
pub fn read_alphanumeric(surface: &str) -> Option<String> {
    read(surface, |c| c.is_ascii_alphanumeric())
}

/// Reads the text itself, without the white space around it.
pub fn read_text(surface: &str) -> Option<String> {
    let text = surface.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn read(surface: &str, keep: fn(char) -> bool) -> Option<String> {
    let mut normal = String::with_capacity(surface.len());
    for character in surface.chars() {
        if keep(character) {
            normal.push(character.to_ascii_uppercase());
        } else if !is_separator(character) {
            return None;
        }
    }
    (!normal.is_empty()).then_some(normal)
}

/// Digits in one piece, or in threes: codes, customer numbers, anything without a layout of its own.
pub const DIGITS: Family = Family {
    write: |normal, form, out| match form {
        Form::Last4 => write_last4(normal, out),
        _ => write_grouped(normal, &[3], form, out),
    },
    forms: &[(Form::Compact, 90), (Form::Grouped, 10)],
    read: read_digits,
};

/// Letters and digits in one piece.
pub const ALPHANUMERIC: Family = Family {
    write: |normal, form, out| match form {
        Form::Last4 => write_last4(normal, out),
        Form::Lower => write_lower(normal, out),
        _ => write_grouped(normal, &[REST], form, out),
    },
    forms: &[(Form::Compact, 90), (Form::Lower, 10)],
    read: read_alphanumeric,
};

/// Text, written as it is.
pub const TEXT: Family = Family {
    write: |normal, form, out| match form {
        Form::Plain | Form::Compact => {
            out.push_str(normal);
            true
        }
        _ => false,
    },
    forms: &[(Form::Plain, 1)],
    read: read_text,
};

/// Writes a value in groups that follow no rule: one to five characters, joined by spaces, or more
/// rarely by dots or dashes. An E.164 number of France or Britain is written as it is dialled
/// inside the country.
pub fn write_irregular(normal: &str, stream: &mut Stream, out: &mut String) {
    let national = ["+33", "+44"]
        .iter()
        .find_map(|prefix| normal.strip_prefix(prefix));
    let separator = [" ", " ", " ", " ", " ", " ", NBSP, THIN, "-", "."][stream.below(10) as usize];
    let mut left = 1 + stream.below(5);
    let zero = national.map(|_| '0');
    for character in zero.into_iter().chain(national.unwrap_or(normal).chars()) {
        if left == 0 {
            out.push_str(separator);
            left = 1 + stream.below(5);
        }
        out.push(character);
        left -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    fn grouped(text: &str, layout: Layout) -> String {
        let mut out = String::new();
        push_grouped(text, layout, " ", &mut out);
        out
    }

    #[test]
    fn the_last_length_of_a_layout_repeats() {
        assert_eq!(grouped("378282246310005", &[4, 6, 5]), "3782 822463 10005");
        assert_eq!(grouped("424242424242", &[4]), "4242 4242 4242");
        assert_eq!(grouped("12345", &[2, REST]), "12 345");
        assert_eq!(grouped("12", &[4]), "12");
    }

    #[test]
    fn an_irregular_grouping_keeps_every_character() {
        let mut stream = Stream::at(1, Domain::new("irregular"), 0);
        for _ in 0..200 {
            let mut out = String::new();
            write_irregular("4242424242424242", &mut stream, &mut out);
            assert_eq!(read_digits(&out).as_deref(), Some("4242424242424242"));
        }
    }

    #[test]
    fn a_surface_with_foreign_characters_is_not_read() {
        assert_eq!(read_digits("482 913 €"), None);
        assert_eq!(read_digits(""), None);
        assert_eq!(read_alphanumeric("qq 12"), Some("QQ12".to_owned()));
    }
}
