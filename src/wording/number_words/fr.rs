//! French cardinals, in the traditional spelling with hyphens below one hundred.

use super::Numerals;

const UNITS: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize",
];
const TENS: [&str; 10] = [
    "",
    "dix",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "septante",
    "huitante",
    "nonante",
];

pub(super) fn cardinal(number: u32, numerals: Numerals, out: &mut String) {
    match number {
        0 => out.push_str(UNITS[0]),
        1..1000 => hundreds(number, true, numerals, out),
        _ => {
            let (thousands, rest) = (number / 1000, number % 1000);
            if thousands > 1 {
                // "mille" never agrees, and nothing before it does either: deux cent mille.
                hundreds(thousands, false, numerals, out);
                out.push(' ');
            }
            out.push_str("mille");
            if rest > 0 {
                out.push(' ');
                hundreds(rest, true, numerals, out);
            }
        }
    }
}

/// 1–999; `last` where nothing follows, so that cents and quatre-vingts take their s.
fn hundreds(number: u32, last: bool, numerals: Numerals, out: &mut String) {
    let (hundreds, rest) = (number / 100, number % 100);
    if hundreds > 0 {
        if hundreds > 1 {
            out.push_str(UNITS[hundreds as usize]);
            out.push(' ');
        }
        out.push_str(if hundreds > 1 && rest == 0 && last {
            "cents"
        } else {
            "cent"
        });
        if rest > 0 {
            out.push(' ');
        }
    }
    if rest > 0 {
        below_hundred(rest, last, numerals, out);
    }
}

fn below_hundred(number: u32, last: bool, numerals: Numerals, out: &mut String) {
    let named = match number / 10 {
        7 => numerals.septante,
        8 => numerals.huitante,
        9 => numerals.nonante,
        _ => true,
    };
    match number {
        1..=16 => out.push_str(UNITS[number as usize]),
        17..=19 => {
            out.push_str("dix-");
            out.push_str(UNITS[number as usize - 10]);
        }
        _ if named => {
            let (tens, unit) = (number / 10, number % 10);
            out.push_str(TENS[tens as usize]);
            match unit {
                0 => {}
                1 => out.push_str(" et un"),
                _ => {
                    out.push('-');
                    out.push_str(UNITS[unit as usize]);
                }
            }
        }
        80 => out.push_str(if last {
            "quatre-vingts"
        } else {
            "quatre-vingt"
        }),
        81..=99 => {
            out.push_str("quatre-vingt-");
            below_hundred(number - 80, last, numerals, out);
        }
        71 => out.push_str("soixante et onze"),
        _ => {
            out.push_str("soixante-");
            below_hundred(number - 60, last, numerals, out);
        }
    }
}
