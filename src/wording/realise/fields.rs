//! Structured parts of a message: what the platform delivers beside the text.
//!
//! Shapes after the Messenger platform's webhook: a quick reply repeats its text as payload, a button's
//! payload is a code with the id of what it was shown beside, a place and a file are attachments, and
//! every event names its sender and carries an id.

use super::Realiser;
use crate::calendar::Date;
use crate::conversation::{Body, Field, MessageKind, Name, Speaker};
use crate::dialogue::path::Path;
use crate::dialogue::planner::Act;
use crate::seed::Stream;
use crate::wording::notation::Node;
use crate::wording::values::{Circumstance, Facts, Pen, Voice, Ways};

impl Realiser<'_, '_> {
    /// The fields of one message of a turn.
    pub(super) fn fields(&mut self, act: &Act, body: &Body, stream: &mut Stream) -> Vec<Field> {
        let mut fields = Vec::new();
        let customer = act.speaker == Speaker::Customer;
        match act.kind {
            MessageKind::QuickReply => fields.push(Field {
                pointer: Name::Borrowed("/quick_reply/payload"),
                body: body.clone(),
            }),
            MessageKind::Postback => fields.extend(self.payload(act, stream)),
            MessageKind::Attachment if customer => {
                fields.extend(self.value_field(
                    "/attachments/0/title",
                    Path::CustomerDocument,
                    stream,
                ));
            }
            _ => {}
        }
        if self.script.raw_events {
            if customer {
                fields.extend(self.value_field("/sender/id", Path::CustomerPsid, stream));
            }
            let mid = match act.kind {
                MessageKind::Postback => "/postback/mid",
                _ => "/message/mid",
            };
            fields.extend(self.value_field(mid, Path::SessionMessage, stream));
        }
        fields
    }

    /// The payload of a button. A bot that knows no account has no value to put into it.
    fn payload(&mut self, act: &Act, stream: &mut Stream) -> Option<Field> {
        let button = &self.script.plots.buttons[usize::from(act.button?.0)];
        let mut body = Body::new();
        body.push_str(button.code);
        let slots = button.value.iter().filter_map(|node| match node {
            Node::Slot(path, form) => Some((*path, *form)),
            _ => None,
        });
        for (path, form) in slots {
            let Some(datum) = self.cast.datum(path) else {
                continue;
            };
            if !self.script.knows_accounts || self.rate_of(&datum, form) == 0 {
                continue;
            }
            // Whoever taps it has said it.
            self.said.push((path, form.is_none()));
            body.push(':');
            let (voice, today) = (self.voice(Speaker::Bot), self.cast.today());
            let ways = self.script.ways;
            bank_pen(&mut body, &mut self.facts, voice, today, ways).datum(&datum, form, stream);
        }
        Some(Field {
            pointer: Name::Borrowed("/postback/payload"),
            body,
        })
    }

    /// A field that holds one value of the cast.
    fn value_field(
        &mut self,
        pointer: &'static str,
        path: Path,
        stream: &mut Stream,
    ) -> Option<Field> {
        let datum = self.cast.datum(path)?;
        if self.rate_of(&datum, None) == 0 {
            return None;
        }
        let mut body = Body::new();
        let (voice, today) = (self.voice(Speaker::Bot), self.cast.today());
        let ways = self.script.ways;
        bank_pen(&mut body, &mut self.facts, voice, today, ways).datum(&datum, None, stream);
        Some(Field {
            pointer: Name::Borrowed(pointer),
            body,
        })
    }
}

/// Writes values as the bank's software does.
fn bank_pen<'p>(
    body: &'p mut Body,
    facts: &'p mut Facts,
    voice: Voice,
    today: Date,
    ways: &'p Ways,
) -> Pen<'p> {
    Pen {
        body,
        facts,
        voice,
        today,
        circumstance: Circumstance::default(),
        ways,
        joint: None,
    }
}
