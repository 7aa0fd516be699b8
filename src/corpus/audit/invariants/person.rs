//! One person: what a conversation, and all of a customer's, say of somebody agrees.

use super::world::LIFELIKE;
use super::{Desk, plain};
use crate::calendar::Date;
use crate::corpus::audit::checks::Check;
use crate::corpus::audit::data;
use crate::corpus::audit::record::{Conversation, FactRecord};
use crate::country::Country;
use crate::taxonomy::Label;
use std::collections::BTreeMap;

/// What a person has one of, for life.
const FOR_LIFE: [&str; 6] = [
    "DATE_OF_BIRTH",
    "FR_NIR",
    "US_SSN",
    "UK_NINO",
    "CUSTOMER_NUMBER",
    "ONLINE_BANKING_ID",
];

/// What a person has one of on a day.
const FOR_A_DAY: [&str; 8] = [
    "PERSON_NAME",
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "AGE",
    "EMPLOYER",
    "OCCUPATION",
    "PASSWORD",
    "MOBILE_APP_CODE",
];

/// What belongs to one card.
const OF_A_CARD: [&str; 4] = ["CARD_EXPIRY", "CARD_CVV", "CARD_PIN", "CARDHOLDER_NAME"];

/// Does a fact speak of the customer?
fn own(fact: &FactRecord) -> bool {
    let changes = ["contact_before", "contact_after"];
    fact.owner.as_deref() == Some("customer") && !changes.contains(&&*fact.kind)
}

/// Everything of one person.
pub fn person(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    let id = c.id();
    let mut values: BTreeMap<Label, Vec<&FactRecord>> = BTreeMap::new();
    for (label, fact) in c.known_facts().filter(|(_, fact)| own(fact)) {
        values.entry(label).or_default().push(fact);
    }
    let customer = c.record.customer.as_deref();
    let day = c.record.as_of.as_deref().unwrap_or("");
    for (label, facts) in &values {
        let for_life = FOR_LIFE.contains(&label.id());
        if for_life || FOR_A_DAY.contains(&label.id()) {
            let wrong = (facts.len() > 1).then(|| {
                let list: Vec<&str> = facts.iter().map(|fact| &*fact.value).collect();
                (
                    format!("{} values of {label}", facts.len()),
                    list.join(", "),
                )
            });
            desk.judge(Check::OneValue, || id.to_owned(), wrong);
            if let Some(customer) = customer {
                let key: &[&str] = match for_life {
                    true => &[customer, label.id()],
                    false => &[customer, label.id(), day],
                };
                desk.claim(Check::OverTime, key, &facts[0].value, id);
            }
        }
    }
    if let Some(customer) = customer {
        let fixed = [
            ("lang", &c.record.lang),
            ("bank", &c.record.bank),
            ("writer", &c.record.writer),
            ("variety", &c.record.variety),
            ("split", &c.record.split),
        ];
        for (what, value) in fixed {
            if let Some(value) = value {
                desk.claim(Check::OverTime, &[customer, what], value, id);
            }
        }
    } else {
        desk.findings
            .cannot(Check::OverTime, "records without a customer");
    }
    births(desk, c, &values);
    cards(desk, c, &values);
    if c.is_lifelike() {
        desk.findings.cannot(Check::Postcode, LIFELIKE);
        desk.findings.cannot(Check::Unique, LIFELIKE);
        return;
    }
    postcodes(desk, c);
    for (label, fact) in c.known_facts() {
        if data::is_unique(label, &fact.value) {
            let owner = fact.owner.as_deref().unwrap_or("");
            let whose = format!("{} {owner}", customer.unwrap_or(""));
            desk.claim(Check::Unique, &[label.id(), &fact.value], &whose, id);
        }
    }
}

fn births(desk: &mut Desk<'_>, c: &Conversation<'_>, values: &BTreeMap<Label, Vec<&FactRecord>>) {
    let of = |id: &str| {
        Label::named(id)
            .and_then(|label| values.get(&label))
            .map(|facts| facts[0])
    };
    if let (Some(nir), Some(holder)) = (of("FR_NIR"), of("CARDHOLDER_NAME"))
        && let Some(sex) = sex_of(&holder.value)
    {
        let wrong = (!nir.value.starts_with(sex)).then(|| {
            let what = "the sex in FR_NIR is not that of CARDHOLDER_NAME".to_owned();
            (what, format!("{}, {}", nir.value, holder.value))
        });
        desk.judge(Check::Birth, || c.id().to_owned(), wrong);
    }
    let Some(birth) = of("DATE_OF_BIRTH") else {
        return;
    };
    let Ok(date) = birth.value.parse::<Date>() else {
        return;
    };
    let (year, month, _) = date.ymd();
    if let Some(nir) = of("FR_NIR") {
        let due = format!("{:02}{month:02}", year % 100);
        let wrong = (nir.value.get(1..5) != Some(due.as_str())).then(|| {
            let what = "the month of birth in FR_NIR is not that of DATE_OF_BIRTH".to_owned();
            (what, format!("{}, {}", nir.value, birth.value))
        });
        desk.judge(Check::Birth, || c.id().to_owned(), wrong);
    }
    if let (Some(age), Some(today)) = (of("AGE"), c.date) {
        let due = date.years_until(today);
        let said = age
            .value
            .split(|c: char| !c.is_ascii_digit())
            .find(|n| !n.is_empty());
        let wrong = (said.and_then(|n| n.parse().ok()) != Some(due)).then(|| {
            let what = format!("AGE is not that of DATE_OF_BIRTH on {today}");
            (what, format!("{}, {}", age.value, birth.value))
        });
        desk.judge(Check::Birth, || c.id().to_owned(), wrong);
    }
}

/// The digit of a NIR that agrees with the title on a French card: `MME V BESSON` gives 2.
fn sex_of(holder: &str) -> Option<char> {
    match holder.split(' ').next()? {
        "M" | "MR" => Some('1'),
        "MME" | "MLLE" => Some('2'),
        _ => None,
    }
}

/// Cards: where one number of the customer stands in a conversation, the rest is of that card.
fn cards(desk: &mut Desk<'_>, c: &Conversation<'_>, values: &BTreeMap<Label, Vec<&FactRecord>>) {
    let of = |id: &str| Label::named(id).and_then(|label| values.get(&label));
    let Some(numbers) = of("PAN") else { return };
    let [number] = numbers[..] else {
        desk.findings
            .cannot(Check::OneCard, "conversations with several card numbers");
        return;
    };
    // A published number is on the cards of many.
    let holder = match data::is_published(&number.value) {
        true => c.record.customer.as_deref().unwrap_or(""),
        false => "",
    };
    for id in OF_A_CARD {
        let Some(facts) = of(id) else { continue };
        let wrong = (facts.len() > 1)
            .then(|| plain(format!("{} values of {id} for one card", facts.len())));
        match wrong {
            None => desk.claim(
                Check::OneCard,
                &[&number.value, holder, id],
                &facts[0].value,
                c.id(),
            ),
            wrong => desk.judge(Check::OneCard, || c.id().to_owned(), wrong),
        }
    }
}

/// Postcodes: those of their addresses, each of one town; in Britain of one street too.
fn postcodes(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    let of = |id: &'static str| c.known_facts().filter(move |(label, _)| label.id() == id);
    let addresses: Vec<&FactRecord> = of("POSTAL_ADDRESS").map(|(_, fact)| fact).collect();
    for (_, code) in of("POSTCODE") {
        let at: Vec<&&FactRecord> = addresses
            .iter()
            .filter(|address| address.kind == code.kind)
            .collect();
        let [address] = at[..] else {
            let why = "postcodes without the one address that they are of";
            desk.findings.cannot(Check::Postcode, why);
            continue;
        };
        match town(&address.value, &code.value) {
            None => {
                let what = format!("{} is not the postcode of {}", code.id, address.id);
                let values = format!("{}, {}", code.value, address.value);
                desk.judge(Check::Postcode, || c.id().to_owned(), Some((what, values)));
            }
            Some(town) => {
                desk.claim(Check::Postcode, &[&code.value], town, c.id());
                if code.value.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    let street = street(&address.value);
                    desk.claim(Check::Postcode, &[&code.value, "street"], street, c.id());
                }
            }
        }
    }
}

/// The street of a British address without the number of the house: `Flat 2, 1 High Street, Fairhollow …`.
fn street(address: &str) -> &str {
    let street = address.rsplit(", ").nth(1).unwrap_or(address);
    let number = street
        .find(' ')
        .filter(|_| street.starts_with(|c: char| c.is_ascii_digit()));
    number.map_or(street, |at| &street[at + 1..])
}

/// The town of an address, beside its postcode: `…, 96042 Valmarie` or `…, Fairhollow ZQ1 4AB`, with or
/// without the space of British postcodes.
fn town<'a>(address: &'a str, postcode: &str) -> Option<&'a str> {
    let bare = |text: &str| text.replace(' ', "");
    let due = bare(postcode);
    let mut parts = address.rsplitn(3, ", ");
    let last = parts.next()?;
    // American towns are followed by their state: `Fairhollow, MD 21304`.
    let letters = |word: &str| word.len() == 2 && word.bytes().all(|b| b.is_ascii_uppercase());
    let state = last.split(' ').next().is_some_and(letters) && !last.starts_with(&due);
    let line = match parts.next() {
        Some(before) if state => &address[address.len() - last.len() - 2 - before.len()..],
        _ => last,
    };
    let spaces = line.match_indices(' ').map(|(at, _)| at);
    let (mut front, mut back) = (None, None);
    for at in spaces {
        let (head, tail) = (&line[..at], &line[at + 1..]);
        front = front.or((bare(head) == due).then_some(tail));
        back = (bare(tail) == due).then_some(head).or(back);
    }
    front.or(back)
}

/// A label is said in countries that have it.
pub fn locales(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    let lang = c.record.lang.as_deref().unwrap_or("");
    let Some(country) = Country::of_language(lang) else {
        let why = "languages of countries that the world does not know";
        desk.findings.cannot(Check::Locales, why);
        return;
    };
    for (label, fact) in c.known_facts() {
        let wrong = (!country.says(label)).then(|| {
            let what = format!(
                "{label} is said in {}, and its locales do not have it",
                country.name()
            );
            (what, fact.value.clone())
        });
        desk.judge(Check::Locales, || c.id().to_owned(), wrong);
    }
}

/// Labels of account numbers, whole or in part.
const ACCOUNTS: [&str; 6] = [
    "IBAN",
    "IBAN_PARTIAL",
    "FR_RIB",
    "UK_ACCOUNT_NUMBER",
    "US_ACCOUNT_NUMBER",
    "US_ABA_ROUTING",
];

/// How far from an account number a BIC may stand, in turns.
const BESIDE: usize = 4;

/// A BIC is gold only beside an account of the same owner.
pub fn bics(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    for (unit, span) in c.spans().filter(|(_, span)| span.record.label == "BIC") {
        let Some(fact) = c.fact_of(span) else {
            continue;
        };
        let beside = c.spans().any(|(other, account)| {
            ACCOUNTS.contains(&account.record.label.as_str())
                && other.message.abs_diff(unit.message) <= BESIDE
                && c.fact_of(account)
                    .is_some_and(|account| account.owner == fact.owner)
        });
        let wrong = (!beside).then(|| {
            let what =
                format!("a BIC is gold, and no account of its owner stands within {BESIDE} turns");
            (what, span.surface.to_owned())
        });
        desk.judge(Check::BicBesideAccount, || c.unit_id(unit), wrong);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_on_a_card_tells_the_sex() {
        assert_eq!(sex_of("MME V BESSON"), Some('2'));
        assert_eq!(sex_of("M L GRIMAUD"), Some('1'));
        assert_eq!(sex_of("VALERIE BESSON"), None);
    }

    #[test]
    fn the_town_stands_beside_its_postcode() {
        assert_eq!(
            town("14 rue des Ormes, 96042 Valmarie", "96042"),
            Some("Valmarie")
        );
        assert_eq!(
            town("Flat 2, 1 High Street, Fairhollow ZQ1 4AB", "ZQ1 4AB"),
            Some("Fairhollow")
        );
        assert_eq!(
            town("1 High Street, Great Ostley ZQ1 4AB", "ZQ14AB"),
            Some("Great Ostley")
        );
        assert_eq!(
            town("1 Oak Street, Fairhollow, MD 42904", "42904"),
            Some("Fairhollow, MD")
        );
        assert_eq!(town("1 Oak Street, Fairhollow, MD 42904", "42905"), None);
        // A town whose name begins with two letters is no state.
        for address in [
            "14 Mill Lane, St Merran ZD4 6HH",
            "Flat 2, 3 Mill Lane, St Merran ZD4 6HH",
        ] {
            assert_eq!(town(address, "ZD46HH"), Some("St Merran"));
            assert_eq!(street(address), "Mill Lane");
        }
    }
}
