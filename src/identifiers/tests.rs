//! Claims about all identifiers together.

use super::*;
use crate::calendar::{Date, Month};
use crate::seed::Stream;
use std::collections::BTreeSet;

/// Values of one label, as its maker gives them for `serials`.
pub(super) fn made(label: &str, count: u64) -> Vec<Made> {
    let mut stream = Stream::at(11, Domain::new("identifiers tests"), 0);
    let s = &mut stream;
    let countries = [Country::France, Country::UnitedStates, Country::Britain];
    (0..count)
        .map(|serial| {
            let country = countries[(serial % 3) as usize];
            let french_or_british = countries[(serial % 2 * 2) as usize];
            let birth =
                Date::new(1935 + (serial % 72) as i32, 1 + (serial % 12) as u32, 14).unwrap();
            match label {
                "PAN" => cards::make(country, serial, s).made,
                "IBAN" => {
                    let bank = s.below_u64(iban::bank_codes(french_or_british));
                    iban::make(french_or_british, bank, serial, s).unwrap()
                }
                "FR_RIB" => {
                    let bank = iban::bank_code(Country::France, serial % 20_000);
                    let value =
                        iban::rib(&bank, &iban::branch(s), &iban::french_account(serial, s));
                    Made::new(value, Safety::Unassigned, true)
                }
                "BIC" => iban::bic(country, serial),
                "PHONE_NUMBER" => {
                    let line = [phone::Line::Mobile, phone::Line::Landline][(serial % 2) as usize];
                    phone::make(country, line, serial, s)
                }
                "EMAIL_ADDRESS" => email::make("Zoé", "Le Querné", 1990, s),
                "FR_NIR" => {
                    let department = ["75", "2A", "13", "974", "99", "2B"][(serial % 6) as usize];
                    national_id::fr::nir(serial % 2 == 0, birth, department, serial)
                }
                "US_SSN" => national_id::us::ssn(serial),
                "UK_NINO" => national_id::uk::nino(serial),
                "UK_SORT_CODE" => uk_bank::sort_code(serial % uk_bank::SORT_CODES),
                "UK_ACCOUNT_NUMBER" => uk_bank::account(serial),
                "US_ABA_ROUTING" => us_bank::routing(serial),
                "US_ACCOUNT_NUMBER" => us_bank::account(serial, s),
                "CUSTOMER_NUMBER" => codes::customer_number(serial, s),
                "ONLINE_BANKING_ID" => codes::online_id(serial, s),
                "OTP_CODE" => codes::otp(s),
                "CARD_PIN" => codes::pin(s),
                "MOBILE_APP_CODE" => codes::app_code(s),
                "CARD_CVV" => codes::cvv(3 + (serial % 2) as usize, s),
                "CARD_EXPIRY" => codes::expiry(Month::new(2026, 3), s),
                "PASSWORD" => codes::password("Tobias", 1971, s),
                "CASE_REFERENCE" => codes::case_reference(2026, serial, s),
                "POSTCODE" => postcode::make(country, serial % postcode::capacity(country)),
                _ => panic!("no maker for {label}"),
            }
        })
        .collect()
}

/// Labels that have a maker.
pub(super) const MADE: [&str; 23] = [
    "PAN",
    "IBAN",
    "FR_RIB",
    "BIC",
    "PHONE_NUMBER",
    "EMAIL_ADDRESS",
    "FR_NIR",
    "US_SSN",
    "UK_NINO",
    "UK_SORT_CODE",
    "UK_ACCOUNT_NUMBER",
    "US_ABA_ROUTING",
    "US_ACCOUNT_NUMBER",
    "CUSTOMER_NUMBER",
    "ONLINE_BANKING_ID",
    "OTP_CODE",
    "CARD_PIN",
    "MOBILE_APP_CODE",
    "CARD_CVV",
    "CARD_EXPIRY",
    "PASSWORD",
    "CASE_REFERENCE",
    "POSTCODE",
];

fn label(id: &str) -> Label {
    Label::named(id).unwrap()
}

#[test]
fn every_rule_of_the_taxonomy_has_a_check() {
    for info in Taxonomy::get().labels() {
        if let Some(name) = &info.rule {
            assert!(rule(name, &info.id).is_some(), "no check for rule `{name}`");
        }
    }
}

#[test]
fn valid_examples_pass_and_near_misses_do_not() {
    for label in Label::all().filter(|label| label.info().rule.is_some()) {
        for example in &label.info().valid {
            let normal = normalise(label, example);
            let verdict = normal.as_deref().and_then(|normal| check(label, normal));
            assert_eq!(verdict, Some(true), "{label}: {example}");
        }
        for example in &label.info().near_miss {
            let normal = normalise(label, example);
            let verdict = normal.as_deref().and_then(|normal| check(label, normal));
            assert_ne!(verdict, Some(true), "{label}: {example}");
        }
    }
}

#[test]
fn every_made_value_passes_its_check() {
    for id in MADE {
        for made in made(id, 3_000) {
            assert_ne!(
                check(label(id), &made.value),
                Some(false),
                "{id}: {}",
                made.value
            );
        }
    }
}

#[test]
fn reading_what_was_written_gives_the_value_back() {
    for id in MADE {
        for made in made(id, 600) {
            for &(form, weight) in forms(label(id)) {
                let mut surface = String::new();
                assert!(weight > 0 && write(label(id), &made.value, form, &mut surface));
                let read = normalise(label(id), &surface);
                assert_eq!(
                    read.as_deref(),
                    Some(made.value.as_str()),
                    "{id} {form}: {surface}"
                );
            }
        }
    }
}

#[test]
fn reading_an_irregular_grouping_gives_the_value_back() {
    let mut stream = Stream::at(3, Domain::new("irregular"), 1);
    for id in ["PAN", "IBAN", "FR_NIR", "PHONE_NUMBER", "US_ABA_ROUTING"] {
        for made in made(id, 300) {
            if made.value.starts_with("+1") {
                continue;
            }
            let mut surface = String::new();
            write_irregular(&made.value, &mut stream, &mut surface);
            assert_eq!(
                normalise(label(id), &surface),
                Some(made.value),
                "{id}: {surface}"
            );
        }
    }
}

#[test]
fn a_form_that_a_family_does_not_have_writes_nothing() {
    for label in Label::all() {
        for form in [
            Form::Relative,
            Form::Colloquial,
            Form::Spoken,
            Form::Fragment,
        ] {
            let mut out = String::new();
            assert!(
                !write(label, "0000000042", form, &mut out) && out.is_empty(),
                "{label}"
            );
        }
    }
}

#[test]
fn writers_and_readers_bear_any_text() {
    for label in Label::all() {
        for text in [
            "",
            "é",
            "4",
            "ééééééééé",
            "FR76",
            "+",
            "+33",
            "x",
            "€€€€€€€€€€€€€€€",
        ] {
            for &form in Form::ALL {
                write(label, text, form, &mut String::new());
            }
            if let Some(normal) = normalise(label, text) {
                check(label, &normal);
            }
            check(label, text);
        }
    }
}

#[test]
fn makers_never_repeat_a_value_below_their_capacity() {
    let with_serial = [
        ("BIC", 10_000),
        ("US_SSN", 10_000),
        ("UK_NINO", 10_000),
        ("UK_ACCOUNT_NUMBER", 10_000),
        ("US_ABA_ROUTING", 10_000),
        ("US_ACCOUNT_NUMBER", 10_000),
        ("CUSTOMER_NUMBER", 10_000),
        ("ONLINE_BANKING_ID", 10_000),
        ("CASE_REFERENCE", 10_000),
        ("IBAN", 10_000),
        ("FR_RIB", 10_000),
    ];
    for (id, count) in with_serial {
        let values: BTreeSet<String> = made(id, count).into_iter().map(|m| m.value).collect();
        assert_eq!(values.len() as u64, count, "{id}");
    }
    // Published card numbers repeat by design, and are at most 5 in 100.
    let cards: BTreeSet<String> = made("PAN", 10_000).into_iter().map(|m| m.value).collect();
    assert!(cards.len() > 9_500, "{}", cards.len());
    for &country in Country::ALL {
        for line in [phone::Line::Mobile, phone::Line::Landline] {
            let mut stream = Stream::at(1, Domain::new("phones"), 0);
            let count = phone::capacity(country, line).min(10_000);
            let numbers: BTreeSet<String> = (0..count)
                .map(|serial| phone::make(country, line, serial, &mut stream).value)
                .collect();
            assert_eq!(numbers.len() as u64, count, "{country} {line:?}");
        }
    }
}

#[test]
fn the_first_values_are_frozen() {
    let sample: Vec<(&str, Vec<String>)> = MADE
        .iter()
        .map(|&id| (id, made(id, 6).into_iter().map(|m| m.value).collect()))
        .collect();
    insta::assert_debug_snapshot!(sample);
}
