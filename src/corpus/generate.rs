//! Conversation `i`: from seed and spec to a record.

use crate::calendar::Date;
use crate::conversation::{Conversation, Name, Policy, Split};
use crate::corpus::plan::{Place, place, window};
use crate::corpus::spec::Spec;
use crate::country::Country;
use crate::dialogue::cast::{Cast, appointment};
use crate::dialogue::planner::{Brief, plan};
use crate::dialogue::plot::Plots;
use crate::seed::{Domain, Stream};
use crate::wording::language::Language;
use crate::wording::noise::Habits;
use crate::wording::realise::{Script, realise};
use crate::world::{Customer, Formality, World};

const PEOPLE: Domain = Domain::new("people");
const POLICY: Domain = Domain::new("policy");
const PLOT: Domain = Domain::new("plot");

/// Which twin of a conversation: the same customer, day and plan, told with one knob turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Variant {
    /// As it is.
    #[default]
    Plain,
    /// Told under another policy.
    Policy(Policy),
    /// Told without noise: the writer is tidy.
    Tidy,
}

impl Variant {
    /// What an id carries behind `~`.
    pub fn suffix(self) -> String {
        match self {
            Variant::Plain => String::new(),
            Variant::Policy(policy) => format!("~policy-{policy}"),
            Variant::Tidy => "~tidy".to_owned(),
        }
    }

    /// The variant of a suffix, with or without its `~`.
    pub fn named(name: &str) -> Option<Variant> {
        let name = name.strip_prefix('~').unwrap_or(name);
        match name.strip_prefix("policy-") {
            Some(policy) => Policy::named(policy).map(Variant::Policy),
            None if name == "tidy" => Some(Variant::Tidy),
            None if name.is_empty() => Some(Variant::Plain),
            None => None,
        }
    }
}

/// A spec and a seed: every conversation of a corpus, made when it is asked for.
///
/// ```
/// use tellerbench::corpus::{Corpus, Spec};
/// let spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
/// let corpus = Corpus::new(spec, 42).unwrap();
/// assert_eq!(corpus.conversation(7), corpus.conversation(7));
/// ```
#[derive(Debug)]
pub struct Corpus {
    spec: Spec,
    seed: u64,
    tongues: Vec<Spoken>,
    weights: Vec<u32>,
    policies: [u32; 5],
    intents: Vec<u32>,
}

/// A language of the corpus, with the people who speak it.
#[derive(Debug)]
struct Spoken {
    tag: String,
    language: &'static Language,
    world: World,
}

impl Corpus {
    /// Prepares a corpus: loads the languages that the spec asks for, and no others.
    ///
    /// # Errors
    /// What the spec asks for and cannot be had.
    pub fn new(spec: Spec, seed: u64) -> Result<Corpus, String> {
        spec.check()?;
        let mut tongues = Vec::new();
        let mut weights = Vec::new();
        for (tag, &weight) in spec.languages.iter().filter(|(_, weight)| **weight > 0) {
            let country =
                Country::of_language(tag).ok_or_else(|| format!("no country for {tag}"))?;
            tongues.push(Spoken {
                tag: tag.clone(),
                language: Language::built_in(tag)?,
                world: World::new(seed, country).busy_between(spec.start, spec.days),
            });
            weights.push(weight);
        }
        let mut policies = [0; 5];
        for (policy, weight) in Policy::ALL.iter().zip(&mut policies) {
            *weight = match spec.policies.is_empty() {
                true => 1,
                false => spec.policies.get(policy.name()).copied().unwrap_or(0),
            };
        }
        let plots = Plots::built_in();
        let intents = plots
            .intents
            .iter()
            .map(|intent| match spec.intents.is_empty() {
                true => intent.weight,
                false => spec.intents.get(intent.id).copied().unwrap_or(0),
            })
            .collect();
        Ok(Corpus {
            spec,
            seed,
            tongues,
            weights,
            policies,
            intents,
        })
    }

    /// What was asked.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// SHA-256 over the surname lists that the worlds draw on.
    pub fn name_lists_hash(&self) -> String {
        crate::world::name_lists_hash()
    }

    /// The id of the conversation at an index.
    pub fn id(&self, index: u64) -> String {
        format!("{}-{index:09}", self.spec.name)
    }

    /// The conversation at an index: a pure function of spec, seed and index.
    pub fn conversation(&self, index: u64) -> Conversation {
        self.twin(index, Variant::Plain)
    }

    /// A twin of the conversation at an index.
    pub fn twin(&self, index: u64, variant: Variant) -> Conversation {
        let place = place(self.seed, index);
        let (spoken, split) = self.people(place);
        let customer = spoken.world.customer(split, place.customer);
        self.tell(index, place, spoken, &customer, variant)
    }

    /// The customer of the conversation at an index, as the world has them: what an audit compares a
    /// record with.
    pub fn customer(&self, index: u64) -> Customer {
        let place = place(self.seed, index);
        let (spoken, split) = self.people(place);
        spoken.world.customer(split, place.customer)
    }

    /// The language and the split of a customer.
    fn people(&self, place: Place) -> (&Spoken, Split) {
        let mut stream = Stream::at(self.seed, PEOPLE, place.customer);
        let spoken = &self.tongues[stream.weighted(&self.weights)];
        let shares = [Split::Train, Split::Dev, Split::Test];
        let split = shares[stream.weighted(&[50, 10, 40])];
        (spoken, self.spec.split.unwrap_or(split))
    }

    fn tell(
        &self,
        index: u64,
        place: Place,
        spoken: &Spoken,
        customer: &Customer,
        variant: Variant,
    ) -> Conversation {
        let plots = Plots::built_in();
        let (first, last) = window(place, self.spec.days);
        let window = (self.day(first), self.day(last));
        let rates = &self.spec.rates;
        let appointment = appointment(
            plots,
            &self.intents,
            customer,
            window,
            rates.second_goal,
            self.seed,
            index,
        );
        let mut stream = Stream::at(self.seed, POLICY, index);
        let drawn = Policy::ALL[stream.weighted(&self.policies)];
        let policy = if let Variant::Policy(policy) = variant {
            policy
        } else {
            drawn
        };
        let mut cast = Cast::new(&spoken.world, customer, self.seed, index, &appointment);
        let brief = Brief {
            plots,
            goals: &appointment.goals,
            policy,
            available: cast.available(),
            rates,
            parts: match customer.country {
                Country::France => parts_of,
                Country::Britain | Country::UnitedStates => parts_of_short,
            },
        };
        let acts = plan(&brief, &mut Stream::at(self.seed, PLOT, index));
        let writer = &customer.writer;
        let script = Script {
            language: spoken.language,
            plots,
            split: customer.split,
            seed: self.seed,
            index,
            habits: if variant == Variant::Tidy {
                Habits::default()
            } else {
                habits(customer)
            },
            dictates: writer.rates.spoken > 300,
            relaxed: writer.formality == Formality::Casual,
            familiar: writer.tutoie,
            style: customer.bank.house_style.name(),
        };
        let (messages, facts) = realise(&script, &mut cast, &acts);
        Conversation {
            id: self.id(index) + &variant.suffix(),
            lang: Name::Owned(spoken.tag.clone()),
            customer: format!("c-{:06}", place.customer),
            bank: Name::Borrowed(customer.bank.name),
            channel: Name::Borrowed("messenger"),
            policy: Name::Borrowed(policy.name()),
            intents: appointment
                .goals
                .iter()
                .map(|goal| Name::Borrowed(plots.intents[usize::from(goal.0)].id))
                .collect(),
            writer: Name::Borrowed(writer.id),
            split: customer.split,
            as_of: appointment.date,
            facts,
            messages,
        }
    }

    fn day(&self, number: u32) -> Date {
        self.spec.start.plus(number as i32)
    }
}

/// How many parts the value of a topic can be sent in.
fn parts_of(topic: &str) -> u8 {
    match topic {
        "card_pan" | "payee_details" => 4,
        "national_id" => 2,
        _ => 1,
    }
}

/// The same where accounts have numbers of eight digits and more: two groups of four.
fn parts_of_short(topic: &str) -> u8 {
    match topic {
        "payee_details" => 2,
        _ => parts_of(topic),
    }
}

/// The writer's habits, as the noise knows them.
fn habits(customer: &Customer) -> Habits {
    let rates = &customer.writer.rates;
    Habits {
        untidy: (rates.no_capital + rates.no_stop) / 2,
        no_accents: rates.accent,
        no_apostrophe: rates.apostrophe,
        abbreviates: rates.abbreviation,
        typo: rates.typo,
        capitals: rates.all_caps,
        emoji: rates.emoji,
        runs: rates.runs,
        splits: rates.split,
    }
}

impl fake::Dummy<u64> for Conversation {
    /// Conversation 0 of the default French spec under this seed.
    fn dummy_with_rng<R: fake::RngExt + ?Sized>(seed: &u64, _: &mut R) -> Self {
        let spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
        Corpus::new(spec, *seed)
            .expect("the default spec can be met")
            .conversation(0)
    }
}

impl fake::Dummy<fake::Faker> for Conversation {
    /// One draw is the seed: `Faker.fake::<Conversation>()`.
    fn dummy_with_rng<R: fake::RngExt + ?Sized>(_: &fake::Faker, rng: &mut R) -> Self {
        let seed = rand_core::Rng::next_u64(rng);
        fake::Dummy::<u64>::dummy_with_rng(&seed, rng)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_has_the_same_customer_day_and_concern() {
        let spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
        let corpus = Corpus::new(spec, 1).unwrap();
        for index in 0..20 {
            let plain = corpus.conversation(index);
            let twin = corpus.twin(index, Variant::Policy(Policy::FaqOnly));
            assert_eq!((&plain.customer, plain.as_of), (&twin.customer, twin.as_of));
            assert_eq!(plain.intents, twin.intents);
            assert_eq!(twin.policy, "faq_only");
        }
    }
}
