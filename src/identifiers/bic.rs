//! Business identifier codes (BIC, ISO 9362).
//!
//! Invariant: the eighth character of a code made here is 0, which SWIFT keeps for test and training
//! and never activates, and no registered bank has its first two letters.

use super::bank_codes::{self, PARTY_PREFIXES};
use super::surface::{self, Family};
use super::{Made, iban};
use crate::conversation::{Form, Safety};
use crate::country::Country;
use crate::seed::mix;

/// ISO 3166-1 alpha-2 codes, and XK, which SWIFT assigned for Kosovo.
const COUNTRIES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ\
CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGM\
GNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLT\
LULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPN\
PRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ\
UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// Is it the code of a country?
pub(super) fn is_country(code: &str) -> bool {
    COUNTRIES
        .as_bytes()
        .chunks_exact(2)
        .any(|known| known == code.as_bytes())
}

/// The BIC of bank `bank_index`, eight characters. In Britain its first four letters are the bank's
/// [`iban::bank_code`]. Distinct banks have distinct codes up to the 108,160 party prefixes; further
/// ones repeat.
pub fn bic(country: Country, bank_index: u64) -> Made {
    let index = bank_index % PARTY_PREFIXES;
    let (mut value, cities) = match country {
        Country::France => (bank_codes::party_prefix("party FR", index), "PPPPP2ML"),
        Country::Britain => (iban::bank_code(country, index), "22222LLM"),
        Country::UnitedStates => (bank_codes::party_prefix("party US", index), "3333334N"),
    };
    value.push_str(country.name());
    let city = (mix(index) % cities.len() as u64) as usize;
    value.push_str(&cities[city..=city]);
    value.push('0');
    Made::new(value, Safety::Unassigned, true)
}

/// Four letters, a country, two letters or digits, and three more for a branch.
pub fn check(bic: &str) -> bool {
    matches!(bic.len(), 8 | 11)
        && bic.is_ascii()
        && bic[..4].bytes().all(|byte| byte.is_ascii_uppercase())
        && is_country(&bic[4..6])
        && bic[6..]
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// BICs.
pub(super) const FAMILY: Family = Family {
    write: |normal, form, out| match form {
        Form::Lower => surface::write_lower(normal, out),
        _ => surface::write_grouped(normal, &[4, 2, 2, 3], form, out),
    },
    forms: &[
        (Form::Compact, 850),
        (Form::Lower, 100),
        (Form::Grouped, 50),
    ],
    read: surface::read_alphanumeric,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_a_test_code_and_no_two_banks_share_one() {
        for &country in Country::ALL {
            let codes: BTreeSet<String> = (0..10_000).map(|k| bic(country, k).value).collect();
            assert_eq!(codes.len(), 10_000);
            assert!(codes.iter().all(|code| check(code) && code.ends_with('0')));
        }
    }

    #[test]
    fn a_british_bic_starts_with_the_bank_code_of_the_iban() {
        let code = bic(Country::Britain, 42).value;
        assert!(code.starts_with(&iban::bank_code(Country::Britain, 42)));
    }

    #[test]
    fn an_unknown_country_fails() {
        assert!(check("ZZZZFRP0") && check("ZZZZFRP0XXX"));
        assert!(!check("ZZZZXXP0") && !check("ZZZZFRP") && !check("ZZZ1FRP0"));
    }
}
