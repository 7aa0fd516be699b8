//! Operations: what moves on an account.

use super::super::Money;
use super::super::person::FullName;
use super::super::tables::{Category, Employer, Merchant, Town};
use crate::calendar::Date;
use crate::conversation::names;
use crate::country::Country;
use serde::{Deserialize, Serialize};

names! {
    /// What an operation is.
    pub enum OperationKind {
        /// A wage.
        Salary = "salary",
        /// A benefit, grant or pension.
        Benefit = "benefit",
        /// Rent.
        Rent = "rent",
        /// A direct debit.
        DirectDebit = "direct_debit",
        /// A payment by card.
        CardPayment = "card_payment",
        /// Cash from a machine.
        CashWithdrawal = "cash_withdrawal",
        /// A transfer to somebody.
        TransferOut = "transfer_out",
        /// A transfer from somebody.
        TransferIn = "transfer_in",
        /// A fee of the bank.
        Fee = "fee",
        /// A transfer between the customer's own accounts.
        Savings = "savings",
        /// Interest.
        Interest = "interest",
    }
}

/// Who is on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counterparty {
    /// A merchant, landlord, utility, insurer, association or lender.
    Merchant(&'static Merchant),
    /// Who pays the wage.
    Employer(&'static Employer),
    /// Somebody.
    Person(FullName),
    /// A public body, as people call it.
    Agency(&'static str),
    /// The customer's other account, by the name of its product.
    Own(&'static str),
    /// The bank itself.
    Bank,
    /// A cash machine.
    CashMachine,
}

/// Something that moved on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its number, unique in the world.
    pub id: u64,
    /// The day.
    pub date: Date,
    /// Seconds after midnight, local time.
    pub second: u32,
    /// What it is.
    pub kind: OperationKind,
    /// How much, negative where the account pays.
    pub amount: Money,
    /// Who is on the other side.
    pub counterparty: Counterparty,
    /// Where, for what is bought over a counter.
    pub town: Option<&'static Town>,
    /// The card that paid, an index into the customer's cards.
    pub card: Option<usize>,
    /// Authorisation number, for cards.
    pub reference: u32,
}

impl Operation {
    /// What it was for, where a merchant says so.
    pub fn category(&self) -> Option<Category> {
        self.merchant().map(|merchant| merchant.category)
    }

    /// Merchant category code (ISO 18245), where there is one; 6011 for cash.
    pub fn mcc(&self) -> Option<u16> {
        match self.counterparty {
            Counterparty::CashMachine => Some(6011),
            _ => self.merchant().map(|merchant| merchant.mcc),
        }
    }

    /// The label of what it reveals: `INFER_HEALTH`.
    pub fn infers(&self) -> Option<&'static str> {
        self.merchant().and_then(|merchant| merchant.infers)
    }

    /// The merchant, where the other side is one.
    pub fn merchant(&self) -> Option<&'static Merchant> {
        match self.counterparty {
            Counterparty::Merchant(merchant) => Some(merchant),
            _ => None,
        }
    }

    /// Appends the other side as people say it: `Brivane Bio`, `Ilario Fenwike`. Nothing is
    /// written, and false returned, for the bank, its cash machines and the customer's own
    /// accounts.
    pub fn write_name(&self, out: &mut String) -> bool {
        match self.counterparty {
            Counterparty::Merchant(merchant) => out.push_str(&merchant.name),
            Counterparty::Employer(employer) => out.push_str(&employer.name),
            Counterparty::Person(name) => {
                out.push_str(name.given);
                out.push(' ');
                out.push_str(name.family);
            }
            Counterparty::Agency(agency) => out.push_str(agency),
            Counterparty::Own(_) | Counterparty::Bank | Counterparty::CashMachine => return false,
        }
        true
    }

    /// Appends the line that the statement has for it: `CB BRIVANE BIO VALMARIE`.
    pub fn write_statement(&self, country: Country, out: &mut String) {
        use OperationKind::*;
        let prefix = match (country, self.kind) {
            (Country::France, Salary) => "VIR SALAIRE ",
            (Country::France, Benefit) => "VIR ",
            (Country::France, Rent) => "PRLV LOYER ",
            (Country::France, DirectDebit) => "PRLV SEPA ",
            (Country::France, CardPayment) => "CB ",
            (Country::France, CashWithdrawal) => "RETRAIT DAB",
            (Country::France, TransferOut) => "VIR EMIS ",
            (Country::France, TransferIn) => "VIR RECU ",
            (Country::France, Fee) => "COMMISSION INTERVENTION",
            (Country::France, Savings) => "VIR INTERNE ",
            (Country::France, Interest) => "INTERETS",
            (Country::UnitedStates, Salary) => "PAYROLL ",
            (Country::UnitedStates, Benefit) => "ACH CREDIT ",
            (Country::UnitedStates, Rent) => "RENT ",
            (Country::UnitedStates, DirectDebit) => "ACH DEBIT ",
            (Country::UnitedStates, CardPayment) => "POS ",
            (Country::UnitedStates, CashWithdrawal) => "ATM WITHDRAWAL",
            (Country::UnitedStates, TransferOut) => "TRANSFER TO ",
            (Country::UnitedStates, TransferIn) => "TRANSFER FROM ",
            (Country::UnitedStates, Fee) => "OVERDRAFT FEE",
            (Country::UnitedStates, Savings) => "ONLINE TRANSFER ",
            (_, Interest) => "INTEREST",
            (Country::Britain, Salary) => "BGC ",
            (Country::Britain, Benefit) => "BGC ",
            (Country::Britain, Rent) => "SO RENT ",
            (Country::Britain, DirectDebit) => "DD ",
            (Country::Britain, CardPayment) => "VIS ",
            (Country::Britain, CashWithdrawal) => "CASH",
            (Country::Britain, TransferOut) => "FPO ",
            (Country::Britain, TransferIn) => "FPI ",
            (Country::Britain, Fee) => "UNARRANGED OD FEE",
            (Country::Britain, Savings) => "TFR ",
        };
        out.push_str(prefix);
        match self.counterparty {
            Counterparty::Merchant(merchant) => out.push_str(&merchant.descriptor),
            Counterparty::Employer(employer) => out.push_str(&employer.descriptor),
            Counterparty::Person(name) => {
                capitals(name.given, out);
                out.push(' ');
                capitals(name.family, out);
            }
            Counterparty::Agency(name) | Counterparty::Own(name) => capitals(name, out),
            Counterparty::Bank | Counterparty::CashMachine => {}
        }
        if let Some(town) = self.town {
            out.push(' ');
            out.push_str(town.statement);
        }
    }

    /// Appends the number of a card payment: `AUT-0042F9`.
    pub fn write_reference(&self, out: &mut String) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        out.push_str("AUT-");
        for shift in (0..6).rev() {
            let digit = (self.reference >> (4 * shift)) & 15;
            out.push(char::from(HEX[digit as usize]));
        }
    }
}

fn capitals(text: &str, out: &mut String) {
    for c in text.chars() {
        match super::super::ascii(c) {
            Some(letters) => out.extend(letters.chars().map(|c| c.to_ascii_uppercase())),
            None => out.push(' '),
        }
    }
}
