//! Roles that a customer fills on every day, or on none: what the person has and does.

use crate::country::Country;
use crate::dialogue::path::{Role, Roles};
use crate::world::{Customer, Habit, LoanKind};

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

/// How much likelier a concern is for a customer who fills these roles for good, so that what few have is
/// told of at all; `None` for a customer without a trait that it needs.
pub(super) fn likelier(filled: Roles, needs: Roles) -> Option<u32> {
    if needs == Roles::default() {
        return Some(1);
    }
    let needed = |role: &Role| needs.has(Roles::default().with(*role));
    TRAITS
        .iter()
        .filter(|(role, _, _)| needed(role))
        .try_fold(1, |likelier, (role, one_in, _)| {
            let has = filled.has(Roles::default().with(*role));
            has.then_some(likelier.max(*one_in))
        })
}
