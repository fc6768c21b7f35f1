//! Keeps what was learned and found: one folder, one writer, every change whole or not at all.
//!
//! A store is a folder with one SQLite database. Evidence lies in it as segments, which are
//! merged as they grow in number; findings, incidents, their history, what people decided about
//! them, the alerts that are still to be sent, and which objects were read lie in tables. What
//! follows from one batch of objects is committed together, and nothing is taken for read before
//! that.
//!
//! Times are milliseconds since 1970-01-01 in UTC, and given by the caller: nothing here reads a
//! clock.
//!
//! Functions fail where the database cannot be read or written: what was asked for did not happen
//! then. Those that fail otherwise say so.
#![expect(clippy::missing_errors_doc, reason = "nearly all fail for the one reason above")]

mod commit;
mod error;
mod findings;
mod maintenance;
mod objects;
mod outbox;
mod schema;
mod segments;
mod suppressions;
mod triage;

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use commit::{Commit, Cursor};
pub use error::Error;
pub use findings::{
    FindingRow, FindingState, HistoryEntry, IncidentQuery, IncidentRow, Kept, What,
};
pub use maintenance::{Health, Size};
pub use objects::{ObjectDone, ObjectId};
pub use outbox::{AlertRow, AlertState, NewAlert, Sent, SinkDepth};
pub use suppressions::{NewSuppression, Scope, Suppression};
pub use triage::{AuditEntry, Status, Triage, TriageChange};

/// A store that is open.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    folder: PathBuf,
    /// Held as long as the store is open for the one writer of evidence.
    _lock: Option<File>,
}

/// Name of the database in the folder.
pub const DATABASE: &str = "rolecall.sqlite";

/// Name of the file that the writer of evidence holds a lock on.
const LOCK: &str = "writer.lock";

impl Store {
    /// The folder that the store lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether `folder` is a store.
    pub fn is_store(folder: &Path) -> bool {
        folder.join(DATABASE).is_file()
    }
}
