//! What a run of a program costs: time and memory.

use std::path::Path;

use anyhow::{Context, Result};

use crate::shell::program;

/// Runs a command and tells how many seconds it took and how many kilobytes it held at most.
const TIMED: &str = "\
import resource, subprocess, sys, time
start = time.time()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(time.time() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
";

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) seconds: f64,
    pub(super) megabytes: f64,
}

/// A command whose arguments are the program to run; it tells its cost.
pub(super) fn timed(python: &Path) -> std::process::Command {
    program(python, &["-c", TIMED])
}

impl Cost {
    pub(super) const NONE: Self = Self { seconds: f64::INFINITY, megabytes: f64::INFINITY };

    /// Reads what [`timed`] tells.
    pub(super) fn of(told: &str) -> Result<Self> {
        let (seconds, kilobytes) = told.trim().split_once(' ').context("no times were told")?;
        Ok(Self { seconds: seconds.parse()?, megabytes: kilobytes.parse::<f64>()? / 1e3 })
    }

    pub(super) fn least(self, other: Self) -> Self {
        Self { seconds: self.seconds.min(other.seconds), megabytes: self.megabytes.min(other.megabytes) }
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:6.2} s {:6.0} MB", self.seconds, self.megabytes)
    }
}
