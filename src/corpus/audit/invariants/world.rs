//! Against the world made again: the person on that day, and the ledger.
//!
//! The world is a pure function of the manifest's seed, so every amount and every datum of the customer can
//! be looked up in it, without the dialogue that put it into words.

use super::{Desk, Wrong, plain};
use crate::calendar::Date;
use crate::corpus::Corpus;
use crate::corpus::audit::checks::Check;
use crate::corpus::audit::record::{Conversation, FactRecord};
use crate::country::Country;
use crate::identifiers;
use crate::taxonomy::Label;
use crate::world::{Address, Customer, Operation, OperationKind};

pub(super) const LIFELIKE: &str = "lifelike values are not the world's own";

/// What follows another value into its live-looking range.
const MOVED_ALONG: [&str; 3] = ["PAN_TRUNCATED", "IBAN_PARTIAL", "POSTAL_ADDRESS"];

/// Compares a conversation with the world at its index.
pub fn world(desk: &mut Desk<'_>, c: &Conversation<'_>, corpus: &Corpus, index: u64) {
    let Some(today) = c.date else {
        let why = "records without a day";
        for check in [
            Check::WorldPerson,
            Check::WorldBalance,
            Check::WorldOperations,
        ] {
            desk.findings.cannot(check, why);
        }
        return;
    };
    let customer = corpus.customer(index);
    let lifelike = c.is_lifelike();
    for (label, fact) in c.known_facts() {
        let moved = || {
            identifiers::lifelike::of(label, &fact.value).is_some()
                || MOVED_ALONG.contains(&label.id())
        };
        if lifelike && moved() {
            desk.findings.cannot(Check::WorldPerson, LIFELIKE);
        } else if let Some(wrong) = of_person(&customer, label, fact, today) {
            desk.judge(Check::WorldPerson, || c.id().to_owned(), wrong);
        }
    }
    ledger(desk, c, &customer, today);
}

/// Is a datum of the customer what the world has? `None` where it is no such datum.
fn of_person(
    customer: &Customer,
    label: Label,
    fact: &FactRecord,
    today: Date,
) -> Option<Option<Wrong>> {
    // A conversation that runs past midnight speaks of the next day too.
    let days = [today, today.plus(1)];
    let is = |known: &dyn Fn(Date) -> Option<String>| {
        days.iter()
            .any(|&day| known(day).as_deref() == Some(fact.value.as_str()))
    };
    let some = |text: &str| Some(text.to_owned());
    let account = &customer.accounts[0];
    let tail = |text: &str| Some(text[text.len().saturating_sub(4)..].to_owned());
    let right = match (label.id(), &*fact.kind) {
        ("PERSON_NAME", "customer") => is(&|day| Some(customer.name_on(day).to_string())),
        ("DATE_OF_BIRTH", "customer") => is(&|_| Some(customer.person.birth.to_string())),
        ("AGE", "customer") => is(&|day| Some(customer.person.age_on(day).to_string())),
        ("PHONE_NUMBER", "customer") => is(&|day| some(&customer.phone_on(day).value)),
        ("PHONE_NUMBER", "contact_before") => {
            is(&|day| some(&customer.phone_on(day.plus(-30)).value))
        }
        ("PHONE_NUMBER", "contact_after") => is(&|day| some(&customer.phone_on(day.plus(5)).value)),
        ("EMAIL_ADDRESS", "contact_before") => {
            is(&|day| some(&customer.email_on(day.plus(-30)).value))
        }
        ("EMAIL_ADDRESS", "contact_after") => {
            is(&|day| some(&customer.email_on(day.plus(5)).value))
        }
        ("EMAIL_ADDRESS", "customer") => is(&|day| some(&customer.email_on(day).value)),
        ("FR_NIR" | "US_SSN" | "UK_NINO", "customer") => {
            is(&|_| some(&customer.person.national_id.value))
        }
        ("OCCUPATION", "customer") => is(&|day| customer.occupation_on(day).map(str::to_owned)),
        ("EMPLOYER", "employer") => {
            is(&|day| customer.employer_on(day).map(|e| e.name.to_string()))
        }
        ("CUSTOMER_NUMBER", "credentials") => {
            is(&|_| some(&customer.credentials.customer_number.value))
        }
        ("ONLINE_BANKING_ID", "credentials") => {
            is(&|_| some(&customer.credentials.online_id.value))
        }
        ("PASSWORD", "credentials") => is(&|_| some(&customer.credentials.password.value)),
        ("MOBILE_APP_CODE", "credentials") => is(&|_| some(&customer.credentials.app_code.value)),
        ("SECURITY_ANSWER", "credentials") => is(&|_| some(customer.credentials.security.answer)),
        ("PAN", "card") => is(&|day| some(&customer.card_on(day).number.made.value)),
        ("PAN_TRUNCATED", "card") => is(&|day| tail(&customer.card_on(day).number.made.value)),
        ("CARD_CVV", "card") => is(&|day| some(&customer.card_on(day).cvv.value)),
        ("CARD_PIN", "card") => is(&|day| some(&customer.card_on(day).pin.value)),
        ("CARD_EXPIRY", "card") => is(&|day| Some(customer.card_on(day).expiry.to_string())),
        ("CARDHOLDER_NAME", "card") => is(&|day| some(&customer.card_on(day).holder)),
        ("IBAN", "account") => is(&|_| account.iban().map(|iban| iban.value.clone())),
        ("UK_ACCOUNT_NUMBER" | "US_ACCOUNT_NUMBER", "account") => {
            is(&|_| account.account_number().map(|number| number.value.clone()))
        }
        ("UK_SORT_CODE" | "US_ABA_ROUTING", "account") => {
            is(&|_| account.routing().map(|routing| routing.value.clone()))
        }
        ("IBAN_PARTIAL", "account") => is(&|_| {
            let number = account.iban().or(account.account_number());
            number.and_then(|number| tail(&number.value))
        }),
        ("BIC", "account") => is(&|_| some(&customer.bank.bic().value)),
        ("POSTAL_ADDRESS", "home") => days
            .iter()
            .any(|&day| lives_at(customer.address_on(day), &fact.value)),
        ("POSTCODE", "home") => days
            .iter()
            .any(|&day| is_postcode(&fact.value, customer.address_on(day))),
        ("POSTAL_ADDRESS", "move") => homes(customer).any(|address| lives_at(address, &fact.value)),
        ("POSTCODE", "move") => homes(customer).any(|address| is_postcode(&fact.value, address)),
        ("DATE_TIME", "move") => {
            let moves = customer.timeline.homes.changes();
            moves.iter().any(|(date, _)| date.to_string() == fact.value)
        }
        _ => return None,
    };
    Some((!right).then(|| {
        let what = format!("{label} ({}) is not the world's on {today}", fact.kind);
        (what, fact.value.clone())
    }))
}

fn homes(customer: &Customer) -> impl Iterator<Item = &Address> {
    customer
        .timeline
        .homes
        .changes()
        .iter()
        .map(|(_, home)| &home.address)
}

/// Is a value the postcode of an address, with or without its space?
fn is_postcode(value: &str, address: &Address) -> bool {
    value.replace(' ', "") == address.postcode.replace(' ', "")
}

/// Does a fact name an address: its street, its postcode and its town?
fn lives_at(address: &Address, value: &str) -> bool {
    let mut street = String::new();
    address.write_street(&mut street);
    [street.as_str(), &address.postcode, address.town.name]
        .iter()
        .all(|part| value.contains(part))
}

/// Balances, operations, wages, limits.
fn ledger(desk: &mut Desk<'_>, c: &Conversation<'_>, customer: &Customer, today: Date) {
    const OF_THE_LEDGER: [&str; 10] = [
        "BALANCE",
        "TRANSACTION_AMOUNT",
        "TRANSACTION_DATE",
        "TRANSACTION_RECORD",
        "MERCHANT",
        "SPEND_CATEGORY",
        "INCOME",
        "CREDIT_LIMIT",
        "INFER_HEALTH",
        "INFER_GAMBLING",
    ];
    let facts: Vec<(usize, Label, &FactRecord)> = (0..c.facts().len())
        .filter_map(|at| Some((at, c.fact_labels[at]?, &c.facts()[at])))
        .filter(|(_, label, _)| OF_THE_LEDGER.contains(&label.id()))
        .collect();
    if facts.is_empty() {
        return;
    }
    let last = c
        .times
        .iter()
        .flatten()
        .last()
        .map_or(today, |time| time.date());
    let ledger = customer.ledger();
    let mut operations: Vec<Operation> = Vec::new();
    let mut month = today.month().plus(-1);
    while month <= last.month() {
        operations.extend(ledger.month(0, month).operations);
        month = month.plus(1);
    }
    let opening = ledger.month(0, today.month()).opening.minor;
    for (at, label, fact) in &facts {
        let (check, wrong) = match (label.id(), &*fact.kind) {
            ("BALANCE", _) => {
                let said = mentioned(c, *at).unwrap_or((last, 86_400));
                let known = balances(opening, &operations, today, said);
                (Check::WorldBalance, !known.contains(&minor(fact)))
            }
            ("INCOME", _) => {
                let wages = operations
                    .iter()
                    .filter(|op| op.kind == OperationKind::Salary);
                let known = wages
                    .map(|op| Some(op.amount.minor))
                    .any(|m| m == minor(fact));
                (Check::WorldIncome, !known)
            }
            ("CREDIT_LIMIT", kind) if kind != "account" => {
                desk.findings
                    .cannot(Check::WorldLimit, "limits of cards, which no ledger holds");
                continue;
            }
            ("CREDIT_LIMIT", _) => {
                let limit = customer.accounts[0].overdraft_limit.minor;
                (Check::WorldLimit, minor(fact) != Some(limit))
            }
            (_, "transfer") => {
                desk.findings
                    .cannot(Check::WorldOperations, "transfers that are only asked for");
                continue;
            }
            (_, "operation" | "salary") => {
                let until = mentioned(c, *at).unwrap_or((last, 86_400));
                let known = operations
                    .iter()
                    .filter(|op| (op.date, op.second) <= until)
                    .any(|op| states(op, *label, fact, customer.country));
                (Check::WorldOperations, !known)
            }
            _ => continue,
        };
        let wrong = wrong.then(|| {
            let what = format!("{label} ({}) is not in the ledger", fact.kind);
            (what, fact.value.clone())
        });
        desk.judge(check, || c.id().to_owned(), wrong);
    }
    together(desk, c, &operations, customer.country);
}

fn minor(fact: &FactRecord) -> Option<i64> {
    fact.value.split(' ').next()?.parse().ok()
}

/// When a fact is first stated: local day and second.
fn mentioned(c: &Conversation<'_>, fact: usize) -> Option<(Date, u32)> {
    let (unit, _) = c.spans().find(|(_, span)| span.fact == Some(fact))?;
    let time = c.times[unit.message]?;
    Some((time.date(), time.second_of_day()))
}

/// Every balance of the account from the start of `today` to `until`.
fn balances(
    opening: i64,
    operations: &[Operation],
    today: Date,
    until: (Date, u32),
) -> Vec<Option<i64>> {
    let mut balance = opening;
    let mut known = vec![];
    for op in operations
        .iter()
        .filter(|op| op.date >= today.month().first())
    {
        if (op.date, op.second) > until {
            break;
        }
        if op.date >= today && known.is_empty() {
            known.push(Some(balance));
        }
        balance += op.amount.minor;
        if op.date >= today {
            known.push(Some(balance));
        }
    }
    known.push(Some(balance));
    known
}

/// Does an operation have what a fact says of one?
fn states(op: &Operation, label: Label, fact: &FactRecord, country: Country) -> bool {
    let mut text = String::new();
    match label.id() {
        "TRANSACTION_AMOUNT" => minor(fact)
            .is_some_and(|minor| minor == op.amount.minor || minor == op.amount.minor.abs()),
        "TRANSACTION_DATE" => {
            let wage = fact.kind != "salary" || op.kind == OperationKind::Salary;
            wage && fact.value == op.date.to_string()
        }
        "MERCHANT" | "INFER_HEALTH" | "INFER_GAMBLING" => {
            op.write_name(&mut text) && text == fact.value
        }
        "SPEND_CATEGORY" => {
            let known = op.category();
            known.is_some_and(|category| category.spoken(country) == fact.value)
        }
        "TRANSACTION_RECORD" => {
            op.write_statement(country, &mut text);
            fact.value == format!("{} {text} {}", op.date, op.amount.minor)
        }
        _ => false,
    }
}

/// Where one message names one shop with one amount and perhaps one day, they are of one operation.
fn together(desk: &mut Desk<'_>, c: &Conversation<'_>, operations: &[Operation], country: Country) {
    for unit in &c.units {
        let facts: Vec<(Label, &FactRecord)> = unit
            .spans
            .iter()
            .filter_map(|span| Some((span.label?, c.fact_of(span)?)))
            .filter(|(_, fact)| fact.kind == "operation")
            .collect();
        let of = |id: &str| {
            let mut found: Vec<&FactRecord> = facts
                .iter()
                .filter(|(label, _)| label.id() == id)
                .map(|(_, fact)| *fact)
                .collect();
            found.sort_by_key(|fact| &fact.id);
            found.dedup_by_key(|fact| &fact.id);
            found
        };
        let (shops, amounts, days) = (
            of("MERCHANT"),
            of("TRANSACTION_AMOUNT"),
            of("TRANSACTION_DATE"),
        );
        let ([_], [_]) = (&shops[..], &amounts[..]) else {
            continue;
        };
        if days.len() > 1 {
            continue;
        }
        let all = || shops.iter().chain(&amounts).chain(&days);
        let known = operations.iter().any(|op| {
            all()
                .all(|fact| Label::named(&fact.label).is_some_and(|l| states(op, l, fact, country)))
        });
        let wrong =
            (!known).then(|| plain("shop, amount and day of one message are of no one operation"));
        desk.judge(Check::WorldOperations, || c.unit_id(unit), wrong);
    }
}
