//! The tables of a report, before they are laid out.
//!
//! Invariant: every table is a pure function of a result, and the same cells stand in the terminal and
//! in the page.

use super::LabelRows;
use super::figures::{NONE, count, leak, per_thousand, score, share, speed};
use super::ranking::{Place, ranking};
use super::result::{BenchResult, DetectorRow, Role};
use crate::scoring::intervals::least_clusters;
use crate::scoring::label_map::LabelSet;
use crate::scoring::metrics::Metrics;
use crate::scoring::scopes::Scope;
use std::collections::BTreeSet;

/// A table of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Column heads; a line break is where a narrow one may break.
    pub head: Vec<String>,
    /// Cells, row by row.
    pub rows: Vec<Vec<String>>,
    /// How many columns from the left hold words; the others hold numbers.
    pub words: usize,
}

impl Table {
    fn new(title: &str, words: usize, head: &[&str]) -> Self {
        let head = head.iter().map(|&name| name.to_owned()).collect();
        Table {
            title: title.to_owned(),
            head,
            rows: Vec::new(),
            words,
        }
    }
}

/// How many detectors stand side by side in one table.
const ABREAST: usize = 6;

/// The name of a detector in a table, cut to its column.
fn name(row: &DetectorRow) -> String {
    let mark = match row.role {
        Role::Ranked => "",
        Role::Anchor => " (anchor)",
        Role::Reference => " (ours)",
    };
    let room = 20 - mark.chars().count();
    let mut name: String = row.name.chars().take(room).collect();
    if row.name.chars().count() > room {
        name.pop();
        name.push('…');
    }
    format!("{name}{mark}")
}

/// The ranking: the headline with its companions, best first.
pub fn headline(result: &BenchResult) -> Table {
    let mut table = Table::new(
        "Ranking by leak of critical values",
        2,
        &[
            "#",
            "detector",
            "critical\nleak",
            "profile\nleak",
            "text\nmasked",
            "alerts\n/1k",
            "strict\nP R F1",
            "msg/s",
            "MB/s",
            "core\nlabels",
        ],
    );
    for place in ranking(result) {
        let Some(metrics) = place.row.metrics() else {
            continue;
        };
        table.rows.push(headline_row(&place, metrics));
    }
    table
}

fn headline_row(place: &Place<'_>, metrics: &Metrics) -> Vec<String> {
    let row = place.row;
    let strict = metrics
        .scopes
        .get(&Scope::All)
        .map(|scope| scope.micro.strict);
    let strict = strict.unwrap_or_default();
    let scores = [strict.precision.value(), strict.recall.value(), strict.f1].map(score);
    let speeds = row.timing.as_ref().map(|timing| {
        // A pass whose predictions were other than the scored ones measured other work.
        let doubt = if timing.prediction_hash_ok { "" } else { "?" };
        [timing.messages_per_s.median, timing.mb_per_s.median]
            .map(|value| format!("{}{doubt}", speed(value)))
    });
    let [messages, megabytes] = speeds.unwrap_or([NONE, NONE].map(str::to_owned));
    let claims = &row.claims;
    vec![
        place.name(),
        name(row),
        leak(&metrics.critical.leak),
        share(&metrics.profile.leak),
        share(&metrics.coverage.harmless_masked),
        per_thousand(&metrics.coverage.false_alerts),
        scores.join(" "),
        messages,
        megabytes,
        format!("{}/{}", claims.core_claimed, claims.core),
    ]
}

/// Leak by exposure class, and by conversation and customer.
pub fn classes(result: &BenchResult) -> Table {
    let mut table = Table::new(
        "Leak by class of value, of critical values by whom they are of, and of the values claimed",
        1,
        &[
            "detector",
            "secret",
            "account",
            "identity",
            "profile",
            "reference",
            "critical\nmentions",
            "conversations",
            "customers",
            "within\nclaims",
        ],
    );
    for (row, metrics) in scored(result) {
        let mut cells = vec![name(row)];
        cells.extend(metrics.classes.iter().map(|class| share(&class.leak.leak)));
        cells.push(share(&metrics.critical.mentions));
        cells.push(share(&metrics.exposed_conversations.critical));
        cells.push(share(&metrics.exposed_customers.critical));
        cells.push(
            row.claims
                .leak_within
                .as_ref()
                .map_or(NONE.to_owned(), share),
        );
        table.rows.push(cells);
    }
    table
}

/// One table per detector: recall, precision and leak of every label, with its support.
pub fn labels(result: &BenchResult, which: LabelRows) -> Vec<Table> {
    let core = LabelSet::core();
    let wanted = |label| match which {
        LabelRows::None => false,
        LabelRows::Core => core.contains(label),
        LabelRows::All => true,
    };
    if which == LabelRows::None {
        return Vec::new();
    }
    let tables = scored(result)
        .filter(|(row, _)| row.role != Role::Anchor)
        .map(|(row, metrics)| {
            let title = format!("{} {}, by label", row.name, row.version);
            let mut table = Table::new(
                &title,
                1,
                &["label", "n", "recall", "precision", "F1", "values", "leak"],
            );
            for (&label, metrics) in metrics.labels.iter().filter(|(label, _)| wanted(**label)) {
                let strict = &metrics.spans.strict;
                table.rows.push(vec![
                    label.id().to_owned(),
                    count(strict.recall.of),
                    score(strict.recall.value()),
                    score(strict.precision.value()),
                    score(strict.f1),
                    count(metrics.leak.leak.of),
                    leak(&metrics.leak.leak),
                ]);
            }
            table
        });
    tables.collect()
}

/// Decoys that raise an alert, by what they are; several tables where many detectors stand abreast.
pub fn decoys(result: &BenchResult) -> Vec<Table> {
    let rows: Vec<(&DetectorRow, &Metrics)> = scored(result).collect();
    let kinds: BTreeSet<&String> = rows.iter().flat_map(|(_, m)| m.decoys.keys()).collect();
    if kinds.is_empty() {
        return Vec::new();
    }
    let tables = rows.chunks(ABREAST).map(|abreast| {
        let mut table = Table::new(
            "Decoys that raise an alert, by what they are",
            1,
            &["decoy", "n"],
        );
        table
            .head
            .extend(abreast.iter().map(|(row, _)| name(row).replace(' ', "\n")));
        for &kind in &kinds {
            let of = |metrics: &Metrics| metrics.decoys.get(kind).map(|decoys| decoys.alerted);
            let support = abreast
                .iter()
                .find_map(|(_, m)| of(m))
                .map_or(0, |alerted| alerted.of);
            let mut cells = vec![kind.clone(), count(support)];
            cells.extend(
                abreast
                    .iter()
                    .map(|(_, m)| of(m).map_or(NONE.to_owned(), |ratio| share(&ratio))),
            );
            table.rows.push(cells);
        }
        table
    });
    tables.collect()
}

fn scored(result: &BenchResult) -> impl Iterator<Item = (&DetectorRow, &Metrics)> {
    ranking(result)
        .into_iter()
        .filter_map(|place| Some((place.row, place.row.metrics()?)))
}

/// What the run was, in one line each.
pub fn facts(result: &BenchResult) -> Vec<String> {
    let corpus = &result.corpus;
    let options = &result.options;
    let split = options
        .split
        .map_or("all splits".to_owned(), |split| format!("{split} split"));
    let content = corpus.content_hash.get(..8).unwrap_or(&corpus.content_hash);
    let (suite, conversations) = (&corpus.suite, count(corpus.conversations));
    let mut facts = vec![
        match &result.given {
            Some(given) => {
                format!("corpus {suite}, {conversations} conversations, content {content}; {given}")
            }
            None => format!(
                "corpus {suite}, {conversations} conversations, seed {}, version {}, content \
                 {content}; {split}",
                corpus.seed, corpus.corpus_version,
            ),
        },
        format!(
            "feed {}, {} previous messages; tolerance policy {}; label set {}; tellerbench {}",
            result.feed,
            options.history,
            options.tolerance,
            result
                .label_set_hash
                .get(..8)
                .unwrap_or(&result.label_set_hash),
            result.crate_version,
        ),
    ];
    facts.extend(result.machine.as_ref().map(|machine| {
        let load = machine
            .load_average
            .map_or(String::new(), |[load, ..]| format!(", load {load:.2}"));
        format!(
            "machine {}, {} cores, {}{load}",
            machine.cpu_model, machine.cores, machine.os
        )
    }));
    facts
}

/// The detectors that failed, and why.
pub fn failures(result: &BenchResult) -> Vec<String> {
    let rows = ranking(result).into_iter();
    rows.filter_map(|place| {
        let failure = place.row.failure()?;
        let row = place.row;
        Some(format!(
            "{} {} failed ({}): {}",
            row.name, row.version, failure.kind, failure.message
        ))
    })
    .collect()
}

/// What a reader must know to read the numbers.
pub fn notes(result: &BenchResult) -> Vec<String> {
    let mut notes = vec![
        "Intervals are 95 %: uncertainty over this generator's phrases and customers, not over real \
         customers."
            .to_owned(),
        "A value leaks if an essential character of it stays readable in any mention, whatever the \
         label of what covers the rest. Critical: secret and account values."
            .to_owned(),
        "Text masked: covered characters of 100 outside gold. Alerts: predicted ranges per 1,000 \
         messages without gold. Core labels: how many the detector claims; within claims: what leaks \
         of the values of all labels that it claims."
            .to_owned(),
        "A rank is shared (=) by detectors whose difference to its first may be 0 (paired bootstrap, \
         Holm). Anchors, and what was written by the corpus's authors (ours), are not ranked."
            .to_owned(),
    ];
    let clusters = scored(result)
        .map(|(_, metrics)| metrics.critical.clusters)
        .max();
    let needed = |bound: f64| least_clusters(bound).map_or(NONE.to_owned(), count);
    notes.push(format!(
        "At zero leaks, to claim at most 1 % takes {} independent clusters of values and at most \
         0.1 % takes {}; this run has {}.",
        needed(0.01),
        needed(0.001),
        clusters.map_or(NONE.to_owned(), count),
    ));
    let doubtful = |row: &DetectorRow| row.timing.as_ref().is_some_and(|t| !t.prediction_hash_ok);
    if result.detectors.iter().any(doubtful) {
        let note = "A speed marked ? was measured on other predictions than the scored ones.";
        notes.push(note.to_owned());
    }
    for (row, metrics) in scored(result) {
        if !metrics.unmapped.is_empty() {
            let names: Vec<String> = metrics
                .unmapped
                .iter()
                .map(|(name, number)| format!("{name} ({})", count(*number)))
                .collect();
            notes.push(format!(
                "{} used labels that its label map does not know, scored without their type: {}.",
                row.name,
                names.join(", "),
            ));
        }
    }
    notes
}
