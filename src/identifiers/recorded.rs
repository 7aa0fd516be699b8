//! Verdicts of other people's validators against ours. `tests/fixtures/identifiers/record.py` records
//! them; it names the validators and says how to run it.

use super::tests::{MADE, label, made};
use super::*;
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Case {
    label: Label,
    value: String,
    /// Has a maker made it?
    made: bool,
    /// What its maker says of strict validators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    strict_valid: Option<bool>,
    /// Does the referee of the label's rule accept it?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<bool>,
    /// Does a referee that knows the assigned ranges accept it?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted_strictly: Option<bool>,
}

#[derive(Deserialize)]
struct Record {
    cases: Vec<Case>,
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
    assert!(count > 100, "{count}");
}

/// Prints what `record.py` reads: 40 made values of every label that has a rule, and slips of them.
#[test]
#[ignore = "prints values for tests/fixtures/identifiers/record.py"]
fn print_values_to_be_judged() {
    let mut stream = Stream::at(17, Domain::new("recorded"), 0);
    for id in MADE {
        let label = label(id);
        if label.info().rule.is_none() {
            continue;
        }
        for made in made(id, 40) {
            let slip = mistype(label, &made.value, &mut stream);
            for (value, strict_valid) in [(made.value, Some(made.strict_valid)), (slip, None)] {
                let case = Case {
                    label,
                    value,
                    made: strict_valid.is_some(),
                    strict_valid,
                    accepted: None,
                    accepted_strictly: None,
                };
                println!("CASE {}", serde_json::to_string(&case).unwrap());
            }
        }
    }
}
