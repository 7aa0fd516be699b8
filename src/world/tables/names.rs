//! Given names by sex and year of birth, surnames, and the pairs that nobody bears.

use super::source::{Row, rows, running};
use super::{FullName, Sex};
use crate::country::Country;
use crate::seed::{Stream, mix};
use fake::locales::{Data, EN, FR_FR};

/// Last year of birth of each band of the name tables, but for the youngest.
const BANDS: [i32; 4] = [1945, 1960, 1975, 1990];

/// The names of one country.
#[derive(Debug)]
pub struct Names {
    given: [Given; 2],
    families: Vec<&'static str>,
    cumulative: Vec<u32>,
    public_figures: Vec<(&'static str, &'static str)>,
}

#[derive(Debug, Default)]
struct Given {
    names: Vec<&'static str>,
    cumulative: [Vec<u32>; 5],
}

impl Names {
    pub(super) fn load(country: Country, files: [(&'static str, &'static str); 4]) -> Names {
        let [given, common, out, figures] = files;
        let out: Vec<&str> = rows(out.0, out.1).map(|row| row.text).collect();
        let mut weighted: Vec<(&'static str, u32)> = rows(common.0, common.1)
            .map(|row| {
                let (name, weight) = row.text.rsplit_once(' ').unwrap_or((row.text, ""));
                (name.trim(), 40 * row.number(weight))
            })
            .collect();
        // fake's lists have no frequencies: a rank law of the kind that surnames follow everywhere,
        // over an order that is not the alphabet's.
        let mut listed: Vec<&'static str> = fakes(country)
            .iter()
            .copied()
            .filter(|name| plain(name) && !out.contains(name))
            .collect();
        listed.sort_by_key(|name| (rank(name), *name));
        listed.dedup();
        for (rank, name) in listed.into_iter().enumerate() {
            if weighted.iter().all(|(known, _)| *known != name) {
                weighted.push((name, 6_000 / (rank as u32 + 40) + 10));
            }
        }
        let section = |sex: &str| {
            let rows: Vec<Row<'static>> = rows(given.0, given.1)
                .filter(|row| row.section == sex)
                .collect();
            let weight = |row: &Row<'static>, band: usize| {
                row.number(row.text.split(' ').nth(band + 1).unwrap_or_default())
            };
            Given {
                names: rows
                    .iter()
                    .filter_map(|row| row.text.split(' ').next())
                    .collect(),
                cumulative: std::array::from_fn(|band| {
                    running(rows.iter().map(|row| weight(row, band)))
                }),
            }
        };
        let figure = |row: Row<'static>| {
            let [given, family] = row.columns();
            (given, family)
        };
        Names {
            given: [section("f"), section("m")],
            families: weighted.iter().map(|(name, _)| *name).collect(),
            cumulative: running(weighted.iter().map(|(_, weight)| *weight)),
            public_figures: rows(figures.0, figures.1).map(figure).collect(),
        }
    }

    /// A given name as people of that sex and year of birth bear it.
    pub fn given(&self, sex: Sex, birth_year: i32, stream: &mut Stream) -> &'static str {
        let given = &self.given[sex as usize];
        let band = BANDS.partition_point(|&last| last < birth_year);
        given.names[stream.cumulative(&given.cumulative[band])]
    }

    /// A surname.
    pub fn family(&self, stream: &mut Stream) -> &'static str {
        self.families[stream.cumulative(&self.cumulative)]
    }

    /// A whole name that no public figure of the list bears.
    pub fn full(&self, sex: Sex, birth_year: i32, stream: &mut Stream) -> FullName {
        let given = self.given(sex, birth_year, stream);
        FullName {
            sex,
            given,
            family: self.family_for(given, stream),
        }
    }

    /// A surname that makes no public figure of the list out of `given`.
    pub fn family_for(&self, given: &str, stream: &mut Stream) -> &'static str {
        loop {
            let family = self.family(stream);
            if !self.public_figures.contains(&(given, family)) {
                return family;
            }
        }
    }

    /// Every surname that can be drawn.
    pub fn families(&self) -> &[&'static str] {
        &self.families
    }
}

fn fakes(country: Country) -> &'static [&'static str] {
    match country {
        Country::France => FR_FR::NAME_LAST_NAME,
        Country::UnitedStates | Country::Britain => EN::NAME_LAST_NAME,
    }
}

/// Letters, spaces, hyphens and apostrophes, in at least two characters.
fn plain(name: &str) -> bool {
    name.chars().count() >= 2
        && name
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\''))
}

fn rank(name: &str) -> u64 {
    name.bytes()
        .fold(0, |hash, byte| mix(hash ^ u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tables::Tables;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_surnames_of_fake_are_the_ones_that_the_corpus_version_was_made_with() {
        let hash = |list: &[&str]| {
            let digest = Sha256::digest(list.join("\n"));
            digest
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect::<String>()
        };
        insta::assert_debug_snapshot!([hash(FR_FR::NAME_LAST_NAME), hash(EN::NAME_LAST_NAME)]);
    }

    #[test]
    fn names_belong_to_their_generation() {
        let names = &Tables::of(Country::France).names;
        let mut stream = Stream::at(1, crate::seed::Domain::new("test"), 0);
        for _ in 0..2_000 {
            assert_ne!(names.given(Sex::Female, 1940, &mut stream), "Océane");
            assert_ne!(names.given(Sex::Male, 2004, &mut stream), "Gérard");
        }
    }

    #[test]
    fn nobody_bears_the_name_of_a_public_figure() {
        let names = &Tables::of(Country::Britain).names;
        let mut stream = Stream::at(1, crate::seed::Domain::new("test"), 1);
        for _ in 0..20_000 {
            let name = names.full(Sex::Male, 1964, &mut stream);
            assert!(
                !names.public_figures.contains(&(name.given, name.family)),
                "{name}"
            );
        }
    }
}
