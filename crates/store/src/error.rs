//! What can go wrong with a store.

use std::io;
use std::path::PathBuf;

use evidence::PortableError;
use rusqlite::ErrorCode;

/// What went wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be made, opened or locked.
    #[error("cannot use `{}`", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process writes evidence to it.
    #[error("`{}` is in use by another process, such as `rolecall serve`", folder.display())]
    InUse {
        /// The store.
        folder: PathBuf,
    },
    /// There is no store.
    #[error("`{}` is no store", folder.display())]
    Absent {
        /// What should be one.
        folder: PathBuf,
    },
    /// It was opened beside the process that writes evidence, which alone may do this.
    #[error("`{}` was not opened to write evidence to it", folder.display())]
    Beside {
        /// The store.
        folder: PathBuf,
    },
    /// It was written by a later version of the program.
    #[error("the store has schema {found}, and this version of the program knows up to {known}")]
    TooNew {
        /// Its schema.
        found: i64,
        /// The latest known schema.
        known: i64,
    },
    /// The disk is full.
    #[error("no space is left for the store")]
    Full(#[source] rusqlite::Error),
    /// The database is damaged, or is none.
    #[error("the store's database is damaged")]
    Damaged(#[source] rusqlite::Error),
    /// The database refused.
    #[error("the store's database refused")]
    Database(#[source] rusqlite::Error),
    /// A segment of evidence cannot be read.
    #[error("segment {segment} of the evidence cannot be read")]
    Segment {
        /// Its number.
        segment: i64,
        /// Why.
        source: PortableError,
    },
    /// A segment of evidence cannot be compressed or decompressed.
    #[error("segment {segment} of the evidence cannot be unpacked")]
    Unpack {
        /// Its number; 0 for one that is being written.
        segment: i64,
        /// Why.
        source: io::Error,
    },
    /// A part of what rests cannot be read or written.
    #[error("part {part} of what rests cannot be read: {reason}")]
    Rest {
        /// Its number; 0 for one that is being written.
        part: i64,
        /// Why.
        reason: String,
    },
    /// The document or the graph of a finding or an incident cannot be compressed or decompressed.
    #[error("the document of `{id}` cannot be unpacked")]
    Document {
        /// Whose.
        id: String,
        /// Why.
        source: io::Error,
    },
    /// Something that is asked for is not there.
    #[error("no {what} is called `{id}`")]
    Unknown {
        /// What.
        what: &'static str,
        /// Its name.
        id: String,
    },
    /// A change that somebody asks for was made without a reason, or with one too long.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    /// Whether trying again later may help: the disk is full, or somebody else holds the lock.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Full(_) => true,
            Self::Database(error) => is_busy(error) || is_io(error),
            Self::Absent { .. }
            | Self::Beside { .. }
            | Self::Damaged(_)
            | Self::Document { .. }
            | Self::Folder { .. }
            | Self::InUse { .. }
            | Self::Refused(_)
            | Self::Rest { .. }
            | Self::Segment { .. }
            | Self::TooNew { .. }
            | Self::Unknown { .. }
            | Self::Unpack { .. } => false,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match code(&error) {
            Some(ErrorCode::DiskFull) => Self::Full(error),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            _ => Self::Database(error),
        }
    }
}

fn code(error: &rusqlite::Error) -> Option<ErrorCode> {
    error.sqlite_error_code()
}

fn is_busy(error: &rusqlite::Error) -> bool {
    let busy = [ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked];
    code(error).is_some_and(|code| busy.contains(&code))
}

fn is_io(error: &rusqlite::Error) -> bool {
    let passing = [ErrorCode::SystemIoFailure, ErrorCode::CannotOpen];
    code(error).is_some_and(|code| passing.contains(&code))
}
