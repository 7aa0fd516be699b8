//! Data of the audit: the ranges of safe values, and reference figures of public corpora.

use crate::conversation::Safety;
use crate::taxonomy::Label;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A range of values.
#[derive(Debug)]
pub struct Range {
    /// The tier that it supports.
    pub safety: Safety,
    /// Do validators that know the assigned ranges accept it?
    pub strict: Option<bool>,
    /// The whole value in normal form.
    pub pattern: Regex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RangeFile {
    schema: u32,
    unique: Vec<Label>,
    published: BTreeSet<String>,
    range: Vec<RawRange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRange {
    label: Label,
    safety: Safety,
    #[serde(default)]
    strict: Option<bool>,
    pattern: String,
}

struct Ranges {
    by_label: BTreeMap<Label, Vec<Range>>,
    unique: BTreeSet<Label>,
    published: BTreeSet<String>,
}

fn ranges() -> &'static Ranges {
    static RANGES: OnceLock<Ranges> = OnceLock::new();
    RANGES.get_or_init(|| {
        let text = include_str!("../../../datasets/audit/ranges.toml");
        let file: RangeFile = toml::from_str(text).expect("the ranges are checked by a test");
        assert_eq!(file.schema, 1);
        let mut by_label: BTreeMap<Label, Vec<Range>> = BTreeMap::new();
        for raw in file.range {
            let whole = format!("^(?:{})$", raw.pattern);
            by_label.entry(raw.label).or_default().push(Range {
                safety: raw.safety,
                strict: raw.strict,
                pattern: Regex::new(&whole).expect("the ranges are checked by a test"),
            });
        }
        Ranges {
            by_label,
            unique: file.unique.into_iter().collect(),
            published: file.published,
        }
    })
}

/// The declared ranges of a label; `None` where values of it are invented without one.
pub fn ranges_of(label: Label) -> Option<&'static [Range]> {
    ranges().by_label.get(&label).map(Vec::as_slice)
}

/// Is it a value that only one person can have?
pub fn is_unique(label: Label, value: &str) -> bool {
    ranges().unique.contains(&label) && !is_published(value)
}

/// Is it a test number that manuals print?
pub fn is_published(value: &str) -> bool {
    ranges().published.contains(value)
}

/// Where a figure of other corpora comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corpus {
    /// Short name, as figures refer to it.
    pub name: String,
    /// Whose it is, and where it is described.
    pub source: String,
}

/// What public corpora, or the project's own target, give for a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The figure.
    pub figure: String,
    /// Whether it is compared over masked text, over raw text, or over either.
    #[serde(default)]
    pub view: Option<String>,
    /// Languages for which it is meant; all where it is absent.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Lowest and highest value.
    pub range: [f64; 2],
    /// `target` of the project, or `public`: what other corpora show.
    pub kind: String,
    /// Whose figures they are.
    pub of: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceFile {
    schema: u32,
    corpus: Vec<Corpus>,
    reference: Vec<Reference>,
}

/// The reference figures, and the corpora that they were measured on.
pub fn references() -> &'static (Vec<Corpus>, Vec<Reference>) {
    static REFERENCES: OnceLock<(Vec<Corpus>, Vec<Reference>)> = OnceLock::new();
    REFERENCES.get_or_init(|| {
        let text = include_str!("../../../datasets/audit/references.toml");
        let file: ReferenceFile =
            toml::from_str(text).expect("the references are checked by a test");
        assert_eq!(file.schema, 1);
        (file.corpus, file.reference)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_lie_in_the_ranges_of_cards() {
        let pan = Label::named("PAN").unwrap();
        for number in &ranges().published {
            let ranges = ranges_of(pan).unwrap();
            assert!(
                ranges.iter().any(|r| r.pattern.is_match(number)),
                "{number}"
            );
        }
    }

    #[test]
    fn ranges_of_a_label_stand_with_the_strongest_tier_first() {
        for (label, ranges) in &ranges().by_label {
            let order: Vec<_> = ranges.iter().map(|range| range.safety).collect();
            let mut unique = order.clone();
            unique.dedup();
            assert!(
                unique.len() == 1 || label.id() == "PAN" || order.is_sorted(),
                "{label}"
            );
        }
    }

    #[test]
    fn every_reference_names_corpora_that_are_described() {
        let (corpora, references) = references();
        for reference in references {
            assert!(
                reference.range[0] <= reference.range[1],
                "{}",
                reference.figure
            );
            for name in &reference.of {
                let known = corpora.iter().any(|corpus| corpus.name == *name);
                assert!(known, "{}: {name}", reference.figure);
            }
        }
    }
}
