//! Strings of a file that is read, borrowed from its line.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Deref;

/// A string as it stands in the line, owned only where the line escapes something in it.
///
/// Serde borrows a [`Cow`] only as a field of its own; within an `Option` or a `Vec`, and read by itself, it copies.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Borrowed<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl Deref for Borrowed<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_without_escapes_is_not_copied() {
        let line = r#"["IBAN","a\nb"]"#;
        let read: Vec<Borrowed<'_>> = serde_json::from_str(line).unwrap();
        assert!(matches!(read[0].0, Cow::Borrowed("IBAN")));
        assert_eq!(&*read[1], "a\nb");
    }
}
