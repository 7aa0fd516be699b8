//! The line protocol against children of every temper: each way to misbehave ends in a named error,
//! within its limit, with no process left.

#![cfg(unix)]

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use tellerbench::conversation::Speaker;
use tellerbench::detectors::child::{ChildDetector, Launch, Session};
use tellerbench::detectors::conformance::{Outcome, passes, verify};
use tellerbench::detectors::feeds::answer_batch;
use tellerbench::detectors::{DetectError, Detector, Feed, Input};
use tellerbench::prediction::Predictions;
use tellerbench::timing::clock::{Clock, Monotonic};

/// Where Cargo puts the examples: beside the tests.
fn example(name: &str) -> String {
    let mut folder: PathBuf = std::env::current_exe().unwrap();
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder
        .join("examples")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

fn session() -> Session {
    Session::new(Feed::Stream, ["fr-FR", "en-US"])
}

fn launch(way: &str) -> Launch {
    let mut launch = Launch::new(way, vec![example("hostile_detector"), way.to_owned()]);
    launch.batch_limit = Duration::from_secs(10);
    launch.start_limit = Duration::from_secs(10);
    launch
}

const TEXTS: [&str; 3] = ["\u{1f621} code 482913", "été 42", "ok merci"];

fn inputs<'a>(ids: &'a [String], texts: &'a [&'a str]) -> Vec<Input<'a>> {
    ids.iter()
        .zip(texts)
        .enumerate()
        .map(|(turn, (id, text))| Input {
            id,
            conversation: "k0",
            turn: turn as u32,
            last: turn + 1 == texts.len(),
            speaker: Speaker::Customer,
            lang: "fr-FR",
            text,
            context: &[],
        })
        .collect()
}

fn ask(detector: &mut ChildDetector) -> Result<Vec<Vec<String>>, DetectError> {
    let ids: Vec<String> = (0..TEXTS.len()).map(|n| format!("m{n}")).collect();
    let inputs = inputs(&ids, &TEXTS);
    let mut found = Predictions::new();
    let clock = Monotonic::new();
    answer_batch(detector, &inputs, &mut found, &clock)?;
    Ok(found
        .units()
        .zip(TEXTS)
        .map(|(unit, text)| {
            unit.iter()
                .map(|p| text[p.range.as_range()].to_owned())
                .collect()
        })
        .collect())
}

/// The error in which one batch ends.
fn error(way: &str) -> String {
    error_within(launch(way))
}

fn error_within(launch: Launch) -> String {
    let mut detector = ChildDetector::start(launch, session()).unwrap();
    let error = ask(&mut detector).unwrap_err().to_string();
    assert_eq!(
        detector.process(),
        None,
        "after an error no process is left"
    );
    error
}

fn start_error(launch: Launch) -> String {
    ChildDetector::start(launch, session())
        .unwrap_err()
        .to_string()
}

/// Processes of this program's children are counted, so these tests take turns.
static COUNTING: Mutex<()> = Mutex::new(());

#[test]
fn a_well_behaved_detector_is_answered_in_bytes_of_the_text() {
    let launch = Launch::new("digits", vec![example("line_protocol_detector")]);
    let mut detector = ChildDetector::start(launch, session()).unwrap();
    assert_eq!(detector.describe().version, "1.0.0");
    assert_eq!(detector.describe().labels.names(), ["NUMBER"]);
    let expected: [&[&str]; 3] = [&["482913"], &[], &[]];
    assert_eq!(ask(&mut detector).unwrap(), expected);
}

#[test]
fn a_well_behaved_detector_conforms() {
    let launch = Launch::new("digits", vec![example("line_protocol_detector")]);
    let mut detector = ChildDetector::start(launch, session()).unwrap();
    let verdicts = verify(&mut detector, "fr-FR", &Monotonic::new());
    assert!(passes(&verdicts), "{verdicts:#?}");
    assert!(
        verdicts
            .iter()
            .all(|verdict| verdict.outcome == Outcome::Passed),
        "{verdicts:#?}"
    );
}

#[test]
fn items_may_come_back_in_any_order() {
    let mut detector = ChildDetector::start(launch("any-order"), session()).unwrap();
    assert_eq!(ask(&mut detector).unwrap(), [["\u{1f621}"], ["ét"], ["ok"]]);
}

#[test]
fn every_bad_answer_is_named() {
    for (way, expected) in [
        (
            "crash",
            "ended early: exit status: 139; stderr ends with `segmentation fault, more or less`",
        ),
        (
            "closes-stdout",
            "ended early: exit status: 0; stderr is empty",
        ),
        (
            "bad-json",
            "not a message of the protocol (EOF while parsing",
        ),
        (
            "not-utf8",
            "a line that is not UTF-8 (invalid utf-8 sequence",
        ),
        (
            "prose",
            "prose on stdout, which belongs to the protocol (write it to stderr): `Processing batch 1/1`",
        ),
        ("wrong-id", "batch 999 answered where batch 1 was asked"),
        ("no-id", "the answer to batch 1 has no `id`"),
        ("wrong-item-id", "`m0` is not answered"),
        ("extra-item", "`somebody` is answered and was not asked"),
        ("missing-id", "`m2` is not answered"),
        ("duplicate-id", "`m0` is answered twice"),
        (
            "bad-offset",
            "span 0..100000 of `m0`: utf16 offset 100000 lies beyond the text (length 14)",
        ),
        (
            "reversed",
            "span 2..1 of `m0`: the end is not behind the start",
        ),
        ("negative", "utf16 offset -2 lies before the text"),
        (
            "off-boundary",
            "utf16 offset 1 lies inside a character (is the declared offset unit right?)",
        ),
        ("other-text", "it says `zz` and the text says `\u{1f621}`"),
        (
            "unknown-label",
            "label `M` is not in the list that `ready` gave",
        ),
        ("nan-score", "not a message of the protocol"),
        ("huge-score", "is not a number"),
        ("reports", "reported an error: out of memory\u{fffd}[31m"),
        ("flood-of-lines", "batch 0 answered where batch 1 was asked"),
    ] {
        let error = error(way);
        assert!(error.contains(expected), "{way}: {error}");
    }
}

#[test]
fn a_hang_ends_at_its_limit() {
    let mut hanging = launch("hang");
    hanging.batch_limit = Duration::from_millis(300);
    let clock = Monotonic::new();
    assert_eq!(error_within(hanging), "no answer within 300ms");
    let mut hanging = launch("hang-with-words");
    hanging.batch_limit = Duration::from_millis(500);
    assert_eq!(
        error_within(hanging),
        "no answer within 500ms; stderr ends with `waiting for a lock`"
    );
    assert!(clock.now() < Duration::from_secs(8));
}

#[test]
fn a_flood_without_a_line_end_stops_at_the_longest_line() {
    assert!(error("flood").contains("a line of more than 16777216 bytes"));
    assert!(start_error(launch("flood-at-start")).contains("a line of more than 16777216 bytes"));
}

#[test]
fn a_flood_on_stderr_is_drained() {
    let mut detector = ChildDetector::start(launch("flood-on-stderr"), session()).unwrap();
    assert_eq!(ask(&mut detector).unwrap().len(), 3);
}

#[test]
fn prose_before_ready_is_welcome_on_stderr_and_an_error_on_stdout() {
    assert!(ChildDetector::start(launch("prose-on-stderr"), session()).is_ok());
    let error = start_error(launch("prose-before-ready"));
    assert!(
        error.contains("prose on stdout") && error.contains("Loading model"),
        "{error}"
    );
}

#[test]
fn a_bad_start_is_named() {
    let mut slow = launch("slow-start");
    slow.start_limit = Duration::from_millis(300);
    assert_eq!(start_error(slow), "not ready within 300ms");
    let mut deaf = launch("never-reads");
    deaf.start_limit = Duration::from_millis(300);
    assert_eq!(start_error(deaf), "not ready within 300ms");
    for (way, expected) in [
        (
            "dies-at-start",
            "exit status: 3; stderr ends with `ModuleNotFoundError: no module named 'model'`",
        ),
        ("no-version", "it tells no version"),
        ("unknown-unit", "`graphemes`"),
        ("no-labels", "`ready` has no `labels`"),
        ("refuses", "reported an error: no licence for fr-FR"),
    ] {
        let error = start_error(launch(way));
        assert!(error.contains(expected), "{way}: {error}");
    }
    let nowhere = Launch::new("x", vec!["/nowhere/detector".to_owned()]);
    assert!(start_error(nowhere).starts_with("could not start: `/nowhere/detector`"));
}

#[test]
fn a_version_command_speaks_for_a_detector_that_tells_none() {
    let mut silent = launch("no-version");
    silent.version_command = Some(vec!["echo".to_owned(), "2.2.366".to_owned()]);
    let detector = ChildDetector::start(silent, session()).unwrap();
    assert_eq!(detector.describe().version, "2.2.366");
}

#[test]
fn a_detector_that_dies_mid_run_is_started_again_for_the_next_batch() {
    let mut detector = ChildDetector::start(launch("dies-mid-run"), session()).unwrap();
    assert!(ask(&mut detector).is_ok());
    assert!(matches!(ask(&mut detector), Err(DetectError::Died(_))));
    assert!(ask(&mut detector).is_ok(), "a fresh process answers");
}

#[test]
fn a_batch_larger_than_every_pipe_gets_through() {
    let launch = Launch::new("digits", vec![example("line_protocol_detector")]);
    let mut detector = ChildDetector::start(launch, session()).unwrap();
    let long = "4242 ".repeat(100_000);
    let ids = ["m0".to_owned()];
    let texts = [long.as_str()];
    let mut found = Predictions::new();
    answer_batch(
        &mut detector,
        &inputs(&ids, &texts),
        &mut found,
        &Monotonic::new(),
    )
    .unwrap();
    assert_eq!(found.unit(0).len(), 100_000);
}

/// Live processes of a process group, ours or adopted: `/proc` lists them.
#[cfg(target_os = "linux")]
fn group_members(group: u32) -> usize {
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok())
        .filter(|stat| {
            let fields: Vec<&str> = stat
                .rsplit_once(')')
                .map_or("", |(_, rest)| rest)
                .split_whitespace()
                .collect();
            fields.first() != Some(&"Z") && fields.get(2) == Some(&group.to_string().as_str())
        })
        .count()
}

/// The same once killed processes have had time to end: a signal is on its way when the call that sent it
/// returns.
#[cfg(target_os = "linux")]
fn members_left(group: u32) -> usize {
    let clock = Monotonic::new();
    loop {
        let left = group_members(group);
        if left == 0 || clock.now() > Duration::from_secs(2) {
            return left;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_of_the_group_is_left() {
    let _turn = COUNTING.lock().unwrap();
    let mut detector = ChildDetector::start(launch("answers-with-grandchild"), session()).unwrap();
    let group = detector.process().unwrap();
    ask(&mut detector).unwrap();
    assert_eq!(group_members(group), 2);
    drop(detector);
    assert_eq!(
        members_left(group),
        0,
        "the grandchild outlived its detector"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_grandchild_that_keeps_the_pipe_open_delays_nobody() {
    let _turn = COUNTING.lock().unwrap();
    let mut detector = ChildDetector::start(launch("grandchild"), session()).unwrap();
    let group = detector.process().unwrap();
    let clock = Monotonic::new();
    let error = ask(&mut detector).unwrap_err();
    assert!(matches!(error, DetectError::Died(_)), "{error}");
    assert!(clock.now() < Duration::from_secs(5));
    assert_eq!(members_left(group), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_detector_that_ignores_bye_is_ended_after_a_grace() {
    let mut detector = ChildDetector::start(launch("ignores-bye"), session()).unwrap();
    let group = detector.process().unwrap();
    ask(&mut detector).unwrap();
    let clock = Monotonic::new();
    drop(detector);
    assert!(clock.now() < Duration::from_secs(6));
    assert_eq!(members_left(group), 0);
}

/// Presidio is an outside tool: where it is not installed its runner must say what to do, and where it
/// is, it must conform.
#[test]
fn presidio_conforms_or_names_its_install_script() {
    use tellerbench::detectors::declared::Declared;
    let declared = Declared::shipped();
    for name in ["presidio-patterns", "presidio-patterns-fr-card"] {
        let declaration = declared.find(name).unwrap();
        match declaration.open(&session()) {
            Ok(mut opened) => {
                assert_eq!(opened.detector.describe().version, "2.2.366");
                for label in opened.detector.describe().labels.names() {
                    assert!(declaration.labels.get(label).is_some(), "{name}: {label}");
                }
                let verdicts = verify(&mut *opened.detector, "fr-FR", &Monotonic::new());
                assert!(passes(&verdicts), "{name}: {verdicts:#?}");
            }
            Err(error) => assert!(error.to_string().contains("install.sh"), "{error}"),
        }
    }
}
