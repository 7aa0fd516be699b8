//! Third persons: payees, relatives, employees of the bank. Light, and customers of nobody here.

use super::World;
use super::ids::AccountIds;
use super::person::{FullName, Sex};
use super::tables::Tables;
use crate::conversation::Split;
use crate::identifiers::Made;
use crate::seed::{Domain, Stream};

/// Keys of third persons lie beyond those of customers.
const BEYOND_CUSTOMERS: u64 = 1 << 40;

/// Somebody whom a customer pays, with an account at an invented bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThirdPerson {
    /// Their name.
    pub name: FullName,
    pub(super) account: AccountIds,
    /// BIC of their bank.
    pub bic: Made,
    /// Name of their bank.
    pub bank_name: &'static str,
    /// Their mobile number.
    pub mobile: Made,
}

impl ThirdPerson {
    /// IBAN (FR, GB).
    pub fn iban(&self) -> Option<&Made> {
        self.account.iban.as_ref()
    }

    /// Account number (US, GB).
    pub fn account_number(&self) -> Option<&Made> {
        self.account.number.as_ref()
    }

    /// Routing number (US) or sort code (GB).
    pub fn routing(&self) -> Option<&Made> {
        self.account.routing.as_ref()
    }
}

pub(super) fn third_person(world: &World, split: Split, key: u64) -> ThirdPerson {
    let key = BEYOND_CUSTOMERS + super::customer::key(split, key % BEYOND_CUSTOMERS);
    let stream = &mut Stream::at(world.seed, Domain::new("world.third_person"), key);
    let name = name_from(world.tables, stream);
    let bank = world.bank_of_a_customer(split, stream);
    let branch = format!("{:05}", 10 + stream.below(980));
    ThirdPerson {
        name,
        account: world.ids.account(key, 0, &bank.ids, &branch, stream),
        mobile: world.ids.mobile(key, 0, stream),
        bank_name: bank.brand.name,
        bic: bank.ids.bic,
    }
}

/// A grown-up's name.
pub(super) fn name_from(tables: &'static Tables, stream: &mut Stream) -> FullName {
    let sex = Sex::draw(stream);
    let year = 1945 + stream.below(58) as i32;
    tables.names.full(sex, year, stream)
}
