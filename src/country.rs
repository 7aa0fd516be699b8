//! The countries whose people, banks and numbers the world knows.

use crate::calendar::Zone;
use crate::conversation::names;
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

    /// The country of a language tag: `fr-FR` is France.
    pub fn of_language(tag: &str) -> Option<Country> {
        tag.rsplit_once('-')
            .and_then(|(_, region)| Country::named(region))
    }
}
