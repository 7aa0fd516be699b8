//! The result in long form, for notebooks: one figure a row.
//!
//! Columns: `detector,scope,label,metric,value,lower,upper,n,version,corpus`. The scope says what a
//! figure is of; `label` is a label of the taxonomy, or `(none)` in the confusion matrix, and empty where the
//! figure is of no label. Heads are
//! English in every language, and numbers have points. Invariant: a cell is a number, or text that no
//! spreadsheet takes for a formula (RFC 4180, with OWASP's guard against CSV injection).

use super::result::{BenchResult, DetectorRow, Estimate};
use super::tables::{scored, worst};
use crate::scoring::Relation;
use crate::scoring::examples::is_error;
use crate::scoring::intervals::Interval;
use crate::scoring::metrics::{LeakMetrics, Metrics};
use crate::scoring::ratios::{Ratio, Scores};
use std::fmt::Write;

/// The heads.
pub const HEAD: &str = "detector,scope,label,metric,value,lower,upper,n,version,corpus";

/// The rows of a result.
pub fn render(result: &BenchResult) -> String {
    let mut rows = Rows {
        out: format!("{HEAD}\n"),
        detector: String::new(),
        tail: String::new(),
    };
    let corpus = corpus(result);
    for (row, metrics) in scored(result) {
        rows.detector = text(&row.name);
        rows.tail = format!("{},{}", text(&row.version), text(&corpus));
        rows.detector(row, metrics);
    }
    rows.out
}

/// The id of the corpus, as predictions files carry it.
pub(super) fn corpus(result: &BenchResult) -> String {
    let id = &result.corpus;
    let short = id.content_hash.get(..8).unwrap_or(&id.content_hash);
    let (name, n) = (&id.suite, id.conversations);
    format!("{name}:{n}:{}:v{}:{short}", id.seed, id.corpus_version)
}

struct Rows {
    out: String,
    detector: String,
    tail: String,
}

impl Rows {
    fn detector(&mut self, row: &DetectorRow, m: &Metrics) {
        self.leak("critical", "", &m.critical);
        self.leak("profile", "", &m.profile);
        if let Some(within) = &row.claims.leak_within {
            self.ratio("claimed", "", "leak", within);
        }
        self.ratio("all", "", "harmless_masked", &m.coverage.harmless_masked);
        self.ratio("all", "", "false_alerts", &m.coverage.false_alerts);
        self.ratio("all", "", "char_precision", &m.coverage.char_precision);
        self.ratio("all", "", "char_recall", &m.coverage.char_recall);
        self.ratio(
            "all",
            "",
            "message_precision",
            &m.coverage.message_precision,
        );
        self.ratio("all", "", "message_recall", &m.coverage.message_recall);
        for (metric, exposed) in [
            ("conversations_leaking", &m.exposed_conversations),
            ("customers_leaking", &m.exposed_customers),
        ] {
            self.ratio("critical", "", metric, &exposed.critical);
            self.ratio("profile", "", metric, &exposed.profile);
        }
        for (scope, scores) in &m.scopes {
            self.scores(scope.name(), "", "strict", &scores.micro.strict);
            self.scores(scope.name(), "", "type", &scores.micro.typed);
        }
        for class in &m.classes {
            let scope = format!("class:{}", class.class.name());
            self.leak(&scope, "", &class.leak);
            self.ratio(&scope, "", "strict_recall", &class.recall);
        }
        for (regime, group) in &m.legal {
            self.leak(&format!("legal:{regime}"), "", &group.leak);
        }
        if let Some(exposure) = &m.exposure {
            self.ratio("exposure", "", "facts_seen", &exposure.all_facts.seen);
            self.ratio("exposure", "", "segments_kept", &exposure.learned);
            let sensitive = &exposure.sensitive_learned;
            self.ratio("exposure", "", "sensitive_segments_kept", sensitive);
            for (kind, facts) in &exposure.facts {
                self.ratio(&format!("fact:{kind}"), "", "facts_seen", &facts.seen);
            }
            for (name, segment) in &exposure.segments {
                let scope = format!("segment:{name}");
                self.ratio(&scope, "", "segments_kept", &segment.kept);
            }
        }
        for (label, metrics) in &m.labels {
            self.leak("label", label.id(), &metrics.leak);
            self.scores("label", label.id(), "strict", &metrics.spans.strict);
            self.ratio("label", label.id(), "char_recall", &metrics.char_recall);
        }
        for &relation in Relation::ALL {
            let count = m.errors.get(&relation).copied().unwrap_or(0);
            let summed = relation == Relation::Correct || is_error(relation);
            let metric = format!("events_{relation}");
            let scope = if summed { "all" } else { "outside" };
            self.row(scope, "", &metric, Some(count as f64), None, None);
        }
        for cell in &m.matrix {
            let scope = format!("meant:{}", cell.predicted);
            for (metric, count) in [
                ("exact", cell.exact),
                ("overlapping", cell.overlapping),
                ("further", cell.further),
                ("alone", cell.alone),
            ] {
                if count > 0 {
                    let metric = format!("matrix_{metric}");
                    self.row(&scope, &cell.gold, &metric, Some(count as f64), None, None);
                }
            }
        }
        for slice in worst(m) {
            let scope = format!("{}:{}", slice.dimension, slice.name);
            self.ratio(&scope, "", "critical_leak", &slice.leak);
            self.ratio(&scope, "", "strict_recall", &slice.recall);
        }
        for (kind, decoys) in &m.decoys {
            self.ratio(&format!("decoy:{kind}"), "", "alerted", &decoys.alerted);
        }
        if let Some(timing) = &row.timing {
            self.estimate("messages_per_s", &timing.messages_per_s, timing.passes);
            self.estimate("mb_per_s", &timing.mb_per_s, timing.passes);
        }
    }

    fn leak(&mut self, scope: &str, label: &str, leak: &LeakMetrics) {
        self.ratio(scope, label, "leak", &leak.leak);
        self.ratio(scope, label, "leak_mentions", &leak.mentions);
        let n = Some(leak.leak.of);
        self.row(scope, label, "mean_readable", leak.mean_readable, None, n);
    }

    fn scores(&mut self, scope: &str, label: &str, kind: &str, scores: &Scores) {
        let metric = |name: &str| format!("{kind}_{name}");
        self.ratio(scope, label, &metric("precision"), &scores.precision);
        self.ratio(scope, label, &metric("recall"), &scores.recall);
        self.row(scope, label, &metric("f1"), scores.f1, None, None);
    }

    fn ratio(&mut self, scope: &str, label: &str, metric: &str, ratio: &Ratio) {
        let (value, n) = (ratio.value(), Some(ratio.of));
        self.row(scope, label, metric, value, ratio.interval, n);
    }

    fn estimate(&mut self, metric: &str, estimate: &Estimate, passes: u32) {
        let interval = Interval {
            low: estimate.low,
            high: estimate.high,
        };
        let n = Some(u64::from(passes));
        self.row(
            "speed",
            "",
            metric,
            Some(estimate.median),
            Some(interval),
            n,
        );
    }

    fn row(
        &mut self,
        scope: &str,
        label: &str,
        metric: &str,
        value: Option<f64>,
        interval: Option<Interval>,
        n: Option<u64>,
    ) {
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let _ = writeln!(
            self.out,
            "{},{},{},{},{},{},{},{},{}",
            self.detector,
            text(scope),
            text(label),
            text(metric),
            number(value),
            number(interval.map(|i| i.low)),
            number(interval.map(|i| i.high)),
            n.map_or(String::new(), |n| n.to_string()),
            self.tail,
        );
    }
}

/// A cell of text. What a spreadsheet would take for a formula gets an apostrophe in front.
fn text(cell: &str) -> String {
    let mut cell: String = cell
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if cell.trim_start().starts_with(['=', '+', '-', '@']) {
        cell.insert(0, '\'');
    }
    if cell.contains(['"', ',']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_cell_of_text_is_never_a_formula_and_never_two_cells() {
        assert_eq!(text("=1+1"), "'=1+1");
        assert_eq!(text("+33"), "'+33");
        assert_eq!(text("-"), "'-");
        assert_eq!(text(" @SUM(A1)"), "' @SUM(A1)");
        assert_eq!(text("\t=1"), "' =1");
        assert_eq!(text("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(text("=\"a\",1"), "\"'=\"\"a\"\",1\"");
        assert_eq!(text("card-finder"), "card-finder");
    }
}
