//! The ranking with its companions and verdicts, and leak by class.

use super::{Table, name, scored, told};
use crate::report::figures::NONE;
use crate::report::ranking::{Place, ranking};
use crate::report::result::{BenchResult, DetectorRow};
use crate::report::words::{Words, fill};
use crate::scoring::metrics::Metrics;
use crate::scoring::scopes::Scope;

/// The ranking, best first; below it a verdict per detector, ties and fronts.
pub fn headline(result: &BenchResult, words: &Words) -> Table {
    let h = &words.heads;
    let head = [
        "#",
        &h.detector,
        &h.critical_leak,
        &h.profile_leak,
        &h.text_masked,
        &h.alerts,
        &h.strict,
        &h.messages_per_s,
        &h.megabytes_per_s,
        &h.core_labels,
    ];
    let mut table = Table::new(&words.titles.ranking, 2, &head);
    for place in ranking(result) {
        if let Some(metrics) = place.row.metrics() {
            table.rows.push(headline_row(&place, metrics, words));
        }
    }
    table.below = told(result)
        .map(|(row, metrics)| verdict(row, metrics, words))
        .chain(ties(result, words))
        .chain(fronts(result, words))
        .collect();
    table
}

fn headline_row(place: &Place<'_>, metrics: &Metrics, words: &Words) -> Vec<String> {
    let row = place.row;
    let strict = metrics
        .scopes
        .get(&Scope::All)
        .map(|scope| scope.micro.strict)
        .unwrap_or_default();
    let scores = [strict.precision.value(), strict.recall.value(), strict.f1]
        .map(|score| words.score(score));
    let speeds = row.timing.as_ref().map(|timing| {
        [timing.messages_per_s.median, timing.mb_per_s.median].map(|speed| {
            let written = words.speed(speed);
            // A pass whose predictions were other than the scored ones measured other work.
            match timing.prediction_hash_ok {
                true => written,
                false => fill(&words.numbers.doubt, &[("n", &written)]),
            }
        })
    });
    let [messages, megabytes] = speeds.unwrap_or([NONE, NONE].map(str::to_owned));
    let claims = &row.claims;
    vec![
        place.name(),
        name(row, words),
        words.leak(&metrics.critical.leak),
        words.share(&metrics.profile.leak),
        words.share(&metrics.coverage.harmless_masked),
        words.per_thousand(&metrics.coverage.false_alerts),
        scores.join(" "),
        messages,
        megabytes,
        format!("{}/{}", claims.core_claimed, claims.core),
    ]
}

/// A detector's figures as a sentence.
fn verdict(row: &DetectorRow, metrics: &Metrics, words: &Words) -> String {
    let leak = &metrics.critical.leak;
    let claims = &row.claims;
    let within = claims.leak_within.as_ref();
    fill(
        &words.sentences.verdict,
        &[
            ("name", &row.name),
            ("leak", &words.leak(leak)),
            ("count", &words.count(leak.count)),
            ("of", &words.count(leak.of)),
            ("masked", &words.share(&metrics.coverage.harmless_masked)),
            (
                "alerts",
                &words.per_thousand(&metrics.coverage.false_alerts),
            ),
            ("claimed", &claims.core_claimed.to_string()),
            ("core", &claims.core.to_string()),
            (
                "within",
                &within.map_or(NONE.to_owned(), |w| words.share(w)),
            ),
        ],
    )
}

/// One sentence per shared rank.
fn ties(result: &BenchResult, words: &Words) -> Vec<String> {
    let places = ranking(result);
    places
        .chunk_by(|a, b| a.rank == b.rank)
        .filter(|group| group[0].rank.is_some() && group[0].shared)
        .map(|group| {
            let names: Vec<String> = group.iter().map(|p| p.row.name.clone()).collect();
            fill(&words.sentences.tied, &[("names", &words.listed(&names))])
        })
        .collect()
}

/// Who is not beaten on two figures at once: there is no blended score.
fn fronts(result: &BenchResult, words: &Words) -> Vec<String> {
    let masked: Vec<(&str, [f64; 2])> = scored(result)
        .filter_map(|(row, m)| {
            let figures = [
                m.critical.leak.value()?,
                m.coverage.harmless_masked.value()?,
            ];
            Some((&*row.name, figures))
        })
        .collect();
    let fast: Vec<(&str, [f64; 2])> = scored(result)
        .filter_map(|(row, m)| {
            let speed = row.timing.as_ref()?.messages_per_s.median;
            Some((&*row.name, [m.critical.leak.value()?, -speed]))
        })
        .collect();
    [
        (&words.sentences.front_masked, masked),
        (&words.sentences.front_speed, fast),
    ]
    .into_iter()
    .filter(|(_, rows)| rows.len() > 1)
    .map(|(text, rows)| fill(text, &[("names", &words.listed(&front(&rows)))]))
    .collect()
}

/// The names whose two figures, less being better, no other's are better or equal to on both and
/// better on one.
fn front(rows: &[(&str, [f64; 2])]) -> Vec<String> {
    let beats = |a: &[f64; 2], b: &[f64; 2]| a[0] <= b[0] && a[1] <= b[1] && a != b;
    rows.iter()
        .filter(|(_, figures)| !rows.iter().any(|(_, other)| beats(other, figures)))
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

/// Leak by exposure class, and by conversation and customer.
pub fn classes(result: &BenchResult, words: &Words) -> Table {
    let h = &words.heads;
    let mut table = Table::new(&words.titles.classes, 1, &[&h.detector]);
    let classes = crate::taxonomy::Exposure::ALL;
    table
        .head
        .extend(classes.iter().map(|&class| words.class(class).to_owned()));
    let others = [
        &h.critical_mentions,
        &h.conversations,
        &h.customers,
        &h.within_claims,
    ];
    table.head.extend(others.map(String::clone));
    for (row, metrics) in scored(result) {
        let mut cells = vec![name(row, words)];
        let of_classes = metrics.classes.iter();
        cells.extend(of_classes.map(|class| words.share(&class.leak.leak)));
        cells.push(words.share(&metrics.critical.mentions));
        cells.push(words.share(&metrics.exposed_conversations.critical));
        cells.push(words.share(&metrics.exposed_customers.critical));
        let within = row.claims.leak_within.as_ref();
        cells.push(within.map_or(NONE.to_owned(), |within| words.share(within)));
        table.rows.push(cells);
    }
    table.below = super::exposure::learned(result, words);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_front_holds_whoever_is_beaten_by_nobody_on_both() {
        let rows = [
            ("all", [0.0, 1.0]),
            ("good", [0.1, 0.01]),
            ("twin", [0.1, 0.01]),
            ("worse", [0.2, 0.02]),
            ("none", [1.0, 0.0]),
        ];
        assert_eq!(front(&rows), ["all", "good", "twin", "none"]);
    }
}
