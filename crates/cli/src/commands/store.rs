//! The store that a command works on while no service uses it.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use kelvin_server::AtRest;

use crate::{clock, failure::Outcome};

/// Which store.
#[derive(Debug, Args)]
pub(crate) struct Store {
    /// The file that holds the store
    #[arg(long = "store", value_name = "FILE", default_value = "kelvin.db")]
    path: PathBuf,
}

impl Store {
    /// Opens it.
    pub(crate) fn open(&self) -> Outcome<AtRest> {
        Ok(AtRest::open(&self.path, Arc::new(clock::now))?)
    }
}
