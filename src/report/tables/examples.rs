//! Examples of errors, with every value named and not shown.
//!
//! A value is called by its label and by its number on the page, in the order in which the page first
//! speaks of it. The gold value that an error concerns stands between `‹` and `›`, what the detector
//! marked between `«` and `»`.

use super::errors::meant;
use super::{Listing, kept, told};
use crate::conversation::unit_id;
use crate::report::page_options::PageOptions;
use crate::report::result::BenchResult;
use crate::report::words::{Words, fill};
use crate::scoring::Relation;
use crate::scoring::examples::{Example, Piece, ValueName};

/// The values that a page has spoken of: conversation, and value within it.
#[derive(Debug, Default)]
struct Numbered(Vec<(String, ValueName)>);

impl Numbered {
    fn of(&mut self, conversation: &str, value: &ValueName) -> usize {
        let known = |(c, v): &(String, ValueName)| c == conversation && v == value;
        if let Some(at) = self.0.iter().position(known) {
            return at + 1;
        }
        self.0.push((conversation.to_owned(), value.clone()));
        self.0.len()
    }
}

/// One list per detector whose examples were kept; a hint where none were.
pub fn examples(result: &BenchResult, options: &PageOptions) -> Vec<Listing> {
    let words = options.words();
    let mut numbered = Numbered::default();
    let mut lists = Vec::new();
    let mut hint = Listing {
        title: String::new(),
        items: Vec::new(),
    };
    for (row, metrics) in told(result) {
        let title = fill(&words.titles.examples, &[("name", &row.name)]);
        let Some(kept) = kept(row) else {
            hint.title = title;
            hint.items = vec![(words.sentences.no_examples.clone(), Vec::new())];
            continue;
        };
        let mut items = Vec::new();
        for (&relation, examples) in &kept.classes {
            let all = metrics.errors.get(&relation).copied().unwrap_or(0);
            let head = fill(
                &words.sentences.class_examples,
                &[
                    ("relation", words.relation(relation)),
                    ("kept", &examples.len().to_string()),
                    ("all", &words.count(all)),
                ],
            );
            // In the order of the corpus, not of the draw.
            let mut sorted: Vec<&Example> = examples.values().collect();
            sorted.sort();
            let lines = sorted
                .into_iter()
                .map(|example| line(relation, example, options, &mut numbered))
                .collect();
            items.push((head, lines));
        }
        let textless = kept
            .classes
            .values()
            .flat_map(|class| class.values())
            .all(|example| example.text.is_empty());
        if textless && !items.is_empty() {
            items.push((words.sentences.no_text.clone(), Vec::new()));
        }
        lists.push(Listing { title, items });
    }
    if lists.is_empty() && !hint.items.is_empty() {
        lists.push(hint);
    }
    lists
}

/// `gate-fr-000000358/3 · PASSWORD, 13 characters, none found · … ‹[PASSWORD #3]› …`
fn line(
    relation: Relation,
    example: &Example,
    options: &PageOptions,
    numbered: &mut Numbered,
) -> String {
    let words = options.words();
    let s = &words.sentences;
    let unit = unit_id(&example.conversation, example.turn, &example.pointer);
    let counts = [example.gold_chars, example.found_chars].map(|n| words.count(n.into()));
    let [chars, found] = &counts;
    let gold = example.gold.map(|label| {
        let text = match relation {
            Relation::Missed => &s.example_missed,
            _ => &s.example_gold,
        };
        fill(
            text,
            &[("label", label.id()), ("chars", chars), ("found", found)],
        )
    });
    let predicted = example.predicted.map(|predicted| {
        let named = meant(predicted, words);
        let tool = example.tool_label.as_deref().filter(|tool| **tool != named);
        let named = tool.map_or(named.clone(), |tool| format!("{tool} → {named}"));
        let text = match example.gold {
            Some(_) => &s.example_as,
            None => &s.example_spurious,
        };
        fill(text, &[("predicted", &named)])
    });
    let parts: Vec<String> = [gold, predicted].into_iter().flatten().collect();
    let mut line = format!("{unit} · {}", parts.join(", "));
    if !example.text.is_empty() {
        line.push_str(" · ");
        line.push_str(&excerpt(example, options, words, numbered));
    }
    line
}

/// The text of an example with its values named, or shown where the options ask for it.
fn excerpt(
    example: &Example,
    options: &PageOptions,
    words: &Words,
    numbered: &mut Numbered,
) -> String {
    let mut out = String::new();
    let (mut own, mut marked) = (false, false);
    let withheld =
        |piece: &Piece| piece.value.is_some() && (piece.text.is_none() || !options.values);
    let same = |a: &Piece, b: &Piece| a.value == b.value && withheld(a) && withheld(b);
    for group in example.text.chunk_by(same) {
        let found: u32 = group.iter().map(|piece| piece.found).sum();
        let (is_own, is_marked) = (group.iter().any(|piece| piece.own), found > 0);
        if marked && !is_marked {
            out.push('»');
        }
        if own != is_own {
            out.push(if own { '›' } else { '‹' });
        }
        if !marked && is_marked {
            out.push('«');
        }
        (own, marked) = (is_own, is_marked);
        match &group[0].value {
            Some(value) if withheld(&group[0]) => {
                let chars: u32 = group.iter().map(|piece| piece.chars).sum();
                let number = numbered.of(&example.conversation, value).to_string();
                let part = found > 0 && found < chars;
                let text = match part {
                    true => &words.sentences.value_part,
                    false => &words.sentences.value,
                };
                let (found, chars) = (words.count(found.into()), words.count(chars.into()));
                out.push_str(&fill(
                    text,
                    &[
                        ("label", value.label.id()),
                        ("number", &number),
                        ("found", &found),
                        ("chars", &chars),
                    ],
                ));
            }
            _ => out.push_str(group[0].text.as_deref().unwrap_or_default()),
        }
    }
    if marked {
        out.push('»');
    }
    if own {
        out.push('›');
    }
    out
}
