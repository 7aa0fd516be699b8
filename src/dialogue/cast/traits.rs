//! Roles that a customer fills on every day, or on none: what the person has and does.

use crate::country::Country;
use crate::dialogue::path::{Role, Roles};
use crate::world::{Customer, Habit, LoanKind};
use std::collections::BTreeMap;
use std::sync::LazyLock;

type Trait = (Role, u32, fn(&Customer) -> bool);

/// The roles that are a trait, one customer in how many has it, and whether this one does.
///
/// A loan counts here while it may run out before a conversation's day; the cast knows the day.
const TRAITS: [Trait; 20] = [
    (Role::Savings, 1, |c| c.savings().is_some()),
    (Role::Loan, 3, |c| !c.loans.is_empty()),
    (Role::Mortgage, 4, |c| {
        c.loans.iter().any(|loan| loan.kind == LoanKind::Home)
    }),
    (Role::Nationality, 8, |c| c.person.nationality.is_some()),
    (Role::Citizen, 1, |c| c.person.nationality.is_none()),
    (Role::Foreigner, 8, |c| c.foreign_id().is_some()),
    (Role::Driver, 1, |c| c.habits.has(Habit::Driver)),
    (Role::Business, 8, Customer::has_business),
    (Role::Siren, 8, |c| {
        c.has_business() && c.country == Country::France
    }),
    (Role::Vat, 8, |c| {
        c.has_business() && c.country != Country::UnitedStates
    }),
    (Role::Investor, 6, |c| c.holding().is_some()),
    (Role::Crypto, 12, Customer::has_crypto),
    (Role::Illness, 8, |c| c.habits.has(Habit::Illness)),
    (Role::Gambling, 12, |c| c.habits.has(Habit::Gambler)),
    (Role::Religion, 12, |c| c.habits.has(Habit::Believer)),
    (Role::Union, 12, |c| c.habits.has(Habit::UnionMember)),
    (Role::Politics, 12, |c| c.habits.has(Habit::PartyMember)),
    (Role::Sexuality, 12, |c| match c.timeline.partner {
        Some(partner) => partner.sex == c.person.sex,
        None => c.habits.has(Habit::Dater),
    }),
    (Role::Origin, 8, |c| c.habits.has(Habit::SendsAbroad)),
    (Role::Courts, 12, |c| c.habits.has(Habit::LegalTrouble)),
];

/// The traits of a customer.
pub(super) fn of(customer: &Customer) -> impl Iterator<Item = Role> {
    TRAITS
        .iter()
        .filter(|(_, _, has)| has(customer))
        .map(|(role, _, _)| *role)
}

/// The roles that are a trait, by how many customers it takes to find one who has it, rarest first.
static RARITIES: LazyLock<Vec<(u32, Roles)>> = LazyLock::new(|| {
    let mut rarities = BTreeMap::<u32, Roles>::new();
    for (role, one_in, _) in TRAITS {
        let roles = rarities.entry(one_in).or_default();
        *roles = roles.with(role);
    }
    rarities.into_iter().rev().collect()
});

/// How much likelier a concern is for a customer who fills these roles for good, so that what few have is
/// told of at all; `None` for a customer without a trait that it needs.
pub(super) fn likelier(filled: Roles, needs: Roles) -> Option<u32> {
    if needs == Roles::default() {
        return Some(1);
    }
    RARITIES
        .iter()
        .map(|&(one_in, traits)| (one_in, needs.and(traits)))
        .filter(|(_, needed)| *needed != Roles::default())
        .try_fold(1, |likelier: u32, (one_in, needed)| {
            filled.has(needed).then_some(likelier.max(one_in))
        })
}
