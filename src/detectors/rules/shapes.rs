//! How long the codes of each label are: `datasets/rules/shapes.toml`.

use crate::taxonomy::{Label, unknown_label};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    shape: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    label: Spanned<String>,
    min: usize,
    max: usize,
    #[serde(default)]
    letters: bool,
}

#[derive(Clone, Copy, Debug)]
struct Shape {
    min: usize,
    max: usize,
    letters: bool,
}

/// How long codes are.
#[derive(Debug)]
pub struct Shapes {
    shapes: BTreeMap<Label, Shape>,
}

impl Shapes {
    /// Reads the table.
    ///
    /// # Errors
    /// What is wrong, by file, line and key.
    pub fn parse(source: &str, file: &str) -> Result<Shapes, String> {
        let at = |start: usize, what: String| {
            format!(
                "{file}:{}: {what}",
                source[..start].matches('\n').count() + 1
            )
        };
        let parsed: File = toml::from_str(source).map_err(|error| {
            at(
                error.span().map_or(0, |span| span.start),
                error.message().to_owned(),
            )
        })?;
        if parsed.schema != 1 {
            return Err(at(
                0,
                format!("schema {} is not one this version reads (1)", parsed.schema),
            ));
        }
        let mut shapes = BTreeMap::new();
        for row in parsed.shape {
            let start = row.label.span().start;
            let id = row.label.into_inner();
            let label = Label::named(&id).ok_or_else(|| at(start, unknown_label(&id)))?;
            if row.min == 0 || row.min > row.max {
                return Err(at(
                    start,
                    format!("{id}: min {} and max {}", row.min, row.max),
                ));
            }
            let shape = Shape {
                min: row.min,
                max: row.max,
                letters: row.letters,
            };
            if shapes.insert(label, shape).is_some() {
                return Err(at(start, format!("{id} is listed twice")));
            }
        }
        Ok(Shapes { shapes })
    }

    /// Can a code of so many characters, all digits or not, be a value of this label?
    pub fn fits(&self, label: Label, length: usize, only_digits: bool) -> bool {
        self.shapes.get(&label).is_some_and(|shape| {
            (shape.min..=shape.max).contains(&length) && (only_digits || shape.letters)
        })
    }
}
