//! What the machine has: processors and memory.

use std::{env, fs, num::NonZeroUsize, thread};

use kelvin_batch::Resources;

/// Parts into which leads are divided.
const PARTITIONS: usize = 256;

/// What is assumed where the machine does not tell.
const MEMORY: u64 = 4 << 30;

/// What a run may use: what is asked for, else all processors and half of the memory.
pub(crate) fn resources(threads: Option<NonZeroUsize>, memory: Option<u64>) -> Resources {
    Resources {
        threads: threads.map_or_else(self::threads, usize::from),
        memory: usize::try_from(memory.unwrap_or_else(half_of_memory)).unwrap_or(usize::MAX),
        folder: env::temp_dir(),
        partitions: PARTITIONS,
    }
}

/// Processors that this process may use.
fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Half of the memory that this process may use, in bytes: the limit of its control group where there is one, else
/// what the machine has free.
fn half_of_memory() -> u64 {
    let read = |path: &str| fs::read_to_string(path).ok();
    let group = read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok());
    let free = read("/proc/meminfo").and_then(|text| available(&text));
    group.into_iter().chain(free).min().unwrap_or(MEMORY) / 2
}

/// Memory that this process takes, in bytes; `None` where the machine does not tell.
pub(crate) fn resident_memory() -> Option<u64> {
    bytes(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// The available memory in `/proc/meminfo`.
fn available(text: &str) -> Option<u64> {
    bytes(text, "MemAvailable:")
}

/// A line of what Linux tells in kibibytes, in bytes.
fn bytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn available_memory_is_read_from_what_linux_tells() {
        let text = "MemTotal:       8000000 kB\nMemFree:         100000 kB\nMemAvailable:   4000000 kB\n";
        assert_eq!(available(text), Some(4_096_000_000));
        assert_eq!(available("MemTotal: 1 kB\n"), None);
        assert!(threads() > 0 && half_of_memory() > 0);
    }
}
