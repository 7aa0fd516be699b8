//! Tiers and ranges of values; decoys.

use super::{Desk, plain};
use crate::conversation::Safety;
use crate::corpus::audit::checks::{Check, Findings, Place, Violation};
use crate::corpus::audit::data;
use crate::corpus::audit::record::Conversation;
use crate::corpus::audit::sample::{Smallest, hash};
use std::collections::BTreeSet;

/// Decoys overlap no gold.
pub fn decoys(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    for unit in &c.units {
        for decoy in &unit.decoys {
            let Ok(range) = &decoy.range else { continue };
            let over = unit.spans.iter().find(|span| {
                let gold = span.range.as_ref();
                gold.is_ok_and(|gold| gold.start < range.end && range.start < gold.end)
            });
            let wrong = over.map(|span| {
                let what = format!(
                    "the decoy {} overlaps a span of {}",
                    decoy.record.is, span.record.label
                );
                (what, unit.text[range.clone()].to_owned())
            });
            desk.judge(Check::DecoysApart, || c.unit_id(unit), wrong);
        }
    }
}

/// Every span has a tier, and its value lies in a range of it.
pub fn tiers(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    let mut cards = BTreeSet::new();
    for (unit, span) in c.spans() {
        let tier = span.record.safety.as_deref();
        let wrong = match tier {
            None => Some(plain(format!(
                "a span of {} without `safety`",
                span.record.label
            ))),
            Some(name) if Safety::named(name).is_none() => Some(plain(format!("no tier `{name}`"))),
            _ => None,
        };
        desk.judge(Check::SafetyGiven, || c.unit_id(unit), wrong);
        let (Some(label), Some(fact)) = (span.label, c.fact_of(span)) else {
            continue;
        };
        let Some(ranges) = data::ranges_of(label) else {
            continue;
        };
        let Some(tier) = tier.and_then(Safety::named) else {
            continue;
        };
        if tier == Safety::Lifelike {
            desk.findings.cannot(
                Check::SafetyRanges,
                "lifelike values are of no declared range",
            );
            continue;
        }
        let strongest = ranges
            .iter()
            .find(|range| range.pattern.is_match(&fact.value));
        let wrong = match strongest {
            None => Some(format!(
                "a value of {label} lies in none of the declared ranges"
            )),
            Some(range) if rank(tier) < rank(range.safety) => Some(format!(
                "{label}: claims to be {tier}, its range is {}",
                range.safety
            )),
            Some(_) => None,
        };
        let wrong = wrong.map(|what| (what, fact.value.clone()));
        desk.judge(Check::SafetyRanges, || c.unit_id(unit), wrong);
        if let (Some(claim), Some(Some(strict))) = (
            span.record.strict_valid,
            strongest.map(|range| range.strict),
        ) {
            let due = strict && span.record.valid != Some(false);
            let wrong = (claim != due).then(|| {
                let what = format!("strict_valid = {claim}; the ranges and `valid` say {due}");
                (what, fact.value.clone())
            });
            desk.judge(Check::Strict, || c.unit_id(unit), wrong);
        } else if span.record.strict_valid == Some(true) {
            let wrong = (span.record.valid == Some(false))
                .then(|| plain("strict_valid = true where valid = false"));
            desk.judge(Check::Strict, || c.unit_id(unit), wrong);
        }
        if label.id() == "PAN" && cards.insert(&fact.value) {
            let holder = c.record.customer.as_deref().unwrap_or("");
            let card = hash(&[holder, &fact.value]);
            desk.cards.offer(card, || data::is_published(&fact.value));
        }
    }
}

/// Of distinct cards of customers, at most 5 % have a published number. A small corpus may exceed it by
/// chance: refused is what lies more than 3.3 standard deviations above (1 in 2,000).
pub fn published(cards: &Smallest<bool>, findings: &mut Findings) {
    let count = cards.len() as u64;
    let published = cards.items().filter(|published| **published).count() as u64;
    if count == 0 {
        return;
    }
    findings.passed(Check::Published, count);
    // (published − n p)² > 3.3² n p (1 − p), in whole numbers: p = 1/20.
    let above = (20 * published).saturating_sub(count);
    if u128::from(above) * u128::from(above) * 100 > 1_089 * 19 * u128::from(count) {
        let row = findings.row_mut(Check::Published);
        row.violated = published;
        row.first.push(Violation {
            place: Place::default(),
            id: String::new(),
            what: format!("{published} of {count} cards have a published test number"),
            values: String::new(),
        });
    }
}

/// How much a tier promises, the most first.
fn rank(tier: Safety) -> u8 {
    match tier {
        Safety::Reserved => 0,
        Safety::Unassigned => 1,
        Safety::PublishedTest => 2,
        Safety::Convention => 3,
        Safety::Lifelike => 4,
    }
}
