//! What people buy with their cards: how often, at which price, at which hour.

use super::super::habits::Habits;
use super::super::laws;
use super::super::tables::Category;
use crate::country::Country;
use crate::seed::{Quantiles, Stream};
use std::sync::OnceLock;

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

/// One line with everything that a draw needs looked up: prices are tabulated at every 256th of the
/// law.
struct Item {
    want: Want,
    prices: [i32; STEPS + 1],
    grows: Growth,
    hours: &'static [u8],
    on_weekdays: bool,
}

/// Does a price rise with what a customer has to spend?
#[derive(Clone, Copy)]
enum Growth {
    /// It does.
    Full,
    /// A little.
    Little,
    /// A ticket or a croissant costs the same for everybody.
    None,
}

const STEPS: usize = 256;

type Items = [Item; LINES + 1];

/// The items of a country, tabulated on first use.
fn items(country: Country) -> &'static Items {
    static ITEMS: [OnceLock<Items>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    // Prices against the euro (assumption).
    let level = match country {
        Country::France => 1_000,
        Country::UnitedStates => 1_200,
        Country::Britain => 900,
    };
    ITEMS[country as usize].get_or_init(|| {
        std::array::from_fn(|at| {
            let line = SPENDING.get(at).unwrap_or(&EXPECTING);
            let price = |step: usize| {
                let permyriad = (step * 10_000 / STEPS).min(9_999) as u32;
                (line.law.at(permyriad, 0) * level / 1_000) as i32
            };
            Item {
                want: line.want,
                prices: std::array::from_fn(price),
                grows: match line.want {
                    Want::Buy(
                        Category::Transit
                        | Category::Tobacco
                        | Category::Pharmacy
                        | Category::FastFood
                        | Category::Bakery
                        | Category::Doctor,
                    ) => Growth::None,
                    Want::Cash => Growth::Little,
                    _ => Growth::Full,
                },
                hours: line.hours.table(),
                on_weekdays: matches!(line.hours, Hours::Office),
            }
        })
    })
}

/// What one customer buys: every line as often among the slots as in the customer's months.
#[derive(Clone)]
pub(super) struct Wants {
    items: &'static Items,
    slots: [u8; SLOTS],
}

const SLOTS: usize = 512;

impl std::fmt::Debug for Wants {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wants").finish_non_exhaustive()
    }
}

impl Wants {
    pub fn of(country: Country, habits: &Habits, expecting: bool) -> Wants {
        let often = |line: &Line| match line.want {
            Want::Buy(category) if !habits.allow(category) => 0,
            _ => line.often as usize,
        };
        let more = if expecting {
            EXPECTING.often as usize
        } else {
            0
        };
        let all = SPENDING.iter().map(often).sum::<usize>() + more;
        // Slots beyond the last line of the table are for what only expecting people buy.
        let mut slots = [LINES as u8; SLOTS];
        let (mut sum, mut from) = (0, 0);
        for (at, line) in SPENDING.iter().enumerate() {
            sum += often(line);
            let to = sum * SLOTS / all;
            slots[from..to].fill(at as u8);
            from = to;
        }
        Wants {
            items: items(country),
            slots,
        }
    }

    /// Something to buy, with its price in minor units. `scale` is how the customer's prices
    /// compare with the table's, in 1/1,000.
    ///
    /// Two words of the stream make the whole wish, each bit used once.
    pub fn draw(&self, scale: i64, stream: &mut Stream) -> Wish {
        let (first, second) = (stream.bits(), stream.bits());
        let item = &self.items[usize::from(self.slots[(first >> 55) as usize])];
        let step = (second >> 56) as usize;
        let (low, high) = (item.prices[step], item.prices[step + 1]);
        let between = ((second >> 40) & 0xffff) as i64;
        let price = i64::from(low) + ((i64::from(high - low) * between) >> 16);
        let price = match item.grows {
            Growth::Full => price * scale / 1_000,
            Growth::Little => price * scale.min(1_200) / 1_000,
            Growth::None => price,
        };
        let price = match item.want {
            Want::Cash => (price / 1_000).clamp(1, 30) * 1_000,
            Want::Give => (price / 500).clamp(1, 200) * 500,
            Want::Buy(_) => ending(price, share(first & 0xffff, 100)),
        };
        let hour = item.hours[share((second >> 24) & 0xffff, item.hours.len())];
        let in_hour = share((second >> 8) & 0xffff, 3_600) as u32;
        Wish {
            want: item.want,
            price,
            second: u32::from(hour) * 3_600 + in_hour,
            on_weekdays: item.on_weekdays,
        }
    }
}

/// A number below `bound` from sixteen bits.
fn share(bits: u64, bound: usize) -> usize {
    (bits as usize * bound) >> 16
}

/// Prices end on .00 in 25 %, on .90, .99, .95 or .50 in 45 %, anywhere in 30 % (`domain.md` 6.3).
fn ending(price: i64, percent: usize) -> i64 {
    let whole = price / 100 * 100;
    let price = match percent {
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
    /// Hours of the day, the busy ones several times.
    fn table(self) -> &'static [u8] {
        match self {
            Hours::Shop => &[
                9, 10, 10, 11, 11, 12, 13, 14, 15, 16, 16, 17, 17, 17, 18, 18, 18, 19, 19,
            ],
            Hours::Meal => &[11, 12, 12, 12, 12, 13, 13, 18, 19, 19, 20, 20, 21, 21],
            Hours::Morning => &[7, 7, 8, 8, 9, 10, 11, 12, 16, 17, 18],
            Hours::Evening => &[17, 18, 18, 19, 20, 20, 21, 21, 22, 22, 23],
            Hours::Office => &[8, 9, 9, 10, 10, 11, 14, 14, 15, 16, 16, 17],
            Hours::Commute => &[7, 7, 8, 8, 8, 9, 12, 16, 17, 17, 18, 18, 19],
            Hours::Any => &[7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21],
        }
    }
}
