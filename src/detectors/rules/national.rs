//! National numbers: French NIR, US SSN and ITIN, UK NINO, papers and their machine-readable
//! line, plates.

use super::finder::{Cue, Finder};
use super::labels::LABELS;
use super::pattern;
use crate::identifiers;
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
/// French papers as they are copied, in groups: `00 AA 00000`.
static PAPER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[0-9][0-9a-z] [0-9a-z]{2} [0-9a-z]{5}\b"));
static PLATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{2}[ -]?[0-9]{3}[ -]?[a-z]{2}\b"));

/// Finds them.
pub fn find(finder: &mut Finder<'_>) {
    let text = finder.folded.bytes();
    for hit in NIR.find_iter(text) {
        let characters = finder.alphanumeric(&hit.range());
        let fits = |label| finder.shapes.fits(label, characters.len(), true);
        let said = finder.cue(&hit.range(), fits);
        let meant = said == Cue::Is(LABELS.fr_nir) || finder.scene.asks(LABELS.fr_nir);
        if meant
            || said != Cue::Decoy && identifiers::check(LABELS.fr_nir, &characters) == Some(true)
        {
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
    let papers = [LABELS.fr_cni, LABELS.fr_passport, LABELS.fr_driving_licence];
    for hit in PAPER.find_iter(text) {
        let characters = finder.alphanumeric(&hit.range());
        let lettered = characters.bytes().any(|byte| byte.is_ascii_uppercase());
        let fits = |label| papers.contains(&label) && finder.shapes.fits(label, 9, !lettered);
        let said = finder.cue(&hit.range(), fits);
        let asked = papers.into_iter().find(|&label| finder.scene.asks(label));
        let label = match (said, asked) {
            (Cue::Is(label), _) => label,
            (Cue::Silent, Some(label)) if lettered => label,
            _ => continue,
        };
        finder.claim(hit.range(), label);
    }
    for hit in PLATE.find_iter(text) {
        let said = finder.cue(&hit.range(), |label| label == LABELS.license_plate);
        if said == Cue::Is(LABELS.license_plate) || finder.scene.asks(LABELS.license_plate) {
            finder.claim(hit.range(), LABELS.license_plate);
        }
    }
}
