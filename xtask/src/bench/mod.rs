//! `cargo xtask bench`: measurements. None of them is a test, but instruction counts have a baseline that CI compares.

use anyhow::{Result, bail};

mod boosters;
pub(crate) mod counts;
mod growth;
mod intake;
mod learn;
mod score;
mod soak;
mod timed;

struct Bench {
    name: &'static str,
    what: &'static str,
    run: fn(&[&str]) -> Result<()>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "counts",
        what: "instructions of the kernel's apply and score against benches/counts.txt; `counts --save` writes it",
        run: counts::command,
    },
    Bench {
        name: "score",
        what: "`kelvin score` against the same job as SQL, and text formats; `score 2 20 100`: millions of events",
        run: score::command,
    },
    Bench {
        name: "intake",
        what: "`kelvin serve` under load against parsing the same requests; `intake 20 1000000`: seconds, leads",
        run: intake::command,
    },
    Bench {
        name: "soak",
        what: "whether `kelvin serve` holds more and more; `soak 60 1000000 5000`: minutes, leads, events a second",
        run: soak::command,
    },
    Bench {
        name: "learn",
        what: "`train`, `suggest` and `attribute` against LightGBM, FasterRisk and ChannelAttribution",
        run: learn::command,
    },
    Bench {
        name: "boosters",
        what: "how well `train` predicts, and how fast, beside LightGBM, XGBoost, CatBoost and EBM",
        run: boosters::command,
    },
    Bench {
        name: "growth",
        what: "`train`, `suggest`, `evaluate` and `attribute` on leads and four times as many; `growth 250 1000`: thousands of them",
        run: growth::command,
    },
];

/// Runs one measurement, or all.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    let Some((name, rest)) = args.split_first() else {
        return BENCHES.iter().try_for_each(|bench| (bench.run)(&[]));
    };
    if *name == "help" {
        BENCHES.iter().for_each(|bench| println!("{:<10} {}", bench.name, bench.what));
        return Ok(());
    }
    match BENCHES.iter().find(|bench| bench.name == *name) {
        Some(bench) => (bench.run)(rest),
        None => bail!("unknown measurement `{name}`: see `cargo xtask bench help`"),
    }
}
