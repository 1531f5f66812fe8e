//! What the other commands need on a fresh machine: told apart from the tests, installed where we may.

use anyhow::Result;

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
