//! The ledger: every operation of a customer's accounts, any month of it on its own.
//!
//! * A **phase** is a stretch of months with the same income and the same fixed costs.
//! * A **closing balance** is drawn first, a pure function of account and month; what then flows in
//!   and out of savings is one too; what remains of a month's income is spent by card.
//!
//! Invariant: `opening + Σ operations = closing`, and a month closes with what the next one opens
//! with, on every account, whatever months are asked for and in whatever order.

mod income;
mod month;
mod operation;
mod phases;
mod recurring;
mod spending;

pub use operation::{Counterparty, Operation, OperationKind};

use super::customer::Customer;
use super::tables::Tables;
use super::{Money, laws};
use crate::calendar::{Date, Month};
use crate::seed::{Domain, Stream, mix};
use phases::Phase;
use recurring::Recurring;
use spending::Wants;

/// What happened on an account in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthOfLedger {
    /// The account, an index into the customer's accounts.
    pub account: usize,
    /// The month.
    pub month: Month,
    /// The balance at its start.
    pub opening: Money,
    /// The balance at its end.
    pub closing: Money,
    /// What moved, in order of time.
    pub operations: Vec<Operation>,
}

/// The operations of a customer's accounts.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    customer: &'a Customer,
    tables: &'static Tables,
    recurring: Vec<Recurring>,
    phases: Vec<Phase>,
    savings_at_start: i64,
    closing_level: i64,
    wants: Wants,
}

/// The month before which nothing is saved: the ledger begins in January 2023.
fn before_all() -> Month {
    Month::new(super::FIRST_YEAR - 2, 12)
}

impl<'a> Ledger<'a> {
    pub(super) fn new(customer: &'a Customer) -> Ledger<'a> {
        let tables = Tables::of(customer.country);
        let stream = &mut Stream::at(customer.seed, Domain::new("world.ledger"), customer.key);
        let recurring = recurring::draw(customer, tables, stream);
        let has_savings = customer.savings().is_some();
        let phases = phases::of(customer, &recurring, has_savings, stream);
        let income = customer.timeline.work.first().net_monthly;
        let hardship = customer.habits.has(super::Habit::Hardship);
        let low = if hardship {
            -customer.accounts[0].overdraft_limit.minor * i64::from(300 + stream.below(400)) / 1_000
        } else {
            income * laws::LOW_POINT.draw(stream) / 1_000
        };
        let mut saved = income * laws::SAVINGS.draw(stream) / 1_000;
        if hardship {
            saved /= 10;
        }
        let closing_level = low + phases.iter().map(|phase| phase.need).max().unwrap_or(0);
        let mut ledger = Ledger {
            customer,
            tables,
            recurring,
            phases,
            savings_at_start: 0,
            closing_level,
            wants: Wants::of(customer.country, &customer.habits, false),
        };
        // Savings never run dry: they start with what bad times will take.
        ledger.savings_at_start = saved / 1_000 * 1_000 + ledger.largest_withdrawal();
        ledger
    }

    /// A month of an account. Pure: the same account and month give the same operations.
    ///
    /// # Panics
    /// When the customer has no such account.
    pub fn month(&self, account: usize, month: Month) -> MonthOfLedger {
        assert!(account < self.customer.accounts.len(), "no such account");
        if account == 0 {
            self.current_month(month)
        } else {
            self.savings_month(account, month)
        }
    }

    /// The balance of an account at the end of a month, without drawing its operations.
    pub fn closing(&self, account: usize, month: Month) -> Money {
        assert!(account < self.customer.accounts.len(), "no such account");
        let minor = if account == 0 {
            self.current_closing(month)
        } else {
            self.savings_closing(month)
        };
        Money::new(minor, self.customer.country)
    }

    /// The balance of an account at a second of a day, operations of that second included.
    pub fn balance_at(&self, account: usize, date: Date, second: u32) -> Money {
        let month = self.month(account, date.month());
        let moved: i64 = month
            .operations
            .iter()
            .take_while(|operation| (operation.date, operation.second) <= (date, second))
            .map(|operation| operation.amount.minor)
            .sum();
        Money {
            minor: month.opening.minor + moved,
            ..month.opening
        }
    }

    /// The last operations of an account up to a moment, newest first: of that month and the one
    /// before.
    pub fn latest(&self, account: usize, date: Date, second: u32, count: usize) -> Vec<Operation> {
        let until = |operation: &Operation| (operation.date, operation.second) <= (date, second);
        let mut found: Vec<Operation> = Vec::with_capacity(count);
        for month in [date.month(), date.month().plus(-1)] {
            let operations = self.month(account, month).operations;
            found.extend(operations.into_iter().rev().filter(until));
            if found.len() >= count {
                break;
            }
        }
        found.truncate(count);
        found
    }

    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.customer.country)
    }

    fn stream(&self, domain: Domain, month: Month) -> Stream {
        let index = mix(self.customer.key) ^ month.index() as u64;
        Stream::at(self.customer.seed, domain, index)
    }

    /// Numbers operations in order: customer, account, month, place.
    fn number(&self, account: usize, month: Month, operations: &mut [Operation]) {
        let months = (month.index() - 12 * 1_900) as u64;
        let base = ((self.customer.key << 1 | account as u64) << 13 | months) << 7;
        for (place, operation) in operations.iter_mut().enumerate() {
            operation.id = base | place as u64;
        }
    }
}
