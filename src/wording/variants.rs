//! What a phrase can become, for the checks that read the whole grammar.

use crate::country::Country;
use crate::wording::grammar::{Phrase, Register};
use crate::wording::morphology::Joint;
use crate::wording::notation::{Agreement, Node, walk};

/// Who speaks, and to whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// Are the people that words agree with women?
    pub female: bool,
    /// Do they say tu?
    pub familiar: bool,
    /// Are they British?
    pub british: bool,
}

/// The talks in which a phrase has different words.
pub fn talks(phrase: &Phrase) -> Vec<Talk> {
    let (mut gender, mut address, mut region) = (false, false, false);
    walk(&phrase.nodes, &mut |node| match node {
        Node::Agree(Agreement::Address, ..) => address = true,
        Node::Agree(Agreement::Region, ..) => region = true,
        Node::Agree(..) => gender = true,
        _ => {}
    });
    let both = |varies: bool| [false, true].into_iter().take(1 + usize::from(varies));
    let familiar: Vec<bool> = match phrase.terms.register {
        Some(register) => vec![register == Register::Familiar],
        None => both(address).collect(),
    };
    let british: Vec<bool> = match phrase.terms.region {
        Some(region) => vec![region == Country::Britain],
        None => both(region).collect(),
    };
    let mut talks = Vec::new();
    for female in both(gender) {
        for &familiar in &familiar {
            for &british in &british {
                talks.push(Talk {
                    female,
                    familiar,
                    british,
                });
            }
        }
    }
    talks
}

/// Every text that a phrase can become. Values and other constituents are left as `⟦card.pan⟧` and `⟦<thanks>⟧`, and
/// a small word that waits for one of them as `de+`.
pub fn texts(nodes: &[Node], talk: Talk) -> Vec<String> {
    let mut texts: Vec<String> = sequence(nodes, talk)
        .iter()
        .map(|text| joined(text))
        .collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Stands behind a small word that waits.
const WAITS: char = '\u{e000}';

fn sequence(nodes: &[Node], talk: Talk) -> Vec<String> {
    nodes.iter().fold(vec![String::new()], |texts, node| {
        let next = alternatives(node, talk);
        let pairs = texts
            .iter()
            .flat_map(|text| next.iter().map(move |next| [text.as_str(), next].concat()));
        pairs.collect()
    })
}

fn alternatives(node: &Node, talk: Talk) -> Vec<String> {
    match node {
        Node::Text(text) => vec![text.to_string()],
        Node::Slot(path, _) => vec![format!("⟦{}⟧", path.name())],
        Node::Constituent(name) => vec![format!("⟦<{name}>⟧")],
        Node::Choice(branches) => branches
            .iter()
            .flat_map(|branch| sequence(branch, talk))
            .collect(),
        Node::Optional(inner) => [vec![String::new()], sequence(inner, talk)].concat(),
        Node::Agree(with, first, second) => {
            let second_form = match with {
                Agreement::Address => !talk.familiar,
                Agreement::Region => !talk.british,
                _ => talk.female,
            };
            vec![if second_form { second } else { first }.to_string()]
        }
        Node::Joint(joint) => vec![format!("{}{WAITS}", joint.word())],
        Node::States(_, inner) | Node::Decoy(_, _, inner) => sequence(inner, talk),
    }
}

/// Gives small words their shapes, from the last to the first.
fn joined(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(at) = text.rfind(WAITS) {
        let rest = text.split_off(at).split_off(WAITS.len_utf8());
        let (joint, length) = Joint::ending(&text).expect("a small word");
        if rest.starts_with('⟦') {
            text.push('+');
            text.push_str(&rest);
        } else {
            let (written, swallowed) = joint.before(&rest);
            text.truncate(text.len() - length);
            text.push_str(written);
            text.push_str(&rest[swallowed..]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::notation::parse;

    #[test]
    fn every_choice_meets_every_other_and_small_words_take_their_shape() {
        let nodes =
            parse("{je|on} part[ tôt] de+{ici|Paris} {content/contente} de+{card.pan}").unwrap();
        let texts = texts(
            &nodes,
            Talk {
                female: true,
                ..Talk::default()
            },
        );
        assert_eq!(texts.len(), 8);
        assert!(
            texts.contains(&"je part d'ici contente de+⟦card.pan⟧".to_owned()),
            "{texts:?}"
        );
        assert!(texts.contains(&"on part tôt de Paris contente de+⟦card.pan⟧".to_owned()));
    }
}
