//! Invented towns and streets.

use super::source::{Row, rows, running};
use crate::country::Country;
use crate::seed::Stream;

/// How big a place is: it decides what its streets are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Some hundreds of people.
    Village,
    /// Some thousands.
    Town,
    /// Tens of thousands and more.
    City,
}

/// An invented town.
#[derive(Debug, PartialEq, Eq)]
pub struct Town {
    /// Its name: `Valmarie-sur-Orle`.
    pub name: &'static str,
    /// Its name on bank statements: `VALMARIE`.
    pub statement: &'static str,
    /// Postcode (FR), ZIP code (US) or outward code (GB), of a range that was never assigned.
    pub postcode: &'static str,
    /// Department of civil status (FR), state (US) or invented county (GB).
    pub region: &'static str,
    /// How big it is.
    pub size: Size,
}

/// Towns, kinds of streets, and their names.
#[derive(Debug)]
pub struct Places {
    /// The towns.
    pub towns: Vec<Town>,
    kinds: Vec<&'static str>,
    cumulative: [Vec<u32>; 3],
    names: Vec<&'static str>,
    complements: Vec<&'static str>,
}

impl Places {
    pub(super) fn load(
        towns: (&'static str, &'static str),
        streets: (&'static str, &'static str),
    ) -> Places {
        let town = |row: Row<'static>| {
            let [name, statement, postcode, region, size] = row.columns();
            let size = match size {
                "village" => Size::Village,
                "town" => Size::Town,
                "city" => Size::City,
                _ => row.fail("a place is a village, town or city"),
            };
            Town {
                name,
                statement,
                postcode,
                region,
                size,
            }
        };
        let section =
            |name: &'static str| rows(streets.0, streets.1).filter(move |row| row.section == name);
        let types: Vec<([&'static str; 4], Row<'static>)> =
            section("types").map(|row| (row.columns(), row)).collect();
        Places {
            towns: rows(towns.0, towns.1).map(town).collect(),
            kinds: types.iter().map(|([kind, ..], _)| *kind).collect(),
            cumulative: std::array::from_fn(|size| {
                running(
                    types
                        .iter()
                        .map(|(columns, row)| row.number(columns[size + 1])),
                )
            }),
            names: section("names").map(|row| row.text).collect(),
            complements: section("complements").map(|row| row.text).collect(),
        }
    }

    /// Some town; cities are likelier than towns, towns likelier than villages.
    pub fn town(&'static self, stream: &mut Stream) -> &'static Town {
        loop {
            let town = stream.pick(&self.towns);
            let accepted = match town.size {
                Size::City => 1_000,
                Size::Town => 550,
                Size::Village => 200,
            };
            if stream.chance(accepted) {
                return town;
            }
        }
    }

    /// Kind and name of a street of a place of that size.
    pub(crate) fn street(&self, size: Size, stream: &mut Stream) -> (&'static str, &'static str) {
        (
            self.kinds[stream.cumulative(&self.cumulative[size as usize])],
            *stream.pick(&self.names),
        )
    }

    /// The number of a street of these tables; none have the same.
    pub(crate) fn street_number(&self, kind: &str, name: &str) -> u64 {
        let at = |list: &[&str], word| list.iter().position(|other| *other == word);
        let kind = at(&self.kinds, kind).expect("a kind of these tables");
        let name = at(&self.names, name).expect("a name of these tables");
        (kind * self.names.len() + name) as u64
    }

    /// How many streets a town can have.
    #[cfg(test)]
    pub(crate) fn streets(&self) -> u64 {
        (self.kinds.len() * self.names.len()) as u64
    }

    pub(crate) fn complement(&self, stream: &mut Stream) -> &'static str {
        stream.pick::<&str>(&self.complements)
    }
}

/// Appends the street as it is written in that country: `rue des Tisserandes`, `Quennell Row`.
pub(crate) fn write_street(country: Country, kind: &str, name: &str, out: &mut String) {
    match country {
        Country::France => {
            out.push_str(kind);
            out.push(' ');
            out.push_str(name);
        }
        Country::UnitedStates | Country::Britain => {
            out.push_str(name);
            out.push(' ');
            out.push_str(kind);
        }
    }
}
