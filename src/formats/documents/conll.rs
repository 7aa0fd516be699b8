//! CoNLL: a token a line with its tag, a blank line behind each message.
//!
//! ```text
//! -DOCSTART- -X- O O
//!
//! Card NN B-CARD
//! 4242 CD I-CARD
//! ```
//!
//! The text of a message is its tokens joined by single spaces: where the tokens stood in the
//! original is not recorded. `-DOCSTART-` begins a conversation; without it there are none.

use super::document::Answer;
use super::source::{LONGEST_RECORD, ReadError, Source};
use super::tags::{self, TagScheme};

/// Marks the beginning of a document.
const DOCSTART: &str = "-DOCSTART-";

/// Where tokens and tags stand, and how tags spell spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The column of the token, from 0; negative ones count from the last, which is -1.
    pub token: i32,
    /// The column of the tag, likewise.
    pub tag: i32,
    /// What stands between columns; blanks (spaces and tabs, any number) where it is absent.
    pub separator: Option<char>,
    /// Lines that begin with this are no tokens.
    pub comment: Option<String>,
}

impl Default for Columns {
    fn default() -> Self {
        Columns {
            token: 0,
            tag: -1,
            separator: None,
            comment: None,
        }
    }
}

impl Columns {
    fn cut<'l>(&self, line: &'l str) -> Vec<&'l str> {
        match self.separator {
            Some(separator) => line.split(separator).collect(),
            None => line.split([' ', '\t']).filter(|c| !c.is_empty()).collect(),
        }
    }

    fn pick<'l>(columns: &[&'l str], at: i32) -> Option<&'l str> {
        let place = if at < 0 {
            columns.len().checked_sub(at.unsigned_abs() as usize)?
        } else {
            at as usize
        };
        columns.get(place).copied()
    }
}

/// What a reader of this format knows of the lines before.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    documents: u64,
    tokens: Vec<String>,
    tags: Vec<String>,
    bytes: usize,
    first_line: u64,
}

impl State {
    /// The next message.
    pub fn next(
        &mut self,
        source: &mut Source<'_>,
        columns: &Columns,
        scheme: TagScheme,
    ) -> Result<Option<Answer>, ReadError> {
        loop {
            let Some(line) = source.next_line()? else {
                return self.end(source, scheme);
            };
            if line.bytes().all(|b| b == b' ' || b == b'\t') {
                if let Some(answer) = self.end(source, scheme)? {
                    return Ok(Some(answer));
                }
                continue;
            }
            if let Some(comment) = &columns.comment
                && line.starts_with(comment.as_str())
            {
                continue;
            }
            let cut = columns.cut(line);
            if cut.first() == Some(&DOCSTART) {
                let waiting = self.end(source, scheme)?;
                self.documents += 1;
                if waiting.is_some() {
                    return Ok(waiting);
                }
                continue;
            }
            let token = Columns::pick(&cut, columns.token).map(str::to_owned);
            let tag = Columns::pick(&cut, columns.tag).map(str::to_owned);
            let (Some(token), Some(tag), true) = (token, tag, cut.len() > 1) else {
                let found = cut.len();
                let (token, tag) = (columns.token, columns.tag);
                return Err(source.error(format!(
                    "{found} column{}, and the token is to stand in column {token}, the tag in \
                     column {tag}: see --token-column, --tag-column and --separator",
                    if found == 1 { "" } else { "s" }
                )));
            };
            if self.tokens.is_empty() {
                self.first_line = source.line();
            }
            self.bytes += token.len() + 1;
            if self.bytes > LONGEST_RECORD {
                return Err(source.error_at(
                    self.first_line,
                    format!("the message is longer than {LONGEST_RECORD} bytes: is a blank line missing?"),
                ));
            }
            self.tokens.push(token);
            self.tags.push(tag);
        }
    }

    /// Ends a message, where one has begun. Comments inside it would shift the line of an error, so
    /// the error names the token too.
    fn end(&mut self, source: &Source<'_>, scheme: TagScheme) -> Result<Option<Answer>, ReadError> {
        if self.tokens.is_empty() {
            return Ok(None);
        }
        let conversation = (self.documents > 0).then(|| format!("document-{}", self.documents));
        let tokens = std::mem::take(&mut self.tokens);
        let tags = std::mem::take(&mut self.tags);
        self.bytes = 0;
        let line = self.first_line;
        let answer = tags::document(scheme, &tokens, tags).map_err(|error| {
            let token = &tokens[error.token];
            let at = line + error.token as u64;
            source.error_at(at, format!("token {} `{token}`: {error}", error.token))
        })?;
        Ok(Some(Answer {
            conversation,
            line,
            ..answer
        }))
    }
}

/// Writes documents that have tokens and tags, a blank line behind each.
pub fn write(documents: &[super::Document], out: &mut String) {
    let mut conversation: Option<&str> = None;
    for document in documents {
        let Some(tagging) = &document.tagging else {
            continue;
        };
        let next = document.conversation.as_deref();
        if next.is_some() && next != conversation {
            out.push_str(DOCSTART);
            out.push_str(" O\n\n");
        }
        conversation = next;
        for (range, tag) in tagging.tokens.iter().zip(&tagging.tags) {
            out.push_str(&document.text[range.as_range()]);
            out.push(' ');
            out.push_str(tag);
            out.push('\n');
        }
        out.push('\n');
    }
}
