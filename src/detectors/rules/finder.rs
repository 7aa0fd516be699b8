//! The state of one message while its families of values are looked for.
//!
//! Invariant: a stretch of text is claimed once. Families that are sure come first; what they claim,
//! as a value or as none of ours, is out of reach for those that guess.

use super::fold::{Folded, is_word};
use super::lexicon::{Hit, Lexicon, Meaning};
use super::scene::Scene;
use super::shapes::Shapes;
use crate::taxonomy::Label;
use std::ops::Range;

/// What the words around a value say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// It is a value of this label.
    Is(Label),
    /// It is none of ours.
    Decoy,
    /// Nothing.
    Silent,
}

/// Digits in groups, with at most two separators between two of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The groups of digits, in folded text.
    pub groups: Vec<Range<usize>>,
}

impl Cluster {
    /// The whole of it.
    pub fn range(&self) -> Range<usize> {
        self.groups[0].start..self.groups[self.groups.len() - 1].end
    }
}

/// One message, and what is found in it so far.
pub struct Finder<'a> {
    /// The text as written.
    pub text: &'a str,
    /// The text as seen.
    pub folded: &'a Folded,
    /// Words of the lexicon in it.
    pub hits: &'a [Hit],
    /// The words of its language.
    pub lexicon: &'a Lexicon,
    /// How long codes are.
    pub shapes: &'a Shapes,
    /// What it answers.
    pub scene: &'a Scene,
    /// Runs of digits in it.
    pub clusters: Vec<Cluster>,
    /// What is claimed: a value, or `None` for what is none of ours.
    pub claims: Vec<(Range<usize>, Option<Label>)>,
}

/// How far a cue may stand before its value, in characters.
const REACH: usize = 60;
/// The same, where a sentence or line ends between them.
const REACH_ACROSS: usize = 16;
/// Room for the cue itself.
const LONGEST_WORD: usize = 60;
/// How far behind its value.
const REACH_BEHIND: usize = 28;

impl Finder<'_> {
    /// The text as seen.
    pub fn bytes(&self) -> &[u8] {
        self.folded.bytes()
    }

    /// Is nothing of a range claimed?
    pub fn free(&self, range: &Range<usize>) -> bool {
        self.claims
            .iter()
            .all(|(taken, _)| taken.end <= range.start || range.end <= taken.start)
    }

    /// Claims a range as a value, if it is free and not empty.
    pub fn claim(&mut self, range: Range<usize>, label: Label) -> bool {
        let free = !range.is_empty() && self.free(&range);
        if free {
            self.claims.push((range, Some(label)));
        }
        free
    }

    /// Claims a range as none of ours.
    pub fn rule_out(&mut self, range: Range<usize>) {
        if !range.is_empty() && self.free(&range) {
            self.claims.push((range, None));
        }
    }

    /// Is any value of this label found?
    pub fn has(&self, label: Label) -> bool {
        self.claims
            .iter()
            .any(|(_, claimed)| *claimed == Some(label))
    }

    /// Does the message hold a word of this meaning?
    pub fn says(&self, meaning: Meaning) -> bool {
        self.hits.iter().any(|hit| hit.meaning == meaning)
    }

    /// Does a word of this meaning stand in the sentence around a place?
    pub fn says_near(&self, meaning: Meaning, at: usize) -> bool {
        let bytes = self.bytes();
        let is_end = |&place: &usize| {
            bytes[place] == b'\n'
                || matches!(bytes[place], b'.' | b'?' | b'!')
                    && bytes.get(place + 1).is_none_or(u8::is_ascii_whitespace)
        };
        let start = (0..at).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (at..bytes.len()).find(is_end).unwrap_or(bytes.len());
        self.hits_between(start, end)
            .any(|hit| hit.meaning == meaning)
    }

    /// What the nearest fitting topic says, unless a decoy stands nearer. A topic before the value
    /// counts before one behind it, and serves one value only.
    pub fn cue(&self, range: &Range<usize>, fits: impl Fn(Label) -> bool) -> Cue {
        let judged = |hit: &Hit| match hit.meaning {
            Meaning::Topic(label) if fits(label) => Some(Cue::Is(label)),
            Meaning::Decoy => Some(Cue::Decoy),
            _ => None,
        };
        let before = self
            .hits_between(
                range.start.saturating_sub(REACH + LONGEST_WORD),
                range.start,
            )
            .filter(|hit| hit.range.end <= range.start && self.joined(hit.range.end..range.start))
            .filter_map(|hit| judged(hit).map(|cue| (hit.range.end, cue)))
            .max_by_key(|&(end, cue)| (end, matches!(cue, Cue::Is(_))));
        if let Some((_, cue)) = before {
            return cue;
        }
        self.hits_between(range.end, range.end + REACH_BEHIND + 1)
            .filter(|hit| {
                let gap = &self.bytes()[range.end..hit.range.start];
                !gap.iter().any(|b| b",;.?!\n".contains(b))
            })
            .find_map(judged)
            .unwrap_or(Cue::Silent)
    }

    /// The words of the lexicon that start in `start..end`: long messages have thousands of words, and
    /// only those around a value speak of it.
    fn hits_between(&self, start: usize, end: usize) -> impl Iterator<Item = &Hit> {
        let first = self.hits.partition_point(|hit| hit.range.start < start);
        self.hits[first..]
            .iter()
            .take_while(move |hit| hit.range.start < end)
    }

    /// Can a word at one end of a gap speak of a value at the other?
    fn joined(&self, gap: Range<usize>) -> bool {
        if gap.len() > REACH {
            return false;
        }
        let between = &self.bytes()[gap.clone()];
        let across = between
            .windows(2)
            .any(|pair| matches!(pair[0], b'.' | b'?' | b'!') && pair[1].is_ascii_whitespace())
            || between.contains(&b'\n');
        !(across && gap.len() > REACH_ACROSS)
            && self
                .claims
                .iter()
                .all(|(taken, _)| taken.start < gap.start || gap.end <= taken.start)
    }

    /// The digits of a range of folded text.
    pub fn digits(&self, range: &Range<usize>) -> Vec<u8> {
        self.bytes()[range.clone()]
            .iter()
            .copied()
            .filter(u8::is_ascii_digit)
            .collect()
    }

    /// The first window of whole groups, leftmost and then longest, whose digits are accepted.
    pub fn window(
        &self,
        cluster: &Cluster,
        lengths: std::ops::RangeInclusive<usize>,
        accept: impl Fn(&[u8]) -> bool,
    ) -> Option<Range<usize>> {
        for first in 0..cluster.groups.len() {
            for last in (first..cluster.groups.len()).rev() {
                let range = cluster.groups[first].start..cluster.groups[last].end;
                let digits = self.digits(&range);
                if lengths.contains(&digits.len()) && self.free(&range) && accept(&digits) {
                    return Some(range);
                }
            }
        }
        None
    }

    /// Is a range not part of a longer word or number?
    pub fn whole(&self, range: &Range<usize>) -> bool {
        let bytes = self.bytes();
        let before = range.start.checked_sub(1).map(|at| bytes[at]);
        before.is_none_or(|byte| !is_word(byte))
            && bytes.get(range.end).is_none_or(|&byte| !is_word(byte))
    }

    /// Is the first letter of a folded range written as a capital?
    pub fn is_capital(&self, at: usize) -> bool {
        self.folded.is_capital(self.text, at)
    }
}

/// The runs of digits of a folded text, whatever they touch.
pub fn clusters(text: &[u8]) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !text[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < text.len() && text[at].is_ascii_digit() {
            at += 1;
        }
        let group = start..at;
        let bridged = clusters.last().is_some_and(|cluster: &Cluster| {
            let gap = &text[cluster.range().end..start];
            gap.len() <= 2 && gap.iter().all(|byte| b" .-/_".contains(byte))
        });
        match clusters.last_mut() {
            Some(cluster) if bridged => cluster.groups.push(group),
            _ => clusters.push(Cluster {
                groups: vec![group],
            }),
        }
    }
    clusters
}
