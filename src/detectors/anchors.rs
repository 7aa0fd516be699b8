//! The anchors: detectors that need no skill, so that every other figure has a scale.
//!
//! | name | what it reports |
//! |---|---|
//! | `none` | nothing: the floor of the harness, and the most that can leak |
//! | `mask-all` | one span over the whole unit, under `ANY`; nothing for empty text: the least that can leak |
//! | `mask-digits` | every maximal run of digits, under `DIGITS` (below) |
//! | `luhn-regex` | card numbers that pass Luhn (`CARD`) and IBANs that pass modulo 97 (`IBAN`): what a filter without any context finds |
//!
//! A run of digits for `mask-digits`: ASCII or full-width digits (U+FF10–FF19), with at most one
//! separator between two of them: space, no-break space (U+00A0), thin space (U+2009), narrow no-break
//! space (U+202F), `.`, `,`, `-`, `/` or `:`. It starts and ends with a digit.

use super::{Description, DetectError, Detector, Input, Spent, checks};
use crate::prediction::{Prediction, Predictions, ToolLabel};
use crate::text::ByteRange;
use regex::Regex;

/// Which anchor.
#[derive(Debug)]
enum Kind {
    None,
    MaskAll,
    MaskDigits,
    LuhnRegex { card: Regex, iban: Regex },
}

/// One of the four anchors.
#[derive(Debug)]
pub struct Anchor {
    description: Description,
    kind: Kind,
}

/// The names of the anchors, in the order of the table above.
pub const NAMES: [&str; 4] = ["none", "mask-all", "mask-digits", "luhn-regex"];

impl Anchor {
    /// The anchor of this name, if there is one.
    pub fn named(name: &str) -> Option<Anchor> {
        let (kind, labels): (Kind, &[&str]) = match name {
            "none" => (Kind::None, &[]),
            "mask-all" => (Kind::MaskAll, &["ANY"]),
            "mask-digits" => (Kind::MaskDigits, &["DIGITS"]),
            "luhn-regex" => {
                let pattern = |text| Regex::new(text).expect("the pattern is a constant");
                let kind = Kind::LuhnRegex {
                    card: pattern(r"(?-u:\b)[0-9](?:[ -]?[0-9]){12,18}(?-u:\b)"),
                    iban: pattern(r"(?-u:\b)[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}"),
                };
                (kind, &["CARD", "IBAN"])
            }
            _ => return None,
        };
        let description = Description {
            name: name.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            labels: labels.iter().copied().collect(),
            threads: 1,
            anchor: true,
            reference: false,
        };
        Some(Anchor { description, kind })
    }

    fn find(&self, text: &str, found: &mut Predictions) {
        let mut push = |start: usize, end: usize, label: u16| {
            found.push(Prediction {
                range: ByteRange {
                    start: start as u32,
                    end: end as u32,
                },
                label: ToolLabel(label),
                score: None,
            });
        };
        match &self.kind {
            Kind::None => {}
            Kind::MaskAll if text.is_empty() => {}
            Kind::MaskAll => push(0, text.len(), 0),
            Kind::MaskDigits => {
                for (start, end) in digit_runs(text) {
                    push(start, end, 0);
                }
            }
            Kind::LuhnRegex { card, iban } => {
                for hit in card.find_iter(text) {
                    let digits: Vec<u8> = hit.as_str().bytes().filter(u8::is_ascii_digit).collect();
                    if checks::luhn(&digits) {
                        push(hit.start(), hit.end(), 0);
                    }
                }
                for hit in iban.find_iter(text) {
                    if let Some(length) = iban_prefix(hit.as_str().as_bytes()) {
                        push(hit.start(), hit.start() + length, 1);
                    }
                }
            }
        }
    }
}

impl Detector for Anchor {
    fn describe(&self) -> &Description {
        &self.description
    }

    fn detect(
        &mut self,
        batch: &[Input<'_>],
        found: &mut Predictions,
    ) -> Result<Spent, DetectError> {
        for input in batch {
            self.find(input.text, found);
            found.end_unit();
        }
        Ok(Spent::default())
    }
}

/// How many bytes of `text` are an IBAN: the pattern runs on into the words behind it, the length of
/// the country does not.
fn iban_prefix(text: &[u8]) -> Option<usize> {
    let length = checks::iban_length(&text[..2])?;
    let mut characters = Vec::with_capacity(length);
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_alphanumeric() {
            characters.push(*byte);
        }
        if characters.len() == length {
            return checks::iban(&characters).then_some(at + 1);
        }
    }
    None
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('\u{ff10}'..='\u{ff19}').contains(&c)
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '.' | ',' | '-' | '/' | ':'
    )
}

fn digit_runs(text: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut separators = usize::MAX;
    for (at, c) in text.char_indices() {
        if is_digit(c) {
            let end = at + c.len_utf8();
            match runs.last_mut() {
                Some(run) if separators <= 1 => run.1 = end,
                _ => runs.push((at, end)),
            }
            separators = 0;
        } else if is_separator(c) {
            separators = separators.saturating_add(1);
        } else {
            separators = usize::MAX;
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices<'t>(name: &str, text: &'t str) -> Vec<&'t str> {
        let mut found = Predictions::new();
        let anchor = Anchor::named(name).unwrap();
        anchor.find(text, &mut found);
        found.end_unit();
        found
            .unit(0)
            .iter()
            .map(|p| &text[p.range.as_range()])
            .collect()
    }

    #[test]
    fn nothing_is_found_by_none_and_everything_by_mask_all() {
        assert!(slices("none", "4242 4242 4242 4242").is_empty());
        assert_eq!(slices("mask-all", "été"), ["été"]);
        assert!(slices("mask-all", "").is_empty());
    }

    #[test]
    fn a_run_of_digits_bridges_one_separator_and_never_two() {
        assert_eq!(
            slices(
                "mask-digits",
                "le 14/03 à 19h42, 1 284,37 € - 42  43 ４２ x"
            ),
            ["14/03", "19", "42", "1 284,37", "42", "43 ４２"]
        );
    }

    #[test]
    fn a_card_must_pass_luhn_and_an_iban_ends_where_its_country_says() {
        assert_eq!(
            slices("luhn-regex", "4242 4242 4242 4242 et 4242 4242 4242 4241"),
            ["4242 4242 4242 4242"]
        );
        assert_eq!(
            slices("luhn-regex", "FR76 9999 8000 4201 2345 6789 068 MERCI BIEN"),
            ["FR76 9999 8000 4201 2345 6789 068"]
        );
    }
}
