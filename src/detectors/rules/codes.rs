//! Codes without a form of their own: only words, beside them or in the question, say what they are.

use super::finder::{Cluster, Cue, Finder};
use super::labels::LABELS;
use super::money::is_money;
use super::pattern;
use super::scene::bare;
use crate::taxonomy::Label;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Letters and digits in one word, with dashes inside: `LIT-2031-00042`.
static MIXED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[a-z0-9]+(?:[-_/][a-z0-9]+)*\b"));

/// A message that is nothing but one number: the question decides before any pattern does.
pub fn find_bare(finder: &mut Finder<'_>) {
    if !finder.scene.by_customer() || finder.scene.asked.is_empty() {
        return;
    }
    let Some(bare) = bare(finder.folded, finder.lexicon) else {
        return;
    };
    let [cluster] = finder.clusters.as_slice() else {
        return;
    };
    if cluster.range() != bare || !finder.free(&bare) {
        return;
    }
    let digits = finder.digits(&bare).len();
    let asked = finder.scene.asked.clone();
    let fitting = asked
        .iter()
        .copied()
        .find(|&label| finder.shapes.fits(label, digits, true));
    if let Some(label) = fitting {
        finder.claim(bare, label);
        return;
    }
    // A long number given piece by piece keeps the name under which it was asked for.
    let piecewise = |&label: &Label| [LABELS.pan, LABELS.iban, LABELS.fr_rib].contains(&label);
    if let Some(label) = asked
        .iter()
        .copied()
        .find(piecewise)
        .filter(|_| digits >= 4)
    {
        finder.claim(bare, label);
    } else if let Some(label) = asked.iter().copied().find(|&label| is_money(label)) {
        finder.claim(bare, label);
    }
}

/// Codes that words beside them name, then codes that answer the question.
pub fn find(finder: &mut Finder<'_>) {
    let text = finder.folded.bytes();
    let mixed: Vec<Range<usize>> = MIXED
        .find_iter(text)
        .map(|hit| hit.range())
        .filter(|range| {
            let word = &text[range.clone()];
            word.iter().any(u8::is_ascii_digit) && word.iter().any(u8::is_ascii_alphabetic)
        })
        .collect();
    for range in &mixed {
        let length = text[range.clone()]
            .iter()
            .filter(|b| b.is_ascii_alphanumeric())
            .count();
        if let Cue::Is(label) = finder.cue(range, |label| finder.shapes.fits(label, length, false))
        {
            finder.claim(range.clone(), label);
        }
    }
    for cluster in finder.clusters.clone() {
        named(finder, &cluster);
    }
    if finder.scene.by_customer() {
        answered(finder, &mixed);
    }
}

fn named(finder: &mut Finder<'_>, cluster: &Cluster) {
    let whole = cluster.range();
    let touches_letter = |range: &Range<usize>| !finder.whole(range);
    // Whole first: "482 913" is one code. Then group by group: "0042 09/29".
    let mut candidates = vec![whole];
    if cluster.groups.len() > 1 {
        candidates.extend(cluster.groups.iter().cloned());
    }
    for range in candidates {
        let digits = finder.digits(&range).len();
        if touches_letter(&range) || !finder.free(&range) || digits < 2 {
            continue;
        }
        match finder.cue(&range, |label| finder.shapes.fits(label, digits, true)) {
            Cue::Is(label) => {
                finder.claims.push((range, Some(label)));
                return;
            }
            Cue::Decoy => {
                finder.claims.push((range, None));
                return;
            }
            Cue::Silent => {}
        }
    }
}

fn answered(finder: &mut Finder<'_>, mixed: &[Range<usize>]) {
    let text = finder.folded.bytes();
    for label in finder.scene.asked.clone() {
        if finder.has(label) {
            continue;
        }
        let numbers = finder.clusters.iter().flat_map(|cluster| {
            let groups = if cluster.groups.len() > 1 {
                cluster.groups.clone()
            } else {
                Vec::new()
            };
            std::iter::once(cluster.range()).chain(groups)
        });
        let fits = |range: &Range<usize>| {
            let word = &text[range.clone()];
            let length = word
                .iter()
                .filter(|byte| byte.is_ascii_alphanumeric())
                .count();
            let letters = word.iter().any(u8::is_ascii_alphabetic);
            finder.shapes.fits(label, length, !letters)
                && finder.free(range)
                && finder.whole(range)
                && finder.cue(range, |_| false) == Cue::Silent
        };
        // A word with digits in it is longer than the digits alone: it is looked at first.
        let found = mixed.iter().cloned().chain(numbers).find(fits);
        if let Some(range) = found {
            finder.claim(range, label);
        }
    }
}
