//! From the pieces of a turn to messages: order, punctuation, capitals, and how many sends.

use crate::conversation::{Body, Mark};
use crate::seed::Stream;
use crate::wording::noise::Habits;
use crate::wording::number_words::Tongue;

/// What a piece is for the joints around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A greeting, which a comma can follow.
    Greeting,
    /// A clause or sentence.
    Sentence,
    /// Words that lead straight into a value.
    Lead,
    /// A value alone.
    Value,
}

/// Joins pieces into messages as this writer would. `bank` writers are always tidy and send once.
pub fn compose(
    pieces: Vec<(PieceKind, Body)>,
    bank: bool,
    tongue: Tongue,
    habits: &Habits,
    stream: &mut Stream,
) -> Vec<Body> {
    let tidy = bank || !stream.chance(habits.untidy);
    let splits = !bank && pieces.len() > 1 && stream.chance(habits.splits);
    let mut messages: Vec<Body> = Vec::with_capacity(2);
    let mut current = Body::new();
    let mut before: Option<PieceKind> = None;
    for (kind, mut piece) in pieces {
        if piece.is_empty() {
            continue;
        }
        // A greeting is sent ahead of the matter by a few.
        let alone = |b: PieceKind, stream: &mut Stream| match b {
            PieceKind::Lead => false,
            PieceKind::Greeting => stream.chance(250),
            PieceKind::Sentence | PieceKind::Value => true,
        };
        let new_message = splits && before.is_some_and(|b| alone(b, stream));
        if new_message {
            finish(&mut current, tidy, before);
            messages.push(std::mem::take(&mut current));
            before = None;
        }
        match before {
            None => {
                if tidy && kind != PieceKind::Value {
                    capitalise(&mut piece);
                }
            }
            Some(PieceKind::Lead) => current.push(' '),
            Some(PieceKind::Greeting) if !ends_sentence(current.text()) => {
                let joint = if bank || tidy {
                    [", ", ", ", "\n"]
                } else {
                    [" ", ", ", " "]
                };
                let joint = *stream.pick(&joint);
                current.push_str(joint);
                if joint == "\n" && tidy {
                    capitalise(&mut piece);
                }
            }
            Some(_) if ends_sentence(current.text()) => {
                current.push(' ');
                if tidy {
                    capitalise(&mut piece);
                }
            }
            Some(_) if tidy => {
                current.push_str(". ");
                capitalise(&mut piece);
            }
            Some(_) => current.push_str(stream.pick::<&str>(&[", ", "\n", ". ", "... ", ", "])),
        }
        current.append(piece);
        before = Some(kind);
    }
    finish(&mut current, tidy, before);
    if !current.is_empty() {
        messages.push(current);
    }
    if tongue.is_french() {
        for message in &mut messages {
            french_spaces(message, bank || tidy, stream);
        }
    }
    messages
}

/// Ends a tidy message with a full stop, unless it ends with something else already.
fn finish(body: &mut Body, tidy: bool, last: Option<PieceKind>) {
    let value = matches!(last, Some(PieceKind::Value));
    if tidy && !value && !body.is_empty() && !ends_sentence(body.text()) {
        body.push('.');
    }
}

pub(super) fn ends_sentence(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| {
        matches!(c, '.' | '?' | '!' | '…' | ':' | ';' | ',')
            || (c > '\u{2000}' && !c.is_alphabetic()) && !matches!(c, '€' | '•' | '’' | '»')
    })
}

/// Gives the first letter a capital. A value that a rule checks keeps its letters.
pub(super) fn capitalise(body: &mut Body) {
    let Some(first) = body.text().chars().next().filter(|c| c.is_lowercase()) else {
        return;
    };
    let fixed = body.marks().iter().any(|(range, mark)| {
        range.start == 0
            && match mark {
                Mark::Span(span) => !span.label.info().free_text,
                Mark::Decoy(_) | Mark::Ignored(_) => true,
            }
    });
    if !fixed {
        let upper: String = first.to_uppercase().collect();
        body.edit(&[(0..first.len_utf8(), upper)]);
    }
}

/// French puts a no-break space before two-part punctuation; hasty writers put none.
pub(super) fn french_spaces(body: &mut Body, tidy: bool, stream: &mut Stream) {
    let hasty = !tidy && stream.chance(600);
    if !tidy && !hasty {
        return;
    }
    let text = body.text();
    let mut edits = Vec::new();
    for (at, pair) in text.as_bytes().windows(2).enumerate() {
        if pair[0] != b' ' || !matches!(pair[1], b'?' | b'!' | b':' | b';') {
            continue;
        }
        // A smiley keeps its space.
        let smiley = text[at + 1..].starts_with(":)") || text[at + 1..].starts_with(";)");
        let marked = body
            .marks()
            .iter()
            .any(|(range, _)| range.as_range().contains(&at));
        if !smiley && !marked {
            edits.push((at..at + 1, if hasty { "" } else { "\u{a0}" }));
        }
    }
    body.edit(&edits);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;
    use crate::wording::number_words::Numerals;

    const FRANCE: Tongue = Tongue::French(Numerals::FRANCE);

    fn piece(kind: PieceKind, text: &str) -> (PieceKind, Body) {
        let mut body = Body::new();
        body.push_str(text);
        (kind, body)
    }

    fn composed(bank: bool, untidy: u32, splits: u32) -> Vec<String> {
        let pieces = vec![
            piece(PieceKind::Greeting, "bonjour"),
            piece(PieceKind::Sentence, "j'ai perdu ma carte"),
            piece(PieceKind::Sentence, "que faire ?"),
        ];
        let habits = Habits {
            untidy,
            splits,
            ..Habits::default()
        };
        let mut stream = Stream::at(3, Domain::new("turn test"), 1);
        compose(pieces, bank, FRANCE, &habits, &mut stream)
            .into_iter()
            .map(|body| body.text().to_owned())
            .collect()
    }

    #[test]
    fn a_tidy_writer_punctuates_and_capitalises() {
        let text = composed(false, 0, 0).remove(0);
        assert!(
            text.starts_with("Bonjour") && text.ends_with("Que faire\u{a0}?"),
            "{text}"
        );
        assert!(text.contains("carte. Que"), "{text}");
    }

    #[test]
    fn an_untidy_writer_leaves_capitals_away() {
        let text = composed(false, 1000, 0).remove(0);
        assert!(text.starts_with("bonjour"), "{text}");
    }

    #[test]
    fn a_turn_can_be_sent_in_several_messages() {
        // A greeting goes with the sentence after it, mostly.
        let sent = composed(false, 1000, 1000);
        assert!(sent.len() >= 2, "{sent:?}");
        assert_eq!(composed(true, 1000, 1000).len(), 1);
    }
}
