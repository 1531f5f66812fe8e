//! `kelvin train` side by side with the same job by LightGBM, where the leads are at hand.
//!
//! Times are told as a ratio to what ran in the same minutes: this machine's seconds mean nothing on another.

use std::{path::PathBuf, process::Command};

use anyhow::{Result, bail};

use super::timed::{Cost, timed};
use crate::shell::{cargo, output, program, root, run, target};

/// Leads that a bank called.
const LEADS: &str = "../shared/data/leads/bank-additional-full.csv";
/// How often each side runs, in turns; the best of each counts.
const ROUNDS: usize = 3;
const THREADS: &str = "2";

/// `train`: both on the same leads, with the same folds to choose by.
pub(crate) fn command(_: &[&str]) -> Result<()> {
    let leads = root().join(LEADS);
    if !leads.exists() {
        bail!("no leads in {}", leads.display());
    }
    let python = python()?;
    run(&mut cargo(&["build", "--quiet", "--release", "--package", "kelvin"])?)?;
    let kelvin = target()?.join("release/kelvin");
    let (mut ours, mut theirs) = (Cost::NONE, Cost::NONE);
    for _ in 0..ROUNDS {
        let mut peer = timed(&python);
        peer.arg(&python).arg("xtask/src/bench/train.py").arg(&leads);
        peer.args([";", "y", "yes", "duration", THREADS]);
        theirs = theirs.least(Cost::of(&output(&mut peer)?)?);
        let mut train: Command = timed(&python);
        train.arg(&kelvin).args(["train", "--leads"]).arg(&leads).args(["--outcome", "lead.y == 'yes'"]);
        train.args(["--ignore", "duration", "--threads", THREADS]);
        ours = ours.least(Cost::of(&output(&mut train)?)?);
    }
    println!("41,188 leads, 19 columns, five folds and a fit to all, two threads");
    println!("  kelvin    {ours}  with the logistic model, calibration and intervals");
    println!("  lightgbm  {theirs}");
    println!(
        "  {:.2} times as fast with {:.2} of the memory",
        theirs.seconds / ours.seconds,
        ours.megabytes / theirs.megabytes
    );
    Ok(())
}

/// A Python that has LightGBM.
fn python() -> Result<PathBuf> {
    let venv = target()?.join("bench-lightgbm");
    let python = venv.join("bin/python");
    if !python.exists() {
        run(program("python3", &["-m", "venv"]).arg(&venv))?;
        run(&mut program(&python, &["-m", "pip", "install", "--quiet", "lightgbm", "numpy"]))?;
    }
    Ok(python)
}
