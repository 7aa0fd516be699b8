//! Noise in French, as far as the text alone shows it.
//!
//! The careful wording is not in a corpus, so a slip that gives another word cannot be seen. What is
//! counted are forms that no careful writer uses, from word lists (`datasets/audit/french.toml`): a
//! lower bound of each class, comparable between corpora.

use super::tokens::words;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Word lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    schema: u32,
    abbreviation: BTreeSet<String>,
    phonetic: BTreeSet<String>,
    accent: BTreeSet<String>,
    apostrophe: BTreeSet<String>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let text = include_str!("../../../../datasets/audit/french.toml");
        let lists: Lists = toml::from_str(text).expect("the lists are checked by a test");
        assert_eq!(lists.schema, 1);
        lists
    })
}

/// Counts over messages without their gold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct French {
    /// Words.
    pub words: u64,
    /// Shortened words: bjr, svp, rdv.
    pub abbreviation: u64,
    /// Words spelled as they sound: koi, kan.
    pub phonetic: u64,
    /// Words that are none without their accent: tres, probleme.
    pub accent: u64,
    /// Words that are none without their apostrophe: jai, cest.
    pub apostrophe: u64,
    /// Words of four letters and more in capitals.
    pub capitals: u64,
    /// Words with a letter three times in a row.
    pub repeated: u64,
    /// Messages with a letter, and of these those without any accent.
    pub without_accent: (u64, u64),
}

impl French {
    /// Counts a message whose gold is left out.
    pub fn add(&mut self, text: &str) {
        let lists = lists();
        for word in words(text) {
            self.words += 1;
            let lower = word.to_lowercase();
            self.abbreviation += u64::from(lists.abbreviation.contains(&lower));
            self.phonetic += u64::from(lists.phonetic.contains(&lower));
            self.accent += u64::from(lists.accent.contains(&lower));
            self.apostrophe += u64::from(lists.apostrophe.contains(&lower));
            let letters = word.chars().filter(|c| c.is_alphabetic());
            let capital = letters.clone().all(char::is_uppercase) && letters.count() >= 4;
            self.capitals += u64::from(capital);
            let chars: Vec<char> = lower.chars().collect();
            let thrice = |w: &[char]| w[0].is_alphabetic() && w[0] == w[1] && w[1] == w[2];
            self.repeated += u64::from(chars.windows(3).any(thrice) && lower != "www");
        }
        if text.chars().any(char::is_alphabetic) {
            let accents = "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ";
            let none = !text.chars().any(|c| accents.contains(c));
            self.without_accent.0 += u64::from(none);
            self.without_accent.1 += 1;
        }
    }

    /// Adds another part.
    pub fn merge(&mut self, other: &French) {
        self.words += other.words;
        self.abbreviation += other.abbreviation;
        self.phonetic += other.phonetic;
        self.accent += other.accent;
        self.apostrophe += other.apostrophe;
        self.capitals += other.capitals;
        self.repeated += other.repeated;
        self.without_accent.0 += other.without_accent.0;
        self.without_accent.1 += other.without_accent.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_counts_its_own_words() {
        let mut noise = French::default();
        noise.add("bjr jai un probleme TRES urgentttt, koi faire ?");
        noise.add("Déjà réglé");
        let all = (
            noise.abbreviation,
            noise.phonetic,
            noise.accent,
            noise.apostrophe,
        );
        assert_eq!(all, (1, 1, 2, 1));
        assert_eq!((noise.capitals, noise.repeated, noise.words), (1, 1, 10));
        assert_eq!(noise.without_accent, (1, 2));
    }
}
