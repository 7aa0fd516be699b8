//! When a customer writes, and for what: conversations are put where the world has a reason for them.

use crate::calendar::Date;
use crate::dialogue::plot::{IntentId, Plots};
use crate::seed::{Domain, Stream};
use crate::world::{Customer, EventKind, Home};

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

/// How much likelier an intent is when the world has a reason for it.
const REASON: u32 = 25;

/// The appointment of a conversation whose day lies in `window`: a pure function of its arguments.
///
/// Intents that need an event of the timeline (a lost card, a move) are drawn only where the window
/// has one, and then more often: people write to their bank because something happened.
pub fn appointment(
    plots: &Plots,
    weights: &[u32],
    customer: &Customer,
    window: (Date, Date),
    second_goal: u32,
    seed: u64,
    index: u64,
) -> Appointment {
    let mut stream = Stream::at(seed, SCHEDULE, index);
    let lost = lost_card(customer, window);
    let moved = customer
        .timeline
        .homes
        .changes()
        .iter()
        .map(|(date, _)| *date)
        .find(|date| date.plus(-20) <= window.1 && date.plus(30) >= window.0);
    let weigh = |id: &str, weight: u32| match id {
        "lost_stolen_card" => weight * if lost.is_some() { REASON } else { 0 },
        "change_address" => weight * if moved.is_some() { REASON } else { 0 },
        _ => weight,
    };
    let mut reasons: Vec<u32> = plots
        .intents
        .iter()
        .zip(weights)
        .map(|(intent, &weight)| weigh(intent.id, weight))
        .collect();
    if reasons.iter().all(|&weight| weight == 0) {
        // Only intents without a reason were asked for: then they come without one.
        reasons.clone_from(&weights.to_vec());
    }
    let first = stream.weighted(&reasons);
    let id = plots.intents[first].id;
    let date = match (id, lost, moved) {
        ("lost_stolen_card", Some(day), _) => day,
        ("change_address", _, Some(day)) => {
            let (from, to) = (day.plus(-20).max(window.0), day.plus(30).min(window.1));
            Date::from_days(stream.range(from.days().into(), to.days().into()) as i32)
        }
        _ => some_day(window, &mut stream),
    };
    let mut goals = vec![IntentId(first as u16)];
    let wants_more = stream.chance(second_goal);
    // A second concern is one that needs no event, and another one.
    reasons[first] = 0;
    for (intent, weight) in plots.intents.iter().zip(&mut reasons) {
        if matches!(
            intent.id,
            "lost_stolen_card" | "change_address" | "purchase_notification"
        ) {
            *weight = 0;
        }
    }
    if wants_more && id != "human_handover" && reasons.iter().any(|&weight| weight > 0) {
        goals.push(IntentId(stream.weighted(&reasons) as u16));
    }
    let hour = stream.weighted(&HOURS) as u32;
    let mut second = hour * 3600 + stream.below(3600);
    let mut date = date;
    let mut newest_operation = false;
    if id == "purchase_notification"
        && let Some((day, paid)) = last_purchase(customer, date, second)
    {
        date = day;
        second = paid + 20 + stream.below(70);
        newest_operation = true;
    }
    Appointment {
        date,
        second,
        goals,
        newest_operation,
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

/// The day on which a card was reported, if it lies in the window.
fn lost_card(customer: &Customer, window: (Date, Date)) -> Option<Date> {
    customer
        .timeline
        .events()
        .iter()
        .filter(|event| {
            matches!(
                event.kind,
                EventKind::CardLost | EventKind::CardStolen | EventKind::CardCompromised
            )
        })
        .map(|event| event.date)
        .find(|date| (window.0..=window.1).contains(date))
}

/// The last card payment at a counter before a time, on the same day or up to three days before.
fn last_purchase(customer: &Customer, date: Date, second: u32) -> Option<(Date, u32)> {
    use crate::world::OperationKind::CardPayment;
    let floor = date.plus(-3).max(date.month().first());
    customer
        .ledger()
        .month(0, date.month())
        .operations
        .iter()
        .filter(|op| op.kind == CardPayment && op.merchant().is_some())
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
