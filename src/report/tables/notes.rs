//! What the run was, who failed, and what a reader must know.

use super::slices::LEAST;
use super::{kept, scored, told};
use crate::report::figures::NONE;
use crate::report::page_options::Section;
use crate::report::ranking::ranking;
use crate::report::result::{BenchResult, DetectorRow};
use crate::report::words::{Words, fill};
use crate::scoring::intervals::least_clusters;

/// What the run was, in one line each.
pub fn facts(result: &BenchResult, words: &Words) -> Vec<String> {
    let s = &words.sentences;
    let corpus = &result.corpus;
    let options = &result.options;
    let split = options.split.map_or(s.all_splits.clone(), |split| {
        fill(&s.split, &[("split", split.name())])
    });
    let short = |hash: &str| hash.get(..8).unwrap_or(hash).to_owned();
    let conversations = words.count(corpus.conversations);
    let content = short(&corpus.content_hash);
    let of_corpus = match &result.given {
        None => fill(
            &s.corpus,
            &[
                ("suite", &corpus.suite),
                ("conversations", &conversations),
                ("seed", &corpus.seed.to_string()),
                ("version", &corpus.corpus_version.to_string()),
                ("content", &content),
                ("split", &split),
            ],
        ),
        Some(given) => fill(
            &s.given,
            &[
                ("suite", &corpus.suite),
                ("conversations", &conversations),
                ("content", &content),
                ("format", &given.format),
                (
                    "offsets",
                    &match given.offsets.as_str() {
                        "tokens" => s.offsets_of_tokens.clone(),
                        unit => fill(&s.offsets_in, &[("unit", unit)]),
                    },
                ),
                ("messages", &words.count(given.messages)),
                ("spans", &words.count(given.spans)),
                ("ignored", &words.count(given.ignored)),
                ("clusters", &given.clusters),
            ],
        ),
    };
    let mut facts = vec![
        of_corpus,
        fill(
            &s.run,
            &[
                ("feed", result.feed.name()),
                ("history", &options.history.to_string()),
                ("tolerance", &options.tolerance),
                ("labels", &short(&result.label_set_hash)),
                ("version", &result.crate_version),
            ],
        ),
    ];
    facts.extend(result.machine.as_ref().map(|machine| {
        let load = machine.load_average.map_or(String::new(), |[load, ..]| {
            let load = format!("{load:.2}").replace('.', &words.numbers.decimal);
            fill(&s.load, &[("load", &load)])
        });
        fill(
            &s.machine,
            &[
                ("cpu", &machine.cpu_model),
                ("cores", &machine.cores.to_string()),
                ("os", &machine.os),
                ("load", &load),
            ],
        )
    }));
    facts
}

/// The detectors that failed, and why.
pub fn failures(result: &BenchResult, words: &Words) -> Vec<String> {
    let rows = ranking(result).into_iter();
    rows.filter_map(|place| {
        let failure = place.row.failure()?;
        let row = place.row;
        Some(fill(
            &words.sentences.failed,
            &[
                ("name", &row.name),
                ("version", &row.version),
                ("kind", &failure.kind),
                ("message", &failure.message),
            ],
        ))
    })
    .collect()
}

/// What a reader must know to read the numbers of the sections that are shown.
pub fn notes(result: &BenchResult, words: &Words, shown: &impl Fn(Section) -> bool) -> Vec<String> {
    let n = &words.notes;
    let intervals = match &result.given {
        None => n.intervals.clone(),
        Some(given) => fill(&n.intervals_given, &[("clusters", &given.clusters)]),
    };
    let mut notes = vec![intervals, n.leak.clone()];
    if shown(Section::Headline) || shown(Section::Classes) {
        notes.push(n.companions.clone());
        notes.push(n.ranks.clone());
    }
    let observers = scored(result).filter_map(|(_, metrics)| metrics.exposure.as_ref());
    if let Some(exposure) = observers
        .last()
        .filter(|_| shown(Section::Classes) || shown(Section::Exposure))
    {
        notes.push(fill(&n.exposure, &[("observer", &exposure.observer)]));
    }
    if shown(Section::Legal) {
        notes.push(n.legal.clone());
    }
    if shown(Section::Labels) {
        notes.push(n.strict.clone());
    }
    if shown(Section::Slices) {
        notes.push(fill(&n.slices, &[("least", &LEAST.to_string())]));
    }
    if shown(Section::Examples) && told(result).any(|(row, _)| kept(row).is_some()) {
        notes.push(n.examples.clone());
    }
    let told_rows = || told(result).map(|(row, _)| row);
    let any = |made: &dyn Fn(&DetectorRow) -> bool| told_rows().any(made);
    let twins = |row: &DetectorRow| row.metrics().is_some_and(|m| !m.twins.is_empty());
    let curves = |row: &DetectorRow| row.metrics().is_some_and(|m| m.curves.is_some());
    if shown(Section::Variants) {
        let changes = any(&|row| !row.feeds.is_empty() || twins(row));
        notes.extend(changes.then(|| n.variants.clone()));
        notes.extend(any(&|row| row.own_traffic.is_some()).then(|| n.traffic.clone()));
        notes.extend(any(&curves).then(|| n.curves.clone()));
    }
    if shown(Section::Speed) {
        notes.push(n.speed.clone());
    }
    let clusters = scored(result)
        .map(|(_, metrics)| metrics.critical.clusters)
        .max();
    let needed = |bound| least_clusters(bound).map_or(NONE.to_owned(), |n| words.count(n));
    notes.push(fill(
        &n.least,
        &[
            ("one", &needed(0.01)),
            ("tenth", &needed(0.001)),
            (
                "here",
                &clusters.map_or(NONE.to_owned(), |n| words.count(n)),
            ),
        ],
    ));
    let doubtful = |row: &DetectorRow| row.timing.as_ref().is_some_and(|t| !t.prediction_hash_ok);
    if result.detectors.iter().any(doubtful) {
        notes.push(n.doubtful.clone());
    }
    for (row, metrics) in scored(result) {
        if !metrics.unmapped.is_empty() {
            let labels: Vec<String> = metrics
                .unmapped
                .iter()
                .map(|(name, number)| format!("{name} ({})", words.count(*number)))
                .collect();
            let labels = labels.join(", ");
            notes.push(fill(
                &n.unmapped,
                &[("name", &row.name), ("labels", &labels)],
            ));
        }
    }
    notes
}
