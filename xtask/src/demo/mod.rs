//! `cargo xtask demo`: a small workspace, scored, and one lead explained.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, output, program, root, run, shown, target};

mod live;
mod persona;
mod workspace;

/// The lead that the demo explains.
const LEAD: &str = "priya.haddad@nordwind.example";

/// Builds kelvin, writes the workspace and shows what comes of it.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    let folder = match args {
        [] => root().join("kelvin-demo"),
        [folder] => PathBuf::from(folder),
        _ => bail!("`demo` takes one folder"),
    };
    println!("building kelvin; the first time it takes some minutes");
    let kelvin = build()?;
    write(&kelvin, &folder)?;
    println!("\n{} holds model.yaml, leads.csv and events.jsonl", folder.display());
    for mut command in commands(&kelvin, &folder) {
        println!("\n$ {}", shown(&command));
        run(&mut command)?;
    }
    live::run(&kelvin, &folder)?;
    println!(
        "\nChange {} and score again: {} score --help",
        folder.join("model.yaml").display(),
        kelvin.display()
    );
    Ok(())
}

/// Runs the demo out of the way; what it prints must be what the README shows. With `KELVIN_UPDATE=1` it is
/// written there instead.
pub(crate) fn check() -> Result<()> {
    let kelvin = build()?;
    let folder = target()?.join("demo");
    write(&kelvin, &folder)?;
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path)?;
    let mut now = readme.clone();
    for mut command in commands(&kelvin, &folder) {
        let printed = output(&mut command)?;
        now = with_output(&now, &shown(&command), &printed)?;
    }
    live::run(&kelvin, &folder)?;
    if std::env::var_os("KELVIN_UPDATE").is_some() {
        return Ok(fs::write(path, now)?);
    }
    if now != readme {
        bail!(
            "the README does not show what the demo prints; `KELVIN_UPDATE=1 cargo xtask test demo` writes it there"
        );
    }
    println!("the README shows what the demo prints");
    Ok(())
}

/// The text with the output of the command that begins a block of it.
fn with_output(text: &str, typed: &str, printed: &str) -> Result<String> {
    let fence = format!("```console\n$ {typed}\n");
    let Some((before, rest)) = text.split_once(&fence) else {
        bail!("the README has no console block that begins with `{typed}`");
    };
    let (_, after) = rest.split_once("```\n").context("a block of the README has no end")?;
    let lines: Vec<_> = printed.lines().map(str::trim_end).collect();
    Ok(format!("{before}{fence}{}\n```\n{after}", lines.join("\n").trim_end()))
}

/// The binary, as `cargo build` makes it: what is compiled for the tests serves here too.
fn build() -> Result<PathBuf> {
    run(&mut cargo(&["build", "--quiet", "--package", "kelvin"])?)?;
    Ok(target()?.join("debug/kelvin"))
}

fn write(kelvin: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let (leads, events) = workspace::files();
    fs::write(folder.join("leads.csv"), leads)?;
    fs::write(folder.join("events.jsonl"), events)?;
    let model = output(&mut program(kelvin, &["new", "--template", "b2b-saas"]))?;
    Ok(fs::write(folder.join("model.yaml"), model)?)
}

/// What the demo runs, from within its folder.
fn commands(kelvin: &Path, folder: &Path) -> [Command; 2] {
    [["score", "--top", "12", "--format", "table"].as_slice(), &["explain", LEAD]].map(|args| {
        let mut command = program(kelvin, args);
        command.args(["--model", "model.yaml", "--leads", "leads.csv", "--events", "events.jsonl"]);
        command.args(["--as-of", workspace::AS_OF]).current_dir(folder);
        command
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_gets_the_output_of_its_command() {
        let text = "a\n```console\n$ x\nold\n```\nb\n";
        assert_eq!(with_output(text, "x", "1  \n2\n\n").unwrap(), "a\n```console\n$ x\n1\n2\n```\nb\n");
        assert!(with_output(text, "y", "").is_err());
    }
}
