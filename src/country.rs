//! The countries whose people, banks and numbers the world knows.

use crate::calendar::Zone;
use crate::conversation::names;
use crate::taxonomy::Label;
use serde::{Deserialize, Serialize};

names! {
    /// A country (ISO 3166-1 alpha-2).
    pub enum Country {
        /// France.
        France = "FR",
        /// The United States.
        UnitedStates = "US",
        /// The United Kingdom.
        Britain = "GB",
    }
}

impl Country {
    /// ISO 4217 code of its currency.
    pub fn currency(self) -> &'static str {
        match self {
            Country::France => "EUR",
            Country::UnitedStates => "USD",
            Country::Britain => "GBP",
        }
    }

    /// The clock on its walls.
    pub fn zone(self) -> Zone {
        match self {
            Country::France => Zone::CentralEurope,
            Country::UnitedStates => Zone::UsEastern,
            Country::Britain => Zone::Britain,
        }
    }

    /// Do people here say values of a label? Those that its `locales` claim for the country, and numbers of
    /// countries abroad, whose people live everywhere.
    pub fn says(self, label: Label) -> bool {
        let here = |country: &Country| label.info().occurs_in(country.name());
        here(&self) || !Country::ALL.iter().any(here)
    }

    /// The country of a language tag: `fr-FR` is France.
    pub fn of_language(tag: &str) -> Option<Country> {
        tag.rsplit_once('-')
            .and_then(|(_, region)| Country::named(region))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_said_where_its_locales_have_it_and_numbers_from_abroad_everywhere() {
        let said = |id: &str| {
            let label = Label::named(id).unwrap();
            let countries = Country::ALL.iter().filter(|country| country.says(label));
            countries.map(|country| country.name()).collect::<Vec<_>>()
        };
        assert_eq!(said("PAN"), ["FR", "US", "GB"]);
        assert_eq!(said("US_SSN"), ["US"]);
        assert_eq!(said("SEPA_MANDATE_RUM"), ["FR"]);
        assert_eq!(said("CREDITOR_REFERENCE"), ["FR"]);
        assert_eq!(said("VAT_NUMBER"), ["FR", "GB"]);
        assert_eq!(said("CREDIT_SCORE"), ["US", "GB"]);
        assert_eq!(said("DE_STEUER_ID"), ["FR", "US", "GB"]);
    }
}
