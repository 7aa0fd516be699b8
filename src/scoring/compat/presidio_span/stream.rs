//! The span evaluator over texts and spans, a document at a time: nothing of a document is kept.

use super::{Counts, Page, Skip, Tag, Word};
use crate::scoring::compat::presidio::OUTSIDE;
use crate::scoring::compat::tokens::{Placed, Words};
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
        let side = |spans: &[TaggedSpan]| {
            let tagged = Words(&words).tagged(Tagging::Presidio, spans);
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
        let page = Page::new(words, &sides, &self.skip, !self.params.char_based);
        page.count(&sides, &self.params, labels, &mut self.counts);
    }

    fn words<'t>(&self, text: &'t str) -> Vec<Word<'t>> {
        let cut = self.tokenizer.cut(text).into_iter();
        if text.is_ascii() {
            let word = |(from, to)| Word::new(&text[from..to], from as i64, to as i64);
            return cut.map(word).collect();
        }
        let (mut bytes, mut place) = (0, 0);
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

impl Placed for Word<'_> {
    fn place(&self) -> (i64, i64) {
        (self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::compat::{Corpus, Doc, Scheme, Spelling, TagScheme, Tool, evaluate, tag};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counting_as_documents_come_gives_the_report_over_all_of_them(
            texts in proptest::collection::vec("[a-cA-CéİO' ,\\-]{0,16}", 1..4),
            spans in proptest::collection::vec((0u32..12, 1u32..8, 0usize..4, any::<bool>()), 0..10),
        ) {
            let mut labels = Labels::default();
            let names = ["A", "B", "O", "PII"].map(|name| labels.intern(name));
            let mut docs: Vec<Doc> = texts
                .iter()
                .map(|text| Doc { text: text.clone(), ..Doc::default() })
                .collect();
            for (at, (start, length, label, is_gold)) in spans.into_iter().enumerate() {
                let place = at % docs.len();
                let doc = &mut docs[place];
                let span = TaggedSpan { start, end: start + length, label: names[label] };
                if is_gold { doc.gold.push(span) } else { doc.pred.push(span) }
            }
            let params = Params::default();
            let mut counts = PresidioSpans::new(&params, Tokenizer::Words);
            for doc in &docs {
                counts.add(&doc.text, &doc.gold, &doc.pred, &labels);
            }
            let streamed = counts.report(&labels);
            let spelling = Spelling { tokenizer: Tokenizer::Words, scheme: TagScheme::Iob2 };
            let mut corpus = Corpus { labels, docs };
            let (loss, _) = tag(Tool::PresidioSpan, spelling, &mut corpus);
            prop_assert_eq!(counts.loss(), loss);
            prop_assert_eq!(streamed, evaluate(Scheme::PresidioSpan, &params, &corpus).unwrap());
        }
    }
}
