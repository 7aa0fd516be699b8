//! Civil status, papers, devices, contracts: what few conversations need, made on demand.

use super::{bank, made, owned, text};
use crate::conversation::Owner::{Customer as Own, ThirdParty};
use crate::country::Country;
use crate::dialogue::cast::Cast;
use crate::dialogue::path::Path;
use crate::wording::values::{Datum, label};
use crate::world::{Marital, Sex};

pub(super) fn datum<'c>(cast: &'c Cast<'_>, path: Path) -> Option<Datum<'c>> {
    let customer = cast.customer;
    let person = &customer.person;
    let today = cast.today();
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
            "customer",
        )),
        Path::OldPhone => Datum::Value(made(
            label!("PHONE_NUMBER"),
            customer.phone_on(today.plus(-30)),
            Own,
            "customer",
        )),
        Path::NewEmail => Datum::Value(made(
            label!("EMAIL_ADDRESS"),
            customer.email_on(today.plus(5)),
            Own,
            "customer",
        )),
        Path::OldEmail => Datum::Value(made(
            label!("EMAIL_ADDRESS"),
            customer.email_on(today.plus(-30)),
            Own,
            "customer",
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
            "card",
        )),
        _ => bank::decoy(cast, path),
    })
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
