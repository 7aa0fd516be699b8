//! Invented banks, and the answers that people give to security questions.

use super::source::{Row, rows};
use crate::conversation::{Split, names};
use serde::{Deserialize, Serialize};

names! {
    /// How a bank's bot talks.
    pub enum HouseStyle {
        /// Complete sentences, vous, no emoji.
        Formal = "formal",
        /// Warm, complete sentences.
        Friendly = "friendly",
        /// As short as it goes.
        Terse = "terse",
        /// Warm, with emoji.
        Emoji = "emoji",
    }
}

names! {
    /// What a security question asks for.
    pub enum QuestionKind {
        /// The name of the first pet.
        FirstPet = "first_pet",
        /// The mother's surname at birth.
        MotherMaidenName = "mother_maiden_name",
        /// The first school.
        FirstSchool = "first_school",
        /// The street of childhood.
        ChildhoodStreet = "childhood_street",
        /// The favourite teacher.
        FavouriteTeacher = "favourite_teacher",
        /// The first car.
        FirstCar = "first_car",
        /// A word agreed with the bank.
        MemorableWord = "memorable_word",
    }
}

/// An invented bank as its customers know it.
#[derive(Debug, PartialEq, Eq)]
pub struct Brand {
    /// `Banque Verlane`.
    pub name: &'static str,
    /// `Verlane`.
    pub short_name: &'static str,
    /// How its bot talks.
    pub house_style: HouseStyle,
    /// What its bot is called.
    pub bot_name: &'static str,
    /// What its application is called.
    pub app_name: &'static str,
    /// Its site, under a name reserved for examples (RFC 2606): `www.verlane.example.com`.
    pub site: String,
}

/// The banks of one country.
#[derive(Debug)]
pub struct Brands {
    brands: Vec<Brand>,
    answers: Vec<(QuestionKind, Vec<&'static str>)>,
}

impl Brands {
    pub(super) fn load(
        banks: (&'static str, &'static str),
        answers: (&'static str, &'static str),
    ) -> Brands {
        let brand = |row: Row<'static>| {
            let [name, short_name, style, bot_name, app_name] = row.columns();
            Brand {
                name,
                short_name,
                house_style: HouseStyle::named(style)
                    .unwrap_or_else(|| row.fail("no such house style")),
                bot_name,
                app_name,
                site: format!("www.{}.example.com", slug(short_name)),
            }
        };
        let mut kinds: Vec<(QuestionKind, Vec<&'static str>)> = Vec::new();
        for row in rows(answers.0, answers.1) {
            let kind = QuestionKind::named(row.section)
                .unwrap_or_else(|| row.fail("no such kind of question"));
            match kinds.last_mut() {
                Some((last, answers)) if *last == kind => answers.push(row.text),
                _ => kinds.push((kind, vec![row.text])),
            }
        }
        Brands {
            brands: rows(banks.0, banks.1).map(brand).collect(),
            answers: kinds,
        }
    }

    /// Every bank.
    pub fn all(&self) -> &[Brand] {
        &self.brands
    }

    /// The banks of a split: the first half of the table, the next tenth, the rest.
    pub fn of(&self, split: Split) -> &[Brand] {
        let count = self.brands.len();
        let (train, dev) = (count / 2, count / 2 + count / 10);
        match split {
            Split::Train => &self.brands[..train],
            Split::Dev => &self.brands[train..dev],
            Split::Test => &self.brands[dev..],
        }
    }

    /// Answers to a kind of question. A mother's name is a surname and has no list here.
    pub fn answers(&self, kind: QuestionKind) -> &[&'static str] {
        self.answers
            .iter()
            .find(|(known, _)| *known == kind)
            .map_or(&[], |(_, answers)| answers)
    }
}

/// Lower-case letters and digits without accents, words joined by dashes.
fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match crate::world::ascii(c) {
            Some(folded) => out.push_str(&folded.to_ascii_lowercase()),
            None if c == ' ' => out.push('-'),
            None => {}
        }
    }
    out
}
