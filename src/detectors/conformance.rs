//! What `tellerbench verify` asks of a detector before anything of it is measured.
//!
//! * A **claim** is one sentence about a detector that holds for every message.
//! * A claim is **not exercised** when the detector found nothing to judge it by: neither passed nor
//!   failed, and shown as such.
//!
//! Invariant: no claim asks whether a detector is good, only whether its answers can be trusted to mean
//! what they say.

use super::feeds::answer_batch;
use super::{DetectError, Detector, Input};
use crate::conversation::Speaker;
use crate::prediction::Predictions;
use crate::timing::clock::Clock;
use serde::Serialize;

/// How a claim came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "why")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// There was nothing to judge it by.
    NotExercised(String),
    /// It does not hold.
    Failed(String),
}

/// A claim and how it came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The claim, as a name: `an_astral_emoji_is_answered`.
    pub claim: &'static str,
    /// How it came out.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// `ok     a claim with spaces`, with the reason where it does not hold.
impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let claim = self.claim.replace('_', " ");
        match &self.outcome {
            Outcome::Passed => write!(f, "ok      {claim}"),
            Outcome::NotExercised(why) => write!(f, "-       {claim}: {why}"),
            Outcome::Failed(why) => write!(f, "FAILED  {claim}: {why}"),
        }
    }
}

/// Do all claims that were exercised hold?
pub fn passes(verdicts: &[Verdict]) -> bool {
    !verdicts
        .iter()
        .any(|verdict| matches!(verdict.outcome, Outcome::Failed(_)))
}

/// Values that some detector or other will find, so that offsets have something to be judged by: none
/// belongs to anybody.
const BAIT: &str =
    "Maëlys, 4242 4242 4242 4242, FR7699998000420123456789068, maelys@example.com, 01 99 00 12 34";

/// Texts that break careless readers.
const HARD: [(&str, &str); 8] = [
    ("empty_text_is_answered", ""),
    (
        "an_astral_emoji_is_answered",
        "\u{1f621}\u{1f4b3} {}\u{1f621}",
    ),
    (
        "a_joined_emoji_is_answered",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} {} \u{1f3f4}\u{e0067}\u{e007f}",
    ),
    (
        "combining_marks_are_answered",
        "Mae\u{308}lys re\u{301}pond : {} e\u{301}",
    ),
    (
        "line_ends_of_two_characters_are_answered",
        "bonjour\r\n{}\r\n\tmerci\r\n",
    ),
    ("a_nul_character_is_answered", "avant\0{}\0apres"),
    (
        "right_to_left_text_is_answered",
        "\u{5d4}\u{5db}\u{5e8}\u{5d8}\u{5d9}\u{5e1} \u{202e}{}\u{202c} \u{627}\u{644}\u{628}\u{637}\u{627}\u{642}\u{629}",
    ),
    (
        "no_break_and_zero_width_spaces_are_answered",
        "\u{feff}4242\u{a0}4242\u{202f}4242\u{2009}4242 {}\u{200b}",
    ),
];

/// What was found in one text: range and label, sorted.
type Found = Vec<(u32, u32, String)>;

struct Bench<'a> {
    detector: &'a mut dyn Detector,
    lang: &'a str,
    clock: &'a dyn Clock,
    asked: u64,
}

impl Bench<'_> {
    /// Has texts answered, each a conversation of its own.
    fn ask(&mut self, texts: &[&str]) -> Result<Vec<Found>, DetectError> {
        let ids: Vec<String> = (0..texts.len() as u64)
            .map(|n| format!("v{}", self.asked + n))
            .collect();
        self.asked += texts.len() as u64;
        let inputs: Vec<Input<'_>> = ids
            .iter()
            .zip(texts)
            .map(|(id, &text)| Input {
                id,
                conversation: id,
                turn: 0,
                last: true,
                speaker: Speaker::Customer,
                lang: self.lang,
                text,
                context: &[],
            })
            .collect();
        let mut found = Predictions::new();
        answer_batch(self.detector, &inputs, &mut found, self.clock)?;
        let labels = &self.detector.describe().labels;
        let of_unit = |predictions: &[crate::prediction::Prediction]| {
            let mut spans: Found = predictions
                .iter()
                .map(|p| (p.range.start, p.range.end, labels.name(p.label).to_owned()))
                .collect();
            spans.sort();
            spans
        };
        Ok(found.units().map(of_unit).collect())
    }

    fn one(&mut self, text: &str) -> Result<Found, DetectError> {
        Ok(self.ask(&[text])?.remove(0))
    }
}

/// Checks every claim, in a language of the detector (`fr-FR`). A claim that fails with an error does
/// not end the others.
pub fn verify(detector: &mut dyn Detector, lang: &str, clock: &dyn Clock) -> Vec<Verdict> {
    let mut bench = Bench {
        detector,
        lang,
        clock,
        asked: 0,
    };
    let mut verdicts = Vec::new();
    let mut record = |claim, outcome: Result<Outcome, DetectError>| {
        let outcome = outcome.unwrap_or_else(|error| Outcome::Failed(error.to_string()));
        verdicts.push(Verdict { claim, outcome });
    };
    for (claim, template) in HARD {
        let text = template.replace("{}", BAIT);
        record(claim, bench.one(&text).map(|_| Outcome::Passed));
    }
    let long = long_message();
    record(
        "a_message_of_64_kb_is_answered",
        bench.one(&long).map(|_| Outcome::Passed),
    );
    record("no_span_lies_outside_its_text", outside(&mut bench));
    record(
        "offsets_count_what_they_say_they_count",
        offset_echo(&mut bench),
    );
    record(
        "the_same_input_twice_gives_the_same_output",
        repeated(&mut bench),
    );
    record(
        "the_order_of_conversations_does_not_matter",
        shuffled(&mut bench),
    );
    record("the_size_of_a_batch_does_not_matter", batched(&mut bench));
    verdicts
}

fn long_message() -> String {
    let sentence = "Le paiement de la semaine dernière est passé deux fois, 12 fois peut-être. ";
    let mut text = sentence.repeat(64 * 1024 / sentence.len());
    text.push_str(BAIT);
    text
}

/// Surrogate pairs, marks and wide characters around each other: an answer must stay in the text. The
/// check itself is `answer_batch`'s.
fn outside(bench: &mut Bench<'_>) -> Result<Outcome, DetectError> {
    let texts = [
        "é",
        "\u{1f621}",
        "a\u{1f621}4242",
        "4242 4242 4242 4242\u{1f621}",
    ];
    bench.ask(&texts).map(|_| Outcome::Passed)
}

/// A prefix without meaning moves every span by its own length, whatever the unit. In ASCII all units
/// agree, so that a detector which declares the wrong one is found out behind an emoji.
fn offset_echo(bench: &mut Bench<'_>) -> Result<Outcome, DetectError> {
    let bait =
        "carte 4242 4242 4242 4242, mail maelys@example.com, iban FR7699998000420123456789068";
    let prefix = "\u{1f621}\u{e9}\u{1f469}\u{200d}\u{1f467}\n\n";
    let moved = format!("{prefix}{bait}");
    let plain = bench.one(bait)?;
    let behind = bench.one(&moved)?;
    if plain.is_empty() {
        let why = "it finds no card, e-mail address or IBAN".to_owned();
        return Ok(Outcome::NotExercised(why));
    }
    let slices = |found: &Found, text: &str| -> Vec<(String, String)> {
        found
            .iter()
            .map(|(start, end, label)| {
                (
                    text[*start as usize..*end as usize].to_owned(),
                    label.clone(),
                )
            })
            .collect()
    };
    let (before, after) = (slices(&plain, bait), slices(&behind, &moved));
    // A detector that masks the whole message masks the prefix with it.
    let whole = plain
        .iter()
        .any(|(start, end, _)| *start == 0 && *end as usize == bait.len());
    if before == after || whole {
        return Ok(Outcome::Passed);
    }
    let odd = after
        .iter()
        .find(|slice| !before.contains(slice))
        .or(before.first());
    let shown = odd.map_or(String::new(), |(slice, label)| format!("{label} `{slice}`"));
    Ok(Outcome::Failed(format!(
        "behind an emoji it finds {shown} where it found {before:?} (is the declared offset unit right?)"
    )))
}

fn compare(first: &[Found], second: &[Found], texts: &[&str]) -> Outcome {
    match first.iter().zip(second).position(|(a, b)| a != b) {
        Some(place) => Outcome::Failed(format!(
            "`{}`: first {:?}, then {:?}",
            texts[place], first[place], second[place]
        )),
        None if first.iter().all(Vec::is_empty) => {
            Outcome::NotExercised("it finds nothing in any of the texts".to_owned())
        }
        None => Outcome::Passed,
    }
}

const SEVERAL: [&str; 5] = [
    BAIT,
    "bonjour, ma carte 4242 4242 4242 4242 ne marche plus",
    "",
    "my e-mail is tobias.quennell@example.com",
    "\u{1f621} virement de 47,90 € vers FR76 9999 8000 4201 2345 6789 068",
];

fn repeated(bench: &mut Bench<'_>) -> Result<Outcome, DetectError> {
    let first = bench.ask(&SEVERAL)?;
    let second = bench.ask(&SEVERAL)?;
    Ok(compare(&first, &second, &SEVERAL))
}

fn shuffled(bench: &mut Bench<'_>) -> Result<Outcome, DetectError> {
    let first = bench.ask(&SEVERAL)?;
    let mut turned = SEVERAL;
    turned.reverse();
    let mut second = bench.ask(&turned)?;
    second.reverse();
    Ok(compare(&first, &second, &SEVERAL))
}

fn batched(bench: &mut Bench<'_>) -> Result<Outcome, DetectError> {
    let together = bench.ask(&SEVERAL)?;
    let alone = SEVERAL
        .iter()
        .map(|text| bench.one(text))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(compare(&together, &alone, &SEVERAL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::anchors::{Anchor, NAMES};
    use crate::detectors::rules::Rules;
    use crate::detectors::{Description, Spent};
    use crate::prediction::{Prediction, ToolLabel};
    use crate::text::ByteRange;
    use crate::timing::clock::Monotonic;

    #[test]
    fn every_built_in_detector_conforms() {
        let clock = Monotonic::new();
        for name in NAMES {
            let mut anchor = Anchor::named(name).unwrap();
            let verdicts = verify(&mut anchor, "fr-FR", &clock);
            assert!(passes(&verdicts), "{name}: {verdicts:#?}");
        }
        for lang in ["fr-FR", "en-US"] {
            let verdicts = verify(&mut Rules::new(), lang, &clock);
            assert!(
                verdicts.iter().all(|v| v.outcome == Outcome::Passed),
                "{lang}: {verdicts:#?}"
            );
        }
    }

    /// Counts characters where bytes are meant, and forgets nothing.
    #[derive(Debug)]
    struct Careless {
        description: Description,
        calls: u32,
    }

    impl Detector for Careless {
        fn describe(&self) -> &Description {
            &self.description
        }

        fn detect(
            &mut self,
            batch: &[Input<'_>],
            found: &mut Predictions,
        ) -> Result<Spent, DetectError> {
            self.calls += 1;
            for input in batch {
                if let Some(at) = input.text.find("4242") {
                    let start = input.text[..at].chars().count() as u32;
                    let range = ByteRange {
                        start,
                        end: start + 4 + self.calls % 2,
                    };
                    found.push(Prediction {
                        range,
                        label: ToolLabel(0),
                        score: None,
                    });
                }
                found.end_unit();
            }
            Ok(Spent::default())
        }
    }

    #[test]
    fn a_wrong_unit_and_a_changing_answer_are_found_out() {
        let mut careless = Careless {
            description: Description {
                name: "careless".into(),
                version: "0".into(),
                labels: ["N"].into_iter().collect(),
                threads: 1,
                anchor: false,
                reference: false,
            },
            calls: 0,
        };
        let verdicts = verify(&mut careless, "fr-FR", &Monotonic::new());
        let failed: Vec<&str> = verdicts
            .iter()
            .filter(|verdict| matches!(verdict.outcome, Outcome::Failed(_)))
            .map(|verdict| verdict.claim)
            .collect();
        assert!(
            failed.contains(&"offsets_count_what_they_say_they_count"),
            "{failed:?}"
        );
        assert!(
            failed.contains(&"the_same_input_twice_gives_the_same_output"),
            "{failed:?}"
        );
    }
}
