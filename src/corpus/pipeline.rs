//! Threads: chunks are made in any order and handed on in theirs.
//!
//! Invariant: what the consumer sees does not depend on the number of threads. Memory is bounded by
//! two chunks a thread, whatever the size of the corpus.

use crossbeam_channel::{bounded, unbounded};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Makes `make(0..chunks)` on `threads` threads and hands the results to `consume` in order.
///
/// Results that come early wait; a thread takes new work only when fewer than two results a thread
/// are on their way. `recycle` buffers come back to the makers.
///
/// # Errors
/// The first error of `consume`; what is being made then is dropped.
pub fn ordered<T: Send, E>(
    chunks: u64,
    threads: usize,
    make: impl Fn(u64, Option<T>) -> T + Sync,
    mut consume: impl FnMut(u64, &T) -> Result<(), E>,
) -> Result<(), E> {
    if threads <= 1 || chunks <= 1 {
        let mut buffer = None;
        for chunk in 0..chunks {
            let made = make(chunk, buffer.take());
            consume(chunk, &made)?;
            buffer = Some(made);
        }
        return Ok(());
    }
    let next = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    // A permit stands for one chunk under way: taken before it is made, given back with its buffer.
    let (give_permit, take_permit) = unbounded::<Option<T>>();
    for _ in 0..threads * 2 {
        let _ = give_permit.send(None);
    }
    let (send, receive) = bounded::<(u64, T)>(threads * 2);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (send, take_permit) = (send.clone(), take_permit.clone());
            let (next, stop, make) = (&next, &stop, &make);
            scope.spawn(move || {
                while let Ok(buffer) = take_permit.recv() {
                    let chunk = next.fetch_add(1, Ordering::Relaxed);
                    if chunk >= chunks || stop.load(Ordering::Relaxed) {
                        break;
                    }
                    if send.send((chunk, make(chunk, buffer))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut early: BTreeMap<u64, T> = BTreeMap::new();
        let mut due = 0;
        let mut result = Ok(());
        'all: while due < chunks {
            let Ok((chunk, made)) = receive.recv() else {
                break;
            };
            early.insert(chunk, made);
            while let Some(made) = early.remove(&due) {
                if let Err(error) = consume(due, &made) {
                    result = Err(error);
                    break 'all;
                }
                due += 1;
                let _ = give_permit.send(Some(made));
            }
        }
        stop.store(true, Ordering::Relaxed);
        // Threads that wait for a permit end when nobody can give one.
        drop(give_permit);
        drop(receive);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for threads in [1, 2, 5] {
            let mut seen = Vec::new();
            let done: Result<(), ()> = ordered(
                50,
                threads,
                |chunk, _| {
                    std::thread::sleep(std::time::Duration::from_micros((chunk * 37) % 200));
                    chunk * 2
                },
                |chunk, made| {
                    assert_eq!(*made, chunk * 2);
                    seen.push(chunk);
                    Ok(())
                },
            );
            assert_eq!(done, Ok(()));
            assert!(seen.into_iter().eq(0..50), "{threads}");
        }
    }

    #[test]
    fn an_error_of_the_consumer_ends_everything() {
        let done = ordered(
            1000,
            3,
            |chunk, _| chunk,
            |chunk, _| if chunk == 3 { Err("full") } else { Ok(()) },
        );
        assert_eq!(done, Err("full"));
    }
}
