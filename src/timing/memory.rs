//! Peak memory and CPU time of processes, from `/proc`.
//!
//! Invariant: what cannot be read is `None`, never 0: elsewhere than on Linux nothing is known.

use std::time::Duration;

/// Most memory that was ever resident (`VmHWM`), in bytes, of a process and all its descendants that
/// still live, added up. Pages that they share count more than once.
pub fn peak_of(process: u32) -> Option<u64> {
    let own = peak_alone(process)?;
    Some(
        own + descendants(process)
            .into_iter()
            .filter_map(peak_alone)
            .sum::<u64>(),
    )
}

/// Most memory that was ever resident in this process, in bytes.
pub fn own_peak() -> Option<u64> {
    peak_alone(std::process::id())
}

fn peak_alone(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// CPU time of a process and all its descendants, those that ended and were waited for included. It
/// comes in ticks of the system, mostly 10 ms.
#[cfg(unix)]
pub fn cpu_of(process: u32) -> Option<Duration> {
    let ticks = ticks_alone(process)?
        + descendants(process)
            .into_iter()
            .filter_map(ticks_alone)
            .sum::<u64>();
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Some(Duration::from_nanos(ticks * (1_000_000_000 / per_second)))
}

/// CPU time of this process and its threads.
#[cfg(unix)]
pub fn own_cpu() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Some(Duration::new(
        time.tv_sec.try_into().ok()?,
        time.tv_nsec.try_into().ok()?,
    ))
}

/// CPU time of a process and all its descendants.
#[cfg(not(unix))]
pub fn cpu_of(_process: u32) -> Option<Duration> {
    None
}

/// CPU time of this process and its threads.
#[cfg(not(unix))]
pub fn own_cpu() -> Option<Duration> {
    None
}

/// The fields of `/proc/<process>/stat` behind the name, which may hold anything (proc(5)).
fn stat(process: u32) -> Option<Vec<u64>> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    // The first field is the state, a letter: it becomes 0, so that places stay as in proc(5).
    Some(
        fields
            .split_whitespace()
            .map(|field| field.parse().unwrap_or(0))
            .collect(),
    )
}

#[cfg(unix)]
fn ticks_alone(process: u32) -> Option<u64> {
    // utime, stime, cutime, cstime are the fields 14 to 17; the state is field 3.
    stat(process)?.get(11..15).map(|ticks| ticks.iter().sum())
}

fn parent(process: u32) -> Option<u32> {
    u32::try_from(*stat(process)?.get(1)?).ok()
}

fn descendants(process: u32) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let processes = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u32)> = processes
        .filter_map(|child: u32| Some((child, parent(child)?)))
        .collect();
    let mut family = vec![process];
    let mut next = 0;
    while let Some(&of) = family.get(next) {
        let children = parents
            .iter()
            .filter(|(child, parent)| *parent == of && !family.contains(child));
        let children: Vec<u32> = children.map(|&(child, _)| child).collect();
        family.extend(children);
        next += 1;
    }
    family.split_off(1)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn our_own_memory_and_cpu_time_are_known() {
        assert!(own_peak().unwrap() > 1 << 20);
        assert!(own_cpu().unwrap() > Duration::ZERO);
        assert_eq!(peak_of(u32::MAX), None);
    }

    #[test]
    fn a_child_and_its_child_are_counted_together() {
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 30; :"])
            .spawn()
            .unwrap();
        let mut family = Vec::new();
        for _ in 0..200 {
            family = descendants(child.id());
            if !family.is_empty() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(family.len(), 1);
        assert!(peak_of(child.id()) > peak_alone(child.id()));
        let _ = std::process::Command::new("kill")
            .arg(family[0].to_string())
            .status();
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
