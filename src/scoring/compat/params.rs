//! The knobs of the tools, under the names that the tools give them.

use serde::{Deserialize, Deserializer};

/// The knobs of one evaluation. A tool reads its own and ignores the others.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct Params {
    /// nervaluate: the least share of a gold span, in percent from 1 to 100, that a prediction must
    /// cover to count as overlapping.
    pub min_overlap_percentage: f64,
    /// nervaluate: the labels that are looked at, on both sides. Without it all are, no pass per label
    /// is made, and the indices of every outcome are reported instead.
    pub tags: Option<Vec<String>>,
    /// seqeval (1 when absent) and presidio (2 when absent): the weight of recall in F.
    pub beta: Option<f64>,
    /// seqeval: what 0/0 becomes.
    pub zero_division: ZeroDivision,
    /// seqeval: absent for the whole report, `Some(None)` for figures per label, `Some(Some(_))` for
    /// one average.
    #[serde(deserialize_with = "present")]
    pub average: Option<Option<Average>>,
    /// seqeval: tags are written `PER-B`, not `B-PER`.
    pub suffix: bool,
    /// presidio: which of its passes are made.
    pub level: Level,
    /// presidio: lower-case words that neither make a span nor an error.
    pub skip_words: SkipWords,
    /// presidio: tokens that are known to be in the default list of skip words, beyond the list of
    /// 0.3.2 that is kept here.
    pub skip_tokens_in_case: Option<Vec<String>>,
    /// presidio.token: labels that are looked at; the others count as outside.
    pub entities_to_keep: Option<Vec<String>>,
    /// presidio.token: labels that are right for anything; the tool's own list when absent or empty.
    pub generic_entities: Option<Vec<String>>,
    /// presidio.span: the least intersection over union of a match.
    pub iou_threshold: f64,
    /// presidio.span: is that measured in characters? In tokens otherwise.
    pub char_based: bool,
    /// tab: lower-case words whose characters need no mask.
    pub tokens_to_ignore: Vec<String>,
    /// tab: characters that need no mask.
    pub characters_to_ignore: String,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            min_overlap_percentage: 1.0,
            tags: None,
            beta: None,
            zero_division: ZeroDivision::Zero,
            average: None,
            suffix: false,
            level: Level::Both,
            skip_words: SkipWords::Default,
            skip_tokens_in_case: None,
            entities_to_keep: None,
            generic_entities: None,
            iou_threshold: 0.9,
            char_based: true,
            tokens_to_ignore: ["about", "mr", "mrs", "ms", "no", "nr"]
                .map(str::to_owned)
                .to_vec(),
            characters_to_ignore: " ,.-;:/&()[]–'\" ’“”".to_owned(),
        }
    }
}

/// Tells a field that is `null` from one that is not there.
fn present<'de, D, T>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(from).map(Some)
}

/// What seqeval makes of 0/0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZeroDivision {
    /// 0 (seqeval's `"warn"` and 0).
    Zero,
    /// 1 (whatever else seqeval is given).
    One,
}

impl ZeroDivision {
    /// The figure.
    pub fn value(self) -> f64 {
        match self {
            ZeroDivision::Zero => 0.0,
            ZeroDivision::One => 1.0,
        }
    }
}

impl<'de> Deserialize<'de> for ZeroDivision {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let given = serde_json::Value::deserialize(from)?;
        let zero = given == "warn" || given.as_f64() == Some(0.0) || given == false;
        Ok(if zero {
            ZeroDivision::Zero
        } else {
            ZeroDivision::One
        })
    }
}

/// How seqeval joins the figures of labels into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Average {
    /// Over the summed counts.
    Micro,
    /// The mean over labels.
    Macro,
    /// The mean over labels, weighted by gold spans.
    Weighted,
}

/// Which passes presidio makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Per label.
    Entity,
    /// All labels taken as one.
    Pii,
    /// Both.
    Both,
}

impl Level {
    pub(super) fn entity(self) -> bool {
        self != Level::Pii
    }

    pub(super) fn pii(self) -> bool {
        self != Level::Entity
    }
}

/// Presidio's skip words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipWords {
    /// The tool's own list.
    Default,
    /// These, in lower case.
    Given(Vec<String>),
}

impl<'de> Deserialize<'de> for SkipWords {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Name(String),
            Words(Vec<String>),
            Nothing,
        }
        match Written::deserialize(from)? {
            Written::Words(words) => Ok(SkipWords::Given(words)),
            Written::Nothing => Ok(SkipWords::Default),
            Written::Name(name) if name == "default" => Ok(SkipWords::Default),
            Written::Name(name) => Err(serde::de::Error::custom(format!(
                "skip_words is \"default\" or a list, not \"{name}\""
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Params {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_average_of_null_is_told_from_no_average() {
        assert_eq!(read("{}").average, None);
        assert_eq!(read(r#"{"average":null}"#).average, Some(None));
        assert_eq!(
            read(r#"{"average":"macro"}"#).average,
            Some(Some(Average::Macro))
        );
    }

    #[test]
    fn only_warn_and_zero_make_a_zero_of_zero_by_zero() {
        for (json, expected) in [
            (r#""warn""#, ZeroDivision::Zero),
            ("0", ZeroDivision::Zero),
            ("1", ZeroDivision::One),
            ("0.5", ZeroDivision::One),
        ] {
            assert_eq!(
                read(&format!(r#"{{"zero_division":{json}}}"#)).zero_division,
                expected
            );
        }
    }
}
