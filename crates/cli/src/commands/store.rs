//! The store that a command works on while no service uses it.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
    sync::Arc,
};

use clap::Args;
use kelvin_server::AtRest;
use kelvin_store::Location;

use crate::{
    clock,
    failure::{Failure, Outcome},
};

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
        location(&self.location)
    }
}

/// A store that is a file.
#[derive(Debug, Args)]
pub(crate) struct StoreFile {
    /// The store
    #[arg(
        long = "store",
        value_name = "FILE",
        default_value = "kelvin.db",
        env = "KELVIN_STORE",
        hide_env_values = true
    )]
    location: OsString,
}

impl StoreFile {
    /// Its path; a database has means of its own.
    pub(crate) fn path(&self) -> Outcome<PathBuf> {
        let location = location(&self.location)?;
        Ok(location.file().map_err(|cause| Failure::new(cause.to_string()))?.to_owned())
    }
}

/// Where a store is that is named so.
pub(crate) fn location(name: &OsStr) -> Outcome<Location> {
    Location::parse(name).map_err(|cause| Failure::new(cause.to_string()))
}
