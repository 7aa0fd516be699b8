//! What of a result a page shows, and in which language.

use super::words::{Lang, Words};
use crate::conversation::names;
use serde::{Deserialize, Serialize};

names! {
    /// A part of a page.
    pub enum Section {
        /// The ranking, its verdicts and ties.
        Headline = "headline",
        /// Leak by class of value.
        Classes = "classes",
        /// What a platform still learns of customers.
        Exposure = "exposure",
        /// Leak by what rules name.
        Legal = "legal",
        /// A table per detector and label.
        Labels = "labels",
        /// Error classes, and which types are taken for others.
        Errors = "errors",
        /// The parts of the corpus where most leaks.
        Slices = "slices",
        /// Examples of errors.
        Examples = "examples",
        /// Alerts on what only looks sensitive.
        Decoys = "decoys",
        /// Other feeds, twins, thresholds and a bank's own traffic, where they were measured.
        Variants = "variants",
        /// Speed and cost.
        Speed = "speed",
    }
}

/// Which labels get a row in the tables by label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LabelRows {
    /// No table by label.
    None,
    /// The core labels that occur.
    #[default]
    Core,
    /// Every label that occurs.
    All,
}

/// What a page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageOptions {
    /// Its language.
    pub lang: Lang,
    /// Which labels get a row.
    pub labels: LabelRows,
    /// Its sections; what suits the page where it is absent.
    pub sections: Option<Vec<Section>>,
    /// Show values in examples, where the result holds them?
    pub values: bool,
}

impl PageOptions {
    /// A page in this language.
    pub fn in_language(lang: Lang) -> PageOptions {
        PageOptions {
            lang,
            ..PageOptions::default()
        }
    }

    pub(super) fn words(&self) -> &'static Words {
        self.lang.words()
    }

    /// Is this section asked for, or in `usual` where none is?
    pub(super) fn shows(&self, section: Section, usual: &[Section]) -> bool {
        self.sections.as_deref().unwrap_or(usual).contains(&section)
    }
}
