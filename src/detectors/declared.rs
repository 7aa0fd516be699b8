//! Declared detectors: `datasets/detectors.toml`, and files of the same shape from users.
//!
//! * A **declaration** says how a detector is run and what its labels mean.
//! * A **label map** goes from a tool's label to a list of ours, the first being primary.
//!
//! Invariant: no detector is known to the code by name except the built-in ones, and nothing but a
//! declaration says what a tool's label means.

use super::child::{ChildDetector, Launch, Session};
use super::{DetectError, Detector, anchors::Anchor, rules::Rules};
use crate::taxonomy::{Label, unknown_label};
use crate::text::nearest;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;

/// What a tool's labels mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelMap {
    labels: BTreeMap<String, Vec<Label>>,
}

impl LabelMap {
    /// The map from each of our labels to itself.
    pub fn identity() -> LabelMap {
        Label::all()
            .map(|label| (label.id().to_owned(), vec![label]))
            .collect()
    }

    /// Our labels for a tool's label, the primary one first; `None` where the map does not name it.
    /// An empty list means that the label is none of ours.
    pub fn get(&self, tool_label: &str) -> Option<&[Label]> {
        self.labels.get(tool_label).map(Vec::as_slice)
    }

    /// The tool's labels and what they mean, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Label])> {
        self.labels
            .iter()
            .map(|(name, labels)| (name.as_str(), labels.as_slice()))
    }

    /// Everything that the detector can find, in our labels: the image of the map.
    pub fn supported(&self) -> BTreeSet<Label> {
        self.labels.values().flatten().copied().collect()
    }

    /// The first 16 hexadecimal digits of the SHA-256 of the map: two results with different maps
    /// cannot be compared.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for (name, labels) in &self.labels {
            digest.update(name.as_bytes());
            for label in labels {
                digest.update(b"\0");
                digest.update(label.id());
            }
            digest.update(b"\n");
        }
        digest
            .finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl FromIterator<(String, Vec<Label>)> for LabelMap {
    fn from_iter<I: IntoIterator<Item = (String, Vec<Label>)>>(entries: I) -> Self {
        LabelMap {
            labels: entries.into_iter().collect(),
        }
    }
}

/// How a detector is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// It is part of this program, under this name.
    BuiltIn(String),
    /// It is a process that speaks the line protocol.
    Child(Launch),
}

/// One declared detector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Its name on the command line and in tables.
    pub name: String,
    /// What it is, in one line.
    pub about: String,
    /// How it is run.
    pub run: Run,
    /// What its labels mean.
    pub labels: LabelMap,
}

/// A detector that is ready to answer.
pub struct Opened {
    /// The detector.
    pub detector: Box<dyn Detector>,
    /// How long it took to become ready.
    pub start_up: Duration,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("detector", self.detector.describe())
            .field("start_up", &self.start_up)
            .finish()
    }
}

impl Declaration {
    /// Makes the detector ready.
    ///
    /// # Errors
    /// It cannot be started; the message says what to install.
    pub fn open(&self, session: &Session) -> Result<Opened, DetectError> {
        let start = session.clock.now();
        match &self.run {
            Run::Child(launch) => {
                let child = ChildDetector::start(launch.clone(), session.clone())?;
                let start_up = child.start_up();
                Ok(Opened {
                    detector: Box::new(child),
                    start_up,
                })
            }
            Run::BuiltIn(name) => {
                let detector = built_in(name).ok_or_else(|| {
                    DetectError::Start(format!("`{name}` is no built-in detector"))
                })?;
                Ok(Opened {
                    detector,
                    start_up: session.clock.now().saturating_sub(start),
                })
            }
        }
    }
}

fn built_in(name: &str) -> Option<Box<dyn Detector>> {
    match name {
        "rules" => Some(Box::new(Rules::new())),
        _ => Anchor::named(name).map(|anchor| Box::new(anchor) as Box<dyn Detector>),
    }
}

/// Where the paths of a declaration start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The folder that `{integrations}` stands for.
    pub integrations: PathBuf,
    /// The folder that relative programs and arguments beginning with `./` or `../` start from.
    pub base: PathBuf,
}

impl Places {
    /// Where the shipped integrations are: `$TELLERBENCH_INTEGRATIONS`; else `integrations` in the
    /// current folder, if it is there; else the folder that this program was built from.
    pub fn found(base: impl Into<PathBuf>) -> Places {
        let here = Path::new("integrations");
        let integrations = match std::env::var_os("TELLERBENCH_INTEGRATIONS") {
            Some(folder) => PathBuf::from(folder),
            None if here.join("detectors").is_dir() => here.to_path_buf(),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join("integrations"),
        };
        Places {
            integrations,
            base: base.into(),
        }
    }

    fn resolve(&self, argument: &str) -> String {
        let argument = argument.replace("{integrations}", &self.integrations.to_string_lossy());
        if argument.starts_with("./") || argument.starts_with("../") {
            self.base.join(&argument).to_string_lossy().into_owned()
        } else {
            argument
        }
    }

    fn resolve_all(&self, command: &[String]) -> Vec<String> {
        command
            .iter()
            .map(|argument| self.resolve(argument))
            .collect()
    }
}

/// What is wrong with a file of declarations.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct DeclareError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, with the key.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    #[serde(default)]
    detector: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: Spanned<String>,
    about: String,
    #[serde(default)]
    builtin: Option<Spanned<String>>,
    #[serde(default)]
    run: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    version: Option<Vec<String>>,
    #[serde(default)]
    install: Option<String>,
    #[serde(default)]
    start_limit_s: Option<u64>,
    #[serde(default)]
    batch_limit_s: Option<u64>,
    #[serde(default)]
    own_labels: bool,
    #[serde(default)]
    labels: BTreeMap<String, Vec<Spanned<String>>>,
}

/// All detectors that this run knows, in the order of their files.
#[derive(Clone, Debug)]
pub struct Declared {
    detectors: Vec<Declaration>,
}

const EMBEDDED: &str = include_str!("../../datasets/detectors.toml");

impl Declared {
    /// The shipped declarations.
    ///
    /// # Panics
    /// Never: a test reads the embedded file.
    pub fn shipped() -> Declared {
        let mut declared = Declared {
            detectors: Vec::new(),
        };
        declared
            .add(EMBEDDED, "datasets/detectors.toml", &Places::found("."))
            .expect("the embedded declarations are checked by a test");
        declared
    }

    /// Adds the declarations of a file. A name that is already known is replaced.
    ///
    /// # Errors
    /// What is wrong, by file, line and key; nothing is added then.
    pub fn add(&mut self, source: &str, file: &str, places: &Places) -> Result<(), DeclareError> {
        let at = |span: Range<usize>, what: String| DeclareError {
            file: file.to_owned(),
            line: source[..span.start.min(source.len())].matches('\n').count() + 1,
            what,
        };
        let parsed: File = toml::from_str(source)
            .map_err(|error| at(error.span().unwrap_or(0..0), error.message().to_owned()))?;
        if parsed.schema != 1 {
            let what = format!(
                "schema: {} is not one this version reads (1)",
                parsed.schema
            );
            return Err(at(0..0, what));
        }
        let mut added: Vec<Declaration> = Vec::new();
        for table in parsed.detector {
            let span = table.name.span();
            let declaration = declaration(table, places).map_err(|(span, what)| at(span, what))?;
            if added.iter().any(|other| other.name == declaration.name) {
                return Err(at(span, format!("{}: the name is taken", declaration.name)));
            }
            added.push(declaration);
        }
        for declaration in added {
            match self
                .detectors
                .iter_mut()
                .find(|known| known.name == declaration.name)
            {
                Some(known) => *known = declaration,
                None => self.detectors.push(declaration),
            }
        }
        Ok(())
    }

    /// All of them, in order.
    pub fn all(&self) -> &[Declaration] {
        &self.detectors
    }

    /// The one with this name.
    ///
    /// # Errors
    /// A message with the nearest name that is known.
    pub fn find(&self, name: &str) -> Result<&Declaration, String> {
        self.detectors
            .iter()
            .find(|known| known.name == name)
            .ok_or_else(|| {
                let known = self.detectors.iter().map(|known| known.name.as_str());
                match nearest(name, known) {
                    Some(near) => format!("unknown detector `{name}` (did you mean `{near}`?)"),
                    None => format!("unknown detector `{name}` (see `tellerbench list detectors`)"),
                }
            })
    }
}

type Wrong = (Range<usize>, String);

fn declaration(table: Table, places: &Places) -> Result<Declaration, Wrong> {
    let span = table.name.span();
    let name = table.name.into_inner();
    let key = |key: &str, what: String| format!("{name}.{key}: {what}");
    let sound = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
    if name.is_empty() || !name.chars().all(sound) {
        let what = "letters, digits and `-_.+` only: it becomes part of file names".to_owned();
        return Err((span, key("name", what)));
    }
    let run = match (table.builtin, table.run) {
        (Some(builtin), None) => {
            let (at, builtin) = (builtin.span(), builtin.into_inner());
            if built_in(&builtin).is_none() {
                return Err((
                    at,
                    key("builtin", format!("`{builtin}` is no built-in detector")),
                ));
            }
            Run::BuiltIn(builtin)
        }
        (None, Some(run)) => {
            if run.get_ref().is_empty() {
                return Err((run.span(), key("run", "the command is empty".to_owned())));
            }
            let mut launch = Launch::new(&name, places.resolve_all(run.get_ref()));
            launch.version_command = table.version.map(|command| places.resolve_all(&command));
            launch.install = table.install.map(|install| places.resolve(&install));
            if let Some(seconds) = table.start_limit_s {
                launch.start_limit = Duration::from_secs(seconds);
            }
            if let Some(seconds) = table.batch_limit_s {
                launch.batch_limit = Duration::from_secs(seconds);
            }
            Run::Child(launch)
        }
        _ => {
            return Err((
                span,
                key("run", "give either `run` or `builtin`".to_owned()),
            ));
        }
    };
    let mut labels = BTreeMap::new();
    for (tool_label, ours) in table.labels {
        let mut meant = Vec::with_capacity(ours.len());
        for id in ours {
            let (at, id) = (id.span(), id.into_inner());
            if id == "*" {
                meant.extend(
                    Label::all()
                        .filter(|label| !meant.contains(label))
                        .collect::<Vec<_>>(),
                );
                continue;
            }
            let label = Label::named(&id)
                .ok_or_else(|| (at, key(&format!("labels.{tool_label}"), unknown_label(&id))))?;
            meant.push(label);
        }
        labels.insert(tool_label, meant);
    }
    let labels = match (table.own_labels, labels.is_empty()) {
        (true, false) => {
            let what = "`own_labels` and `labels` exclude each other".to_owned();
            return Err((span, key("own_labels", what)));
        }
        (true, true) => LabelMap::identity(),
        (false, _) => LabelMap { labels },
    };
    Ok(Declaration {
        name,
        about: table.about,
        run,
        labels,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::Feed;

    fn refused(source: &str) -> String {
        let mut declared = Declared {
            detectors: Vec::new(),
        };
        let places = Places {
            integrations: "/i".into(),
            base: "/b".into(),
        };
        declared
            .add(source, "mine.toml", &places)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_shipped_declarations_can_be_read_and_every_built_in_one_opens() {
        let declared = Declared::shipped();
        let session = Session::new(Feed::Stream, ["fr-FR"]);
        for declaration in declared.all() {
            if let Run::BuiltIn(_) = declaration.run {
                let opened = declaration.open(&session).unwrap();
                let description = opened.detector.describe();
                assert_eq!(description.name, declaration.name);
                for label in description.labels.names() {
                    assert!(
                        declaration.labels.get(label).is_some(),
                        "{} {label}",
                        declaration.name
                    );
                }
            }
        }
        assert_eq!(
            declared.find("ruled").unwrap_err(),
            "unknown detector `ruled` (did you mean `rules`?)"
        );
    }

    #[test]
    fn an_error_names_file_line_key_and_the_nearest_label() {
        let source = "schema = 1\n[[detector]]\nname = \"x\"\nabout = \"\"\nrun = [\"a\"]\n\
                      [detector.labels]\nCARD = [\"PAN\"]\nBANK = [\"IBANN\"]\n";
        assert_eq!(
            refused(source),
            "mine.toml:8: x.labels.BANK: unknown label `IBANN` (did you mean `IBAN`?)"
        );
        let unknown =
            refused("schema = 1\n[[detector]]\nname = \"x\"\nabout = \"\"\nrum = [\"a\"]\n");
        assert!(
            unknown.starts_with("mine.toml:5: unknown field `rum`"),
            "{unknown}"
        );
        let neither = refused("schema = 1\n[[detector]]\nname = \"x\"\nabout = \"\"\n");
        assert_eq!(
            neither,
            "mine.toml:3: x.run: give either `run` or `builtin`"
        );
    }

    #[test]
    fn paths_start_where_the_rules_say() {
        let places = Places {
            integrations: "/i".into(),
            base: "/b".into(),
        };
        let command = ["python3", "./mine.py", "{integrations}/x.py", "-x"].map(str::to_owned);
        assert_eq!(
            places.resolve_all(&command),
            ["python3", "/b/./mine.py", "/i/x.py", "-x"]
        );
    }

    #[test]
    fn a_program_that_is_not_there_names_what_to_install() {
        let source = "schema = 1\n[[detector]]\nname = \"x\"\nabout = \"\"\n\
                      run = [\"./nowhere\"]\ninstall = \"./install.sh\"\n";
        let mut declared = Declared {
            detectors: Vec::new(),
        };
        let places = Places {
            integrations: "/i".into(),
            base: "/b".into(),
        };
        declared.add(source, "mine.toml", &places).unwrap();
        let session = Session::new(Feed::Stream, ["fr-FR"]);
        let error = declared
            .find("x")
            .unwrap()
            .open(&session)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("install it with `/b/./install.sh`"),
            "{error}"
        );
    }
}
