//! Speed and cost of the detectors that were timed.

use super::{Table, name, scored};
use crate::report::figures::NONE;
use crate::report::result::{BenchResult, Estimate};
use crate::report::words::{Words, fill};

/// The table of speeds, where any was measured.
pub fn speed(result: &BenchResult, words: &Words) -> Option<Table> {
    let h = &words.heads;
    let head = [
        &*h.detector,
        &h.messages_per_s,
        &h.megabytes_per_s,
        &h.threads,
        &h.passes,
        &h.cpu,
        &h.memory,
        &h.start_up,
        &h.first_batch,
    ];
    let mut table = Table::new(&words.titles.speed, 1, &head);
    let around = |estimate: &Estimate| {
        let [median, low, high] =
            [estimate.median, estimate.low, estimate.high].map(|value| words.speed(value));
        format!("{median} ({low}–{high})")
    };
    for (row, _) in scored(result) {
        let Some(timing) = &row.timing else { continue };
        let messages = around(&timing.messages_per_s);
        let memory = timing.peak_memory_bytes;
        table.rows.push(vec![
            name(row, words),
            match timing.prediction_hash_ok {
                true => messages,
                false => fill(&words.numbers.doubt, &[("n", &messages)]),
            },
            around(&timing.mb_per_s),
            row.threads.to_string(),
            timing.passes.to_string(),
            timing.cpu_s.map_or(NONE.to_owned(), |s| words.tenths(s)),
            memory.map_or(NONE.to_owned(), |bytes| words.tenths(bytes as f64 / 1e6)),
            words.tenths(timing.start_up_ms),
            words.tenths(timing.first_batch_ms),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}
