//! The only place of the library that looks at a clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Something that tells how much time has gone by since a moment of its own choice.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Time since the clock's origin; it never goes back.
    fn now(&self) -> Duration;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Monotonic(Instant);

impl Monotonic {
    /// A clock whose origin is now.
    #[allow(
        clippy::disallowed_methods,
        reason = "measuring is what this module is for"
    )]
    pub fn new() -> Self {
        Monotonic(Instant::now())
    }
}

impl Default for Monotonic {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for Monotonic {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A clock that is moved by hand, so that a schedule can be tested without waiting.
#[derive(Debug, Default)]
pub struct Manual(AtomicU64);

impl Manual {
    /// Lets time go by.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.as_nanos() as u64, Ordering::SeqCst);
    }
}

impl Clock for Manual {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::SeqCst))
    }
}
