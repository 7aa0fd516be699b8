//! Conversation `i`: from seed and spec to a record.

use crate::calendar::Date;
use crate::conversation::{Conversation, Name, Policy, Split};
use crate::corpus::data::Data;
use crate::corpus::plan::{Place, place, window};
use crate::corpus::spec::{Spec, weighed};
use crate::corpus::twins::{self, Variant};
use crate::country::Country;
use crate::dialogue::cast::{Appointment, Cast, appointment};
use crate::dialogue::planner::{Brief, Rates, plan};
use crate::seed::{Domain, Stream};
use crate::wording::language::Language;
use crate::wording::noise::{Habits, Tally};
use crate::wording::realise::{Script, realise};
use crate::wording::transcript;
use crate::wording::values::Ways;
use crate::wording::variety::Dialect;
use crate::world::{Customer, Habit, World};
use std::sync::OnceLock;

const PEOPLE: Domain = Domain::new("people");
const POLICY: Domain = Domain::new("policy");
const PLOT: Domain = Domain::new("plot");
const RATES: Domain = Domain::new("rates");
const EVENTS: Domain = Domain::new("events");
const VARIETY: Domain = Domain::new("variety");
const NOTES: Domain = Domain::new("voice notes");
const NOTES_HERE: Domain = Domain::new("voice notes of a conversation");

/// How often a day and a concern are drawn until the world has what the concern needs.
const ATTEMPTS: u64 = 6;

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
    data: Data,
    spec: Spec,
    seed: u64,
    tongues: Vec<Spoken>,
    weights: Vec<u32>,
    policies: [u32; 6],
    intents: Vec<u32>,
    twins: Vec<Variant>,
    /// The rate of each label in per cent; empty: as the grammar has them.
    label_rates: Vec<u32>,
    /// Forms and slips that are asked for of values by label.
    ways: Ways,
    /// The language of twins in another language, by whether that is English.
    others: [OnceLock<&'static Language>; 2],
}

/// A language of the corpus, with the people who speak it.
#[derive(Debug)]
struct Spoken {
    tag: String,
    language: &'static Language,
    world: World,
}

impl Corpus {
    /// Prepares a corpus of the built-in plots and phrases.
    ///
    /// # Errors
    /// What the spec asks for and cannot be had.
    pub fn new(spec: Spec, seed: u64) -> Result<Corpus, String> {
        Corpus::with_data(Data::built_in(), spec, seed)
    }

    /// Prepares a corpus: loads the languages that the spec asks for, and no others.
    ///
    /// # Errors
    /// What the spec asks for and cannot be had.
    pub fn with_data(data: Data, spec: Spec, seed: u64) -> Result<Corpus, String> {
        let speaks = |tag: &str| data.speaks(tag) && Country::of_language(tag).is_some();
        spec.check_with(data.plots(), &speaks)?;
        for tag in spec.languages.keys() {
            let told = data.tells(tag)?;
            let asked = data.plots().intents.iter().map(|intent| intent.id);
            let mut asked =
                asked.filter(|id| spec.intents.is_empty() || spec.intents.contains_key(*id));
            if let Some(untold) = asked.find(|id| !told.contains(id)) {
                let language = tag.split('-').next().unwrap_or(tag);
                return Err(format!(
                    "`{language}` has no phrases for all that the plot `{untold}` says; it can tell \
                     (`intents`): {}",
                    told.join(", ")
                ));
            }
        }
        let mut tongues = Vec::new();
        let mut weights = Vec::new();
        for (tag, &weight) in spec.languages.iter().filter(|(_, weight)| **weight > 0) {
            let country =
                Country::of_language(tag).ok_or_else(|| format!("no country for {tag}"))?;
            let world = World::new(seed, country).busy_between(spec.start, spec.days);
            let habits = spec.habits.iter();
            tongues.push(Spoken {
                tag: tag.clone(),
                language: data.language(tag)?,
                world: habits.fold(world, |world, (name, share)| {
                    let habit = Habit::named(name).expect("the spec was checked");
                    world.with_habit(habit, *share)
                }),
            });
            weights.push(weight);
        }
        let spoken = tongues.iter().flat_map(|s| s.language.varieties.names());
        let spoken: Vec<&str> = spoken.collect();
        if spoken.is_empty() && !spec.varieties.is_empty() {
            return Err(format!(
                "`varieties`: no language of the corpus ({}) has any; French has",
                spec.languages
                    .keys()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
        weighed("varieties", &spec.varieties, spoken.iter().copied(), false)?;
        let twins = spec
            .twins
            .iter()
            .map(|name| Variant::named(name).expect("the spec was checked"))
            .collect();
        let mut policies = [0; 6];
        for (policy, weight) in Policy::ALL.iter().zip(&mut policies) {
            *weight = match spec.policies.is_empty() {
                // A bank whose bot is switched off is only there when it is asked for.
                true => u32::from(*policy != Policy::SwitchedOff),
                false => spec.policies.get(policy.name()).copied().unwrap_or(0),
            };
        }
        let intents = data
            .plots()
            .intents
            .iter()
            .map(|intent| match spec.intents.is_empty() {
                true => spec
                    .intent_weights
                    .get(intent.id)
                    .copied()
                    .unwrap_or(intent.weight),
                false => spec.intents.get(intent.id).copied().unwrap_or(0),
            })
            .collect();
        let label_rates = spec.label_rates()?;
        let ways = spec.ways()?;
        let corpus = Corpus {
            data,
            spec,
            seed,
            tongues,
            weights,
            policies,
            intents,
            twins,
            label_rates,
            ways,
            others: Default::default(),
        };
        for &variant in &corpus.twins {
            corpus.prepare(variant)?;
        }
        Ok(corpus)
    }

    /// What was asked.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Its plots and phrases.
    pub fn data(&self) -> &Data {
        &self.data
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

    /// The conversation at an index, and the twins of it that the spec asks for.
    pub fn family(&self, index: u64) -> impl Iterator<Item = Conversation> {
        let variants = [Variant::Plain]
            .into_iter()
            .chain(self.twins.iter().copied());
        variants.map(move |variant| self.twin(index, variant))
    }

    /// A twin of the conversation at an index.
    pub fn twin(&self, index: u64, variant: Variant) -> Conversation {
        let place = place(self.seed, index);
        let (spoken, split) = self.people(place);
        let customer = spoken.world.customer(split, place.customer);
        let mut conversation = self.tell(index, place, spoken, &customer, variant, None);
        if let Variant::Touch(touch) = variant {
            twins::touch(&mut conversation, touch);
        }
        conversation
    }

    /// What became of the words that the customer typed in the conversation at an index.
    pub fn noise(&self, index: u64) -> Tally {
        let place = place(self.seed, index);
        let (spoken, split) = self.people(place);
        let customer = spoken.world.customer(split, place.customer);
        let mut tally = Tally::default();
        let counted = Some(&mut tally);
        self.tell(index, place, spoken, &customer, Variant::Plain, counted);
        tally
    }

    /// The language that a customer of this one's country does not write, with its tag: `en-FR`.
    fn other_language(&self, spoken: &Spoken) -> (String, &'static Language) {
        let (language, country) = spoken.tag.split_once('-').expect("a checked tag");
        let english = language != "en";
        let other = if english { "en" } else { "fr" };
        let loaded = self.others[usize::from(english)].get_or_init(|| {
            let language = self.data.language(other);
            language.expect("`prepare` says whether it can be had")
        });
        (format!("{other}-{country}"), loaded)
    }

    /// Loads what a variant needs besides the languages of the spec.
    ///
    /// # Errors
    /// Faults of the language in which a twin in another language is told.
    pub fn prepare(&self, variant: Variant) -> Result<(), String> {
        if variant == Variant::OtherLanguage {
            for spoken in &self.tongues {
                let english = !spoken.tag.starts_with("en");
                if self.others[usize::from(english)].get().is_none() {
                    let language = self.data.language(if english { "en" } else { "fr" })?;
                    let _ = self.others[usize::from(english)].set(language);
                }
            }
        }
        Ok(())
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
        noise: Option<&mut Tally>,
    ) -> Conversation {
        let plots = self.data.plots();
        let (first, last) = window(place, self.spec.days);
        let window = (self.day(first), self.day(last));
        let mut rates = self.rates(index);
        let notes = self.notes(index, place, customer);
        rates.voice = notes.map_or(0, |_| rates.voice);
        let (rates, notes) = (&rates, notes.unwrap_or_default());
        let meet = |attempt| {
            let appointment = appointment(
                plots,
                &self.intents,
                customer,
                window,
                rates.second_goal,
                self.seed,
                (index, attempt),
            );
            let cast = Cast::new(&spoken.world, customer, self.seed, index, &appointment);
            (appointment, cast)
        };
        let told = |(appointment, cast): &(Appointment, Cast<'_>)| {
            let mut goals = appointment.goals.iter();
            goals.all(|goal| {
                cast.available()
                    .has(plots.intents[usize::from(goal.0)].cast)
            })
        };
        // Where nothing else was asked for, a concern is told without what it needs.
        let mut attempts = (0..ATTEMPTS).map(meet);
        let first = attempts.next().expect("there is a first attempt");
        let (appointment, mut cast) = if told(&first) {
            first
        } else {
            attempts.find(told).unwrap_or(first)
        };
        let mut stream = Stream::at(self.seed, POLICY, index);
        let drawn = Policy::ALL[stream.weighted(&self.policies)];
        let policy = if let Variant::Policy(policy) = variant {
            policy
        } else {
            drawn
        };
        let goals = appointment.goals.iter();
        let mut documents = goals.map(|goal| &plots.intents[usize::from(goal.0)].documents);
        if let Some(documents) = documents.find(|documents| !documents.is_empty()) {
            cast.bring(documents);
        }
        if variant == Variant::Lifelike || !self.spec.values.are_safe() {
            cast.make_lifelike();
        }
        let brief = Brief {
            plots,
            goals: &appointment.goals,
            policy,
            available: cast.available(),
            rates,
            short_accounts: customer.country != Country::France,
        };
        let acts = plan(&brief, &mut Stream::at(self.seed, PLOT, index));
        let writer = &customer.writer;
        let (tag, language) = match variant {
            Variant::OtherLanguage => self.other_language(spoken),
            _ => (spoken.tag.clone(), spoken.language),
        };
        let dialect = self.dialect(language, place, customer);
        let script = Script {
            language,
            plots,
            split: customer.split,
            seed: self.seed,
            index,
            dialect: &dialect,
            habits: if variant == Variant::Tidy {
                Habits::default()
            } else {
                language.noise.scaled(habits(customer))
            },
            dictates: writer.rates.spoken > 300,
            formality: writer.formality,
            familiar: writer.tutoie,
            style: customer.bank.house_style.name(),
            notes: transcript::Manner {
                halting: variant != Variant::Tidy,
                ..notes
            },
            knows_accounts: !matches!(policy, Policy::FaqOnly | Policy::Restrained),
            labels: &self.label_rates,
            ways: &self.ways,
            raw_events: Stream::at(self.seed, EVENTS, index).chance(rates.raw_events),
        };
        let (messages, facts) = realise(&script, &mut cast, &acts, noise);
        Conversation {
            id: self.id(index) + &variant.suffix(),
            lang: Name::Owned(tag),
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
            variety: dialect.variety.map(Name::Owned),
            split: customer.split,
            as_of: appointment.date,
            facts,
            messages,
        }
    }

    /// How the customer speaks: a variety that the spec's weights draw, or that of their nationality. It goes
    /// with the customer.
    fn dialect(&self, language: &Language, place: Place, customer: &Customer) -> Dialect {
        let varieties = &language.varieties;
        let mut stream = Stream::at(self.seed, VARIETY, place.customer);
        let weight = |name| self.spec.varieties.get(name).copied().unwrap_or(0);
        let weights: Vec<u32> = varieties.names().map(weight).collect();
        let name = if weights.iter().any(|weight| *weight > 0) {
            varieties.names().nth(stream.weighted(&weights))
        } else {
            let nationality = customer.person.nationality;
            nationality.and_then(|nationality| varieties.of_nationality(nationality.country))
        };
        let variety = name.and_then(|name| varieties.others.get_key_value(name));
        match variety {
            None => Dialect::plain(language.tongue),
            Some((name, variety)) => Dialect::draw(name, variety, language.tongue, &mut stream),
        }
    }

    /// How the customer's voice notes come out in a conversation; `None` for who sends none in it. Who sends
    /// any, and through which service, goes with the customer.
    fn notes(&self, index: u64, place: Place, customer: &Customer) -> Option<transcript::Manner> {
        let mut stream = Stream::at(self.seed, NOTES, place.customer);
        let sends = stream.chance(customer.writer.rates.voice);
        let punctuated = stream.chance(400);
        let here = Stream::at(self.seed, NOTES_HERE, index).chance(600);
        (sends && here).then_some(transcript::Manner {
            punctuated,
            halting: true,
        })
    }

    /// The rates of a conversation: those of the spec, and those that it draws for itself.
    fn rates(&self, index: u64) -> Rates {
        let mut rates = self.spec.rates.clone();
        if !self.spec.ranges.is_empty() {
            let mut stream = Stream::at(self.seed, RATES, index);
            for (name, [low, high]) in &self.spec.ranges {
                let rate = rates.get_mut(name).expect("the spec was checked");
                *rate = stream.range((*low).into(), (*high).into()) as u32;
            }
        }
        rates
    }

    fn day(&self, number: u32) -> Date {
        self.spec.start.plus(number as i32)
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
        phonetic: rates.phonetic,
        switches: rates.switch,
        typo: rates.typo,
        louder: rates.runs / 3,
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

/// The index in an id: `fr-000000042` and `fr-000000042~tidy` give 42.
pub fn index_of(id: &str) -> Option<u64> {
    let plain = id.split('~').next().unwrap_or(id);
    let (name, digits) = plain.rsplit_once('-')?;
    let sound = !name.is_empty() && digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Form, Message, MessageKind, Speaker};
    use crate::taxonomy::NormalForm;
    use crate::wording::number_words::{Numerals, Tongue};

    /// Form and validity of the values of a label that customers wrote whole in 1,500 conversations, and
    /// whether they were typed (no button sent them).
    fn written(ask: &str, label: &str) -> Vec<(Form, Option<bool>, bool)> {
        let head = "name = 'x'\nlanguages = { fr-FR = 1, en-US = 1, en-GB = 1 }\n";
        let spec = Spec::parse(&format!("{head}{ask}")).unwrap();
        let corpus = Corpus::new(spec, 9).unwrap();
        let mut all = Vec::new();
        for index in 0..1_500 {
            let messages = corpus.conversation(index).messages;
            let of = |message: &Message| message.speaker == Speaker::Customer;
            for message in messages.iter().filter(|message| of(message)) {
                let typed = message.kind != MessageKind::QuickReply;
                let spans = message.body.spans().map(|(_, span)| span);
                for span in spans.filter(|span| span.label.id() == label) {
                    let partial = [Form::Part, Form::Fragment, Form::Last4, Form::Masked];
                    let form = span.form.filter(|form| !partial.contains(form));
                    all.extend(form.map(|form| (form, span.valid, typed)));
                }
            }
        }
        assert!(all.len() > 30, "{label}: {}", all.len());
        all
    }

    fn every(spec: &str, mut look: impl FnMut(&Conversation)) {
        let head = "name = 'x'\nlanguages = { fr-FR = 1, en-US = 1, en-GB = 1 }\n";
        let corpus = Corpus::new(Spec::parse(&format!("{head}{spec}")).unwrap(), 9).unwrap();
        (0..1_500).for_each(|index| look(&corpus.conversation(index)));
    }

    fn says(message: &Message, constituents: &[&str]) -> bool {
        message.phrases.iter().any(|phrase| {
            let (name, _) = phrase.rsplit_once('.').unwrap();
            constituents.contains(&name)
        })
    }

    #[test]
    fn an_agent_asks_for_nothing_that_the_customer_has_given() {
        let asked = ["agent.ask.customer_number", "ask.customer_number"];
        let mut handovers = 0;
        every(
            "policies = { read_only_authenticated = 1 }",
            |conversation| {
                let mut given = false;
                for message in &conversation.messages {
                    handovers += u32::from(given && message.speaker == Speaker::Agent);
                    assert!(!(given && says(message, &asked)), "{}", conversation.id);
                    let whole = |form: Option<Form>| {
                        ![Some(Form::Part), Some(Form::Fragment)].contains(&form)
                    };
                    let number = |span: &crate::conversation::Span| {
                        span.label.id() == "CUSTOMER_NUMBER"
                            && span.valid != Some(false)
                            && whole(span.form)
                    };
                    let customer = message.speaker == Speaker::Customer;
                    let refused = message.kind == MessageKind::Voice;
                    let mut spans = message.body.spans().map(|(_, span)| span);
                    given |= customer && !refused && spans.any(number);
                }
            },
        );
        assert!(handovers > 100, "{handovers} messages of agents");
    }

    #[test]
    fn a_payment_is_declined_for_want_of_money_only_where_the_balance_is_below_it() {
        let mut declined = 0;
        every("intents = { card_declined = 1 }", |conversation| {
            let message = conversation
                .messages
                .iter()
                .find(|m| says(m, &["declined.balance"]));
            let Some(message) = message else { return };
            let amount = |label: &str| {
                let mut spans = message.body.spans().map(|(_, span)| span);
                let fact = spans.find(|span| span.label.id() == label)?.fact?;
                let fact = conversation.facts.iter().find(|known| known.id == fact)?;
                let mut words = fact.value.split(' ');
                words.find_map(|word| word.parse::<f64>().ok())
            };
            let Some((balance, purchase)) = amount("BALANCE").zip(amount("TRANSACTION_AMOUNT"))
            else {
                return;
            };
            declined += 1;
            assert!(balance < purchase.abs(), "{}", conversation.id);
        });
        assert!(declined > 3, "{declined} payments");
    }

    #[test]
    fn formal_writers_say_no_slang() {
        let slang = ["greet.33", "greet.35", "greet.56", "bye.38"];
        let (mut formal, mut casual) = (0, 0);
        every("", |conversation| {
            let french = conversation.lang.starts_with("fr");
            let mut phrases = conversation
                .messages
                .iter()
                .flat_map(|message| &message.phrases);
            let said = phrases.any(|phrase| slang.contains(&&**phrase));
            match &*conversation.writer {
                "careful_retiree" | "formal_professional" => formal += u32::from(french && said),
                _ => casual += u32::from(french && said),
            }
        });
        assert_eq!(formal, 0);
        assert!(casual > 3, "{casual} casual writers");
    }

    #[test]
    fn every_concern_has_a_file_of_its_own() {
        let mut files = 0;
        every(
            "rates = { second_goal = 1000 }\nintents = { unrecognised_payment = 1, cancel_transfer = 1 }",
            |conversation| {
                let facts = conversation.facts.iter();
                let named = facts
                    .filter(|fact| fact.label.id() == "CASE_REFERENCE")
                    .count();
                files += u32::from(named > 1);
            },
        );
        assert!(files > 20, "{files} conversations with two files");
    }

    #[test]
    fn nobody_speaks_to_the_bot_once_a_human_has_taken_over() {
        let (mut before, mut agents) = (0, 0);
        every("", |conversation| {
            let mut human = false;
            for message in &conversation.messages {
                human |= message.speaker == Speaker::Agent;
                agents += u32::from(human);
                // `merci {bot.name}`, `salut {bot.name}`
                let french = conversation.lang.starts_with("fr");
                let named = ["thanks.9", "greet.11", "bye.26"];
                let by_name = french && message.phrases.iter().any(|id| named.contains(&&**id));
                before += u32::from(by_name);
                assert!(!(human && by_name), "{}", conversation.id);
            }
        });
        assert!(before > 3 && agents > 100, "{before} of {agents}");
    }

    #[test]
    fn citizens_and_foreigners_are_asked_for_papers_of_their_own() {
        let mut asked = std::collections::BTreeMap::new();
        every(
            "intent_weights = { verify_identity = 1000 }",
            |conversation| {
                for message in &conversation.messages {
                    for topic in ["passport", "mrz", "id_card", "foreign_id"] {
                        let question = format!("ask.{topic}");
                        *asked.entry(topic).or_insert(0) += u32::from(says(message, &[&question]));
                    }
                }
            },
        );
        assert!(asked.values().all(|&times| times > 10), "{asked:?}");
    }

    #[test]
    fn no_agent_bears_a_name_of_the_customer() {
        let spec = "name = 'x'\nlanguages = { fr-FR = 1, en-US = 1, en-GB = 1 }\n";
        let corpus = Corpus::new(Spec::parse(spec).unwrap(), 9).unwrap();
        let mut met = 0;
        for index in 0..3_000 {
            let facts = corpus.conversation(index).facts;
            let names = |kind: &'static str| {
                let names = facts.iter().filter(|f| f.label.id() == "PERSON_NAME");
                let of_kind = names.filter(move |f| f.kind == kind);
                of_kind.flat_map(|f| f.value.split(' '))
            };
            for name in names("agent") {
                met += u32::from(names("customer").next().is_some());
                assert!(!names("customer").any(|own| own == name), "{index}: {name}");
            }
        }
        assert!(met > 100, "{met}");
    }

    #[test]
    fn values_are_written_in_the_forms_that_are_asked_for_and_in_no_others() {
        let ask = "forms = { PHONE_NUMBER = { spoken = 3, dots = 1 }, TRANSACTION_AMOUNT = { code = 1 } }";
        let phones = written(ask, "PHONE_NUMBER");
        let typed: Vec<Form> = phones.iter().filter(|w| w.2).map(|w| w.0).collect();
        let spoken = typed.iter().filter(|form| **form == Form::Spoken).count();
        assert!(
            typed
                .iter()
                .all(|form| [Form::Spoken, Form::Dots].contains(form))
        );
        assert!((0.65..0.85).contains(&(spoken as f64 / typed.len() as f64)));
        // A button repeats what is on file.
        let tapped: Vec<Form> = phones.iter().filter(|w| !w.2).map(|w| w.0).collect();
        let spoken = tapped.iter().filter(|form| **form == Form::Spoken).count();
        assert!(spoken * 10 < tapped.len(), "{spoken} of {}", tapped.len());
        let amounts = written(ask, "TRANSACTION_AMOUNT");
        // Lines of a statement that people paste keep the bank's form.
        assert!(
            amounts
                .iter()
                .all(|w| [Form::Code, Form::Symbol].contains(&w.0))
        );
        let asked = amounts.iter().filter(|w| w.0 == Form::Code).count();
        assert!(
            asked * 10 > amounts.len() * 8,
            "{asked} of {}",
            amounts.len()
        );
    }

    #[test]
    fn values_are_mistyped_as_often_as_is_asked_for() {
        let share = |ask: &str| {
            let typed = written(ask, "PHONE_NUMBER").into_iter().filter(|w| w.2);
            let valid: Vec<bool> = typed.filter_map(|w| w.1).collect();
            valid.iter().filter(|valid| !**valid).count() as f64 / valid.len() as f64
        };
        assert_eq!(share("mistyped = { PHONE_NUMBER = 0 }"), 0.0);
        let own = share("");
        assert!((0.001..0.1).contains(&own), "{own}");
        let half = share("mistyped = { PHONE_NUMBER = 500 }");
        assert!((0.4..0.6).contains(&half), "{half}");
    }

    #[test]
    fn where_no_slip_is_made_nothing_is_corrected() {
        let mut spec = Spec::for_languages([("en-GB".to_owned(), 1)].into());
        spec.rates.correct = 1000;
        spec.mistyped = [("all".to_owned(), 0)].into();
        spec.intents = [("change_phone_email".to_owned(), 1)].into();
        let corpus = Corpus::new(spec, 9).unwrap();
        let said = (0..60).flat_map(|index| corpus.conversation(index).messages);
        let said: Vec<Message> = said.collect();
        let leads = |message: &&Message| message.phrases.iter().any(|p| p.starts_with("correct."));
        let slips = |message: &&Message| {
            let mut spans = message.body.spans();
            spans.any(|(_, span)| span.label.id() == "PHONE_NUMBER" && span.valid == Some(false))
        };
        assert_eq!(said.iter().filter(slips).count(), 0);
        for message in said.iter().filter(leads) {
            let spans = message.body.spans();
            let labels: Vec<&str> = spans.map(|(_, span)| span.label.id()).collect();
            assert!(!labels.contains(&"PHONE_NUMBER"), "{labels:?}");
        }
    }

    #[test]
    fn an_id_gives_its_index() {
        assert_eq!(index_of("fr@1-preview-000000042"), Some(42));
        assert_eq!(index_of("en-000000007~policy-restrained"), Some(7));
        assert_eq!(index_of("en-7"), None);
        assert_eq!(index_of("dialogue 12"), None);
    }

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

    /// Conversations of a language, with more voice notes and taps than usual.
    fn talkative(tag: &str, voice: u32, postback: u32) -> impl Iterator<Item = Conversation> {
        let mut spec = Spec::for_languages([(tag.to_owned(), 1)].into());
        (spec.rates.voice, spec.rates.postback) = (voice, postback);
        let corpus = Corpus::new(spec, 3).unwrap();
        (0..700).map(move |index| corpus.conversation(index))
    }

    fn messages(
        conversations: &[Conversation],
        kind: MessageKind,
    ) -> Vec<(&Conversation, &Message)> {
        let all = conversations.iter();
        let all = all.flat_map(|c| c.messages.iter().map(move |message| (c, message)));
        all.filter(|(_, message)| message.kind == kind).collect()
    }

    #[test]
    fn a_voice_note_has_nothing_that_only_fingers_write() {
        for tag in ["fr-FR", "en-US", "en-GB"] {
            let conversations: Vec<Conversation> = talkative(tag, 1000, 0).collect();
            let notes = messages(&conversations, MessageKind::Voice);
            assert!(notes.len() > 80, "{} voice notes in {tag}", notes.len());
            let forms = [
                Form::Plain,
                Form::Compact,
                Form::Spoken,
                Form::Last4,
                Form::Code,
                Form::Worded,
                Form::Relative,
                Form::GivenFamily,
                Form::FamilyGiven,
                Form::Given,
                Form::Family,
            ];
            for (_, note) in &notes {
                let text = note.body.text();
                assert_eq!(note.speaker, Speaker::Customer);
                let seen =
                    |c: char| matches!(c, '\n' | '!' | '(' | ':' | '…' | '_') || c > '\u{2100}';
                assert!(!text.contains(seen) && !text.contains("  "), "{text}");
                for (range, span) in note.body.spans() {
                    let surface = &text[range.as_range()];
                    assert!(
                        span.form.is_some_and(|form| forms.contains(&form)),
                        "{text}: {span:?}"
                    );
                    assert!(
                        span.part.is_none() && span.valid != Some(false),
                        "{text}: {span:?}"
                    );
                    let digits = surface.bytes().filter(u8::is_ascii_digit).count();
                    let grouped = digits > 5 && surface.contains([' ', '-', '.', '/']);
                    let code = matches!(span.form, Some(Form::Compact | Form::Spoken));
                    assert!(!(grouped && code), "{surface}");
                }
            }
        }
    }

    #[test]
    fn a_number_that_was_said_is_its_fact_digit_by_digit() {
        for (tag, tongue) in [
            ("fr-FR", Tongue::French(Numerals::FRANCE)),
            ("en-GB", Tongue::English),
        ] {
            let conversations: Vec<Conversation> = talkative(tag, 1000, 0).collect();
            let mut said = 0;
            for (conversation, note) in messages(&conversations, MessageKind::Voice) {
                for (range, span) in note.body.spans() {
                    let fact = span
                        .fact
                        .and_then(|id| conversation.facts.iter().find(|f| f.id == id));
                    let value = &fact.expect("a span states a fact").value;
                    let normal = span.label.info().normal;
                    let code = matches!(normal, NormalForm::Digits | NormalForm::Alphanumeric);
                    if code && span.form == Some(Form::Spoken) {
                        let mut due = String::new();
                        tongue.dictate(value, false, &mut due);
                        let surface = &note.body.text()[range.as_range()];
                        assert_eq!(surface, due.to_lowercase());
                        said += 1;
                    }
                }
            }
            assert!(said > 10, "{said} in {tag}");
        }
    }

    /// Conversations of a French spec in which people dictate a lot.
    fn dictated(ask: &str, count: u64) -> Vec<Conversation> {
        let head = "name = 'x'\nlanguages = { fr-FR = 1 }\n";
        let forms = "forms = { all = { spoken = 1 } }\nrates = { voice = 1000 }\n";
        let spec = Spec::parse(&format!("{head}{ask}\n{forms}")).unwrap();
        let corpus = Corpus::new(spec, 9).unwrap();
        (0..count).map(|index| corpus.conversation(index)).collect()
    }

    /// What customers say in words.
    fn in_words(conversation: &Conversation) -> String {
        let messages = conversation.messages.iter();
        let theirs = messages.filter(|message| message.speaker == Speaker::Customer);
        let mut said = String::new();
        for message in theirs {
            let spans = message.body.spans();
            for (range, _) in spans.filter(|(_, span)| span.form == Some(Form::Spoken)) {
                said += &message.body.text()[range.as_range()].to_lowercase();
                said.push_str(", ");
            }
        }
        said
    }

    #[test]
    fn a_belgian_says_septante_and_nonante_over_all_conversations_and_never_otherwise() {
        let (mut tens, mut customers) = (0, std::collections::BTreeSet::new());
        for conversation in dictated("varieties = { fr-BE = 1 }", 700) {
            assert_eq!(conversation.variety.as_deref(), Some("fr-BE"));
            let said = in_words(&conversation);
            for french in [
                "soixante-dix",
                "soixante et onze",
                "quatre-vingt-dix",
                "huitante",
            ] {
                assert!(!said.contains(french), "{said}");
            }
            tens += ["septante", "nonante"]
                .iter()
                .map(|ten| said.matches(ten).count())
                .sum::<usize>();
            customers.insert(conversation.customer);
        }
        assert!(
            tens > 100 && customers.len() < 700,
            "{tens}, {}",
            customers.len()
        );
    }

    #[test]
    fn a_swiss_keeps_to_huitante_or_to_quatre_vingts() {
        let mut both = std::collections::BTreeMap::<String, [bool; 2]>::new();
        for conversation in dictated("varieties = { fr-CH = 1 }", 1_200) {
            let said = in_words(&conversation);
            let seen = both.entry(conversation.customer).or_default();
            seen[0] |= said.contains("huitante");
            seen[1] |= said.contains("quatre-vingt");
        }
        let count = |wanted: [bool; 2]| both.values().filter(|seen| **seen == wanted).count();
        assert_eq!(count([true, true]), 0);
        let (huitante, quatre_vingts) = (count([true, false]), count([false, true]));
        assert!(
            huitante > 20 && quatre_vingts > 20,
            "{huitante} {quatre_vingts}"
        );
    }

    #[test]
    fn foreigners_speak_the_variety_of_their_country_and_nobody_else_does() {
        let spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
        let corpus = Corpus::new(spec.clone(), 3).unwrap();
        let asked = Spec {
            varieties: [("fr-FR".to_owned(), 1)].into(),
            ..spec
        };
        let without = Corpus::new(asked, 3).unwrap();
        let mut foreigners = 0;
        for index in 0..1_500 {
            let (told, plain) = (corpus.conversation(index), without.conversation(index));
            let country = corpus.customer(index).person.nationality.map(|n| n.country);
            let due = country.filter(|country| ["BE", "CH", "CA"].contains(country));
            assert_eq!(
                told.variety,
                due.map(|country| Name::Owned(format!("fr-{country}")))
            );
            assert_eq!(plain.variety, None);
            if due.is_none() {
                assert_eq!(told, plain);
            }
            foreigners += u32::from(due.is_some());
            // Banks speak the French of France to everybody.
            let bank = |c: &Conversation| -> Vec<String> {
                let of_bank = c.messages.iter().filter(|m| m.speaker != Speaker::Customer);
                of_bank.map(|m| m.body.text().to_owned()).collect()
            };
            assert_eq!(bank(&told), bank(&plain));
        }
        assert!((10..60).contains(&foreigners), "{foreigners}");
    }

    #[test]
    fn a_variety_that_there_is_not_is_refused_with_those_that_there_are() {
        let error = |language: &str, ask: &str| {
            let spec =
                format!("name = 'x'\nlanguages = {{ {language} = 1 }}\nvarieties = {{ {ask} }}");
            Corpus::new(Spec::parse(&spec).unwrap(), 1).unwrap_err()
        };
        assert_eq!(
            error("fr-FR", "fr-BR = 1"),
            "`varieties`: no `fr-BR` (did you mean `fr-BE`?)"
        );
        assert_eq!(
            error("fr-FR", "walloon = 1"),
            "`varieties`: no `walloon` (fr-FR, fr-BE, fr-CA, fr-CH)"
        );
        assert!(error("fr-FR", "fr-BE = 0").contains("sum to 0"));
        assert!(error("en-GB", "fr-BE = 1").contains("no language of the corpus (en-GB) has any"));
    }

    #[test]
    fn a_postback_has_a_payload_and_a_title_and_nothing_else_has_one() {
        for tag in ["fr-FR", "en-US"] {
            let conversations: Vec<Conversation> = talkative(tag, 0, 600).collect();
            let taps = messages(&conversations, MessageKind::Postback);
            let mut with_values = 0;
            let mut starts = 0;
            for (conversation, tap) in &taps {
                let payload = tap.fields.iter().find(|f| f.pointer == "/postback/payload");
                let payload = &payload.expect("a postback has a payload").body;
                let code = payload.text().split(':').next().unwrap_or_default();
                assert!(
                    code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'),
                    "{code}"
                );
                assert!(!code.is_empty() && tap.speaker == Speaker::Customer);
                assert!(
                    tap.body.text().starts_with(char::is_uppercase),
                    "{}",
                    tap.body.text()
                );
                let blind = ["faq_only", "restrained"].contains(&&*conversation.policy);
                assert!(
                    !(blind && payload.text().contains(':')),
                    "{}",
                    payload.text()
                );
                with_values += usize::from(payload.spans().next().is_some());
                if code == "GET_STARTED" {
                    starts += 1;
                    assert_eq!(tap.turn, 0);
                    assert_eq!(conversation.messages[1].speaker, Speaker::Bot);
                }
            }
            assert!(
                with_values > 30 && starts > 10,
                "{with_values} {starts} in {tag}"
            );
            let others = conversations.iter().flat_map(|c| &c.messages);
            let others = others.filter(|message| message.kind != MessageKind::Postback);
            assert!(
                others
                    .flat_map(|m| &m.fields)
                    .all(|f| f.pointer != "/postback/payload")
            );
        }
    }

    #[test]
    fn without_their_rates_nobody_speaks_and_nobody_taps() {
        let conversations: Vec<Conversation> = talkative("fr-FR", 0, 0).collect();
        for kind in [MessageKind::Voice, MessageKind::Postback] {
            assert!(messages(&conversations, kind).is_empty());
        }
    }

    #[test]
    fn voice_notes_go_with_the_customer_and_most_with_one_who_dictates() {
        let conversations: Vec<Conversation> = talkative("en-US", 600, 0).collect();
        let share = |dictates: bool| {
            let theirs = |c: &&Conversation| (c.writer == "dictating_driver") == dictates;
            let all = conversations.iter().filter(theirs).count();
            let with = conversations.iter().filter(theirs).filter(|c| {
                c.messages
                    .iter()
                    .any(|message| message.kind == MessageKind::Voice)
            });
            with.count() * 1000 / all.max(1)
        };
        assert!(
            share(true) > 300 && (20..150).contains(&share(false)),
            "{} {}",
            share(true),
            share(false)
        );
    }
}
