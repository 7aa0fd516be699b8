//! The surfaces of values: how a number, an amount, a date, a name or an address is written.
//!
//! A [`Datum`] is a value of the cast with what is known of it; a [`Pen`] writes it into the text and
//! marks it; a [`Voice`] is who writes.

mod dates;
mod money;
mod numbers;
mod people;
mod ways;

use crate::calendar::{Date, Month};
use crate::conversation::{Decoy, Fact, FactId, Form, Mark, Name, Owner, Part, Safety, Span};
use crate::country::Country;
use crate::identifiers;
use crate::seed::Stream;
use crate::taxonomy::Label;
use crate::text::Open;
use crate::wording::number_words::Tongue;

pub use dates::day_name;
pub use ways::{Ways, can_be_mistyped, forms_of};

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// In which tongue.
    pub tongue: Tongue,
    /// With the habits of which country.
    pub country: Country,
    /// A bot, a notification or an agent at a bank's keyboard: one fixed way of writing.
    pub bank: bool,
    /// Dictates instead of typing.
    pub dictates: bool,
    /// Speaks into a voice note: there is nothing that only fingers write.
    pub aloud: bool,
    /// Writes as one speaks.
    pub relaxed: bool,
}

/// A value of the cast, with what is known of it.
#[derive(Clone, Debug)]
pub enum Datum<'a> {
    /// Text that is nobody's secret.
    Plain(&'a str),
    /// An identifier, code or other text with one normal form.
    Value(Value<'a>),
    /// Text that is written as it is, in upper or lower case.
    Words(Value<'a>),
    /// An amount in minor units.
    Money {
        /// What it is.
        label: Label,
        /// Minor units, with its sign.
        minor: i64,
        /// Whose it is.
        owner: Owner,
        /// What of the world it is.
        kind: &'static str,
    },
    /// A day, with the second of the day where the hour matters.
    Day {
        /// What it is.
        label: Label,
        /// The day.
        date: Date,
        /// Seconds after midnight.
        second: Option<u32>,
        /// What of the world it is.
        kind: &'static str,
    },
    /// A date of birth.
    Birth {
        /// The day.
        date: Date,
        /// Whose it is.
        owner: Owner,
    },
    /// A month of a card.
    Month(Month),
    /// A person's name.
    Person {
        /// What it is.
        label: Label,
        /// Given name.
        given: &'a str,
        /// Family name.
        family: &'a str,
        /// Whose it is.
        owner: Owner,
        /// What of the world it is.
        kind: &'static str,
    },
    /// An address.
    Address {
        /// Number, street, complement.
        street: String,
        /// Postcode, a span of its own inside.
        postcode: Value<'a>,
        /// Town, with the state where there is one.
        town: String,
        /// What of the world it is.
        kind: &'static str,
    },
    /// Several values that only make sense together: sort code and account number.
    Several(Vec<Value<'a>>),
    /// A line of a statement.
    Record {
        /// Day of the operation.
        date: Date,
        /// What the bank prints.
        descriptor: &'a str,
        /// The part of it that is the merchant's name.
        printed: &'a str,
        /// The merchant as people say it.
        merchant: &'a str,
        /// Minor units, with its sign.
        minor: i64,
        /// A label that the merchant lets infer.
        infers: Option<Label>,
    },
    /// Something public that looks like a label.
    Public {
        /// The label that it resembles.
        looks_like: Label,
        /// What it is.
        is: &'static str,
        /// How it is written.
        text: String,
    },
}

impl Datum<'_> {
    /// The same datum with its identifiers in live-looking ranges.
    #[must_use]
    pub fn lifelike(mut self) -> Self {
        match &mut self {
            Datum::Value(value) | Datum::Words(value) => value.move_to_live(),
            Datum::Several(values) => values.iter_mut().for_each(Value::move_to_live),
            Datum::Address { postcode, .. } => postcode.move_to_live(),
            _ => {}
        }
        self
    }

    /// Every label that its text bears when it is written in a form.
    pub fn labels(&self, form: Option<Form>, visit: &mut impl FnMut(Label)) {
        let short = matches!(form, Some(Form::Last4 | Form::Masked));
        let mut value = |value: &Value<'_>| {
            let shortened = numbers::shortened_label(value.label).filter(|_| short);
            visit(shortened.unwrap_or(value.label));
            value.infers.into_iter().for_each(&mut *visit);
        };
        match self {
            Datum::Plain(_) | Datum::Public { .. } => {}
            Datum::Value(v) | Datum::Words(v) => value(v),
            Datum::Several(values) => values.iter().for_each(value),
            Datum::Money { label, .. } | Datum::Day { label, .. } | Datum::Person { label, .. } => {
                visit(*label)
            }
            Datum::Birth { .. } => visit(label!("DATE_OF_BIRTH")),
            Datum::Month(_) => visit(label!("CARD_EXPIRY")),
            Datum::Address { .. } => {
                visit(label!("POSTAL_ADDRESS"));
                visit(label!("POSTCODE"));
            }
            Datum::Record { infers, .. } => {
                for label in [
                    label!("TRANSACTION_RECORD"),
                    label!("MERCHANT"),
                    label!("TRANSACTION_AMOUNT"),
                    label!("TRANSACTION_DATE"),
                ] {
                    visit(label);
                }
                infers.iter().copied().for_each(visit);
            }
        }
    }
}

/// An identifier, code or text with one normal form.
#[derive(Clone, Debug)]
pub struct Value<'a> {
    /// What it is.
    pub label: Label,
    /// Its normal form.
    pub value: std::borrow::Cow<'a, str>,
    /// Why it can belong to nobody.
    pub safety: Safety,
    /// Is it accepted by strict validators?
    pub strict_valid: Option<bool>,
    /// Whose it is.
    pub owner: Owner,
    /// What of the world it is.
    pub kind: &'static str,
    /// A second label that the same words bear (a clinic's name tells of health).
    pub infers: Option<Label>,
}

impl Value<'_> {
    fn move_to_live(&mut self) {
        if let Some((value, safety)) = identifiers::lifelike::of(self.label, &self.value) {
            self.strict_valid = self.strict_valid.map(|_| true);
            (self.value, self.safety) = (value.into(), safety);
        }
    }
}

/// What the plan says about the value that is being written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstance {
    /// The turn that asked.
    pub asked: Option<u32>,
    /// It is written with a slip.
    pub mistyped: bool,
    /// Its slip is in the end that the correction repeats.
    pub slip_at_end: bool,
    /// Only its end is written.
    pub fragment: bool,
    /// Only one part of it is written.
    pub part: Option<Part>,
    /// It corrects a slip: no other slip is made in it.
    pub corrects: bool,
    /// A button sends it, as it is on file.
    pub tapped: bool,
}

/// The facts that a conversation discloses, found or added as they are written.
#[derive(Debug, Default)]
pub struct Facts {
    list: Vec<Fact>,
}

impl Facts {
    /// The fact with this label and value.
    pub fn of(&mut self, label: Label, value: &str, owner: Owner, kind: &'static str) -> FactId {
        if let Some(known) = self
            .list
            .iter()
            .find(|f| f.label == label && f.value == value && f.owner == owner)
        {
            return known.id;
        }
        let id = FactId(self.list.len() as u16);
        self.list.push(Fact {
            id,
            label,
            kind: Name::Borrowed(kind),
            value: value.to_owned(),
            owner,
            links: Vec::new(),
        });
        id
    }

    /// All facts, with a truncated value linked to the whole one.
    pub fn finish(mut self) -> Vec<Fact> {
        for short in 0..self.list.len() {
            for whole in 0..self.list.len() {
                let (s, w) = (&self.list[short], &self.list[whole]);
                let truncates = match s.label.id() {
                    "PAN_TRUNCATED" => w.label.id() == "PAN",
                    "IBAN_PARTIAL" => {
                        matches!(
                            w.label.id(),
                            "IBAN" | "UK_ACCOUNT_NUMBER" | "US_ACCOUNT_NUMBER"
                        )
                    }
                    _ => false,
                };
                if truncates && w.value.ends_with(&s.value) {
                    let (short_id, whole_id) = (s.id, w.id);
                    self.list[short].links.push(whole_id);
                    self.list[whole].links.push(short_id);
                }
            }
        }
        self.list
    }
}

/// Writes values into a text and marks them.
pub struct Pen<'a> {
    /// The text.
    pub body: &'a mut crate::conversation::Body,
    /// The facts disclosed so far.
    pub facts: &'a mut Facts,
    /// Who writes.
    pub voice: Voice,
    /// The day of the conversation, from which relative dates are named.
    pub today: Date,
    /// What the plan says about the value.
    pub circumstance: Circumstance,
    /// What is asked of values by label.
    pub ways: &'a Ways,
    /// A small word waiting for the next one.
    pub joint: Option<crate::wording::morphology::Joint>,
}

impl Pen<'_> {
    /// Writes unmarked text, resolving a waiting small word.
    pub fn text(&mut self, text: &str) {
        let text = self.resolve(text);
        self.body.push_str(text);
    }

    /// Writes the small word that waits for `next`; returns what is left of `next`.
    fn resolve<'t>(&mut self, next: &'t str) -> &'t str {
        if next.is_empty() {
            return next;
        }
        match self.joint.take() {
            None => next,
            Some(joint) => {
                let (written, swallowed) = joint.before(next);
                self.body.push_str(written);
                &next[swallowed..]
            }
        }
    }

    /// The form that is asked for of a value that can be written in some.
    fn asked_form(
        &self,
        label: Label,
        can: impl Fn(Form) -> bool,
        stream: &mut Stream,
    ) -> Option<Form> {
        if self.voice.bank || self.circumstance.tapped {
            return None;
        }
        self.ways.form(label, can, stream)
    }

    /// Writes a surface as one gold span.
    fn gold(&mut self, surface: &str, value: &Value<'_>, form: Form, valid: Option<bool>) {
        // A label with a value keeps its whole surface: only the small word before it may change.
        if self.joint.is_some() {
            let (written, _) = self.joint.take().expect("it is there").before(surface);
            self.body.push_str(written);
        }
        let open = self.body.open();
        self.body.push_str(surface);
        self.close(open, value, form, valid);
    }

    /// Closes a mark over a value, and a second one where the same words let something be inferred.
    fn close(&mut self, open: Open, value: &Value<'_>, form: Form, valid: Option<bool>) {
        let fact = self
            .facts
            .of(value.label, &value.value, value.owner, value.kind);
        let span = Span {
            label: value.label,
            fact: Some(fact),
            form: Some(form),
            valid,
            strict_valid: value
                .strict_valid
                .map(|strict| strict && valid != Some(false)),
            safety: Some(value.safety),
            asked: self.circumstance.asked,
            part: self.circumstance.part,
            lookalike: None,
        };
        if let Some(infers) = value.infers {
            let end = self.body.text().len() as u32;
            let fact = self.facts.of(infers, &value.value, value.owner, value.kind);
            let inferred = Span {
                label: infers,
                fact: Some(fact),
                valid: None,
                strict_valid: None,
                asked: None,
                part: None,
                ..span.clone()
            };
            let range = crate::text::ByteRange {
                start: open.start(),
                end,
            };
            self.body.close(open, Mark::Span(span));
            self.body.mark(range, Mark::Span(inferred));
        } else {
            self.body.close(open, Mark::Span(span));
        }
    }

    /// Writes words that only look like a label.
    fn decoy(&mut self, text: &str, looks_like: Label, is: &'static str) {
        let text = self.resolve(text);
        self.body.push_marked(
            text,
            Mark::Decoy(Decoy {
                looks_like,
                is: Name::Borrowed(is),
            }),
        );
    }

    /// Writes a value of the cast, in the form asked for or one that this voice uses.
    pub fn datum(&mut self, datum: &Datum<'_>, form: Option<Form>, stream: &mut Stream) {
        // Nobody says stars, dots or slashes.
        let form = match form {
            Some(Form::Masked) if self.voice.aloud => Some(Form::Last4),
            Some(Form::Numeric | Form::NumericShort) if self.voice.aloud => Some(Form::Worded),
            form => form,
        };
        match datum {
            Datum::Plain(text) => self.text(text),
            Datum::Value(value) => self.identifier(value, form, stream),
            Datum::Words(value) => self.words(value, form),
            Datum::Money {
                label,
                minor,
                owner,
                kind,
            } => {
                let (label, minor) = (*label, *minor);
                money::write(self, label, minor, *owner, kind, form, stream);
            }
            Datum::Day {
                label,
                date,
                second,
                kind,
            } => {
                dates::day(self, *label, *date, *second, kind, form, stream);
            }
            Datum::Birth { date, owner } => dates::birth(self, *date, *owner, form, stream),
            Datum::Month(month) => dates::card_month(self, *month, form, stream),
            Datum::Person {
                label,
                given,
                family,
                owner,
                kind,
            } => {
                people::person(self, *label, (given, family), *owner, kind, form, stream);
            }
            Datum::Address {
                street,
                postcode,
                town,
                kind,
            } => {
                people::address(self, street, postcode, town, kind, form, stream);
            }
            Datum::Several(values) => self.several(values, form, stream),
            Datum::Record {
                date,
                descriptor,
                printed,
                merchant,
                minor,
                infers,
            } => {
                people::record(
                    self,
                    *date,
                    descriptor,
                    (printed, merchant),
                    *minor,
                    *infers,
                );
            }
            Datum::Public {
                looks_like,
                is,
                text,
            } => self.decoy(text, *looks_like, is),
        }
    }

    fn words(&mut self, value: &Value<'_>, form: Option<Form>) {
        match form {
            Some(Form::Upper) => self.gold(&value.value.to_uppercase(), value, Form::Upper, None),
            Some(Form::Lower) => self.gold(&value.value.to_lowercase(), value, Form::Lower, None),
            _ => {
                let valid = identifiers::check(value.label, &value.value);
                self.gold(&value.value, value, Form::Plain, valid);
            }
        }
    }

    /// Writes words of the phrase itself that state a fact.
    pub fn stated(&mut self, open: Open, label: Label, kind: &'static str, value: &str) {
        let value = Value {
            label,
            value: value.into(),
            safety: Safety::Convention,
            strict_valid: None,
            owner: Owner::Customer,
            kind,
            infers: None,
        };
        self.close(open, &value, Form::Plain, None);
    }
}

/// The label with an id that the code names itself, looked up once for each place.
macro_rules! label {
    ($id:literal) => {{
        static LABEL: std::sync::OnceLock<$crate::taxonomy::Label> = std::sync::OnceLock::new();
        *LABEL.get_or_init(|| $crate::wording::values::named($id))
    }};
}
pub(crate) use label;

/// The label with an id that the code names itself.
pub(crate) fn named(id: &str) -> Label {
    Label::named(id).unwrap_or_else(|| panic!("the taxonomy has lost its label {id}"))
}
