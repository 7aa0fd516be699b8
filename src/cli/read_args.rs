//! The options that say how a corpus of somebody else's is read.

use super::{Failure, Outcome};
use crate::formats::documents::{
    Columns, Counting, Format, GoldLabels, Kind, Mapping, ReadOptions, TagScheme, UnmappedLabels,
};
use crate::text::OffsetUnit;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a corpus is read.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Reading corpora (docs/formats.md)")]
pub struct ReadArgs {
    /// Format of the corpus (`tellerbench list formats`) [default: told from its content].
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub input_format: Option<Format>,

    /// How the corpus counts offsets: codepoint, byte, utf16 or grapheme [default: as its format
    /// usually does].
    #[arg(long, value_name = "UNIT", value_parser = counting)]
    pub offsets: Option<Counting>,

    /// Where text and spans stand in other JSON and CSV files (TOML).
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,

    /// What the labels of the corpus mean in ours (TOML: THEIRS = "OURS", or false to keep one out).
    #[arg(long, value_name = "FILE")]
    pub gold_labels: Option<PathBuf>,

    /// Labels that are none of ours and not in --gold-labels: error, or ignore, which counts what
    /// they cover neither way.
    #[arg(long, default_value = "error", value_parser = ["error", "ignore"])]
    pub unmapped: String,

    /// Language of messages whose corpus does not say it.
    #[arg(long, value_name = "TAG")]
    pub input_language: Option<String>,

    /// How tags spell spans: conlleval (forgiving), IO, IOB1, IOB2, IOE1, IOE2, BIOES or BILOU.
    #[arg(long, default_value = "conlleval", value_name = "SCHEME", value_parser = scheme)]
    pub tag_scheme: TagScheme,

    /// CoNLL: column of the token, from 0; -1 is the last.
    #[arg(
        long,
        default_value_t = 0,
        value_name = "N",
        allow_negative_numbers = true
    )]
    pub token_column: i32,

    /// CoNLL: column of the tag, likewise.
    #[arg(long, default_value_t = -1, value_name = "N", allow_negative_numbers = true)]
    pub tag_column: i32,

    /// CoNLL: what stands between columns: a character, or tab [default: spaces and tabs].
    #[arg(long, value_name = "CHAR", value_parser = separator)]
    pub separator: Option<char>,

    /// CoNLL: lines that begin so are no tokens.
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,

    /// hf-tokens: key of the tags [default: ner_tags, tags, labels or bio_labels].
    #[arg(long, value_name = "KEY")]
    pub tag_key: Option<String>,

    /// hf-tokens: names of tags that are numbers, one a line, number 0 first.
    #[arg(long, value_name = "FILE")]
    pub tag_names: Option<PathBuf>,
}

/// A format by name.
///
/// # Errors
/// An unknown name, with those that there are.
pub fn format(name: &str) -> Result<Format, String> {
    Format::named(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("no format `{name}` ({})", known.join(", "))
    })
}

/// A counting by name.
///
/// # Errors
/// An unknown name, with those that there are.
pub fn counting(name: &str) -> Result<Counting, String> {
    let known = Counting::ALL.map(Counting::name).join(", ");
    Counting::named(name).ok_or_else(|| format!("no offset unit `{name}` ({known})"))
}

fn scheme(name: &str) -> Result<TagScheme, String> {
    let known: Vec<&str> = TagScheme::ALL.iter().map(|scheme| scheme.name()).collect();
    TagScheme::called(name).ok_or_else(|| format!("no tag scheme `{name}` ({})", known.join(", ")))
}

fn separator(text: &str) -> Result<char, String> {
    let mut letters = text.chars();
    match (text, letters.next(), letters.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(letter), None) => Ok(letter),
        _ => Err("one character, or tab".to_owned()),
    }
}

/// Of which files an option speaks.
struct Rule {
    option: &'static str,
    given: bool,
    /// Of predictions too, where they are of such a format?
    of_both: bool,
    formats: &'static [Format],
}

/// Every format of corpora but ours.
const FOREIGN: [Format; 6] = [
    Format::Conll,
    Format::Presidio,
    Format::Spacy,
    Format::Doccano,
    Format::HfTokens,
    Format::Mapped,
];

const TAGGED: [Format; 2] = [Format::Conll, Format::HfTokens];

impl ReadArgs {
    fn rules(&self) -> [Rule; 13] {
        let usual = Columns::default();
        let rule = |option, given, of_both, formats| Rule {
            option,
            given,
            of_both,
            formats,
        };
        let (corpus, both) = (false, true);
        let any: &[Format] = Format::ALL;
        let (conll, hf): (&[Format], &[Format]) = (&[Format::Conll], &[Format::HfTokens]);
        let scheme = self.tag_scheme != TagScheme::Conlleval;
        [
            rule("input-format", self.input_format.is_some(), corpus, any),
            // Readers say themselves whether there are offsets.
            rule("offsets", self.offsets.is_some(), corpus, any),
            rule("mapping", self.mapping.is_some(), corpus, &[Format::Mapped]),
            rule("gold-labels", self.gold_labels.is_some(), corpus, &FOREIGN),
            rule("unmapped", self.unmapped != "error", corpus, &FOREIGN),
            rule(
                "input-language",
                self.input_language.is_some(),
                corpus,
                &FOREIGN,
            ),
            rule("tag-scheme", scheme, both, &TAGGED),
            rule(
                "token-column",
                self.token_column != usual.token,
                both,
                conll,
            ),
            rule("tag-column", self.tag_column != usual.tag, both, conll),
            rule("separator", self.separator.is_some(), both, conll),
            rule("comment", self.comment.is_some(), both, conll),
            rule("tag-key", self.tag_key.is_some(), both, hf),
            rule("tag-names", self.tag_names.is_some(), both, hf),
        ]
    }

    /// The options that are given.
    pub fn given(&self) -> impl Iterator<Item = &'static str> {
        let rules = self.rules().into_iter();
        rules.filter(|rule| rule.given).map(|rule| rule.option)
    }

    /// Refuses options that say nothing about a corpus of this format.
    ///
    /// # Errors
    /// The first of them.
    pub fn check_corpus(&self, format: Format) -> Outcome {
        self.check(|rule| !rule.of_both, &[format])
    }

    /// Refuses options about tags and columns where neither corpus nor predictions have any.
    ///
    /// # Errors
    /// The first of them.
    pub fn check_tags(&self, formats: &[Format]) -> Outcome {
        self.check(|rule| rule.of_both, formats)
    }

    fn check(&self, of: impl Fn(&Rule) -> bool, formats: &[Format]) -> Outcome {
        let rules = self.rules().into_iter();
        let mut idle = rules.filter(|rule| {
            let speaks = formats.iter().any(|format| rule.formats.contains(format));
            rule.given && of(rule) && !speaks
        });
        let names = |formats: &[Format]| {
            let mut names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
            names.dedup();
            names.join(", ")
        };
        match idle.next() {
            None => Ok(()),
            Some(rule) => Err(Failure::usage(format!(
                "--{} says nothing about format {}: it is for {}",
                rule.option,
                names(formats),
                names(rule.formats)
            ))),
        }
    }

    /// The unit of the offsets of a corpus of ours.
    ///
    /// # Errors
    /// Text elements, which no corpus of ours counts in.
    pub fn unit_of_ours(&self) -> Result<OffsetUnit, Failure> {
        match self.offsets {
            None => Ok(OffsetUnit::Codepoint),
            Some(Counting::Unit(unit)) => Ok(unit),
            Some(Counting::Grapheme) => Err(Failure::usage(
                "--offsets grapheme: corpora of ours count in codepoint, byte or utf16",
            )),
        }
    }

    /// The options of the readers.
    ///
    /// # Errors
    /// A file that is missing or wrong.
    pub fn options(&self) -> Result<ReadOptions, Failure> {
        let names = self.tag_names.as_deref().map(read).transpose()?;
        Ok(ReadOptions {
            offsets: self.offsets,
            tag_scheme: self.tag_scheme,
            columns: Columns {
                token: self.token_column,
                tag: self.tag_column,
                separator: self.separator,
                comment: self.comment.clone(),
            },
            tag_key: self.tag_key.clone(),
            tag_names: names
                .iter()
                .flat_map(|n| n.lines())
                .map(str::to_owned)
                .collect(),
            mapping: self.mapping.as_deref().map(mapping).transpose()?,
        })
    }

    /// The format of the corpus, where an option decides it.
    ///
    /// # Errors
    /// A format that holds no texts.
    pub fn format(&self) -> Result<Option<Format>, Failure> {
        let mapped = self.mapping.as_ref().map(|_| Format::Mapped);
        match self.input_format.or(mapped) {
            Some(format) if format.kind() == Kind::Answers => Err(Failure::usage(format!(
                "--input-format {format}: it holds answers without texts, and is no corpus"
            ))),
            format => Ok(format),
        }
    }

    /// What the labels of the corpus mean.
    ///
    /// # Errors
    /// A file that is missing or wrong.
    pub fn labels(&self) -> Result<GoldLabels, Failure> {
        let Some(path) = &self.gold_labels else {
            return Ok(GoldLabels::default());
        };
        let text = read(path)?;
        GoldLabels::parse(&text).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))
    }

    /// What to do with labels that nobody has mapped.
    pub fn unmapped(&self) -> UnmappedLabels {
        match self.unmapped.as_str() {
            "ignore" => UnmappedLabels::Ignore,
            _ => UnmappedLabels::Error,
        }
    }
}

/// A mapping file.
///
/// # Errors
/// A file that is missing or wrong.
pub fn mapping(path: &Path) -> Result<Arc<Mapping>, Failure> {
    let named = |e: String| Failure::usage(format!("{}: {e}", path.display()));
    Mapping::parse(&read(path)?).map(Arc::new).map_err(named)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))
}
