//! Tokens for documents that have only text and spans, so that the tools that read tokens can score
//! them.
//!
//! Tokens are the words of Unicode (UAX #29), without white space. They are not those of the tool's own
//! tokenizer: figures over them equal the tool's figures when the tool is given these tokens.

use super::{Doc, Labels, TagPair, TaggedSpan, Token};
use unicode_segmentation::UnicodeSegmentation;

impl Doc {
    /// Cuts the text into tokens and gives each one gold and one predicted tag without a prefix: the
    /// label of the first span, by start, in which the token starts or that lies within the token, `O`
    /// where there is none. Replaces what tokens and tags there were.
    ///
    /// ```
    /// use tellerbench::scoring::compat::{Doc, Labels, TaggedSpan};
    ///
    /// let mut labels = Labels::default();
    /// let label = labels.intern("CARD");
    /// let gold = vec![TaggedSpan { start: 9, end: 18, label }];
    /// let mut doc = Doc { text: "ma carte 4000 0000".to_owned(), gold, ..Doc::default() };
    /// doc.tokenize(&labels);
    /// assert_eq!(doc.tags.unwrap().gold, ["O", "O", "CARD", "CARD"]);
    /// ```
    pub fn tokenize(&mut self, labels: &Labels) {
        let mut start = 0;
        self.tokens.clear();
        for word in self.text.split_word_bounds() {
            if !word.trim().is_empty() {
                self.tokens.push(Token {
                    text: word.to_owned(),
                    start,
                });
            }
            start += word.chars().count() as i64;
        }
        self.tags = Some(TagPair {
            gold: tags(&self.tokens, &self.gold, labels),
            pred: tags(&self.tokens, &self.pred, labels),
        });
    }
}

fn tags(tokens: &[Token], spans: &[TaggedSpan], labels: &Labels) -> Vec<String> {
    let mut spans = spans.to_vec();
    spans.sort_by_key(|span| span.start);
    let tag = |token: &Token| {
        let end = token.start + token.text.chars().count() as i64;
        let holds = |span: &&TaggedSpan| {
            let (from, to) = (i64::from(span.start), i64::from(span.end));
            (from <= token.start && token.start < to) || (token.start <= from && to <= end)
        };
        let first = spans.iter().find(holds);
        first.map_or("O", |span| labels.name(span.label)).to_owned()
    };
    tokens.iter().map(tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stand_where_the_text_has_them_in_code_points() {
        let mut doc = Doc {
            text: "né à  Orléans, 😀 ok".to_owned(),
            ..Doc::default()
        };
        doc.tokenize(&Labels::default());
        let text: Vec<char> = doc.text.chars().collect();
        for token in &doc.tokens {
            let start = token.start as usize;
            let here: String = text[start..start + token.text.chars().count()]
                .iter()
                .collect();
            assert_eq!(here, token.text);
        }
        assert_eq!(doc.tokens.len(), 6);
    }

    #[test]
    fn a_span_within_a_token_tags_it_and_one_that_begins_within_it_does_not() {
        let mut labels = Labels::default();
        let label = labels.intern("CODE");
        let mut doc = Doc {
            text: "abc4821 999".to_owned(),
            gold: vec![TaggedSpan {
                start: 3,
                end: 7,
                label,
            }],
            pred: vec![TaggedSpan {
                start: 3,
                end: 11,
                label,
            }],
            ..Doc::default()
        };
        doc.tokenize(&labels);
        let tags = doc.tags.unwrap();
        assert_eq!(tags.gold, ["CODE", "O"]);
        assert_eq!(tags.pred, ["O", "CODE"]);
    }
}
