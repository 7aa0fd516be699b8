//! Standing payments: subscriptions, dues and gifts that come every month.

use super::super::customer::Customer;
use super::super::habits::Habit;
use super::super::laws;
use super::super::life::Tenure;
use super::super::tables::{Category, Merchant, Tables};
use crate::country::Country;
use crate::seed::{Quantiles, Stream};

/// A payment that comes every month on the same day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recurring {
    pub merchant: &'static Merchant,
    pub amount: i64,
    pub day: u32,
    /// Is it for the home, so that people who live with family do not pay it?
    pub home: bool,
}

/// Who pays what: a habit where it needs one, the law, and the share in 1,000 of those who could.
const PAYMENTS: &[(Category, Option<Habit>, &Quantiles, u32)] = &[
    (Category::Telecom, None, &laws::TELECOM, 960),
    (Category::Energy, None, &laws::ENERGY, 950),
    (Category::Insurance, None, &laws::TELECOM, 850),
    (
        Category::Streaming,
        Some(Habit::Streamer),
        &laws::FAST_FOOD,
        1_000,
    ),
    (Category::Gym, Some(Habit::GymGoer), &laws::TELECOM, 1_000),
    (
        Category::Childcare,
        Some(Habit::Parent),
        &laws::ENERGY,
        1_000,
    ),
    (Category::Union, Some(Habit::UnionMember), &laws::BAR, 1_000),
    (
        Category::Worship,
        Some(Habit::Believer),
        &laws::GIVING,
        1_000,
    ),
    (
        Category::Political,
        Some(Habit::PartyMember),
        &laws::GIVING,
        1_000,
    ),
    (Category::Charity, Some(Habit::Donor), &laws::GIVING, 1_000),
    (Category::Dating, Some(Habit::Dater), &laws::DATING, 1_000),
    (
        Category::Remittance,
        Some(Habit::SendsAbroad),
        &laws::DENTIST,
        1_000,
    ),
];

pub(super) fn draw(
    customer: &Customer,
    tables: &'static Tables,
    stream: &mut Stream,
) -> Vec<Recurring> {
    let income = customer.timeline.work.first().net_monthly;
    let level = match customer.country {
        Country::France => 1_000,
        Country::UnitedStates => 1_200,
        Country::Britain => 900,
    };
    let mut payments = Vec::with_capacity(8);
    for &(category, habit, law, share) in PAYMENTS {
        if !habit.is_none_or(|habit| customer.habits.has(habit)) || !stream.chance(share) {
            continue;
        }
        let price = (law.draw(stream) * level / 1_000).min(income / 12);
        let amount = match category {
            Category::Energy => price,
            // Dues and gifts are round, subscriptions end on .99.
            Category::Worship | Category::Political | Category::Charity | Category::Union => {
                (price / 500).max(1) * 500
            }
            Category::Remittance => (price / 1_000).max(2) * 1_000,
            _ => price / 100 * 100 + 99,
        };
        payments.push(Recurring {
            merchant: stream.pick(tables.commerce.merchants(category)),
            amount,
            day: 2 + stream.below(20),
            home: matches!(category, Category::Energy | Category::Insurance),
        });
    }
    payments
}

/// Does somebody with that tenure pay it?
pub(super) fn due(payment: &Recurring, tenure: Tenure) -> bool {
    !payment.home || tenure != Tenure::WithFamily
}
