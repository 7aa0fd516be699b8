//! What comes in, and what moves between the customer's own accounts.

use super::super::work::{Employment, Status};
use super::operation::{Counterparty, Operation, OperationKind};
use super::{Ledger, MonthOfLedger, before_all};
use crate::calendar::{Date, Month};
use crate::country::Country;
use crate::seed::{Domain, Stream, mix};

/// A movement between the customer's accounts, seen from savings.
struct Flow {
    date: Date,
    second: u32,
    amount: i64,
}

impl Ledger<'_> {
    /// Wages, benefits or pension of a month.
    pub(super) fn income(&self, month: Month, stream: &mut Stream, out: &mut Vec<Operation>) {
        let work = self.customer.work_on(month.day(15));
        let net = self.net(work, month, stream);
        let (kind, counterparty) = match (work.status, work.employer) {
            (Status::Employed, Some(employer)) => {
                (OperationKind::Salary, Counterparty::Employer(employer))
            }
            (status, _) => (
                OperationKind::Benefit,
                Counterparty::Agency(agency(self.customer.country, status)),
            ),
        };
        let second = 3 * 3_600 + stream.below(3 * 3_600);
        let mut pay = |day: u32, amount: i64| {
            let date = working_day(month.day(day));
            out.push(self.operation(date, second, kind, amount, counterparty));
        };
        if work.status == Status::Employed && self.customer.country == Country::UnitedStates {
            pay(15, net / 2);
            pay(31, net - net / 2);
        } else {
            pay(work.pay_day, net);
        }
    }

    fn net(&self, work: &Employment, month: Month, stream: &mut Stream) -> i64 {
        let net = work.net_in(month);
        let habit = mix(self.customer.key ^ 0x5a1a_0000) % 100;
        match work.status {
            // Some are paid by the hour, some get a bonus in December.
            Status::Employed if habit < 30 => net * stream.range(955, 1_045) / 1_000,
            Status::Employed if habit < 55 && month.ym().1 == 12 => net * 1_150 / 1_000,
            Status::Student => net / 500 * 500,
            _ => net,
        }
    }

    /// What moves into savings in a month (out of them where negative).
    fn flows(&self, month: Month) -> [Option<Flow>; 2] {
        if month <= before_all() || self.customer.savings().is_none() {
            return [None, None];
        }
        let planned = self.phase(month).saving;
        let moved = self.borrowed(month) - self.borrowed(month.plus(-1));
        let stream = &mut self.stream(Domain::new("world.flows"), month);
        let plan_day = 2 + (mix(self.customer.key ^ 0x5a71) % 9) as u32;
        let flow = |date: Date, second: u32, amount: i64| {
            (amount != 0).then_some(Flow {
                date,
                second,
                amount,
            })
        };
        [
            flow(month.day(plan_day), 6 * 3_600, planned),
            flow(
                month.day(6 + stream.below(19)),
                (8 + stream.below(14)) * 3_600 + stream.below(3_600),
                moved,
            ),
        ]
    }

    /// The current account's side of what moves into savings.
    pub(super) fn to_savings(&self, month: Month, out: &mut Vec<Operation>) {
        let Some((_, savings)) = self.customer.savings() else {
            return;
        };
        for flow in self.flows(month).into_iter().flatten() {
            out.push(self.operation(
                flow.date,
                flow.second,
                OperationKind::Savings,
                -flow.amount,
                Counterparty::Own(savings.product),
            ));
        }
    }

    /// A month of the savings account.
    pub(super) fn savings_month(&self, account: usize, month: Month) -> MonthOfLedger {
        let current = self.customer.accounts[0].product;
        let mut operations: Vec<Operation> = self
            .flows(month)
            .into_iter()
            .flatten()
            .map(|flow| {
                let own = Counterparty::Own(current);
                self.operation(
                    flow.date,
                    flow.second,
                    OperationKind::Savings,
                    flow.amount,
                    own,
                )
            })
            .collect();
        if let Some((date, interest)) = self.interest(month) {
            operations.push(self.operation(
                date,
                86_399,
                OperationKind::Interest,
                interest,
                Counterparty::Bank,
            ));
        }
        operations.sort_by_key(|operation| (operation.date, operation.second));
        self.number(account, month, &mut operations);
        MonthOfLedger {
            account,
            month,
            opening: self.money(self.savings_closing(month.plus(-1))),
            closing: self.money(self.savings_closing(month)),
            operations,
        }
    }

    /// The balance of the savings account at the end of a month.
    pub(super) fn savings_closing(&self, month: Month) -> i64 {
        let first = before_all().plus(1);
        let last_year = month.ym().0.min(first.ym().0 + 40);
        let credited: i64 = (first.ym().0..=last_year)
            .map(|year| Month::new(year, interest_month(self.customer.country)))
            .filter(|credit| *credit <= month && *credit >= first)
            .filter_map(|credit| self.interest(credit))
            .map(|(_, interest)| interest)
            .sum();
        self.savings_at_start + self.planned(month) + self.borrowed(month) + credited
    }

    /// Interest, credited once a year on what is saved by plan (rates are an assumption).
    fn interest(&self, month: Month) -> Option<(Date, i64)> {
        let country = self.customer.country;
        if month.ym().1 != interest_month(country) || month <= before_all() {
            return None;
        }
        let (day, permille) = match country {
            Country::France => (31, 24),
            Country::UnitedStates => (31, 20),
            Country::Britain => (5, 32),
        };
        let interest = (self.savings_at_start + self.planned(month)) * permille / 1_000;
        (interest > 0).then(|| (month.day(day), interest))
    }

    pub(super) fn operation(
        &self,
        date: Date,
        second: u32,
        kind: OperationKind,
        amount: i64,
        counterparty: Counterparty,
    ) -> Operation {
        Operation {
            id: 0,
            date,
            second,
            kind,
            amount: self.money(amount),
            counterparty,
            town: None,
            card: None,
            reference: 0,
        }
    }
}

/// In France and the US interest is credited at the end of the year, in Britain with the tax year.
fn interest_month(country: Country) -> u32 {
    match country {
        Country::France | Country::UnitedStates => 12,
        Country::Britain => 4,
    }
}

/// The day itself, or the last working day before it; in the first days of a month the next one.
fn working_day(date: Date) -> Date {
    let shift = match date.weekday() {
        5 => -1,
        6 => -2,
        _ => 0,
    };
    let earlier = date.plus(shift);
    if earlier.month() == date.month() {
        earlier
    } else {
        earlier.plus(3)
    }
}

/// Who pays an income that is no wage, as people call it.
fn agency(country: Country, status: Status) -> &'static str {
    match (country, status) {
        (Country::France, Status::Student) => "Bourse étudiante",
        (Country::France, Status::Retired) => "Caisse de retraite",
        (Country::France, _) => "Assurance chômage",
        (Country::UnitedStates, Status::Student) => "Student Aid",
        (Country::UnitedStates, Status::Retired) => "Social Security",
        (Country::UnitedStates, _) => "Unemployment Insurance",
        (Country::Britain, Status::Student) => "Student Finance",
        (Country::Britain, Status::Retired) => "State Pension",
        (Country::Britain, _) => "Universal Credit",
    }
}
