//! Token classification as on the Hugging Face hub, a record a line.
//!
//! ```text
//! {"tokens": ["Card", "4242"], "ner_tags": ["O", "B-CARD"]}
//! {"tokens": ["Card", "4242"], "ner_tags": [0, 1]}
//! ```
//!
//! Numbers need the list of their names, which a data set keeps apart from its rows. The text is the
//! tokens joined by single spaces.

use super::table::{Id, ReadOptions, Record};
use super::tags;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Where tags are looked for, in this order, unless a key is named.
const TAG_KEYS: [&str; 4] = ["ner_tags", "tags", "labels", "bio_labels"];

/// Where tokens are looked for.
const TOKEN_KEYS: [&str; 2] = ["tokens", "words"];

/// Does a record look like one of this format?
pub(super) fn looks_like(record: &Map<String, Value>) -> bool {
    let list = |key: &&str| record.get(*key).is_some_and(Value::is_array);
    TOKEN_KEYS.iter().any(list) && TAG_KEYS.iter().any(list)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Tag {
    Number(i64),
    Name(String),
}

pub(super) fn parse(json: &str, options: &ReadOptions) -> Result<Record, String> {
    let mut record: Map<String, Value> =
        serde_json::from_str(json).map_err(|_| "a record is an object".to_owned())?;
    let mut take = |keys: &[&str], what: &str| {
        let found = keys.iter().find_map(|key| record.remove(*key));
        found.ok_or_else(|| format!("no {what} (`{}`)", keys.join("`, `")))
    };
    let tokens = take(&TOKEN_KEYS, "tokens")?;
    let tags = match &options.tag_key {
        Some(key) => take(&[key.as_str()], "tags")?,
        None => take(&TAG_KEYS, "tags")?,
    };
    let tokens: Vec<String> = serde_json::from_value(tokens).map_err(|e| format!("tokens: {e}"))?;
    let tags: Vec<Tag> = serde_json::from_value(tags)
        .map_err(|_| "tags: a list of names or of numbers is due".to_owned())?;
    if tokens.len() != tags.len() {
        let (tokens, tags) = (tokens.len(), tags.len());
        return Err(format!(
            "{tokens} tokens and {tags} tags: one tag per token is due"
        ));
    }
    let names = &options.tag_names;
    let named = tags.into_iter().enumerate().map(|(token, tag)| match tag {
        Tag::Name(name) => Ok(name),
        Tag::Number(_) if names.is_empty() => Err(
            "tags are numbers: pass their names with --tag-names FILE (one a line, number 0 first)"
                .to_owned(),
        ),
        Tag::Number(number) => {
            let name = usize::try_from(number).ok().and_then(|n| names.get(n));
            let known = names.len();
            let absent =
                || format!("token {token}: no name for tag {number} ({known} names given)");
            name.cloned().ok_or_else(absent)
        }
    });
    let named = named.collect::<Result<Vec<String>, String>>()?;
    let answer = tags::document(options.tag_scheme, &tokens, named)
        .map_err(|e| format!("token {} `{}`: {e}", e.token, tokens[e.token]))?;
    let id = record
        .remove("id")
        .map(serde_json::from_value::<Option<Id>>);
    let id = id
        .transpose()
        .map_err(|_| "`id` is neither text nor a number".to_owned())?;
    Ok(Record::of(super::Answer {
        id: id.flatten().map(Into::into),
        ..answer
    }))
}
