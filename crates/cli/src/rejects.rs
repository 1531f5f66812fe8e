//! Rejected rows on standard error: the first ones one by one, then how many there were; all of them in a file.

use std::{
    ops::ControlFlow,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use kelvin_batch::read::Reject;
use serde_json::json;

use crate::{
    failure::{Failure, Outcome},
    output::Output,
    render::text::{counted, harmless},
    terminal::tell,
};

/// Rows that are told one by one.
const TOLD: u64 = 20;

/// Tells rejected rows.
pub(crate) struct Teller {
    state: Mutex<State>,
    strict: bool,
}

struct State {
    count: u64,
    file: Option<Output>,
    /// What went wrong while writing; told once, at the end.
    failure: Option<Failure>,
}

impl Teller {
    /// A teller; `file` takes all rejected rows, `strict` stops at the first.
    pub(crate) fn new(file: Option<&PathBuf>, strict: bool) -> Outcome<Self> {
        let file = file.map(|path| Output::open(Some(path))).transpose()?;
        Ok(Self { state: Mutex::new(State { count: 0, file, failure: None }), strict })
    }

    /// Tells a row; breaks where no further row is wanted. `say` prints a line on standard error.
    pub(crate) fn tell(&self, reject: &Reject, say: impl Fn(&str)) -> ControlFlow<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.count += 1;
        if state.count <= TOLD {
            say(&format!("rejected: {}", harmless(&reject.to_string())));
        }
        let line = json!({"file": &*reject.file, "line": reject.line, "reason": reject.reason});
        if let Some(Err(failure)) = state.file.as_mut().map(|file| file.put(format!("{line}\n").as_bytes())) {
            state.failure.get_or_insert(failure);
        }
        if self.strict || state.failure.is_some() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// How many rows were rejected; tells the number where not all of them were told.
    pub(crate) fn finish(self) -> Outcome<u64> {
        let State { count, file, failure } = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = failure {
            return Err(failure);
        }
        let kept = file.is_some();
        file.map_or(Ok(()), Output::finish)?;
        if count > TOLD {
            let rest = counted(count - TOLD, "further row");
            let hint = if kept { "" } else { ": --rejects FILE keeps all of them" };
            tell(format_args!("rejected: {rest}{hint}"));
        }
        Ok(count)
    }
}
