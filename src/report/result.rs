//! The result of a benchmark: `result.v1.json`.
//!
//! Everything that was measured and what it was measured on, so that tables, rankings and comparisons
//! are made later and elsewhere. Invariant: a detector's row holds metrics or a failure, never both
//! and never neither; rows are comparable only within one result or between results whose corpus,
//! feed, label set and options agree.

use super::feeds::FeedRow;
use crate::conversation::{Split, names};
use crate::detectors::{Description, Feed};
use crate::scoring::Examples;
use crate::scoring::comparison::{Difference, holm, paired, permuted};
use crate::scoring::counts::Counts;
use crate::scoring::intervals::LEAST_CLUSTERS;
use crate::scoring::label_map::{LabelMap, LabelSet};
use crate::scoring::metrics::Metrics;
use crate::scoring::prevalence::PrevalenceMetrics;
use crate::scoring::ratios::Ratio;
use crate::scoring::replicates::LeakReplicates;
use crate::scoring::{Characters, View};
use crate::taxonomy::Taxonomy;
pub use crate::timing::machine::Machine;
pub use crate::timing::summary::{Estimate, TimingSummary};
use serde::{Deserialize, Serialize};

/// The version of the file.
pub const SCHEMA: u32 = 1;

/// What the detectors were run on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorpusId {
    /// Suite and version: `fr@1`.
    pub suite: String,
    /// Conversations.
    pub conversations: u64,
    /// Seed of the corpus.
    pub seed: u64,
    /// Version of the generator's bytes.
    pub corpus_version: u32,
    /// The additive content hash, in hexadecimal.
    pub content_hash: String,
}

/// How a corpus of somebody else's was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Its format.
    pub format: String,
    /// How its offsets were read; `tokens` where it has none and its text was made from tokens.
    pub offsets: String,
    /// What stands for a customer: `customers`, `conversations` or `messages`.
    pub clusters: String,
    /// Messages.
    pub messages: u64,
    /// Spans under labels of ours.
    pub spans: u64,
    /// Spans that count neither way.
    pub ignored: u64,
}

impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let offsets = match self.offsets.as_str() {
            "tokens" => "tokens joined by single spaces".to_owned(),
            unit => format!("offsets in {unit}"),
        };
        write!(
            f,
            "format {}, {offsets}, {} messages, {} spans, {} ignored; clusters: {}",
            self.format, self.messages, self.spans, self.ignored, self.clusters
        )
    }
}

/// What changes a number besides corpus and detector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Name of the tolerance policy.
    pub tolerance: String,
    /// SHA-256 of what it tolerates.
    pub tolerance_hash: String,
    /// What span scores leave out of account.
    pub view: View,
    /// What the coverage view calls a character.
    pub characters: Characters,
    /// Are twins compared, and counted nowhere else?
    pub twins: bool,
    /// The split that was scored; all where it is absent.
    pub split: Option<Split>,
    /// Previous messages that the `stream` feed gives.
    pub history: u32,
    /// Seed of the bootstrap weights.
    pub bootstrap_seed: u64,
}

names! {
    /// What a row is there for.
    pub enum Role {
        /// It is ranked.
        Ranked = "ranked",
        /// A fixed point that makes tricks visible; not ranked.
        Anchor = "anchor",
        /// Written by the people who wrote the corpus; not ranked.
        Reference = "reference",
    }
}

/// What a detector claims to find.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Core labels in its label map.
    pub core_claimed: u32,
    /// Core labels in all.
    pub core: u32,
    /// Labels in its label map.
    pub labels_claimed: u32,
    /// What gets out of the values that it claims to find.
    pub leak_within: Option<Ratio>,
}

/// Replicate counts of the two headlines: they allow a paired comparison with a later run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadlineReplicates {
    /// Of the leak headline.
    pub critical: LeakReplicates,
    /// Of the profile-leak headline.
    pub profile: LeakReplicates,
    /// Leaked critical values by group of customers, for a permutation test.
    pub leaked_by_group: Vec<u64>,
}

/// Why a detector has no metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// `start`, `timeout`, `died`, `protocol`, `reported`, `predictions`, …
    pub kind: String,
    /// What it said.
    pub message: String,
}

/// What came of a detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// It answered everything.
    Scored {
        /// What was found.
        metrics: Box<Metrics>,
        /// Replicates of the headlines, where intervals were asked for.
        replicates: Option<HeadlineReplicates>,
        /// Examples of errors, where they were asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        examples: Option<Examples>,
    },
    /// It did not.
    Failed(Failure),
}

/// One detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorRow {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What the row is there for.
    pub role: Role,
    /// Threads that it uses.
    pub threads: u32,
    /// The tool's labels.
    pub labels: Vec<String>,
    /// SHA-256 of its label map.
    pub label_map_hash: String,
    /// What it claims to find.
    pub claims: Claims,
    /// What came of it.
    pub outcome: Outcome,
    /// Alerts and masking on a bank's own traffic, where one was given.
    pub own_traffic: Option<PrevalenceMetrics>,
    /// Other feeds than the ranked one, where they were asked for.
    pub feeds: Vec<FeedRow>,
    /// How fast it was, where it was timed.
    pub timing: Option<TimingSummary>,
}

impl DetectorRow {
    /// The row of a detector that was scored. `common` are the labels that every compared detector
    /// claims.
    pub fn scored(
        description: &Description,
        label_map: &LabelMap,
        counts: Counts,
        common: Option<&LabelSet>,
    ) -> Self {
        let supported = label_map.supported();
        let metrics = Metrics::in_scopes(&counts, Some(&supported), common);
        let leak_within = Some(metrics.leak_within(&supported));
        let leaked_by_group = counts.critical_leaked_by_group();
        let replicates = counts.signature.intervals.then_some(HeadlineReplicates {
            leaked_by_group,
            critical: counts.replicates.critical,
            profile: counts.replicates.profile,
        });
        let outcome = Outcome::Scored {
            metrics: Box::new(metrics),
            replicates,
            examples: (counts.signature.examples > 0).then_some(counts.examples),
        };
        DetectorRow::new(description, label_map, leak_within, outcome)
    }

    /// The row of a detector that failed.
    pub fn failed(description: &Description, label_map: &LabelMap, failure: Failure) -> Self {
        DetectorRow::new(description, label_map, None, Outcome::Failed(failure))
    }

    fn new(
        description: &Description,
        label_map: &LabelMap,
        leak_within: Option<Ratio>,
        outcome: Outcome,
    ) -> Self {
        let supported = label_map.supported();
        let core = LabelSet::core();
        let role = match (description.anchor, description.reference) {
            (true, _) => Role::Anchor,
            (false, true) => Role::Reference,
            (false, false) => Role::Ranked,
        };
        DetectorRow {
            name: description.name.clone(),
            version: description.version.clone(),
            role,
            threads: description.threads,
            labels: description.labels.names().to_vec(),
            label_map_hash: label_map.hash(),
            claims: Claims {
                core_claimed: supported.intersection(&core).len() as u32,
                core: core.len() as u32,
                labels_claimed: supported.len() as u32,
                leak_within,
            },
            outcome,
            own_traffic: None,
            feeds: Vec::new(),
            timing: None,
        }
    }

    /// With what it does on a bank's own traffic.
    #[must_use]
    pub fn on_own_traffic(self, own_traffic: Option<PrevalenceMetrics>) -> Self {
        DetectorRow {
            own_traffic,
            ..self
        }
    }

    /// With what it does on other feeds.
    #[must_use]
    pub fn on_feeds(self, feeds: Vec<FeedRow>) -> Self {
        DetectorRow { feeds, ..self }
    }

    /// With its timing.
    #[must_use]
    pub fn timed(self, timing: TimingSummary) -> Self {
        DetectorRow {
            timing: Some(timing),
            ..self
        }
    }

    /// Its metrics, unless it failed.
    pub fn metrics(&self) -> Option<&Metrics> {
        match &self.outcome {
            Outcome::Scored { metrics, .. } => Some(metrics),
            Outcome::Failed(_) => None,
        }
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.outcome {
            Outcome::Scored { .. } => None,
            Outcome::Failed(failure) => Some(failure),
        }
    }
}

/// Two ranked detectors, by the leak headline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Name of the first.
    pub first: String,
    /// Name of the second.
    pub second: String,
    /// First minus second.
    pub difference: Difference,
    /// The p-value after Holm's correction over all comparisons of the result.
    pub adjusted_p: f64,
    /// The p-value of a paired permutation test over groups of customers, uncorrected; `None` where no
    /// group differs.
    pub permutation_p: Option<f64>,
    /// Can they not be told apart?
    pub tied: bool,
}

/// Everything that a benchmark measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenchResult {
    /// Version of the file.
    pub schema: u32,
    /// `result`.
    pub kind: String,
    /// Version of this crate.
    pub crate_version: String,
    /// What the detectors were run on.
    pub corpus: CorpusId,
    /// SHA-256 of the taxonomy.
    pub label_set_hash: String,
    /// How much of a conversation the detectors saw.
    pub feed: Feed,
    /// What changes a number besides corpus and detector.
    pub options: Options,
    /// Where it ran.
    pub machine: Option<Machine>,
    /// The command that made it.
    pub command: Vec<String>,
    /// The detectors, in the order in which they were named.
    pub detectors: Vec<DetectorRow>,
    /// Every pair of ranked detectors that were scored with replicates.
    pub comparisons: Vec<Comparison>,
    /// How the corpus was read, where it is somebody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
}

impl BenchResult {
    /// A result of this version, with its comparisons worked out.
    pub fn new(
        corpus: CorpusId,
        feed: Feed,
        options: Options,
        command: Vec<String>,
        detectors: Vec<DetectorRow>,
    ) -> Self {
        BenchResult {
            schema: SCHEMA,
            kind: "result".to_owned(),
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            corpus,
            label_set_hash: Taxonomy::get().hash().to_owned(),
            feed,
            options,
            machine: None,
            command,
            comparisons: comparisons(&detectors),
            detectors,
            given: None,
        }
    }

    /// Reads a result.
    ///
    /// # Errors
    /// What is wrong with the file, and the version where it is another one.
    pub fn parse(json: &str) -> Result<BenchResult, String> {
        #[derive(Deserialize)]
        struct Head {
            schema: u32,
            kind: String,
        }
        let head: Head = serde_json::from_str(json).map_err(|e| e.to_string())?;
        if head.kind != "result" {
            return Err(format!("`kind` is `{}`, not `result`", head.kind));
        }
        if head.schema != SCHEMA {
            return Err(format!(
                "schema {} is not one this version reads ({SCHEMA})",
                head.schema
            ));
        }
        serde_json::from_str(json).map_err(|e| e.to_string())
    }

    /// Can two detectors not be told apart by the leak headline? Also true where nothing is known.
    pub fn tied(&self, first: &str, second: &str) -> bool {
        let pair = self.comparisons.iter().find(|comparison| {
            let names = (comparison.first.as_str(), comparison.second.as_str());
            names == (first, second) || names == (second, first)
        });
        pair.is_none_or(|comparison| comparison.tied)
    }
}

/// Every pair of ranked detectors with replicates and enough clusters for them to mean something.
fn comparisons(rows: &[DetectorRow]) -> Vec<Comparison> {
    let ranked: Vec<(&DetectorRow, &Metrics, &HeadlineReplicates)> = rows
        .iter()
        .filter(|row| row.role == Role::Ranked)
        .filter_map(|row| match &row.outcome {
            Outcome::Scored {
                metrics,
                replicates: Some(replicates),
                ..
            } => Some((row, &**metrics, replicates)),
            _ => None,
        })
        .filter(|(_, metrics, _)| metrics.critical.clusters >= LEAST_CLUSTERS)
        .collect();
    let mut differences = Vec::new();
    for (at, (first, a, a_replicates)) in ranked.iter().enumerate() {
        for (second, b, b_replicates) in &ranked[at + 1..] {
            let leak = |m: &Metrics| (m.critical.leak.count, m.critical.leak.of);
            let difference = paired(
                (leak(a), &a_replicates.critical),
                (leak(b), &b_replicates.critical),
            );
            let groups = a_replicates.leaked_by_group.iter().copied();
            let groups: Vec<(u64, u64)> = groups
                .zip(b_replicates.leaked_by_group.iter().copied())
                .collect();
            let names = (first.name.clone(), second.name.clone());
            differences.extend(difference.map(|d| (names, d, permuted(&groups, 0))));
        }
    }
    let p: Vec<f64> = differences
        .iter()
        .map(|(_, difference, _)| difference.p)
        .collect();
    let rows = differences.into_iter().zip(holm(&p));
    rows.map(
        |(((first, second), difference, permutation_p), adjusted_p)| Comparison {
            permutation_p,
            first,
            second,
            tied: difference.includes_zero() || adjusted_p >= 0.05,
            difference,
            adjusted_p,
        },
    )
    .collect()
}
