//! What claims to be valid, and what does not.

use super::surface::{self, Reading, reading};
use super::{Desk, Wrong, plain};
use crate::corpus::audit::checks::Check;
use crate::corpus::audit::record::{Conversation, FactRecord, Span};
use crate::identifiers::{self, iban};
use crate::taxonomy::Label;

/// Surfaces that show less than the value, for which a rule says nothing.
const PARTIAL: [&str; 3] = ["last4", "masked", "fragment"];

/// `valid`, national check digits.
pub fn rules(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    for (unit, span) in c.spans() {
        let (Some(label), Some(fact)) = (span.label, c.fact_of(span)) else {
            continue;
        };
        let form = span.record.form.as_deref().unwrap_or("plain");
        let has_rule = label.info().rule.is_some();
        match span.record.valid {
            None if has_rule && !PARTIAL.contains(&form) => {
                desk.findings.cannot(
                    Check::Valid,
                    "whole values of labels with a rule, without `valid`",
                );
            }
            None => {}
            Some(claim) => {
                let check = if claim { Check::Valid } else { Check::Invalid };
                let read = reading(c, unit, span, label, fact);
                match verdict(label, span, fact, form, read, claim) {
                    Ok(wrong) => desk.judge(check, || c.unit_id(unit), wrong),
                    Err(why) => desk.findings.cannot(check, why),
                }
            }
        }
    }
    for (label, fact) in c.known_facts().filter(|(label, _)| label.id() == "IBAN") {
        match iban::check_national(&fact.value) {
            None => desk.findings.cannot(
                Check::NationalKeys,
                "countries without national check digits",
            ),
            Some(sound) => {
                let wrong = (!sound).then(|| {
                    let what = format!(
                        "the national check digits of {} ({label}) are wrong",
                        fact.id
                    );
                    (what, fact.value.clone())
                });
                desk.judge(Check::NationalKeys, || c.id().to_owned(), wrong);
            }
        }
    }
}

/// Is the claim of a span right? `Err` says why that cannot be told.
fn verdict(
    label: Label,
    span: &Span<'_>,
    fact: &FactRecord,
    form: &str,
    read: Reading,
    claim: bool,
) -> Result<Option<Wrong>, &'static str> {
    if label.info().rule.is_none() {
        return Ok(Some(plain(format!("{label} has no rule to pass or fail"))));
    }
    // Parts, dictated values and dates in words are judged by the value that they give.
    let written = !["part", "spoken"].contains(&form);
    let whole = surface::read(label, span.surface, &fact.value).filter(|_| written);
    let by_value = form == "part" || read == Reading::Same;
    let judged = match whole {
        _ if by_value && claim => fact.value.clone(),
        Some(value) => value,
        None if form == "part" => fact.value.clone(),
        // What cannot be read as such a value does not pass its rule.
        None if !claim && form != "spoken" => return Ok(None),
        None => return Err("dictated or worded values that are not read back"),
    };
    let passes = identifiers::check(label, &judged) == Some(true);
    Ok((passes != claim).then(|| {
        let what = if claim {
            "fails the rule of"
        } else {
            "passes the rule of"
        };
        (
            format!("valid = {claim}, but it {what} {label}"),
            format!("`{}`", span.surface),
        )
    }))
}
