//! The shape of messages: lengths, beginnings, ends, signs. Counted over all messages, not a sample.

use super::tokens::words;
use std::collections::BTreeMap;

/// A count of whole numbers, from which quantiles are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: BTreeMap<u32, u64>,
    all: u64,
}

impl Histogram {
    /// Counts a number.
    pub fn add(&mut self, number: usize) {
        *self.counts.entry(number.min(100_000) as u32).or_default() += 1;
        self.all += 1;
    }

    /// Adds another part.
    pub fn merge(&mut self, other: &Histogram) {
        for (number, count) in &other.counts {
            *self.counts.entry(*number).or_default() += count;
        }
        self.all += other.all;
    }

    /// The smallest number that at least so many in 100 do not exceed.
    pub fn quantile(&self, percent: u64) -> Option<u32> {
        let due = (self.all * percent).div_ceil(100).max(1);
        let mut sum = 0;
        self.counts.iter().find_map(|(number, count)| {
            sum += count;
            (sum >= due).then_some(*number)
        })
    }
}

/// Counts of one speaker's messages.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Messages.
    pub messages: u64,
    /// Words a message.
    pub words: Histogram,
    /// Code points a message.
    pub chars: Histogram,
    /// Messages a conversation, of those with any.
    pub turns: Histogram,
    /// That begin with a small letter, of those that begin with a letter.
    pub lower_start: (u64, u64),
    /// That end in a letter or a digit.
    pub no_final: u64,
    /// Of one word.
    pub one_word: u64,
    /// With a digit.
    pub digits: u64,
    /// With two or more of `!`, `?`, `.` or `…` in a row.
    pub repeated: u64,
    /// With an emoji.
    pub emoji: u64,
    /// Turns of several messages in a row, and all turns.
    pub runs: (u64, u64),
    /// Solicited values that are alone in their message, and all of them.
    pub bare: (u64, u64),
}

impl Shape {
    /// Counts a message.
    pub fn add(&mut self, text: &str) {
        self.messages += 1;
        let count = words(text).count();
        self.words.add(count);
        self.chars.add(text.chars().count());
        let trimmed = text.trim();
        if let Some(first) = trimmed.chars().next().filter(|c| c.is_alphabetic()) {
            self.lower_start.0 += u64::from(first.is_lowercase());
            self.lower_start.1 += 1;
        }
        let last = trimmed.chars().next_back();
        self.no_final += u64::from(last.is_some_and(char::is_alphanumeric));
        self.one_word += u64::from(count == 1);
        self.digits += u64::from(text.chars().any(char::is_numeric));
        let stops = |c: char| matches!(c, '!' | '?' | '.' | '…');
        let twice = text
            .chars()
            .zip(text.chars().skip(1))
            .any(|(a, b)| stops(a) && stops(b));
        self.repeated += u64::from(twice);
        self.emoji += u64::from(text.chars().any(is_emoji));
    }

    /// Counts a turn of `length` messages in a row.
    pub fn turn(&mut self, length: usize) {
        self.runs.0 += u64::from(length > 1);
        self.runs.1 += 1;
    }

    /// Adds another part.
    pub fn merge(&mut self, other: &Shape) {
        self.messages += other.messages;
        self.words.merge(&other.words);
        self.chars.merge(&other.chars);
        self.turns.merge(&other.turns);
        for (to, from) in [
            (&mut self.lower_start, other.lower_start),
            (&mut self.runs, other.runs),
            (&mut self.bare, other.bare),
        ] {
            to.0 += from.0;
            to.1 += from.1;
        }
        self.no_final += other.no_final;
        self.one_word += other.one_word;
        self.digits += other.digits;
        self.repeated += other.repeated;
        self.emoji += other.emoji;
    }
}

/// Pictographs, dingbats, flags and the sign that joins them: the blocks of Unicode that hold emoji
/// (UTS #51), without digits and signs that are emoji only with a selector.
pub fn is_emoji(c: char) -> bool {
    matches!(u32::from(c),
        0x2600..=0x27BF | 0x1F000..=0x1FAFF | 0x2B50 | 0x2B55 | 0x231A..=0x231B | 0x23E9..=0x23F3 | 0x20E3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_counted_by_what_it_shows() {
        let mut shape = Shape::default();
        for text in [
            "bonjour !!",
            "J'ai perdu ma carte 4242",
            "ok 👍",
            "4242",
            "Merci.",
        ] {
            shape.add(text);
        }
        assert_eq!(shape.words.quantile(50), Some(1));
        assert_eq!(shape.words.quantile(90), Some(5));
        assert_eq!(shape.lower_start, (2, 4));
        assert_eq!((shape.no_final, shape.one_word, shape.digits), (2, 4, 2));
        assert_eq!((shape.repeated, shape.emoji), (1, 1));
    }

    #[test]
    fn quantiles_are_numbers_that_occur() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile(50), None);
        for number in 1..=10 {
            histogram.add(number);
        }
        assert_eq!(
            [25, 50, 75, 90].map(|p| histogram.quantile(p).unwrap()),
            [3, 5, 8, 9]
        );
    }
}
