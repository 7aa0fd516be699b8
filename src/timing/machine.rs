//! The machine that a figure was measured on.
//!
//! Invariant: no name of a host or a person is recorded, because results are meant to be published.

use serde::{Deserialize, Serialize};

/// What is known of the machine; empty or 0 where it is not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Model of the processor.
    pub cpu_model: String,
    /// Logical processors that this program may use.
    pub cores: u32,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Load average over 1, 5 and 15 minutes, when it was looked at.
    pub load_average: Option<[f64; 3]>,
    /// Operating system and architecture: `linux-x86_64`.
    pub os: String,
    /// Release of the kernel.
    pub kernel: String,
}

impl Machine {
    /// Looks at this machine.
    pub fn here() -> Machine {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(0, |cores| cores.get() as u32);
        Machine {
            cpu_model: cpu_model(&read("/proc/cpuinfo")),
            cores,
            memory_bytes: memory(&read("/proc/meminfo")),
            load_average: load(&read("/proc/loadavg")),
            os: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        }
    }

    /// A short name for folders and tables: `linux-x86_64-2c`.
    pub fn slug(&self) -> String {
        format!("{}-{}c", self.os, self.cores)
    }

    /// What makes figures from here doubtful.
    pub fn warnings(&self) -> Vec<String> {
        let busy = self.load_average.map(|[load, ..]| load);
        match busy {
            Some(load) if load > f64::from(self.cores) => vec![format!(
                "load average {load:.2} on {} cores: other programs are running, speeds are too low",
                self.cores
            )],
            _ => Vec::new(),
        }
    }
}

fn cpu_model(cpuinfo: &str) -> String {
    // Arm kernels have no model name; `CPU part` is the best they say.
    let field = |name: &str| {
        let line = cpuinfo.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    field("model name")
        .or_else(|| field("CPU part"))
        .unwrap_or_default()
}

fn memory(meminfo: &str) -> u64 {
    let total = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"));
    let kilobytes = total.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

fn load(loadavg: &str) -> Option<[f64; 3]> {
    let mut fields = loadavg.split_whitespace().map(|field| field.parse().ok());
    Some([fields.next()??, fields.next()??, fields.next()??])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_proc_are_read_as_they_are() {
        assert_eq!(
            cpu_model("processor : 0\nmodel name\t: Some CPU @ 2.00GHz\n"),
            "Some CPU @ 2.00GHz"
        );
        assert_eq!(memory("MemTotal:        2048 kB\nMemFree: 1 kB\n"), 2 << 20);
        assert_eq!(
            load("0.08 0.65 0.64 1/123 4567\n"),
            Some([0.08, 0.65, 0.64])
        );
        assert_eq!(load(""), None);
    }

    #[test]
    fn a_busy_machine_is_told() {
        let mut machine = Machine {
            cores: 2,
            ..Machine::default()
        };
        assert!(machine.warnings().is_empty());
        machine.load_average = Some([3.5, 1.0, 1.0]);
        assert!(machine.warnings()[0].contains("load average 3.50 on 2 cores"));
    }
}
