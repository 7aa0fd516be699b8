//! Addresses and descriptions of machines, and places on earth.
//!
//! Invariant: every address made here is one that is kept for documentation (RFC 5737, RFC 3849, RFC
//! 9637), and every place lies in the open ocean.

use super::checksum::push_padded;
use super::surface::{self, Family};
use super::{Made, scatter};
use crate::conversation::{Form, Safety};
use crate::seed::Stream;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How many addresses of version 4 there are: the hosts of three blocks.
pub const IPV4: u64 = 3 * 254;
/// How many addresses of version 6 [`ipv6`] numbers.
pub const IPV6: u64 = 1 << 40;
/// How many places [`place`] numbers.
pub const PLACES: u64 = 900_000 * 1_900_000;

/// The address of version 4 at `index`; distinct indices give distinct addresses.
///
/// # Panics
/// When `index` is not below [`IPV4`].
pub fn ipv4(index: u64) -> Made {
    const BLOCKS: [[u8; 3]; 3] = [[192, 0, 2], [198, 51, 100], [203, 0, 113]];
    let place = scatter("ipv4", IPV4, index);
    let [a, b, c] = BLOCKS[(place / 254) as usize];
    let address = Ipv4Addr::new(a, b, c, 1 + (place % 254) as u8);
    Made::new(address.to_string(), Safety::Reserved, true)
}

/// The address of version 6 at `serial`, in 2001:db8::/32 or, for one in five, in 3fff::/20; written as
/// RFC 5952 says. Distinct serials give distinct addresses.
///
/// # Panics
/// When `serial` is not below [`IPV6`].
pub fn ipv6(serial: u64, stream: &mut Stream) -> Made {
    let place = scatter("ipv6", IPV6, serial);
    let mut words = [0u16; 8];
    if stream.chance(200) {
        words[0] = 0x3fff;
        words[1] = stream.below(0x1000) as u16;
    } else {
        (words[0], words[1]) = (0x2001, 0x0db8);
    }
    words[2] = (place >> 24) as u16;
    words[3] = (place >> 16 & 0xff) as u16;
    words[7] = place as u16;
    // Half of the hosts chose their own random part.
    if stream.chance(500) {
        for word in &mut words[4..7] {
            *word = stream.below(0x1_0000) as u16;
        }
    }
    Made::new(Ipv6Addr::from(words).to_string(), Safety::Reserved, true)
}

/// An address: seven in ten of version 4, of which there are few, so that they repeat.
pub fn ip(serial: u64, stream: &mut Stream) -> Made {
    if stream.chance(700) {
        ipv4(serial % IPV4)
    } else {
        ipv6(serial % IPV6, stream)
    }
}

/// An address of version 4 or 6.
pub fn check_ip(address: &str) -> bool {
    address.parse::<IpAddr>().is_ok()
}

/// The place at `serial`, in decimal degrees with five places, about a metre: in the North Atlantic (41
/// to 50 degrees north, 26 to 45 west), where no land is. Distinct serials give distinct places.
///
/// # Panics
/// When `serial` is not below [`PLACES`].
pub fn place(serial: u64) -> Made {
    let at = scatter("place", PLACES, serial);
    let (lat, lon) = (4_100_000 + at / 1_900_000, 2_600_000 + at % 1_900_000);
    let mut value = String::with_capacity(20);
    push_degrees(lat, &mut value);
    value.push_str(", -");
    push_degrees(lon, &mut value);
    Made::new(value, Safety::Unassigned, true)
}

/// Writes hundred-thousandths of a degree.
fn push_degrees(units: u64, out: &mut String) {
    push_padded(units / 100_000, 1, out);
    out.push('.');
    push_padded(units % 100_000, 5, out);
}

/// Latitude −90 to 90 and longitude −180 to 180, in decimal degrees, joined by a comma.
pub fn check_lat_lon(place: &str) -> bool {
    let within = |text: &str, limit: f64| {
        text.trim()
            .parse::<f64>()
            .is_ok_and(|degrees| degrees.abs() <= limit)
    };
    place
        .split_once(',')
        .is_some_and(|(lat, lon)| within(lat, 90.0) && within(lon, 180.0))
}

/// Latitude and longitude without signs, each with the letter of its side.
fn sides(place: &str) -> Option<[(&str, char); 2]> {
    let (lat, lon) = place.split_once(", ")?;
    Some([
        (
            lat.trim_start_matches('-'),
            if lat.starts_with('-') { 'S' } else { 'N' },
        ),
        (
            lon.trim_start_matches('-'),
            if lon.starts_with('-') { 'W' } else { 'E' },
        ),
    ])
}

fn write_place(normal: &str, form: Form, out: &mut String) -> bool {
    match (form, sides(normal)) {
        (Form::Compact, Some(_)) => out.push_str(&normal.replacen(", ", ",", 1)),
        (Form::Grouped, Some([(lat, north), (lon, west)])) => {
            for part in [lat, " "] {
                out.push_str(part);
            }
            out.push(north);
            for part in [" ", lon, " "] {
                out.push_str(part);
            }
            out.push(west);
        }
        (Form::Plain | Form::Compact | Form::Grouped, _) => out.push_str(normal),
        _ => return false,
    }
    true
}

/// Reads `46.22, -39.99`, `46.22,-39.99` and `46,22 N 39,99 O`: O and W are west.
fn read_place(surface: &str) -> Option<String> {
    let text = surface.trim();
    let sided = text.split(|c: char| "NSEWO".contains(c)).count() == 3;
    if !sided {
        let (lat, lon) = text.split_once(',')?;
        return Some(format!("{}, {}", lat.trim(), lon.trim()));
    }
    let middle = text.find(['N', 'S'])?;
    let (lat, rest) = text.split_at(middle);
    let (south, lon) = rest.split_at(1);
    let end = lon.find(['E', 'W', 'O'])?;
    let (lon, west) = lon.split_at(end);
    let plain = |part: &str| part.trim_matches([' ', ',', '°']).replace(',', ".");
    let sign = |minus: bool| if minus { "-" } else { "" };
    Some(format!(
        "{}{}, {}{}",
        sign(south == "S"),
        plain(lat),
        sign(!west.starts_with('E')),
        plain(lon)
    ))
}

/// The description that a browser sends (user agent): an invented build of a common shape. Nobody's: a
/// build is shared by many, and these numbers by none.
pub fn user_agent(stream: &mut Stream) -> Made {
    let major = 100 + stream.below(60);
    let value = match stream.weighted(&[30, 30, 20, 10, 10]) {
        0 => {
            let (ios, minor) = (14 + stream.below(6), stream.below(8));
            format!(
                "Mozilla/5.0 (iPhone; CPU iPhone OS {ios}_{minor} like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/{ios}.{minor} Mobile/15E148 Safari/604.1"
            )
        }
        1 => format!(
            "Mozilla/5.0 (Linux; Android {}; SYN-{:03}) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/{major}.0.{}.{} Mobile Safari/537.36",
            9 + stream.below(7),
            stream.below(1_000),
            4_000 + stream.below(2_500),
            stream.below(200)
        ),
        2 => format!(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/{major}.0.0.0 Safari/537.36"
        ),
        3 => format!(
            "Mozilla/5.0 (X11; Linux x86_64; rv:{major}.0) Gecko/20100101 Firefox/{major}.0"
        ),
        _ => format!(
            "Mozilla/5.0 (SyntheticOS {}.{}) Example/{}.{}",
            1 + stream.below(20),
            stream.below(10),
            1 + stream.below(9),
            stream.below(100)
        ),
    };
    Made::new(value, Safety::Convention, true)
}

/// Addresses of machines. The form `dots` writes `192.0.2[.]17`, as people do so that it is no link.
pub(super) const IP: Family = Family {
    write: |normal, form, out| match form {
        Form::Plain | Form::Compact => {
            out.push_str(normal);
            true
        }
        Form::Dots => {
            match normal.rsplit_once('.') {
                Some((front, last)) => {
                    for part in [front, "[.]", last] {
                        out.push_str(part);
                    }
                }
                None => out.push_str(normal),
            }
            true
        }
        Form::Upper => {
            out.push_str(&normal.to_ascii_uppercase());
            true
        }
        _ => false,
    },
    forms: &[(Form::Plain, 88), (Form::Dots, 8), (Form::Upper, 4)],
    read: |surface| {
        surface::read_text(surface).map(|text| text.replace("[.]", ".").to_ascii_lowercase())
    },
};

/// Places: degrees with signs, or with the letters of the sides.
pub(super) const PLACE: Family = Family {
    write: write_place,
    forms: &[(Form::Plain, 55), (Form::Compact, 30), (Form::Grouped, 15)],
    read: read_place,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;
    use std::collections::BTreeSet;

    #[test]
    fn every_address_is_kept_for_documentation() {
        let mut stream = Stream::at(1, Domain::new("network"), 0);
        for serial in 0..3_000 {
            let address = ip(serial, &mut stream).value;
            assert!(check_ip(&address), "{address}");
            let fronts = [
                "192.0.2.",
                "198.51.100.",
                "203.0.113.",
                "2001:db8:",
                "3fff:",
            ];
            assert!(
                fronts.iter().any(|front| address.starts_with(front)),
                "{address}"
            );
        }
        let all: BTreeSet<String> = (0..IPV4).map(|k| ipv4(k).value).collect();
        assert_eq!(all.len() as u64, IPV4);
        let many: BTreeSet<String> = (0..5_000).map(|k| ipv6(k, &mut stream).value).collect();
        assert_eq!(many.len(), 5_000);
    }

    #[test]
    fn degrees_and_octets_have_limits() {
        assert!(check_lat_lon("46.22000, -39.99000") && !check_lat_lon("95.0000, 12.0"));
        assert!(check_ip("2001:db8::42") && !check_ip("192.0.2.317"));
    }

    #[test]
    fn a_place_is_read_with_signs_and_with_sides() {
        for surface in [
            "46.22, -39.99",
            "46.22,-39.99",
            "46,22 N 39,99 O",
            "46.22° N, 39.99° W",
        ] {
            assert_eq!(
                read_place(surface).as_deref(),
                Some("46.22, -39.99"),
                "{surface}"
            );
        }
        assert_eq!(
            read_place("46.22 S 39.99 E").as_deref(),
            Some("-46.22, 39.99")
        );
    }

    #[test]
    fn every_place_lies_in_the_north_atlantic() {
        for serial in 0..2_000 {
            let made = place(serial).value;
            assert!(check_lat_lon(&made), "{made}");
            let (lat, lon) = made.split_once(", -").unwrap();
            let whole = |part: &str| part.split('.').next().unwrap().parse::<u32>().unwrap();
            assert!(
                (41..50).contains(&whole(lat)) && (26..45).contains(&whole(lon)),
                "{made}"
            );
        }
    }
}
