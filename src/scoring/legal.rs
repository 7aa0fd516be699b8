//! The legal view: the same values, sorted by the rule that names them.
//!
//! A **regime** is a family of rules; the taxonomy says which labels each names (`legal` in
//! `datasets/labels.toml`). A label may stand under several, so the regimes do not add up.

use super::label_map::LabelSet;
use crate::conversation::names;
use crate::taxonomy::{Label, LabelInfo};
use serde::{Deserialize, Serialize};

names! {
    /// A family of rules that names kinds of data.
    pub enum Regime {
        /// Sensitive authentication data: never to be stored after authorisation (PCI DSS v4.0, 3.3).
        PciSad = "pci_sad",
        /// Cardholder data (PCI DSS v4.0, 3.4 to 3.7).
        PciChd = "pci_chd",
        /// Special categories, also where they can only be inferred (GDPR, article 9).
        Gdpr9 = "gdpr_9",
        /// Criminal convictions and offences (GDPR, article 10).
        Gdpr10 = "gdpr_10",
        /// National identification numbers (GDPR, article 87).
        Gdpr87 = "gdpr_87",
        /// Bank secrecy (France: Code monétaire et financier, L511-33).
        BankSecrecy = "bank_secrecy",
    }
}

impl Regime {
    /// How the taxonomy writes it. A remark in brackets may follow.
    fn written(self) -> &'static str {
        match self {
            Regime::PciSad => "PCI SAD",
            Regime::PciChd => "PCI CHD",
            Regime::Gdpr9 => "GDPR 9",
            Regime::Gdpr10 => "GDPR 10",
            Regime::Gdpr87 => "GDPR 87",
            Regime::BankSecrecy => "bank secrecy",
        }
    }

    /// Does it name a label?
    pub fn names(self, label: &LabelInfo) -> bool {
        label.legal.iter().any(|rule| {
            let rest = rule.strip_prefix(self.written());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
        })
    }

    /// The labels that it names.
    pub fn labels(self) -> LabelSet {
        Label::all().filter(|l| self.names(l.info())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_regime_names_labels_and_article_9_is_not_article_87() {
        let ids = |regime: Regime| regime.labels().iter().map(Label::id).collect::<Vec<_>>();
        assert_eq!(ids(Regime::PciSad), ["CARD_CVV", "CARD_PIN"]);
        assert!(ids(Regime::PciChd).contains(&"PAN"));
        assert!(ids(Regime::Gdpr87).contains(&"FR_NIR"));
        assert!(!ids(Regime::Gdpr9).contains(&"FR_NIR"));
        assert!(ids(Regime::Gdpr9).contains(&"INFER_HEALTH"));
        assert_eq!(ids(Regime::Gdpr10), ["INFER_CRIMINAL"]);
        assert!(ids(Regime::BankSecrecy).contains(&"BALANCE"));
    }
}
