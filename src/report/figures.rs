//! How numbers are written in tables. Invariant: what is undefined is `–`, never 0.

use super::words::{Words, fill};
use crate::scoring::intervals::Interval;
use crate::scoring::ratios::Ratio;

/// What stands for an undefined number.
pub const NONE: &str = "–";

impl Words {
    /// A share in per cent, with as many digits as it deserves: `0 %`, `0.04 %`, `3.2 %`, `100 %`.
    pub fn percent(&self, share: f64) -> String {
        fill(&self.numbers.percent, &[("n", &self.hundredths(share))])
    }

    /// The same without the sign.
    pub fn hundredths(&self, share: f64) -> String {
        let value = share * 100.0;
        let written = match value {
            v if v == 0.0 || v == 100.0 => format!("{v:.0}"),
            v if v < 0.095 => format!("{v:.2}"),
            // What is not all is not written as all.
            v if v > 99.9 && v < 100.0 => "> 99.9".to_owned(),
            v => format!("{v:.1}"),
        };
        self.decimal(written)
    }

    fn decimal(&self, written: String) -> String {
        written.replace('.', &self.numbers.decimal)
    }

    /// A ratio in per cent.
    pub fn share(&self, ratio: &Ratio) -> String {
        ratio
            .value()
            .map_or(NONE.to_owned(), |share| self.percent(share))
    }

    /// A ratio in per cent with its interval: `3.2 % (2.6–3.9)`.
    pub fn share_within(&self, ratio: &Ratio) -> String {
        match (ratio.value(), ratio.interval) {
            (Some(value), Some(interval)) => {
                format!("{} ({})", self.percent(value), self.bounds(&interval))
            }
            _ => self.share(ratio),
        }
    }

    fn bounds(&self, interval: &Interval) -> String {
        format!(
            "{}–{}",
            self.hundredths(interval.low),
            self.hundredths(interval.high)
        )
    }

    /// A leak as a person reads it: `3.2 % (1 in 31; 2.6–3.9)`.
    pub fn leak(&self, ratio: &Ratio) -> String {
        let Some(value) = ratio.value() else {
            return NONE.to_owned();
        };
        let one_in = (value > 0.0 && value < 0.5).then(|| {
            let n = self.count((1.0 / value).round() as u64);
            fill(&self.numbers.one_in, &[("n", &n)])
        });
        let interval = ratio.interval.map(|interval| self.bounds(&interval));
        let notes: Vec<String> = one_in.into_iter().chain(interval).collect();
        if notes.is_empty() {
            self.percent(value)
        } else {
            format!(
                "{} ({})",
                self.percent(value),
                notes.join(&self.numbers.joint)
            )
        }
    }

    /// A rate per thousand: `12.3`, `1,000`.
    pub fn per_thousand(&self, ratio: &Ratio) -> String {
        match ratio.value().map(|value| value * 1_000.0) {
            None => NONE.to_owned(),
            Some(rate) if rate < 100.0 => self.decimal(format!("{rate:.1}")),
            Some(rate) => self.count(rate.round() as u64),
        }
    }

    /// A score between 0 and 1 with two decimals: `.91`, `1.00`.
    pub fn score(&self, value: Option<f64>) -> String {
        let Some(value) = value else {
            return NONE.to_owned();
        };
        let written = format!("{value:.2}");
        let written = match written.strip_prefix('0') {
            Some(rest) if !self.numbers.leading_zero => rest.to_owned(),
            _ => written,
        };
        self.decimal(written)
    }

    /// A score with its interval: `.91 (.85–.95)`.
    pub fn score_within(&self, ratio: &Ratio) -> String {
        let score = self.score(ratio.value());
        match ratio.interval {
            Some(interval) => format!(
                "{score} ({}–{})",
                self.score(Some(interval.low)),
                self.score(Some(interval.high))
            ),
            None => score,
        }
    }

    /// A difference of shares in points of per cent, with its interval: `+2.1 (+0.3; +4.0)`.
    pub fn points(&self, difference: f64, interval: Option<&Interval>) -> String {
        let written = |value: f64| {
            let written = format!("{:+.1}", value * 100.0);
            let written = if written == "-0.0" {
                "+0.0".to_owned()
            } else {
                written
            };
            self.decimal(written.replace('-', "−"))
        };
        match interval {
            None => written(difference),
            Some(interval) => format!(
                "{} ({}{}{})",
                written(difference),
                written(interval.low),
                self.numbers.joint,
                written(interval.high)
            ),
        }
    }

    /// A speed with three significant digits: `624`, `17.0k`, `1.25M`.
    pub fn speed(&self, value: f64) -> String {
        let (scaled, unit) = match value {
            v if v >= 1e6 => (v / 1e6, Some(&self.numbers.million)),
            v if v >= 1e4 => (v / 1e3, Some(&self.numbers.thousand)),
            v => (v, None),
        };
        let digits = self.decimal(match scaled {
            v if v >= 100.0 => format!("{v:.0}"),
            v if v >= 10.0 => format!("{v:.1}"),
            v => format!("{v:.2}"),
        });
        unit.map_or(digits.clone(), |unit| fill(unit, &[("n", &digits)]))
    }

    /// A number with one decimal: `12.3`.
    pub fn tenths(&self, value: f64) -> String {
        self.decimal(format!("{value:.1}"))
    }

    /// A count with its thousands apart: `12,345`.
    pub fn count(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut out = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(&self.numbers.thousands);
            }
            out.push(digit);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use crate::report::words::Lang;
    use crate::scoring::intervals::Interval;
    use crate::scoring::ratios::Ratio;

    fn some() -> Ratio {
        Ratio::new(32, 1_000).with(Some(Interval {
            low: 0.026,
            high: 0.039,
        }))
    }

    #[test]
    fn a_leak_reads_as_a_person_says_it() {
        let words = Lang::English.words();
        assert_eq!(words.leak(&some()), "3.2 % (1 in 31; 2.6–3.9)");
        let none = Ratio::new(0, 400).with(Some(Interval {
            low: 0.0,
            high: 0.0075,
        }));
        assert_eq!(words.leak(&none), "0 % (0–0.8)");
        assert_eq!(words.leak(&Ratio::new(400, 400)), "100 %");
        assert_eq!(words.leak(&Ratio::new(0, 0)), "–");
    }

    #[test]
    fn french_has_decimal_commas_and_spaces_that_do_not_break() {
        let words = Lang::French.words();
        assert_eq!(
            words.leak(&some()),
            "3,2\u{a0}% (1 sur 31\u{202f}; 2,6–3,9)"
        );
        assert_eq!(words.score(Some(0.914)), "0,91");
        assert_eq!(words.count(12_345), "12\u{202f}345");
        assert_eq!(words.speed(17_000.0), "17,0\u{a0}k");
        assert_eq!(words.share_within(&some()), "3,2\u{a0}% (2,6–3,9)");
    }

    #[test]
    fn differences_have_signs() {
        let interval = Interval {
            low: -0.004,
            high: 0.04,
        };
        let words = Lang::English.words();
        assert_eq!(words.points(0.021, Some(&interval)), "+2.1 (−0.4; +4.0)");
        assert_eq!(words.points(-0.000_1, None), "+0.0");
    }

    #[test]
    fn small_shares_keep_a_digit_and_nearly_all_is_not_all() {
        let words = Lang::English.words();
        assert_eq!(words.percent(0.000_4), "0.04 %");
        assert_eq!(words.percent(0.999_6), "> 99.9 %");
        assert_eq!(words.percent(0.0), "0 %");
    }

    #[test]
    fn speeds_and_counts_fit_their_columns() {
        let words = Lang::English.words();
        assert_eq!(
            [
                words.speed(624.4),
                words.speed(17_000.0),
                words.speed(1_254_000.0)
            ],
            ["624", "17.0k", "1.25M"]
        );
        assert_eq!(
            [words.count(7), words.count(1_234), words.count(12_345_678)],
            ["7", "1,234", "12,345,678"]
        );
        assert_eq!(
            [
                words.score(Some(0.914)),
                words.score(Some(1.0)),
                words.score(None)
            ],
            [".91", "1.00", "–"]
        );
        assert_eq!(
            words.score_within(&Ratio::new(9, 10).with(some().interval)),
            ".90 (.03–.04)"
        );
    }
}
