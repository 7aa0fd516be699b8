//! Names after words that announce them: persons, payees, merchants, employers, places.

use super::finder::Finder;
use super::labels::LABELS;
use super::lexicon::Meaning;
use super::scene::words;
use crate::conversation::Speaker;
use crate::taxonomy::Label;
use std::ops::Range;

/// The longest name, in words.
const WORDS: usize = 4;
/// The longest name of somebody who writes without capitals.
const LOWER_WORDS: usize = 2;

/// Finds them.
pub fn find(finder: &mut Finder<'_>) {
    let announces = |meaning: Meaning| {
        matches!(
            meaning,
            Meaning::NameCue(_) | Meaning::CapitalCue(_) | Meaning::Greeting
        )
    };
    if !finder.hits.iter().any(|hit| announces(hit.meaning)) {
        return;
    }
    let words = words(finder.bytes());
    for hit in finder.hits {
        let speaker = finder.scene.speaker;
        let (label, capital) = match hit.meaning {
            // The bot's own name is its persona; a bank greets customers by name.
            Meaning::NameCue(label) | Meaning::CapitalCue(label)
                if label == LABELS.person_name && speaker == Speaker::Bot =>
            {
                continue;
            }
            Meaning::NameCue(label) => (label, speaker != Speaker::Customer),
            Meaning::CapitalCue(label) => (label, true),
            Meaning::Greeting if speaker != Speaker::Customer => (LABELS.person_name, true),
            _ => continue,
        };
        if let Some(range) = name_after(finder, &words, hit.range.end, label, capital) {
            finder.claim(range, label);
        }
    }
}

/// The name that begins right behind a place, titles left out.
pub fn name_after(
    finder: &Finder<'_>,
    words: &[Range<usize>],
    at: usize,
    label: Label,
    capital: bool,
) -> Option<Range<usize>> {
    let lexicon = finder.lexicon;
    let mut rest = &words[words.partition_point(|word| word.start < at)..];
    let mut end = at;
    let text = finder.bytes();
    let joined = |from: usize, to: usize| {
        text[from..to].iter().all(|byte| b" :\"'.".contains(byte)) && to - from <= 3
    };
    while let Some(word) = rest.first() {
        let title = lexicon.title.contains(finder.folded.str(word.clone()));
        if !title || !joined(end, word.start) {
            break;
        }
        end = word.end;
        rest = &rest[1..];
    }
    let first = rest.first().filter(|word| joined(end, word.start))?;
    let shouted = is_shouted(finder);
    let is_capital = |word: &Range<usize>| finder.is_capital(word.start) && !shouted;
    let capitals = is_capital(first);
    if capital && !capitals && !shouted {
        return None;
    }
    let longest = if capitals { WORDS } else { LOWER_WORDS };
    let mut taken: Option<Range<usize>> = None;
    let mut count = 0;
    for (place, word) in rest.iter().enumerate() {
        let written = finder.folded.str(word.clone());
        let separate = |from: usize| {
            let gap = &text[from..word.start];
            gap == b" " || gap == b" & " && label != LABELS.person_name
        };
        if taken.as_ref().is_some_and(|taken| !separate(taken.end)) || count == longest {
            break;
        }
        if lexicon.particle.contains(written) {
            // A particle belongs to the name only if a name goes on behind it.
            let goes_on = rest.get(place + 1).is_some_and(|next| {
                text[word.end..next.start] == *b" "
                    && (!capitals || is_capital(next))
                    && !lexicon.stop.contains(finder.folded.str(next.clone()))
            });
            if !goes_on {
                break;
            }
            taken = Some(taken.map_or(word.start, |taken| taken.start)..word.end);
            continue;
        }
        let wordlike = written.bytes().all(|byte| !byte.is_ascii_digit());
        let initial = written.len() < 2 && !capitals;
        if !wordlike
            || initial
            || lexicon.stop.contains(written)
            || lexicon.filler.contains(written)
        {
            break;
        }
        if capitals && !is_capital(word) {
            break;
        }
        taken = Some(taken.map_or(word.start, |taken| taken.start)..word.end);
        count += 1;
    }
    taken.filter(|_| count > 0)
}

/// Is the message written in capitals, so that they tell nothing?
fn is_shouted(finder: &Finder<'_>) -> bool {
    let mut letters = 0;
    for character in finder
        .text
        .chars()
        .filter(|character| character.is_alphabetic())
    {
        if character.is_lowercase() {
            return false;
        }
        letters += 1;
    }
    letters > 12
}
