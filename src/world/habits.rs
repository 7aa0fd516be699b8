//! What a customer spends on that others do not: the habits that an advertiser would pay for.

use super::account::Account;
use super::life::{EventKind, Timeline};
use super::tables::Category;
use super::work::Status;
use crate::calendar::{Date, Month};
use crate::conversation::names;
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

names! {
    /// A habit.
    pub enum Habit {
        /// Drives a car.
        Driver = "driver",
        /// Goes to bars.
        BarGoer = "bar_goer",
        /// Buys tobacco.
        Smoker = "smoker",
        /// Pays for streaming.
        Streamer = "streamer",
        /// Trains in a club.
        GymGoer = "gym_goer",
        /// Pays for child care.
        Parent = "parent",
        /// Has an illness that needs a specialist.
        Illness = "illness",
        /// Bets.
        Gambler = "gambler",
        /// Gives to a religious community.
        Believer = "believer",
        /// Pays union dues.
        UnionMember = "union_member",
        /// Gives to a party.
        PartyMember = "party_member",
        /// Gives to a charity.
        Donor = "donor",
        /// Pays for a dating service.
        Dater = "dater",
        /// Has to do with courts.
        LegalTrouble = "legal_trouble",
        /// Sends money to family abroad.
        SendsAbroad = "sends_abroad",
        /// Is often short of money.
        Hardship = "hardship",
    }
}

/// Habit, youngest and oldest age, and share among customers of such an age in 1,000. Shares of the
/// special categories are low on purpose: they are rare in a bank's traffic and must stay so.
const SHARES: &[(Habit, i32, i32, u32)] = &[
    (Habit::Driver, 19, 84, 720),
    (Habit::BarGoer, 18, 70, 520),
    (Habit::Smoker, 18, 75, 220),
    (Habit::Streamer, 16, 65, 700),
    (Habit::GymGoer, 17, 60, 220),
    (Habit::Illness, 18, 95, 180),
    (Habit::Gambler, 18, 80, 45),
    (Habit::Believer, 18, 95, 70),
    (Habit::UnionMember, 22, 66, 50),
    (Habit::PartyMember, 20, 90, 12),
    (Habit::Donor, 25, 95, 150),
    (Habit::Dater, 18, 60, 35),
    (Habit::LegalTrouble, 19, 65, 20),
    (Habit::SendsAbroad, 20, 70, 25),
    (Habit::Hardship, 18, 80, 90),
];

/// The habits of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habits {
    bits: u32,
    /// From seven months before a birth to a month after it, month by month.
    pregnancy: Option<(Month, Month)>,
}

impl Habits {
    pub(super) fn draw(
        age: i32,
        timeline: &Timeline,
        account: &Account,
        shares: &[Option<u32>; Habit::ALL.len()],
        stream: &mut Stream,
    ) -> Habits {
        let mut bits = 0;
        for &(habit, youngest, oldest, share) in SHARES {
            let share = match (habit, timeline.work.first().status) {
                (Habit::UnionMember, status) if status != Status::Employed => 0,
                _ if shares[habit as usize].is_some() => shares[habit as usize].unwrap_or(share),
                (Habit::Hardship, Status::JobSeeker) => 500,
                (Habit::Hardship, _) if account.overdraft_limit.minor > 100_000 => 30,
                _ => share,
            };
            if stream.chance(share) && (youngest..=oldest).contains(&age) {
                bits |= 1 << habit as u32;
            }
        }
        if timeline.children > 0 && (24..46).contains(&age) && stream.chance(500) {
            bits |= 1 << Habit::Parent as u32;
        }
        let born = |event: &&super::life::Event| event.kind == EventKind::ChildBorn;
        let birth = timeline.events.iter().find(born);
        Habits {
            bits,
            pregnancy: birth.map(|event| {
                let month = event.date.month();
                (month.plus(-7), month.plus(1))
            }),
        }
    }

    /// Has the customer this habit?
    pub fn has(&self, habit: Habit) -> bool {
        self.bits & 1 << habit as u32 != 0
    }

    /// Every habit of the customer.
    pub fn iter(&self) -> impl Iterator<Item = Habit> {
        Habit::ALL.iter().copied().filter(|&habit| self.has(habit))
    }

    /// Does the household expect a child in that month?
    pub fn expects_in(&self, month: Month) -> bool {
        self.pregnancy
            .is_some_and(|(first, last)| (first..=last).contains(&month))
    }

    /// Does the household expect a child on that day?
    pub fn expects_on(&self, date: Date) -> bool {
        self.expects_in(date.month())
    }

    /// Does the customer buy from this category at all?
    pub(super) fn allow(&self, category: Category) -> bool {
        match category {
            Category::Fuel => self.has(Habit::Driver),
            Category::Transit | Category::Taxi => true,
            Category::Bar => self.has(Habit::BarGoer),
            Category::Tobacco => self.has(Habit::Smoker),
            Category::Specialist | Category::Hospital => self.has(Habit::Illness),
            Category::Betting => self.has(Habit::Gambler),
            Category::Lawyer | Category::Fines => self.has(Habit::LegalTrouble),
            Category::Pawn => self.has(Habit::Hardship),
            _ => true,
        }
    }
}
