//! `kelvin backup` and `kelvin restore`: a store copied, and put back.

use std::path::PathBuf;

use clap::Args;
use kelvin_store::{Copied, aside, backup, restore};

use super::store::StoreFile;
use crate::{
    failure::{Exit, Failure, Outcome},
    terminal::tell,
};

/// Copy the store of the live service into a file
///
/// The service may run meanwhile. The copy holds all that was acknowledged when it began, is a store itself, and appears under
/// its name when it is complete and on the disk.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin backup kelvin-2026-11-22.db
  kelvin backup --store /var/lib/kelvin/kelvin.db /backups/kelvin.db

Exit status: 0 copied; 2 the store cannot be read, or the file is there already or cannot be written.")]
pub(crate) struct Backup {
    /// The file to write; it must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    store: StoreFile,
}

/// Make the store of the live service what a backup holds
///
/// The service must not run. The store that is there is kept beside, as `kelvin.db.before-restore`. The backup is checked first,
/// and stays as it is.
#[derive(Debug, Args)]
#[command(mut_arg("location", |store| store.help("The store to make of it")))]
#[command(after_help = "\
Examples:
  kelvin restore kelvin-2026-11-22.db
  kelvin restore --store /var/lib/kelvin/kelvin.db /backups/kelvin.db

Exit status: 0 restored; 2 the backup is damaged, or the store is in use or cannot be written.")]
pub(crate) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    store: StoreFile,
}

pub(crate) fn run(arguments: &Backup) -> Outcome {
    let copied = backup(&arguments.store.path()?, &arguments.file).map_err(failure)?;
    tell(format_args!("copied {} to `{}`", Shown(copied), arguments.file.display()));
    Ok(Exit::Done)
}

pub(crate) fn run_restore(arguments: &Restore) -> Outcome {
    let store = arguments.store.path()?;
    let kept = aside(&store);
    let was_there = store.exists();
    let copied = restore(&arguments.file, &store).map_err(failure)?;
    tell(format_args!("`{}` holds {} now", store.display(), Shown(copied)));
    if was_there {
        tell(format_args!("what it held before is kept in `{}`", kept.display()));
    }
    Ok(Exit::Done)
}

fn failure(error: kelvin_store::Error) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        kelvin_store::Error::Exists { .. } => failure.help("move it away first, or choose another name"),
        kelvin_store::Error::InUse { .. } => failure.help("stop the service first"),
        _ => failure,
    }
}

/// What a copy holds, for people.
struct Shown(Copied);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Copied { events, bytes } = self.0;
        let plural = if events == 1 { "" } else { "s" };
        write!(f, "{events} event{plural} ({:.1} MB)", bytes as f64 / 1e6)
    }
}
