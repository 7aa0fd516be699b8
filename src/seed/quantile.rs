//! Laws of any shape as integer quantile tables kept as data, so that no floating point decides output.

use super::stream::Stream;

/// A law given by some of its quantiles, linear between them.
///
/// Each point is `(permyriad, value)`: the share of draws at or below `value`, in 1/10,000. The
/// first point must be at 0 and the last at 10,000.
#[derive(Clone, Copy, Debug)]
pub struct Quantiles(pub &'static [(u32, i64)]);

impl Quantiles {
    /// One draw.
    pub fn draw(&self, stream: &mut Stream) -> i64 {
        self.at(stream.below(10_000), stream.below(10_000))
    }

    /// The value at `permyriad` and `fine` ten-thousandths of the next one.
    pub fn at(&self, permyriad: u32, fine: u32) -> i64 {
        let points = self.0;
        let upper = points
            .partition_point(|&(p, _)| p <= permyriad)
            .min(points.len() - 1);
        let ((p0, v0), (p1, v1)) = (points[upper - 1], points[upper]);
        let width = i64::from(p1 - p0) * 10_000;
        let into = i64::from(permyriad - p0) * 10_000 + i64::from(fine);
        v0 + (v1 - v0) * into / width
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    const LAW: Quantiles = Quantiles(&[(0, 0), (5_000, 100), (9_000, 1_000), (10_000, 5_000)]);

    #[test]
    fn half_the_draws_lie_below_the_median() {
        let mut stream = Stream::at(1, Domain::new("quantiles"), 0);
        let below = (0..20_000).filter(|_| LAW.draw(&mut stream) < 100).count();
        assert!((9_700..10_300).contains(&below), "{below}");
    }

    #[test]
    fn the_ends_of_the_table_are_reached() {
        assert_eq!(LAW.at(0, 0), 0);
        assert_eq!(LAW.at(5_000, 0), 100);
        assert_eq!(LAW.at(9_999, 9_999), 4_999);
    }
}
