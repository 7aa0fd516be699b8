//! Diversity of samples: distinct-n, repeats, unseen mass.

use crate::corpus::audit::sample::quick;
use std::collections::{BTreeMap, BTreeSet};

/// Tokens of a window.
pub const WINDOW: usize = 10_000;
/// Windows at most.
pub const WINDOWS: usize = 10;

/// distinct-n for n = 1, 2, 3: different n-grams over all n-grams inside messages, per window of
/// [`WINDOW`] tokens, averaged over up to [`WINDOWS`] full windows (after Li et al., *A diversity-promoting
/// objective function for neural conversation models*, NAACL 2016). A message that crosses a window's end
/// is cut there. `None` where there is no full window. Also the number of windows.
pub fn distinct(messages: &[Vec<String>]) -> (Option<[f64; 3]>, usize) {
    let mut sums = [0.0; 3];
    let mut windows = 0;
    let mut window: Vec<&[String]> = Vec::new();
    let mut room = WINDOW;
    'all: for message in messages {
        let mut rest = message.as_slice();
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(rest.len().min(room));
            window.push(head);
            room -= head.len();
            rest = tail;
            if room == 0 {
                for (n, sum) in (1..=3).zip(&mut sums) {
                    *sum += share_of_distinct(&window, n);
                }
                windows += 1;
                window.clear();
                room = WINDOW;
                if windows == WINDOWS {
                    break 'all;
                }
            }
        }
    }
    let mean = (windows > 0).then(|| sums.map(|sum| sum / windows as f64));
    (mean, windows)
}

fn share_of_distinct(window: &[&[String]], n: usize) -> f64 {
    let mut all = 0u32;
    let mut different = BTreeSet::new();
    for message in window {
        for gram in message.windows(n) {
            all += 1;
            different.insert(quick(&gram.join("\u{1f}")));
        }
    }
    different.len() as f64 / f64::from(all.max(1))
}

/// 1 − different texts / texts, over the first `k`. `None` where there are fewer.
pub fn repeats(normalised: &[String], k: usize) -> Option<f64> {
    let sample = normalised.get(..k)?;
    let different: BTreeSet<&String> = sample.iter().collect();
    Some(1.0 - different.len() as f64 / k as f64)
}

/// The probability that the next opener is none of those seen: the share of texts seen exactly once
/// (Good, *The population frequencies of species*, Biometrika 40, 1953). `None` where there is no text.
pub fn unseen_mass(normalised: &[String]) -> Option<f64> {
    let mut counts: BTreeMap<&String, u32> = BTreeMap::new();
    for text in normalised {
        *counts.entry(text).or_default() += 1;
    }
    let once = counts.values().filter(|count| **count == 1).count();
    (!normalised.is_empty()).then(|| once as f64 / normalised.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn repeats_and_unseen_mass_count_what_they_say() {
        let sample = texts(&["a", "b", "a", "c"]);
        assert_eq!(repeats(&sample, 4), Some(0.25));
        assert_eq!(repeats(&sample, 5), None);
        assert_eq!(unseen_mass(&sample), Some(0.5));
        assert_eq!(unseen_mass(&[]), None);
    }

    #[test]
    fn windows_are_full_and_cut_messages_at_their_end() {
        let message = texts(&["a", "b", "c"]);
        let (value, windows) = distinct(&vec![message.clone(); 3_400]);
        assert_eq!(windows, 1);
        let [one, two, _] = value.unwrap();
        assert!((one - 3.0 / 10_000.0).abs() < 1e-12);
        // 3,333 whole messages with two pairs each, and a head of one token.
        assert!((two - 2.0 / 6_666.0).abs() < 1e-12);
        assert_eq!(distinct(&[message]), (None, 0));
    }
}
