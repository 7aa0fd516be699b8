//! National numbers: French NIR, US SSN and ITIN, UK NINO, passports' machine-readable line, plates.

use super::finder::{Cue, Finder};
use super::labels::LABELS;
use super::pattern;
use crate::detectors::checks;
use regex::bytes::Regex;
use std::sync::LazyLock;

static NIR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b[12378][ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?(?:[0-9]{2}|2[ab])[ .-]?[0-9]{3}[ .-]?[0-9]{3}(?:[ ./-]{0,3}[0-9]{2})?\b",
    )
});
static SSN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}\b"));
/// HMRC, NIM39110: two letters, six digits, a suffix A to D.
static NINO: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d]\b"));
static MRZ: LazyLock<Regex> = LazyLock::new(|| pattern(r"[a-z0-9<]{28,}<<?[a-z0-9<]*"));
static PLATE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[a-z]{2}[ -][0-9]{3}[ -][a-z]{2}\b"));

/// Finds them.
pub fn find(finder: &mut Finder<'_>) {
    let text = finder.folded.bytes();
    for hit in NIR.find_iter(text) {
        let characters: Vec<u8> = hit
            .as_bytes()
            .iter()
            .copied()
            .filter(u8::is_ascii_alphanumeric)
            .collect();
        let fits = |label| finder.shapes.fits(label, characters.len(), true);
        let said = finder.cue(&hit.range(), fits);
        let meant = said == Cue::Is(LABELS.fr_nir) || finder.scene.asks(LABELS.fr_nir);
        if meant || said != Cue::Decoy && checks::nir(&characters) {
            finder.claim(hit.range(), LABELS.fr_nir);
        }
    }
    for hit in SSN.find_iter(text) {
        let said = finder.cue(&hit.range(), |label| {
            label == LABELS.us_ssn || label == LABELS.us_itin || label == LABELS.phone_number
        });
        let label = match said {
            Cue::Is(label) => label,
            // Taxpayer numbers begin with 9 and have 50–65, 70–88, 90–92 or 94–99 in the middle (IRS).
            _ if hit.as_bytes()[0] == b'9' && hit.as_bytes()[4] >= b'5' => LABELS.us_itin,
            _ => LABELS.us_ssn,
        };
        if said != Cue::Decoy {
            finder.claim(hit.range(), label);
        }
    }
    for hit in NINO.find_iter(text) {
        if finder.cue(&hit.range(), |label| label == LABELS.uk_nino) != Cue::Decoy {
            finder.claim(hit.range(), LABELS.uk_nino);
        }
    }
    if memchr::memchr(b'<', text).is_some() {
        for hit in MRZ.find_iter(text) {
            finder.claim(hit.range(), LABELS.passport_mrz);
        }
    }
    for hit in PLATE.find_iter(text) {
        let said = finder.cue(&hit.range(), |label| label == LABELS.license_plate);
        if said == Cue::Is(LABELS.license_plate) || finder.scene.asks(LABELS.license_plate) {
            finder.claim(hit.range(), LABELS.license_plate);
        }
    }
}
