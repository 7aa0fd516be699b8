//! Who a customer is, and how they write.

use super::tables::{Formality, Rates, Tables, Town};
use crate::calendar::Date;
use crate::conversation::{Split, names};
use crate::identifiers::Made;
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

names! {
    /// Sex, as civil status has it.
    pub enum Sex {
        /// Female.
        Female = "f",
        /// Male.
        Male = "m",
    }
}

impl Sex {
    pub(super) fn draw(stream: &mut Stream) -> Sex {
        if stream.chance(500) {
            Sex::Female
        } else {
            Sex::Male
        }
    }
}

/// A name of two words from the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullName {
    /// Sex, for titles and agreement.
    pub sex: Sex,
    /// Given name.
    pub given: &'static str,
    /// Surname.
    pub family: &'static str,
}

/// Given name, then surname.
impl std::fmt::Display for FullName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.given, self.family)
    }
}

/// A nationality other than that of the country of residence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nationality {
    /// The adjective, in the gender of the person.
    pub word: &'static str,
    /// ISO 3166 code of the country.
    pub country: &'static str,
}

/// What never changes about a customer. What changes is asked of the customer with a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Sex.
    pub sex: Sex,
    /// Day of birth.
    pub birth: Date,
    /// Given name.
    pub given: &'static str,
    /// Surname when the timeline begins; [`super::Customer::family_on`] knows about marriages.
    pub family: &'static str,
    /// Mother's surname at birth.
    pub mother_family: &'static str,
    /// Where they were born.
    pub birth_place: &'static Town,
    /// Their nationality, of those who say it.
    pub nationality: Option<Nationality>,
    /// NIR (FR), SSN (US) or NINO (GB).
    pub national_id: Made,
    /// Landline, of those who have one.
    pub landline: Option<Made>,
}

impl Person {
    /// Whole years on a day.
    pub fn age_on(&self, date: Date) -> i32 {
        self.birth.years_until(date)
    }
}

names! {
    /// What a customer writes on.
    pub enum Device {
        /// A phone: autocorrection, short lines.
        Phone = "phone",
        /// A computer.
        Computer = "computer",
    }
}

names! {
    /// The layout of the keys: it decides which letters are neighbours.
    pub enum Keyboard {
        /// French.
        Azerty = "azerty",
        /// English.
        Qwerty = "qwerty",
    }
}

/// How a customer writes, always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    /// The profile: `careful_retiree`.
    pub id: &'static str,
    /// Age on 2026-01-01.
    pub age: i32,
    /// How formal.
    pub formality: Formality,
    /// Do they say *tu* to the bot?
    pub tutoie: bool,
    /// What they write on.
    pub device: Device,
    /// The layout of its keys.
    pub keyboard: Keyboard,
    /// How often they do what.
    pub rates: Rates,
}

impl Writer {
    pub(super) fn draw(
        tables: &'static Tables,
        split: Split,
        age: i32,
        keyboard: Keyboard,
        stream: &mut Stream,
    ) -> Writer {
        let mut weights = [0u32; 32];
        for (weight, profile) in weights.iter_mut().zip(&tables.writers) {
            let [youngest, oldest] = profile.ages;
            let fits = (youngest..=oldest).contains(&(age.max(0) as u32))
                && (split == Split::Test || !profile.held_out);
            *weight = if fits { profile.weight } else { 0 };
        }
        let profile = &tables.writers[stream.weighted(&weights[..tables.writers.len()])];
        Writer {
            id: &profile.id,
            age,
            formality: profile.formality,
            tutoie: stream.chance(profile.tutoie),
            device: if stream.chance(profile.phone) {
                Device::Phone
            } else {
                Device::Computer
            },
            keyboard,
            rates: profile.rates.scaled(700 + stream.below(601)),
        }
    }
}
