//! Civil status, papers, devices, contracts: what few conversations need, made on demand.

use super::{bank, made, owned, text};
use crate::conversation::Owner::{Customer as Own, ThirdParty};
use crate::conversation::Split;
use crate::country::Country;
use crate::dialogue::cast::Cast;
use crate::dialogue::path::Path;
use crate::identifiers::abroad::Abroad;
use crate::identifiers::social;
use crate::identifiers::{
    Made, business, codes, crypto, network, seed_phrase, sepa, technical, tokens,
};
use crate::seed::{Bijection, Domain, Stream};
use crate::wording::values::{Datum, label, named};
use crate::world::{Marital, Operation, Sex};

pub(super) fn datum<'c>(cast: &'c Cast<'_>, path: Path) -> Option<Datum<'c>> {
    let customer = cast.customer;
    let person = &customer.person;
    let today = cast.today();
    let serial = customer.serial();
    Some(match path {
        Path::CustomerTitle => {
            let title = match (customer.country, person.sex) {
                (Country::France, Sex::Female) => "Mme",
                (Country::France, Sex::Male) => "M.",
                (_, Sex::Female) => "Ms",
                (_, Sex::Male) => "Mr",
            };
            Datum::Words(text(label!("GENDER"), title, Own, "customer"))
        }
        Path::CustomerBirthPlace => Datum::Words(text(
            label!("PLACE_OF_BIRTH"),
            person.birth_place.name,
            Own,
            "customer",
        )),
        Path::CustomerNationality => Datum::Words(text(
            label!("NATIONALITY"),
            person.nationality?.word,
            Own,
            "customer",
        )),
        Path::CustomerMarital => Datum::Words(text(
            label!("MARITAL_STATUS"),
            marital(customer.country, person.sex, customer.marital_on(today))?,
            Own,
            "customer",
        )),
        Path::NewPhone => Datum::Value(made(
            label!("PHONE_NUMBER"),
            customer.phone_on(today.plus(5)),
            Own,
            "contact_after",
        )),
        Path::OldPhone => Datum::Value(made(
            label!("PHONE_NUMBER"),
            customer.phone_on(today.plus(-30)),
            Own,
            "contact_before",
        )),
        Path::NewEmail => Datum::Value(made(
            label!("EMAIL_ADDRESS"),
            customer.email_on(today.plus(5)),
            Own,
            "contact_after",
        )),
        Path::OldEmail => Datum::Value(made(
            label!("EMAIL_ADDRESS"),
            customer.email_on(today.plus(-30)),
            Own,
            "contact_before",
        )),
        Path::NewEmployer => Datum::Words(text(
            label!("EMPLOYER"),
            &*customer.employer_on(today)?.name,
            Own,
            "employer",
        )),
        Path::CardNewPan => {
            Datum::Value(made(label!("PAN"), &cast.card().number.made, Own, "card"))
        }
        Path::CardOldPan => Datum::Value(made(
            label!("PAN"),
            &cast.card_before()?.number.made,
            Own,
            "card_before",
        )),
        Path::CustomerTaxId => own(customer.tax_id()),
        Path::CustomerIdCard => own(customer.id_card()),
        Path::CustomerPassport => own(customer.passport()),
        Path::CustomerDrivingLicence => own(customer.driving_licence()),
        Path::CustomerHealthNumber => own(customer.health_number()),
        Path::CustomerForeignId => own(customer.foreign_id()?),
        Path::CustomerMrz => own(("PASSPORT_MRZ", customer.mrz())),
        Path::CustomerPlate => own(("LICENSE_PLATE", customer.plate())),
        Path::CustomerHandle => {
            let birth_year = person.birth.ymd().0;
            let handle = social::handle(
                person.given,
                person.family,
                birth_year,
                &mut customer.paper("paper.handle"),
            );
            own(("SOCIAL_HANDLE", handle))
        }
        Path::CustomerPsid => own((
            "PSID",
            tokens::psid(serial % tokens::PSIDS, &mut customer.paper("paper.psid")),
        )),
        Path::CustomerDevice => own((
            "DEVICE_ID",
            tokens::device_id(serial % tokens::IMEIS, &mut customer.paper("paper.device")),
        )),
        Path::CustomerLocation => {
            let serial = Bijection::new(0, Domain::new("paper.place"), network::PLACES)
                .apply(cast.serial(path) % network::PLACES);
            own(("GEO_LOCATION", network::place(serial)))
        }
        Path::CustomerDocument => {
            let mut stream = cast.stream(path);
            let document = *stream.pick(cast.documents);
            own((
                "DOCUMENT_ATTACHMENT",
                social::file_name(document, customer.country, today, &mut stream),
            ))
        }
        Path::AccountChequeNumber => own((
            "CHEQUE_NUMBER",
            codes::cheque_number(cast.serial(path) % codes::CHEQUES, &mut cast.stream(path)),
        )),
        Path::ContractNumber => own((
            "CONTRACT_NUMBER",
            codes::contract_number(
                serial % codes::CONTRACTS,
                &mut customer.paper("paper.contract"),
            ),
        )),
        Path::CreditScore => {
            let score = technical::credit_score(&mut cast.stream(path));
            own(("CREDIT_SCORE", score))
        }
        Path::HoldingIsin => own(("HOLDING", isin(cast)?)),
        Path::HoldingLine => {
            let (count, isin) = (customer.holding()?.count, isin(cast)?);
            let line = match customer.country {
                Country::France => format!("{count} parts de {}", isin.value),
                _ => format!("{count} shares of {}", isin.value),
            };
            Datum::Words(text(label!("HOLDING"), line, Own, "holding"))
        }
        Path::CryptoAddress => own((
            "CRYPTO_ADDRESS",
            crypto::make(serial, &mut customer.paper("paper.wallet")),
        )),
        Path::CryptoSeed => {
            let made = seed_phrase::make(serial, &mut customer.paper("paper.seed"));
            Datum::Words(owned(label!("SEED_PHRASE"), made, Own, "wallet"))
        }
        Path::TxReference => reference(cast, cast.operation()?, path),
        Path::SentReference => reference(cast, cast.others.sent.as_ref()?, path),
        Path::TransactionReference => own((
            "TRANSACTION_ID",
            codes::transaction_id(
                today,
                cast.serial(path) % codes::TRANSACTIONS,
                &mut cast.stream(path),
            ),
        )),
        Path::DebitReference if customer.country != Country::France => payer_number(cast)?,
        Path::DebitReference => {
            let mandate = serial * 8 + (debit_key(cast)? & 7);
            let made = sepa::rum(
                mandate % sepa::MANDATES,
                &mut customer.paper("paper.mandate"),
            );
            own(("SEPA_MANDATE_RUM", made))
        }
        Path::DebitIcs => {
            let key = debit_key(cast)?;
            let mut stream = Stream::at(0, Domain::new("paper.creditor"), key);
            own((
                "SEPA_CREDITOR_ID",
                sepa::ics(key % sepa::CREDITORS, &mut stream),
            ))
        }
        Path::BillReference if customer.country != Country::France => payer_number(cast)?,
        Path::BillReference => {
            let kind = sepa::Kind::ALL[cast.stream(path).weighted(&[8, 1, 1])];
            let serial = cast.serial(path) % sepa::REFERENCES;
            let made = sepa::creditor_reference(kind, serial, &mut cast.stream(path));
            own(("CREDITOR_REFERENCE", made))
        }
        Path::AbroadName => Datum::Person {
            label: label!("BENEFICIARY"),
            given: cast.other().name.given,
            family: cast.other().name.family,
            owner: ThirdParty,
            kind: "abroad",
        },
        Path::AbroadIban => {
            let (country, bank, mut stream) = abroad(cast);
            let serial = cast.serial(path) % country.accounts();
            let made = country.iban(bank, serial, &mut stream);
            Datum::Value(owned(label!("IBAN"), made, ThirdParty, "abroad"))
        }
        Path::AbroadBic => {
            let (country, bank, _) = abroad(cast);
            Datum::Value(owned(
                label!("BIC"),
                country.bic(bank),
                ThirdParty,
                "abroad",
            ))
        }
        Path::AbroadCountry => {
            let (country, ..) = abroad(cast);
            Datum::Plain(match customer.country {
                Country::France => country.french(),
                Country::UnitedStates | Country::Britain => country.english(),
            })
        }
        Path::BusinessName => {
            let trade = match customer.country {
                Country::France => "Atelier",
                Country::UnitedStates | Country::Britain => "Studio",
            };
            let name = format!("{trade} {}", person.family);
            Datum::Words(text(label!("ORGANIZATION"), name, Own, "business"))
        }
        Path::BusinessNumber => {
            let siren = business::siren(serial % business::SIRENS);
            let mut stream = customer.paper("paper.siret");
            let made = match stream.chance(600) {
                true => business::siret(&siren, &mut stream),
                false => siren,
            };
            own(("FR_SIREN_SIRET", made))
        }
        Path::BusinessVat => {
            let made = match customer.country {
                Country::France => {
                    business::french_vat_number(&business::siren(serial % business::SIRENS))
                }
                Country::UnitedStates | Country::Britain => business::british_vat_number(
                    serial % business::BRITISH_VATS,
                    &mut customer.paper("paper.vat"),
                ),
            };
            own(("VAT_NUMBER", made))
        }
        Path::SecretLink => {
            let serial = cast.serial(path) % tokens::CAPACITY;
            let language = match customer.country {
                Country::France => "fr",
                _ => "en",
            };
            let serial = serial ^ (cast.links % 16);
            let mut stream = Stream::at(
                cast.seed,
                Domain::new(path.name()),
                cast.index << 8 | cast.links,
            );
            let made = tokens::secret_link(language, serial, &mut stream);
            Datum::Words(owned(label!("SECRET_LINK"), made, Own, "link"))
        }
        Path::SecretToken => {
            let serial = cast.serial(path) % tokens::CAPACITY;
            let made = tokens::access_token(today, serial, &mut cast.stream(path));
            Datum::Words(owned(label!("ACCESS_TOKEN"), made, Own, "session"))
        }
        Path::SessionCookie => {
            let serial = cast.serial(path) % tokens::CAPACITY;
            let made = tokens::cookie(serial, &mut cast.stream(path));
            Datum::Words(owned(label!("COOKIE_SESSION"), made, Own, "session"))
        }
        Path::SessionAgent => {
            let made = network::user_agent(&mut customer.paper("paper.user_agent"));
            Datum::Words(owned(label!("USER_AGENT"), made, Own, "session"))
        }
        Path::SessionIp => {
            let serial = cast.serial(path) % network::IPV6;
            own(("IP_ADDRESS", network::ip(serial, &mut cast.stream(path))))
        }
        Path::SessionMessage => {
            let (date, second) = cast.now;
            let serial = cast.serial(path) << 12 | u64::from(second % 4_096);
            let mut stream = Stream::at(cast.seed, Domain::new("paper.mid"), serial);
            let made = tokens::message_id(date, serial % tokens::CAPACITY, &mut stream);
            Datum::Words(owned(label!("MESSAGE_ID"), made, Own, "event"))
        }
        _ => bank::decoy(cast, path),
    })
}

/// A paper of the customer, with the label that it comes with.
fn own<'c>((label, made): (&'static str, Made)) -> Datum<'c> {
    Datum::Value(owned(named(label), made, Own, "paper"))
}

/// The customer's number with the company of the direct debit, which British and American bills and debits
/// carry where SEPA has a mandate and a structured reference.
fn payer_number<'c>(cast: &Cast<'_>) -> Option<Datum<'c>> {
    let customer = cast.customer;
    let serial = customer.serial() * 8 + (debit_key(cast)? & 7);
    let made = codes::payer_number(
        serial % codes::CONTRACTS,
        &mut customer.paper("paper.payer"),
    );
    Some(own(("CONTRACT_NUMBER", made)))
}

/// The number of an operation: the same whenever it is named.
fn reference<'c>(cast: &Cast<'_>, operation: &Operation, path: Path) -> Datum<'c> {
    let mut stream = Stream::at(cast.seed, Domain::new(path.name()), operation.id);
    let serial = crate::seed::mix(operation.id) % codes::TRANSACTIONS;
    own((
        "TRANSACTION_ID",
        codes::transaction_id(operation.date, serial, &mut stream),
    ))
}

/// The security that the customer holds.
fn isin(cast: &Cast<'_>) -> Option<Made> {
    let holding = cast.customer.holding()?;
    let mut stream = Stream::at(0, Domain::new("paper.security"), holding.security);
    Some(technical::isin(holding.security, &mut stream))
}

/// A number for the creditor of the debit: of the merchant, not of the customer.
fn debit_key(cast: &Cast<'_>) -> Option<u64> {
    let merchant = cast.others.debit.as_ref()?.merchant()?;
    let name = merchant.name.bytes();
    Some(name.fold(7, |key, byte| crate::seed::mix(key ^ u64::from(byte))))
}

/// The country and the bank of the payee abroad, the same in every conversation of the customer.
fn abroad(cast: &Cast<'_>) -> (Abroad, u64, Stream) {
    let mut stream = cast.customer.paper("paper.abroad");
    let country = Abroad::ALL[stream.below(Abroad::ALL.len() as u32) as usize];
    // Of ten bank codes in a row, five are train, one is dev, four are test.
    let (offset, width) = match cast.split() {
        Split::Train => (0, 5),
        Split::Dev => (5, 1),
        Split::Test => (6, 4),
    };
    let block = stream.below_u64(country.bank_codes() / 10);
    let bank = block * 10 + offset + stream.below_u64(width);
    (country, bank, stream)
}

/// Family status as people say it. Couples without a paper say none.
fn marital(country: Country, sex: Sex, status: Marital) -> Option<&'static str> {
    let (masculine, feminine) = match (country, status) {
        (Country::France, Marital::Single) => ("célibataire", "célibataire"),
        (Country::France, Marital::Married) => ("marié", "mariée"),
        (Country::France, Marital::Divorced) => ("divorcé", "divorcée"),
        (Country::France, Marital::Widowed) => ("veuf", "veuve"),
        (_, Marital::Single) => ("single", "single"),
        (_, Marital::Married) => ("married", "married"),
        (_, Marital::Divorced) => ("divorced", "divorced"),
        (_, Marital::Widowed) => ("widowed", "widowed"),
        (_, Marital::Couple) => return None,
    };
    Some(match sex {
        Sex::Female => feminine,
        Sex::Male => masculine,
    })
}
