//! Verdicts of other people's validators against ours. `tests/fixtures/identifiers/record.py` records
//! them; it names the validators and says how to run it.

use super::tests::{MADE, label, made};
use super::*;
use crate::seed::Stream;
use regex::Regex;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Case {
    label: Label,
    value: String,
    /// One of its surfaces, printed and not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The form of that surface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    form: Option<Form>,
    /// Has a maker made it?
    made: bool,
    /// What its maker says of strict validators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    strict_valid: Option<bool>,
    /// Does the referee of the label's rule accept it?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<bool>,
    /// Does python-stdnum accept it, taken alone?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stdnum: Option<bool>,
    /// Does a referee that knows the assigned ranges accept it?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted_strictly: Option<bool>,
}

#[derive(Deserialize)]
struct Record {
    cases: Vec<Case>,
}

/// Where our verdict differs from python-stdnum, on purpose.
#[derive(Deserialize)]
struct Exception {
    label: Label,
    side: String,
    ours: bool,
    stdnum: bool,
    value: String,
}

#[derive(Deserialize)]
struct Exceptions {
    exceptions: Vec<Exception>,
}

fn record() -> Vec<Case> {
    let text = include_str!("../../tests/fixtures/identifiers/recorded.json");
    serde_json::from_str::<Record>(text).unwrap().cases
}

#[test]
fn our_verdicts_are_those_of_other_validators() {
    let cases = record();
    let judged = cases.iter().filter_map(|case| Some((case, case.accepted?)));
    let mut count = 0;
    for (case, accepted) in judged {
        assert_eq!(
            check(case.label, &case.value),
            Some(accepted),
            "{} {}",
            case.label,
            case.value
        );
        count += 1;
    }
    assert!(count > 1_000, "{count}");
}

#[test]
fn made_values_are_accepted_and_near_misses_are_recorded_for_every_label() {
    let cases = record();
    let labels: std::collections::BTreeSet<Label> = cases
        .iter()
        .filter(|c| c.accepted.is_some())
        .map(|c| c.label)
        .collect();
    for label in labels {
        let of = |verdict| {
            cases
                .iter()
                .filter(move |c| c.label == label && c.accepted == Some(verdict))
                .count()
        };
        assert!(
            of(true) >= 10 && of(false) >= 10,
            "{label}: {} {}",
            of(true),
            of(false)
        );
    }
    assert!(
        cases
            .iter()
            .all(|case| !case.made || case.accepted != Some(false))
    );
}

#[test]
fn strict_validators_accept_exactly_the_values_that_say_so() {
    let cases = record();
    let mut count = 0;
    for case in &cases {
        if let (Some(ours), Some(theirs)) = (case.strict_valid, case.accepted_strictly) {
            assert_eq!(ours, theirs, "{} {}", case.label, case.value);
            count += 1;
        }
    }
    assert!(count >= 40, "{count}");
}

#[test]
fn python_stdnum_says_the_same_but_for_the_exceptions_that_are_named() {
    let text = include_str!("../../tests/fixtures/identifiers/exceptions.json");
    let named = serde_json::from_str::<Exceptions>(text).unwrap().exceptions;
    let patterns: Vec<Regex> = named
        .iter()
        .map(|e| Regex::new(&e.value).unwrap())
        .collect();
    let mut met = vec![0; named.len()];
    let (mut judged, mut labels) = (0, std::collections::BTreeSet::new());
    for case in record() {
        let Some(stdnum) = case.stdnum else { continue };
        let valid = check(case.label, &case.value).expect("a label that stdnum knows has a rule");
        for (side, ours) in [("valid", Some(valid)), ("strict_valid", case.strict_valid)] {
            let Some(ours) = ours else { continue };
            judged += 1;
            labels.insert(case.label);
            if ours == stdnum {
                continue;
            }
            let row = named.iter().zip(&patterns).position(|(e, pattern)| {
                (e.label, e.side.as_str(), e.ours, e.stdnum) == (case.label, side, ours, stdnum)
                    && pattern.is_match(&case.value)
            });
            let row = row.unwrap_or_else(|| {
                panic!(
                    "{} {side} {}: {ours}, stdnum {stdnum}",
                    case.label, case.value
                )
            });
            met[row] += 1;
        }
    }
    assert!(
        judged > 2_500 && labels.len() >= 25,
        "{judged} {}",
        labels.len()
    );
    for (exception, met) in named.iter().zip(met) {
        assert!(met > 0, "{} {}: never met", exception.label, exception.side);
    }
}

/// Prints what `record.py` and `.ci/check_identifiers.py` read: 40 made values of every label that has a rule (400 cards, so that a
/// slip of theirs passes Luhn at a wrong length), and slips of them.
#[test]
#[ignore = "prints values for record.py and check_identifiers.py"]
fn print_values_to_be_judged() {
    let mut stream = Stream::at(17, Domain::new("recorded"), 0);
    for id in MADE {
        let label = label(id);
        if label.info().rule.is_none() {
            continue;
        }
        let count = if id == "PAN" { 400 } else { 40 };
        for (k, made) in made(id, count).into_iter().enumerate() {
            let slip = mistype(label, &made.value, &mut stream);
            for (value, strict_valid) in [(made.value, Some(made.strict_valid)), (slip, None)] {
                let (form, _) = forms(label)[k % forms(label).len()];
                let mut text = String::new();
                let written = write(label, &value, form, &mut text);
                let case = Case {
                    label,
                    value,
                    text: written.then_some(text),
                    form: written.then_some(form),
                    made: strict_valid.is_some(),
                    strict_valid,
                    accepted: None,
                    stdnum: None,
                    accepted_strictly: None,
                };
                println!("CASE {}", serde_json::to_string(&case).unwrap());
            }
        }
    }
}
