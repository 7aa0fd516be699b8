//! What is public or only looks like something: the bank's own numbers and places, and decoys.

use super::public;
use crate::conversation::Form;
use crate::country::Country;
use crate::dialogue::cast::Cast;
use crate::dialogue::path::Path;
use crate::identifiers::{self, checksum, phone};
use crate::seed::{Domain, Stream};
use crate::wording::values::{Datum, label};
use std::fmt::Write;

const DECOYS: Domain = Domain::new("decoys");

/// The address of a branch: public, so a decoy.
pub(super) fn branch(cast: &Cast<'_>) -> String {
    let mut stream = Stream::at(cast.seed, DECOYS, cast.customer.bank.index << 8);
    let number = 1 + stream.below(60);
    match cast.customer.country {
        Country::France => {
            let square = stream.pick(&[
                "place du Marché",
                "place de l'Hôtel-de-Ville",
                "rue de la Gare",
                "boulevard Carnot",
            ]);
            format!("{number} {square}")
        }
        _ => {
            let street = stream.pick(&[
                "Market Square",
                "High Street",
                "Station Road",
                "Main Street",
            ]);
            format!("{number} {street}")
        }
    }
}

pub(super) fn help_page(cast: &Cast<'_>) -> String {
    let page = match cast.customer.country {
        Country::France => "aide",
        _ => "help",
    };
    format!("https://{}/{page}", cast.customer.bank.site)
}

/// Values that look like something and are not.
pub(super) fn decoy(cast: &Cast<'_>, path: Path) -> Datum<'static> {
    let mut stream = Stream::at(cast.seed, DECOYS, cast.index << 8 | path as u64 | 1 << 60);
    let country = cast.customer.country;
    let mut text = String::with_capacity(20);
    let digits = |n: usize, stream: &mut Stream, text: &mut String| stream.digits(n, text);
    let luhn = |text: &mut String| {
        let check = identifiers::cards::luhn_digit(text);
        text.push((b'0' + check) as char);
    };
    let (looks_like, is) = match path {
        Path::DecoyOrderNumber => {
            text.push_str(one_of(&mut stream, &["4000", "40", "7", "112-"]));
            digits(9, &mut stream, &mut text);
            (label!("PAN"), "order_number")
        }
        Path::DecoyTrackingNumber => {
            text.push_str(one_of(&mut stream, &["6A", "8R", "XT", "9"]));
            digits(11, &mut stream, &mut text);
            (label!("PAN"), "tracking_number")
        }
        Path::DecoyLoyaltyCard => {
            text.push_str("9250");
            digits(11, &mut stream, &mut text);
            luhn(&mut text);
            (label!("PAN"), "loyalty_card")
        }
        Path::DecoyErrorCode => {
            text.push_str(one_of(&mut stream, &["40", "50", "E", "10"]));
            digits(2, &mut stream, &mut text);
            (label!("OTP_CODE"), "error_code")
        }
        Path::DecoyQueueNumber => {
            let _ = write!(text, "{}", 2 + stream.below(38));
            (label!("CARD_PIN"), "queue_number")
        }
        Path::DecoyTicket => {
            text.push_str(one_of(&mut stream, &["T-", "INC", "#", "SUP-"]));
            digits(7, &mut stream, &mut text);
            (label!("CUSTOMER_NUMBER"), "internal_ticket")
        }
        Path::DecoyImei => {
            text.push_str("00440");
            digits(9, &mut stream, &mut text);
            luhn(&mut text);
            (label!("PAN"), "serial_number")
        }
        Path::DecoySiret => {
            text.push_str("999");
            digits(10, &mut stream, &mut text);
            luhn(&mut text);
            (label!("PAN"), "company_number")
        }
        Path::DecoyYear => {
            let _ = write!(text, "{}", 2008 + stream.below(17));
            (label!("CARD_PIN"), "year")
        }
        Path::DecoyCompanyPhone => {
            let line = phone::Line::Landline;
            let serial = stream.below_u64(phone::capacity(country, line));
            let number = phone::make(country, line, serial, &mut stream);
            identifiers::write(
                label!("PHONE_NUMBER"),
                &number.value,
                Form::National,
                &mut text,
            );
            (label!("PHONE_NUMBER"), "company_phone")
        }
        Path::DecoyShortCode => {
            text.push_str(one_of(&mut stream, &["39", "32", "31", "36"]));
            digits(2, &mut stream, &mut text);
            (label!("PHONE_NUMBER"), "short_code")
        }
        Path::DecoyLawArticle => {
            match country {
                Country::France => {
                    let _ = write!(
                        text,
                        "L. {}-{}",
                        110 + stream.below(600),
                        1 + stream.below(40)
                    );
                }
                _ => {
                    let _ = write!(
                        text,
                        "section {}({})",
                        2 + stream.below(170),
                        1 + stream.below(8)
                    );
                }
            }
            (label!("CONTRACT_NUMBER"), "law_article")
        }
        Path::DecoyInvoice => {
            text.push_str(one_of(&mut stream, &["FA-", "F2026", "INV-", "2026-"]));
            digits(6, &mut stream, &mut text);
            (label!("CONTRACT_NUMBER"), "invoice_number")
        }
        Path::DecoyPublicIban => {
            let banks = identifiers::iban::bank_codes(Country::France);
            let index = banks - 1 - stream.below_u64(banks / 100);
            let made = identifiers::iban::make(Country::France, index, 7, &mut stream)
                .expect("France has IBANs");
            identifiers::write(label!("IBAN"), &made.value, Form::Grouped, &mut text);
            (label!("IBAN"), "public_iban")
        }
        Path::DecoyPublicFigure => {
            let french = [
                "avenue Victor-Hugo",
                "rue Jean-Jaurès",
                "lycée Marie-Curie",
                "place Jeanne-d'Arc",
            ];
            let english = [
                "Lincoln Avenue",
                "Darwin Street",
                "the Florence Nightingale ward",
                "Shakespeare Road",
            ];
            text.push_str(match country {
                Country::France => one_of(&mut stream, &french),
                _ => one_of(&mut stream, &english),
            });
            (label!("PERSON_NAME"), "public_figure")
        }
        Path::DecoyVersion => {
            let _ = write!(
                text,
                "{}.{}.{}",
                4 + stream.below(9),
                stream.below(30),
                stream.below(10)
            );
            (label!("IP_ADDRESS"), "version")
        }
        Path::DecoyTime => {
            let (hour, minute) = (7 + stream.below(13), stream.below(60));
            let _ = match country {
                Country::France => write!(text, "{hour}h{minute:02}"),
                _ => write!(text, "{hour}:{minute:02}"),
            };
            (label!("DATE_TIME"), "time_of_day")
        }
        Path::DecoyIccid => {
            text.push_str("8999");
            digits(14, &mut stream, &mut text);
            luhn(&mut text);
            (label!("PAN"), "sim_card")
        }
        Path::DecoyLei => {
            text.push_str("999900");
            digits(12, &mut stream, &mut text);
            let check = checksum::mod97_check_digits(&text, "").expect("digits");
            let _ = write!(text, "{check:02}");
            (label!("IBAN"), "legal_entity")
        }
        Path::DecoyAtm => {
            text.push_str(one_of(&mut stream, &["DAB ", "ATM ", "GAB "]));
            digits(6, &mut stream, &mut text);
            (label!("PHONE_NUMBER"), "machine_number")
        }
        Path::DecoyParcel => {
            text.push_str(one_of(&mut stream, &["1", "2"]));
            digits(14, &mut stream, &mut text);
            let looks_like = match country {
                Country::France => label!("FR_NIR"),
                _ => label!("PAN"),
            };
            (looks_like, "parcel_number")
        }
        Path::DecoyProductCode => {
            let letters = |stream: &mut Stream, text: &mut String| {
                for _ in 0..2 {
                    text.push(char::from(b'A' + stream.below(26) as u8));
                }
            };
            letters(&mut stream, &mut text);
            text.push('-');
            digits(3, &mut stream, &mut text);
            text.push('-');
            letters(&mut stream, &mut text);
            (label!("LICENSE_PLATE"), "product_code")
        }
        Path::DecoyHash => {
            text.push_str("0x");
            hexadecimal(64, &mut stream, &mut text);
            (label!("CRYPTO_ADDRESS"), "transaction_hash")
        }
        Path::DecoyCommit => {
            hexadecimal(40, &mut stream, &mut text);
            (label!("ACCESS_TOKEN"), "commit")
        }
        Path::DecoyTimestamp => {
            text.push_str("17");
            digits(11, &mut stream, &mut text);
            (label!("PAN"), "timestamp")
        }
        Path::DecoyScamLink => {
            let page = one_of(
                &mut stream,
                &["colis-suivi", "verif-compte", "secure-update", "parcel-fee"],
            );
            let _ = write!(text, "http://{page}.example/{}", 100 + stream.below(900));
            (label!("SECRET_LINK"), "scam_link")
        }
        Path::DecoyScamPhone => {
            let line = phone::Line::Mobile;
            let serial = stream.below_u64(phone::capacity(country, line));
            let number = phone::make(country, line, serial, &mut stream);
            identifiers::write(
                label!("PHONE_NUMBER"),
                &number.value,
                Form::National,
                &mut text,
            );
            (label!("PHONE_NUMBER"), "scam_number")
        }
        _ => {
            text.push_str("DV-");
            digits(6, &mut stream, &mut text);
            (label!("CONTRACT_NUMBER"), "quote_reference")
        }
    };
    public(looks_like, is, text)
}

fn one_of(stream: &mut Stream, from: &[&'static str]) -> &'static str {
    from[stream.below(from.len() as u32) as usize]
}

fn hexadecimal(count: usize, stream: &mut Stream, out: &mut String) {
    for _ in 0..count {
        out.push(char::from(b"0123456789abcdef"[stream.below(16) as usize]));
    }
}
