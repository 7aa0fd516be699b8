//! Coverage: what occurs how often, and what could occur and does not.

use super::record::Conversation;
use crate::conversation::{Form, MessageKind, Policy, Safety, Speaker, Split};
use crate::corpus::{Data, Spec};
use crate::country::Country;
use crate::taxonomy::Label;
use crate::wording::notation::Node;
use crate::wording::notation::walk;
use crate::world::Tables;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Counts by name.
pub type Counts = BTreeMap<String, u64>;

/// Counts of everything that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Conversations.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
    /// Spans, fields included.
    pub spans: u64,
    /// Decoys, fields included.
    pub decoys: u64,
    /// Counts of each dimension: labels, intents, policies, forms, …
    pub counts: BTreeMap<String, Counts>,
    /// What the taxonomy, the plots and the grammar have and the corpus has not.
    pub missing: BTreeMap<String, Vec<String>>,
}

/// Decoys that come from the cast, not from a phrase.
const CAST_DECOYS: [&str; 33] = [
    "bank_bic",
    "bot_persona",
    "branch",
    "commit",
    "company_number",
    "company_phone",
    "error_code",
    "help_page",
    "hotline",
    "internal_ticket",
    "invoice_number",
    "law_article",
    "legal_entity",
    "loyalty_card",
    "machine_number",
    "order_number",
    "parcel_number",
    "product_code",
    "public_figure",
    "public_iban",
    "queue_number",
    "quote_reference",
    "scam_link",
    "scam_number",
    "serial_number",
    "short_code",
    "sim_card",
    "time_of_day",
    "timestamp",
    "tracking_number",
    "transaction_hash",
    "version",
    "year",
];

impl Coverage {
    /// Counts a conversation.
    pub fn add(&mut self, c: &Conversation<'_>) {
        let record = c.record;
        self.conversations += 1;
        self.messages += record.messages.len() as u64;
        for (what, name) in [
            ("languages", &record.lang),
            ("policies", &record.policy),
            ("splits", &record.split),
            ("writers", &record.writer),
            ("varieties", &record.variety),
        ] {
            if let Some(name) = name {
                self.count(what, name);
            }
        }
        for intent in &record.intents {
            self.count("intents", intent);
        }
        for message in &record.messages {
            for (what, name) in [("speakers", &message.speaker), ("kinds", &message.kind)] {
                if let Some(name) = name {
                    self.count(what, name);
                }
            }
        }
        for unit in &c.units {
            for span in &unit.spans {
                self.spans += 1;
                self.count("labels", &span.record.label);
                for (what, name) in [("forms", &span.record.form), ("tiers", &span.record.safety)] {
                    if let Some(name) = name {
                        self.count(what, name);
                    }
                }
            }
            for decoy in &unit.decoys {
                self.decoys += 1;
                self.count("decoys", &decoy.record.is);
            }
        }
    }

    fn count(&mut self, what: &str, name: &str) {
        if !self.counts.contains_key(what) {
            self.counts.insert(what.to_owned(), Counts::new());
        }
        let counts = self.counts.get_mut(what).expect("just inserted");
        match counts.get_mut(name) {
            Some(count) => *count += 1,
            None => {
                counts.insert(name.to_owned(), 1);
            }
        }
    }

    /// Adds another part.
    pub fn merge(&mut self, other: Coverage) {
        self.conversations += other.conversations;
        self.messages += other.messages;
        self.spans += other.spans;
        self.decoys += other.decoys;
        for (what, counts) in other.counts {
            let to = self.counts.entry(what).or_default();
            for (name, count) in counts {
                *to.entry(name).or_default() += count;
            }
        }
    }

    /// Lists what is missing, given what was asked for where that is known, and what there is to be said.
    pub fn finish(&mut self, spec: Option<&Spec>, data: &Data) {
        let none = Counts::new();
        let of = |what: &str| self.counts.get(what).unwrap_or(&none);
        let languages: Vec<&String> = of("languages").keys().collect();
        let mut possible: Vec<(&str, BTreeSet<String>)> = Vec::new();
        let countries: BTreeSet<Country> = languages
            .iter()
            .filter_map(|tag| Country::of_language(tag))
            .collect();
        let said = |label: &Label| countries.iter().any(|country| country.says(*label));
        let labels = Label::all().filter(|label| label.info().produced && said(label));
        possible.push((
            "labels",
            labels.map(|label| label.id().to_owned()).collect(),
        ));
        let asked = |weights: Option<&BTreeMap<String, u32>>, name: &str| {
            weights.is_none_or(|w| w.is_empty() || w.get(name).is_some_and(|w| *w > 0))
        };
        let intents = data.plots().intents.iter().map(|intent| intent.id);
        let intents = intents.filter(|id| asked(spec.map(|s| &s.intents), id));
        possible.push(("intents", intents.map(str::to_owned).collect()));
        let policies = Policy::ALL.iter().map(|policy| policy.name());
        let unsaid = spec.is_some_and(|spec| spec.policies.is_empty());
        let policies = policies.filter(|name| asked(spec.map(|s| &s.policies), name));
        let policies = policies.filter(|name| !(unsaid && *name == Policy::SwitchedOff.name()));
        possible.push(("policies", policies.map(str::to_owned).collect()));
        possible.push((
            "forms",
            Form::ALL
                .iter()
                .map(|form| form.name().to_owned())
                .collect(),
        ));
        possible.push((
            "speakers",
            Speaker::ALL.iter().map(|s| s.name().to_owned()).collect(),
        ));
        let kinds = MessageKind::ALL.iter().map(|kind| kind.name().to_owned());
        possible.push(("kinds", kinds.collect()));
        let safe = Safety::ALL.iter().filter(|tier| **tier != Safety::Lifelike);
        possible.push(("tiers", safe.map(|tier| tier.name().to_owned()).collect()));
        let mut writers = BTreeSet::new();
        let mut decoys = BTreeSet::new();
        let only = spec.and_then(|spec| spec.split);
        for tag in &languages {
            let country = Country::of_language(tag);
            if let Some(country) = country {
                let profiles = &Tables::of(country).writers;
                writers.extend(profiles.iter().map(|profile| profile.id.clone()));
            }
            if let Ok(language) = data.language(tag) {
                decoys.extend(CAST_DECOYS.map(str::to_owned));
                // Those of the phrases that the corpus' split and country may say.
                let splits = Split::ALL.iter().copied();
                let splits = splits.filter(|split| only.is_none_or(|only| only == *split));
                let said = splits.flat_map(|split| {
                    let constituents = language.grammar.constituents();
                    constituents.flat_map(move |constituent| constituent.said_in(split))
                });
                for phrase in said {
                    if phrase
                        .terms
                        .region
                        .is_some_and(|region| Some(region) != country)
                    {
                        continue;
                    }
                    walk(&phrase.nodes, &mut |node| {
                        if let Node::Decoy(_, is, _) = node {
                            decoys.insert((*is).to_owned());
                        }
                    });
                }
            }
        }
        possible.push(("writers", writers));
        possible.push(("decoys", decoys));
        let missing = possible.into_iter().map(|(what, all)| {
            let absent = all.into_iter().filter(|name| !of(what).contains_key(name));
            (what.to_owned(), absent.collect::<Vec<String>>())
        });
        self.missing = missing.filter(|(_, names)| !names.is_empty()).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::path::Path;
    use crate::wording::language::Language;

    #[test]
    fn whatever_only_looks_like_a_value_is_said_in_every_split_and_language() {
        let drawn: BTreeSet<&str> = Path::names()
            .filter(|name| name.starts_with("decoy."))
            .collect();
        for folder in ["fr", "en"] {
            let grammar = &Language::built_in(folder).unwrap().grammar;
            for split in Split::ALL {
                let mut said = BTreeSet::new();
                for phrase in grammar.constituents().flat_map(|c| c.said_in(*split)) {
                    walk(&phrase.nodes, &mut |node| {
                        if let Node::Slot(path, _) = node {
                            said.insert(path.name());
                        }
                    });
                }
                let unsaid: Vec<_> = drawn.difference(&said).collect();
                assert!(unsaid.is_empty(), "{folder}, {split:?}: {unsaid:?}");
            }
        }
    }
}
