//! The manifest beside a corpus: what its files are, and what they hold.

use crate::conversation::{Conversation, Mark};
use crate::corpus::content::ContentHash;
use crate::corpus::spec::Spec;
use crate::taxonomy::Label;
use crate::text::OffsetUnit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the manifest's form.
pub const MANIFEST_SCHEMA: u32 = 1;

/// What a corpus holds, as counts that add up over parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Conversations.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
    /// Messages without a value of a critical class (secret or account).
    pub messages_without_critical: u64,
    /// UTF-8 bytes of text.
    pub text_bytes: u64,
    /// Spans by label.
    pub spans: BTreeMap<String, u64>,
    /// Decoys by what they are.
    pub decoys: BTreeMap<String, u64>,
    /// Values (facts) of a critical class.
    pub critical_values: u64,
    /// Values that a customer gave when asked, and of these, those alone in their message.
    pub solicited: u64,
    /// Of the solicited ones, those that are the only content of their message.
    pub bare: u64,
}

/// Counts of one thread, by label number: cheap to add to.
#[derive(Clone, Debug)]
pub struct Counter {
    tally: Tally,
    spans: Vec<u64>,
}

impl Default for Counter {
    fn default() -> Self {
        Counter {
            tally: Tally::default(),
            spans: vec![0; Label::all().count()],
        }
    }
}

impl Counter {
    /// Counts a conversation.
    pub fn add(&mut self, conversation: &Conversation) {
        let tally = &mut self.tally;
        tally.conversations += 1;
        tally.critical_values += conversation
            .facts
            .iter()
            .filter(|fact| fact.label.info().exposure.is_critical())
            .count() as u64;
        for message in &conversation.messages {
            tally.messages += 1;
            let mut critical = false;
            for (_, body) in message.units() {
                tally.text_bytes += body.text().len() as u64;
                for (range, mark) in body.marks() {
                    match mark {
                        Mark::Span(span) => {
                            self.spans[span.label.index()] += 1;
                            critical |= span.label.info().exposure.is_critical();
                            if span.asked.is_some() {
                                tally.solicited += 1;
                                tally.bare += u64::from(is_alone(body.text(), range.as_range()));
                            }
                        }
                        Mark::Decoy(decoy) => match tally.decoys.get_mut(&*decoy.is) {
                            Some(count) => *count += 1,
                            None => {
                                tally.decoys.insert(decoy.is.clone().into_owned(), 1);
                            }
                        },
                        // Only corpora that were made elsewhere have these, and they have no tally.
                        Mark::Ignored(_) => {}
                    }
                }
            }
            tally.messages_without_critical += u64::from(!critical);
        }
    }

    /// The tally.
    pub fn finish(mut self) -> Tally {
        for (index, count) in self
            .spans
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count > 0)
        {
            let label = Label::at(index).expect("a counted label");
            self.tally.spans.insert(label.id().to_owned(), count);
        }
        self.tally
    }
}

/// Is the range the only content of its message?
pub fn is_alone(text: &str, range: std::ops::Range<usize>) -> bool {
    let around = text[..range.start].chars().chain(text[range.end..].chars());
    !around.into_iter().any(char::is_alphanumeric)
}

impl Tally {
    /// Adds another part.
    pub fn add(&mut self, other: &Tally) {
        self.conversations += other.conversations;
        self.messages += other.messages;
        self.messages_without_critical += other.messages_without_critical;
        self.text_bytes += other.text_bytes;
        self.critical_values += other.critical_values;
        self.solicited += other.solicited;
        self.bare += other.bare;
        for (from, to) in [
            (&other.spans, &mut self.spans),
            (&other.decoys, &mut self.decoys),
        ] {
            for (name, count) in from {
                *to.entry(name.clone()).or_default() += count;
            }
        }
    }
}

/// One file of a corpus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its name, beside the manifest.
    pub name: String,
    /// First index in it.
    pub from: u64,
    /// One past the last index in it.
    pub to: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
}

/// What stands beside a corpus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this form.
    pub schema: u32,
    /// `corpus`.
    pub kind: String,
    /// Name for people and results: `fr@1-preview:20000:42:v1:0badcafe`.
    pub corpus_id: String,
    /// What was asked.
    pub spec: Spec,
    /// SHA-256 of it.
    pub spec_hash: String,
    /// The seed.
    pub seed: u64,
    /// Conversations of the whole corpus, of which this may be a part.
    pub total: u64,
    /// Version of the generator's output.
    pub corpus_version: u32,
    /// Version of the program.
    pub crate_version: String,
    /// SHA-256 of the label set.
    pub label_set: String,
    /// SHA-256 of the surname lists taken from `fake`.
    pub name_lists: String,
    /// SHA-256 of the plots and phrases that were given with `--data`, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Were its conversations chosen among more, so that ids have gaps? (A gate.)
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// Unit of the offsets.
    pub offsets: OffsetUnit,
    /// Where the values come from: `safe` or `lifelike`.
    pub values: String,
    /// Additive content hash of these files.
    pub content: String,
    /// The files.
    pub files: Vec<FileEntry>,
    /// What they hold.
    pub tally: Tally,
    /// Licence of the corpus.
    pub licence: String,
    /// Whose lists it draws on.
    pub attributions: Vec<String>,
}

/// The id of a corpus: suite or language, size, seed, corpus version, and 8 digits of the content.
pub fn corpus_id(name: &str, total: u64, seed: u64, content: &ContentHash) -> String {
    format!(
        "{name}:{total}:{seed}:v{}:{}",
        super::CORPUS_VERSION,
        content.short()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_alone_when_only_punctuation_stands_beside_it() {
        assert!(is_alone("482913 !", 0..6));
        assert!(!is_alone("code 482913", 5..11));
    }
}
