//! Wording: phrases, and the text that they become.
//!
//! * A **constituent** is a set of phrases that can stand in one place of a turn
//!   (`card.lost.what`); a **phrase** is one way to say it, with an explicit id
//!   (`card.lost.what.17`), written in the small notation of `docs/extending.md`.
//! * A **slot** is a hole of a phrase that draws value and label from the cast of the conversation.
//! * The **realiser** turns planned acts into messages: text and spans built together.
//! * **Noise** is what a writer's fingers and habits do to careful text; it moves spans exactly.
//! * A **dialect** is how a customer from another country speaks: their numerals and idioms.
//! * A **transcript** is what a service makes of a voice note; it moves spans exactly as well.
//!
//! Invariant: the label of a span comes from the slot that wrote it, never from what the text looks
//! like.

pub mod grammar;
pub mod language;
pub mod morphology;
pub mod noise;
pub mod notation;
pub mod number_words;
pub mod realise;
pub mod transcript;
pub mod turn;
pub mod values;
pub mod variety;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod variants;
