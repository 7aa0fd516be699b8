//! The compatibility layer: the numbers of other tools, to 1e-9, so that whoever already runs one of
//! them can check ours against it.
//!
//! * A [`Scheme`] names a tool and its mode; [`Params`] are that tool's knobs under that tool's names.
//! * A [`Doc`] is what a tool reads of one document: text, spans, tokens, tags, mentions. Each tool
//!   looks at its own part of it.
//! * [`evaluate`] answers with JSON shaped like the tool's own report. `null` is what the tool calls
//!   NaN.
//!
//! The rule of this layer: a tool's defects are part of its numbers and are reproduced (greedy matches
//! that hang on the order of the input, an entity counted both as found and as missed). Nothing here
//! feeds the native scores.

mod conlleval;
mod decode;
mod explain;
mod figures;
mod legacy;
pub mod nervaluate;
mod openmed;
mod paired;
mod params;
mod presidio;
mod presidio_span;
mod presidio_token;
mod scheme;
mod seqeval;
mod tab;
mod tokens;
mod tool;
mod words;

pub use explain::{Cause, Explanation, Instance, Totals, explain};
pub use paired::{GoldSpan, Kept, Meaning, Native, Paired, Reading};
pub use params::{Average, Level, Params, SkipWords, ZeroDivision};
pub use presidio_span::PresidioSpans;
pub use scheme::{Decoding, Scheme, TagScheme, UnknownScheme};
pub use tokens::{Tagged, Tagging, Tokenizer};
pub use tool::{Knob, Spelling, TaggingLoss, Tool, imitate, tag};

use crate::lookup::Lookup;
use serde_json::Value;

/// A label of a [`Corpus`]: an index into its [`Labels`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(pub u32);

/// The names of labels, each once.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    names: Vec<String>,
    places: Lookup<String, LabelId>,
}

impl Labels {
    /// The id of a label, which is added where it is new.
    pub fn intern(&mut self, name: &str) -> LabelId {
        if let Some(&known) = self.places.get(name) {
            return known;
        }
        let id = LabelId(self.names.len() as u32);
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), id);
        id
    }

    /// The id of a label that is known.
    pub fn find(&self, name: &str) -> Option<LabelId> {
        self.places.get(name).copied()
    }

    /// The name of a label.
    ///
    /// # Panics
    /// When the label is of other labels than these.
    pub fn name(&self, label: LabelId) -> &str {
        &self.names[label.0 as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// A range of a document under a label: half-open, in code points (in tokens, for seqeval).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaggedSpan {
    /// First position.
    pub start: u32,
    /// One past the last position.
    pub end: u32,
    /// Its label.
    pub label: LabelId,
}

impl TaggedSpan {
    /// How many positions it holds.
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Does it hold none?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many positions two spans share.
    pub fn overlap(self, other: TaggedSpan) -> u32 {
        self.end
            .min(other.end)
            .saturating_sub(self.start.max(other.start))
    }
}

/// A token of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it says.
    pub text: String,
    /// Its first code point in the document.
    pub start: i64,
}

/// One gold and one predicted tag per token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagPair {
    /// Gold tags.
    pub gold: Vec<String>,
    /// Predicted tags.
    pub pred: Vec<String>,
}

/// What a mention says of the person that it is about (Text Anonymization Benchmark).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// Alone it names the person.
    Direct,
    /// With others it can.
    Quasi,
    /// It needs no mask.
    NoMask,
}

/// A gold mention of an entity, by one annotator (Text Anonymization Benchmark).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it is, and the type of its entity.
    pub span: TaggedSpan,
    /// Who marked it.
    pub annotator: String,
    /// Which entity it is of, among those of its annotator in this document.
    pub entity: String,
    /// What it says of the person.
    pub identifier: Identifier,
}

/// One document, as far as some tool reads it.
#[derive(Clone, Debug, Default)]
pub struct Doc {
    /// Its text (tab, openmed).
    pub text: String,
    /// Gold spans in the order of the input, on which greedy tools depend (nervaluate, openmed, and
    /// seqeval where there are no tags).
    pub gold: Vec<TaggedSpan>,
    /// Predicted spans, likewise (and tab, which ignores their labels).
    pub pred: Vec<TaggedSpan>,
    /// Tokens (presidio). [`Doc::tokenize`] makes them where there are none.
    pub tokens: Vec<Token>,
    /// Tags (presidio, seqeval, conlleval).
    pub tags: Option<TagPair>,
    /// Gold mentions (tab).
    pub mentions: Vec<Mention>,
    /// Ranges of code points whose characters need no mask (tab), where a tokenizer gave them.
    /// Otherwise they are the words of [`Params::tokens_to_ignore`].
    pub ignored: Option<Vec<(u32, u32)>>,
}

/// The documents of one evaluation.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// The labels of their spans.
    pub labels: Labels,
    /// The documents, in the order of the input.
    pub docs: Vec<Doc>,
}

/// Why a tool would have no number either, or cannot be imitated on this input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompatError {
    /// A knob outside what the tool accepts.
    #[error("{name} is {given}: {expected}")]
    Knob {
        /// The knob.
        name: &'static str,
        /// What it was.
        given: String,
        /// What it may be.
        expected: &'static str,
    },
    /// The scheme reads something that a document does not have.
    #[error("document {doc}: {missing}")]
    Missing {
        /// Which document, from 0.
        doc: usize,
        /// What it lacks.
        missing: &'static str,
    },
    /// Gold, predictions, and tokens of a document do not line up.
    #[error("document {doc}: {gold} gold tags, {pred} predicted tags, {tokens} tokens")]
    Lengths {
        /// Which document, from 0.
        doc: usize,
        /// How many gold tags.
        gold: usize,
        /// How many predicted tags.
        pred: usize,
        /// How many tokens.
        tokens: usize,
    },
    /// A tag that the tag scheme does not have.
    #[error("document {doc}, token {token}: `{tag}` is no tag of {scheme}")]
    Tag {
        /// Which document, from 0.
        doc: usize,
        /// Which token, from 0.
        token: usize,
        /// The tag.
        tag: String,
        /// The scheme.
        scheme: String,
    },
}

/// The numbers of a tool for a corpus, as JSON shaped like the tool's own report.
///
/// A pure function: equal input gives equal numbers.
///
/// ```
/// use tellerbench::scoring::compat::{Corpus, Doc, Labels, Params, TaggedSpan, evaluate};
///
/// let mut labels = Labels::default();
/// let iban = labels.intern("IBAN");
/// let span = |start, end| TaggedSpan { start, end, label: iban };
/// let doc = Doc { gold: vec![span(3, 30)], pred: vec![span(3, 29)], ..Doc::default() };
/// let corpus = Corpus { labels, docs: vec![doc] };
/// let scheme = "nervaluate.partial".parse().unwrap();
/// let report = evaluate(scheme, &Params::default(), &corpus).unwrap();
/// assert_eq!(report["partial"], 1);
/// assert_eq!(report["f1"], 0.5);
/// ```
///
/// # Errors
/// Where the tool itself would refuse the input, or the input lacks what the tool reads.
pub fn evaluate(scheme: Scheme, params: &Params, corpus: &Corpus) -> Result<Value, CompatError> {
    match scheme {
        Scheme::Nervaluate(mode) => nervaluate::evaluate(mode, params, corpus),
        Scheme::NervaluateLegacy(mode) => Ok(legacy::evaluate(mode, params, corpus)),
        Scheme::Seqeval(decoding) => seqeval::evaluate(decoding, params, corpus),
        Scheme::SeqevalDecode(decoding) => decode::evaluate(decoding, params, corpus),
        Scheme::Conlleval => conlleval::evaluate(corpus),
        Scheme::PresidioSpan => presidio_span::evaluate(params, corpus),
        Scheme::PresidioToken => presidio_token::evaluate(params, corpus),
        Scheme::Tab => tab::evaluate(params, corpus),
        Scheme::OpenmedLeakage => Ok(openmed::evaluate(corpus)),
    }
}
