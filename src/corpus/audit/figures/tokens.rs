//! Tokens, masked text and normalised text, so that two people compute the same numbers.

use crate::corpus::audit::record::Unit;
use regex::Regex;
use std::ops::Range;
use std::sync::OnceLock;

/// What a token is: a word with its inner apostrophes and hyphens, or one other visible character.
pub const TOKEN: &str = r"[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]|_";

fn token() -> &'static Regex {
    static TOKENS: OnceLock<Regex> = OnceLock::new();
    TOKENS.get_or_init(|| Regex::new(TOKEN).expect("a regular expression"))
}

/// The tokens of a text, in lower case.
pub fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    token()
        .find_iter(&lower)
        .map(|found| found.as_str().to_owned())
        .collect()
}

/// The tokens of a text that are words, as they stand.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    token()
        .find_iter(text)
        .map(|found| found.as_str())
        .filter(|token| token.starts_with(char::is_alphanumeric))
}

/// A text with every gold range replaced by `<LABEL>`, then every decimal digit by 0.
///
/// Of ranges that overlap the one that starts first counts, of these the longest, of equal ones that
/// whose label comes first in the alphabet.
pub fn masked(unit: &Unit<'_>) -> String {
    let mut ranges: Vec<(&Range<usize>, &str)> = unit
        .spans
        .iter()
        .filter_map(|span| Some((span.range.as_ref().ok()?, span.record.label.as_str())))
        .collect();
    ranges.sort_by_key(|(range, label)| (range.start, std::cmp::Reverse(range.end), *label));
    let mut out = String::with_capacity(unit.text.len() + 16);
    let mut copied = 0;
    for (range, label) in ranges {
        if range.start < copied {
            continue;
        }
        out.push_str(&unit.text[copied..range.start]);
        out.push('<');
        out.push_str(label);
        out.push('>');
        copied = range.end;
    }
    out.push_str(&unit.text[copied..]);
    zeros(&out)
}

/// Every decimal digit (Unicode Nd) becomes 0.
fn zeros(text: &str) -> String {
    static DIGITS: OnceLock<Regex> = OnceLock::new();
    let digits = DIGITS.get_or_init(|| Regex::new(r"\d").expect("a regular expression"));
    digits.replace_all(text, "0").into_owned()
}

/// Case-folded, digits as 0, anything but words as one space.
pub fn normalised(text: &str) -> String {
    static GAPS: OnceLock<Regex> = OnceLock::new();
    let gaps = GAPS.get_or_init(|| Regex::new(r"\W+").expect("a regular expression"));
    let text = zeros(&text.to_lowercase());
    gaps.replace_all(&text, " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::audit::record::{Conversation, read};
    use crate::text::OffsetUnit;

    #[test]
    fn words_keep_apostrophes_and_hyphens_inside() {
        assert_eq!(
            tokens("J'ai rendez-vous, n'est-ce pas ?! l’_a"),
            [
                "j'ai",
                "rendez-vous",
                ",",
                "n'est-ce",
                "pas",
                "?",
                "!",
                "l",
                "’",
                "_",
                "a"
            ]
        );
        assert_eq!(words("ok, 12 👍").collect::<Vec<_>>(), ["ok", "12"]);
    }

    #[test]
    fn gold_becomes_its_label_and_digits_become_zeros() {
        let line = r#"{"messages":[{"text":"Carte 4242, 35 € le 2","spans":[
            {"start":6,"end":10,"label":"PAN_TRUNCATED"},{"start":12,"end":16,"label":"BALANCE"},
            {"start":12,"end":14,"label":"AGE"}]}]}"#;
        let record = read(line).unwrap();
        let c = Conversation::of(&record, OffsetUnit::Codepoint);
        assert_eq!(masked(&c.units[0]), "Carte <PAN_TRUNCATED>, <BALANCE> le 0");
    }

    #[test]
    fn normalised_texts_differ_only_in_words() {
        assert_eq!(
            normalised("  Bonjour !!  J'ai 3 cartes… "),
            "bonjour j ai 0 cartes"
        );
        assert_eq!(normalised("👍"), "");
    }
}
