//! What can go wrong with the world while scoring files: each error names the file and the cause, help stands apart.

use std::sync::Arc;

use crate::read::Kind;

/// An error that ends a run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be opened.
    #[error("cannot open `{file}`: {cause}")]
    Open {
        /// The file.
        file: Arc<str>,
        /// Why.
        cause: std::io::Error,
    },
    /// Reading failed midway.
    #[error("cannot read `{file}`: {cause}")]
    Read {
        /// The file.
        file: Arc<str>,
        /// Why.
        cause: std::io::Error,
    },
    /// A Parquet file is damaged or of a kind that is not read.
    #[error("cannot read `{file}` as Parquet: {}", plain(cause))]
    Parquet {
        /// The file.
        file: Arc<str>,
        /// Why.
        cause: parquet::errors::ParquetError,
    },
    /// A Parquet file with a column that is compressed in a way that is not read.
    #[error("cannot read `{file}`: its column `{column}` is compressed with {codec}")]
    Compression {
        /// The file.
        file: Arc<str>,
        /// The column.
        column: String,
        /// How it is compressed.
        codec: &'static str,
    },
    /// Parquet cannot be read from a stream.
    #[error("`{file}` is a stream, and Parquet is read from files only")]
    NoStream {
        /// The stream.
        file: Arc<str>,
    },
    /// A file of an unknown kind.
    #[error("cannot tell what `{file}` holds")]
    UnknownFormat {
        /// The file.
        file: Arc<str>,
    },
    /// A file that is not what its name says.
    #[error("`{file}` is not {expected}: it holds {found}")]
    WrongFormat {
        /// The file.
        file: Arc<str>,
        /// What the name says.
        expected: &'static str,
        /// What it seems to hold.
        found: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// A file without a header.
    #[error("`{file}` is empty: expected a header line with the column names")]
    NoHeader {
        /// The file.
        file: Arc<str>,
    },
    /// A file that lacks a column that must be there.
    #[error("`{file}` has no column {columns}")]
    MissingColumn {
        /// The file.
        file: Arc<str>,
        /// The columns, in backticks.
        columns: String,
        /// What to do.
        help: String,
    },
    /// Rows of several files that are to be known by their lines.
    #[error(
        "`lead_id=@line` cannot tell the rows of several {} files apart: they have the same lines",
        match kind { Kind::Leads => "leads", Kind::Events => "events" }
    )]
    LinesOfFiles {
        /// Which files.
        kind: Kind,
    },
    /// A column of a type that cannot be what it stands for.
    #[error("column `{column}` of `{file}` cannot be `{field}`: it holds {found}")]
    ColumnType {
        /// The file.
        file: Arc<str>,
        /// The column.
        column: String,
        /// What it should be.
        field: &'static str,
        /// What it holds.
        found: String,
    },
    /// The temporary file cannot be made, written or read.
    #[error("cannot keep temporary data in `{folder}`: {cause}")]
    Temporary {
        /// Where it lies.
        folder: String,
        /// Why.
        cause: std::io::Error,
    },
    /// Temporary data is not what was written.
    #[error("temporary data is damaged")]
    Damaged,
    /// The output cannot be written.
    #[error("cannot write: {0}")]
    Write(#[source] std::io::Error),
    /// The output cannot be written as Parquet.
    #[error("cannot write Parquet: {0}")]
    WriteParquet(#[source] parquet::errors::ParquetError),
    /// The models mention more event names than there is room for.
    #[error("the models mention too many event names: at most 65,534 in all")]
    TooManyNames,
    /// The listener for rejected rows wants no more.
    #[error("stopped at a rejected row")]
    Stopped,
}

impl Error {
    /// What the user can do about it.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::UnknownFormat { .. } => Some(
                "name it `.csv`, `.tsv`, `.jsonl` or `.parquet`; `-` reads CSV or JSON Lines from standard input",
            ),
            Self::Temporary { .. } => Some("choose another folder, or allow more memory"),
            Self::WrongFormat { help, .. } => Some(help),
            Self::MissingColumn { help, .. } => Some(help),
            Self::LinesOfFiles { kind: Kind::Leads } => {
                Some("score one file at a time, or map a column that tells leads apart")
            }
            Self::LinesOfFiles { kind: Kind::Events } => Some("`leads:lead_id=@line` is for leads only"),
            Self::Compression { .. } => {
                Some("write it with zstd, snappy, gzip, brotli or lz4, or without compression")
            }
            _ => None,
        }
    }
}

/// What is wrong with a Parquet file, without the names that the libraries that read it give to their errors.
fn plain(cause: &parquet::errors::ParquetError) -> String {
    const NAMES: [&str; 7] = [
        "External: ",
        "Parquet error: ",
        "Parquet argument error: ",
        "Arrow: ",
        "EOF: ",
        "NYI: ",
        "Invalid argument error: ",
    ];
    let text = cause.to_string();
    let mut plain = text.as_str();
    while let Some(rest) = NAMES.iter().find_map(|name| plain.strip_prefix(name)) {
        plain = rest;
    }
    plain.to_owned()
}

impl From<crate::store::codec::Damaged> for Error {
    fn from(_: crate::store::codec::Damaged) -> Self {
        Self::Damaged
    }
}
