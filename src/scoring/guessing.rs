//! Residual guessing bits: how much of a value is still to be guessed from what stays readable.
//!
//! A value is its **normal form**: the fact's, or the surface where there is no fact. A character of it
//! is **known** if it stays readable in a mention, where a mention is laid along the normal form from
//! both ends as far as they agree (`06 12…` along `+336 12…`); parts of a value count as one mention. The
//! residual is
//!
//!   min(Σ over unknown characters of log₂ of their alphabet, limit) − check, and at least 0,
//!
//! with alphabets of 10 (digit) and 26 (letter), a limit for dates, and log₂ of the modulus of the check
//! that the label's rule makes, where the value passes it: 15 known digits of a card leave 0 bits. A
//! mention that is readable as a whole leaves 0 bits whatever its form.
//!
//! Limits: an upper bound. Who guesses is taken to know the label and the length; people's preference
//! for 1234, ranges of issuers, and truncated copies of the value elsewhere are not counted. Labels of
//! free text have no alphabet and are left out.

use super::leak::{Redacted, Value};
use crate::conversation::{Fact, Form};
use crate::identifiers;
use crate::taxonomy::{Label, NormalForm};
use serde::{Deserialize, Serialize};

/// log₂ in millionths of a bit: integers add up alike everywhere.
mod log2 {
    pub const DIGIT: u64 = 3_321_928;
    pub const LETTER: u64 = 4_700_440;
    pub const THOUSAND: u64 = 9_965_784;
    pub const MILLION: u64 = 19_931_569;
    /// Twelve months in ten years.
    pub const MONTHS: u64 = 6_906_891;
    /// The days of a century.
    pub const DAYS: u64 = 15_156_597;
    pub const MOD_11: u64 = 3_459_432;
    pub const MOD_23: u64 = 4_523_562;
    pub const MOD_97: u64 = 6_599_913;
    pub const MOD_511: u64 = 8_997_179;
}

/// Sums over values that have a residual. They add up over shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuessCounts {
    /// Values.
    pub values: u64,
    /// Their residuals, in millionths of a bit.
    pub microbits: u64,
    /// Values of which nothing is left to guess.
    pub known: u64,
    /// Values that a thousand guesses exhaust.
    pub within_thousand: u64,
    /// Values that a million guesses exhaust.
    pub within_million: u64,
}

impl GuessCounts {
    /// Counts a value with this residual.
    pub fn count(&mut self, microbits: u64) {
        self.values += 1;
        self.microbits += microbits;
        self.known += u64::from(microbits == 0);
        self.within_thousand += u64::from(microbits <= log2::THOUSAND);
        self.within_million += u64::from(microbits <= log2::MILLION);
    }

    /// Adds the counts of another shard.
    pub fn add(&mut self, other: &GuessCounts) {
        self.values += other.values;
        self.microbits += other.microbits;
        self.known += other.known;
        self.within_thousand += other.within_thousand;
        self.within_million += other.within_million;
    }
}

/// The characters of one mention, or of a value given in parts: folded, and whether each is readable.
#[derive(Debug, Default)]
struct Surface {
    characters: Vec<(char, bool)>,
    form: Option<Form>,
    parts: u8,
}

/// The residual of a value, in millionths of a bit. `None` for labels of free text, and where no
/// mention says the value.
pub fn residual(value: &Value<'_>, fact: Option<&Fact>, units: &[Redacted<'_>]) -> Option<u64> {
    let info = value.label.info();
    if info.free_text || info.inessential {
        return None;
    }
    let surfaces = surfaces(value, units);
    let normal: Vec<char> = match fact {
        Some(fact) => folded(&fact.value).collect(),
        None => surfaces.first()?.characters.iter().map(|c| c.0).collect(),
    };
    if normal.is_empty() || surfaces.is_empty() {
        return None;
    }
    if surfaces.iter().any(says_all) {
        return Some(0);
    }
    let mut known = vec![false; normal.len()];
    for surface in &surfaces {
        lay_along(surface, &normal, &mut known);
    }
    let unknown = normal.iter().zip(&known).filter(|(_, known)| !**known);
    let bits: u64 = unknown
        .map(|(character, _)| match character.is_ascii_digit() {
            true => log2::DIGIT,
            false => log2::LETTER,
        })
        .sum();
    let limit = match info.normal {
        NormalForm::IsoMonth => log2::MONTHS,
        NormalForm::IsoDate => log2::DAYS,
        _ => u64::MAX,
    };
    let text: String = normal.iter().collect();
    Some(bits.min(limit).saturating_sub(check(value.label, &text)))
}

fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
}

fn surfaces(value: &Value<'_>, units: &[Redacted<'_>]) -> Vec<Surface> {
    let mut surfaces: Vec<Surface> = Vec::new();
    for mention in value.mentions {
        let redacted = &units[mention.unit as usize];
        let Some((range, span)) = redacted.body.spans().nth(mention.gold as usize) else {
            continue;
        };
        // A correction says part of the value, at a place that only its reader knows.
        if span.form == Some(Form::Fragment) {
            continue;
        }
        let follows = |last: &&mut Surface| span.part.is_some_and(|part| part.k == last.parts + 1);
        let starts = span.part.is_none_or(|part| part.k == 1);
        if starts || surfaces.last_mut().filter(follows).is_none() {
            surfaces.push(Surface {
                form: span.form,
                ..Surface::default()
            });
        }
        let surface = surfaces
            .last_mut()
            .expect("one was just pushed, or follows");
        surface.parts = span.part.map_or(0, |part| part.k);
        for (at, character) in redacted.body.covered(range).char_indices() {
            if !character.is_alphanumeric() {
                continue;
            }
            let start = range.start + at as u32;
            let readable = !redacted.cover.covers(crate::text::ByteRange {
                start,
                end: start + character.len_utf8() as u32,
            });
            let folded = character.to_uppercase().map(|c| (c, readable));
            surface.characters.extend(folded);
        }
    }
    surfaces.retain(|surface| !surface.characters.is_empty());
    surfaces
}

/// Is it readable as a whole, and is it the whole value?
fn says_all(surface: &Surface) -> bool {
    let partial = matches!(surface.form, Some(Form::Last4 | Form::Masked | Form::Part));
    !partial && surface.parts == 0 && surface.characters.iter().all(|c| c.1)
}

/// Marks what a surface makes known, from both ends of the normal form as far as they agree.
fn lay_along(surface: &Surface, normal: &[char], known: &mut [bool]) {
    let pairs = || normal.iter().zip(&surface.characters);
    let head = pairs().take_while(|(a, b)| **a == b.0).count();
    for (known, character) in known.iter_mut().zip(&surface.characters[..head]) {
        *known |= character.1;
    }
    let backward = || normal.iter().rev().zip(surface.characters.iter().rev());
    let tail = backward().take_while(|(a, b)| **a == b.0).count();
    let known = known.iter_mut().rev();
    for (known, character) in known.zip(surface.characters.iter().rev()).take(tail) {
        *known |= character.1;
    }
}

/// What the check of a label's rule tells of a value that passes it: log₂ of its modulus.
fn check(label: Label, normal: &str) -> u64 {
    if identifiers::check(label, normal) != Some(true) {
        return 0;
    }
    match label.info().rule.as_deref().unwrap_or_default() {
        "luhn" | "aba" | "siren" | "imei" | "isin" | "ean13" | "idnr" | "nif_pt" => log2::DIGIT,
        "nhs" | "utr" | "bsn" => log2::MOD_11,
        "dni" => log2::MOD_23,
        "codice_fiscale" => log2::LETTER,
        // A French BBAN ends in a key of its own.
        "iban" if normal.starts_with("FR") || normal.starts_with("MC") => 2 * log2::MOD_97,
        "iban" | "nir" | "nrn" | "rib" | "ics" | "creditor_reference" => log2::MOD_97,
        "spi" => log2::MOD_511,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Conversation;
    use crate::formats::predictions::sample::{conversation, found, message};
    use crate::prediction::ToolLabels;
    use crate::scoring::leak;
    use crate::scoring::spans::Cover;
    use crate::scoring::tolerance::Tolerance;

    /// The residual of the first value, in millionths of a bit, as its surfaces alone say it.
    fn bits(conversation: &Conversation, spans: &[(usize, &str)]) -> Option<u64> {
        bits_of(conversation, &[], spans)
    }

    fn bits_of(
        conversation: &Conversation,
        facts: &[Fact],
        spans: &[(usize, &str)],
    ) -> Option<u64> {
        let mut labels = ToolLabels::default();
        let spans: Vec<_> = spans
            .iter()
            .map(|&(unit, text)| (unit, text, "X"))
            .collect();
        let predictions = found(conversation, &spans, &mut labels);
        let covers: Vec<Cover> = predictions
            .units()
            .map(|unit| Cover::of(unit.iter().map(|p| p.range)))
            .collect();
        let units: Vec<Redacted<'_>> = conversation
            .messages
            .iter()
            .zip(&covers)
            .map(|(message, cover)| Redacted {
                body: &message.body,
                cover,
            })
            .collect();
        let mut residuals = Vec::new();
        leak::values(&units, &Tolerance::default(), |value| {
            let fact = facts.iter().find(|fact| Some(fact.id) == value.fact);
            residuals.push(residual(&value, fact, &units));
        });
        residuals[0]
    }

    #[test]
    fn a_hidden_pin_leaves_four_digits_and_a_readable_one_nothing() {
        let pin = message("code <CARD_PIN:4821>");
        assert_eq!(bits(&pin, &[(0, "4821")]), Some(4 * log2::DIGIT));
        assert_eq!(bits(&pin, &[]), Some(0));
        assert_eq!(bits(&pin, &[(0, "821")]), Some(3 * log2::DIGIT));
    }

    #[test]
    fn the_check_digit_of_a_card_counts_and_one_hidden_digit_is_known() {
        // 4000 0000 0000 0002 passes Luhn.
        let card = message("<PAN form=grouped:4000 0000 0000 0002>");
        assert_eq!(bits(&card, &[(0, "0002")]), Some(3 * log2::DIGIT));
        assert_eq!(bits(&card, &[(0, "2")]), Some(0));
        // 4000 0000 0000 0003 does not: nothing can be concluded from a check that fails.
        let wrong = message("<PAN form=grouped:4000 0000 0000 0003>");
        assert_eq!(bits(&wrong, &[(0, "3")]), Some(log2::DIGIT));
    }

    #[test]
    fn what_mentions_and_parts_show_is_put_together() {
        let twice = conversation(
            0,
            "c",
            &[("", "<CARD_PIN f1:4821>"), ("", "<CARD_PIN f1:4821>")],
        );
        assert_eq!(bits(&twice, &[(0, "48"), (1, "21")]), Some(0));
        let parts = conversation(
            0,
            "c",
            &[
                ("", "<OTP_CODE f1 part=1/2 form=part:482>"),
                ("", "<OTP_CODE f1 part=2/2 form=part:913>"),
            ],
        );
        assert_eq!(bits(&parts, &[(0, "482")]), Some(3 * log2::DIGIT));
    }

    #[test]
    fn a_surface_is_laid_along_the_normal_form_from_both_ends() {
        let phone = message("<PHONE_NUMBER f1:06 39 98 12 34>");
        let fact = Fact {
            value: "+33639981234".to_owned(),
            ..phone.facts[0].clone()
        };
        // The country's prefix is not written, and the last two digits stay readable.
        let residual = bits_of(&phone, &[fact], &[(0, "06 39 98 12")]);
        assert_eq!(residual, Some(9 * log2::DIGIT));
    }

    #[test]
    fn a_date_is_one_of_a_century_and_free_text_has_no_alphabet() {
        let birth = message("<DATE_OF_BIRTH:14/07/1985>");
        assert_eq!(bits(&birth, &[(0, "14/07/1985")]), Some(log2::DAYS));
        assert_eq!(bits(&message("<MERCHANT:Verdane>"), &[]), None);
    }
}
