//! Offsets, recorded texts, ids, turns and times.

use super::{Desk, plain};
use crate::calendar::Moment;
use crate::corpus::audit::checks::Check;
use crate::corpus::audit::record::Conversation;
use crate::corpus::generate::index_of;
use std::collections::BTreeSet;
use std::ops::Range;

/// Ranges lie in their text and cover what is recorded; pointers are pointers.
pub fn offsets(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    for unit in &c.units {
        let judge = |range: &Result<Range<usize>, String>, recorded: &Option<String>| match range {
            Err(error) => Some(plain(error.clone())),
            Ok(range) => {
                let covered = &unit.text[range.clone()];
                let differs = recorded.as_deref().is_some_and(|text| text != covered);
                differs.then(|| {
                    let recorded = recorded.as_deref().unwrap_or_default();
                    let what = "covers another text than the recorded one".to_owned();
                    (what, format!("`{covered}`, recorded `{recorded}`"))
                })
            }
        };
        for span in &unit.spans {
            let wrong = judge(&span.range, &span.record.text)
                .map(|(what, values)| (format!("{}: {what}", span.record.label), values));
            desk.judge(Check::SpanOffsets, || c.unit_id(unit), wrong);
        }
        for decoy in &unit.decoys {
            let wrong = judge(&decoy.range, &decoy.record.text)
                .map(|(what, values)| (format!("{}: {what}", decoy.record.is), values));
            desk.judge(Check::DecoyOffsets, || c.unit_id(unit), wrong);
        }
    }
    for (index, message) in c.record.messages.iter().enumerate() {
        let mut seen = BTreeSet::new();
        for field in &message.fields {
            let wrong = if !is_pointer(&field.pointer) {
                Some(plain(format!("`{}` is no JSON Pointer", field.pointer)))
            } else if !seen.insert(&field.pointer) {
                Some(plain(format!("`{}` twice in one message", field.pointer)))
            } else {
                None
            };
            desk.judge(Check::Pointers, || c.message_id(index), wrong);
        }
    }
}

/// RFC 6901, section 3: `/` before every token, `~` only as `~0` and `~1`. The whole document, the
/// empty pointer, is the message's own text and no field.
fn is_pointer(pointer: &str) -> bool {
    pointer.starts_with('/')
        && pointer
            .split('~')
            .skip(1)
            .all(|after| after.starts_with(['0', '1']))
}

/// Ids of messages, turns, times. The order of conversations is checked where files are read.
pub fn order(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    match &c.record.id {
        Some(id) if index_of(id).is_some() => desk.findings.passed(Check::Ids, 1),
        _ if c.record.schema.is_none() => {
            desk.findings.cannot(
                Check::Ids,
                "conversations of elsewhere, without ids of our form",
            );
        }
        _ => {
            let what = "an id is `<name>-<nine digits>`, with `~<variant>` for a twin";
            desk.judge(Check::Ids, || c.id().to_owned(), Some(plain(what)));
        }
    }
    let mut last: Option<Moment> = None;
    for (index, message) in c.record.messages.iter().enumerate() {
        let due = format!("{}/{index}", c.id());
        match &message.id {
            None => desk.findings.cannot(Check::Ids, "messages without ids"),
            Some(id) => {
                let wrong = (*id != due).then(|| plain(format!("should be `{due}`")));
                desk.judge(Check::Ids, || id.clone(), wrong);
            }
        }
        match message.turn {
            None => desk.findings.cannot(Check::Turns, "messages without turns"),
            Some(turn) => {
                let wrong =
                    (turn != index as i64).then(|| plain(format!("turn {turn} at place {index}")));
                desk.judge(Check::Turns, || c.message_id(index), wrong);
            }
        }
        let Some(time) = c.times[index] else {
            match &message.ts {
                None => desk.findings.cannot(Check::Times, "messages without times"),
                Some(ts) => {
                    let wrong = Some(plain(format!("`{ts}` is no time (RFC 3339)")));
                    desk.judge(Check::Times, || c.message_id(index), wrong);
                }
            }
            continue;
        };
        let wrong = match (last, c.date) {
            (Some(last), _) if instant(time) < instant(last) => {
                Some(plain("sent before the message before it"))
            }
            (None, Some(date)) if !(date..=date.plus(1)).contains(&time.date()) => {
                Some(plain(format!(
                    "the first message is of {}, the record of {date}",
                    time.date()
                )))
            }
            _ => None,
        };
        desk.judge(Check::Times, || c.message_id(index), wrong);
        last = Some(time);
    }
}

/// A moment as local seconds since 1970. Local clocks go back once a year, so that a difference of an
/// hour between two offsets from UTC is taken out.
fn instant(moment: Moment) -> i64 {
    let mut text = Vec::with_capacity(25);
    moment.write(&mut text);
    // `…+02:00`: the offset stands in the last six bytes.
    let offset = std::str::from_utf8(&text[text.len() - 6..]).unwrap_or("+00:00");
    let minutes = |part: &str| part.parse::<i64>().unwrap_or(0);
    let size = minutes(&offset[1..3]) * 60 + minutes(&offset[4..6]);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    i64::from(moment.date().days()) * 86_400 + i64::from(moment.second_of_day()) - sign * size * 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pointers_of_rfc_6901_are_pointers() {
        assert!(is_pointer("/quick_reply/payload") && is_pointer("/a~1b/~0"));
        assert!(!is_pointer("quick_reply") && !is_pointer("/a~2") && !is_pointer(""));
    }
}
