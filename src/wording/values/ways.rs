//! Ways: the forms in which values of a label are written, and how often they are mistyped, where
//! somebody asks for other shares than people's habits give.
//!
//! Only values that a person types whole are concerned: a bank writes in one fixed way, a button repeats
//! what is on file, and a form that a phrase names (`{card.pan:last4}`), a part and the end of a value are
//! what the text around them needs. Invariant: where nothing is asked for, nothing is drawn.

use super::{dates, money, people};
use crate::conversation::Form;
use crate::identifiers;
use crate::seed::Stream;
use crate::taxonomy::{Label, NormalForm};
use std::collections::BTreeMap;

/// What is asked for, by label. Empty: people write as they do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    forms: BTreeMap<Label, Vec<(Form, u32)>>,
    mistyped: BTreeMap<Label, u32>,
}

impl Ways {
    /// Asks for forms of a label, with weights that do not sum to 0; no other form of it is then written,
    /// but where a value has none of these.
    pub fn ask_forms(&mut self, label: Label, weights: Vec<(Form, u32)>) {
        self.forms.insert(label, weights);
    }

    /// Asks for a share of mistyped values of a label, in 1/1,000.
    pub fn ask_mistyped(&mut self, label: Label, rate: u32) {
        self.mistyped.insert(label, rate);
    }

    /// The asked form of a value that can be written in some; `None` where nothing is asked for.
    pub(super) fn form(
        &self,
        label: Label,
        can: impl Fn(Form) -> bool,
        stream: &mut Stream,
    ) -> Option<Form> {
        let asked = self.forms.get(&label)?;
        let weight = |&(form, weight): &(Form, u32)| if can(form) { weight } else { 0 };
        let weights: Vec<u32> = asked.iter().map(weight).collect();
        let some = weights.iter().any(|weight| *weight > 0);
        some.then(|| asked[stream.weighted(&weights)].0)
    }

    /// Is anything asked for about slips?
    pub fn ask_of_slips(&self) -> bool {
        !self.mistyped.is_empty()
    }

    /// How often a value is mistyped beside what is corrected at once, in 1/1,000; `None` where nothing is
    /// asked for.
    pub fn mistyped(&self, label: Label) -> Option<u32> {
        self.mistyped.get(&label).copied()
    }
}

/// The forms in which people can be made to write whole values of a label: fewer than two where all are
/// written alike, or where phrases name the form.
pub fn forms_of(label: Label) -> Vec<Form> {
    let info = label.info();
    let of = |forms: &[(Form, u32)]| forms.iter().map(|(form, _)| *form).collect::<Vec<_>>();
    match (label.id(), info.normal) {
        // Short values are named by phrases, words of a wallet by nobody.
        ("PAN_TRUNCATED" | "IBAN_PARTIAL" | "SEED_PHRASE", _) => Vec::new(),
        ("PERSON_NAME" | "BENEFICIARY", _) => people::FORMS.to_vec(),
        ("POSTAL_ADDRESS", _) => people::ADDRESS_FORMS.to_vec(),
        ("DATE_OF_BIRTH", _) => dates::BIRTH_FORMS.to_vec(),
        (_, NormalForm::IsoDate) => dates::DAY_FORMS.to_vec(),
        (_, NormalForm::IsoMonth) => dates::MONTH_FORMS.to_vec(),
        ("LOAN", _) | (_, NormalForm::Money) => money::FORMS.to_vec(),
        // An amount, or the number of a security.
        ("HOLDING", _) => [money::FORMS.to_vec(), of(identifiers::forms(label))].concat(),
        (id, normal) => {
            let mut forms = of(identifiers::forms(label));
            if normal != NormalForm::Text || id == "ONLINE_BANKING_ID" {
                forms.push(Form::Spoken);
            }
            forms
        }
    }
}

/// Can values of a label be mistyped such that their rule fails? Not where it has none, and not days,
/// months, places and words of a wallet, which are always written right.
pub fn can_be_mistyped(label: Label) -> bool {
    let right = [
        "DATE_OF_BIRTH",
        "CARD_EXPIRY",
        "GEO_LOCATION",
        "SEED_PHRASE",
    ];
    label.info().rule.is_some() && !right.contains(&label.id())
}
