//! Numbers in words, as they are spoken and dictated.

mod en;
mod fr;

/// A language whose numbers can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// French of France: soixante-dix, quatre-vingts.
    French,
    /// English.
    English,
}

impl Tongue {
    /// The tongue of a language tag (`fr-FR`), where its numbers are known.
    pub fn of_language(tag: &str) -> Option<Tongue> {
        match tag.split('-').next() {
            Some("fr") => Some(Tongue::French),
            Some("en") => Some(Tongue::English),
            _ => None,
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
            Tongue::French => fr::cardinal(number, out),
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
        let french = self == Tongue::French;
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
                && self == Tongue::French
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

    fn say(tongue: Tongue, number: u32) -> String {
        let mut out = String::new();
        tongue.cardinal(number, &mut out);
        out
    }

    #[test]
    fn french_numbers_follow_their_rules() {
        let fr = |n| say(Tongue::French, n);
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
        Tongue::French.say_address("Ana.le-gall@example.fr", &mut out);
        assert_eq!(out, "ana point le tiret gall arobase example point fr");
    }

    #[test]
    fn codes_are_dictated_digit_by_digit_and_french_phones_in_pairs() {
        let mut out = String::new();
        Tongue::English.dictate("4042", false, &mut out);
        assert_eq!(out, "four oh four two");
        out.clear();
        Tongue::French.dictate("0199001234", true, &mut out);
        assert_eq!(
            out,
            "zéro un quatre-vingt-dix-neuf zéro zéro douze trente-quatre"
        );
        out.clear();
        Tongue::French.dictate("0042", false, &mut out);
        assert_eq!(out, "zéro zéro quatre deux");
    }
}
