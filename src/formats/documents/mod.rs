//! Corpora that people already have: one reader per format, one type that comes out of all of them.
//!
//! * A **document** is one message as a foreign file has it: text, and spans under the labels of that
//!   file. A **raw span** is a range of it in UTF-8 bytes, whatever the file counts in.
//! * An **answer** is what a tool found in a document whose text it may not repeat; it becomes ranges
//!   only beside that text ([`Answer::resolve`]).
//! * A **counting** is how a file counts offsets ([`Counting`]).
//!
//! Invariant: text comes out as it stands in the file, never normalised, and a raw span is a
//! non-empty range of its document's text. Where the file repeats what a span covers, the two are
//! compared, and a counting that was declared wrongly is named.
//!
//! ```
//! use tellerbench::formats::documents::{Documents, Format, ReadOptions};
//!
//! let file = r#"{"text": "😡 card 4242", "spans": [{"start": 7, "end": 11, "label": "CARD"}]}"#;
//! let options = ReadOptions::default();
//! let mut documents = Documents::new(Format::Spacy, file.as_bytes(), "mine.jsonl", &options).unwrap();
//! let document = documents.next().unwrap().unwrap();
//! let span = &document.spans[0];
//! assert_eq!((document.covered(span), span.label.as_str()), ("4242", "CARD"));
//! assert_eq!((span.start, span.end), (10, 14)); // bytes: the emoji takes four
//! ```

mod azure;
mod comprehend;
pub mod conll;
mod detect;
mod dlp;
mod doccano;
mod document;
pub mod foreign;
mod hf_tokens;
mod import;
mod join;
mod labels;
mod mapping;
mod offsets;
mod own;
mod presidio;
mod reader;
mod rows;
mod source;
mod spacy;
mod table;
pub mod tags;

pub use conll::Columns;
pub use detect::{Detected, Undetected, Whole, detect};
pub use document::{Answer, Document, RawSpan, SpanAt, Tagging};
pub use import::{Clusters, ImportError, Imported, Importer, Unit, UnmappedLabels};
pub use join::{Joined, Matching, Targets, join};
pub use labels::{GoldLabels, Meaning, Unmapped};
pub use mapping::{Mapping, Place, Rows, SpanPlaces, Syntax};
pub use offsets::{Counting, Edges, Misfit, ranges};
pub use own::documents as of_conversation;
pub use reader::{Answers, Documents};
pub use source::{LONGEST_RECORD, ReadError};
pub use table::{Format, Kind, ReadOptions};
pub use tags::TagScheme;
