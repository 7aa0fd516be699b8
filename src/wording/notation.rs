//! The notation of phrases: from text to a tree.
//!
//! | written | meaning |
//! |---|---|
//! | `{path}`, `{path:form}` | a value of the cast, labelled |
//! | `{a\|b\|}` | choice |
//! | `[x]` | optional |
//! | `<name>` | another constituent |
//! | `{e}`, `{x/y}`, `{x/y@payee}` | agreement in gender; `@tu` familiar or polite; `@gb` British or American |
//! | `{=path words}` | these words state that fact: gold |
//! | `{~LABEL.kind words}` | these words look like that label and are true for everyone: a decoy |
//! | `de+`, `que+`, `le+`, `a+`, … | elision, contraction, article, decided by the word that follows |
//! | `\{` | the character itself |

use crate::conversation::Form;
use crate::dialogue::path::{Path, Role, Roles};
use crate::taxonomy::Label;
use crate::wording::morphology::Joint;
use std::ops::Range;

/// What an alternation agrees with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// The customer: speaking, or spoken to.
    Customer,
    /// The payee.
    Payee,
    /// The human agent.
    Agent,
    /// The customer's husband or wife.
    Spouse,
    /// The one who died.
    Late,
    /// The one from whom the customer separates.
    Ex,
    /// Familiar (first) or polite (second) address.
    Address,
    /// British (first) or American (second).
    Region,
}

/// One piece of a phrase.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Text as it stands.
    Text(&'static str),
    /// A value of the cast.
    Slot(Path, Option<Form>),
    /// One of these.
    Choice(Box<[Box<[Node]>]>),
    /// This, half of the time.
    Optional(Box<[Node]>),
    /// A phrase of another constituent.
    Constituent(&'static str),
    /// The first or the second, by what it agrees with.
    Agree(Agreement, &'static str, &'static str),
    /// A small word whose shape the next word decides.
    Joint(Joint),
    /// Words that state a fact.
    States(Path, Box<[Node]>),
    /// Words that only look like a label.
    Decoy(Label, &'static str, Box<[Node]>),
}

/// What is wrong with a phrase, and where in it (a byte offset).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotationError {
    /// Byte offset in the phrase's text.
    pub at: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// Parses a phrase. Its text lives as long as the process, and what stands in it as it is said is not copied:
/// phrases are many, and each is read where it lies.
///
/// # Errors
/// An unbalanced bracket, an unknown fact, form, label or agreement, with its place.
pub fn parse(text: &'static str) -> Result<Box<[Node]>, NotationError> {
    let mut parser = Parser { text, at: 0 };
    let nodes = parser.sequence(&[])?;
    match parser.peek() {
        None => Ok(nodes.into()),
        Some(stray) => Err(parser.error(format!("`{stray}` closes nothing (write `\\{stray}`)"))),
    }
}

struct Parser {
    text: &'static str,
    at: usize,
}

/// Plain text that was read: a stretch of the phrase, and what stands before a backslash in front of it.
#[derive(Default)]
struct Plain {
    before: String,
    stretch: Range<usize>,
}

impl Plain {
    fn extend(&mut self, text: &str, at: usize, length: usize) {
        if self.stretch.end != at {
            self.before.push_str(&text[self.stretch.clone()]);
            self.stretch.start = at;
        }
        self.stretch.end = at + length;
    }

    fn take(&mut self, text: &'static str) -> Option<Node> {
        let Plain { before, stretch } = std::mem::take(self);
        let plain = &text[stretch];
        let plain = match before.is_empty() {
            true => plain,
            false => leak(&(before + plain)),
        };
        (!plain.is_empty()).then_some(Node::Text(plain))
    }
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn error(&self, message: String) -> NotationError {
        NotationError {
            at: self.at,
            message,
        }
    }

    /// Reads until one of `ends`, which is left unread.
    fn sequence(&mut self, ends: &[char]) -> Result<Vec<Node>, NotationError> {
        let mut nodes = Vec::new();
        let text = self.text;
        let mut plain = Plain::default();
        while let Some(next) = self.peek() {
            if ends.contains(&next) || matches!(next, '}' | ']' | '>') {
                break;
            }
            let here = self.at;
            self.at += next.len_utf8();
            match next {
                '\\' => {
                    let Some(escaped) = self.peek() else {
                        return Err(self.error("a `\\` at the end escapes nothing".into()));
                    };
                    plain.extend(text, self.at, escaped.len_utf8());
                    self.at += escaped.len_utf8();
                }
                '{' => {
                    nodes.extend(plain.take(text));
                    let node = self.braces()?;
                    self.close('}')?;
                    nodes.push(node);
                }
                '[' => {
                    nodes.extend(plain.take(text));
                    let inner = self.sequence(&[])?;
                    self.close(']')?;
                    nodes.push(Node::Optional(inner.into()));
                }
                '<' => {
                    nodes.extend(plain.take(text));
                    let name = self.name();
                    self.close('>')?;
                    nodes.push(Node::Constituent(name));
                }
                '+' => match Joint::ending(&text[plain.stretch.clone()]) {
                    Some((joint, length)) => {
                        plain.stretch.end -= length;
                        nodes.extend(plain.take(text));
                        nodes.push(Node::Joint(joint));
                    }
                    None => plain.extend(text, here, 1),
                },
                other => plain.extend(text, here, other.len_utf8()),
            }
        }
        nodes.extend(plain.take(text));
        Ok(nodes)
    }

    fn close(&mut self, bracket: char) -> Result<(), NotationError> {
        if self.peek() == Some(bracket) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.error(format!("a `{bracket}` is missing here")))
        }
    }

    fn name(&mut self) -> &'static str {
        let start = self.at;
        let rest = &self.text[start..];
        self.at += rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_'))
            .unwrap_or(rest.len());
        &self.text[start..self.at]
    }

    fn braces(&mut self) -> Result<Node, NotationError> {
        match self.peek() {
            Some('=') => {
                self.at += 1;
                let at = self.at;
                let path = self.path()?;
                if !path.is_stated() {
                    let message = format!(
                        "`{0}` is a value: write it as `{{{0}}}`; words state life.…, health.…, hardship.… and infer.…",
                        path.name()
                    );
                    return Err(NotationError { at, message });
                }
                Ok(Node::States(path, self.words()?))
            }
            Some('~') => {
                self.at += 1;
                let start = self.at;
                let name = self.name();
                let Some((label, is)) = name.split_once('.') else {
                    return Err(NotationError {
                        at: start,
                        message: format!("a decoy is `{{~LABEL.kind words}}`, not `{name}`"),
                    });
                };
                let label = Label::named(label).ok_or_else(|| NotationError {
                    at: start,
                    message: crate::taxonomy::unknown_label(label),
                })?;
                Ok(Node::Decoy(label, is, self.words()?))
            }
            _ => self.slot_or_choice(),
        }
    }

    fn words(&mut self) -> Result<Box<[Node]>, NotationError> {
        if self.peek() != Some(' ') {
            return Err(self.error("a space and the words are missing here".into()));
        }
        self.at += 1;
        let inner = self.sequence(&[])?;
        if inner.is_empty() {
            return Err(self.error("the words are missing here".into()));
        }
        Ok(inner.into())
    }

    fn path(&mut self) -> Result<Path, NotationError> {
        let at = self.at;
        let name = self.name();
        Path::named(name).ok_or_else(|| {
            let near = crate::text::nearest(name, Path::names());
            let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
            NotationError {
                at,
                message: format!("unknown fact `{name}`{hint}"),
            }
        })
    }

    fn slot_or_choice(&mut self) -> Result<Node, NotationError> {
        let start = self.at;
        let inside = self.inside();
        if inside.top_level_bar {
            let mut branches = vec![self.sequence(&['|'])?.into_boxed_slice()];
            while self.peek() == Some('|') {
                self.at += 1;
                branches.push(self.sequence(&['|'])?.into());
            }
            if let Some(bare) = branches.iter().flatten().find_map(bare_agreement) {
                return Err(NotationError {
                    at: start,
                    message: format!("an agreement in a choice needs braces of its own: `{bare}`"),
                });
            }
            return Ok(Node::Choice(branches.into()));
        }
        let body = &self.text[start..start + inside.length];
        if body.contains('/') {
            self.at += inside.length;
            return agreement(body).map_err(|message| NotationError { at: start, message });
        }
        if !body.is_empty() && !body.contains('.') && body.chars().all(char::is_alphabetic) {
            self.at += inside.length;
            return Ok(Node::Agree(Agreement::Customer, "", body));
        }
        let path = self.path()?;
        if path.is_stated() {
            let message = format!(
                "`{0}` has no value: write `{{={0} words that state it}}`",
                path.name()
            );
            return Err(NotationError { at: start, message });
        }
        let mut form = None;
        if self.peek() == Some(':') {
            self.at += 1;
            let at = self.at;
            let name = self.name();
            form = Some(Form::named(name).ok_or_else(|| {
                let near = crate::text::nearest(name, Form::ALL.iter().map(|form| form.name()));
                let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
                NotationError {
                    at,
                    message: format!("unknown form `{name}`{hint}"),
                }
            })?);
        }
        Ok(Node::Slot(path, form))
    }

    /// How long the text up to the closing brace is, and whether a `|` stands at its top level.
    fn inside(&self) -> Inside {
        let mut depth = 0;
        let mut top_level_bar = false;
        let mut escaped = false;
        for (offset, c) in self.text[self.at..].char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '{' | '[' => depth += 1,
                '}' | ']' if depth == 0 => {
                    return Inside {
                        length: offset,
                        top_level_bar,
                    };
                }
                '}' | ']' => depth -= 1,
                '|' if depth == 0 => top_level_bar = true,
                _ => {}
            }
        }
        Inside {
            length: self.text.len() - self.at,
            top_level_bar,
        }
    }
}

struct Inside {
    length: usize,
    top_level_bar: bool,
}

/// What stands behind the `@` of an agreement.
const AGREEMENTS: [(&str, Agreement); 8] = [
    ("customer", Agreement::Customer),
    ("payee", Agreement::Payee),
    ("agent", Agreement::Agent),
    ("spouse", Agreement::Spouse),
    ("late", Agreement::Late),
    ("ex", Agreement::Ex),
    ("tu", Agreement::Address),
    ("gb", Agreement::Region),
];

/// Words of a choice that were meant as an agreement: `{a|b/c@gb}` for `{a|{b/c@gb}}`, `{a|b@tu}` for `{a/b@tu}`.
fn bare_agreement(node: &Node) -> Option<&str> {
    let Node::Text(text) = node else { return None };
    let mut marks = AGREEMENTS.iter().map(|(name, _)| name);
    let ends = |mark: &&str| {
        let before = text.strip_suffix(*mark);
        before.is_some_and(|before| before.ends_with('@'))
    };
    marks.any(ends).then_some(*text)
}

fn agreement(body: &'static str) -> Result<Node, String> {
    let (forms, with) = body.rsplit_once('@').unwrap_or((body, "customer"));
    let known = AGREEMENTS.iter().find(|(name, _)| *name == with);
    let Some((_, agreement)) = known else {
        let names: Vec<&str> = AGREEMENTS.iter().map(|(name, _)| *name).collect();
        return Err(format!(
            "nothing agrees with `@{with}` ({})",
            names.join(", ")
        ));
    };
    match forms.split_once('/') {
        Some((first, second)) if !second.contains('/') && !forms.contains(['{', '[', '<']) => {
            Ok(Node::Agree(*agreement, first, second))
        }
        _ => Err(format!(
            "an agreement is `{{first/second}}` in plain words, not `{{{body}}}`"
        )),
    }
}

/// Grammar names live as long as the process: they are loaded once and shared by every conversation.
pub(crate) fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// Every node of a phrase, outermost first.
pub fn walk<'a>(nodes: &'a [Node], visit: &mut impl FnMut(&'a Node)) {
    for node in nodes {
        visit(node);
        match node {
            Node::Choice(branches) => branches.iter().for_each(|branch| walk(branch, visit)),
            Node::Optional(inner) | Node::States(_, inner) | Node::Decoy(_, _, inner) => {
                walk(inner, visit);
            }
            Node::Text(_)
            | Node::Slot(..)
            | Node::Constituent(_)
            | Node::Agree(..)
            | Node::Joint(_) => {}
        }
    }
}

/// The facts that it can name.
pub fn names(nodes: &[Node]) -> Box<[Path]> {
    let mut paths = Vec::new();
    walk(nodes, &mut |node| {
        if let Node::Slot(path, _) = node {
            paths.push(*path);
        }
    });
    paths.into()
}

/// Can it be said aloud? What is pasted cannot, and marks that are seen and not heard are signs of writing.
pub fn aloud(nodes: &[Node]) -> bool {
    let written = |c: char| {
        matches!(
            c,
            ':' | '('
                | ')'
                | '/'
                | '«'
                | '»'
                | '"'
                | '“'
                | '”'
                | '='
                | '#'
                | '@'
                | '_'
                | '+'
                | '<'
                | '>'
                | '*'
                | '&'
                | '–'
                | '—'
                | '→'
                | '\n'
        ) || !c.is_alphanumeric() && c > '\u{2100}'
    };
    let mut aloud = true;
    walk(nodes, &mut |node| {
        aloud &= match node {
            Node::Text(text) => !text.contains(written),
            Node::Slot(path, _) => path.is_aloud(),
            _ => true,
        };
    });
    aloud
}

/// Does it draw or state anything?
pub fn bears(nodes: &[Node]) -> bool {
    let mut bears = false;
    walk(nodes, &mut |node| {
        bears |= matches!(node, Node::Slot(..) | Node::States(..))
    });
    bears
}

/// The roles that must be filled for it to be said.
pub fn needs(nodes: &[Node]) -> Roles {
    let mut roles = Roles::default();
    walk(nodes, &mut |node| {
        if let Node::Slot(path, _) | Node::States(path, _) = node {
            roles = roles.with(path.role());
        }
        if let Node::Agree(with, ..) = node {
            roles = roles.with(match with {
                Agreement::Payee => Role::Payee,
                Agreement::Spouse => Role::Spouse,
                Agreement::Late => Role::Widowed,
                Agreement::Ex => Role::Ex,
                _ => Role::Always,
            });
        }
    });
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &'static str) -> String {
        parse(text).unwrap_err().message
    }

    #[test]
    fn every_notation_becomes_its_node() {
        let nodes = parse("{je|on m'a} vol{é/ée}[ hier], <thanks> {card.pan:last4}").unwrap();
        assert!(matches!(nodes[0], Node::Choice(ref branches) if branches.len() == 2));
        assert_eq!(nodes[1], Node::Text(" vol"));
        assert_eq!(nodes[2], Node::Agree(Agreement::Customer, "é", "ée"));
        assert!(matches!(nodes[3], Node::Optional(_)));
        assert_eq!(nodes[5], Node::Constituent("thanks"));
        assert_eq!(
            nodes[7],
            Node::Slot(Path::named("card.pan").unwrap(), Some(Form::Last4))
        );
    }

    #[test]
    fn words_before_a_plus_become_joints_and_other_pluses_stay() {
        let nodes = parse("un achat de+{tx.merchant}").unwrap();
        assert!(matches!(nodes[1], Node::Joint(_)));
        assert_eq!(&*parse("1+1").unwrap(), &[Node::Text("1+1")]);
        assert_eq!(
            parse(r"de 1 \[ \{ à+{tx.merchant}").unwrap()[..2],
            [Node::Text("de 1 [ { "), Node::Joint(Joint::A)]
        );
    }

    #[test]
    fn faults_are_named_with_what_to_do() {
        assert_eq!(
            message("{card.pam}"),
            "unknown fact `card.pam` (did you mean `card.pan`?)"
        );
        assert_eq!(
            message("{card.pan:las4}"),
            "unknown form `las4` (did you mean `last4`?)"
        );
        assert_eq!(message("{card.pan"), "a `}` is missing here");
        assert_eq!(message("x]"), "`]` closes nothing (write `\\]`)");
        assert_eq!(
            message("{x/y@him}"),
            "nothing agrees with `@him` (customer, payee, agent, spouse, late, ex, tu, gb)"
        );
        assert_eq!(
            message("{stops|authorises/authorizes@gb}"),
            "an agreement in a choice needs braces of its own: `authorises/authorizes@gb`"
        );
        assert_eq!(
            message("{stp|svp@tu}"),
            "an agreement in a choice needs braces of its own: `svp@tu`"
        );
        assert_eq!(
            message("{~IBAN template}"),
            "a decoy is `{~LABEL.kind words}`, not `IBAN`"
        );
    }
}
