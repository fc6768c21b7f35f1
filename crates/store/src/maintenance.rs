//! Looks after a store: whether it is whole, how large it is, and what need not be kept.

use rusqlite::params;

use crate::commit::{fact, set_fact};
use crate::error::Error;
use crate::{DATABASE, Store};

/// Whether a store is whole.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Health {
    /// What is wrong, in words; nothing where it is whole.
    pub faults: Vec<String>,
    /// Segments of evidence.
    pub segments: u64,
    /// Credentials in the evidence, and those that were handed out by what rests.
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
    /// Bytes of the log of writes beside it.
    pub log_bytes: u64,
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

/// Faults of one kind that are listed.
const FAULTS_MAX: u32 = 100;

/// What the database says of itself where nothing is wrong.
const WHOLE: &str = "ok";

/// What the database itself does not see to: each question gives what breaks a rule, in words.
const RULES: [&str; 3] = [
    "SELECT 'pieces of segment ' || segment || ', which is not there' FROM segment_pieces
     WHERE segment NOT IN (SELECT id FROM segments) GROUP BY segment",
    "SELECT 'segment ' || id || ' has not the bytes that it had' FROM segments
     WHERE bytes <> (SELECT COALESCE(SUM(length(segment_pieces.bytes)), 0) FROM segment_pieces
                     WHERE segment = id)",
    "SELECT 'finding ' || id || ' is of incident ' || incident || ', which is not there'
     FROM findings WHERE incident NOT IN (SELECT id FROM incidents)",
];

/// Since when the history is whole, in milliseconds: a fact.
const HISTORY_KEPT_FROM: &str = "history_kept_from";

impl Store {
    /// Reads everything once and says what is wrong with it.
    pub fn check(&self) -> Result<Health, Error> {
        let mut health = Health::default();
        let checked = self.at_once(|store| store.check_into(&mut health));
        match checked {
            Ok(()) => Ok(health),
            // There is nothing more to be read.
            Err(Error::Damaged(error)) => {
                health.faults.push(error.to_string());
                Ok(health)
            }
            Err(error) => Err(error),
        }
    }

    fn check_into(&self, health: &mut Health) -> Result<(), Error> {
        let mut lines = |question: &str| -> Result<(), Error> {
            let mut statement = self.connection.prepare(question)?;
            let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
            for line in lines {
                health.faults.extend(Some(line?).filter(|line| line != WHOLE));
            }
            Ok(())
        };
        lines(&format!("PRAGMA integrity_check({FAULTS_MAX})"))?;
        for question in RULES {
            lines(&format!("{question} LIMIT {FAULTS_MAX}"))?;
        }
        let size = self.size()?;
        (health.segments, health.objects) = (size.segments, size.objects);
        self.check_rest(&mut health.faults)?;
        let at_rest = self.at_rest()?.credentials;
        match self.evidence() {
            Ok(evidence) => health.credentials = evidence.credentials().len() as u64 + at_rest,
            Err(error @ (Error::Segment { .. } | Error::Unpack { .. })) => {
                health.faults.push(error.to_string());
            }
            Err(error) => return Err(error),
        }
        Ok(())
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
            log_bytes: self.log_bytes(),
            evidence_bytes: number("SELECT COALESCE(SUM(bytes), 0) FROM segments")?,
            segments: number("SELECT COUNT(*) FROM segments")?,
            objects: number("SELECT COUNT(*) FROM objects")?,
            findings: number("SELECT COUNT(*) FROM findings")?,
            incidents: number("SELECT COUNT(*) FROM incidents")?,
        })
    }

    fn log_bytes(&self) -> u64 {
        let log = self.folder().join(format!("{DATABASE}-wal"));
        log.metadata().map_or(0, |metadata| metadata.len())
    }

    /// Whether it can be written to.
    pub fn check_writable(&mut self) -> Result<(), Error> {
        let transaction = self.changing()?;
        set_fact(&transaction, "probe", 1)?;
        transaction.commit()?;
        Ok(())
    }

    /// Forgets what is due, merges all evidence into one segment and gives free space back; see
    /// [`Store::retain`], with no limit of memory.
    ///
    /// The disk needs room for twice the evidence beside what is there, and so does the folder
    /// for temporary files (`SQLITE_TMPDIR`, `TMPDIR`) for once.
    pub fn compact(&mut self) -> Result<(), Error> {
        self.retain(None)?;
        self.merge_all()?;
        self.writing()?.finish()?;
        self.connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
        Ok(())
    }

    /// Forgets what became of incidents and findings before `before`, but for the lines that say
    /// when each was new; see [`Store::history_kept_from`].
    pub fn forget_history(&mut self, before: i64) -> Result<u64, Error> {
        let transaction = self.changing()?;
        let since = fact(&transaction, HISTORY_KEPT_FROM)?.unwrap_or(before).max(before);
        // The table refuses to drop lines that this does not speak of.
        set_fact(&transaction, HISTORY_KEPT_FROM, since)?;
        let n_forgotten =
            transaction.execute("DELETE FROM history WHERE at < ?1 AND what <> 'new'", [before])?;
        transaction.commit()?;
        Ok(n_forgotten as u64)
    }

    /// Since when the history is whole; always unless given.
    pub fn history_kept_from(&self) -> Result<Option<i64>, Error> {
        fact(&self.connection, HISTORY_KEPT_FROM)
    }

    /// Forgets alerts that were taken before `before`.
    ///
    /// The last one about each incident to each sink stays, because it says what the sink was
    /// told, and what number the next one has.
    pub fn forget_alerts(&mut self, before: i64) -> Result<u64, Error> {
        let n_forgotten = self.connection.execute(
            "DELETE FROM outbox WHERE state = 'delivered' AND settled_at < ?1 AND EXISTS
             (SELECT 1 FROM outbox AS later WHERE later.sink = outbox.sink
              AND later.incident = outbox.incident AND later.revision > outbox.revision)",
            params![before],
        )?;
        Ok(n_forgotten as u64)
    }
}
