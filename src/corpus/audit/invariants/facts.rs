//! Facts: referred to, stated, in normal form, linked; questions and parts.

use super::{Desk, plain};
use crate::corpus::audit::checks::Check;
use crate::corpus::audit::record::Conversation;
use crate::taxonomy::NormalForm;
use std::collections::{BTreeMap, BTreeSet};

/// The list of facts.
pub fn facts(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    let facts = c.facts();
    let mut stated = vec![false; facts.len()];
    for (_, span) in c.spans() {
        if let Some(fact) = span.fact {
            stated[fact] = true;
        }
    }
    let mut ids = BTreeSet::new();
    let mut values = BTreeSet::new();
    for (index, fact) in facts.iter().enumerate() {
        let wrong = if !ids.insert(&fact.id) {
            Some(plain(format!("{} is listed twice", fact.id)))
        } else if !values.insert((&fact.label, &fact.value, &fact.owner)) {
            let what = format!("{} says what another fact says", fact.id);
            Some((what, fact.value.clone()))
        } else if !stated[index] {
            let what = format!("no span states {} ({})", fact.id, fact.label);
            Some((what, fact.value.clone()))
        } else {
            None
        };
        desk.judge(Check::FactStated, || c.id().to_owned(), wrong);
        let Some(label) = c.fact_labels[index] else {
            let wrong = Some(plain(format!("no label `{}` in the taxonomy", fact.label)));
            desk.judge(Check::NormalForm, || c.id().to_owned(), wrong);
            continue;
        };
        let sound = is_normal(label.info().normal, &fact.value);
        let wrong = (!sound).then(|| {
            let what = format!("{} ({}) is not in normal form", fact.id, fact.label);
            (what, fact.value.clone())
        });
        desk.judge(Check::NormalForm, || c.id().to_owned(), wrong);
        links(desk, c, index);
    }
}

fn links(desk: &mut Desk<'_>, c: &Conversation<'_>, index: usize) {
    let fact = &c.facts()[index];
    for link in &fact.links {
        let wrong = match c.facts().iter().find(|other| other.id == *link) {
            None => Some(plain(format!(
                "{} links to {link}, which is not there",
                fact.id
            ))),
            Some(other) if !other.links.contains(&fact.id) => {
                Some(plain(format!("{link} does not link back to {}", fact.id)))
            }
            Some(other) => {
                let ends = other.value.ends_with(&fact.value) || fact.value.ends_with(&other.value);
                (!ends).then(|| {
                    let what = format!("neither of {} and {link} is the end of the other", fact.id);
                    (what, format!("{}, {}", fact.value, other.value))
                })
            }
        };
        desk.judge(Check::Links, || c.id().to_owned(), wrong);
    }
}

/// Is a value in the normal form that its label declares?
fn is_normal(form: NormalForm, value: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let upper = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
    match form {
        // A French national number of somebody born in Corsica has a letter.
        NormalForm::Digits => digits(&value.replacen(['A', 'B'], "0", 1)),
        NormalForm::Alphanumeric => !value.is_empty() && value.bytes().all(upper),
        NormalForm::E164 => value
            .strip_prefix('+')
            .is_some_and(|rest| digits(rest) && rest.len() <= 15),
        NormalForm::Money => value.split_once(' ').is_some_and(|(minor, currency)| {
            digits(minor.strip_prefix('-').unwrap_or(minor))
                && currency.len() == 3
                && currency.bytes().all(|b| b.is_ascii_uppercase())
        }),
        NormalForm::IsoDate => {
            let day = value.split('T').next().unwrap_or(value);
            day.parse::<crate::calendar::Date>().is_ok()
        }
        NormalForm::IsoMonth => {
            value.len() == 7
                && format!("{value}-01")
                    .parse::<crate::calendar::Date>()
                    .is_ok()
        }
        NormalForm::Text => !value.trim().is_empty() && value.trim() == value,
    }
}

/// What spans say about facts, questions and parts.
pub fn mentions(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    if c.record.facts.is_none() {
        desk.findings
            .cannot(Check::FactOfSpan, "records without facts");
    }
    let mut parts: BTreeMap<(usize, i64), Vec<(i64, String)>> = BTreeMap::new();
    for (unit, span) in c.spans() {
        if c.record.facts.is_some() {
            let wrong = match (&span.record.fact, c.fact_of(span)) {
                (None, _) => Some(plain(format!(
                    "a span of {} states no fact",
                    span.record.label
                ))),
                (Some(id), None) => Some(plain(format!("states {id}, which is not there"))),
                (_, Some(fact)) if fact.label != span.record.label => Some(plain(format!(
                    "a span of {} states {}, which is {}",
                    span.record.label, fact.id, fact.label
                ))),
                _ if span.label.is_none() => Some(plain(format!(
                    "no label `{}` in the taxonomy",
                    span.record.label
                ))),
                _ => None,
            };
            desk.judge(Check::FactOfSpan, || c.unit_id(unit), wrong);
        }
        if let Some(turn) = span.record.asked {
            let asking = usize::try_from(turn)
                .ok()
                .filter(|&turn| turn < unit.message);
            let wrong = match asking.map(|turn| c.record.messages[turn].speaker.as_deref()) {
                None => Some(plain(format!(
                    "asked in turn {turn}, which does not come before"
                ))),
                Some(Some("customer")) => {
                    Some(plain(format!("asked in turn {turn}, by the customer")))
                }
                _ => None,
            };
            desk.judge(Check::Asked, || c.unit_id(unit), wrong);
        }
        if let (Some(part), Some(fact), "") = (span.record.part, span.fact, unit.pointer) {
            let bare: String = span
                .surface
                .chars()
                .filter(|c| c.is_alphanumeric())
                .collect();
            parts
                .entry((fact, part.n))
                .or_default()
                .push((part.k, bare.to_uppercase()));
        }
    }
    for ((fact, n), given) in parts {
        let fact = &c.facts()[fact];
        // A value can be given more than once, each time in all its parts.
        for series in given.chunks(usize::try_from(n).unwrap_or(0).max(1)) {
            let numbers: Vec<i64> = series.iter().map(|(k, _)| *k).collect();
            let whole: String = series.iter().map(|(_, text)| text.as_str()).collect();
            let wrong = if !numbers.iter().copied().eq(1..=n) {
                Some(plain(format!("parts {numbers:?} of {n} of {}", fact.id)))
            } else if whole != fact.value.trim_start_matches('+') {
                let what = format!("the parts of {} give another value", fact.id);
                Some((what, format!("`{whole}`, {}", fact.value)))
            } else {
                None
            };
            desk.judge(Check::Parts, || c.id().to_owned(), wrong);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_forms_are_told_from_others() {
        use NormalForm::*;
        for (form, good, bad) in [
            (Digits, "4242", "4242 4242"),
            (Digits, "1850720915000", "18507AA15000"),
            (Alphanumeric, "FR7699", "fr76"),
            (E164, "+33639980000", "0639980000"),
            (Money, "-4790 EUR", "47.90 EUR"),
            (IsoDate, "2026-03-14T19:42", "14/03/2026"),
            (IsoMonth, "2029-09", "09/29"),
            (Text, "Louis Grimaud", " Louis"),
        ] {
            assert!(is_normal(form, good), "{good}");
            assert!(!is_normal(form, bad), "{bad}");
        }
    }
}
