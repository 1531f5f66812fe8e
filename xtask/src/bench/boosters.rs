//! How well `train` predicts who it has not learned from, beside libraries of boosted trees, where the data is at hand.

use anyhow::{Result, bail};

use super::learn::{DATA, python};
use crate::shell::{cargo, program, root, run, target};

/// What the script needs.
const PACKAGES: [&str; 6] = ["lightgbm", "xgboost", "catboost", "interpret-core", "scikit-learn", "pandas"];

/// `boosters`: four tasks, with AUC, log loss and seconds of each.
pub(crate) fn command(_: &[&str]) -> Result<()> {
    let leads = root().join(DATA).join("leads");
    if !leads.exists() {
        bail!("no data in {}", leads.display());
    }
    let python = python("bench-boosters", &PACKAGES)?;
    run(&mut cargo(&["build", "--quiet", "--release", "--package", "kelvin"])?)?;
    let kelvin = target()?.join("release/kelvin");
    let script = root().join("xtask/src/bench/boosters.py");
    run(program(&python, &["-W", "ignore"]).args([script, kelvin, leads]))
}
