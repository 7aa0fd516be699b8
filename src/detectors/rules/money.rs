//! Amounts: a person's own, not the bank's tariffs.

use super::finder::{Cue, Finder};
use super::labels::LABELS;
use super::lexicon::Meaning;
use super::pattern;
use crate::conversation::Speaker;
use crate::taxonomy::Label;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// `\x01` is the euro sign, `\x02` the pound sign ([`super::fold`]).
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"(?:[0-9]{1,3}(?:[ .,'][0-9]{3})+(?:[.,][0-9]{1,2})?|[0-9]+(?:[.,][0-9]{1,2})?)";
    let before = format!(r"[$\x01\x02] ?{number}k?");
    let unit = r"(?:\x01|\x02|\$|eur\b|euros?\b|e\b|dollars?\b|usd\b|gbp\b|pounds?\b|bucks?\b|quid\b|balles?\b)";
    let behind = format!(r"{number}(?: ?k)? ?{unit}(?:[0-9]{{2}}\b)?");
    pattern(&format!("{before}|{behind}"))
});

/// The labels whose values are amounts.
pub fn is_money(label: Label) -> bool {
    let l = &*LABELS;
    [
        l.balance,
        l.transaction_amount,
        l.income,
        l.debt_amount,
        l.credit_limit,
        l.savings,
        l.loan,
    ]
    .contains(&label)
}

/// Finds them.
pub fn find(finder: &mut Finder<'_>) {
    if finder.clusters.is_empty() {
        return;
    }
    let text = finder.folded.bytes();
    for hit in AMOUNT.find_iter(text) {
        let range = hit.range();
        let cut = range.start > 0 && text[range.start].is_ascii_digit() && {
            let before = text[range.start - 1];
            before.is_ascii_digit()
                || b".,".contains(&before)
                    && range.start > 1
                    && text[range.start - 2].is_ascii_digit()
        };
        if cut || !finder.free(&range) {
            continue;
        }
        match owner(finder, &range) {
            Some(label) => {
                finder.claim(range, label);
            }
            None => finder.rule_out(range),
        }
    }
}

fn owner(finder: &Finder<'_>, range: &std::ops::Range<usize>) -> Option<Label> {
    let said = finder.cue(range, is_money);
    let operation = finder.says_near(Meaning::Operation, range.start);
    match (said, finder.scene.speaker) {
        (Cue::Decoy, _) => None,
        (Cue::Is(label), Speaker::Customer | Speaker::Notification) => Some(label),
        // The bank speaks of everybody's conditions and of this customer's: the words tell which.
        (Cue::Is(label), _) => {
            let own = operation || finder.says_near(Meaning::Possessive, range.start);
            own.then_some(label)
        }
        (Cue::Silent, Speaker::Customer) => Some(
            finder
                .scene
                .asked
                .iter()
                .copied()
                .find(|&l| is_money(l))
                .unwrap_or(LABELS.transaction_amount),
        ),
        (Cue::Silent, Speaker::Notification) => Some(LABELS.transaction_amount),
        (Cue::Silent, _) => operation.then_some(LABELS.transaction_amount),
    }
}
