//! Phases: what comes in and what is bound to go out, stretch by stretch.

use super::super::customer::Customer;
use super::super::habits::Habit;
use super::super::work::Status;
use super::recurring::{self, Recurring};
use super::{Ledger, before_all};
use crate::calendar::Month;
use crate::country::Country;
use crate::seed::{Domain, Stream};

/// A stretch of months with the same income and the same fixed costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phase {
    pub from: Month,
    /// What goes to savings each month, a multiple of ten units; negative when savings are used up.
    pub saving: i64,
    /// What is left to spend in an ordinary month.
    pub discretionary: i64,
    /// How far the balance falls between the end of a month and the next payday.
    pub need: i64,
}

/// The phases of a customer, in order; the first one reaches back before the timeline.
pub(super) fn of(
    customer: &Customer,
    recurring: &[Recurring],
    has_savings: bool,
    stream: &mut Stream,
) -> Vec<Phase> {
    let timeline = &customer.timeline;
    let start = before_all().plus(1);
    let mut starts = Vec::with_capacity(8);
    starts.push(start);
    starts.extend(timeline.work.changes().iter().map(|(date, _)| date.month()));
    // Rent of a new home is due from the month after the move.
    starts.extend(
        timeline
            .homes
            .changes()
            .iter()
            .map(|(date, _)| date.month().plus(1)),
    );
    for loan in &customer.loans {
        starts.extend([loan.first, loan.last().plus(1)]);
    }
    starts.retain(|month| *month >= start);
    starts.sort_unstable();
    starts.dedup();
    let rate = match customer.habits.has(Habit::Hardship) {
        true => 0,
        false => i64::from(stream.below(220)),
    };
    starts
        .into_iter()
        .map(|from| phase(customer, recurring, has_savings, rate, from))
        .collect()
}

fn phase(
    customer: &Customer,
    recurring: &[Recurring],
    has_savings: bool,
    rate: i64,
    from: Month,
) -> Phase {
    let work = customer.work_on(from.first());
    let income = work.net_monthly;
    let home = customer.home_on(from.first());
    let subscriptions: i64 = recurring
        .iter()
        .filter(|payment| recurring::due(payment, home.tenure))
        .map(|payment| payment.amount)
        .sum();
    let loans: i64 = customer
        .loans
        .iter()
        .filter(|loan| (loan.first..=loan.last()).contains(&from))
        .map(|loan| loan.instalment.minor)
        .sum();
    let rent = if home.tenure == super::super::Tenure::Tenant {
        home.cost
    } else {
        0
    };
    let fixed = rent + loans + subscriptions;
    let free = income - fixed;
    // Nobody lives on less than a quarter of an income: savings or family help out.
    let least = income / 4;
    let saving = match (has_savings, free < least) {
        (false, _) => 0,
        (true, true) => (free - least) / 1_000 * 1_000,
        (true, false) => (income * rate / 1_000).min(free - least) / 1_000 * 1_000,
    };
    let discretionary = (free - saving).max(least);
    let need = match (work.pay_day, work.status, customer.country) {
        (_, Status::Employed, Country::UnitedStates) => fixed * 4 / 5 + discretionary / 2,
        (day @ 0..=12, _, _) => fixed / 2 + discretionary * i64::from(day) / 30,
        (day, _, _) => fixed + saving.max(0) / 2 + discretionary * i64::from(day - 1) / 30,
    };
    Phase {
        from,
        saving,
        discretionary,
        need,
    }
}

impl Ledger<'_> {
    /// The phase that a month lies in.
    pub(super) fn phase(&self, month: Month) -> &Phase {
        let after = self.phases.partition_point(|phase| phase.from <= month);
        &self.phases[after.saturating_sub(1)]
    }

    /// What has been saved by plan from the start to the end of a month.
    pub(super) fn planned(&self, month: Month) -> i64 {
        let mut sum = 0;
        for (k, phase) in self.phases.iter().enumerate() {
            let end = match self.phases.get(k + 1) {
                Some(next) if next.from <= month => next.from,
                _ => month.plus(1),
            };
            let months = end.index() - phase.from.index();
            if months <= 0 {
                break;
            }
            sum += i64::from(months) * phase.saving;
        }
        sum
    }

    /// How far the plan takes savings below where they started.
    pub(super) fn largest_withdrawal(&self) -> i64 {
        let last = super::super::last_day().month().plus(24);
        let ends = self.phases.iter().skip(1).map(|p| p.from.plus(-1));
        let lowest = ends.chain([last]).map(|month| self.planned(month)).min();
        -lowest.unwrap_or(0).min(0)
    }

    /// The most that there is in savings until the timeline ends.
    pub(in crate::world) fn highest_savings(&self) -> i64 {
        let last = super::super::last_day().month();
        let ends = self.phases.iter().skip(1).map(|p| p.from.plus(-1));
        ends.filter(|end| *end < last)
            .chain([last])
            .map(|month| self.savings_closing(month) - self.borrowed(month))
            .max()
            .unwrap_or(0)
    }

    /// What a customer has borrowed from savings at the end of a month, to be put back in the next
    /// ones: 0 or less, a multiple of fifty units.
    pub(super) fn borrowed(&self, month: Month) -> i64 {
        if month <= before_all() || self.customer.savings().is_none() {
            return 0;
        }
        let stream = &mut self.stream(Domain::new("world.borrowed"), month);
        if !stream.chance(120) {
            return 0;
        }
        let most = (self.phase(month).discretionary / 4)
            .min((self.savings_at_start + self.planned(month)) / 3);
        -(most.max(0) * i64::from(300 + stream.below(700)) / 1_000 / 5_000 * 5_000)
    }

    /// The balance of the current account at the end of a month.
    pub(super) fn current_closing(&self, month: Month) -> i64 {
        let stream = &mut self.stream(Domain::new("world.closing"), month);
        let discretionary = self.phase(month).discretionary;
        // Christmas and the summer holidays cost more than other months.
        let season = match month.ym().1 {
            12 => -120,
            7 | 8 => -60,
            _ => 0,
        };
        let band = season + stream.range(-150, 150);
        self.closing_level + discretionary * band / 1_000 + stream.range(-4_999, 4_999)
    }
}
