//! `kelvin erase` and `kelvin export-person`: what is known of a person removed, or told.

use std::io::{Write, stdout};

use clap::Args;

use super::store::Store;
use crate::{
    failure::{Exit, Failure, Outcome},
    terminal::tell,
};

/// Remove a person from the store of the live service
///
/// Removes events, attributes, ids, scores, tasks, messages and all else that is about the person, to the last byte of the file, and
/// leaves a proof in the audit log that tells nothing of them. The receipt that is printed is kept nowhere: who has it and knows the id
/// can show that the proof is of this person. The service must not run; while it runs, its API does the same. Backups are not touched.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin erase ada@acme.example
  kelvin erase --store /var/lib/kelvin/kelvin.db 5f0c-…

Exit status: 0 removed; 2 nothing is known of the id, or the store is in use or cannot be written.")]
pub(crate) struct Erase {
    /// Any id of the person: a user id, an anonymous id, an e-mail address
    #[arg(value_name = "LEAD")]
    lead: String,

    #[command(flatten)]
    store: Store,
}

/// Print all that the store of the live service knows of a person, as JSON
///
/// The service must not run; while it runs, its API does the same.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin export-person ada@acme.example > ada.json

Exit status: 0 printed; 2 nothing is known of the id, or the store is in use or cannot be read.")]
pub(crate) struct Export {
    /// Any id of the person: a user id, an anonymous id, an e-mail address
    #[arg(value_name = "LEAD")]
    lead: String,

    #[command(flatten)]
    store: Store,
}

pub(crate) fn run(arguments: &Erase) -> Outcome {
    let erased = arguments.store.open()?.erase(&arguments.lead)?;
    let erased = erased.ok_or_else(|| unknown(&arguments.lead))?;
    writeln!(stdout(), "proof    {}\nreceipt  {}", erased.proof, erased.receipt)?;
    let (events, rows) = (erased.removed.events, erased.removed.rows);
    tell(format_args!("removed {events} events and {rows} other rows; keep the receipt, it is kept nowhere"));
    Ok(Exit::Done)
}

pub(crate) fn run_export(arguments: &Export) -> Outcome {
    let told = arguments.store.open()?.export(&arguments.lead)?;
    writeln!(stdout(), "{}", told.ok_or_else(|| unknown(&arguments.lead))?)?;
    Ok(Exit::Done)
}

fn unknown(lead: &str) -> Failure {
    Failure::new(format!("nothing is known of `{lead}`"))
}
