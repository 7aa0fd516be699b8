//! Small words whose shape the next word decides: elision and contraction in French, the indefinite
//! article in English.

/// A small word waiting for the word behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// A French word that loses its vowel before another: de, que, je, le, …
    Elides(&'static str),
    /// French `à`, which only contracts.
    A,
    /// The English indefinite article.
    Article,
}

const ELIDING: [&str; 13] = [
    "jusque", "lorsque", "puisque", "quoique", "que", "de", "le", "la", "je", "ne", "me", "te",
    "se",
];

impl Joint {
    /// The joint that a text ends with, and its length in bytes, when `+` follows.
    pub fn ending(text: &str) -> Option<(Joint, usize)> {
        let word = text.rsplit(|c: char| !c.is_alphabetic()).next()?;
        let joint = match word {
            "à" => Joint::A,
            "a" => Joint::Article,
            _ => Joint::Elides(ELIDING.into_iter().find(|known| *known == word)?),
        };
        Some((joint, word.len()))
    }

    /// The word itself, before it is known what follows.
    #[cfg(test)]
    pub fn word(self) -> &'static str {
        match self {
            Joint::Elides(word) => word,
            Joint::A => "à",
            Joint::Article => "a",
        }
    }

    /// What to write before `next`, and how many bytes of `next` it swallows (`de` + `le ` = `du `).
    pub fn before(self, next: &str) -> (&'static str, usize) {
        match self {
            Joint::Article => (
                if starts_with_vowel_sound(next) {
                    "an "
                } else {
                    "a "
                },
                0,
            ),
            Joint::A if next.starts_with("le ") => ("au ", 3),
            Joint::A if next.starts_with("les ") => ("aux ", 4),
            Joint::A => ("à ", 0),
            Joint::Elides("de") if next.starts_with("le ") => ("du ", 3),
            Joint::Elides("de") if next.starts_with("les ") => ("des ", 4),
            Joint::Elides(word) => {
                let elided = elides_before(next);
                let written = match (word, elided) {
                    ("jusque", true) => "jusqu'",
                    ("lorsque", true) => "lorsqu'",
                    ("puisque", true) => "puisqu'",
                    ("quoique", true) => "quoiqu'",
                    ("que", true) => "qu'",
                    ("de", true) => "d'",
                    ("le" | "la", true) => "l'",
                    ("je", true) => "j'",
                    ("ne", true) => "n'",
                    ("me", true) => "m'",
                    ("te", true) => "t'",
                    ("se", true) => "s'",
                    ("jusque", false) => "jusque ",
                    ("lorsque", false) => "lorsque ",
                    ("puisque", false) => "puisque ",
                    ("quoique", false) => "quoique ",
                    ("que", false) => "que ",
                    ("de", false) => "de ",
                    ("le", false) => "le ",
                    ("la", false) => "la ",
                    ("je", false) => "je ",
                    ("ne", false) => "ne ",
                    ("me", false) => "me ",
                    ("te", false) => "te ",
                    _ => "se ",
                };
                (written, 0)
            }
        }
    }
}

/// Words in h that keep the vowel before them (h aspiré), and the numbers that do.
const ASPIRATED: [&str; 49] = [
    "hacker",
    "hackers",
    "haie",
    "hall",
    "halle",
    "halles",
    "halte",
    "hameau",
    "hamster",
    "hanche",
    "handicap",
    "handicapé",
    "handicapée",
    "hangar",
    "harceler",
    "harcelé",
    "harcelée",
    "harcèle",
    "harcèlement",
    "haricot",
    "haricots",
    "hasard",
    "hasards",
    "hausse",
    "hausses",
    "haut",
    "haute",
    "hautes",
    "hauteur",
    "hauts",
    "havre",
    "hernie",
    "hibou",
    "hic",
    "hobby",
    "hockey",
    "hollande",
    "hongrie",
    "honte",
    "hors",
    "hotline",
    "housse",
    "huit",
    "huitième",
    "hurlement",
    "hurler",
    "hâte",
    "hérisson",
    "héros",
];

/// Does the French word `next` begin with a vowel to the ear?
pub fn elides_before(next: &str) -> bool {
    let word: String = next
        .chars()
        .take_while(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    match word.chars().next() {
        Some('h') => !ASPIRATED.contains(&word.as_str()),
        Some('y') => word.chars().nth(1).is_some_and(|c| !"aeéiou".contains(c)) || word == "y",
        Some(first) => {
            let keeps = ["onze", "onzième", "oui"].contains(&word.as_str());
            "aàâäeéèêëiîïoôöœuùûü".contains(first) && !keeps
        }
        None => false,
    }
}

/// Initials that are spelled out, and whose first letter is said with a vowel: an SSN.
const SPELLED: [&str; 10] = [
    "HMRC", "HOA", "HSA", "LLC", "LPA", "NHS", "NI", "SMS", "SSN", "RTP",
];

/// Does the English word or number `next` begin with a vowel to the ear?
fn starts_with_vowel_sound(next: &str) -> bool {
    let first = next.split(|c: char| !c.is_alphanumeric()).next();
    if first.is_some_and(|first| SPELLED.contains(&first)) {
        return true;
    }
    let word = next.trim_start_matches(['$', '£', '€']).to_lowercase();
    if word.starts_with("8") || word.starts_with("11 ") || word.starts_with("18") {
        return true;
    }
    let silent_h = ["hour", "honest", "heir", "honour", "honor"]
        .iter()
        .any(|w| word.starts_with(w));
    let spoken_y = [
        "uni", "use", "usu", "uti", "utr", "eu", "uk", "us ", "one", "once",
    ]
    .iter()
    .any(|w| word.starts_with(w))
        && !["unid", "unim", "unin"].iter().any(|w| word.starts_with(w));
    silent_h || (word.starts_with(['a', 'e', 'i', 'o', 'u']) && !spoken_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(word: &str, next: &str) -> String {
        let (joint, _) = Joint::ending(word).unwrap();
        let (written, swallowed) = joint.before(next);
        format!("{written}{}", &next[swallowed..])
    }

    #[test]
    fn small_words_lose_their_vowel_before_another() {
        assert_eq!(join("de", "Ilario"), "d'Ilario");
        assert_eq!(join("de", "Hélène"), "d'Hélène");
        assert_eq!(join("de", "Brivane Bio"), "de Brivane Bio");
        assert_eq!(join("que", "il"), "qu'il");
        assert_eq!(join("de", "huit euros"), "de huit euros");
        assert_eq!(join("de", "Halles Rouvel"), "de Halles Rouvel");
        assert_eq!(join("de", "Yann"), "de Yann");
        assert_eq!(join("de", "47,90 €"), "de 47,90 €");
    }

    #[test]
    fn articles_contract() {
        assert_eq!(join("de", "le Comptoir"), "du Comptoir");
        assert_eq!(join("à", "les Halles"), "aux Halles");
        assert_eq!(join("à", "Paris"), "à Paris");
    }

    #[test]
    fn the_english_article_listens_to_the_next_word() {
        assert_eq!(join("a", "ATM"), "an ATM");
        assert_eq!(join("a", "$8 fee"), "an $8 fee");
        assert_eq!(join("a", "user"), "a user");
        assert_eq!(join("a", "hour"), "an hour");
        assert_eq!(join("a", "SSN"), "an SSN");
        assert_eq!(join("a", "usual day"), "a usual day");
        assert_eq!(join("a", "unidentified caller"), "an unidentified caller");
    }
}
