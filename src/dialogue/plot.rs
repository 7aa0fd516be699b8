//! Plots, routines and topics: read from `datasets/intents/`, checked, and compiled.

use crate::conversation::{MessageKind, Policy, Speaker, names};
use crate::dialogue::path::{Role, Roles};
use crate::identifiers::social::Document;
use crate::toml_fault::toml_fault;
use crate::wording::notation::{Node, leak, names, needs, parse};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The number of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntentId(pub u16);

/// The number of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TopicId(pub u16);

/// The number of a constituent's name among all that plots say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SayId(pub u16);

/// The number of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ButtonId(pub u16);

/// What happens for one intent.
#[derive(Debug)]
pub struct Intent {
    /// Its id: `lost_stolen_card`.
    pub id: &'static str,
    /// The journey that it belongs to.
    pub journey: &'static str,
    /// How often customers come for it, beside the others.
    pub weight: u32,
    /// The roles that must be filled.
    pub cast: Roles,
    /// The roles for whose sake it comes more often to customers who fill them; others come for it as well.
    pub likely: Roles,
    /// What of the world makes people come for it; nobody comes without, where there is any.
    pub reasons: Box<[Reason]>,
    /// Does no other concern follow it?
    pub last: bool,
    /// Does nobody ask who is there, beyond what the plot has?
    pub anonymous: bool,
    /// What files the customer sends for it; any where it is empty.
    pub documents: Vec<Document>,
    /// Its steps.
    pub steps: Box<[Step]>,
}

names! {
    /// What of the world makes people write to their bank.
    pub enum Reason {
        /// A card was reported lost, stolen or abused.
        CardLost = "card_lost",
        /// A card is about to expire.
        CardExpiring = "card_expiring",
        /// A card was replaced.
        CardReplaced = "card_replaced",
        /// A move to another address, past or near.
        Moved = "moved",
        /// Something was paid a moment ago.
        Purchase = "purchase",
        /// A salary was paid.
        Payday = "payday",
        /// A new telephone number or e-mail address.
        NewContact = "new_contact",
        /// A wedding, a separation or a bereavement.
        FamilyChange = "family_change",
        /// A job was found, changed or lost, or a retirement.
        WorkChange = "work_change",
    }
}

/// Something that can be asked for.
#[derive(Debug)]
pub struct Topic {
    /// Its id: `card_last4`.
    pub id: &'static str,
    /// The value alone.
    pub bare: Box<[Node]>,
    /// The roles that must be filled for it to have a value: without, nobody asks.
    pub needs: Roles,
    /// The question, by a bot.
    pub ask: SayId,
    /// The question, by a human agent.
    pub agent_ask: Option<SayId>,
    /// Answers in a sentence.
    pub give: SayId,
    /// Answers that give too much.
    pub over: Option<SayId>,
    /// In how many messages it can be sent: 1 where it cannot be split.
    pub pieces: u8,
    /// The same where account numbers are short (US, GB).
    pub pieces_short: u8,
    /// How it is said when nobody asked, and how often that happens beside the others that are.
    pub offer: Option<(SayId, u32)>,
    /// Can nothing be done without it, so that whoever hesitates gives it in the end?
    pub essential: bool,
    /// Does everybody know it by heart, so that nobody lacks it?
    pub known: bool,
    /// Is it what the customer wants, so that nobody lacks or refuses it?
    pub wish: bool,
    /// Is it sometimes mistyped and corrected?
    pub correct: bool,
    /// Is it sometimes given by a tap on a quick reply?
    pub tap: bool,
    /// Can it be said aloud? A password and a pasted line cannot.
    pub aloud: bool,
}

/// A button of the bank's bot: in its menu, or beside something that it shows.
#[derive(Debug)]
pub struct Button {
    /// How its payload stands in the plots: `TX_DISPUTE:{tx.reference}`.
    pub source: &'static str,
    /// What the payload begins with: `TX_DISPUTE`.
    pub code: &'static str,
    /// The value behind the code and its colon; empty where there is none.
    pub value: Box<[Node]>,
    /// The roles that must be filled for it to be there.
    pub needs: Roles,
    /// What it says: the constituent `button.` and its code in lower case.
    pub title: SayId,
}

/// One step of a plot.
#[derive(Debug)]
pub struct Step {
    /// When it happens.
    pub when: Condition,
    /// What happens.
    pub action: Action,
}

/// When a step happens.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// In so many percent.
    pub chance: u32,
    /// Under these policies, a bit each.
    pub policies: u8,
    /// Only when a human has, or has not, taken over.
    pub agent: Option<bool>,
    /// Only when these roles are filled.
    pub cast: Roles,
    /// Only when not all of these are; none: always.
    pub lacks: Roles,
}

/// What happens in a step.
#[derive(Debug)]
pub enum Action {
    /// A turn.
    Turn(Turn),
    /// Steps that several plots share.
    Routine(usize),
    /// One of these branches, by weight.
    Either(Box<[Branch]>),
    /// These steps, under one condition.
    Group(Box<[Step]>),
}

/// One way that it can go.
#[derive(Debug)]
pub struct Branch {
    /// How often, beside the other branches.
    pub weight: u32,
    /// Only when these roles are filled.
    pub cast: Roles,
    /// Its steps.
    pub steps: Box<[Step]>,
}

/// A turn.
#[derive(Debug)]
pub struct Turn {
    /// Who speaks.
    pub by: Speaker,
    /// Does it open the customer's concern (greeting and courtesies are added)?
    pub opens: bool,
    /// Constituents, each with the percentage in which it is said.
    pub say: Box<[(SayId, u32)]>,
    /// What it asks for at its end.
    pub ask: Option<TopicId>,
    /// The button that says the same by a tap, where there is one.
    pub button: Option<ButtonId>,
    /// What kind of message it is, where it is not the speaker's usual one.
    pub kind: Option<MessageKind>,
    /// What is another one from here on, if anything.
    pub another: Option<Another>,
    /// Does the customer's reply follow at once, so that nothing may slip in between?
    pub awaits: bool,
}

/// What a turn of the plot can change for another one of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Another {
    /// An operation of the ledger: it is the subject.
    Operation,
    /// A one-time code: it is on its way.
    Code,
    /// A personal link: the bank sends it.
    Link,
}

/// Plots, routines and topics, compiled.
#[derive(Debug, Default)]
pub struct Plots {
    /// Every intent.
    pub intents: Vec<Intent>,
    /// Every topic.
    pub topics: Vec<Topic>,
    /// Every button.
    pub buttons: Vec<Button>,
    routines: Vec<(&'static str, Roles, Box<[Step]>)>,
    says: Vec<&'static str>,
    says_by_name: BTreeMap<&'static str, SayId>,
}

impl Plots {
    /// The plots that come with tellerbench.
    pub fn built_in() -> &'static Plots {
        static PLOTS: OnceLock<Plots> = OnceLock::new();
        PLOTS.get_or_init(|| {
            let files: Vec<(&str, &str)> = crate::wording::language::INTENTS
                .files()
                .map(|file| {
                    let name = file.path().to_str().expect("a name in UTF-8");
                    (name, file.contents_utf8().expect("a text in UTF-8"))
                })
                .collect();
            Plots::load(&files).expect("the built-in plots are checked by a test")
        })
    }

    /// Loads files by name (`topics.toml`, `routines.toml`, and an intent each).
    ///
    /// # Errors
    /// What is wrong, with the file, and the line where the TOML reader knows it.
    pub fn load(files: &[(&str, &str)]) -> Result<Plots, String> {
        let mut plots = Plots::default();
        // What the planner itself says, whatever the plots.
        for name in PLANNER_SAYS {
            plots.intern(name);
        }
        let kind = |name: &str| name.split(['.', '_']).next().unwrap_or(name).to_owned();
        let mut sorted: Vec<_> = files.iter().collect();
        sorted.sort();
        for (name, text) in sorted.iter().filter(|(name, _)| kind(name) == "topics") {
            plots.topics(text).map_err(|e| format!("{name}: {e}"))?;
        }
        let routines: Vec<_> = sorted
            .iter()
            .filter(|(name, _)| kind(name) == "routines")
            .collect();
        plots.routines(&routines)?;
        let mut intents: Vec<_> = files
            .iter()
            .filter(|(name, _)| !matches!(&*kind(name), "topics" | "routines"))
            .filter(|(name, _)| name.ends_with(".toml"))
            .collect();
        intents.sort();
        for (name, text) in intents {
            plots.intent(text).map_err(|e| format!("{name}: {e}"))?;
        }
        Ok(plots)
    }

    /// The intent with this id.
    pub fn intent_named(&self, id: &str) -> Option<IntentId> {
        self.intents
            .iter()
            .position(|i| i.id == id)
            .map(|at| IntentId(at as u16))
    }

    /// The routine with this id.
    pub fn routine_named(&self, id: &str) -> Option<usize> {
        self.routines.iter().position(|(name, _, _)| *name == id)
    }

    /// The steps of a routine, and the roles that it needs.
    pub fn routine(&self, index: usize) -> (&[Step], Roles) {
        let (_, cast, steps) = &self.routines[index];
        (steps, *cast)
    }

    /// The names of all constituents that plots say, in the order of their numbers.
    pub fn says(&self) -> &[&'static str] {
        &self.says
    }

    /// The number of a constituent's name.
    pub fn say(&self, name: &str) -> Option<SayId> {
        self.says_by_name.get(name).copied()
    }

    /// The constituents that steps can say, those of routines and of the questions and their answers
    /// included.
    pub fn constituents_of(&self, steps: &[Step]) -> BTreeSet<&'static str> {
        let mut said = BTreeSet::new();
        for step in steps {
            match &step.action {
                Action::Turn(turn) => {
                    let asked = turn.ask.map(|topic| &self.topics[usize::from(topic.0)]);
                    let asked = asked.into_iter().flat_map(|topic| {
                        let says = [
                            Some(topic.ask),
                            topic.agent_ask,
                            Some(topic.give),
                            topic.over,
                        ];
                        says.into_iter().flatten()
                    });
                    let tapped = turn.button.map(|id| self.buttons[usize::from(id.0)].title);
                    let says = turn.say.iter().map(|(say, _)| *say);
                    let says = says.chain(tapped).chain(asked);
                    said.extend(says.map(|say| self.says[usize::from(say.0)]));
                }
                Action::Routine(index) => said.extend(self.constituents_of(self.routine(*index).0)),
                Action::Either(branches) => {
                    for branch in branches {
                        said.extend(self.constituents_of(&branch.steps));
                    }
                }
                Action::Group(inner) => said.extend(self.constituents_of(inner)),
            }
        }
        said
    }

    fn intern(&mut self, name: &str) -> SayId {
        if let Some(known) = self.says_by_name.get(name) {
            return *known;
        }
        let (id, name) = (SayId(self.says.len() as u16), leak(name));
        self.says.push(name);
        self.says_by_name.insert(name, id);
        id
    }

    fn topics(&mut self, text: &str) -> Result<(), String> {
        let table: BTreeMap<String, RawTopic> =
            toml::from_str(text).map_err(|e| toml_fault(&e, text))?;
        for (id, raw) in table {
            if self.topics.iter().any(|topic| topic.id == id) {
                return Err(format!("the topic `{id}` is already there"));
            }
            let bare = parse(leak(&raw.bare)).map_err(|e| format!("{id}: {}", e.message))?;
            let topic = Topic {
                id: leak(&id),
                needs: needs(&bare),
                aloud: names(&bare).iter().all(|path| path.is_aloud()),
                bare,
                ask: self.intern(&format!("ask.{id}")),
                agent_ask: raw.agent.then(|| self.intern(&format!("agent.ask.{id}"))),
                give: self.intern(&raw.give.unwrap_or_else(|| format!("give.{id}"))),
                over: raw.over.map(|name| self.intern(&name)),
                pieces: raw.pieces,
                pieces_short: raw.pieces_short.unwrap_or(raw.pieces),
                offer: match raw.offer {
                    0 => None,
                    weight => Some((self.intern(&format!("offer.{id}")), weight)),
                },
                essential: raw.essential,
                known: raw.known || raw.wish,
                wish: raw.wish,
                correct: raw.correct,
                tap: raw.tap,
            };
            self.topics.push(topic);
        }
        Ok(())
    }

    fn routines(&mut self, files: &[&&(&str, &str)]) -> Result<(), String> {
        let mut raw = Vec::new();
        for (name, text) in files {
            let table: BTreeMap<String, RawRoutine> =
                toml::from_str(text).map_err(|e| format!("{name}: {}", toml_fault(&e, text)))?;
            for (id, routine) in table {
                if raw
                    .iter()
                    .any(|(_, other, _): &(_, String, _)| *other == id)
                {
                    return Err(format!("{name}: the routine `{id}` is already there"));
                }
                raw.push((*name, id, routine));
            }
        }
        // Names first, so that routines can call each other.
        self.routines = raw
            .iter()
            .map(|(_, id, _)| (leak(id), Roles::default(), Vec::new().into()))
            .collect();
        for (index, (name, id, raw)) in raw.into_iter().enumerate() {
            let wrong = |e: String| format!("{name}: {id}: {e}");
            self.routines[index].1 = roles(&raw.cast).map_err(wrong)?;
            self.routines[index].2 = self.steps(raw.steps).map_err(wrong)?;
        }
        Ok(())
    }

    fn intent(&mut self, text: &str) -> Result<(), String> {
        let raw: RawIntent = toml::from_str(text).map_err(|e| toml_fault(&e, text))?;
        if raw.weight == 0 {
            return Err("`weight` must be above 0".into());
        }
        if self.intent_named(&raw.id).is_some() {
            return Err(format!("the intent `{}` is already there", raw.id));
        }
        let intent = Intent {
            id: leak(&raw.id),
            journey: leak(&raw.journey),
            weight: raw.weight,
            cast: roles(&raw.cast)?,
            likely: roles(&raw.likely)?,
            reasons: reasons(&raw.reasons)?,
            last: raw.last,
            anonymous: raw.anonymous,
            documents: documents(&raw.documents)?,
            steps: self.steps(raw.steps)?,
        };
        self.intents.push(intent);
        Ok(())
    }

    fn steps(&mut self, raw: Vec<RawStep>) -> Result<Box<[Step]>, String> {
        raw.into_iter().map(|step| self.step(step)).collect()
    }

    fn step(&mut self, raw: RawStep) -> Result<Step, String> {
        let policies = policies(&raw.policies)?.unwrap_or(u8::MAX)
            & !policies(&raw.unless_policies)?.unwrap_or(0);
        let agent = match (raw.if_agent, raw.unless_agent) {
            (false, false) => None,
            (yes, no) if yes != no => Some(yes),
            _ => return Err("`if_agent` and `unless_agent` exclude each other".into()),
        };
        let chance = raw.chance.unwrap_or(100);
        if !(1..=100).contains(&chance) {
            return Err(format!(
                "`chance` is a percentage from 1 to 100, not {chance}"
            ));
        }
        let cast = roles(&raw.cast)?;
        let lacks = roles(&raw.unless_cast)?;
        let action = match (raw.by, raw.routine, raw.either, raw.steps) {
            (Some(by), None, None, None) => {
                let mut say = Vec::new();
                for item in &raw.say {
                    let (name, percent) = item.split_once('?').unwrap_or((item, "100"));
                    let percent = percent.parse().ok().filter(|p| (1..=100).contains(p));
                    let percent = percent
                        .ok_or_else(|| format!("`{item}` must be `name` or `name?percent`"))?;
                    say.push((self.intern(name), percent));
                }
                let ask = match &raw.ask {
                    None => None,
                    Some(id) => Some(self.topic_named(id)?),
                };
                let button = match &raw.button {
                    None => None,
                    Some(_) if by != Speaker::Customer => {
                        return Err(format!("customers tap buttons, not {by}"));
                    }
                    Some(payload) => Some(self.button(payload)?),
                };
                if say.is_empty() && ask.is_none() && button.is_none() {
                    return Err(format!("a turn by {by} neither says nor asks anything"));
                }
                Action::Turn(Turn {
                    by,
                    opens: raw.opens,
                    say: say.into(),
                    ask,
                    button,
                    kind: raw.kind,
                    another: raw.another,
                    awaits: raw.awaits,
                })
            }
            (None, Some(id), None, None) => {
                Action::Routine(self.routine_named(&id).ok_or_else(|| {
                    let known = self.routines.iter().map(|(name, _, _)| *name);
                    let near = crate::text::nearest(&id, known);
                    let hint = near.map_or(String::new(), |n| format!(" (did you mean `{n}`?)"));
                    format!("no routine `{id}`{hint}")
                })?)
            }
            (None, None, Some(branches), None) => {
                let compiled: Result<Vec<_>, String> = branches
                    .into_iter()
                    .map(|branch| {
                        Ok(Branch {
                            weight: branch.weight,
                            cast: roles(&branch.cast)?,
                            steps: self.steps(branch.steps)?,
                        })
                    })
                    .collect();
                let compiled = compiled?;
                if compiled.iter().map(|branch| branch.weight).sum::<u32>() == 0 {
                    return Err("the weights of `either` sum to 0".into());
                }
                Action::Either(compiled.into())
            }
            (None, None, None, Some(steps)) => Action::Group(self.steps(steps)?),
            _ => return Err("a step has exactly one of `by`, `do`, `either`, `steps`".into()),
        };
        Ok(Step {
            when: Condition {
                chance,
                policies,
                agent,
                cast,
                lacks,
            },
            action,
        })
    }

    /// The button with a payload: a code, and a value behind a colon where it names one.
    fn button(&mut self, payload: &str) -> Result<ButtonId, String> {
        if let Some(known) = self.buttons.iter().position(|b| b.source == payload) {
            return Ok(ButtonId(known as u16));
        }
        let (code, value) = payload.split_once(':').unwrap_or((payload, ""));
        let sound = |c: char| c.is_ascii_uppercase() || c == '_';
        if code.is_empty() || !code.chars().all(sound) {
            return Err(format!(
                "`button` is a code in capitals, with a value behind a colon where it names one \
                 (`TX_DISPUTE:{{tx.reference}}`), not `{payload}`"
            ));
        }
        let value = parse(leak(value)).map_err(|e| format!("`button` {payload}: {}", e.message))?;
        let button = Button {
            source: leak(payload),
            code: leak(code),
            needs: needs(&value),
            value,
            title: self.intern(&format!("button.{}", code.to_lowercase())),
        };
        self.buttons.push(button);
        Ok(ButtonId(self.buttons.len() as u16 - 1))
    }

    fn topic_named(&self, id: &str) -> Result<TopicId, String> {
        self.topics
            .iter()
            .position(|t| t.id == id)
            .map(|at| TopicId(at as u16))
            .ok_or_else(|| {
                let near = crate::text::nearest(id, self.topics.iter().map(|t| t.id));
                let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
                format!("no topic `{id}`{hint}")
            })
    }
}

/// Constituents that the planner says by itself.
pub const PLANNER_SAYS: [&str; 26] = [
    "greet",
    "please",
    "refuse",
    "dont_have",
    "confused",
    "correct.lead",
    "correct.fragment",
    "split.lead",
    "wait",
    "bot.insist",
    "bot.invalid",
    "bot.masked_ack",
    "bot.thanks",
    "bot.ack",
    "bot.aside",
    "bot.never_share",
    "bot.anything_else",
    "anger",
    "bot.calm",
    "bot_doubt",
    "bot.is_bot",
    "bot.use_app",
    "agent.wait",
    "agent.later",
    "ok",
    "voice.again",
];

fn policies(names: &[String]) -> Result<Option<u8>, String> {
    if names.is_empty() {
        return Ok(None);
    }
    let mut set = 0;
    for name in names {
        let policy = Policy::named(name).ok_or_else(|| {
            let near = crate::text::nearest(name, Policy::ALL.iter().map(|policy| policy.name()));
            let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
            format!("no policy `{name}`{hint}")
        })?;
        set |= 1 << policy as u8;
    }
    Ok(Some(set))
}

fn roles(names: &[String]) -> Result<Roles, String> {
    let mut set = Roles::default();
    for name in names {
        let role = Role::named(name).ok_or_else(|| unknown("role", name, Role::ALL))?;
        set = set.with(role);
    }
    Ok(set)
}

fn reasons(names: &[String]) -> Result<Box<[Reason]>, String> {
    let reason =
        |name: &String| Reason::named(name).ok_or_else(|| unknown("reason", name, Reason::ALL));
    names.iter().map(reason).collect()
}

fn documents(names: &[String]) -> Result<Vec<Document>, String> {
    let document = |name: &String| {
        Document::named(name).ok_or_else(|| unknown("document", name, Document::ALL))
    };
    names.iter().map(document).collect()
}

/// A name that is none, with the nearest one and all that there are.
fn unknown<T: std::fmt::Display>(what: &str, name: &str, all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(T::to_string).collect();
    let near = crate::text::nearest(name, all.iter().map(String::as_str));
    let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
    format!("no {what} `{name}`{hint}; there are {}", all.join(", "))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopic {
    bare: String,
    give: Option<String>,
    over: Option<String>,
    #[serde(default = "whole")]
    pieces: u8,
    pieces_short: Option<u8>,
    #[serde(default)]
    agent: bool,
    #[serde(default)]
    offer: u32,
    #[serde(default)]
    essential: bool,
    #[serde(default)]
    known: bool,
    #[serde(default)]
    wish: bool,
    #[serde(default)]
    correct: bool,
    #[serde(default)]
    tap: bool,
}

/// A value that is sent in one message.
fn whole() -> u8 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRoutine {
    #[serde(default)]
    cast: Vec<String>,
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIntent {
    id: String,
    journey: String,
    weight: u32,
    #[serde(default)]
    cast: Vec<String>,
    #[serde(default)]
    likely: Vec<String>,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    last: bool,
    #[serde(default)]
    anonymous: bool,
    #[serde(default)]
    documents: Vec<String>,
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBranch {
    weight: u32,
    #[serde(default)]
    cast: Vec<String>,
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    by: Option<Speaker>,
    #[serde(default)]
    opens: bool,
    #[serde(default)]
    say: Vec<String>,
    ask: Option<String>,
    #[serde(rename = "do")]
    routine: Option<String>,
    chance: Option<u32>,
    #[serde(default)]
    policies: Vec<String>,
    #[serde(default)]
    unless_cast: Vec<String>,
    #[serde(default)]
    unless_policies: Vec<String>,
    either: Option<Vec<RawBranch>>,
    steps: Option<Vec<RawStep>>,
    #[serde(default)]
    if_agent: bool,
    #[serde(default)]
    unless_agent: bool,
    button: Option<String>,
    kind: Option<MessageKind>,
    #[serde(default)]
    cast: Vec<String>,
    another: Option<Another>,
    #[serde(default)]
    awaits: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(steps: &str) -> String {
        let intent = format!("id='x'\njourney='y'\nweight=1\nsteps=[{steps}]");
        Plots::load(&[("x.toml", &intent)]).unwrap_err()
    }

    #[test]
    fn the_built_in_plots_are_the_whole_inventory() {
        let plots = Plots::built_in();
        let journeys: std::collections::BTreeSet<_> =
            plots.intents.iter().map(|intent| intent.journey).collect();
        assert_eq!((plots.intents.len(), journeys.len()), (99, 19));
    }

    #[test]
    fn faults_say_what_to_do() {
        assert_eq!(error("{do='logn'}"), "x.toml: no routine `logn`");
        assert!(error("{by='bot', ask='card'}").contains("no topic `card`"));
        assert!(error("{by='bot'}").contains("neither says nor asks"));
        assert!(error("{by='bot', say=['a?0']}").contains("name?percent"));
        assert!(error("{by='bot', button='MENU'}").contains("customers tap buttons"));
        assert!(error("{by='customer', button='Menu'}").contains("a code in capitals"));
        assert!(error("{by='customer', button='TX:{tx.ref}'}").contains("TX:{tx.ref}"));
        assert!(error("{by='bot', say=['a'], policies=['faq']}").contains("no policy `faq`"));
        assert!(error("{by='bot', says=['a']}").contains("says"));
    }
}
