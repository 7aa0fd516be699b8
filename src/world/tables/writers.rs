//! How people write, from `datasets/world/writers.toml`.

use serde::Deserialize;

/// How formal a person's writing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formality {
    /// Whole sentences, polite forms.
    Formal,
    /// In between.
    Neutral,
    /// As to a friend.
    Casual,
}

/// How often a writer does something, in 1,000. The units stand at the head of `writers.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Messages that start in lower case.
    pub no_capital: u32,
    /// Messages without final punctuation.
    pub no_stop: u32,
    /// Messages in capitals.
    pub all_caps: u32,
    /// Messages with an emoji.
    pub emoji: u32,
    /// Messages with runs of punctuation.
    pub runs: u32,
    /// Thoughts sent as several messages.
    pub split: u32,
    /// Messages with a greeting or thanks.
    pub polite: u32,
    /// Words mistyped.
    pub typo: u32,
    /// Words abbreviated.
    pub abbreviation: u32,
    /// Words spelled as they sound.
    pub phonetic: u32,
    /// Words of another language.
    #[serde(default)]
    pub switch: u32,
    /// Accents dropped.
    pub accent: u32,
    /// Apostrophes dropped.
    pub apostrophe: u32,
    /// Long numbers grouped by no rule.
    pub irregular: u32,
    /// Long numbers in words.
    pub spoken: u32,
    /// Customers who send voice notes.
    #[serde(default)]
    pub voice: u32,
}

impl Rates {
    /// Every rate times `permille` in 1,000, at most 980.
    pub(crate) fn scaled(self, permille: u32) -> Rates {
        let scale = |rate: u32| (rate * permille / 1_000).min(980);
        Rates {
            no_capital: scale(self.no_capital),
            no_stop: scale(self.no_stop),
            all_caps: scale(self.all_caps),
            emoji: scale(self.emoji),
            runs: scale(self.runs),
            split: scale(self.split),
            polite: scale(self.polite),
            typo: scale(self.typo),
            abbreviation: scale(self.abbreviation),
            phonetic: scale(self.phonetic),
            switch: scale(self.switch),
            accent: scale(self.accent),
            apostrophe: scale(self.apostrophe),
            irregular: scale(self.irregular),
            spoken: scale(self.spoken),
            voice: scale(self.voice),
        }
    }
}

/// A way of writing that many customers share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name: `hurried_student`.
    pub id: String,
    /// Youngest and oldest age.
    pub ages: [u32; 2],
    /// Share among customers of such an age.
    pub weight: u32,
    /// Is it kept for test customers?
    #[serde(default)]
    pub held_out: bool,
    /// How formal.
    pub formality: Formality,
    /// Of 1,000, how many say *tu* to the bot.
    pub tutoie: u32,
    /// Of 1,000, how many write on a phone.
    pub phone: u32,
    /// The rates of the profile, before each customer's own scale.
    pub rates: Rates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    writer: Vec<Profile>,
}

pub(super) fn load(source: &str) -> Vec<Profile> {
    let file: File = toml::from_str(source)
        .unwrap_or_else(|error| panic!("datasets/world/writers.toml: {error}"));
    assert_eq!(
        file.schema, 1,
        "datasets/world/writers.toml: unknown schema"
    );
    file.writer
}
