//! What is asked of a corpus.

use crate::calendar::Date;
use crate::conversation::{Form, Policy, Split, names};
use crate::corpus::content::hex;
use crate::corpus::twins::Variant;
use crate::dialogue::planner::Rates;
use crate::dialogue::plot::Plots;
use crate::taxonomy::{Label, label_set};
use crate::toml_fault::toml_fault;
use crate::wording::values::{Ways, can_be_mistyped, forms_of};
use crate::world::Habit;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

names! {
    /// Which ranges identifiers come from.
    #[derive(Default)]
    pub enum Values {
        /// Reserved, unassigned, test-designated or published test ranges: nobody's.
        #[default]
        Safe = "safe",
        /// Live-looking ranges: a value may be somebody's. For local use.
        Lifelike = "lifelike",
    }
}

impl Values {
    /// Are they nobody's?
    #[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
    pub fn are_safe(&self) -> bool {
        *self == Values::Safe
    }
}

/// What is asked of a corpus. The seed, the number of conversations, the format and the threads are
/// not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Prefix of the ids: a suite's name or a language.
    pub name: String,
    /// Language tags with their weights.
    pub languages: BTreeMap<String, u32>,
    /// The split whose phrases, customers and banks are used; all three, each with its share, where
    /// it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// The first day on which somebody writes.
    #[serde(default = "first_day")]
    pub start: Date,
    /// Over how many days.
    #[serde(default = "a_year")]
    pub days: u32,
    /// Bank policies with their weights; where it is empty, all alike but `switched_off`, which then has
    /// none.
    #[serde(default)]
    pub policies: BTreeMap<String, u32>,
    /// Weights of intents, in place of the plots' own; only these intents where it is not empty.
    #[serde(default)]
    pub intents: BTreeMap<String, u32>,
    /// Weights in place of the plots' own for these intents; the others keep theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub intent_weights: BTreeMap<String, u32>,
    /// How often phrases that bear a label are chosen, in per cent of what the grammar has it, for labels
    /// and sets of labels; 0: the label never occurs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, u32>,
    /// Forms in which people write values, with weights, for labels and sets of labels: only these, where
    /// a value has one of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub forms: BTreeMap<String, BTreeMap<String, u32>>,
    /// How many of 1,000 values that people type whole are mistyped, such that their rule fails, for labels
    /// and sets of labels; 0: none, not even to be corrected at once.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mistyped: BTreeMap<String, u32>,
    /// Varieties of the languages (`fr-BE`) with their weights, whatever people's nationality; where it is empty,
    /// foreigners speak that of their country.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub varieties: BTreeMap<String, u32>,
    /// Twins that follow every conversation: `lower`, `policy-faq_only`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub twins: Vec<String>,
    /// How many of 1,000 customers have a habit that tells of them (gambler, believer, …), in place of the
    /// world's own shares.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub habits: BTreeMap<String, u32>,
    /// The ranges of identifiers.
    #[serde(default, skip_serializing_if = "Values::are_safe")]
    pub values: Values,
    /// How often people do what makes a value hard to find.
    #[serde(default)]
    pub rates: Rates,
    /// Rates that every conversation draws for itself between two bounds, in place of the fixed ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ranges: BTreeMap<String, [u32; 2]>,
}

fn first_day() -> Date {
    "2026-01-05".parse().expect("a day of the calendar")
}

fn a_year() -> u32 {
    364
}

/// The languages that the generator speaks.
pub const LANGUAGES: [&str; 3] = ["fr-FR", "en-US", "en-GB"];

impl Spec {
    /// The spec for one language, everything else at its default.
    pub fn for_languages(languages: BTreeMap<String, u32>) -> Spec {
        let name = match languages.len() {
            1 => languages
                .keys()
                .next()
                .expect("one")
                .split('-')
                .next()
                .expect("a tag")
                .to_owned(),
            _ => "mix".to_owned(),
        };
        Spec {
            name,
            languages,
            split: None,
            start: first_day(),
            days: a_year(),
            policies: BTreeMap::new(),
            intents: BTreeMap::new(),
            intent_weights: BTreeMap::new(),
            labels: BTreeMap::new(),
            forms: BTreeMap::new(),
            mistyped: BTreeMap::new(),
            varieties: BTreeMap::new(),
            twins: Vec::new(),
            habits: BTreeMap::new(),
            values: Values::Safe,
            rates: Rates::default(),
            ranges: BTreeMap::new(),
        }
    }

    /// Reads a spec file (TOML).
    ///
    /// # Errors
    /// What is no spec, with its line where the reader knows it. [`Spec::check`] tells whether it can be met.
    pub fn parse(text: &str) -> Result<Spec, String> {
        toml::from_str(text).map_err(|error| toml_fault(&error, text))
    }

    /// Says whether the spec can be met with these plots.
    ///
    /// # Errors
    /// The first thing that it asks for and that does not exist, with what does.
    pub fn check(&self, plots: &Plots) -> Result<(), String> {
        self.check_with(plots, &|_| false)
    }

    /// The same where further languages are spoken, in a known country and with phrases of their own.
    ///
    /// # Errors
    /// As [`Spec::check`].
    pub fn check_with(&self, plots: &Plots, speaks: &dyn Fn(&str) -> bool) -> Result<(), String> {
        if self.name.is_empty()
            || !self
                .name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "@-_.".contains(c))
        {
            return Err(format!(
                "`name` is letters, digits, @, -, _ and ., not `{}`",
                self.name
            ));
        }
        let own = self.languages.keys().map(String::as_str);
        let own = own.filter(|tag| speaks(tag) && !LANGUAGES.contains(tag));
        let known: Vec<&str> = LANGUAGES.into_iter().chain(own).collect();
        weighed("languages", &self.languages, known.iter().copied(), true)?;
        let policies = Policy::ALL.iter().map(|policy| policy.name());
        weighed("policies", &self.policies, policies, false)?;
        weighed(
            "intents",
            &self.intents,
            plots.intents.iter().map(|i| i.id),
            false,
        )?;
        if !self.intent_weights.is_empty() {
            let known = plots.intents.iter().map(|i| i.id);
            weighed("intent_weights", &self.intent_weights, known, false).or_else(|error| {
                // A weight of 0 for some leaves the others.
                if error.ends_with("sum to 0") && self.intents.is_empty() {
                    Ok(())
                } else {
                    Err(error)
                }
            })?;
        }
        self.label_rates()?;
        self.ways()?;
        for (name, share) in &self.habits {
            if Habit::named(name).is_none() {
                let known = Habit::ALL.iter().map(|habit| habit.name());
                let hint = crate::text::nearest(name, known.clone()).map_or_else(
                    || known.collect::<Vec<_>>().join(", "),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(format!("`habits`: no `{name}` ({hint})"));
            }
            if *share > 1000 {
                return Err(format!(
                    "`habits.{name}` is in 1/1,000: at most 1000, not {share}"
                ));
            }
        }
        for twin in &self.twins {
            if Variant::named(twin).is_none_or(|variant| variant == Variant::Plain) {
                let names = Variant::names();
                let near = crate::text::nearest(twin, names.iter().map(String::as_str));
                let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
                return Err(format!(
                    "`twins`: no `{twin}`{hint}; there are {}",
                    names.join(", ")
                ));
            }
        }
        if !(28..=1095).contains(&self.days) {
            return Err(format!("`days` is between 28 and 1095, not {}", self.days));
        }
        let first: Date = "2025-01-01".parse().expect("a day");
        let last: Date = "2028-01-01".parse().expect("a day");
        if self.start < first || self.start.plus(self.days as i32) > last {
            return Err(format!(
                "the world is dated from {first} to {last}: {} and {} days lie outside",
                self.start, self.days
            ));
        }
        for name in Rates::NAMES {
            let rate = self.rates.get(name).expect("a name of a rate");
            if rate > 1000 {
                return Err(format!(
                    "`rates.{name}` is in 1/1,000: at most 1000, not {rate}"
                ));
            }
        }
        for (name, [low, high]) in &self.ranges {
            if self.rates.get(name).is_none() {
                let near = crate::text::nearest(name, Rates::NAMES.iter().copied());
                let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
                return Err(format!("`ranges`: no rate `{name}`{hint}"));
            }
            if low > high || *high > 1000 {
                return Err(format!(
                    "`ranges.{name}` is two rates in 1/1,000, the lower first, not [{low}, {high}]"
                ));
            }
        }
        Ok(())
    }

    /// The rate of every label, in per cent; empty where all are as the grammar has them. A label of its own
    /// counts more than a set.
    ///
    /// # Errors
    /// A name that is no label and no set, and a rate above 10,000 %.
    pub fn label_rates(&self) -> Result<Vec<u32>, String> {
        if self.labels.is_empty() {
            return Ok(Vec::new());
        }
        let mut rates = vec![100; Label::all().count()];
        for (name, rate) in sets_first(&self.labels) {
            if *rate > 10_000 {
                return Err(format!(
                    "`labels.{name}` is in per cent: at most 10000, not {rate}"
                ));
            }
            for label in label_set(name).map_err(|error| format!("`labels`: {error}"))? {
                rates[label.index()] = *rate;
            }
        }
        Ok(rates)
    }

    /// The forms and slips that are asked for of values, by label. A label of its own counts more than a set;
    /// of a set, only the labels count that can be written or mistyped so.
    ///
    /// # Errors
    /// A name that is no label and no set, or no form; a form that the label (or no label of the set) can
    /// take; weights that sum to 0; a rate above 1,000; a label without a rule that a slip could break.
    pub fn ways(&self) -> Result<Ways, String> {
        let mut ways = Ways::default();
        for (name, weights) in sets_first(&self.forms) {
            let key = format!("forms.{name}");
            weighed(&key, weights, Form::ALL.iter().map(|f| f.name()), true)?;
            let asked = Form::ALL.iter().filter_map(|form| {
                let weight = weights.get(form.name())?;
                Some((*form, *weight))
            });
            let asked: Vec<(Form, u32)> = asked.collect();
            let labels = label_set(name).map_err(|error| format!("`forms`: {error}"))?;
            if let [label] = labels[..] {
                let known = forms_of(label);
                if known.len() < 2 {
                    return Err(format!(
                        "`{key}`: there is nothing to choose, its values are written alike or as phrases have it"
                    ));
                }
                if let Some((form, _)) = asked.iter().find(|(form, _)| !known.contains(form)) {
                    let known: Vec<&str> = known.iter().map(|form| form.name()).collect();
                    return Err(format!(
                        "`{key}`: {label} is not written `{}`; it can be written {}",
                        form.name(),
                        known.join(", ")
                    ));
                }
            }
            let mut taken = false;
            for label in labels {
                let known = forms_of(label);
                let can = asked.iter().filter(|(form, _)| known.contains(form));
                let can: Vec<(Form, u32)> = can.copied().collect();
                if can.iter().any(|(_, weight)| *weight > 0) {
                    taken = true;
                    ways.ask_forms(label, can);
                }
            }
            if !taken {
                return Err(format!("`{key}`: no label of the set can be written so"));
            }
        }
        for (name, rate) in sets_first(&self.mistyped) {
            if *rate > 1000 {
                return Err(format!(
                    "`mistyped.{name}` is in 1/1,000: at most 1000, not {rate}"
                ));
            }
            let labels = label_set(name).map_err(|error| format!("`mistyped`: {error}"))?;
            let can: Vec<Label> = labels.into_iter().filter(|l| can_be_mistyped(*l)).collect();
            if can.is_empty() {
                let known = Label::all().filter(|label| can_be_mistyped(*label));
                return Err(format!(
                    "`mistyped.{name}`: it has no rule that a slip could break; these have one: {}",
                    known.map(Label::id).collect::<Vec<_>>().join(", ")
                ));
            }
            for label in can {
                ways.ask_mistyped(label, *rate);
            }
        }
        Ok(ways)
    }

    /// SHA-256 of the spec's canonical JSON, in hexadecimal.
    pub fn hash(&self) -> String {
        let json = serde_json::to_string(self).expect("a spec is plain data");
        hex(Sha256::digest(json.as_bytes()))
    }
}

/// Sets of labels, then single labels, which count more.
fn sets_first<T>(by_name: &BTreeMap<String, T>) -> impl Iterator<Item = (&String, &T)> {
    let (single, sets): (Vec<_>, Vec<_>) = by_name
        .iter()
        .partition(|(name, _)| Label::named(name).is_some());
    sets.into_iter().chain(single)
}

pub(super) fn weighed<'a>(
    what: &str,
    given: &BTreeMap<String, u32>,
    known: impl Iterator<Item = &'a str> + Clone,
    needed: bool,
) -> Result<(), String> {
    for name in given.keys() {
        if !known.clone().any(|k| k == name) {
            let near = crate::text::nearest(name, known.clone());
            let hint = near.map_or_else(
                || known.clone().collect::<Vec<_>>().join(", "),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(format!("`{what}`: no `{name}` ({hint})"));
        }
    }
    if (needed || !given.is_empty()) && given.values().map(|w| u64::from(*w)).sum::<u64>() == 0 {
        return Err(format!("`{what}`: the weights sum to 0"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let met = Spec::parse(text).and_then(|spec| spec.check(Plots::built_in()));
        met.unwrap_err()
    }

    #[test]
    fn what_does_not_exist_is_refused_with_what_does() {
        let head = "name = 'x'\n";
        assert_eq!(
            error(&format!("{head}[languages]\nfr-FRA = 1")),
            "`languages`: no `fr-FRA` (did you mean `fr-FR`?)"
        );
        let head = format!("{head}languages = {{ fr-FR = 1 }}\n");
        assert!(error(&format!("{head}[intents]\nlost_card = 1")).contains("no `lost_card`"));
        assert!(error(&format!("{head}[rates]\nbare = 1001")).contains("at most 1000"));
        assert!(error(&format!("{head}days = 5")).contains("between 28 and 1095"));
        assert!(error(&format!("{head}start = '2030-01-01'")).contains("outside"));
        assert!(error("name = 'x'\nlanguages = { fr-FR = 0 }").contains("sum to 0"));
    }

    #[test]
    fn rates_of_labels_and_ranges_are_checked() {
        let head = "name = 'x'\nlanguages = { fr-FR = 1 }\n";
        assert!(error(&format!("{head}labels = {{ PAM = 5 }}")).contains("did you mean `PAN`?"));
        assert!(error(&format!("{head}labels = {{ PAN = 10001 }}")).contains("at most 10000"));
        assert!(error(&format!("{head}habits = {{ gambling = 5 }}")).contains("no `gambling`"));
        assert!(error(&format!("{head}habits = {{ gambler = 2000 }}")).contains("at most 1000"));
        assert!(error(&format!("{head}ranges = {{ bar = [0, 5] }}")).contains("no rate `bar`"));
        assert!(error(&format!("{head}ranges = {{ bare = [9, 5] }}")).contains("lower first"));
        let spec = format!("{head}labels = {{ core-30 = 0, PAN = 300 }}");
        let rates = Spec::parse(&spec).unwrap().label_rates().unwrap();
        let of = |id: &str| rates[Label::named(id).unwrap().index()];
        assert_eq!([of("PAN"), of("IBAN"), of("AGE")], [300, 0, 100]);
    }

    #[test]
    fn forms_and_slips_that_a_label_cannot_have_are_refused_with_those_that_it_can() {
        let head = "name = 'x'\nlanguages = { fr-FR = 1 }\n";
        let form = |what: &str| error(&format!("{head}forms = {{ {what} }}"));
        assert_eq!(
            form("PAN = { symbol = 1 }"),
            "`forms.PAN`: PAN is not written `symbol`; it can be written compact, grouped, dashes, pairs, dots, \
             nbsp, thin_space, spoken"
        );
        assert!(form("PAN = { groupd = 1 }").contains("did you mean `grouped`?"));
        assert!(form("PAM = { grouped = 1 }").contains("did you mean `PAN`?"));
        assert!(form("PAN = { grouped = 0 }").contains("sum to 0"));
        assert!(form("PAN = { last4 = 1 }").contains("not written `last4`"));
        assert!(form("PASSWORD = { plain = 1 }").contains("nothing to choose"));
        assert!(form("card-number = { symbol = 1 }").contains("no label or set"));
        let slip = |what: &str| error(&format!("{head}mistyped = {{ {what} }}"));
        assert!(slip("IBAN = 1001").contains("at most 1000, not 1001"));
        assert!(slip("IBAM = 5").contains("did you mean `IBAN`?"));
        assert!(slip("BALANCE = 5").contains("these have one: PHONE_NUMBER"));
    }

    #[test]
    fn a_label_of_its_own_counts_more_than_its_set() {
        let spec = "name = 'x'\nlanguages = { fr-FR = 1 }\n\
                    mistyped = { core-30 = 0, PAN = 300 }\nforms = { all = { spoken = 1 } }";
        let ways = Spec::parse(spec).unwrap().ways().unwrap();
        let of = |id: &str| ways.mistyped(Label::named(id).unwrap());
        assert_eq!(
            [of("PAN"), of("IBAN"), of("BALANCE")],
            [Some(300), Some(0), None]
        );
    }

    #[test]
    fn the_hash_sees_every_field() {
        let spec = Spec::parse("name = 'x'\nlanguages = { fr-FR = 1 }").unwrap();
        let mut other = spec.clone();
        other.rates.bare += 1;
        assert_ne!(spec.hash(), other.hash());
    }
}
