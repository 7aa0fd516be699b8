//! A child process with pipes that can neither block us nor outlive us.
//!
//! Invariant: nothing here waits without a limit, and when a [`Process`] is dropped its whole process
//! group is dead and its leader is reaped. The group is killed *before* the leader is reaped, while
//! the leader's number cannot yet belong to somebody else.

use crate::timing::clock::Clock;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The longest line that is read: beyond it the child is flooding us.
pub const LINE_LIMIT: usize = 16 << 20;
/// How much of the end of stderr is kept.
const TAIL: usize = 4096;
/// How often a silent child is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// How long to wait for what is still in the pipes of a child that has ended.
const DRAIN: Duration = Duration::from_millis(300);

#[derive(Debug, PartialEq, Eq)]
enum Event {
    Line(Vec<u8>, Duration),
    TooLong,
    End,
}

/// Why there is no line.
#[derive(Debug, PartialEq, Eq)]
pub enum NoLine {
    /// The time is up.
    Late,
    /// The line exceeds [`LINE_LIMIT`].
    TooLong,
    /// The child ended, or closed its stdout; how, and the last line of its stderr.
    Ended(String),
}

/// A running child.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: Option<Sender<Vec<u8>>>,
    events: Receiver<Event>,
    tail: Arc<Mutex<Vec<u8>>>,
    stderr_end: Receiver<()>,
    clock: Arc<dyn Clock>,
}

impl Process {
    /// Starts `command` (argv, no shell) in a process group of its own.
    ///
    /// # Errors
    /// As the system tells it.
    pub fn spawn(
        command: &[String],
        directory: Option<&Path>,
        clock: &Arc<dyn Clock>,
    ) -> io::Result<Process> {
        let (program, arguments) = command
            .split_first()
            .ok_or_else(|| io::Error::other("the command is empty"))?;
        let mut builder = Command::new(program);
        builder
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(directory) = directory {
            builder.current_dir(directory);
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut builder, 0);
        let mut child = builder.spawn()?;
        let pipe = "the pipe was asked for";
        let stdin = child.stdin.take().expect(pipe);
        let stdout = child.stdout.take().expect(pipe);
        let stderr = child.stderr.take().expect(pipe);

        let (input, requests) = unbounded::<Vec<u8>>();
        std::thread::spawn(move || write_all(stdin, &requests));
        // A few lines of slack; a child that floods then waits for its pipe instead of filling memory.
        let (to_us, events) = bounded(4);
        let reading = Arc::clone(clock);
        std::thread::spawn(move || {
            read_lines(BufReader::with_capacity(1 << 16, stdout), &to_us, &*reading)
        });
        let tail = Arc::new(Mutex::new(Vec::new()));
        let (ended, stderr_end) = bounded(1);
        let kept = Arc::clone(&tail);
        std::thread::spawn(move || {
            keep_tail(stderr, &kept);
            let _ = ended.send(());
        });
        Ok(Process {
            child,
            input: Some(input),
            events,
            tail,
            stderr_end,
            clock: Arc::clone(clock),
        })
    }

    /// Its process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Hands a request to the writer. A child that has closed its stdin is noticed when it does not
    /// answer: it may have ended for a reason that its stderr tells better.
    pub fn send(&self, request: Vec<u8>) {
        if let Some(input) = &self.input {
            let _ = input.send(request);
        }
    }

    /// The next line without its end, and when it was there.
    ///
    /// # Errors
    /// [`NoLine`], within `limit` and a fraction of a second.
    pub fn line(&mut self, limit: Duration) -> Result<(Vec<u8>, Duration), NoLine> {
        let deadline = self.clock.now() + limit;
        loop {
            let left = deadline.saturating_sub(self.clock.now());
            match self.events.recv_timeout(left.min(LOOK)) {
                Ok(Event::Line(line, at)) => return Ok((line, at)),
                Ok(Event::TooLong) => return Err(NoLine::TooLong),
                Ok(Event::End) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(NoLine::Ended(self.obituary()));
                }
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Err(NoLine::Late),
                // A descendant may hold the pipe open after the child itself has ended.
                Err(RecvTimeoutError::Timeout) if self.has_ended() => {
                    return match self.events.recv_timeout(DRAIN) {
                        Ok(Event::Line(line, at)) => Ok((line, at)),
                        Ok(Event::TooLong) => Err(NoLine::TooLong),
                        _ => Err(NoLine::Ended(self.obituary())),
                    };
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// The last line that it wrote to stderr, made safe to print.
    pub fn last_words(&self) -> Option<String> {
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&tail);
        let line = text.lines().rev().find(|line| !line.trim().is_empty())?;
        Some(excerpt(line.trim()))
    }

    fn obituary(&mut self) -> String {
        let status = self
            .wait_for_end(Duration::from_secs(1))
            .then(|| self.finish())
            .flatten();
        let _ = self.stderr_end.recv_timeout(DRAIN);
        let status = status.map_or_else(|| "it closed its stdout".to_owned(), |s| s.to_string());
        match self.last_words() {
            Some(words) => format!("{status}; stderr ends with `{words}`"),
            None => format!("{status}; stderr is empty"),
        }
    }

    /// Asks it to end with a last request, waits so long, then kills whatever is left of its group.
    pub fn stop(&mut self, bye: Vec<u8>, grace: Duration) {
        self.send(bye);
        self.input = None;
        self.wait_for_end(grace);
        self.finish();
    }

    fn wait_for_end(&mut self, grace: Duration) -> bool {
        let deadline = self.clock.now() + grace;
        loop {
            if self.has_ended() {
                return true;
            }
            if self.clock.now() >= deadline {
                return false;
            }
            // Whoever still writes must not be held up by a full pipe.
            let pause = Duration::from_millis(5);
            if self.events.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
                std::thread::sleep(pause);
            }
        }
    }

    /// Kills the group and reaps the leader.
    fn finish(&mut self) -> Option<ExitStatus> {
        self.input = None;
        if let Ok(Some(status)) = reaped(&mut self.child) {
            return Some(status);
        }
        kill_group(&mut self.child);
        self.child.wait().ok()
    }

    #[cfg(unix)]
    fn has_ended(&mut self) -> bool {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        // An error means that there is nobody to wait for: it was reaped.
        waitid(WaitId::Pid(Pid::from_child(&self.child)), options).map_or(true, |s| s.is_some())
    }

    #[cfg(not(unix))]
    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The status of a child that was reaped before. On Unix `try_wait` would reap it while its group
/// still lives, so it is asked only where nothing can be left.
#[cfg(unix)]
fn reaped(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    match waitid(WaitId::Pid(Pid::from_child(child)), options) {
        Ok(_) => Ok(None),
        Err(_) => child.try_wait(),
    }
}

#[cfg(not(unix))]
fn reaped(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    child.try_wait()
}

#[cfg(unix)]
fn kill_group(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.kill();
}

#[cfg(not(unix))]
fn kill_group(child: &mut Child) {
    let _ = child.kill();
}

fn write_all(mut stdin: impl Write, requests: &Receiver<Vec<u8>>) {
    for request in requests {
        if stdin
            .write_all(&request)
            .and_then(|()| stdin.flush())
            .is_err()
        {
            return;
        }
    }
}

fn read_lines(mut stdout: impl BufRead, to_us: &Sender<Event>, clock: &dyn Clock) {
    loop {
        let mut line = Vec::new();
        let read = stdout
            .by_ref()
            .take(LINE_LIMIT as u64 + 1)
            .read_until(b'\n', &mut line);
        let at = clock.now();
        let event = match read {
            Ok(0) | Err(_) => Event::End,
            Ok(_) if line.last() == Some(&b'\n') => {
                line.pop();
                Event::Line(line, at)
            }
            Ok(_) if line.len() > LINE_LIMIT => Event::TooLong,
            Ok(_) => Event::Line(line, at),
        };
        let over = !matches!(event, Event::Line(..));
        if to_us.send(event).is_err() || over {
            return;
        }
    }
}

fn keep_tail(mut stderr: impl Read, tail: &Mutex<Vec<u8>>) {
    let mut buffer = [0; TAIL];
    while let Ok(read @ 1..) = stderr.read(&mut buffer) {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(&buffer[..read]);
        let surplus = tail.len().saturating_sub(TAIL);
        tail.drain(..surplus);
    }
}

/// The start of somebody else's text, without control characters, for an error message.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
