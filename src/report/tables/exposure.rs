//! What a platform that reads the redacted conversations still learns of customers.

use super::abreast::{Row, abreast};
use super::{Table, scored, told};
use crate::report::result::BenchResult;
use crate::report::words::{Words, fill};
use crate::scoring::exposure::{ExposureMetrics, FactKind};
use crate::scoring::metrics::Metrics;
use std::collections::BTreeSet;

/// Most segments that get a row: those that the written text gives most customers.
const SEGMENTS: usize = 12;

/// Facts seen by kind, then segments kept; below, a sentence per detector.
pub fn exposure(result: &BenchResult, words: &Words) -> Vec<Table> {
    let s = &words.sentences;
    let segments = segments(result);
    let facts = |m: &Metrics| Some(m.exposure.as_ref()?.all_facts.seen);
    let mut rows = vec![Row::new(&*s.all_facts, facts)];
    rows.extend(FactKind::ALL.iter().map(|kind| {
        let name = fill(&s.fact, &[("name", words.fact(*kind))]);
        Row::new(name, |m| Some(m.exposure.as_ref()?.facts.get(kind)?.seen))
    }));
    let all = |m: &Metrics| Some(m.exposure.as_ref()?.learned);
    rows.push(Row::new(&*s.all_segments, all));
    let sensitive = |m: &Metrics| Some(m.exposure.as_ref()?.sensitive_learned);
    rows.push(Row::new(&*s.sensitive_segments, sensitive));
    rows.extend(segments.iter().map(|segment| {
        let name = fill(&s.segment, &[("name", segment)]);
        Row::new(name, move |m| {
            Some(m.exposure.as_ref()?.segments.get(*segment)?.kept)
        })
    }));
    let title = &words.titles.exposure;
    let mut tables = abreast(result, words, title, &words.heads.fact, &rows);
    if let Some(last) = tables.last_mut() {
        last.below = learned(result, words);
    }
    tables
}

/// The segments with most customers, the greatest first.
fn segments(result: &BenchResult) -> Vec<&str> {
    let all: BTreeSet<(std::cmp::Reverse<u64>, &str)> = scored(result)
        .filter_map(|(_, metrics)| metrics.exposure.as_ref())
        .flat_map(|exposure| &exposure.segments)
        .map(|(name, segment)| (std::cmp::Reverse(segment.kept.of), &**name))
        .collect();
    all.into_iter()
        .map(|(_, name)| name)
        .take(SEGMENTS)
        .collect()
}

/// Without a detector a platform learns this, with each of them that.
pub fn learned(result: &BenchResult, words: &Words) -> Vec<String> {
    told(result)
        .filter_map(|(row, metrics)| {
            let exposure = metrics.exposure.as_ref()?;
            Some(sentence(&row.name, exposure, words))
        })
        .collect()
}

fn sentence(name: &str, exposure: &ExposureMetrics, words: &Words) -> String {
    let facts = &exposure.all_facts.seen;
    let (segments, sensitive) = (&exposure.learned, &exposure.sensitive_learned);
    fill(
        &words.sentences.learned,
        &[
            ("name", name),
            ("customers", &words.count(exposure.customers)),
            ("facts", &words.count(facts.of)),
            ("segments", &words.count(segments.of)),
            ("sensitive", &words.count(sensitive.of)),
            ("seen", &words.count(facts.count)),
            ("seen_share", &words.share_within(facts)),
            ("kept", &words.count(segments.count)),
            ("kept_share", &words.share_within(segments)),
            ("sensitive_kept", &words.count(sensitive.count)),
            ("sensitive_share", &words.share(sensitive)),
        ],
    )
}
