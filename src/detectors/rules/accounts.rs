//! Numbers of accounts and banks: IBAN, RIB, BIC, sort code, routing number.

use super::finder::{Cue, Finder};
use super::fold::is_word;
use super::labels::LABELS;
use super::pattern;
use crate::detectors::checks;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static IBAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{2} ?[0-9]{2}(?:[ .\n-]{0,2}[a-z0-9]){10,40}"));
static PARTIAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{2}[0-9]{2}[ .]?(?:[*x.]{2,}[ .]?){1,8}[0-9a-z]{2,5}\b"));
static RIB: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[0-9]{5}[ -]?[0-9]{5}[ -]?[0-9a-z]{11}[ -]?[0-9]{2}\b"));
static BIC: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[a-z]{6}[a-z0-9]{2}(?:[a-z0-9]{3})?\b"));
static SORT_CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[0-9]{2}-[0-9]{2}-[0-9]{2}\b"));
static CREDITOR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{2}[0-9]{2}[a-z]{3}[0-9]{6,11}\b"));

/// Finds them.
pub fn find(finder: &mut Finder<'_>) {
    let text = finder.folded.bytes();
    for hit in PARTIAL.find_iter(text) {
        // A template has no character of anybody's account: "FR76 XXXX XXXX XXXX".
        let tail = hit
            .as_bytes()
            .iter()
            .rev()
            .take_while(|byte| !b"*x. ".contains(byte))
            .count();
        if tail >= 2 {
            finder.claim(hit.range(), LABELS.iban_partial);
        } else {
            finder.rule_out(hit.range());
        }
    }
    let mut from = 0;
    while let Some(hit) = IBAN.find_at(text, from) {
        from = match iban(finder, &hit.range()) {
            Some(end) => end,
            None => hit.start() + 2,
        };
    }
    for hit in CREDITOR.find_iter(text) {
        finder.claim(hit.range(), LABELS.sepa_creditor_id);
    }
    for hit in RIB.find_iter(text) {
        let characters: Vec<u8> = hit
            .as_bytes()
            .iter()
            .copied()
            .filter(u8::is_ascii_alphanumeric)
            .collect();
        let said = finder.cue(&hit.range(), |label| label == LABELS.fr_rib);
        if said != Cue::Decoy && (checks::rib(&characters) || said != Cue::Silent) {
            finder.claim(hit.range(), LABELS.fr_rib);
        }
    }
    for hit in SORT_CODE.find_iter(text) {
        let said = finder.cue(&hit.range(), |label| label == LABELS.uk_sort_code);
        let asked = finder.scene.asks(LABELS.uk_sort_code);
        if said == Cue::Is(LABELS.uk_sort_code) || asked && said == Cue::Silent {
            finder.claim(hit.range(), LABELS.uk_sort_code);
        }
    }
    for hit in BIC.find_iter(text) {
        let asked = finder.scene.asks(LABELS.bic);
        let beside = finder.has(LABELS.iban) || finder.scene.by_customer();
        let said = finder.cue(&hit.range(), |label| label == LABELS.bic) == Cue::Is(LABELS.bic);
        let capitals =
            (hit.start()..hit.end()).all(|at| text[at].is_ascii_digit() || finder.is_capital(at));
        if capitals && beside && (said || asked) {
            finder.claim(hit.range(), LABELS.bic);
        }
    }
    for cluster in finder.clusters.clone() {
        let routed = |finder: &Finder<'_>, range: &Range<usize>| {
            let label = LABELS.us_aba_routing;
            finder.cue(range, |l| l == label) == Cue::Is(label) || finder.scene.asks(label)
        };
        if let Some(range) = finder.window(&cluster, 9..=9, checks::aba)
            && finder.whole(&range)
            && routed(finder, &range)
        {
            finder.claim(range, LABELS.us_aba_routing);
        }
    }
}

/// Judges a match that may run on into the words behind; says where the IBAN ends, if it is one.
fn iban(finder: &mut Finder<'_>, hit: &Range<usize>) -> Option<usize> {
    let text = finder.folded.bytes();
    let length = checks::iban_length(&text[hit.start..hit.start + 2])?;
    let mut characters = Vec::with_capacity(length);
    let mut end = hit.start;
    for at in hit.clone() {
        if text[at].is_ascii_alphanumeric() {
            characters.push(text[at].to_ascii_uppercase());
            end = at + 1;
        }
        if characters.len() == length {
            break;
        }
    }
    let range = hit.start..end;
    let cut = text.get(end).is_some_and(|&byte| is_word(byte));
    let digits = characters
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .count();
    if characters.len() != length || cut || digits < 8 {
        return None;
    }
    let said = finder.cue(&range, |label| label == LABELS.iban);
    // A mistyped IBAN still discloses one, where it is called an IBAN.
    let meant = said == Cue::Is(LABELS.iban) || finder.scene.asks(LABELS.iban);
    if said == Cue::Decoy {
        finder.rule_out(range);
        return Some(end);
    }
    let right = checks::iban(&characters);
    if right || meant || digits * 2 > length && finder.is_capital(hit.start) {
        finder.claim(range, LABELS.iban);
        return Some(end);
    }
    None
}
