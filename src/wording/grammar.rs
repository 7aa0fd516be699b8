//! The grammar of one language: constituents and their phrases, loaded, checked, and split.
//!
//! Phrases of a constituent are weighted by a Zipf law over their weight classes, and divided
//! 50 / 10 / 40 between train, dev and test by the hash of their explicit ids, so that no phrase of
//! content is seen by a detector's training and by its test. Function acts (greeting, yes, thanks)
//! are shared: their repetition is what real talk looks like.

use crate::conversation::Split;
use crate::country::Country;
use crate::dialogue::path::{Path, Roles};
use crate::seed::{Domain, Stream, fnv1a};
use crate::wording::notation::{Node, aloud, bears, leak, names, needs, parse, walk};
use crate::world::Formality;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How a writer addresses the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// Polite: vous.
    Polite,
    /// Familiar: tu.
    Familiar,
}

/// Which customers say a phrase, by how they write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writers {
    /// All but those who write as to a friend.
    Formal,
    /// All but those who write formally.
    Everyday,
    /// Only those who write as to a friend.
    Casual,
}

impl Writers {
    /// Do people whose writing is so formal say it?
    pub fn fits(self, formality: Formality) -> bool {
        match self {
            Writers::Formal => formality != Formality::Casual,
            Writers::Everyday => formality != Formality::Formal,
            Writers::Casual => formality == Formality::Casual,
        }
    }
}

/// How often a phrase is used, beside its place in the Zipf law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Common,
    Usual,
    Rare,
}

/// One way to say a constituent.
#[derive(Debug)]
pub struct Phrase {
    /// Its explicit id: `card.lost.what.17`.
    pub id: &'static str,
    /// How it stands in its file.
    pub source: &'static str,
    /// What it is made of.
    pub nodes: Box<[Node]>,
    /// When it can be said.
    pub terms: Terms,
    /// The facts that it can name.
    pub names: Box<[Path]>,
    /// Does it bear a label, whatever it is said of?
    pub bears: bool,
    weight: Weight,
    hash: u64,
}

/// When a phrase can be said: by whom, where, and of what.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// What the cast must have for it to be said.
    pub needs: Roles,
    /// The house style that it belongs to.
    pub style: Option<&'static str>,
    /// The register that its wording commits to.
    pub register: Option<Register>,
    /// The customers who say it, where not all do.
    pub writer: Option<Writers>,
    /// The country that it belongs to.
    pub region: Option<Country>,
    /// The hours of the day at which it is said, first and last.
    pub hours: Option<(u8, u8)>,
    /// Can it be said aloud?
    pub aloud: bool,
}

impl Terms {
    /// Can anybody say it, in any bank and country and at any hour?
    fn is_plain(&self) -> bool {
        self.register.is_none()
            && self.style.is_none()
            && self.writer.is_none()
            && self.region.is_none()
            && self.hours.is_none()
    }
}

/// The phrases that one split may use, with cumulative weights.
#[derive(Debug, Default)]
pub struct Pool {
    /// Indices into [`Constituent::phrases`].
    pub phrases: Vec<u32>,
    /// The terms of the same: a draw looks at many phrases and says one.
    pub terms: Vec<Terms>,
    /// Cumulative weights of the same.
    pub cumulative: Vec<u32>,
}

/// A set of phrases that can stand in one place of a turn.
#[derive(Debug)]
pub struct Constituent {
    /// Its name: `card.lost.what`.
    pub name: &'static str,
    /// Is it the same in every split?
    pub shared: bool,
    /// The tables that hold its phrases.
    tables: Vec<&'static str>,
    members: OnceLock<Members>,
}

#[derive(Debug)]
struct Members {
    phrases: Vec<Phrase>,
    pools: [Pool; 3],
}

impl Constituent {
    /// All its phrases.
    pub fn phrases(&self) -> &[Phrase] {
        &self.members().phrases
    }

    /// The phrases of a split.
    pub fn pool(&self, split: Split) -> &Pool {
        &self.members().pools[split as usize]
    }

    /// The phrases of a split, the most frequent first.
    pub fn said_in(&self, split: Split) -> impl Iterator<Item = &Phrase> {
        let pool = self.pool(split).phrases.iter();
        pool.map(|&index| &self.phrases()[index as usize])
    }

    /// The members, read from their tables when they are first asked for.
    fn members(&self) -> &Members {
        self.members.get_or_init(|| {
            const TESTED: &str = "a test has loaded these phrases";
            let mut loader = Loader::default();
            for table in &self.tables {
                loader
                    .part(&File::new(self.name, table), table)
                    .expect(TESTED);
            }
            assert_eq!(loader.errors, [], "{TESTED}");
            let phrases = loader.phrases.into_iter().map(|found| found.phrase);
            let phrases: Vec<Phrase> = phrases.collect();
            let pools = pools(&phrases, self.shared).expect(TESTED);
            Members { phrases, pools }
        })
    }
}

/// The number of a constituent within its grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConstituentId(u32);

/// The grammar of one language.
#[derive(Debug, Default)]
pub struct Grammar {
    constituents: Vec<Constituent>,
    by_name: BTreeMap<&'static str, ConstituentId>,
}

/// One fault of a grammar file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {subject}: {message}")]
pub struct GrammarError {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// The phrase or constituent.
    pub subject: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// A grammar file: its name for messages, and its text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Path shown in messages.
    pub file: &'a str,
    /// Its TOML, of which the phrases stay parts.
    pub text: &'static str,
    /// Are its constituents shared by the splits?
    pub shared: bool,
}

impl Grammar {
    /// Loads and checks grammar files.
    ///
    /// # Errors
    /// Every fault found, each with file, line and phrase id.
    pub fn load(sources: &[Source<'_>]) -> Result<Grammar, Vec<GrammarError>> {
        // Files are read by all processors, and joined in their order.
        let read: Vec<OnceLock<Loader>> = sources.iter().map(|_| OnceLock::new()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some((source, cell)) = sources.get(at).zip(read.get(at)) else {
                    break;
                };
                cell.get_or_init(|| Loader::read(source));
            }
        };
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 1..processors.clamp(1, 4) {
                scope.spawn(work);
            }
            work();
        });
        let read = read
            .into_iter()
            .map(|cell| cell.into_inner().unwrap_or_default());
        join(sources, read.collect())
    }

    /// Takes files that a test has [loaded](Grammar::load): what is said of a constituent is read when it is
    /// first asked for, since few of the phrases of a language are said in a conversation. Every table must
    /// stand under the full name of its constituent.
    pub fn trust(sources: &[Source<'_>]) -> Grammar {
        let mut grammar = Grammar::default();
        let mut found: BTreeMap<&'static str, (bool, Vec<&'static str>)> = BTreeMap::new();
        for source in sources {
            for (_, table) in tables(source.text) {
                let name = table.trim_start_matches('[').split(']').next();
                let Some(name) = name.filter(|_| table.starts_with('[')) else {
                    continue;
                };
                let (_, tables) = found.entry(name).or_insert((source.shared, Vec::new()));
                tables.push(table);
            }
        }
        for (name, (shared, tables)) in found {
            grammar.add(Constituent {
                name,
                shared,
                tables,
                members: OnceLock::new(),
            });
        }
        grammar
    }

    fn add(&mut self, constituent: Constituent) {
        let id = ConstituentId(self.constituents.len() as u32);
        self.by_name.insert(constituent.name, id);
        self.constituents.push(constituent);
    }

    /// The constituent with this name.
    pub fn find(&self, name: &str) -> Option<ConstituentId> {
        self.by_name.get(name).copied()
    }

    /// A constituent.
    pub fn constituent(&self, id: ConstituentId) -> &Constituent {
        &self.constituents[id.0 as usize]
    }

    /// Every constituent, by name.
    pub fn constituents(&self) -> impl Iterator<Item = &Constituent> {
        self.by_name.values().map(|id| self.constituent(*id))
    }

    /// All phrases, by constituent.
    pub fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.constituents()
            .flat_map(|constituent| constituent.phrases())
    }
}

/// The tables of a file, each from its header to the next, with the byte at which it starts.
fn tables(text: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let mut rest = Some(0);
    std::iter::from_fn(move || {
        let start = rest?;
        let next = text[start..].find("\n[").map(|at| start + at + 1);
        rest = next;
        Some((start, &text[start..next.unwrap_or(text.len())]))
    })
}

/// What one file holds.
#[derive(Default)]
struct Loader {
    phrases: Vec<Found>,
    errors: Vec<GrammarError>,
}

/// A phrase, and where it stands.
struct Found {
    constituent: &'static str,
    phrase: Phrase,
    line: usize,
}

struct File<'a> {
    name: &'a str,
    /// Byte offsets at which lines start.
    lines: Vec<usize>,
    /// Where the part of it that is being read starts.
    base: usize,
}

impl<'a> File<'a> {
    fn new(name: &'a str, text: &str) -> File<'a> {
        let starts = text.match_indices('\n').map(|(byte, _)| byte + 1);
        File {
            name,
            lines: std::iter::once(0).chain(starts).collect(),
            base: 0,
        }
    }

    fn line(&self, byte: usize) -> usize {
        let byte = self.base + byte;
        self.lines.partition_point(|&start| start <= byte)
    }
}

impl Loader {
    /// Reads a file table by table, which takes a fraction of the memory; where that fails, as a whole, so
    /// that the fault is told as TOML has it.
    fn read(source: &Source<'_>) -> Loader {
        let mut file = File::new(source.file, source.text);
        let mut loader = Loader::default();
        for (base, text) in tables(source.text) {
            file.base = base;
            if loader.part(&file, text).is_err() {
                file.base = 0;
                loader = Loader::default();
                if let Err(error) = loader.part(&file, source.text) {
                    let at = error.span().map_or(0, |span| span.start);
                    loader.error(&file, at, "", error.message().to_owned());
                }
                break;
            }
        }
        loader
    }

    /// Adds the phrases of a piece of a file, which must be TOML by itself.
    fn part(&mut self, file: &File<'_>, text: &'static str) -> Result<(), toml::de::Error> {
        let table = DeTable::parse(text)?;
        self.table(file, "", table.get_ref());
        Ok(())
    }

    fn error(&mut self, file: &File<'_>, at: usize, subject: &str, message: String) {
        self.errors.push(GrammarError {
            file: file.name.to_owned(),
            line: file.line(at),
            subject: subject.to_owned(),
            message,
        });
    }

    /// A table holds phrases by number, or further tables by name.
    fn table(&mut self, file: &File<'_>, name: &str, table: &DeTable<'static>) {
        for (key, value) in table.iter() {
            let key_text: &str = key.get_ref();
            let path = if name.is_empty() {
                key_text.to_owned()
            } else {
                format!("{name}.{key_text}")
            };
            let at = value.span().start;
            match value.get_ref() {
                DeValue::String(_) => self.phrase(file, name, &path, value, None),
                DeValue::Table(inner) if inner.contains_key("text") => {
                    self.described(file, name, &path, at, inner);
                }
                DeValue::Table(inner) => self.table(file, &path, inner),
                DeValue::Array(list) => {
                    for item in list.iter() {
                        let at = item.span().start;
                        match item.get_ref() {
                            DeValue::Table(inner) => self.listed(file, &path, at, inner),
                            _ => self.error(file, at, &path, "a phrase is a table".into()),
                        }
                    }
                }
                other => {
                    let message =
                        format!("a phrase is a text or a table, not {}", other.type_str());
                    self.error(file, at, &path, message);
                }
            }
        }
    }

    /// `[[constituent]]` with an `id` of its own.
    fn listed(&mut self, file: &File<'_>, name: &str, at: usize, table: &DeTable<'static>) {
        match table.get("id").and_then(|id| id.get_ref().as_str()) {
            Some(id) => self.described(file, name, id, at, table),
            None => self.error(file, at, name, "a phrase needs an explicit `id`".into()),
        }
    }

    fn described(
        &mut self,
        file: &File<'_>,
        name: &str,
        id: &str,
        at: usize,
        table: &DeTable<'static>,
    ) {
        match table.get("text") {
            Some(value) if value.get_ref().is_str() => {
                self.phrase(file, name, id, value, Some(table));
            }
            _ => self.error(file, at, id, "`text` must be a text".into()),
        }
    }

    fn phrase(
        &mut self,
        file: &File<'_>,
        constituent: &str,
        id: &str,
        value: &Spanned<DeValue<'static>>,
        features: Option<&DeTable<'static>>,
    ) {
        let at = value.span().start;
        if constituent.is_empty() {
            return self.error(file, at, id, "a phrase stands in a [constituent]".into());
        }
        let source = match value.get_ref() {
            DeValue::String(Cow::Borrowed(text)) => text,
            DeValue::String(Cow::Owned(text)) => leak(text),
            _ => unreachable!("the callers have seen a string"),
        };
        let nodes = match parse(source) {
            Ok(nodes) => nodes,
            Err(error) => return self.error(file, at + 1 + error.at, id, error.message),
        };
        let mut phrase = Phrase {
            id: leak(id),
            source,
            terms: Terms {
                needs: needs(&nodes),
                aloud: aloud(&nodes),
                ..Terms::default()
            },
            names: names(&nodes),
            bears: bears(&nodes),
            nodes,
            weight: Weight::Usual,
            hash: Stream::at(0, Domain::new("phrase"), fnv1a(id)).bits(),
        };
        for (key, value) in features.into_iter().flat_map(|table| table.iter()) {
            if let Err(message) = feature(&mut phrase, key.get_ref(), value.get_ref()) {
                self.error(file, value.span().start, id, message);
            }
        }
        let constituent = match self.phrases.last() {
            Some(last) if last.constituent == constituent => last.constituent,
            _ => leak(constituent),
        };
        self.phrases.push(Found {
            constituent,
            phrase,
            line: file.line(at),
        });
    }
}

/// Puts files together.
fn join(sources: &[Source<'_>], read: Vec<Loader>) -> Result<Grammar, Vec<GrammarError>> {
    /// Phrases of one constituent, each with its file and its line.
    #[derive(Default)]
    struct Group {
        shared: bool,
        phrases: Vec<Phrase>,
        places: Vec<(usize, usize)>,
    }
    let mut errors = Vec::new();
    let mut groups: BTreeMap<&'static str, Group> = BTreeMap::new();
    let fault = |(file, line): (usize, usize), subject: &str, message: String| GrammarError {
        file: sources[file].file.to_owned(),
        line,
        subject: subject.to_owned(),
        message,
    };
    for (file, loader) in read.into_iter().enumerate() {
        errors.extend(loader.errors);
        let shared = sources[file].shared;
        for found in loader.phrases {
            let place = (file, found.line);
            let group = groups.entry(found.constituent).or_insert_with(|| Group {
                shared,
                ..Group::default()
            });
            if group.shared != shared {
                let message =
                    "the constituent is shared by the splits in one file and not in another";
                errors.push(fault(place, found.phrase.id, message.into()));
            }
            group.phrases.push(found.phrase);
            group.places.push(place);
        }
    }
    let all = || {
        let groups = groups.values();
        groups.flat_map(|group| group.phrases.iter().zip(group.places.iter().copied()))
    };
    let mut taken = BTreeMap::new();
    let mut in_order: Vec<_> = all().collect();
    in_order.sort_by_key(|(_, place)| *place);
    for (phrase, place) in in_order {
        if let Some((file, line)) = taken.insert(phrase.id, place) {
            let message = format!("the id is taken by {}:{line}", sources[file].file);
            errors.push(fault(place, phrase.id, message));
        }
    }
    for (phrase, place) in all() {
        walk(&phrase.nodes, &mut |node| {
            if let Node::Constituent(name) = node
                && !groups.contains_key(&**name)
            {
                let near = crate::text::nearest(name, groups.keys().copied());
                let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
                let message = format!("no constituent `{name}`{hint}");
                errors.push(fault(place, phrase.id, message));
            }
        });
    }
    let mut grammar = Grammar::default();
    for (name, group) in groups {
        let pools = pools(&group.phrases, group.shared).unwrap_or_else(|message| {
            errors.push(fault(group.places[0], name, message));
            Default::default()
        });
        grammar.add(Constituent {
            name,
            shared: group.shared,
            tables: Vec::new(),
            members: OnceLock::from(Members {
                phrases: group.phrases,
                pools,
            }),
        });
    }
    if errors.is_empty() {
        Ok(grammar)
    } else {
        Err(errors)
    }
}

fn feature(phrase: &mut Phrase, key: &str, value: &DeValue<'static>) -> Result<(), String> {
    let text = value
        .as_str()
        .ok_or_else(|| format!("`{key}` must be a text"))?;
    let choose = |allowed: &str| format!("`{key}` is one of {allowed}, not `{text}`");
    match key {
        "text" | "id" => {}
        "weight" => {
            phrase.weight = match text {
                "common" => Weight::Common,
                "usual" => Weight::Usual,
                "rare" => Weight::Rare,
                _ => return Err(choose("common, usual, rare")),
            }
        }
        "register" => {
            phrase.terms.register = Some(match text {
                "vous" | "polite" => Register::Polite,
                "tu" | "familiar" => Register::Familiar,
                _ => return Err(choose("vous, tu, polite, familiar")),
            })
        }
        "style" => match text {
            "formal" | "friendly" | "terse" | "emoji" => phrase.terms.style = Some(leak(text)),
            _ => return Err(choose("formal, friendly, terse, emoji")),
        },
        "writer" => {
            phrase.terms.writer = Some(match text {
                "formal" => Writers::Formal,
                "everyday" => Writers::Everyday,
                "casual" => Writers::Casual,
                _ => return Err(choose("formal, everyday, casual")),
            })
        }
        "region" => {
            phrase.terms.region = Some(Country::named(text).ok_or_else(|| choose("FR, US, GB"))?);
        }
        "hours" => {
            let hour = |part: &str| part.parse::<u8>().ok().filter(|hour| *hour < 24);
            phrase.terms.hours = text
                .split_once('-')
                .and_then(|(a, b)| Some((hour(a)?, hour(b)?)));
            if phrase.terms.hours.is_none() {
                return Err(format!("`hours` are `first-last` (18-4), not `{text}`"));
            }
        }
        _ => {
            let known = [
                "text", "id", "weight", "register", "style", "writer", "region", "hours",
            ];
            let near = crate::text::nearest(key, known.into_iter());
            let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
            return Err(format!("a phrase has no `{key}`{hint}"));
        }
    }
    Ok(())
}

/// Divides phrases between the splits and weights them.
fn pools(all: &[Phrase], shared: bool) -> Result<[Pool; 3], String> {
    let mut order: Vec<u32> = (0..all.len() as u32).collect();
    order.sort_by_key(|&index| (all[index as usize].hash, all[index as usize].id));
    if shared {
        return Ok(std::array::from_fn(|_| pool(all, &order, SHORT_ACTS)));
    }
    let n = order.len();
    if n < 6 {
        return Err(format!(
            "{n} phrases: at least 6 are needed, two for each split"
        ));
    }
    // Phrases that anybody can say are divided apart from those of one register, style or country, so that
    // no split is left without.
    let (plain, other): (Vec<u32>, Vec<u32>) = order
        .into_iter()
        .partition(|&index| all[index as usize].terms.is_plain());
    let mut divided: [Vec<u32>; 3] = Default::default();
    let lists = match plain.len() >= 6 {
        true => vec![plain, other],
        false => vec![plain.into_iter().chain(other).collect()],
    };
    for (at, list) in lists.into_iter().enumerate() {
        // 50 / 10 / 40, and never fewer than two alternatives of the first.
        let n = list.len();
        let least = if at == 0 { 2 } else { 0 };
        let dev = ((n + 5) / 10).max(least);
        let test = ((4 * n + 5) / 10).max(least).min(n - dev - least);
        let (dev, rest) = list.split_at(dev);
        let (test, train) = rest.split_at(test);
        for (into, part) in divided.iter_mut().zip([train, dev, test]) {
            into.extend_from_slice(part);
        }
    }
    Ok(divided.map(|part| pool(all, &part, CONTENT)))
}

/// The offset of the Zipf-Mandelbrot law. Short acts (greeting, yes, thanks) have a steep head: people say
/// them alike. What people come for is said in nearly as many ways as there are people.
const SHORT_ACTS: u32 = 4;
const CONTENT: u32 = 24;

/// Weights: class by class, a Zipf-Mandelbrot law over the rank, ranks by hash.
fn pool(all: &[Phrase], members: &[u32], offset: u32) -> Pool {
    let mut phrases = members.to_vec();
    phrases.sort_by_key(|&index| {
        let phrase = &all[index as usize];
        (phrase.weight, phrase.hash)
    });
    let mut sum = 0;
    let cumulative = (0..phrases.len() as u32)
        .map(|rank| {
            sum += 1_000_000 / (rank + offset);
            sum
        })
        .collect();
    let terms = phrases.iter().map(|&index| all[index as usize].terms);
    Pool {
        terms: terms.collect(),
        phrases,
        cumulative,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Grammar, Vec<GrammarError>> {
        Grammar::load(&[Source {
            file: "fr/test.toml",
            text: leak(text),
            shared: false,
        }])
    }

    fn only_error(text: &str) -> String {
        let errors = load(text).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors[0].to_string()
    }

    fn twenty() -> String {
        (1..=20)
            .map(|n| format!("{n} = \"phrase {n}\"\n"))
            .collect()
    }

    #[test]
    fn both_ways_to_list_phrases_are_read() {
        let text = format!("[a.b]\n{}[[c]]\nid='c.x'\ntext='hi'\n", twenty());
        let errors = load(&text).unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "fr/test.toml:24: c: 1 phrases: at least 6 are needed, two for each split"
        );
    }

    #[test]
    fn no_phrase_is_in_two_splits_and_each_has_its_share() {
        let grammar = load(&format!("[a.b]\n{}", twenty())).unwrap();
        let constituent = grammar.constituent(grammar.find("a.b").unwrap());
        let sizes: Vec<usize> = Split::ALL
            .iter()
            .map(|&split| constituent.pool(split).phrases.len())
            .collect();
        assert_eq!(sizes, [10, 2, 8]);
        let mut all: Vec<u32> = Split::ALL
            .iter()
            .flat_map(|&split| constituent.pool(split).phrases.iter().copied())
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20);
    }

    #[test]
    fn faults_carry_file_line_and_phrase() {
        let head = format!("[a]\n{}", twenty());
        assert_eq!(
            only_error(&format!("{head}21 = \"{{card.pam}}\"\n")),
            "fr/test.toml:22: a.21: unknown fact `card.pam` (did you mean `card.pan`?)"
        );
        assert_eq!(
            only_error(&format!(
                "{head}21 = {{ text = \"x\", wieght = \"rare\" }}\n"
            )),
            "fr/test.toml:22: a.21: a phrase has no `wieght` (did you mean `weight`?)"
        );
        assert_eq!(
            only_error(&format!("{head}21 = \"<b>\"\n")),
            "fr/test.toml:22: a.21: no constituent `b` (did you mean `a`?)"
        );
        assert!(only_error(&format!("{head}20 = \"again\"\n")).starts_with("fr/test.toml:22"));
    }

    #[test]
    fn common_phrases_weigh_more_than_rare_ones() {
        let mut text = format!("[a]\n{}", twenty());
        text.push_str("21 = { text = \"often\", weight = \"common\" }\n");
        text.push_str("22 = { text = \"seldom\", weight = \"rare\" }\n");
        let grammar = Grammar::load(&[Source {
            file: "x",
            text: text.leak(),
            shared: true,
        }])
        .unwrap();
        let constituent = grammar.constituent(grammar.find("a").unwrap());
        let ids: Vec<&str> = constituent
            .said_in(Split::Test)
            .map(|phrase| phrase.id)
            .collect();
        assert_eq!((ids[0], ids[21]), ("a.21", "a.22"));
    }
}
