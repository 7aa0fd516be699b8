//! The options that say how a corpus of somebody else's is read.

use super::Failure;
use crate::formats::documents::{
    Columns, Counting, Format, GoldLabels, Kind, Mapping, ReadOptions, TagScheme, UnmappedLabels,
};
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

impl ReadArgs {
    /// Was anything asked for that only a file can need?
    pub fn speak_of_a_file(&self) -> bool {
        self.input_format.is_some()
            || self.offsets.is_some()
            || self.mapping.is_some()
            || self.gold_labels.is_some()
            || self.input_language.is_some()
            || self.tag_names.is_some()
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
