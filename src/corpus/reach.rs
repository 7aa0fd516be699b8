//! How many conversations it takes until every label occurs often enough.

use crate::corpus::Corpus;
use crate::corpus::pipeline::ordered;
use crate::country::Country;
use crate::taxonomy::Label;
use std::collections::BTreeSet;

/// Conversations that are counted at a time; the result is a multiple of it.
const STEP: u64 = 500;

/// After so many conversations without a single span of a label, it is taken not to occur.
const PATIENCE: u64 = 50_000;

/// The most that is counted.
const MOST: u64 = 20_000_000;

/// The least number of conversations, in steps of 500, in which each of `labels` has at least `least`
/// spans (those in structured fields included). A corpus of that size is a prefix of every larger one.
///
/// # Errors
/// Labels that the languages of the spec do not have, that no plot produces, or of which nothing came;
/// and a number that cannot be reached within twenty million conversations.
pub fn conversations_for(
    corpus: &Corpus,
    labels: &[Label],
    least: u64,
    threads: usize,
    mut progress: impl FnMut(u64) -> bool,
) -> Result<u64, String> {
    possible(corpus, labels)?;
    let mut counts = vec![0_u64; Label::all().count()];
    let mut answer = Err(String::new());
    let stopped = ordered(
        MOST / STEP,
        threads,
        |chunk, _| {
            let mut counts = vec![0_u64; Label::all().count()];
            for index in chunk * STEP..(chunk + 1) * STEP {
                for conversation in corpus.family(index) {
                    for message in &conversation.messages {
                        let fields = message.fields.iter().map(|field| &field.body);
                        for body in [&message.body].into_iter().chain(fields) {
                            for (_, span) in body.spans() {
                                counts[span.label.index()] += 1;
                            }
                        }
                    }
                }
            }
            counts
        },
        |chunk, more| {
            for (count, more) in counts.iter_mut().zip(more) {
                *count += more;
            }
            let done = (chunk + 1) * STEP;
            let short = |least: u64| {
                let short = labels.iter().filter(|label| counts[label.index()] < least);
                short.map(|label| label.id()).collect::<Vec<_>>()
            };
            if short(least).is_empty() {
                answer = Ok(done);
                return Err(());
            }
            if !progress(done) {
                answer = Err("interrupted".into());
                return Err(());
            }
            let absent = short(1);
            if done >= PATIENCE && !absent.is_empty() {
                answer = Err(format!(
                    "nothing of {} in the first {done} conversations of this spec: leave it out of \
                     --labels, or ask for the intents that say it (--intent-weight)",
                    absent.join(", ")
                ));
                return Err(());
            }
            Ok(())
        },
    );
    if stopped.is_ok() {
        return Err(format!(
            "{least} spans of every label take more than {MOST} conversations: ask for fewer, or raise \
             --label-rate of the rarest"
        ));
    }
    answer
}

/// Those of a set that the spec can have at all.
pub fn possible_labels(corpus: &Corpus, labels: &[Label]) -> Vec<Label> {
    let there = |label: &&Label| possible(corpus, &[**label]).is_ok();
    labels.iter().filter(there).copied().collect()
}

/// Refuses what cannot occur, with the reason.
fn possible(corpus: &Corpus, labels: &[Label]) -> Result<(), String> {
    let spec = corpus.spec();
    let countries: BTreeSet<Country> = spec
        .languages
        .iter()
        .filter(|(_, weight)| **weight > 0)
        .filter_map(|(tag, _)| Country::of_language(tag))
        .collect();
    let rates = spec.label_rates()?;
    for label in labels {
        let info = label.info();
        if !info.produced {
            return Err(format!("{label} is not produced by any plot"));
        }
        if !countries.iter().any(|country| country.says(*label)) {
            return Err(format!(
                "{label} occurs in {} only, and the languages are {}",
                info.locales.join(", "),
                spec.languages
                    .keys()
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
        if rates.get(label.index()) == Some(&0) {
            return Err(format!(
                "{label} is asked for, and its rate is 0 (`labels` of the spec, --label-rate)"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Spec;
    use crate::taxonomy::label_set;

    fn corpus(edit: impl FnOnce(&mut Spec)) -> Corpus {
        let mut spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
        edit(&mut spec);
        Corpus::new(spec, 1).unwrap()
    }

    fn spans(corpus: &Corpus, n: u64, label: &str) -> usize {
        let conversations = (0..n).map(|index| corpus.conversation(index));
        conversations
            .map(|conversation| {
                let messages = conversation.messages.iter();
                messages
                    .flat_map(|m| m.fields.iter().map(|f| &f.body).chain([&m.body]))
                    .flat_map(|body| body.spans().map(|(_, span)| span.label.id()))
                    .filter(|id| *id == label)
                    .count()
            })
            .sum()
    }

    #[test]
    fn the_number_found_is_enough_and_does_not_depend_on_threads() {
        let corpus = corpus(|_| {});
        let labels = ["CARD_PIN", "IBAN"].map(|id| Label::named(id).unwrap());
        let found = conversations_for(&corpus, &labels, 40, 1, |_| true).unwrap();
        assert_eq!(
            conversations_for(&corpus, &labels, 40, 2, |_| true).unwrap(),
            found
        );
        for label in ["CARD_PIN", "IBAN"] {
            assert!(spans(&corpus, found, label) >= 40);
        }
        let rarest = |n| ["CARD_PIN", "IBAN"].map(|label| spans(&corpus, n, label));
        assert!(rarest(found - STEP).into_iter().min().unwrap() < 40);
    }

    #[test]
    fn what_cannot_occur_is_refused_with_the_reason() {
        let plain = corpus(|_| {});
        let refused = |corpus: &Corpus, id: &str| {
            let label = Label::named(id).unwrap();
            conversations_for(corpus, &[label], 1, 1, |_| true).unwrap_err()
        };
        assert!(refused(&plain, "US_SSN").contains("occurs in US only"));
        let none = corpus(|spec| {
            spec.labels.insert("IBAN".into(), 0);
        });
        assert!(refused(&none, "IBAN").contains("its rate is 0"));
        let set = label_set("core-30").unwrap();
        let possible = possible_labels(&plain, &set);
        assert!(possible.len() > 15 && possible.len() < set.len());
    }

    #[test]
    fn a_label_with_rate_0_never_occurs_and_one_with_a_higher_rate_occurs_more_often() {
        for label in [
            "PAN",
            "MERCHANT",
            "BALANCE",
            "OTP_CODE",
            "MESSAGE_ID",
            "LIFE_EVENT",
        ] {
            let without = corpus(|spec| {
                spec.labels.insert(label.into(), 0);
            });
            assert_eq!(spans(&without, 400, label), 0, "{label}");
        }
        let plain = corpus(|_| {});
        for label in ["TRANSACTION_RECORD", "EMPLOYER"] {
            let more = corpus(|spec| {
                spec.labels.insert(label.into(), 1_000);
            });
            let often = spans(&more, 2000, label);
            let rarely = spans(&plain, 2000, label);
            assert!(often > 2 * rarely, "{label}: {often} and {rarely}");
        }
    }
}
