//! Postal addresses: a number, a street, and what follows of postcode and town.

use super::finder::{Cue, Finder};
use super::labels::LABELS;
use super::lexicon::Meaning;
use super::pattern;
use super::scene::words;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// The postcode and the town behind a street, or before the state of an American town.
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:,? ?(?:apt|apartment|unit|flat|suite|appt|appartement|bat|batiment|etage|escalier)\.? ?[0-9a-z]{1,4}\b)?(?:[, \n]{1,3}(?:a )?[0-9]{5} [a-z][a-z'-]+(?:[ -](?:sur|sous|en|les|les|la|le|de|du|des|l'|d'|aux?|[a-z][a-z'-]+)){0,3}|[, \n]{1,3}[a-z][a-z'-]+(?: [a-z][a-z'-]+){0,2},? (?:[a-z]{2} )?(?:[0-9]{5}\b|[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}\b)|, [a-z][a-z'-]+)?",
    )
});

/// The pattern of a house number with a street, of one language: words before or behind the street's.
pub fn street(names: &[String]) -> Regex {
    let kinds = names.join("|");
    pattern(&format!(
        r"\b[0-9]{{1,5}}(?: ?(?:bis|ter|quater|[a-d]\b))?,? (?:(?:{kinds})\b\.?|(?:[a-z][a-z'-]+ ){{1,3}}(?:{kinds})\b\.?)"
    ))
}

/// Finds them.
pub fn find(finder: &mut Finder<'_>, street: &Regex, kind_first: bool) {
    if finder.clusters.is_empty() {
        return;
    }
    let text = finder.folded.bytes();
    for hit in street.find_iter(text) {
        let mut range = hit.range();
        if !finder.free(&range) {
            continue;
        }
        if kind_first {
            range.end = street_name(finder, range.end);
        }
        if let Some(tail) = TAIL.find(&text[range.end..]) {
            range.end += tail.end();
            range.end = without_small_talk(finder, &range);
        }
        let said = finder.cue(&range, |label| label == LABELS.postal_address);
        let own = finder.scene.by_customer()
            || finder.says_near(Meaning::Possessive, range.start)
            || matches!(said, Cue::Is(_));
        if said != Cue::Decoy && own {
            finder.claim(range, LABELS.postal_address);
        } else {
            finder.rule_out(range);
        }
    }
}

/// Where the name of a street ends that begins at `at`: at a number, a comma, a stop word, or the first
/// word without a capital if the name has any.
fn street_name(finder: &Finder<'_>, at: usize) -> usize {
    let text = finder.bytes();
    let mut end = at;
    let mut capitals = false;
    for word in words(&text[at..]).into_iter().take(6) {
        let word = word.start + at..word.end + at;
        let written = finder.folded.str(word.clone());
        let apart = &text[end..word.start];
        let particle = finder.lexicon.particle.contains(written);
        let stop = finder.lexicon.stop.contains(written) || finder.lexicon.filler.contains(written);
        let lower =
            !finder.is_capital(word.start) && !written.contains('\'') && !written.contains('-');
        if apart != b" "
            || written.as_bytes()[0].is_ascii_digit()
            || stop && !particle
            || capitals && lower && !particle
        {
            break;
        }
        capitals |= finder.is_capital(word.start);
        end = word.end;
    }
    end
}

/// Cuts words at the end that are none of a town: "69001 lyon merci".
fn without_small_talk(finder: &Finder<'_>, range: &Range<usize>) -> usize {
    let within = words(&finder.bytes()[range.clone()]);
    let mut end = range.end;
    for word in within.iter().rev() {
        let word = word.start + range.start..word.end + range.start;
        let written = finder.folded.str(word.clone());
        let small =
            finder.lexicon.filler.contains(written) || finder.lexicon.stop.contains(written);
        if !small || word.end != end {
            break;
        }
        let before = finder.bytes()[range.start..word.start].trim_ascii_end();
        let kept = before
            .iter()
            .rposition(|&byte| byte != b',')
            .map_or(0, |last| last + 1);
        end = range.start + kept;
    }
    end
}
