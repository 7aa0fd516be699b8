//! Freezing a gate: a small choice from a large pool in which every way of writing every core label
//! is well represented.
//!
//! A **stratum** is a core label in one form. Conversations are taken greedily: always the one that
//! fills most of what strata still lack, per message that it costs.

use crate::conversation::{Conversation, Form};
use crate::corpus::Corpus;
use crate::taxonomy::Label;
use std::collections::{BTreeMap, BinaryHeap};

/// How many spans a stratum should have.
pub const QUOTA: u32 = 30;

/// How many messages a gate has at most.
pub const MESSAGES: u32 = 5_000;

/// Strata rarer than this in the pool are left to chance.
const RARE: u32 = 60;

type Strata = BTreeMap<(Label, Option<Form>), u32>;

struct Candidate {
    index: u64,
    messages: u32,
    strata: Strata,
}

/// What was chosen.
#[derive(Debug)]
pub struct Choice {
    /// Indices in the pool, ascending.
    pub indices: Vec<u64>,
    /// Strata that the pool could not fill, with what they have.
    pub short: Vec<(Label, Option<Form>, u32)>,
}

/// Chooses from the first `pool` conversations of a corpus.
pub fn choose(corpus: &Corpus, pool: u64) -> Choice {
    let candidates: Vec<Candidate> = (0..pool)
        .map(|index| candidate(index, &corpus.conversation(index)))
        .collect();
    let mut all = Strata::new();
    for candidate in &candidates {
        for (&stratum, count) in &candidate.strata {
            *all.entry(stratum).or_default() += count;
        }
    }
    let mut lacking: Strata = all
        .iter()
        .filter(|(_, count)| **count >= RARE)
        .map(|(&s, _)| (s, QUOTA))
        .collect();
    // Gains only fall as strata fill, so an outdated gain is an upper bound: recompute and put back.
    let mut heap: BinaryHeap<(u64, std::cmp::Reverse<usize>)> = candidates
        .iter()
        .enumerate()
        .map(|(place, c)| (gain(c, &lacking), std::cmp::Reverse(place)))
        .collect();
    let mut indices = Vec::new();
    let mut messages = 0;
    while let Some((promised, std::cmp::Reverse(place))) = heap.pop() {
        let candidate = &candidates[place];
        let now = gain(candidate, &lacking);
        if now == 0 && promised == 0 {
            break;
        }
        if now < promised {
            heap.push((now, std::cmp::Reverse(place)));
            continue;
        }
        if messages + candidate.messages > MESSAGES {
            continue;
        }
        messages += candidate.messages;
        indices.push(candidate.index);
        for (stratum, count) in &candidate.strata {
            if let Some(lack) = lacking.get_mut(stratum) {
                *lack = lack.saturating_sub(*count);
            }
        }
    }
    // What room is left goes to the pool in its own order, so that common talk is there too.
    for candidate in &candidates {
        if messages + candidate.messages <= MESSAGES && !indices.contains(&candidate.index) {
            messages += candidate.messages;
            indices.push(candidate.index);
        }
        if messages + 8 > MESSAGES {
            break;
        }
    }
    indices.sort_unstable();
    let short = lacking.into_iter().filter(|(_, lack)| *lack > 0);
    let short = short
        .map(|((label, form), lack)| (label, form, QUOTA - lack))
        .collect();
    Choice { indices, short }
}

fn candidate(index: u64, conversation: &Conversation) -> Candidate {
    let mut strata = Strata::new();
    for message in &conversation.messages {
        for (_, span) in message.units().flat_map(|(_, body)| body.spans()) {
            if span.label.info().core {
                *strata.entry((span.label, span.form)).or_default() += 1;
            }
        }
    }
    Candidate {
        index,
        messages: conversation.messages.len() as u32,
        strata,
    }
}

/// What a conversation adds to strata that lack, in thousandths per message.
fn gain(candidate: &Candidate, lacking: &Strata) -> u64 {
    let filled: u32 = candidate
        .strata
        .iter()
        .filter_map(|(stratum, count)| lacking.get(stratum).map(|lack| lack.min(count)))
        .sum();
    u64::from(filled) * 1000 / u64::from(candidate.messages.max(1))
}
