//! Passes: which detector runs when, and when it has run enough.
//!
//! * A **contender** is a detector that was scored and is now timed.
//! * A **round** is one pass of each contender that is not done yet: they take turns, so that a machine
//!   that slows down slows all of them.
//!
//! Invariant: each contender has the same share of the budget, and a pass that has begun is finished.

use super::agreement::{Hasher, PredictionHash};
use super::clock::Clock;
use super::memory;
use super::summary::{MemoryOf, TimingSummary, estimate, mad, median};
use crate::detectors::feeds::{Fed, answer_batch, batches};
use crate::detectors::{DetectError, Detector};
use crate::prediction::Predictions;
use crate::seed::{Domain, Stream};
use std::time::Duration;

/// A detector to be timed.
pub struct Contender<'d> {
    /// The detector, ready to answer.
    pub detector: &'d mut dyn Detector,
    /// How long it took to become ready.
    pub start_up: Duration,
    /// The hash of the predictions that were scored.
    pub scored: PredictionHash,
}

/// How long and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Time for all contenders together.
    pub budget: Duration,
    /// Messages per batch.
    pub batch: usize,
    /// Seed of the shuffles and of the intervals.
    pub seed: u64,
    /// Passes that are enough, once they took [`Plan::enough_time`].
    pub enough_passes: u32,
    /// Time that counted passes together take at least.
    pub enough_time: Duration,
    /// Passes to warm up, at most.
    pub warm_up_limit: u32,
}

impl Default for Plan {
    /// Ten passes or 3 s, whichever is later, within 2 minutes, in batches of 64.
    fn default() -> Self {
        Plan {
            budget: Duration::from_secs(120),
            batch: 64,
            seed: 0,
            enough_passes: 10,
            enough_time: Duration::from_secs(3),
            warm_up_limit: 10,
        }
    }
}

/// Why there is no speed.
#[derive(Debug, thiserror::Error)]
pub enum TimingError {
    /// The detector failed.
    #[error(transparent)]
    Detector(#[from] DetectError),
    /// No pass gave the predictions that were scored.
    #[error(
        "in none of {passes} passes did it find what it found when it was scored: a detector that changes its answers has no speed"
    )]
    OtherAnswers {
        /// Passes that were run.
        passes: u32,
    },
    /// There is nothing to be timed on.
    #[error("the corpus is empty")]
    Empty,
}

#[derive(Debug, Default)]
struct Pass {
    answering: Duration,
    first_batch: Duration,
    reported: Option<Duration>,
    cpu: Option<Duration>,
    agrees: bool,
}

struct Lane<'d> {
    contender: Contender<'d>,
    hasher: Hasher,
    used: Duration,
    first_batch: Option<Duration>,
    warm_up: Vec<f64>,
    warm: bool,
    counted: Vec<Pass>,
    run: u32,
    agreed: bool,
    trimmed: bool,
    done: bool,
    failed: Option<TimingError>,
    peak: Option<u64>,
}

/// Times the contenders against each other; the results are in their order. `progress` hears, before
/// each pass, which contender runs and how much of the budget is spent.
pub fn time(
    contenders: Vec<Contender<'_>>,
    fed: &Fed<'_>,
    plan: &Plan,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(usize, Duration),
) -> Vec<Result<TimingSummary, TimingError>> {
    if fed.units() == 0 {
        return contenders
            .into_iter()
            .map(|_| Err(TimingError::Empty))
            .collect();
    }
    let share = plan.budget / (contenders.len().max(1) as u32);
    let mut lanes: Vec<Lane<'_>> = contenders.into_iter().map(Lane::new).collect();
    let begin = clock.now();
    for round in 0u64.. {
        if lanes.iter().all(|lane| lane.done) {
            break;
        }
        let mut order: Vec<usize> = (0..fed.conversations()).collect();
        Stream::at(plan.seed, Domain::new("timing.shuffle"), round).shuffle(&mut order);
        for (place, lane) in lanes.iter_mut().enumerate().filter(|(_, lane)| !lane.done) {
            progress(place, clock.now().saturating_sub(begin));
            lane.step(fed, &order, plan, share, clock);
        }
    }
    lanes
        .into_iter()
        .map(|lane| lane.summary(fed, plan, share))
        .collect()
}

impl<'d> Lane<'d> {
    fn new(contender: Contender<'d>) -> Lane<'d> {
        Lane {
            contender,
            hasher: Hasher::default(),
            used: Duration::ZERO,
            first_batch: None,
            warm_up: Vec::new(),
            warm: false,
            counted: Vec::new(),
            run: 0,
            agreed: true,
            trimmed: false,
            done: false,
            failed: None,
            peak: None,
        }
    }

    /// Runs one pass and decides what it was for and whether another follows.
    fn step(
        &mut self,
        fed: &Fed<'_>,
        order: &[usize],
        plan: &Plan,
        share: Duration,
        clock: &dyn Clock,
    ) {
        let begin = clock.now();
        let pass = match self.pass(fed, order, plan.batch, clock) {
            Ok(pass) => pass,
            Err(error) => {
                self.failed = Some(error.into());
                self.done = true;
                return;
            }
        };
        let took = clock.now().saturating_sub(begin);
        self.used += took;
        self.run += 1;
        self.first_batch.get_or_insert(pass.first_batch);
        self.agreed &= pass.agrees;
        // Memory is looked at while the process lives: it may be gone when the figures are made.
        let peak = self
            .contender
            .detector
            .process()
            .map_or_else(memory::own_peak, memory::peak_of);
        self.peak = self.peak.max(peak);
        let left = share.saturating_sub(self.used);
        // The last pass that fits must count, warm or not: a slow detector may have one pass in all.
        let last = left < took;
        if !self.warm && !last {
            self.warm_up.push(pass.answering.as_secs_f64());
            self.warm = is_steady(&self.warm_up) || self.warm_up.len() as u32 >= plan.warm_up_limit;
            return;
        }
        self.warm = true;
        if pass.agrees {
            self.counted.push(pass);
        }
        let counted: Duration = self.counted.iter().map(|pass| pass.answering).sum();
        let enough = self.counted.len() as u32 >= plan.enough_passes && counted >= plan.enough_time;
        self.trimmed = last && !enough;
        // A detector that never agrees is not run until the budget is gone.
        let hopeless = self.counted.is_empty() && self.run >= plan.warm_up_limit + 3;
        self.done = enough || last || hopeless;
    }

    fn pass(
        &mut self,
        fed: &Fed<'_>,
        order: &[usize],
        size: usize,
        clock: &dyn Clock,
    ) -> Result<Pass, DetectError> {
        // Everything that is not the detector's work is done before or after its batches.
        let inputs = fed.inputs(order.iter().copied());
        let places: Vec<usize> = order.iter().flat_map(|&k| fed.units_of(k)).collect();
        let mut pass = Pass {
            reported: Some(Duration::ZERO),
            ..Pass::default()
        };
        let mut found = Predictions::new();
        let mut sum = PredictionHash::default();
        let mut done = 0;
        let cpu = |process: Option<u32>| process.map_or_else(memory::own_cpu, memory::cpu_of);
        let process = self.contender.detector.process();
        let mut own_work = Duration::ZERO;
        let before = cpu(process);
        for batch in batches(fed.feed(), &inputs, size) {
            let time = answer_batch(self.contender.detector, batch, &mut found, clock)?;
            if done == 0 {
                pass.first_batch = time.answering;
            }
            pass.answering += time.answering;
            pass.reported = pass
                .reported
                .zip(time.reported)
                .map(|(sum, more)| sum + more);
            let start = clock.now();
            let labels = &self.contender.detector.describe().labels;
            for (predictions, &place) in found.units().zip(&places[done..]) {
                self.hasher.add(&mut sum, place, predictions, labels);
            }
            own_work += clock.now().saturating_sub(start);
            done += batch.len();
        }
        pass.cpu = cpu(process).zip(before).map(|(after, before)| {
            // What the harness itself did in between is not the detector's, where they share a process.
            let spent = after.saturating_sub(before);
            if process.is_none() {
                spent.saturating_sub(own_work)
            } else {
                spent
            }
        });
        pass.agrees = sum == self.contender.scored;
        Ok(pass)
    }

    fn summary(
        mut self,
        fed: &Fed<'_>,
        plan: &Plan,
        share: Duration,
    ) -> Result<TimingSummary, TimingError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.counted.is_empty() {
            return Err(TimingError::OtherAnswers { passes: self.run });
        }
        let samples_s: Vec<f64> = self
            .counted
            .iter()
            .map(|pass| pass.answering.as_secs_f64().max(1e-9))
            .collect();
        let rates = |amount: f64| {
            let rates: Vec<f64> = samples_s.iter().map(|seconds| amount / seconds).collect();
            estimate(&rates, plan.seed)
        };
        let reported: Option<Vec<f64>> = self
            .counted
            .iter()
            .map(|pass| pass.reported.map(|t| t.as_secs_f64() * 1e3))
            .collect();
        let cpu: Option<Duration> = self.counted.iter().map(|pass| pass.cpu).sum();
        let child = self.contender.detector.process().is_some();
        Ok(TimingSummary {
            start_up_ms: self.contender.start_up.as_secs_f64() * 1e3,
            first_batch_ms: self.first_batch.unwrap_or_default().as_secs_f64() * 1e3,
            messages_per_s: rates(fed.units() as f64),
            mb_per_s: rates(fed.bytes() as f64 / 1e6),
            passes: self.counted.len() as u32,
            warm_up_passes: self.warm_up.len() as u32,
            self_reported_ms: reported.map(|times| median(&times)),
            cpu_s: cpu.map(|time| time.as_secs_f64()),
            peak_memory_bytes: self.peak,
            memory_of: if child {
                MemoryOf::Child
            } else {
                MemoryOf::Harness
            },
            model: if plan.batch <= 1 {
                "single-message"
            } else {
                "batch"
            }
            .to_owned(),
            batch: plan.batch.max(1) as u32,
            budget_s: share.as_secs_f64(),
            trimmed: self.trimmed,
            mad_s: mad(&samples_s),
            samples_s,
            warm_up_s: self.warm_up,
            prediction_hash_ok: self.agreed,
        })
    }
}

/// Do the last three passes agree within 5 %?
fn is_steady(times: &[f64]) -> bool {
    let Some(last) = times.len().checked_sub(3).map(|from| &times[from..]) else {
        return false;
    };
    let (least, most) = last
        .iter()
        .fold((f64::MAX, 0.0_f64), |(least, most), &time| {
            (least.min(time), most.max(time))
        });
    most <= least * 1.05
}

#[cfg(test)]
mod tests;
