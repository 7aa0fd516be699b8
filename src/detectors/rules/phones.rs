//! Telephone numbers of persons, not of the bank.

use super::finder::{Cue, Finder};
use super::labels::LABELS;
use super::lexicon::Meaning;
use super::pattern;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// National plans: France (Arcep: ten digits from 01 to 09), United Kingdom (Ofcom: ten or eleven from
/// 0), North America (NANPA: ten, area code and exchange from 2); and ITU-T E.164 with its `+`.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\+|\b00)[1-9][0-9]{0,2}(?:[ .()/-]{0,3}[0-9]){7,12}\b|\b0[1-9](?:[ ./-]{0,2}[0-9]{2}){4}\b|\b0[1-9][0-9]{1,4}[ -][0-9]{3,6}(?:[ -][0-9]{3,4})?\b|\b0[1-9][0-9]{9}\b|\(?\b[2-9][0-9]{2}\)?[ .-]{1,2}[2-9][0-9]{2}[ .-][0-9]{4}\b",
    )
});

/// Finds them.
pub fn find(finder: &mut Finder<'_>) {
    let text = finder.folded.bytes();
    for hit in PHONE.find_iter(text) {
        let range = hit.range();
        if !finder.free(&range) {
            continue;
        }
        let digits = finder.digits(&range);
        let said = finder.cue(&range, |label| {
            label == LABELS.phone_number || finder.shapes.fits(label, digits.len(), true)
        });
        // French numbers from 08 are services with a tariff of their own.
        let service = digits.starts_with(b"08") && digits.len() == 10;
        let own = finder.scene.by_customer() || finder.says_near(Meaning::Possessive, range.start);
        match said {
            Cue::Is(label) if label == LABELS.phone_number && !service && own => {
                finder.claim(range, LABELS.phone_number);
            }
            Cue::Is(label) if label != LABELS.phone_number => {}
            Cue::Silent if own && !service => {
                finder.claim(range, LABELS.phone_number);
            }
            _ => finder.rule_out(range),
        }
    }
}
