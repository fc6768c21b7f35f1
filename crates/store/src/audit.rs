//! The audit: every change that a person made. Lines are only ever added.

use rusqlite::{Connection, Params, Row, params};

use crate::Store;
use crate::error::Error;
use crate::triage::check_who;

/// A line of the audit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditEntry {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: i64,
    /// Who.
    pub who: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What was there before.
    pub before: String,
    /// What is there since.
    pub after: String,
    /// Why.
    pub reason: String,
}

const AUDIT: &str = "SELECT number, at, who, action, subject, before, after, reason FROM audit";

/// Changes of one subject, along the index that there is of subjects.
const OF_SUBJECT: &str = "WHERE subject = ?1 ORDER BY number DESC LIMIT ?2";

/// Adds a line.
pub(crate) fn add(connection: &Connection, entry: &AuditEntry) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO audit (at, who, action, subject, before, after, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            entry.at,
            entry.who,
            entry.action,
            entry.subject,
            entry.before,
            entry.after,
            entry.reason,
        ])?;
    Ok(())
}

fn audit_entry(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        number: row.get(0)?,
        at: row.get(1)?,
        who: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        before: row.get(5)?,
        after: row.get(6)?,
        reason: row.get(7)?,
    })
}

impl Store {
    /// Changes that people made before number `before`, latest first, at most `limit`.
    pub fn audit_before(&self, before: i64, limit: u32) -> Result<Vec<AuditEntry>, Error> {
        self.audited("WHERE number < ?1 ORDER BY number DESC LIMIT ?2", params![before, limit])
    }

    /// How many changes people made.
    pub fn audit_count(&self) -> Result<u64, Error> {
        let count = "SELECT COALESCE(MAX(number), 0) FROM audit";
        Ok(self.connection.query_row(count, [], |row| row.get::<_, i64>(0))? as u64)
    }

    /// Writes down something that a person did elsewhere than in a table of the store, such as
    /// signing in.
    pub fn add_audit(&mut self, entry: &AuditEntry) -> Result<(), Error> {
        check_who(&entry.who)?;
        let transaction = self.changing()?;
        add(&transaction, entry)?;
        transaction.commit()?;
        Ok(())
    }

    /// The last `limit` changes that people made, latest first; of one subject where one is given.
    pub fn audit(&self, subject: Option<&str>, limit: u32) -> Result<Vec<AuditEntry>, Error> {
        match subject {
            Some(subject) => self.audited(OF_SUBJECT, params![subject, limit]),
            None => self.audited("ORDER BY number DESC LIMIT ?1", params![limit]),
        }
    }

    fn audited(&self, which: &str, values: impl Params) -> Result<Vec<AuditEntry>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("{AUDIT} {which}"))?;
        let rows = statement.query_map(values, audit_entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{AUDIT, OF_SUBJECT};
    use crate::Store;

    #[test]
    fn what_was_done_to_one_subject_is_read_along_its_index() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let question = format!("EXPLAIN QUERY PLAN {AUDIT} {OF_SUBJECT}");
        let plan: String = store.connection.query_row(&question, (1, 1), |row| row.get(3)).unwrap();
        assert!(plan.contains("USING INDEX audit_by_subject"), "{plan}");
    }
}
