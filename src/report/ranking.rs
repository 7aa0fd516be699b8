//! Who stands where.
//!
//! Detectors stand in the order of their leak of critical values. A **rank** is shared by all that
//! cannot be told apart from the first of it; being tied is not transitive, so two neighbours of
//! different ranks may be tied with each other. Invariant: anchors and references stand in the order
//! and have no rank; failed detectors have neither and come last.

use super::result::{BenchResult, DetectorRow, Role};

/// A detector in its place.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The detector.
    pub row: &'a DetectorRow,
    /// Its rank, if it is ranked.
    pub rank: Option<u32>,
    /// Does it share its rank?
    pub shared: bool,
}

impl Place<'_> {
    /// `1`, `2=` for a shared rank, `–` for none.
    pub fn name(&self) -> String {
        match self.rank {
            Some(rank) if self.shared => format!("{rank}="),
            Some(rank) => rank.to_string(),
            None => "–".to_owned(),
        }
    }
}

/// Every detector of a result, in order.
pub fn ranking(result: &BenchResult) -> Vec<Place<'_>> {
    let leak = |row: &DetectorRow| {
        row.metrics()
            .map(|metrics| metrics.critical.leak.value().unwrap_or(f64::INFINITY))
    };
    let mut rows: Vec<&DetectorRow> = result.detectors.iter().collect();
    rows.sort_by(|a, b| match (leak(a), leak(b)) {
        (Some(x), Some(y)) => x.total_cmp(&y).then_with(|| a.name.cmp(&b.name)),
        (x, y) => y
            .is_some()
            .cmp(&x.is_some())
            .then_with(|| a.name.cmp(&b.name)),
    });
    let mut leader: Option<(&str, u32)> = None;
    let mut before = 0;
    let mut places: Vec<Place<'_>> = Vec::new();
    for row in rows {
        let ranked = row.role == Role::Ranked && row.metrics().is_some();
        let rank = ranked.then(|| {
            before += 1;
            match leader {
                Some((name, rank)) if result.tied(name, &row.name) => rank,
                _ => {
                    leader = Some((&row.name, before));
                    before
                }
            }
        });
        places.push(Place {
            row,
            rank,
            shared: false,
        });
    }
    let ranks: Vec<Option<u32>> = places.iter().map(|place| place.rank).collect();
    for place in &mut places {
        let same = ranks
            .iter()
            .filter(|rank| rank.is_some() && **rank == place.rank)
            .count();
        place.shared = same > 1;
    }
    places
}
