//! `kelvin test`: a user's own cases against a model.

mod engine;
mod find;

use std::{
    path::{Path, PathBuf},
    sync::PoisonError,
};

use clap::Args;
use kelvin_kernel::{plan::RuleSet, program::Program};
use kelvin_model::cases::{Case, Subject, Unmentioned, differences, unknown_rules};

use crate::{
    failure::{Exit, Outcome},
    models,
    output::Output,
    render::text::{counted, harmless},
    terminal::{Colour, Terminal},
};

/// Run cases of your own: what some leads must score, compared with what a model gives them
///
/// A case is a folder with `model.yaml`, `leads.jsonl`, `events.jsonl` and `expected.jsonl`, which holds lines such as
/// {"lead_id":"l1","as_of":"2026-03-01T00:00:00Z","score":61.25,"tier":"mql"}; keys that are left out are not compared.
/// `expected-accounts.jsonl` does the same for accounts. A Markdown file may hold cases in fenced blocks.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin test cases/                       every folder in it that holds a case
  kelvin test cases/ --model model.yaml    the same cases against another model
  kelvin test docs/scoring.md

A case does not hold either if a row of its leads or events is rejected.

Exit status: 0 all cases hold; 1 some do not; 2 a case or model cannot be used.")]
pub(crate) struct Arguments {
    /// Folders with a case, folders of such folders, Markdown files
    #[arg(value_name = "CASES", required = true)]
    cases: Vec<PathBuf>,

    /// Use this model instead of that of each case
    #[arg(short, long, value_name = "FILE")]
    model: Option<PathBuf>,

    /// Leads and accounts that no expected line mentions are differences too
    #[arg(long)]
    exact: bool,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let errors = Terminal::of_errors(colour);
    let given = arguments.model.as_deref().map(|path| models::one(path, &errors)).transpose()?;
    let unmentioned = if arguments.exact { Unmentioned::Unexpected } else { Unmentioned::Ignored };
    let mut report = String::new();
    let (mut failed, mut number) = (0, 0);
    for path in &arguments.cases {
        for case in find::cases(path)? {
            number += 1;
            if case.expected.is_empty() {
                let texts = case.model_differences();
                failed += usize::from(!texts.is_empty());
                for text in texts {
                    let (name, actual) = (harmless(&name_of(&case, path)), harmless_lines(&text.actual));
                    report.push_str(&format!("{name}\n  the {} is not as expected but\n{actual}", text.what));
                }
                continue;
            }
            let found = match &given {
                Some(program) => compare(&case, program, unmentioned)?,
                None => compare(
                    &case,
                    &models::of_text_in(
                        folder_of(&case, path),
                        (&model_name(&case, path), &case.model),
                        &errors,
                    )?,
                    unmentioned,
                )?,
            };
            if !found.is_empty() {
                failed += 1;
                report.push_str(&format!("{}\n", harmless(&name_of(&case, path))));
                found.iter().for_each(|line| report.push_str(&format!("  {}\n", harmless(line))));
            }
        }
    }
    report.push_str(&format!("{}, {failed} failed\n", counted(number, "case")));
    Output::write_text(None, &report)?;
    Ok(if failed > 0 { Exit::Findings } else { Exit::Done })
}

/// Why a case does not hold, in sentences: rows that cannot be used, then what is not as expected.
fn compare(case: &Case, program: &Program, unmentioned: Unmentioned) -> Outcome<Vec<String>> {
    let programs = std::slice::from_ref(program);
    let expected: Vec<_> = case.expected.iter().collect();
    let rejected = engine::Rejected::default();
    let mut found = differences(&expected, unmentioned, &|at| engine::lines(programs, case, at, &rejected))?;
    found.extend(unknown_rules(&expected, &|subject, rule| has_rule(program, subject, rule)));
    let rejected = rejected.into_inner().unwrap_or_else(PoisonError::into_inner);
    let rejected =
        rejected.into_iter().map(|(file, line, reason)| format!("{file}:{line} is rejected: {reason}"));
    Ok(rejected.chain(found.iter().map(ToString::to_string)).collect())
}

fn has_rule(program: &Program, subject: Subject, rule: &str) -> bool {
    let rules = match subject {
        Subject::Lead => Some(program.lead_rules()),
        Subject::Account => program.account_rules(),
    };
    let names =
        |set: &RuleSet| (0..set.rules.len()).flat_map(|place| set.reason_names(place)).collect::<Vec<_>>();
    rules.is_some_and(|rules| names(rules.set).iter().any(|known| known == rule))
}

/// What to call the model of a case in messages.
fn model_name(case: &Case, path: &Path) -> String {
    if case.line > 0 {
        format!("{}:{}", path.display(), case.line)
    } else {
        format!("{}/model.yaml", case.name)
    }
}

/// The folder of a case's model.
fn folder_of<'a>(case: &'a Case, path: &'a Path) -> &'a Path {
    if case.line > 0 { path.parent().unwrap_or(Path::new("")) } else { Path::new(&case.name) }
}

/// What to call a case: its folder, or its place in a text with the heading that it stands under.
fn name_of(case: &Case, path: &Path) -> String {
    if case.line > 0 { format!("{}:{}: {}", path.display(), case.line, case.name) } else { case.name.clone() }
}

fn harmless_lines(text: &str) -> String {
    let indented =
        |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {}\n", harmless(line)) };
    text.lines().map(indented).collect()
}
