//! The cast: who and what a conversation is about, drawn from the world for one day.
//!
//! Invariant: everything that a phrase can name is true in the world on that day; the cast reads the
//! world and never changes it.

mod facts;
mod others;
mod schedule;
mod traits;

use crate::calendar::{Date, Moment};
use crate::conversation::{Speaker, Split};
use crate::country::Country;
use crate::dialogue::path::{Path, Role, Roles};
use crate::identifiers::social::Document;
use crate::identifiers::{Made, codes};
use crate::seed::{Domain, Quantiles, Stream};
use crate::taxonomy::Label;
use crate::wording::values::Datum;
use crate::world::{
    Address, Card, Customer, EventKind, FullName, Habit, Home, Loan, LoanKind, Marital, Money,
    Operation, OperationKind, Sex, ThirdPerson, World,
};
use others::{Others, Wishes};
use std::cell::OnceCell;
use std::ops::Range;

pub use schedule::{Appointment, appointment};

const CAST: Domain = Domain::new("cast");
const CASES: Domain = Domain::new("cast cases");
const CODES: Domain = Domain::new("cast codes");

/// Below this, in minor units, a balance is low: what banks let an alert start from.
const LOW: i64 = 20_000;

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

/// The operations of the month of `date` on the current account, up to a moment.
fn month_of(customer: &Customer, date: Date, now: (Date, u32)) -> Vec<Operation> {
    let mut operations = customer.ledger().month(0, date.month()).operations;
    operations.retain(|operation| (operation.date, operation.second) <= now);
    operations
}

/// A person whom the customer knows, drawn once somebody speaks of them.
#[derive(Debug)]
struct Acquaintance {
    key: u64,
    person: OnceCell<ThirdPerson>,
}

impl Acquaintance {
    fn of(key: u64) -> Acquaintance {
        let person = OnceCell::new();
        Acquaintance { key, person }
    }
}

/// An employee of the customer's bank: the `nth` of some, or the next who bears neither of the customer's names.
fn colleague(
    world: &World,
    customer: &Customer,
    today: Date,
    some: Range<u64>,
    nth: u64,
) -> FullName {
    let own = customer.name_on(today);
    let count = some.end - some.start;
    let named = |k: u64| world.agent(&customer.bank, some.start + (nth + k) % count);
    let other = |name: &FullName| name.given != own.given && name.family != own.family;
    (0..count)
        .map(named)
        .find(other)
        .unwrap_or_else(|| named(0))
}

/// Who and what a conversation is about.
#[derive(Debug)]
pub struct Cast<'w> {
    world: &'w World,
    customer: &'w Customer,
    seed: u64,
    index: u64,
    now: (Date, u32),
    card: usize,
    operations: Vec<Operation>,
    operation: usize,
    salary: Option<Operation>,
    payee: Acquaintance,
    transfer: Money,
    moved: Option<(Date, Home)>,
    otp: Made,
    /// How many codes were sent before it.
    codes: u64,
    /// How many personal links were sent before the one at hand.
    links: u64,
    /// How many concerns came before the one at hand.
    concerns: u64,
    case: Made,
    agent: FullName,
    balance: Money,
    /// What else it can be about.
    others: Others,
    /// A person besides customer and payee.
    other: Acquaintance,
    /// The customer's adviser at the bank.
    adviser: FullName,
    /// What the customer wants, once somebody speaks of it.
    wishes: OnceCell<Wishes>,
    /// Texts that data of the conversation borrows.
    texts: facts::Texts,
    available: Roles,
    /// What files the customer has at hand for the concern.
    documents: &'static [Document],
    lifelike: bool,
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
        let others = Others::of(&recent, stream.chance(350));
        let mut operations: Vec<Operation> = recent
            .into_iter()
            .rev()
            .filter(|op| op.kind == OperationKind::CardPayment && op.merchant().is_some())
            .take(8)
            .collect();
        if !appointment.newest_operation && operations.len() > 1 {
            stream.shuffle(&mut operations);
        }
        // What else is named comes newest first, as on a statement.
        if let Some((_, others)) = operations.split_first_mut() {
            others.sort_by_key(|op| std::cmp::Reverse((op.date, op.second)));
        }
        // People write more often about what matters to them.
        if stream.chance(350)
            && let Some(telling) = operations.iter().position(|op| op.infers().is_some())
        {
            operations.swap(0, telling);
        }
        // Four people whom the customer pays, and two more whom they know.
        let payee_key = customer.index * 8 + u64::from(stream.below(4));
        let other_key = customer.index * 8 + 4 + u64::from(stream.below(2));
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
            world,
            customer,
            seed,
            index,
            now,
            card: customer.card_index_on(today),
            operations,
            operation: 0,
            salary,
            payee: Acquaintance::of(payee_key),
            transfer: Money::new(transfer, customer.country),
            moved: schedule::move_near(customer, today),
            otp: codes::otp(&mut stream),
            codes: 0,
            links: 0,
            concerns: 0,
            case: codes::case_reference(today.ymd().0, index % 100_000, &mut stream),
            agent: colleague(world, customer, today, 0..9, u64::from(stream.below(9))),
            balance,
            others,
            other: Acquaintance::of(other_key),
            adviser: colleague(world, customer, today, 9..13, customer.index % 4),
            wishes: OnceCell::new(),
            texts: facts::Texts::default(),
            available: Roles::default(),
            documents: Document::ALL,
            lifelike: false,
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
        let near =
            |kind: EventKind, before: i32, after: i32| soon(kind, before) || lately(kind, after);
        let short = self.balance.minor < 5_000 || customer.habits.has(Habit::Hardship);
        let france = customer.country == Country::France;
        let partner = customer.timeline.partner;
        let other_sex = partner.is_some_and(|partner| partner.sex != customer.person.sex);
        [
            (Role::Card, true),
            (Role::Iban, france),
            (Role::Rib, france),
            (Role::SortCode, customer.country == Country::Britain),
            (Role::Routing, customer.country == Country::UnitedStates),
            (Role::Operation, !self.operations.is_empty()),
            (Role::Category, !self.operations.is_empty()),
            (Role::Salary, self.salary.is_some()),
            (Role::Employer, customer.employer_on(today).is_some()),
            (Role::Occupation, customer.occupation_on(today).is_some()),
            (Role::Payee, true),
            (Role::Abroad, true),
            (Role::Transfer, true),
            (Role::Sent, self.others.sent.is_some()),
            (Role::Received, self.others.received.is_some()),
            (Role::Debit, self.others.debit.is_some()),
            (
                Role::Mandate,
                self.others.debit.is_some() && self.customer.country == Country::France,
            ),
            (Role::Cash, self.others.cash.is_some()),
            (Role::Fee, self.others.fee.is_some()),
            (Role::Rent, self.others.rent.is_some()),
            (Role::Move, self.moved.is_some()),
            (Role::Otp, true),
            (Role::Agent, true),
            (Role::Bot, true),
            (Role::Separation, lately(EventKind::Separated, 150)),
            (Role::Birth, near(EventKind::ChildBorn, 150, 90)),
            (Role::Wedding, near(EventKind::Married, 90, 120)),
            (
                Role::Bereavement,
                lately(EventKind::Widowed, 200) || lately(EventKind::ParentDied, 150),
            ),
            (Role::JobLoss, lately(EventKind::LostJob, 120)),
            (
                Role::NewJob,
                lately(EventKind::FoundJob, 90) || lately(EventKind::ChangedJob, 90),
            ),
            (Role::Retirement, near(EventKind::Retired, 90, 150)),
            (Role::Hardship, short),
            // Of two women or two men, "my wife" would tell more than that there is one.
            (
                Role::Spouse,
                other_sex && customer.marital_on(today) == Marital::Married,
            ),
            (Role::Widowed, other_sex && lately(EventKind::Widowed, 200)),
            (Role::Ex, other_sex && lately(EventKind::Separated, 150)),
            (Role::Low, self.balance.minor < LOW),
            (
                Role::Uncovered,
                self.operation()
                    .is_some_and(|purchase| self.balance.minor < -purchase.amount.minor),
            ),
            (Role::Limit, customer.accounts[0].overdraft_limit.minor > 0),
            (Role::Loan, self.loan().is_some()),
            (Role::Mortgage, self.mortgage().is_some()),
            (
                Role::Partner,
                customer.timeline.partner.is_some()
                    && matches!(
                        customer.marital_on(today),
                        Marital::Married | Marital::Couple
                    ),
            ),
            (Role::Marital, customer.marital_on(today) != Marital::Couple),
            (Role::Pregnancy, customer.habits.expects_on(today)),
            (Role::NewPhone, near(EventKind::ChangedMobile, 5, 30)),
            (Role::NewEmail, near(EventKind::ChangedEmail, 5, 30)),
            (Role::NewCard, self.card > 0),
        ]
        .into_iter()
        .filter(|(_, there)| *there)
        .map(|(role, _)| role)
        .chain(traits::of(customer).filter(|role| !matches!(role, Role::Loan | Role::Mortgage)))
        .fold(Roles::default(), Roles::with)
    }

    /// Whom the customer pays.
    fn payee(&self) -> &ThirdPerson {
        self.person(&self.payee)
    }

    /// A person besides customer and payee.
    fn other(&self) -> &ThirdPerson {
        self.person(&self.other)
    }

    fn person<'c>(&self, known: &'c Acquaintance) -> &'c ThirdPerson {
        let split = self.customer.split;
        let drawn = || self.world.third_person(split, known.key);
        known.person.get_or_init(drawn)
    }

    /// What the customer has set, wants, or has agreed with the bank.
    pub(super) fn wishes(&self) -> &Wishes {
        self.wishes
            .get_or_init(|| Wishes::of(self.customer, self.today(), self.seed, self.index))
    }

    /// A loan that is being paid back, other than for a home where there is one.
    pub(super) fn loan(&self) -> Option<&'w Loan> {
        let mut loans = self.loans();
        let first = loans.next();
        loans
            .chain(first)
            .min_by_key(|loan| loan.kind == LoanKind::Home)
    }

    /// A home loan that is being paid back.
    pub(super) fn mortgage(&self) -> Option<&'w Loan> {
        self.loans().find(|loan| loan.kind == LoanKind::Home)
    }

    fn loans(&self) -> impl Iterator<Item = &'w Loan> {
        let month = self.today().month();
        let running = move |loan: &&Loan| (loan.first..loan.last()).contains(&month);
        self.customer.loans.iter().filter(running)
    }

    /// What was spent on the category of the operation in its month, so far.
    pub(super) fn spend_total(&self) -> Option<i64> {
        others::spent_on(self.customer, self.operation()?, self.now)
    }

    /// Where the customer lived before the move.
    pub(super) fn home_before(&self) -> Option<&'w Address> {
        let (date, _) = self.moved.as_ref()?;
        Some(self.customer.address_on(date.plus(-1)))
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
        self.payee().name.sex == Sex::Female
    }

    /// Is the customer's partner a woman?
    pub fn partner_is_female(&self) -> bool {
        let partner = self.customer.timeline.partner;
        partner.is_some_and(|partner| partner.sex == Sex::Female)
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

    /// Another concern is the subject from here on: it has a file and links of its own.
    pub fn next_concern(&mut self) {
        self.concerns += 1;
        self.next_link();
        let serial = self.index % 100_000 + 100_000 * (self.concerns % 10);
        let mut stream = Stream::at(self.seed, CASES, self.index << 8 | self.concerns);
        self.case = codes::case_reference(self.today().ymd().0, serial, &mut stream);
    }

    /// Another personal link is sent from here on.
    pub fn next_link(&mut self) {
        self.links += 1;
    }

    /// The card that it is about.
    pub fn card(&self) -> &'w Card {
        &self.customer.cards[self.card]
    }

    /// A number for one thing of this conversation.
    pub(super) fn serial(&self, path: Path) -> u64 {
        self.index * 16 + path as u64 % 16
    }

    /// The stream of one thing of this conversation: the same whenever it is named.
    pub(super) fn stream(&self, path: Path) -> Stream {
        Stream::at(self.seed, Domain::new(path.name()), self.index)
    }

    /// The card before it.
    pub(super) fn card_before(&self) -> Option<&'w Card> {
        self.customer.cards.get(self.card.checked_sub(1)?)
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
        let zone = self.customer.country.zone();
        let offset = |(date, second): (Date, u32)| zone.offset_minutes(date, second / 60);
        let before = offset(self.now);
        let second = self.now.1 + gap as u32;
        self.now = (self.now.0.plus((second / 86_400) as i32), second % 86_400);
        // Clocks that go forward skip the hour from two to three.
        if offset(self.now) > before {
            self.now.1 += 3_600;
        }
        Moment::new(self.now.0, self.now.1, zone)
    }

    /// A fact of the cast, ready to be written. `None` where its role is not filled.
    pub fn datum(&self, path: Path) -> Option<Datum<'_>> {
        let datum = facts::datum(self, path);
        if self.lifelike {
            datum.map(Datum::lifelike)
        } else {
            datum
        }
    }

    /// The customer sends only such files, where there are any.
    pub fn bring(&mut self, documents: &'static [Document]) {
        if !documents.is_empty() {
            self.documents = documents;
        }
    }

    /// From here on, identifiers are in live-looking ranges.
    pub fn make_lifelike(&mut self) {
        self.lifelike = true;
    }

    /// Label, kind and normal form of a fact that words of a phrase state.
    ///
    /// # Panics
    /// When the path names a value: phrases are checked on load.
    pub fn stated(&self, path: Path) -> (Label, &'static str, &'static str) {
        let (label, kind) = facts::stated(path).expect("a phrase states only facts");
        (label, kind, path.name())
    }
}
