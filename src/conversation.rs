//! The record: a conversation with its facts, messages, spans and decoys, as `docs/formats.md` has it.
//!
//! * A **fact** is something true that the conversation discloses: a label with one value in normal
//!   form. An **entity** is a fact under its label; a **mention** is one span of it.
//! * A **span** is a range of a message that states a fact: gold. A **decoy** is a range that looks
//!   like gold and is gold under no label.
//! * A **unit** is one stretch of text that a detector reads: a message's text, or one structured
//!   field of it, named by a JSON Pointer.
//!
//! Invariant: what a range covers is what the record says it covers, because text and marks are
//! built together ([`AnnotatedText`]).

use crate::calendar::{Date, Moment};
use crate::taxonomy::Label;
use crate::text::{AnnotatedText, ByteRange};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The version of the record, in every line of a corpus.
pub const SCHEMA: u32 = 1;

/// A name that is usually part of the loaded data, and owned when it was read from a file.
pub type Name = Cow<'static, str>;

macro_rules! names {
    ($(#[$meta:meta])* $vis:vis enum $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        $vis enum $type { $($(#[$doc])* #[serde(rename = $name)] $variant,)+ }

        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [$type] = &[$($type::$variant,)+];

            /// Its name in files, options and tables.
            pub const fn name(self) -> &'static str {
                match self { $($type::$variant => $name,)+ }
            }

            /// The value with this name.
            pub fn named(name: &str) -> Option<$type> {
                match name { $($name => Some($type::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}
pub(crate) use names;

names! {
    /// Who wrote a message.
    pub enum Speaker {
        /// The customer.
        Customer = "customer",
        /// The bank's bot.
        Bot = "bot",
        /// A human employee of the bank.
        Agent = "agent",
        /// A notification that the bank pushes into the thread.
        Notification = "notification",
    }
}

names! {
    /// What kind of message it is.
    pub enum MessageKind {
        /// Typed text.
        Text = "text",
        /// A tap on a quick reply: text and payload.
        QuickReply = "quick_reply",
        /// A tap on a button.
        Postback = "postback",
        /// A photo, file or place.
        Attachment = "attachment",
        /// The transcript of a voice note.
        Voice = "voice",
        /// A pushed notification.
        Notification = "notification",
    }
}

names! {
    /// Which part of the grammar, the customers and the banks a conversation may use.
    pub enum Split {
        /// For training detectors.
        Train = "train",
        /// For choosing between them.
        Dev = "dev",
        /// For the numbers that count.
        Test = "test",
    }
}

names! {
    /// Whose fact it is.
    pub enum Owner {
        /// The customer's own.
        Customer = "customer",
        /// Somebody else's: a payee, an employee, a relative.
        ThirdParty = "third_party",
    }
}

names! {
    /// Why a value can belong to nobody.
    pub enum Safety {
        /// Reserved for examples or fiction by the body that assigns it.
        Reserved = "reserved",
        /// From a range that was never assigned.
        Unassigned = "unassigned",
        /// A published test value, or of a range designated for tests.
        PublishedTest = "published_test",
        /// Invented; no range is reserved for it.
        Convention = "convention",
        /// From a live-looking range (`--values lifelike`): not for publication.
        Lifelike = "lifelike",
    }
}

names! {
    /// How a value is written.
    pub enum Form {
        /// The only or the usual way.
        Plain = "plain",
        /// Without separators.
        Compact = "compact",
        /// In the groups that are usual for this kind of value.
        Grouped = "grouped",
        /// In groups of two.
        Pairs = "pairs",
        /// In groups that follow no rule.
        Irregular = "irregular",
        /// Groups joined by dashes.
        Dashes = "dashes",
        /// Groups joined by dots.
        Dots = "dots",
        /// Groups joined by slashes.
        Slashes = "slashes",
        /// Groups joined by no-break spaces.
        Nbsp = "nbsp",
        /// Groups joined by narrow no-break spaces.
        ThinSpace = "thin_space",
        /// In lower case.
        Lower = "lower",
        /// In upper case.
        Upper = "upper",
        /// The last four characters only.
        Last4 = "last4",
        /// With its middle replaced by stars, dots or crosses.
        Masked = "masked",
        /// In words, digit by digit or number by number.
        Spoken = "spoken",
        /// With the country's prefix.
        International = "international",
        /// As written inside the country.
        National = "national",
        /// An amount with its currency sign.
        Symbol = "symbol",
        /// An amount with its currency code or name.
        Code = "code",
        /// An amount as people say it: 47 balles, 47 quid.
        Colloquial = "colloquial",
        /// An amount without currency.
        Bare = "bare",
        /// A date in digits, with the year.
        Numeric = "numeric",
        /// A date in digits, without the year.
        NumericShort = "numeric_short",
        /// A date with the month in words.
        Worded = "worded",
        /// A day named from another: yesterday, on Tuesday.
        Relative = "relative",
        /// Given name, then family name.
        GivenFamily = "given_family",
        /// Family name, then given name.
        FamilyGiven = "family_given",
        /// Family name alone.
        Family = "family",
        /// Given name alone.
        Given = "given",
        /// A correction of part of a value already given.
        Fragment = "fragment",
        /// One part of a value given piecewise.
        Part = "part",
    }
}

names! {
    /// Under which rules the bank's bot discloses and asks.
    pub enum Policy {
        /// Answers questions, knows no account.
        FaqOnly = "faq_only",
        /// Shows balances and operations after a login.
        ReadOnlyAuthenticated = "read_only_authenticated",
        /// Pushes every purchase into the thread.
        NotificationRich = "notification_rich",
        /// Moves money, with one-time codes in the thread.
        TransactionalOtp = "transactional_otp",
        /// Sends the customer to its own app for anything personal.
        Restrained = "restrained",
        /// Is switched off: it only says where else the bank can be reached.
        SwitchedOff = "switched_off",
    }
}

/// The number of a fact within its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u16);

impl std::fmt::Display for FactId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "f{}", self.0)
    }
}

impl std::str::FromStr for FactId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.strip_prefix('f')
            .and_then(|n| n.parse().ok())
            .map(FactId)
            .ok_or_else(|| format!("`{text}` is not a fact id (f0, f1, …)"))
    }
}

/// Something true that the conversation discloses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its number.
    pub id: FactId,
    /// Its label.
    pub label: Label,
    /// What of the world it is: `card`, `account`, `payee`, `operation`, …
    pub kind: Name,
    /// The value, in the label's normal form.
    pub value: String,
    /// Whose it is.
    pub owner: Owner,
    /// Facts that say the same thing in part: a card number and its last four digits.
    pub links: Vec<FactId>,
}

/// Place of a span in a value that is given piecewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which part, from 1.
    pub k: u8,
    /// Of how many.
    pub n: u8,
}

/// What is known of a gold range. Its order means nothing; it tells spans of one range apart whatever
/// their order in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its label, from the plan, never from the surface.
    pub label: Label,
    /// The fact that it states.
    pub fact: Option<FactId>,
    /// How the value is written.
    pub form: Option<Form>,
    /// Does what is written pass the label's rule? `None` where there is no rule.
    pub valid: Option<bool>,
    /// Is it accepted by strict validators, which know which ranges are assigned?
    pub strict_valid: Option<bool>,
    /// Why it can belong to nobody.
    pub safety: Option<Safety>,
    /// The turn that asked for it, where one did.
    pub asked: Option<u32>,
    /// Its place, where the value is given piecewise.
    pub part: Option<Part>,
    /// Another label that it resembles.
    pub lookalike: Option<Label>,
}

/// What is known of a range that looks like gold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoy {
    /// The label that it resembles.
    pub looks_like: Label,
    /// What it is: `loyalty_card`, `hotline`, …
    pub is: Name,
}

/// What a mark over a range of text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Gold.
    Span(Span),
    /// Gold under no label.
    Decoy(Decoy),
    /// Marked in a corpus of somebody else's under a label that has no counterpart here, which this
    /// holds. Neither gold nor harmless: what is found in it counts neither way.
    Ignored(Name),
}

/// Text with spans and decoys.
pub type Body = AnnotatedText<Mark>;

impl Body {
    /// The gold ranges.
    pub fn spans(&self) -> impl Iterator<Item = (ByteRange, &Span)> {
        self.marks().iter().filter_map(|(range, mark)| match mark {
            Mark::Span(span) => Some((*range, span)),
            Mark::Decoy(_) | Mark::Ignored(_) => None,
        })
    }

    /// The ranges that count neither way, with the labels of their corpus.
    pub fn ignored(&self) -> impl Iterator<Item = (ByteRange, &Name)> {
        self.marks().iter().filter_map(|(range, mark)| match mark {
            Mark::Ignored(label) => Some((*range, label)),
            Mark::Span(_) | Mark::Decoy(_) => None,
        })
    }

    /// The decoys.
    pub fn decoys(&self) -> impl Iterator<Item = (ByteRange, &Decoy)> {
        self.marks().iter().filter_map(|(range, mark)| match mark {
            Mark::Decoy(decoy) => Some((*range, decoy)),
            Mark::Span(_) | Mark::Ignored(_) => None,
        })
    }

    /// What a range covers.
    pub fn covered(&self, range: ByteRange) -> &str {
        &self.text()[range.as_range()]
    }
}

/// A structured field of a message that holds text of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where it stands in the event (RFC 6901): `/quick_reply/payload`.
    pub pointer: Name,
    /// Its text.
    pub body: Body,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its place in the conversation, from 0.
    pub turn: u32,
    /// Who wrote it.
    pub speaker: Speaker,
    /// What it is.
    pub kind: MessageKind,
    /// When it was sent.
    pub ts: Moment,
    /// Its text.
    pub body: Body,
    /// The phrases it was built from.
    pub phrases: Vec<Name>,
    /// Structured fields with text of their own.
    pub fields: Vec<Field>,
}

impl Message {
    /// Everything in it that a detector reads: the text under the pointer `""`, then the fields.
    pub fn units(&self) -> impl Iterator<Item = (&str, &Body)> {
        std::iter::once(("", &self.body)).chain(
            self.fields
                .iter()
                .map(|field| (&*field.pointer, &field.body)),
        )
    }
}

/// One conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// `<suite or language>-<nine digits>`, with `~<variant>` for a twin.
    pub id: String,
    /// Language tag (BCP 47): `fr-FR`.
    pub lang: Name,
    /// The customer, who may appear in other conversations: `c-000017`.
    pub customer: String,
    /// The bank's name.
    pub bank: Name,
    /// The platform: `messenger`.
    pub channel: Name,
    /// What the bank's bot may say.
    pub policy: Name,
    /// What the customer came for, in order.
    pub intents: Vec<Name>,
    /// The customer's writer profile.
    pub writer: Name,
    /// The variety of the language that the customer speaks (`fr-BE`), where it is not the one that the phrases
    /// have.
    pub variety: Option<Name>,
    /// Its split.
    pub split: Split,
    /// The day on which its facts are true.
    pub as_of: Date,
    /// What it discloses.
    pub facts: Vec<Fact>,
    /// The messages, in order.
    pub messages: Vec<Message>,
}

/// The id of a unit: `<conversation>/<turn>`, with `#<pointer>` for a structured field.
pub fn unit_id(conversation: &str, turn: u32, pointer: &str) -> String {
    if pointer.is_empty() {
        format!("{conversation}/{turn}")
    } else {
        format!("{conversation}/{turn}#{pointer}")
    }
}

/// Is it the [`unit_id`] of this unit?
pub fn is_unit_id(id: &str, conversation: &str, turn: u32, pointer: &str) -> bool {
    let within = id.strip_prefix(conversation);
    let Some(within) = within.and_then(|id| id.strip_prefix('/')) else {
        return false;
    };
    let (number, found) = match within.split_once('#') {
        Some((number, found)) if !found.is_empty() => (number, found),
        _ => (within, ""),
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit())
        && (number.len() == 1 || !number.starts_with('0'));
    found == pointer && plain && number.parse() == Ok(turn)
}
