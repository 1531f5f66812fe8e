//! `cargo xtask test clients`: the SDKs that others publish, and a real browser, against a real service.

use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    setup,
    shell::{cargo, program, root, run, target, works},
};

/// Installs what is missing, builds the service, and runs the tests of `clients`.
pub(crate) fn check() -> Result<()> {
    let why = "for the clients' tests";
    setup::package("node", "nodejs", why)?;
    setup::package("npm", "npm", why)?;
    setup::package("python3", "python3", why)?;
    setup::package("chromium", "chromium", why)?;
    let cache = cache()?;
    node_modules(&cache.join("node"))?;
    let python = python(&cache.join("python"), &root().join("clients/requirements.txt"))?;
    run(&mut cargo(&["build", "--quiet", "--package", "kelvin"])?)?;
    let tests = tests()?;
    let mut node = program("node", &["--test"]);
    node.args(tests).env("KELVIN_BIN", target()?.join("debug/kelvin")).env("KELVIN_PYTHON", python);
    run(&mut node)
}

/// The test files; Node finds them by itself only from version 21 on.
fn tests() -> Result<Vec<PathBuf>> {
    let mut tests = Vec::new();
    for entry in fs::read_dir(root().join("clients"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            tests.push(path);
        }
    }
    tests.sort();
    Ok(tests)
}

/// Where packages outlive the checkout.
pub(crate) fn cache() -> Result<PathBuf> {
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache"));
    let caches = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    Ok(caches.context("neither HOME nor XDG_CACHE_HOME is set")?.join("kelvin/clients"))
}

/// The packages of the lock file, in the cache, with a link where Node looks for them.
fn node_modules(folder: &Path) -> Result<()> {
    let clients = root().join("clients");
    let lock = fs::read_to_string(clients.join("package-lock.json"))?;
    unless_made(folder, &lock, || {
        println!("installing Node packages into {}", folder.display());
        for file in ["package.json", "package-lock.json"] {
            fs::copy(clients.join(file), folder.join(file))?;
        }
        let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        run(program("npm", &install).current_dir(folder))
    })?;
    let link = clients.join("node_modules");
    match fs::symlink_metadata(&link) {
        Ok(found) if !found.is_symlink() => return Ok(()),
        Ok(_) => fs::remove_file(&link)?,
        Err(_) => {}
    }
    symlink(folder.join("node_modules"), &link).with_context(|| format!("cannot make {}", link.display()))
}

/// A Python in a folder, with the packages of a file.
pub(crate) fn python(folder: &Path, requirements: &Path) -> Result<PathBuf> {
    let venv = folder.join("venv");
    unless_made(folder, &fs::read_to_string(requirements)?, || {
        println!("installing Python packages into {}", folder.display());
        if !works(&mut program("python3", &["-m", "ensurepip", "--version"])) {
            // Debian has it in a package of its own, which is no program that could be asked for its version.
            let install = ["install", "--yes", "--no-install-recommends", "python3-venv"];
            run(program("apt-get", &install).env("DEBIAN_FRONTEND", "noninteractive"))?;
        }
        run(program("python3", &["-m", "venv", "--clear"]).arg(&venv))?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        run(program(venv.join("bin/python"), &install).arg(requirements))
    })?;
    Ok(venv.join("bin/python"))
}

/// Makes what a folder holds, unless it was made of the same recipe before.
fn unless_made(folder: &Path, recipe: &str, make: impl FnOnce() -> Result<()>) -> Result<()> {
    let note = folder.join("made-of");
    if fs::read_to_string(&note).is_ok_and(|made| made == recipe) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    if let Err(error) = make() {
        bail!("{error:#}; is the package registry in reach?");
    }
    Ok(fs::write(note, recipe)?)
}
