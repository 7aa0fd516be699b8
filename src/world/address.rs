//! Postal addresses whose town, postcode and kind of street agree.

use super::tables::{Places, Size, Town, write_street};
use crate::country::Country;
use crate::seed::{Bijection, Domain, Stream};

/// A postal address. Its postcode is of a range that was never assigned, so nobody lives there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    country: Country,
    /// House number: `14 bis`.
    pub number: String,
    /// Kind of way: `rue`, `Lane`.
    pub street_kind: &'static str,
    /// What it is called after: `des Tisserandes`, `Quennell`.
    pub street_name: &'static str,
    /// Flat, building or residence.
    pub complement: Option<&'static str>,
    /// The whole postcode.
    pub postcode: String,
    /// Its town.
    pub town: &'static Town,
}

impl Address {
    pub(super) fn draw(
        country: Country,
        places: &'static Places,
        town: &'static Town,
        stream: &mut Stream,
    ) -> Address {
        let highest = match (country, town.size) {
            (Country::UnitedStates, Size::Village) => 900,
            (Country::UnitedStates, _) => 9_000,
            (_, Size::Village) => 40,
            (_, Size::Town) => 90,
            (_, Size::City) => 210,
        };
        // Low numbers are commoner: a uniform draw below a uniform bound.
        let bound = stream.below(highest) + 1;
        let mut number = (stream.below(bound) + 1).to_string();
        if country == Country::France && stream.chance(70) {
            number.push_str(if stream.chance(800) { " bis" } else { " ter" });
        }
        let (street_kind, street_name) = places.street(town.size, stream);
        let flats = match town.size {
            Size::Village => 60,
            Size::Town => 220,
            Size::City => 480,
        };
        let complement = stream.chance(flats).then(|| places.complement(stream));
        let mut postcode = town.postcode.to_owned();
        if country == Country::Britain {
            let street = places.street_number(street_kind, street_name);
            let odd = number.parse::<u64>().map_or(0, |number| number % 2);
            push_inward(town, 2 * street + odd, &mut postcode);
        }
        Address {
            country,
            number,
            street_kind,
            street_name,
            complement,
            postcode,
            town,
        }
    }

    /// The country whose customs it follows.
    pub fn country(&self) -> Country {
        self.country
    }

    /// Appends number and street: `14 bis rue des Tisserandes`.
    pub fn write_street(&self, out: &mut String) {
        out.push_str(&self.number);
        out.push(' ');
        write_street(self.country, self.street_kind, self.street_name, out);
    }

    /// Appends town and postcode in the order of the country: `96042 Valmarie-sur-Orle`,
    /// `Fairhollow, MD 21304`, `Fairhollow ZQ1 4AB`.
    pub fn write_town(&self, out: &mut String) {
        match self.country {
            Country::France => {
                out.push_str(&self.postcode);
                out.push(' ');
                out.push_str(self.town.name);
            }
            Country::UnitedStates => {
                out.push_str(self.town.name);
                out.push_str(", ");
                out.push_str(self.town.region);
                out.push(' ');
                out.push_str(&self.postcode);
            }
            Country::Britain => {
                out.push_str(self.town.name);
                out.push(' ');
                out.push_str(&self.postcode);
            }
        }
    }

    /// The lines of an envelope, without the name.
    pub fn lines(&self) -> Vec<String> {
        let mut street = String::new();
        let mut town = String::new();
        self.write_street(&mut street);
        self.write_town(&mut town);
        match (self.complement, self.country) {
            (None, _) => vec![street, town],
            (Some(flat), Country::UnitedStates) => vec![format!("{street}, {flat}"), town],
            (Some(flat), _) => vec![flat.to_owned(), street, town],
        }
    }
}

/// Inward codes of a British district: a digit and two letters.
const INWARD_CODES: u64 = 10 * 20 * 20;

/// Appends the inward code of one side of a street: a British postcode is a handful of neighbours.
fn push_inward(town: &Town, side: u64, postcode: &mut String) {
    const LETTERS: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";
    let codes = Bijection::new(0, Domain::new(town.postcode), INWARD_CODES);
    let code = codes.apply(side);
    postcode.push(' ');
    postcode.push(char::from(b'0' + (code / 400) as u8));
    for letter in [code / 20 % 20, code % 20] {
        postcode.push(char::from(LETTERS[letter as usize]));
    }
}

/// The whole address on one line: its normal form as a fact.
impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.lines().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tables::Tables;
    use std::collections::BTreeMap;

    #[test]
    fn two_streets_never_share_a_british_postcode_and_neighbours_do() {
        let places = &Tables::of(Country::Britain).places;
        assert!(2 * places.streets() <= INWARD_CODES);
        let mut stream = Stream::at(1, Domain::new("addresses"), 0);
        let mut homes: BTreeMap<String, Vec<Address>> = BTreeMap::new();
        for town in &places.towns[..4] {
            for _ in 0..3_000 {
                let address = Address::draw(Country::Britain, places, town, &mut stream);
                homes
                    .entry(address.postcode.clone())
                    .or_default()
                    .push(address);
            }
        }
        let side = |a: &Address| {
            let odd = a.number.parse::<u32>().unwrap() % 2;
            (a.town.name, a.street_kind, a.street_name, odd)
        };
        for neighbours in homes.values() {
            assert!(neighbours.iter().all(|a| side(a) == side(&neighbours[0])));
        }
        assert!(homes.values().any(|neighbours| neighbours.len() > 1));
        let sides: std::collections::BTreeSet<_> = homes.values().map(|n| side(&n[0])).collect();
        assert_eq!(sides.len(), homes.len());
    }
}
