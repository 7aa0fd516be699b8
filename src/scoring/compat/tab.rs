//! The Text Anonymization Benchmark (Pilán et al., 2022), `evaluation.py` at commit c5246a2, with
//! uniform weights and without its part-of-speech rule.
//!
//! * The **mask** is the union of the predictions, whatever their labels.
//! * A range is **masked** when every character of it that is outside the mask is an ignored character
//!   or lies in an ignored word.
//! * An entity needs masking when one of its mentions does, and is masked when all of those are. It is
//!   direct when its first mention is. All its mentions count in the recall of mentions.
//!
//! Recalls pool annotators. Precision is the share of (masked token, annotator) pairs in which a mention
//! of that annotator covers the token; predictions that overlap are counted each. 0/0 is 0.

use super::{CompatError, Corpus, Doc, Identifier, Mention, Params, figures};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The report of the benchmark.
///
/// # Errors
/// When a span ends beyond its text.
pub(super) fn evaluate(params: &Params, corpus: &Corpus) -> Result<Value, CompatError> {
    let mut sums = Sums::default();
    for (place, doc) in corpus.docs.iter().enumerate() {
        let page = Page::read(place, doc, params)?;
        sums.add(&page, corpus);
    }
    Ok(sums.report())
}

/// How many of how many.
#[derive(Clone, Copy, Default)]
struct Share {
    part: u64,
    whole: u64,
}

impl Share {
    fn add(&mut self, part: u64, whole: u64) {
        self.part += part;
        self.whole += whole;
    }

    fn ratio(self) -> f64 {
        figures::ratio(self.part as f64, self.whole as f64, 0.0)
    }
}

#[derive(Default)]
struct Sums<'a> {
    tokens: Share,
    mentions: Share,
    direct: Share,
    quasi: Share,
    token_precision: Share,
    mention_precision: Share,
    by_type: BTreeMap<&'a str, Share>,
}

impl<'a> Sums<'a> {
    fn add(&mut self, page: &Page<'_>, corpus: &'a Corpus) {
        for entity in page.entities() {
            if !entity.needs_masking() {
                continue;
            }
            let masked = entity.mentions.iter().all(|mention| {
                mention.identifier == Identifier::NoMask || page.masked(range(mention))
            });
            let kind = if entity.direct() {
                &mut self.direct
            } else {
                &mut self.quasi
            };
            kind.add(u64::from(masked), 1);
            let label = corpus.labels.name(entity.mentions[0].span.label);
            let of_type = self.by_type.entry(label).or_default();
            for mention in &entity.mentions {
                self.mentions.add(u64::from(page.masked(range(mention))), 1);
                for token in page.words(range(mention)) {
                    let masked = u64::from(page.masked(token));
                    self.tokens.add(masked, 1);
                    of_type.add(masked, 1);
                }
            }
        }
        for pred in &page.doc.pred {
            let mask = (pred.start as usize, pred.end as usize);
            let all = page.annotators;
            self.mention_precision.add(page.agreeing(mask), all);
            for token in page.words(mask) {
                self.token_precision.add(page.agreeing(token), all);
            }
        }
    }

    fn report(self) -> Value {
        let mut entities = self.direct;
        entities.add(self.quasi.part, self.quasi.whole);
        // A type without a single word has no figure: the tool stops there.
        let by_type: Map<String, Value> = self
            .by_type
            .iter()
            .map(|(label, share)| {
                let ratio = figures::ratio(share.part as f64, share.whole as f64, f64::NAN);
                ((*label).to_owned(), json!(ratio))
            })
            .collect();
        json!({
            "token_recall": self.tokens.ratio(),
            "mention_recall": self.mentions.ratio(),
            "recall_all_entities": entities.ratio(),
            "recall_direct_entities": self.direct.ratio(),
            "recall_quasi_entities": self.quasi.ratio(),
            "token_precision": self.token_precision.ratio(),
            "mention_precision": self.mention_precision.ratio(),
            "token_recall_by_type": by_type,
        })
    }
}

fn range(mention: &Mention) -> (usize, usize) {
    (mention.span.start as usize, mention.span.end as usize)
}

/// The mentions of one entity, in the order of the input.
struct Entity<'d> {
    mentions: Vec<&'d Mention>,
}

impl Entity<'_> {
    fn needs_masking(&self) -> bool {
        self.mentions
            .iter()
            .any(|mention| mention.identifier != Identifier::NoMask)
    }

    fn direct(&self) -> bool {
        self.mentions[0].identifier == Identifier::Direct
    }
}

/// A document with its mask drawn.
struct Page<'d> {
    doc: &'d Doc,
    /// Per code point: is it part of a word?
    in_word: Vec<bool>,
    /// Per code point: is it masked, or can it be ignored?
    harmless: Vec<bool>,
    annotators: u64,
}

impl<'d> Page<'d> {
    fn read(place: usize, doc: &'d Doc, params: &Params) -> Result<Self, CompatError> {
        let text: Vec<char> = doc.text.chars().collect();
        let gold = doc.mentions.iter().map(|mention| mention.span);
        if gold
            .chain(doc.pred.iter().copied())
            .any(|span| span.end as usize > text.len())
        {
            return Err(CompatError::Missing {
                doc: place,
                missing: "the text ends before a span does",
            });
        }
        let mut page = Page {
            doc,
            in_word: word_characters(&doc.text),
            harmless: text
                .iter()
                .map(|&c| params.characters_to_ignore.contains(c))
                .collect(),
            annotators: doc
                .mentions
                .iter()
                .map(|mention| mention.annotator.as_str())
                .collect::<BTreeSet<_>>()
                .len() as u64,
        };
        let mut harmless = std::mem::take(&mut page.harmless);
        let mut clear = |(start, end): (usize, usize)| {
            let end = end.min(harmless.len());
            if start < end {
                harmless[start..end].fill(true);
            }
        };
        for pred in &doc.pred {
            clear((pred.start as usize, pred.end as usize));
        }
        match &doc.ignored {
            Some(ranges) => ranges
                .iter()
                .for_each(|&(start, end)| clear((start as usize, end as usize))),
            None => page
                .words((0, text.len()))
                .filter(|&(start, end)| {
                    let word: String = text[start..end].iter().collect();
                    params.tokens_to_ignore.contains(&word.to_lowercase())
                })
                .for_each(clear),
        }
        page.harmless = harmless;
        Ok(page)
    }

    fn masked(&self, (start, end): (usize, usize)) -> bool {
        self.harmless[start..end].iter().all(|&harmless| harmless)
    }

    /// The words within a range; a word that crosses its edge is cut there.
    fn words(&self, (start, end): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
        let mut at = start;
        std::iter::from_fn(move || {
            let first = at + self.in_word[at..end].iter().position(|&inside| inside)?;
            let rest = self.in_word[first..end].iter();
            let beyond = first + rest.take_while(|&&inside| inside).count();
            at = beyond;
            Some((first, beyond))
        })
    }

    /// How many annotators have a mention to be masked that covers the whole range.
    fn agreeing(&self, (start, end): (usize, usize)) -> u64 {
        let covering = self.doc.mentions.iter().filter(|mention| {
            let (from, to) = range(mention);
            mention.identifier != Identifier::NoMask && from <= start && end <= to
        });
        covering
            .map(|mention| mention.annotator.as_str())
            .collect::<BTreeSet<_>>()
            .len() as u64
    }

    fn entities(&self) -> Vec<Entity<'d>> {
        let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut entities: Vec<Entity<'d>> = Vec::new();
        for mention in &self.doc.mentions {
            let key = (mention.annotator.as_str(), mention.entity.as_str());
            let place = *places.entry(key).or_insert(entities.len());
            match entities.get_mut(place) {
                Some(entity) => entity.mentions.push(mention),
                None => entities.push(Entity {
                    mentions: vec![mention],
                }),
            }
        }
        entities
    }
}

/// Per code point, what Python's `\w` matches: letters, numbers, and the underscore.
fn word_characters(text: &str) -> Vec<bool> {
    // `\w` of the regex crate is another set: it takes combining marks and leaves `²` out.
    static WORD: std::sync::LazyLock<regex::Regex> =
        std::sync::LazyLock::new(|| regex::Regex::new(r"^[\p{L}\p{N}_]").expect("a fixed pattern"));
    text.char_indices()
        .map(|(at, c)| {
            if c.is_ascii() {
                c.is_ascii_alphanumeric() || c == '_'
            } else {
                WORD.is_match(&text[at..])
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Labels, TaggedSpan};
    use super::*;

    fn corpus(
        text: &str,
        mentions: &[(u32, u32, &str, Identifier)],
        pred: &[(u32, u32)],
    ) -> Corpus {
        let mut labels = Labels::default();
        let label = labels.intern("CODE");
        let span = |start, end| TaggedSpan { start, end, label };
        let mention = |&(start, end, entity, identifier): &(u32, u32, &str, Identifier)| Mention {
            span: span(start, end),
            annotator: "a".to_owned(),
            entity: entity.to_owned(),
            identifier,
        };
        let doc = Doc {
            text: text.to_owned(),
            mentions: mentions.iter().map(mention).collect(),
            pred: pred.iter().map(|&(start, end)| span(start, end)).collect(),
            ..Doc::default()
        };
        Corpus {
            labels,
            docs: vec![doc],
        }
    }

    #[test]
    fn titles_and_punctuation_need_no_mask() {
        let whole = (0, 11, "e", Identifier::Direct);
        let corpus = corpus("Mr. Fenwike", &[whole], &[(4, 11)]);
        let report = evaluate(&Params::default(), &corpus).unwrap();
        assert_eq!(report["recall_direct_entities"], 1.0);
    }

    #[test]
    fn an_entity_is_masked_only_when_all_its_mentions_are() {
        let mentions = [
            (0, 3, "e", Identifier::Quasi),
            (4, 7, "e", Identifier::Quasi),
        ];
        let corpus = corpus("abc abc", &mentions, &[(0, 3)]);
        let report = evaluate(&Params::default(), &corpus).unwrap();
        assert_eq!(report["recall_quasi_entities"], 0.0);
        assert_eq!(report["mention_recall"], 0.5);
    }

    #[test]
    fn a_span_beyond_the_text_is_an_error() {
        let corpus = corpus("abc", &[], &[(0, 4)]);
        assert!(evaluate(&Params::default(), &corpus).is_err());
    }

    #[test]
    fn words_are_what_python_calls_words() {
        assert_eq!(word_characters("a²_-é"), [true, true, true, false, true]);
        assert_eq!(word_characters("e\u{301}"), [true, false]);
    }
}
