//! BICs: gold beside an account of their owner, and the public code of a bank anywhere else
//! (`docs/annotation.md`).

use crate::conversation::{Decoy, Fact, FactId, Mark, Message, Name, Owner};
use crate::wording::values::label;

/// How far from an account number a BIC may stand, in messages.
const BESIDE: usize = 4;

/// Turns every BIC that stands alone into a decoy, and drops facts that nothing states any more.
pub(super) fn lonely_codes(messages: &mut [Message], facts: &mut Vec<Fact>) {
    let bic = label!("BIC");
    if !facts.iter().any(|fact| fact.label == bic) {
        return;
    }
    let accounts = [
        label!("IBAN"),
        label!("IBAN_PARTIAL"),
        label!("FR_RIB"),
        label!("UK_ACCOUNT_NUMBER"),
        label!("US_ACCOUNT_NUMBER"),
        label!("US_ABA_ROUTING"),
    ];
    let owner = |fact: Option<FactId>| fact.map(|id| facts[usize::from(id.0)].owner);
    let mut places: Vec<(usize, Option<Owner>)> = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        let spans = bodies(message).flat_map(|body| body.spans());
        let account = |(_, span): &(_, &crate::conversation::Span)| accounts.contains(&span.label);
        places.extend(
            spans
                .filter(account)
                .map(|(_, span)| (at, owner(span.fact))),
        );
    }
    let owners: Vec<Owner> = facts.iter().map(|fact| fact.owner).collect();
    for (at, message) in messages.iter_mut().enumerate() {
        let fields = message.fields.iter_mut().map(|field| &mut field.body);
        for body in [&mut message.body].into_iter().chain(fields) {
            for (_, mark) in body.meanings_mut() {
                let Mark::Span(span) = mark else { continue };
                let owner = span.fact.map(|id| owners[usize::from(id.0)]);
                let beside = |(other, whose): &(usize, Option<Owner>)| {
                    other.abs_diff(at) <= BESIDE && *whose == owner
                };
                if span.label == bic && !places.iter().any(beside) {
                    *mark = Mark::Decoy(Decoy {
                        looks_like: bic,
                        is: Name::Borrowed("bank_bic"),
                    });
                }
            }
        }
    }
    drop_unstated(messages, facts);
}

/// Drops facts that no span states, and numbers the others anew.
fn drop_unstated(messages: &mut [Message], facts: &mut Vec<Fact>) {
    let mut stated = vec![false; facts.len()];
    for message in messages.iter() {
        for (_, span) in bodies(message).flat_map(|body| body.spans()) {
            if let Some(id) = span.fact {
                stated[usize::from(id.0)] = true;
            }
        }
    }
    if stated.iter().all(|&stated| stated) {
        return;
    }
    let mut next = 0;
    let numbers: Vec<Option<FactId>> = stated
        .iter()
        .map(|&stated| {
            stated.then(|| {
                next += 1;
                FactId(next - 1)
            })
        })
        .collect();
    let renumber = |id: FactId| numbers[usize::from(id.0)];
    facts.retain(|fact| stated[usize::from(fact.id.0)]);
    for fact in facts.iter_mut() {
        fact.id = renumber(fact.id).expect("it is stated");
        fact.links = fact.links.iter().copied().filter_map(renumber).collect();
    }
    for message in messages {
        let fields = message.fields.iter_mut().map(|field| &mut field.body);
        for body in [&mut message.body].into_iter().chain(fields) {
            for (_, mark) in body.meanings_mut() {
                if let Mark::Span(span) = mark {
                    span.fact = span.fact.and_then(renumber);
                }
            }
        }
    }
}

fn bodies(message: &Message) -> impl Iterator<Item = &crate::conversation::Body> {
    let fields = message.fields.iter().map(|field| &field.body);
    [&message.body].into_iter().chain(fields)
}
