//! A world of bank customers: pure functions of `(seed, country, split, index)`.
//!
//! * A **customer** is a person with a writer profile, accounts, cards and credentials at an
//!   invented **bank**, and a **timeline** of dated facts (2024 to 2028).
//! * The **ledger** is what moves on a customer's accounts; a month of it is a pure function of the
//!   account and the month, and balances chain.
//! * A **third person** is somebody whom customers pay or talk to, without a life of their own.
//!
//! Invariant: everything of one person agrees (e-mail and card with the name, national number with
//! sex and birth, town with postcode, salary with employer), nothing belongs to anybody (every
//! value is of a range that is reserved, unassigned or for tests), and customers and banks of
//! different splits share no identifier.
//!
//! ```
//! use tellerbench::{conversation::Split, country::Country, world::World};
//! let world = World::new(7, Country::France);
//! let customer = world.customer(Split::Test, 3);
//! let again = world.customer(Split::Test, 3);
//! assert_eq!(customer.person, again.person);
//! let month = customer.ledger().month(0, tellerbench::calendar::Month::new(2026, 3));
//! let moved: i64 = month.operations.iter().map(|operation| operation.amount.minor).sum();
//! assert_eq!(month.opening.minor + moved, month.closing.minor);
//! ```

mod account;
mod address;
mod bank;
mod customer;
mod habits;
mod history;
mod ids;
mod laws;
mod ledger;
mod life;
mod money;
mod papers;
mod person;
mod tables;
mod third;
mod work;

pub use account::{
    Account, AccountKind, Card, CardEnd, Credentials, Loan, LoanKind, SecurityAnswer,
};
pub use address::Address;
pub use bank::Bank;
pub use customer::Customer;
pub use habits::{Habit, Habits};
pub use history::History;
pub use ledger::{Counterparty, Ledger, MonthOfLedger, Operation, OperationKind};
pub use life::{Event, EventKind, Home, Marital, Tenure, Timeline};
pub use money::Money;
pub use papers::Holding;
pub use person::{Device, FullName, Keyboard, Nationality, Person, Sex, Writer};
pub use tables::{
    Brand, Category, Commerce, Employer, Formality, HouseStyle, Merchant, Names, Occupation,
    Places, Profile, QuestionKind, Rates, Sector, Size, Tables, Town,
};
pub use third::ThirdPerson;
pub use work::{Employment, Status};

use crate::calendar::Date;
use crate::conversation::Split;
use crate::country::Country;
use crate::identifiers::cards::CardNumber;
use crate::seed::{Domain, Stream};
use ids::Ids;

#[cfg(test)]
mod tests;

/// The year in which every timeline begins.
pub const FIRST_YEAR: i32 = 2024;

/// The first day of every timeline, 2024-01-01.
pub fn first_day() -> Date {
    Date::from_days(19_723)
}

/// The last day of every timeline, 2028-12-31.
pub fn last_day() -> Date {
    Date::from_days(21_549)
}

/// How many regional houses with their own codes one brand has at most.
const HOUSES: u64 = 400;

/// A world: the customers and banks of one country under one seed. Cheap to clone and to share.
#[derive(Clone, Debug)]
pub struct World {
    seed: u64,
    country: Country,
    tables: &'static Tables,
    ids: Ids,
    busy: Option<(Date, u32)>,
    /// Shares of habits, in place of their own, by the habit's number.
    shares: [Option<u32>; Habit::ALL.len()],
}

impl World {
    /// The world of a country under a seed.
    pub fn new(seed: u64, country: Country) -> World {
        let tables = Tables::of(country);
        World {
            seed,
            country,
            tables,
            ids: Ids::new(seed, country, tables.places.towns.len()),
            busy: None,
            shares: [None; Habit::ALL.len()],
        }
    }

    /// The same world, in which cards are lost and people move mostly in the `days` from `start`:
    /// who writes to a bank in a year is mostly somebody to whom something happened in it.
    #[must_use]
    pub fn busy_between(self, start: Date, days: u32) -> World {
        World {
            busy: Some((start, days)),
            ..self
        }
    }

    /// The same world, in which so many of 1,000 customers of the age for it have a habit.
    #[must_use]
    pub fn with_habit(mut self, habit: Habit, share: u32) -> World {
        self.shares[habit as usize] = Some(share);
        self
    }

    /// Its country.
    pub fn country(&self) -> Country {
        self.country
    }

    /// What it is drawn from.
    pub fn tables(&self) -> &'static Tables {
        self.tables
    }

    /// The bank with a number. Numbers wrap where the unassigned codes of the split are used up;
    /// codes and names of different splits never meet.
    pub fn bank(&self, split: Split, index: u64) -> Bank {
        let brands = self.tables.brands.of(split);
        let brand = &brands[(index % brands.len() as u64) as usize];
        let stream = &mut Stream::at(
            self.seed,
            Domain::new("world.hotline"),
            customer::key(split, index % brands.len() as u64),
        );
        Bank {
            index,
            brand,
            ids: self.ids.bank(self.place(split, index)),
            hotline: self.ids.landline(customer::key(split, index), 7, stream),
        }
    }

    /// The customer with a number.
    pub fn customer(&self, split: Split, index: u64) -> Customer {
        customer::draw(self, split, index)
    }

    /// Somebody to pay, by any number: the same number gives the same person.
    pub fn third_person(&self, split: Split, key: u64) -> ThirdPerson {
        third::third_person(self, split, key)
    }

    /// The name of the `nth` employee of a bank whom customers talk to.
    pub fn agent(&self, bank: &Bank, nth: u64) -> FullName {
        let key = seed_of(bank.short_name) ^ nth;
        third::name_from(
            self.tables,
            &mut Stream::at(self.seed, Domain::new("world.agent"), key),
        )
    }

    /// A bank for somebody of a split: large brands have more customers.
    fn bank_of_a_customer(&self, split: Split, stream: &mut Stream) -> Bank {
        let brands = self.tables.brands.of(split).len() as u64;
        let houses = (self.places(split) / brands).clamp(1, HOUSES);
        // The lower of two uniform draws: the first brands are the large ones.
        let brand = stream.below_u64(brands).min(stream.below_u64(brands));
        self.bank(split, brand + brands * stream.below_u64(houses))
    }

    /// A customer's `nth` card number: of the scheme and range of those before, as banks keep them, and
    /// none of theirs.
    fn card_like(&self, key: u64, nth: u64, earlier: &[Card]) -> CardNumber {
        // The same draws give the same scheme; only published test numbers can then repeat.
        let draw = |attempt: u64| {
            let domain = Domain::new("world.card_number");
            let index = key ^ (attempt << 48);
            self.ids
                .card(key, nth, &mut Stream::at(self.seed, domain, index))
        };
        let known =
            |number: &CardNumber| earlier.iter().any(|card| card.number.made == number.made);
        let number = draw(0);
        if !known(&number) {
            return number;
        }
        (1 + nth * 256..)
            .map(draw)
            .find(|new| new.scheme == number.scheme && !known(new))
            .unwrap_or(number)
    }

    /// How many bank codes a split has: of ten in a row, five are train, one is dev, four are test.
    fn places(&self, split: Split) -> u64 {
        (self.ids.bank_codes() / 10).max(1) * width(split)
    }

    fn place(&self, split: Split, index: u64) -> u64 {
        let offset = match split {
            Split::Train => 0,
            Split::Dev => 5,
            Split::Test => 6,
        };
        let index = index % self.places(split);
        index / width(split) * 10 + offset + index % width(split)
    }
}

fn width(split: Split) -> u64 {
    match split {
        Split::Train => 5,
        Split::Dev => 1,
        Split::Test => 4,
    }
}

fn seed_of(name: &str) -> u64 {
    name.bytes()
        .fold(0, |hash, byte| crate::seed::mix(hash ^ u64::from(byte)))
}

/// The basic Latin letters of a letter or digit; nothing for anything else.
pub(crate) fn ascii(c: char) -> Option<&'static str> {
    const PLAIN: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz&+";
    if c.is_ascii() {
        let at = match c {
            '0'..='9' => c as usize - '0' as usize,
            'A'..='Z' => c as usize - 'A' as usize + 10,
            'a'..='z' => c as usize - 'a' as usize + 36,
            '&' => 62,
            '+' => 63,
            _ => return None,
        };
        return Some(&PLAIN[at..=at]);
    }
    Some(match c {
        'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => "a",
        'À' | 'Á' | 'Â' | 'Ä' => "A",
        'ç' => "c",
        'Ç' => "C",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'É' | 'È' | 'Ê' | 'Ë' => "E",
        'î' | 'ï' | 'í' | 'ì' => "i",
        'Î' | 'Ï' => "I",
        'ñ' => "n",
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' => "o",
        'Ô' | 'Ö' => "O",
        'ù' | 'û' | 'ü' | 'ú' => "u",
        'Ù' | 'Û' | 'Ü' => "U",
        'ÿ' => "y",
        'œ' => "oe",
        'Œ' => "OE",
        'æ' => "ae",
        _ => return None,
    })
}

/// SHA-256 over the surname lists of `fake` that the worlds draw on, in hexadecimal.
pub fn name_lists_hash() -> String {
    use fake::locales::{Data, EN, FR_FR};
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for name in FR_FR::NAME_LAST_NAME.iter().chain(EN::NAME_LAST_NAME) {
        hasher.update(name.as_bytes());
        hasher.update(b"\n");
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whose lists the worlds draw on, for manifests.
pub fn attributions() -> Vec<String> {
    vec![
        "surnames: word lists of the `fake` crate 5.1 (MIT OR Apache-2.0)".to_owned(),
        "everything else: tellerbench's own tables (see datasets/world/SOURCES.md)".to_owned(),
    ]
}
