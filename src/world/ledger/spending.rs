//! What people buy with their cards: how often, at which price, at which hour.

use super::super::habits::Habits;
use super::super::laws;
use super::super::tables::Category;
use crate::country::Country;
use crate::seed::{Quantiles, Stream};

/// What is bought: something of a category, cash, or a gift of money to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Buy(Category),
    Cash,
    Give,
}

/// When something is bought: hours with weights.
#[derive(Clone, Copy)]
enum Hours {
    Shop,
    Meal,
    Morning,
    Evening,
    Office,
    Commute,
    Any,
}

struct Line {
    want: Want,
    /// How often a month, in hundredths (`domain.md` 6.3).
    often: u32,
    law: &'static Quantiles,
    hours: Hours,
}

const fn line(want: Want, often: u32, law: &'static Quantiles, hours: Hours) -> Line {
    Line {
        want,
        often,
        law,
        hours,
    }
}

/// How many lines the table has.
pub(super) const LINES: usize = 25;

/// The table: categories, frequencies and laws of `domain.md` 6.3.
const SPENDING: [Line; LINES] = {
    use Category::*;
    use Hours::*;
    use Want::{Buy, Cash, Give};
    [
        line(Buy(Groceries), 1_200, &laws::GROCERIES, Shop),
        line(Buy(Restaurant), 500, &laws::RESTAURANT, Meal),
        line(Buy(FastFood), 400, &laws::FAST_FOOD, Meal),
        line(Buy(Bakery), 500, &laws::TRANSIT, Morning),
        line(Buy(Fuel), 200, &laws::FUEL, Any),
        line(Buy(Transit), 600, &laws::TRANSIT, Commute),
        line(Buy(Taxi), 60, &laws::TAXI, Evening),
        line(Buy(Pharmacy), 200, &laws::PHARMACY, Shop),
        line(Buy(Doctor), 70, &laws::DOCTOR, Office),
        line(Buy(Dentist), 20, &laws::DENTIST, Office),
        line(Buy(Specialist), 110, &laws::DENTIST, Office),
        line(Buy(Hospital), 45, &laws::DENTIST, Office),
        line(Buy(Clothing), 150, &laws::CLOTHING, Shop),
        line(Buy(Electronics), 30, &laws::ELECTRONICS, Shop),
        line(Buy(Department), 180, &laws::DEPARTMENT, Shop),
        line(Buy(Leisure), 120, &laws::TAXI, Evening),
        line(Buy(Bar), 300, &laws::BAR, Evening),
        line(Buy(Tobacco), 500, &laws::BAR, Shop),
        line(Buy(Betting), 600, &laws::BETTING, Any),
        line(Buy(Lawyer), 12, &laws::LEGAL, Office),
        line(Buy(Fines), 15, &laws::LEGAL, Office),
        line(Buy(Travel), 20, &laws::TRAVEL, Any),
        line(Buy(Pawn), 40, &laws::LEGAL, Office),
        line(Cash, 200, &laws::FUEL, Any),
        line(Give, 60, &laws::CLOTHING, Any),
    ]
};

/// The month before a birth is different.
const EXPECTING: Line = line(
    Want::Buy(Category::Maternity),
    250,
    &laws::DENTIST,
    Hours::Office,
);

/// Something that a customer is about to pay for.
pub(super) struct Wish {
    pub want: Want,
    pub price: i64,
    /// Second of the day.
    pub second: u32,
    pub on_weekdays: bool,
}

/// Running sums of frequencies for one customer.
#[derive(Clone, Debug)]
pub(super) struct Wants {
    cumulative: [u32; LINES + 1],
}

impl Wants {
    pub fn of(habits: &Habits, expecting: bool) -> Wants {
        let mut sum = 0;
        let mut cumulative = [0; LINES + 1];
        for (slot, line) in cumulative.iter_mut().zip(&SPENDING) {
            sum += match line.want {
                Want::Buy(category) if !habits.allow(category) => 0,
                _ => line.often,
            };
            *slot = sum;
        }
        cumulative[LINES] = sum + if expecting { EXPECTING.often } else { 0 };
        Wants { cumulative }
    }

    /// Something to buy, with its price in minor units. `scale` is how the customer's prices compare with
    /// the table's, in 1/1,000.
    pub fn draw(&self, country: Country, scale: i64, stream: &mut Stream) -> Wish {
        let at = stream.cumulative(&self.cumulative);
        let line = SPENDING.get(at).unwrap_or(&EXPECTING);
        // Prices against the euro (assumption).
        let level = match country {
            Country::France => 1_000,
            Country::UnitedStates => 1_200,
            Country::Britain => 900,
        };
        let law = line.law.draw(stream);
        let price = match line.want {
            // A ticket or a croissant costs the same for everybody.
            Want::Buy(
                Category::Transit
                | Category::Tobacco
                | Category::Pharmacy
                | Category::FastFood
                | Category::Bakery
                | Category::Doctor,
            ) => law * level,
            Want::Cash => law * level / 1_000 * scale.min(1_200),
            _ => law * level / 1_000 * scale,
        } / 1_000;
        let price = match line.want {
            Want::Cash => (price / 1_000).clamp(1, 30) * 1_000,
            Want::Give => (price / 500).clamp(1, 200) * 500,
            Want::Buy(_) => ending(price, stream),
        };
        Wish {
            want: line.want,
            price,
            second: line.hours.second(stream),
            on_weekdays: matches!(line.hours, Hours::Office),
        }
    }
}

/// Prices end on .00 in 25 %, on .90, .99, .95 or .50 in 45 %, anywhere in 30 % (`domain.md` 6.3).
fn ending(price: i64, stream: &mut Stream) -> i64 {
    let whole = price / 100 * 100;
    let price = match stream.below(100) {
        0..25 => whole,
        25..43 => whole + 90,
        43..56 => whole + 99,
        56..62 => whole + 95,
        62..70 => whole + 50,
        _ => price,
    };
    price.max(50)
}

impl Hours {
    /// A second of the day.
    fn second(self, stream: &mut Stream) -> u32 {
        let hour = match self {
            Hours::Shop => *stream.pick(&[
                9, 10, 10, 11, 11, 12, 13, 14, 15, 16, 16, 17, 17, 17, 18, 18, 18, 19, 19,
            ]),
            Hours::Meal => *stream.pick(&[11, 12, 12, 12, 12, 13, 13, 18, 19, 19, 20, 20, 21, 21]),
            Hours::Morning => *stream.pick(&[7, 7, 8, 8, 9, 10, 11, 12, 16, 17, 18]),
            Hours::Evening => *stream.pick(&[17, 18, 18, 19, 20, 20, 21, 21, 22, 22, 23]),
            Hours::Office => *stream.pick(&[8, 9, 9, 10, 10, 11, 14, 14, 15, 16, 16, 17]),
            Hours::Commute => *stream.pick(&[7, 7, 8, 8, 8, 9, 12, 16, 17, 17, 18, 18, 19]),
            Hours::Any => *stream.pick(&[7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]),
        };
        hour * 3_600 + stream.below(3_600)
    }
}
