//! A language: a folder of data under `datasets/languages/`, loaded when it is asked for.

use crate::dialogue::plot::{Plots, SayId};
use crate::wording::grammar::{ConstituentId, Grammar, GrammarError, Source};
use crate::wording::noise::NoiseData;
use crate::wording::number_words::Tongue;
use crate::wording::variety::Varieties;
use include_dir::{Dir, include_dir};
use std::sync::OnceLock;

/// The plots, as files.
pub static INTENTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/datasets/intents");
static LANGUAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/datasets/languages");

/// Files whose constituents every split shares: function acts, and what a bank's software says.
const SHARED: [&str; 3] = [
    "customer_acts.toml",
    "buttons.toml",
    "templates_shared.toml",
];

/// Files of a language that hold no phrases.
pub(crate) const NO_PHRASES: [&str; 2] = ["noise.toml", "varieties.toml"];

/// Paths and texts of the files of a built-in language.
pub fn embedded_files(folder: &str) -> Vec<(String, &'static str)> {
    let dir = LANGUAGES.get_dir(folder).expect("a built-in folder");
    dir.files()
        .map(|file| {
            let name = file.path().to_str().expect("a name in UTF-8").to_owned();
            (name, file.contents_utf8().expect("a text in UTF-8"))
        })
        .collect()
}

/// The name of a file without its folders.
pub(crate) fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The files that hold phrases.
fn sources<'a>(files: &'a [(String, &'static str)]) -> Vec<Source<'a>> {
    let phrases = |path: &str| path.ends_with(".toml") && !NO_PHRASES.contains(&base(path));
    files
        .iter()
        .filter(|(path, _)| phrases(path))
        .map(|(path, text)| Source {
            file: path,
            text,
            shared: SHARED.contains(&base(path)),
        })
        .collect()
}

/// What the file with a name holds, if there is one.
fn read<T: Default>(
    files: &[(String, &'static str)],
    name: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, GrammarError> {
    let Some((path, text)) = files.iter().find(|(path, _)| base(path) == name) else {
        return Ok(T::default());
    };
    parse(text).map_err(|message| GrammarError {
        file: path.clone(),
        line: 1,
        subject: String::new(),
        message,
    })
}

/// One language, ready to be spoken.
#[derive(Debug)]
pub struct Language {
    /// Its folder: `fr`, `en`.
    pub folder: &'static str,
    /// How its numbers are said.
    pub tongue: Tongue,
    /// Its phrases.
    pub grammar: Grammar,
    /// What fingers and habits do to it.
    pub noise: NoiseData,
    /// How people of other countries speak it.
    pub varieties: Varieties,
    says: Vec<Option<ConstituentId>>,
}

impl Language {
    /// The built-in language of a tag (`fr-FR`), loaded on first use.
    ///
    /// # Errors
    /// When there is none, with those that there are.
    pub fn built_in(tag: &str) -> Result<&'static Language, String> {
        static FRENCH: OnceLock<Language> = OnceLock::new();
        static ENGLISH: OnceLock<Language> = OnceLock::new();
        let load = |folder: &'static str| {
            let files = embedded_files(folder);
            let grammar = Grammar::trust(&sources(&files));
            Language::with(folder, grammar, &files, Plots::built_in())
                .expect("the built-in noise is checked by a test")
        };
        match tag.split('-').next() {
            Some("fr") => Ok(FRENCH.get_or_init(|| load("fr"))),
            Some("en") => Ok(ENGLISH.get_or_init(|| load("en"))),
            _ => Err(format!("no language `{tag}` (fr-FR, en-US, en-GB)")),
        }
    }

    /// Loads a language from files: its phrases, its `noise.toml` and its `varieties.toml`.
    ///
    /// # Errors
    /// Every fault, with file, line and phrase.
    pub fn load(
        folder: &'static str,
        files: &[(String, &'static str)],
        plots: &Plots,
    ) -> Result<Language, Vec<GrammarError>> {
        let grammar = Grammar::load(&sources(files))?;
        Language::with(folder, grammar, files, plots).map_err(|error| vec![error])
    }

    fn with(
        folder: &'static str,
        grammar: Grammar,
        files: &[(String, &'static str)],
        plots: &Plots,
    ) -> Result<Language, GrammarError> {
        let noise = read(files, "noise.toml", NoiseData::parse)?;
        let varieties = read(files, "varieties.toml", Varieties::parse)?;
        let says = plots.says().iter().map(|name| grammar.find(name)).collect();
        let tongue = Tongue::of_language(folder).unwrap_or(Tongue::English);
        Ok(Language {
            folder,
            tongue,
            grammar,
            noise,
            varieties,
            says,
        })
    }

    /// The constituent behind a name of the plots.
    pub fn constituent(&self, say: SayId) -> Option<ConstituentId> {
        self.says[usize::from(say.0)]
    }

    /// Names that the plots say and this language has no phrase for.
    pub fn missing(&self, plots: &Plots) -> Vec<&'static str> {
        plots
            .says()
            .iter()
            .zip(&self.says)
            .filter(|(_, constituent)| constituent.is_none())
            .map(|(name, _)| *name)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::grammar::Constituent;

    fn told(constituent: &Constituent) -> String {
        format!(
            "{} {} {:?}",
            constituent.name,
            constituent.shared,
            constituent.phrases()
        )
    }

    #[test]
    fn every_built_in_language_loads_and_can_say_what_the_plots_say() {
        for folder in ["fr", "en"] {
            let files = embedded_files(folder);
            let language =
                Language::load(folder, &files, Plots::built_in()).unwrap_or_else(|errors| {
                    let list: Vec<String> = errors.iter().map(GrammarError::to_string).collect();
                    panic!("{}", list.join("\n"))
                });
            assert_eq!(
                language.missing(Plots::built_in()),
                Vec::<&str>::new(),
                "{folder}"
            );
            // What is read when it is asked for is what was checked here.
            let trusted = &Language::built_in(folder).unwrap().grammar;
            let (checked, trusted) = (language.grammar.constituents(), trusted.constituents());
            assert!(checked.map(told).eq(trusted.map(told)), "{folder}");
        }
    }
}
