//! The cast: who and what a conversation is about, drawn from the world for one day.
//!
//! Invariant: everything that a phrase can name is true in the world on that day; the cast reads the
//! world and never changes it.

mod facts;
mod schedule;

use crate::calendar::{Date, Moment};
use crate::conversation::{Speaker, Split};
use crate::country::Country;
use crate::dialogue::path::{Path, Role, Roles};
use crate::identifiers::{Made, codes};
use crate::seed::{Domain, Quantiles, Stream};
use crate::taxonomy::Label;
use crate::wording::values::Datum;
use crate::world::{
    Card, Customer, EventKind, FullName, Habit, Home, Money, Operation, OperationKind, Sex,
    ThirdPerson, World,
};

pub use schedule::{Appointment, appointment};

const CAST: Domain = Domain::new("cast");
const CODES: Domain = Domain::new("cast codes");

/// Seconds between a message and the answer to it. Medians and tails after generation.md: a bot
/// answers at once, an agent in minutes, a customer in a quarter of a minute (log-normal).
const CUSTOMER_GAP: Quantiles = Quantiles(&[
    (0, 2),
    (1_000, 5),
    (2_500, 8),
    (5_000, 14),
    (7_500, 25),
    (9_000, 48),
    (9_700, 120),
    (9_950, 900),
    (10_000, 5_400),
]);
const AGENT_GAP: Quantiles = Quantiles(&[
    (0, 20),
    (5_000, 55),
    (9_000, 120),
    (9_900, 180),
    (10_000, 420),
]);

/// Who and what a conversation is about.
#[derive(Debug)]
pub struct Cast<'w> {
    customer: &'w Customer,
    seed: u64,
    index: u64,
    now: (Date, u32),
    card: usize,
    operations: Vec<Operation>,
    operation: usize,
    salary: Option<Operation>,
    payee: ThirdPerson,
    transfer: Money,
    moved: Option<(Date, Home)>,
    otp: Made,
    /// How many codes were sent before it.
    codes: u64,
    case: Made,
    agent: FullName,
    balance: Money,
    /// Texts that data of the conversation borrows.
    texts: facts::Texts,
    available: Roles,
}

impl<'w> Cast<'w> {
    /// The cast of the conversation at `index`, at its appointment.
    pub fn new(
        world: &'w World,
        customer: &'w Customer,
        seed: u64,
        index: u64,
        appointment: &Appointment,
    ) -> Cast<'w> {
        let mut stream = Stream::at(seed, CAST, index);
        let today = appointment.date;
        let ledger = customer.ledger();
        let month = ledger.month(0, today.month());
        let now = (today, appointment.second);
        let mut recent = month.operations;
        recent.retain(|operation| (operation.date, operation.second) <= now);
        // The balance is what the ledger had at the start of the month and what moved since.
        let moved: i64 = recent.iter().map(|operation| operation.amount.minor).sum();
        let balance = Money {
            minor: month.opening.minor + moved,
            ..month.opening
        };
        if recent.len() < 12 {
            let mut before = ledger.month(0, today.month().plus(-1)).operations;
            before.append(&mut recent);
            recent = before;
        }
        let salary = recent
            .iter()
            .rev()
            .find(|op| op.kind == OperationKind::Salary)
            .cloned();
        let mut operations: Vec<Operation> = recent
            .into_iter()
            .rev()
            .filter(|op| op.kind == OperationKind::CardPayment && op.merchant().is_some())
            .take(8)
            .collect();
        if !appointment.newest_operation && operations.len() > 1 {
            stream.shuffle(&mut operations);
        }
        // People write more often about what matters to them.
        if stream.chance(350)
            && let Some(telling) = operations.iter().position(|op| op.infers().is_some())
        {
            operations.swap(0, telling);
        }
        let payee_key = customer.index * 4 + u64::from(stream.below(4));
        let whole = [
            20, 30, 50, 60, 80, 100, 120, 150, 200, 250, 300, 350, 400, 500, 650, 800,
        ];
        let transfer = i64::from(*stream.pick(&whole)) * 100
            + if stream.chance(250) {
                stream.range(1, 99)
            } else {
                0
            };
        let mut cast = Cast {
            customer,
            seed,
            index,
            now,
            card: customer.card_index_on(today),
            operations,
            operation: 0,
            salary,
            payee: world.third_person(customer.split, payee_key),
            transfer: Money::new(transfer, customer.country),
            moved: schedule::move_near(customer, today),
            otp: codes::otp(&mut stream),
            codes: 0,
            case: codes::case_reference(today.ymd().0, index % 100_000, &mut stream),
            agent: world.agent(&customer.bank, u64::from(stream.below(9))),
            balance,
            texts: facts::Texts::default(),
            available: Roles::default(),
        };
        cast.texts = facts::Texts::of(&cast);
        cast.available = cast.roles();
        cast
    }

    fn roles(&self) -> Roles {
        let (today, customer) = (self.now.0, self.customer);
        let lately = |kind: EventKind, days: i32| {
            customer
                .timeline
                .events()
                .iter()
                .any(|e| e.kind == kind && (0..=days).contains(&(today.days() - e.date.days())))
        };
        let soon = |kind: EventKind, days: i32| {
            customer
                .timeline
                .events()
                .iter()
                .any(|e| e.kind == kind && (0..=days).contains(&(e.date.days() - today.days())))
        };
        let short = self.balance.minor < 5_000 || customer.habits.has(Habit::Hardship);
        [
            (Role::Card, true),
            (Role::Iban, customer.country == Country::France),
            (Role::SortCode, customer.country == Country::Britain),
            (Role::Routing, customer.country == Country::UnitedStates),
            (Role::Operation, !self.operations.is_empty()),
            (Role::Category, !self.operations.is_empty()),
            (Role::Salary, self.salary.is_some()),
            (Role::Employer, customer.employer_on(today).is_some()),
            (Role::Occupation, customer.occupation_on(today).is_some()),
            (Role::Payee, true),
            (Role::Transfer, true),
            (Role::Move, self.moved.is_some()),
            (Role::Otp, true),
            (Role::Agent, true),
            (Role::Separation, lately(EventKind::Separated, 150)),
            (
                Role::Birth,
                lately(EventKind::ChildBorn, 90) || soon(EventKind::ChildBorn, 150),
            ),
            (
                Role::Wedding,
                lately(EventKind::Married, 120) || soon(EventKind::Married, 90),
            ),
            (
                Role::Bereavement,
                lately(EventKind::Widowed, 200) || lately(EventKind::ParentDied, 150),
            ),
            (Role::JobLoss, lately(EventKind::LostJob, 120)),
            (
                Role::Retirement,
                lately(EventKind::Retired, 150) || soon(EventKind::Retired, 90),
            ),
            (Role::Illness, customer.habits.has(Habit::Illness)),
            (Role::Hardship, short),
            (Role::Limit, customer.accounts[0].overdraft_limit.minor > 0),
        ]
        .into_iter()
        .filter(|(_, there)| *there)
        .fold(Roles::default(), |roles, (role, _)| roles.with(role))
    }

    /// The roles that are filled.
    pub fn available(&self) -> Roles {
        self.available
    }

    /// The customer's country.
    pub fn country(&self) -> Country {
        self.customer.country
    }

    /// Is the customer British?
    pub fn is_british(&self) -> bool {
        self.customer.country == Country::Britain
    }

    /// The day of the conversation.
    pub fn today(&self) -> Date {
        self.now.0
    }

    /// The hour, now.
    pub fn hour(&self) -> u32 {
        self.now.1 / 3600
    }

    /// Is the customer a woman?
    pub fn customer_is_female(&self) -> bool {
        self.customer.person.sex == Sex::Female
    }

    /// Is the payee a woman?
    pub fn payee_is_female(&self) -> bool {
        self.payee.name.sex == Sex::Female
    }

    /// Is the agent a woman?
    pub fn agent_is_female(&self) -> bool {
        self.agent.sex == Sex::Female
    }

    /// Another operation is the subject from here on.
    pub fn next_operation(&mut self) {
        if !self.operations.is_empty() {
            self.operation = (self.operation + 1) % self.operations.len();
            self.texts = facts::Texts::of(self);
        }
    }

    /// Another one-time code is on its way from here on, as long as the bank's codes are.
    pub fn next_code(&mut self) {
        let mut stream = Stream::at(self.seed, CODES, self.index << 8 | self.codes);
        self.codes += 1;
        let length = self.otp.value.len();
        let old = std::mem::replace(&mut self.otp, codes::otp(&mut stream)).value;
        while self.otp.value.len() != length || self.otp.value == old {
            self.otp = codes::otp(&mut stream);
        }
    }

    /// The card that it is about.
    pub fn card(&self) -> &'w Card {
        &self.customer.cards[self.card]
    }

    /// The operation that it is about.
    pub fn operation(&self) -> Option<&Operation> {
        self.operations.get(self.operation)
    }

    /// The split of the customer.
    pub fn split(&self) -> Split {
        self.customer.split
    }

    /// Time passes until `speaker` has written `length` bytes; returns when it is sent.
    pub fn tick(&mut self, speaker: Speaker, length: usize, stream: &mut Stream) -> Moment {
        let typed = length as i64;
        let gap = match speaker {
            Speaker::Bot | Speaker::Notification => stream.range(0, 2),
            Speaker::Agent => AGENT_GAP.draw(stream) + typed / 6,
            Speaker::Customer => CUSTOMER_GAP.draw(stream) + typed / 5,
        };
        let second = self.now.1 + gap as u32;
        self.now = (self.now.0.plus((second / 86_400) as i32), second % 86_400);
        Moment::new(self.now.0, self.now.1, self.customer.country.zone())
    }

    /// A fact of the cast, ready to be written. `None` where its role is not filled.
    pub fn datum(&self, path: Path) -> Option<Datum<'_>> {
        facts::datum(self, path)
    }

    /// Label, kind and normal form of a fact that words of a phrase state.
    pub fn stated(&self, path: Path) -> (Label, &'static str, &'static str) {
        facts::stated(path)
    }
}
