//! The invariants, a family a file. Each looks at one conversation and writes down what it found; what
//! needs several conversations leaves [`Claim`]s, which are compared as they come.

pub mod claims;
pub mod facts;
pub mod form;
pub mod person;
pub mod rules;
pub mod safety;
pub mod splits;
pub mod surface;
pub mod world;

use super::checks::{Check, Findings, Place, Violation};
use super::record::Conversation;
use super::sample::Smallest;
use claims::Claim;
use splits::Homes;

/// Where the checks of one conversation write.
#[derive(Debug)]
pub struct Desk<'f> {
    /// What was found.
    pub findings: &'f mut Findings,
    /// What other conversations must agree with.
    pub claims: &'f mut Vec<Claim>,
    /// Cards of customers: is the number a published one?
    pub cards: &'f mut Smallest<bool>,
    /// The splits of the phrases.
    pub homes: &'f Homes,
    /// The line.
    pub place: Place,
}

/// What is wrong: in words without values, and the values.
pub type Wrong = (String, String);

/// What is wrong, where there are no values to tell.
pub fn plain(what: impl Into<String>) -> Wrong {
    (what.into(), String::new())
}

impl Desk<'_> {
    /// Counts a thing, which is wrong where `wrong` says so.
    pub fn judge(&mut self, check: Check, id: impl FnOnce() -> String, wrong: Option<Wrong>) {
        match wrong {
            None => self.findings.passed(check, 1),
            Some((what, values)) => self.findings.violated(
                check,
                Violation {
                    place: self.place,
                    id: id(),
                    what,
                    values,
                },
            ),
        }
    }

    /// Leaves something that other conversations must agree with.
    pub fn claim(&mut self, check: Check, key: &[&str], value: &str, id: &str) {
        self.claims
            .push(Claim::new(check, key, value, self.place, id));
    }
}

/// Every check that needs nothing but the conversation itself and the taxonomy.
pub fn within(desk: &mut Desk<'_>, conversation: &Conversation<'_>) {
    form::offsets(desk, conversation);
    form::order(desk, conversation);
    facts::facts(desk, conversation);
    facts::mentions(desk, conversation);
    surface::surfaces(desk, conversation);
    rules::rules(desk, conversation);
    person::person(desk, conversation);
    person::locales(desk, conversation);
    person::bics(desk, conversation);
    safety::decoys(desk, conversation);
    safety::tiers(desk, conversation);
    splits::phrases(desk, conversation);
    splits::claims(desk, conversation);
}
