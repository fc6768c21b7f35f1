//! What follows from one batch of objects, committed together.

use cloudtrail::Timestamp;
use rusqlite::{Transaction, params};

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
    /// Where nothing was kept: the disk is full, somebody else wrote for too long, the store was
    /// opened beside its writer.
    pub fn commit(&mut self, commit: &Commit<'_>) -> Result<(), Error> {
        // Others may write while evidence is packed.
        let packed = commit.evidence.map(segments::pack_evidence).transpose()?;
        let transaction = self.writing()?;
        if let Some(packed) = &packed {
            segments::add(&transaction, packed, 0)?;
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

#[cfg(test)]
mod tests {
    use crate::{Commit, Error, ObjectDone, Store};

    /// Random bytes do not compress.
    const BYTES: usize = 400_000;

    fn noise() -> Vec<u8> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..BYTES).map(|_| next()).collect()
    }

    fn pages(store: &Store, most: Option<i64>) -> i64 {
        let change = most.map_or("PRAGMA page_count".to_owned(), |most| {
            format!("PRAGMA max_page_count = {most}")
        });
        store.connection.query_row(&change, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_full_disk_passes_and_the_same_commit_succeeds_then() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let n_pages = pages(&store, None);
        pages(&store, Some(n_pages + 20));
        let (bytes, objects) = (noise(), [ObjectDone::default()]);
        let commit =
            Commit { evidence: Some(&bytes), objects: &objects, at: 5, ..Commit::default() };
        for _ in 0..2 {
            let error = store.commit(&commit).unwrap_err();
            assert!(matches!(error, Error::Full(_)) && error.is_passing(), "{error:?}");
            assert!(!store.is_done(&objects[0].id).unwrap());
            assert_eq!(store.size().unwrap().segments, 0);
        }
        pages(&store, Some(n_pages + 200));
        store.commit(&commit).unwrap();
        assert!(store.is_done(&objects[0].id).unwrap());
        assert!(store.size().unwrap().evidence_bytes > BYTES as u64 / 2);
    }

    #[test]
    fn a_merge_that_finds_no_room_leaves_the_segments_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let bytes = evidence::Evidence::default().to_bytes();
        for _ in 0..3 {
            store.commit(&Commit { evidence: Some(&bytes), ..Commit::default() }).unwrap();
        }
        let n_pages = pages(&store, None);
        pages(&store, Some(n_pages));
        let mut large = evidence::Evidence::default();
        let text: Vec<String> = noise().iter().map(|byte| format!("{byte:02x}")).collect();
        let text = text.concat();
        let record = format!(
            r#"{{"eventTime":"2026-01-01T00:00:00Z","eventName":"A","userAgent":"{text}"}}"#
        );
        cloudtrail::read(record.as_bytes(), &mut |record| {
            large.record(record);
        });
        let error = store.replace_evidence(&large).unwrap_err();
        assert!(matches!(error, Error::Full(_)), "{error:?}");
        assert_eq!(store.size().unwrap().segments, 3);
        assert_eq!(store.evidence().unwrap().events().events, 0);
        pages(&store, Some(n_pages + 400));
        store.replace_evidence(&large).unwrap();
        assert_eq!(
            (store.size().unwrap().segments, store.evidence().unwrap().events().events),
            (1, 1)
        );
    }
}
