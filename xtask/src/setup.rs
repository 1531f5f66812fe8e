//! What the other commands need on a fresh machine: told apart from the tests, installed where we may.

use anyhow::{Result, bail};

use crate::shell::{cargo, program, run, works};

/// Makes sure that rustfmt and clippy are there.
pub(crate) fn components() -> Result<()> {
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
/// Makes sure that a program is there, from the Debian package of that name if need be.
pub(crate) fn package(name: &str, package: &str, why: &str) -> Result<()> {
    if works(&mut program(name, &["--version"])) {
        return Ok(());
    }
    println!("installing {package}, {why}");
    let install = ["install", "--yes", "--no-install-recommends", package];
    let installed = works(&mut program("apt-get", &["update"]))
        && works(program("apt-get", &install).env("DEBIAN_FRONTEND", "noninteractive"));
    if !installed || !works(&mut program(name, &["--version"])) {
        bail!("`{name}` is missing and could not be installed: {why}; try `sudo apt-get install {package}`");
    }
    Ok(())
}
