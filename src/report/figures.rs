//! How numbers are written in tables. Invariant: what is undefined is `–`, never 0.

use crate::scoring::ratios::Ratio;

/// What stands for an undefined number.
pub const NONE: &str = "–";

/// A share in per cent, with as many digits as it deserves: `0 %`, `0.04 %`, `3.2 %`, `100 %`.
pub fn percent(share: f64) -> String {
    format!("{} %", hundredths(share))
}

fn hundredths(share: f64) -> String {
    let value = share * 100.0;
    match value {
        v if v == 0.0 || v == 100.0 => format!("{v:.0}"),
        v if v < 0.095 => format!("{v:.2}"),
        // What is not all is not written as all.
        v if v > 99.9 && v < 100.0 => "> 99.9".to_owned(),
        v => format!("{v:.1}"),
    }
}

/// A ratio in per cent.
pub fn share(ratio: &Ratio) -> String {
    ratio.value().map_or(NONE.to_owned(), percent)
}

/// A leak as a person reads it: `3.2 % (1 in 31; 2.6–3.9)`.
pub fn leak(ratio: &Ratio) -> String {
    let Some(value) = ratio.value() else {
        return NONE.to_owned();
    };
    let one_in = (value > 0.0 && value < 0.5).then(|| format!("1 in {:.0}", 1.0 / value));
    let interval = ratio
        .interval
        .map(|interval| format!("{}–{}", hundredths(interval.low), hundredths(interval.high)));
    let notes: Vec<String> = one_in.into_iter().chain(interval).collect();
    if notes.is_empty() {
        percent(value)
    } else {
        format!("{} ({})", percent(value), notes.join("; "))
    }
}

/// A rate per thousand: `12.3`, `1000`.
pub fn per_thousand(ratio: &Ratio) -> String {
    match ratio.value().map(|value| value * 1_000.0) {
        None => NONE.to_owned(),
        Some(rate) if rate < 100.0 => format!("{rate:.1}"),
        Some(rate) => format!("{rate:.0}"),
    }
}

/// A score between 0 and 1 with two decimals: `.91`, `1.00`.
pub fn score(value: Option<f64>) -> String {
    let Some(value) = value else {
        return NONE.to_owned();
    };
    let written = format!("{value:.2}");
    written
        .strip_prefix('0')
        .map_or(written.clone(), str::to_owned)
}

/// A speed with three significant digits: `624`, `17.0k`, `1.25M`.
pub fn speed(value: f64) -> String {
    let (scaled, suffix) = match value {
        v if v >= 1e6 => (v / 1e6, "M"),
        v if v >= 1e4 => (v / 1e3, "k"),
        v => (v, ""),
    };
    match scaled {
        v if v >= 100.0 => format!("{v:.0}{suffix}"),
        v if v >= 10.0 => format!("{v:.1}{suffix}"),
        v => format!("{v:.2}{suffix}"),
    }
}

/// A count with its thousands apart: `12,345`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::intervals::Interval;

    #[test]
    fn a_leak_reads_as_a_person_says_it() {
        let some = Ratio::new(32, 1_000).with(Some(Interval {
            low: 0.026,
            high: 0.039,
        }));
        assert_eq!(leak(&some), "3.2 % (1 in 31; 2.6–3.9)");
        let none = Ratio::new(0, 400).with(Some(Interval {
            low: 0.0,
            high: 0.0075,
        }));
        assert_eq!(leak(&none), "0 % (0–0.8)");
        assert_eq!(leak(&Ratio::new(400, 400)), "100 %");
        assert_eq!(leak(&Ratio::new(0, 0)), "–");
    }

    #[test]
    fn small_shares_keep_a_digit_and_nearly_all_is_not_all() {
        assert_eq!(percent(0.000_4), "0.04 %");
        assert_eq!(percent(0.999_6), "> 99.9 %");
        assert_eq!(percent(0.0), "0 %");
    }

    #[test]
    fn speeds_and_counts_fit_their_columns() {
        assert_eq!(
            [speed(624.4), speed(17_000.0), speed(1_254_000.0)],
            ["624", "17.0k", "1.25M"]
        );
        assert_eq!(
            [count(7), count(1_234), count(12_345_678)],
            ["7", "1,234", "12,345,678"]
        );
        assert_eq!(
            [score(Some(0.914)), score(Some(1.0)), score(None)],
            [".91", "1.00", "–"]
        );
    }
}
