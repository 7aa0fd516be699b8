//! When a customer writes, and for what: conversations are put where the world has a reason for them.

use super::traits;
use crate::calendar::Date;
use crate::dialogue::path::Roles;
use crate::dialogue::plot::{IntentId, Plots, Reason};
use crate::seed::{Domain, Stream};
use crate::world::EventKind::{
    CardCompromised, CardLost, CardRenewed, CardStolen, ChangedEmail, ChangedJob, ChangedMobile,
    FoundJob, LostJob, Married, Moved, ParentDied, Retired, Separated, Widowed,
};
use crate::world::{Customer, Home, OperationKind};

const SCHEDULE: Domain = Domain::new("schedule");

/// Weight of each hour in which people write to a bank's bot: never zero at night, a peak at mid-day
/// (eight French bots; a call centre; see datasets/SOURCES.md).
const HOURS: [u32; 24] = [
    12, 8, 6, 5, 7, 12, 22, 38, 52, 58, 56, 58, 76, 74, 64, 59, 57, 56, 54, 49, 49, 46, 39, 23,
];

/// Weight of each weekday, Monday first.
const WEEKDAYS: [u32; 7] = [170, 180, 165, 160, 145, 100, 80];

/// A conversation's day and hour, and what the customer comes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// The day.
    pub date: Date,
    /// Seconds after midnight.
    pub second: u32,
    /// The concerns, in order.
    pub goals: Vec<IntentId>,
    /// Is it about the newest operation, which was made a moment ago?
    pub newest_operation: bool,
}

/// How much likelier an intent is when the world has a rare reason for it.
const LIKELIER: u32 = 10;

/// The appointment of a conversation whose day lies in `window`: a pure function of its arguments.
///
/// Intents with a reason (a lost card, a move) are drawn only where the window has one, and then more
/// often: people write to their bank because something happened.
///
/// What an intent needs of the customer is known before the day is; whether a salary was just paid is
/// known after: then the caller asks for the appointment of another `attempt`.
pub fn appointment(
    plots: &Plots,
    weights: &[u32],
    customer: &Customer,
    window: (Date, Date),
    second_goal: u32,
    seed: u64,
    (index, attempt): (u64, u64),
) -> Appointment {
    let mut stream = Stream::at(seed, SCHEDULE, index | attempt << 56);
    let filled = traits::of(customer).fold(Roles::default(), Roles::with);
    let given: Vec<Option<Occasion>> = Reason::ALL
        .iter()
        .map(|reason| Occasion::of(*reason, customer, window))
        .collect();
    let occasions: Vec<Option<Occasion>> = plots
        .intents
        .iter()
        .map(|intent| {
            let trait_ = traits::likelier(filled, intent.cast)?;
            let mut reasons = intent.reasons.iter();
            let mut occasion = match intent.reasons.is_empty() {
                true => Occasion::any(window),
                false => reasons.find_map(|reason| given[*reason as usize])?,
            };
            occasion.likelier *= trait_ * traits::likelier(filled, intent.likely).unwrap_or(1);
            Some(occasion)
        })
        .collect();
    let mut likely: Vec<u32> = weights
        .iter()
        .zip(&occasions)
        .map(|(&weight, occasion)| weight * occasion.map_or(0, |o| o.likelier))
        .collect();
    let forced = likely.iter().all(|&weight| weight == 0);
    if forced {
        // Only intents without an occasion were asked for: then they come without one.
        likely.clone_from(&weights.to_vec());
    }
    let first = stream.weighted(&likely);
    let days = occasions[first].map_or(window, |occasion| occasion.days);
    let date = some_day(days, &mut stream);
    let mut goals = vec![IntentId(first as u16)];
    let wants_more = stream.chance(second_goal) && !plots.intents[first].last;
    // A second concern is another one, and one that needs no occasion.
    likely[first] = 0;
    for (intent, weight) in plots.intents.iter().zip(&mut likely) {
        if !intent.reasons.is_empty() {
            *weight = 0;
        }
    }
    if wants_more && likely.iter().any(|&weight| weight > 0) {
        goals.push(IntentId(stream.weighted(&likely) as u16));
    }
    let hour = stream.weighted(&HOURS) as u32;
    let mut appointment = Appointment {
        date,
        second: hour * 3600 + stream.below(3600),
        goals,
        newest_operation: false,
    };
    let reasons = &plots.intents[first].reasons;
    let paid = |wanted| last_operation(customer, (date, appointment.second), wanted);
    if reasons.contains(&Reason::Purchase)
        && let Some((day, second)) = paid(OperationKind::CardPayment)
    {
        appointment.date = day;
        appointment.second = second + 20 + stream.below(70);
        appointment.newest_operation = true;
    } else if reasons.contains(&Reason::Payday)
        && let Some((day, second)) = paid(OperationKind::Salary)
    {
        appointment.date = day;
        appointment.second = second.max(7 * 3600) + stream.below(10 * 3600);
    }
    appointment
}

/// The days on which the world has a reason for an intent.
#[derive(Clone, Copy, Debug)]
struct Occasion {
    days: (Date, Date),
    likelier: u32,
}

impl Occasion {
    /// Any day.
    fn any(days: (Date, Date)) -> Occasion {
        Occasion { days, likelier: 1 }
    }

    /// What the world gives for a reason in the window.
    fn of(reason: Reason, customer: &Customer, window: (Date, Date)) -> Option<Occasion> {
        let (kinds, before, after) = match reason {
            // There is always something that was just paid.
            Reason::Purchase | Reason::Payday => return Some(Occasion::any(window)),
            Reason::CardLost => (&[CardLost, CardStolen, CardCompromised][..], 0, 0),
            Reason::CardExpiring => (&[CardRenewed][..], 60, -1),
            Reason::CardReplaced => (
                &[CardLost, CardStolen, CardCompromised, CardRenewed][..],
                -1,
                25,
            ),
            Reason::Moved => (&[Moved][..], 20, 30),
            Reason::NewContact => (&[ChangedMobile, ChangedEmail][..], 3, 25),
            Reason::FamilyChange => (&[Married, Separated, Widowed, ParentDied][..], 0, 90),
            Reason::WorkChange => (&[ChangedJob, LostJob, FoundJob, Retired][..], 0, 60),
        };
        let events = customer.timeline.events().iter();
        events
            .filter(|event| kinds.contains(&event.kind))
            .map(|event| (event.date.plus(-before), event.date.plus(after)))
            .map(|(from, to)| (from.max(window.0), to.min(window.1)))
            .find(|(from, to)| from <= to)
            .map(|days| Occasion {
                days,
                likelier: LIKELIER,
            })
    }
}

/// A day of the window, by the weight of its weekday.
fn some_day(window: (Date, Date), stream: &mut Stream) -> Date {
    let start = stream.range(window.0.days().into(), window.1.days().into()) as i32;
    let week: Vec<Date> = (0..7)
        .map(|k| Date::from_days(start + k))
        .filter(|date| *date <= window.1)
        .collect();
    let weights: Vec<u32> = week
        .iter()
        .map(|date| WEEKDAYS[date.weekday() as usize])
        .collect();
    week[stream.weighted(&weights)]
}

/// The last operation of a kind before a time, on the same day or earlier in the month; for payments
/// by card, one at a merchant's of the last three days.
fn last_operation(
    customer: &Customer,
    (date, second): (Date, u32),
    wanted: OperationKind,
) -> Option<(Date, u32)> {
    let payment = wanted == OperationKind::CardPayment;
    let floor = if payment {
        date.plus(-3)
    } else {
        date.plus(-31)
    };
    customer
        .ledger()
        .month(0, date.month())
        .operations
        .iter()
        .filter(|op| op.kind == wanted && (!payment || op.merchant().is_some()))
        .filter(|op| op.date >= floor && (op.date, op.second) <= (date, second))
        .map(|op| (op.date, op.second))
        .next_back()
}

/// The move that is past by at most two months or ahead by at most six weeks.
pub(super) fn move_near(customer: &Customer, today: Date) -> Option<(Date, Home)> {
    customer
        .timeline
        .homes
        .changes()
        .iter()
        .find(|(date, _)| *date <= today.plus(45) && *date >= today.plus(-60))
        .cloned()
}
