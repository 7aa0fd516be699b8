//! Claims about whole customers. What one file can check stands in that file.

use super::*;
use crate::calendar::Month;
use std::collections::BTreeSet;
use std::fmt::Write;

fn world(country: Country) -> World {
    World::new(7, country)
}

fn months() -> impl Iterator<Item = Month> {
    (0..72).map(|k| Month::new(2023, 2).plus(k))
}

#[test]
fn the_same_index_gives_the_same_customer() {
    for &country in Country::ALL {
        let (a, b) = (
            world(country).customer(Split::Dev, 11),
            world(country).customer(Split::Dev, 11),
        );
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
        assert_ne!(
            a.person.national_id,
            world(country).customer(Split::Dev, 12).person.national_id
        );
    }
}

#[test]
fn months_balance_and_chain_on_every_account() {
    for &country in Country::ALL {
        for index in 0..40 {
            let customer = world(country).customer(Split::Test, index);
            let ledger = customer.ledger();
            for account in 0..customer.accounts.len() {
                let mut opening = ledger.closing(account, Month::new(2023, 1));
                for month in months() {
                    let page = ledger.month(account, month);
                    let moved: i64 = page.operations.iter().map(|o| o.amount.minor).sum();
                    assert_eq!(page.opening, opening, "{country} {index} {month}");
                    assert_eq!(page.opening.minor + moved, page.closing.minor);
                    assert_eq!(page.closing, ledger.closing(account, month));
                    opening = page.closing;
                }
            }
        }
    }
}

#[test]
fn a_months_operations_lie_in_the_month_in_order_and_have_numbers_of_their_own() {
    let customer = world(Country::France).customer(Split::Train, 5);
    let ledger = customer.ledger();
    let mut ids = BTreeSet::new();
    for account in 0..customer.accounts.len() {
        for month in months() {
            let page = ledger.month(account, month);
            assert!(page.operations.iter().all(|o| o.date.month() == month));
            assert!(
                page.operations
                    .is_sorted_by_key(|operation| (operation.date, operation.second))
            );
            assert!(page.operations.iter().all(|o| ids.insert(o.id)));
            assert!(page.operations.len() < 128);
        }
    }
}

#[test]
fn the_balance_at_a_moment_is_the_opening_and_what_moved_since() {
    let customer = world(Country::Britain).customer(Split::Test, 2);
    let ledger = customer.ledger();
    let page = ledger.month(0, Month::new(2026, 5));
    let mut balance = page.opening.minor;
    for (k, operation) in page.operations.iter().enumerate() {
        balance += operation.amount.minor;
        let next = page.operations.get(k + 1);
        if next.is_none_or(|n| (n.date, n.second) != (operation.date, operation.second)) {
            let at = ledger.balance_at(0, operation.date, operation.second);
            assert_eq!(at.minor, balance);
        }
    }
    assert_eq!(balance, page.closing.minor);
}

#[test]
fn what_leaves_the_current_account_for_savings_arrives_there() {
    let world = world(Country::France);
    let customer = (0..)
        .map(|index| world.customer(Split::Test, index))
        .find(|customer| customer.savings().is_some())
        .expect("most customers save");
    let ledger = customer.ledger();
    for month in months() {
        let own = |account: usize| -> i64 {
            let page = ledger.month(account, month);
            let own = page
                .operations
                .iter()
                .filter(|o| o.kind == OperationKind::Savings);
            own.map(|o| o.amount.minor).sum()
        };
        assert_eq!(own(0), -own(1), "{month}");
    }
}

#[test]
fn savings_are_never_negative_and_current_accounts_rarely_pass_their_limit() {
    let (mut beyond, mut all) = (0, 0);
    for &country in Country::ALL {
        for index in 0..60 {
            let customer = world(country).customer(Split::Train, index);
            let ledger = customer.ledger();
            let limit = -customer.accounts[0].overdraft_limit.minor;
            for month in months() {
                if let Some((account, _)) = customer.savings() {
                    assert!(ledger.closing(account, month).minor >= 0);
                }
                let page = ledger.month(0, month);
                let mut balance = page.opening.minor;
                for operation in &page.operations {
                    balance += operation.amount.minor;
                    all += 1;
                    beyond += i32::from(balance < limit);
                }
            }
        }
    }
    assert!(beyond * 100 < all * 3, "{beyond} of {all} beyond the limit");
}

#[test]
fn french_savings_keep_to_their_ceilings() {
    let world = world(Country::France);
    for index in 0..300 {
        let customer = world.customer(Split::Test, index);
        let Some((place, account)) = customer.savings() else {
            continue;
        };
        let ceiling = match account.product {
            "LEP" => 1_000_000,
            "LDDS" => 1_200_000,
            "Livret A" => 2_295_000,
            _ => i64::MAX / 200,
        };
        let ledger = customer.ledger();
        for month in months().take_while(|month| *month <= last_day().month()) {
            // Interest may pass the ceiling, as the law allows.
            let closing = ledger.closing(place, month).minor;
            assert!(closing <= ceiling / 100 * 103, "{index} {month} {closing}");
        }
    }
}

#[test]
fn everything_of_one_person_agrees() {
    for &country in Country::ALL {
        let world = world(country);
        for index in 0..400 {
            let customer = world.customer(Split::Test, index);
            let person = &customer.person;
            let id = &person.national_id.value;
            let (year, month, _) = person.birth.ymd();
            if country == Country::France {
                assert_eq!(id.starts_with('2'), person.sex == Sex::Female);
                assert_eq!(id[1..3], format!("{:02}", year % 100));
                assert_eq!(id[3..5], format!("{month:02}"));
                assert!(id[5..7].eq(person.birth_place.region));
            }
            for date in [first_day(), Month::new(2026, 7).day(14), last_day()] {
                let card = customer.card_on(date);
                assert!(card.is_valid_on(date), "{card:?}");
                assert_eq!(card.number.scheme, customer.cards[0].number.scheme);
                assert!(card.expiry.day(31) >= date);
                let letters = |text: &str| -> String {
                    let folded: String = text.chars().filter_map(ascii).collect();
                    folded.to_uppercase()
                };
                let families = [person.family, customer.family_on(date)];
                assert!(
                    families
                        .iter()
                        .any(|family| letters(&card.holder).ends_with(&letters(family)))
                );
                let address = customer.address_on(date);
                assert!(address.postcode.starts_with(address.town.postcode));
                let work = customer.work_on(date);
                assert_eq!(work.status == Status::Employed, work.employer.is_some());
                if let (Some(employer), Some(trade)) = (work.employer, work.occupation) {
                    assert_eq!(employer.sector, trade.sector);
                }
                assert!(customer.email_on(date).value.contains("example."));
            }
            let age = customer.writer.age;
            let mut profiles = world.tables().writers.iter();
            let profile = profiles.find(|p| p.id == customer.writer.id);
            assert!(profile.is_some_and(|p| (p.ages[0]..=p.ages[1]).contains(&(age as u32))));
            assert!(customer.accounts.iter().all(|a| a.opened < first_day()));
        }
    }
}

#[test]
fn wages_come_from_the_employer_of_that_day() {
    let world = world(Country::UnitedStates);
    for index in 0..60 {
        let customer = world.customer(Split::Dev, index);
        let ledger = customer.ledger();
        for month in months() {
            for operation in ledger.month(0, month).operations {
                if let Counterparty::Employer(employer) = operation.counterparty {
                    let then = customer.employer_on(month.day(15));
                    assert_eq!(then, Some(employer));
                }
                if let Some(card) = operation.card {
                    assert!(
                        customer.cards[card].is_valid_on(operation.date)
                            || operation.date < first_day()
                    );
                }
            }
        }
    }
}

#[test]
fn special_categories_show_only_in_the_ledgers_of_those_they_belong_to() {
    let world = world(Country::France);
    let mut seen = BTreeSet::new();
    for index in 0..300 {
        let customer = world.customer(Split::Test, index);
        let ledger = customer.ledger();
        for month in [
            Month::new(2024, 5),
            Month::new(2026, 2),
            Month::new(2027, 11),
        ] {
            for operation in ledger.month(0, month).operations {
                let Some(label) = operation.infers() else {
                    continue;
                };
                seen.insert(label);
                let habit = match label {
                    "INFER_HEALTH" => Habit::Illness,
                    "INFER_GAMBLING" => Habit::Gambler,
                    "INFER_RELIGION" => Habit::Believer,
                    "INFER_UNION" => Habit::UnionMember,
                    "INFER_POLITICAL" => Habit::PartyMember,
                    "INFER_SEXUALITY" => Habit::Dater,
                    "INFER_CRIMINAL" => Habit::LegalTrouble,
                    "INFER_ETHNICITY" => Habit::SendsAbroad,
                    _ => {
                        assert!(customer.habits.expects_in(month), "{label}");
                        continue;
                    }
                };
                assert!(customer.habits.has(habit), "{label}");
            }
        }
    }
    assert!(seen.len() >= 8, "{seen:?}");
}

#[test]
fn splits_share_no_bank_no_bank_code_and_no_customer_number() {
    for &country in Country::ALL {
        let world = world(country);
        let mut names = Vec::new();
        let mut codes = Vec::new();
        let mut numbers = Vec::new();
        for &split in Split::ALL {
            let customers: Vec<Customer> = (0..1_500).map(|k| world.customer(split, k)).collect();
            let of = |field: fn(&Customer) -> String| -> BTreeSet<String> {
                customers.iter().map(field).collect()
            };
            names.push(of(|c| c.bank.name.to_owned()));
            codes.push(of(|c| match c.bank.routing() {
                Some(code) => code.value.clone(),
                None => c.bank.bank_code().to_owned(),
            }));
            numbers.push(of(|c| c.credentials.customer_number.value.clone()));
        }
        for sets in [names, codes, numbers] {
            assert!(sets[0].is_disjoint(&sets[1]) && sets[0].is_disjoint(&sets[2]));
            assert!(sets[1].is_disjoint(&sets[2]));
        }
    }
}

#[test]
fn no_two_of_20_000_customers_share_a_unique_id() {
    for &country in Country::ALL {
        let world = world(country);
        let mut seen = BTreeSet::new();
        for index in 0..20_000 {
            let customer = world.customer(Split::Test, index);
            let account = &customer.accounts[0];
            let mut ids = vec![
                customer.person.national_id.value,
                customer.credentials.customer_number.value,
                customer.credentials.online_id.value,
                format!("{:?} {:?}", account.iban(), account.account_number()),
            ];
            // Up to one card in twenty is a published test number, of which there are a few.
            ids.extend(
                customer
                    .cards
                    .iter()
                    .map(|card| &card.number.made)
                    .filter(|made| made.safety != crate::conversation::Safety::PublishedTest)
                    .map(|made| made.value.clone()),
            );
            for (k, id) in ids.into_iter().enumerate() {
                assert!(
                    seen.insert((k.min(4), id.clone())),
                    "{country} {index} {k} {id}"
                );
            }
        }
    }
}

#[test]
fn held_out_writers_are_test_customers() {
    let world = world(Country::France);
    let held_out: Vec<&str> = world
        .tables()
        .writers
        .iter()
        .filter(|p| p.held_out)
        .map(|p| &*p.id)
        .collect();
    let seen = |split| (0..1_000).any(|k| held_out.contains(&world.customer(split, k).writer.id));
    assert!(seen(Split::Test) && !seen(Split::Train) && !seen(Split::Dev));
}

#[test]
fn third_persons_and_agents_are_the_same_whenever_asked() {
    let world = world(Country::France);
    let payee = world.third_person(Split::Test, 99);
    assert_eq!(payee, world.third_person(Split::Test, 99));
    assert_ne!(payee.iban(), world.third_person(Split::Train, 99).iban());
    let bank = world.bank(Split::Test, 4);
    assert_eq!(world.agent(&bank, 1), world.agent(&bank, 1));
}

#[test]
fn three_customers_read_like_people() {
    let mut out = String::new();
    for (country, index) in [
        (Country::France, 3),
        (Country::UnitedStates, 4),
        (Country::Britain, 5),
    ] {
        describe(&world(country).customer(Split::Test, index), &mut out);
    }
    insta::assert_snapshot!(out);
}

fn describe(customer: &Customer, out: &mut String) {
    let date = Month::new(2026, 3).day(14);
    let person = &customer.person;
    let work = customer.work_on(date);
    let mut line = |text: std::fmt::Arguments| writeln!(out, "{text}").expect("a string");
    line(format_args!(
        "{}, {} years, born {} in {} ({})",
        customer.name_on(date),
        person.age_on(date),
        person.birth,
        person.birth_place.name,
        person.birth_place.region
    ));
    line(format_args!(
        "  {} {:?} {} children, partner {}",
        customer.marital_on(date),
        person.nationality,
        customer.timeline.children_on(date),
        customer
            .timeline
            .partner
            .map_or("none".into(), |p| p.to_string())
    ));
    line(format_args!(
        "  {}: {} at {}, {} net",
        work.status,
        customer.occupation_on(date).unwrap_or("-"),
        work.employer.map_or("-", |e| &e.name),
        work.net_monthly
    ));
    line(format_args!(
        "  {} ({}, {})",
        customer.address_on(date),
        customer.home_on(date).tenure,
        customer.home_on(date).cost
    ));
    line(format_args!(
        "  {} {} {}",
        person.national_id.value,
        customer.phone_on(date).value,
        customer.email_on(date).value
    ));
    let bank = &customer.bank;
    line(format_args!(
        "  {} ({}, bot {}, {}) {} {}",
        bank.name,
        bank.house_style,
        bank.bot_name,
        bank.site,
        bank.bank_code(),
        bank.bic().value
    ));
    for account in &customer.accounts {
        let value = |made: Option<&crate::identifiers::Made>| {
            made.map_or(String::new(), |m| m.value.clone())
        };
        line(format_args!(
            "  {} {} {} {} limit {}",
            account.product,
            value(account.iban()),
            value(account.routing()),
            value(account.account_number()),
            account.overdraft_limit
        ));
    }
    for card in &customer.cards {
        line(format_args!(
            "  card {} {} exp {} from {} {}",
            card.number.made.value,
            card.holder,
            card.expiry,
            card.valid_from,
            card.ended
                .map_or(String::new(), |(day, end)| format!("{end} {day}"))
        ));
    }
    for loan in customer.loans.iter().filter(|l| l.first <= date.month()) {
        line(format_args!(
            "  loan {} {} of {} at {} bp over {}, {} left",
            loan.kind,
            loan.instalment,
            loan.principal(),
            loan.rate,
            loan.months,
            loan.remaining(date.month())
        ));
    }
    let credentials = &customer.credentials;
    line(format_args!(
        "  {} {} {} {} {}: {}",
        credentials.customer_number.value,
        credentials.online_id.value,
        credentials.password.value,
        credentials.app_code.value,
        credentials.security.kind,
        credentials.security.answer
    ));
    line(format_args!(
        "  writes as {} ({}, tu {}), habits {}",
        customer.writer.id,
        customer.writer.device,
        customer.writer.tutoie,
        customer
            .habits
            .iter()
            .map(Habit::name)
            .collect::<Vec<_>>()
            .join(" ")
    ));
    for event in customer.timeline.events() {
        line(format_args!("  {} {}", event.date, event.kind));
    }
    let ledger = customer.ledger();
    for account in 0..customer.accounts.len() {
        let page = ledger.month(account, date.month());
        let mut balance = page.opening.minor;
        line(format_args!(
            "  {} {} opening {}",
            page.month, customer.accounts[account].product, page.opening
        ));
        for operation in &page.operations {
            balance += operation.amount.minor;
            let (mut statement, mut spoken) = (String::new(), String::new());
            operation.write_statement(customer.country, &mut statement);
            operation.write_name(&mut spoken);
            line(format_args!(
                "    {} {:02}:{:02} {:>9} {:>9}  {statement} | {spoken} {}",
                operation.date,
                operation.second / 3600,
                operation.second / 60 % 60,
                operation.amount.minor,
                balance,
                operation.infers().unwrap_or("")
            ));
        }
        line(format_args!("    closing {}", page.closing));
    }
}

#[test]
fn no_two_cards_of_a_customer_have_one_number() {
    let world = World::new(7, Country::France).busy_between("2026-01-05".parse().unwrap(), 364);
    for &split in Split::ALL {
        // The customer 5336 has three cards, the first of which has a published number.
        for index in (0..400).chain([5_336]) {
            let customer = world.customer(split, index);
            let numbers: BTreeSet<&str> = customer
                .cards
                .iter()
                .map(|card| card.number.made.value.as_str())
                .collect();
            assert_eq!(numbers.len(), customer.cards.len(), "{split} {index}");
        }
    }
}
