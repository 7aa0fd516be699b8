//! What a writer's fingers and habits do to careful text.
//!
//! Invariant: an edit lies wholly inside or wholly outside a mark, so every span still covers the
//! value that it covered; values that a rule checks are left alone here (slips in them are planned,
//! and their `valid` says so).

use crate::conversation::{Body, Mark, names};
use crate::lookup::Lookup;
use crate::seed::Stream;
use crate::toml_fault::toml_fault;
use crate::wording::transcript::{RawSpeech, SpeechData};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// How a writer writes. Every rate is in 1/1,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// A message starts in lower case and ends without a full stop.
    pub untidy: u32,
    /// A message has no accents.
    pub no_accents: u32,
    /// An apostrophe is left out.
    pub no_apostrophe: u32,
    /// A word that has a short form takes it.
    pub abbreviates: u32,
    /// A word that is spelled as it sounds is.
    pub phonetic: u32,
    /// A word that people who live in two languages say in the other is.
    pub switches: u32,
    /// A word has a slip: of the finger, of spelling, or of the telephone that corrects it.
    pub typo: u32,
    /// A word is written louder: a letter drawn out, or all of it in capitals.
    pub louder: u32,
    /// A message is in capitals.
    pub capitals: u32,
    /// A message ends with an emoji.
    pub emoji: u32,
    /// Final punctuation is repeated.
    pub runs: u32,
    /// A turn is sent in several messages.
    pub splits: u32,
}

/// First word → (whole phrase, other forms), longest phrase first.
pub(super) type Phrases = Lookup<String, Vec<(String, Vec<String>)>>;

/// A language's data for noise: `noise.toml` of its folder.
#[derive(Debug, Default)]
pub struct NoiseData {
    keyboard: Vec<Vec<char>>,
    abbreviations: Phrases,
    /// The same for spelling by ear.
    phonetic: Phrases,
    /// The same in another language.
    switches: Phrases,
    /// Words that sound alike, and endings that do.
    confusions: BTreeMap<String, Vec<String>>,
    endings: Vec<(String, String)>,
    /// What a telephone makes of a word.
    autocorrect: BTreeMap<String, Vec<String>>,
    loud: Lookup<String, Loud>,
    emoji: BTreeMap<String, Vec<String>>,
    /// How often customers of the default corpus do what, per 100 words that they type.
    profile: BTreeMap<String, f64>,
    /// What writers' rates are multiplied by, in per cent, by class.
    scale: BTreeMap<String, u32>,
    /// How it is spoken into a voice note.
    pub speech: SpeechData,
}

/// How a word is written louder.
#[derive(Clone, Copy, Debug, Default)]
struct Loud {
    drawn_out: bool,
    shouted: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    keyboard: Vec<String>,
    abbreviations: BTreeMap<String, Vec<String>>,
    phonetic: BTreeMap<String, Vec<String>>,
    switches: BTreeMap<String, Vec<String>>,
    confusions: BTreeMap<String, Vec<String>>,
    endings: Vec<[String; 2]>,
    autocorrect: BTreeMap<String, Vec<String>>,
    drawn_out: Vec<String>,
    shouted: Vec<String>,
    emoji: BTreeMap<String, Vec<String>>,
    profile: BTreeMap<String, f64>,
    scale: BTreeMap<String, u32>,
    voice: RawSpeech,
}

names! {
    /// What careful words become: the classes by which noise is counted.
    pub enum Class {
        /// A word or phrase is shortened: bjr, svp.
        Abbreviation = "abbreviation",
        /// A word loses its accents: tres.
        Accent = "accent",
        /// A slip of one or two letters, of finger, spelling or autocorrection.
        Spelling = "spelling",
        /// A word or phrase is spelled as it sounds: koi.
        Phonetic = "phonetic",
        /// An apostrophe is lost: jai.
        Apostrophe = "apostrophe",
        /// A word is in capitals that needs none.
        Capitals = "capitals",
        /// A letter is drawn out: merciii.
        Repeated = "repeated",
    }
}

/// How much noise there is in typed messages, outside values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Careful words, before any noise: letters and digits, with the apostrophes and hyphens inside.
    pub words: u64,
    counts: [u64; 7],
}

impl Tally {
    /// How many words are of a class.
    pub fn count(&self, class: Class) -> u64 {
        self.counts[class as usize]
    }

    /// The same per 100 words; 0 where there are none.
    pub fn per_100_words(&self, class: Class) -> f64 {
        self.count(class) as f64 * 100.0 / self.words.max(1) as f64
    }

    /// Adds another part.
    pub fn merge(&mut self, other: &Tally) {
        self.words += other.words;
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
    }

    fn add(&mut self, class: Class, count: usize) {
        self.counts[class as usize] += count as u64;
    }
}

/// What a message is about, for its emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Nothing in particular.
    Plain,
    /// Thanks and goodbyes.
    Thanks,
    /// Impatience.
    Anger,
    /// Fear for one's money.
    Worry,
}

impl NoiseData {
    /// Reads `noise.toml`.
    ///
    /// # Errors
    /// What is wrong, as the TOML reader tells it; a class of noise that there is not.
    pub fn parse(text: &str) -> Result<NoiseData, String> {
        let raw: Raw = toml::from_str(text).map_err(|e| toml_fault(&e, text))?;
        let classes = raw.profile.keys().chain(raw.scale.keys());
        if let Some(class) = classes.into_iter().find(|c| Class::named(c).is_none()) {
            let known: Vec<&str> = Class::ALL.iter().map(|class| class.name()).collect();
            return Err(format!(
                "`profile` and `scale` have no class of noise `{class}` ({})",
                known.join(", ")
            ));
        }
        let keyboard = raw
            .keyboard
            .iter()
            .map(|row| row.chars().collect())
            .collect();
        let mut loud = Lookup::<String, Loud>::default();
        for word in raw.drawn_out {
            loud.entry(word).or_default().drawn_out = true;
        }
        for word in raw.shouted {
            loud.entry(word).or_default().shouted = true;
        }
        Ok(NoiseData {
            keyboard,
            abbreviations: by_first_word(raw.abbreviations),
            phonetic: by_first_word(raw.phonetic),
            switches: by_first_word(raw.switches),
            confusions: raw.confusions,
            endings: raw.endings.into_iter().map(|[a, b]| (a, b)).collect(),
            autocorrect: raw.autocorrect,
            loud,
            emoji: raw.emoji,
            profile: raw.profile,
            scale: raw.scale,
            speech: raw.voice.into(),
        })
    }

    /// How much noise of a class customers of the default corpus make, per 100 words that they type, where it is
    /// stated.
    pub fn stated(&self, class: Class) -> Option<f64> {
        self.profile.get(class.name()).copied()
    }

    /// A writer's habits in this language, so that the classes of noise come to what is stated.
    pub fn scaled(&self, habits: Habits) -> Habits {
        let scale = |class: Class, rate: u32| match self.scale.get(class.name()) {
            Some(per_cent) => (rate * per_cent / 100).min(980),
            None => rate,
        };
        Habits {
            no_accents: scale(Class::Accent, habits.no_accents),
            no_apostrophe: scale(Class::Apostrophe, habits.no_apostrophe),
            abbreviates: scale(Class::Abbreviation, habits.abbreviates),
            phonetic: scale(Class::Phonetic, habits.phonetic),
            typo: scale(Class::Spelling, habits.typo),
            louder: scale(Class::Repeated, habits.louder),
            capitals: scale(Class::Capitals, habits.capitals),
            ..habits
        }
    }

    /// An emoji for a mood, where the language has one.
    pub fn emoji(&self, mood: Mood, stream: &mut Stream) -> Option<&str> {
        let name = match mood {
            Mood::Plain => "plain",
            Mood::Thanks => "thanks",
            Mood::Anger => "anger",
            Mood::Worry => "worry",
        };
        let list = self.emoji.get(name).filter(|list| !list.is_empty())?;
        Some(stream.pick(list).as_str())
    }

    /// A key beside `c`.
    fn neighbour(&self, c: char, stream: &mut Stream) -> Option<char> {
        let row = self.keyboard.iter().find(|row| row.contains(&c))?;
        let at = row.iter().position(|&key| key == c)?;
        let left = at.checked_sub(1).map(|at| row[at]);
        let right = row.get(at + 1).copied();
        match (left, right) {
            (Some(left), Some(right)) => Some(if stream.chance(500) { left } else { right }),
            (only, None) | (None, only) => only,
        }
    }
}

pub(super) fn by_first_word(table: BTreeMap<String, Vec<String>>) -> Phrases {
    let mut phrases = Phrases::default();
    for (phrase, forms) in table {
        let first = first_word(&phrase).to_owned();
        phrases.entry(first).or_default().push((phrase, forms));
    }
    for list in phrases.values_mut() {
        list.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    }
    phrases
}

pub(super) fn first_word(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    &text[..end]
}

/// Writes a message as its writer would. A tally, where there is one, counts what became of its words.
pub fn apply(
    body: &mut Body,
    habits: &Habits,
    data: &NoiseData,
    mood: Mood,
    stream: &mut Stream,
    mut tally: Option<&mut Tally>,
) {
    if let Some(tally) = &mut tally {
        tally.words += count_words(body, |_| true) as u64;
    }
    words(body, habits, data, stream, tally.as_deref_mut());
    if stream.chance(habits.no_accents) {
        if let Some(tally) = &mut tally {
            let accented = |word: &str| word.chars().any(|c| plain_letter(c).is_some());
            tally.add(Class::Accent, count_words(body, accented));
        }
        without_accents(body);
    }
    if stream.chance(habits.capitals) {
        if let Some(tally) = &mut tally {
            let small = |word: &str| word.chars().any(char::is_lowercase);
            tally.add(Class::Capitals, count_words(body, small));
        }
        capitals(body);
    }
    if stream.chance(habits.runs) {
        runs(body, stream);
    }
    if stream.chance(habits.emoji)
        && let Some(emoji) = data.emoji(mood, stream)
    {
        if !body.is_empty() {
            body.push(' ');
        }
        body.push_str(emoji);
    }
}

/// The stretches of text that no mark touches.
pub(super) fn free_ranges(body: &Body) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = body.marks().iter().map(|(r, _)| r.as_range()).collect();
    marks.sort_by_key(|range| (range.start, range.end));
    let mut free = Vec::with_capacity(marks.len() + 1);
    let mut at = 0;
    for mark in marks {
        if mark.start > at {
            free.push(at..mark.start);
        }
        at = at.max(mark.end);
    }
    if at < body.text().len() {
        free.push(at..body.text().len());
    }
    free
}

/// Walks the words outside marks. `visit` is told a stretch that no mark touches, a byte in it, and the word there
/// (empty before any other character); it says how many bytes it has dealt with, if not just the word or character.
pub(super) fn walk_words(
    body: &Body,
    mut visit: impl FnMut(&Range<usize>, usize, &str) -> Option<usize>,
) {
    let text = body.text();
    for free in free_ranges(body) {
        let mut at = free.start;
        while let Some(c) = text[at..free.end].chars().next() {
            let word = first_word(&text[at..free.end]);
            at += visit(&free, at, word).unwrap_or(word.len().max(c.len_utf8()));
        }
    }
}

/// How many words outside marks are such.
fn count_words(body: &Body, such: impl Fn(&str) -> bool) -> usize {
    let text = body.text();
    let free = free_ranges(body).into_iter().map(|range| &text[range]);
    // A dash or an apostrophe between letters is part of a word.
    let within = |c: char| c.is_alphanumeric() || "'’-".contains(c);
    let words = free.flat_map(|text| text.split(move |c: char| !within(c)));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty() && such(word)).count()
}

/// Abbreviations, slips and lost apostrophes, word by word.
fn words(
    body: &mut Body,
    habits: &Habits,
    data: &NoiseData,
    stream: &mut Stream,
    tally: Option<&mut Tally>,
) {
    let of_words = [
        habits.abbreviates,
        habits.phonetic,
        habits.switches,
        habits.typo,
        habits.louder,
        habits.no_apostrophe,
    ];
    if of_words == [0; 6] {
        return;
    }
    let text = body.text();
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut unread = Tally::default();
    let tally = tally.unwrap_or(&mut unread);
    walk_words(body, |free, at, word| {
        let rest = &text[at..free.end];
        if word.is_empty() {
            let c = rest.chars().next()?;
            if (c == '\'' || c == '’') && stream.chance(habits.no_apostrophe) {
                edits.push((at..at + c.len_utf8(), String::new()));
                // A quotation mark is none that a word loses.
                let after = &text[at + c.len_utf8()..];
                let joins = text[..at].ends_with(char::is_alphabetic)
                    && after.starts_with(char::is_alphabetic);
                tally.add(Class::Apostrophe, usize::from(joins));
            }
            return None;
        }
        // A word that touches a mark is part of a value's surroundings: leave it readable.
        let touches = at + word.len() == free.end && free.end < text.len();
        let forms = [
            (
                Some(Class::Abbreviation),
                habits.abbreviates,
                &data.abbreviations,
            ),
            (Some(Class::Phonetic), habits.phonetic, &data.phonetic),
            // Another language is no noise.
            (None, habits.switches, &data.switches),
        ];
        let forms = forms.into_iter();
        let forms = forms.filter(|(_, rate, _)| *rate > 0 && !touches);
        if let Some((class, phrase, forms)) = drawn_form(forms, rest, stream) {
            if let Some(class) = class {
                tally.add(class, 1);
            }
            edits.push((at..at + phrase, stream.pick(forms).clone()));
            return Some(phrase);
        }
        let changed = if touches {
            None
        } else if stream.chance(habits.typo) {
            slip(word, data, stream).map(|changed| (Class::Spelling, changed))
        } else if habits.louder > 0 {
            louder(word, habits.louder, data, stream)
        } else {
            None
        };
        if let Some((class, changed)) = changed {
            tally.add(class, usize::from(changed != word));
            edits.push((at..at + word.len(), changed));
        }
        None
    });
    body.edit(&edits);
}

/// Another form of what `rest` starts with, of the first kind that its rate draws and that has one: the kind,
/// the length of what it replaces, and the forms.
pub(super) fn drawn_form<'a, K>(
    kinds: impl IntoIterator<Item = (K, u32, &'a Phrases)>,
    rest: &str,
    stream: &mut Stream,
) -> Option<(K, usize, &'a [String])> {
    let mut kinds = kinds.into_iter();
    kinds.find_map(|(kind, rate, phrases)| {
        if !stream.chance(rate) {
            return None;
        }
        other_form(phrases, rest).map(|(length, forms)| (kind, length, forms))
    })
}

/// The longest phrase with another form that `rest` starts with: its length and the forms.
fn other_form<'a>(phrases: &'a Phrases, rest: &str) -> Option<(usize, &'a [String])> {
    let word = first_word(rest);
    let list = match word.chars().any(char::is_uppercase) {
        true => phrases.get(&word.to_lowercase())?,
        false => phrases.get(word)?,
    };
    list.iter().find_map(|(phrase, short)| {
        let head = rest.get(..phrase.len())?;
        let ends = rest[phrase.len()..]
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphabetic());
        (ends && head.to_lowercase() == *phrase).then_some((phrase.len(), short.as_slice()))
    })
}

/// A word that sounds like this one.
fn confused(word: &str, data: &NoiseData, stream: &mut Stream) -> Option<String> {
    if let Some(others) = data.confusions.get(word) {
        return Some(stream.pick(others).clone());
    }
    let fits = |(ending, _): &&(String, String)| {
        word.strip_suffix(ending.as_str())
            .is_some_and(|stem| stem.chars().count() >= 3)
    };
    let (ending, other) = data.endings.iter().find(fits)?;
    let stem = &word[..word.len() - ending.len()];
    Some(format!("{stem}{other}"))
}

/// A word drawn out (merciii) or shouted (JAMAIS).
fn louder(word: &str, rate: u32, data: &NoiseData, stream: &mut Stream) -> Option<(Class, String)> {
    let loud = data.loud.get(word)?;
    if loud.drawn_out && stream.chance(rate) {
        let last = word.chars().next_back()?;
        let mut drawn = word.to_owned();
        drawn.extend(std::iter::repeat_n(last, 2 + stream.below(3) as usize));
        return Some((Class::Repeated, drawn));
    }
    (loud.shouted && stream.chance(rate)).then(|| (Class::Capitals, word.to_uppercase()))
}

fn slip(word: &str, data: &NoiseData, stream: &mut Stream) -> Option<String> {
    match stream.below(100) {
        0..30 => {
            if let Some(confused) = confused(word, data, stream) {
                return Some(confused);
            }
        }
        30..42 => {
            if let Some(others) = data.autocorrect.get(word) {
                return Some(stream.pick(others).clone());
            }
        }
        _ => {}
    }
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 {
        return None;
    }
    let at = 1 + stream.below(letters.len() as u32 - 2) as usize;
    match stream.below(10) {
        0..4 => letters.swap(at, at + 1),
        4..6 => {
            letters.remove(at);
        }
        6..8 => letters.insert(at, letters[at]),
        _ => letters[at] = data.neighbour(letters[at], stream)?,
    }
    Some(letters.into_iter().collect())
}

/// The letter without its accent.
pub fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'â' | 'ä' => "a",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'î' | 'ï' => "i",
        'ô' | 'ö' => "o",
        'ù' | 'û' | 'ü' => "u",
        'ç' => "c",
        'œ' => "oe",
        'À' | 'Â' => "A",
        'É' | 'È' | 'Ê' => "E",
        'Î' => "I",
        'Ô' => "O",
        'Ç' => "C",
        _ => return None,
    })
}

/// May the letters of this range be changed? Free text may; a value that a rule checks may not.
pub(super) fn may_change(body: &Body, at: usize) -> bool {
    body.marks().iter().all(|(range, mark)| {
        !range.as_range().contains(&at)
            || match mark {
                Mark::Span(span) => span.label.info().free_text,
                Mark::Decoy(_) | Mark::Ignored(_) => false,
            }
    })
}

fn without_accents(body: &mut Body) {
    if body.text().is_ascii() {
        return;
    }
    let edits: Vec<(Range<usize>, &str)> = body
        .text()
        .char_indices()
        .filter_map(|(at, c)| Some((at..at + c.len_utf8(), plain_letter(c)?)))
        .filter(|(range, _)| may_change(body, range.start))
        .collect();
    body.edit(&edits);
}

fn capitals(body: &mut Body) {
    let edits: Vec<(Range<usize>, String)> = body
        .text()
        .char_indices()
        .filter(|(at, c)| c.is_lowercase() && may_change(body, *at))
        .map(|(at, c)| (at..at + c.len_utf8(), c.to_uppercase().collect()))
        .collect();
    body.edit(&edits);
}

/// Repeats the last punctuation mark, or adds one where there is none.
fn runs(body: &mut Body, stream: &mut Stream) {
    let last = body.text().chars().next_back();
    let more = match last {
        Some('?') => *stream.pick(&["?", "??", "?!", "!!"]),
        Some('!') => *stream.pick(&["!", "!!", "!!!"]),
        Some(c) if c.is_alphabetic() => *stream.pick(&["...", "!!", "!!!", " ..."]),
        _ => return,
    };
    body.push_str(more);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Decoy, Name};
    use crate::seed::Domain;
    use crate::taxonomy::Label;
    use proptest::prelude::*;

    fn data() -> NoiseData {
        NoiseData::parse(include_str!("../../datasets/languages/fr/noise.toml")).unwrap()
    }

    proptest! {
        #[test]
        fn a_marked_value_survives_every_noise(
            seed: u64, before in "[a-zéà' ]{0,30}", after in "[a-zéà' ]{0,30}[?!.]?",
        ) {
            let mut body = Body::new();
            body.push_str(&before);
            let looks_like = Label::named("PAN").unwrap();
            body.push_marked("4000 é12", Mark::Decoy(Decoy { looks_like, is: Name::Borrowed("x") }));
            body.push_str(&after);
            let habits = Habits {
                untidy: 500, no_accents: 500, no_apostrophe: 500, abbreviates: 500, phonetic: 500, switches: 500, typo: 500, louder: 500,

                capitals: 300, emoji: 500, runs: 500, splits: 0,
            };
            let mut stream = Stream::at(seed, Domain::new("noise test"), 0);
            apply(&mut body, &habits, &data(), Mood::Anger, &mut stream, None);
            prop_assert_eq!(&body.text()[body.marks()[0].0.as_range()], "4000 é12");
        }
    }

    #[test]
    fn the_longest_phrase_is_abbreviated() {
        let data = data();
        let length = |text| other_form(&data.abbreviations, text).map(|(length, _)| length);
        assert_eq!(
            length("merci beaucoup à vous"),
            Some("merci beaucoup".len())
        );
        assert_eq!(length("Merci."), Some(5));
        assert_eq!(length("mercière"), None);
    }

    #[test]
    fn each_class_counts_what_became_of_the_words() {
        let counted = |habits: Habits| {
            let (mut body, mut tally) = (Body::new(), Tally::default());
            body.push_str("s'il vous plaît, j'ai été débité : 'oui' non, ");
            let looks_like = Label::named("PAN").unwrap();
            body.push_marked(
                "l'été",
                Mark::Decoy(Decoy {
                    looks_like,
                    is: Name::Borrowed("x"),
                }),
            );
            let stream = &mut Stream::at(5, Domain::new("noise test"), 0);
            let (mood, tallied) = (Mood::Plain, Some(&mut tally));
            apply(&mut body, &habits, &data(), mood, stream, tallied);
            let counts = Class::ALL.iter().map(|class| tally.count(*class));
            (
                body.text().to_owned(),
                tally.words,
                counts.collect::<Vec<_>>(),
            )
        };
        let none = Habits::default();
        let (text, words, counts) = counted(none);
        assert_eq!((words, counts), (8, vec![0; 7]), "{text}");
        let (text, words, counts) = counted(Habits {
            no_accents: 1000,
            ..none
        });
        assert_eq!((words, counts), (8, vec![0, 3, 0, 0, 0, 0, 0]), "{text}");
        let (text, words, counts) = counted(Habits {
            capitals: 1000,
            ..none
        });
        assert_eq!((words, counts), (8, vec![0, 0, 0, 0, 0, 8, 0]), "{text}");
        // Quotation marks go too, but words lose none by that.
        let (text, words, counts) = counted(Habits {
            no_apostrophe: 1000,
            ..none
        });
        assert_eq!((words, counts), (8, vec![0, 0, 0, 0, 2, 0, 0]), "{text}");
        let (text, words, counts) = counted(Habits {
            abbreviates: 1000,
            ..none
        });
        assert_eq!((words, counts), (8, vec![1, 0, 0, 0, 0, 0, 0]), "{text}");
        let (text, words, counts) = counted(Habits {
            phonetic: 1000,
            ..none
        });
        assert_eq!((words, counts), (8, vec![0, 0, 0, 2, 0, 0, 0]), "{text}");
    }

    #[test]
    fn every_class_of_noise_is_made_and_a_tidy_writer_makes_none() {
        let data = data();
        let write = |habits: Habits| {
            let mut all = String::new();
            for index in 0..400 {
                let mut body = Body::new();
                body.push_str("merci de virer ça, pourquoi ma carte est bloquée ? jamais vu");
                let mut stream = Stream::at(index, Domain::new("noise test"), 0);
                apply(&mut body, &habits, &data, Mood::Plain, &mut stream, None);
                all += body.text();
                all.push('\n');
            }
            all
        };
        let tidy = write(Habits::default());
        assert!(
            tidy.lines()
                .all(|line| line == tidy.lines().next().unwrap())
        );
        let phonetic = write(Habits {
            phonetic: 900,
            ..Habits::default()
        });
        assert!(phonetic.contains("pourkoi"));
        let slips = write(Habits {
            typo: 900,
            ..Habits::default()
        });
        for form in [" sa,", "certes", "bloqué "] {
            assert!(slips.contains(form), "{form}");
        }
        let loud = write(Habits {
            louder: 900,
            ..Habits::default()
        });
        assert!(loud.contains("merciii") && loud.contains("JAMAIS"));
    }
}
