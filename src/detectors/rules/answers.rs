//! Words that answer a question, and passwords after the words that announce them.

use super::finder::Finder;
use super::labels::LABELS;
use super::lexicon::Meaning;
use super::scene::{bare, words};
use crate::taxonomy::Label;
use std::ops::Range;

/// How many words an answer of this label has at most; `None` where it is no matter of words.
fn longest(label: Label) -> Option<usize> {
    let l = &*LABELS;
    let of = |labels: &[Label]| labels.contains(&label);
    if of(&[
        l.person_name,
        l.beneficiary,
        l.cardholder_name,
        l.place_of_birth,
    ]) {
        Some(4)
    } else if of(&[l.merchant, l.employer, l.occupation, l.organization]) {
        Some(5)
    } else if label == l.security_answer {
        Some(6)
    } else {
        None
    }
}

/// Finds passwords, seed phrases, and answers in words.
pub fn find(finder: &mut Finder<'_>) {
    let passwords: Vec<usize> = finder
        .hits
        .iter()
        .filter(|hit| hit.meaning == Meaning::Topic(LABELS.password))
        .map(|hit| hit.range.end)
        .collect();
    if finder.scene.by_customer() {
        for end in passwords {
            if let Some(range) = secret_after(finder, end) {
                finder.claim(range, LABELS.password);
            }
        }
    }
    if !finder.scene.by_customer() || finder.scene.asked.is_empty() {
        return;
    }
    let Some(bare) = bare(finder.folded, finder.lexicon) else {
        return;
    };
    let text = finder.folded.bytes();
    let words = words(&text[bare.clone()]);
    let refused = words.iter().any(|word| {
        finder.lexicon.refusal.contains(
            finder
                .folded
                .str(word.start + bare.start..word.end + bare.start),
        )
    });
    if refused || text.contains(&b'?') || !finder.free(&bare) {
        return;
    }
    let has_digits = text[bare.clone()].iter().any(u8::is_ascii_digit);
    let answers = |label: Label| {
        let l = &*LABELS;
        let count = words.len();
        if label == l.password {
            let range = token_at(finder, bare.start);
            count <= 2 && range.end >= bare.end && is_secretive(finder, &range)
        } else if label == l.seed_phrase {
            (12..=24).contains(&count)
        } else if label == l.postal_address {
            (3..=14).contains(&count) && text[bare.start].is_ascii_digit()
        } else {
            longest(label).is_some_and(|limit| count <= limit)
                && (!has_digits || label == l.security_answer)
        }
    };
    if let Some(label) = finder
        .scene
        .asked
        .iter()
        .copied()
        .find(|&label| answers(label))
    {
        // A password may end in a sign that no word has.
        let whole = token_at(finder, bare.start);
        let range = if label == LABELS.password {
            whole
        } else {
            bare
        };
        finder.claim(range, label);
    }
}

/// The word that is announced as a password right before a place: "mot de passe : Tisserand3!42".
fn secret_after(finder: &Finder<'_>, at: usize) -> Option<Range<usize>> {
    let text = finder.bytes();
    let mut at = at;
    // Small words between, such as "est" or "is", and a colon.
    for _ in 0..4 {
        while text.get(at).is_some_and(|byte| b" :=\"'".contains(byte)) {
            at += 1;
        }
        if at >= text.len() {
            return None;
        }
        let range = token_at(finder, at);
        let word = finder.folded.str(range.clone());
        if is_secretive(finder, &range) {
            return Some(range);
        }
        if !finder.lexicon.filler.contains(word) {
            return None;
        }
        at = range.end;
    }
    None
}

/// The run of characters without white space at a place, without the punctuation of the sentence.
fn token_at(finder: &Finder<'_>, at: usize) -> Range<usize> {
    let text = finder.bytes();
    let end = (at..text.len())
        .find(|&place| text[place].is_ascii_whitespace())
        .unwrap_or(text.len());
    let kept = text[at..end]
        .iter()
        .rposition(|byte| !b",;.\"".contains(byte));
    at..at + kept.map_or(0, |last| last + 1)
}

/// Does it look chosen as a password: digits or signs among letters, or capitals inside?
fn is_secretive(finder: &Finder<'_>, range: &Range<usize>) -> bool {
    let text = &finder.bytes()[range.clone()];
    let letters = text
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .count();
    let inner_capital = range.clone().skip(1).any(|at| finder.is_capital(at));
    let marks = text
        .iter()
        .filter(|byte| byte.is_ascii_digit() || b"!@#$%&*_+?".contains(byte))
        .count();
    text.len() >= 6 && letters > 0 && (marks > 0 || inner_capital)
}
