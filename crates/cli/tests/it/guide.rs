//! The guides do what they say: their files are written, their commands run, their output compared.
//!
//! In a guide, a fenced block whose first word is followed by a file name (as in "```csv contacts.csv") is a file; in a
//! `console` block a line with `$ ` is a command for the shell, and what follows it is all that it prints. With
//! `KELVIN_UPDATE=1` set, the test writes what is printed into the guide instead.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::run::Folder;

/// A fenced block: what stands after the fence, and its lines.
struct Block {
    info: String,
    first: usize,
    lines: Vec<String>,
}

#[test]
fn the_guide_from_an_export_to_a_ranked_list_is_true() {
    check("docs/guide/ten-minutes.md");
}

#[test]
fn the_guide_from_an_export_to_a_scorecard_is_true() {
    check("docs/guide/from-an-export.md");
}

#[test]
fn the_guide_to_editors_is_true() {
    check("docs/guide/editors.md");
}

#[test]
fn the_guide_to_tests_of_a_model_is_true() {
    check("docs/guide/testing-your-model.md");
}

#[test]
fn the_guide_to_attribution_is_true() {
    check("docs/guide/attribution.md");
}

#[test]
fn the_guide_to_what_models_learn_from_is_true() {
    check("docs/guide/learning.md");
}

#[test]
fn the_guide_to_probabilities_is_true() {
    check("docs/guide/predicting.md");
}

#[test]
fn the_guide_to_judging_scores_is_true() {
    check("docs/guide/evaluate.md");
}

#[test]
fn the_guide_to_drift_is_true() {
    check("docs/guide/drift.md");
}

#[test]
fn the_guide_to_bounds_is_true() {
    check("docs/guide/thresholds.md");
}

#[test]
fn the_guide_to_a_scorecard_from_history_is_true() {
    check("docs/guide/scorecard.md");
}

#[test]
fn the_guide_to_experiments_is_true() {
    check("docs/guide/experiment.md");
}

fn check(guide: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(guide);
    let text = fs::read_to_string(&path).expect("the guide");
    let folder = Folder::new(&[]);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for block in blocks(&text).into_iter().rev().collect::<Vec<_>>().into_iter().rev() {
        if let Some((_, name)) = block.info.split_once(' ') {
            folder.write(name, &format!("{}\n", block.lines.join("\n")));
        }
    }
    let mut shift = 0_isize;
    for block in blocks(&text).iter().filter(|block| block.info == "console") {
        let printed = play(&folder, &block.lines);
        if env::var_os("KELVIN_UPDATE").is_some() {
            let start = block.first.checked_add_signed(shift).expect("a line");
            lines.splice(start..start + block.lines.len(), printed.iter().cloned());
            shift += printed.len() as isize - block.lines.len() as isize;
        } else {
            assert_eq!(block.lines.join("\n"), printed.join("\n"), "{guide}, line {}", block.first + 1);
        }
    }
    if env::var_os("KELVIN_UPDATE").is_some() {
        fs::write(path, lines.join("\n") + "\n").expect("the guide");
    }
}

/// The commands of a block, each with what it prints now.
fn play(folder: &Folder, lines: &[String]) -> Vec<String> {
    let mut printed = Vec::new();
    let mut rest = lines.iter();
    while let Some(line) = rest.find(|line| line.starts_with("$ ")) {
        let mut command = line[2..].to_owned();
        printed.push(line.clone());
        while command.ends_with('\\') {
            let more = rest.next().expect("the rest of a command");
            command.truncate(command.len() - 1);
            command.push_str(more);
            printed.push(more.clone());
        }
        printed.extend(shell(folder, &command).lines().map(str::to_owned));
    }
    printed
}

/// What a command prints on standard output and standard error.
fn shell(folder: &Folder, command: &str) -> String {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_kelvin"));
    let mut paths = vec![binary.parent().expect("a folder").to_owned()];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder.path(""))
        .env("PATH", env::join_paths(paths).expect("a path"))
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    String::from_utf8(output.stdout).expect("text")
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    // A block that holds fences has a longer fence itself.
    let mut fence: Option<&str> = None;
    for (number, line) in text.lines().enumerate() {
        let info = line.trim_start_matches('`');
        let ticks = &line[..line.len() - info.len()];
        match fence {
            None if ticks.len() >= 3 => {
                blocks.push(Block { info: info.to_owned(), first: number + 1, lines: Vec::new() });
                fence = Some(ticks);
            }
            Some(open) if line == open => fence = None,
            Some(_) => blocks.last_mut().expect("a block").lines.push(line.to_owned()),
            None => {}
        }
    }
    blocks
}
