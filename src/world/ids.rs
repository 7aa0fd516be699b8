//! Every identifier of the world, asked of `identifiers` in one place.
//!
//! Invariant: a serial number is a pure function of the customer's key and a place in the
//! customer's own small range, and one-to-one maps keyed by the seed turn serials into values; so
//! two customers share a value only where a label's safe space is smaller than the world.

use super::Sex;
use super::tables::Town;
use crate::calendar::Date;
use crate::country::Country;
use crate::identifiers::{Made, cards, codes, iban, national_id, phone, uk_bank, us_bank};
use crate::identifiers::{cards::CardNumber, phone::Line};
use crate::seed::{Bijection, Domain, Stream};

/// How many values of one kind a customer may have in a lifetime.
const PER_CUSTOMER: u64 = 8;

/// Communes 910 to 989 exist in no department (`domain.md` 4.4): one person for each, so that no
/// two customers of one department, month and sex share a number.
const SAFE_COMMUNES: u64 = 80;

/// Account numbers have eleven places in France; the first is 0.
const FRENCH_ACCOUNTS: u64 = 10_000_000_000;

/// The one-to-one maps of a world from serials to places in a label's space.
#[derive(Clone, Debug)]
pub(super) struct Ids {
    country: Country,
    origins: Bijection,
    national: Shift,
    cards: Shift,
    accounts: Bijection,
    customer_numbers: Shift,
    online_ids: Shift,
    mobiles: Shift,
    landlines: Shift,
    bank_codes: Shift,
}

/// A one-to-one map of `0..size` onto itself that depends on the seed. The makers of `identifiers`
/// scatter their serials themselves, so that a shift is enough.
#[derive(Clone, Debug)]
struct Shift {
    size: u64,
    offset: u64,
}

impl Shift {
    /// The image of a serial, which wraps where the space is smaller than the world.
    fn apply(&self, serial: u64) -> u64 {
        (serial % self.size + self.offset) % self.size
    }
}

/// Sex, month of birth and town of birth: what a French number is made of, dealt out so that no two
/// customers get the same commune with the same three.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub sex: Sex,
    pub month: u32,
    pub town: usize,
    commune: u64,
}

impl Ids {
    pub fn new(seed: u64, country: Country, towns: usize) -> Ids {
        let map = |name: &'static str, size: u64| Bijection::new(seed, Domain::new(name), size);
        let shift = |name: &'static str, size: u64| Shift {
            size,
            offset: Stream::at(seed, Domain::new(name), size).below_u64(size),
        };
        let (national, accounts, bank_codes) = match country {
            Country::France => (1, FRENCH_ACCOUNTS, iban::bank_codes(country)),
            Country::UnitedStates => (national_id::us::SSNS, us_bank::ACCOUNTS, us_bank::ROUTINGS),
            Country::Britain => (
                national_id::uk::NINOS,
                uk_bank::ACCOUNTS,
                iban::bank_codes(country).min(uk_bank::SORT_CODES),
            ),
        };
        Ids {
            country,
            origins: map("ids.origin", 2 * 12 * towns as u64 * SAFE_COMMUNES),
            national: shift("ids.national", national),
            cards: shift("ids.card", cards::CAPACITY),
            accounts: map("ids.account", accounts),
            customer_numbers: shift("ids.customer_number", codes::SERIALS),
            online_ids: shift("ids.online_id", codes::SERIALS),
            mobiles: shift("ids.mobile", phone::capacity(country, Line::Mobile)),
            landlines: shift("ids.landline", phone::capacity(country, Line::Landline)),
            bank_codes: shift("ids.bank_code", bank_codes),
        }
    }

    pub fn origin(&self, key: u64) -> Origin {
        let towns = self.origins.size() / (24 * SAFE_COMMUNES);
        let dealt = apply(&self.origins, key);
        Origin {
            sex: if dealt.is_multiple_of(2) {
                Sex::Female
            } else {
                Sex::Male
            },
            month: (dealt / 2 % 12) as u32 + 1,
            town: (dealt / 24 % towns) as usize,
            commune: dealt / (24 * towns),
        }
    }

    pub fn national_id(&self, key: u64, origin: Origin, birth: Date, town: &Town) -> Made {
        match self.country {
            Country::France => national_id::fr::nir(
                origin.sex == Sex::Female,
                birth,
                town.region,
                origin.commune,
            ),
            Country::UnitedStates => national_id::us::ssn(self.national.apply(key)),
            Country::Britain => national_id::uk::nino(self.national.apply(key)),
        }
    }

    pub fn card(&self, key: u64, nth: u64, stream: &mut Stream) -> CardNumber {
        let serial = self.cards.apply(key * PER_CUSTOMER + nth);
        cards::make(self.country, serial, stream)
    }

    pub fn mobile(&self, key: u64, nth: u64, stream: &mut Stream) -> Made {
        let serial = self.mobiles.apply(key * PER_CUSTOMER + nth);
        phone::make(self.country, Line::Mobile, serial, stream)
    }

    pub fn landline(&self, key: u64, nth: u64, stream: &mut Stream) -> Made {
        let serial = self.landlines.apply(key * PER_CUSTOMER + nth);
        phone::make(self.country, Line::Landline, serial, stream)
    }

    pub fn customer_number(&self, key: u64, stream: &mut Stream) -> Made {
        codes::customer_number(self.customer_numbers.apply(key), stream)
    }

    pub fn online_id(&self, key: u64, stream: &mut Stream) -> Made {
        codes::online_id(self.online_ids.apply(key), stream)
    }

    /// How many bank codes there are.
    pub fn bank_codes(&self) -> u64 {
        self.bank_codes.size
    }

    /// Code, BIC and (US) routing number or (GB) sort code of a bank by its place among all codes.
    pub fn bank(&self, place: u64) -> BankIds {
        let index = self.bank_codes.apply(place);
        let routing = match self.country {
            Country::France => None,
            Country::UnitedStates => Some(us_bank::routing(index)),
            Country::Britain => Some(uk_bank::sort_code(index)),
        };
        let code = match self.country {
            Country::UnitedStates => String::new(),
            Country::France | Country::Britain => iban::bank_code(self.country, index),
        };
        BankIds {
            code,
            bic: iban::bic(self.country, index),
            routing,
        }
    }

    /// The account numbers of a customer's `nth` account with a bank.
    pub fn account(
        &self,
        key: u64,
        nth: u64,
        bank: &BankIds,
        branch: &str,
        stream: &mut Stream,
    ) -> AccountIds {
        let serial = apply(&self.accounts, key * PER_CUSTOMER + nth);
        match self.country {
            Country::France => {
                let mut account = format!("{serial:011}");
                // Some networks have letters in account numbers: a letter per digit keeps them
                // distinct.
                if bank.code.ends_with(['3', '7']) {
                    let letter = char::from(b'A' + (account.as_bytes()[7] - b'0'));
                    account.replace_range(7..8, letter.encode_utf8(&mut [0; 4]));
                }
                AccountIds {
                    iban: Some(made(iban::french(&bank.code, branch, &account))),
                    number: None,
                    routing: None,
                }
            }
            Country::UnitedStates => AccountIds {
                iban: None,
                number: Some(us_bank::account(serial, stream)),
                routing: bank.routing.clone(),
            },
            Country::Britain => {
                let number = uk_bank::account(serial);
                let sort_code = bank.routing.clone();
                let sort = sort_code.as_ref().map_or("", |code| code.value.as_str());
                AccountIds {
                    iban: Some(made(iban::british(&bank.code, sort, &number.value))),
                    number: Some(number),
                    routing: sort_code,
                }
            }
        }
    }
}

/// The image of a serial, which wraps where the space is smaller than the world.
fn apply(map: &Bijection, serial: u64) -> u64 {
    map.apply(serial % map.size())
}

/// An IBAN of an unassigned bank code: structure and keys are right, so strict validators without a
/// list of banks accept it (`domain.md` 4.6).
fn made(value: String) -> Made {
    debug_assert!(iban::check(&value), "{value}");
    Made {
        value,
        safety: crate::conversation::Safety::Unassigned,
        strict_valid: true,
    }
}

/// The identifiers of a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BankIds {
    pub code: String,
    pub bic: Made,
    pub routing: Option<Made>,
}

/// The identifiers of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AccountIds {
    pub iban: Option<Made>,
    pub number: Option<Made>,
    pub routing: Option<Made>,
}
