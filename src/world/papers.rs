//! What a customer has in a drawer: what few conversations need is made when it is asked for.
//!
//! Every paper is a pure function of the customer, so that it is the same whenever it is asked for.

use super::Customer;
use super::work::Status;
use crate::seed::{Domain, Stream};

/// Securities of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// How many.
    pub count: u32,
    /// What one is worth, in minor units.
    pub price: i64,
    /// Which, by its number among those of the world.
    pub security: u64,
}

impl Customer {
    /// The stream of one paper.
    pub fn paper(&self, name: &str) -> Stream {
        Stream::at(self.seed, Domain::new(name), self.key)
    }

    /// A number that no other customer of the world has, below 2^40.
    pub fn serial(&self) -> u64 {
        self.key
    }

    /// Has the customer a business?
    pub fn has_business(&self) -> bool {
        let works = self.timeline.work.first().status == Status::Employed;
        works && self.paper("paper.business").chance(120)
    }

    /// Securities, of those who have some.
    pub fn holding(&self) -> Option<Holding> {
        let mut stream = self.paper("paper.holding");
        let old_enough = self.person.age_on(super::first_day()) >= 25;
        (old_enough && stream.chance(170)).then(|| Holding {
            count: 5 + stream.below(90),
            price: i64::from(900 + stream.below(30_000)),
            security: stream.below_u64(10_000),
        })
    }

    /// Has the customer crypto-assets?
    pub fn has_crypto(&self) -> bool {
        self.person.age_on(super::first_day()) < 55 && self.paper("paper.crypto").chance(110)
    }
}
