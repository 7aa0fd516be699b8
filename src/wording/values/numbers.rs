//! Identifiers and codes: grouped, masked, shortened, dictated, mistyped, in parts.

use super::{Circumstance, Pen, Value, Voice, label};
use crate::conversation::Form;
use crate::identifiers;
use crate::seed::Stream;
use crate::taxonomy::Label;

impl Pen<'_> {
    pub(super) fn identifier(
        &mut self,
        value: &Value<'_>,
        form: Option<Form>,
        stream: &mut Stream,
    ) {
        match form {
            Some(Form::Last4) => self.shortened(value, Form::Last4, stream),
            Some(Form::Masked) => self.shortened(value, Form::Masked, stream),
            _ if self.circumstance.fragment => self.fragment(value),
            _ if self.circumstance.part.is_some() => self.part(value, stream),
            _ => self.whole(value, form, stream),
        }
    }

    fn whole(&mut self, value: &Value<'_>, form: Option<Form>, stream: &mut Stream) {
        let form = form.unwrap_or_else(|| self.choose_form(value, stream));
        let slipped;
        let mut written: &str = &value.value;
        if self.circumstance.mistyped || self.slips(value.label, stream) {
            slipped = if self.circumstance.slip_at_end {
                let kept = fragment_start(&value.value);
                identifiers::mistype_end(value.label, &value.value, kept, stream)
            } else {
                identifiers::mistype(value.label, &value.value, stream)
            };
            written = &slipped;
        }
        let valid = identifiers::check(value.label, written);
        let mut surface = String::with_capacity(40);
        match form {
            Form::Spoken => {
                let phone = value.label == label!("PHONE_NUMBER");
                let mut code = String::with_capacity(16);
                if phone {
                    identifiers::write(value.label, written, Form::Compact, &mut code);
                }
                let code = if phone && !code.is_empty() {
                    &code
                } else {
                    written
                };
                if value.label == label!("EMAIL_ADDRESS") {
                    self.voice.tongue.say_address(written, &mut surface);
                } else {
                    self.voice.tongue.dictate(code, phone, &mut surface);
                }
                if self.voice.aloud {
                    surface = surface.to_lowercase();
                }
            }
            Form::Irregular => identifiers::write_irregular(written, stream, &mut surface),
            form => {
                if !identifiers::write(value.label, written, form, &mut surface) {
                    surface.push_str(written);
                }
            }
        }
        self.gold(&surface, value, form, valid);
    }

    /// Is a slip asked for, beside those that the plan corrects?
    fn slips(&self, label: Label, stream: &mut Stream) -> bool {
        let Circumstance {
            corrects, tapped, ..
        } = self.circumstance;
        let typed = !self.voice.bank && !corrects && !tapped;
        let rate = self.ways.mistyped(label).filter(|_| typed);
        rate.is_some_and(|rate| stream.chance(rate))
    }

    fn choose_form(&mut self, value: &Value<'_>, stream: &mut Stream) -> Form {
        let can = |form| match form {
            Form::Spoken => {
                let said = |b: u8| b.is_ascii_alphanumeric() || b == b'+';
                value.value.bytes().all(said)
            }
            Form::Irregular => true,
            form => identifiers::write(value.label, &value.value, form, &mut String::new()),
        };
        if let Some(form) = self.asked_form(value.label, can, stream) {
            return form;
        }
        let forms = identifiers::forms(value.label);
        if forms.is_empty() {
            return Form::Plain;
        }
        if self.voice.bank {
            return forms[0].0;
        }
        let digits = value.value.bytes().all(|b| b.is_ascii_digit() || b == b'+');
        if self.voice.aloud {
            // A service writes some numbers in digits.
            return match digits && stream.chance(250) {
                true => Form::Compact,
                false => Form::Spoken,
            };
        }
        let dictated = if self.voice.dictates { 550 } else { 15 };
        if digits && stream.chance(dictated) {
            return Form::Spoken;
        }
        let weights: u32 = forms.iter().map(|(_, weight)| weight).sum();
        let mut left = stream.below(weights);
        for &(form, weight) in forms {
            if left < weight {
                return form;
            }
            left -= weight;
        }
        Form::Compact
    }

    /// The last four characters, alone or behind a mask: a value of its own, of little worth.
    fn shortened(&mut self, value: &Value<'_>, form: Form, stream: &mut Stream) {
        let tail = &value.value[value.value.len().saturating_sub(4)..];
        let short = shortened_label(value.label);
        let mut surface = String::with_capacity(24);
        if form == Form::Last4 {
            surface.push_str(tail);
        } else if !identifiers::write(value.label, &value.value, Form::Masked, &mut surface) {
            surface.push_str("••••");
            surface.push_str(&tail[tail.len().saturating_sub(2)..]);
        }
        let _ = stream;
        let (label, kept) = match short {
            Some(short) => (short, tail.into()),
            None => (value.label, value.value.clone()),
        };
        let value = Value {
            label,
            value: kept,
            strict_valid: None,
            ..value.clone()
        };
        self.gold(&surface, &value, form, None);
    }

    /// The end of a value, to correct a slip in it.
    fn fragment(&mut self, value: &Value<'_>) {
        let text = &value.value;
        let valid = None;
        self.gold(&text[fragment_start(text)..], value, Form::Fragment, valid);
    }

    /// One of several parts, cut where groups of four end.
    fn part(&mut self, value: &Value<'_>, stream: &mut Stream) {
        let part = self.circumstance.part.expect("a part is being written");
        let text: &str = &value.value;
        let groups = text.len().div_ceil(4);
        let (k, n) = (usize::from(part.k), usize::from(part.n).min(groups));
        let cut = |at: usize| (groups * at / n * 4).min(text.len());
        let piece = &text[cut(k - 1)..if k == n { text.len() } else { cut(k) }];
        let mut surface = String::with_capacity(piece.len() + 6);
        let spaced = stream.chance(600);
        for (index, c) in piece.chars().enumerate() {
            if spaced && index > 0 && index % 4 == 0 {
                surface.push(' ');
            }
            surface.push(c);
        }
        let valid = identifiers::check(value.label, text);
        self.gold(&surface, value, Form::Part, valid);
    }

    /// Values that only make sense together.
    pub(super) fn several(
        &mut self,
        values: &[Value<'_>],
        form: Option<Form>,
        stream: &mut Stream,
    ) {
        // Shortened, corrected or in parts, it is the number proper that is meant: the last value.
        let proper = values.last().expect("several values are at least one");
        if matches!(form, Some(Form::Masked | Form::Last4))
            || self.circumstance.fragment
            || self.circumstance.part.is_some()
        {
            return self.identifier(proper, form, stream);
        }
        let separator = *stream.pick(&[" ", " / ", ", ", " - "]);
        let last = values.len() - 1;
        let mistyped = self.circumstance.mistyped;
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.text(match self.voice {
                    Voice { bank: true, .. } => " / ",
                    Voice { aloud: true, .. } => " ",
                    _ => separator,
                });
            }
            // A slip is made in one of them.
            self.circumstance.mistyped = mistyped && index == last;
            self.identifier(value, form, stream);
        }
        self.circumstance.mistyped = mistyped;
    }
}

/// Where the end begins that people repeat to correct a slip.
fn fragment_start(text: &str) -> usize {
    let keep = if text.len() > 6 { 4 } else { 2 };
    text.len() - keep.min(text.len())
}

/// The label of the last four characters of a value, where they have one of their own.
pub(super) fn shortened_label(label: Label) -> Option<Label> {
    match label.id() {
        "PAN" => Some(label!("PAN_TRUNCATED")),
        "IBAN" | "UK_ACCOUNT_NUMBER" | "US_ACCOUNT_NUMBER" => Some(label!("IBAN_PARTIAL")),
        _ => None,
    }
}
