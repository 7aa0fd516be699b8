//! Names, addresses, and lines of a statement.

use super::{Pen, Value, label};
use crate::calendar::Date;
use crate::conversation::{Form, Owner, Safety};
use crate::country::Country;
use crate::seed::Stream;
use crate::taxonomy::Label;

fn value<'a>(label: Label, text: &'a str, owner: Owner, kind: &'static str) -> Value<'a> {
    Value {
        label,
        value: text.into(),
        safety: Safety::Convention,
        strict_valid: None,
        owner,
        kind,
        infers: None,
    }
}

/// The forms of whole names.
pub(super) const FORMS: [Form; 4] = [
    Form::GivenFamily,
    Form::FamilyGiven,
    Form::Upper,
    Form::Lower,
];

/// The forms of addresses: on one line, or on two.
pub(super) const ADDRESS_FORMS: [Form; 2] = [Form::Plain, Form::Irregular];

/// A name. The fact is the whole name, whatever part of it is written.
pub(super) fn person(
    pen: &mut Pen<'_>,
    label: Label,
    (given, family): (&str, &str),
    owner: Owner,
    kind: &'static str,
    form: Option<Form>,
    stream: &mut Stream,
) {
    let reversed = if pen.voice.country == Country::France {
        170
    } else {
        25
    };
    let asked = form.or_else(|| pen.asked_form(label, |form| FORMS.contains(&form), stream));
    let form = asked.unwrap_or_else(|| {
        if pen.voice.bank {
            Form::GivenFamily
        } else if pen.voice.aloud {
            let reversed = reversed / 2;
            [Form::GivenFamily, Form::FamilyGiven][stream.weighted(&[1000, reversed])]
        } else {
            let lower = if pen.voice.relaxed { 180 } else { 0 };
            FORMS[stream.weighted(&[760, reversed, 30, lower])]
        }
    });
    let full = format!("{given} {family}");
    let surface = match form {
        Form::FamilyGiven if pen.voice.aloud => format!("{family} {given}"),
        Form::FamilyGiven => format!("{} {given}", family.to_uppercase()),
        Form::Upper => full.to_uppercase(),
        Form::Lower => full.to_lowercase(),
        Form::Given => given.to_owned(),
        Form::Family => family.to_owned(),
        _ => full.clone(),
    };
    pen.gold(&surface, &value(label, &full, owner, kind), form, None);
}

/// An address on one line or two, with its postcode as a span of its own inside.
pub(super) fn address(
    pen: &mut Pen<'_>,
    street: &str,
    code: &Value<'_>,
    town: &str,
    kind: &'static str,
    form: Option<Form>,
    stream: &mut Stream,
) {
    let can = |form| ADDRESS_FORMS.contains(&form);
    let form = form.or_else(|| pen.asked_form(label!("POSTAL_ADDRESS"), can, stream));
    let mut postcode = String::with_capacity(8);
    if !crate::identifiers::write(code.label, &code.value, Form::Plain, &mut postcode) {
        postcode.push_str(&code.value);
    }
    let full = match pen.voice.country {
        Country::France => format!("{street}, {postcode} {town}"),
        _ => format!("{street}, {town} {postcode}"),
    };
    let separator = if pen.voice.bank {
        ", "
    } else if pen.voice.aloud {
        " "
    } else {
        let two_lines = match form {
            Some(Form::Irregular) => [0, 0, 1],
            Some(_) => [620, 300, 0],
            None => [620, 300, 80],
        };
        [", ", " ", "\n"][stream.weighted(&two_lines)]
    };
    if let Some(joint) = pen.joint.take() {
        let (written, _) = joint.before(street);
        pen.body.push_str(written);
    }
    let open = pen.body.open();
    pen.body.push_str(street);
    pen.body.push_str(separator);
    let circumstance = std::mem::take(&mut pen.circumstance);
    if pen.voice.country == Country::France {
        pen.gold(&postcode, code, Form::Plain, None);
        pen.body.push(' ');
        pen.body.push_str(town);
    } else {
        pen.body.push_str(town);
        pen.body.push(' ');
        pen.gold(&postcode, code, Form::Plain, None);
    }
    pen.circumstance = circumstance;
    let whole = value(label!("POSTAL_ADDRESS"), &full, Owner::Customer, kind);
    let form = match separator {
        "\n" => Form::Irregular,
        _ => Form::Plain,
    };
    pen.close(open, &whole, form, None);
}

/// A line of a statement, with its date, merchant and amount as spans inside.
pub(super) fn record(
    pen: &mut Pen<'_>,
    date: Date,
    descriptor: &str,
    (printed, merchant): (&str, &str),
    minor: i64,
    infers: Option<Label>,
) {
    let (_, month, day) = date.ymd();
    let american = pen.voice.country == Country::UnitedStates;
    let (first, second) = if american { (month, day) } else { (day, month) };
    let day_text = format!("{first:02}/{second:02}");
    pen.joint = None;
    let open = pen.body.open();
    let iso = date.to_string();
    let day_value = value(
        label!("TRANSACTION_DATE"),
        &iso,
        Owner::Customer,
        "operation",
    );
    pen.gold(&day_text, &day_value, Form::NumericShort, None);
    pen.body.push(' ');
    // The merchant stands inside what the bank prints; what is around it stays unmarked.
    let who = Value {
        infers,
        ..value(label!("MERCHANT"), merchant, Owner::Customer, "operation")
    };
    match descriptor.find(printed) {
        Some(at) => {
            pen.body.push_str(&descriptor[..at]);
            pen.gold(printed, &who, Form::Upper, None);
            pen.body.push_str(&descriptor[at + printed.len()..]);
        }
        None => pen.gold(descriptor, &who, Form::Upper, None),
    }
    pen.body.push(' ');
    let mut stream = Stream::at(0, crate::seed::Domain::new("record"), 0);
    let bank = std::mem::replace(&mut pen.voice.bank, true);
    super::money::write(
        pen,
        label!("TRANSACTION_AMOUNT"),
        minor,
        Owner::Customer,
        "operation",
        Some(Form::Symbol),
        &mut stream,
    );
    pen.voice.bank = bank;
    let line = format!("{iso} {descriptor} {minor}");
    let whole = value(
        label!("TRANSACTION_RECORD"),
        &line,
        Owner::Customer,
        "operation",
    );
    pen.close(open, &whole, Form::Plain, None);
}
