//! The store that a command works on while no service uses it.

use std::{ffi::OsString, sync::Arc};

use clap::Args;
use kelvin_server::AtRest;
use kelvin_store::Location;

use crate::{clock, failure::Outcome};

/// Which store.
#[derive(Debug, Args)]
pub(crate) struct Store {
    /// What holds the store: a file, or `postgres://user:password@host/database`
    #[arg(
        long = "store",
        value_name = "FILE|ADDRESS",
        default_value = "kelvin.db",
        env = "KELVIN_STORE",
        hide_env_values = true
    )]
    location: OsString,
}

impl Store {
    /// Opens it.
    pub(crate) fn open(&self) -> Outcome<AtRest> {
        Ok(AtRest::open(self.location()?, Arc::new(clock::now))?)
    }

    /// Where it is.
    pub(crate) fn location(&self) -> Outcome<Location> {
        Ok(Location::parse(&self.location).map_err(kelvin_server::Error::from)?)
    }
}
