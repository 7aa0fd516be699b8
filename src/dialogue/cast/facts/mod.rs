//! What each path of a phrase means in the cast.
//!
//! Each file here knows some of the paths and hands the others on: this one knows what most
//! conversations need, then come [`money`], [`papers`] and [`bank`].

mod bank;
mod money;
mod papers;

use super::Cast;
use crate::conversation::{Owner, Safety};
use crate::country::Country;
use crate::dialogue::path::Path;
use crate::identifiers::{self, Made};
use crate::taxonomy::Label;
use crate::wording::values::{Datum, Value, label};
use std::borrow::Cow;
use std::fmt::Write;

/// Texts of a conversation that data borrows: written once.
#[derive(Debug, Default)]
pub struct Texts {
    age: String,
    merchant: String,
    descriptor: String,
    hotline: String,
    category: &'static str,
    debit: String,
}

impl Texts {
    pub(super) fn of(cast: &Cast<'_>) -> Texts {
        let customer = cast.customer;
        let age = customer.person.age_on(cast.today());
        let mut texts = Texts {
            age: age.to_string(),
            ..Texts::default()
        };
        if let Some(operation) = cast.operation() {
            operation.write_name(&mut texts.merchant);
            operation.write_statement(customer.country, &mut texts.descriptor);
            texts.category = operation
                .category()
                .map_or("", |category| category.spoken(customer.country));
        }
        if let Some(debit) = &cast.others.debit {
            debit.write_statement(customer.country, &mut texts.debit);
        }
        let phone = label!("PHONE_NUMBER");
        let national = crate::conversation::Form::National;
        let hotline = &customer.bank.hotline.value;
        if !identifiers::write(phone, hotline, national, &mut texts.hotline) {
            texts.hotline.push_str(hotline);
        }
        texts
    }
}

fn made<'a>(label: Label, made: &'a Made, owner: Owner, kind: &'static str) -> Value<'a> {
    Value {
        label,
        value: (&made.value).into(),
        safety: made.safety,
        strict_valid: Some(made.strict_valid),
        owner,
        kind,
        infers: None,
    }
}

/// A value that is made on demand.
fn owned<'a>(label: Label, made: Made, owner: Owner, kind: &'static str) -> Value<'a> {
    Value {
        label,
        safety: made.safety,
        strict_valid: Some(made.strict_valid),
        value: made.value.into(),
        owner,
        kind,
        infers: None,
    }
}

fn text<'a>(
    label: Label,
    text: impl Into<Cow<'a, str>>,
    owner: Owner,
    kind: &'static str,
) -> Value<'a> {
    Value {
        label,
        value: text.into(),
        safety: Safety::Convention,
        strict_valid: None,
        owner,
        kind,
        infers: None,
    }
}

/// A postcode in normal form: without its space.
fn postcode(code: &str, kind: &'static str) -> Value<'static> {
    let normal = identifiers::normalise(label!("POSTCODE"), code);
    Value {
        label: label!("POSTCODE"),
        value: normal.unwrap_or_else(|| code.to_owned()).into(),
        safety: Safety::Unassigned,
        strict_valid: Some(false),
        owner: Owner::Customer,
        kind,
        infers: None,
    }
}

pub(super) fn datum<'c>(cast: &'c Cast<'_>, path: Path) -> Option<Datum<'c>> {
    use Owner::{Customer as Own, ThirdParty};
    let customer = cast.customer;
    let today = cast.today();
    let house = &customer.bank;
    let value = |label: Label, m: &'c Made, owner, kind| Datum::Value(made(label, m, owner, kind));
    Some(match path {
        Path::CustomerName | Path::CustomerGiven | Path::CustomerFamily => {
            let name = customer.name_on(today);
            Datum::Person {
                label: label!("PERSON_NAME"),
                given: name.given,
                family: name.family,
                owner: Own,
                kind: "customer",
            }
        }
        Path::CustomerBirthDate => Datum::Birth {
            date: customer.person.birth,
            owner: Own,
        },
        Path::CustomerAge => Datum::Words(text(label!("AGE"), &cast.texts.age, Own, "customer")),
        Path::CustomerPhone => value(
            label!("PHONE_NUMBER"),
            customer.phone_on(today),
            Own,
            "customer",
        ),
        Path::CustomerEmail => value(
            label!("EMAIL_ADDRESS"),
            customer.email_on(today),
            Own,
            "customer",
        ),
        Path::CustomerAddress => address(customer.address_on(today), "home"),
        Path::CustomerPostcode => {
            let code = &customer.address_on(today).postcode;
            Datum::Value(postcode(code, "home"))
        }
        Path::CustomerNationalId => {
            let id = match customer.country {
                Country::France => label!("FR_NIR"),
                Country::UnitedStates => label!("US_SSN"),
                Country::Britain => label!("UK_NINO"),
            };
            value(id, &customer.person.national_id, Own, "customer")
        }
        Path::CustomerNumber => value(
            label!("CUSTOMER_NUMBER"),
            &customer.credentials.customer_number,
            Own,
            "credentials",
        ),
        Path::CustomerOnlineId => value(
            label!("ONLINE_BANKING_ID"),
            &customer.credentials.online_id,
            Own,
            "credentials",
        ),
        Path::CustomerPassword => Datum::Words(made(
            label!("PASSWORD"),
            &customer.credentials.password,
            Own,
            "credentials",
        )),
        Path::CustomerAppCode => value(
            label!("MOBILE_APP_CODE"),
            &customer.credentials.app_code,
            Own,
            "credentials",
        ),
        Path::CustomerSecurityAnswer => Datum::Words(text(
            label!("SECURITY_ANSWER"),
            customer.credentials.security.answer,
            Own,
            "credentials",
        )),
        Path::CustomerEmployer => {
            let employer = customer.employer_on(today)?;
            Datum::Words(text(label!("EMPLOYER"), &employer.name, Own, "employer"))
        }
        Path::CustomerOccupation => Datum::Words(text(
            label!("OCCUPATION"),
            customer.occupation_on(today)?,
            Own,
            "customer",
        )),
        Path::CardPan => value(label!("PAN"), &cast.card().number.made, Own, "card"),
        Path::CardExpiry => Datum::Month(cast.card().expiry),
        Path::CardCvv => value(label!("CARD_CVV"), &cast.card().cvv, Own, "card"),
        Path::CardPin => value(label!("CARD_PIN"), &cast.card().pin, Own, "card"),
        Path::CardHolder => Datum::Words(text(
            label!("CARDHOLDER_NAME"),
            &cast.card().holder,
            Own,
            "card",
        )),
        Path::CardBrand => Datum::Plain(cast.card().number.scheme.name()),
        Path::AccountIban => value(label!("IBAN"), customer.accounts[0].iban()?, Own, "account"),
        Path::AccountNumber => match customer.accounts[0].account_number() {
            Some(number) => value(number_label(customer.country), number, Own, "account"),
            None => value(label!("IBAN"), customer.accounts[0].iban()?, Own, "account"),
        },
        Path::AccountSortCode => value(
            label!("UK_SORT_CODE"),
            customer.accounts[0].routing()?,
            Own,
            "account",
        ),
        Path::AccountRouting => value(
            label!("US_ABA_ROUTING"),
            customer.accounts[0].routing()?,
            Own,
            "account",
        ),
        Path::AccountDetails => {
            let account = &customer.accounts[0];
            let parts = (account.iban(), account.routing(), account.account_number());
            details(customer.country, parts, Own, "account")?
        }
        Path::AccountBic => value(label!("BIC"), house.bic(), Own, "account"),
        Path::AccountBalance => money(label!("BALANCE"), cast.balance.minor, "account"),
        Path::AccountOverdraftLimit => money(
            label!("CREDIT_LIMIT"),
            customer.accounts[0].overdraft_limit.minor,
            "account",
        ),
        Path::TxAmount => money(
            label!("TRANSACTION_AMOUNT"),
            cast.operation()?.amount.minor.abs(),
            "operation",
        ),
        Path::TxMerchant => Datum::Words(Value {
            infers: cast.operation()?.infers().and_then(Label::named),
            ..text(label!("MERCHANT"), &cast.texts.merchant, Own, "operation")
        }),
        Path::TxDate => {
            let operation = cast.operation()?;
            Datum::Day {
                label: label!("TRANSACTION_DATE"),
                date: operation.date,
                second: Some(operation.second),
                kind: "operation",
            }
        }
        Path::TxCategory => Datum::Words(text(
            label!("SPEND_CATEGORY"),
            cast.texts.category,
            Own,
            "operation",
        )),
        Path::TxRecord => {
            let operation = cast.operation()?;
            Datum::Record {
                date: operation.date,
                descriptor: &cast.texts.descriptor,
                printed: &operation.merchant()?.descriptor,
                merchant: &cast.texts.merchant,
                minor: operation.amount.minor,
                infers: operation.infers().and_then(Label::named),
            }
        }
        Path::SalaryAmount => money(
            label!("INCOME"),
            cast.salary.as_ref()?.amount.minor,
            "salary",
        ),
        Path::SalaryDate => Datum::Day {
            label: label!("TRANSACTION_DATE"),
            date: cast.salary.as_ref()?.date,
            second: None,
            kind: "salary",
        },
        Path::PayeeName | Path::PayeeGiven => Datum::Person {
            label: label!("BENEFICIARY"),
            given: cast.payee().name.given,
            family: cast.payee().name.family,
            owner: ThirdParty,
            kind: "payee",
        },
        Path::PayeeDetails => {
            let payee = cast.payee();
            let parts = (payee.iban(), payee.routing(), payee.account_number());
            details(customer.country, parts, ThirdParty, "payee")?
        }
        Path::PayeeBic => value(label!("BIC"), &cast.payee().bic, ThirdParty, "payee"),
        Path::PayeePhone => value(
            label!("PHONE_NUMBER"),
            &cast.payee().mobile,
            ThirdParty,
            "payee",
        ),
        Path::TransferAmount => money(
            label!("TRANSACTION_AMOUNT"),
            cast.transfer.minor,
            "transfer",
        ),
        Path::MoveAddress => address(&cast.moved.as_ref()?.1.address, "move"),
        Path::MovePostcode => {
            let code = &cast.moved.as_ref()?.1.address.postcode;
            Datum::Value(postcode(code, "move"))
        }
        Path::MoveDate => Datum::Day {
            label: label!("DATE_TIME"),
            date: cast.moved.as_ref()?.0,
            second: None,
            kind: "move",
        },
        Path::OtpCode => value(label!("OTP_CODE"), &cast.otp, Own, "otp"),
        Path::CaseReference => value(label!("CASE_REFERENCE"), &cast.case, Own, "case"),
        Path::AgentName => Datum::Person {
            label: label!("PERSON_NAME"),
            given: cast.agent.given,
            family: cast.agent.family,
            owner: ThirdParty,
            kind: "agent",
        },
        Path::BotName => public(
            label!("PERSON_NAME"),
            "bot_persona",
            house.bot_name.to_owned(),
        ),
        Path::BankName => Datum::Plain(house.name),
        Path::BankApp => Datum::Plain(house.app_name),
        Path::BankHotline => public(
            label!("PHONE_NUMBER"),
            "hotline",
            cast.texts.hotline.clone(),
        ),
        Path::BankBic => public(label!("BIC"), "bank_bic", house.bic().value.clone()),
        Path::BankBranch => public(label!("POSTAL_ADDRESS"), "branch", bank::branch(cast)),
        Path::BankSite => public(label!("SECRET_LINK"), "help_page", bank::help_page(cast)),
        Path::MoveFromAddress => address(cast.home_before()?, "home_before"),
        Path::MoveFromPostcode => {
            Datum::Value(postcode(&cast.home_before()?.postcode, "home_before"))
        }
        _ if path.is_stated() => return None,
        _ => return money::datum(cast, path),
    })
}

fn number_label(country: Country) -> Label {
    match country {
        Country::UnitedStates => label!("US_ACCOUNT_NUMBER"),
        Country::Britain => label!("UK_ACCOUNT_NUMBER"),
        Country::France => label!("IBAN"),
    }
}

fn money(label: Label, minor: i64, kind: &'static str) -> Datum<'static> {
    Datum::Money {
        label,
        minor,
        owner: Owner::Customer,
        kind,
    }
}

fn public(looks_like: Label, is: &'static str, text: String) -> Datum<'static> {
    Datum::Public {
        looks_like,
        is,
        text,
    }
}

fn address<'c>(address: &'c crate::world::Address, kind: &'static str) -> Datum<'c> {
    let mut street = String::with_capacity(40);
    match (address.complement, address.country()) {
        (Some(flat), Country::UnitedStates) => {
            address.write_street(&mut street);
            let _ = write!(street, ", {flat}");
        }
        (Some(flat), _) => {
            let _ = write!(street, "{flat}, ");
            address.write_street(&mut street);
        }
        (None, _) => address.write_street(&mut street),
    }
    let town = match address.country() {
        Country::UnitedStates => format!("{}, {}", address.town.name, address.town.region),
        _ => address.town.name.to_owned(),
    };
    Datum::Address {
        street,
        postcode: postcode(&address.postcode, kind),
        town,
        kind,
    }
}

/// What identifies an account in a country: an IBAN, or two numbers.
fn details<'c>(
    country: Country,
    (iban, routing, number): (Option<&'c Made>, Option<&'c Made>, Option<&'c Made>),
    owner: Owner,
    kind: &'static str,
) -> Option<Datum<'c>> {
    Some(match country {
        Country::France => Datum::Value(made(label!("IBAN"), iban?, owner, kind)),
        Country::Britain => Datum::Several(vec![
            made(label!("UK_SORT_CODE"), routing?, owner, kind),
            made(label!("UK_ACCOUNT_NUMBER"), number?, owner, kind),
        ]),
        Country::UnitedStates => Datum::Several(vec![
            made(label!("US_ABA_ROUTING"), routing?, owner, kind),
            made(label!("US_ACCOUNT_NUMBER"), number?, owner, kind),
        ]),
    })
}

/// Label and kind of a fact that words of a phrase state; `None` where the path names a value.
pub(super) fn stated(path: Path) -> Option<(Label, &'static str)> {
    Some(match path {
        Path::LifeMove
        | Path::LifeSeparation
        | Path::LifeBirth
        | Path::LifeWedding
        | Path::LifeBereavement
        | Path::LifeJobLoss
        | Path::LifeRetirement
        | Path::LifeNewJob
        | Path::LifeProject => (label!("LIFE_EVENT"), "life"),
        Path::HealthIllness => (label!("INFER_HEALTH"), "health"),
        Path::HardshipOverdraft | Path::HardshipState => (label!("FINANCIAL_HARDSHIP"), "account"),
        Path::InferPregnancy => (label!("INFER_PREGNANCY"), "life"),
        Path::InferGambling => (label!("INFER_GAMBLING"), "habit"),
        Path::InferReligion => (label!("INFER_RELIGION"), "habit"),
        Path::InferUnion => (label!("INFER_UNION"), "habit"),
        Path::InferPolitics => (label!("INFER_POLITICAL"), "habit"),
        Path::InferSexuality => (label!("INFER_SEXUALITY"), "habit"),
        Path::InferOrigin => (label!("INFER_ETHNICITY"), "habit"),
        Path::InferCourts => (label!("INFER_CRIMINAL"), "habit"),
        _ => return None,
    })
}
