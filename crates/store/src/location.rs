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
    /// An address that cannot be read, is of something else, or asks for what there is not.
    pub fn parse(text: &OsStr) -> Result<Self> {
        let address = text.to_str().unwrap_or_default();
        if SCHEMES.iter().any(|scheme| address.starts_with(scheme)) {
            return Ok(Self::Postgres(Address::parse(address)?));
        }
        match scheme(address) {
            Some(scheme) => Err(Error::Scheme(scheme.to_owned())),
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

/// What an address begins with, if it is one.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once("://")?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte);
    (!scheme.is_empty() && scheme.bytes().all(is_name)).then_some(scheme)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_a_file() {
        for path in ["kelvin.db", "/var/lib/kelvin/kelvin.db", "./mysql://x", "12:30.db", "a b://c", "://"] {
            let parsed = Location::parse(OsStr::new(path)).expect("a file");
            assert_eq!(parsed.file().expect("a file"), Path::new(path));
        }
    }

    #[test]
    fn an_address_of_something_else_is_told_without_its_password() {
        for (address, scheme) in [
            ("mysql://kelvin:sesame@db/kelvin", "mysql"),
            ("sqlite:///var/lib/kelvin.db", "sqlite"),
            ("POSTGRES://kelvin:sesame@db/kelvin", "POSTGRES"),
        ] {
            let told = Location::parse(OsStr::new(address)).expect_err("an error").to_string();
            let expect = format!(
                "a store is no `{scheme}://`: write the path of a file, or `postgres://user:password@host:5432/database`"
            );
            assert_eq!(told, expect);
        }
    }
}
