//! What is wrong with a TOML file, for whoever wrote it.

/// The longest line that is shown with what is wrong in it.
const LONGEST: usize = 160;

/// What the TOML reader says, with line and column; with the line itself, where it is one that a person wrote.
pub fn toml_fault(error: &toml::de::Error, source: &str) -> String {
    let span = error.span().unwrap_or(0..0);
    let before = &source[..span.start.min(source.len())];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = source[start..].lines().next().unwrap_or_default();
    if line.chars().count() <= LONGEST {
        return error.to_string();
    }
    let (number, column) = (
        before.matches('\n').count() + 1,
        before[start..].chars().count() + 1,
    );
    format!(
        "no TOML: line {number}, column {column}: {}",
        error.message()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(source: &str) -> String {
        toml_fault(&toml::from_str::<toml::Table>(source).unwrap_err(), source)
    }

    #[test]
    fn a_line_that_a_person_wrote_is_shown() {
        assert!(said("a = 1\nb = ?\n").contains("b = ?"));
    }

    #[test]
    fn a_line_that_nobody_wrote_is_not_shown() {
        let source = format!("a = 1\n{{\"text\":\"{}\"}}\n", "x".repeat(1000));
        let said = said(&source);
        assert!(said.starts_with("no TOML: line 2, column 1: "), "{said}");
        assert!(said.len() < 200, "{said}");
    }
}
