//! Where a store is: a file, or a database of PostgreSQL.

use std::{
    ffi::OsStr,
    fmt::{self, Display, Formatter},
    path::{Path, PathBuf},
};

use crate::{Error, Result, postgres::Address};

/// Where a store is.
#[derive(Debug, Clone)]
pub enum Location {
    /// In a file of SQLite's.
    File(PathBuf),
    /// In a database of PostgreSQL's.
    Postgres(Address),
}

/// How an address of PostgreSQL's begins.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

impl Location {
    /// Reads where a store is: an address as `postgres://user:password@host:5432/database`, or else the path of a file.
    ///
    /// # Errors
    /// An address that cannot be read, or asks for what there is not.
    pub fn parse(text: &OsStr) -> Result<Self> {
        match text.to_str().filter(|text| SCHEMES.iter().any(|scheme| text.starts_with(scheme))) {
            Some(address) => Ok(Self::Postgres(Address::parse(address)?)),
            None => Ok(Self::File(text.into())),
        }
    }

    /// The file of the store.
    ///
    /// # Errors
    /// The store is no file.
    pub fn file(&self) -> Result<&Path> {
        match self {
            Self::File(path) => Ok(path),
            Self::Postgres(_) => Err(Error::NoFile { store: self.clone() }),
        }
    }
}

/// Without the password.
impl Display for Location {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Location {
    fn from(path: &P) -> Self {
        Self::File(path.as_ref().to_owned())
    }
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}
