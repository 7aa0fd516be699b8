//! The span evaluator over texts and spans, a document at a time: nothing of a document is kept.

use super::{Counts, Page, Skip, Tag, Word};
use crate::scoring::compat::presidio::OUTSIDE;
use crate::scoring::compat::tokens::Words;
use crate::scoring::compat::{Labels, Params, TaggedSpan, Tagging, TaggingLoss, Tokenizer};
use crate::scoring::spans::code_points;
use serde_json::Value;

/// What presidio-evaluator's span evaluator counts over documents that it is shown one by one. The figures are
/// those of [`evaluate`](crate::scoring::compat::evaluate) over the same documents once they are
/// [tagged](crate::scoring::compat::tag).
#[derive(Clone, Debug)]
pub struct PresidioSpans {
    params: Params,
    tokenizer: Tokenizer,
    skip: Skip,
    counts: Counts,
    loss: TaggingLoss,
}

impl PresidioSpans {
    /// No documents yet.
    pub fn new(params: &Params, tokenizer: Tokenizer) -> Self {
        PresidioSpans {
            params: params.clone(),
            tokenizer,
            skip: Skip::of(params),
            counts: Counts::default(),
            loss: TaggingLoss::default(),
        }
    }

    /// Counts a document: its text, and its spans in code points under `labels`.
    pub fn add(&mut self, text: &str, gold: &[TaggedSpan], pred: &[TaggedSpan], labels: &Labels) {
        if gold.is_empty() && pred.is_empty() {
            self.loss.tokens += self.tokenizer.count(text);
            return;
        }
        let words = self.words(text);
        self.loss.tokens += words.len() as u64;
        let ends = Words::new(words.iter().map(|word| (word.start, word.end)));
        let side = |spans: &[TaggedSpan]| {
            let tagged = ends.tagged(Tagging::Presidio, spans);
            let label = |at: u32| spans[at as usize].label;
            let tag = |owner: &Option<u32>| owner.map(label);
            let tags: Vec<Tag> = tagged.owner.iter().map(tag).collect();
            (tags, tagged)
        };
        let (gold, of_gold) = side(gold);
        let (pred, of_pred) = side(pred);
        self.loss.add(&[of_gold, of_pred]);
        let mut sides = [gold, pred];
        if let Some(outside) = labels.find(OUTSIDE) {
            let tags = sides.iter_mut().flatten();
            tags.for_each(|tag| *tag = tag.filter(|&label| label != outside));
        }
        let page = Page::new(words, &sides, &self.skip);
        page.count(&sides, &self.params, labels, &mut self.counts);
    }

    fn words<'t>(&self, text: &'t str) -> Vec<Word<'t>> {
        let (mut bytes, mut place) = (0, 0);
        let cut = self.tokenizer.cut(text).into_iter();
        cut.map(|(from, to)| {
            let start = place + code_points(&text[bytes..from]) as i64;
            let word = &text[from..to];
            place = start + code_points(word) as i64;
            bytes = to;
            Word::new(word, start, place)
        })
        .collect()
    }

    /// What the tagging could not keep as it is.
    pub fn loss(&self) -> TaggingLoss {
        self.loss
    }

    /// The report of the evaluator.
    pub fn report(&self, labels: &Labels) -> Value {
        self.counts.evaluation(labels).report(&self.params)
    }
}
