//! Documents become conversations with labels of ours.
//!
//! A **cluster** is what the bootstrap draws: a customer. Where a corpus names no conversation, every
//! message is one; where it names no customer, the conversation is the customer. Messages of one
//! template are phrases of one kind, which the bootstrap draws together.

use super::document::Document;
use super::labels::{GoldLabels, Meaning, Unmapped};
use crate::calendar::{Date, Moment, Zone};
use crate::conversation::{
    Body, Conversation, Fact, FactId, Mark, Message, MessageKind, Name, Owner, Span, Speaker,
    Split, names,
};
use crate::taxonomy::Label;
use crate::text::ByteRange;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The language of a message whose corpus does not say it (BCP 47: undetermined).
pub const UNDETERMINED: &str = "und";

names! {
    /// What stands for a customer when intervals are drawn.
    pub enum Clusters {
        /// Customers, as the corpus names them.
        Customers = "customers",
        /// Conversations: it names no customers.
        Conversations = "conversations",
        /// Messages: it names neither.
        Messages = "messages",
    }
}

/// Where a document has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id in the corpus, where it has one.
    pub id: Option<String>,
    /// Which conversation, from 0.
    pub conversation: usize,
    /// Which message of it, from 0.
    pub turn: u32,
    /// The line of the corpus on which it begins.
    pub line: u64,
}

/// A foreign corpus, with labels of ours.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The conversations, in the order of their first messages.
    pub conversations: Vec<Conversation>,
    /// The documents, in the order of the file.
    pub units: Vec<Unit>,
    /// Spans of ours.
    pub spans: u64,
    /// Spans that count neither way, by label of the corpus.
    pub ignored: BTreeMap<String, u64>,
    /// Spans by label of the corpus.
    pub labels: BTreeMap<String, u64>,
    /// Spans that were given twice: the same range under the same label of ours. They count once.
    pub repeated: u64,
    /// Rows of the label map that no span has used.
    pub unused: Vec<String>,
    /// What stands for a customer.
    pub clusters: Option<Clusters>,
}

/// Why a corpus has not become conversations.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Labels that nobody has mapped.
    #[error("{0}")]
    Unmapped(Unmapped),
    /// A word for a speaker that nobody has mapped.
    #[error(
        "line {line}: speaker `{word}` is none of customer, bot, agent, notification: map it under \
         [speakers] in the mapping file"
    )]
    Speaker {
        /// The line.
        line: u64,
        /// The word.
        word: String,
    },
    /// One conversation, two customers.
    #[error(
        "line {line}: conversation `{conversation}` is `{customer}`'s here and another customer's before"
    )]
    Customer {
        /// The line.
        line: u64,
        /// The conversation.
        conversation: String,
        /// The customer of this line.
        customer: String,
    },
}

/// What to do with labels that nobody has mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum UnmappedLabels {
    /// They are an error.
    #[default]
    Error,
    /// Their spans count neither way.
    Ignore,
}

/// Takes documents, gives conversations.
#[derive(Debug, Default)]
pub struct Importer {
    labels: GoldLabels,
    unmapped: UnmappedLabels,
    speakers: BTreeMap<String, Speaker>,
    language: Option<String>,
    imported: Imported,
    unknown: BTreeMap<String, u64>,
    /// Conversations by the name that the corpus gives them.
    known: BTreeMap<String, usize>,
    /// The values of each conversation so far.
    facts: Vec<BTreeMap<(Label, String), FactId>>,
    customers: bool,
    conversations: bool,
}

impl Importer {
    /// An importer that has seen nothing.
    pub fn new(labels: GoldLabels, unmapped: UnmappedLabels) -> Self {
        Importer {
            labels,
            unmapped,
            ..Importer::default()
        }
    }

    /// Which speaker of ours a word of the corpus means.
    #[must_use]
    pub fn speakers(self, speakers: BTreeMap<String, Speaker>) -> Self {
        Importer { speakers, ..self }
    }

    /// The language of messages whose corpus does not say it.
    #[must_use]
    pub fn language(self, language: Option<String>) -> Self {
        Importer { language, ..self }
    }

    /// Takes a document.
    ///
    /// # Errors
    /// A speaker that nobody has mapped; a conversation of two customers.
    pub fn add(&mut self, document: Document) -> Result<(), ImportError> {
        let speaker = self.speaker(&document)?;
        let at = self.conversation(&document)?;
        let conversation = &mut self.imported.conversations[at];
        let turn = conversation.messages.len() as u32;
        let mut marks = Vec::with_capacity(document.spans.len());
        let mut seen: BTreeSet<(ByteRange, Label)> = BTreeSet::new();
        for span in &document.spans {
            *self.imported.labels.entry(span.label.clone()).or_default() += 1;
            let label = match self.labels.of(&span.label) {
                Some(Meaning::Ours(label)) => label,
                meaning => {
                    if meaning.is_none() {
                        *self.unknown.entry(span.label.clone()).or_default() += 1;
                    }
                    *self.imported.ignored.entry(span.label.clone()).or_default() += 1;
                    marks.push((span.range(), Mark::Ignored(Name::Owned(span.label.clone()))));
                    continue;
                }
            };
            if !seen.insert((span.range(), label)) {
                self.imported.repeated += 1;
                continue;
            }
            self.imported.spans += 1;
            let value = document.covered(span).to_owned();
            let fact = fact(&mut self.facts[at], conversation, label, value);
            marks.push((span.range(), Mark::Span(gold(label, fact))));
        }
        self.imported.units.push(Unit {
            id: document.id,
            conversation: at,
            turn,
            line: document.line,
        });
        let body =
            Body::from_parts(document.text, marks).expect("raw spans are ranges of their text");
        conversation.messages.push(Message {
            turn,
            speaker,
            kind: MessageKind::Text,
            ts: Moment::new(conversation.as_of, turn, Zone::Britain),
            body,
            phrases: document.template.into_iter().map(Name::Owned).collect(),
            fields: Vec::new(),
        });
        Ok(())
    }

    /// The conversations.
    ///
    /// # Errors
    /// Every label that nobody has mapped, unless these are ignored.
    pub fn finish(mut self) -> Result<Imported, ImportError> {
        if self.unmapped == UnmappedLabels::Error && !self.unknown.is_empty() {
            return Err(ImportError::Unmapped(Unmapped(self.unknown)));
        }
        let unused = self.labels.unused(&self.imported.labels);
        self.imported.unused = unused.map(str::to_owned).collect();
        self.imported.clusters = Some(match (self.customers, self.conversations) {
            (true, _) => Clusters::Customers,
            (false, true) => Clusters::Conversations,
            (false, false) => Clusters::Messages,
        });
        Ok(self.imported)
    }

    fn speaker(&self, document: &Document) -> Result<Speaker, ImportError> {
        let Some(word) = &document.speaker else {
            return Ok(Speaker::Customer);
        };
        let mapped = self.speakers.get(word).copied();
        mapped
            .or_else(|| Speaker::named(word))
            .ok_or_else(|| ImportError::Speaker {
                line: document.line,
                word: word.clone(),
            })
    }

    /// The conversation of a document, which is begun where it is new.
    fn conversation(&mut self, document: &Document) -> Result<usize, ImportError> {
        self.conversations |= document.conversation.is_some();
        self.customers |= document.customer.is_some();
        if let Some(name) = &document.conversation
            && let Some(&at) = self.known.get(name)
        {
            let known = &self.imported.conversations[at].customer;
            return match &document.customer {
                Some(customer) if customer != known => Err(ImportError::Customer {
                    line: document.line,
                    conversation: name.clone(),
                    customer: customer.clone(),
                }),
                _ => Ok(at),
            };
        }
        let at = self.imported.conversations.len();
        let name = match (&document.conversation, &document.id) {
            (Some(name), _) => {
                self.known.insert(name.clone(), at);
                name.clone()
            }
            (None, Some(id)) => id.clone(),
            (None, None) => format!("message-{}", self.imported.units.len() + 1),
        };
        let language = document.language.clone().or_else(|| self.language.clone());
        self.facts.push(BTreeMap::new());
        self.imported.conversations.push(Conversation {
            customer: document.customer.clone().unwrap_or_else(|| name.clone()),
            id: name,
            lang: language.map_or(Name::Borrowed(UNDETERMINED), Name::Owned),
            bank: Name::Borrowed(""),
            channel: Name::Borrowed(""),
            policy: Name::Borrowed(""),
            intents: Vec::new(),
            writer: Name::Borrowed(""),
            variety: None,
            split: Split::Test,
            as_of: Date::from_days(0),
            facts: Vec::new(),
            messages: Vec::new(),
        });
        Ok(at)
    }
}

/// One value is one fact, however often a conversation says it in the same words. Where a
/// conversation has more values than facts can be numbered, the rest stand for themselves.
fn fact(
    known: &mut BTreeMap<(Label, String), FactId>,
    conversation: &mut Conversation,
    label: Label,
    value: String,
) -> Option<FactId> {
    let key = (label, value);
    if let Some(&fact) = known.get(&key) {
        return Some(fact);
    }
    let id = FactId(u16::try_from(known.len()).ok()?);
    conversation.facts.push(Fact {
        id,
        label,
        kind: Name::Borrowed("given"),
        value: key.1.clone(),
        owner: Owner::Customer,
        links: Vec::new(),
    });
    known.insert(key, id);
    Some(id)
}

fn gold(label: Label, fact: Option<FactId>) -> Span {
    Span {
        label,
        fact,
        form: None,
        valid: None,
        strict_valid: None,
        safety: None,
        asked: None,
        part: None,
        lookalike: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::documents::RawSpan;

    fn document(conversation: Option<&str>, text: &str, spans: &[(u32, u32, &str)]) -> Document {
        Document {
            conversation: conversation.map(str::to_owned),
            text: text.to_owned(),
            spans: spans
                .iter()
                .map(|&(start, end, label)| RawSpan {
                    start,
                    end,
                    label: label.to_owned(),
                    text: None,
                    score: None,
                })
                .collect(),
            ..Document::default()
        }
    }

    fn import(documents: Vec<Document>, unmapped: UnmappedLabels) -> Result<Imported, ImportError> {
        let mut importer = Importer::new(GoldLabels::default(), unmapped);
        for document in documents {
            importer.add(document)?;
        }
        importer.finish()
    }

    #[test]
    fn without_ids_every_message_is_a_conversation_and_a_customer() {
        let two = vec![document(None, "a", &[]), document(None, "b", &[])];
        let imported = import(two, UnmappedLabels::Error).unwrap();
        assert_eq!(imported.conversations.len(), 2);
        assert_eq!(imported.conversations[1].customer, "message-2");
        assert_eq!(imported.clusters, Some(Clusters::Messages));
    }

    #[test]
    fn messages_of_one_conversation_come_together_wherever_they_stand() {
        let three = vec![
            document(Some("x"), "PIN 4821", &[(4, 8, "CARD_PIN")]),
            document(Some("y"), "b", &[]),
            document(Some("x"), "4821, I said", &[(0, 4, "CARD_PIN")]),
        ];
        let imported = import(three, UnmappedLabels::Error).unwrap();
        let turns: Vec<(usize, u32)> = imported
            .units
            .iter()
            .map(|unit| (unit.conversation, unit.turn))
            .collect();
        assert_eq!(turns, [(0, 0), (1, 0), (0, 1)]);
        assert_eq!(
            imported.conversations[0].facts.len(),
            1,
            "one value, said twice"
        );
        assert_eq!(imported.clusters, Some(Clusters::Conversations));
    }

    #[test]
    fn two_foreign_labels_of_one_meaning_on_one_range_are_one_span() {
        let labels = GoldLabels::parse("CARD = \"PAN\"\nNRP = false").unwrap();
        let mut importer = Importer::new(labels, UnmappedLabels::Error);
        let spans = [(0, 4, "CARD"), (0, 4, "PAN"), (0, 2, "PAN")];
        importer.add(document(None, "4242", &spans)).unwrap();
        let imported = importer.finish().unwrap();
        assert_eq!((imported.spans, imported.repeated), (2, 1));
        assert_eq!(imported.unused, ["NRP"]);
    }

    #[test]
    fn unmapped_labels_are_all_reported_or_all_ignored() {
        let spans = [(0, 1, "NRP"), (1, 2, "NRP"), (2, 3, "TITLE")];
        let one = || vec![document(None, "abc", &spans)];
        let error = import(one(), UnmappedLabels::Error).unwrap_err();
        let expected = Unmapped([("NRP".to_owned(), 2), ("TITLE".to_owned(), 1)].into());
        assert_eq!(error, ImportError::Unmapped(expected));
        let imported = import(one(), UnmappedLabels::Ignore).unwrap();
        assert_eq!((imported.spans, imported.ignored["NRP"]), (0, 2));
        assert_eq!(
            imported.conversations[0].messages[0].body.ignored().count(),
            3
        );
    }
}
