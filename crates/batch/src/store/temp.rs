//! A temporary file that workers append to and read from. It has no name and vanishes with the process.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use crate::Error;

/// A temporary file, made when something is first appended.
#[derive(Debug)]
pub(crate) struct Temp {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    file: Option<File>,
    end: u64,
}

impl Temp {
    /// A file in `folder`.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, state: Mutex::default() }
    }

    /// Appends bytes; returns where they begin.
    pub(crate) fn append(&self, bytes: &[u8]) -> Result<u64, Error> {
        self.with(|state| {
            let start = state.end;
            let file = match &mut state.file {
                Some(file) => file,
                none => none.insert(tempfile::tempfile_in(&self.folder)?),
            };
            file.seek(SeekFrom::Start(start))?;
            file.write_all(bytes)?;
            state.end += bytes.len() as u64;
            Ok(start)
        })
    }

    /// Reads `length` bytes from `start`.
    pub(crate) fn read(&self, start: u64, length: usize) -> Result<Vec<u8>, Error> {
        self.with(|state| {
            let file = state.file.as_mut().ok_or(std::io::ErrorKind::NotFound)?;
            let mut bytes = vec![0; length];
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(&mut bytes)?;
            Ok(bytes)
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> std::io::Result<T>) -> Result<T, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut state).map_err(|cause| Error::Temporary { folder: self.folder.display().to_string(), cause })
    }
}
