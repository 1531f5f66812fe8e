//! The store of a service in the place of files of events: what `kelvin export` writes, read as any file is.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;
use kelvin_server::Definitions;
use kelvin_store::Location;
use tempfile::TempDir;

use crate::{
    commands::export,
    failure::{Failure, Outcome},
};

/// A store to learn from.
#[derive(Debug, Default, Args)]
pub(crate) struct FromStore {
    /// Instead of files of events the store of the live service, which may run meanwhile: its events as `kelvin export` writes them, with
    /// identities joined and without what is void. A file, or `postgres://user:password@host/database`
    #[arg(
        id = "from_store",
        long = "store",
        value_name = "FILE|ADDRESS",
        group = "happenings",
        help_heading = "Input"
    )]
    location: Option<OsString>,

    #[arg(skip)]
    drawn: Option<Drawn>,
}

/// What was drawn from a store.
#[derive(Debug)]
struct Drawn {
    /// Goes with what is in it.
    _folder: TempDir,
    /// What the store is called.
    name: String,
}

impl FromStore {
    /// The store that the command line names.
    pub(crate) fn location(&self) -> Outcome<Option<Location>> {
        let location = self.location.as_deref().map(Location::parse).transpose();
        Ok(location.map_err(kelvin_server::Error::from)?)
    }

    /// Adds the events of the store to files of events, if the command line names one; the file of its outcomes, if definitions are
    /// given by which events tell them.
    pub(crate) fn draw(
        &mut self,
        events: &mut Vec<PathBuf>,
        definitions: Option<&Definitions>,
    ) -> Outcome<Option<PathBuf>> {
        let Some(location) = self.location()? else { return Ok(None) };
        let folder = TempDir::with_prefix("kelvin-")
            .map_err(|cause| Failure::new(format!("cannot make a temporary folder: {cause}")))?;
        let (file, name) = (folder.path().join("events.jsonl"), location.to_string());
        let outcomes = definitions.map(|definitions| (definitions, folder.path().join("outcomes.jsonl")));
        export::draw(location, &file, outcomes.as_ref().map(|(definitions, file)| (*definitions, &**file)))?;
        events.push(file);
        self.drawn = Some(Drawn { _folder: folder, name });
        Ok(outcomes.map(|(_, file)| file))
    }

    /// What the store is called from which events were drawn.
    pub(crate) fn name(&self) -> Option<&str> {
        self.drawn.as_ref().map(|drawn| drawn.name.as_str())
    }
}
