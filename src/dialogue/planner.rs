//! The planner: from goals, a policy and rates to a list of acts.

use crate::conversation::{MessageKind, Policy, Speaker};
use crate::dialogue::path::Roles;
use crate::dialogue::plot::{
    Action, Another, Branch, ButtonId, IntentId, Plots, SayId, Step, Topic, TopicId, Turn,
};
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

macro_rules! rates {
    ($($(#[$doc:meta])+ $name:ident = $default:literal;)+) => {
        /// How often people do what makes a value hard to find. Every rate is in 1/1,000.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Rates {
            $($(#[$doc])+ pub $name: u32,)+
        }

        impl Default for Rates {
            fn default() -> Self {
                Rates { $($name: $default,)+ }
            }
        }

        impl Rates {
            /// The names of all rates.
            pub const NAMES: &[&str] = &[$(stringify!($name),)+];

            /// The rate with a name.
            pub fn get(&self, name: &str) -> Option<u32> {
                match name { $(stringify!($name) => Some(self.$name),)+ _ => None }
            }

            /// The rate with a name, to be set.
            pub fn get_mut(&mut self, name: &str) -> Option<&mut u32> {
                match name { $(stringify!($name) => Some(&mut self.$name),)+ _ => None }
            }
        }
    };
}

rates! {
    /// A value that was asked for is sent alone, of all that were asked for.
    bare = 500;
    /// More is given than was asked.
    over_share = 90;
    /// The value is refused first.
    refuse = 60;
    /// The customer has not got it at hand.
    dont_have = 40;
    /// The customer does not understand the question.
    confused = 40;
    /// The value is mistyped and corrected.
    correct = 90;
    /// The value is sent in several messages.
    pieces = 110;
    /// The value is given by tapping a quick reply, where one is offered.
    tap = 250;
    /// The customer taps a button of the menu or of what the bot shows instead of writing, where there is one.
    postback = 250;
    /// A turn is a voice note, of customers who send any; what is no concern of theirs half as often.
    voice = 600;
    /// The bot does not recognise the value, which is then repeated.
    invalid = 50;
    /// The bot echoes the value hidden.
    masked_ack = 250;
    /// The customer comes with a second concern.
    second_goal = 250;
    /// The bot adds a public remark.
    aside = 90;
    /// The customer loses patience.
    anger = 40;
    /// The customer asks whether this is a robot.
    doubt = 25;
    /// The bot greets first.
    bot_first = 200;
    /// The customer gives something that nobody asked for, after a turn of theirs; twice at most.
    volunteer = 60;
    /// A bot or an agent asks for one more identifying item than the plot has it.
    identify = 60;
    /// A conversation is recorded as the platform delivers it, with senders and message ids.
    raw_events = 30;
}

/// How a value is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As it is.
    Right,
    /// With a slip: its rule is broken.
    Mistyped,
    /// With a slip in its end, which is then all that is repeated.
    MistypedEnd,
    /// The end of it only, to correct a slip.
    Fragment,
    /// One of several parts, from 1.
    Part(u8, u8),
    /// By tapping a quick reply.
    Tap,
    /// Typed, because a voice note was not understood.
    Typed,
}

/// One turn of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who speaks.
    pub speaker: Speaker,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// Does it open the customer's concern?
    pub opens: bool,
    /// What is said, in order.
    pub say: Vec<SayId>,
    /// The button that is tapped.
    pub button: Option<ButtonId>,
    /// A value given alone, behind what is said.
    pub value: Option<(TopicId, Manner)>,
    /// What it asks for.
    pub asks: Option<TopicId>,
    /// The question that it belongs to: without the question, it is not said either.
    pub answers: Option<TopicId>,
    /// What is another one from here on, if anything.
    pub another: Option<Another>,
    /// Which of the goals it belongs to.
    pub goal: usize,
    /// Who and what that goal is about.
    pub about: Roles,
}

/// What a conversation is planned from.
#[derive(Debug)]
pub struct Brief<'a> {
    /// The plots.
    pub plots: &'a Plots,
    /// What the customer comes for, in order.
    pub goals: &'a [IntentId],
    /// Under which policy.
    pub policy: Policy,
    /// The roles that the cast can fill.
    pub available: Roles,
    /// How often people do what.
    pub rates: &'a Rates,
    /// Are account numbers short, so that they come in fewer pieces?
    pub short_accounts: bool,
}

/// Plans a conversation: a pure function of its brief and the stream.
pub fn plan(brief: &Brief<'_>, stream: &mut Stream) -> Vec<Act> {
    let mut planner = Planner {
        brief,
        stream,
        acts: Vec::new(),
        agent: false,
        goal: 0,
        quiet: false,
        logged_in: false,
        identified: false,
        volunteered: 0,
        sent_away: None,
        remark: false,
        owed: false,
        ended: false,
    };
    planner.conversation();
    planner.acts
}

struct Planner<'a, 'b> {
    brief: &'a Brief<'b>,
    stream: &'a mut Stream,
    acts: Vec<Act>,
    agent: bool,
    goal: usize,
    /// Does nobody interject?
    quiet: bool,
    logged_in: bool,
    /// Has the bank decided whether it asks for one more identifying item?
    identified: bool,
    /// How often something was given that nobody asked for.
    volunteered: u32,
    /// The last goal for which the bot has sent the customer to the app.
    sent_away: Option<usize>,
    /// Has the bot a public remark to make, once it has said what it has to say?
    remark: bool,
    /// Does a human owe an answer to a question of the customer's?
    owed: bool,
    /// The concern at hand is over before its plot is.
    ended: bool,
}

impl Planner<'_, '_> {
    fn conversation(&mut self) {
        let plots = self.brief.plots;
        if self.brief.policy == Policy::SwitchedOff {
            let intent = &plots.intents[self.brief.goals[0].0 as usize];
            self.quiet = true;
            if let Some(opening) = self.opening(&intent.steps) {
                self.planned_turn(opening);
            }
            return self.routine("switched_off");
        }
        let starts_with_customer =
            starts_with_customer(&plots.intents[self.brief.goals[0].0 as usize].steps);
        if starts_with_customer && self.stream.chance(self.brief.rates.bot_first) {
            self.routine("greeting_by_bot");
        }
        for (goal, intent) in self.brief.goals.iter().enumerate() {
            self.goal = goal;
            if goal > 0 && !self.agent {
                self.turn(Speaker::Bot, &["bot.anything_else"]);
            }
            let plots = self.brief.plots;
            let before = self.acts.len();
            self.steps(&plots.intents[intent.0 as usize].steps);
            self.make_remark();
            // Where the plot knows of no human, whoever took over asks elsewhere.
            self.owed |= self.agent && !self.told_by_agent(before);
            self.pay_answer();
            self.ended = false;
        }
        self.routine("closing");
    }

    fn routine(&mut self, id: &str) {
        let plots = self.brief.plots;
        if let Some(index) = plots.routine_named(id) {
            self.run_routine(index);
        }
    }

    fn run_routine(&mut self, index: usize) {
        let plots = self.brief.plots;
        let (steps, needs) = plots.routine(index);
        if !self.brief.available.has(needs) {
            return;
        }
        let is = |id| plots.routine_named(id) == Some(index);
        let (login, handover) = (is("login"), is("handover"));
        // A human takes over once.
        if self.agent && handover {
            return;
        }
        // A human answers in the place of the bot that sends people elsewhere.
        if self.agent && is("last_question") {
            self.owed = true;
            return;
        }
        // What is done elsewhere is said once.
        if is("to_the_app") && !self.sends_away() {
            return;
        }
        // Nobody is asked twice who they are.
        if login && self.logged_in {
            return;
        }
        if login && !self.quiet {
            self.identify(match self.agent {
                true => Speaker::Agent,
                false => Speaker::Bot,
            });
            if self.ended {
                return;
            }
        }
        // Nobody interjects in a procedure.
        self.remark = false;
        let before = std::mem::replace(&mut self.quiet, true);
        self.steps(steps);
        self.quiet = before;
        // Whoever takes over knows who is there as well.
        self.logged_in |= (login || handover) && !self.ended;
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            if self.ended {
                return;
            }
            let when = step.when;
            // The draw comes first, so that a condition never moves the draws behind it.
            let happens = self.stream.below(100) < when.chance;
            if !happens
                || when.policies & (1 << self.brief.policy as u8) == 0
                || when.agent.is_some_and(|agent| agent != self.agent)
                || !self.brief.available.has(when.cast)
                || when.lacks != Roles::default() && self.brief.available.has(when.lacks)
            {
                continue;
            }
            match &step.action {
                Action::Turn(turn) => self.planned_turn(turn),
                Action::Routine(index) => self.run_routine(*index),
                Action::Group(inner) => self.steps(inner),
                Action::Either(branches) => {
                    if let Some(branch) = self.branch(branches) {
                        self.steps(&branch.steps);
                    }
                }
            }
        }
    }

    /// One of the branches for which the cast has what they need.
    fn branch<'p>(&mut self, branches: &'p [Branch]) -> Option<&'p Branch> {
        let weight = |branch: &Branch| match self.brief.available.has(branch.cast) {
            true => branch.weight,
            false => 0,
        };
        let weights: Vec<u32> = branches.iter().map(weight).collect();
        let possible = weights.iter().any(|&weight| weight > 0);
        possible.then(|| &branches[self.stream.weighted(&weights)])
    }

    /// The turn with which the customer brings the concern up.
    fn opening<'p>(&mut self, steps: &'p [Step]) -> Option<&'p Turn> {
        steps.iter().find_map(|step| match &step.action {
            Action::Turn(turn) => (turn.opens && turn.by == Speaker::Customer).then_some(turn),
            Action::Group(inner) => self.opening(inner),
            Action::Either(branches) => {
                let branch = self.branch(branches)?;
                self.opening(&branch.steps)
            }
            Action::Routine(_) => None,
        })
    }

    /// The button that is tapped instead of the turn. A human agent shows none, and neither does a bot that is
    /// switched off.
    fn tapped(&mut self, turn: &Turn) -> Option<ButtonId> {
        let button = turn.button?;
        let taps = self.stream.chance(self.brief.rates.postback);
        let needs = self.brief.plots.buttons[usize::from(button.0)].needs;
        let there = !self.agent
            && self.brief.policy != Policy::SwitchedOff
            && self.brief.available.has(needs);
        (taps && there).then_some(button)
    }

    fn planned_turn(&mut self, turn: &Turn) {
        // A bot that has handed over is silent; the human speaks in its place.
        let by = match turn.by {
            Speaker::Bot if self.agent => {
                if turn.ask.is_none() {
                    return;
                }
                Speaker::Agent
            }
            Speaker::Agent => {
                self.agent = true;
                Speaker::Agent
            }
            other => other,
        };
        if by == Speaker::Customer {
            self.make_remark();
            self.pay_answer();
        }
        let mut say: Vec<SayId> = Vec::new();
        for &(name, percent) in &turn.say {
            if self.stream.below(100) < percent && (by == turn.by) {
                say.push(name);
            }
        }
        // A remark of the plot waits as the bot's own do, and is made once.
        if say == [self.named("bot.aside")] && turn.ask.is_none() {
            self.remark = true;
            return;
        }
        let button = self.tapped(turn);
        if let Some(button) = button {
            say = vec![self.brief.plots.buttons[usize::from(button.0)].title];
        }
        let asks = turn
            .ask
            .filter(|topic| self.has_answer(*topic) && !self.knows_who(*topic));
        if let Some(topic) = asks {
            say.push(self.question(topic, by));
        }
        if say.is_empty() {
            return;
        }
        self.owed &= by != Speaker::Agent;
        let bank_speaks = matches!(by, Speaker::Bot | Speaker::Agent);
        if bank_speaks && asks.is_none() && !self.quiet {
            self.identify(by);
            if self.ended {
                return;
            }
        }
        if turn.opens && button.is_none() {
            let wrote = |act: &Act| act.speaker == Speaker::Customer && act.button.is_none();
            let first_word = !self.acts.iter().any(wrote);
            if first_word && self.stream.chance(560) {
                say.insert(0, self.named("greet"));
            }
            if self.stream.chance(80) {
                say.push(self.named("please"));
            }
        }
        let interjections = !self.quiet && !turn.awaits;
        self.push(Act {
            speaker: by,
            kind: match button {
                Some(_) => MessageKind::Postback,
                None => turn.kind.unwrap_or(usual_kind(by)),
            },
            button,
            opens: turn.opens,
            say,
            asks,
            another: turn.another,
            ..self.blank(by)
        });
        if let Some(topic) = asks {
            self.remark = false;
            self.answer(topic, by);
            return;
        }
        // Nobody has to look for what there is to say to a good morning.
        let goal = self.brief.goals[self.goal].0 as usize;
        let looks = self.brief.plots.intents[goal].journey != "chitchat";
        if turn.opens && self.agent && looks {
            self.turn(Speaker::Agent, &["agent.wait"]);
        }
        // What waits for an answer is not talked over.
        self.remark &= !(turn.awaits || self.agent);
        if !interjections {
            return;
        }
        // It is a bot that sends people away which makes them angry.
        let annoys = matches!(self.brief.policy, Policy::FaqOnly | Policy::Restrained);
        if by == Speaker::Customer && self.stream.chance(self.brief.rates.volunteer) {
            self.volunteer();
        } else if turn.opens && self.stream.chance(self.brief.rates.doubt) && !self.agent {
            self.turn(Speaker::Customer, &["bot_doubt"]);
            self.turn(Speaker::Bot, &["bot.is_bot"]);
        } else if by == Speaker::Bot && annoys && self.stream.chance(self.brief.rates.anger) {
            self.turn(Speaker::Customer, &["anger"]);
            self.turn(Speaker::Bot, &["bot.calm"]);
        } else if by == Speaker::Bot && self.stream.chance(self.brief.rates.aside) {
            self.remark = true;
        }
    }

    /// The bot's public remark, which never stands between two things that it says: between the lines of a list.
    fn make_remark(&mut self) {
        let due = std::mem::take(&mut self.remark) && !self.quiet && !self.agent;
        let last = self.acts.last();
        if due && last.is_some_and(|act| act.speaker == Speaker::Bot) {
            self.turn(Speaker::Bot, &["bot.aside"]);
        }
    }

    /// The answer that is owed: that somebody will find out.
    fn pay_answer(&mut self) {
        if std::mem::take(&mut self.owed) {
            self.turn(Speaker::Agent, &["agent.later"]);
        }
    }

    /// Has a human told the customer anything since the act of that number?
    fn told_by_agent(&self, since: usize) -> bool {
        let wait = self.named("agent.wait");
        self.acts[since..].iter().any(|act| {
            act.speaker == Speaker::Agent && act.asks.is_none() && !act.say.contains(&wait)
        })
    }

    /// Is it asked who somebody is of whom the bank has made sure already?
    fn knows_who(&self, topic: TopicId) -> bool {
        let id = self.brief.plots.topics[usize::from(topic.0)].id;
        self.logged_in && matches!(id, "name" | "customer_number")
    }

    /// Does the world know what would be asked for?
    fn has_answer(&self, topic: TopicId) -> bool {
        let needs = self.brief.plots.topics[topic.0 as usize].needs;
        self.brief.available.has(needs)
    }

    fn question(&self, topic: TopicId, by: Speaker) -> SayId {
        let topic = &self.brief.plots.topics[topic.0 as usize];
        match (by, topic.agent_ask) {
            (Speaker::Agent, Some(own)) => own,
            _ => topic.ask,
        }
    }

    /// Everything that can follow a question.
    fn answer(&mut self, topic_id: TopicId, by: Speaker) {
        let rates = self.brief.rates;
        let topic = &self.brief.plots.topics[topic_id.0 as usize];
        let (essential, known, wish) = (topic.essential, topic.known, topic.wish);
        let hesitates = self.stream.below(1000);
        let (refuse, lacks) = (rates.refuse, rates.refuse + rates.dont_have);
        if hesitates < refuse && !wish {
            self.reply(&["refuse"], topic_id);
            self.insist(topic_id, by);
            if self.stream.chance(350) && !essential {
                return self.go_without(by);
            }
        } else if (refuse..lacks).contains(&hesitates) && !known {
            self.reply(&["dont_have"], topic_id);
            if self.stream.chance(450) && !essential {
                return self.go_without(by);
            }
            self.reply(&["wait"], topic_id);
        } else if (lacks..lacks + rates.confused).contains(&hesitates) {
            self.reply(&["confused"], topic_id);
            let question = self.question(topic_id, by);
            self.push(Act {
                say: vec![question],
                asks: Some(topic_id),
                ..self.blank(by)
            });
        }
        self.give(topic_id);
        if by == Speaker::Bot {
            let numeric = self.brief.plots.topics[topic_id.0 as usize].correct;
            if self.stream.chance(rates.invalid) && numeric {
                self.about(topic_id, "bot.invalid");
                self.value(topic_id, Manner::Right);
            } else if self.stream.chance(rates.masked_ack) {
                self.about(topic_id, "bot.masked_ack");
            }
        }
    }

    /// The customer gives something that nobody asked for.
    fn volunteer(&mut self) {
        let topics = &self.brief.plots.topics;
        let weight = |topic: &Topic| topic.offer.map_or(0, |(_, weight)| weight);
        let weights: Vec<u32> = topics.iter().map(weight).collect();
        if weights.iter().all(|weight| *weight == 0) {
            return;
        }
        let drawn = self.stream.weighted(&weights);
        let (id, topic) = (TopicId(drawn as u16), &topics[drawn]);
        let Some((offer, _)) = topic.offer else {
            return;
        };
        if self.has_answer(id) && !self.mentioned(id) && self.volunteered < 2 {
            self.volunteered += 1;
            let act = Act {
                say: vec![offer],
                ..self.blank(Speaker::Customer)
            };
            // What cannot be said aloud is typed.
            match topic.aloud {
                true => self.push(act),
                false => self.acts.push(act),
            }
            if !self.agent && self.stream.chance(350) {
                self.turn(Speaker::Bot, &["bot.never_share"]);
            }
        }
    }

    /// Before it goes on, the bank asks who is there.
    fn identify(&mut self, by: Speaker) {
        const ASKED: [(&str, u32); 6] = [
            ("customer_number", 30),
            ("national_id", 22),
            ("security_answer", 18),
            ("online_id", 14),
            ("birth_date", 10),
            ("card_pan", 6),
        ];
        let concern_is_known = self.acts.iter().any(|act| act.opens);
        let goal = self.brief.goals[self.goal].0 as usize;
        let anonymous = self.brief.plots.intents[goal].anonymous;
        if self.identified || !concern_is_known || anonymous {
            return;
        }
        self.identified = true;
        let wants = self.stream.chance(self.brief.rates.identify);
        let chosen = self.stream.weighted(&ASKED.map(|(_, weight)| weight));
        let knows_customers =
            self.agent || !matches!(self.brief.policy, Policy::FaqOnly | Policy::Restrained);
        if !wants || !knows_customers {
            return;
        }
        if let Some(topic) = self
            .topic(ASKED[chosen].0)
            .filter(|topic| !(self.mentioned(*topic) || self.logged_in && chosen == 0))
        {
            let question = self.question(topic, by);
            self.push(Act {
                say: vec![question],
                asks: Some(topic),
                ..self.blank(by)
            });
            self.answer(topic, by);
        }
    }

    fn topic(&self, id: &str) -> Option<TopicId> {
        let place = self
            .brief
            .plots
            .topics
            .iter()
            .position(|topic| topic.id == id);
        place.map(|place| TopicId(place as u16))
    }

    /// Has the topic been asked for or given?
    fn mentioned(&self, topic: TopicId) -> bool {
        let of = &self.brief.plots.topics[topic.0 as usize];
        let offer = of.offer.map(|(offer, _)| offer);
        let given = |say: &SayId| *say == of.give || Some(*say) == offer;
        self.acts
            .iter()
            .any(|act| act.asks == Some(topic) || act.say.iter().any(given))
    }

    /// Is it the first time that the bot sends the customer to the app for the concern at hand? It counts as one.
    fn sends_away(&mut self) -> bool {
        self.sent_away.replace(self.goal) != Some(self.goal)
    }

    /// Without what it asked for, a bot goes no further; a human finds another way.
    fn go_without(&mut self, by: Speaker) {
        if by == Speaker::Bot {
            if self.sends_away() {
                self.turn(Speaker::Bot, &["bot.use_app"]);
            }
            self.ended = true;
        }
    }

    fn insist(&mut self, topic: TopicId, by: Speaker) {
        if by == Speaker::Bot {
            self.about(topic, "bot.insist");
        } else {
            let question = self.question(topic, by);
            self.push(Act {
                say: vec![question],
                asks: Some(topic),
                ..self.blank(by)
            });
        }
    }

    fn give(&mut self, topic_id: TopicId) {
        let rates = self.brief.rates;
        let topic = &self.brief.plots.topics[topic_id.0 as usize];
        let pieces = match self.brief.short_accounts {
            true => topic.pieces_short,
            false => topic.pieces,
        };
        if let Some(over) = topic.over.filter(|_| self.stream.chance(rates.over_share)) {
            self.push(Act {
                say: vec![over],
                answers: Some(topic_id),
                ..self.blank(Speaker::Customer)
            });
        } else if pieces > 1 && self.stream.chance(rates.pieces) {
            if self.stream.chance(300) {
                self.reply(&["split.lead"], topic_id);
            }
            let n = 2 + self.stream.below(u32::from(pieces) - 1) as u8;
            for k in 1..=n {
                self.value(topic_id, Manner::Part(k, n));
            }
        } else if topic.correct && self.stream.chance(rates.correct) {
            let (slip, lead, manner) = if self.stream.chance(600) {
                (Manner::Mistyped, "correct.lead", Manner::Right)
            } else {
                (Manner::MistypedEnd, "correct.fragment", Manner::Fragment)
            };
            self.value(topic_id, slip);
            let lead = self.named(lead);
            self.push(Act {
                say: vec![lead],
                value: Some((topic_id, manner)),
                answers: Some(topic_id),
                ..self.blank(Speaker::Customer)
            });
        } else if topic.tap && !self.agent && self.stream.chance(rates.tap) {
            self.push(Act {
                kind: MessageKind::QuickReply,
                value: Some((topic_id, Manner::Tap)),
                answers: Some(topic_id),
                ..self.blank(Speaker::Customer)
            });
        } else if self.stream.chance(rates.bare) {
            self.value(topic_id, Manner::Right);
        } else {
            let give = topic.give;
            self.push(Act {
                say: vec![give],
                answers: Some(topic_id),
                ..self.blank(Speaker::Customer)
            });
        }
    }

    /// A value alone in its message.
    fn value(&mut self, topic: TopicId, manner: Manner) {
        self.push(Act {
            value: Some((topic, manner)),
            answers: Some(topic),
            ..self.blank(Speaker::Customer)
        });
    }

    fn reply(&mut self, say: &[&str], topic: TopicId) {
        let say = say.iter().map(|name| self.named(name)).collect();
        self.push(Act {
            say,
            answers: Some(topic),
            ..self.blank(Speaker::Customer)
        });
    }

    /// The bot speaks of a value that was asked for.
    fn about(&mut self, topic: TopicId, say: &str) {
        let say = vec![self.named(say)];
        self.push(Act {
            say,
            answers: Some(topic),
            ..self.blank(Speaker::Bot)
        });
    }

    fn turn(&mut self, by: Speaker, say: &[&str]) {
        let say = say.iter().map(|name| self.named(name)).collect();
        self.push(Act {
            say,
            ..self.blank(by)
        });
    }

    fn named(&self, name: &str) -> SayId {
        self.brief
            .plots
            .say(name)
            .expect("the planner's own constituents are interned on load")
    }

    fn blank(&self, speaker: Speaker) -> Act {
        Act {
            speaker,
            kind: usual_kind(speaker),
            opens: false,
            say: Vec::new(),
            button: None,
            value: None,
            asks: None,
            answers: None,
            another: None,
            goal: self.goal,
            about: self.brief.plots.intents[self.brief.goals[self.goal].0 as usize].cast,
        }
    }

    fn push(&mut self, mut act: Act) {
        if !self.is_spoken(&act) {
            return self.acts.push(act);
        }
        act.kind = MessageKind::Voice;
        let (opens, answered) = (act.opens, act.answers.filter(|_| self.gives(&act)));
        self.acts.push(act);
        if opens {
            self.routine("voice_heard");
        } else if let Some(topic) = answered {
            self.not_understood(topic);
        }
    }

    /// Is it sent as a voice note? Values in pieces, slips and what corrects them come from fingers.
    fn is_spoken(&mut self, act: &Act) -> bool {
        let rate = self.brief.rates.voice;
        // Who sends none draws nothing.
        if rate == 0 || act.speaker != Speaker::Customer || act.kind != MessageKind::Text {
            return false;
        }
        let leads = ["correct.lead", "correct.fragment", "split.lead"];
        let leads = leads.map(|name| self.named(name));
        let typed = act.say.iter().any(|say| leads.contains(say))
            || act.value.is_some_and(|(_, manner)| manner != Manner::Right);
        let aloud = |topic: TopicId| self.brief.plots.topics[usize::from(topic.0)].aloud;
        let possible = !typed && act.answers.is_none_or(aloud);
        possible && self.stream.chance(if act.opens { rate } else { rate / 2 })
    }

    /// Does it give what it answers, and does not only speak of it?
    fn gives(&self, act: &Act) -> bool {
        let given = |topic: TopicId| {
            let topic = &self.brief.plots.topics[usize::from(topic.0)];
            act.say.contains(&topic.give) || topic.over.is_some_and(|over| act.say.contains(&over))
        };
        act.value.is_some() || act.answers.is_some_and(given)
    }

    /// Now and then the bot cannot make out what was said, and it is written.
    fn not_understood(&mut self, topic: TopicId) {
        let before = self.acts.len();
        self.routine("voice_unclear");
        if self.acts.len() == before {
            return;
        }
        for act in &mut self.acts[before..] {
            act.answers = Some(topic);
        }
        let lead = self.named("voice.again");
        let led = self.stream.chance(600);
        self.acts.push(Act {
            say: if led { vec![lead] } else { Vec::new() },
            value: Some((topic, Manner::Typed)),
            answers: Some(topic),
            ..self.blank(Speaker::Customer)
        });
    }
}

/// Does the customer speak first, whichever way it goes?
fn starts_with_customer(steps: &[Step]) -> bool {
    steps.first().is_some_and(|step| match &step.action {
        Action::Turn(turn) => turn.by == Speaker::Customer,
        Action::Group(inner) => starts_with_customer(inner),
        Action::Either(branches) => {
            let mut branches = branches.iter();
            branches.all(|branch| starts_with_customer(&branch.steps))
        }
        Action::Routine(_) => false,
    })
}

/// The first turn with which a customer can bring the concern up.
pub fn opening(steps: &[Step]) -> Option<&Turn> {
    steps.iter().find_map(|step| match &step.action {
        Action::Turn(turn) => (turn.opens && turn.by == Speaker::Customer).then_some(turn),
        Action::Group(inner) => opening(inner),
        Action::Either(branches) => branches.iter().find_map(|branch| opening(&branch.steps)),
        Action::Routine(_) => None,
    })
}

fn usual_kind(speaker: Speaker) -> MessageKind {
    match speaker {
        Speaker::Notification => MessageKind::Notification,
        _ => MessageKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::path::Role;
    use crate::seed::Domain;

    /// Plans of both goals under a policy that lets the bot show accounts.
    fn plans(goals: [&str; 2]) -> impl Iterator<Item = Vec<Act>> {
        let plots = Plots::built_in();
        let goals = goals.map(|id| plots.intent_named(id).unwrap());
        (0..300).map(move |index| {
            let rates = Rates::default();
            let brief = Brief {
                plots,
                goals: &goals,
                policy: Policy::TransactionalOtp,
                available: Roles::default().with(Role::Otp),
                rates: &rates,
                short_accounts: false,
            };
            plan(&brief, &mut Stream::at(1, Domain::new("plans"), index))
        })
    }

    fn says(act: &Act, name: &str) -> bool {
        let plots = Plots::built_in();
        act.say
            .iter()
            .any(|say| plots.says()[usize::from(say.0)] == name)
    }

    #[test]
    fn nothing_follows_the_bots_goodbye() {
        for acts in plans(["check_balance", "change_address"]) {
            let bye = acts.iter().position(|act| says(act, "bot.bye"));
            assert!(bye.is_none_or(|at| at + 1 == acts.len()), "{acts:?}");
        }
    }

    #[test]
    fn a_code_is_accepted_only_when_it_was_given() {
        for acts in plans(["check_balance", "change_address"]) {
            for (at, act) in acts.iter().enumerate() {
                if says(act, "otp.ok") {
                    let asked = acts[..at].iter().rposition(|act| says(act, "ask.otp"));
                    let given = acts[asked.unwrap()..at].iter().any(|act| {
                        act.speaker == Speaker::Customer
                            && (act.value.is_some() || says(act, "give.otp"))
                    });
                    assert!(given, "{acts:?}");
                }
            }
        }
    }

    #[test]
    fn a_bot_that_is_switched_off_asks_nothing() {
        let plots = Plots::built_in();
        let rates = Rates::default();
        for number in 0..plots.intents.len() as u16 {
            let brief = Brief {
                plots,
                goals: &[IntentId(number)],
                policy: Policy::SwitchedOff,
                available: Roles::default(),
                rates: &rates,
                short_accounts: false,
            };
            let acts = plan(
                &brief,
                &mut Stream::at(1, Domain::new("off"), number.into()),
            );
            assert!(acts[0].opens && acts[0].speaker == Speaker::Customer);
            assert!(says(&acts[1], "bot.off"), "{acts:?}");
            assert!(acts.iter().all(|act| act.asks.is_none()), "{acts:?}");
        }
    }

    #[test]
    fn a_customer_logs_in_once() {
        for acts in plans(["check_balance", "change_address"]) {
            let logins = acts.iter().filter(|act| says(act, "bot.logged_in"));
            assert!(logins.count() <= 1, "{acts:?}");
        }
    }

    #[test]
    fn only_a_question_is_answered_with_no() {
        for acts in plans(["check_balance", "change_address"]) {
            for (at, act) in acts.iter().enumerate() {
                if says(act, "no") {
                    assert!(says(&acts[at - 1], "bot.anything_else"), "{acts:?}");
                }
            }
        }
    }
}

#[cfg(test)]
mod patience {
    use super::*;
    use crate::dialogue::path::Role;
    use crate::seed::Domain;

    const TEST: Domain = Domain::new("planner test");

    fn plans(rates: &Rates, goals: &[&str], n: u64, mut look: impl FnMut(&Plots, &[Act])) {
        let plots = Plots::built_in();
        let goals: Vec<IntentId> = goals
            .iter()
            .map(|goal| plots.intent_named(goal).unwrap())
            .collect();
        let roles = [
            Role::Card,
            Role::Operation,
            Role::Payee,
            Role::Transfer,
            Role::Move,
            Role::Otp,
        ];
        let available = roles.into_iter().fold(Roles::default(), Roles::with);
        for index in 0..n {
            let brief = Brief {
                plots,
                goals: &goals,
                policy: Policy::TransactionalOtp,
                available,
                rates,
                short_accounts: false,
            };
            look(plots, &plan(&brief, &mut Stream::at(7, TEST, index)));
        }
    }

    fn says(plots: &Plots, act: &Act, name: &str) -> bool {
        act.say
            .iter()
            .any(|say| plots.says()[usize::from(say.0)] == name)
    }

    #[test]
    fn a_bot_that_asked_for_a_yes_waits_for_it() {
        let rates = Rates {
            aside: 1000,
            anger: 500,
            ..Rates::default()
        };
        plans(&rates, &["transfer_sepa"], 200, |plots, acts| {
            for pair in acts.windows(2) {
                if says(plots, &pair[0], "transfer.review") {
                    assert_eq!(pair[1].speaker, Speaker::Customer);
                    let answers = ["yes", "xfer.stop", "button.transfer_confirm"];
                    assert!(answers.iter().any(|answer| says(plots, &pair[1], answer)));
                }
            }
            let bye = acts.iter().position(|act| says(plots, act, "bot.bye"));
            assert!(bye.is_none_or(|at| at + 1 == acts.len()));
        });
    }

    #[test]
    fn a_remark_stands_between_no_two_lines_of_a_list() {
        let rates = Rates {
            aside: 1000,
            ..Rates::default()
        };
        let mut remarks = 0;
        for goal in ["list_transactions", "spend_by_category"] {
            plans(&rates, &[goal], 100, |plots, acts| {
                for three in acts.windows(3) {
                    let said = ["lt.line", "sbc.line", "lt.lead", "sbc.lead"];
                    let line = |act: &Act| said.iter().any(|name| says(plots, act, name));
                    if says(plots, &three[1], "bot.aside") {
                        remarks += 1;
                        assert!(!line(&three[0]) || !line(&three[2]), "{acts:?}");
                    }
                }
            });
        }
        assert!(remarks > 50, "{remarks} remarks");
    }

    #[test]
    fn every_concern_that_a_human_hears_is_answered_by_one() {
        let plots = Plots::built_in();
        let ids: Vec<&str> = plots.intents.iter().map(|intent| intent.id).collect();
        for second in ids.into_iter().filter(|id| *id != "human_handover") {
            plans(
                &Rates::default(),
                &["human_handover", second],
                20,
                |plots, acts| {
                    let taken = acts
                        .iter()
                        .any(|act| act.speaker == Speaker::Agent && act.goal == 0);
                    let wait = |act: &Act| says(plots, act, "agent.wait");
                    let told = |act: &Act| act.speaker == Speaker::Agent && act.asks.is_none();
                    let concern = acts.iter().filter(|act| act.goal == 1);
                    let answered = concern.clone().any(|act| told(act) && !wait(act));
                    assert!(!taken || answered, "{second}: {acts:?}");
                },
            );
        }
    }

    #[test]
    fn nobody_is_sent_to_the_app_twice_for_one_concern() {
        let rates = Rates {
            refuse: 800,
            ..Rates::default()
        };
        let goals = ["lost_stolen_card", "change_address"];
        plans(&rates, &goals, 100, |plots, acts| {
            for goal in 0..2 {
                let away = |act: &&Act| act.goal == goal && says(plots, act, "bot.use_app");
                assert!(acts.iter().filter(away).count() <= 1, "{acts:?}");
            }
        });
    }

    #[test]
    fn who_is_logged_in_is_not_asked_who_they_are() {
        let rates = Rates {
            identify: 1000,
            ..Rates::default()
        };
        let asked = ["ask.national_id", "ask.security_answer", "ask.birth_date"];
        let mut before = 0;
        plans(&rates, &["check_balance"], 300, |plots, acts| {
            let known = acts
                .iter()
                .position(|act| says(plots, act, "bot.logged_in"));
            for (place, act) in acts.iter().enumerate() {
                let asks = asked.iter().any(|name| says(plots, act, name));
                let late = known.is_some_and(|known| known < place);
                before += u32::from(asks && !late);
                assert!(!(asks && late), "{acts:?}");
            }
        });
        assert!(before > 50, "{before} questions");
    }

    #[test]
    fn nothing_is_volunteered_twice() {
        let rates = Rates {
            volunteer: 1000,
            ..Rates::default()
        };
        let mut offers = 0;
        plans(
            &rates,
            &["lost_stolen_card", "change_address"],
            200,
            |plots, acts| {
                for topic in &plots.topics {
                    let Some((offer, _)) = topic.offer else {
                        continue;
                    };
                    let times = acts.iter().filter(|act| act.say.contains(&offer)).count();
                    offers += times;
                    assert!(times <= 1, "{}: {acts:?}", topic.id);
                }
            },
        );
        assert!(offers > 50, "{offers} offers");
    }

    #[test]
    fn nobody_is_asked_twice_who_they_are() {
        let rates = Rates {
            refuse: 0,
            volunteer: 0,
            identify: 0,
            dont_have: 0,
            confused: 0,
            ..Rates::default()
        };
        let goals = ["check_balance", "change_address"];
        plans(&rates, &goals, 100, |plots, acts| {
            let number =
                |topic: TopicId| plots.topics[usize::from(topic.0)].id == "customer_number";
            let asked = acts.iter().filter(|act| act.asks.is_some_and(number));
            assert_eq!(asked.count(), 1);
        });
    }

    #[test]
    fn a_bot_that_got_no_answer_does_not_act_on_it() {
        let rates = Rates {
            refuse: 1000,
            volunteer: 0,
            identify: 0,
            ..Rates::default()
        };
        plans(&rates, &["lost_stolen_card"], 100, |plots, acts| {
            let place = |name| acts.iter().position(|act| says(plots, act, name));
            let (sent_away, blocked) = (place("bot.use_app"), place("card.lost.blocked"));
            // After the block, later questions may be sent to the app.
            assert!(
                sent_away
                    .zip(blocked)
                    .is_none_or(|(away, blocked)| blocked < away)
            );
        });
    }

    #[test]
    fn only_an_end_that_was_mistyped_is_corrected_by_its_end() {
        let rates = Rates {
            correct: 1000,
            over_share: 0,
            ..Rates::default()
        };
        plans(&rates, &["change_address"], 100, |_, acts| {
            for pair in acts.windows(2) {
                if let Some((topic, Manner::Fragment)) = pair[1].value {
                    assert_eq!(pair[0].value, Some((topic, Manner::MistypedEnd)));
                }
            }
        });
    }
}
