//! What else a conversation can be about: the last operation of every kind, and what the customer
//! wants.

use crate::calendar::{Date, Month};
use crate::dialogue::cast::month_of;
use crate::seed::{Domain, Stream};
use crate::world::{
    Category, Counterparty, Customer, Loan, LoanKind, Money, Operation, OperationKind,
};
use std::cell::OnceCell;

const WISHES: Domain = Domain::new("cast wishes");

/// The last operation of each kind that people ask their bank about.
#[derive(Debug, Default)]
pub struct Others {
    /// A direct debit.
    pub debit: Option<Operation>,
    /// A transfer to somebody.
    pub sent: Option<Operation>,
    /// A transfer from somebody.
    pub received: Option<Operation>,
    /// Cash from a machine.
    pub cash: Option<Operation>,
    /// A fee.
    pub fee: Option<Operation>,
    /// A rent.
    pub rent: Option<Operation>,
}

impl Others {
    /// Of operations in order of time. Debits that tell something are preferred where `telling`.
    pub fn of(operations: &[Operation], telling: bool) -> Others {
        let last = |wanted: &dyn Fn(&Operation) -> bool| {
            operations
                .iter()
                .rev()
                .find(|operation| wanted(operation))
                .cloned()
        };
        // A loan has its own words.
        let of_a_shop = |op: &Operation| {
            let loan = [Category::HomeLoan, Category::ConsumerLoan];
            op.merchant()
                .is_some_and(|merchant| !loan.contains(&merchant.category))
        };
        let debit = |op: &Operation| op.kind == OperationKind::DirectDebit && of_a_shop(op);
        let person = |op: &Operation| matches!(op.counterparty, Counterparty::Person(_));
        let tells = |op: &Operation| debit(op) && op.infers().is_some();
        Others {
            debit: last(&tells).filter(|_| telling).or_else(|| last(&debit)),
            sent: last(&|op| op.kind == OperationKind::TransferOut && person(op)),
            received: last(&|op| op.kind == OperationKind::TransferIn && person(op)),
            cash: last(&|op| op.kind == OperationKind::CashWithdrawal),
            fee: last(&|op| op.kind == OperationKind::Fee),
            rent: last(&|op| op.kind == OperationKind::Rent),
        }
    }
}

/// What the customer has set, wants, or has agreed with the bank.
#[derive(Debug)]
pub struct Wishes {
    /// What the card may pay in a month, in minor units.
    pub card_limit: i64,
    /// What it should be allowed to pay.
    pub card_limit_wanted: i64,
    /// What the customer thinks of borrowing, in minor units: a round amount.
    pub borrowed: i64,
    /// The loan that the bank offers for it.
    pub loan: Offer,
    /// What a home would take, in minor units: a round amount.
    pub borrowed_for_home: i64,
    /// The home loan that the bank offers for it.
    pub mortgage: Offer,
    /// An appointment with the adviser.
    pub appointment: (Date, u32),
    /// When another person was born.
    pub other_birth: Date,
}

/// What a bank would lend; its instalment is reckoned once somebody asks.
#[derive(Debug)]
pub struct Offer {
    kind: LoanKind,
    principal: Money,
    rate: u32,
    months: u32,
    first: Month,
    loan: OnceCell<Loan>,
}

impl Offer {
    /// The loan of this offer.
    pub fn loan(&self) -> &Loan {
        self.loan.get_or_init(|| {
            Loan::quoted(
                self.kind,
                self.principal,
                self.rate,
                self.months,
                self.first,
            )
        })
    }
}

impl Wishes {
    pub(super) fn of(customer: &Customer, today: Date, seed: u64, index: u64) -> Wishes {
        let mut stream = Stream::at(seed, WISHES, index);
        // A limit is the customer's own and stays: it is drawn from their key.
        let mut own = Stream::at(seed, WISHES, u64::MAX - customer.index);
        let income = customer.work_on(today).net_monthly.max(60_000);
        let card_limit = *own.pick(&[1_000, 1_500, 2_000, 2_500, 3_000, 4_000]) * 100;
        let raise = *stream.pick(&[500, 1_000, 1_500, 2_000, 3_000]) * 100;
        let mut quote = |kind, times: i64, months: u32, rate: u32| {
            let wanted = income * times / 1_000 * i64::from(600 + stream.below(800));
            let principal = (wanted / 50_000).max(2) * 50_000;
            let offer = Offer {
                kind,
                principal: Money::new(principal, customer.country),
                rate,
                months,
                first: today.month().plus(1),
                loan: OnceCell::new(),
            };
            (principal, offer)
        };
        let (kind, times, terms) = match own.below(7) {
            0..3 => (LoanKind::Car, 6, &[36, 48, 60][..]),
            _ => (LoanKind::Personal, 2, &[12, 24, 36, 48][..]),
        };
        let (borrowed, loan) = quote(kind, times, *own.pick(terms), 420 + own.below(480));
        let years = *own.pick(&[15, 20, 25]);
        let (borrowed_for_home, mortgage) =
            quote(LoanKind::Home, 70, years * 12, 285 + own.below(160));
        let mut day = today.plus(2 + stream.below(15) as i32);
        while day.weekday() as usize > 4 || is_closed(day) {
            day = day.plus(1);
        }
        let half_hours = [18, 19, 20, 21, 22, 23, 28, 29, 30, 31, 32, 33, 34];
        Wishes {
            card_limit,
            card_limit_wanted: card_limit + raise,
            borrowed,
            borrowed_for_home,
            mortgage,
            loan,
            appointment: (day, *stream.pick(&half_hours) * 1_800),
            other_birth: Date::from_days(stream.range(-10_000, 13_000) as i32),
        }
    }
}

/// Days on which no branch is open in any of the countries.
fn is_closed(day: Date) -> bool {
    let (_, month, day) = day.ymd();
    matches!(
        (month, day),
        (1, 1) | (5, 1) | (7, 4 | 14) | (11, 11) | (12, 25 | 26)
    )
}

/// What a customer spent on one category in the month of `today`, so far.
pub(super) fn spent_on(
    customer: &Customer,
    operation: &Operation,
    now: (Date, u32),
) -> Option<i64> {
    let category = operation.category()?;
    let spent = month_of(customer, operation.date, now)
        .iter()
        .filter(|op| op.kind == OperationKind::CardPayment && op.category() == Some(category))
        .map(|op| -op.amount.minor)
        .sum();
    Some(spent)
}
