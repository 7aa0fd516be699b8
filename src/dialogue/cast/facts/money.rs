//! Savings, loans, securities, and what the ledger says besides card payments.

use super::{made, money, owned, papers, text};
use crate::conversation::Owner;
use crate::country::Country;
use crate::dialogue::cast::Cast;
use crate::dialogue::path::Path;
use crate::taxonomy::Label;
use crate::wording::values::{Datum, Value, label};
use crate::world::{Counterparty, FullName, Loan, LoanKind, Operation};

pub(super) fn datum<'c>(cast: &'c Cast<'_>, path: Path) -> Option<Datum<'c>> {
    let customer = cast.customer;
    let amount = |operation: &Option<Operation>, kind| {
        Some(money(
            label!("TRANSACTION_AMOUNT"),
            operation.as_ref()?.amount.minor.abs(),
            kind,
        ))
    };
    let date = |operation: &Option<Operation>, kind| {
        let operation = operation.as_ref()?;
        Some(Datum::Day {
            label: label!("TRANSACTION_DATE"),
            date: operation.date,
            second: None,
            kind,
        })
    };
    let others = &cast.others;
    match path {
        Path::CardLimit => Some(money(
            label!("CREDIT_LIMIT"),
            cast.wishes().card_limit,
            "card_limit",
        )),
        Path::CardLimitWanted => Some(money(
            label!("CREDIT_LIMIT"),
            cast.wishes().card_limit_wanted,
            "card_limit_wanted",
        )),
        Path::SavingsBalance => {
            let (index, _) = customer.savings()?;
            let (today, second) = cast.now;
            let balance = customer.ledger().balance_at(index, today, second);
            Some(money(label!("SAVINGS"), balance.minor, "savings"))
        }
        Path::SavingsName => Some(Datum::Plain(customer.savings()?.1.product)),
        Path::LoanPrincipal | Path::LoanInstalment | Path::LoanRate | Path::LoanRemaining => {
            loan(cast, cast.loan()?, path)
        }
        Path::LoanContract => {
            let contract = cast.loan()?.contract_number();
            Some(Datum::Value(owned(
                label!("CONTRACT_NUMBER"),
                contract,
                Owner::Customer,
                "loan",
            )))
        }
        Path::MortgagePrincipal
        | Path::MortgageInstalment
        | Path::MortgageRate
        | Path::MortgageRemaining => loan(cast, cast.mortgage()?, path),
        Path::LoanWanted => Some(money(label!("LOAN"), cast.wishes().borrowed, "loan_wanted")),
        Path::LoanWantedInstalment => Some(money(
            label!("LOAN"),
            cast.wishes().loan.loan().instalment.minor,
            "loan_wanted",
        )),
        Path::MortgageWanted => Some(money(
            label!("LOAN"),
            cast.wishes().borrowed_for_home,
            "mortgage_wanted",
        )),
        Path::MortgageWantedInstalment => Some(money(
            label!("LOAN"),
            cast.wishes().mortgage.loan().instalment.minor,
            "mortgage_wanted",
        )),
        Path::MortgageWantedRate => {
            Some(rate(cast, cast.wishes().mortgage.loan(), "mortgage_wanted"))
        }
        Path::LoanWantedRate => Some(rate(cast, cast.wishes().loan.loan(), "loan_wanted")),
        Path::HoldingValue => Some(money(
            label!("HOLDING"),
            cast.customer
                .holding()
                .map(|h| h.price * i64::from(h.count))?,
            "holding",
        )),
        Path::SpendTotal => Some(money(
            label!("TRANSACTION_AMOUNT"),
            cast.spend_total()?,
            "spending",
        )),
        Path::DebitMerchant => {
            let merchant = others.debit.as_ref()?.merchant()?;
            Some(Datum::Words(Value {
                infers: merchant.infers.and_then(Label::named),
                ..text(
                    label!("MERCHANT"),
                    &*merchant.name,
                    Owner::Customer,
                    "debit",
                )
            }))
        }
        Path::DebitAmount => amount(&others.debit, "debit"),
        Path::DebitDate => date(&others.debit, "debit"),
        Path::DebitRecord => {
            let operation = others.debit.as_ref()?;
            let merchant = operation.merchant()?;
            Some(Datum::Record {
                date: operation.date,
                descriptor: &cast.texts.debit,
                printed: &merchant.descriptor,
                merchant: &merchant.name,
                minor: operation.amount.minor,
                infers: operation.infers().and_then(Label::named),
            })
        }
        Path::SentName | Path::SentGiven => {
            person(others.sent.as_ref()?, label!("BENEFICIARY"), "sent")
        }
        Path::SentAmount => amount(&others.sent, "sent"),
        Path::SentDate => date(&others.sent, "sent"),
        Path::ReceivedName => person(others.received.as_ref()?, label!("PERSON_NAME"), "received"),
        Path::ReceivedAmount => amount(&others.received, "received"),
        Path::ReceivedDate => date(&others.received, "received"),
        Path::CashAmount => amount(&others.cash, "cash"),
        Path::CashDate => date(&others.cash, "cash"),
        Path::FeeAmount => amount(&others.fee, "fee"),
        Path::FeeDate => date(&others.fee, "fee"),
        Path::RentAmount => amount(&others.rent, "rent"),
        Path::AccountRib => {
            let rib = customer.accounts[0].rib()?;
            Some(Datum::Value(owned(
                label!("FR_RIB"),
                rib,
                Owner::Customer,
                "account",
            )))
        }
        Path::OtherName | Path::OtherGiven => {
            Some(whole(label!("PERSON_NAME"), cast.other().name, "other"))
        }
        Path::OtherPhone => Some(Datum::Value(made(
            label!("PHONE_NUMBER"),
            &cast.other().mobile,
            Owner::ThirdParty,
            "other",
        ))),
        Path::OtherBirthDate => Some(Datum::Birth {
            date: cast.wishes().other_birth,
            owner: Owner::ThirdParty,
        }),
        Path::PartnerName | Path::PartnerGiven => Some(whole(
            label!("PERSON_NAME"),
            customer.timeline.partner?,
            "partner",
        )),
        Path::AdviserName => Some(whole(label!("PERSON_NAME"), cast.adviser, "adviser")),
        Path::AppointmentDate => {
            let (date, second) = cast.wishes().appointment;
            Some(Datum::Day {
                label: label!("DATE_TIME"),
                date,
                second: Some(second),
                kind: "appointment",
            })
        }
        _ => papers::datum(cast, path),
    }
}

/// A figure of a loan: what was lent, is paid each month, costs, or is left to pay.
fn loan<'c>(cast: &Cast<'_>, loan: &Loan, path: Path) -> Option<Datum<'c>> {
    let kind = match loan.kind {
        LoanKind::Home => "mortgage",
        LoanKind::Car | LoanKind::Personal => "loan",
    };
    Some(match path {
        Path::LoanPrincipal | Path::MortgagePrincipal => {
            money(label!("LOAN"), loan.principal().minor, kind)
        }
        Path::LoanInstalment | Path::MortgageInstalment => {
            money(label!("LOAN"), loan.instalment.minor, kind)
        }
        Path::LoanRemaining | Path::MortgageRemaining => money(
            label!("DEBT_AMOUNT"),
            loan.remaining(cast.today().month()).minor,
            kind,
        ),
        _ => rate(cast, loan, kind),
    })
}

/// The yearly rate of a loan: `1,85 %`, `6.49%`.
fn rate<'c>(cast: &Cast<'_>, loan: &Loan, kind: &'static str) -> Datum<'c> {
    let (whole, part) = (loan.rate / 100, loan.rate % 100);
    let written = match cast.country() {
        Country::France => format!("{whole},{part:02} %"),
        Country::UnitedStates | Country::Britain => format!("{whole}.{part:02}%"),
    };
    Datum::Words(text(label!("LOAN"), written, Owner::Customer, kind))
}

fn person<'c>(operation: &Operation, label: Label, kind: &'static str) -> Option<Datum<'c>> {
    match operation.counterparty {
        Counterparty::Person(name) => Some(whole(label, name, kind)),
        _ => None,
    }
}

fn whole<'c>(label: Label, name: FullName, kind: &'static str) -> Datum<'c> {
    Datum::Person {
        label,
        given: name.given,
        family: name.family,
        owner: Owner::ThirdParty,
        kind,
    }
}
