//! What conversations are made of besides the world: plots and phrases, the built-in ones and those
//! of a folder.
//!
//! A folder (`--data DIR`) is laid out like `datasets/`: `intents/*.toml` and
//! `languages/<language>/*.toml`. A file of a new name adds to what is built in; one of a built-in name
//! takes its place. A language of its own is a folder too: what plots say and it has no phrases for is left
//! unsaid, but for the plots that are asked for. Lines of a table (`--templates FILE`) become such files.

use crate::corpus::content::hex;
use crate::corpus::templates;
use crate::dialogue::plot::Plots;
use crate::wording::language::{INTENTS, Language, base, embedded_files};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Plots and phrases.
#[derive(Clone, Debug)]
pub struct Data {
    plots: &'static Plots,
    folder: Option<Folder>,
}

/// Files from outside, by their path within the folder, with their text.
#[derive(Clone, Debug)]
struct Folder {
    path: PathBuf,
    files: BTreeMap<String, String>,
}

/// The languages that come with tellerbench.
const LANGUAGES: [&str; 2] = ["en", "fr"];

impl Data {
    /// What comes with tellerbench.
    pub fn built_in() -> Data {
        Data {
            plots: Plots::built_in(),
            folder: None,
        }
    }

    /// What comes with tellerbench, and the files of a folder.
    ///
    /// What is loaded stays loaded until the process ends.
    ///
    /// # Errors
    /// What cannot be read or is wrong, each with file and, where it is known, line.
    pub fn with_folder(path: &Path) -> Result<Data, String> {
        Data::with(Folder::read(path)?)
    }

    /// What comes with tellerbench, the files of a folder where there is one, and the lines of a table.
    ///
    /// # Errors
    /// What cannot be read or is wrong, each with file and, where it is known, line.
    pub fn with_templates(folder: Option<&Path>, table: &Path) -> Result<Data, String> {
        let (mut data, plots) = match folder {
            None => (Folder::empty(table), Plots::built_in()),
            Some(path) => {
                let folder = Folder::read(path)?;
                (folder.clone(), Data::with(folder)?.plots)
            }
        };
        let name = table.display().to_string();
        let text = std::fs::read_to_string(table).map_err(|error| format!("{name}: {error}"))?;
        data.files
            .extend(templates::files(&name, &text, plots, &LANGUAGES)?);
        Data::with(data)
    }

    fn with(folder: Folder) -> Result<Data, String> {
        let path = folder.path.clone();
        let mut plots: BTreeMap<&str, &str> = INTENTS
            .files()
            .map(|file| {
                let name = file.path().to_str().expect("a name in UTF-8");
                (name, file.contents_utf8().expect("a text in UTF-8"))
            })
            .collect();
        plots.extend(folder.under("intents"));
        let plots: Vec<(&str, &str)> = plots.into_iter().collect();
        let plots = Plots::load(&plots)
            .map_err(|error| format!("{}: {error}", path.join("intents").display()))?;
        let data = Data {
            plots: Box::leak(Box::new(plots)),
            folder: Some(folder),
        };
        // Faults of phrases are told now, and not when the first conversation needs them.
        for language in data.folder().languages() {
            data.load(&language)?;
        }
        Ok(data)
    }

    /// The plots.
    pub fn plots(&self) -> &'static Plots {
        self.plots
    }

    /// The language of a tag (`fr-FR`), loaded on first use.
    ///
    /// # Errors
    /// When there is none, or its files are at fault.
    pub fn language(&self, tag: &str) -> Result<&'static Language, String> {
        match &self.folder {
            None => Language::built_in(tag),
            Some(_) => self.load(tag.split('-').next().unwrap_or(tag)),
        }
    }

    /// Is there such a language?
    pub fn speaks(&self, tag: &str) -> bool {
        let name = tag.split('-').next().unwrap_or(tag);
        let own = |folder: &Folder| folder.languages().contains(name);
        LANGUAGES.contains(&name) || self.folder.as_ref().is_some_and(own)
    }

    /// The intents whose plots a language can tell: all of them, but for a language of the folder.
    ///
    /// # Errors
    /// As [`Data::language`].
    pub fn tells(&self, tag: &str) -> Result<Vec<&'static str>, String> {
        let language = self.language(tag)?;
        let missing = language.missing(self.plots);
        let intents = self.plots.intents.iter();
        // A language that lacks nothing tells all of them: no plot need be walked.
        let told = intents.filter(|intent| {
            if missing.is_empty() {
                return true;
            }
            let said = self.plots.constituents_of(&intent.steps);
            !missing.iter().any(|name| said.contains(name))
        });
        Ok(told.map(|intent| intent.id).collect())
    }

    /// SHA-256 over the files from outside, in hexadecimal: with the corpus version it says what a spec
    /// and a seed give. `None` where all is built in.
    pub fn hash(&self) -> Option<String> {
        let folder = self.folder.as_ref()?;
        let mut hash = Sha256::new();
        for (name, text) in &folder.files {
            for part in [name, text] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
        Some(hex(hash.finalize()))
    }

    fn folder(&self) -> &Folder {
        self.folder.as_ref().expect("it was just read")
    }

    fn load(&self, language: &str) -> Result<&'static Language, String> {
        let folder = self.folder();
        let built_in = LANGUAGES.into_iter().find(|known| *known == language);
        let own = folder.languages();
        if built_in.is_none() && !own.contains(language) {
            let own = own.iter().map(String::as_str);
            let all: Vec<&str> = LANGUAGES.into_iter().chain(own).collect();
            return Err(format!("no language `{language}` ({})", all.join(", ")));
        }
        let name: &'static str = built_in.unwrap_or_else(|| language.to_owned().leak());
        let mut files: BTreeMap<String, String> = built_in
            .into_iter()
            .flat_map(embedded_files)
            .map(|(path, text)| (base(&path).to_owned(), text.to_owned()))
            .collect();
        let inside = format!("languages/{name}");
        for (file, text) in folder.under(&inside) {
            files.insert(file.to_owned(), text.to_owned());
        }
        let files: Vec<(String, &'static str)> = files
            .into_iter()
            .map(|(file, text)| (format!("{inside}/{file}"), &*text.leak()))
            .collect();
        let language = Language::load(name, &files, self.plots).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            format!("{}:\n{}", folder.path.display(), lines.join("\n"))
        })?;
        let missing = language.missing(self.plots);
        if built_in.is_some() && !missing.is_empty() {
            return Err(format!(
                "{}: no phrases in `{name}` for {} that the plots say: {}",
                folder.path.display(),
                if missing.len() == 1 {
                    "a constituent"
                } else {
                    "constituents"
                },
                missing.join(", ")
            ));
        }
        Ok(Box::leak(Box::new(language)))
    }
}

impl Folder {
    fn empty(path: &Path) -> Folder {
        Folder {
            path: path.to_owned(),
            files: BTreeMap::new(),
        }
    }

    fn read(path: &Path) -> Result<Folder, String> {
        if !path.is_dir() {
            return Err(format!("{}: no such folder", path.display()));
        }
        let mut files = BTreeMap::new();
        let mut folders = vec!["intents".to_owned()];
        let languages = path.join("languages");
        if languages.is_dir() {
            let wrong = |error: std::io::Error| format!("{}: {error}", languages.display());
            for entry in std::fs::read_dir(&languages).map_err(wrong)? {
                let name = entry.map_err(wrong)?.file_name();
                folders.extend(name.to_str().map(|name| format!("languages/{name}")));
            }
        }
        for inside in folders {
            let folder = path.join(&inside);
            if !folder.is_dir() {
                continue;
            }
            let wrong = |at: &Path, error: std::io::Error| format!("{}: {error}", at.display());
            let entries = std::fs::read_dir(&folder).map_err(|error| wrong(&folder, error))?;
            for entry in entries {
                let at = entry.map_err(|error| wrong(&folder, error))?.path();
                let name = at.file_name().and_then(|name| name.to_str());
                let Some(name) = name.filter(|name| name.ends_with(".toml")) else {
                    continue;
                };
                let text = std::fs::read_to_string(&at).map_err(|error| wrong(&at, error))?;
                files.insert(format!("{inside}/{name}"), text);
            }
        }
        if files.is_empty() {
            return Err(format!(
                "{}: no intents/*.toml and no languages/<language>/*.toml in it",
                path.display()
            ));
        }
        Ok(Folder {
            path: path.to_owned(),
            files,
        })
    }

    /// The languages that it has files of.
    fn languages(&self) -> BTreeSet<String> {
        let paths = self.files.keys();
        paths
            .filter_map(|path| path.strip_prefix("languages/")?.split('/').next())
            .map(str::to_owned)
            .collect()
    }

    /// Names and texts of the files in one of its folders.
    fn under(&self, inside: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(move |(path, text)| {
            let name = path.strip_prefix(inside)?.strip_prefix('/')?;
            Some((name, text.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Corpus, Spec};

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    const PLOT: &str = "id = 'gift'\njourney = 'mine'\nweight = 5\n\
        steps = [{ by = 'customer', opens = true, say = ['gift.what'] }, { by = 'bot', say = ['gift.answer'] }]";
    const FRENCH: &str = "[gift.what]\n1 = 'une idée de cadeau ?'\n2 = 'je cherche un cadeau'\n3 = 'un cadeau, vite'\n\
        4 = 'que puis-je offrir ?'\n5 = 'cadeau pour {payee.given}'\n6 = 'un petit cadeau'\n7 = 'des cadeaux ?'\n8 = 'cadeau ?'\n\
        [gift.answer]\n11 = { text = 'des chocolats' }\n12 = 'des fleurs'\n13 = 'un livre'\n14 = 'un bon'\n15 = 'une plante'\n\
        16 = 'un disque'\n17 = 'un dîner'\n18 = 'un jeu'";

    #[test]
    fn an_intent_of_ones_own_needs_no_programmer() {
        let folder = folder(&[
            ("intents/gift.toml", PLOT),
            ("languages/fr/gift.toml", FRENCH),
        ]);
        let data = Data::with_folder(folder.path()).unwrap();
        assert!(data.hash().is_some());
        let mut spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
        spec.intents.insert("gift".to_owned(), 1);
        spec.rates.second_goal = 0;
        let corpus = Corpus::with_data(data, spec, 1).unwrap();
        for index in 0..20 {
            assert_eq!(corpus.conversation(index).intents, ["gift"]);
        }
    }

    #[test]
    fn plain_lines_are_an_intent_too() {
        let folder = folder(&[(
            "my.csv",
            "text,intent,language\nun chèque de {amount} à {payee} ?,cheque,fr\nmon {iban}\
             ,cheque,fr\ncarte {card} avalée,atm,fr",
        )]);
        let data = Data::with_templates(None, &folder.path().join("my.csv")).unwrap();
        let mut spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
        spec.intents = [("cheque".to_owned(), 2), ("atm".to_owned(), 1)].into();
        let corpus = Corpus::with_data(data, spec, 1).unwrap();
        let ids: Vec<String> = (0..40)
            .flat_map(|index| corpus.conversation(index).messages)
            .flat_map(|message| message.phrases)
            .map(|id| id.to_string())
            .collect();
        for id in [
            "templates.cheque.t2",
            "templates.cheque.t3",
            "templates.atm.t4",
        ] {
            assert!(ids.iter().any(|other| other == id), "{id}");
        }
    }

    #[test]
    fn a_language_is_a_folder_of_data() {
        let esperanto = "[gift.what]\n1 = 'mi serĉas donacon'\n2 = 'donacon por {payee.given}'\n3 = 'ĉu vi havas ideon?'\n\
            4 = 'io por {transfer.amount}'\n5 = 'rapide, donaco!'\n6 = 'donaco?'\n7 = 'kion doni?'\n8 = 'mi estas {customer.name}'\n\
            [gift.answer]\n11 = 'ĉokolado'\n12 = 'floroj'\n13 = 'libro'\n14 = 'kupono'\n15 = 'planto'\n16 = 'disko'\n17 = 'vespermanĝo'\n18 = 'ludo'";
        let acts = "[greet]\n1 = 'saluton'\n[thanks]\n2 = 'dankon'\n[bye]\n3 = 'ĝis'";
        let folder = folder(&[
            ("intents/gift.toml", PLOT),
            ("languages/eo/gift.toml", esperanto),
            ("languages/eo/customer_acts.toml", acts),
            ("languages/eo/noise.toml", "keyboard = ['asdfghjklĵ']"),
        ]);
        let data = Data::with_folder(folder.path()).unwrap();
        assert_eq!(data.tells("eo-FR").unwrap(), ["gift"]);
        let mut spec = Spec::for_languages([("eo-FR".to_owned(), 1)].into());
        let refused = Corpus::with_data(data.clone(), spec.clone(), 1).unwrap_err();
        assert!(
            refused.contains("`eo`") && refused.contains("gift"),
            "{refused}"
        );
        spec.intents.insert("gift".to_owned(), 1);
        let corpus = Corpus::with_data(data, spec, 1).unwrap();
        let mut spans = 0;
        for index in 0..60 {
            let conversation = corpus.conversation(index);
            assert_eq!(conversation.lang, "eo-FR");
            for message in &conversation.messages {
                spans += message.body.spans().count();
            }
        }
        assert!(spans > 10, "{spans}");
    }

    #[test]
    fn faults_of_a_folder_name_file_and_line() {
        let wrong = |files: &[(&str, &str)]| Data::with_folder(folder(files).path()).unwrap_err();
        let unknown = "[gift.what]\n1 = 'un cadeau pour {payee.gven}'";
        let error = wrong(&[
            ("intents/gift.toml", PLOT),
            ("languages/fr/gift.toml", unknown),
        ]);
        assert!(error.contains("languages/fr/gift.toml:2"), "{error}");
        assert!(error.contains("payee.given"), "{error}");
        assert!(wrong(&[("intents/gift.toml", "id = 3")]).contains("gift.toml"));
        assert!(wrong(&[]).contains("no intents/*.toml"));
        let nowhere = Data::with_folder(std::path::Path::new("no/such/data")).unwrap_err();
        assert!(nowhere.ends_with("no such folder"), "{nowhere}");
        let silent = wrong(&[
            ("intents/gift.toml", PLOT),
            (
                "languages/fr/gift.toml",
                &FRENCH[..FRENCH.find("[gift.answer]").unwrap()],
            ),
        ]);
        assert!(silent.contains("gift.answer"), "{silent}");
    }
}
