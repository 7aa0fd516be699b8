//! What may stay readable of a value before it counts as leaked.
//!
//! A **residue** is a number of alphanumeric characters at the start and at the end of a value. A
//! **tolerance policy** gives each label its residue. Invariant: a residue applies to digit-form
//! surfaces only; of a number in words nothing may stay.

use crate::conversation::Form;
use crate::taxonomy::{Label, Residue, unknown_label};
use crate::toml_fault::toml_fault;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The policies that ship with the crate, by name.
const SHIPPED: [(&str, &str); 3] = [
    (
        "default",
        include_str!("../../datasets/tolerance/default.toml"),
    ),
    ("pci", include_str!("../../datasets/tolerance/pci.toml")),
    ("none", include_str!("../../datasets/tolerance/none.toml")),
];

/// A tolerance policy: the residue of every label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    name: String,
    residues: Vec<Residue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    name: String,
    inherit: bool,
    #[serde(default)]
    tolerated: BTreeMap<String, Residue>,
}

impl Tolerance {
    /// The shipped policy with this name: `default`, `pci`, `none`.
    pub fn named(name: &str) -> Option<Tolerance> {
        let (_, source) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        Some(Tolerance::parse(source).expect("the shipped policies are checked by a test"))
    }

    /// The names of the shipped policies.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// Reads a policy file (`datasets/tolerance/default.toml` shows one).
    ///
    /// # Errors
    /// What is wrong, with its line, as the TOML reader tells it; an unknown label, with the nearest.
    pub fn parse(source: &str) -> Result<Tolerance, String> {
        let file: File = toml::from_str(source).map_err(|e| toml_fault(&e, source))?;
        if file.schema != 1 {
            return Err(format!(
                "schema {} is not one this version reads (1)",
                file.schema
            ));
        }
        let mut residues: Vec<Residue> = Label::all()
            .map(|label| match (file.inherit, label.info().tolerated) {
                (true, Some(residue)) => residue,
                _ => Residue::default(),
            })
            .collect();
        for (id, residue) in &file.tolerated {
            let label = Label::named(id).ok_or_else(|| unknown_label(id))?;
            residues[label.index()] = *residue;
        }
        Ok(Tolerance {
            name: file.name,
            residues,
        })
    }

    /// Its name, as it stands in every result.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of what it tolerates, in hexadecimal: policies of one name may differ.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for (label, residue) in Label::all().zip(&self.residues) {
            digest.update(format!(
                "{} {} {}\n",
                label.id(),
                residue.first,
                residue.last
            ));
        }
        let digest = digest.finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What may stay readable of a value of this label, in a digit-form surface.
    pub fn residue(&self, label: Label) -> Residue {
        self.residues[label.index()]
    }
}

impl Default for Tolerance {
    /// The policy named `default`.
    fn default() -> Self {
        Tolerance::named("default").expect("it ships with the crate")
    }
}

/// Is a surface written in digits? It is when it is not spoken and at least half of its
/// alphanumeric characters are decimal digits: `FR76 3000…` is, `quarante-deux` is not.
pub fn is_digit_form(surface: &str, form: Option<Form>) -> bool {
    if form == Some(Form::Spoken) {
        return false;
    }
    let (mut digits, mut all) = (0, 0);
    for character in surface.chars().filter(|c| c.is_alphanumeric()) {
        all += 1;
        digits += u32::from(character.is_numeric());
    }
    digits > 0 && digits * 2 >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_policy_loads_under_its_own_name() {
        for name in Tolerance::names() {
            assert_eq!(Tolerance::named(name).unwrap().name(), name);
        }
    }

    #[test]
    fn the_default_policy_is_the_taxonomys_and_none_tolerates_nothing() {
        let none = Tolerance::named("none").unwrap();
        for label in Label::all() {
            let declared = label.info().tolerated.unwrap_or_default();
            assert_eq!(Tolerance::default().residue(label), declared);
            assert_eq!(none.residue(label), Residue::default());
        }
    }

    #[test]
    fn pci_tolerates_ends_of_card_numbers_and_nothing_else() {
        let pci = Tolerance::named("pci").unwrap();
        let tolerated: Vec<_> = Label::all()
            .filter(|&l| pci.residue(l) != Residue::default())
            .collect();
        assert_eq!(tolerated, [Label::named("PAN").unwrap()]);
    }

    #[test]
    fn an_unknown_label_in_a_policy_names_the_nearest() {
        let source =
            "schema = 1\nname = \"own\"\ninherit = false\n[tolerated]\nPANN = { last = 4 }";
        let error = Tolerance::parse(source).unwrap_err();
        assert!(error.contains("did you mean `PAN`?"), "{error}");
    }

    #[test]
    fn a_number_in_words_is_no_digit_form() {
        assert!(is_digit_form("FR76 3000 4000", Some(Form::Grouped)));
        assert!(is_digit_form("4000 0012", None));
        assert!(!is_digit_form("quatre mille", None));
        assert!(!is_digit_form("4000 0012", Some(Form::Spoken)));
    }
}
