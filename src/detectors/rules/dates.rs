//! Dates: of birth, of an operation, of an appointment.

use super::finder::{Cue, Finder};
use super::labels::LABELS;
use super::lexicon::Meaning;
use super::money::is_money;
use super::pattern;
use crate::conversation::Speaker;
use crate::taxonomy::Label;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

const HOUR: &str = r"(?:,? (?:a |at |vers )?(?:[01]?[0-9]|2[0-3])(?: ?h ?(?:[0-5][0-9])?|:[0-5][0-9](?: ?[ap]m)?| ?[ap]m)\b)";

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(?:(?:[0-2]?[0-9]|3[01])[/.](?:[0-2]?[0-9]|3[01])(?:[/.](?:(?:19|20)[0-9]{{2}}|[0-9]{{2}}))?|(?:[0-2]?[0-9]|3[01])[ -](?:0?[1-9]|1[0-2])[ -](?:19|20)[0-9]{{2}}|(?:19|20)[0-9]{{2}}-[01][0-9]-[0-3][0-9])\b{HOUR}?"
    ))
});
static EIGHT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[0-3][0-9][01][0-9](?:19|20)[0-9]{2}\b"));

/// The pattern of dates with the month in words, of one language.
pub fn worded(months: &[Vec<String>]) -> Regex {
    let names: Vec<&str> = months.iter().flatten().map(String::as_str).collect();
    let month = format!("(?:{})\\.?", names.join("|"));
    let day = r"(?:1er|(?:[0-2]?[0-9]|3[01])(?:st|nd|rd|th)?)";
    let year = r"(?:,? (?:19|20)?[0-9]{2}\b)";
    pattern(&format!(
        r"\b{day} (?:of )?{month}(?:{year})?{HOUR}?|\b{month} {day}\b(?:,? (?:19|20)[0-9]{{2}}\b)?{HOUR}?"
    ))
}

fn is_date(label: Label) -> bool {
    let l = &*LABELS;
    [l.date_of_birth, l.transaction_date, l.date_time].contains(&label)
}

/// Finds them. Needs to know what amounts there are.
pub fn find(finder: &mut Finder<'_>, worded: &Regex) {
    let text = finder.folded.bytes();
    if !finder.clusters.is_empty() {
        let candidates: Vec<Range<usize>> = NUMERIC
            .find_iter(text)
            .map(|hit| hit.range())
            .chain(worded.find_iter(text).map(|hit| hit.range()))
            .collect();
        for range in candidates {
            judge(finder, range);
        }
        if finder.scene.asks(LABELS.date_of_birth) {
            for hit in EIGHT.find_iter(text) {
                finder.claim(hit.range(), LABELS.date_of_birth);
            }
        }
    }
    let speaks_of_operation = finder.says(Meaning::Operation);
    let days: Vec<Range<usize>> = finder
        .hits
        .iter()
        .filter(|hit| hit.meaning == Meaning::RelativeDay)
        .map(|hit| hit.range.clone())
        .collect();
    for range in days {
        if finder.scene.asks(LABELS.date_time) {
            finder.claim(range, LABELS.date_time);
        } else if speaks_of_operation && finder.scene.speaker != Speaker::Bot {
            finder.claim(range, LABELS.transaction_date);
        }
    }
}

fn judge(finder: &mut Finder<'_>, range: Range<usize>) {
    if !finder.free(&range) {
        return;
    }
    let said = finder.cue(&range, |label| {
        is_date(label) || label == LABELS.card_expiry
    });
    let asked = finder
        .scene
        .asked
        .iter()
        .copied()
        .find(|&label| is_date(label));
    let operation = finder.says_near(Meaning::Operation, range.start)
        || finder
            .claims
            .iter()
            .any(|(_, label)| label.is_some_and(is_money));
    let label = match (said, asked) {
        (Cue::Decoy, _) => None,
        (Cue::Is(label), _) => Some(label),
        (Cue::Silent, Some(label)) => Some(label),
        (Cue::Silent, None) => operation.then_some(LABELS.transaction_date),
    };
    match label {
        Some(label) => {
            finder.claim(range, label);
        }
        None => finder.rule_out(range),
    }
}
