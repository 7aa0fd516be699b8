//! Structured parts of a message: what the platform delivers beside the text.
//!
//! Shapes after the Messenger platform's webhook: a quick reply repeats its text as payload, a place
//! and a file are attachments, and every event names its sender and carries an id.

use super::Realiser;
use crate::conversation::{Body, Field, MessageKind, Name, Speaker};
use crate::dialogue::path::Path;
use crate::dialogue::planner::Act;
use crate::seed::Stream;
use crate::wording::values::{Circumstance, Pen};

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
            fields.extend(self.value_field("/message/mid", Path::SessionMessage, stream));
        }
        fields
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
        let voice = self.voice(Speaker::Bot);
        let mut body = Body::new();
        let mut pen = Pen {
            body: &mut body,
            facts: &mut self.facts,
            voice,
            today: self.cast.today(),
            circumstance: Circumstance::default(),
            ways: self.script.ways,
            joint: None,
        };
        pen.datum(&datum, None, stream);
        Some(Field {
            pointer: Name::Borrowed(pointer),
            body,
        })
    }
}
