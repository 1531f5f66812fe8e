//! Instructions per operation, counted by valgrind: the same on a busy machine and on an idle one.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    setup,
    shell::{cargo, output, program, root, run, target},
};

/// Change, in percent of the baseline, that is not told.
const TOLERANCE: f64 = 3.0;

const BASELINE: &str = "benches/counts.txt";

const HEADER: &str = "\
# Instructions per operation of the kernel, counted by callgrind over benches/src/counts.rs.
# Written by `cargo xtask bench counts --save`; `cargo xtask test` compares. A change beyond 3 % is a decision:
# save the new numbers in the commit that makes it, and say why.
";

/// Instructions per operation, by scenario.
type Counts = BTreeMap<String, f64>;

/// `counts` compares, `counts --save` writes the baseline.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    match args {
        [] => check(),
        ["--save"] => {
            let counts = measure()?;
            fs::write(root().join(BASELINE), written(&counts, &compiler()?)?)?;
            println!("{BASELINE} holds {} scenarios", counts.len());
            Ok(())
        }
        _ => bail!("`counts` takes `--save` or nothing"),
    }
}

/// Measures and compares with the baseline.
pub(crate) fn check() -> Result<()> {
    let baseline = fs::read_to_string(root().join(BASELINE)).context(BASELINE)?;
    let counts = measure()?;
    let compiler = compiler()?;
    if !baseline.contains(&format!("# {compiler}\n")) {
        println!("{BASELINE} was counted with another compiler than {compiler}: told, not judged");
        print!("{}", written(&counts, &compiler)?);
        return Ok(());
    }
    let told = compared(&read(&baseline)?, &counts);
    if told.is_empty() {
        println!("{} scenarios within {TOLERANCE} % of {BASELINE}", counts.len());
        return Ok(());
    }
    bail!("{}\n`cargo xtask bench counts --save` takes the new numbers", told.join("\n"));
}

/// Counts every scenario of the driver.
fn measure() -> Result<Counts> {
    setup::package("valgrind", "valgrind", "to count instructions")?;
    run(&mut cargo(&["build", "--quiet", "--release", "--package", "kelvin-benches", "--bin", "counts"])?)?;
    let driver = target()?.join("release/counts");
    let names = output(&mut program(&driver, &[]))?;
    names.lines().map(|name| Ok((name.to_owned(), scenario(&driver, name)?))).collect()
}

/// Runs the driver twice on one scenario, the second time with more operations: the difference is free of the set-up.
fn scenario(driver: &Path, name: &str) -> Result<f64> {
    let (less, more) = (instructions(driver, name, 1)?, instructions(driver, name, 2)?);
    let (instructions, operations) = (more.0 - less.0, more.1 - less.1);
    if operations <= 0.0 {
        bail!("`{name}` does nothing");
    }
    println!("{name:<24} {:>10.1}", instructions / operations);
    Ok(instructions / operations)
}

/// Instructions of one run, and the operations that it tells to have done.
fn instructions(driver: &Path, name: &str, rounds: u32) -> Result<(f64, f64)> {
    let out: PathBuf = target()?.join("callgrind.out");
    let mut valgrind = program("valgrind", &["--quiet", "--tool=callgrind"]);
    valgrind.arg(format!("--callgrind-out-file={}", out.display()));
    let operations = output(valgrind.arg(driver).arg(name).arg(rounds.to_string()))?;
    let report = fs::read_to_string(&out)?;
    let total =
        report.lines().find_map(|line| line.strip_prefix("totals: ")).context("callgrind tells no total")?;
    Ok((total.trim().parse()?, operations.trim().parse()?))
}

fn compiler() -> Result<String> {
    Ok(output(&mut program("rustc", &["--version"]))?.trim().to_owned())
}

fn written(counts: &Counts, compiler: &str) -> Result<String> {
    let mut text = format!("{HEADER}# {compiler}\n");
    for (name, count) in counts {
        writeln!(text, "{name:<24} {count:>10.1}")?;
    }
    Ok(text)
}

fn read(baseline: &str) -> Result<Counts> {
    let lines = baseline.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (name, count) = line.split_once(' ').with_context(|| format!("{BASELINE}: `{line}`"))?;
            Ok((name.to_owned(), count.trim().parse()?))
        })
        .collect()
}

/// What changed beyond the tolerance, a line each.
fn compared(baseline: &Counts, counts: &Counts) -> Vec<String> {
    let mut told = Vec::new();
    for (name, now) in counts {
        match baseline.get(name) {
            None => told.push(format!("{name}: not in {BASELINE}")),
            Some(before) => {
                let change = 100.0 * (now - before) / before;
                if change.abs() > TOLERANCE {
                    told.push(format!(
                        "{name}: {before:.1} instructions before, {now:.1} now ({change:+.1} %)"
                    ));
                }
            }
        }
    }
    let gone = baseline.keys().filter(|name| !counts.contains_key(*name));
    told.extend(gone.map(|name| format!("{name}: no longer counted")));
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &[(&str, f64)], now: &[(&str, f64)], expect: &[&str]) {
        let counts =
            |of: &[(&str, f64)]| of.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        assert_eq!(compared(&counts(before), &counts(now)), expect);
    }

    #[test]
    fn a_change_beyond_the_tolerance_is_told_both_ways() {
        check(&[("a", 100.0)], &[("a", 102.9)], &[]);
        check(&[("a", 100.0)], &[("a", 103.1)], &["a: 100.0 instructions before, 103.1 now (+3.1 %)"]);
        check(&[("a", 100.0)], &[("a", 90.0)], &["a: 100.0 instructions before, 90.0 now (-10.0 %)"]);
    }

    #[test]
    fn a_scenario_that_comes_or_goes_is_told() {
        check(&[], &[("a", 1.0)], &["a: not in benches/counts.txt"]);
        check(&[("a", 1.0)], &[], &["a: no longer counted"]);
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let counts = Counts::from([("apply".to_owned(), 12.5), ("score".to_owned(), 700.0)]);
        assert_eq!(read(&written(&counts, "rustc 1").unwrap()).unwrap(), counts);
    }
}
