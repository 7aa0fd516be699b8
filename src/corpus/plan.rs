//! Which customer stands at which index, and when: the frozen rule of blocks.

use crate::seed::{Domain, Stream};

/// Indices in a block.
pub const BLOCK: u64 = 64;

/// How many conversations each customer of a block has. Most people write once or twice; a few,
/// often.
const SHARES: [u32; 23] = [
    12, 8, 6, 5, 4, 4, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
];

/// Customers in a block.
pub const CUSTOMERS_PER_BLOCK: u64 = SHARES.len() as u64;

const BLOCKS: Domain = Domain::new("blocks");

/// The place of a conversation among its customer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The customer's number in the corpus.
    pub customer: u64,
    /// Which of the customer's conversations it is, from 0.
    pub rank: u32,
    /// Of how many in this block.
    pub of: u32,
}

/// The place of the conversation at `index`: a pure function of seed and index.
pub fn place(seed: u64, index: u64) -> Place {
    let (block, within) = (index / BLOCK, (index % BLOCK) as usize);
    let mut slots = [0u8; BLOCK as usize];
    let mut at = 0;
    for (customer, &share) in SHARES.iter().enumerate() {
        for _ in 0..share {
            slots[at] = customer as u8;
            at += 1;
        }
    }
    Stream::at(seed, BLOCKS, block).shuffle(&mut slots);
    let customer = slots[within];
    let rank = slots[..within]
        .iter()
        .filter(|&&slot| slot == customer)
        .count() as u32;
    Place {
        customer: block * CUSTOMERS_PER_BLOCK + u64::from(customer),
        rank,
        of: SHARES[usize::from(customer)],
    }
}

/// The days, first and last, in which a conversation of this place may fall: the customer's
/// conversations divide the window, so that their dates are ordered like their indices.
pub fn window(place: Place, days: u32) -> (u32, u32) {
    let first = days * place.rank / place.of;
    let last = days * (place.rank + 1) / place.of - 1;
    (first, last)
}

/// The indices of part `part` (from 1) of `parts`: chunks are never cut where there are enough.
pub fn part_range(total: u64, parts: u64, part: u64, chunk: u64) -> std::ops::Range<u64> {
    let bound = |p: u64| {
        if p == parts {
            return total;
        }
        let exact = total * p / parts;
        if total >= parts * chunk {
            exact / chunk * chunk
        } else {
            exact
        }
    };
    bound(part - 1)..bound(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_shares_fill_a_block() {
        assert_eq!(u64::from(SHARES.iter().sum::<u32>()), BLOCK);
    }

    #[test]
    fn the_dates_of_a_customer_are_ordered_like_the_indices() {
        let mut last = std::collections::BTreeMap::new();
        for index in 0..640 {
            let place = place(7, index);
            let (first, end) = window(place, 364);
            assert!(first <= end);
            if let Some(before) = last.insert(place.customer, end) {
                assert!(before < first);
            }
        }
    }

    proptest! {
        #[test]
        fn parts_cover_every_index_once(total in 1u64..20_000, parts in 1u64..7) {
            let mut next = 0;
            for part in 1..=parts {
                let range = part_range(total, parts, part, 1024);
                prop_assert_eq!(range.start, next);
                next = range.end;
            }
            prop_assert_eq!(next, total);
        }
    }
}
