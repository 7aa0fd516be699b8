//! What an audit says: a file, from which pages are made.

use super::coverage::Coverage;
use super::data;
use super::figures::FigureGroup;
use super::ngrams::Overlap;
use super::source::Given;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the report's form (`schemas/audit.v1.json`).
pub const AUDIT_SCHEMA: u32 = 1;

/// Whether a corpus is what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing that was checked is wrong.
    Sound,
    /// Something is.
    Violated,
}

/// An audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Version of this form.
    pub schema: u32,
    /// `audit`.
    pub kind: String,
    /// Version of the program.
    pub crate_version: String,
    /// What was audited.
    pub corpus: Audited,
    /// The verdict.
    pub verdict: Verdict,
    /// The checks, in their order.
    pub checks: Vec<CheckReport>,
    /// What occurs.
    pub coverage: Coverage,
    /// Figures by language and speaker.
    pub figures: Vec<FigureGroup>,
    /// What splits, or this and another corpus, have in common.
    pub overlaps: Vec<Overlap>,
    /// Whose figures the references are.
    pub reference_corpora: Vec<data::Corpus>,
}

/// What was audited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audited {
    /// Its files.
    pub files: Vec<String>,
    /// Id of the manifest, where there is one.
    pub id: Option<String>,
    /// Additive content hash, over the records that the reader takes.
    pub content: String,
    /// Records that were made again from spec and seed.
    pub regenerated: u64,
    /// How it was read, where it is in the format of another tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
    /// Is the text of its values shown?
    pub values_shown: bool,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckReport {
    /// Its name.
    pub name: String,
    /// What it claims.
    pub about: String,
    /// Things looked at.
    pub checked: u64,
    /// Things found wrong.
    pub violated: u64,
    /// Things that could not be checked, by why.
    pub cannot: BTreeMap<String, u64>,
    /// The first violations.
    pub first: Vec<ViolationReport>,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViolationReport {
    /// File; absent for the corpus as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Message, unit or conversation.
    pub id: String,
    /// What is wrong.
    pub what: String,
    /// The values, where they may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<String>,
}

impl Report {
    /// Things found wrong.
    pub fn violations(&self) -> u64 {
        self.checks.iter().map(|check| check.violated).sum()
    }
}
