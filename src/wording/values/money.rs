//! Amounts: with sign or word, with a comma or a point, in words, or without a currency.

use super::{Pen, Value, Voice};
use crate::conversation::{Form, Owner, Safety};
use crate::country::Country;
use crate::seed::Stream;
use crate::taxonomy::Label;
use crate::wording::number_words::Tongue;
use std::fmt::Write;

/// The forms of amounts.
pub(super) const FORMS: [Form; 5] = [
    Form::Symbol,
    Form::Code,
    Form::Bare,
    Form::Colloquial,
    Form::Spoken,
];

/// The most that is said in words, in minor units.
const SAID: i64 = 100_000_000;

pub(super) fn write(
    pen: &mut Pen<'_>,
    label: Label,
    minor: i64,
    owner: Owner,
    kind: &'static str,
    form: Option<Form>,
    stream: &mut Stream,
) {
    let mut normal = String::with_capacity(16);
    let _ = write!(normal, "{minor} {}", pen.voice.country.currency());
    let value = Value {
        label,
        value: normal.into(),
        safety: Safety::Convention,
        strict_valid: None,
        owner,
        kind,
        infers: None,
    };
    let can = |form| match form {
        Form::Spoken => minor.abs() < SAID,
        Form::Colloquial => is_round(minor),
        form => FORMS.contains(&form),
    };
    let form = form
        .or_else(|| pen.asked_form(label, can, stream))
        .unwrap_or_else(|| choose(pen, minor, stream));
    let mut surface = String::with_capacity(24);
    surface_of(pen, minor, form, stream, &mut surface);
    pen.gold(&surface, &value, form, None);
}

/// Units without cents: what is said in quid and bucks.
fn is_round(minor: i64) -> bool {
    minor > 0 && minor % 100 == 0
}

fn choose(pen: &Pen<'_>, minor: i64, stream: &mut Stream) -> Form {
    if pen.voice.bank {
        return Form::Symbol;
    }
    if pen.voice.aloud {
        let in_words = minor < 0 || minor % 100 != 0 && pen.voice.tongue == Tongue::English;
        let said = minor.abs() < SAID && (in_words || stream.chance(700));
        return if said { Form::Spoken } else { Form::Code };
    }
    if pen.voice.dictates && minor.abs() < SAID && stream.chance(500) {
        return Form::Spoken;
    }
    let colloquial = if pen.voice.relaxed && is_round(minor) {
        160
    } else {
        0
    };
    let weights = [560, 240, 90, colloquial];
    [Form::Symbol, Form::Code, Form::Bare, Form::Colloquial][stream.weighted(&weights)]
}

fn surface_of(pen: &Pen<'_>, minor: i64, form: Form, stream: &mut Stream, out: &mut String) {
    let voice = pen.voice;
    if minor < 0 {
        out.push_str(match (form, voice.tongue) {
            (Form::Spoken, Tongue::French(_)) => "moins ",
            (Form::Spoken, Tongue::English) => "minus ",
            _ => "-",
        });
    }
    let amount = minor.unsigned_abs();
    let (units, cents) = ((amount / 100) as u32, (amount % 100) as u32);
    if voice.aloud && form == Form::Code {
        return written_by_a_service(voice, units, cents, out);
    }
    match voice.tongue {
        Tongue::French(_) => french(voice, units, cents, form, stream, out),
        Tongue::English => {
            english(
                voice.bank,
                voice.country == Country::Britain,
                units,
                cents,
                form,
                stream,
                out,
            );
        }
    }
}

/// An amount that was said, and comes out in digits.
fn written_by_a_service(voice: Voice, units: u32, cents: u32, out: &mut String) {
    let (point, name) = match (voice.tongue, voice.country) {
        (Tongue::French(_), _) => (',', "euro"),
        (_, Country::Britain) => ('.', "pound"),
        _ => ('.', "dollar"),
    };
    let _ = write!(out, "{units}");
    if cents > 0 {
        let _ = write!(out, "{point}{cents:02}");
    }
    let _ = write!(out, " {name}{}", if units > 1 { "s" } else { "" });
}

/// Digits in groups of three.
fn grouped(units: u32, separator: &str, out: &mut String) {
    if units >= 1000 {
        grouped(units / 1000, separator, out);
        let _ = write!(out, "{separator}{:03}", units % 1000);
    } else {
        let _ = write!(out, "{units}");
    }
}

fn french(voice: Voice, units: u32, cents: u32, form: Form, stream: &mut Stream, out: &mut String) {
    if voice.bank {
        grouped(units, "\u{202f}", out);
        let _ = write!(out, ",{cents:02}\u{a0}€");
        return;
    }
    match form {
        Form::Spoken => {
            voice.tongue.cardinal(units.min(999_999), out);
            out.push_str(if units > 1 { " euros" } else { " euro" });
            if cents > 0 {
                out.push(' ');
                voice.tongue.cardinal(cents, out);
            }
        }
        Form::Colloquial => {
            let _ = write!(out, "{units} balles");
        }
        _ => {
            if units >= 1000 && stream.chance(400) {
                grouped(units, " ", out);
            } else {
                let _ = write!(out, "{units}");
            }
            let comma = if stream.chance(750) { ',' } else { '.' };
            if form == Form::Symbol && cents > 0 && stream.chance(90) {
                let _ = write!(out, "€{cents:02}");
                return;
            }
            if cents > 0 || stream.chance(100) {
                let _ = write!(out, "{comma}{cents:02}");
            }
            match form {
                Form::Symbol => out.push_str(if stream.chance(350) { " €" } else { "€" }),
                Form::Code => out.push_str(match stream.below(10) {
                    0..6 => " euros",
                    6..8 => " eur",
                    8 => " EUR",
                    _ => "euros",
                }),
                _ => {}
            }
        }
    }
}

fn english(
    bank: bool,
    british: bool,
    units: u32,
    cents: u32,
    form: Form,
    stream: &mut Stream,
    out: &mut String,
) {
    let sign = if british { '£' } else { '$' };
    if bank {
        out.push(sign);
        grouped(units, ",", out);
        let _ = write!(out, ".{cents:02}");
        return;
    }
    match form {
        Form::Spoken => {
            Tongue::English.cardinal(units.min(999_999), out);
            out.push_str(match (british, units == 1) {
                (true, true) => " pound",
                (true, false) => " pounds",
                (false, true) => " dollar",
                (false, false) => " dollars",
            });
            if cents > 0 {
                out.push_str(if british { " " } else { " and " });
                Tongue::English.cardinal(cents, out);
                if !british {
                    out.push_str(if cents == 1 { " cent" } else { " cents" });
                }
            }
        }
        Form::Colloquial => {
            let _ = write!(out, "{units} {}", if british { "quid" } else { "bucks" });
        }
        _ => {
            if form == Form::Symbol {
                out.push(sign);
            }
            if units >= 1000 && stream.chance(600) {
                grouped(units, ",", out);
            } else {
                let _ = write!(out, "{units}");
            }
            if cents > 0 || stream.chance(120) {
                let _ = write!(out, ".{cents:02}");
            }
            if form == Form::Code {
                out.push_str(match (british, stream.below(10)) {
                    (true, 0..7) => " pounds",
                    (true, _) => " GBP",
                    (false, 0..7) => " dollars",
                    (false, _) => " USD",
                });
            }
        }
    }
}
