//! The tools as a command line names them: which scheme they are, which release is imitated, which knobs
//! they have, and all of a tool's figures in one report.

use super::nervaluate::Mode;
use super::{
    CompatError, Corpus, Decoding, Params, Scheme, Tagged, Tagging, Tokenizer, evaluate, nervaluate,
};
use crate::conversation::names;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

names! {
    /// A tool whose figures can be asked for.
    pub enum Tool {
        /// nervaluate.
        Nervaluate = "nervaluate",
        /// nervaluate of before version 1.
        NervaluateLegacy = "nervaluate-0.2.0",
        /// seqeval in its default mode.
        Seqeval = "seqeval",
        /// seqeval in strict mode.
        SeqevalStrict = "seqeval-strict",
        /// presidio-evaluator, spans.
        PresidioSpan = "presidio-span",
        /// presidio-evaluator, tokens.
        PresidioToken = "presidio-token",
        /// The Text Anonymization Benchmark.
        Tab = "tab",
        /// OpenMed's leakage.
        Openmed = "openmed",
    }
}

names! {
    /// A knob of a tool.
    pub enum Knob {
        /// Least overlap with a gold span, in percent.
        MinOverlap = "min-overlap",
        /// Labels that are looked at.
        Tags = "tags",
        /// Tag scheme.
        Scheme = "scheme",
        /// Weight of recall in F.
        Beta = "beta",
        /// What 0/0 is.
        ZeroDivision = "zero-division",
        /// One average instead of the report.
        Average = "average",
        /// Least intersection over union.
        IouThreshold = "iou-threshold",
        /// Unit of that.
        Iou = "iou",
        /// Words that do not count.
        SkipWords = "skip-words",
        /// Per label, all as one, or both.
        Level = "level",
        /// Labels that are looked at (presidio).
        Entities = "entities",
        /// Labels that are right for any.
        GenericEntities = "generic-entities",
        /// Tokenizer.
        Tokens = "tokens",
        /// Labels that are direct identifiers.
        Direct = "direct",
        /// Words that need no mask.
        IgnoreWords = "ignore-words",
    }
}

impl Tool {
    /// The release that is imitated.
    pub fn version(self) -> &'static str {
        match self {
            Tool::Nervaluate => "nervaluate 1.2.1",
            Tool::NervaluateLegacy => "nervaluate 0.2.0",
            Tool::Seqeval | Tool::SeqevalStrict => "seqeval 1.2.2",
            Tool::PresidioSpan | Tool::PresidioToken => "presidio-evaluator 0.3.2",
            Tool::Tab => "Text Anonymization Benchmark, evaluation.py at c5246a2",
            Tool::Openmed => "openmed 3.1.0",
        }
    }

    /// The knobs that it has.
    pub fn knobs(self) -> &'static [Knob] {
        use Knob::*;
        match self {
            Tool::Nervaluate => &[MinOverlap, Tags],
            Tool::NervaluateLegacy => &[Tags],
            Tool::Seqeval | Tool::SeqevalStrict => &[Scheme, Beta, ZeroDivision, Average, Tokens],
            Tool::PresidioSpan => &[Beta, IouThreshold, Iou, SkipWords, Level, Tokens],
            Tool::PresidioToken => &[Beta, SkipWords, Level, Entities, GenericEntities, Tokens],
            Tool::Tab => &[Direct, IgnoreWords],
            Tool::Openmed => &[],
        }
    }

    /// Does it read the texts, and not the spans alone?
    pub fn reads_texts(self) -> bool {
        !matches!(self, Tool::Nervaluate | Tool::NervaluateLegacy)
    }

    /// Does it read tags?
    pub fn reads_tags(self) -> bool {
        self.knobs().contains(&Knob::Tokens)
    }
}

/// How documents with spans alone are tagged for tools that read tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The tokenizer.
    pub tokenizer: Tokenizer,
    /// The tag scheme, of seqeval.
    pub scheme: super::TagScheme,
}

/// How many spans the tagging could not keep as they are: what [`Tagged`] counts, summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TaggingLoss {
    /// Tokens of the corpus.
    pub tokens: u64,
    /// Gold spans with an edge inside a token.
    pub gold_cut: u64,
    /// Gold spans without a tag of their own.
    pub gold_hidden: u64,
    /// Predictions with an edge inside a token.
    pub pred_cut: u64,
    /// Predictions without a tag of their own.
    pub pred_hidden: u64,
}

impl TaggingLoss {
    /// Adds what became of the gold spans and the predictions of a document.
    pub(super) fn add(&mut self, [gold, pred]: &[Tagged; 2]) {
        self.gold_cut += gold.cut;
        self.gold_hidden += gold.hidden;
        self.pred_cut += pred.cut;
        self.pred_hidden += pred.hidden;
    }
}

/// Tokenizes and tags every document as `tool` needs it. What became of the spans is given per document.
pub fn tag(tool: Tool, spelling: Spelling, corpus: &mut Corpus) -> (TaggingLoss, Vec<[Tagged; 2]>) {
    let tagging = match tool {
        Tool::Seqeval | Tool::SeqevalStrict => Tagging::Scheme(spelling.scheme),
        _ => Tagging::Presidio,
    };
    let mut loss = TaggingLoss::default();
    let mut all = Vec::with_capacity(corpus.docs.len());
    for doc in &mut corpus.docs {
        doc.tokenize(spelling.tokenizer);
        let tagged = doc.tag(tagging, &corpus.labels);
        loss.tokens += doc.tokens.len() as u64;
        loss.add(&tagged);
        all.push(tagged);
    }
    (loss, all)
}

/// All figures of a tool: those of nervaluate under `overall` and `entities` by mode, as its `evaluate()`
/// has them; those of the others as [`evaluate`] has them.
///
/// # Errors
/// As [`evaluate`].
pub fn imitate(
    tool: Tool,
    spelling: Spelling,
    params: &Params,
    corpus: &Corpus,
) -> Result<Value, CompatError> {
    let scheme = match tool {
        Tool::Nervaluate => return nervaluate::all_modes(params, corpus),
        Tool::NervaluateLegacy => {
            let mut overall = Map::new();
            for mode in Mode::ALL {
                let scheme = Scheme::NervaluateLegacy(mode);
                overall.insert(mode.name().to_owned(), evaluate(scheme, params, corpus)?);
            }
            return Ok(json!({ "overall": overall }));
        }
        Tool::Seqeval => Scheme::Seqeval(Decoding::Default),
        Tool::SeqevalStrict => Scheme::Seqeval(Decoding::Strict(spelling.scheme)),
        Tool::PresidioSpan => Scheme::PresidioSpan,
        Tool::PresidioToken => Scheme::PresidioToken,
        Tool::Tab => Scheme::Tab,
        Tool::Openmed => Scheme::OpenmedLeakage,
    };
    evaluate(scheme, params, corpus)
}
