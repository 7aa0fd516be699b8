//! What a transcription service makes of a voice note.
//!
//! People who speak hesitate, begin again and chain their sentences; the service writes words, mishears some
//! and guesses at punctuation or leaves it out. There are no slips of fingers, no emoji, no short forms.
//!
//! Invariant: an edit lies wholly inside or wholly outside a mark, as in [`noise`](crate::wording::noise).

use crate::conversation::Body;
use crate::seed::Stream;
use crate::wording::noise::{
    Phrases, by_first_word, drawn_form, free_ranges, may_change, walk_words,
};
use crate::wording::number_words::Tongue;
use crate::wording::turn::{PieceKind, ends_sentence, french_spaces};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// A language's data for speech: `[voice]` in `noise.toml` of its folder.
#[derive(Debug, Default)]
pub struct SpeechData {
    openers: Vec<String>,
    answers: Vec<String>,
    hesitations: Vec<String>,
    links: Vec<String>,
    closers: Vec<String>,
    stutters: Phrases,
    /// What is written short and said in full.
    said: Phrases,
    /// What sounds like something else.
    misheard: Phrases,
}

/// The same as it stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawSpeech {
    openers: Vec<String>,
    answers: Vec<String>,
    hesitations: Vec<String>,
    links: Vec<String>,
    closers: Vec<String>,
    stutters: Vec<String>,
    said: BTreeMap<String, Vec<String>>,
    misheard: BTreeMap<String, Vec<String>>,
}

impl From<RawSpeech> for SpeechData {
    fn from(raw: RawSpeech) -> SpeechData {
        let twice = |word: String| {
            let again = format!("{word} {word}");
            (word, vec![again])
        };
        SpeechData {
            openers: raw.openers,
            answers: raw.answers,
            hesitations: raw.hesitations,
            links: raw.links,
            closers: raw.closers,
            stutters: by_first_word(raw.stutters.into_iter().map(twice).collect()),
            said: by_first_word(raw.said),
            misheard: by_first_word(raw.misheard),
        }
    }
}

/// How somebody's voice notes come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Does the service set capitals and punctuation? Otherwise all is in lower case, without any.
    pub punctuated: bool,
    /// Does the customer hesitate, and is misheard now and then?
    pub halting: bool,
}

/// What a note is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A concern is brought up.
    Opening,
    /// A question is answered.
    Answer,
    /// Anything else.
    Remark,
}

/// Joins the pieces of a turn into the transcript of one voice note.
pub fn transcribe(
    pieces: Vec<(PieceKind, Body)>,
    tongue: Tongue,
    data: &SpeechData,
    manner: Manner,
    occasion: Occasion,
    stream: &mut Stream,
) -> Body {
    let mut out = Body::new();
    let halting = |rate: u32| if manner.halting { rate } else { 0 };
    let (openers, opens) = match occasion {
        Occasion::Opening => (&data.openers, 550),
        Occasion::Answer => (&data.answers, 400),
        Occasion::Remark => (&data.openers, 150),
    };
    push_one(&mut out, openers, halting(opens), stream);
    let mut before: Option<PieceKind> = None;
    for (kind, mut piece) in pieces {
        words(&mut piece, data, manner, stream);
        marks(&mut piece, manner.punctuated);
        if piece.is_empty() {
            continue;
        }
        let begins_sentence = ends_sentence(out.text());
        if !out.is_empty() {
            let comma =
                manner.punctuated && before == Some(PieceKind::Greeting) && !begins_sentence;
            let stop = manner.punctuated
                && matches!(before, Some(PieceKind::Sentence | PieceKind::Value))
                && !begins_sentence;
            out.push_str(match (comma, stop) {
                (true, _) => ", ",
                (_, true) => ". ",
                _ => " ",
            });
            let links = before.is_some() && before != Some(PieceKind::Lead);
            let length = out.text().len();
            push_one(
                &mut out,
                &data.links,
                halting(if links { 350 } else { 0 }),
                stream,
            );
            if out.text().len() > length {
                out.push(' ');
            }
        }
        out.append(piece);
        before = Some(kind);
    }
    let closes = if occasion == Occasion::Answer {
        120
    } else {
        220
    };
    if !ends_sentence(out.text()) && stream.chance(halting(closes)) && !data.closers.is_empty() {
        out.push_str(if manner.punctuated { ", " } else { " " });
        out.push_str(stream.pick(&data.closers).as_str());
    }
    if manner.punctuated {
        sentences(&mut out);
        let only_value = before == Some(PieceKind::Value) && occasion == Occasion::Answer;
        if !only_value && !ends_sentence(out.text()) {
            out.push('.');
        }
        if tongue.is_french() {
            french_spaces(&mut out, true, stream);
        }
    } else {
        lower(&mut out);
    }
    out
}

fn push_one(out: &mut Body, list: &[String], rate: u32, stream: &mut Stream) {
    if stream.chance(rate) && !list.is_empty() {
        out.push_str(stream.pick(list).as_str());
    }
}

/// Gives every sentence its capital.
fn sentences(out: &mut Body) {
    let mut begins = true;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (at, c) in out.text().char_indices() {
        if begins && c.is_lowercase() && may_change(out, at) {
            edits.push((at..at + c.len_utf8(), c.to_uppercase().collect()));
        }
        let space = c.is_whitespace() && out.text()[..at].ends_with(['.', '?']);
        begins = space || begins && c.is_whitespace();
    }
    out.edit(&edits);
}

/// What is said in full, said twice, misheard, and where the speaker hesitates.
fn words(body: &mut Body, data: &SpeechData, manner: Manner, stream: &mut Stream) {
    let text = body.text();
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let halting = |rate: u32| if manner.halting { rate } else { 0 };
    walk_words(body, |free, at, word| {
        let rest = &text[at..free.end];
        if word.is_empty() {
            let c = rest.chars().next()?;
            let next = at + c.len_utf8();
            // Before a word, and oftener before a value.
            let value = next == free.end && free.end < text.len();
            let word = text[next..].starts_with(char::is_alphabetic);
            let rate = if value { 90 } else { 30 };
            if c == ' ' && (value || word) && stream.chance(halting(rate)) {
                let hesitation = data
                    .hesitations
                    .get(stream.below(data.hesitations.len().max(1) as u32) as usize);
                edits.extend(hesitation.map(|word| (next..next, format!("{word} "))));
            }
            return None;
        }
        let touches = at + word.len() == free.end && free.end < text.len();
        let begins = !text[..at].ends_with(['\'', '’', '-']);
        let forms = [
            ((), 1000, &data.said),
            ((), halting(70), &data.misheard),
            ((), halting(35), &data.stutters),
        ];
        let forms = forms.into_iter().filter(|_| begins && !touches);
        let ((), length, forms) = drawn_form(forms, rest, stream)?;
        edits.push((at..at + length, stream.pick(forms).clone()));
        Some(length)
    });
    body.edit(&edits);
}

/// Takes out the marks that a service does not write: all of them, or all but full stops, commas and question
/// marks. Runs of spaces become one.
fn marks(body: &mut Body, punctuated: bool) {
    let text = body.text();
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    for free in free_ranges(body) {
        for (offset, c) in text[free.clone()].char_indices() {
            let at = free.start + offset;
            let end = at + c.len_utf8();
            let next = text[end..].chars().next();
            let ends_word = next.is_none_or(|next| !next.is_alphanumeric());
            let with = match c {
                '\n' | '\t' | '\u{a0}' | '\u{202f}' => " ",
                '\'' | '’' | '-' => continue,
                ' ' if next.is_some_and(|next| matches!(next, '!' | '.' | ',' | ';' | '…')) => "",
                '!' if punctuated && ends_word => ".",
                '.' | ',' | '?' if punctuated && next != Some(c) => continue,
                '.' | ',' if !ends_word => continue,
                '€' | '$' | '£' | '%' | '°' => continue,
                c if c.is_alphanumeric() || c == ' ' => continue,
                _ => "",
            };
            edits.push((at..end, with));
        }
    }
    body.edit(&edits);
    // What stood between two spaces leaves both.
    let doubled: Vec<(Range<usize>, &str)> = {
        let text = body.text();
        let free = free_ranges(body);
        let within = |at: usize| free.iter().any(|range| range.contains(&at));
        let blank = |at: usize| text.as_bytes()[at] == b' ' && within(at);
        let last = text.len().saturating_sub(1);
        (0..text.len())
            .filter(|&at| blank(at) && (at == last || at == 0 || text.as_bytes()[at - 1] == b' '))
            .map(|at| (at..at + 1, ""))
            .collect()
    };
    body.edit(&doubled);
}

/// Lower case and no comma, but for values that a rule checks.
fn lower(body: &mut Body) {
    let text = body.text();
    let comma = |at: usize| text[at..].starts_with(", ");
    let commas = text
        .match_indices(',')
        .map(|(at, _)| at)
        .filter(|&at| comma(at));
    let commas: Vec<(Range<usize>, &str)> = commas
        .filter(|&at| may_change(body, at))
        .map(|at| (at..at + 1, ""))
        .collect();
    body.edit(&commas);
    let edits: Vec<(Range<usize>, String)> = body
        .text()
        .char_indices()
        .filter(|(at, c)| c.is_uppercase() && may_change(body, *at))
        .map(|(at, c)| (at..at + c.len_utf8(), c.to_lowercase().collect()))
        .collect();
    body.edit(&edits);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Decoy, Mark, Name};
    use crate::seed::Domain;
    use crate::taxonomy::Label;
    use crate::wording::noise::NoiseData;
    use crate::wording::number_words::Numerals;
    use proptest::prelude::*;

    fn speech() -> NoiseData {
        NoiseData::parse(include_str!("../../datasets/languages/fr/noise.toml")).unwrap()
    }

    fn note(text: &str, manner: Manner, seed: u64) -> String {
        let mut body = Body::new();
        body.push_str(text);
        let pieces = vec![(PieceKind::Sentence, body)];
        let mut stream = Stream::at(seed, Domain::new("transcript test"), 0);
        let data = speech();
        let occasion = Occasion::Opening;
        transcribe(
            pieces,
            Tongue::French(Numerals::FRANCE),
            &data.speech,
            manner,
            occasion,
            &mut stream,
        )
        .text()
        .to_owned()
    }

    proptest! {
        #[test]
        fn a_marked_value_survives_every_transcript(
            seed: u64, punctuated: bool, before in "[a-zéà' ,.!]{0,30}", after in "[a-zéà' ]{0,30}[?!.]?",
        ) {
            let mut body = Body::new();
            body.push_str(&before);
            let looks_like = Label::named("PAN").unwrap();
            body.push_marked("4000 É 12", Mark::Decoy(Decoy { looks_like, is: Name::Borrowed("x") }));
            body.push_str(&after);
            let pieces = vec![(PieceKind::Greeting, body.clone()), (PieceKind::Sentence, body)];
            let manner = Manner { punctuated, halting: true };
            let mut stream = Stream::at(seed, Domain::new("transcript test"), 0);
            let data = speech();
            let out = transcribe(
                pieces, Tongue::French(Numerals::FRANCE), &data.speech, manner, Occasion::Answer, &mut stream,
            );
            prop_assert_eq!(out.marks().len(), 2);
            for (range, _) in out.marks() {
                prop_assert_eq!(&out.text()[range.as_range()], "4000 É 12");
            }
        }
    }

    #[test]
    fn an_unpunctuated_transcript_has_no_capital_and_no_mark() {
        let text = "J'ai perdu ma CB !! Que faire… svp ? C'est urgent, merci 🙏";
        for seed in 0..50 {
            let said = note(
                text,
                Manner {
                    punctuated: false,
                    halting: true,
                },
                seed,
            );
            let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '\'' | '-');
            assert!(said.chars().all(plain) && !said.contains("  "), "{said}");
            assert!(
                !said.contains(char::is_uppercase) && !said.contains("svp"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_service_that_punctuates_writes_whole_sentences() {
        let manner = Manner {
            punctuated: true,
            halting: false,
        };
        let said = note("j'ai perdu ma carte ! que faire ?", manner, 1);
        assert_eq!(said, "J'ai perdu ma carte. Que faire\u{a0}?");
    }

    #[test]
    fn whoever_speaks_hesitates() {
        let manner = Manner {
            punctuated: false,
            halting: true,
        };
        let text = "je voudrais savoir où en est le virement de mardi dernier";
        let said: Vec<String> = (0..90).map(|seed| note(text, manner, seed)).collect();
        assert!(
            said.iter().filter(|said| said.contains("euh")).count() > 8,
            "{said:?}"
        );
        assert!(
            said.iter().any(|said| said.contains("je voudrais je ")),
            "{said:?}"
        );
    }
}
