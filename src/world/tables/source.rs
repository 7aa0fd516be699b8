//! Reading the plain-text tables: one row per line, columns between `|`, `#` starts a comment line,
//! `[name …]` starts a section.

/// One row with its place, for error messages.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub file: &'static str,
    pub line: usize,
    /// The words between the brackets of the last section header.
    pub section: &'a str,
    pub text: &'a str,
}

impl<'a> Row<'a> {
    /// Exactly `N` columns.
    pub fn columns<const N: usize>(&self) -> [&'a str; N] {
        let mut columns = [""; N];
        let mut found = 0;
        for (k, column) in self.text.split('|').enumerate() {
            if k < N {
                columns[k] = column.trim();
            }
            found = k + 1;
        }
        if found != N {
            self.fail(&format!("{found} columns where {N} are expected"));
        }
        columns
    }

    /// A number.
    pub fn number(&self, text: &str) -> u32 {
        match text.trim().parse() {
            Ok(number) => number,
            Err(_) => self.fail(&format!("`{text}` is not a number")),
        }
    }

    /// Stops with the place of the row: the tables are part of the crate, so an error in them is a
    /// bug.
    pub fn fail(&self, what: &str) -> ! {
        panic!("{}:{}: {what}: `{}`", self.file, self.line, self.text)
    }
}

/// The rows of a table.
pub(super) fn rows(file: &'static str, source: &'static str) -> impl Iterator<Item = Row<'static>> {
    let mut section = "";
    source.lines().enumerate().filter_map(move |(at, text)| {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        if let Some(name) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            section = name;
            return None;
        }
        Some(Row {
            file,
            line: at + 1,
            section,
            text,
        })
    })
}

/// Weights as running sums, for [`crate::seed::Stream::cumulative`].
pub(super) fn running(weights: impl Iterator<Item = u32>) -> Vec<u32> {
    weights
        .scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}
