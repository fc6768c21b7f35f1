//! Which objects were read, and what came of it.

use std::collections::BTreeMap;

use ingest::{Coverage, Note, SetAside, Skipped};
use rusqlite::{Connection, Transaction, params};

use crate::Store;
use crate::commit::{fact, set_fact};
use crate::error::Error;
use crate::retention::kept_from;

/// What tells one object from another.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ObjectId {
    /// Where it lies, such as `s3://bucket/key`. Chosen by whoever wrote it.
    pub name: String,
    /// What tells its content from another under the same name: an `ETag`, or size and time.
    pub version: String,
}

/// An object that was read, or that cannot be read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ObjectDone {
    /// Which.
    pub id: ObjectId,
    /// Name of the source that it came from.
    pub source: String,
    /// What reading it came to.
    pub coverage: Coverage,
}

pub(crate) fn add(
    transaction: &Transaction<'_>,
    objects: &[ObjectDone],
    at: i64,
) -> Result<(), Error> {
    let mut insert = transaction.prepare_cached(
        "INSERT OR IGNORE INTO objects (name, version, source, done_at, files, bytes_read,
         bytes_on_disk, records, events_read, is_partial)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for object in objects {
        let read = &object.coverage;
        let n_new = insert.execute(params![
            object.id.name,
            object.id.version,
            object.source,
            at,
            read.files as i64,
            read.bytes_read as i64,
            read.bytes_on_disk as i64,
            read.records as i64,
            read.events_read as i64,
            read.is_partial(),
        ])?;
        if n_new == 0 {
            continue;
        }
        for it in &read.skipped {
            remark(transaction, "skipped", &it.source, (&it.reason, it.records))?;
        }
        for it in &read.set_aside {
            remark(transaction, "set_aside", &it.source, (&it.reason, 0))?;
        }
        for it in &read.notes {
            remark(transaction, "note", &it.source, (&it.text, it.records))?;
        }
    }
    Ok(())
}

/// Adds what is to be known about a source, or about those beyond the ones that are listed.
fn remark(
    transaction: &Transaction<'_>,
    kind: &str,
    source: &str,
    (text, records): (&str, u64),
) -> Result<(), Error> {
    let more = ingest::rest_of(source);
    let source = if more.is_some() { "" } else { source };
    let more = more.unwrap_or_default() as i64;
    transaction
        .prepare_cached(
            "INSERT INTO remarks (kind, source, text, records, more) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET records = records + ?4, more = more + ?5",
        )?
        .execute(params![kind, source, text, records as i64, more])?;
    Ok(())
}

/// What is summed up over objects.
const SUMS: &str = "COALESCE(SUM(files), 0), COALESCE(SUM(bytes_read), 0),
    COALESCE(SUM(bytes_on_disk), 0), COALESCE(SUM(records), 0),
    COALESCE(SUM(events_read), 0), COALESCE(SUM(is_partial), 0)";

/// The same over the objects whose rows retention dropped, in [`facts`](crate::commit::fact).
const DROPPED: [&str; 6] = [
    "dropped_files",
    "dropped_bytes_read",
    "dropped_bytes_on_disk",
    "dropped_records",
    "dropped_events_read",
    "dropped_partial",
];

/// Sums over the objects that `condition` holds for.
fn sums(connection: &Connection, condition: &str, before: i64) -> Result<[i64; 6], Error> {
    let question = format!("SELECT {SUMS} FROM objects WHERE {condition}");
    let mut statement = connection.prepare_cached(&question)?;
    Ok(statement.query_row([before], |row| {
        let mut sums = [0_i64; 6];
        for (column, sum) in sums.iter_mut().enumerate() {
            *sum = row.get(column)?;
        }
        Ok(sums)
    })?)
}

impl Store {
    /// Whether `object` was read.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn is_done(&self, object: &ObjectId) -> Result<bool, Error> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT 1 FROM objects WHERE name = ?1 AND version = ?2")?;
        Ok(statement.exists(params![object.name, object.version])?)
    }

    /// How much was read altogether.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn coverage(&self) -> Result<Coverage, Error> {
        self.at_once(|store| coverage(&store.connection))
    }

    /// Forgets which objects were read before `before`; their sums stay. An object that is listed
    /// again after that is read again, which changes no finding, but counts as a repetition.
    pub fn forget_objects(&mut self, before: i64) -> Result<u64, Error> {
        let transaction = self.changing()?;
        let sums = sums(&transaction, "done_at < ?1", before)?;
        for (sum, name) in sums.into_iter().zip(DROPPED) {
            let known = fact(&transaction, name)?.unwrap_or_default();
            set_fact(&transaction, name, known + sum)?;
        }
        let n_forgotten =
            transaction.execute("DELETE FROM objects WHERE done_at < ?1", [before])?;
        transaction.commit()?;
        Ok(n_forgotten as u64)
    }

    /// The name of the object that was read last of `source`.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn last_object_of(&self, source: &str) -> Result<Option<String>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT name FROM objects WHERE source = ?1 ORDER BY done_at DESC LIMIT 1",
        )?;
        let mut rows = statement.query_map([source], |row| row.get(0))?;
        Ok(rows.next().transpose()?)
    }

    /// Objects that were read, by source.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn objects_by_source(&self) -> Result<BTreeMap<String, u64>, Error> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT source, COUNT(*) FROM objects GROUP BY source")?;
        let rows =
            statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn coverage(connection: &Connection) -> Result<Coverage, Error> {
    let mut sums = sums(connection, "?1 IS NOT NULL", 0)?;
    for (sum, name) in sums.iter_mut().zip(DROPPED) {
        *sum += fact(connection, name)?.unwrap_or_default();
    }
    let [files, bytes_read, bytes_on_disk, records, events_read, n_partial] = sums;
    let mut coverage = Coverage {
        files: files as u64,
        bytes_read: bytes_read as u64,
        bytes_on_disk: bytes_on_disk as u64,
        records: records as u64,
        events_read: events_read as u64,
        has_unread: n_partial != 0,
        ..Coverage::default()
    };
    let mut statement =
        connection.prepare_cached("SELECT kind, source, text, records, more FROM remarks")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, source, text): (String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let (records, more) = (row.get::<_, i64>(3)? as u64, row.get::<_, i64>(4)? as u64);
        let source = if more > 0 { ingest::rest(more) } else { source };
        match &*kind {
            "skipped" => coverage.skipped.push(Skipped { source, reason: text, records }),
            "set_aside" => coverage.set_aside.push(SetAside { source, reason: text }),
            _ => coverage.notes.push(Note { source, text, records }),
        }
    }
    if let Some(kept_from) = kept_from(connection)? {
        let text = format!("usage detail before {kept_from} is not kept");
        coverage.notes.push(Note { source: "store".to_owned(), text, records: 0 });
    }
    coverage.arrange();
    Ok(coverage)
}
