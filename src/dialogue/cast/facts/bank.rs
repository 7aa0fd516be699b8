//! What is public or only looks like something: the bank's own numbers and places, and decoys.

use super::public;
use crate::country::Country;
use crate::dialogue::cast::Cast;
use crate::dialogue::path::Path;
use crate::identifiers;
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
