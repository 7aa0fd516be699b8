//! Customers: everything of one person, drawn once and agreeing.

use super::account::{
    Account, AccountKind, Card, CardEnd, Credentials, Loan, LoanKind, SecurityAnswer,
};
use super::address::Address;
use super::bank::Bank;
use super::habits::Habits;
use super::ids::BankIds;
use super::laws;
use super::ledger::Ledger;
use super::life::{Draw, Event, EventKind, Home, Marital, Tenure, Timeline, eventful_day};
use super::person::{FullName, Keyboard, Nationality, Person, Sex, Writer};
use super::tables::{Employer, QuestionKind};
use super::work::{Employment, Status};
use super::{Money, World, first_day, last_day};
use crate::calendar::{Date, Month};
use crate::conversation::Split;
use crate::country::Country;
use crate::identifiers::{Made, codes};
use crate::seed::{Domain, Stream};

/// A customer of an invented bank.
#[derive(Clone, Debug)]
pub struct Customer {
    pub(super) key: u64,
    pub(super) seed: u64,
    /// Their country.
    pub country: Country,
    /// Their number within the split.
    pub index: u64,
    /// Their split.
    pub split: Split,
    /// Who they are.
    pub person: Person,
    /// How they write.
    pub writer: Writer,
    /// Their bank.
    pub bank: Bank,
    /// The current account, then savings where there are any.
    pub accounts: Vec<Account>,
    /// Their cards, oldest first.
    pub cards: Vec<Card>,
    /// What opens their account.
    pub credentials: Credentials,
    /// What they pay back.
    pub loans: Vec<Loan>,
    /// What they spend on that others do not.
    pub habits: Habits,
    /// What happened to them.
    pub timeline: Timeline,
}

impl Customer {
    /// Where they live on a day.
    pub fn address_on(&self, date: Date) -> &Address {
        &self.timeline.homes.on(date).address
    }

    /// The terms on which they live there.
    pub fn home_on(&self, date: Date) -> &Home {
        self.timeline.homes.on(date)
    }

    /// The card in use on a day; from the day after a report it is the new one.
    pub fn card_on(&self, date: Date) -> &Card {
        &self.cards[self.card_index_on(date)]
    }

    /// Its place in `cards`.
    pub fn card_index_on(&self, date: Date) -> usize {
        let after = self.cards.partition_point(|card| card.valid_from <= date);
        after.saturating_sub(1)
    }

    /// Mobile number on a day.
    pub fn phone_on(&self, date: Date) -> &Made {
        self.timeline.mobiles.on(date)
    }

    /// E-mail address on a day.
    pub fn email_on(&self, date: Date) -> &Made {
        self.timeline.emails.on(date)
    }

    /// What they live on on a day.
    pub fn work_on(&self, date: Date) -> &Employment {
        self.timeline.work.on(date)
    }

    /// Their employer on a day.
    pub fn employer_on(&self, date: Date) -> Option<&'static Employer> {
        self.work_on(date).employer
    }

    /// Their trade on a day, in the gender of the person.
    pub fn occupation_on(&self, date: Date) -> Option<&'static str> {
        self.work_on(date).occupation_for(self.person.sex)
    }

    /// Family status on a day.
    pub fn marital_on(&self, date: Date) -> Marital {
        *self.timeline.marital.on(date)
    }

    /// Surname on a day.
    pub fn family_on(&self, date: Date) -> &'static str {
        self.timeline.families.on(date)
    }

    /// Whole name on a day.
    pub fn name_on(&self, date: Date) -> FullName {
        FullName {
            sex: self.person.sex,
            given: self.person.given,
            family: self.family_on(date),
        }
    }

    /// The first move after a day, with the new home.
    pub fn next_move_after(&self, date: Date) -> Option<&(Date, Home)> {
        self.timeline.next_move_after(date)
    }

    /// The last event of a kind before a day.
    pub fn latest_event(&self, kind: EventKind, before: Date) -> Option<Event> {
        self.timeline.latest_event(kind, before)
    }

    /// The savings account, of those who have one, with its place in `accounts`.
    pub fn savings(&self) -> Option<(usize, &Account)> {
        self.accounts
            .iter()
            .enumerate()
            .find(|(_, account)| account.kind == AccountKind::Savings)
    }

    /// Their accounts' operations.
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger::new(self)
    }

    /// The id of the record: `c-000017`, unique over all splits.
    pub fn id(&self) -> String {
        format!("c-{:06}", self.key)
    }
}

/// The number that no customer of any split shares.
pub(super) fn key(split: Split, index: u64) -> u64 {
    index * Split::ALL.len() as u64 + split as u64
}

pub(super) fn draw(world: &World, split: Split, index: u64) -> Customer {
    let key = key(split, index);
    let (country, tables, ids) = (world.country, world.tables, &world.ids);
    let at = |domain: Domain| Stream::at(world.seed, domain, key);
    let person = person(world, key, &mut at(Domain::new("world.person")));
    let life = Draw {
        busy: world.busy,
        country,
        tables,
        ids,
        key,
        person: &person,
    };
    let stream = &mut at(Domain::new("world.life"));
    let mut timeline = life.life(stream);
    let stream = &mut at(Domain::new("world.account"));
    let bank = world.bank_of_a_customer(split, stream);
    let accounts = accounts(world, key, &person, &timeline, &bank.ids, stream);
    let loans = loans(country, &timeline, stream);
    let stream = &mut at(Domain::new("world.card"));
    let cards = cards(world, key, &person, &mut timeline, stream);
    let stream = &mut at(Domain::new("world.credentials"));
    let credentials = credentials(world, key, &person, stream);
    let keyboard = match country {
        Country::France => Keyboard::Azerty,
        Country::UnitedStates | Country::Britain => Keyboard::Qwerty,
    };
    let age = person.age_on(Month::new(2026, 1).first());
    let stream = &mut at(Domain::new("world.writer"));
    let writer = Writer::draw(tables, split, age, keyboard, stream);
    let habits = Habits::draw(
        age,
        &timeline,
        &accounts[0],
        &world.shares,
        &mut at(Domain::new("world.habits")),
    );
    timeline.sort();
    let mut customer = Customer {
        key,
        seed: world.seed,
        country,
        index,
        split,
        person,
        writer,
        bank,
        accounts,
        cards,
        credentials,
        loans,
        habits,
        timeline,
    };
    if country == Country::France {
        name_savings(&mut customer);
    }
    customer
}

/// French savings products have ceilings by law (LEP 10,000, LDDS 12,000, Livret A 22,950 euros), so
/// what is saved decides what it can be called.
fn name_savings(customer: &mut Customer) {
    let Some((place, _)) = customer.savings() else {
        return;
    };
    let small_income = customer.timeline.work.first().net_monthly < 180_000;
    customer.accounts[place].product = match customer.ledger().highest_savings() {
        ..=1_000_000 if small_income => "LEP",
        ..=1_200_000 if customer.key.is_multiple_of(3) => "LDDS",
        ..=2_295_000 => "Livret A",
        _ => "Compte sur livret",
    };
}

fn person(world: &World, key: u64, stream: &mut Stream) -> Person {
    let (tables, ids) = (world.tables, &world.ids);
    let origin = ids.origin(key);
    let birth_place = &tables.places.towns[origin.town];
    let mut year = 2026 - laws::AGE.draw(stream) as i32;
    if matches!(birth_place.region, "2A" | "2B") {
        // Corsica was department 20 until 1975.
        year = year.max(1976);
    }
    let month = Month::new(year, origin.month);
    let birth = month.day(stream.below(month.length()) + 1);
    let name = tables.names.full(origin.sex, year, stream);
    let nationality = stream.chance(120).then(|| {
        let [masculine, feminine, country] = *stream.pick(&tables.nationalities);
        let word = match origin.sex {
            Sex::Female => feminine,
            Sex::Male => masculine,
        };
        Nationality { word, country }
    });
    let has_landline = stream.chance(match 2026 - year {
        ..30 => 60,
        30..55 => 250,
        _ => 620,
    });
    Person {
        sex: origin.sex,
        birth,
        given: name.given,
        family: name.family,
        mother_family: tables.names.family(stream),
        birth_place,
        nationality,
        national_id: ids.national_id(key, origin, birth, birth_place),
        landline: has_landline.then(|| ids.landline(key, 0, stream)),
    }
}

fn accounts(
    world: &World,
    key: u64,
    person: &Person,
    timeline: &Timeline,
    bank: &BankIds,
    stream: &mut Stream,
) -> Vec<Account> {
    let country = world.country;
    let branch = format!("{:05}", 10 + stream.below(980));
    let income = timeline.work.first().net_monthly;
    let adult = person.birth.plus(17 * 365);
    let adult = adult.clamp(first_day().plus(-9_000), first_day().plus(-400));
    let open = |after: Date, stream: &mut Stream| {
        let days = (first_day().days() - after.days() - 200).max(1);
        after.plus(stream.below(days as u32) as i32)
    };
    let opened = open(adult, stream);
    let overdraft = match country {
        Country::France => income * 300 / 1_000,
        Country::UnitedStates => *stream.pick(&[0, 0, 10_000, 20_000, 50_000]),
        Country::Britain => income * 350 / 1_000,
    };
    let overdraft = match timeline.work.first().status {
        Status::Student => overdraft.min(30_000),
        _ => overdraft,
    };
    let product = |kind: AccountKind, stream: &mut Stream| match (country, kind) {
        (Country::France, AccountKind::Current) => "Compte courant",
        (Country::France, AccountKind::Savings) => "Livret A",
        (Country::UnitedStates, AccountKind::Current) => "Checking",
        (Country::UnitedStates, AccountKind::Savings) => "Savings",
        (Country::Britain, AccountKind::Current) => "Current Account",
        (Country::Britain, AccountKind::Savings) => *stream.pick(&["Cash ISA", "Easy Saver"]),
    };
    let mut accounts = Vec::with_capacity(2);
    accounts.push(Account {
        kind: AccountKind::Current,
        ids: world.ids.account(key, 0, bank, &branch, stream),
        opened,
        overdraft_limit: Money::new(overdraft / 10_000 * 10_000, country),
        product: product(AccountKind::Current, stream),
    });
    if stream.chance(820) {
        accounts.push(Account {
            kind: AccountKind::Savings,
            ids: world.ids.account(key, 1, bank, &branch, stream),
            opened: open(opened, stream),
            overdraft_limit: Money::new(0, country),
            product: product(AccountKind::Savings, stream),
        });
    }
    accounts
}

fn loans(country: Country, timeline: &Timeline, stream: &mut Stream) -> Vec<Loan> {
    let mut loans = Vec::new();
    let home = |cost: i64, first: Month, stream: &mut Stream| Loan {
        kind: LoanKind::Home,
        instalment: Money::new(cost, country),
        rate: match country {
            Country::France => 110 + stream.below(290),
            Country::UnitedStates => 310 + stream.below(390),
            Country::Britain => 180 + stream.below(400),
        },
        months: *stream.pick(&[240, 240, 300]),
        first,
        contract: stream.below(1_000_000),
    };
    let buyer = |home: &&Home| home.tenure == Tenure::Buyer;
    if let Some(first) = Some(timeline.homes.first()).filter(buyer) {
        let start = first_day().month().plus(-(stream.below(120) as i32) - 4);
        loans.push(home(first.cost, start, stream));
    }
    for (date, next) in timeline.homes.changes().iter().filter(|(_, h)| buyer(&h)) {
        loans.push(home(next.cost, date.month(), stream));
    }
    let work = timeline.work.first();
    if work.status == Status::Employed && stream.chance(240) {
        let car = stream.chance(650);
        let months = *stream.pick(&[36, 48, 60]);
        let cost = work.net_monthly * i64::from(50 + stream.below(60)) / 1_000;
        loans.push(Loan {
            kind: if car {
                LoanKind::Car
            } else {
                LoanKind::Personal
            },
            instalment: Money::new(cost, country),
            rate: 290 + stream.below(500),
            months,
            first: first_day().month().plus(stream.range(-30, 30) as i32),
            contract: stream.below(1_000_000),
        });
    }
    loans
}

fn cards(
    world: &World,
    key: u64,
    person: &Person,
    timeline: &mut Timeline,
    stream: &mut Stream,
) -> Vec<Card> {
    let mut losses: Vec<(Date, CardEnd)> = (0..stream.weighted(&[280, 450, 270]))
        .map(|_| {
            let end = [CardEnd::Lost, CardEnd::Stolen, CardEnd::Compromised]
                [stream.weighted(&[420, 300, 280])];
            (eventful_day(world.busy, 30, stream), end)
        })
        .collect();
    losses.sort_unstable();
    losses.dedup_by(|next, previous| next.0.days() - previous.0.days() < 60);
    let mut from = first_day().plus(-(stream.below(900) as i32) - 30);
    let mut cards: Vec<Card> = Vec::with_capacity(4);
    for nth in 0.. {
        let number = world.card_like(key, nth, &cards);
        let lifetime = match world.country {
            Country::France => 36 + stream.below(2) as i32 * 12,
            Country::UnitedStates | Country::Britain => 36 + stream.below(25) as i32,
        };
        let expiry = from.month().plus(lifetime);
        // The new card comes in the month in which the old one expires.
        let renewed = expiry.day(1 + stream.below(20));
        let lost = losses.iter().find(|(date, _)| *date > from).copied();
        let ended = match lost {
            Some((date, end)) if date < renewed => (date, end),
            _ => (renewed, CardEnd::Expired),
        };
        let goes_on = ended.0 < last_day();
        cards.push(Card {
            cvv: codes::cvv(number.scheme.cvv_length(), stream),
            number,
            pin: codes::pin(stream),
            expiry,
            holder: holder(world.country, person, timeline.families.on(from)),
            account: 0,
            valid_from: from,
            ended: goes_on.then_some(ended),
        });
        if !goes_on {
            break;
        }
        timeline.events.push(Event {
            date: ended.0,
            kind: match ended.1 {
                CardEnd::Lost => EventKind::CardLost,
                CardEnd::Stolen => EventKind::CardStolen,
                CardEnd::Compromised => EventKind::CardCompromised,
                CardEnd::Expired => EventKind::CardRenewed,
            },
        });
        from = ended.0.plus(1);
    }
    cards
}

/// The name on a card: `MME M VERDORNE`, `MR T QUENNELL`, `MAELYS VERDORNE`.
fn holder(country: Country, person: &Person, family: &str) -> String {
    let mut out = String::with_capacity(24);
    let capitals = |text: &str, out: &mut String| {
        for c in text.chars() {
            match super::ascii(c) {
                Some(letters) => out.extend(letters.chars().map(|c| c.to_ascii_uppercase())),
                None => out.push(if c == '\'' { '\'' } else { ' ' }),
            }
        }
    };
    out.push_str(match (country, person.sex) {
        (Country::France, Sex::Female) => "MME ",
        (Country::France, Sex::Male) => "M ",
        (Country::Britain, Sex::Female) => "MS ",
        (Country::Britain, Sex::Male) => "MR ",
        (Country::UnitedStates, _) => "",
    });
    match country {
        Country::UnitedStates => capitals(person.given, &mut out),
        Country::France | Country::Britain => {
            let end = person.given.chars().next().map_or(0, char::len_utf8);
            capitals(&person.given[..end], &mut out);
        }
    }
    out.push(' ');
    capitals(family, &mut out);
    out
}

fn credentials(world: &World, key: u64, person: &Person, stream: &mut Stream) -> Credentials {
    let year = person.birth.ymd().0;
    let kind = *stream.pick(QuestionKind::ALL);
    Credentials {
        customer_number: world.ids.customer_number(key, stream),
        online_id: world.ids.online_id(key, stream),
        password: codes::password(person.given, year, stream),
        app_code: codes::app_code(stream),
        security: SecurityAnswer {
            kind,
            answer: match kind {
                QuestionKind::MotherMaidenName => person.mother_family,
                _ => stream.pick::<&str>(world.tables.brands.answers(kind)),
            },
        },
    }
}
