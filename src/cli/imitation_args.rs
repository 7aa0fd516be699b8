//! The options that say which other evaluator is imitated, and its knobs.

use super::Failure;
use crate::scoring::compat::{
    Average, Knob, Level, Params, SkipWords, Spelling, TagScheme, Tokenizer, Tool, ZeroDivision,
};
use crate::taxonomy::{Exposure, Label};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Another evaluator and its knobs. Each knob has the tool's own default.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Other evaluators (docs/methodology.md)")]
pub struct ImitationArgs {
    /// Print the figures of another evaluator instead of ours: nervaluate, nervaluate-0.2.0, seqeval,
    /// seqeval-strict, presidio-span, presidio-token, tab or openmed.
    #[arg(long = "as", value_name = "TOOL", value_parser = tool, conflicts_with = "counts_out")]
    pub imitate: Option<Tool>,

    /// Name every span behind the difference between our figures and those of nervaluate, seqeval or
    /// presidio-span.
    #[arg(long, value_name = "TOOL", value_parser = explained, conflicts_with_all = ["imitate", "counts_out"])]
    pub explain_difference: Option<Tool>,

    /// Labels of predictions: mapped (the primary of the label map; unmapped ones keep their name) or
    /// raw (their own names).
    #[arg(long, value_name = "NAMES", default_value = "mapped", value_parser = ["mapped", "raw"])]
    pub label_names: String,

    /// nervaluate: least share of a gold span that a prediction must cover, in percent [default: 1].
    #[arg(long, value_name = "PERCENT")]
    min_overlap: Option<f64>,

    /// nervaluate, nervaluate-0.2.0: labels that are looked at [default: all].
    #[arg(long, value_name = "LABEL,…", value_delimiter = ',')]
    tags: Option<Vec<String>>,

    /// seqeval, seqeval-strict: the tag scheme, of the tags and of the strict mode: IOB1, IOB2, IOE1, IOE2,
    /// IOBES or BILOU [default: IOB2].
    #[arg(long, value_name = "SCHEME", value_parser = tag_scheme)]
    scheme: Option<TagScheme>,

    /// seqeval, presidio: weight of recall in F [default: 1 in seqeval, 2 in presidio].
    #[arg(long)]
    beta: Option<f64>,

    /// seqeval: what 0/0 is: warn (0), 0 or 1 [default: warn].
    #[arg(long, value_name = "FIGURE", value_parser = ["warn", "0", "1"])]
    zero_division: Option<String>,

    /// seqeval: this average alone: micro, macro, weighted, or none (figures per label).
    #[arg(long, value_parser = ["micro", "macro", "weighted", "none"])]
    average: Option<String>,

    /// presidio-span: least intersection over union of a match, 0 to 1 [default: 0.9].
    #[arg(long, value_name = "SHARE")]
    iou_threshold: Option<f64>,

    /// presidio-span: what that is measured in: char or token [default: char].
    #[arg(long, value_name = "UNIT", value_parser = ["char", "token"])]
    iou: Option<String>,

    /// presidio: words that do not count: default (the tool's list), none, or a file, one a line.
    #[arg(long, value_name = "FILE")]
    skip_words: Option<PathBuf>,

    /// presidio: figures per label (entity), of all as one (pii), or both [default: both].
    #[arg(long, value_parser = ["entity", "pii", "both"])]
    level: Option<String>,

    /// presidio-token: labels that are looked at [default: all].
    #[arg(long, value_name = "LABEL,…", value_delimiter = ',')]
    entities: Option<Vec<String>>,

    /// presidio-token: labels that are right for any other [default: the tool's own].
    #[arg(long, value_name = "LABEL,…", value_delimiter = ',')]
    generic_entities: Option<Vec<String>>,

    /// seqeval, presidio: the tokenizer: words, uax29 or whitespace [default: words].
    #[arg(long, value_name = "NAME", value_parser = tokenizer)]
    tokens: Option<Tokenizer>,

    /// tab: labels that are direct identifiers [default: those of the classes secret, account and
    /// identity]; the others are quasi-identifiers.
    #[arg(long, value_name = "LABEL,…", value_delimiter = ',')]
    direct: Option<Vec<String>>,

    /// tab: words whose characters need no mask [default: about, mr, mrs, ms, no, nr].
    #[arg(long, value_name = "WORD,…", value_delimiter = ',')]
    ignore_words: Option<Vec<String>>,
}

fn tool(name: &str) -> Result<Tool, String> {
    Tool::named(name).ok_or_else(|| {
        let known: Vec<&str> = Tool::ALL.iter().map(|tool| tool.name()).collect();
        format!("no evaluator `{name}` ({})", known.join(", "))
    })
}

fn explained(name: &str) -> Result<Tool, String> {
    match name {
        "nervaluate" | "seqeval" | "presidio-span" => tool(name),
        _ => Err(format!(
            "the difference to `{name}` cannot be explained (nervaluate, seqeval, presidio-span)"
        )),
    }
}

fn tag_scheme(name: &str) -> Result<TagScheme, String> {
    let found = TagScheme::ALL.into_iter().find(|s| s.name() == name);
    found.ok_or_else(|| format!("no tag scheme `{name}` (IOB1, IOB2, IOE1, IOE2, IOBES, BILOU)"))
}

fn tokenizer(name: &str) -> Result<Tokenizer, String> {
    let found = Tokenizer::ALL.into_iter().find(|t| t.name() == name);
    found.ok_or_else(|| format!("no tokenizer `{name}` (words, uax29, whitespace)"))
}

/// What the options ask for.
#[derive(Clone, Debug)]
pub struct Imitation {
    /// The tool.
    pub tool: Tool,
    /// Its knobs.
    pub params: Params,
    /// How texts are tagged for it.
    pub spelling: Spelling,
    /// tab: labels that are direct identifiers.
    pub direct: Vec<String>,
    /// The knobs as they stand in the signature.
    pub signature: Map<String, Value>,
}

impl ImitationArgs {
    /// Reads the knobs.
    ///
    /// # Errors
    /// A knob that the tool does not have; a value that it does not take; a file that cannot be read.
    pub fn resolve(&self, tool: Tool) -> Result<Imitation, Failure> {
        self.check(tool)?;
        let mut params = Params::default();
        let mut signature = Map::new();
        let mut say = |knob: Knob, value: Value| {
            if tool.knobs().contains(&knob) {
                signature.insert(knob.name().to_owned(), value);
            }
        };
        if let Some(percent) = self.min_overlap {
            if !(1.0..=100.0).contains(&percent) {
                return Err(refused("min-overlap", percent, "from 1 to 100"));
            }
            params.min_overlap_percentage = percent;
        }
        say(Knob::MinOverlap, json!(params.min_overlap_percentage));
        params.tags = self.tags.clone();
        say(Knob::Tags, json!(params.tags));
        let spelling = Spelling {
            tokenizer: self.tokens.unwrap_or_default(),
            scheme: self.scheme.unwrap_or(TagScheme::Iob2),
        };
        say(Knob::Tokens, json!(spelling.tokenizer.name()));
        say(Knob::Scheme, json!(spelling.scheme.name()));
        if let Some(beta) = self.beta {
            if !(0.0..f64::INFINITY).contains(&beta) {
                return Err(refused("beta", beta, "a number of 0 or more"));
            }
            params.beta = Some(beta);
        }
        let seqeval = matches!(tool, Tool::Seqeval | Tool::SeqevalStrict);
        let usual = if seqeval { 1.0 } else { 2.0 };
        say(Knob::Beta, json!(params.beta.unwrap_or(usual)));
        if self.zero_division.as_deref() == Some("1") {
            params.zero_division = ZeroDivision::One;
        }
        say(Knob::ZeroDivision, json!(params.zero_division.value()));
        params.average = self.average.as_deref().map(|name| match name {
            "micro" => Some(Average::Micro),
            "macro" => Some(Average::Macro),
            "weighted" => Some(Average::Weighted),
            _ => None,
        });
        say(Knob::Average, json!(self.average));
        if let Some(share) = self.iou_threshold {
            if !(0.0..=1.0).contains(&share) {
                return Err(refused("iou-threshold", share, "from 0 to 1"));
            }
            params.iou_threshold = share;
        }
        say(Knob::IouThreshold, json!(params.iou_threshold));
        params.char_based = self.iou.as_deref() != Some("token");
        let unit = if params.char_based { "char" } else { "token" };
        say(Knob::Iou, json!(unit));
        let (words, named) = self.skipped()?;
        params.skip_words = words;
        say(Knob::SkipWords, json!(named));
        params.level = match self.level.as_deref() {
            Some("entity") => Level::Entity,
            Some("pii") => Level::Pii,
            _ => Level::Both,
        };
        say(Knob::Level, json!(self.level.as_deref().unwrap_or("both")));
        params.entities_to_keep = self.entities.clone();
        say(Knob::Entities, json!(self.entities));
        params.generic_entities = self.generic_entities.clone();
        say(Knob::GenericEntities, json!(self.generic_entities));
        let direct = self.direct.clone().unwrap_or_else(direct_labels);
        say(Knob::Direct, json!(direct));
        if let Some(words) = &self.ignore_words {
            params.tokens_to_ignore = words.iter().map(|word| word.to_lowercase()).collect();
        }
        say(Knob::IgnoreWords, json!(params.tokens_to_ignore));
        Ok(Imitation {
            tool,
            params,
            spelling,
            direct,
            signature,
        })
    }

    /// The skip words, and what they are called.
    fn skipped(&self) -> Result<(SkipWords, String), Failure> {
        let Some(path) = &self.skip_words else {
            return Ok((SkipWords::Default, "default".to_owned()));
        };
        let name = path.display().to_string();
        match name.as_str() {
            "default" => return Ok((SkipWords::Default, name)),
            "none" => return Ok((SkipWords::Given(Vec::new()), name)),
            _ => {}
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("--skip-words {name}: {error}")))?;
        let words = text.lines().map(str::to_lowercase).collect();
        Ok((SkipWords::Given(words), name))
    }

    /// The knobs that are given.
    fn given(&self) -> impl Iterator<Item = Knob> {
        let all = [
            (Knob::MinOverlap, self.min_overlap.is_some()),
            (Knob::Tags, self.tags.is_some()),
            (Knob::Scheme, self.scheme.is_some()),
            (Knob::Beta, self.beta.is_some()),
            (Knob::ZeroDivision, self.zero_division.is_some()),
            (Knob::Average, self.average.is_some()),
            (Knob::IouThreshold, self.iou_threshold.is_some()),
            (Knob::Iou, self.iou.is_some()),
            (Knob::SkipWords, self.skip_words.is_some()),
            (Knob::Level, self.level.is_some()),
            (Knob::Entities, self.entities.is_some()),
            (Knob::GenericEntities, self.generic_entities.is_some()),
            (Knob::Tokens, self.tokens.is_some()),
            (Knob::Direct, self.direct.is_some()),
            (Knob::IgnoreWords, self.ignore_words.is_some()),
        ];
        all.into_iter()
            .filter(|(_, given)| *given)
            .map(|(knob, _)| knob)
    }

    /// Refuses knobs of other tools: they would be ignored in silence.
    fn check(&self, tool: Tool) -> Result<(), Failure> {
        let Some(stranger) = self.given().find(|knob| !tool.knobs().contains(knob)) else {
            return Ok(());
        };
        let owners = Tool::ALL.iter().filter(|t| t.knobs().contains(&stranger));
        let owners: Vec<&str> = owners.map(|t| t.name()).collect();
        let owners = owners.join(", ");
        Err(Failure::usage(format!(
            "--{stranger} is no option of {tool}, but of {owners}"
        )))
    }

    /// Refuses knobs where no tool is named.
    ///
    /// # Errors
    /// The first knob that is given.
    pub fn check_unused(&self) -> Result<(), Failure> {
        let raw = (self.label_names == "raw").then_some("label-names");
        match self.given().map(Knob::name).chain(raw).next() {
            None => Ok(()),
            Some(knob) => Err(Failure::usage(format!(
                "--{knob} needs --as TOOL or --explain-difference TOOL"
            ))),
        }
    }
}

fn refused(knob: &str, given: f64, expected: &str) -> Failure {
    Failure::usage(format!("--{knob} {given}: {expected}"))
}

/// Labels that single a person out by themselves.
fn direct_labels() -> Vec<String> {
    let direct = [Exposure::Secret, Exposure::Account, Exposure::Identity];
    Label::all()
        .filter(|label| direct.contains(&label.info().exposure))
        .map(|label| label.id().to_owned())
        .collect()
}
