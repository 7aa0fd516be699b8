//! What the labels of a foreign corpus mean in ours.
//!
//! ```toml
//! CREDIT_CARD = "PAN"
//! TITLE = false          # none of ours: what it covers counts neither way
//! ```
//!
//! Invariant: a label is one of ours, kept out by the map, or reported. None is dropped in silence.

use crate::taxonomy::{Label, unknown_label};
use crate::toml_fault::toml_fault;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a label of a corpus means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One of ours.
    Ours(Label),
    /// None of ours: its spans are ignored.
    KeptOut,
}

/// The map of a corpus's labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoldLabels {
    rows: BTreeMap<String, Meaning>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Row {
    Label(String),
    Kept(bool),
}

impl GoldLabels {
    /// Reads a map.
    ///
    /// # Errors
    /// What is no TOML, and every label that is none of ours, with the nearest.
    pub fn parse(source: &str) -> Result<GoldLabels, String> {
        let read: BTreeMap<String, Row> = toml::from_str(source).map_err(|e| {
            format!(
                "{}\na row is FOREIGN = \"OURS\", or FOREIGN = false",
                toml_fault(&e, source)
            )
        })?;
        let mut rows = BTreeMap::new();
        let mut wrong = Vec::new();
        for (foreign, row) in read {
            match row {
                Row::Kept(false) => drop(rows.insert(foreign, Meaning::KeptOut)),
                Row::Kept(true) => wrong.push(format!(
                    "`{foreign}` = true means nothing: name a label, or say false"
                )),
                Row::Label(ours) => match Label::named(&ours) {
                    Some(label) => drop(rows.insert(foreign, Meaning::Ours(label))),
                    None => wrong.push(format!("`{foreign}`: {}", unknown_label(&ours))),
                },
            }
        }
        if wrong.is_empty() {
            Ok(GoldLabels { rows })
        } else {
            Err(wrong.join("\n"))
        }
    }

    /// What a label means: as the map says, else itself where it is one of ours.
    pub fn of(&self, foreign: &str) -> Option<Meaning> {
        let mapped = self.rows.get(foreign).copied();
        mapped.or_else(|| Label::named(foreign).map(Meaning::Ours))
    }

    /// Rows of the map that no span of a corpus has used.
    pub fn unused<'m>(&'m self, used: &'m BTreeMap<String, u64>) -> impl Iterator<Item = &'m str> {
        let rows = self.rows.keys().map(String::as_str);
        rows.filter(|foreign| !used.contains_key(*foreign))
    }
}

/// The label of ours whose name is nearest: by its spelling, or else by the words that it shares.
fn nearest(foreign: &str) -> Option<Label> {
    let letter = |c: char| {
        if c.is_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    let plain: String = foreign.chars().map(letter).collect();
    let by_spelling = crate::text::nearest(&plain, Label::all().map(Label::id));
    by_spelling.and_then(Label::named).or_else(|| {
        let own: Vec<&str> = plain.split('_').filter(|word| word.len() > 2).collect();
        let shared = |label: Label| {
            label
                .id()
                .split('_')
                .filter(|word| own.contains(word))
                .count()
        };
        let best = Label::all().max_by_key(|&label| (shared(label), std::cmp::Reverse(label)))?;
        (shared(best) > 0).then_some(best)
    })
}

/// Labels of a corpus that nobody has mapped, with their spans counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmapped(pub BTreeMap<String, u64>);

impl std::fmt::Display for Unmapped {
    /// A map to begin with, as TOML.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.0.len();
        let (are, them) = if count == 1 {
            ("label is", "it")
        } else {
            ("labels are", "them")
        };
        write!(
            f,
            "{count} {are} none of ours. Map {them} with --gold-labels FILE (false: none of ours), or \
             pass --unmapped ignore. A file to begin with:"
        )?;
        let mut rows: Vec<(&String, &u64)> = self.0.iter().collect();
        rows.sort_by_key(|(label, spans)| (std::cmp::Reverse(**spans), *label));
        for (label, spans) in rows {
            let key = toml::Value::String(label.clone());
            let bare = label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            let key = if bare && !label.is_empty() {
                label.clone()
            } else {
                key.to_string()
            };
            let usual = super::foreign::usual(label);
            let meant = usual.and_then(<[Label]>::first);
            let meant = meant.map_or("false".to_owned(), |label| format!("\"{label}\""));
            let plural = if *spans == 1 { "" } else { "s" };
            write!(f, "\n{key} = {meant}  # {spans} span{plural}")?;
            // A guess from spelling alone (PIN is one letter from PAN) is said, and not proposed.
            if let (None, Some(near)) = (usual, nearest(label)) {
                write!(f, "; nearest of ours: {near}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Unmapped {}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(id: &str) -> Label {
        Label::named(id).unwrap()
    }

    #[test]
    fn a_map_names_ours_keeps_out_and_leaves_ours_as_they_are() {
        let map = GoldLabels::parse("CREDIT_CARD = \"PAN\"\nTITLE = false").unwrap();
        assert_eq!(map.of("CREDIT_CARD"), Some(Meaning::Ours(label("PAN"))));
        assert_eq!(map.of("TITLE"), Some(Meaning::KeptOut));
        assert_eq!(map.of("IBAN"), Some(Meaning::Ours(label("IBAN"))));
        assert_eq!(map.of("NRP"), None);
        let used = [("TITLE".to_owned(), 1)].into();
        assert_eq!(map.unused(&used).collect::<Vec<_>>(), ["CREDIT_CARD"]);
    }

    #[test]
    fn every_wrong_row_of_a_map_is_named_at_once() {
        let error = GoldLabels::parse("A = \"PANN\"\nB = \"IBNA\"\nC = true").unwrap_err();
        assert_eq!(error.lines().count(), 3, "{error}");
        assert!(error.contains("did you mean `PAN`?"), "{error}");
    }

    #[test]
    fn unmapped_labels_are_listed_as_a_map_that_can_be_read_back() {
        let unmapped = Unmapped(
            [
                ("EMAIL-ADDRESS".to_owned(), 2),
                ("é \"x\"".to_owned(), 1),
                ("CARD_NO".to_owned(), 1),
            ]
            .into(),
        );
        insta::assert_snapshot!(unmapped.to_string(), @r#"
        3 labels are none of ours. Map them with --gold-labels FILE (false: none of ours), or pass --unmapped ignore. A file to begin with:
        EMAIL-ADDRESS = "EMAIL_ADDRESS"  # 2 spans
        CARD_NO = false  # 1 span; nearest of ours: CARD_EXPIRY
        'é "x"' = false  # 1 span
        "#);
        let said = unmapped.to_string();
        let (_, file) = said.split_once('\n').unwrap();
        let map = GoldLabels::parse(file).unwrap();
        assert_eq!(
            map.of("EMAIL-ADDRESS"),
            Some(Meaning::Ours(label("EMAIL_ADDRESS")))
        );
        assert_eq!(map.of("é \"x\""), Some(Meaning::KeptOut));
    }
}
