//! What the labels of well-known tools and corpora mean (`datasets/foreign_labels.toml`).

use crate::taxonomy::Label;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// From a label to those of ours that it can mean, the likeliest first.
pub type Meanings = BTreeMap<String, Vec<Label>>;

#[derive(Deserialize)]
struct File {
    schema: u32,
    #[serde(flatten)]
    tables: BTreeMap<String, Meanings>,
}

fn tables() -> &'static BTreeMap<String, Meanings> {
    static LOADED: OnceLock<BTreeMap<String, Meanings>> = OnceLock::new();
    LOADED.get_or_init(|| {
        let source = include_str!("../../../datasets/foreign_labels.toml");
        let file: File = toml::from_str(source).expect("a test reads datasets/foreign_labels.toml");
        assert_eq!(file.schema, 1, "datasets/foreign_labels.toml");
        file.tables
    })
}

/// The label map of a tool whose answers can be read: `aws-comprehend`, `google-dlp`, `azure-pii`.
pub fn label_map(tool: &str) -> Option<&'static Meanings> {
    tables().get(tool).filter(|_| tool != "corpora")
}

/// What a label usually means, whoever uses it; `None` where it is not known, and an empty list where
/// it is none of ours.
pub(super) fn usual(foreign: &str) -> Option<&'static [Label]> {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_uppercase()).collect()
    };
    let wanted = plain(foreign);
    let own = tables().get("corpora").into_iter().flatten();
    let rows = own.chain(tables().values().flatten());
    let mut same = rows.filter(|(name, _)| plain(name) == wanted);
    same.next().map(|(_, labels)| labels.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_detector_has_a_label_map_and_corpora_are_no_detector() {
        for tool in ["aws-comprehend", "google-dlp", "azure-pii"] {
            assert!(label_map(tool).is_some_and(|map| map.len() > 20), "{tool}");
        }
        assert!(label_map("corpora").is_none());
        assert_eq!(usual("credit-card").unwrap()[0].id(), "PAN");
        assert_eq!(usual("PIN").unwrap()[0].id(), "CARD_PIN");
        assert_eq!(usual("nonsense"), None);
    }
}
