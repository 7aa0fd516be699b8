//! What a customer has in a drawer: what few conversations need is made when it is asked for.
//!
//! Every paper is a pure function of the customer, so that it is the same whenever it is asked for.

use super::person::Sex;
use super::work::Status;
use super::{Customer, first_day};
use crate::calendar::Date;
use crate::country::Country;
use crate::identifiers::abroad::Abroad;
use crate::identifiers::national_id::{self, Holder, papers};
use crate::identifiers::{Made, mrz, plate};
use crate::seed::{Domain, Stream};

/// Securities of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// How many.
    pub count: u32,
    /// What one is worth, in minor units.
    pub price: i64,
    /// Which, by its number among those of the world.
    pub security: u64,
}

impl Customer {
    /// The stream of one paper.
    pub fn paper(&self, name: &str) -> Stream {
        Stream::at(self.seed, Domain::new(name), self.key)
    }

    /// A number that no other customer of the country has, in whatever split: small for the first
    /// customers, so that it fits small ranges.
    pub fn serial(&self) -> u64 {
        self.index * 3 + self.split as u64
    }

    /// What a paper says about its holder.
    pub fn holder(&self) -> Holder<'_> {
        Holder {
            given: self.person.given,
            family: self.person.family,
            female: self.person.sex == Sex::Female,
            birth: self.person.birth,
        }
    }

    /// The number with which the tax office knows the customer.
    pub fn tax_id(&self) -> (&'static str, Made) {
        match self.country {
            Country::France => (
                "FR_SPI",
                national_id::fr::spi(self.serial() % national_id::fr::SPIS),
            ),
            Country::UnitedStates => ("US_SSN", self.person.national_id.clone()),
            Country::Britain => (
                "UK_UTR",
                national_id::uk::utr(self.serial() % national_id::uk::UTRS),
            ),
        }
    }

    /// The card that proves who they are: of identity in France, the driving licence elsewhere.
    pub fn id_card(&self) -> (&'static str, Made) {
        match self.country {
            Country::France => {
                let issued = self.issued("paper.id_card", 9);
                (
                    "FR_CNI",
                    papers::french_identity_card(issued, self.serial()),
                )
            }
            Country::UnitedStates | Country::Britain => self.driving_licence(),
        }
    }

    /// The driving licence.
    pub fn driving_licence(&self) -> (&'static str, Made) {
        let stream = &mut self.paper("paper.driving_licence");
        match self.country {
            Country::France => {
                let issued = self.issued("paper.licence_issued", 14);
                (
                    "FR_DRIVING_LICENCE",
                    papers::french_driving_licence(issued, self.serial()),
                )
            }
            Country::UnitedStates => {
                let state = self.timeline.homes.first().address.town.region;
                let serial = self.serial() % papers::AMERICAN_LICENSES;
                (
                    "US_DRIVER_LICENSE",
                    papers::american_driver_license(state, serial, stream),
                )
            }
            Country::Britain => {
                let serial = self.serial() % papers::BRITISH_LICENCES;
                (
                    "UK_DRIVING_LICENCE",
                    papers::british_driving_licence(&self.holder(), serial),
                )
            }
        }
    }

    /// The passport.
    pub fn passport(&self) -> (&'static str, Made) {
        let (serial, stream) = (self.serial(), &mut self.paper("paper.passport"));
        match self.country {
            Country::France => (
                "FR_PASSPORT",
                papers::french_passport(serial % papers::FRENCH_PASSPORTS),
            ),
            Country::UnitedStates => (
                "US_PASSPORT",
                papers::american_passport(serial % papers::AMERICAN_PASSPORTS, stream),
            ),
            Country::Britain => (
                "UK_PASSPORT",
                papers::british_passport(serial % papers::BRITISH_PASSPORTS),
            ),
        }
    }

    /// The zone of the passport that machines read.
    pub fn mrz(&self) -> Made {
        let (_, passport) = self.passport();
        let expires = self.issued("paper.passport_issued", 8).plus(3_652);
        mrz::passport(
            &passport.value,
            &self.holder(),
            mrz::Issuer::Utopia,
            expires,
        )
    }

    /// The number with which the health service knows the customer.
    pub fn health_number(&self) -> (&'static str, Made) {
        match self.country {
            Country::France => ("FR_NIR", self.person.national_id.clone()),
            Country::UnitedStates => ("US_SSN", self.person.national_id.clone()),
            Country::Britain => {
                let serial = self.serial() % national_id::uk::NHS_NUMBERS;
                ("UK_NHS", national_id::uk::nhs(serial))
            }
        }
    }

    /// The number that another state gave a customer who is not of the country: that of their own state
    /// where it is known here, otherwise the one under which foreigners are registered, if there is any.
    pub fn foreign_id(&self) -> Option<(&'static str, Made)> {
        let nationality = self.person.nationality?;
        let (serial, stream) = (self.serial(), &mut self.paper("paper.foreign_id"));
        if nationality.country == "CA" {
            let serial = serial % national_id::elsewhere::SINS;
            return Some(("CA_SIN", national_id::elsewhere::sin(serial)));
        }
        let home = Abroad::named(nationality.country);
        if let Some((home, label)) = home.and_then(|home| Some((home, home.identity_label()?))) {
            return Some((label, home.identity(&self.holder(), serial, stream)?));
        }
        match self.country {
            Country::France => Some((
                "FR_TITRE_SEJOUR",
                papers::french_residence_permit(serial % papers::PERMITS),
            )),
            Country::UnitedStates => Some((
                "US_ITIN",
                national_id::us::itin(serial % national_id::us::ITINS),
            )),
            // Britain has no such number, and what it gives its citizens is not theirs.
            Country::Britain => None,
        }
    }

    /// The number plate of the car.
    pub fn plate(&self) -> Made {
        plate::make(self.country, self.serial() % plate::capacity(self.country))
    }

    /// A day in the `years` before the timeline begins, on which a paper was issued.
    fn issued(&self, name: &str, years: u32) -> Date {
        let adult = self.person.birth.plus(18 * 366);
        let day = first_day().plus(-(self.paper(name).below(years * 365) as i32));
        day.max(adult.min(first_day()))
    }

    /// Has the customer a business?
    pub fn has_business(&self) -> bool {
        let works = self.timeline.work.first().status == Status::Employed;
        works && self.paper("paper.business").chance(180)
    }

    /// Securities, of those who have some.
    pub fn holding(&self) -> Option<Holding> {
        let mut stream = self.paper("paper.holding");
        let old_enough = self.person.age_on(first_day()) >= 25;
        (old_enough && stream.chance(170)).then(|| Holding {
            count: 5 + stream.below(90),
            price: i64::from(900 + stream.below(30_000)),
            security: stream.below_u64(10_000),
        })
    }

    /// Has the customer crypto-assets?
    pub fn has_crypto(&self) -> bool {
        self.person.age_on(first_day()) < 55 && self.paper("paper.crypto").chance(110)
    }
}
