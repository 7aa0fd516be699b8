//! Which prediction answers which gold span.
//!
//! * A **component** is a maximal run of spans whose ranges chain together; no pair crosses it.
//! * The **matching** of a component is one-to-one and of maximum weight, where weights compare
//!   lexicographically: the number of pairs with equal range and right type, then of pairs with equal
//!   range, then of overlapping pairs with right type, then of overlapping pairs, then the sum of
//!   their intersections over unions (in units of 2^-24, rounded down).
//!
//! Invariant: golds and predictions come sorted by `(start, end, …)`, and which of several equally good
//! matchings is taken depends on that order alone, so the order of the input never changes a number.
//!
//! The sweep takes O((n + m) log n) with the sort. Inside a component where the smaller side has
//! n ≤ [`EXACT`] spans the assignment is exact (Kuhn 1955, Munkres 1957, with potentials) among the n
//! best partners of each: O(n m + n⁴). Beyond that pairs are taken greedily by weight, then offset,
//! which no text written by people reaches.

/// Up to how many spans on the smaller side of a component the assignment is exact.
pub const EXACT: usize = 64;

/// A half-open range in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extent {
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

impl Extent {
    /// How many code points both cover.
    pub fn overlap(self, other: Extent) -> u32 {
        self.end
            .min(other.end)
            .saturating_sub(self.start.max(other.start))
    }

    /// Does it cover everything that `other` covers?
    pub fn contains(self, other: Extent) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Width of a count of pairs in a packed weight: a matching has at most [`EXACT`] = 2^6 pairs.
const COUNT_BITS: u32 = 7;
/// Width of the sum of intersections over unions: 2^6 pairs of at most 2^24.
const IOU_BITS: u32 = 31;

/// The weight of a pair; 0 for ranges that do not overlap. Weights add up within a component
/// without one rank spilling into the next.
fn weight(gold: Extent, prediction: Extent, type_right: bool) -> u64 {
    let overlap = gold.overlap(prediction);
    if overlap == 0 {
        return 0;
    }
    let union = gold.end.max(prediction.end) - gold.start.min(prediction.start);
    let rank = match (gold == prediction, type_right) {
        (true, true) => 3,
        (true, false) => 2,
        (false, true) => 1,
        (false, false) => 0,
    };
    (1 << (IOU_BITS + COUNT_BITS * rank)) + (u64::from(overlap) << 24) / u64::from(union)
}

/// Matches the golds and predictions of one text.
///
/// `golds` and `predictions` are sorted; `type_right(g, p)` says whether prediction `p` means the
/// label of gold `g`; `matched[g]` becomes the prediction of gold `g`.
pub fn match_spans(
    golds: &[Extent],
    predictions: &[Extent],
    type_right: impl Fn(usize, usize) -> bool,
    matched: &mut Vec<Option<u32>>,
) {
    debug_assert!(golds.is_sorted() && predictions.is_sorted());
    matched.clear();
    matched.resize(golds.len(), None);
    let (mut g, mut p) = (0, 0);
    while g < golds.len() && p < predictions.len() {
        let (first_gold, first_prediction) = (g, p);
        let mut end = golds[g].start.min(predictions[p].start) + 1;
        loop {
            if g < golds.len() && golds[g].start < end {
                end = end.max(golds[g].end);
                g += 1;
            } else if p < predictions.len() && predictions[p].start < end {
                end = end.max(predictions[p].end);
                p += 1;
            } else {
                break;
            }
        }
        let component = Component {
            golds: &golds[first_gold..g],
            predictions: &predictions[first_prediction..p],
            first_gold,
            first_prediction,
        };
        component.assign(&type_right, matched);
    }
}

struct Component<'a> {
    golds: &'a [Extent],
    predictions: &'a [Extent],
    first_gold: usize,
    first_prediction: usize,
}

impl Component<'_> {
    fn weight(&self, g: usize, p: usize, type_right: &impl Fn(usize, usize) -> bool) -> u64 {
        let right = type_right(self.first_gold + g, self.first_prediction + p);
        weight(self.golds[g], self.predictions[p], right)
    }

    fn take(&self, g: usize, p: usize, matched: &mut [Option<u32>]) {
        matched[self.first_gold + g] = Some((self.first_prediction + p) as u32);
    }

    fn assign(&self, type_right: &impl Fn(usize, usize) -> bool, matched: &mut [Option<u32>]) {
        let (n, m) = (self.golds.len(), self.predictions.len());
        match (n, m) {
            (0, _) | (_, 0) => {}
            (1, _) | (_, 1) => {
                let pairs = (0..n).flat_map(|g| (0..m).map(move |p| (g, p)));
                let mut best = (0, (0, 0));
                for (g, p) in pairs {
                    let weight = self.weight(g, p, type_right);
                    if weight > best.0 {
                        best = (weight, (g, p));
                    }
                }
                if best.0 > 0 {
                    self.take(best.1.0, best.1.1, matched);
                }
            }
            _ if n.min(m) <= EXACT => self.exact(type_right, matched),
            _ => self.greedy(type_right, matched),
        }
    }

    fn exact(&self, type_right: &impl Fn(usize, usize) -> bool, matched: &mut [Option<u32>]) {
        let (n, m) = (self.golds.len(), self.predictions.len());
        let pair = |row: usize, column: usize| if n <= m { (row, column) } else { (column, row) };
        let weight = |row: usize, column: usize| {
            let (g, p) = pair(row, column);
            self.weight(g, p, type_right)
        };
        let (rows, columns) = (n.min(m), n.max(m));
        let candidates = candidates(rows, columns, weight);
        let row_of = assignment(rows, candidates.len(), |row, at| {
            weight(row, candidates[at])
        });
        for (&column, row) in candidates.iter().zip(row_of) {
            if let Some(row) = row.filter(|&row| weight(row, column) > 0) {
                let (g, p) = pair(row, column);
                self.take(g, p, matched);
            }
        }
    }

    fn greedy(&self, type_right: &impl Fn(usize, usize) -> bool, matched: &mut [Option<u32>]) {
        let mut edges = Vec::new();
        for g in 0..self.golds.len() {
            let behind = self
                .predictions
                .partition_point(|p| p.start < self.golds[g].end);
            for p in 0..behind {
                let weight = self.weight(g, p, type_right);
                if weight > 0 {
                    edges.push((std::cmp::Reverse(weight), g, p));
                }
            }
        }
        edges.sort_unstable();
        let mut taken = vec![false; self.predictions.len()];
        for (_, g, p) in edges {
            if matched[self.first_gold + g].is_none() && !taken[p] {
                taken[p] = true;
                self.take(g, p, matched);
            }
        }
    }
}

/// The columns that an assignment of the greatest weight can do with: of each row the best `rows`,
/// since the other rows take fewer than that. A flood of predictions thus costs one look at each.
fn candidates(rows: usize, columns: usize, weight: impl Fn(usize, usize) -> u64) -> Vec<usize> {
    if columns <= rows * rows {
        return (0..columns).collect();
    }
    let mut kept = Vec::with_capacity(rows * rows);
    for row in 0..rows {
        let mut best: Vec<_> = (0..columns)
            .map(|column| (std::cmp::Reverse(weight(row, column)), column))
            .collect();
        best.select_nth_unstable(rows - 1);
        kept.extend(best[..rows].iter().map(|&(_, column)| column));
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// The assignment of `rows` ≤ `columns` that maximises the sum of weights: the row of each column.
///
/// The Hungarian method with potentials; sums of 64 weights of 59 bits need more than 64.
fn assignment(
    rows: usize,
    columns: usize,
    weight: impl Fn(usize, usize) -> u64,
) -> Vec<Option<usize>> {
    let cost = |row: usize, column: usize| -i128::from(weight(row - 1, column - 1));
    let mut row_potential = vec![0i128; rows + 1];
    let mut column_potential = vec![0i128; columns + 1];
    // Row 0 means "free"; column 0 holds the row that is being placed.
    let mut row_of = vec![0usize; columns + 1];
    let mut previous = vec![0usize; columns + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let mut column = 0;
        let mut slack = vec![i128::MAX; columns + 1];
        let mut visited = vec![false; columns + 1];
        while row_of[column] != 0 {
            visited[column] = true;
            let current = row_of[column];
            let (mut least, mut next) = (i128::MAX, 0);
            for other in 1..=columns {
                if visited[other] {
                    continue;
                }
                let reduced =
                    cost(current, other) - row_potential[current] - column_potential[other];
                if reduced < slack[other] {
                    slack[other] = reduced;
                    previous[other] = column;
                }
                if slack[other] < least {
                    least = slack[other];
                    next = other;
                }
            }
            for other in 0..=columns {
                if visited[other] {
                    row_potential[row_of[other]] += least;
                    column_potential[other] -= least;
                } else if slack[other] != i128::MAX {
                    slack[other] -= least;
                }
            }
            column = next;
        }
        while column != 0 {
            let before = previous[column];
            row_of[column] = row_of[before];
            column = before;
        }
    }
    row_of[1..].iter().map(|&row| row.checked_sub(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn extents(ranges: &[(u32, u32)]) -> Vec<Extent> {
        ranges
            .iter()
            .map(|&(start, end)| Extent { start, end })
            .collect()
    }

    fn matched(golds: &[Extent], found: &[Extent], right: &[(usize, usize)]) -> Vec<Option<u32>> {
        let mut out = Vec::new();
        match_spans(golds, found, |g, p| right.contains(&(g, p)), &mut out);
        out
    }

    #[test]
    fn an_equal_range_beats_a_longer_one_that_comes_first() {
        let golds = extents(&[(4, 8)]);
        assert_eq!(matched(&golds, &extents(&[(0, 9), (4, 8)]), &[]), [Some(1)]);
    }

    #[test]
    fn a_right_type_is_kept_for_the_gold_that_needs_it() {
        // Greedy by offset would give prediction 0 to gold 0 and leave gold 1 without its exact pair.
        let golds = extents(&[(0, 6), (2, 6)]);
        let found = extents(&[(0, 7), (2, 6)]);
        assert_eq!(
            matched(&golds, &found, &[(1, 1), (0, 1)]),
            [Some(0), Some(1)]
        );
    }

    #[test]
    fn touching_ranges_do_not_overlap() {
        assert_eq!(
            matched(&extents(&[(0, 4)]), &extents(&[(4, 8)]), &[(0, 0)]),
            [None]
        );
    }

    #[test]
    fn beyond_the_exact_size_pairs_are_still_one_to_one() {
        let golds: Vec<_> = (0..100)
            .map(|k| Extent {
                start: k,
                end: k + 150,
            })
            .collect();
        let found: Vec<_> = (0..120)
            .map(|k| Extent {
                start: k,
                end: k + 149,
            })
            .collect();
        let mut used: Vec<_> = matched(&golds, &found, &[]).into_iter().flatten().collect();
        used.sort_unstable();
        used.dedup();
        assert_eq!(used.len(), 100);
    }

    #[test]
    fn a_flood_of_predictions_leaves_every_exact_pair() {
        let golds: Vec<_> = (0..30)
            .map(|k| Extent {
                start: k * 9,
                end: k * 9 + 7,
            })
            .collect();
        let whole = Extent { start: 0, end: 300 };
        let each = (0..294).flat_map(|start| (1..7).map(move |long| (start, start + long)));
        let each = each.map(|(start, end)| Extent { start, end });
        let mut found: Vec<_> = each.chain(golds.iter().copied()).chain([whole]).collect();
        found.sort();
        let pairs = matched(&golds, &found, &[]);
        for (gold, p) in golds.iter().zip(pairs) {
            assert_eq!(found[p.unwrap() as usize], *gold);
        }
    }

    /// The best total weight by trying every matching.
    fn best(golds: &[Extent], found: &[Extent], right: &dyn Fn(usize, usize) -> bool) -> u64 {
        fn go(
            g: usize,
            free: u32,
            golds: &[Extent],
            found: &[Extent],
            right: &dyn Fn(usize, usize) -> bool,
        ) -> u64 {
            if g == golds.len() {
                return 0;
            }
            (0..found.len())
                .filter(|p| free & (1 << p) != 0)
                .map(|p| {
                    weight(golds[g], found[p], right(g, p))
                        + go(g + 1, free & !(1 << p), golds, found, right)
                })
                .chain([go(g + 1, free, golds, found, right)])
                .max()
                .unwrap_or(0)
        }
        go(0, u32::MAX, golds, found, right)
    }

    fn spans(at_most: usize) -> impl Strategy<Value = Vec<(u32, u32)>> {
        proptest::collection::vec((0u32..12, 1u32..6), 0..at_most)
    }

    proptest! {
        #[test]
        fn the_matching_has_the_greatest_weight(golds in spans(4), found in spans(8), types: u32) {
            let sorted = |spans: Vec<(u32, u32)>| {
                let mut e: Vec<_> =
                    spans.iter().map(|&(s, l)| Extent { start: s, end: s + l }).collect();
                e.sort();
                e
            };
            let (golds, found) = (sorted(golds), sorted(found));
            let right = |g: usize, p: usize| types >> (g * 8 + p) & 1 == 1;
            let mut out = Vec::new();
            match_spans(&golds, &found, right, &mut out);
            let total: u64 = out
                .iter()
                .enumerate()
                .filter_map(|(g, p)| {
                    p.map(|p| weight(golds[g], found[p as usize], right(g, p as usize)))
                })
                .sum();
            prop_assert_eq!(total, best(&golds, &found, &right));
        }
    }
}
