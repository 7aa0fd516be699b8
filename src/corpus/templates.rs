//! `--templates FILE`: plain lines of customers' messages, for people who will not write plots.
//!
//! A table (CSV) with the columns `text`, `intent` and `language`, and a line per message:
//! `my card {card} was taken at {merchant},lost_stolen_card,en`. Lines of a built-in intent join the phrases
//! that open it; any other name is an intent of its own, which the bank answers as it answers what it does
//! not know. The lines become plots and phrases like those of a folder.

use crate::dialogue::path::Path;
use crate::dialogue::planner::opening;
use crate::dialogue::plot::Plots;
use crate::wording::notation::{leak, parse};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::OnceLock;

/// Fewer lines of one intent than this are shared by the splits.
const LEAST_FOR_SPLITS: usize = 6;

/// How often people come for an intent of its own, beside the built-in weights.
const WEIGHT: u32 = 10;

/// One line.
#[derive(Debug)]
struct Template {
    line: u64,
    text: String,
}

/// Reads a table and gives the files that it stands for, by their path in a folder of data.
///
/// # Errors
/// Every fault with file and line: a column that is missing, an unknown language, slot or notation.
pub fn files(
    name: &str,
    text: &str,
    plots: &Plots,
    languages: &[&str],
) -> Result<BTreeMap<String, String>, String> {
    let mut rows = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(false)
        .from_reader(text.as_bytes());
    let head = rows
        .headers()
        .map_err(|error| format!("{name}:1: {error}"))?;
    let column = |wanted: &str| {
        head.iter().position(|title| title == wanted).ok_or_else(|| {
            format!(
                "{name}:1: no column `{wanted}`; the first line names the columns: text,intent,language"
            )
        })
    };
    let (at_text, at_intent, at_language) =
        (column("text")?, column("intent")?, column("language")?);
    let mut all: BTreeMap<(String, String), Vec<Template>> = BTreeMap::new();
    for row in rows.records() {
        let row = row.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            format!("{name}:{line}: {error}")
        })?;
        let line = row.position().map_or(0, csv::Position::line);
        let wrong = |message: String| format!("{name}:{line}: {message}");
        let intent = &row[at_intent];
        if intent.is_empty()
            || !intent
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            return Err(wrong(format!(
                "an intent is letters, digits and _, not `{intent}`"
            )));
        }
        let language = row[at_language].split('-').next().unwrap_or_default();
        if !languages.contains(&language) {
            return Err(wrong(format!(
                "no language `{}` ({})",
                &row[at_language],
                languages.join(", ")
            )));
        }
        let text = slots(&row[at_text]).map_err(wrong)?;
        if text.is_empty() {
            return Err(wrong("the text is empty".into()));
        }
        parse(leak(&text)).map_err(|error| wrong(error.message))?;
        all.entry((language.to_owned(), intent.to_owned()))
            .or_default()
            .push(Template { line, text });
    }
    if all.is_empty() {
        return Err(format!("{name}: no line beside the names of the columns"));
    }
    let mut files = BTreeMap::new();
    let mut intents: Vec<&str> = all.keys().map(|(_, intent)| intent.as_str()).collect();
    intents.sort_unstable();
    intents.dedup();
    for intent in intents {
        if plots.intent_named(intent).is_none() {
            files.insert(format!("intents/templates_{intent}.toml"), plot(intent));
        }
    }
    for ((language, intent), templates) in &all {
        let constituent = constituent(plots, intent);
        let own = plots.intent_named(intent).is_none();
        let shared = own && templates.len() < LEAST_FOR_SPLITS;
        let file = match shared {
            true => format!("languages/{language}/templates_shared.toml"),
            false => format!("languages/{language}/templates.toml"),
        };
        let to = files.entry(file).or_insert_with(String::new);
        let _ = writeln!(to, "[{constituent}]");
        for template in templates {
            let text = toml::Value::String(template.text.clone());
            let _ = writeln!(to, "t{} = {text}", template.line);
        }
    }
    // An intent of its own that one language lacks is told in the words of the other's lines nowhere: it
    // needs lines in every language that has any.
    for language in all.keys().map(|(language, _)| language) {
        for (_, intent) in all.keys() {
            let there = all.contains_key(&(language.clone(), intent.clone()));
            if !there && plots.intent_named(intent).is_none() {
                return Err(format!(
                    "{name}: the intent `{intent}` has no line in `{language}`, in which others have"
                ));
            }
        }
    }
    Ok(files)
}

/// The constituent that lines of an intent join: the first that opens it, or one of its own.
fn constituent(plots: &Plots, intent: &str) -> String {
    let opens = plots.intent_named(intent).and_then(|id| {
        let turn = opening(&plots.intents[usize::from(id.0)].steps)?;
        let (say, _) = turn.say.first()?;
        Some(plots.says()[usize::from(say.0)].to_owned())
    });
    opens.unwrap_or_else(|| format!("templates.{intent}"))
}

/// What happens for an intent that the bank knows nothing of.
fn plot(intent: &str) -> String {
    format!(
        r#"id = "{intent}"
journey = "templates"
weight = {WEIGHT}
steps = [
  {{ by = "customer", opens = true, say = ["templates.{intent}"] }},
  {{ policies = ["restrained"], steps = [{{ do = "to_the_app" }}] }},
  {{ policies = ["read_only_authenticated", "notification_rich", "transactional_otp"], steps = [
    {{ do = "login", chance = 75 }},
    {{ by = "bot", say = ["bot.wait"], chance = 40 }},
  ] }},
  {{ either = [
    {{ weight = 1, steps = [{{ do = "handover" }}] }},
    {{ weight = 1, steps = [{{ do = "last_question" }}] }},
  ] }},
]
"#
    )
}

/// Puts paths in place of the names of slots.
fn slots(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        let close = after.find('}').ok_or("a { without its }")?;
        let name = &after[1..close];
        let word = name.len() > 2 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if word && !before.ends_with('\\') {
            let known = names();
            let key = name.to_lowercase();
            let Some(path) = known.get(&key) else {
                let all = known.keys().map(String::as_str).chain(Path::names());
                let hint = crate::text::nearest(&key, all).map_or(String::new(), |near| {
                    format!(" (did you mean `{{{near}}}`?)")
                });
                return Err(format!(
                    "no slot `{{{name}}}`{hint}; docs/extending.md lists them"
                ));
            };
            let _ = write!(out, "{{{path}}}");
        } else {
            out.push_str(&after[..=close]);
        }
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Paths by the names of slots.
fn names() -> &'static BTreeMap<String, String> {
    static NAMES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        toml::from_str(include_str!("../../datasets/slots.toml"))
            .expect("the names of slots are checked by a test")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> Result<BTreeMap<String, String>, String> {
        files("my.csv", text, Plots::built_in(), &["en", "fr"])
    }

    #[test]
    fn every_name_of_a_slot_is_a_fact() {
        for (name, path) in names() {
            parse(leak(&format!("{{{path}}}"))).unwrap_or_else(|e| panic!("{name}: {}", e.message));
        }
    }

    #[test]
    fn faults_name_file_line_and_remedy() {
        let error = |text: &str| made(text).unwrap_err();
        assert!(error("text,intent\na,b").starts_with("my.csv:1: no column `language`"));
        let head = "text,intent,language\n";
        assert!(error(head).contains("no line"));
        let unknown = error(&format!("{head}hello,x,en\nmy {{ibam}},x,en"));
        assert!(unknown.starts_with("my.csv:3: no slot `{ibam}` (did you mean `{iban}`?)"));
        assert!(error(&format!("{head}hallo,x,de")).contains("no language `de`"));
        assert!(error(&format!("{head}a {{card,x,en")).contains("without its }"));
        assert!(error(&format!("{head}a,x y,en")).contains("an intent is letters"));
        assert!(error(&format!("{head}a,x,en\nb,y,fr")).contains("no line in"));
        assert!(error(&format!("{head}a,x\n")).starts_with("my.csv:2"));
    }

    #[test]
    fn lines_of_a_known_intent_join_those_that_open_it() {
        let files =
            made("text,intent,language\nma {card} est \"perdue\" ?,lost_stolen_card,fr").unwrap();
        let text = &files["languages/fr/templates.toml"];
        assert!(text.starts_with("[card.lost.what]\nt2 = "), "{text}");
        assert!(text.contains("{card.pan}"), "{text}");
        assert_eq!(files.len(), 1);
    }
}
