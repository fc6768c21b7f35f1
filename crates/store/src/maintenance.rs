//! Looks after a store: whether it is whole, how large it is, and what need not be kept.

use rusqlite::{TransactionBehavior, params};

use crate::Store;
use crate::commit::{fact, set_fact};
use crate::error::Error;
use crate::objects::DROPPED;

/// Whether a store is whole.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Health {
    /// What is wrong, in words; nothing where it is whole.
    pub faults: Vec<String>,
    /// Segments of evidence.
    pub segments: u64,
    /// Credentials in the evidence.
    pub credentials: u64,
    /// Objects that were read.
    pub objects: u64,
}

/// How much a store holds.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Size {
    /// Bytes of the database.
    pub bytes: u64,
    /// Bytes in it that can be given back.
    pub bytes_free: u64,
    /// Bytes of evidence, compressed.
    pub evidence_bytes: u64,
    /// Segments of evidence.
    pub segments: u64,
    /// Objects that were read.
    pub objects: u64,
    /// Findings, withdrawn ones included.
    pub findings: u64,
    /// Incidents, withdrawn ones included.
    pub incidents: u64,
}

/// Faults that are listed.
const FAULTS_MAX: u32 = 100;

impl Store {
    /// Reads everything once and says what is wrong with it.
    pub fn check(&self) -> Result<Health, Error> {
        let mut health = Health::default();
        let check = format!("PRAGMA integrity_check({FAULTS_MAX})");
        let mut statement = self.connection.prepare(&check)?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
        for line in lines {
            let line = line?;
            if line != "ok" {
                health.faults.push(line);
            }
        }
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        if statement.exists([])? {
            health.faults.push("pieces of a segment that is not there".to_owned());
        }
        let size = self.size()?;
        (health.segments, health.objects) = (size.segments, size.objects);
        match self.evidence() {
            Ok(evidence) => health.credentials = evidence.credentials().len() as u64,
            Err(error @ (Error::Segment { .. } | Error::Unpack { .. })) => {
                health.faults.push(error.to_string());
            }
            Err(error) => return Err(error),
        }
        Ok(health)
    }

    /// How much it holds.
    pub fn size(&self) -> Result<Size, Error> {
        let number = |question: &str| {
            self.connection.query_row(question, [], |row| row.get::<_, i64>(0)).map(|n| n as u64)
        };
        let page = number("PRAGMA page_size")?;
        Ok(Size {
            bytes: page * number("PRAGMA page_count")?,
            bytes_free: page * number("PRAGMA freelist_count")?,
            evidence_bytes: number("SELECT COALESCE(SUM(bytes), 0) FROM segments")?,
            segments: number("SELECT COUNT(*) FROM segments")?,
            objects: number("SELECT COUNT(*) FROM objects")?,
            findings: number("SELECT COUNT(*) FROM findings")?,
            incidents: number("SELECT COUNT(*) FROM incidents")?,
        })
    }

    /// Whether it can be written to.
    pub fn check_writable(&mut self) -> Result<(), Error> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        set_fact(&transaction, "probe", 1)?;
        transaction.commit()?;
        Ok(())
    }

    /// Merges all evidence into one segment and gives free space back.
    pub fn compact(&mut self) -> Result<(), Error> {
        self.merge_all()?;
        self.connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
        Ok(())
    }

    /// Forgets which objects were read before `before`; their sums stay. An object that is listed
    /// again after that is read again, which changes no finding.
    pub fn forget_objects(&mut self, before: i64) -> Result<u64, Error> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let columns = ["files", "bytes_read", "bytes_on_disk", "records", "events_read"];
        for (column, name) in columns.into_iter().zip(DROPPED) {
            let sum: i64 = transaction.query_row(
                &format!("SELECT COALESCE(SUM({column}), 0) FROM objects WHERE done_at < ?1"),
                [before],
                |row| row.get(0),
            )?;
            let known = fact(&transaction, name)?.unwrap_or_default();
            set_fact(&transaction, name, known + sum)?;
        }
        let n_forgotten =
            transaction.execute("DELETE FROM objects WHERE done_at < ?1", [before])?;
        transaction.commit()?;
        Ok(n_forgotten as u64)
    }

    /// Forgets alerts that were taken before `before` about incidents that are withdrawn since.
    pub fn forget_alerts(&mut self, before: i64) -> Result<u64, Error> {
        let n_forgotten = self.connection.execute(
            "DELETE FROM outbox WHERE state = 'delivered' AND settled_at < ?1 AND incident IN
             (SELECT id FROM incidents WHERE state = 'withdrawn' AND changed_at < ?1)",
            params![before],
        )?;
        Ok(n_forgotten as u64)
    }
}
