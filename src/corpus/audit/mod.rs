//! Audits: does a corpus hold what it claims?
//!
//! * A **check** is a claim with a name ([`checks::Check`]): offsets cover what is recorded, valid values pass
//!   their rules, one person's data agree, amounts are the ledger's, splits share nothing. It counts what it
//!   looked at, what is wrong, and what it cannot tell and why.
//! * **Coverage** counts what occurs, and lists what could and does not.
//! * **Figures** say how diverse the messages are and what they look like, beside those of public corpora.
//!
//! Nothing is believed: ranges are written down a second time (`datasets/audit/`), the world and the ledger
//! are made again from the manifest's spec and seed, and whole records too.
//!
//! Invariant: the report depends on the files alone, not on threads; memory is bounded whatever their
//! size.

pub mod checks;
pub mod coverage;
pub mod data;
pub mod figures;
pub mod grammar;
mod invariants;
mod manifest;
pub mod ngrams;
pub mod noise;
mod other;
pub mod page;
mod record;
pub mod report;
mod sample;
pub mod source;

#[cfg(test)]
mod tests;

use crate::corpus::content::ContentHash;
use crate::corpus::generate::index_of;
use crate::corpus::manifest::{Counter, Manifest, Tally};
use crate::corpus::{Corpus, Data, Variant};
use crate::formats::jsonl;
use crate::text::OffsetUnit;
use checks::{Check, Findings, Place, Violation};
use coverage::Coverage;
use figures::Collector;
use invariants::claims::{Claim, Claims};
use invariants::splits::Homes;
use invariants::{Desk, plain, safety, world};
use ngrams::Wordings;
use other::Other;
use record::Conversation;
use report::{AUDIT_SCHEMA, Audited, CheckReport, Report, Verdict, ViolationReport};
use sample::Smallest;
use source::{AuditError, Given, Line, Piece, Reading};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Cards that are followed for the share of published numbers.
const CARDS: usize = 1_000_000;

/// What is to be audited, and how.
#[derive(Debug)]
pub struct Request {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// The manifest, where there is one.
    pub manifest: Option<Manifest>,
    /// Unit of the offsets; otherwise the manifest's, otherwise code points.
    pub offsets: Option<OffsetUnit>,
    /// How files of other tools are read.
    pub reading: Reading,
    /// Threads.
    pub threads: usize,
    /// How many records are made again at most: all where there are not more, otherwise a sample by hash.
    pub regenerate: u64,
    /// Compute the SHA-256 of every file?
    pub hash_files: bool,
    /// Another corpus that should share no content with this one.
    pub against: Vec<PathBuf>,
    /// The plots and phrases that it was made from.
    pub data: Data,
    /// Show values even without a manifest of ours?
    pub show_values: bool,
}

/// What one thread works with.
struct Bench<'r> {
    offsets: OffsetUnit,
    world: Result<&'r Corpus, &'static str>,
    other: Option<&'r Other>,
    homes: &'r Homes,
    /// Of so many records …
    total: u64,
    /// … so many are made again.
    regenerate: u64,
    files: &'r [String],
}

/// What one thread has found.
struct Work {
    findings: Findings,
    cards: Smallest<bool>,
    content: ContentHash,
    counter: Counter,
    coverage: Coverage,
    figures: Collector,
    wordings: Wordings,
    regenerated: u64,
    line: Vec<u8>,
    again: Vec<u8>,
}

impl Default for Work {
    fn default() -> Self {
        Work {
            findings: Findings::default(),
            cards: Smallest::new(CARDS),
            content: ContentHash::default(),
            counter: Counter::default(),
            coverage: Coverage::default(),
            figures: Collector::default(),
            wordings: Wordings::default(),
            regenerated: 0,
            line: Vec::new(),
            again: Vec::new(),
        }
    }
}

/// What a piece leaves for the thread that sees all of them in order.
struct Done {
    piece: Piece,
    claims: Vec<Claim>,
    /// Line and id of every record.
    ids: Vec<(u64, String)>,
}

/// Audits a corpus. `progress` is told how many records are done.
///
/// # Errors
/// Files that cannot be read, or that are no corpus; a corpus without conversations.
pub fn audit(request: &Request, progress: &mut dyn FnMut(u64)) -> Result<Report, AuditError> {
    let manifest = request.manifest.as_ref();
    let world = manifest::world(manifest, &request.data);
    let homes = Homes::new(request.data.clone());
    let other = match request.against.is_empty() {
        true => None,
        false => Some(Other::read(&request.against, &request.reading, &homes)?),
    };
    let offsets = request.offsets.or(manifest.map(|m| m.offsets));
    let names: Vec<String> = request
        .files
        .iter()
        .map(|f| f.display().to_string())
        .collect();
    let bench = Bench {
        offsets: offsets.unwrap_or(OffsetUnit::Codepoint),
        world: world.as_ref().map_err(|why| *why),
        other: other.as_ref(),
        homes: &homes,
        total: manifest.map_or(u64::MAX, |m| m.tally.conversations),
        regenerate: request.regenerate,
        files: &names,
    };
    let mut clerk = Clerk::new(&names, manifest);
    let (works, given) = run(request, &bench, &mut |done| {
        clerk.file(done);
        progress(clerk.records);
    })?;
    if clerk.records == 0 {
        let message = format!(
            "{}: no conversations: nothing can be audited",
            names.join(", ")
        );
        return Err(AuditError::Corrupt(message));
    }
    let mut all = Work::default();
    let mut tally = Tally::default();
    for work in works {
        all.findings.merge(work.findings);
        all.cards.merge(work.cards);
        all.content.add(&work.content);
        tally.add(&work.counter.finish());
        all.coverage.merge(work.coverage);
        all.figures.merge(work.figures);
        all.wordings.merge(work.wordings);
        all.regenerated += work.regenerated;
    }
    all.findings.merge(clerk.finish());
    let findings = &mut all.findings;
    safety::published(&all.cards, findings);
    manifest::checks(request, all.content, &tally, findings)?;
    if other.is_none() {
        findings.cannot(Check::Against, "no other corpus was named (--against)");
    }
    if given.is_some() {
        no_such_claims(findings);
    }
    no_tiers(findings);
    all.coverage
        .finish(manifest.map(|m| &m.spec), &request.data);
    let mut overlaps = all.wordings.overlaps();
    if let Some(other) = &other {
        overlaps.extend(all.wordings.overlaps_with(&other.wordings));
    }
    let values_shown = request.show_values || world.is_ok();
    let checks = check_reports(findings, &names, values_shown);
    let violated = checks.iter().any(|check| check.violated > 0);
    Ok(Report {
        schema: AUDIT_SCHEMA,
        kind: "audit".into(),
        crate_version: env!("CARGO_PKG_VERSION").into(),
        corpus: Audited {
            files: names,
            id: manifest.map(|m| m.corpus_id.clone()),
            content: all.content.to_string(),
            regenerated: all.regenerated,
            given,
            values_shown,
        },
        verdict: if violated {
            Verdict::Violated
        } else {
            Verdict::Sound
        },
        checks,
        coverage: all.coverage,
        figures: all.figures.finish(request.threads),
        overlaps,
        reference_corpora: data::references().0.clone(),
    })
}

/// The format of another tool has no room for most of what a corpus of ours claims.
fn no_such_claims(findings: &mut Findings) {
    for check in Check::ALL.iter().copied() {
        let row = findings.row(check);
        if row.checked == 0 && row.cannot.is_empty() {
            findings.cannot(check, "the format of another tool claims nothing of it");
        }
    }
}

/// A corpus in which no span has a tier is one of elsewhere, not one that lost some.
fn no_tiers(findings: &mut Findings) {
    let row = findings.row_mut(Check::SafetyGiven);
    if row.checked == row.violated && row.violated > 0 {
        let lacking = row.violated;
        *row = Default::default();
        row.cannot
            .insert("no span of this corpus has `safety`", lacking);
    }
}

fn check_reports(findings: &Findings, files: &[String], values_shown: bool) -> Vec<CheckReport> {
    let violation = |violation: &Violation| {
        let placed = violation.place.line > 0;
        ViolationReport {
            file: placed.then(|| files[violation.place.file as usize].clone()),
            line: placed.then_some(violation.place.line),
            id: violation.id.clone(),
            what: violation.what.clone(),
            values: (values_shown && !violation.values.is_empty())
                .then(|| violation.values.clone()),
        }
    };
    Check::ALL
        .iter()
        .map(|check| {
            let row = findings.row(*check);
            let cannot = row.cannot.iter().filter(|(_, count)| **count > 0);
            CheckReport {
                name: check.name().into(),
                about: check.about().into(),
                checked: row.checked,
                violated: row.violated,
                cannot: cannot
                    .map(|(why, count)| ((*why).to_owned(), *count))
                    .collect(),
                first: row.first.iter().map(violation).collect(),
            }
        })
        .collect()
}

/// Reads the files, audits pieces on threads, and hands what is left of them on in order.
fn run(
    request: &Request,
    bench: &Bench<'_>,
    file: &mut dyn FnMut(Done),
) -> Result<(Vec<Work>, Option<Given>), AuditError> {
    let threads = request.threads.max(1);
    // A permit stands for a piece under way, so that early ones cannot pile up.
    let (take, give) = crossbeam_channel::bounded::<()>(threads * 8);
    let (feed, pieces) = crossbeam_channel::bounded::<Piece>(threads * 2);
    let (send, receive) = crossbeam_channel::bounded::<Result<Done, AuditError>>(threads * 2);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || {
            source::read(&request.files, &request.reading, |piece| {
                take.send(()).is_ok() && feed.send(piece).is_ok()
            })
        });
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (pieces, send) = (pieces.clone(), send.clone());
                scope.spawn(move || {
                    let mut work = Work::default();
                    for piece in pieces {
                        if send.send(work.piece(piece, bench)).is_err() {
                            break;
                        }
                    }
                    work
                })
            })
            .collect();
        drop((send, pieces));
        let mut early = BTreeMap::new();
        let mut due = 0;
        let mut failed: Option<AuditError> = None;
        for done in &receive {
            match done {
                Ok(done) => {
                    early.insert(done.piece.number, done);
                    while let Some(done) = early.remove(&due) {
                        file(done);
                        due += 1;
                        let _ = give.recv();
                    }
                }
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        drop((give, receive));
        let works = workers
            .into_iter()
            .map(|w| w.join().expect("no worker panics"))
            .collect();
        let read = reader.join().expect("the reader does not panic");
        match failed {
            Some(error) => Err(error),
            None => read.map(|given| (works, given)),
        }
    })
}

impl Work {
    fn piece(&mut self, piece: Piece, bench: &Bench<'_>) -> Result<Done, AuditError> {
        let mut claims = Vec::new();
        let mut ids = Vec::with_capacity(piece.lines.len());
        let file = &bench.files[piece.file as usize];
        for (at, (line, found)) in piece.lines.iter().enumerate() {
            let read = piece.read(at, file)?;
            let (record, offsets) = match (found, &read) {
                (Line::Foreign(record), _) => (&**record, OffsetUnit::Byte),
                (Line::Text(_), Some(record)) => (record, bench.offsets),
                (Line::Text(_), None) => continue,
            };
            let place = Place {
                file: piece.file,
                line: *line,
            };
            let conversation = Conversation::of(record, offsets);
            let mut desk = Desk {
                findings: &mut self.findings,
                claims: &mut claims,
                cards: &mut self.cards,
                homes: bench.homes,
                place,
            };
            match found {
                Line::Text(_) => invariants::within(&mut desk, &conversation),
                Line::Foreign(_) => invariants::form::offsets(&mut desk, &conversation),
            }
            if let Some(other) = bench.other {
                other.compare(&mut desk, &conversation);
            }
            self.coverage.add(&conversation);
            self.figures.add(&conversation);
            self.wordings.add(&conversation);
            if let Line::Text(text) = found {
                self.made_again(text, place, &conversation, bench, &mut claims);
            }
            ids.push((*line, conversation.id().to_owned()));
        }
        Ok(Done { piece, claims, ids })
    }

    /// What the strict reader and the generator say of a line.
    fn made_again(
        &mut self,
        text: &str,
        place: Place,
        c: &Conversation<'_>,
        bench: &Bench<'_>,
        claims: &mut Vec<Claim>,
    ) {
        let mut desk = Desk {
            findings: &mut self.findings,
            claims,
            cards: &mut self.cards,
            homes: bench.homes,
            place,
        };
        let id = || c.id().to_owned();
        let parsed = jsonl::parse(text, bench.offsets);
        let wrong = parsed
            .as_ref()
            .err()
            .map(|error| ("the reader refuses the record".to_owned(), error.clone()));
        match c.record.schema {
            Some(_) => desk.judge(Check::Record, id, wrong),
            None => desk
                .findings
                .cannot(Check::Record, "records of elsewhere, without `schema`"),
        }
        if let Ok(parsed) = &parsed {
            self.line.clear();
            jsonl::write(parsed, OffsetUnit::Codepoint, &mut self.line);
            self.content.add_line(&self.line);
            self.counter.add(parsed);
        }
        let corpus = match bench.world {
            Ok(corpus) => corpus,
            Err(why) => {
                for check in WORLD {
                    desk.findings.cannot(check, why);
                }
                return;
            }
        };
        let Some((index, variant)) = c.record.id.as_deref().and_then(|id| place_of(id, corpus))
        else {
            for check in WORLD {
                desk.findings
                    .cannot(check, "records whose ids are not of the manifest's spec");
            }
            return;
        };
        world::world(&mut desk, c, corpus, index);
        let drawn = bench.regenerate >= bench.total
            || crate::seed::mix(index ^ 0x5eed) % bench.total.max(1) < bench.regenerate;
        if !drawn {
            desk.findings.cannot(
                Check::Regenerated,
                "records outside the sample (--regenerate)",
            );
            return;
        }
        self.regenerated += 1;
        self.again.clear();
        jsonl::write(
            &corpus.twin(index, variant),
            OffsetUnit::Codepoint,
            &mut self.again,
        );
        // What the reader refuses is certainly not what was written.
        let wrong = match parsed {
            Ok(_) if self.line == self.again => None,
            Ok(_) => Some(difference(&self.again, &self.line)),
            Err(_) => Some(plain("the reader refuses the record")),
        };
        desk.judge(Check::Regenerated, id, wrong);
    }
}

/// The checks that need the world.
const WORLD: [Check; 6] = [
    Check::WorldPerson,
    Check::WorldBalance,
    Check::WorldOperations,
    Check::WorldIncome,
    Check::WorldLimit,
    Check::Regenerated,
];

/// Index and variant of an id of this corpus.
fn place_of(id: &str, corpus: &Corpus) -> Option<(u64, Variant)> {
    let index = index_of(id)?;
    let (plain, suffix) = id.split_once('~').unwrap_or((id, ""));
    (plain == corpus.id(index)).then_some((index, Variant::named(suffix)?))
}

/// Where two record lines part.
fn difference(due: &[u8], found: &[u8]) -> (String, String) {
    let at = due
        .iter()
        .zip(found)
        .position(|(a, b)| a != b)
        .unwrap_or(due.len().min(found.len()));
    let around = |line: &[u8]| {
        let part = &line[at.saturating_sub(30)..(at + 30).min(line.len())];
        String::from_utf8_lossy(part).into_owned()
    };
    let what = format!("made again, the canonical line differs from byte {at} on");
    (
        what,
        format!("`{}`, made again `{}`", around(found), around(due)),
    )
}

/// Sees all pieces in order: what several records must agree about, and the order of ids.
struct Clerk<'r> {
    files: &'r [String],
    manifest: Option<&'r Manifest>,
    findings: Findings,
    claims: Claims,
    records: u64,
    in_file: u64,
    last: Option<(u64, String)>,
}

impl<'r> Clerk<'r> {
    fn new(files: &'r [String], manifest: Option<&'r Manifest>) -> Clerk<'r> {
        Clerk {
            files,
            manifest,
            findings: Findings::default(),
            claims: Claims::default(),
            records: 0,
            in_file: 0,
            last: None,
        }
    }

    fn file(&mut self, done: Done) {
        for claim in done.claims {
            self.claims.hear(claim, self.files, &mut self.findings);
        }
        let entry = manifest::entry(self.manifest, &self.files[done.piece.file as usize]);
        for (at, (line, id)) in done.ids.into_iter().enumerate() {
            if let (_, Line::Foreign(_)) = done.piece.lines[at] {
                continue;
            }
            let place = Place {
                file: done.piece.file,
                line,
            };
            if let (Some(manifest), Some(entry)) = (self.manifest, entry)
                && !manifest.chosen
            {
                let due = format!(
                    "{}-{:09}",
                    manifest.spec.name,
                    entry.from + done.piece.before + at as u64
                );
                let wrong = (due != id).then(|| format!("{due} is due here"));
                self.judge(Check::Sequence, place, &id, wrong);
            }
            if let Some(index) = index_of(&id) {
                let rises = self
                    .last
                    .as_ref()
                    .is_none_or(|(last, before)| index > *last || index == *last && id != *before);
                let wrong = (!rises).then(|| "does not come after the record before it".to_owned());
                self.judge(Check::Ids, place, &id, wrong);
                self.last = Some((index, id));
            }
        }
        self.records += done.piece.lines.len() as u64;
        self.in_file += done.piece.lines.len() as u64;
        if done.piece.last {
            if let Some(entry) = entry {
                let due = entry.to - entry.from;
                let wrong = (due != self.in_file)
                    .then(|| format!("{} records, {due} in the manifest", self.in_file));
                let place = Place {
                    file: done.piece.file,
                    line: 1,
                };
                self.judge(Check::Sequence, place, &entry.name, wrong);
            }
            self.in_file = 0;
        }
    }

    fn judge(&mut self, check: Check, place: Place, id: &str, wrong: Option<String>) {
        match wrong {
            None => self.findings.passed(check, 1),
            Some(what) => self.findings.violated(
                check,
                Violation {
                    place,
                    id: id.to_owned(),
                    what,
                    values: String::new(),
                },
            ),
        }
    }

    fn finish(self) -> Findings {
        self.findings
    }
}
