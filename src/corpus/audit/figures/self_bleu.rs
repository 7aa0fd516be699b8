//! Self-BLEU: how much each text resembles the others.
//!
//! BLEU-4 of every text against all others as references (Zhu et al., *Texygen*, SIGIR 2018), with the counts
//! of each n-gram clipped at its maximum over the references, an epsilon in place of a numerator of 0
//! (method 1 of Chen and Cherry, *A systematic comparison of smoothing techniques for sentence-level BLEU*,
//! WMT 2014), and the brevity penalty on the closest length (the shorter of two equally close).
//!
//! The maximum over all texts but one needs no comparison of pairs: an n-gram keeps its largest count, who has
//! it, and the largest count of anybody else.

use std::collections::BTreeMap;

/// What stands for a numerator of 0.
const EPSILON: f64 = 0.1;

#[derive(Clone, Copy, Default)]
struct Maximum {
    largest: u32,
    owner: usize,
    of_others: u32,
}

/// Mean self-BLEU-4 of texts as tokens. `None` where there are fewer than two.
pub fn self_bleu4(texts: &[Vec<String>]) -> Option<f64> {
    if texts.len() < 2 {
        return None;
    }
    let counts: Vec<[BTreeMap<&[String], u32>; 4]> = texts
        .iter()
        .map(|text| std::array::from_fn(|n| grams(text, n + 1)))
        .collect();
    let mut maxima: [BTreeMap<&[String], Maximum>; 4] = Default::default();
    let mut lengths: BTreeMap<usize, u32> = BTreeMap::new();
    for (owner, (text, counts)) in texts.iter().zip(&counts).enumerate() {
        *lengths.entry(text.len()).or_default() += 1;
        for (counts, maxima) in counts.iter().zip(&mut maxima) {
            for (&gram, &count) in counts {
                let maximum = maxima.entry(gram).or_default();
                if count > maximum.largest {
                    maximum.of_others = maximum.largest;
                    (maximum.largest, maximum.owner) = (count, owner);
                } else {
                    maximum.of_others = maximum.of_others.max(count);
                }
            }
        }
    }
    let each = texts
        .iter()
        .zip(&counts)
        .enumerate()
        .map(|(owner, (text, counts))| {
            let mut product = 1.0;
            for (n, (counts, maxima)) in counts.iter().zip(&maxima).enumerate() {
                let clipped: u32 = counts
                    .iter()
                    .map(|(gram, &count)| {
                        let maximum = maxima[gram];
                        let others = if maximum.owner == owner {
                            maximum.of_others
                        } else {
                            maximum.largest
                        };
                        count.min(others)
                    })
                    .sum();
                if n == 0 && clipped == 0 {
                    return 0.0;
                }
                let all = text.len().saturating_sub(n).max(1) as f64;
                product *= if clipped == 0 {
                    EPSILON
                } else {
                    f64::from(clipped)
                } / all;
            }
            // The geometric mean of four, without a logarithm.
            brevity(text.len(), closest(text.len(), &lengths)) * product.sqrt().sqrt()
        });
    Some(each.sum::<f64>() / texts.len() as f64)
}

fn grams(text: &[String], n: usize) -> BTreeMap<&[String], u32> {
    let mut counts = BTreeMap::new();
    for gram in text.windows(n) {
        *counts.entry(gram).or_default() += 1;
    }
    counts
}

/// The length among the other texts that is closest to `own`.
fn closest(own: usize, lengths: &BTreeMap<usize, u32>) -> usize {
    if lengths.get(&own).is_some_and(|count| *count > 1) {
        return own;
    }
    let shorter = lengths.range(..own).next_back().map(|(length, _)| *length);
    let longer = lengths.range(own + 1..).next().map(|(length, _)| *length);
    match (shorter, longer) {
        (Some(shorter), Some(longer)) if longer - own < own - shorter => longer,
        (Some(shorter), _) => shorter,
        (None, Some(longer)) => longer,
        (None, None) => own,
    }
}

fn brevity(own: usize, reference: usize) -> f64 {
    if own > reference {
        return 1.0;
    }
    exponential_of_minus((reference - own) as f64 / own.max(1) as f64)
}

/// e^−x by additions and multiplications only: the same on every machine.
fn exponential_of_minus(x: f64) -> f64 {
    let whole = x.floor().min(745.0);
    let unit = (0..whole as u32).fold(1.0, |product, _| product / std::f64::consts::E);
    let rest = x - whole;
    let (series, _) = (1..=20).fold((1.0, 1.0), |(sum, term), k| {
        let term = -term * rest / f64::from(k);
        (sum + term, term)
    });
    unit * series
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(list: &[&str]) -> Vec<Vec<String>> {
        list.iter()
            .map(|text| text.split(' ').map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn equal_texts_have_1_and_strangers_0() {
        assert_eq!(self_bleu4(&texts(&["a b c d", "a b c d"])), Some(1.0));
        assert_eq!(self_bleu4(&texts(&["a b c d", "e f g h"])), Some(0.0));
        assert_eq!(self_bleu4(&texts(&["a b c d"])), None);
    }

    /// BLEU as it is defined: every text against a list of references.
    fn by_pairs(texts: &[Vec<String>]) -> f64 {
        let one = |at: usize| {
            let own = &texts[at];
            let others: Vec<&Vec<String>> = texts
                .iter()
                .enumerate()
                .filter(|(k, _)| *k != at)
                .map(|(_, text)| text)
                .collect();
            let mut product = 1.0;
            for n in 1..=4 {
                let counts = grams(own, n);
                let clipped: u32 = counts
                    .iter()
                    .map(|(gram, count)| {
                        let most = others
                            .iter()
                            .map(|other| grams(other, n).get(gram).copied().unwrap_or(0))
                            .max();
                        (*count).min(most.unwrap_or(0))
                    })
                    .sum();
                if n == 1 && clipped == 0 {
                    return 0.0;
                }
                let all = counts.values().sum::<u32>().max(1);
                product *= (if clipped == 0 {
                    0.1
                } else {
                    f64::from(clipped)
                }) / f64::from(all);
            }
            let reference = others
                .iter()
                .map(|other| other.len())
                .min_by_key(|length| (length.abs_diff(own.len()), *length));
            brevity(own.len(), reference.unwrap()) * product.sqrt().sqrt()
        };
        (0..texts.len()).map(one).sum::<f64>() / texts.len() as f64
    }

    proptest! {
        #[test]
        fn the_maxima_give_what_all_pairs_give(list in prop::collection::vec(prop::collection::vec(0u8..5, 1..12), 2..12)) {
            let texts: Vec<Vec<String>> = list.iter().map(|text| text.iter().map(u8::to_string).collect()).collect();
            prop_assert!((self_bleu4(&texts).unwrap() - by_pairs(&texts)).abs() < 1e-12);
        }
    }
}
