//! The tables of one country, read once per process from `datasets/world`.
//!
//! Everything that a world names (people, towns, merchants, employers, banks) is borrowed from here
//! for the life of the process, so that drawing a name never allocates.

mod banks;
mod commerce;
mod names;
mod places;
mod source;
mod writers;

pub use banks::{Brand, HouseStyle, QuestionKind};
pub use commerce::{Category, Commerce, Employer, Merchant, Occupation, Sector};
pub use names::Names;
pub(crate) use places::write_street;
pub use places::{Places, Size, Town};
pub use writers::{Formality, Profile, Rates};

use super::{FullName, Sex};
use crate::country::Country;
use banks::Brands;
use std::sync::OnceLock;

/// The tables of one country.
#[derive(Debug)]
pub struct Tables {
    /// Given names and surnames.
    pub names: Names,
    /// Towns and streets.
    pub places: Places,
    /// Merchants, employers and occupations.
    pub commerce: Commerce,
    /// Banks, and answers to security questions.
    pub brands: Brands,
    /// How people write.
    pub writers: Vec<Profile>,
    /// Nationalities, for men and for women, of those who say theirs.
    pub nationalities: Vec<[&'static str; 3]>,
}

macro_rules! table {
    ($folder:literal, $name:literal) => {
        (
            concat!("datasets/world/", $folder, "/", $name),
            include_str!(concat!("../../../datasets/world/", $folder, "/", $name)),
        )
    };
}

const PUBLIC_FIGURES: (&str, &str) = (
    "datasets/world/public_figures.txt",
    include_str!("../../../datasets/world/public_figures.txt"),
);

macro_rules! load {
    ($country:expr, $folder:literal) => {
        Tables {
            names: Names::load(
                $country,
                [
                    table!($folder, "given.txt"),
                    table!($folder, "surnames.txt"),
                    table!($folder, "surnames_out.txt"),
                    PUBLIC_FIGURES,
                ],
            ),
            places: Places::load(table!($folder, "towns.txt"), table!($folder, "streets.txt")),
            commerce: Commerce::load(
                $country,
                [
                    table!($folder, "roots.txt"),
                    table!($folder, "merchants.txt"),
                    table!($folder, "employers.txt"),
                    table!($folder, "occupations.txt"),
                ],
            ),
            brands: Brands::load(table!($folder, "banks.txt"), table!($folder, "answers.txt")),
            writers: writers::load(include_str!("../../../datasets/world/writers.toml")),
            nationalities: {
                let (file, source) = table!($folder, "nationalities.txt");
                source::rows(file, source)
                    .map(|row| row.columns::<3>())
                    .collect()
            },
        }
    };
}

static TABLES: [OnceLock<Tables>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];

impl Tables {
    /// The tables of a country, read on first use.
    ///
    /// # Panics
    /// When a table of the crate is malformed; a test reads them all.
    pub fn of(country: Country) -> &'static Tables {
        TABLES[country as usize].get_or_init(|| match country {
            Country::France => load!(country, "FR"),
            Country::UnitedStates => load!(country, "US"),
            Country::Britain => load!(country, "GB"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::Label;
    use std::collections::BTreeSet;

    #[test]
    fn every_country_has_what_the_world_needs() {
        for &country in Country::ALL {
            let tables = Tables::of(country);
            assert!(tables.places.towns.len() >= 60);
            assert!(tables.names.families().len() >= 250, "{country}");
            assert!(tables.brands.all().len() >= 24);
            for &category in Category::ALL {
                let merchants = tables.commerce.merchants(category);
                assert!(!merchants.is_empty(), "{country} {category}");
                for merchant in merchants {
                    assert!(merchant.descriptor.len() <= 22 && merchant.descriptor.is_ascii());
                    if let Some(label) = merchant.infers {
                        assert!(Label::named(label).is_some(), "{label}");
                    }
                }
            }
            for &sector in Sector::ALL {
                assert!(!tables.commerce.employers(sector).is_empty());
            }
        }
    }

    #[test]
    fn every_country_names_1_500_different_merchants_and_20_of_every_category() {
        // What a loan takes is no merchant's.
        let own = [Category::HomeLoan, Category::ConsumerLoan];
        for &country in Country::ALL {
            let commerce = &Tables::of(country).commerce;
            let mut all = BTreeSet::new();
            for &category in Category::ALL {
                let merchants = commerce.merchants(category).iter();
                let names: BTreeSet<&str> = merchants.map(|m| m.name.as_str()).collect();
                let enough = names.len() >= 20 || own.contains(&category);
                assert!(enough, "{country:?}, {category:?}: {}", names.len());
                all.extend(names);
            }
            assert!(all.len() >= 1_500, "{country:?}: {}", all.len());
        }
    }

    #[test]
    fn postcodes_are_of_ranges_that_were_never_assigned() {
        for town in &Tables::of(Country::France).places.towns {
            assert!(town.postcode.starts_with("96") && town.postcode.len() == 5);
        }
        for town in &Tables::of(Country::Britain).places.towns {
            let area = &town.postcode[..2];
            assert!(["ZQ", "ZB", "ZD", "ZG", "ZM", "ZT"].contains(&area));
        }
        for town in &Tables::of(Country::UnitedStates).places.towns {
            assert!(UNASSIGNED_ZIP.contains(&&town.postcode[..3]), "{town:?}");
        }
    }

    /// Prefixes without a place in the USPS labeling list L002 (datasets/world/SOURCES.md).
    const UNASSIGNED_ZIP: &[&str] = &[
        "213", "269", "343", "345", "348", "419", "428", "429", "517", "518", "519", "529", "533",
        "536", "552", "568", "578", "579", "589", "621", "632", "642", "643", "663", "682", "694",
        "695", "696", "697", "698", "699", "702", "709", "715", "732", "742", "817", "818", "819",
        "839", "848", "849", "854", "858", "861", "862", "866", "867", "868", "869", "876", "886",
        "887", "888", "892", "896", "899", "909", "929", "987",
    ];

    #[test]
    fn the_towns_of_france_lie_in_different_departments() {
        let mut departments: Vec<&str> = Tables::of(Country::France)
            .places
            .towns
            .iter()
            .map(|t| t.region)
            .collect();
        let count = departments.len();
        departments.sort_unstable();
        departments.dedup();
        assert_eq!(departments.len(), count);
    }
}
