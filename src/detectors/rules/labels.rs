//! Our labels by name, looked up once.

use crate::taxonomy::Label;
use std::sync::LazyLock;

macro_rules! labels {
    ($($field:ident = $id:literal,)+) => {
        /// The labels that rules name in code; the others come from the lexicon.
        #[derive(Debug)]
        pub struct Labels { $(pub $field: Label,)+ }

        /// The labels of the taxonomy in use.
        ///
        /// # Panics
        /// When it lacks one of them: a taxonomy may add labels, and drop none.
        pub static LABELS: LazyLock<Labels> = LazyLock::new(|| Labels {
            $($field: Label::named($id).unwrap_or_else(|| panic!("the rules need the label {}", $id)),)+
        });
    };
}

labels! {
    access_token = "ACCESS_TOKEN",
    balance = "BALANCE",
    beneficiary = "BENEFICIARY",
    bic = "BIC",
    card_cvv = "CARD_CVV",
    card_expiry = "CARD_EXPIRY",
    cardholder_name = "CARDHOLDER_NAME",
    credit_limit = "CREDIT_LIMIT",
    creditor_reference = "CREDITOR_REFERENCE",
    crypto_address = "CRYPTO_ADDRESS",
    date_of_birth = "DATE_OF_BIRTH",
    date_time = "DATE_TIME",
    debt_amount = "DEBT_AMOUNT",
    email_address = "EMAIL_ADDRESS",
    employer = "EMPLOYER",
    fr_cni = "FR_CNI",
    fr_driving_licence = "FR_DRIVING_LICENCE",
    fr_nir = "FR_NIR",
    fr_passport = "FR_PASSPORT",
    fr_rib = "FR_RIB",
    geo_location = "GEO_LOCATION",
    iban = "IBAN",
    iban_partial = "IBAN_PARTIAL",
    income = "INCOME",
    ip_address = "IP_ADDRESS",
    license_plate = "LICENSE_PLATE",
    loan = "LOAN",
    merchant = "MERCHANT",
    occupation = "OCCUPATION",
    organization = "ORGANIZATION",
    pan = "PAN",
    pan_truncated = "PAN_TRUNCATED",
    passport_mrz = "PASSPORT_MRZ",
    password = "PASSWORD",
    person_name = "PERSON_NAME",
    phone_number = "PHONE_NUMBER",
    place_of_birth = "PLACE_OF_BIRTH",
    postal_address = "POSTAL_ADDRESS",
    savings = "SAVINGS",
    secret_link = "SECRET_LINK",
    security_answer = "SECURITY_ANSWER",
    seed_phrase = "SEED_PHRASE",
    sepa_creditor_id = "SEPA_CREDITOR_ID",
    social_handle = "SOCIAL_HANDLE",
    transaction_amount = "TRANSACTION_AMOUNT",
    transaction_date = "TRANSACTION_DATE",
    uk_nino = "UK_NINO",
    uk_sort_code = "UK_SORT_CODE",
    us_aba_routing = "US_ABA_ROUTING",
    us_itin = "US_ITIN",
    us_ssn = "US_SSN",
}
