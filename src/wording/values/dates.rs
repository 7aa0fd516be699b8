//! Days and months: in digits, in words, or named from today.

use super::{Pen, Value, label};
use crate::calendar::{Date, Month};
use crate::conversation::{Form, Owner, Safety};
use crate::country::Country;
use crate::seed::Stream;
use crate::taxonomy::Label;
use crate::wording::number_words::Tongue;
use std::fmt::Write;

const FRENCH_DAYS: [&str; 7] = [
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];
const ENGLISH_DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of a weekday.
pub fn day_name(tongue: Tongue, date: Date) -> &'static str {
    let day = date.weekday() as usize;
    match tongue {
        Tongue::French(_) => FRENCH_DAYS[day],
        Tongue::English => ENGLISH_DAYS[day],
    }
}

fn value(label: Label, normal: String, kind: &'static str) -> Value<'static> {
    Value {
        label,
        value: normal.into(),
        safety: Safety::Convention,
        strict_valid: None,
        owner: Owner::Customer,
        kind,
        infers: None,
    }
}

/// The forms of days.
pub(super) const DAY_FORMS: [Form; 4] = [
    Form::Relative,
    Form::Worded,
    Form::NumericShort,
    Form::Numeric,
];

/// The forms of dates of birth.
pub(super) const BIRTH_FORMS: [Form; 6] = [
    Form::Numeric,
    Form::Worded,
    Form::Compact,
    Form::Dots,
    Form::Pairs,
    Form::Spoken,
];

/// The forms of months of a card.
pub(super) const MONTH_FORMS: [Form; 5] = [
    Form::Slashes,
    Form::Numeric,
    Form::Compact,
    Form::Dashes,
    Form::Worded,
];

/// The day of an operation or a move, with the preposition that its form takes outside the span.
pub(super) fn day(
    pen: &mut Pen<'_>,
    label: Label,
    date: Date,
    second: Option<u32>,
    kind: &'static str,
    form: Option<Form>,
    stream: &mut Stream,
) {
    let ago = pen.today.days() - date.days();
    let can = |form| match form {
        Form::Relative => (0..=6).contains(&ago),
        form => DAY_FORMS.contains(&form),
    };
    let asked = form.or_else(|| pen.asked_form(label, can, stream));
    let form = asked.unwrap_or_else(|| {
        if pen.voice.bank {
            return Form::NumericShort;
        }
        match ago {
            0..=2 if stream.chance(800) => Form::Relative,
            3..=6 if stream.chance(550) => Form::Relative,
            _ if pen.voice.aloud => Form::Worded,
            _ if stream.chance(600) => Form::Worded,
            _ => Form::NumericShort,
        }
    });
    let form = if form == Form::Relative && !(0..=6).contains(&ago) {
        Form::Worded
    } else {
        form
    };
    let (before, mut surface) = match pen.voice.tongue {
        Tongue::French(_) => french_day(date, ago, form),
        Tongue::English => english_day(pen.voice.country, date, ago, form),
    };
    if let Some(second) = second.filter(|_| pen.voice.bank && stream.chance(450)) {
        let (hour, minute) = (second / 3600, second / 60 % 60);
        let _ = match pen.voice.tongue {
            Tongue::French(_) => write!(surface, " à {hour:02}h{minute:02}"),
            Tongue::English => write!(surface, " at {hour:02}:{minute:02}"),
        };
    }
    if !before.is_empty() {
        pen.text(before);
    }
    let value = value(label, date.to_string(), kind);
    pen.gold(&surface, &value, form, None);
}

fn french_day(date: Date, ago: i32, form: Form) -> (&'static str, String) {
    let (year, month, day) = date.ymd();
    match (form, ago) {
        (Form::Relative, 0) => ("", "aujourd'hui".into()),
        (Form::Relative, 1) => ("", "hier".into()),
        (Form::Relative, 2) => ("", "avant-hier".into()),
        (Form::Relative, _) => ("", FRENCH_DAYS[date.weekday() as usize].into()),
        (Form::Worded, _) => {
            let name = FRENCH_MONTHS[month as usize - 1];
            (
                "le ",
                if day == 1 {
                    format!("1er {name}")
                } else {
                    format!("{day} {name}")
                },
            )
        }
        (Form::Numeric, _) => ("le ", format!("{day:02}/{month:02}/{year}")),
        _ => ("le ", format!("{day:02}/{month:02}")),
    }
}

fn english_day(country: Country, date: Date, ago: i32, form: Form) -> (&'static str, String) {
    let (year, month, day) = date.ymd();
    let british = country == Country::Britain;
    let name = ENGLISH_MONTHS[month as usize - 1];
    match (form, ago) {
        (Form::Relative, 0) => ("", "today".into()),
        (Form::Relative, 1) => ("", "yesterday".into()),
        (Form::Relative, _) => ("on ", ENGLISH_DAYS[date.weekday() as usize].into()),
        (Form::Worded, _) if british => ("on ", format!("{day} {name}")),
        (Form::Worded, _) => ("on ", format!("{name} {day}")),
        (Form::Numeric, _) if british => ("on ", format!("{day:02}/{month:02}/{year}")),
        (Form::Numeric, _) => ("on ", format!("{month:02}/{day:02}/{year}")),
        _ if british => ("on ", format!("{day:02}/{month:02}")),
        _ => ("on ", format!("{month}/{day}")),
    }
}

/// A date of birth.
pub(super) fn birth(
    pen: &mut Pen<'_>,
    date: Date,
    owner: Owner,
    form: Option<Form>,
    stream: &mut Stream,
) {
    let (year, month, day) = date.ymd();
    let american = pen.voice.country == Country::UnitedStates;
    let (first, second) = if american { (month, day) } else { (day, month) };
    let dots = if american { 10 } else { 90 };
    let spoken = if pen.voice.dictates { 600 } else { 0 };
    let label = label!("DATE_OF_BIRTH");
    let can = |form| BIRTH_FORMS.contains(&form);
    let asked = form.or_else(|| pen.asked_form(label, can, stream));
    let form = asked.unwrap_or_else(|| {
        if pen.voice.bank {
            Form::Numeric
        } else if pen.voice.aloud {
            [Form::Spoken, Form::Worded][stream.weighted(&[600, 400])]
        } else {
            BIRTH_FORMS[stream.weighted(&[480, 230, 60, dots, 140, spoken])]
        }
    });
    let months: &[&str; 12] = match pen.voice.tongue {
        Tongue::French(_) => &FRENCH_MONTHS,
        Tongue::English => &ENGLISH_MONTHS,
    };
    let name = months[month as usize - 1];
    let surface = match form {
        Form::Compact => format!("{first:02}{second:02}{year}"),
        Form::Dots => format!("{first:02}.{second:02}.{year}"),
        Form::Pairs => format!("{first:02}/{second:02}/{:02}", year % 100),
        Form::Worded if american => format!("{name} {day}, {year}"),
        Form::Worded if day == 1 && pen.voice.tongue.is_french() => {
            format!("1er {name} {year}")
        }
        Form::Worded => format!("{day} {name} {year}"),
        Form::Spoken => spoken_date(pen.voice.tongue, year, name, day),
        _ => format!("{first:02}/{second:02}/{year}"),
    };
    let kind = match owner {
        Owner::Customer => "customer",
        Owner::ThirdParty => "other",
    };
    let value = Value {
        owner,
        ..value(label, date.to_string(), kind)
    };
    pen.gold(&surface, &value, form, Some(true));
}

fn spoken_date(tongue: Tongue, year: i32, month: &str, day: u32) -> String {
    let mut out = String::new();
    match tongue {
        Tongue::French(_) => {
            if day == 1 {
                out.push_str("premier");
            } else {
                tongue.cardinal(day, &mut out);
            }
            let _ = write!(out, " {month} ");
            tongue.cardinal(year as u32, &mut out);
        }
        Tongue::English => {
            let _ = write!(out, "{month} ");
            tongue.cardinal(day, &mut out);
            out.push(' ');
            if year >= 2000 {
                tongue.cardinal(year as u32, &mut out);
            } else {
                tongue.cardinal(year as u32 / 100, &mut out);
                out.push(' ');
                tongue.cardinal(year as u32 % 100, &mut out);
            }
        }
    }
    out
}

/// A month and a year as they stand on a card: zéro huit vingt-sept.
fn spoken_month(tongue: Tongue, month: u32, year: u32) -> String {
    let mut out = String::new();
    if month < 10 {
        tongue.digit(b'0', &mut out);
        out.push(' ');
    }
    tongue.cardinal(month, &mut out);
    out.push(' ');
    tongue.cardinal(year, &mut out);
    out
}

/// The expiry of a card.
pub(super) fn card_month(pen: &mut Pen<'_>, month: Month, form: Option<Form>, stream: &mut Stream) {
    let (year, number) = month.ym();
    let label = label!("CARD_EXPIRY");
    let can = |form| MONTH_FORMS.contains(&form);
    let asked = form.or_else(|| pen.asked_form(label, can, stream));
    let form = asked.unwrap_or_else(|| {
        if pen.voice.bank {
            Form::Slashes
        } else if pen.voice.aloud {
            [Form::Worded, Form::Spoken][stream.weighted(&[600, 400])]
        } else {
            MONTH_FORMS[stream.weighted(&[620, 120, 90, 60, 110])]
        }
    });
    let short = year % 100;
    let surface = match form {
        Form::Numeric => format!("{number:02}/{year}"),
        Form::Compact => format!("{number:02}{short:02}"),
        Form::Spoken => spoken_month(pen.voice.tongue, number, short as u32),
        Form::Dashes => format!("{number:02}-{short:02}"),
        Form::Worded => {
            let months: &[&str; 12] = match pen.voice.tongue {
                Tongue::French(_) => &FRENCH_MONTHS,
                Tongue::English => &ENGLISH_MONTHS,
            };
            format!("{} {year}", months[number as usize - 1])
        }
        _ => format!("{number:02}/{short:02}"),
    };
    let value = value(label, month.to_string(), "card");
    pen.gold(&surface, &value, form, Some(true));
}
