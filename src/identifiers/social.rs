//! What people send and call themselves: file names of attached documents, accounts of social networks.
//!
//! Invariant: a handle ends with `example` or `exemple`, a convention; no media stands behind a file name.

use super::Made;
use super::checksum::push_padded;
use super::email::push_folded;
use super::surface::{self, Family};
use crate::calendar::Date;
use crate::conversation::{Form, Safety, names};
use crate::country::Country;
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

/// The handle of a person: `@maelys.v.exemple`. Handles of namesakes can meet.
pub fn handle(given: &str, family: &str, birth_year: i32, stream: &mut Stream) -> Made {
    let folded = |name: &str| {
        let mut out = String::with_capacity(name.len());
        push_folded(name, &mut out);
        if out.is_empty() {
            out.push('x');
        }
        out
    };
    let (given, family) = (folded(given), folded(family));
    let parts: [&str; 3] = match stream.weighted(&[25, 20, 15, 12, 10, 18]) {
        0 => [&given, ".", &family[..1]],
        1 => [&given, ".", &family],
        2 => [&given, "", &family],
        3 => [&given[..1], "_", &family],
        4 => [&family, "_", &given],
        _ => [&given, "", ""],
    };
    let mut value = String::from("@");
    value.extend(parts);
    if stream.chance(350) {
        push_padded(birth_year.rem_euclid(100) as u64, 2, &mut value);
    }
    value.push_str([".exemple", "_exemple", ".example", "_example"][stream.below(4) as usize]);
    Made::new(value, Safety::Convention, true)
}

names! {
    /// What a customer photographs or attaches.
    pub enum Document {
        /// An identity card or a residence permit.
        IdentityCard = "identity_card",
        /// A passport.
        Passport = "passport",
        /// A proof of address: a bill, a tenancy.
        ProofOfAddress = "proof_of_address",
        /// A payslip.
        Payslip = "payslip",
        /// A tax notice.
        TaxNotice = "tax_notice",
        /// Bank details.
        BankDetails = "bank_details",
        /// A statement of account.
        Statement = "statement",
        /// A payment card.
        Card = "card",
        /// An invoice or a receipt.
        Invoice = "invoice",
        /// An order to sign, a contract.
        Contract = "contract",
        /// A death or marriage certificate.
        Certificate = "certificate",
        /// A screen.
        Screenshot = "screenshot",
    }
}

impl Document {
    fn stems(self, country: Country) -> &'static [&'static str] {
        let (french, american) = (country == Country::France, country == Country::UnitedStates);
        match (self, french) {
            (Document::IdentityCard, true) => &[
                "CNI recto",
                "cni_verso",
                "carte_identite",
                "CNI",
                "piece identite",
                "titre_sejour",
            ],
            (Document::IdentityCard, false) if american => {
                &["ID front", "id_back", "drivers_license", "state_id"]
            }
            (Document::IdentityCard, false) => {
                &["ID front", "id_back", "driving-licence", "photo-id"]
            }
            (Document::Passport, true) => &["passeport", "Passeport scan", "passeport_p2"],
            (Document::Passport, false) => &["passport", "Passport scan", "passport_page"],
            (Document::ProofOfAddress, true) => &[
                "justificatif_domicile",
                "facture_electricite",
                "quittance loyer",
                "attestation_hebergement",
            ],
            (Document::ProofOfAddress, false) if american => {
                &["proof_of_address", "utility_bill", "lease"]
            }
            (Document::ProofOfAddress, false) => {
                &["proof_of_address", "council-tax-bill", "tenancy"]
            }
            (Document::Payslip, true) => &["bulletin_salaire", "fiche de paie", "BS"],
            (Document::Payslip, false) if american => &["paystub", "pay stub", "Paystub"],
            (Document::Payslip, false) => &["payslip", "wage slip", "Payslip"],
            (Document::TaxNotice, true) => {
                &["avis_imposition", "avis impot", "declaration_revenus"]
            }
            (Document::TaxNotice, false) if american => &["tax_return", "W2", "1099-INT"],
            (Document::TaxNotice, false) => &["tax_return", "P60", "SA302"],
            (Document::BankDetails, true) => &["RIB", "rib_compte_joint", "IBAN"],
            (Document::BankDetails, false) if american => &["voided_check", "account details"],
            (Document::BankDetails, false) => &["bank_details", "account details"],
            (Document::Statement, true) => &["releve_compte", "releve", "Relevé bancaire"],
            (Document::Statement, false) => &["statement", "bank_statement", "eStatement"],
            (Document::Card, true) => &["carte_bancaire", "photo carte", "CB recto"],
            (Document::Card, false) => &["card_front", "my card", "debit-card"],
            (Document::Invoice, true) => &["facture", "ticket_caisse", "bon_commande"],
            (Document::Invoice, false) => &["invoice", "receipt", "order_confirmation"],
            (Document::Contract, true) => &["contrat_signe", "mandat_SEPA", "offre_pret"],
            (Document::Contract, false) => &["signed_contract", "mandate", "loan_agreement"],
            (Document::Certificate, true) => &["acte_deces", "acte_mariage", "livret_famille"],
            (Document::Certificate, false) => {
                &["death_certificate", "marriage_certificate", "probate"]
            }
            (Document::Screenshot, true) => &["Capture", "capture_ecran", "Screenshot"],
            (Document::Screenshot, false) => &["Screenshot", "screen", "Screen Shot"],
        }
    }
}

/// The name of a file that a customer attaches: what it shows and a number or a day, or for one in three
/// what the phone called it: `IMG_2031.jpg`. `taken` is the day on which the phone took it.
pub fn file_name(document: Document, country: Country, taken: Date, stream: &mut Stream) -> Made {
    let (year, month, day) = taken.ymd();
    let mut value = String::with_capacity(32);
    if document == Document::Screenshot || stream.chance(330) {
        push_camera_name(
            document == Document::Screenshot,
            (year, month, day),
            stream,
            &mut value,
        );
        return Made::new(value, Safety::Convention, true);
    }
    let stem = stream.pick(document.stems(country));
    value.push_str(stem);
    match stream.weighted(&[50, 12, 12, 10, 16]) {
        0 => {}
        1 => {
            value.push('_');
            push_padded(year as u64, 4, &mut value);
        }
        2 => {
            value.push('_');
            push_padded(month.into(), 2, &mut value);
            value.push('-');
            push_padded(year as u64, 4, &mut value);
        }
        3 => {
            value.push_str(" (");
            push_padded(u64::from(1 + stream.below(4)), 1, &mut value);
            value.push(')');
        }
        _ => push_padded(u64::from(1 + stream.below(3)), 1, &mut value),
    }
    value.push_str(
        [".pdf", ".jpg", ".jpeg", ".png", ".heic", ".PDF"][stream.weighted(&[48, 26, 8, 9, 5, 4])],
    );
    Made::new(value, Safety::Convention, true)
}

/// The name that a phone or a scanner gives to what it took.
fn push_camera_name(
    screen: bool,
    (year, month, day): (i32, u32, u32),
    stream: &mut Stream,
    out: &mut String,
) {
    let mut stamp = String::with_capacity(15);
    push_padded(year as u64, 4, &mut stamp);
    push_padded(month.into(), 2, &mut stamp);
    push_padded(day.into(), 2, &mut stamp);
    let mut time = String::with_capacity(6);
    for bound in [24, 60, 60] {
        push_padded(stream.below(bound).into(), 2, &mut time);
    }
    if screen {
        let (front, between) = *stream.pick(&[
            ("Screenshot_", "-"),
            ("Screenshot_", "_"),
            ("Capture-", "-"),
        ]);
        for part in [front, &stamp, between, &time, ".png"] {
            out.push_str(part);
        }
        return;
    }
    match stream.weighted(&[40, 25, 15, 10, 10]) {
        0 => {
            out.push_str("IMG_");
            push_padded(u64::from(1 + stream.below(9_999)), 4, out);
            out.push_str([".jpg", ".HEIC", ".JPG", ".jpeg"][stream.weighted(&[5, 2, 2, 1])]);
        }
        1 => {
            for part in ["IMG_", &stamp, "_", &time, ".jpg"] {
                out.push_str(part);
            }
        }
        2 => {
            for part in ["Scan_", &stamp, ".pdf"] {
                out.push_str(part);
            }
        }
        3 => {
            out.push_str("DSC0");
            push_padded(u64::from(stream.below(10_000)), 4, out);
            out.push_str(".JPG");
        }
        _ => {
            for part in ["PXL_", &stamp, "_", &time, "123.jpg"] {
                out.push_str(part);
            }
        }
    }
}

/// Handles: with the sign, or as `fb/maelys.v.exemple` and `m.me/…`.
pub(super) const HANDLE: Family = Family {
    write: |normal, form, out| {
        let name = normal.trim_start_matches('@');
        match form {
            Form::Plain | Form::Compact => out.push_str(normal),
            Form::Slashes => {
                let front = ["fb/", "m.me/", "fb.me/"][name.len() % 3];
                out.push_str(front);
                out.push_str(name);
            }
            Form::Upper => out.push_str(&normal.to_ascii_uppercase()),
            _ => return false,
        }
        true
    },
    forms: &[(Form::Plain, 80), (Form::Slashes, 17), (Form::Upper, 3)],
    read: |surface| {
        let text = surface::read_text(surface)?.to_ascii_lowercase();
        let fronts = ["fb/", "fb.me/", "m.me/", "@"];
        let name = fronts.iter().find_map(|front| text.strip_prefix(front));
        Some(format!("@{}", name.unwrap_or(&text)))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    #[test]
    fn every_handle_ends_as_an_example() {
        let mut stream = Stream::at(1, Domain::new("social"), 0);
        for _ in 0..1_000 {
            let made = handle("Maëlys-Rose", "d’Hérœuville", 1985, &mut stream).value;
            assert!(made.starts_with('@') && made.is_ascii(), "{made}");
            assert!(
                made.ends_with("example") || made.ends_with("exemple"),
                "{made}"
            );
            assert!(handle("美", "王", 1990, &mut stream).value.len() > 8);
        }
    }

    #[test]
    fn every_file_name_has_an_ending_and_no_place_for_a_path() {
        let mut stream = Stream::at(2, Domain::new("social"), 0);
        for &document in Document::ALL {
            for &country in Country::ALL {
                for _ in 0..200 {
                    let day = Date::new(2026, 3, 14).unwrap();
                    let name = file_name(document, country, day, &mut stream).value;
                    let (stem, ending) = name.rsplit_once('.').unwrap();
                    assert!(
                        !stem.is_empty() && (3..=4).contains(&ending.len()),
                        "{name}"
                    );
                    assert!(!name.contains(['/', '\\']), "{name}");
                }
            }
        }
    }
}
