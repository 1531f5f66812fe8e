//! `cargo xtask tidy`: the shape of the repository, checked by a small program.

use anyhow::{Result, bail};

use crate::shell::{output, program, root};

mod code;
mod files;
mod layers;
mod licences;
mod paths;
mod pure;

/// A tracked text file.
struct File {
    /// Relative to the root.
    path: String,
    text: String,
}

/// Runs all checks and prints every problem.
pub(crate) fn command() -> Result<()> {
    let files = tracked()?;
    let mut problems = Vec::new();
    problems.extend(layers::check(&files));
    problems.extend(pure::check(&files));
    problems.extend(files::check(&files));
    problems.extend(paths::check(&files, root()));
    problems.extend(licences::check(&files)?);
    for warning in files::long(&files) {
        println!("warning: {warning}");
    }
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    if !problems.is_empty() {
        bail!("the shape is broken in {} places", problems.len());
    }
    println!("{} files are in shape", files.len());
    Ok(())
}

/// All text files that git knows or would add.
fn tracked() -> Result<Vec<File>> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let paths = output(&mut program("git", &list))?;
    let read = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some(File { path: path.to_owned(), text })
    };
    Ok(paths.lines().filter_map(read).collect())
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The lines, counted from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(i, line)| (i + 1, line))
    }
}
