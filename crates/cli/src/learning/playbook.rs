//! The outcomes of a playbook, by their ids and kinds.

use std::path::Path;

use kelvin_kernel::program::Program;
use kelvin_model::playbook::plan;

use super::{layout, outcome::Defined};
use crate::{
    failure::{Failure, Outcome},
    playbooks,
    terminal::Terminal,
};

/// The outcome of a playbook that is meant: by its id, or all of a kind; without a name the only one.
pub(crate) fn defined(path: &Path, name: Option<&str>, terminal: &Terminal) -> Outcome<Defined> {
    let playbook = playbooks::read(path, (&[], None), terminal)?;
    let by_events = meant(path, playbook.outcomes, name)?;
    let mut names: Vec<String> = by_events.iter().flat_map(|outcome| outcome.names.clone()).collect();
    names.sort();
    names.dedup();
    let program = Program::new(layout::plan(&names, playbook.schema)?);
    Ok(Defined { program, by_events, told: None })
}

fn meant(path: &Path, outcomes: Vec<plan::Outcome>, name: Option<&str>) -> Outcome<Vec<plan::Outcome>> {
    let file = path.display();
    if outcomes.is_empty() {
        return Err(Failure::new(format!("`{file}` defines no outcome"))
            .help("add one: `outcomes: [{id: won, kind: won, event: Deal Won}]`"));
    }
    let known = outcomes.iter().map(|outcome| format!("`{}`", outcome.id)).collect::<Vec<_>>().join(", ");
    let Some(name) = name else {
        return match outcomes.len() {
            1 => Ok(outcomes),
            _ => Err(Failure::new(format!("`{file}` defines several outcomes"))
                .help(format!("name one of them with --outcome: {known}"))),
        };
    };
    let has_id = outcomes.iter().any(|outcome| outcome.id == name);
    let is_meant = |outcome: &plan::Outcome| if has_id { outcome.id == name } else { outcome.kind == name };
    let meant: Vec<_> = outcomes.into_iter().filter(is_meant).collect();
    if meant.is_empty() {
        return Err(
            Failure::new(format!("`{file}` defines no outcome `{name}`")).help(format!("there is {known}"))
        );
    }
    Ok(meant)
}
