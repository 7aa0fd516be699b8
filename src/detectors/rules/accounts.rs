//! Numbers of accounts and banks: IBAN, RIB, BIC, sort code, routing number.

use super::finder::{Cue, Finder};
use super::fold::is_word;
use super::labels::LABELS;
use super::pattern;
use crate::identifiers;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static IBAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{2} ?[0-9]{2}(?:[ .\n-]{0,2}[a-z0-9]){10,40}"));
static PARTIAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{2}[0-9]{2}[ .]?(?:[*x.]{2,}[ .]?){1,8}[0-9a-z]{2,5}\b"));
static RIB: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[0-9]{5}[ -]?[0-9]{5}[ -]?[0-9a-z]{11}[ -]?[0-9]{2}\b"));
static BIC: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{4} ?[a-z]{2} ?[a-z0-9]{2}(?: ?[a-z0-9]{3})?\b"));
static SORT_CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[0-9]{2}-[0-9]{2}-[0-9]{2}\b"));
static CREDITOR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[a-z]{2}[0-9]{2}[a-z]{3}[0-9]{6,11}\b"));

/// References that a creditor gives to a payment: ISO 11649, and the Belgian structured communication.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\brf[0-9]{2}(?: ?[a-z0-9]{4}){0,5} ?[a-z0-9]{1,4}\b|\+{3} ?[0-9]{3}/[0-9]{4}/[0-9]{5} ?\+{3}",
    )
});

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
        let right = identifiers::iban::check_rib(&finder.alphanumeric(&hit.range()));
        let said = finder.cue(&hit.range(), |label| label == LABELS.fr_rib);
        if said != Cue::Decoy && (right || said != Cue::Silent) {
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
        let capitals = hit
            .range()
            .all(|at| !text[at].is_ascii_alphabetic() || finder.is_capital(at));
        // Without capitals every word of eight letters has the form of a BIC.
        let marked = capitals || text[hit.range()].iter().any(u8::is_ascii_digit);
        let right = identifiers::check(LABELS.bic, &finder.alphanumeric(&hit.range()));
        if marked && right != Some(false) && beside && (said || asked) {
            finder.claim(hit.range(), LABELS.bic);
        }
    }
    for hit in REFERENCE.find_iter(text) {
        let written = finder.alphanumeric(&hit.range());
        let belgian = hit.as_bytes()[0] == b'+';
        if belgian || identifiers::check(LABELS.creditor_reference, &written) == Some(true) {
            finder.claim(hit.range(), LABELS.creditor_reference);
        }
    }
    for cluster in finder.clusters.clone() {
        let routed = |finder: &Finder<'_>, range: &Range<usize>| {
            let label = LABELS.us_aba_routing;
            finder.cue(range, |l| l == label) == Cue::Is(label) || finder.scene.asks(label)
        };
        if let Some(range) = finder.window(&cluster, 9..=9, identifiers::us_bank::check_routing)
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
    let right = valid_prefix(&text[hit.clone()]).map(|length| hit.start..hit.start + length);
    let range = right
        .clone()
        .unwrap_or_else(|| hit.start..as_written(text, hit));
    let characters = finder.alphanumeric(&range);
    let digits = finder.digits(&range).len();
    let cut = text.get(range.end).is_some_and(|&byte| is_word(byte));
    if cut || digits < 8 {
        return None;
    }
    let end = range.end;
    let said = finder.cue(&range, |label| label == LABELS.iban);
    // A mistyped IBAN still discloses one, where it is called one or cannot be anything else.
    let meant = said == Cue::Is(LABELS.iban) || finder.scene.asks(LABELS.iban);
    let looks = digits * 2 > characters.len() && finder.is_capital(hit.start);
    let long = (14..=34).contains(&characters.len());
    if said == Cue::Decoy {
        finder.rule_out(range);
    } else if right.is_some() || long && (meant || looks) {
        finder.claim(range, LABELS.iban);
    } else {
        return None;
    }
    Some(end)
}

/// How many bytes of a text are a right IBAN; a match of the pattern runs on, an IBAN does not.
pub(in crate::detectors) fn valid_prefix(text: &[u8]) -> Option<usize> {
    let mut characters = String::with_capacity(34);
    for (at, byte) in text.iter().enumerate() {
        if !byte.is_ascii_alphanumeric() {
            continue;
        }
        characters.push(char::from(byte.to_ascii_uppercase()));
        let ends = text
            .get(at + 1)
            .is_none_or(|next| !next.is_ascii_alphanumeric());
        match characters.len() {
            35.. => return None,
            15.. if ends && identifiers::iban::check(&characters) => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Where a wrong IBAN ends: before the first group behind the bank's letters that has no digit.
fn as_written(text: &[u8], hit: &Range<usize>) -> usize {
    let mut end = hit.start;
    let mut start = hit.start;
    let mut characters = 0;
    for group in text[hit.clone()].split(|byte| !byte.is_ascii_alphanumeric()) {
        let has_digit = group.iter().any(u8::is_ascii_digit);
        let is_word = !group.is_empty() && !has_digit && characters > 4;
        if is_word || characters + group.len() > 34 {
            break;
        }
        characters += group.len();
        if !group.is_empty() {
            end = start + group.len();
        }
        start += group.len() + 1;
    }
    end
}
