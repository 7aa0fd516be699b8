//! Does a writer who makes no mistake make none? Rules of grammar, over every phrase of every language in every
//! shape that it can take; `.ci/check_spelling.py` spells the same texts.

use crate::conversation::{Body, Speaker};
use crate::country::Country;
use crate::dialogue::plot::{Action, Plots, Step};
use crate::seed::{Domain, Stream};
use crate::wording::language::{Language, embedded_files};
use crate::wording::morphology::{Joint, elides_before};
use crate::wording::variants::{Talk, talks, texts};
use crate::wording::variety::Dialect;
use regex::{Captures, Regex};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A phrase in one shape.
struct Said {
    /// File and line.
    place: String,
    id: &'static str,
    talk: Talk,
    /// Do the words commit to a register, by the phrase's feature or by `@tu`?
    register: bool,
    /// Where it can be said.
    countries: Vec<Country>,
    text: String,
}

/// Every phrase of a language in every shape.
fn said(folder: &'static str) -> &'static [Said] {
    static FRENCH: OnceLock<Vec<Said>> = OnceLock::new();
    static ENGLISH: OnceLock<Vec<Said>> = OnceLock::new();
    let cell = if folder == "fr" { &FRENCH } else { &ENGLISH };
    cell.get_or_init(|| {
        let places = places(folder);
        let language = Language::built_in(folder).expect("another test loads it");
        let mut said = Vec::new();
        for phrase in language.grammar.phrases() {
            let talks = talks(phrase);
            let regions = talks.iter().any(|talk| talk.british != talks[0].british);
            let addresses = talks.iter().any(|talk| talk.familiar != talks[0].familiar);
            for &talk in &talks {
                let countries = match (folder, phrase.terms.region) {
                    (_, Some(region)) => vec![region],
                    ("fr", None) => vec![Country::France],
                    (_, None) if !regions => vec![Country::UnitedStates, Country::Britain],
                    (_, None) if talk.british => vec![Country::Britain],
                    (_, None) => vec![Country::UnitedStates],
                };
                let texts = texts(&phrase.nodes, talk);
                // Who is no French speaker of France says some of it otherwise.
                let theirs: Vec<String> = match is_of_a_customer(phrase.id) {
                    true => texts
                        .iter()
                        .flat_map(|text| in_varieties(language, text))
                        .collect(),
                    false => Vec::new(),
                };
                said.extend(texts.into_iter().chain(theirs).map(|text| Said {
                    place: places[phrase.id].clone(),
                    id: phrase.id,
                    talk,
                    register: phrase.terms.register.is_some() || addresses,
                    countries: countries.clone(),
                    text,
                }));
            }
        }
        said
    })
}

/// Is it a phrase of customers?
fn is_of_a_customer(id: &str) -> bool {
    static OF_BANK: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let of_bank = OF_BANK.get_or_init(|| {
        let bank = [Speaker::Bot, Speaker::Agent, Speaker::Notification];
        bank.into_iter().flat_map(constituents_of).collect()
    });
    let bank = ["bot.", "agent.", "notif.", "ask.", "button."];
    !of_bank.contains(constituent(id)) && !bank.iter().any(|prefix| id.starts_with(prefix))
}

/// A text as a speaker of each variety says it who knows all of its idioms, where that is something else.
fn in_varieties(language: &Language, text: &str) -> Vec<String> {
    let dialects = language.varieties.others.iter().map(|(name, variety)| {
        let mut stream = Stream::at(1, Domain::new("variety test"), 0);
        Dialect::draw(name, &variety.whole(), language.tongue, &mut stream)
    });
    let said = dialects.map(|dialect| {
        let mut body = Body::new();
        body.push_str(text);
        dialect.speak(&mut body);
        body.text().to_owned()
    });
    said.filter(|said| said != text).collect()
}

/// File and line of every phrase.
fn places(folder: &str) -> BTreeMap<String, String> {
    let mut places = BTreeMap::new();
    for (file, text) in embedded_files(folder) {
        let mut constituent = "";
        for (number, line) in text.lines().enumerate() {
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|rest| rest.split(']').next())
            {
                constituent = name;
            } else if let Some((key, _)) = line.split_once(" = ") {
                let place = format!("{file}:{}", number + 1);
                places.insert(format!("{constituent}.{key}"), place);
            }
        }
    }
    places
}

/// The constituents that somebody says, by the plots.
fn constituents_of(speaker: Speaker) -> BTreeSet<&'static str> {
    fn visit(plots: &Plots, steps: &[Step], speaker: Speaker, said: &mut BTreeSet<&'static str>) {
        for step in steps {
            match &step.action {
                Action::Turn(turn) if turn.by == speaker => {
                    let says = turn.say.iter();
                    said.extend(says.map(|(say, _)| plots.says()[usize::from(say.0)]));
                }
                Action::Turn(_) => {}
                Action::Routine(index) => visit(plots, plots.routine(*index).0, speaker, said),
                Action::Either(branches) => {
                    for branch in branches {
                        visit(plots, &branch.steps, speaker, said);
                    }
                }
                Action::Group(inner) => visit(plots, inner, speaker, said),
            }
        }
    }
    let plots = Plots::built_in();
    let mut said = BTreeSet::new();
    for intent in &plots.intents {
        visit(plots, &intent.steps, speaker, &mut said);
    }
    said
}

fn constituent(id: &str) -> &str {
    id.rsplit_once('.')
        .map_or(id, |(constituent, _)| constituent)
}

/// Fails with every place where `rule` finds something wrong in a text.
fn prove(folder: &'static str, rule: impl Fn(&Said) -> Vec<String>) {
    let mut faults = BTreeMap::new();
    for said in said(folder) {
        for found in rule(said) {
            let fault = format!("{}: {}: `{found}` in: {}", said.place, said.id, said.text);
            faults.entry((said.id, found)).or_insert(fault);
        }
    }
    let list: Vec<String> = faults.into_values().collect();
    assert!(
        list.is_empty(),
        "{} mistakes:\n{}",
        list.len(),
        list.join("\n")
    );
}

/// What a pattern finds, where `wrong` says so of its groups.
fn found(pattern: &Regex, text: &str, wrong: impl Fn(&Captures<'_>) -> bool) -> Vec<String> {
    let all = pattern.captures_iter(text).filter(|groups| wrong(groups));
    all.map(|groups| groups[0].trim().to_owned()).collect()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern")
}

/// The text without what is quoted: others' words follow no rule of this writer.
fn unquoted(text: &str) -> String {
    static QUOTED: OnceLock<Regex> = OnceLock::new();
    let quoted = QUOTED.get_or_init(|| regex("«[^»]*»|\"[^\"]*\""));
    quoted.replace_all(text, "«»").into_owned()
}

/// Facts whose values are names, brands, trades or dates, so that `de` and `que` before them must listen: `de+{tx.merchant}`.
fn is_worded(path: &str) -> bool {
    let worded = [
        "name",
        "given",
        "family",
        "holder",
        "employer",
        "occupation",
        "birth_place",
        "merchant",
        "app",
        "branch",
        "site",
        "brand",
        "category",
        "date",
        "title",
    ];
    path.split_once('.')
        .is_some_and(|(_, field)| worded.contains(&field))
        && path != "savings.name"
}

#[test]
fn no_french_word_lacks_its_elision_or_its_contraction() {
    let elides = regex(
        r"(?i)(?:^|[^\w'’+-])(?:de|que|je|ne|me|te|se|jusque|lorsque|puisque|quoique|le|la|ce|ma|ta|sa) ([aàâäeéèêëiîïoôöœuùûüyh]\w*)",
    );
    let apostrophe =
        regex(r"(?i)(?:^|[^\w-])(?:[dlnjmtsc]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]\s?(\w+)");
    let if_he = regex(r"(?i)(?:^|[^\w'’-])si ils?\b");
    let contracts = regex(r"(?i)(?:^|[^\w'’-])(?:de|à) les? (\w+)");
    let value = regex(
        r"(?i)(?:^|[^\w'’+-])(?:de|que|je|ne|me|te|se|jusque|lorsque|puisque|quoique|le|la|ce) ⟦([^⟧]*)⟧",
    );
    let infinitive = |word: &str| {
        ["er", "ir", "re", "oir"]
            .iter()
            .any(|end| word.ends_with(end))
    };
    prove("fr", |said| {
        let text = &said.text;
        let mut faults = found(&elides, text, |groups| {
            elides_before(&groups[1]) && &groups[1] != "à" && &groups[1] != "en"
        });
        // Merci m'sieur.
        faults.extend(found(&apostrophe, text, |groups| {
            !elides_before(&groups[1]) && &groups[1] != "sieur"
        }));
        faults.extend(found(&if_he, text, |_| true));
        faults.extend(found(&contracts, text, |groups| !infinitive(&groups[1])));
        faults.extend(found(&value, text, |groups| is_worded(&groups[1])));
        faults
    });
}

#[test]
fn nobody_says_tu_and_vous_in_one_breath() {
    let tu = regex(r"(?i)(?:^|[^\w'’-])(?:tu|te|toi|ta|tes|t['’]\w+|\w+-(?:tu|toi))(?:$|[^\w'’-])");
    let vous = regex(r"(?i)(?:^|[^\w'’-])(?:vous|votre|vos|vôtres?|\w+-vous)(?:$|[^\w'’-])");
    let ordered = regex(r"(?i)(?:^|[^\w'’-])(?:\w+ez|dites|faites|êtes)(?:$|[^\w'’])");
    // Nouns, interjections and set phrases.
    let idioms = regex(
        r"(?i)rendez-vous|tu parles|toutes faites|\b(?:chez|assez|nez|rez)\b|\b(?:allez|voyez|remarquez)\b|ta-da|débrouillez-vous",
    );
    prove("fr", |said| {
        let text = idioms.replace_all(&unquoted(&said.text), "…").into_owned();
        let mut faults = Vec::new();
        if said.talk.familiar {
            faults.extend(found(&vous, &text, |_| true));
            faults.extend(found(&ordered, &text, |_| true));
        } else {
            faults.extend(found(&tu, &text, |_| true));
            // "Vous" may be the house (vous avez une agence ?); an order or a question goes to one who is there.
            let speaks_so = said.register || said.id.starts_with("agent.") || vous.is_match(&text);
            faults.extend(found(&ordered, &text, |_| !speaks_so));
        }
        faults
    });
}

#[test]
fn what_a_woman_says_of_herself_agrees() {
    let adverbs = "pas|plus|jamais|déjà|toujours|trop|très|bien|si|un peu|encore|complètement|vraiment|tout|assez|presque|totalement|donc|enfin|aussi|mal|même|tellement|plutôt|sincèrement|entièrement|extrêmement|vachement|hyper|super|carrément";
    let is_adverb = |word: &str| adverbs.split('|').any(|adverb| adverb == word);
    let of_herself = regex(&format!(
        r"(?i)(?:^|[^\w'’-])(?:je (?:ne )?(?:me |m'en |m'y )?(?:suis|serais?|reste|deviens|sens)|j'étais|je m'étais|pour être)(?: (?:{adverbs}))* ([\w'’-]+(?:é|i|u|it|is|eux|sif|tif|ent|ant)|certain|client|fier|fou|nouveau)( (?:le|la|les|l'|un|une|mon|ma|mes|compte)\b)?(?:$|[^\w'’-])",
    ));
    let done_to_her = regex(&format!(
        r"(?i)(?:^|[^\w'’-])(?:on|qui|vous|il|elle|ils|elles) (?:ne )?m'(?:a|ont|avez|as|aurait|avait)(?: (?:{adverbs}))* (rappelé|contacté|recontacté|prévenu|averti|aidé|informé|arnaqué|escroqué|trompé|licencié|convoqué|harcelé|accueilli|opéré|hospitalisé|agressé|baladé|rassuré|convaincu|orienté|redirigé|embauché|choqué|surpris|insulté|menacé|largué|renvoyé (?:vers|ici|au|aux|à|chez))( (?:le|la|les|l'|un|une|mon|ma|mes)\b)?(?:$|[^\w'’-])",
    ));
    // Words that have one form, and « je me suis laissé convaincre », « je m'en suis rendu compte ».
    let same = [
        "ici",
        "du",
        "au",
        "moi",
        "laissé",
        "fait",
        "souvent",
        "maintenant",
        "avant",
        "devant",
        "dedans",
        "ainsi",
        "débit",
    ];
    let customer = constituents_of(Speaker::Customer);
    let others: BTreeSet<&str> = [Speaker::Bot, Speaker::Agent, Speaker::Notification]
        .into_iter()
        .flat_map(constituents_of)
        .collect();
    let bank = ["bot.", "agent.", "notif.", "ask."];
    prove("fr", |said| {
        let name = constituent(said.id);
        let of_bank = others.contains(name) || bank.iter().any(|prefix| name.starts_with(prefix));
        let hers = customer.contains(name) || !of_bank;
        // A phrase without agreement reads alike for a man and a woman.
        let varies = said_by_women(said.id);
        if !hers || varies != said.talk.female {
            return Vec::new();
        }
        let text = unquoted(&said.text);
        let mut faults = found(&of_herself, &text, |groups| {
            let word = groups[1].to_lowercase();
            let varies = !is_adverb(&word) && !same.contains(&&*word) && !word.ends_with("ment");
            varies && !word.contains('\'') && groups.get(2).is_none()
        });
        faults.extend(found(&done_to_her, &text, |groups| groups.get(2).is_none()));
        faults
    });
}

/// Does this phrase have a shape for women?
fn said_by_women(id: &str) -> bool {
    static THEIRS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let theirs = THEIRS.get_or_init(|| {
        let women = said("fr").iter().filter(|said| said.talk.female);
        women.map(|said| said.id).collect()
    });
    theirs.contains(id)
}

#[test]
fn spaces_marks_and_capitals_are_where_they_belong() {
    let spaces = regex(r".{0,12}(?:  |\s,|\s\.(?:$|\s|[^.\w])|,,|\s$|^\s|\(\s|\s\)).{0,8}");
    let tight = regex(r"\S*[^\s?!…»(][;:?!](?:$|\s)");
    let loose = regex(r"\S* [;:?!](?:$|\s)");
    let quotes = regex(r"«\S|[^\s(]»|\S«|»\w");
    let capital = regex(r"(?:\w+[.?!]| [?!]) [a-zàâäéèêëîïôöùûüœç]\w*");
    let notation = regex(r"@(?:customer|payee|agent|spouse|late|ex|tu|gb)\b|[{}\[\]]");
    // A slot is written by its value; what a question mark leads into is one breath in « no. two », « a.m. to ».
    let one_breath = regex(
        r"(?i)\b(?:[ap]\.m|p\.o|no|etc|réf|tel|tél|M|Mme|Mr|Mrs|Ms|Dr|St|vs|bal)\. |\? (?:either way|search me)",
    );
    for folder in ["fr", "en"] {
        prove(folder, |said| {
            let text = said.text.replace("⟦<", "⟦").replace(">⟧", "⟧");
            let mut faults = found(&spaces, &text, |_| true);
            faults.extend(twice(&text));
            faults.extend(found(&notation, &text, |_| true));
            faults.extend(found(
                &capital,
                &one_breath.replace_all(&text, "… "),
                |_| true,
            ));
            match folder {
                "fr" => {
                    faults.extend(found(&tight, &text, |_| true));
                    faults.extend(found(&quotes, &text, |_| true));
                }
                _ => faults.extend(found(&loose, &text, |_| true)),
            }
            faults
        });
    }
}

/// Small words that stand twice in a row, which nobody means: un un dossier.
fn twice(text: &str) -> Vec<String> {
    let small = [
        "un", "une", "de", "du", "des", "le", "la", "les", "à", "au", "aux", "et", "que", "qui",
        "pour", "sur", "dans", "par", "mon", "ma", "mes", "the", "a", "an", "of", "to", "and",
        "my", "your",
    ];
    let words: Vec<&str> = text.split(' ').collect();
    let pairs = words
        .windows(2)
        .filter(|pair| pair[0] == pair[1] && small.contains(&pair[0]));
    pairs.map(|pair| pair.join(" ")).collect()
}

#[test]
fn the_english_article_listens_everywhere() {
    let article = regex(r"(?:^|[^\w'’+-])([Aa]n?) ([\w$£€']+(?: |$|\b))");
    let value = regex(r"(?:^|[^\w'’+-])[Aa]n? ⟦");
    prove("en", |said| {
        let mut faults = found(&value, &said.text, |_| true);
        faults.extend(found(&article, &said.text, |groups| {
            let (right, _) = Joint::Article.before(&groups[2]);
            right.trim() != groups[1].to_lowercase()
        }));
        faults
    });
}

/// Prints what `.ci/check_spelling.py` reads.
#[test]
#[ignore = "prints phrases for check_spelling.py"]
fn print_phrases_to_be_spelled() {
    for said in ["fr", "en"].into_iter().flat_map(said) {
        let countries: Vec<&str> = said
            .countries
            .iter()
            .map(|country| country.name())
            .collect();
        println!(
            "@\t{}\t{}\t{}\t{}",
            said.place,
            said.id,
            countries.join(" "),
            said.text
        );
    }
}
