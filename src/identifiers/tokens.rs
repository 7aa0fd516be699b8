//! Strings that open something by themselves: tokens, links, sessions, ids of messages and devices.
//!
//! Invariant: what a service would have drawn carries the mark `SYN` where its alphabet has those
//! letters, JSON Web Tokens are unsigned (`alg` is `none`, RFC 7519 section 6), and links lead to domains
//! kept for documentation (RFC 2606).

use super::checksum::{luhn, luhn_digit, push_padded};
use super::surface::{self, Family};
use super::{Made, scatter};
use crate::calendar::Date;
use crate::conversation::{Form, Safety, names};
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

/// How many serials the makers here take, where they do not say otherwise.
pub const CAPACITY: u64 = 1 << 40;

/// How many test IMEIs there are.
pub const IMEIS: u64 = 1_000_000_000_000;

/// How many page-scoped ids there are.
pub const PSIDS: u64 = 1_000_000_000_000;

const BASE62: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEX: &[u8; 16] = b"0123456789abcdef";

fn convention(value: String) -> Made {
    Made::new(value, Safety::Convention, true)
}

/// Appends `count` characters of `alphabet`: the place of the serial in the first ones, as many as its 40
/// bits need, drawn ones behind.
fn push_opaque(
    space: &str,
    serial: u64,
    count: usize,
    alphabet: &[u8],
    stream: &mut Stream,
    out: &mut String,
) {
    let mut place = scatter(space, CAPACITY, serial);
    let size = alphabet.len() as u64;
    let mut bound = 1u64;
    for _ in 0..count {
        if bound < CAPACITY {
            out.push(char::from(alphabet[(place % size) as usize]));
            place /= size;
            bound *= size;
        } else {
            out.push(char::from(*stream.pick(alphabet)));
        }
    }
}

/// Base 64 with the alphabet for URLs, without padding (RFC 4648, section 5).
fn push_base64(text: &str, out: &mut String) {
    for chunk in text.as_bytes().chunks(3) {
        let byte = |k: usize| u32::from(*chunk.get(k).unwrap_or(&0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..=chunk.len() {
            let six = word >> (18 - 6 * place) & 63;
            out.push(char::from(BASE64_URL[six as usize]));
        }
    }
}

/// An access token: an unsigned JSON Web Token issued on `issued`, an opaque string, or the code of an
/// account-linking redirect. Distinct serials below [`CAPACITY`] give distinct tokens.
pub fn access_token(issued: Date, serial: u64, stream: &mut Stream) -> Made {
    let mut value = String::with_capacity(128);
    match stream.weighted(&[45, 40, 15]) {
        0 => {
            let header = ["{\"alg\":\"none\"}", "{\"alg\":\"none\",\"typ\":\"JWT\"}"];
            let header = *stream.pick(&header);
            push_base64(header, &mut value);
            value.push('.');
            let mut subject = String::with_capacity(12);
            push_opaque("token subject", serial, 10, BASE62, stream, &mut subject);
            let at = i64::from(issued.days()) * 86_400 + i64::from(stream.below(86_400));
            let claims = format!(
                "{{\"sub\":\"synthetic-{subject}\",\"iat\":{at},\"exp\":{}}}",
                at + 3_600
            );
            push_base64(&claims, &mut value);
            value.push('.');
        }
        1 => {
            let front = ["SYN", "SYN-", "SYN_", "tok_SYN"][stream.weighted(&[5, 2, 2, 1])];
            value.push_str(front);
            let count = [28, 40, 61][stream.weighted(&[3, 4, 3])];
            push_opaque("token", serial, count, BASE62, stream, &mut value);
        }
        _ => {
            value.push_str("SYN-");
            push_opaque("linking code", serial, 20, BASE64_URL, stream, &mut value);
        }
    }
    convention(value)
}

/// A link that signs whoever follows it in: a reserved domain, words of the language, and the secret in a parameter.
/// Distinct serials below [`CAPACITY`] give distinct links.
pub fn secret_link(language: &str, serial: u64, stream: &mut Stream) -> Made {
    const HOSTS: [&str; 8] = [
        "secure.example.com",
        "auth.example.com",
        "login.example.com",
        "id.example.net",
        "secure.example.net",
        "m.example.net",
        "connect.example.org",
        "example.com",
    ];
    const PATHS: [&str; 8] = [
        "r",
        "reset",
        "verify",
        "login",
        "auth",
        "activation",
        "link",
        "confirm",
    ];
    let (own_hosts, own_paths) = match language {
        "fr" => (
            ["espace-client.example.org", "securite.example.org"],
            ["mdp", "lien"],
        ),
        _ => (
            ["my.example.org", "banking.example.org"],
            ["signin", "password"],
        ),
    };
    let mut value = String::from("https://");
    let mut one = |all: &[&'static str], own: [&'static str; 2]| {
        let drawn = stream.below((all.len() + own.len()) as u32) as usize;
        let all = all.iter().chain(&own);
        all.copied().nth(drawn).unwrap_or_default()
    };
    let host = one(&HOSTS, own_hosts);
    let path = one(&PATHS, own_paths);
    value.push_str(host);
    value.push('/');
    value.push_str(path);
    value.push_str(
        ["?token=", "?code=", "?auth=", "?otp=", "?lang="][stream.weighted(&[50, 20, 12, 8, 10])],
    );
    if value.ends_with("lang=") {
        value.push_str(language);
        value.push_str("&token=");
    }
    value.push_str("SYN");
    let count = [8, 13, 21, 40][stream.weighted(&[3, 3, 3, 1])];
    push_opaque("secret link", serial, count, BASE62, stream, &mut value);
    Made::new(value, Safety::Reserved, true)
}

/// A session cookie with its name: `sid=SYN…`. Distinct serials below [`CAPACITY`] give distinct ones.
pub fn cookie(serial: u64, stream: &mut Stream) -> Made {
    let names = [
        "sid=",
        "JSESSIONID=",
        "session=",
        "PHPSESSID=",
        "connect.sid=s%3A",
        "xs=",
    ];
    let mut value = (*stream.pick(&names)).to_owned();
    value.push_str("SYN");
    let count = [16, 24, 32][stream.below(3) as usize];
    push_opaque("cookie", serial, count, BASE62, stream, &mut value);
    convention(value)
}

/// The id of a person as one page sees it (PSID): 999 and twelve to fourteen digits. Distinct
/// serials give distinct ids.
///
/// # Panics
/// When `serial` is not below [`PSIDS`].
pub fn psid(serial: u64, stream: &mut Stream) -> Made {
    let mut value = "999".to_owned();
    let more = [1, 0, 2][stream.weighted(&[70, 15, 15])];
    stream.digits(more, &mut value);
    push_padded(scatter("psid", PSIDS, serial), 12, &mut value);
    convention(value)
}

names! {
    /// The shape of Messenger's message ids, by when it was in use.
    pub enum Era {
        /// `mid.1457764197618:41d102a3e1ae206a38`.
        Timed = "timed",
        /// `mid.$cAAJdkrCd2OR…`.
        Dollar = "dollar",
        /// `m_AG5Hz2Uq7tuw…`.
        Short = "short",
    }
}

impl Era {
    /// The era of a day: the first shape is seen until mid-2017, the second until the end of 2018.
    pub fn on(day: Date) -> Era {
        match day.ymd() {
            (..=2016, ..) | (2017, ..=6, _) => Era::Timed,
            (..=2018, ..) => Era::Dollar,
            _ => Era::Short,
        }
    }
}

/// The id of a message sent on a day, in the shape of its [`Era`]. Distinct serials below [`CAPACITY`]
/// give distinct ids.
pub fn message_id(sent: Date, serial: u64, stream: &mut Stream) -> Made {
    let mut value = String::with_capacity(72);
    match Era::on(sent) {
        Era::Timed => {
            let ms = i64::from(sent.days()) * 86_400_000 + i64::from(stream.below(86_400_000));
            value.push_str("mid.");
            push_padded(ms.unsigned_abs(), 13, &mut value);
            value.push(':');
            push_opaque("mid", serial, 18, HEX, stream, &mut value);
        }
        Era::Dollar => {
            let front = ["mid.$cAAJSYN", "mid.$cAAASYN", "mid.$gAAASYN"];
            let front = *stream.pick(&front);
            value.push_str(front);
            push_opaque("mid", serial, 22, BASE64_URL, stream, &mut value);
        }
        Era::Short => {
            value.push_str("m_SYN");
            push_opaque("mid", serial, 58, BASE64_URL, stream, &mut value);
        }
    }
    convention(value)
}

/// The id of a phone: an IMEI with 00 in front, which marks test equipment (3GPP TS 23.003), or, for four
/// in ten, a random UUID (RFC 9562, version 4) as advertising ids are. Distinct serials below
/// [`CAPACITY`] give distinct ids.
pub fn device_id(serial: u64, stream: &mut Stream) -> Made {
    if !stream.chance(400) {
        let mut value = "00".to_owned();
        push_padded(scatter("imei", IMEIS, serial % IMEIS), 12, &mut value);
        value.push(char::from(b'0' + luhn_digit(&value)));
        return Made::new(value, Safety::Reserved, true);
    }
    let mut hex = String::with_capacity(32);
    push_opaque("uuid", serial, 32, b"0123456789ABCDEF", stream, &mut hex);
    hex.replace_range(12..13, "4");
    let variant = *stream.pick(b"89AB");
    hex.replace_range(16..17, &char::from(variant).to_string());
    let mut value = String::with_capacity(36);
    surface::push_grouped(&hex, &[8, 4, 4, 4, 12], "-", &mut value);
    convention(value)
}

/// A device: fifteen digits that pass Luhn (IMEI, 3GPP TS 23.003), or a UUID.
pub fn check_device(id: &str) -> bool {
    match id.len() {
        15 => luhn(id),
        36 => id.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        }),
        _ => false,
    }
}

/// Devices: an IMEI in its groups, a UUID in upper or lower case.
pub(super) const DEVICE: Family = Family {
    write: |normal, form, out| match (form, normal.len() == 15) {
        (Form::Lower, _) => surface::write_lower(normal, out),
        (_, true) => surface::write_document(normal, &[2, 6, 6, 1], form, out),
        (Form::Masked | Form::Last4, _) => surface::write_document(normal, &[1], form, out),
        (Form::Plain | Form::Compact | Form::Grouped | Form::Dashes, _) => {
            out.push_str(normal);
            true
        }
        _ => false,
    },
    forms: &[
        (Form::Compact, 70),
        (Form::Grouped, 12),
        (Form::Dashes, 8),
        (Form::Lower, 10),
    ],
    read: |surface| {
        let text = surface.trim();
        if check_device(text) && text.len() == 36 {
            return Some(text.to_ascii_uppercase());
        }
        surface::read_alphanumeric(text)
    },
};

/// Page-scoped ids: in one piece.
pub(super) const PSID: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[surface::REST], form, out),
    forms: &[(Form::Compact, 1)],
    read: surface::read_digits,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;
    use std::collections::BTreeSet;

    fn stream() -> Stream {
        Stream::at(1, Domain::new("tokens"), 0)
    }

    #[test]
    fn base_64_is_that_of_the_standard() {
        let encoded = |text: &str| {
            let mut out = String::new();
            push_base64(text, &mut out);
            out
        };
        // RFC 4648, section 10, without padding.
        for (text, expected) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
        ] {
            assert_eq!(encoded(text), expected);
        }
        assert_eq!(encoded("{\"alg\":\"none\"}"), "eyJhbGciOiJub25lIn0");
    }

    #[test]
    fn a_web_token_has_three_parts_and_no_signature() {
        let mut s = stream();
        let day = Date::new(2026, 3, 14).unwrap();
        let tokens: Vec<String> = (0..1_000)
            .map(|k| access_token(day, k, &mut s).value)
            .collect();
        let web: Vec<&String> = tokens.iter().filter(|t| t.starts_with("eyJ")).collect();
        assert!(web.len() > 350, "{}", web.len());
        assert!(
            web.iter()
                .all(|t| t.ends_with('.') && t.matches('.').count() == 2)
        );
        assert!(
            tokens
                .iter()
                .all(|t| t.starts_with("eyJ") || t.contains("SYN"))
        );
    }

    #[test]
    fn a_link_leads_to_a_reserved_domain_and_carries_its_secret() {
        let mut s = stream();
        for serial in 0..1_000 {
            let link = secret_link("en", serial, &mut s).value;
            let host = link
                .strip_prefix("https://")
                .unwrap()
                .split('/')
                .next()
                .unwrap();
            assert!(
                ["example.com", "example.net", "example.org"]
                    .iter()
                    .any(|d| host.ends_with(d))
            );
            assert!(link.contains("=SYN"), "{link}");
        }
    }

    #[test]
    fn the_shape_of_a_message_id_follows_from_its_day() {
        let mut s = stream();
        for (year, front) in [(2016, "mid.14"), (2018, "mid.$"), (2026, "m_SYN")] {
            let id = message_id(Date::new(year, 3, 14).unwrap(), 7, &mut s).value;
            assert!(id.starts_with(front), "{id}");
        }
    }

    #[test]
    fn no_two_serials_share_an_id() {
        let mut s = stream();
        let day = Date::new(2026, 3, 14).unwrap();
        let mut seen = BTreeSet::new();
        for serial in 0..5_000 {
            for made in [
                access_token(day, serial, &mut s),
                secret_link("fr", serial, &mut s),
                cookie(serial, &mut s),
                psid(serial, &mut s),
                message_id(day, serial, &mut s),
                device_id(serial, &mut s),
            ] {
                assert!(seen.insert(made.value.clone()), "{}", made.value);
            }
        }
    }
}
