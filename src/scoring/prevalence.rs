//! What alerts and masking would be on a bank's own traffic.
//!
//! A **prevalence** says which share of a bank's messages is of each intent, policy and kind, and which
//! share holds no critical value; each may be left out. Strata are weighted until every share that is given
//! is met (raking, or iterative proportional fitting: Deming and Stephan, *On a least squares adjustment
//! of a sampled frequency table when the expected marginal totals are known*, Annals of Mathematical
//! Statistics 11, 1940); what is not said stays as in the corpus. Limits: within a stratum messages are
//! the corpus's; shares that are known one by one say nothing of how they go together.

use super::strata::{MessageClass, Strata, Stratum};
use crate::toml_fault::toml_fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Shares of a bank's own traffic.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prevalence {
    schema: u32,
    /// What it is of.
    pub name: String,
    /// Share of messages without a critical value.
    #[serde(default)]
    without_critical: Option<f64>,
    /// Share of messages without any gold.
    #[serde(default)]
    harmless: Option<f64>,
    #[serde(default)]
    intent: BTreeMap<String, f64>,
    #[serde(default)]
    policy: BTreeMap<String, f64>,
    #[serde(default)]
    kind: BTreeMap<String, f64>,
}

/// Alerts and masking on the traffic of a prevalence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrevalenceMetrics {
    /// What the prevalence is of.
    pub name: String,
    /// Harmless text masked.
    pub harmless_masked: Option<f64>,
    /// Distinct predicted ranges that touch no gold, per 1,000 messages.
    pub alerts_per_thousand_messages: Option<f64>,
    /// The same in harmless messages, per 1,000 of them.
    pub false_alerts_per_thousand_harmless: Option<f64>,
    /// Messages with gold, of those with a prediction.
    pub message_precision: Option<f64>,
    /// Messages with a prediction, of those with gold.
    pub message_recall: Option<f64>,
    /// The greatest ratio of a message's weight to the mean weight: how far the corpus is stretched.
    pub greatest_weight: f64,
}

const ROUNDS: usize = 200;
const CLOSE: f64 = 1e-12;

/// Which class of a set of shares a stratum is in.
type ClassOf = fn(&Stratum<'_>) -> String;

/// One set of shares: which of its classes a stratum is in, and the share of each.
struct Margin {
    what: &'static str,
    of: ClassOf,
    shares: BTreeMap<String, f64>,
}

impl Prevalence {
    /// Reads a prevalence file.
    ///
    /// # Errors
    /// What is wrong, with its line, as the TOML reader tells it; shares that are none, or that do not
    /// add up to 1.
    pub fn parse(source: &str) -> Result<Prevalence, String> {
        let read: Prevalence = toml::from_str(source).map_err(|e| toml_fault(&e, source))?;
        if read.schema != 1 {
            let schema = read.schema;
            return Err(format!("schema {schema} is not one this version reads (1)"));
        }
        if read.without_critical.is_some() && read.harmless.is_some() {
            return Err("give `without_critical` or `harmless`, not both".to_owned());
        }
        let margins = read.margins();
        if margins.is_empty() {
            return Err("no share is given: nothing would change".to_owned());
        }
        for margin in margins {
            let what = margin.what;
            for (name, share) in &margin.shares {
                if !(0.0..=1.0).contains(share) {
                    return Err(format!("{what}.{name} = {share}: a share is from 0 to 1"));
                }
            }
            let sum: f64 = margin.shares.values().sum();
            if (sum - 1.0).abs() > 1e-6 {
                return Err(format!("the shares of `{what}` add up to {sum}, not to 1"));
            }
        }
        Ok(read)
    }

    fn margins(&self) -> Vec<Margin> {
        let two = |first: &str, share: f64, second: &str| {
            BTreeMap::from([(first.to_owned(), share), (second.to_owned(), 1.0 - share)])
        };
        let mut margins = Vec::new();
        if let Some(share) = self.without_critical {
            margins.push(Margin {
                what: "without_critical",
                of: |stratum| match stratum.class {
                    MessageClass::Critical => "with".to_owned(),
                    _ => "without".to_owned(),
                },
                shares: two("without", share, "with"),
            });
        }
        if let Some(share) = self.harmless {
            margins.push(Margin {
                what: "harmless",
                of: |stratum| match stratum.class {
                    MessageClass::Harmless => "without".to_owned(),
                    _ => "with".to_owned(),
                },
                shares: two("without", share, "with"),
            });
        }
        let named: [(&str, ClassOf, _); 3] = [
            ("intent", |stratum| stratum.intent.to_owned(), &self.intent),
            ("policy", |stratum| stratum.policy.to_owned(), &self.policy),
            ("kind", |stratum| stratum.kind.name().to_owned(), &self.kind),
        ];
        for (what, of, shares) in named {
            if !shares.is_empty() {
                let shares = shares.clone();
                margins.push(Margin { what, of, shares });
            }
        }
        margins
    }

    /// Weighs the strata of a run.
    ///
    /// # Errors
    /// A share above 0 of something that the corpus has no message of; shares that cannot be met
    /// together.
    pub fn weigh(&self, strata: &Strata) -> Result<PrevalenceMetrics, String> {
        let strata: Vec<Stratum<'_>> = strata.iter().filter(|s| s.counts.messages > 0).collect();
        let margins = self.margins();
        let weights = raked(&strata, &margins)?;
        let sum = |of: &dyn Fn(&Stratum<'_>) -> u64| -> f64 {
            let terms = strata.iter().zip(&weights);
            terms
                .map(|(stratum, weight)| weight * of(stratum) as f64)
                .sum()
        };
        let only = |wanted: bool, of: fn(&Stratum<'_>) -> u64| {
            move |stratum: &Stratum<'_>| match (stratum.class == MessageClass::Harmless) == wanted {
                true => of(stratum),
                false => 0,
            }
        };
        let share = |count: f64, of: f64| (of > 0.0).then(|| count / of);
        let messages = sum(&|s| s.counts.messages);
        let strays = sum(&|s| s.counts.strays);
        let harmless = sum(&only(true, |s| s.counts.messages));
        let false_alerts = sum(&only(true, |s| s.counts.strays));
        let alerted = sum(&|s| s.counts.alerted);
        let alerted_gold = sum(&only(false, |s| s.counts.alerted));
        let gold = sum(&only(false, |s| s.counts.messages));
        let plain: f64 = strata.iter().map(|s| s.counts.messages as f64).sum();
        let greatest = weights
            .iter()
            .fold(0.0f64, |most, &weight| most.max(weight));
        Ok(PrevalenceMetrics {
            name: self.name.clone(),
            harmless_masked: share(
                sum(&|s| s.counts.masked_chars),
                sum(&|s| s.counts.harmless_chars),
            ),
            alerts_per_thousand_messages: share(1_000.0 * strays, messages),
            false_alerts_per_thousand_harmless: share(1_000.0 * false_alerts, harmless),
            message_precision: share(alerted_gold, alerted),
            message_recall: share(alerted_gold, gold),
            greatest_weight: share(greatest * plain, messages).unwrap_or(1.0),
        })
    }
}

/// The weight of a message of each stratum.
fn raked(strata: &[Stratum<'_>], margins: &[Margin]) -> Result<Vec<f64>, String> {
    let classes: Vec<Vec<String>> = margins
        .iter()
        .map(|margin| strata.iter().map(margin.of).collect())
        .collect();
    for (margin, classes) in margins.iter().zip(&classes) {
        for (name, share) in &margin.shares {
            if *share > 0.0 && !classes.contains(name) {
                let what = margin.what;
                return Err(format!(
                    "{what}.{name} = {share}, and the corpus has no such message"
                ));
            }
        }
    }
    let messages: f64 = strata.iter().map(|s| s.counts.messages as f64).sum();
    let mut weights = vec![1.0; strata.len()];
    for _ in 0..ROUNDS {
        let mut furthest = 0.0f64;
        for (margin, classes) in margins.iter().zip(&classes) {
            let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
            for ((stratum, class), weight) in strata.iter().zip(classes).zip(&weights) {
                *sums.entry(class).or_default() += weight * stratum.counts.messages as f64;
            }
            for (class, weight) in classes.iter().zip(&mut weights) {
                let wanted = margin.shares.get(class).copied().unwrap_or(0.0) * messages;
                let sum = sums[&**class];
                if sum > 0.0 {
                    furthest = furthest.max((wanted - sum).abs() / messages);
                    *weight *= wanted / sum;
                }
            }
        }
        if furthest < CLOSE {
            return Ok(weights);
        }
    }
    let met = margins.iter().zip(&classes).all(|(margin, classes)| {
        margin.shares.iter().all(|(name, share)| {
            let terms = strata.iter().zip(classes).zip(&weights);
            let sum: f64 = terms
                .filter(|((_, class), _)| *class == name)
                .map(|((stratum, _), weight)| weight * stratum.counts.messages as f64)
                .sum();
            (sum / messages - share).abs() < 1e-4
        })
    });
    match met {
        true => Ok(weights),
        false => Err("the shares cannot be met together on this corpus: give fewer".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::MessageKind;
    use crate::formats::predictions::sample::message;
    use crate::scoring::strata::StratumCounts;

    /// 60 harmless messages with 6 alerts and 40 critical ones, of 10 characters each.
    fn strata() -> Strata {
        let mut strata = Strata::default();
        let harmless = StratumCounts {
            messages: 60,
            alerted: 6,
            strays: 6,
            harmless_chars: 600,
            masked_chars: 60,
        };
        let critical = StratumCounts {
            messages: 40,
            alerted: 40,
            harmless_chars: 400,
            ..StratumCounts::default()
        };
        let mut rows = vec![
            (MessageKind::Text, MessageClass::Harmless, harmless),
            (MessageKind::Text, MessageClass::Critical, critical),
        ];
        strata.add(&message("x"), &mut rows);
        strata
    }

    fn weighed(shares: &str) -> Result<PrevalenceMetrics, String> {
        let source = format!("schema = 1\nname = \"own\"\n{shares}");
        Prevalence::parse(&source)?.weigh(&strata())
    }

    #[test]
    fn shares_of_the_corpus_change_nothing() {
        let same = weighed("without_critical = 0.6").unwrap();
        assert!((same.harmless_masked.unwrap() - 0.06).abs() < 1e-12);
        assert!((same.message_precision.unwrap() - 40.0 / 46.0).abs() < 1e-12);
        assert!((same.greatest_weight - 1.0).abs() < 1e-12);
    }

    #[test]
    fn on_harmless_traffic_precision_falls_and_masking_rises() {
        let own = weighed("without_critical = 0.96\n[kind]\ntext = 1.0").unwrap();
        // Of 100 messages 96 are harmless, with an alert in ten; 4 are critical.
        assert!((own.message_precision.unwrap() - 4.0 / 13.6).abs() < 1e-9);
        assert!((own.alerts_per_thousand_messages.unwrap() - 96.0).abs() < 1e-9);
        assert!((own.false_alerts_per_thousand_harmless.unwrap() - 100.0).abs() < 1e-9);
        assert!((own.harmless_masked.unwrap() - 0.096).abs() < 1e-9);
        assert!((own.message_recall.unwrap() - 1.0).abs() < 1e-12);
        assert!((own.greatest_weight - 1.6).abs() < 1e-9);
    }

    #[test]
    fn shares_that_cannot_be_met_say_why() {
        let error = |shares: &str| weighed(shares).unwrap_err();
        assert!(error("[kind]\nvoice = 0.5\ntext = 0.5").contains("no such message"));
        assert!(error("[kind]\ntext = 0.5").contains("add up to 0.5"));
        assert!(error("without_critical = 1.5").contains("from 0 to 1"));
        assert!(error("").contains("nothing would change"));
    }
}
