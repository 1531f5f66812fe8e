//! The engine that cases are compared with: the same that scores files.

use std::{
    collections::BTreeSet,
    io::Cursor,
    ops::ControlFlow,
    sync::{Mutex, PoisonError},
};

use kelvin_batch::{
    Files, Job, Models,
    read::{Input, ReadOptions, Reject, Rejects},
    score,
    selection::Selection,
};
use kelvin_kernel::{Instant, program::Program, score::Detail};
use kelvin_model::cases::{Case, Lines, lines as parse};

use crate::{
    failure::{Failure, Outcome},
    machine,
};

/// Rows of a case that could not be used: by file and line, each once however often the case is scored.
pub(super) type Rejected = Mutex<BTreeSet<(String, u64, String)>>;

/// The lines of a case's leads and accounts at an instant. Rows that cannot be used are noted in `rejected`.
pub(super) fn lines(programs: &[Program], case: &Case, at: Instant, rejected: &Rejected) -> Outcome<Lines> {
    let accounts = programs.iter().any(|program| program.plan().accounts.is_some());
    let models = Models::new(programs, accounts)?;
    let job = Job {
        models: &models,
        at,
        detail: Detail { until: true, reasons: true },
        selection: Selection::default(),
        resources: machine::resources(None, None),
    };
    let input = |name: &str, text: &str| Input::stream(name, Cursor::new(text.to_owned()));
    let files = Files::open(
        vec![input("leads.jsonl", &case.leads)],
        vec![input("events.jsonl", &case.events)],
        models.wanted(),
        &ReadOptions::default(),
    )?;
    let rejects = Rejects::new(|reject: &Reject| {
        let row = (reject.file.to_string(), reject.line, reject.reason.clone());
        rejected.lock().unwrap_or_else(PoisonError::into_inner).insert(row);
        ControlFlow::Continue(())
    });
    let scores = score(&job, &files.source(&rejects))?;
    let (mut leads, mut of_accounts) = (Vec::new(), Vec::new());
    scores.write_jsonl(true, &mut leads)?;
    if accounts {
        scores.write_accounts_jsonl(&mut of_accounts)?;
    }
    Ok(Lines { leads: objects(&leads)?, accounts: objects(&of_accounts)? })
}

fn objects(text: &[u8]) -> Outcome<Vec<kelvin_model::cases::Line>> {
    parse(&String::from_utf8_lossy(text)).map_err(|bad| Failure::new(bad.message))
}
