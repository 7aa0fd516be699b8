//! All randomness: keyed streams, frozen sampling functions, and bijections for unique ids.
//!
//! * A **stream** is a sequence of random numbers named by `(seed, domain, index)`. Two streams with
//!   different names are independent, so adding a draw to one never moves another.
//! * A **domain** is the name of one knob (`"persona"`, `"plot"`, `"wording"`, …).
//!
//! Invariant: every function here is *frozen*. Its test vectors are part of the corpus format; changing
//! one changes the bytes of every corpus and needs a new `corpus_version`. For that reason none of
//! `rand`'s own distributions is used, no floating point takes part, and nothing depends on `usize`.
//!
//! ```
//! use tellerbench::seed::{Domain, Stream};
//! let mut dice = Stream::at(7, Domain::new("example"), 0);
//! let throws: Vec<u32> = (0..6).map(|_| dice.below(6) + 1).collect();
//! assert_eq!(throws, [6, 2, 1, 1, 3, 6]);
//! ```

mod bijection;
mod quantile;
mod stream;

pub use bijection::Bijection;
pub use quantile::Quantiles;
pub use stream::{Domain, Stream, fnv1a, mix};
