//! Accounts, loans, cards and credentials.

use super::Money;
use super::ids::AccountIds;
use super::tables::QuestionKind;
use crate::calendar::{Date, Month};
use crate::conversation::{Safety, names};
use crate::identifiers::{Made, cards::CardNumber};
use serde::{Deserialize, Serialize};

names! {
    /// What an account is for.
    pub enum AccountKind {
        /// Payments.
        Current = "current",
        /// Savings.
        Savings = "savings",
    }
}

/// An account with a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What it is for.
    pub kind: AccountKind,
    pub(super) ids: AccountIds,
    /// The day it was opened, before the timeline begins.
    pub opened: Date,
    /// How far it may be overdrawn; 0 for savings.
    pub overdraft_limit: Money,
    /// What the product is called: `Livret A`, `Checking`.
    pub product: &'static str,
}

impl Account {
    /// IBAN (FR, GB).
    pub fn iban(&self) -> Option<&Made> {
        self.ids.iban.as_ref()
    }

    /// RIB: bank, branch, account and key without separators (FR).
    pub fn rib(&self) -> Option<Made> {
        let iban = self.ids.iban.as_ref()?;
        let bban = iban.value.strip_prefix("FR")?.get(2..)?;
        Some(Made {
            value: bban.to_owned(),
            ..iban.clone()
        })
    }

    /// Account number (US, GB).
    pub fn account_number(&self) -> Option<&Made> {
        self.ids.number.as_ref()
    }

    /// Routing number (US) or sort code (GB).
    pub fn routing(&self) -> Option<&Made> {
        self.ids.routing.as_ref()
    }
}

names! {
    /// How the use of a card ended.
    pub enum CardEnd {
        /// Reported lost.
        Lost = "lost",
        /// Reported stolen.
        Stolen = "stolen",
        /// Its number was abused.
        Compromised = "compromised",
        /// It expired.
        Expired = "expired",
    }
}

/// A payment card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its number.
    pub number: CardNumber,
    /// Security code on its back (on the front of American Express cards).
    pub cvv: Made,
    /// PIN.
    pub pin: Made,
    /// The month at whose end it expires.
    pub expiry: Month,
    /// The name on it: `MME M VERDORNE`.
    pub holder: String,
    /// The account it pays from, an index into the customer's accounts.
    pub account: usize,
    /// The first day on which it is the customer's card.
    pub valid_from: Date,
    /// The last day on which it is the customer's card, and why, where it ended in the timeline.
    pub ended: Option<(Date, CardEnd)>,
}

impl Card {
    /// Is it the customer's card on that day?
    pub fn is_valid_on(&self, date: Date) -> bool {
        self.valid_from <= date && self.ended.is_none_or(|(last, _)| date <= last)
    }
}

/// A question that the bank asks, and what the customer answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityAnswer {
    /// What is asked.
    pub kind: QuestionKind,
    /// The answer.
    pub answer: &'static str,
}

/// What opens the account to whoever knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The bank's number of the customer.
    pub customer_number: Made,
    /// The name to log in with.
    pub online_id: Made,
    /// The password.
    pub password: Made,
    /// The code of the application.
    pub app_code: Made,
    /// The security question.
    pub security: SecurityAnswer,
}

names! {
    /// What a loan pays for.
    pub enum LoanKind {
        /// A home.
        Home = "home",
        /// A car.
        Car = "car",
        /// Anything else.
        Personal = "personal",
    }
}

/// A loan with level instalments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// What it pays for.
    pub kind: LoanKind,
    /// What is paid back each month.
    pub instalment: Money,
    /// Nominal yearly rate in basis points: 185 is 1.85 %.
    pub rate: u32,
    /// How many instalments in all.
    pub months: u32,
    /// The month of the first instalment.
    pub first: Month,
    pub(super) contract: u32,
}

impl Loan {
    /// A loan as a bank offers it: the instalment that pays `principal` back, to the unit above.
    pub fn quoted(kind: LoanKind, principal: Money, rate: u32, months: u32, first: Month) -> Loan {
        let lends = |instalment: i64| {
            let loan = Loan {
                kind,
                instalment: Money {
                    minor: instalment,
                    ..principal
                },
                rate,
                months,
                first,
                contract: 0,
            };
            (loan.principal().minor >= principal.minor).then_some(loan)
        };
        // The instalment lies between that without interest and that with interest on all of it.
        let (mut low, mut high) = (0, principal.minor);
        while low + 1 < high {
            let middle = (low + high) / 2;
            match lends(middle) {
                Some(_) => high = middle,
                None => low = middle,
            }
        }
        lends(high).expect("an instalment of the principal pays it back")
    }

    /// The number of its contract.
    pub fn contract_number(&self) -> Made {
        Made {
            value: format!("PRT{:08}", 99_000_000 + self.contract % 1_000_000),
            safety: Safety::Convention,
            strict_valid: true,
        }
    }

    /// What was lent, to the unit: the present value of the instalments.
    pub fn principal(&self) -> Money {
        self.owed(self.months)
    }

    /// What is left to pay back after the instalment of `month`.
    pub fn remaining(&self, month: Month) -> Money {
        let paid = (month.index() - self.first.index() + 1).clamp(0, self.months as i32);
        self.owed(self.months - paid as u32)
    }

    /// The month of the last instalment.
    pub fn last(&self) -> Month {
        self.first.plus(self.months as i32 - 1)
    }

    /// The present value of the last `count` instalments, a month before the first of them.
    fn owed(&self, count: u32) -> Money {
        let month_of_rate = 120_000 + i64::from(self.rate);
        let value = (0..count).fold(0, |owed, _| {
            (owed + self.instalment.minor) * 120_000 / month_of_rate
        });
        Money {
            minor: value,
            ..self.instalment
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country::Country;

    #[test]
    fn a_loan_is_paid_back_by_its_instalments() {
        let loan = Loan {
            kind: LoanKind::Home,
            instalment: Money::new(68_412, Country::France),
            rate: 185,
            months: 240,
            first: Month::new(2020, 3),
            contract: 42,
        };
        // 684.12 x (1 - (1 + .0185/12)^-240) / (.0185/12) = 137,150.38, less what is cut to the cent.
        let principal = loan.principal().minor;
        assert!((13_714_500..13_715_038).contains(&principal), "{principal}");
        assert_eq!(loan.remaining(loan.last()).minor, 0);
        assert_eq!(loan.remaining(loan.first.plus(-1)), loan.principal());
        let after_one = loan.remaining(loan.first).minor;
        assert!(after_one < principal && after_one > principal - 68_412);
    }
}
