use super::*;
use crate::conversation::Speaker;
use crate::detectors::Turn;

/// What is found in a message after others, as `LABEL:text`.
fn after(lang: &str, context: &[(Speaker, &str)], speaker: Speaker, text: &str) -> Vec<String> {
    let context: Vec<Turn<'_>> = context
        .iter()
        .map(|&(speaker, text)| Turn { speaker, text })
        .collect();
    let input = Input {
        id: "m1",
        conversation: "k1",
        turn: context.len() as u32,
        last: true,
        speaker,
        lang,
        text,
        context: &context,
    };
    let mut rules = Rules::new();
    let mut found = Predictions::new();
    rules.detect(&[input], &mut found).unwrap();
    found
        .unit(0)
        .iter()
        .map(|p| {
            let label = rules.description.labels.name(p.label);
            format!("{label}:{}", &text[p.range.as_range()])
        })
        .collect()
}

fn french_answer(question: &str, answer: &str) -> Vec<String> {
    after(
        "fr-FR",
        &[(Speaker::Bot, question)],
        Speaker::Customer,
        answer,
    )
}

fn english_answer(question: &str, answer: &str) -> Vec<String> {
    after(
        "en-US",
        &[(Speaker::Bot, question)],
        Speaker::Customer,
        answer,
    )
}

fn customer(lang: &str, text: &str) -> Vec<String> {
    after(lang, &[], Speaker::Customer, text)
}

#[test]
fn the_question_decides_what_a_bare_number_is() {
    for (question, answer, expected) in [
        (
            "Quel est le code reçu par SMS ?",
            "482913",
            "OTP_CODE:482913",
        ),
        (
            "Merci de saisir le code à usage unique.",
            "c'est 482 913",
            "OTP_CODE:482 913",
        ),
        (
            "Pouvez-vous me confirmer votre code confidentiel ?",
            "0042",
            "CARD_PIN:0042",
        ),
        (
            "Quels sont les 4 derniers chiffres de votre carte ?",
            "oui 4242",
            "PAN_TRUNCATED:4242",
        ),
        ("Et les trois chiffres au dos ?", "042", "CARD_CVV:042"),
        (
            "Indiquez votre numéro client",
            "99000042",
            "CUSTOMER_NUMBER:99000042",
        ),
        (
            "Votre identifiant de connexion ?",
            "99000042",
            "ONLINE_BANKING_ID:99000042",
        ),
        (
            "Quelle est la date d'expiration de la carte ?",
            "09/29",
            "CARD_EXPIRY:09/29",
        ),
        (
            "Quelle est votre date de naissance ?",
            "14/07/1985",
            "DATE_OF_BIRTH:14/07/1985",
        ),
        (
            "Quel montant souhaitez-vous virer ?",
            "250",
            "TRANSACTION_AMOUNT:250",
        ),
        ("Quel est votre code postal ?", "96042", "POSTCODE:96042"),
    ] {
        assert_eq!(french_answer(question, answer), [expected], "{question}");
    }
    for (question, answer, expected) in [
        (
            "Please enter the one-time code we texted you.",
            "482913",
            "OTP_CODE:482913",
        ),
        (
            "What are the last four digits of your card?",
            "it's 4242",
            "PAN_TRUNCATED:4242",
        ),
        (
            "What's your date of birth?",
            "07/14/1985",
            "DATE_OF_BIRTH:07/14/1985",
        ),
        (
            "Can I have your customer number?",
            "C-9900042",
            "CUSTOMER_NUMBER:C-9900042",
        ),
    ] {
        assert_eq!(english_answer(question, answer), [expected], "{question}");
    }
}

#[test]
fn a_warning_asks_for_nothing() {
    let found = french_answer(
        "Ne communiquez jamais votre code confidentiel. Comment puis-je vous aider ?",
        "erreur 4042 sur l'appli",
    );
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn numbers_that_check_need_no_context() {
    assert_eq!(
        customer("fr-FR", "ma carte 4242 4242 4242 4242 exp 09/29 crypto 042"),
        [
            "PAN:4242 4242 4242 4242",
            "CARD_EXPIRY:09/29",
            "CARD_CVV:042"
        ]
    );
    assert_eq!(
        customer("fr-FR", "fr76 9999 8000 4201 2345 6789 068 merci"),
        ["IBAN:fr76 9999 8000 4201 2345 6789 068"]
    );
    assert_eq!(
        customer("fr-FR", "Mon numéro de sécu : 2 85 07 75 915 000 31"),
        ["FR_NIR:2 85 07 75 915 000 31"]
    );
    assert_eq!(
        customer("en-US", "card 4242\u{202f}4242\u{202f}4242\u{202f}4242"),
        ["PAN:4242\u{202f}4242\u{202f}4242\u{202f}4242"]
    );
    assert_eq!(
        customer("en-US", "my ssn is 900-12-3456"),
        ["US_SSN:900-12-3456"]
    );
    assert_eq!(
        customer("en-GB", "NI number QQ 12 34 56 A"),
        ["UK_NINO:QQ 12 34 56 A"]
    );
    assert_eq!(
        customer("en-GB", "sort code 00-00-42 account number 01234567"),
        ["UK_SORT_CODE:00-00-42", "UK_ACCOUNT_NUMBER:01234567"]
    );
}

#[test]
fn decoys_are_left_alone() {
    for (lang, speaker, text) in [
        (
            "fr-FR",
            Speaker::Customer,
            "ma carte de fidélité 4242 4242 4242 4242",
        ),
        (
            "fr-FR",
            Speaker::Customer,
            "commande 4000120045678901 toujours pas reçue",
        ),
        (
            "fr-FR",
            Speaker::Bot,
            "Votre IBAN commence par FR76 XXXX XXXX XXXX.",
        ),
        (
            "fr-FR",
            Speaker::Bot,
            "Pour faire opposition, appelez le 09 69 39 99 99.",
        ),
        ("fr-FR", Speaker::Bot, "La carte coûte 2 €/mois."),
        (
            "fr-FR",
            Speaker::Bot,
            "Le plafond du Livret A est de 22 950 €.",
        ),
        ("fr-FR", Speaker::Bot, "Ne donnez jamais votre code."),
        ("fr-FR", Speaker::Bot, "Nos horaires : ouvert de 9h à 18h."),
        ("fr-FR", Speaker::Customer, "client depuis 2019"),
        ("en-US", Speaker::Bot, "Our monthly fee is $12."),
        (
            "en-US",
            Speaker::Bot,
            "Call us at (202) 555-0143, lines are open 24/7.",
        ),
    ] {
        let found = after(lang, &[], speaker, text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn amounts_are_gold_where_they_are_somebodys_own() {
    assert_eq!(
        after("fr-FR", &[], Speaker::Bot, "Votre solde est de 1 284,37 €."),
        ["BALANCE:1 284,37 €"]
    );
    assert_eq!(
        after(
            "fr-FR",
            &[],
            Speaker::Notification,
            "Achat de 47,90 € chez Brivane Bio le 14/03"
        ),
        [
            "TRANSACTION_AMOUNT:47,90 €",
            "MERCHANT:Brivane Bio",
            "TRANSACTION_DATE:14/03"
        ]
    );
    assert_eq!(
        customer("fr-FR", "je gagne 2 183 € net par mois"),
        ["INCOME:2 183 €"]
    );
    assert_eq!(
        customer("en-GB", "I spent £47.90 yesterday"),
        ["TRANSACTION_AMOUNT:£47.90", "TRANSACTION_DATE:yesterday"]
    );
}

#[test]
fn names_follow_the_words_that_announce_them() {
    assert_eq!(
        customer("fr-FR", "je m'appelle Maëlys Verdorne et j'ai un souci"),
        ["PERSON_NAME:Maëlys Verdorne"]
    );
    assert_eq!(
        customer("fr-FR", "je m'appelle maelys verdorne"),
        ["PERSON_NAME:maelys verdorne"]
    );
    assert_eq!(
        customer("fr-FR", "virement à Ilario Fenwike de 50 €"),
        ["BENEFICIARY:Ilario Fenwike", "TRANSACTION_AMOUNT:50 €"]
    );
    assert_eq!(
        customer("en-US", "My name is Tobias Quennell"),
        ["PERSON_NAME:Tobias Quennell"]
    );
    assert_eq!(
        after(
            "fr-FR",
            &[],
            Speaker::Bot,
            "Bonjour Mme Verdorne, comment puis-je vous aider ?"
        ),
        ["PERSON_NAME:Verdorne"]
    );
    assert!(after("fr-FR", &[], Speaker::Bot, "Bonjour, je m'appelle Inès.").is_empty());
}

#[test]
fn contacts_passwords_and_addresses_are_found() {
    assert_eq!(
        customer(
            "fr-FR",
            "joignable au 06 39 98 12 34 ou maelys.verdorne@example.com"
        ),
        [
            "PHONE_NUMBER:06 39 98 12 34",
            "EMAIL_ADDRESS:maelys.verdorne@example.com"
        ]
    );
    assert_eq!(
        customer("fr-FR", "mon mdp c'est Tisserand3!42"),
        ["PASSWORD:Tisserand3!42"]
    );
    assert_eq!(
        customer(
            "fr-FR",
            "j'habite 14 bis rue des Tisserandes, 96042 Valmarie merci"
        ),
        ["POSTAL_ADDRESS:14 bis rue des Tisserandes, 96042 Valmarie"]
    );
    assert_eq!(
        customer("en-GB", "I live at 221 Quennell Row, Fairhollow"),
        ["POSTAL_ADDRESS:221 Quennell Row, Fairhollow"]
    );
}

#[test]
fn a_card_given_piece_by_piece_keeps_its_name() {
    let asked = (Speaker::Bot, "Quel est le numéro de votre carte ?");
    let first = (Speaker::Customer, "4242 4242");
    assert_eq!(
        after("fr-FR", &[asked, first], Speaker::Customer, "4242 4242"),
        ["PAN:4242 4242"]
    );
}

#[test]
fn any_text_at_all_gives_sound_spans() {
    use proptest::prelude::*;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let text = "([0-9]{1,6}|[ .,:/€$-]|carte|iban |fr76|rue |code |\\PC){0,40}";
    runner
        .run(&(text, any::<bool>()), |(text, french)| {
            let lang = if french { "fr-FR" } else { "en-US" };
            // Slicing in `after` panics where a range is no stretch of the text.
            after(
                lang,
                &[(Speaker::Bot, "Votre code ?")],
                Speaker::Customer,
                &text,
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_way_of_writing_a_value_is_found_after_its_question() {
    use crate::identifiers::{forms, normalise, write};
    const FRENCH: [(&str, &str); 18] = [
        ("PAN", "Quel est votre numéro de carte ?"),
        ("IBAN", "Quel est l'IBAN du bénéficiaire ?"),
        ("FR_RIB", "Quel est votre RIB ?"),
        ("BIC", "Et le BIC ?"),
        ("FR_NIR", "Quel est votre numéro de sécurité sociale ?"),
        ("FR_SPI", "Votre numéro fiscal ?"),
        ("FR_CNI", "Numéro de carte d'identité ?"),
        ("PHONE_NUMBER", "Quel est votre numéro de téléphone ?"),
        ("OTP_CODE", "Quel est le code reçu ?"),
        ("CARD_PIN", "Votre code confidentiel ?"),
        ("CARD_CVV", "Le cryptogramme, s'il vous plaît."),
        ("CARD_EXPIRY", "Date d'expiration ?"),
        ("CUSTOMER_NUMBER", "Votre numéro client ?"),
        ("ONLINE_BANKING_ID", "Votre identifiant ?"),
        ("CASE_REFERENCE", "Numéro de dossier ?"),
        ("DATE_OF_BIRTH", "Date de naissance ?"),
        ("PASSWORD", "Votre mot de passe ?"),
        ("POSTAL_ADDRESS", "Votre adresse ?"),
    ];
    const BRITISH: [(&str, &str); 6] = [
        ("PHONE_NUMBER", "What's your phone number?"),
        ("UK_NINO", "What's your national insurance number?"),
        ("UK_SORT_CODE", "What's the sort code?"),
        ("UK_ACCOUNT_NUMBER", "And the account number?"),
        ("UK_NHS", "NHS number?"),
        ("POSTCODE", "Your postcode?"),
    ];
    const AMERICAN: [(&str, &str); 6] = [
        ("PAN", "What is your card number?"),
        ("PHONE_NUMBER", "What's your phone number?"),
        ("US_SSN", "What is your social security number?"),
        ("US_ITIN", "What's your ITIN?"),
        ("US_ABA_ROUTING", "What's the routing number?"),
        ("US_ACCOUNT_NUMBER", "And your account number?"),
    ];
    type Questions = &'static [(&'static str, &'static str)];
    let tables: [(&str, Questions, [&str; 2]); 3] = [
        ("fr-FR", &FRENCH, ["bonjour, voici : ", " merci d'avance"]),
        ("en-GB", &BRITISH, ["hi, it's ", " thanks"]),
        ("en-US", &AMERICAN, ["hi, it's ", " thanks"]),
    ];
    for (lang, table, [before, behind]) in tables {
        for (id, question) in table {
            let label = Label::named(id).unwrap();
            for value in &label.info().valid {
                let mut surfaces = vec![value.clone()];
                let normal = normalise(label, value).unwrap();
                for (form, _) in forms(label) {
                    let mut surface = String::new();
                    if write(label, &normal, *form, &mut surface) {
                        surfaces.push(surface);
                    }
                }
                for surface in surfaces {
                    let context = [(Speaker::Bot, *question)];
                    for text in [surface.clone(), format!("{before}{surface}{behind}")] {
                        let found = after(lang, &context, Speaker::Customer, &text);
                        assert_eq!(found, [format!("{id}:{surface}")], "{question} {text}");
                    }
                }
            }
        }
    }
}
