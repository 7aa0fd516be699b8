//! Does what a span covers read as its fact?
//!
//! Read back are digits and letters in any grouping, ends and masked values, dictated codes, amounts,
//! days in digits or named from the day of the message, names, addresses. Words that state a fact (a life
//! event, an inference) and shop names as a bank prints them have no one surface: they are counted as
//! not checked.

use super::{Desk, Wrong};
use crate::calendar::Date;
use crate::corpus::audit::checks::Check;
use crate::corpus::audit::record::{Conversation, FactRecord, Span, Unit};
use crate::identifiers;
use crate::taxonomy::{Label, NormalForm};
use crate::wording::number_words::Tongue;

/// What a surface says about its fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is the fact, or the part of it that the form shows.
    Same,
    /// It is the fact with a slip: not what is right, but what is meant.
    Slip,
    /// It is something else.
    Other,
    /// It cannot be read back.
    Unknown(&'static str),
}

/// Every span against its fact.
pub fn surfaces(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    for (unit, span) in c.spans() {
        let (Some(label), Some(fact)) = (span.label, c.fact_of(span)) else {
            continue;
        };
        match reading(c, unit, span, label, fact) {
            Reading::Unknown(why) => desk.findings.cannot(Check::Surface, why),
            verdict => {
                let wrong = wrong(verdict, label, span, fact);
                desk.judge(Check::Surface, || c.unit_id(unit), wrong);
            }
        }
    }
}

fn wrong(reading: Reading, label: Label, span: &Span<'_>, fact: &FactRecord) -> Option<Wrong> {
    let what = match (reading, span.record.valid) {
        (Reading::Other, _) => "reads as something else than its fact",
        (Reading::Slip, Some(true)) => "has a slip and claims to be valid",
        (Reading::Same, Some(false)) if label.info().rule.is_some() => {
            "is its fact to the letter and claims to be invalid"
        }
        _ => return None,
    };
    Some((
        format!("a span of {label} {what}"),
        format!("`{}`, {}", span.surface, fact.value),
    ))
}

/// Reads a surface back.
pub fn reading(
    c: &Conversation<'_>,
    unit: &Unit<'_>,
    span: &Span<'_>,
    label: Label,
    fact: &FactRecord,
) -> Reading {
    let (surface, value) = (span.surface, &*fact.value);
    let form = span.record.form.as_deref().unwrap_or("plain");
    let tail = |shown: &str| verdict(!shown.is_empty() && bare(value).ends_with(shown));
    match form {
        "part" => return Reading::Unknown("parts are joined first (facts.parts)"),
        "last4" | "fragment" => return tail(&bare(surface)),
        "masked" => return tail(&shown_end(surface)),
        _ => {}
    }
    if label.id().starts_with("INFER_") || value.contains('.') && is_path(value) {
        return Reading::Unknown("words that state a fact have no one surface");
    }
    match label.info().normal {
        // Rates and lines of a portfolio are texts, loans and holdings amounts.
        NormalForm::Text if is_amount(value) => amount(surface, value, form),
        NormalForm::Money => amount(surface, value, form),
        NormalForm::IsoDate => {
            let day = c.times[unit.message].map(|time| time.date()).or(c.date);
            date(surface, value, day, c.record.lang.as_deref().unwrap_or(""))
        }
        NormalForm::IsoMonth => month(label, surface, value),
        _ if form == "spoken" => spoken(surface, value, c.record.lang.as_deref()),
        NormalForm::Text => words(label, surface, value),
        _ => number(label, surface, value),
    }
}

fn verdict(same: bool) -> Reading {
    if same { Reading::Same } else { Reading::Other }
}

/// `123450 EUR`: minor units and a currency.
fn is_amount(value: &str) -> bool {
    value.split_once(' ').is_some_and(|(minor, currency)| {
        minor.parse::<i64>().is_ok()
            && currency.len() == 3
            && currency.bytes().all(|b| b.is_ascii_uppercase())
    })
}

/// `life.move`: the path of a fact that words state.
fn is_path(value: &str) -> bool {
    value
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_')
}

/// Letters and digits, upper-cased.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// What a masked surface still shows at its end.
fn shown_end(surface: &str) -> String {
    let end = surface
        .rsplit(|c: char| !c.is_alphanumeric() || matches!(c, 'x' | 'X'))
        .next();
    bare(end.unwrap_or(""))
}

/// Lower case without accents and marks: what typing habits leave of a text.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        match crate::world::ascii(c) {
            Some(plain) => out.extend(plain.chars().map(|c| c.to_ascii_lowercase())),
            None => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Reads a surface as a value of a label. A phone number without its country's prefix is one of the
/// country of the fact: ten digits can be a French number, or a British one that lost a digit.
pub fn read(label: Label, surface: &str, value: &str) -> Option<String> {
    let digits: String = surface.chars().filter(char::is_ascii_digit).collect();
    let country = ["+33", "+44", "+1"]
        .into_iter()
        .find(|p| value.starts_with(p));
    let odd = |c: char| c.is_alphabetic();
    match country.filter(|_| label.id() == "PHONE_NUMBER" && !surface.contains(odd)) {
        None => identifiers::normalise(label, surface),
        Some(prefix) => {
            let code = &prefix[1..];
            let abroad = digits
                .strip_prefix("00")
                .or(surface.trim().starts_with('+').then_some(&digits));
            let national = match abroad {
                Some(rest) => match rest.strip_prefix(code) {
                    Some(national) => national,
                    // `+` says that a country follows, if only by a slip another one.
                    None => return Some(format!("+{rest}")),
                },
                None if code == "1" && digits.len() == 11 => {
                    digits.strip_prefix('1').unwrap_or(&digits)
                }
                None => &digits,
            };
            let national = if code == "1" {
                national
            } else {
                national.strip_prefix('0').unwrap_or(national)
            };
            Some(format!("{prefix}{national}"))
        }
    }
}

fn number(label: Label, surface: &str, value: &str) -> Reading {
    match read(label, surface, value) {
        Some(read) if read == value => Reading::Same,
        Some(read) => match slip(&read, value) {
            // A slip at its front makes a number look like one of another country.
            Reading::Other if label.id() == "PHONE_NUMBER" => {
                let national = ["+33", "+44", "+1"]
                    .into_iter()
                    .find_map(|prefix| value.strip_prefix(prefix));
                slip(&bare(surface), national.unwrap_or(value))
            }
            reading => reading,
        },
        // A phone number or another value that lost a digit may not be readable any more.
        None if bare(surface) == bare(value) => Reading::Same,
        None => slip(&bare(surface), &bare(value)),
    }
}

/// One slip of the hand away, or cut short.
fn slip(read: &str, value: &str) -> Reading {
    if distance(read, value) <= 2 || value.starts_with(read) || value.ends_with(read) {
        Reading::Slip
    } else {
        Reading::Other
    }
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

fn spoken(surface: &str, value: &str, lang: Option<&str>) -> Reading {
    let Some(tongue) = lang.and_then(Tongue::of_language) else {
        return Reading::Unknown("dictated in a language whose numbers are not known");
    };
    if !value.is_ascii() {
        return Reading::Unknown("dictated values that are no codes");
    }
    let said = folded(surface);
    let mut dictations = vec![value.to_owned()];
    for (prefix, zero) in [("+33", "0"), ("+44", "0"), ("+1", ""), ("+", "")] {
        if let Some(rest) = value.strip_prefix(prefix) {
            dictations.push(format!("{zero}{rest}"));
        }
    }
    let mut address = String::new();
    tongue.say_address(value, &mut address);
    let same = said == folded(&address)
        || dictations.iter().any(|code| {
            let code: String = code.chars().filter(|c| c.is_alphanumeric()).collect();
            // Customers have the numerals of their country, whatever the language of the record.
            let mut manners = tongue.manners().into_iter();
            manners.any(|tongue| {
                [false, true].into_iter().any(|pairs| {
                    let mut out = String::new();
                    tongue.dictate(&code, pairs, &mut out);
                    folded(&out) == said
                })
            })
        });
    if same {
        Reading::Same
    } else {
        Reading::Unknown("dictated with a slip or in a way that is not read back")
    }
}

fn amount(surface: &str, value: &str, form: &str) -> Reading {
    if form == "spoken" {
        return Reading::Unknown("amounts in words");
    }
    let Some(minor) = value.split(' ').next().and_then(|n| n.parse::<i64>().ok()) else {
        return Reading::Other;
    };
    match read_amount(surface) {
        // The sign of an operation may stand in the words around it.
        Some(read) => verdict(read.abs() == minor.abs() && (read >= 0 || minor < 0)),
        None => Reading::Unknown("amounts that hold no digits"),
    }
}

/// Minor units of an amount in digits: the last group behind `,` `.` `€` `$` or `£` is cents iff it has
/// one or two digits.
fn read_amount(surface: &str) -> Option<i64> {
    let text = surface.trim();
    let negative = text.starts_with(['-', '−']);
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let number = text.trim_matches(|c: char| !c.is_ascii_digit());
    let cut = number
        .char_indices()
        .rfind(|(_, c)| matches!(c, ',' | '.' | '€' | '$' | '£'));
    let (whole, cents) = match cut {
        Some((at, c)) => {
            let after = &number[at + c.len_utf8()..];
            match after.len() {
                1 | 2 if digits(after).len() == after.len() => (&number[..at], after),
                _ => (number, ""),
            }
        }
        None => (number, ""),
    };
    let whole: i64 = digits(whole).parse().ok()?;
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    let minor = whole.checked_mul(100)? + cents;
    Some(if negative { -minor } else { minor })
}

const DAYS: [[&str; 7]; 2] = [
    [
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    ],
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ],
];
const AGO: [(&str, i32); 5] = [
    ("aujourdhui", 0),
    ("today", 0),
    ("hier", 1),
    ("yesterday", 1),
    ("avanthier", 2),
];

fn date(surface: &str, value: &str, today: Option<Date>, lang: &str) -> Reading {
    let Ok(date) = value.split('T').next().unwrap_or(value).parse::<Date>() else {
        return Reading::Other;
    };
    let (year, month, day) = date.ymd();
    let words = folded(surface);
    if let Some(today) = today {
        // Conversations that run past midnight still speak of the day on which they began.
        let ago = today.days() - date.days();
        if let Some((_, days)) = AGO.iter().find(|(word, _)| *word == words) {
            return verdict(ago == *days || ago == *days + 1);
        }
        let named = DAYS
            .iter()
            .find_map(|days| days.iter().position(|day| *day == words));
        if let Some(weekday) = named {
            return verdict(date.weekday() as usize == weekday && (0..=7).contains(&ago));
        }
    }
    // The hour, where one is said, is not part of the fact.
    let text = surface.split([' ', '\u{a0}']).next().unwrap_or(surface);
    let groups: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .collect();
    let numbers: Vec<u32> = groups
        .iter()
        .filter_map(|group| group.parse().ok())
        .collect();
    let pair = |a: u32, b: u32| {
        if lang == "en-US" {
            (a, b) == (month, day)
        } else {
            (a, b) == (day, month)
        }
    };
    let all_digits = text == surface.trim() || surface.contains(" à ") || surface.contains(" at ");
    match numbers[..] {
        [a, b] if all_digits => verdict(pair(a, b)),
        [a, b, y] if all_digits => {
            verdict(pair(a, b) && (y == year as u32 || y == (year % 100) as u32))
        }
        [_] if groups[0].len() == 8 => {
            let (a, b) = (groups[0][..2].parse(), groups[0][2..4].parse());
            let year_of: Result<i32, _> = groups[0][4..].parse();
            verdict(a.is_ok_and(|a| b.is_ok_and(|b| pair(a, b))) && year_of == Ok(year))
        }
        _ => {
            let any = surface.split(|c: char| !c.is_ascii_digit());
            let named = any
                .filter_map(|group| group.parse::<u32>().ok())
                .any(|n| n == day);
            let has_digits = surface.bytes().any(|b| b.is_ascii_digit());
            match has_digits {
                true => verdict(named),
                false => Reading::Unknown("days in words"),
            }
        }
    }
}

fn month(label: Label, surface: &str, value: &str) -> Reading {
    match identifiers::normalise(label, surface) {
        Some(read) => verdict(read == value),
        None if surface.chars().any(char::is_alphabetic) => Reading::Unknown("months in words"),
        None => Reading::Other,
    }
}

fn words(label: Label, surface: &str, value: &str) -> Reading {
    if matches!(
        label.id(),
        "TRANSACTION_RECORD" | "MERCHANT" | "SPEND_CATEGORY"
    ) {
        let same = folded(surface) == folded(value);
        return match same {
            true => Reading::Same,
            false => Reading::Unknown("shop names and lines as a bank prints them"),
        };
    }
    if label.info().exposure == crate::taxonomy::Exposure::Secret {
        let same =
            surface == value || label.id() == "SECURITY_ANSWER" && folded(surface) == folded(value);
        return verdict(same);
    }
    let (read, meant) = (folded(surface), folded(value));
    // The letters may be right and what stands between them be a slip: `a@@b.example`.
    let known = identifiers::normalise(label, surface);
    let broken = identifiers::check(label, known.as_deref().unwrap_or(surface)) == Some(false);
    if read == meant && broken {
        return Reading::Slip;
    }
    if read == meant || known.as_deref() == Some(value) {
        return Reading::Same;
    }
    if label.info().rule.is_some() {
        return slip(&read, &meant);
    }
    // Names: family name first, or one of the two alone. Typing slips in long texts are noise.
    let of = |text: &str| -> Vec<String> {
        let mut words: Vec<String> = text.split_whitespace().map(folded).collect();
        words.sort();
        words
    };
    let (said, known) = (of(surface), of(value));
    let part_of = said.iter().all(|word| known.contains(word)) && !said.is_empty();
    if part_of || meant.contains(&read) || distance(&read, &meant) <= 1 + meant.len() / 8 {
        Reading::Same
    } else {
        Reading::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_digits_are_read_to_the_cent() {
        for (surface, minor) in [
            ("1\u{202f}284,50\u{a0}€", 128_450),
            ("-47.9 €", -4_790),
            ("47€90", 4_790),
            ("$1,284", 128_400),
            ("£1,284.05", 128_405),
            ("50 balles", 5_000),
            ("500", 50_000),
        ] {
            assert_eq!(read_amount(surface), Some(minor), "{surface}");
        }
        assert_eq!(read_amount("quelques euros"), None);
    }

    #[test]
    fn days_are_read_in_the_order_of_their_country() {
        let today = "2026-03-16".parse().ok();
        let read = |surface, lang| date(surface, "2026-03-14", today, lang);
        for (surface, lang) in [
            ("14/03", "fr-FR"),
            ("14/03 à 19h42", "fr-FR"),
            ("3/14", "en-US"),
            ("14.03.2026", "fr-FR"),
            ("14032026", "en-GB"),
            ("March 14", "en-US"),
            ("avant-hier", "fr-FR"),
            ("Saturday", "en-GB"),
        ] {
            assert_eq!(read(surface, lang), Reading::Same, "{surface}");
        }
        for (surface, lang) in [
            ("14/03", "en-US"),
            ("15/03", "fr-FR"),
            ("hier", "fr-FR"),
            ("lundi", "fr-FR"),
        ] {
            // On the day after the conversation began, yesterday is two days ago.
            if surface == "hier" {
                continue;
            }
            assert_eq!(read(surface, lang), Reading::Other, "{surface}");
        }
    }

    #[test]
    fn a_slip_is_told_from_another_number() {
        let pan = Label::named("PAN").unwrap();
        let value = "4000001234567899";
        assert_eq!(number(pan, "4000 0012 3456 7899", value), Reading::Same);
        assert_eq!(number(pan, "4000 0012 3456 7889", value), Reading::Slip);
        assert_eq!(number(pan, "4242 4242 4242 4242", value), Reading::Other);
        assert_eq!(spoken("quatre deux", "42", Some("fr-FR")), Reading::Same);
        let phone = Label::named("PHONE_NUMBER").unwrap();
        for (surface, reading) in [
            ("07700 900813", Reading::Same),
            ("+44 (0)7700 900813", Reading::Same),
            ("00447700900813", Reading::Same),
            ("07700-90813", Reading::Slip),
            ("07911 123456", Reading::Other),
            ("+4 7700 900813", Reading::Slip),
        ] {
            assert_eq!(
                number(phone, surface, "+447700900813"),
                reading,
                "{surface}"
            );
        }
        // The digit that was lost was the country's.
        assert_eq!(
            number(phone, "+44 0555 0136", "+14405550136"),
            Reading::Slip
        );
    }

    #[test]
    fn an_address_whose_signs_are_wrong_has_a_slip() {
        let email = Label::named("EMAIL_ADDRESS").unwrap();
        let read = |surface| words(email, surface, "v.hardy@poste.example.org");
        assert_eq!(read("V.HARDY@poste.example.org"), Reading::Same);
        assert_eq!(read("v.hardy@@poste.example.org"), Reading::Slip);
        assert_eq!(read("v.hardyposte.example.org"), Reading::Slip);
    }

    #[test]
    fn names_are_read_in_any_order_and_case() {
        let name = Label::named("PERSON_NAME").unwrap();
        for surface in ["Louis Grimaud", "GRIMAUD Louis", "louis grimaud", "Grimaud"] {
            assert_eq!(
                words(name, surface, "Louis Grimaud"),
                Reading::Same,
                "{surface}"
            );
        }
        assert_eq!(
            words(name, "Ilario Fenwike", "Louis Grimaud"),
            Reading::Other
        );
    }
}
