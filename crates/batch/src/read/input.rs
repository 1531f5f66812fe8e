//! Inputs: which file or stream, and what its name says of its format and compression.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
};

use flate2::read::MultiGzDecoder;

use super::text::Counted;
use crate::Error;

/// A file or a stream to read leads or events from.
pub struct Input {
    /// As the user named it.
    pub(super) name: Arc<str>,
    pub(super) source: Source,
}

pub(super) enum Source {
    Path(PathBuf),
    Stream(Box<dyn Read + Send>),
}

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Delimited text; the delimiter, if the name tells it.
    Csv(Option<u8>),
    JsonLines,
    Parquet,
    /// CSV or JSON Lines: its beginning tells.
    Text,
}

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Input {
    /// A file; its extension tells what it holds.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { name: path.display().to_string().into(), source: Source::Path(path) }
    }

    /// A stream; the extension of `name` tells what it holds, and without one its beginning.
    pub fn stream(name: &str, stream: impl Read + Send + 'static) -> Self {
        Self { name: name.into(), source: Source::Stream(Box::new(stream)) }
    }

    /// As named on a command line: a path, or `-` for standard input.
    pub fn named(name: &str) -> Self {
        match name {
            "-" => Self::stream("standard input", io::stdin()),
            path => Self::file(path),
        }
    }

    /// The format and compression.
    pub(super) fn format(&self) -> Result<(Format, Compression), Error> {
        let lower = self.name.to_lowercase();
        let extension = |name: &str| {
            let extension = Path::new(name).extension()?;
            Some((extension.to_str()?.to_owned(), Path::new(name).with_extension("").display().to_string()))
        };
        let (mut last, rest) = extension(&lower).unwrap_or_default();
        let compression = match last.as_str() {
            "gz" | "gzip" => Compression::Gzip,
            "zst" | "zstd" => Compression::Zstd,
            _ => Compression::None,
        };
        if compression != Compression::None {
            last = extension(&rest).unwrap_or_default().0;
        }
        let format = match last.as_str() {
            "csv" | "txt" => Format::Csv(None),
            "tsv" | "tab" => Format::Csv(Some(b'\t')),
            "jsonl" | "ndjson" | "json" => Format::JsonLines,
            "parquet" | "pq" if compression == Compression::None => Format::Parquet,
            // Streams and what stands for them (`/dev/stdin`, a pipe) have no extension.
            _ if matches!(self.source, Source::Stream(_)) => Format::Text,
            "" if compression == Compression::None => Format::Text,
            _ => return Err(Error::UnknownFormat { file: self.name.clone() }),
        };
        Ok((format, compression))
    }

    /// How many bytes a file has.
    pub(super) fn length(&self) -> Option<u64> {
        match &self.source {
            Source::Path(path) => std::fs::metadata(path).ok().map(|metadata| metadata.len()),
            Source::Stream(_) => None,
        }
    }

    /// The bytes, decompressed. `progress` counts them as they are read, before that.
    pub(super) fn open(
        self,
        compression: Compression,
        progress: Arc<AtomicU64>,
    ) -> Result<Box<dyn Read + Send>, Error> {
        let Self { name, source } = self;
        let cannot = |cause| Error::Open { file: name.clone(), cause };
        let raw: Box<dyn Read + Send> = match source {
            Source::Path(path) => Box::new(Counted { reader: open(&path).map_err(cannot)?, progress }),
            Source::Stream(reader) => Box::new(Counted { reader, progress }),
        };
        Ok(match compression {
            Compression::None => raw,
            Compression::Gzip => Box::new(MultiGzDecoder::new(raw)),
            Compression::Zstd => Box::new(zstd::Decoder::new(raw).map_err(cannot)?),
        })
    }
}

/// Opens a file; a folder is told at once, not at the first read.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    Ok(file)
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Compression, Format, Input};

    fn check(name: &str, expect: Option<(Format, Compression)>) {
        assert_eq!(Input::file(name).format().ok(), expect, "{name}");
    }

    #[test]
    fn the_extension_tells_format_and_compression() {
        check("leads.csv", Some((Format::Csv(None), Compression::None)));
        check("in.d/Leads.CSV", Some((Format::Csv(None), Compression::None)));
        check("leads.tsv", Some((Format::Csv(Some(b'\t')), Compression::None)));
        check("a.b.ndjson.gz", Some((Format::JsonLines, Compression::Gzip)));
        check("e.json.zst", Some((Format::JsonLines, Compression::Zstd)));
        check("e.parquet", Some((Format::Parquet, Compression::None)));
        check("e.parquet.gz", None);
        check("leads.xlsx", None);
        check("leads", Some((Format::Text, Compression::None)));
        check("/dev/stdin", Some((Format::Text, Compression::None)));
        check("leads.gz", None);
    }

    #[test]
    fn a_stream_without_extension_is_found_out() {
        let stream = Input::stream("standard input", std::io::empty());
        assert_eq!(stream.format().unwrap(), (Format::Text, Compression::None));
        let stream = Input::stream("inbox.csv", std::io::empty());
        assert_eq!(stream.format().unwrap(), (Format::Csv(None), Compression::None));
    }
}
