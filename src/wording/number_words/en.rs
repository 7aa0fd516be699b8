//! English cardinals, with "and" before the last part as they are said in the UK and often in the US.

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

pub(super) fn cardinal(number: u32, out: &mut String) {
    let (thousands, rest) = (number / 1000, number % 1000);
    if thousands > 0 {
        hundreds(thousands, out);
        out.push_str(" thousand");
        match rest {
            0 => return,
            1..100 => out.push_str(" and "),
            _ => out.push(' '),
        }
    }
    if rest > 0 || thousands == 0 {
        hundreds(rest, out);
    }
}

fn hundreds(number: u32, out: &mut String) {
    let (hundreds, rest) = (number / 100, number % 100);
    if hundreds > 0 {
        out.push_str(UNITS[hundreds as usize]);
        out.push_str(" hundred");
        if rest == 0 {
            return;
        }
        out.push_str(" and ");
    }
    if rest < 20 {
        out.push_str(UNITS[rest as usize]);
    } else {
        out.push_str(TENS[rest as usize / 10]);
        if rest % 10 > 0 {
            out.push('-');
            out.push_str(UNITS[rest as usize % 10]);
        }
    }
}
