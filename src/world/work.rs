//! What people live on.

use super::Sex;
use super::laws;
use super::tables::{Employer, Occupation, Tables};
use crate::calendar::Month;
use crate::conversation::names;
use crate::country::Country;
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

names! {
    /// Where someone's income comes from.
    pub enum Status {
        /// A wage.
        Employed = "employed",
        /// Grants, parents and small jobs.
        Student = "student",
        /// A benefit.
        JobSeeker = "job_seeker",
        /// A pension.
        Retired = "retired",
    }
}

/// What someone lives on for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employment {
    /// Where the income comes from.
    pub status: Status,
    /// The trade; of retired people and job seekers the last one, of students none.
    pub occupation: Option<&'static Occupation>,
    /// The employer, of those who have one.
    pub employer: Option<&'static Employer>,
    /// Net income of a month, in minor units.
    pub net_monthly: i64,
    /// The day of the month on which it is paid, before it is moved off a week-end.
    pub pay_day: u32,
}

impl Employment {
    pub(super) fn job(
        tables: &'static Tables,
        country: Country,
        experience: i32,
        stream: &mut Stream,
    ) -> Employment {
        let commerce = &tables.commerce;
        let occupation = &commerce.occupations[stream.cumulative(&commerce.occupation_shares)];
        Self::in_trade(tables, country, occupation, experience, stream)
    }

    /// A job in a trade; `experience` in years moves the wage inside the trade's range.
    pub(super) fn in_trade(
        tables: &'static Tables,
        country: Country,
        occupation: &'static Occupation,
        experience: i32,
        stream: &mut Stream,
    ) -> Employment {
        let (low, high) = occupation.wage;
        let span = high - low;
        let grown = span * (experience.clamp(0, 30) as u32 + 10) / 60;
        let percentile = (low + grown + stream.below(span / 3 + 1)).min(high.max(low + 1));
        let mut net = laws::wage(country).at(percentile.min(9_990), stream.below(10_000));
        if stream.chance(110) {
            net = net * i64::from(500 + stream.below(350)) / 1_000;
        }
        Employment {
            status: Status::Employed,
            occupation: Some(occupation),
            employer: Some(stream.pick(commerce_of(tables, occupation))),
            net_monthly: net,
            pay_day: pay_day(country, stream),
        }
    }

    pub(super) fn study(country: Country, stream: &mut Stream) -> Employment {
        let net = match country {
            Country::France => 42_000 + 1_000 * i64::from(stream.below(50)),
            Country::UnitedStates => 60_000 + 1_000 * i64::from(stream.below(90)),
            Country::Britain => 55_000 + 1_000 * i64::from(stream.below(50)),
        };
        Employment {
            status: Status::Student,
            occupation: None,
            employer: None,
            net_monthly: net,
            pay_day: 1 + stream.below(8),
        }
    }

    /// Out of the job: a share of the wage as benefit, never below the floor of the country.
    pub(super) fn lost(&self, country: Country, stream: &mut Stream) -> Employment {
        let (permille, floor) = match country {
            Country::France => (570 + i64::from(stream.below(80)), 60_775),
            Country::UnitedStates => (430 + i64::from(stream.below(60)), 90_000),
            Country::Britain => (350 + i64::from(stream.below(60)), 62_000),
        };
        Employment {
            status: Status::JobSeeker,
            employer: None,
            net_monthly: (self.net_monthly * permille / 1_000).max(floor),
            pay_day: match country {
                Country::France => 4 + stream.below(4),
                Country::UnitedStates | Country::Britain => 8 + stream.below(8),
            },
            ..self.clone()
        }
    }

    /// Out of work for good: a pension.
    pub(super) fn retired(&self, country: Country, stream: &mut Stream) -> Employment {
        let permille = match country {
            Country::France => 620 + i64::from(stream.below(160)),
            Country::UnitedStates => 480 + i64::from(stream.below(250)),
            Country::Britain => 500 + i64::from(stream.below(220)),
        };
        Employment {
            status: Status::Retired,
            employer: None,
            net_monthly: self.net_monthly * permille / 1_000,
            pay_day: match country {
                Country::France => 9,
                Country::UnitedStates => 3,
                Country::Britain => 1 + stream.below(26),
            },
            ..self.clone()
        }
    }

    /// The trade in the gender of the person.
    pub fn occupation_for(&self, sex: Sex) -> Option<&'static str> {
        self.occupation.map(|occupation| match sex {
            Sex::Female => occupation.feminine,
            Sex::Male => occupation.masculine,
        })
    }

    /// What is paid in a month: wages grow by 1.8 % each January (assumption).
    pub fn net_in(&self, month: Month) -> i64 {
        let years = i64::from(month.ym().0 - super::FIRST_YEAR).clamp(-2, 6);
        self.net_monthly * (1_000 + 18 * years) / 1_000
    }
}

fn commerce_of(tables: &'static Tables, occupation: &Occupation) -> &'static [Employer] {
    tables.commerce.employers(occupation.sector)
}

fn pay_day(country: Country, stream: &mut Stream) -> u32 {
    match country {
        Country::France => *stream.pick(&[25, 26, 27, 28, 28, 29, 30, 30, 31, 31]),
        // Twice a month: the middle and the end.
        Country::UnitedStates => 31,
        Country::Britain => *stream.pick(&[25, 26, 27, 28, 28, 28, 31, 31, 31]),
    }
}
