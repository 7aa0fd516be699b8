//! Payment cards: number, last four digits, expiry, cryptogram.

use super::finder::{Cue, Finder};
use super::labels::LABELS;
use super::pattern;
use crate::detectors::checks;
use regex::bytes::Regex;
use std::sync::LazyLock;

static MASKED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:[0-9]{4}[ -]?)?(?:[0-9]{2})?(?:[*x#]{2,}[ -]?){1,4}[0-9]{4}\b|\.{3,} ?[0-9]{4}\b")
});
static EXPIRY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:0?[1-9]|1[0-2]) ?[/.-] ?(?:20)?[2-4][0-9]\b"));
static EXPIRY_BARE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:0[1-9]|1[0-2])[2-4][0-9]\b"));

/// Can a number of this kind of issuer be a card's (ISO/IEC 7812: the ranges of the schemes, and 3xxx
/// as a whole, from which test numbers come)?
fn issued(digits: &[u8]) -> bool {
    match (digits[0], digits.len()) {
        (b'3', 14..=16) | (b'4', 13 | 16 | 19) | (b'6', 12..=19) => true,
        (b'5', 16) => true,
        (b'2', 16) => digits[1] >= b'2' && digits[1] <= b'9',
        _ => false,
    }
}

/// Finds card numbers that check, before anything that guesses.
pub fn find_numbers(finder: &mut Finder<'_>) {
    for cluster in finder.clusters.clone() {
        let sure = |digits: &[u8]| issued(digits) && checks::luhn(digits);
        let mut found = finder.window(&cluster, 13..=19, sure);
        if found.is_none() {
            let whole = cluster.range();
            let length = finder.digits(&whole).len();
            let is_pan = |label| label == LABELS.pan;
            // A mistyped number still discloses one, where it is called one.
            let meant =
                matches!(finder.cue(&whole, is_pan), Cue::Is(_)) || finder.scene.asks(LABELS.pan);
            if meant && (13..=19).contains(&length) {
                found = Some(whole);
            }
        }
        let Some(range) = found else { continue };
        if !finder.whole(&range) {
            continue;
        }
        if finder.cue(&range, |label| finder.shapes.fits(label, 16, true)) == Cue::Decoy {
            finder.rule_out(range);
        } else {
            finder.claim(range, LABELS.pan);
        }
    }
}

/// Finds what stands around a card number: needs the context.
pub fn find_companions(finder: &mut Finder<'_>) {
    let text = finder.folded.bytes();
    for hit in MASKED.find_iter(text) {
        finder.claim(hit.range(), LABELS.pan_truncated);
    }
    let card = finder.has(LABELS.pan) || finder.scene.asks(LABELS.pan);
    let asked = finder.scene.asks(LABELS.card_expiry);
    for hit in EXPIRY.find_iter(text) {
        let said = finder.cue(&hit.range(), |label| {
            label == LABELS.card_expiry || label == LABELS.transaction_date
        });
        if matches!(said, Cue::Is(label) if label == LABELS.card_expiry)
            || said == Cue::Silent && (card || asked)
        {
            finder.claim(hit.range(), LABELS.card_expiry);
        }
    }
    for hit in EXPIRY_BARE.find_iter(text) {
        let said = finder.cue(&hit.range(), |label| {
            finder.shapes.fits(label, 4, true) || label == LABELS.card_expiry
        });
        let first = finder.scene.asked.first() == Some(&LABELS.card_expiry);
        if said == Cue::Is(LABELS.card_expiry) || first && said == Cue::Silent {
            finder.claim(hit.range(), LABELS.card_expiry);
        }
    }
    // Number, expiry and three digits in one breath: the three digits are the cryptogram.
    if finder.has(LABELS.pan) && finder.scene.by_customer() {
        for cluster in finder.clusters.clone() {
            for group in cluster.groups {
                let length = group.len();
                if length == 3 && finder.free(&group) && finder.whole(&group) {
                    let said = finder.cue(&group, |label| finder.shapes.fits(label, 3, true));
                    if matches!(said, Cue::Is(label) if label == LABELS.card_cvv)
                        || said == Cue::Silent
                    {
                        finder.claim(group, LABELS.card_cvv);
                    }
                }
            }
        }
    }
}
