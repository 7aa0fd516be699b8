//! Predictions of other tools: the options, and the join with a corpus.

use super::Failure;
use super::gold::Gold;
use super::read_args::{ReadArgs, counting, format, mapping};
use crate::detectors::Feed;
use crate::formats::documents::{
    Answers, Counting, Detected, Format, Joined, Matching, ReadOptions, Targets, Undetected, join,
};
use crate::formats::predictions::{Header, Missing};
use crate::text::OffsetUnit;
use std::io::BufRead;
use std::path::PathBuf;

/// Predictions in the format of another tool.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Predictions of other tools (docs/formats.md)")]
pub struct AnswerArgs {
    /// Format of the predictions (`tellerbench list formats`) [default: told from their content].
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub predictions_format: Option<Format>,

    /// How the predictions count offsets: codepoint, byte, utf16 or grapheme [default: as their
    /// format usually does].
    #[arg(long, value_name = "UNIT", value_parser = counting)]
    pub predictions_offsets: Option<Counting>,

    /// Where ids and spans stand in other JSON and CSV files (TOML).
    #[arg(long, value_name = "FILE")]
    pub predictions_mapping: Option<PathBuf>,

    /// How predictions find their messages: id or order [default: by id where they have one].
    #[arg(long = "match", value_name = "HOW", value_parser = matching)]
    pub matching: Option<Matching>,

    /// Who made the predictions [default: as their header says, else the name of their format at
    /// version `unstated`].
    #[arg(long, value_name = "NAME[@VERSION]")]
    pub detector: Option<String>,
}

impl AnswerArgs {
    /// The format of the predictions, where an option decides it.
    ///
    /// # Errors
    /// A mapping for a format that needs none.
    pub fn format(&self) -> Result<Option<Format>, Failure> {
        let mapped = self.predictions_mapping.as_ref().map(|_| Format::Mapped);
        match (self.predictions_format, mapped) {
            (Some(format), Some(mapped)) if format != mapped => Err(Failure::usage(format!(
                "--predictions-mapping says nothing about format {format}: it is for {mapped}"
            ))),
            (format, mapped) => Ok(format.or(mapped)),
        }
    }

    /// Are these predictions in our own file? One that is broken at its head is told best by its own
    /// reader.
    ///
    /// # Errors
    /// Options that contradict each other.
    pub fn are_ours(&self, told: &Result<Detected, Undetected>) -> Result<bool, Failure> {
        Ok(match self.format()? {
            Some(format) => format == Format::Predictions,
            None => !matches!(told, Ok(told) if told.format != Format::Predictions),
        })
    }

    /// The options that are given.
    pub fn given(&self) -> impl Iterator<Item = &'static str> {
        let all = [
            ("predictions-format", self.predictions_format.is_some()),
            ("predictions-offsets", self.predictions_offsets.is_some()),
            ("predictions-mapping", self.predictions_mapping.is_some()),
            ("match", self.matching.is_some()),
            ("detector", self.detector.is_some()),
        ];
        all.into_iter()
            .filter(|(_, given)| *given)
            .map(|(option, _)| option)
    }

    /// How predictions are read: tags and columns as those of the corpus.
    ///
    /// # Errors
    /// A file that is missing or wrong.
    pub fn options(&self, read: &ReadArgs) -> Result<ReadOptions, Failure> {
        let own_mapping = self.predictions_mapping.as_deref();
        Ok(ReadOptions {
            offsets: self.predictions_offsets,
            mapping: own_mapping.map(mapping).transpose()?,
            ..read.options()?
        })
    }

    /// Can predictions of ours be read along the corpus, as they usually are?
    pub fn say_nothing_of_the_join(&self) -> bool {
        self.matching.is_none() && self.predictions_offsets.is_none()
    }

    /// Writes into a header who made the predictions, where an option says it.
    pub fn rename(&self, header: &mut Header) {
        if let Some(named) = &self.detector {
            let (detector, version) = named.split_once('@').unwrap_or((named, &header.version));
            (header.detector, header.version) = (detector.to_owned(), version.to_owned());
        }
    }
}

fn matching(name: &str) -> Result<Matching, String> {
    Matching::named(name).ok_or_else(|| format!("`{name}` is neither id nor order"))
}

/// Predictions of another tool, joined with a corpus.
#[derive(Debug)]
pub struct JoinedAnswers {
    /// Who made them, as far as it is known.
    pub header: Header,
    /// What they are.
    pub joined: Joined,
    /// How they were read, a line each.
    pub remarks: Vec<String>,
}

/// Joins another tool's answers with the corpus.
///
/// # Errors
/// What is wrong with an answer; answers that do not fit the corpus.
pub fn joined(
    args: &AnswerArgs,
    read: &ReadArgs,
    missing: Missing,
    gold: &Gold,
    input: impl BufRead,
    name: &str,
    told: &Detected,
) -> Result<JoinedAnswers, Failure> {
    let format = told.format;
    let options = args.options(read)?;
    let mut answers = Answers::new(format, input, name, &options).map_err(Failure::usage)?;
    let targets = match &gold.given {
        Some(given) => Targets::imported(&gold.conversations, &given.units),
        None => Targets::of(&gold.conversations),
    };
    let joined = join(&targets, &mut answers, name, args.matching, missing);
    let joined = joined.map_err(Failure::input)?;
    let matching = joined.matching.unwrap_or(Matching::Id);
    let (why, missed) = (&told.why, joined.missed);
    let offsets = match (answers.header(), format.counting()) {
        (Some(header), _) => format!("offsets in {}", header.offsets.name()),
        (None, Some(_)) => format!("offsets in {}", options.counting(format)),
        (None, None) => "offsets as the file says".to_owned(),
    };
    let mut remarks = vec![format!(
        "read as {format} ({why}), {offsets}; matched by {matching}, {missed} messages without an \
         answer"
    )];
    remarks.extend(joined.doubt.clone());
    let skipped = answers.skipped().iter();
    remarks.extend(skipped.map(|(why, count)| format!("records skipped: {count} ({why})")));
    let header = answers.header().cloned().unwrap_or_else(|| {
        let (offsets, labels) = (OffsetUnit::Codepoint, &joined.labels);
        Header::new(
            format.name(),
            "unstated",
            offsets,
            "",
            Feed::Message,
            labels,
        )
    });
    Ok(JoinedAnswers {
        header,
        joined,
        remarks,
    })
}
