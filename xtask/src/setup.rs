//! What the other commands need on a fresh machine: told apart from the tests, installed where we may.

use std::{fs, path::Path};

use anyhow::{Result, bail};

use crate::shell::{cargo, program, run, works};

/// Makes sure that rustfmt and clippy are there, and the PostgreSQL that tests start.
pub(crate) fn all() -> Result<()> {
    components()?;
    postgresql()
}

fn components() -> Result<()> {
    for component in ["fmt", "clippy"] {
        if works(&mut cargo(&[component, "--version"])?) {
            continue;
        }
        let name = if component == "fmt" { "rustfmt" } else { component };
        println!("installing {name}");
        run(&mut program("rustup", &["component", "add", name]))?;
    }
    Ok(())
}

fn postgresql() -> Result<()> {
    if has_postgresql() {
        return Ok(());
    }
    let is_installed = install("postgresql", "which the tests of the store start");
    if !is_installed || !has_postgresql() {
        bail!("PostgreSQL is missing and could not be installed: try `sudo apt-get install postgresql`");
    }
    Ok(())
}

/// Debian keeps the programs of PostgreSQL by version, and away from others.
fn has_postgresql() -> bool {
    let mut versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let is_there = |version: fs::DirEntry| Path::exists(&version.path().join("bin/initdb"));
    works(&mut program("initdb", &["--version"])) || versions.any(is_there)
}

/// Makes sure that a program is there, from the Debian package of that name if need be.
pub(crate) fn package(name: &str, package: &str, why: &str) -> Result<()> {
    if works(&mut program(name, &["--version"])) {
        return Ok(());
    }
    if !install(package, why) || !works(&mut program(name, &["--version"])) {
        bail!("`{name}` is missing and could not be installed: {why}; try `sudo apt-get install {package}`");
    }
    Ok(())
}

fn install(package: &str, why: &str) -> bool {
    println!("installing {package}, {why}");
    let install = ["install", "--yes", "--no-install-recommends", package];
    works(&mut program("apt-get", &["update"]))
        && works(program("apt-get", &install).env("DEBIAN_FRONTEND", "noninteractive"))
}
