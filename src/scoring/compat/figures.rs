//! Ratios and means, with what the tools do where they are undefined.

/// `numerator / denominator`, or `undefined` for a denominator of 0.
pub(super) fn ratio(numerator: f64, denominator: f64, undefined: f64) -> f64 {
    if denominator == 0.0 {
        undefined
    } else {
        numerator / denominator
    }
}

/// The harmonic mean of precision and recall; 0 where both are 0.
pub(super) fn f1(precision: f64, recall: f64) -> f64 {
    ratio(2.0 * precision * recall, precision + recall, 0.0)
}

/// The weighted harmonic mean `(1+β²)PR / (β²P+R)`; `undefined` for a denominator of 0. An infinite β
/// leaves recall alone.
pub(super) fn f_beta(precision: f64, recall: f64, beta: f64, undefined: f64) -> f64 {
    if beta.is_infinite() {
        return recall;
    }
    let beta2 = beta * beta;
    ratio(
        (1.0 + beta2) * precision * recall,
        beta2 * precision + recall,
        undefined,
    )
}

/// The mean of `(figure, weight)`; NaN where the weights sum to 0.
pub(super) fn weighted_mean(figures: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, weights) = figures.fold((0.0, 0.0), |(sum, weights), (figure, weight)| {
        (sum + figure * weight, weights + weight)
    });
    ratio(sum, weights, f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beta_of_two_leans_to_recall() {
        assert!((f_beta(1.0, 0.5, 2.0, 0.0) - 5.0 / 9.0).abs() < 1e-12);
        assert!((f_beta(0.5, 1.0, 2.0, 0.0) - 5.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn the_mean_of_nothing_is_nan() {
        assert!(weighted_mean(std::iter::empty()).is_nan());
    }
}
