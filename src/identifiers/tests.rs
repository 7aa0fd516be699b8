//! Claims about all identifiers together.

use super::*;
use crate::calendar::{Date, Month};
use crate::seed::Stream;
use abroad::Abroad;
use national_id::{Holder, elsewhere, papers};
use std::collections::BTreeSet;

fn abroad(serial: u64) -> Abroad {
    Abroad::ALL[(serial % Abroad::ALL.len() as u64) as usize]
}

/// Days from 2007 to 2026.
fn issued(serial: u64) -> Date {
    Date::new(2007 + (serial * 7 % 20) as i32, 1 + (serial % 12) as u32, 9).unwrap()
}

fn holder(serial: u64) -> Holder<'static> {
    const NAMES: [(&str, &str, bool); 5] = [
        ("Maëlys", "Verdorne", true),
        ("Tobias", "Quennell", false),
        ("Anne-Marie", "d’Hérœuville", true),
        ("Io", "Fò", false),
        ("Mary Ann", "MacQuoid Brandt", true),
    ];
    let (given, family, female) = NAMES[(serial % 5) as usize];
    let (year, month, day) = (1931 + serial * 7 % 77, 1 + serial % 12, 1 + serial % 28);
    Holder {
        given,
        family,
        female,
        birth: Date::new(year as i32, month as u32, day as u32).unwrap(),
    }
}

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
                "IBAN abroad" => {
                    let at = abroad(serial);
                    let bank = s.below_u64(at.bank_codes());
                    at.iban(bank, serial, s)
                }
                "BIC abroad" => abroad(serial).bic(serial),
                "FR_SPI" => national_id::fr::spi(serial),
                "FR_CNI" => papers::french_identity_card(issued(serial), serial),
                "FR_PASSPORT" => papers::french_passport(serial),
                "FR_TITRE_SEJOUR" => papers::french_residence_permit(serial),
                "FR_DRIVING_LICENCE" => papers::french_driving_licence(issued(serial), serial),
                "FR_SIREN_SIRET" => {
                    let siren = business::siren(serial);
                    match serial % 2 {
                        0 => siren,
                        _ => business::siret(&siren, s),
                    }
                }
                "VAT_NUMBER" => match serial % 2 {
                    0 => business::french_vat_number(&business::siren(serial)),
                    _ => business::british_vat_number(serial, s),
                },
                "LICENSE_PLATE" => plate::make(country, serial),
                "CHEQUE_NUMBER" => codes::cheque_number(serial, s),
                "US_ITIN" => national_id::us::itin(serial % national_id::us::ITINS),
                "US_DRIVER_LICENSE" => {
                    let state = ["CA", "TX", "FL", "NY", "OH", "VT"][(serial % 6) as usize];
                    papers::american_driver_license(state, serial, s)
                }
                "US_PASSPORT" => papers::american_passport(serial, s),
                "UK_UTR" => national_id::uk::utr(serial),
                "UK_NHS" => national_id::uk::nhs(serial),
                "UK_DRIVING_LICENCE" => papers::british_driving_licence(&holder(serial), serial),
                "UK_PASSPORT" => papers::british_passport(serial),
                "PASSPORT_MRZ" => {
                    let expires = Date::new(2027 + (serial % 10) as i32, 4, 15).unwrap();
                    let issuer = match serial % 4 {
                        0 => mrz::Issuer::State(country),
                        _ => mrz::Issuer::Utopia,
                    };
                    let number = papers::french_passport(serial).value;
                    match serial % 3 {
                        0 => mrz::identity_card(&number, &holder(serial), issuer, expires),
                        _ => mrz::passport(&number, &holder(serial), issuer, expires),
                    }
                }
                "DE_STEUER_ID" => elsewhere::steuer_id(serial),
                "ES_DNI_NIE" => elsewhere::dni_nie(serial, s),
                "IT_CODICE_FISCALE" => elsewhere::codice_fiscale(&holder(serial), serial),
                "NL_BSN" => elsewhere::bsn(serial),
                "PT_NIF" => elsewhere::nif(serial),
                "BE_NRN" => elsewhere::nrn(serial % 2 == 0, birth),
                "CH_AHV" => elsewhere::ahv(serial),
                "CA_SIN" => elsewhere::sin(serial),
                "CONTRACT_NUMBER" => codes::contract_number(serial, s),
                "TRANSACTION_ID" => codes::transaction_id(issued(serial), serial, s),
                "SEPA_MANDATE_RUM" => sepa::rum(serial, s),
                "SEPA_CREDITOR_ID" => sepa::ics(serial, s),
                "CREDITOR_REFERENCE" => {
                    let kind = sepa::Kind::ALL[(serial % 3) as usize];
                    sepa::creditor_reference(kind, serial, s)
                }
                "HOLDING" => technical::isin(serial, s),
                "CRYPTO_ADDRESS" => crypto::make(serial, s),
                "SEED_PHRASE" => seed_phrase::make(serial, s),
                "ACCESS_TOKEN" => tokens::access_token(issued(serial), serial, s),
                "SECRET_LINK" => tokens::secret_link("en", serial, s),
                "PSID" => tokens::psid(serial, s),
                "MESSAGE_ID" => tokens::message_id(issued(serial), serial, s),
                "IP_ADDRESS" => network::ip(serial, s),
                "DEVICE_ID" => tokens::device_id(serial, s),
                "COOKIE_SESSION" => tokens::cookie(serial, s),
                "USER_AGENT" => network::user_agent(s),
                "GEO_LOCATION" => network::place(serial),
                "SOCIAL_HANDLE" => social::handle("Maëlys", "Le Querné", 1990, s),
                "DOCUMENT_ATTACHMENT" => {
                    let kinds = social::Document::ALL;
                    let kind = kinds[(serial % kinds.len() as u64) as usize];
                    social::file_name(kind, country, issued(serial), s)
                }
                "CREDIT_SCORE" => technical::credit_score(s),
                _ => panic!("no maker for {label}"),
            }
        })
        .collect()
}

/// What has a maker: a label, and behind it which of its makers where there are several.
pub(super) const MADE: [&str; 70] = [
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
    "IBAN abroad",
    "BIC abroad",
    "FR_SPI",
    "FR_CNI",
    "FR_PASSPORT",
    "FR_TITRE_SEJOUR",
    "FR_DRIVING_LICENCE",
    "FR_SIREN_SIRET",
    "VAT_NUMBER",
    "LICENSE_PLATE",
    "CHEQUE_NUMBER",
    "US_ITIN",
    "US_DRIVER_LICENSE",
    "US_PASSPORT",
    "UK_UTR",
    "UK_NHS",
    "UK_DRIVING_LICENCE",
    "UK_PASSPORT",
    "PASSPORT_MRZ",
    "DE_STEUER_ID",
    "ES_DNI_NIE",
    "IT_CODICE_FISCALE",
    "NL_BSN",
    "PT_NIF",
    "BE_NRN",
    "CH_AHV",
    "CA_SIN",
    "CONTRACT_NUMBER",
    "TRANSACTION_ID",
    "SEPA_MANDATE_RUM",
    "SEPA_CREDITOR_ID",
    "CREDITOR_REFERENCE",
    "HOLDING",
    "CRYPTO_ADDRESS",
    "SEED_PHRASE",
    "ACCESS_TOKEN",
    "SECRET_LINK",
    "PSID",
    "MESSAGE_ID",
    "IP_ADDRESS",
    "DEVICE_ID",
    "COOKIE_SESSION",
    "USER_AGENT",
    "GEO_LOCATION",
    "SOCIAL_HANDLE",
    "DOCUMENT_ATTACHMENT",
    "CREDIT_SCORE",
];

/// The label of an entry of [`MADE`].
pub(super) fn label(entry: &str) -> Label {
    Label::named(entry.split(' ').next().unwrap()).unwrap()
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
fn every_label_whose_values_have_a_rule_has_a_maker() {
    let made: BTreeSet<Label> = MADE.iter().map(|entry| label(entry)).collect();
    let birth = label("DATE_OF_BIRTH");
    for label in Label::all().filter(|label| label.info().rule.is_some()) {
        // Dates of birth are days of the world, not identifiers.
        assert!(label == birth || made.contains(&label), "{label}");
    }
}

#[test]
fn a_slip_in_a_made_value_changes_it_and_breaks_its_rule() {
    let mut stream = Stream::at(12, Domain::new("identifiers tests"), 1);
    for id in MADE {
        for made in made(id, 150) {
            let slip = mistype(label(id), &made.value, &mut stream);
            assert_ne!(slip, made.value, "{id}");
            assert_ne!(
                check(label(id), &slip),
                Some(true),
                "{id}: {} {slip}",
                made.value
            );
        }
    }
}

#[test]
fn every_counted_label_says_how_many_values_it_has() {
    for id in MADE {
        let counted = capacity_abroad(label(id)).is_some()
            || Country::ALL
                .iter()
                .any(|&country| capacity(label(id), country).is_some());
        let uncounted = [
            "EMAIL_ADDRESS",
            "OTP_CODE",
            "CARD_PIN",
            "MOBILE_APP_CODE",
            "CARD_CVV",
            "CARD_EXPIRY",
            "PASSWORD",
            "UK_DRIVING_LICENCE",
            "PASSPORT_MRZ",
            "IT_CODICE_FISCALE",
            "USER_AGENT",
            "SOCIAL_HANDLE",
            "DOCUMENT_ATTACHMENT",
        ];
        assert_eq!(counted, !uncounted.contains(&id), "{id}");
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
        ("IBAN abroad", 10_000),
        ("FR_SPI", 10_000),
        ("FR_PASSPORT", 10_000),
        ("FR_TITRE_SEJOUR", 10_000),
        ("FR_SIREN_SIRET", 10_000),
        ("VAT_NUMBER", 10_000),
        ("LICENSE_PLATE", 10_000),
        ("CHEQUE_NUMBER", 10_000),
        ("US_ITIN", national_id::us::ITINS),
        ("US_DRIVER_LICENSE", 10_000),
        ("US_PASSPORT", 10_000),
        ("UK_UTR", 10_000),
        ("UK_NHS", 10_000),
        ("UK_PASSPORT", 10_000),
        ("DE_STEUER_ID", 10_000),
        ("ES_DNI_NIE", 10_000),
        ("NL_BSN", 10_000),
        ("PT_NIF", 10_000),
        ("CH_AHV", 10_000),
        ("CA_SIN", 10_000),
        ("CONTRACT_NUMBER", 10_000),
        ("TRANSACTION_ID", 10_000),
        ("SEPA_MANDATE_RUM", 10_000),
        ("SEPA_CREDITOR_ID", 10_000),
        ("CREDITOR_REFERENCE", 10_000),
        ("HOLDING", 10_000),
        ("ACCESS_TOKEN", 10_000),
        ("SECRET_LINK", 10_000),
        ("PSID", 10_000),
        ("MESSAGE_ID", 10_000),
        ("DEVICE_ID", 10_000),
        ("COOKIE_SESSION", 10_000),
        ("GEO_LOCATION", 10_000),
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
