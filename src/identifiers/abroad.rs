//! Countries abroad where payees and foreign customers bank: their accounts, banks and numbers.
//!
//! Bank codes come from ranges in which no bank is listed by the registries that schwifty 2026.10.1
//! carries. The registries can be incomplete, and no central bank's own list was consulted.
//!
//! Invariant: every IBAN made here passes MOD 97-10 and the national check digits that its country has,
//! and distinct indices give distinct bank codes, so that any partition of the indices partitions them.

use super::bank_codes::{self, PARTY_PREFIXES};
use super::checksum::{mod97_check_digits, number, push_padded, weighted_sum};
use super::iban::{spanish_digits, with_check_digits};
use super::national_id::{Holder, elsewhere, italian_letter};
use super::{Made, iban, scatter};
use crate::conversation::{Safety, names};
use crate::seed::{Stream, mix};
use serde::{Deserialize, Serialize};

names! {
    /// A country abroad (ISO 3166-1 alpha-2) whose accounts have IBANs.
    pub enum Abroad {
        /// Germany.
        Germany = "DE",
        /// Spain.
        Spain = "ES",
        /// Italy.
        Italy = "IT",
        /// The Netherlands.
        Netherlands = "NL",
        /// Portugal.
        Portugal = "PT",
        /// Belgium.
        Belgium = "BE",
        /// Switzerland.
        Switzerland = "CH",
        /// Luxembourg.
        Luxembourg = "LU",
    }
}

/// First and last of each range of Belgian bank codes that neither the National Bank's list of
/// 1 January 2026 (as packaged by python-stdnum 2.2) nor schwifty's registry has.
#[rustfmt::skip]
const BELGIAN: &[(u16, u16)] = &[
    (112, 112), (117, 118), (135, 136), (138, 139), (151, 166), (168, 170), (172, 174), (177, 184),
    (186, 188), (215, 219), (500, 500), (502, 503), (505, 506), (511, 511), (516, 520), (526, 537),
    (539, 540), (542, 545), (547, 547), (561, 561), (580, 580), (582, 582), (584, 584), (589, 589),
    (602, 602), (608, 609), (614, 623), (626, 629), (632, 633), (637, 637), (639, 639), (641, 641),
    (655, 656), (659, 662), (665, 665), (681, 681), (690, 692), (697, 698), (710, 718), (720, 721),
    (723, 724), (766, 771), (807, 816), (818, 822), (827, 827), (829, 829), (841, 844), (846, 849),
    (854, 858), (861, 861), (864, 864), (867, 867), (869, 870), (872, 872), (874, 874), (882, 882),
    (885, 886), (889, 889), (900, 902), (909, 909), (912, 912), (918, 918), (921, 921), (925, 925),
    (927, 928), (932, 933), (935, 935), (937, 938), (944, 944), (946, 947), (962, 962), (965, 966),
    (970, 970), (972, 972), (985, 988),
];

/// How the bank codes of a country are numbered.
enum Codes {
    /// Ranges of numbers with this many digits.
    Ranges(usize, &'static [(u32, u32)]),
    /// The Belgian ranges, of three digits.
    Belgian,
    /// Party prefixes of BICs.
    Prefixes,
}

impl Abroad {
    /// Its name in English.
    pub fn english(self) -> &'static str {
        match self {
            Abroad::Germany => "Germany",
            Abroad::Spain => "Spain",
            Abroad::Italy => "Italy",
            Abroad::Netherlands => "the Netherlands",
            Abroad::Portugal => "Portugal",
            Abroad::Belgium => "Belgium",
            Abroad::Switzerland => "Switzerland",
            Abroad::Luxembourg => "Luxembourg",
        }
    }

    /// Its name in French, without article.
    pub fn french(self) -> &'static str {
        match self {
            Abroad::Germany => "Allemagne",
            Abroad::Spain => "Espagne",
            Abroad::Italy => "Italie",
            Abroad::Netherlands => "Pays-Bas",
            Abroad::Portugal => "Portugal",
            Abroad::Belgium => "Belgique",
            Abroad::Switzerland => "Suisse",
            Abroad::Luxembourg => "Luxembourg",
        }
    }

    /// The prefix of its telephone numbers (ITU-T E.164).
    pub fn phone_prefix(self) -> &'static str {
        match self {
            Abroad::Germany => "+49",
            Abroad::Spain => "+34",
            Abroad::Italy => "+39",
            Abroad::Netherlands => "+31",
            Abroad::Portugal => "+351",
            Abroad::Belgium => "+32",
            Abroad::Switzerland => "+41",
            Abroad::Luxembourg => "+352",
        }
    }

    /// ISO 4217 code of its currency.
    pub fn currency(self) -> &'static str {
        match self {
            Abroad::Switzerland => "CHF",
            _ => "EUR",
        }
    }

    /// The label of the number that its state gives to people; Luxembourg's has no label.
    pub fn identity_label(self) -> Option<&'static str> {
        match self {
            Abroad::Germany => Some("DE_STEUER_ID"),
            Abroad::Spain => Some("ES_DNI_NIE"),
            Abroad::Italy => Some("IT_CODICE_FISCALE"),
            Abroad::Netherlands => Some("NL_BSN"),
            Abroad::Portugal => Some("PT_NIF"),
            Abroad::Belgium => Some("BE_NRN"),
            Abroad::Switzerland => Some("CH_AHV"),
            Abroad::Luxembourg => None,
        }
    }

    /// The number that its state gives to `holder`, under [`Abroad::identity_label`]. Serials beyond the
    /// capacity of a kind repeat.
    pub fn identity(self, holder: &Holder<'_>, serial: u64, stream: &mut Stream) -> Option<Made> {
        Some(match self {
            Abroad::Germany => elsewhere::steuer_id(serial % elsewhere::STEUER_IDS),
            Abroad::Spain => elsewhere::dni_nie(serial % elsewhere::DNIS, stream),
            Abroad::Italy => elsewhere::codice_fiscale(holder, serial),
            Abroad::Netherlands => elsewhere::bsn(serial % elsewhere::BSNS),
            Abroad::Portugal => elsewhere::nif(serial % elsewhere::NIFS),
            Abroad::Belgium => elsewhere::nrn(holder.female, holder.birth),
            Abroad::Switzerland => elsewhere::ahv(serial % elsewhere::AHVS),
            Abroad::Luxembourg => return None,
        })
    }

    fn codes(self) -> Codes {
        match self {
            Abroad::Germany => Codes::Ranges(8, &[(90_000_000, 99_999_999)]),
            Abroad::Spain => Codes::Ranges(4, &[(4_000, 5_999), (7_000, 8_999)]),
            Abroad::Italy => Codes::Ranges(5, &[(40_000, 69_999)]),
            Abroad::Netherlands => Codes::Prefixes,
            Abroad::Portugal => Codes::Ranges(4, &[(4_000, 9_999)]),
            Abroad::Belgium => Codes::Belgian,
            Abroad::Switzerland => Codes::Ranges(5, &[(32_000, 59_999)]),
            Abroad::Luxembourg => Codes::Ranges(3, &[(424, 618), (626, 699), (814, 997)]),
        }
    }

    /// How many unassigned bank codes it has. Codes of three digits leave few: 202 in Belgium, 453 in
    /// Luxembourg.
    pub fn bank_codes(self) -> u64 {
        let size = |first: u32, last: u32| u64::from(last - first) + 1;
        match self.codes() {
            Codes::Ranges(_, ranges) => ranges.iter().map(|&(a, b)| size(a, b)).sum(),
            Codes::Belgian => BELGIAN.iter().map(|&(a, b)| size(a.into(), b.into())).sum(),
            Codes::Prefixes => PARTY_PREFIXES,
        }
    }

    /// How many accounts of one bank [`Abroad::iban`] can number.
    pub fn accounts(self) -> u64 {
        match self {
            Abroad::Belgium => 10_000_000,
            _ => iban::ACCOUNTS,
        }
    }

    /// The bank code at `index`; distinct indices give distinct codes.
    ///
    /// # Panics
    /// When `index` is not below [`Abroad::bank_codes`].
    pub fn bank_code(self, index: u64) -> String {
        let order = match self {
            Abroad::Germany => "bank code DE",
            Abroad::Spain => "bank code ES",
            Abroad::Italy => "bank code IT",
            Abroad::Netherlands => return bank_codes::party_prefix("bank code NL", index),
            Abroad::Portugal => "bank code PT",
            Abroad::Belgium => "bank code BE",
            Abroad::Switzerland => "bank code CH",
            Abroad::Luxembourg => "bank code LU",
        };
        let mut place = scatter(order, self.bank_codes(), index);
        let mut code = String::with_capacity(8);
        let mut within = |first: u64, last: u64, width: usize| {
            let size = last - first + 1;
            if place < size {
                push_padded(first + place, width, &mut code);
                return true;
            }
            place -= size;
            false
        };
        match self.codes() {
            Codes::Ranges(width, ranges) => ranges
                .iter()
                .any(|&(a, b)| within(a.into(), b.into(), width)),
            _ => BELGIAN.iter().any(|&(a, b)| within(a.into(), b.into(), 3)),
        };
        code
    }

    /// The IBAN of account `serial` of bank `bank_index`. Distinct serials of a bank give distinct IBANs.
    /// Validators that carry the National Bank's list refuse the Belgian ones: `strict_valid` is false.
    ///
    /// # Panics
    /// When the bank or the serial lies beyond [`Abroad::bank_codes`] or [`Abroad::accounts`].
    pub fn iban(self, bank_index: u64, serial: u64, stream: &mut Stream) -> Made {
        let payload = scatter("account abroad", self.accounts(), serial);
        let mut bban = self.bank_code(bank_index);
        let branch = u64::from(1 + stream.below(2_500));
        match self {
            Abroad::Germany => push_account(10, payload, stream, &mut bban),
            Abroad::Spain => {
                push_padded(branch, 4, &mut bban);
                let mut account = String::with_capacity(10);
                push_account(10, payload, stream, &mut account);
                let control = spanish_digits(&bban, &account).expect("digits of the right number");
                bban.extend(control.map(char::from));
                bban.push_str(&account);
            }
            Abroad::Italy => {
                push_padded(u64::from(1_000 + stream.below(99_000)), 5, &mut bban);
                push_account(12, payload, stream, &mut bban);
                bban.insert(0, italian_letter(&bban).expect("digits"));
            }
            Abroad::Netherlands => push_dutch_account(payload, &mut bban),
            Abroad::Portugal => {
                push_padded(branch, 4, &mut bban);
                push_account(11, payload, stream, &mut bban);
                let key = mod97_check_digits(&bban, "").expect("digits");
                push_padded(key.into(), 2, &mut bban);
            }
            Abroad::Belgium => {
                push_padded(payload, 7, &mut bban);
                let rest = number(&bban).expect("ten digits") % 97;
                push_padded(if rest == 0 { 97 } else { rest }, 2, &mut bban);
            }
            Abroad::Switzerland => push_account(12, payload, stream, &mut bban),
            Abroad::Luxembourg => push_account(13, payload, stream, &mut bban),
        }
        let value = with_check_digits(self.name(), &bban);
        Made::new(value, Safety::Unassigned, self != Abroad::Belgium)
    }

    /// The BIC of bank `bank_index`, eight characters, the last 0 as in test codes. In the Netherlands
    /// its first four letters are the bank code of the IBAN. Distinct banks have distinct codes up to
    /// the 108,160 party prefixes; further ones repeat.
    pub fn bic(self, bank_index: u64) -> Made {
        let index = bank_index % PARTY_PREFIXES;
        let (order, cities) = match self {
            Abroad::Germany => ("party DE", "FMDBH"),
            Abroad::Spain => ("party ES", "MBEV2"),
            Abroad::Italy => ("party IT", "MRT22"),
            Abroad::Netherlands => ("bank code NL", "22AR"),
            Abroad::Portugal => ("party PT", "PL"),
            Abroad::Belgium => ("party BE", "BB2"),
            Abroad::Switzerland => ("party CH", "ZZG2"),
            Abroad::Luxembourg => ("party LU", "L"),
        };
        let mut value = bank_codes::party_prefix(order, index);
        value.push_str(self.name());
        let city = (mix(index) % cities.len() as u64) as usize;
        value.push_str(&cities[city..=city]);
        value.push('0');
        Made::new(value, Safety::Unassigned, true)
    }
}

/// An account of `width` digits that ends with the payload of eight: zeros in front of it, or digits.
fn push_account(width: usize, payload: u64, stream: &mut Stream, out: &mut String) {
    let front = width - 8;
    if stream.chance(600) {
        push_padded(0, front, out);
    } else {
        stream.digits(front, out);
    }
    push_padded(payload, 8, out);
}

/// A Dutch account of ten digits that passes the test of eleven: weights 10 to 1, sum ≡ 0 (mod 11).
fn push_dutch_account(payload: u64, out: &mut String) {
    let mut account = String::with_capacity(10);
    push_padded(payload, 9, &mut account);
    let sum = weighted_sum(&account, &[10, 9, 8, 7, 6, 5, 4, 3, 2]).expect("nine digits");
    match (11 - sum % 11) % 11 {
        // A leading 1 in place of the 0 adds 10, and so the digit that was missing.
        10 => {
            account.replace_range(..1, "1");
            account.push('0');
        }
        digit => push_padded(digit.into(), 1, &mut account),
    }
    out.push_str(&account);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::bic;
    use crate::seed::Domain;
    use std::collections::BTreeSet;

    #[test]
    fn every_iban_abroad_passes_mod_97_and_its_national_digits() {
        let mut stream = Stream::at(4, Domain::new("abroad"), 0);
        for &country in Abroad::ALL {
            for serial in 0..2_000 {
                let bank = stream.below_u64(country.bank_codes());
                let made = country.iban(bank, serial, &mut stream).value;
                assert!(iban::check(&made), "{made}");
                assert_ne!(iban::check_national(&made), Some(false), "{made}");
            }
        }
    }

    #[test]
    fn a_portuguese_iban_always_has_check_digits_50() {
        let mut stream = Stream::at(5, Domain::new("abroad"), 0);
        assert!((0..500).all(|serial| {
            let made = Abroad::Portugal.iban(serial, serial, &mut stream);
            made.value.starts_with("PT50")
        }));
    }

    #[test]
    fn any_partition_of_the_indices_partitions_the_bank_codes_abroad() {
        for &country in Abroad::ALL {
            let count = country.bank_codes().min(20_000);
            let codes: BTreeSet<String> = (0..count).map(|k| country.bank_code(k)).collect();
            assert_eq!(codes.len() as u64, count, "{country}");
            let longest = codes.iter().map(String::len).max();
            assert!(
                codes.iter().all(|code| Some(code.len()) == longest),
                "{country}"
            );
        }
        assert_eq!(Abroad::Belgium.bank_codes(), 202);
        assert_eq!(Abroad::Luxembourg.bank_codes(), 453);
    }

    #[test]
    fn every_bic_abroad_is_a_test_code_and_a_dutch_one_starts_as_the_iban() {
        for &country in Abroad::ALL {
            let codes: BTreeSet<String> = (0..5_000).map(|k| country.bic(k).value).collect();
            assert_eq!(codes.len(), 5_000);
            assert!(
                codes
                    .iter()
                    .all(|code| bic::check(code) && code.ends_with('0'))
            );
        }
        let code = Abroad::Netherlands.bic(42).value;
        assert!(code.starts_with(&Abroad::Netherlands.bank_code(42)));
    }

    #[test]
    fn accounts_abroad_never_repeat() {
        for &country in Abroad::ALL {
            let mut stream = Stream::at(6, Domain::new("abroad"), 0);
            let made: BTreeSet<String> = (0..5_000)
                .map(|serial| country.iban(7, serial, &mut stream).value)
                .collect();
            assert_eq!(made.len(), 5_000, "{country}");
        }
    }
}
