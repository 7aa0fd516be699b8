//! Invented merchants and employers, named after a few invented nouns.

use super::source::{Row, rows, running};
use crate::conversation::names;
use crate::country::Country;
use serde::{Deserialize, Serialize};

names! {
    /// What a payment was for.
    #[allow(missing_docs)]
    pub enum Category {
        Groceries = "groceries", Restaurant = "restaurant", FastFood = "fast_food",
        Bakery = "bakery", Fuel = "fuel",
        Transit = "transit", Taxi = "taxi", Pharmacy = "pharmacy", Doctor = "doctor",
        Dentist = "dentist", Specialist = "specialist", Hospital = "hospital",
        Maternity = "maternity", Telecom = "telecom", Energy = "energy", Insurance = "insurance",
        Rent = "rent", HomeLoan = "home_loan", ConsumerLoan = "consumer_loan",
        Clothing = "clothing", Electronics = "electronics", Department = "department",
        Leisure = "leisure", Streaming = "streaming", Gym = "gym", Bar = "bar",
        Tobacco = "tobacco", Betting = "betting", Dating = "dating", Worship = "worship",
        Political = "political", Charity = "charity", Union = "union", Lawyer = "lawyer",
        Fines = "fines", Travel = "travel", Remittance = "remittance", Childcare = "childcare",
        Pawn = "pawn",
    }
}

impl Category {
    /// What a bank calls it in the language of the country.
    pub fn spoken(self, country: Country) -> &'static str {
        let (french, english) = match self {
            Category::Groceries => ("courses", "groceries"),
            Category::Restaurant => ("restaurants", "restaurants"),
            Category::FastFood => ("restauration rapide", "fast food"),
            Category::Fuel => ("carburant", "fuel"),
            Category::Transit => ("transports", "public transport"),
            Category::Taxi => ("taxi et VTC", "taxis"),
            Category::Pharmacy => ("pharmacie", "pharmacy"),
            Category::Doctor => ("médecin", "doctor"),
            Category::Dentist => ("dentiste", "dentist"),
            Category::Specialist => ("médecin spécialiste", "medical specialist"),
            Category::Hospital => ("hôpital", "hospital"),
            Category::Maternity => ("maternité", "maternity"),
            Category::Telecom => ("téléphonie et internet", "phone and internet"),
            Category::Energy => ("énergie", "energy"),
            Category::Insurance => ("assurance", "insurance"),
            Category::Rent => ("loyer", "rent"),
            Category::HomeLoan => ("crédit immobilier", "mortgage"),
            Category::ConsumerLoan => ("crédit à la consommation", "loan repayments"),
            Category::Clothing => ("habillement", "clothing"),
            Category::Electronics => ("électronique", "electronics"),
            Category::Department => ("grands magasins", "department stores"),
            Category::Leisure => ("loisirs", "leisure"),
            Category::Streaming => ("abonnements", "subscriptions"),
            Category::Gym => ("sport", "fitness"),
            Category::Bar => ("bars", "bars"),
            Category::Tobacco => ("tabac", "tobacco"),
            Category::Betting => ("jeux et paris", "betting"),
            Category::Dating => ("rencontres", "dating"),
            Category::Worship => ("dons religieux", "religious giving"),
            Category::Political => ("dons politiques", "political giving"),
            Category::Charity => ("dons", "charity"),
            Category::Union => ("cotisation syndicale", "union dues"),
            Category::Lawyer => ("avocat", "legal services"),
            Category::Fines => ("amendes", "fines"),
            Category::Travel => ("voyages", "travel"),
            Category::Remittance => ("transferts à l’étranger", "money transfers abroad"),
            Category::Childcare => ("garde d’enfants", "childcare"),
            Category::Pawn => ("prêt sur gage", "pawnbroker"),
            Category::Bakery => ("boulangerie", "bakery"),
        };
        match country {
            Country::France => french,
            Country::UnitedStates | Country::Britain => english,
        }
    }

    /// Is it bought over a counter in a town?
    pub fn is_local(self) -> bool {
        !matches!(
            self,
            Category::Telecom
                | Category::Energy
                | Category::Insurance
                | Category::Rent
                | Category::HomeLoan
                | Category::ConsumerLoan
                | Category::Streaming
                | Category::Dating
                | Category::Betting
                | Category::Political
                | Category::Charity
                | Category::Union
                | Category::Fines
                | Category::Travel
                | Category::Remittance
        )
    }
}

/// An invented merchant.
#[derive(Debug, PartialEq, Eq)]
pub struct Merchant {
    /// As people say it: `Brivane Bio`.
    pub name: String,
    /// As statements write it: `BRIVANE BIO`.
    pub descriptor: String,
    /// What it sells.
    pub category: Category,
    /// Merchant category code (ISO 18245).
    pub mcc: u16,
    /// The label of what a payment there reveals: `INFER_HEALTH`.
    pub infers: Option<&'static str>,
}

names! {
    /// The trade of an employer.
    #[allow(missing_docs)]
    pub enum Sector {
        Industry = "industry", Health = "health", Education = "education", Trade = "trade",
        Services = "services", Public = "public", Transport = "transport",
        Construction = "construction", Hospitality = "hospitality", Technology = "technology",
        Farming = "farming",
    }
}

/// An invented employer.
#[derive(Debug, PartialEq, Eq)]
pub struct Employer {
    /// Its name: `Ateliers Brivane`.
    pub name: String,
    /// As statements write it.
    pub descriptor: String,
    /// Its trade.
    pub sector: Sector,
}

/// A trade that people have.
#[derive(Debug, PartialEq, Eq)]
pub struct Occupation {
    /// What a man who does it is called.
    pub masculine: &'static str,
    /// What a woman who does it is called.
    pub feminine: &'static str,
    /// Where it is done.
    pub sector: Sector,
    /// Lowest and highest percentile of the law of wages, in 1/10,000.
    pub wage: (u32, u32),
}

/// The economy of one country.
#[derive(Debug)]
pub struct Commerce {
    merchants: Vec<Vec<Merchant>>,
    employers: Vec<Vec<Employer>>,
    /// Every occupation.
    pub occupations: Vec<Occupation>,
    /// Their shares, as running sums.
    pub occupation_shares: Vec<u32>,
}

/// How many names a pattern with a noun makes.
const NOUNS_PER_PATTERN: usize = 12;

impl Commerce {
    pub(super) fn load(country: Country, files: [(&'static str, &'static str); 4]) -> Commerce {
        let [nouns, merchants, employers, occupations] = files;
        let nouns: Vec<(&str, &str)> = rows(nouns.0, nouns.1)
            .map(|row| match country {
                Country::France => row.columns::<2>().into(),
                Country::UnitedStates | Country::Britain => (row.text, row.text),
            })
            .collect();
        let mut by_category: Vec<Vec<Merchant>> = Category::ALL.iter().map(|_| vec![]).collect();
        for (k, row) in rows(merchants.0, merchants.1).enumerate() {
            let (category, mcc, infers) = header(&row);
            for name in expand(row.text, &nouns, k) {
                by_category[category as usize].push(Merchant {
                    descriptor: descriptor(&name),
                    name,
                    category,
                    mcc,
                    infers,
                });
            }
        }
        let mut by_sector: Vec<Vec<Employer>> = Sector::ALL.iter().map(|_| vec![]).collect();
        for (k, row) in rows(employers.0, employers.1).enumerate() {
            let sector = sector(&row, row.section);
            for name in expand(row.text, &nouns, 7 * k) {
                by_sector[sector as usize].push(Employer {
                    descriptor: descriptor(&name),
                    name,
                    sector,
                });
            }
        }
        let occupations: Vec<(Occupation, u32)> = rows(occupations.0, occupations.1)
            .map(|row| {
                let [masculine, feminine, trade, share, low, high] = row.columns();
                let occupation = Occupation {
                    masculine,
                    feminine,
                    sector: sector(&row, trade),
                    wage: (row.number(low), row.number(high)),
                };
                (occupation, row.number(share))
            })
            .collect();
        Commerce {
            merchants: by_category,
            employers: by_sector,
            occupation_shares: running(occupations.iter().map(|(_, share)| *share)),
            occupations: occupations.into_iter().map(|(o, _)| o).collect(),
        }
    }

    /// The merchants of a category.
    pub fn merchants(&self, category: Category) -> &[Merchant] {
        &self.merchants[category as usize]
    }

    /// The employers of a trade.
    pub fn employers(&self, sector: Sector) -> &[Employer] {
        &self.employers[sector as usize]
    }
}

fn header(row: &Row<'static>) -> (Category, u16, Option<&'static str>) {
    let mut words = row.section.split(' ');
    let category = words.next().and_then(Category::named);
    let mcc = words.next().and_then(|mcc| mcc.parse().ok());
    match (category, mcc, words.next()) {
        (Some(category), Some(mcc), Some(infers)) => {
            (category, mcc, Some(infers).filter(|label| *label != "-"))
        }
        _ => row.fail("a section is [category MCC label-or-dash]"),
    }
}

fn sector(row: &Row<'static>, name: &str) -> Sector {
    Sector::named(name).unwrap_or_else(|| row.fail("no such sector"))
}

/// The names that a pattern makes with the nouns from `start` on: `{}` is the noun, `{de}` the noun
/// with its French article.
fn expand(pattern: &str, nouns: &[(&str, &str)], start: usize) -> Vec<String> {
    if !pattern.contains('{') {
        return vec![pattern.to_owned()];
    }
    (0..NOUNS_PER_PATTERN)
        .map(|k| {
            // A step that shares no factor with 24 walks through all nouns.
            let (bare, with_article) = nouns[(start + 5 * k) % nouns.len()];
            pattern.replace("{}", bare).replace("{de}", with_article)
        })
        .collect()
}

/// A name as card statements write it: capitals without accents, at most 22 characters (the
/// merchant name of ISO 8583 field 43 has 25 with padding; acquirers keep 22).
pub(crate) fn descriptor(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match crate::world::ascii(c) {
            Some(folded) => out.push_str(&folded.to_ascii_uppercase()),
            None => out.push(' '),
        }
    }
    let mut out: String = out.split_whitespace().collect::<Vec<_>>().join(" ");
    if out.len() > 22 {
        out.truncate(22);
        out.truncate(out.trim_end().len());
    }
    out
}
