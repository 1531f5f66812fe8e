//! What learns side by side with the same jobs by the field's own tools, where the data is at hand.
//!
//! Times are told as ratios to what ran in the same minutes: this machine's seconds mean nothing on another.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::timed::{Cost, timed};
use crate::shell::{cargo, output, program, root, run, target};

/// Data with known outcomes.
pub(super) const DATA: &str = "../shared/data";
/// How often each side runs, in turns; the best of each counts.
const ROUNDS: usize = 3;
/// What the peers' scripts need. Of FasterRisk and ChannelAttribution there are no builds for a newer NumPy.
const PACKAGES: [&str; 5] = ["lightgbm", "fasterrisk", "ChannelAttribution", "numpy<2", "pandas<2"];

/// A job that both sides do on the same data.
struct Contest {
    /// The data, among [`DATA`].
    data: &'static str,
    what: &'static str,
    /// What follows `kelvin`; the data goes at the end.
    ours: &'static [&'static str],
    peer: &'static str,
    /// A script in this folder, which takes the data first.
    script: &'static str,
    arguments: &'static [&'static str],
}

const CONTESTS: [Contest; 3] = [
    Contest {
        data: "leads/bank-additional-full.csv",
        what: "train: 41,188 leads, 19 columns, three folds and a fit to all; ours with the logistic model, calibration and intervals",
        ours: &["train", "--outcome", "lead.y == 'yes'", "--ignore", "duration", "--threads", "2", "--leads"],
        peer: "LightGBM",
        script: "lightgbm_folds.py",
        arguments: &[";", "y", "yes", "duration", "2"],
    },
    Contest {
        data: "risk_slim/adult_data.csv",
        what: "suggest: ten rules of 36 for 32,561 people; ours with intervals and what was held out",
        ours: &["suggest", "--outcome", "lead.Over50K == 1", "--rules", "10", "--leads"],
        peer: "FasterRisk",
        script: "scorecard.py",
        arguments: &[],
    },
    Contest {
        data: "journeys/pathdata.csv.gz",
        what: "attribute: 10,000 paths over 12 channels; ours with Shapley's values",
        ours: &[
            "attribute",
            "--map",
            "conversions=total_conversions,value=total_conversion_value,misses=total_null",
            "--paths",
        ],
        peer: "ChannelAttribution",
        script: "attribution.py",
        arguments: &[],
    },
];

/// `learn`: all contests.
pub(crate) fn command(_: &[&str]) -> Result<()> {
    let data = root().join(DATA);
    if !data.exists() {
        bail!("no data in {}", data.display());
    }
    let python = python("bench-learn", &PACKAGES)?;
    run(&mut cargo(&["build", "--quiet", "--release", "--package", "kelvin"])?)?;
    let kelvin = target()?.join("release/kelvin");
    CONTESTS.iter().try_for_each(|contest| contest.hold(&kelvin, &python, &data.join(contest.data)))
}

impl Contest {
    fn hold(&self, kelvin: &Path, python: &Path, data: &Path) -> Result<()> {
        let (mut ours, mut theirs) = (Cost::NONE, Cost::NONE);
        let script = root().join("xtask/src/bench").join(self.script);
        for _ in 0..ROUNDS {
            let mut peer = timed(python);
            peer.arg(python).arg(&script).arg(data).args(self.arguments);
            theirs = theirs.least(Cost::of(&output(&mut peer)?)?);
            let mut own = timed(python);
            own.arg(kelvin).args(self.ours).arg(data);
            ours = ours.least(Cost::of(&output(&mut own)?)?);
        }
        println!("{}", self.what);
        println!("  {:<18} {ours}", "kelvin");
        println!("  {:<18} {theirs}", self.peer);
        println!(
            "  {:.2} times as fast with {:.2} of the memory",
            theirs.seconds / ours.seconds,
            ours.megabytes / theirs.megabytes
        );
        Ok(())
    }
}

/// A Python that has some packages, in a folder of this name among what is built.
pub(super) fn python(folder: &str, packages: &[&str]) -> Result<PathBuf> {
    let venv = target()?.join(folder);
    let python = venv.join("bin/python");
    if !python.exists() {
        run(program("python3", &["-m", "venv"]).arg(&venv))?;
        run(program(&python, &["-m", "pip", "install", "--quiet"]).args(packages))?;
    }
    Ok(python)
}
