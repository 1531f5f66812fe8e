//! Where results go: standard output, or a file that appears only when it is complete.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::failure::{Failure, Outcome};

/// How a report is written: for people, or for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ReportFormat {
    Text,
    Json,
}

/// An open output. A file that is not [finished](Output::finish) leaves no trace.
pub(crate) struct Output {
    writer: BufWriter<Sink>,
    path: Option<PathBuf>,
}

enum Sink {
    Standard(io::Stdout),
    /// Beside its final place, until it is complete.
    Pending(NamedTempFile),
    /// What cannot be replaced by a file: a pipe, a device.
    Direct(File),
}

impl Output {
    /// Standard output, or the file at `path`; `-` is standard output too.
    pub(crate) fn open(path: Option<&Path>) -> Outcome<Self> {
        let (sink, path) = match path.filter(|path| *path != Path::new("-")) {
            None => (Sink::Standard(io::stdout()), None),
            Some(path) => {
                // What a link points to is replaced, not the link.
                let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
                let sink = Sink::file(&path).map_err(|cause| Failure::file("write", &path, &cause))?;
                (sink, Some(path))
            }
        };
        Ok(Self { writer: BufWriter::with_capacity(1 << 16, sink), path })
    }

    /// Writes out what is buffered and puts a file in its place.
    pub(crate) fn finish(self) -> Outcome<()> {
        let Self { writer, path } = self;
        let placed = writer.into_inner().map_err(io::IntoInnerError::into_error).and_then(|sink| {
            match (sink, &path) {
                (Sink::Pending(file), Some(path)) => {
                    file.persist(path).map(drop).map_err(|failed| failed.error)
                }
                (mut sink, _) => sink.flush(),
            }
        });
        placed.map_err(|cause| failure(path.as_deref(), cause))
    }

    /// Appends bytes.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.writer.write_all(bytes).map_err(|cause| failure(self.path.as_deref(), cause))
    }

    /// Tells a failure to write.
    pub(crate) fn failure(&self, cause: io::Error) -> Failure {
        failure(self.path.as_deref(), cause)
    }

    /// Writes a whole text to standard output or a file.
    pub(crate) fn write_text(path: Option<&Path>, text: &str) -> Outcome<()> {
        Self::write_bytes(path, text.as_bytes())
    }

    /// Writes all there is to standard output or a file.
    pub(crate) fn write_bytes(path: Option<&Path>, bytes: &[u8]) -> Outcome<()> {
        let mut output = Self::open(path)?;
        output.put(bytes)?;
        output.finish()
    }
}

/// Buffered; what fails is told by the caller, or by [`Output::finish`].
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Sink {
    fn file(path: &Path) -> io::Result<Self> {
        if fs::metadata(path).is_ok_and(|known| !known.is_file()) {
            return Ok(Self::Direct(OpenOptions::new().write(true).open(path)?));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".kelvin-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Ok(Self::Pending(builder.tempfile_in(folder)?))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(output) => output.write(bytes),
            Self::Pending(file) => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(output) => output.flush(),
            Self::Pending(file) => file.flush(),
            Self::Direct(file) => file.flush(),
        }
    }
}

/// The one name that all names of a file have in common, also of one that is not there yet.
pub(crate) fn place(path: &Path) -> PathBuf {
    let in_folder = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(fs::canonicalize(folder).ok()?.join(path.file_name()?))
    };
    fs::canonicalize(path).ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

fn failure(path: Option<&Path>, cause: io::Error) -> Failure {
    match path {
        Some(path) => Failure::file("write", path, &cause),
        None => Failure::from(cause),
    }
}
