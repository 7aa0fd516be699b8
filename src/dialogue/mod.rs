//! Dialogue: what is said, by whom and in which order, before a word is chosen.
//!
//! * A **plot** is what happens for one intent, whatever the language (`datasets/intents/`).
//! * A **topic** is something that can be asked for, and how people answer.
//! * The **cast** is who and what a conversation is about: a card, an operation, a payee, …
//! * An **act** is one turn of the plan: speaker, constituents, what it asks for or answers.
//!
//! Invariant: a plan names facts and never values, so that what is disclosed, under which policy, is
//! decided before and apart from how it is said.

pub mod cast;
pub mod path;
pub mod planner;
pub mod plot;
