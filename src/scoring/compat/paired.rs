//! Gold and predictions of many documents, side by side, for the tools and for the native matching.
//!
//! A tool compares names of labels: a prediction **carries** one name (the primary of its list where a
//! label map applies). Natively it **means** a list. [`Paired`] holds both.

use super::{Corpus, Doc, Identifier, LabelId, Labels, Mention, PresidioSpans, TaggedSpan};
use crate::prediction::{Prediction, ToolLabels};
use crate::scoring::matching::Extent;
use crate::scoring::spans::code_points;
use crate::text::ByteRange;

/// A gold span of a document.
#[derive(Clone, Copy, Debug)]
pub struct GoldSpan<'a> {
    /// Where, in bytes of the text.
    pub range: ByteRange,
    /// Its label.
    pub label: &'a str,
    /// Outside the strict scores of the native layer (a correction fragment)?
    pub outside: bool,
    /// Which entity it is a mention of, among those of its document, where that is known (tab).
    pub entity: Option<&'a str>,
}

/// What is read of a text. What nobody reads is not kept.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Keep texts (tokens, graphemes, masks; values shown).
    pub texts: bool,
    /// Make mentions of gold spans (tab): those of these labels are direct identifiers, the others
    /// quasi-identifiers.
    pub mentions: Option<Vec<String>>,
    /// Which documents are kept.
    pub kept: Kept,
}

/// Which documents are kept.
#[derive(Clone, Debug, Default)]
pub enum Kept {
    /// All, with their ids.
    #[default]
    All,
    /// Those with a span, without their ids: for figures of tools that make nothing of the others.
    WithSpans,
    /// None: presidio's span evaluator counts each as it comes.
    Counts(Box<PresidioSpans>),
}

/// What a label of a tool stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The name that tools compare.
    pub carried: LabelId,
    /// The gold labels that it is right for, natively. Empty where it is unmapped.
    pub list: Vec<LabelId>,
}

/// What the native layer knows of one document beyond its spans.
#[derive(Clone, Debug, Default)]
pub struct Native {
    /// Per gold span: outside the strict scores?
    pub outside: Vec<bool>,
    /// Per prediction: which of the tool's labels, an index into [`Paired::meanings`].
    pub tool: Vec<u16>,
}

/// Gold and predictions of many documents.
#[derive(Clone, Debug, Default)]
pub struct Paired {
    /// What the tools read.
    pub corpus: Corpus,
    /// Id per document, where ids are kept.
    pub ids: Vec<String>,
    /// What the native layer reads beside, per document.
    pub native: Vec<Native>,
    /// What the labels of the tool stand for, by number.
    pub meanings: Vec<Meaning>,
    /// How many documents there are, those that were not kept included.
    pub documents: u64,
    reading: Reading,
    /// Gold and predictions of a document that is not kept.
    spans: [Vec<TaggedSpan>; 2],
}

impl Paired {
    /// No documents yet.
    pub fn new(reading: Reading) -> Self {
        Paired {
            reading,
            ..Paired::default()
        }
    }

    /// The labels, to which names can be added.
    pub fn labels(&mut self) -> &mut Labels {
        &mut self.corpus.labels
    }

    /// What presidio's span evaluator counted, where [nothing else was kept](Kept::Counts).
    pub fn counts(&self) -> Option<&PresidioSpans> {
        match &self.reading.kept {
            Kept::Counts(counts) => Some(counts),
            _ => None,
        }
    }

    /// Takes note of labels that the tool has used since: `list` gives what a label means in gold labels,
    /// primary first, and nothing where it keeps its own name.
    pub fn learn<'a>(&mut self, known: &ToolLabels, list: impl Fn(&str) -> Vec<&'a str>) {
        for name in &known.names()[self.meanings.len()..] {
            let list: Vec<LabelId> = list(name)
                .into_iter()
                .map(|label| self.corpus.labels.intern(label))
                .collect();
            let carried = match list.first() {
                Some(&primary) => primary,
                None => self.corpus.labels.intern(name),
            };
            self.meanings.push(Meaning { carried, list });
        }
    }

    /// Adds a document.
    ///
    /// # Panics
    /// When a prediction has a label that was not [learnt](Paired::learn).
    pub fn add<'a>(
        &mut self,
        id: impl FnOnce() -> String,
        text: &str,
        gold: impl Iterator<Item = GoldSpan<'a>>,
        predictions: &[Prediction],
    ) {
        self.documents += 1;
        let mut gold = gold.peekable();
        let without_spans = predictions.is_empty() && gold.peek().is_none();
        let golds = gold.size_hint().1.unwrap_or(usize::MAX);
        let places = Places::of(text, golds.saturating_add(predictions.len()));
        match &mut self.reading.kept {
            Kept::WithSpans if without_spans => return,
            Kept::Counts(counts) => {
                self.spans.iter_mut().for_each(Vec::clear);
                let [golds, found] = &mut self.spans;
                golds.extend(gold.map(|span| {
                    let label = self.corpus.labels.intern(span.label);
                    places.span(span.range, label)
                }));
                found.extend(predictions.iter().map(|found| {
                    let meaning = &self.meanings[usize::from(found.label.0)];
                    places.span(found.range, meaning.carried)
                }));
                counts.add(text, golds, found, &self.corpus.labels);
                return;
            }
            _ => {}
        }
        let mut doc = Doc::default();
        let mut native = Native::default();
        for span in gold {
            let label = self.corpus.labels.intern(span.label);
            let tagged = places.span(span.range, label);
            if let Some(direct) = &self.reading.mentions {
                let place = doc.gold.len();
                let is_direct = direct.iter().any(|label| label == span.label);
                doc.mentions.push(Mention {
                    span: tagged,
                    annotator: "gold".to_owned(),
                    entity: span
                        .entity
                        .map_or_else(|| format!("#{place}"), str::to_owned),
                    identifier: if is_direct {
                        Identifier::Direct
                    } else {
                        Identifier::Quasi
                    },
                });
            }
            doc.gold.push(tagged);
            native.outside.push(span.outside);
        }
        for found in predictions {
            let meaning = &self.meanings[usize::from(found.label.0)];
            doc.pred.push(places.span(found.range, meaning.carried));
            native.tool.push(found.label.0);
        }
        if self.reading.texts {
            doc.text = text.to_owned();
        }
        self.corpus.docs.push(doc);
        if matches!(self.reading.kept, Kept::All) {
            self.ids.push(id());
        }
        self.native.push(native);
    }
}

/// From bytes of a text to code points.
enum Places<'t> {
    /// Of ASCII.
    Same,
    /// For few spans: counted for each.
    Counted(&'t str),
    /// For many: by byte, so that they take no longer than the text is.
    Table(Vec<u32>),
}

impl Places<'_> {
    /// Of a text with so many spans at most.
    fn of(text: &str, spans: usize) -> Places<'_> {
        if text.is_ascii() {
            return Places::Same;
        }
        if spans < 8 {
            return Places::Counted(text);
        }
        let mut places = Vec::with_capacity(text.len() + 1);
        let mut characters = 0;
        for character in text.chars() {
            places.extend(std::iter::repeat_n(characters, character.len_utf8()));
            characters += 1;
        }
        places.push(characters);
        Places::Table(places)
    }

    fn span(&self, range: ByteRange, label: LabelId) -> TaggedSpan {
        let place = |byte: u32| match self {
            Places::Same => byte,
            Places::Counted(text) => code_points(&text[..byte as usize]) as u32,
            Places::Table(places) => places[byte as usize],
        };
        TaggedSpan {
            start: place(range.start),
            end: place(range.end),
            label,
        }
    }
}

impl From<TaggedSpan> for Extent {
    fn from(span: TaggedSpan) -> Extent {
        Extent {
            start: span.start,
            end: span.end,
        }
    }
}
