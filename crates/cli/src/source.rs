//! Text files of the user's: models, cases.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::failure::{Failure, Outcome};

/// What is read at most of a model: far more than anybody writes, far less than memory.
const LONGEST: u64 = 64 << 20;

/// A file's name, as the user wrote it, and its bytes.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

impl Source {
    /// The bytes of a file that another one names.
    ///
    /// # Errors
    /// When it cannot be read, or is larger than anything that a model needs.
    pub(crate) fn read_named(path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > LONGEST {
            true => Err(io::Error::other("it is larger than 64 MiB")),
            false => Ok(bytes),
        }
    }

    /// Reads a file; `-` is standard input.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let failed = |cause: io::Error| Failure::file("read", path, &cause);
        let mut bytes = Vec::new();
        if path == Path::new("-") {
            io::stdin().take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        } else {
            fs::File::open(path)
                .map_err(failed)?
                .take(LONGEST + 1)
                .read_to_end(&mut bytes)
                .map_err(failed)?;
        }
        if bytes.len() as u64 > LONGEST {
            return Err(Failure::new(format!("cannot read `{}`: it is larger than 64 MiB", path.display())));
        }
        Ok(Self { path: path.to_owned(), bytes })
    }

    /// The name to show.
    pub(crate) fn name(&self) -> String {
        if self.path == Path::new("-") { "<stdin>".to_owned() } else { self.path.display().to_string() }
    }

    /// The bytes as text.
    pub(crate) fn text(&self) -> Outcome<&str> {
        std::str::from_utf8(&self.bytes)
            .map_err(|_| Failure::new(format!("cannot read `{}`: it is not UTF-8 text", self.name())))
    }
}
