//! E-mail addresses.
//!
//! Invariant: every domain is a subdomain of example.com, example.net or example.org, which IANA keeps
//! for documentation (RFC 2606, RFC 6761). Detectors accept those, and reject the reserved top-level
//! names (`.example`, `.test`, `.invalid`).

use super::Made;
use super::checksum::push_padded;
use super::surface::{self, Family};
use crate::conversation::{Form, Safety};
use crate::seed::Stream;

/// Providers that we invented, as the part of the domain in front of `example.*`; empty for the bare
/// domain.
const PROVIDERS: [&str; 28] = [
    "",
    "mail.",
    "courriel.",
    "webmail.",
    "poste.",
    "post.",
    "inbox.",
    "boite.",
    "lettre.",
    "home.",
    "fibre.",
    "adsl.",
    "box.",
    "mobile.",
    "cable.",
    "net.",
    "perso.",
    "famille.",
    "asso.",
    "pro.",
    "bureau.",
    "campus.",
    "etu.",
    "univ.",
    "alumni.",
    "lycee.",
    "office.",
    "studio.",
];

/// Nicknames that we invented, for addresses that do not hold a name.
const NICKNAMES: [&str; 32] = [
    "ptitloup",
    "lapinou",
    "zigoto",
    "bouclette",
    "marmotte",
    "caramel",
    "moustache",
    "tournesol",
    "pivoine",
    "ecureuil",
    "mistral",
    "papillote",
    "galopin",
    "pirouette",
    "noisette",
    "cigale",
    "sunnybee",
    "bluefinch",
    "rainyday",
    "quickfox",
    "teapot",
    "moonpie",
    "wildfern",
    "oldboots",
    "pixelcat",
    "redkite",
    "driftwood",
    "snowglobe",
    "peppermint",
    "bigbear",
    "nightowl",
    "mapleleaf",
];

/// Folds a name to the letters that stand in addresses: lower case, accents dropped, anything else
/// than letters and digits left out.
pub(super) fn push_folded(name: &str, out: &mut String) {
    for character in name.chars().flat_map(char::to_lowercase) {
        match character {
            'a'..='z' | '0'..='9' => out.push(character),
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' => out.push('e'),
            'î' | 'ï' | 'í' | 'ì' => out.push('i'),
            'ñ' | 'ń' => out.push('n'),
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' | 'ø' => out.push('o'),
            'š' | 'ś' => out.push('s'),
            'ù' | 'û' | 'ü' | 'ú' => out.push('u'),
            'ÿ' | 'ý' => out.push('y'),
            'ž' | 'ź' | 'ż' => out.push('z'),
            'ł' => out.push('l'),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            _ => {}
        }
    }
}

fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    push_folded(name, &mut out);
    if out.is_empty() {
        out.push('x');
    }
    out
}

/// The address of a person: a local part from the name in one of the usual ways, or a nickname with
/// digits (one in eight); the birth year or a number behind it at times, as crowded providers force
/// people to. Addresses of two people can meet, as their names can.
pub fn make(given: &str, family: &str, birth_year: i32, stream: &mut Stream) -> Made {
    let mut value = String::with_capacity(48);
    let (given, family) = (folded(given), folded(family));
    let style = stream.weighted(&[34, 12, 10, 7, 8, 6, 5, 4, 2, 12]);
    let initial = &given[..1];
    let parts: [&str; 3] = match style {
        0 => [&given, ".", &family],
        1 => [&given, "", &family],
        2 => [initial, ".", &family],
        3 => [initial, "", &family],
        4 => [&given, "_", &family],
        5 => [&family, ".", &given],
        6 => [&given, "-", &family],
        7 => [&family, "", &given],
        8 => [&given, "", ""],
        _ => [*stream.pick(&NICKNAMES), "", ""],
    };
    for part in parts {
        value.push_str(part);
    }
    let crowded = if style >= 8 { 950 } else { 300 };
    if stream.chance(crowded) {
        if style < 8 && stream.chance(150) {
            value.push('.');
        }
        let year = birth_year.rem_euclid(10_000) as u64;
        match stream.weighted(&[4, 2, 3, 1]) {
            0 => push_padded(year % 100, 2, &mut value),
            1 => push_padded(year, 4, &mut value),
            2 => push_padded(u64::from(1 + stream.below(95)), 2, &mut value),
            _ => stream.digits(3, &mut value),
        }
    }
    value.push('@');
    let provider = stream.pick(&PROVIDERS);
    value.push_str(provider);
    value.push_str(["example.com", "example.net", "example.org"][stream.weighted(&[4, 3, 3])]);
    Made::new(value, Safety::Reserved, true)
}

/// Has it a local part and a domain with a top-level name (RFC 5321, without quoted local parts and
/// address literals)?
pub fn check(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let top = domain.rsplit('.').next().unwrap_or("");
    local.len() <= 64
        && local
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(atom))
        && domain.contains('.')
        && domain.split('.').all(label)
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// One slip that makes an address unusable: the sign lost, a comma for a dot, the end lost.
pub(super) fn mistype(address: &str, stream: &mut Stream) -> String {
    let (body, top) = address.rsplit_once('.').unwrap_or((address, ""));
    match stream.below(4) {
        0 => address.replacen('@', "", 1),
        1 => format!("{body},{top}"),
        2 => {
            let (local, domain) = address.split_once('@').unwrap_or((address, ""));
            format!("{local}@{}", domain.split('.').next().unwrap_or(""))
        }
        _ => address.replacen('@', "@@", 1),
    }
}

/// E-mail addresses.
pub(super) const FAMILY: Family = Family {
    write: |normal, form, out| match form {
        Form::Plain | Form::Compact | Form::Lower => {
            out.push_str(normal);
            true
        }
        Form::Upper => {
            out.extend(normal.chars().map(|c| c.to_ascii_uppercase()));
            true
        }
        _ => false,
    },
    forms: &[(Form::Plain, 970), (Form::Upper, 30)],
    read: |surface| surface::read_text(surface).map(|text| text.to_ascii_lowercase()),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    #[test]
    fn every_address_is_valid_lower_case_and_reserved() {
        let mut stream = Stream::at(1, Domain::new("email"), 0);
        for _ in 0..5_000 {
            let address = make("Maëlys-Rose", "d’Hérœuville", 1985, &mut stream).value;
            assert!(check(&address), "{address}");
            assert_eq!(address, address.to_lowercase());
            let domain = address.rsplit('@').next().unwrap();
            assert!(
                ["example.com", "example.net", "example.org"]
                    .iter()
                    .any(|d| domain == *d || domain.ends_with(&format!(".{d}")))
            );
        }
    }

    #[test]
    fn a_name_of_no_latin_letter_still_gives_an_address() {
        let mut stream = Stream::at(2, Domain::new("email"), 0);
        for _ in 0..100 {
            assert!(check(&make("美", "王", 1990, &mut stream).value));
        }
    }

    #[test]
    fn an_address_without_top_level_name_fails() {
        assert!(check("tquennell@mail.example.org"));
        for bad in [
            "maelys.verdorne@example",
            "@maelysv",
            "a..b@example.com",
            "a@-x.com",
            "a@b@c.fr",
        ] {
            assert!(!check(bad), "{bad}");
        }
    }

    #[test]
    fn a_mistyped_address_always_fails() {
        let mut stream = Stream::at(3, Domain::new("email"), 0);
        for _ in 0..2_000 {
            let address = make("Tobias", "Quennell", 1971, &mut stream).value;
            let slip = mistype(&address, &mut stream);
            assert!(!check(&slip), "{address} {slip}");
        }
    }
}
