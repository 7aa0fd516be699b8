//! Identifiers: values from ranges that are kept for fiction or assigned to nobody as far as such ranges
//! exist, the ways people write them, and their checks.
//!
//! * A **maker** gives a value in its label's normal form. Makers that take a serial or an index give
//!   distinct values for distinct ones, up to a capacity that they name.
//! * A **surface** is how a value is written: [`write()`] and [`normalise`] are each other's inverse.
//! * A **check** tells whether a value passes its label's rule (`rule` in `datasets/labels.toml`). It
//!   shares no code with the makers beyond the arithmetic of [`checksum`], and is tested against the
//!   verdicts of python-stdnum.
//! * **strict** validators also know which ranges are assigned: libphonenumber, IIN tables, prefix
//!   rules. A made value that they refuse has `strict_valid = false`, so that a benchmark can tell what
//!   a detector missed from what it refused. Directories of banks are not consulted, since no
//!   account made here is in one; but for Belgium's, which python-stdnum carries.
//!
//! Invariant: every value made here passes its check, and carries the [`Safety`] that its range gives.
//! Ranges, their sources, and what could not be verified are listed in `datasets/SOURCES.md`.
//!
//! ```
//! use tellerbench::conversation::Form;
//! use tellerbench::identifiers::{check, iban, normalise, write};
//! use tellerbench::taxonomy::Label;
//!
//! let label = Label::named("IBAN").unwrap();
//! let value = iban::french("99998", "00042", "01234567890");
//! assert_eq!(check(label, &value), Some(true));
//!
//! let mut surface = String::new();
//! assert!(write(label, &value, Form::Grouped, &mut surface));
//! assert_eq!(surface, "FR76 9999 8000 4201 2345 6789 068");
//! assert_eq!(normalise(label, &surface), Some(value));
//! ```

use crate::conversation::{Form, Safety};
use crate::country::Country;
use crate::seed::{Bijection, Domain};
use crate::taxonomy::{Label, NormalForm, Taxonomy};
use std::sync::OnceLock;

pub mod abroad;
mod bank_codes;
mod bic;
pub mod business;
pub mod cards;
pub mod checksum;
pub mod codes;
pub mod crypto;
pub mod email;
pub mod iban;
mod iban_countries;
pub mod lifelike;
pub mod mrz;
pub mod national_id;
pub mod network;
pub mod phone;
pub mod plate;
pub mod postcode;
pub mod seed_phrase;
pub mod sepa;
mod slip;
pub mod social;
mod surface;
pub mod technical;
pub mod tokens;
pub mod uk_bank;
pub mod us_bank;

pub use slip::{mistype, mistype_end};
use surface::Family;
pub use surface::write_irregular;

/// A value of a safe range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The value, in the normal form of its label.
    pub value: String,
    /// What makes its range safe.
    pub safety: Safety,
    /// Is it accepted by validators that know which ranges are assigned?
    pub strict_valid: bool,
}

impl Made {
    fn new(value: String, safety: Safety, strict_valid: bool) -> Made {
        Made {
            value,
            safety,
            strict_valid,
        }
    }
}

/// The place that `serial` takes in a space of `size`: neighbours end far apart, none meet.
fn scatter(space: &str, size: u64, serial: u64) -> u64 {
    Bijection::new(0, Domain::new(space), size).apply(serial)
}

/// A rule of `datasets/labels.toml`.
type Check = fn(&str) -> bool;

/// The check that a rule names. `luhn` means card numbers for cards: length and IIN count too.
fn rule(name: &str, label: &str) -> Option<Check> {
    Some(match name {
        "aba" => us_bank::check_routing,
        "bic" => bic::check,
        "bip39" => seed_phrase::check,
        "bsn" => national_id::elsewhere::check_bsn,
        "codice_fiscale" => national_id::elsewhere::check_codice_fiscale,
        "creditor_reference" => sepa::check_creditor_reference,
        "crypto" => crypto::check,
        "cvv" => codes::check_cvv,
        "date" => technical::check_date,
        "dni" => national_id::elsewhere::check_dni,
        "ean13" => national_id::elsewhere::check_ahv,
        "email" => email::check,
        "iban" => |iban| iban::check(iban) && iban::check_national(iban) != Some(false),
        "ics" => sepa::check_ics,
        "idnr" => national_id::elsewhere::check_idnr,
        "imei" => tokens::check_device,
        "ip" => network::check_ip,
        "isin" => technical::check_isin,
        "itin" => national_id::us::check_itin,
        "lat_lon" => network::check_lat_lon,
        "luhn" if label == "PAN" => cards::check,
        "luhn" if label == "CA_SIN" => |sin| sin.len() == 9 && cards::luhn(sin),
        "luhn" => cards::luhn,
        "month" => codes::check_month,
        "mrz" => mrz::check,
        "nhs" => national_id::uk::check_nhs,
        "nif_pt" => national_id::elsewhere::check_nif,
        "nino" => national_id::uk::check_nino,
        "nir" => national_id::fr::check_nir,
        "nrn" => national_id::elsewhere::check_nrn,
        "phone" => phone::check,
        "plate" => plate::check,
        "rib" => iban::check_rib,
        "rum" => sepa::check_rum,
        "score" => technical::check_score,
        "siren" => business::check_siren,
        "spi" => national_id::fr::check_spi,
        "ssn" => national_id::us::check_ssn,
        "utr" => national_id::uk::check_utr,
        "vat" => business::check_vat,
        _ => return None,
    })
}

/// The family of a label: its own, or the one of its normal form.
fn family(label: &str, normal: NormalForm) -> &'static Family {
    match label {
        "BE_NRN" => &national_id::elsewhere::NRN,
        "BIC" => &bic::FAMILY,
        "CARD_CVV" | "CARD_PIN" => &codes::SHORT,
        "CARD_EXPIRY" => &codes::EXPIRY,
        "CASE_REFERENCE" | "CONTRACT_NUMBER" | "CUSTOMER_NUMBER" | "TRANSACTION_ID" => {
            &codes::REFERENCE
        }
        "CA_SIN" | "PT_NIF" => &national_id::elsewhere::THREES,
        "CHEQUE_NUMBER" => &codes::CHEQUE,
        "CH_AHV" => &national_id::elsewhere::AHV,
        "CREDITOR_REFERENCE" => &sepa::REFERENCE,
        "CREDIT_SCORE" => &technical::SCORE,
        "CRYPTO_ADDRESS" => &crypto::FAMILY,
        "DEVICE_ID" => &tokens::DEVICE,
        "DE_STEUER_ID" => &national_id::elsewhere::STEUER_ID,
        "EMAIL_ADDRESS" => &email::FAMILY,
        "ES_DNI_NIE" => &national_id::elsewhere::DNI,
        "FR_CNI" | "FR_DRIVING_LICENCE" | "FR_PASSPORT" => &national_id::papers::FRENCH,
        "FR_NIR" => &national_id::fr::NIR,
        "FR_RIB" => &iban::RIB,
        "FR_SIREN_SIRET" => &business::SIREN,
        "FR_SPI" => &national_id::fr::SPI,
        "FR_TITRE_SEJOUR" => &national_id::papers::PERMIT,
        "GEO_LOCATION" => &network::PLACE,
        "HOLDING" => &technical::HOLDING,
        "IBAN" => &iban::FAMILY,
        "IBAN_PARTIAL" => &iban::PARTIAL,
        "IP_ADDRESS" => &network::IP,
        "IT_CODICE_FISCALE" => &national_id::elsewhere::CODICE_FISCALE,
        "LICENSE_PLATE" => &plate::FAMILY,
        "MOBILE_APP_CODE" | "OTP_CODE" => &codes::CODE,
        "NL_BSN" => &national_id::elsewhere::BSN,
        "ONLINE_BANKING_ID" => &codes::REFERENCE,
        "PAN" => &cards::FAMILY,
        "PAN_TRUNCATED" => &cards::TRUNCATED,
        "PASSPORT_MRZ" => &mrz::FAMILY,
        "PHONE_NUMBER" => &phone::FAMILY,
        "POSTCODE" => &postcode::FAMILY,
        "PSID" => &tokens::PSID,
        "SEED_PHRASE" => &seed_phrase::FAMILY,
        "SEPA_CREDITOR_ID" => &sepa::ICS,
        "SEPA_MANDATE_RUM" => &sepa::RUM,
        "SOCIAL_HANDLE" => &social::HANDLE,
        "UK_ACCOUNT_NUMBER" => &uk_bank::ACCOUNT,
        "UK_DRIVING_LICENCE" => &national_id::papers::BRITISH_LICENCE,
        "UK_NHS" => &national_id::uk::NHS,
        "UK_NINO" => &national_id::uk::NINO,
        "UK_PASSPORT" => &national_id::papers::BRITISH_PASSPORT,
        "UK_SORT_CODE" => &uk_bank::SORT_CODE,
        "UK_UTR" => &national_id::uk::UTR,
        "US_ABA_ROUTING" => &us_bank::ROUTING,
        "US_ACCOUNT_NUMBER" => &us_bank::ACCOUNT,
        "US_DRIVER_LICENSE" => &national_id::papers::AMERICAN_LICENSE,
        "US_ITIN" | "US_SSN" => &national_id::us::FAMILY,
        "US_PASSPORT" => &national_id::papers::AMERICAN_PASSPORT,
        "VAT_NUMBER" => &business::VAT,
        _ => match normal {
            NormalForm::Digits => &surface::DIGITS,
            NormalForm::Alphanumeric => &surface::ALPHANUMERIC,
            NormalForm::E164 => &phone::FAMILY,
            NormalForm::IsoDate => &technical::DATE,
            NormalForm::IsoMonth => &codes::EXPIRY,
            NormalForm::Money | NormalForm::Text => &surface::TEXT,
        },
    }
}

/// What is known of a label's values.
struct Kind {
    check: Option<Check>,
    family: &'static Family,
}

fn kind(label: Label) -> &'static Kind {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    let kinds = KINDS.get_or_init(|| {
        let labels = Taxonomy::get().labels().iter();
        labels
            .map(|info| Kind {
                check: info.rule.as_deref().and_then(|name| rule(name, &info.id)),
                family: family(&info.id, info.normal),
            })
            .collect()
    });
    &kinds[label.index()]
}

/// Does a value in normal form pass its label's rule? `None` where the label has no rule.
pub fn check(label: Label, normal: &str) -> Option<bool> {
    // A line of a portfolio or its worth is a holding too, and no ISIN.
    if label.id() == "HOLDING" && normal.contains(' ') {
        return None;
    }
    kind(label).check.map(|check| check(normal))
}

/// Appends a value to `out` in a form that depends on no language. False, and nothing appended, where
/// values of this kind have no such form: words, relative dates, amounts. Values beyond ASCII are
/// texts, and are written as they are.
pub fn write(label: Label, normal: &str, form: Form, out: &mut String) -> bool {
    let family = if normal.is_ascii() {
        kind(label).family
    } else {
        &surface::TEXT
    };
    (family.write)(normal, form, out)
}

/// The forms that people use for whole values of this label, with weights. [`Form::Irregular`] is
/// written by [`write_irregular`]; partial forms are for the plan to choose.
pub fn forms(label: Label) -> &'static [(Form, u32)] {
    kind(label).family.forms
}

/// Reads a surface back to the normal form; `None` where it cannot be read as a value of this kind.
/// Reading is not checking: a mistyped number is read, and fails [`check`].
pub fn normalise(label: Label, surface: &str) -> Option<String> {
    (kind(label).family.read)(surface)
}

/// How many values of this label the safe ranges of a country hold; `None` where nothing counts
/// them (names, codes, texts) or the country has no such values. Values that follow the bank (IBAN,
/// RIB, BIC) are divided between the splits as the banks are.
pub fn capacity(label: Label, country: Country) -> Option<u64> {
    use national_id::papers;
    let bank_codes = iban::bank_codes(country);
    let accounts = bank_codes.checked_mul(iban::ACCOUNTS);
    match (label.id(), country) {
        ("PAN", _) => Some(cards::CAPACITY),
        ("PAN_TRUNCATED", _) => Some(10_000),
        ("IBAN", Country::France | Country::Britain) => accounts,
        ("FR_RIB", Country::France) => accounts,
        ("BIC", Country::UnitedStates) => Some(bank_codes::PARTY_PREFIXES),
        ("BIC", _) => Some(bank_codes),
        ("PHONE_NUMBER", _) => Some(
            phone::capacity(country, phone::Line::Mobile)
                + match country {
                    Country::UnitedStates => 0,
                    _ => phone::capacity(country, phone::Line::Landline),
                },
        ),
        ("FR_NIR", Country::France) => Some(national_id::fr::NIRS),
        ("US_SSN", Country::UnitedStates) => Some(national_id::us::SSNS),
        ("UK_NINO", Country::Britain) => Some(national_id::uk::NINOS),
        ("UK_SORT_CODE", Country::Britain) => Some(uk_bank::SORT_CODES),
        ("UK_ACCOUNT_NUMBER", Country::Britain) => Some(uk_bank::ACCOUNTS),
        ("US_ABA_ROUTING", Country::UnitedStates) => Some(us_bank::ROUTINGS),
        ("US_ACCOUNT_NUMBER", Country::UnitedStates) => Some(us_bank::ACCOUNTS),
        ("POSTCODE", _) => Some(postcode::capacity(country)),
        ("CUSTOMER_NUMBER" | "ONLINE_BANKING_ID", _) => Some(codes::SERIALS),
        ("CASE_REFERENCE", _) => Some(codes::CASES),
        ("CONTRACT_NUMBER", _) => Some(codes::CONTRACTS),
        ("TRANSACTION_ID", _) => Some(codes::TRANSACTIONS),
        ("LICENSE_PLATE", _) => Some(plate::capacity(country)),
        ("FR_SPI", Country::France) => Some(national_id::fr::SPIS),
        ("FR_CNI", Country::France) => Some(papers::CARDS),
        ("FR_PASSPORT", Country::France) => Some(papers::FRENCH_PASSPORTS),
        ("FR_TITRE_SEJOUR", Country::France) => Some(papers::PERMITS),
        ("FR_DRIVING_LICENCE", Country::France) => Some(papers::LICENCES),
        ("FR_SIREN_SIRET", Country::France) => Some(business::SIRENS),
        ("CHEQUE_NUMBER", Country::France) => Some(codes::CHEQUES),
        ("US_ITIN", Country::UnitedStates) => Some(national_id::us::ITINS),
        ("US_DRIVER_LICENSE", Country::UnitedStates) => Some(papers::AMERICAN_LICENSES),
        ("US_PASSPORT", Country::UnitedStates) => Some(papers::AMERICAN_PASSPORTS),
        ("UK_UTR", Country::Britain) => Some(national_id::uk::UTRS),
        ("UK_NHS", Country::Britain) => Some(national_id::uk::NHS_NUMBERS),
        ("UK_PASSPORT", Country::Britain) => Some(papers::BRITISH_PASSPORTS),
        ("VAT_NUMBER", Country::France) => Some(business::SIRENS),
        ("VAT_NUMBER", Country::Britain) => Some(business::BRITISH_VATS),
        ("SEPA_MANDATE_RUM", _) => Some(sepa::MANDATES),
        ("SEPA_CREDITOR_ID", _) => Some(sepa::CREDITORS),
        ("CREDITOR_REFERENCE", _) => Some(sepa::REFERENCES),
        ("HOLDING", _) => Some(technical::ISINS),
        ("CRYPTO_ADDRESS" | "SEED_PHRASE", _) => Some(u64::MAX),
        ("ACCESS_TOKEN" | "SECRET_LINK" | "COOKIE_SESSION" | "MESSAGE_ID", _) => {
            Some(tokens::CAPACITY)
        }
        ("PSID", _) => Some(tokens::PSIDS),
        ("DEVICE_ID", _) => Some(tokens::IMEIS),
        ("IP_ADDRESS", _) => Some(network::IPV4 + network::IPV6),
        ("GEO_LOCATION", _) => Some(network::PLACES),
        ("CREDIT_SCORE", _) => Some(551),
        _ => None,
    }
}

/// How many values of this label the countries abroad hold together, beside what [`capacity`] says of
/// the countries of the world: accounts, banks, and the numbers of people. `None` for other labels.
pub fn capacity_abroad(label: Label) -> Option<u64> {
    use national_id::elsewhere;
    let sum = |count: fn(abroad::Abroad) -> u64| {
        let countries = abroad::Abroad::ALL.iter();
        Some(countries.map(|&country| count(country)).sum())
    };
    match label.id() {
        "IBAN" => sum(|country| country.bank_codes() * country.accounts()),
        "BIC" => sum(|country| country.bank_codes().min(bank_codes::PARTY_PREFIXES)),
        "DE_STEUER_ID" => Some(elsewhere::STEUER_IDS),
        "ES_DNI_NIE" => Some(elsewhere::DNIS),
        "NL_BSN" => Some(elsewhere::BSNS),
        "PT_NIF" => Some(elsewhere::NIFS),
        // Two sexes and a century of births.
        "BE_NRN" => Some(2 * 36_525),
        "CH_AHV" => Some(elsewhere::AHVS),
        "CA_SIN" => Some(elsewhere::SINS),
        _ => None,
    }
}

#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;
