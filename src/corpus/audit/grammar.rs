//! What a grammar has to say: phrases of every constituent, by intent, language and split.
//!
//! Read from the grammar, not from a corpus, so that it shows what no corpus has met yet.

use super::noise::NoiseReport;
use crate::conversation::Split;
use crate::corpus::Data;
use crate::dialogue::plot::Plots;
use crate::wording::grammar::Grammar;
use crate::wording::language::Language;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Phrases of one constituent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstituentRow {
    /// Its name.
    pub constituent: String,
    /// Is it the same in every split?
    pub shared: bool,
    /// Phrases of train, dev and test; `None` where the language has none at all.
    pub phrases: Option<[usize; 3]>,
}

/// The constituents of one intent in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntentRow {
    /// Folder of the language.
    pub language: String,
    /// The intent; `*` for what the planner says in all of them.
    pub intent: String,
    /// Its constituents.
    pub constituents: Vec<ConstituentRow>,
    /// Those that the language cannot say.
    pub missing: Vec<String>,
}

/// The report on a language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageReport {
    /// Folder of the language.
    pub language: String,
    /// Phrases of all constituents.
    pub phrases: usize,
    /// By intent.
    pub intents: Vec<IntentRow>,
    /// Constituents that no plot says and no phrase uses.
    pub unused: Vec<String>,
    /// Phrases of content with the same words (punctuation apart) in two splits.
    pub same_words: Vec<(String, String)>,
    /// The noise of its default corpus, where that was told.
    pub noise: Option<NoiseReport>,
}

/// Reports on the language of a tag.
///
/// # Errors
/// A language that there is not.
pub fn language_report(tag: &str, data: &Data) -> Result<LanguageReport, String> {
    let (language, plots) = (data.language(tag)?, data.plots());
    let mut intents = vec![intent_row(language, "*", &general(plots), plots)];
    for intent in &plots.intents {
        let said = plots.constituents_of(&intent.steps);
        intents.push(intent_row(language, intent.id, &said, plots));
    }
    let named: BTreeSet<&str> = intents
        .iter()
        .flat_map(|row| row.constituents.iter().map(|c| c.constituent.as_str()))
        .collect();
    let inner = inner(language);
    let unused = language.grammar.constituents().map(|c| c.name);
    let unused = unused.filter(|name| {
        !named.contains(name) && !inner.contains(*name) && !plots.says().contains(name)
    });
    Ok(LanguageReport {
        language: language.folder.to_owned(),
        phrases: language.grammar.phrases().count(),
        same_words: same_words(&language.grammar),
        unused: unused.map(str::to_owned).collect(),
        intents,
        noise: None,
    })
}

/// Constituents that phrases hold.
fn inner(language: &Language) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for phrase in language.grammar.phrases() {
        crate::wording::notation::walk(&phrase.nodes, &mut |node| {
            if let crate::wording::notation::Node::Constituent(name) = node {
                names.insert(name.to_string());
            }
        });
    }
    names
}

/// What is said whatever the intent.
fn general(plots: &Plots) -> BTreeSet<&'static str> {
    let planner = crate::dialogue::plot::PLANNER_SAYS;
    planner
        .into_iter()
        .filter(|name| plots.say(name).is_some())
        .collect()
}

fn intent_row(
    language: &Language,
    intent: &str,
    said: &BTreeSet<&'static str>,
    plots: &Plots,
) -> IntentRow {
    let mut missing = Vec::new();
    let constituents = said
        .iter()
        .map(|name| {
            let id = plots.say(name).and_then(|say| language.constituent(say));
            let found = id.map(|id| language.grammar.constituent(id));
            if found.is_none() {
                missing.push((*name).to_owned());
            }
            ConstituentRow {
                constituent: (*name).to_owned(),
                shared: found.is_some_and(|constituent| constituent.shared),
                phrases: found.map(|constituent| {
                    [Split::Train, Split::Dev, Split::Test]
                        .map(|split| constituent.pool(split).phrases.len())
                }),
            }
        })
        .collect();
    IntentRow {
        language: language.folder.to_owned(),
        intent: intent.to_owned(),
        constituents,
        missing,
    }
}

/// Phrases of content whose words stand in two splits under different ids: what ids cannot show.
pub fn same_words(grammar: &Grammar) -> Vec<(String, String)> {
    let mut seen: BTreeMap<String, (Split, &str)> = BTreeMap::new();
    let mut found = Vec::new();
    for constituent in grammar
        .constituents()
        .filter(|constituent| !constituent.shared)
    {
        for &split in Split::ALL {
            for phrase in constituent.said_in(split) {
                let text = format!("{:?}", phrase.nodes).to_lowercase();
                let words: Vec<&str> = super::figures::tokens::words(&text).collect();
                let words = words.join(" ");
                match seen.get(&words) {
                    Some((other, id)) if *other != split => {
                        found.push(((*id).to_owned(), phrase.id.to_owned()));
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(words, (split, phrase.id));
                    }
                }
            }
        }
    }
    found
}
