//! What follows from one batch of objects, committed together.

use cloudtrail::Timestamp;
use rusqlite::{Transaction, TransactionBehavior, params};

use crate::Store;
use crate::error::Error;
use crate::findings::{self, Kept};
use crate::objects::{self, ObjectDone};
use crate::outbox::{self, NewAlert};
use crate::segments;

/// Everything that follows from one batch. It is kept whole, or not at all.
#[derive(Debug, Default)]
pub struct Commit<'c> {
    /// The time, in milliseconds.
    pub at: i64,
    /// What the batch taught: bytes of evidence.
    pub evidence: Option<&'c [u8]>,
    /// The objects that it was read from, and those that cannot be read.
    pub objects: &'c [ObjectDone],
    /// Where sources stand behind them.
    pub cursors: &'c [Cursor],
    /// What the analysis of all evidence, this batch included, found; nothing where it was put
    /// off.
    pub kept: Option<&'c Kept>,
    /// Alerts to send.
    pub alerts: &'c [NewAlert],
    /// Numbers of suppressions, each with an incident that it has muted.
    pub muted: &'c [(i64, String)],
}

/// Where a source stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cursor {
    /// Name of the source.
    pub source: String,
    /// Where it stands, in words of its own.
    pub cursor: String,
}

/// Whether evidence was added since the last analysis.
const IS_ANALYSIS_DUE: &str = "is_analysis_due";

/// Time of the newest event that was analyzed, in seconds.
const AS_OF: &str = "as_of";

impl Store {
    /// Keeps `commit`. What it returned for is on the disk.
    ///
    /// # Errors
    ///
    /// Where nothing was kept: the disk is full, somebody else wrote for too long.
    pub fn commit(&mut self, commit: &Commit<'_>) -> Result<(), Error> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(bytes) = commit.evidence {
            segments::add(&transaction, bytes, 0)?;
        }
        objects::add(&transaction, commit.objects, commit.at)?;
        for cursor in commit.cursors {
            transaction.execute(
                "INSERT INTO cursors (source, cursor, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (source) DO UPDATE SET cursor = ?2, at = ?3",
                params![cursor.source, cursor.cursor, commit.at],
            )?;
        }
        if let Some(kept) = commit.kept {
            findings::keep(&transaction, kept, commit.at)?;
            set_fact(&transaction, AS_OF, kept.as_of.0)?;
        }
        if commit.kept.is_some() || commit.evidence.is_some() {
            set_fact(&transaction, IS_ANALYSIS_DUE, i64::from(commit.kept.is_none()))?;
        }
        outbox::add(&transaction, commit.alerts)?;
        for (suppression, incident) in commit.muted {
            transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO muted (suppression, incident, at) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![suppression, incident, commit.at])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Whether evidence was added since the last analysis that was kept.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn is_analysis_due(&self) -> Result<bool, Error> {
        Ok(self.fact(IS_ANALYSIS_DUE)?.unwrap_or_default() != 0)
    }

    /// Time of the newest event at the last analysis that was kept.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn as_of(&self) -> Result<Option<Timestamp>, Error> {
        Ok(self.fact(AS_OF)?.map(Timestamp))
    }

    /// Where the source `source` stood.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn cursor(&self, source: &str) -> Result<Option<String>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT cursor FROM cursors WHERE source = ?1")?;
        let mut rows = statement.query([source])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    fn fact(&self, name: &str) -> Result<Option<i64>, Error> {
        fact(&self.connection, name)
    }
}

pub(crate) fn fact(connection: &rusqlite::Connection, name: &str) -> Result<Option<i64>, Error> {
    let mut statement = connection.prepare_cached("SELECT value FROM facts WHERE name = ?1")?;
    let mut rows = statement.query([name])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

pub(crate) fn set_fact(transaction: &Transaction<'_>, name: &str, value: i64) -> Result<(), Error> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO facts (name, value) VALUES (?1, ?2)")?
        .execute(params![name, value])?;
    Ok(())
}
