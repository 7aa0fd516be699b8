//! The taxonomy: what a label means, how bad it is when it leaks, and what may stay readable.
//!
//! A [`Label`] is a number into the loaded set (`datasets/labels.toml`), never a string: code that
//! holds one cannot hold a label that does not exist.

use crate::borrowed::Borrowed;
use crate::lookup::Lookup;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

/// A label of the loaded taxonomy: an index into [`Taxonomy::labels`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(u16);

impl Label {
    /// The label named `id` (`"PAN"`), if the taxonomy has one.
    pub fn named(id: &str) -> Option<Label> {
        Taxonomy::get().by_id.get(id).copied()
    }

    /// Its identifier, as it stands in every file: `"PAN"`.
    pub fn id(self) -> &'static str {
        &self.info().id
    }

    /// Everything the taxonomy says about it.
    pub fn info(self) -> &'static LabelInfo {
        &Taxonomy::get().labels[usize::from(self.0)]
    }

    /// Its place in the taxonomy, for tables indexed by label.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The label at a place of the taxonomy.
    pub fn at(index: usize) -> Option<Label> {
        (index < Taxonomy::get().labels.len()).then_some(Label(index as u16))
    }

    /// All labels, in order.
    pub fn all() -> impl Iterator<Item = Label> {
        (0..Taxonomy::get().labels.len()).map(|index| Label(index as u16))
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl Serialize for Label {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = Borrowed::deserialize(deserializer)?;
        Label::named(&id).ok_or_else(|| serde::de::Error::custom(unknown_label(&id)))
    }
}

/// The message for a label that is not in the taxonomy, with the nearest one that is.
pub fn unknown_label(id: &str) -> String {
    let known = Label::all().map(Label::id);
    match crate::text::nearest(id, known) {
        Some(near) => format!("unknown label `{id}` (did you mean `{near}`?)"),
        None => format!("unknown label `{id}` (see `tellerbench list labels`)"),
    }
}

/// The labels of a set with a name (`core-30`, `all`, `critical`, `presidio`, … of
/// `datasets/label_sets.toml`), or the one label of that id.
///
/// # Errors
/// A name of neither, with the nearest.
pub fn label_set(name: &str) -> Result<Vec<Label>, String> {
    if let Some(label) = Label::named(name) {
        return Ok(vec![label]);
    }
    let all = Label::all();
    match name {
        "all" => return Ok(all.collect()),
        "core-30" => return Ok(all.filter(|label| label.info().core).collect()),
        "critical" => {
            return Ok(all
                .filter(|label| label.info().exposure.is_critical())
                .collect());
        }
        _ => {}
    }
    if let Some(set) = named_sets().get(name) {
        return Ok(set.clone());
    }
    let sets = label_set_names();
    let known = sets.iter().copied().chain(Label::all().map(Label::id));
    let hint = crate::text::nearest(name, known)
        .map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
    Err(format!(
        "no label or set `{name}`{hint}; sets: {}",
        sets.join(", ")
    ))
}

/// The names of all sets of labels.
pub fn label_set_names() -> Vec<&'static str> {
    let mut names = vec!["all", "core-30", "critical"];
    names.extend(named_sets().keys().map(String::as_str));
    names
}

fn named_sets() -> &'static BTreeMap<String, Vec<Label>> {
    static SETS: OnceLock<BTreeMap<String, Vec<Label>>> = OnceLock::new();
    SETS.get_or_init(|| {
        toml::from_str(include_str!("../datasets/label_sets.toml"))
            .expect("the label sets are checked by a test")
    })
}

/// What can happen with a value that gets out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exposure {
    /// Codes, passwords, CVV, PIN, tokens: opens the account at once.
    Secret,
    /// Payment, account and national identifiers.
    Account,
    /// Names, contact, devices: says who the person is.
    Identity,
    /// Financial facts, special categories, inferences: what an advertiser buys.
    Profile,
    /// Low-value references.
    Reference,
}

impl Exposure {
    /// Every class, worst first.
    pub const ALL: [Exposure; 5] = [
        Exposure::Secret,
        Exposure::Account,
        Exposure::Identity,
        Exposure::Profile,
        Exposure::Reference,
    ];

    /// critical = secret + account, the headline's denominator.
    pub fn is_critical(self) -> bool {
        matches!(self, Exposure::Secret | Exposure::Account)
    }

    /// Its name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Exposure::Secret => "secret",
            Exposure::Account => "account",
            Exposure::Identity => "identity",
            Exposure::Profile => "profile",
            Exposure::Reference => "reference",
        }
    }
}

/// Which of the two headlines counts a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Headline {
    /// The leak headline.
    Critical,
    /// The profile-leak headline.
    Profile,
    /// Neither.
    None,
}

/// The form in which a fact's value is kept, whatever its surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NormalForm {
    /// Decimal digits only.
    Digits,
    /// Upper-case letters and digits.
    Alphanumeric,
    /// `+` and digits (ITU-T E.164).
    E164,
    /// Minor units, a space, and an ISO 4217 code: `4790 EUR`.
    Money,
    /// `2026-03-14`, with `T19:42` where there is an hour.
    IsoDate,
    /// `2029-09`.
    IsoMonth,
    /// The text itself.
    Text,
}

/// How many characters of a value may stay readable at its start and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residue {
    /// Alphanumeric characters at the start.
    #[serde(default)]
    pub first: u32,
    /// Alphanumeric characters at the end.
    #[serde(default)]
    pub last: u32,
}

/// One row of the taxonomy. The fields are described at the head of `datasets/labels.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct LabelInfo {
    pub id: String,
    pub group: String,
    pub fr: String,
    pub en: String,
    pub exposure: Exposure,
    pub severity: u8,
    pub fraud: u8,
    pub profiling: u8,
    pub headline: Headline,
    pub legal: Vec<String>,
    pub locales: Vec<String>,
    pub speakers: Vec<String>,
    pub normal: NormalForm,
    #[serde(default)]
    pub rule: Option<String>,
    #[serde(default)]
    pub tolerated: Option<Residue>,
    #[serde(default)]
    pub inessential: bool,
    #[serde(default)]
    pub free_text: bool,
    #[serde(default)]
    pub core: bool,
    #[serde(default)]
    pub produced: bool,
    pub valid: Vec<String>,
    pub near_miss: Vec<String>,
}

/// Members of the European Union (ISO 3166-1 alpha-2): the locale `EU`.
const UNION: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

impl LabelInfo {
    /// Do its `locales` name a country (ISO 3166-1 alpha-2), by itself, in the union, or with all others?
    pub fn occurs_in(&self, country: &str) -> bool {
        let named = |locale: &String| match locale.as_str() {
            "*" => true,
            "EU" => UNION.contains(&country),
            locale => locale == country,
        };
        self.locales.iter().any(named)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    label: Vec<LabelInfo>,
}

/// The loaded set of labels.
#[derive(Debug)]
pub struct Taxonomy {
    labels: Vec<LabelInfo>,
    by_id: Lookup<String, Label>,
    hash: String,
}

static LOADED: OnceLock<Taxonomy> = OnceLock::new();

impl Taxonomy {
    /// The taxonomy of this process: the built-in one unless [`Taxonomy::install`] came first.
    pub fn get() -> &'static Taxonomy {
        LOADED.get_or_init(|| {
            Taxonomy::parse(include_str!("../datasets/labels.toml"))
                .expect("datasets/labels.toml is checked by a test")
        })
    }

    /// Makes `self` the taxonomy of this process.
    ///
    /// # Errors
    /// When one is already in use.
    pub fn install(self) -> Result<(), &'static str> {
        LOADED.set(self).map_err(|_| "a taxonomy is already in use")
    }

    /// Reads a taxonomy file.
    ///
    /// # Errors
    /// What is wrong, with its line, as the TOML reader tells it; a label listed twice.
    pub fn parse(source: &str) -> Result<Taxonomy, String> {
        let file: File = toml::from_str(source).map_err(|e| e.to_string())?;
        if file.schema != 1 {
            return Err(format!(
                "schema {} is not one this version reads (1)",
                file.schema
            ));
        }
        let mut by_id = Lookup::default();
        for (index, label) in file.label.iter().enumerate() {
            if by_id
                .insert(label.id.clone(), Label(index as u16))
                .is_some()
            {
                return Err(format!("label `{}` is listed twice", label.id));
            }
        }
        let digest = Sha256::digest(source.as_bytes());
        let hash = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Taxonomy {
            labels: file.label,
            by_id,
            hash,
        })
    }

    /// Every label's row, in order.
    pub fn labels(&self) -> &[LabelInfo] {
        &self.labels
    }

    /// SHA-256 of the file, in hexadecimal: the label-set hash that every result carries.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_labels_has_a_name_and_an_unknown_one_is_told_with_the_nearest() {
        assert_eq!(label_set("core-30").unwrap().len(), 30);
        assert_eq!(label_set("PAN").unwrap().len(), 1);
        for name in label_set_names() {
            assert!(!label_set(name).unwrap().is_empty(), "{name}");
        }
        let error = label_set("presido").unwrap_err();
        assert!(error.contains("did you mean `presidio`?"), "{error}");
    }

    #[test]
    fn the_built_in_taxonomy_holds_107_labels_and_30_core_ones() {
        let labels = Taxonomy::get().labels();
        assert_eq!(labels.len(), 107);
        assert_eq!(labels.iter().filter(|l| l.core).count(), 30);
    }

    #[test]
    fn the_leak_headline_counts_exactly_the_critical_classes() {
        for label in Taxonomy::get().labels() {
            assert_eq!(
                label.headline == Headline::Critical,
                label.exposure.is_critical(),
                "{}",
                label.id
            );
        }
    }

    #[test]
    fn nothing_of_a_secret_may_stay_readable() {
        for label in Taxonomy::get().labels() {
            if label.exposure == Exposure::Secret {
                assert_eq!(label.tolerated, None, "{}", label.id);
            }
        }
    }

    #[test]
    fn an_unknown_label_names_the_nearest() {
        assert_eq!(
            unknown_label("IBANN"),
            "unknown label `IBANN` (did you mean `IBAN`?)"
        );
    }
}
