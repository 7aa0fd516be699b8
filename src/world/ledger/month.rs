//! A month of the current account: fixed costs first, then purchases until what may be spent is
//! spent.

use super::super::habits::Habit;
use super::super::life::Tenure;
use super::super::tables::{Category, Merchant};
use super::super::{LoanKind, Town, third};
use super::operation::{Counterparty, Operation, OperationKind};
use super::spending::{Want, Wants, Wish};
use super::{Ledger, MonthOfLedger, recurring};
use crate::calendar::{Date, Month};
use crate::country::Country;
use crate::seed::{Domain, Stream, mix};

/// Purchases of a month at most; with everything else they number below 128.
const MOST_PURCHASES: usize = 64;

/// What one purchase of the table costs on average, in minor units: the frequencies and means of
/// `domain.md` 6.3.
const MEAN_PRICE: i64 = 2_700;

/// What an ordinary month's purchases of the table cost together.
const ORDINARY: i64 = 110_000;

impl Ledger<'_> {
    pub(super) fn current_month(&self, month: Month) -> MonthOfLedger {
        let opening = self.current_closing(month.plus(-1));
        let closing = self.current_closing(month);
        let stream = &mut self.stream(Domain::new("world.month"), month);
        let mut operations = Vec::with_capacity(72);
        self.income(month, stream, &mut operations);
        self.fixed(month, stream, &mut operations);
        self.to_savings(month, &mut operations);
        self.given(month, stream, &mut operations);
        let moved: i64 = operations.iter().map(|o| o.amount.minor).sum();
        let mut budget = opening + moved - closing;
        let least = self.phase(month).discretionary / 4 + 2_000;
        if budget < least {
            // Family helps out with a round sum.
            let help = (least - budget + 4_999) / 5_000 * 5_000;
            let date = month.day(4 + stream.below(12));
            let from = Counterparty::Person(self.acquaintance(0));
            let second = 9 * 3_600 + stream.below(36_000);
            operations.push(self.operation(date, second, OperationKind::TransferIn, help, from));
            budget += help;
        }
        self.purchases(month, budget, stream, &mut operations);
        let mut operations = in_order(operations);
        self.number(0, month, &mut operations);
        MonthOfLedger {
            account: 0,
            month,
            opening: self.money(opening),
            closing: self.money(closing),
            operations,
        }
    }

    /// Rent, loans, subscriptions and fees.
    fn fixed(&self, month: Month, stream: &mut Stream, out: &mut Vec<Operation>) {
        let home = self.customer.home_on(month.first());
        let debit = OperationKind::DirectDebit;
        let early = 5 * 3_600;
        if home.tenure == Tenure::Tenant {
            let landlord = mix(self.customer.key ^ home.cost as u64);
            let merchants = self.tables.commerce.merchants(Category::Rent);
            let to = match landlord % 4 {
                0 => Counterparty::Person(self.acquaintance(9)),
                _ => Counterparty::Merchant(&merchants[(landlord >> 8) as usize % merchants.len()]),
            };
            let date = month.day(3 + (landlord >> 40) as u32 % 6);
            out.push(self.operation(date, early, OperationKind::Rent, -home.cost, to));
        }
        for loan in &self.customer.loans {
            if (loan.first..=loan.last()).contains(&month) {
                let category = match loan.kind {
                    LoanKind::Home => Category::HomeLoan,
                    LoanKind::Car | LoanKind::Personal => Category::ConsumerLoan,
                };
                let to = Counterparty::Merchant(&self.tables.commerce.merchants(category)[0]);
                let date = month.day(5 + loan.contract % 6);
                out.push(self.operation(date, early, debit, -loan.instalment.minor, to));
            }
        }
        for payment in &self.recurring {
            if recurring::due(payment, home.tenure) {
                let to = Counterparty::Merchant(payment.merchant);
                out.push(self.operation(month.day(payment.day), early, debit, -payment.amount, to));
            }
        }
        if self.customer.habits.has(Habit::Hardship) {
            let fee = match self.customer.country {
                Country::France => 800,
                Country::UnitedStates => 3_500,
                Country::Britain => 1_000,
            };
            for _ in 0..stream.weighted(&[55, 25, 13, 7]) {
                let date = month.day(10 + stream.below(16));
                out.push(self.operation(date, early, OperationKind::Fee, -fee, Counterparty::Bank));
            }
        }
    }

    /// Money that friends pay back.
    fn given(&self, month: Month, stream: &mut Stream, out: &mut Vec<Operation>) {
        if stream.chance(380) {
            let amount = 500 * (2 + i64::from(stream.below(14)));
            let who = Counterparty::Person(self.acquaintance(1 + stream.below(4)));
            let date = month.day(1 + stream.below(28));
            let second = 8 * 3_600 + stream.below(14 * 3_600);
            out.push(self.operation(date, second, OperationKind::TransferIn, amount, who));
        }
    }

    fn purchases(&self, month: Month, budget: i64, stream: &mut Stream, out: &mut Vec<Operation>) {
        let ordinary = self.phase(month).discretionary;
        // Who has more to spend buys more and dearer: half of each.
        let scale = (ordinary.max(1) * 1_000_000 / ORDINARY)
            .isqrt()
            .max(budget * 1_000 / (MEAN_PRICE * (MOST_PURCHASES as i64 - 8)))
            .max(550);
        let expecting = self.customer.habits.expects_in(month);
        let wants =
            expecting.then(|| Wants::of(self.customer.country, &self.customer.habits, true));
        let wants = wants.as_ref().unwrap_or(&self.wants);
        let outing = &Outing::of(month, self.trip(month, stream));
        let mut left = budget;
        let mut tries = 0;
        let mut bought = 0;
        while left > 3 * scale && bought < MOST_PURCHASES && tries < 5 {
            let wish = wants.draw(scale, stream);
            if wish.price + scale > left {
                tries += 1;
                continue;
            }
            left -= wish.price;
            bought += 1;
            out.push(self.purchase(outing, &wish, stream));
        }
        if left > 0 {
            // What is left to the cent is one more purchase, of a size that fits.
            let category = match left / scale {
                0..=11 => Category::Groceries,
                12..=40 => Category::Department,
                _ => Category::Travel,
            };
            let last = Wish {
                want: Want::Buy(category),
                price: left,
                second: 10 * 3_600 + stream.below(9 * 3_600),
                on_weekdays: false,
            };
            out.push(self.purchase(outing, &last, stream));
        }
    }

    fn purchase(&self, outing: &Outing, wish: &Wish, stream: &mut Stream) -> Operation {
        let date = outing.day(wish.on_weekdays, stream);
        let (kind, counterparty, local) = match wish.want {
            Want::Buy(category) => {
                let merchant = self.merchant(category, stream);
                let to = Counterparty::Merchant(merchant);
                (OperationKind::CardPayment, to, category.is_local())
            }
            Want::Cash => (
                OperationKind::CashWithdrawal,
                Counterparty::CashMachine,
                true,
            ),
            Want::Give => {
                let who = Counterparty::Person(self.acquaintance(1 + stream.below(4)));
                (OperationKind::TransferOut, who, false)
            }
        };
        let by_card = kind != OperationKind::TransferOut;
        Operation {
            town: local.then(|| match outing.trip {
                Some((first, last, town)) if (first..=last).contains(&date) => town,
                _ => self.customer.address_on(date).town,
            }),
            card: by_card.then(|| self.customer.card_index_on(date)),
            reference: (stream.bits() >> 40) as u32,
            ..self.operation(date, wish.second, kind, -wish.price, counterparty)
        }
    }

    /// One of the customer's usual merchants, three times of four; else any.
    fn merchant(&self, category: Category, stream: &mut Stream) -> &'static Merchant {
        let merchants = self.tables.commerce.merchants(category);
        let usual = u64::from(stream.below(4));
        if usual == 3 {
            return stream.pick(merchants);
        }
        let place = mix(self.customer.key ^ mix((category as u64) << 8 | usual)) >> 32;
        &merchants[((place * merchants.len() as u64) >> 32) as usize]
    }

    /// Some days away from home, longer in summer.
    fn trip(&self, month: Month, stream: &mut Stream) -> Trip {
        let (permille, longest) = match month.ym().1 {
            7 | 8 => (650, 14),
            12 => (450, 7),
            _ => (380, 4),
        };
        let town = self.tables.places.town(stream);
        let first = month.day(1 + stream.below(28));
        let last = first.plus(stream.below(longest) as i32);
        stream.chance(permille).then_some((first, last, town))
    }

    /// Somebody whom the customer knows.
    fn acquaintance(&self, nth: u32) -> super::super::FullName {
        let index = self.customer.key * 16 + u64::from(nth);
        let domain = Domain::new("world.acquaintance");
        let stream = &mut Stream::at(self.customer.seed, domain, index);
        third::name_from(self.tables, stream)
    }
}

/// First and last day away from home, and where.
type Trip = Option<(Date, Date, &'static Town)>;

/// The days of a month, the busy ones several times, and where its customer spends them.
struct Outing {
    first: Date,
    first_weekday: u8,
    days: [u8; 208],
    count: u32,
    trip: Trip,
}

impl Outing {
    fn of(month: Month, trip: Trip) -> Outing {
        // Sparkov's weights of days: Monday 80, Friday 150, Saturday and Sunday 175.
        const BUSY: [u8; 7] = [4, 4, 5, 6, 8, 9, 9];
        let first = month.first();
        let mut weekday = first.weekday() as usize;
        let mut outing = Outing {
            first,
            first_weekday: weekday as u8,
            days: [0; 208],
            count: 0,
            trip,
        };
        for day in 0..month.length() as u8 {
            let count = outing.count as usize;
            let next = count + usize::from(BUSY[weekday]);
            outing.days[count..next].fill(day);
            outing.count = next as u32;
            weekday = (weekday + 1) % 7;
        }
        outing
    }

    /// Some day; a Friday or a Monday instead of a weekend for what needs an open office.
    fn day(&self, on_weekdays: bool, stream: &mut Stream) -> Date {
        let day = self.days[stream.below(self.count) as usize];
        let mut date = self.first.plus(i32::from(day));
        if on_weekdays {
            date = match ((self.first_weekday + day) % 7, day) {
                (5, 0) => date.plus(2),
                (6, 0 | 1) => date.plus(1),
                (5, _) => date.plus(-1),
                (6, _) => date.plus(-2),
                _ => date,
            };
        }
        date
    }
}

/// The operations by time, those of one second in the order in which they were drawn. Operations
/// are large, so their keys are sorted and each moves once.
fn in_order(operations: Vec<Operation>) -> Vec<Operation> {
    let mut keys: Vec<u64> = operations
        .iter()
        .enumerate()
        .map(|(place, o)| {
            let seconds = o.date.days() as u64 * 86_400 + u64::from(o.second);
            seconds << 8 | place as u64
        })
        .collect();
    keys.sort_unstable();
    let place = |key: u64| (key & 255) as usize;
    keys.into_iter()
        .map(|key| operations[place(key)].clone())
        .collect()
}
