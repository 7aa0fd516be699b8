//! Numbers in words, as they are spoken and dictated.

mod en;
mod fr;

/// Which tens a speaker of French has a word for; for the others, soixante-dix, quatre-vingts and
/// quatre-vingt-dix are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numerals {
    /// 70 is septante: Belgium and Switzerland.
    pub septante: bool,
    /// 80 is huitante: Vaud, Valais and Fribourg.
    pub huitante: bool,
    /// 90 is nonante: Belgium and Switzerland.
    pub nonante: bool,
}

impl Numerals {
    /// Those of France and Canada: none.
    pub const FRANCE: Numerals = Numerals {
        septante: false,
        huitante: false,
        nonante: false,
    };
}

/// A language whose numbers can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// French, with the speaker's words for tens.
    French(Numerals),
    /// English.
    English,
}

impl Tongue {
    /// The tongue of a language tag (`fr-FR`), where its numbers are known.
    pub fn of_language(tag: &str) -> Option<Tongue> {
        match tag.split('-').next() {
            Some("fr") => Some(Tongue::French(Numerals::FRANCE)),
            Some("en") => Some(Tongue::English),
            _ => None,
        }
    }

    /// Is it French, whichever tens it has words for?
    pub fn is_french(self) -> bool {
        matches!(self, Tongue::French(_))
    }

    /// Every way in which its numbers are said somewhere.
    pub fn manners(self) -> Vec<Tongue> {
        let numerals = |bits: u8| Numerals {
            septante: bits & 1 > 0,
            huitante: bits & 2 > 0,
            nonante: bits & 4 > 0,
        };
        match self {
            Tongue::French(_) => (0..8).map(|bits| Tongue::French(numerals(bits))).collect(),
            Tongue::English => vec![self],
        }
    }

    /// Writes a cardinal number below 1,000,000.
    ///
    /// # Panics
    /// When the number is larger: no amount of a bank chat is said in millions.
    pub fn cardinal(self, number: u32, out: &mut String) {
        assert!(
            number < 1_000_000,
            "{number} is beyond the numbers that are said"
        );
        match self {
            Tongue::French(numerals) => fr::cardinal(number, numerals, out),
            Tongue::English => en::cardinal(number, out),
        }
    }

    /// Writes one digit as it is dictated.
    pub fn digit(self, digit: u8, out: &mut String) {
        match self {
            Tongue::English if digit == b'0' => out.push_str("oh"),
            _ => self.cardinal(u32::from(digit - b'0'), out),
        }
    }

    /// Says an e-mail address: its words as they stand, its marks by name.
    pub fn say_address(self, address: &str, out: &mut String) {
        let french = self.is_french();
        for c in address.chars() {
            out.push_str(match c {
                '@' if french => " arobase ",
                '@' => " at ",
                '.' if french => " point ",
                '.' => " dot ",
                '-' if french => " tiret ",
                '-' => " dash ",
                '_' => " underscore ",
                other => {
                    out.extend(other.to_lowercase());
                    continue;
                }
            });
        }
    }

    /// Dictates a code of letters and digits: French by pairs where the digits are a phone number
    /// (`pairs`), otherwise digit by digit; letters are named by themselves.
    pub fn dictate(self, code: &str, pairs: bool, out: &mut String) {
        let bytes = code.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if at > 0 {
                out.push(' ');
            }
            let two = pairs
                && self.is_french()
                && at + 1 < bytes.len()
                && bytes[at..at + 2].iter().all(u8::is_ascii_digit);
            if two {
                let number = u32::from(bytes[at] - b'0') * 10 + u32::from(bytes[at + 1] - b'0');
                if number < 10 {
                    out.push_str("zéro ");
                }
                self.cardinal(number, out);
                at += 2;
            } else {
                match bytes[at] {
                    digit @ b'0'..=b'9' => self.digit(digit, out),
                    other => out.push(other as char),
                }
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRANCE: Tongue = Tongue::French(Numerals::FRANCE);

    fn say(tongue: Tongue, number: u32) -> String {
        let mut out = String::new();
        tongue.cardinal(number, &mut out);
        out
    }

    #[test]
    fn french_numbers_follow_their_rules() {
        let fr = |n| say(FRANCE, n);
        assert_eq!(fr(0), "zéro");
        assert_eq!(fr(21), "vingt et un");
        assert_eq!(fr(70), "soixante-dix");
        assert_eq!(fr(71), "soixante et onze");
        assert_eq!(fr(80), "quatre-vingts");
        assert_eq!(fr(81), "quatre-vingt-un");
        assert_eq!(fr(99), "quatre-vingt-dix-neuf");
        assert_eq!(fr(200), "deux cents");
        assert_eq!(fr(201), "deux cent un");
        assert_eq!(fr(1_000), "mille");
        assert_eq!(fr(1_284), "mille deux cent quatre-vingt-quatre");
        assert_eq!(fr(80_000), "quatre-vingt mille");
        assert_eq!(fr(200_000), "deux cent mille");
    }

    /// Reads a French number back, in whatever country it was said; `None` for what is no number.
    fn read(said: &str) -> Option<u32> {
        let (mut total, mut hundreds, mut rest) = (0, 0, 0);
        for word in said.split([' ', '-']) {
            let plain = word
                .strip_suffix('s')
                .filter(|w| ["cent", "vingt"].contains(w));
            let value = match plain.unwrap_or(word) {
                "et" => continue,
                "mille" => {
                    total = 1000 * (hundreds + rest).max(1);
                    (hundreds, rest) = (0, 0);
                    continue;
                }
                "cent" => {
                    hundreds = 100 * rest.max(1);
                    rest = 0;
                    continue;
                }
                "vingt" if rest == 4 => {
                    rest = 80;
                    continue;
                }
                "zéro" => 0,
                "un" => 1,
                "deux" => 2,
                "trois" => 3,
                "quatre" => 4,
                "cinq" => 5,
                "six" => 6,
                "sept" => 7,
                "huit" => 8,
                "neuf" => 9,
                "dix" => 10,
                "onze" => 11,
                "douze" => 12,
                "treize" => 13,
                "quatorze" => 14,
                "quinze" => 15,
                "seize" => 16,
                "vingt" => 20,
                "trente" => 30,
                "quarante" => 40,
                "cinquante" => 50,
                "soixante" => 60,
                "septante" => 70,
                "huitante" => 80,
                "nonante" => 90,
                _ => return None,
            };
            rest += value;
        }
        Some(total + hundreds + rest)
    }

    #[test]
    fn every_french_number_reads_back_wherever_it_is_said() {
        for tongue in FRANCE.manners() {
            let every = (0..20_000).chain(990_000..1_000_000);
            for number in every.chain((20_000..990_000).step_by(41)) {
                let said = say(tongue, number);
                assert_eq!(read(&said), Some(number), "{said}");
            }
        }
    }

    #[test]
    fn belgians_and_swiss_say_septante_and_nonante_and_some_swiss_huitante() {
        let belgian = Tongue::French(Numerals {
            septante: true,
            huitante: false,
            nonante: true,
        });
        let vaud = Tongue::French(Numerals {
            septante: true,
            huitante: true,
            nonante: true,
        });
        assert_eq!(say(belgian, 71), "septante et un");
        assert_eq!(say(belgian, 79), "septante-neuf");
        assert_eq!(say(belgian, 80), "quatre-vingts");
        assert_eq!(say(belgian, 91), "nonante et un");
        assert_eq!(say(belgian, 1_999), "mille neuf cent nonante-neuf");
        assert_eq!(say(vaud, 81), "huitante et un");
        assert_eq!(say(vaud, 200_080), "deux cent mille huitante");
        let mut out = String::new();
        vaud.dictate("0199001284", true, &mut out);
        assert_eq!(out, "zéro un nonante-neuf zéro zéro douze huitante-quatre");
    }

    #[test]
    fn english_numbers_follow_their_rules() {
        let en = |n| say(Tongue::English, n);
        assert_eq!(en(15), "fifteen");
        assert_eq!(en(42), "forty-two");
        assert_eq!(en(1_284), "one thousand two hundred and eighty-four");
        assert_eq!(en(900_001), "nine hundred thousand and one");
    }

    #[test]
    fn an_address_is_said_with_its_marks() {
        let mut out = String::new();
        FRANCE.say_address("Ana.le-gall@example.fr", &mut out);
        assert_eq!(out, "ana point le tiret gall arobase example point fr");
    }

    #[test]
    fn codes_are_dictated_digit_by_digit_and_french_phones_in_pairs() {
        let mut out = String::new();
        Tongue::English.dictate("4042", false, &mut out);
        assert_eq!(out, "four oh four two");
        out.clear();
        FRANCE.dictate("0199001234", true, &mut out);
        assert_eq!(
            out,
            "zéro un quatre-vingt-dix-neuf zéro zéro douze trente-quatre"
        );
        out.clear();
        FRANCE.dictate("0042", false, &mut out);
        assert_eq!(out, "zéro zéro quatre deux");
    }
}
