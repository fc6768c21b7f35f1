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

mod audit;
mod commit;
mod documents;
mod error;
mod findings;
mod history;
mod maintenance;
mod muting;
mod names;
mod notes;
mod objects;
mod outbox;
mod pages;
mod rest;
mod retention;
mod schema;
mod segments;
mod suppressions;
mod triage;

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use audit::AuditEntry;
pub use commit::{Commit, Cursor};
pub use error::Error;
pub use findings::{FindingRow, FindingState, IncidentQuery, IncidentRow, Kept};
pub use history::{HistoryEntry, What};
pub use maintenance::{Health, Size};
pub use muting::{Subject, SubjectFinding, muted_by};
pub use names::{NAME_BYTES_MAX, NameFound, NameKind};
pub use notes::{NoteRow, TickChange, TickRow};
pub use objects::{ObjectDone, ObjectId};
pub use outbox::{AlertMark, AlertRow, AlertState, Due, NewAlert, Sent, SinkDepth};
pub use pages::{IncidentLine, PageEnd, PageQuery, SortBy};
pub use rest::{AtRest, Lineages};
pub use retention::Retention;
pub use suppressions::{NewSuppression, Scope, Suppression};
pub use triage::{Status, Triage, TriageChange};

/// A store that is open.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    folder: PathBuf,
    /// Held as long as the store is open for the one writer of evidence.
    lock: Option<Lock>,
}

/// The lock of the one writer of evidence.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    /// Closing the file is not enough where another process is just being started, which has a
    /// copy of it for a moment.
    fn drop(&mut self) {
        // Where it fails, the lock ends with the process.
        let _ = self.0.unlock();
    }
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

    /// Lets `look` see everything as it is at one moment, whatever others write meanwhile.
    ///
    /// What others write meanwhile takes room on the disk until `look` is done.
    pub fn at_once<T>(&self, look: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        if !self.connection.is_autocommit() {
            return look(self);
        }
        let moment = self.connection.unchecked_transaction()?;
        let seen = look(self)?;
        moment.finish()?;
        Ok(seen)
    }

    /// Begins a change of what only the one writer of evidence may change.
    fn writing(&mut self) -> Result<Transaction<'_>, Error> {
        if self.lock.is_none() {
            return Err(Error::Beside { folder: self.folder.clone() });
        }
        self.changing()
    }

    /// Begins a change of what anybody may change who can open the store.
    fn changing(&mut self) -> Result<Transaction<'_>, Error> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}
