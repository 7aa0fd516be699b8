//! What is asked of a corpus.

use crate::calendar::Date;
use crate::conversation::{Policy, Split};
use crate::corpus::content::hex;
use crate::corpus::twins::Variant;
use crate::dialogue::planner::Rates;
use crate::dialogue::plot::Plots;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

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
    /// Twins that follow every conversation: `lower`, `policy-faq_only`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub twins: Vec<String>,
    /// How often people do what makes a value hard to find.
    #[serde(default)]
    pub rates: Rates,
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
            twins: Vec::new(),
            rates: Rates::default(),
        }
    }

    /// Reads a spec file (TOML).
    ///
    /// # Errors
    /// What is no spec, with its line where the reader knows it. [`Spec::check`] tells whether it can be met.
    pub fn parse(text: &str) -> Result<Spec, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Says whether the spec can be met with these plots.
    ///
    /// # Errors
    /// The first thing that it asks for and that does not exist, with what does.
    pub fn check(&self, plots: &Plots) -> Result<(), String> {
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
        weighed("languages", &self.languages, LANGUAGES.into_iter(), true)?;
        let policies = Policy::ALL.iter().map(|policy| policy.name());
        weighed("policies", &self.policies, policies, false)?;
        weighed(
            "intents",
            &self.intents,
            plots.intents.iter().map(|i| i.id),
            false,
        )?;
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
        let rates = serde_json::to_value(&self.rates).expect("rates are numbers");
        for (name, rate) in rates.as_object().expect("a table") {
            if rate.as_u64().is_none_or(|rate| rate > 1000) {
                return Err(format!(
                    "`rates.{name}` is in 1/1,000: at most 1000, not {rate}"
                ));
            }
        }
        Ok(())
    }

    /// SHA-256 of the spec's canonical JSON, in hexadecimal.
    pub fn hash(&self) -> String {
        let json = serde_json::to_string(self).expect("a spec is plain data");
        hex(Sha256::digest(json.as_bytes()))
    }
}

fn weighed<'a>(
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
    fn the_hash_sees_every_field() {
        let spec = Spec::parse("name = 'x'\nlanguages = { fr-FR = 1 }").unwrap();
        let mut other = spec.clone();
        other.rates.bare += 1;
        assert_ne!(spec.hash(), other.hash());
    }
}
