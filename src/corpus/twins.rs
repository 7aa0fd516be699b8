//! Twins: the same conversation with one thing changed, for behaviour tests (after CheckList, Ribeiro
//! et al., ACL 2020). A detector that looks at what matters answers both alike.
//!
//! A **touch** changes only how a told conversation is written; every mark moves with its text. Other
//! variants tell the conversation again: under another policy, in another language, tidily.

use crate::conversation::{Body, Conversation, Mark, Policy, Speaker, names};
use crate::taxonomy::{Exposure, NormalForm};
use serde::{Deserialize, Serialize};
use std::ops::Range;

names! {
    /// A change of writing that leaves every value what it is.
    pub enum Touch {
        /// The customer writes in lower case.
        Lower = "lower",
        /// The customer writes in capitals.
        Upper = "upper",
        /// The customer writes without accents.
        NoAccents = "no_accents",
        /// An emoji stands before every value of the customer's.
        Emoji = "emoji",
        /// Identifiers are written without spaces, dots and dashes.
        Compact = "compact",
        /// Spaces inside identifiers are no-break spaces.
        Nbsp = "nbsp",
    }
}

/// Which twin of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Variant {
    /// As it is.
    #[default]
    Plain,
    /// Told under another policy.
    Policy(Policy),
    /// Told without noise: the writer is tidy.
    Tidy,
    /// Told in the other language, by the same customer.
    OtherLanguage,
    /// Told with the same values in live-looking ranges: what a detector owes to the safe ones.
    Lifelike,
    /// Written otherwise.
    Touch(Touch),
}

impl Variant {
    /// What an id carries behind `~`.
    pub fn suffix(self) -> String {
        match self {
            Variant::Plain => String::new(),
            Variant::Policy(policy) => format!("~policy-{policy}"),
            Variant::Tidy => "~tidy".to_owned(),
            Variant::OtherLanguage => "~language".to_owned(),
            Variant::Lifelike => "~lifelike".to_owned(),
            Variant::Touch(touch) => format!("~{touch}"),
        }
    }

    /// The variant of a suffix, with or without its `~`.
    pub fn named(name: &str) -> Option<Variant> {
        let name = name.strip_prefix('~').unwrap_or(name);
        match name.strip_prefix("policy-") {
            Some(policy) => Policy::named(policy).map(Variant::Policy),
            None => match name {
                "" => Some(Variant::Plain),
                "tidy" => Some(Variant::Tidy),
                "language" => Some(Variant::OtherLanguage),
                "lifelike" => Some(Variant::Lifelike),
                touch => Touch::named(touch).map(Variant::Touch),
            },
        }
    }

    /// The names of all but the plain one.
    pub fn names() -> Vec<String> {
        let policies = Policy::ALL.iter().map(|policy| format!("policy-{policy}"));
        let touches = Touch::ALL.iter().map(ToString::to_string);
        ["tidy", "language", "lifelike"]
            .into_iter()
            .map(str::to_owned)
            .chain(touches)
            .chain(policies)
            .collect()
    }
}

/// Writes a conversation otherwise. Who speaks for the bank writes as before, but for identifiers.
pub fn touch(conversation: &mut Conversation, touch: Touch) {
    for message in &mut conversation.messages {
        let customer = message.speaker == Speaker::Customer;
        let identifiers = matches!(touch, Touch::Compact | Touch::Nbsp);
        if !customer && !identifiers {
            continue;
        }
        rewrite(&mut message.body, touch);
        for field in &mut message.fields {
            rewrite(&mut field.body, touch);
        }
    }
}

fn rewrite(body: &mut Body, touch: Touch) {
    // Case and accents of a secret are part of it; nothing may happen to what is in these ranges.
    let fixed: Vec<Range<usize>> = ranges(body, |mark| {
        matches!(mark, Mark::Span(span) if span.label.info().normal == NormalForm::Text
            && matches!(span.label.info().exposure, Exposure::Secret | Exposure::Account))
    });
    let identifiers: Vec<Range<usize>> = ranges(body, |mark| {
        matches!(mark, Mark::Span(span) if matches!(
            span.label.info().normal,
            NormalForm::Digits | NormalForm::Alphanumeric | NormalForm::E164
        ) && span.form.is_none_or(|form| form.name() != "spoken"))
    });
    let within =
        |ranges: &[Range<usize>], at: usize| ranges.iter().any(|range| range.contains(&at));
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    if touch == Touch::Emoji {
        let mut starts: Vec<usize> = ranges(body, |mark| matches!(mark, Mark::Span(_)))
            .iter()
            .map(|range| range.start)
            .collect();
        starts.sort_unstable();
        starts.dedup();
        // Inside another span an insertion would become part of it.
        let spans = ranges(body, |_| true);
        starts.retain(|at| !spans.iter().any(|span| span.start < *at && *at < span.end));
        edits.extend(starts.into_iter().map(|at| (at..at, "👉 ".to_owned())));
    } else {
        for (at, c) in body.text().char_indices() {
            let with = match touch {
                Touch::Lower if !within(&fixed, at) => c.to_lowercase().collect(),
                Touch::Upper if !within(&fixed, at) => c.to_uppercase().collect(),
                Touch::NoAccents if !within(&fixed, at) && !c.is_ascii() => {
                    crate::world::ascii(c).map_or_else(|| c.to_string(), str::to_owned)
                }
                Touch::Compact if " .-\u{a0}\u{202f}".contains(c) && within(&identifiers, at) => {
                    String::new()
                }
                Touch::Nbsp if c == ' ' && within(&identifiers, at) => "\u{a0}".to_owned(),
                _ => continue,
            };
            if !(with.len() == c.len_utf8() && with.starts_with(c)) {
                edits.push((at..at + c.len_utf8(), with));
            }
        }
    }
    body.edit(&edits);
}

fn ranges(body: &Body, wanted: impl Fn(&Mark) -> bool) -> Vec<Range<usize>> {
    let marks = body.marks().iter().filter(|(_, mark)| wanted(mark));
    marks.map(|(range, _)| range.as_range()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Corpus, Spec};
    use crate::identifiers;

    #[test]
    fn a_touch_keeps_every_span_and_every_value() {
        for language in ["fr-FR", "en-GB"] {
            let spec = Spec::for_languages([(language.to_owned(), 1)].into());
            let corpus = Corpus::new(spec, 5).unwrap();
            for index in 0..60 {
                let plain = corpus.conversation(index);
                for &touch in Touch::ALL {
                    let twin = corpus.twin(index, Variant::Touch(touch));
                    assert_eq!(plain.facts, twin.facts);
                    for (before, after) in plain.messages.iter().zip(&twin.messages) {
                        let (old, new): (Vec<_>, Vec<_>) =
                            (before.body.spans().collect(), after.body.spans().collect());
                        assert_eq!(old.len(), new.len(), "{touch}: {:?}", after.body);
                        for ((_, span), (range, _)) in old.into_iter().zip(new) {
                            let surface = &after.body.text()[range.as_range()];
                            let whole = span.part.is_none() && span.valid == Some(true);
                            if let (true, Some(value)) =
                                (whole, identifiers::normalise(span.label, surface))
                            {
                                let label = span.label;
                                assert_ne!(
                                    identifiers::check(label, &value),
                                    Some(false),
                                    "{surface}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn every_variant_is_found_under_its_name() {
        for name in Variant::names() {
            let variant = Variant::named(&name).unwrap();
            assert_eq!(variant.suffix(), format!("~{name}"));
        }
        assert_eq!(Variant::named("~shouting"), None);
    }
}
