//! The realiser: from planned acts to messages, text and spans built together.

mod banks;
mod fields;
mod label_rates;

use crate::conversation::{
    Body, Decoy, Fact, Mark, Message, MessageKind, Name, Part, Speaker, Split,
};
use crate::dialogue::cast::Cast;
use crate::dialogue::path::{Path, Role, Roles};
use crate::dialogue::planner::{Act, Manner};
use crate::dialogue::plot::{Another, Plots, SayId, TopicId};
use crate::seed::{Domain, Stream};
use crate::wording::grammar::{Constituent, Phrase, Register, Terms};
use crate::wording::language::Language;
use crate::wording::noise::{self, Habits, Mood};
use crate::wording::notation::{Agreement, Node, walk};
use crate::wording::transcript::{self, Occasion};
use crate::wording::turn::{PieceKind, capitalise, compose};
use crate::wording::values::{Circumstance, Facts, Pen, Voice, Ways};
use crate::wording::variety::Dialect;
use crate::world::Formality;

const WORDING: Domain = Domain::new("wording");
const VALUES: Domain = Domain::new("values");
const NOISE: Domain = Domain::new("noise");
const CLOCK: Domain = Domain::new("clock");

/// Bytes that most phrases fit into.
const ROOM: usize = 120;

/// What a conversation is realised from.
#[derive(Debug)]
pub struct Script<'a> {
    /// The language.
    pub language: &'a Language,
    /// The plots that the acts come from.
    pub plots: &'a Plots,
    /// The split whose phrases may be used.
    pub split: Split,
    /// The seed of the corpus.
    pub seed: u64,
    /// The number of the conversation.
    pub index: u64,
    /// How the customer writes.
    pub habits: Habits,
    /// How the customer speaks.
    pub dialect: &'a Dialect,
    /// Does the customer dictate?
    pub dictates: bool,
    /// How the customer's voice notes come out.
    pub notes: transcript::Manner,
    /// How formal the customer's writing is.
    pub formality: Formality,
    /// Does the customer say tu, and is answered so by banks that do?
    pub familiar: bool,
    /// The bank's house style.
    pub style: &'static str,
    /// How often phrases that bear a label are said, in per cent by the label's number; 0: never. Empty:
    /// as the grammar has it.
    pub labels: &'a [u32],
    /// Does the bank's bot know accounts?
    pub knows_accounts: bool,
    /// Forms and slips that are asked for of values by label.
    pub ways: &'a Ways,
    /// Are messages recorded as the platform delivers them, with senders and ids?
    pub raw_events: bool,
}

/// Realises a plan. The cast may turn to another operation on the way. A tally, where there is one, counts what
/// becomes of the customer's words.
pub fn realise(
    script: &Script<'_>,
    cast: &mut Cast<'_>,
    acts: &[Act],
    noise: Option<&mut noise::Tally>,
) -> (Vec<Message>, Vec<Fact>) {
    let mut realiser = Realiser {
        script,
        cast,
        facts: Facts::default(),
        messages: Vec::with_capacity(acts.len() + 4),
        asked: None,
        about: Roles::default(),
        goal: 0,
        taken_over: false,
        said: Vec::new(),
        named: Vec::new(),
        dropped: None,
        used: Vec::with_capacity(acts.len() * 2),
        noise,
    };
    for (number, act) in acts.iter().enumerate() {
        realiser.act(number as u64, act);
    }
    let (mut messages, mut facts) = (realiser.messages, realiser.facts.finish());
    banks::lonely_codes(&mut messages, &mut facts);
    (messages, facts)
}

struct Realiser<'a, 'w> {
    script: &'a Script<'a>,
    cast: &'a mut Cast<'w>,
    facts: Facts,
    messages: Vec<Message>,
    /// The last question: its topic and its turn.
    asked: Option<(TopicId, u32)>,
    /// Who and what the concern at hand is about.
    about: Roles,
    /// The number of that concern.
    goal: usize,
    /// Has a human spoken?
    taken_over: bool,
    /// What the customer has said in full, or only the end of, and what the bank has shown of the customer.
    said: Vec<(Path, bool)>,
    /// What the turn has named so far.
    named: Vec<Path>,
    /// The question that needed no asking, until another one is asked.
    dropped: Option<TopicId>,
    /// Phrases said so far: nobody says the same thing twice in the same words.
    used: Vec<&'a Phrase>,
    /// What became of the customer's words so far, where that is counted.
    noise: Option<&'a mut noise::Tally>,
}

/// What a phrase must not repeat.
#[derive(Clone, Copy)]
enum Fresh {
    /// A phrase of the conversation, or a fact of the turn.
    InTurn,
    /// A phrase of the conversation.
    InTalk,
    /// Nothing.
    No,
}

/// The streams of one act: a draw for wording never moves one for values.
struct Draws {
    wording: Stream,
    values: Stream,
}

/// Whose words a turn is. What a button says is the bank's.
fn author(act: &Act) -> Speaker {
    match act.kind {
        MessageKind::Postback => Speaker::Bot,
        _ => act.speaker,
    }
}

impl<'a> Realiser<'a, '_> {
    fn act(&mut self, number: u64, act: &Act) {
        self.about = act.about;
        self.taken_over |= act.speaker == Speaker::Agent;
        // Who is sent away and only minds, need not be told again where to.
        let goes_on = act.speaker != Speaker::Customer || self.says(act, "anger");
        let where_to = |path: &Path| goes_on && matches!(path, Path::BankApp | Path::BankSite);
        self.named.retain(where_to);
        if act.goal != self.goal {
            self.goal = act.goal;
            self.cast.next_concern();
        }
        match act.another {
            Some(Another::Operation) => {
                self.cast.next_operation();
                // What was said was said of the one before.
                self.said.retain(|(path, _)| !path.is_of_operation());
            }
            Some(Another::Code) => self.cast.next_code(),
            Some(Another::Link) => self.cast.next_link(),
            None => {}
        }
        let script = self.script;
        if let Some(topic) = act.asks {
            let known = self.needs_no_asking(topic) || self.is_barred(topic);
            self.dropped = known.then_some(topic);
        }
        if act.answers.is_some() && act.answers == self.dropped {
            return;
        }
        let spared = act.value.filter(|(topic, _)| self.is_spared(*topic));
        if let Some((_, Manner::Mistyped | Manner::MistypedEnd)) = spared {
            return;
        }
        let corrects = self.corrects(act);
        let say = match (act.asks, self.dropped) {
            (Some(_), Some(_)) => &act.say[..act.say.len() - 1],
            // Where no slip was made, there is nothing to correct.
            _ if spared.is_some() && corrects => &[],
            _ => &act.say[..],
        };
        let key = script.index << 8 | (number & 0xff);
        let mut draws = Draws {
            wording: Stream::at(script.seed, WORDING, key),
            values: Stream::at(script.seed, VALUES, key),
        };
        let asked = act.answers.and_then(|topic| {
            self.asked
                .filter(|(asked, _)| *asked == topic)
                .map(|(_, turn)| (topic, turn))
        });
        let mut phrases = Vec::with_capacity(3);
        let mut pieces = Vec::with_capacity(4);
        for &say in say {
            if let Some(piece) = self.constituent(say, act, asked, &mut draws, &mut phrases) {
                pieces.push((self.piece_kind(say), piece));
            }
        }
        if let Some((topic, manner)) = act.value {
            let manner = match manner {
                Manner::Fragment if spared.is_some() => Manner::Right,
                manner => manner,
            };
            let body = self.bare(topic, manner, asked, act, &mut draws);
            pieces.push((PieceKind::Value, body));
        }
        if pieces.is_empty() {
            return;
        }
        if author(act) == Speaker::Customer && act.kind != MessageKind::QuickReply {
            for (_, piece) in &mut pieces {
                script.dialect.speak(piece);
            }
        }
        let bank = act.speaker != Speaker::Customer;
        let mut noise = Stream::at(script.seed, NOISE, key);
        let habits = self.habits(act.speaker);
        let tongue = script.language.tongue;
        let formal = bank && act.speaker != Speaker::Agent;
        let mut bodies = match act.kind {
            MessageKind::Voice => {
                let (data, manner) = (&script.language.noise.speech, script.notes);
                let occasion = match act.answers {
                    Some(_) => Occasion::Answer,
                    None if act.opens => Occasion::Opening,
                    None => Occasion::Remark,
                };
                vec![transcript::transcribe(
                    pieces, tongue, data, manner, occasion, &mut noise,
                )]
            }
            MessageKind::Postback => pieces.into_iter().map(|(_, piece)| title(piece)).collect(),
            _ => compose(pieces, formal, tongue, &habits, &mut noise),
        };
        let typed = matches!(act.kind, MessageKind::Text | MessageKind::Attachment);
        if act.speaker == Speaker::Customer && typed {
            let mood = self.mood(act);
            for body in &mut bodies {
                let data = &script.language.noise;
                let tally = self.noise.as_deref_mut();
                noise::apply(body, &habits, data, mood, &mut noise, tally);
            }
        }
        let mut clock = Stream::at(script.seed, CLOCK, key);
        let parts = bodies.len();
        for (part, body) in bodies.into_iter().enumerate() {
            let turn = self.messages.len() as u32;
            let fields = self.fields(act, &body, &mut draws.values);
            let ts = self.cast.tick(act.speaker, body.text().len(), &mut clock);
            // Every phrase of the turn stands with its first message only if it was sent at once.
            let phrases = if parts == 1 || part == 0 {
                std::mem::take(&mut phrases)
            } else {
                self.messages
                    .last()
                    .map(|m| m.phrases.clone())
                    .unwrap_or_default()
            };
            self.messages.push(Message {
                turn,
                speaker: act.speaker,
                kind: act.kind,
                ts,
                body,
                phrases,
                fields,
            });
        }
        if let Some(topic) = act.asks.filter(|_| self.dropped.is_none()) {
            self.asked = Some((topic, self.messages.len() as u32 - 1));
        }
    }

    /// Has it been said already what would be asked? Whoever takes over has read it.
    fn needs_no_asking(&self, topic: TopicId) -> bool {
        let asked = &self.script.plots.topics[usize::from(topic.0)];
        let mut known = asked.id != "otp";
        walk(&asked.bare, &mut |node| {
            if let Node::Slot(path, form) = node {
                known &= self.said.contains(&(*path, true))
                    || form.is_some() && self.said.contains(&(*path, false));
            }
        });
        known
    }

    /// Is any of what answers a topic never to be mistyped?
    fn is_spared(&self, topic: TopicId) -> bool {
        if !self.script.ways.ask_of_slips() {
            return false;
        }
        let mut spared = false;
        walk(
            &self.script.plots.topics[usize::from(topic.0)].bare,
            &mut |node| {
                if let Node::Slot(path, form) = node
                    && let Some(datum) = self.cast.datum(*path)
                {
                    datum.labels(*form, &mut |label| {
                        spared |= self.script.ways.mistyped(label) == Some(0);
                    });
                }
            },
        );
        spared
    }

    /// The name of a constituent.
    fn name(&self, say: SayId) -> &'a str {
        self.script.plots.says()[usize::from(say.0)]
    }

    fn says(&self, act: &Act, name: &str) -> bool {
        act.say.iter().any(|say| self.name(*say) == name)
    }

    /// Does a turn repeat a value to correct a slip in it?
    fn corrects(&self, act: &Act) -> bool {
        self.says(act, "correct.lead") || self.says(act, "correct.fragment")
    }

    fn habits(&self, speaker: Speaker) -> Habits {
        match speaker {
            Speaker::Customer => self.script.habits,
            // Agents write fast and politely.
            Speaker::Agent => Habits {
                untidy: 350,
                ..Habits::default()
            },
            Speaker::Bot | Speaker::Notification => Habits::default(),
        }
    }

    fn mood(&self, act: &Act) -> Mood {
        let says = |prefix: &str| {
            act.say
                .iter()
                .any(|say| self.name(*say).starts_with(prefix))
        };
        if says("anger") || says("insist") {
            Mood::Anger
        } else if says("thanks") || says("bye") || says("yes") || says("ok") {
            Mood::Thanks
        } else if [
            "card.lost",
            "dispute",
            "phish",
            "scam",
            "fraud",
            "lostphone",
        ]
        .iter()
        .any(|prefix| says(prefix))
        {
            Mood::Worry
        } else {
            Mood::Plain
        }
    }

    fn piece_kind(&self, say: SayId) -> PieceKind {
        match self.name(say) {
            "greet" => PieceKind::Greeting,
            "correct.lead" | "correct.fragment" | "split.lead" | "voice.again" => PieceKind::Lead,
            _ => PieceKind::Sentence,
        }
    }

    fn voice_of(&self, act: &Act) -> Voice {
        Voice {
            aloud: act.kind == MessageKind::Voice,
            ..self.voice(author(act))
        }
    }

    fn voice(&self, speaker: Speaker) -> Voice {
        let customer = speaker == Speaker::Customer;
        Voice {
            tongue: match customer {
                true => self.script.dialect.tongue,
                false => self.script.language.tongue,
            },
            country: self.cast.country(),
            bank: !customer,
            dictates: customer && self.script.dictates,
            aloud: false,
            relaxed: customer && self.script.formality == Formality::Casual,
        }
    }

    /// One phrase of a constituent, written.
    fn constituent(
        &mut self,
        say: SayId,
        act: &Act,
        asked: Option<(TopicId, u32)>,
        draws: &mut Draws,
        phrases: &mut Vec<Name>,
    ) -> Option<Body> {
        let id = self.script.language.constituent(say)?;
        let grammar = &self.script.language.grammar;
        let constituent = grammar.constituent(id);
        let aloud = act.kind == MessageKind::Voice;
        let phrase = self.choose(constituent, author(act), aloud, &mut draws.wording)?;
        // Nor is the way to the app shown to who has just been shown it.
        let sends = self.name(say) == "bot.use_app";
        if sends
            && self
                .named
                .iter()
                .any(|path| matches!(path, Path::BankApp | Path::BankSite))
        {
            return None;
        }
        // What answers nothing is not said twice.
        let remark = ["bot.aside", "bot.never_share", "anger", "bot.calm"];
        let again = self.used.iter().any(|used| std::ptr::eq(*used, phrase));
        if again && remark.contains(&self.name(say)) {
            return None;
        }
        let mut body = Body::with_capacity(ROOM);
        self.write(phrase, act, asked, draws, phrases, &mut body);
        Some(body)
    }

    /// Draws a phrase that can be said here; into a voice note, one that can be said aloud if there is any.
    fn choose(
        &self,
        constituent: &'a Constituent,
        speaker: Speaker,
        aloud: bool,
        stream: &mut Stream,
    ) -> Option<&'a Phrase> {
        let pool = constituent.pool(self.script.split);
        let mut all = pool.terms.iter();
        let aloud = aloud && all.any(|terms| terms.aloud && self.eligible(terms, speaker));
        let said = |index: usize| &constituent.phrases()[pool.phrases[index] as usize];
        if pool.phrases.is_empty() {
            return None;
        }
        // A house style is its bot's; people write as people.
        let person = speaker == Speaker::Agent;
        let style = |style: Option<&str>| style.is_none_or(|s| s == self.script.style && !person);
        let fits = |index: usize, fresh: Fresh| {
            let terms = &pool.terms[index];
            let sounds = terms.aloud || !aloud;
            if !sounds || !style(terms.style) || !self.eligible(terms, speaker) {
                return None;
            }
            let phrase = said(index);
            let used = || self.used.iter().any(|used| std::ptr::eq(*used, phrase));
            let named = || phrase.names.iter().any(|path| self.named.contains(path));
            let new = || match fresh {
                Fresh::InTurn => !used() && !named(),
                Fresh::InTalk => !used(),
                Fresh::No => true,
            };
            new().then_some(phrase)
        };
        if !self.script.labels.is_empty() {
            return self.choose_by_label(pool, stream, fits);
        }
        for _ in 0..16 {
            if let Some(phrase) = fits(stream.cumulative(&pool.cumulative), Fresh::InTurn) {
                return Some(phrase);
            }
        }
        let start = stream.below(pool.phrases.len() as u32) as usize;
        let order = || (0..pool.phrases.len()).map(|k| (start + k) % pool.phrases.len());
        [Fresh::InTurn, Fresh::InTalk, Fresh::No]
            .into_iter()
            .find_map(|fresh| order().find_map(|index| fits(index, fresh)))
            // A question in the style of another house, or even in another register, is better than an
            // answer to none.
            .or_else(|| {
                let mut all = order();
                let eligible = |index: &usize| self.eligible(&pool.terms[*index], speaker);
                let possible = |index: &usize| self.possible(&pool.terms[*index], speaker);
                let found = all.clone().find(eligible);
                found.or_else(|| all.find(possible)).map(said)
            })
    }

    fn eligible(&self, terms: &Terms, speaker: Speaker) -> bool {
        let register = match terms.register {
            None => true,
            Some(register) => (register == Register::Familiar) == self.familiar(speaker),
        };
        let writer = speaker != Speaker::Customer
            || terms
                .writer
                .is_none_or(|writer| writer.fits(self.script.formality));
        register && writer && self.possible(terms, speaker)
    }

    /// Can it be said here, whoever the two are to each other?
    fn possible(&self, terms: &Terms, speaker: Speaker) -> bool {
        terms
            .region
            .is_none_or(|region| region == self.cast.country())
            && terms.hours.is_none_or(|(first, last)| {
                let hour = self.cast.hour() as u8;
                if first <= last {
                    (first..=last).contains(&hour)
                } else {
                    hour >= first || hour <= last
                }
            })
            && self.available().has(terms.needs)
            && (speaker != Speaker::Notification || on_the_subject(terms.needs, self.about))
    }

    /// The roles that are filled: nobody speaks to the bot any more once a human has taken over.
    fn available(&self) -> Roles {
        let all = self.cast.available();
        match self.taken_over {
            true => all.without(Role::Bot),
            false => all,
        }
    }

    /// Who says tu: the customer by habit; a bot of a relaxed house to such a customer.
    fn familiar(&self, speaker: Speaker) -> bool {
        self.script.familiar
            && match speaker {
                Speaker::Customer => true,
                Speaker::Bot => matches!(self.script.style, "friendly" | "emoji"),
                Speaker::Agent | Speaker::Notification => false,
            }
    }

    fn write(
        &mut self,
        phrase: &'a Phrase,
        act: &Act,
        asked: Option<(TopicId, u32)>,
        draws: &mut Draws,
        phrases: &mut Vec<Name>,
        body: &mut Body,
    ) {
        self.used.push(phrase);
        phrases.push(Name::Borrowed(phrase.id));
        let mut writer = Writer {
            voice: self.voice_of(act),
            familiar: self.familiar(act.speaker),
            answered: asked.map(|(topic, turn)| (self.topic_paths(topic), turn)),
            manner: None,
            corrects: false,
            nested: Vec::new(),
            joint: None,
        };
        self.nodes(&phrase.nodes, &mut writer, draws, body);
        // Phrases inside the phrase.
        phrases.extend(writer.nested.iter().copied().map(Name::Borrowed));
    }

    fn topic_paths(&self, topic: TopicId) -> Vec<Path> {
        let mut paths = Vec::with_capacity(3);
        walk(
            &self.script.plots.topics[usize::from(topic.0)].bare,
            &mut |node| {
                if let Node::Slot(path, _) = node {
                    paths.push(*path);
                }
            },
        );
        paths
    }

    /// A value alone in its message.
    fn bare(
        &mut self,
        topic: TopicId,
        manner: Manner,
        asked: Option<(TopicId, u32)>,
        act: &Act,
        draws: &mut Draws,
    ) -> Body {
        let plots = self.script.plots;
        let mut writer = Writer {
            voice: Voice {
                // A button repeats what is on file, never what was dictated; and what was not understood
                // is typed.
                dictates: self.voice(act.speaker).dictates
                    && !matches!(manner, Manner::Tap | Manner::Typed),
                ..self.voice_of(act)
            },
            familiar: false,
            answered: asked.map(|(topic, turn)| (self.topic_paths(topic), turn)),
            manner: Some(manner),
            corrects: self.corrects(act),
            nested: Vec::new(),
            joint: None,
        };
        let mut body = Body::with_capacity(ROOM);
        self.nodes(
            &plots.topics[usize::from(topic.0)].bare,
            &mut writer,
            draws,
            &mut body,
        );
        body
    }

    fn nodes(&mut self, nodes: &[Node], writer: &mut Writer, draws: &mut Draws, body: &mut Body) {
        for node in nodes {
            match node {
                Node::Text(text) => self
                    .pen(writer, body, Circumstance::default())
                    .text_to(text),
                Node::Slot(path, form) => self.slot(*path, *form, writer, draws, body),
                Node::Choice(branches) => {
                    let chosen = draws.wording.below(branches.len() as u32) as usize;
                    self.nodes(&branches[chosen], writer, draws, body);
                }
                Node::Optional(inner) => {
                    if draws.wording.chance(500) {
                        self.nodes(inner, writer, draws, body);
                    }
                }
                Node::Constituent(name) => {
                    let grammar = &self.script.language.grammar;
                    let Some(id) = grammar.find(name) else {
                        continue;
                    };
                    let constituent = grammar.constituent(id);
                    let speaker = if writer.voice.bank {
                        Speaker::Bot
                    } else {
                        Speaker::Customer
                    };
                    let aloud = writer.voice.aloud;
                    if let Some(phrase) =
                        self.choose(constituent, speaker, aloud, &mut draws.wording)
                    {
                        writer.nested.push(phrase.id);
                        self.nodes(&phrase.nodes, writer, draws, body);
                    }
                }
                Node::Agree(with, first, second) => {
                    let second_form = match with {
                        Agreement::Customer => self.cast.customer_is_female(),
                        Agreement::Payee => self.cast.payee_is_female(),
                        Agreement::Agent => self.cast.agent_is_female(),
                        Agreement::Spouse | Agreement::Late | Agreement::Ex => {
                            self.cast.partner_is_female()
                        }
                        Agreement::Address => !writer.familiar,
                        Agreement::Region => !self.cast.is_british(),
                    };
                    let form = if second_form { second } else { first };
                    self.pen(writer, body, Circumstance::default())
                        .text_to(form);
                }
                Node::Joint(joint) => writer.joint = Some(*joint),
                Node::States(path, inner) => {
                    self.pen(writer, body, Circumstance::default()).flush(inner);
                    let open = body.open();
                    self.nodes(inner, writer, draws, body);
                    let (label, kind, value) = self.cast.stated(*path);
                    self.pen(writer, body, Circumstance::default())
                        .pen
                        .stated(open, label, kind, value);
                }
                Node::Decoy(label, is, inner) => {
                    self.pen(writer, body, Circumstance::default()).flush(inner);
                    let open = body.open();
                    self.nodes(inner, writer, draws, body);
                    let is = Name::Borrowed(is);
                    body.close(
                        open,
                        Mark::Decoy(Decoy {
                            looks_like: *label,
                            is,
                        }),
                    );
                }
            }
        }
    }

    fn slot(
        &mut self,
        path: Path,
        form: Option<crate::conversation::Form>,
        writer: &mut Writer,
        draws: &mut Draws,
        body: &mut Body,
    ) {
        let answered = writer
            .answered
            .as_ref()
            .filter(|(paths, _)| paths.contains(&path));
        let circumstance = Circumstance {
            asked: answered.map(|(_, turn)| *turn),
            mistyped: matches!(writer.manner, Some(Manner::Mistyped | Manner::MistypedEnd)),
            slip_at_end: writer.manner == Some(Manner::MistypedEnd),
            fragment: writer.manner == Some(Manner::Fragment),
            part: match writer.manner {
                Some(Manner::Part(k, n)) => Some(Part { k, n }),
                _ => None,
            },
            corrects: writer.corrects,
            tapped: writer.manner == Some(Manner::Tap),
        };
        let form = form.or(path.own_form());
        self.named.push(path);
        let known = !writer.voice.bank || path.is_of_customer();
        if known && !circumstance.mistyped {
            self.said.push((path, form.is_none()));
        }
        let Some(datum) = self.cast.datum(path) else {
            return;
        };
        let mut pen = Pen {
            body,
            facts: &mut self.facts,
            voice: writer.voice,
            today: self.cast.today(),
            circumstance,
            ways: self.script.ways,
            joint: writer.joint.take(),
        };
        pen.datum(&datum, form, &mut draws.values);
    }

    fn pen<'p>(
        &'p mut self,
        writer: &'p mut Writer,
        body: &'p mut Body,
        circumstance: Circumstance,
    ) -> Quill<'p> {
        let joint = writer.joint.take();
        Quill {
            pen: Pen {
                body,
                facts: &mut self.facts,
                voice: writer.voice,
                today: self.cast.today(),
                circumstance,
                ways: self.script.ways,
                joint,
            },
            left: &mut writer.joint,
        }
    }
}

/// What stands on a button.
fn title(mut piece: Body) -> Body {
    capitalise(&mut piece);
    piece
}

/// A notification names a purchase only where the concern is a purchase.
fn on_the_subject(needs: Roles, about: Roles) -> bool {
    let purchase = Roles::default().with(Role::Operation);
    !needs.has(purchase) || about.has(purchase)
}

/// A pen that gives a small word back when nothing was written behind it.
struct Quill<'p> {
    pen: Pen<'p>,
    left: &'p mut Option<crate::wording::morphology::Joint>,
}

impl Quill<'_> {
    fn text_to(mut self, text: &str) {
        self.pen.text(text);
        *self.left = self.pen.joint.take();
    }

    /// Writes a waiting small word before a mark opens, by the first text of what follows.
    fn flush(mut self, inner: &[Node]) {
        let first = inner.iter().find_map(|node| match node {
            Node::Text(text) => Some(&**text),
            _ => None,
        });
        if let Some(joint) = self.pen.joint.take() {
            let (written, _) = joint.before(first.unwrap_or(""));
            self.pen.body.push_str(written);
        }
    }
}

/// What is known while one phrase is being written.
struct Writer {
    voice: Voice,
    familiar: bool,
    /// The facts that answer a question, and the turn that asked.
    answered: Option<(Vec<Path>, u32)>,
    /// How a value alone is given.
    manner: Option<Manner>,
    /// Is a slip being corrected?
    corrects: bool,
    nested: Vec<&'static str>,
    joint: Option<crate::wording::morphology::Joint>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_for_a_change_of_address_names_no_purchase() {
        let only = |role| Roles::default().with(role);
        assert!(!on_the_subject(only(Role::Operation), only(Role::Move)));
        assert!(on_the_subject(only(Role::Operation), only(Role::Operation)));
        assert!(on_the_subject(only(Role::Card), only(Role::Move)));
    }
}
