//! What a detector does on other feeds than the one that is ranked.
//!
//! Differences are paired: both feeds are scored on one corpus under one bootstrap seed. Invariant: a
//! feed has metrics or a failure.

use super::result::Failure;
use crate::detectors::Feed;
use crate::scoring::comparison::{Difference, paired};
use crate::scoring::counts::Counts;
use crate::scoring::metrics::{LeakMetrics, Metrics};
use crate::scoring::ratios::{Ratio, Scores};
use crate::scoring::scopes::Scope;
use crate::scoring::slices::Dimension;
use serde::{Deserialize, Serialize};

/// A detector on another feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedRow {
    /// How much of a conversation the detector saw.
    pub feed: Feed,
    /// What came of it.
    pub outcome: FeedOutcome,
}

/// What came of a detector on another feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FeedOutcome {
    /// It answered everything.
    Scored(Box<FeedMetrics>),
    /// It did not.
    Failed(Failure),
}

/// The figures of a detector on another feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedMetrics {
    /// The leak headline.
    pub critical: LeakMetrics,
    /// The profile-leak headline.
    pub profile: LeakMetrics,
    /// Values that are given piecewise: those that leak.
    pub in_parts: Ratio,
    /// Strict micro scores over all labels.
    pub strict: Scores,
    /// Text outside gold that is covered.
    pub harmless_masked: Ratio,
    /// Distinct predicted ranges in harmless messages, per such message.
    pub false_alerts: Ratio,
    /// Critical leak on this feed minus that on the ranked one.
    pub critical_loss: Option<Difference>,
    /// Profile leak on this feed minus that on the ranked one.
    pub profile_loss: Option<Difference>,
}

impl FeedRow {
    /// A feed that was scored; `ranked` are the counts on the ranked feed.
    pub fn scored(feed: Feed, counts: &Counts, ranked: &Counts) -> FeedRow {
        let (mine, theirs) = (Metrics::of(counts), Metrics::of(ranked));
        let leak = |m: &LeakMetrics| (m.leak.count, m.leak.of);
        let (a, b) = (&counts.replicates, &ranked.replicates);
        let in_parts = mine.slices.get(&Dimension::Parts);
        let in_parts = in_parts.and_then(|slices| slices.get("in_parts"));
        let strict = mine.scopes.get(&Scope::All).map(|scope| scope.micro.strict);
        let metrics = FeedMetrics {
            in_parts: in_parts.map(|slice| slice.leak).unwrap_or_default(),
            strict: strict.unwrap_or_default(),
            harmless_masked: mine.coverage.harmless_masked,
            false_alerts: mine.coverage.false_alerts,
            critical_loss: paired(
                (leak(&mine.critical), &a.critical),
                (leak(&theirs.critical), &b.critical),
            ),
            profile_loss: paired(
                (leak(&mine.profile), &a.profile),
                (leak(&theirs.profile), &b.profile),
            ),
            critical: mine.critical,
            profile: mine.profile,
        };
        FeedRow {
            feed,
            outcome: FeedOutcome::Scored(Box::new(metrics)),
        }
    }

    /// A feed on which the detector failed.
    pub fn failed(feed: Feed, failure: Failure) -> FeedRow {
        FeedRow {
            feed,
            outcome: FeedOutcome::Failed(failure),
        }
    }
}
