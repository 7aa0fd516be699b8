//! Varieties of a language: how people of another country speak it.
//!
//! A variety is data: `varieties.toml` of the language's folder. A **dialect** is what one customer makes of
//! it, and keeps: which tens they have a word for, and which idioms they say.
//!
//! Invariant: an idiom takes the place of words outside marks, so every span still covers its value.

use crate::conversation::Body;
use crate::seed::Stream;
use crate::toml_fault::toml_fault;
use crate::wording::morphology::elides_before;
use crate::wording::noise::{first_word, walk_words};
use crate::wording::number_words::{Numerals, Tongue};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The varieties of a language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Varieties {
    /// The name of the language as its phrases have it: `fr-FR`.
    pub plain: String,
    /// The others, by name.
    #[serde(rename = "variety")]
    pub others: BTreeMap<String, Variety>,
}

/// How a language is spoken in another country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variety {
    /// ISO 3166 code of the country whose nationals speak it.
    pub nationality: String,
    #[serde(default)]
    tens: Tens,
    #[serde(default)]
    idioms: Vec<Idiom>,
}

/// Of 1,000 speakers, how many have a word for a ten.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tens {
    septante: u32,
    huitante: u32,
    nonante: u32,
}

/// What is said in place of other words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Idiom {
    /// Of 1,000 speakers, how many say so, always.
    share: u32,
    /// What stands in the phrases, and what is said: all shapes of one idiom.
    words: BTreeMap<String, String>,
    /// What may not follow.
    #[serde(default)]
    unless: Vec<String>,
}

impl Variety {
    /// The same where everybody says all of it.
    #[cfg(test)]
    pub(super) fn whole(&self) -> Variety {
        let mut whole = self.clone();
        whole.idioms.iter_mut().for_each(|idiom| idiom.share = 1000);
        whole
    }
}

impl Varieties {
    /// Reads `varieties.toml`.
    ///
    /// # Errors
    /// What is wrong, as the TOML reader tells it; a share above 1,000; no `plain`.
    pub fn parse(text: &str) -> Result<Varieties, String> {
        let varieties: Varieties = toml::from_str(text).map_err(|e| toml_fault(&e, text))?;
        if varieties.plain.is_empty() {
            return Err(
                "`plain` is missing: what the language is called as its phrases have it".into(),
            );
        }
        for (name, variety) in &varieties.others {
            let Tens {
                septante,
                huitante,
                nonante,
            } = variety.tens;
            let shares = variety.idioms.iter().map(|idiom| idiom.share);
            if let Some(share) = shares
                .chain([septante, huitante, nonante])
                .find(|share| *share > 1000)
            {
                return Err(format!(
                    "variety.{name}: shares are in 1/1,000: at most 1000, not {share}"
                ));
            }
            let mut seen = BTreeSet::new();
            for words in variety.idioms.iter().flat_map(|idiom| idiom.words.keys()) {
                if first_word(words).is_empty() {
                    return Err(format!("variety.{name}: `{words}` begins with no letter"));
                }
                if !seen.insert(words.to_lowercase()) {
                    return Err(format!("variety.{name}: `{words}` stands in two idioms"));
                }
            }
        }
        Ok(varieties)
    }

    /// The names of all, the plain one first; none where the language has no varieties.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let plain = (!self.plain.is_empty()).then_some(self.plain.as_str());
        plain
            .into_iter()
            .chain(self.others.keys().map(String::as_str))
    }

    /// The variety of a country's nationals, by its name.
    pub fn of_nationality(&self, country: &str) -> Option<&str> {
        let mut others = self.others.iter();
        others
            .find(|(_, variety)| variety.nationality == country)
            .map(|(name, _)| name.as_str())
    }
}

/// How one customer speaks.
#[derive(Debug)]
pub struct Dialect {
    /// The variety; `None` for the plain one.
    pub variety: Option<String>,
    /// How they say numbers.
    pub tongue: Tongue,
    /// What they say in place of other words, by the first of these; the longest first.
    words: BTreeMap<String, Vec<Saying>>,
}

/// Words that a speaker says in place of others.
#[derive(Debug)]
struct Saying {
    /// The others, in lower case.
    plain: String,
    said: String,
    unless: Vec<String>,
}

impl Dialect {
    /// The language as its phrases have it.
    pub fn plain(tongue: Tongue) -> Dialect {
        Dialect {
            variety: None,
            tongue,
            words: BTreeMap::new(),
        }
    }

    /// Draws what one speaker makes of a variety. With a stream of the customer, they speak so always.
    pub fn draw(name: &str, variety: &Variety, tongue: Tongue, stream: &mut Stream) -> Dialect {
        let mut has = |share: u32| stream.chance(share);
        let numerals = Numerals {
            septante: has(variety.tens.septante),
            huitante: has(variety.tens.huitante),
            nonante: has(variety.tens.nonante),
        };
        let mut words: BTreeMap<String, Vec<Saying>> = BTreeMap::new();
        for idiom in variety.idioms.iter().filter(|idiom| has(idiom.share)) {
            for (plain, said) in &idiom.words {
                let plain = plain.to_lowercase();
                let first = first_word(&plain).to_owned();
                words.entry(first).or_default().push(Saying {
                    plain,
                    said: said.clone(),
                    unless: idiom.unless.clone(),
                });
            }
        }
        for sayings in words.values_mut() {
            sayings.sort_by_key(|saying| std::cmp::Reverse(saying.plain.len()));
        }
        Dialect {
            variety: Some(name.to_owned()),
            tongue: match tongue {
                Tongue::French(_) => Tongue::French(numerals),
                other => other,
            },
            words,
        }
    }

    /// Puts the speaker's words in place of others, outside marks.
    pub fn speak(&self, body: &mut Body) {
        if self.words.is_empty() {
            return;
        }
        let text = body.text();
        let mut edits = Vec::new();
        walk_words(body, |free, at, word| {
            let saying = match word {
                "" => None,
                _ => self.saying(&text[..at], &text[at..free.end]),
            }?;
            let length = saying.plain.len();
            if saying.said.to_lowercase() != saying.plain {
                let capital = word.starts_with(char::is_uppercase);
                edits.push((at..at + length, cased(&saying.said, capital)));
            }
            Some(length)
        });
        body.edit(&edits);
    }

    /// What is said in place of what `rest` begins with.
    fn saying(&self, before: &str, rest: &str) -> Option<&Saying> {
        let joins = |c: char| c.is_alphanumeric() || "'’-".contains(c);
        let elided = before.ends_with(['\'', '’']);
        if !elided && before.ends_with(joins) {
            return None;
        }
        let sayings = self.words.get(&first_word(rest).to_lowercase())?;
        sayings.iter().find(|saying| {
            let Some(head) = rest.get(..saying.plain.len()) else {
                return false;
            };
            let after = &rest[saying.plain.len()..];
            let follows = |word: &String| {
                let after = after.trim_start().strip_prefix(word.as_str());
                after.is_some_and(|after| !after.starts_with(joins))
            };
            head.to_lowercase() == saying.plain
                && !after.starts_with(joins)
                && !saying.unless.iter().any(follows)
                // « l'appli » can become « l'app », but not « l'program ».
                && (!elided || elides_before(&saying.said))
        })
    }
}

/// With a capital where the words before had one.
fn cased(said: &str, capital: bool) -> String {
    let mut letters = said.chars();
    match letters.next().filter(|_| capital) {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Decoy, Mark, Name};
    use crate::seed::Domain;
    use crate::taxonomy::Label;
    use crate::wording::language::Language;
    use proptest::prelude::*;

    /// Somebody who knows every idiom of a variety of French.
    fn speaker(name: &str) -> Dialect {
        let language = Language::built_in("fr").unwrap();
        let mut stream = Stream::at(1, Domain::new("variety test"), 0);
        let variety = language.varieties.others[name].whole();
        Dialect::draw(name, &variety, language.tongue, &mut stream)
    }

    fn said(name: &str, text: &str) -> String {
        let mut body = Body::new();
        body.push_str(text);
        speaker(name).speak(&mut body);
        body.text().to_owned()
    }

    #[test]
    fn each_country_has_its_words_with_their_gender_and_elision() {
        let text = "J'ai perdu mon portable ce week-end, le relevé arrive par mail ?";
        assert_eq!(
            said("fr-BE", text),
            "J'ai perdu mon GSM ce week-end, l'extrait arrive par mail ?"
        );
        assert_eq!(
            said("fr-CH", text),
            "J'ai perdu mon natel ce week-end, l'extrait arrive par mail ?"
        );
        assert_eq!(
            said("fr-CA", text),
            "J'ai perdu mon cellulaire cette fin de semaine, le relevé arrive par courriel ?"
        );
        assert_eq!(
            said("fr-CA", "Agence fermée. L'agence ?"),
            "Succursale fermée. La succursale ?"
        );
        assert_eq!(
            said("fr-CA", "pas d'e-mail dans l'appli"),
            "pas de courriel dans l'application"
        );
    }

    #[test]
    fn what_only_looks_like_an_idiom_is_left() {
        for same in [
            "mon ordinateur portable",
            "l'insupportable",
            "portable-moi",
            "portables2",
        ] {
            assert_eq!(said("fr-BE", same), same);
        }
        assert_eq!(
            said("fr-BE", "un relevé d'identité"),
            "un relevé d'identité"
        );
        assert_eq!(
            said("fr-CH", "c'est bon signe, c'est bon"),
            "c'est bon signe, c'est en ordre"
        );
        assert_eq!(
            said("fr-CH", "comment ça marche ? ça marche"),
            "comment ça marche ? ça joue"
        );
    }

    #[test]
    fn a_mistake_in_the_file_is_told() {
        let error = |text: &str| Varieties::parse(text).unwrap_err();
        assert!(error("").contains("`plain` is missing"));
        let head = "plain = 'fr-FR'\n[variety.fr-BE]\nnationality = 'BE'\n";
        assert!(error(&format!("{head}tens = {{ nonante = 1001 }}")).contains("at most 1000"));
        let idiom = "[[variety.fr-BE.idioms]]\nshare = 1\nwords = { Mail = 'courriel' }\n";
        assert!(
            error(&format!(
                "{head}{idiom}{}",
                idiom.to_lowercase().replace("fr-be", "fr-BE")
            ))
            .contains("`mail` stands in two")
        );
        assert!(error(&format!("{head}tens = {{ octante = 5 }}")).contains("octante"));
    }

    proptest! {
        #[test]
        fn a_marked_value_survives_every_variety(
            before in "(mon portable |c'est bon |le week-end |[a-zéà']{0,9} ){0,4}", after in "( portable| mail|[a-z ]{0,9}){0,3}",
        ) {
            let mut body = Body::new();
            body.push_str(&before);
            let looks_like = Label::named("PAN").unwrap();
            body.push_marked("portable par mail", Mark::Decoy(Decoy { looks_like, is: Name::Borrowed("x") }));
            body.push_str(&after);
            for name in ["fr-BE", "fr-CH", "fr-CA"] {
                speaker(name).speak(&mut body);
                prop_assert_eq!(&body.text()[body.marks()[0].0.as_range()], "portable par mail");
            }
        }
    }
}
