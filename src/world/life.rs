//! A customer's timeline: dated facts that conversations narrate and never change.

use super::address::Address;
use super::history::History;
use super::ids::Ids;
use super::person::{FullName, Person, Sex};
use super::tables::Tables;
use super::work::{Employment, Status};
use super::{first_day, last_day};
use crate::calendar::{Date, Month};
use crate::conversation::names;
use crate::country::Country;
use crate::identifiers::{Made, email};
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

names! {
    /// What happened.
    pub enum EventKind {
        /// Moved house.
        Moved = "moved",
        /// Has a new mobile number.
        ChangedMobile = "changed_mobile",
        /// Has a new e-mail address.
        ChangedEmail = "changed_email",
        /// Reported the card lost.
        CardLost = "card_lost",
        /// Reported the card stolen.
        CardStolen = "card_stolen",
        /// Reported the card's number abused.
        CardCompromised = "card_compromised",
        /// Got a new card because the old one expired.
        CardRenewed = "card_renewed",
        /// Started with another employer.
        ChangedJob = "changed_job",
        /// Lost the job.
        LostJob = "lost_job",
        /// Found a job, the first or after a time without.
        FoundJob = "found_job",
        /// Retired.
        Retired = "retired",
        /// Married.
        Married = "married",
        /// Separated from a husband or wife.
        Separated = "separated",
        /// Lost a husband or wife.
        Widowed = "widowed",
        /// Had a child.
        ChildBorn = "child_born",
        /// Lost a parent.
        ParentDied = "parent_died",
    }
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// The day.
    pub date: Date,
    /// What happened.
    pub kind: EventKind,
}

names! {
    /// Family status.
    pub enum Marital {
        /// Lives alone.
        Single = "single",
        /// Lives with somebody, unmarried.
        Couple = "couple",
        /// Married.
        Married = "married",
        /// Divorced or separated.
        Divorced = "divorced",
        /// Widowed.
        Widowed = "widowed",
    }
}

names! {
    /// On what terms someone lives somewhere.
    pub enum Tenure {
        /// Pays rent.
        Tenant = "tenant",
        /// Pays a home loan back.
        Buyer = "buyer",
        /// Owns the home.
        Owner = "owner",
        /// Lives with family and pays nothing.
        WithFamily = "with_family",
    }
}

/// Where someone lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The address.
    pub address: Address,
    /// On what terms.
    pub tenure: Tenure,
    /// Rent or instalment of a month, in minor units.
    pub cost: i64,
}

/// The dated facts of a customer, from 2024 to 2028.
#[derive(Clone, Debug)]
pub struct Timeline {
    pub(super) events: Vec<Event>,
    /// Where they live.
    pub homes: History<Home>,
    /// Mobile number.
    pub mobiles: History<Made>,
    /// E-mail address.
    pub emails: History<Made>,
    /// What they live on.
    pub work: History<Employment>,
    /// Family status.
    pub marital: History<Marital>,
    /// Surname in use.
    pub families: History<&'static str>,
    /// The partner, where there is one at any time.
    pub partner: Option<FullName>,
    /// How many children when the timeline begins.
    pub children: u32,
}

impl Timeline {
    /// Every event, oldest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The last event of a kind before a day.
    pub fn latest_event(&self, kind: EventKind, before: Date) -> Option<Event> {
        let earlier = |event: &&Event| event.kind == kind && event.date < before;
        self.events.iter().rev().find(earlier).copied()
    }

    /// The first event of a kind on or after a day.
    pub fn next_event(&self, kind: EventKind, from: Date) -> Option<Event> {
        let later = |event: &&Event| event.kind == kind && event.date >= from;
        self.events.iter().find(later).copied()
    }

    /// The first move after a day, with the new home.
    pub fn next_move_after(&self, date: Date) -> Option<&(Date, Home)> {
        self.homes.next_after(date)
    }

    /// How many children on a day.
    pub fn children_on(&self, date: Date) -> u32 {
        let born = |event: &&Event| event.kind == EventKind::ChildBorn && event.date <= date;
        self.children + self.events.iter().filter(born).count() as u32
    }

    pub(super) fn sort(&mut self) {
        self.events.sort_unstable();
    }
}

/// A day of the timeline, uniform, with `margin` days left at both ends.
pub(super) fn some_day(margin: i32, stream: &mut Stream) -> Date {
    let (first, last) = (first_day().days() + margin, last_day().days() - margin);
    Date::from_days(stream.range(i64::from(first), i64::from(last)) as i32)
}

/// A day of the busy time, where there is one, in six of ten cases; otherwise any.
pub(super) fn eventful_day(busy: Option<(Date, u32)>, margin: i32, stream: &mut Stream) -> Date {
    match busy {
        Some((start, days)) if stream.chance(600) => start.plus(stream.below(days) as i32),
        _ => some_day(margin, stream),
    }
}

/// What drawing a life needs to know.
pub(super) struct Draw<'a> {
    pub busy: Option<(Date, u32)>,
    pub country: Country,
    pub tables: &'static Tables,
    pub ids: &'a Ids,
    pub key: u64,
    pub person: &'a Person,
}

impl Draw<'_> {
    pub(super) fn life(&self, stream: &mut Stream) -> Timeline {
        let age = self.person.age_on(first_day());
        let mut events = Vec::with_capacity(8);
        let marital = self.marital(age, stream, &mut events);
        let work = self.work(age, stream, &mut events);
        let homes = self.homes(age, *marital.first(), &work, stream, &mut events);
        let partner = matches!(
            (marital.first(), marital.last()),
            (Marital::Couple | Marital::Married, _) | (_, Marital::Married)
        )
        .then(|| {
            let sex = match (self.person.sex, stream.chance(30)) {
                (Sex::Female, false) | (Sex::Male, true) => Sex::Male,
                (Sex::Male, false) | (Sex::Female, true) => Sex::Female,
            };
            let year = self.person.birth.ymd().0 + stream.range(-5, 5) as i32;
            self.tables.names.full(sex, year, stream)
        });
        let mut families = History::new(self.person.family);
        for (date, _) in marital
            .changes()
            .iter()
            .filter(|(_, m)| *m == Marital::Married)
        {
            if let (Some(partner), Sex::Female, true) =
                (partner, self.person.sex, stream.chance(550))
            {
                families.change(*date, partner.family);
            }
        }
        let children = self.children(age, &marital, stream, &mut events);
        if (35..68).contains(&age) && stream.chance(110) {
            events.push(Event {
                date: some_day(0, stream),
                kind: EventKind::ParentDied,
            });
        }
        Timeline {
            mobiles: self.mobiles(stream, &mut events),
            emails: self.emails(&families, stream, &mut events),
            events,
            homes,
            work,
            marital,
            families,
            partner,
            children,
        }
    }

    fn marital(&self, age: i32, stream: &mut Stream, events: &mut Vec<Event>) -> History<Marital> {
        use Marital::{Couple, Divorced, Married, Single, Widowed};
        // Shares in 1,000 by age: single, couple, married, divorced, widowed (assumption, of the
        // shape that censuses have).
        let shares: [u32; 5] = match age {
            ..=22 => [900, 95, 5, 0, 0],
            23..=29 => [560, 340, 95, 5, 0],
            30..=44 => [290, 300, 340, 68, 2],
            45..=64 => [190, 130, 490, 165, 25],
            _ => [90, 50, 520, 130, 210],
        };
        let first = [Single, Couple, Married, Divorced, Widowed][stream.weighted(&shares)];
        let mut history = History::new(first);
        let (permille, kind, next) = match first {
            Couple if age >= 22 => (220, EventKind::Married, Married),
            Single if (24..45).contains(&age) => (60, EventKind::Married, Married),
            Married if age < 68 => (55, EventKind::Separated, Divorced),
            Married => (90, EventKind::Widowed, Widowed),
            _ => return history,
        };
        if stream.chance(permille) {
            let date = some_day(30, stream);
            history.change(date, next);
            events.push(Event { date, kind });
        }
        history
    }

    fn work(&self, age: i32, stream: &mut Stream, events: &mut Vec<Event>) -> History<Employment> {
        let (tables, country) = (self.tables, self.country);
        let job =
            |age: i32, stream: &mut Stream| Employment::job(tables, country, age - 20, stream);
        let pension_age = 61 + stream.below(6) as i32;
        if age >= pension_age {
            let last = job(60, stream);
            return History::new(last.retired(country, stream));
        }
        let mut push = |date: Date, kind: EventKind| events.push(Event { date, kind });
        if age < 25 && stream.chance(if age < 20 { 900 } else { 550 }) {
            let mut history = History::new(Employment::study(country, stream));
            // They finish at 21 to 25, in a September.
            let year = self.person.birth.ymd().0 + 21 + stream.below(5) as i32;
            let start = Month::new(year, 9).first();
            if start > first_day() && start < last_day() {
                history.change(start, job(year - self.person.birth.ymd().0, stream));
                push(start, EventKind::FoundJob);
            }
            return history;
        }
        let current = job(age, stream);
        let retires = Month::new(
            self.person.birth.ymd().0 + pension_age,
            1 + stream.below(12),
        );
        if retires.first() > first_day() && retires.first() < last_day() {
            let pension = current.retired(country, stream);
            let mut history = History::new(current);
            history.change(retires.first(), pension);
            push(retires.first(), EventKind::Retired);
            return history;
        }
        match stream.weighted(&[560, 250, 150, 40]) {
            1 => {
                let start = some_day(40, stream).month().first();
                let occupation = current.occupation.expect("who has a job has a trade");
                let next = Employment::in_trade(tables, country, occupation, age - 16, stream);
                let mut history = History::new(current);
                history.change(start, next);
                push(start, EventKind::ChangedJob);
                history
            }
            2 => {
                let end = some_day(280, stream).month().first();
                let start = end.month().plus(3 + stream.below(6) as i32).first();
                let benefit = current.lost(country, stream);
                let next = job(age, stream);
                let mut history = History::new(current);
                history.change(end, benefit);
                history.change(start, next);
                push(end, EventKind::LostJob);
                push(start, EventKind::FoundJob);
                history
            }
            3 => {
                let start = some_day(200, stream).month().first();
                let mut history = History::new(current.lost(country, stream));
                history.change(start, job(age, stream));
                push(start, EventKind::FoundJob);
                history
            }
            _ => History::new(current),
        }
    }

    fn homes(
        &self,
        age: i32,
        marital: Marital,
        work: &History<Employment>,
        stream: &mut Stream,
        events: &mut Vec<Event>,
    ) -> History<Home> {
        let shared = matches!(marital, Marital::Couple | Marital::Married);
        let first = work.on(first_day());
        let tenure = match (first.status, age) {
            (Status::Student, _) if stream.chance(550) => Tenure::WithFamily,
            (Status::Student, _) => Tenure::Tenant,
            (_, ..=23) if stream.chance(350) => Tenure::WithFamily,
            (Status::Retired, _) if stream.chance(740) => Tenure::Owner,
            (_, 55..) if stream.chance(420) => Tenure::Owner,
            (_, 29..) if stream.chance(420) => Tenure::Buyer,
            _ => Tenure::Tenant,
        };
        let town = self.tables.places.town(stream);
        // Two who share a home pay five eighths each of what one would pay for theirs.
        let share = if shared { 625 } else { 1_000 };
        let home = |tenure, town, income: i64, stream: &mut Stream| Home {
            address: Address::draw(self.country, &self.tables.places, town, stream),
            tenure,
            cost: match tenure {
                Tenure::Tenant => {
                    income * i64::from(230 + stream.below(120)) * share / 1_000_000 / 500 * 500
                }
                Tenure::Buyer => income * i64::from(200 + stream.below(140)) * share / 1_000_000,
                Tenure::Owner | Tenure::WithFamily => 0,
            },
        };
        let mut history = History::new(home(tenure, town, first.net_monthly, stream));
        let moves = stream.weighted(match tenure {
            Tenure::Tenant | Tenure::WithFamily => &[300, 520, 180],
            Tenure::Buyer | Tenure::Owner => &[780, 220, 0],
        });
        let mut from = first_day().plus(40);
        for left in (1..=moves as i32).rev() {
            // Inside an even share of what remains, so that two moves keep their distance.
            let span = (last_day().days() - 60 - from.days()) / left;
            let drawn = from.plus(stream.below(span.max(1) as u32) as i32);
            let date = match self.busy {
                Some((start, days)) if start > from && stream.chance(600) => {
                    start.plus(stream.below(days) as i32)
                }
                _ => drawn,
            };
            let town = if stream.chance(450) {
                history.last().address.town
            } else {
                self.tables.places.town(stream)
            };
            let tenure = match history.last().tenure {
                Tenure::Tenant if age > 26 && stream.chance(300) => Tenure::Buyer,
                Tenure::WithFamily => Tenure::Tenant,
                same => same,
            };
            let income = work.on(date).net_monthly;
            history.change(date, home(tenure, town, income, stream));
            events.push(Event {
                date,
                kind: EventKind::Moved,
            });
            from = date.plus(150);
        }
        history
    }

    fn children(
        &self,
        age: i32,
        marital: &History<Marital>,
        stream: &mut Stream,
        events: &mut Vec<Event>,
    ) -> u32 {
        let shared = matches!(marital.first(), Marital::Couple | Marital::Married);
        if (22..42).contains(&age) && stream.chance(if shared { 300 } else { 30 }) {
            events.push(Event {
                date: some_day(60, stream),
                kind: EventKind::ChildBorn,
            });
        }
        match age {
            ..=23 => u32::from(stream.chance(20)),
            24..=34 => stream.weighted(&[600, 250, 150]) as u32,
            _ => stream.weighted(&[240, 240, 340, 140, 40]) as u32,
        }
    }

    fn mobiles(&self, stream: &mut Stream, events: &mut Vec<Event>) -> History<Made> {
        let mut history = History::new(self.ids.mobile(self.key, 0, stream));
        if stream.chance(350) {
            let date = some_day(20, stream);
            history.change(date, self.ids.mobile(self.key, 1, stream));
            events.push(Event {
                date,
                kind: EventKind::ChangedMobile,
            });
        }
        history
    }

    fn emails(
        &self,
        families: &History<&'static str>,
        stream: &mut Stream,
        events: &mut Vec<Event>,
    ) -> History<Made> {
        let year = self.person.birth.ymd().0;
        let given = self.person.given;
        let mut history = History::new(email::make(given, families.first(), year, stream));
        if stream.chance(250) {
            let date = some_day(20, stream);
            let next = email::make(given, families.on(date), year, stream);
            if next.value != history.first().value {
                history.change(date, next);
                events.push(Event {
                    date,
                    kind: EventKind::ChangedEmail,
                });
            }
        }
        history
    }
}
