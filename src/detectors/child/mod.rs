//! A detector behind a child process that speaks the line protocol (`docs/protocol.md`).
//!
//! * The **session** is what is true of a whole run: feed, languages, threads, clock.
//! * The **launch** is how the process is started and how long it may take.
//!
//! Invariant: whatever the child does, a call ends within its limit, with an answer that was checked
//! span by span or with an error that says what was wrong.

mod process;
mod wire;

pub use process::LINE_LIMIT;
pub use wire::PROTOCOL;

use super::{Description, DetectError, Detector, Feed, HISTORY, Input, Spent};
use crate::prediction::Predictions;
use crate::text::OffsetUnit;
use crate::timing::clock::{Clock, Monotonic};
use process::{NoLine, Process, excerpt};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long a child that was told `bye` may take to end.
const GRACE: Duration = Duration::from_secs(2);

/// What is true of a whole run.
#[derive(Clone, Debug)]
pub struct Session {
    /// How much of a conversation the detector sees.
    pub feed: Feed,
    /// Language tags that will occur.
    pub languages: Vec<String>,
    /// Threads that the detector may use.
    pub threads: u32,
    /// The clock that measures and limits.
    pub clock: Arc<dyn Clock>,
}

impl Session {
    /// A run with this feed, in these languages, on one thread, by the clock of the machine.
    pub fn new(feed: Feed, languages: impl IntoIterator<Item = impl Into<String>>) -> Session {
        Session {
            feed,
            languages: languages.into_iter().map(Into::into).collect(),
            threads: 1,
            clock: Arc::new(Monotonic::new()),
        }
    }
}

/// How a process is started, and how long it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The detector's name in tables, whatever the process calls itself.
    pub name: String,
    /// Program and arguments.
    pub command: Vec<String>,
    /// Prints the version as its first line, where `ready` does not say it.
    pub version_command: Option<Vec<String>>,
    /// Where it runs; `None` is where we run.
    pub directory: Option<PathBuf>,
    /// What to do when the program is not there.
    pub install: Option<String>,
    /// Limit from the start to `ready`.
    pub start_limit: Duration,
    /// Limit for one batch.
    pub batch_limit: Duration,
}

impl Launch {
    /// A process with 60 s to start and 30 s per batch.
    pub fn new(name: impl Into<String>, command: Vec<String>) -> Launch {
        Launch {
            name: name.into(),
            command,
            version_command: None,
            directory: None,
            install: None,
            start_limit: Duration::from_secs(60),
            batch_limit: Duration::from_secs(30),
        }
    }

    fn spawn(&self, command: &[String], clock: &Arc<dyn Clock>) -> Result<Process, DetectError> {
        Process::spawn(command, self.directory.as_deref(), clock).map_err(|error| {
            let program = command.first().map_or("", String::as_str);
            let hint = match (&self.install, error.kind()) {
                (Some(install), std::io::ErrorKind::NotFound) => {
                    format!("; install it with `{install}`")
                }
                _ => String::new(),
            };
            DetectError::Start(format!("`{program}`: {error}{hint}"))
        })
    }

    fn asked_version(&self, clock: &Arc<dyn Clock>) -> Result<Option<String>, DetectError> {
        let Some(command) = &self.version_command else {
            return Ok(None);
        };
        let mut process = self.spawn(command, clock)?;
        let (line, _) = process
            .line(self.start_limit)
            .map_err(|why| self.no_line(why, self.start_limit, &process))?;
        let version = String::from_utf8_lossy(&line);
        Ok(Some(excerpt(version.trim())).filter(|version| !version.is_empty()))
    }

    fn no_line(&self, why: NoLine, limit: Duration, process: &Process) -> DetectError {
        match why {
            NoLine::Late => match process.last_words() {
                Some(words) => DetectError::Hung { limit, words },
                None => DetectError::Timeout(limit),
            },
            NoLine::TooLong => {
                DetectError::Protocol(format!("a line of more than {LINE_LIMIT} bytes"))
            }
            NoLine::Ended(how) => DetectError::Died(how),
        }
    }
}

#[derive(Debug)]
struct Running {
    process: Process,
    offsets: OffsetUnit,
}

/// A detector behind a process. The process is ended with the value.
#[derive(Debug)]
pub struct ChildDetector {
    launch: Launch,
    session: Session,
    description: Description,
    running: Option<Running>,
    start_up: Duration,
    batches: u64,
}

impl ChildDetector {
    /// Starts the process and waits for its `ready`.
    ///
    /// # Errors
    /// It cannot be started, is late, ends, says something else, or tells no version.
    pub fn start(launch: Launch, session: Session) -> Result<ChildDetector, DetectError> {
        let asked = launch.asked_version(&session.clock)?;
        let (running, ready, start_up) = launched(&launch, &session)?;
        let version = asked.or(ready.version).ok_or_else(|| {
            DetectError::Start(
                "it tells no version: name one in `ready` or give a `version` command".to_owned(),
            )
        })?;
        let description = Description {
            name: launch.name.clone(),
            version,
            labels: ready.labels,
            threads: ready.threads,
            anchor: false,
            reference: false,
        };
        Ok(ChildDetector {
            launch,
            session,
            description,
            running: Some(running),
            start_up,
            batches: 0,
        })
    }

    /// From the start of the process to its `ready`.
    pub fn start_up(&self) -> Duration {
        self.start_up
    }

    fn running(&mut self) -> Result<Running, DetectError> {
        if let Some(running) = self.running.take() {
            return Ok(running);
        }
        let (running, ready, _) = launched(&self.launch, &self.session)?;
        if ready.labels != self.description.labels {
            return Err(DetectError::Protocol(
                "started again, it lists other labels".to_owned(),
            ));
        }
        Ok(running)
    }
}

fn launched(
    launch: &Launch,
    session: &Session,
) -> Result<(Running, wire::Ready, Duration), DetectError> {
    let start = session.clock.now();
    let mut process = launch.spawn(&launch.command, &session.clock)?;
    process.send(wire::hello(
        session.feed,
        HISTORY,
        session.threads,
        &session.languages,
    ));
    let (line, at) = process.line(launch.start_limit).map_err(|why| match why {
        NoLine::Late => DetectError::SlowStart(launch.start_limit),
        why => launch.no_line(why, launch.start_limit, &process),
    })?;
    let ready = wire::read_ready(&line)?;
    let running = Running {
        process,
        offsets: ready.offsets,
    };
    Ok((running, ready, at.saturating_sub(start)))
}

impl Detector for ChildDetector {
    fn describe(&self) -> &Description {
        &self.description
    }

    fn detect(
        &mut self,
        batch: &[Input<'_>],
        found: &mut Predictions,
    ) -> Result<Spent, DetectError> {
        if batch.is_empty() {
            return Ok(Spent::default());
        }
        // On any error the process stays out of `self.running` and is killed: after a bad answer
        // nobody knows what its next line belongs to.
        let mut running = self.running()?;
        self.batches += 1;
        let request = wire::batch(self.batches, batch);
        let limit = self.launch.batch_limit;
        let start = self.session.clock.now();
        running.process.send(request);
        let (line, at) = running
            .process
            .line(limit)
            .map_err(|why| self.launch.no_line(why, limit, &running.process))?;
        let reported = wire::read_result(
            &line,
            self.batches,
            batch,
            running.offsets,
            &self.description.labels,
            found,
        )?;
        self.running = Some(running);
        Ok(Spent {
            answering: Some(at.saturating_sub(start)),
            reported,
        })
    }

    fn process(&self) -> Option<u32> {
        self.running.as_ref().map(|running| running.process.id())
    }
}

impl Drop for ChildDetector {
    fn drop(&mut self) {
        if let Some(running) = &mut self.running {
            running.process.stop(wire::bye(), GRACE);
        }
    }
}
