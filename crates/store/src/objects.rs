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

/// How names of objects in buckets begin.
const SCHEME: &str = "s3://";

/// The folder that every trail makes below its prefix.
const ROOT: &str = "AWSLogs/";

/// The same below a prefix.
const BELOW: &str = "/AWSLogs/";

/// Places of trails that are told at most.
const ROOTS_MAX: usize = 50;

/// Places that are looked at for them, those without a trail included.
const STEPS_MAX: usize = 500;

/// The next object in the order of names.
const NEXT_OBJECT: &str = "SELECT name, source FROM objects WHERE name > ?1 ORDER BY name LIMIT 1";

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

    /// Where objects of `sources` lie in buckets: each `s3://bucket/prefix/AWSLogs/` with the source
    /// of its first object; 50 at most. Takes a step for each such place, whatever lies in it.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn trail_roots_of(&self, sources: &[String]) -> Result<Vec<(String, String)>, Error> {
        let mut statement = self.connection.prepare_cached(NEXT_OBJECT)?;
        let mut after = SCHEME.to_owned();
        let mut roots = Vec::new();
        for _ in 0..STEPS_MAX {
            let mut rows = statement.query([&after])?;
            let Some(row) = rows.next()? else {
                break;
            };
            let (name, source): (String, String) = (row.get(0)?, row.get(1)?);
            let Some((root, behind)) = place_of(&name) else {
                break;
            };
            roots.extend(root.filter(|_| sources.contains(&source)).map(|root| (root, source)));
            if roots.len() == ROOTS_MAX {
                break;
            }
            after = behind;
        }
        Ok(roots)
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

/// The trail in which an object lies, where there is one, and what comes behind all others that lie
/// there too: of no trail, behind the bucket or the folder in it. `None` behind all buckets.
fn place_of(name: &str) -> Option<(Option<String>, String)> {
    let (bucket, key) = name.strip_prefix(SCHEME)?.split_once('/')?;
    let begins = if key.starts_with(ROOT) { Some(0) } else { key.find(BELOW).map(|at| at + 1) };
    if let Some(prefix) = begins.and_then(|at| key.get(..at)) {
        let root = format!("{SCHEME}{bucket}/{prefix}{ROOT}");
        let behind = behind(&root);
        return Some((Some(root), behind));
    }
    let behind = match key.split_once('/') {
        Some((folder, _)) => behind(&format!("{SCHEME}{bucket}/{folder}/")),
        None if key < ROOT => format!("{SCHEME}{bucket}/{ROOT}"),
        None => behind(&format!("{SCHEME}{bucket}/")),
    };
    Some((None, behind))
}

/// What comes behind all names that begin with `folder`, which ends in `/`.
fn behind(folder: &str) -> String {
    // In the order of bytes `0` comes next.
    format!("{}0", folder.trim_end_matches('/'))
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

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::{NEXT_OBJECT, ObjectDone, ObjectId, ROOTS_MAX, STEPS_MAX};
    use crate::{Commit, Store};

    fn read(store: &mut Store, source: &str, names: impl IntoIterator<Item = String>) {
        let done = |name| ObjectDone {
            id: ObjectId { name, version: "1".to_owned() },
            source: source.to_owned(),
            ..ObjectDone::default()
        };
        let objects: Vec<ObjectDone> = names.into_iter().map(done).collect();
        store.commit(&Commit { objects: &objects, ..Commit::default() }).unwrap();
    }

    fn roots(store: &Store, sources: &[&str]) -> Vec<String> {
        let sources: Vec<String> = sources.iter().map(|&source| source.to_owned()).collect();
        let roots = store.trail_roots_of(&sources).unwrap();
        roots.into_iter().map(|(root, source)| format!("{source} {root}")).collect()
    }

    #[test]
    fn every_trail_that_a_queue_tells_of_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        assert_eq!(roots(&store, &["queue"]), Vec::<String>::new());
        let log = |at: &str| format!("s3://{at}AWSLogs/1/CloudTrail/eu-west-1/2026/a.json.gz");
        let of_queue = ["a/", "a/b/", "a/b/c/", "a-b/", "a0/", "b/", "b/AWSLogs-old/", "d/"];
        read(&mut store, "queue", of_queue.map(log));
        let aside = ["a/0.json", "a/x/y.json", "c/0.json", "c/z.json", "d/AWSLogs0", "d/z"];
        read(&mut store, "queue", aside.map(|at| format!("s3://{at}")));
        read(&mut store, "other", ["b/other/", "c/zz/"].map(log));
        read(&mut store, "queue", ["c/y/"].map(log));
        read(&mut store, "folder", ["/var/log/AWSLogs/a.json", "z/AWSLogs/a.json"].map(Into::into));
        let expected =
            ["a-b/", "a/", "a/b/", "a/b/c/", "a0/", "b/AWSLogs-old/", "b/", "c/y/", "d/"];
        let expected = expected.map(|at| format!("queue s3://{at}AWSLogs/"));
        assert_eq!(roots(&store, &["queue", "none"]), expected);
        // Behind an object that lies in a bucket itself none is sought.
        assert_eq!(roots(&store, &["other"]), ["other s3://b/other/AWSLogs/"]);
        assert_eq!(roots(&store, &[]), Vec::<String>::new());
    }

    #[test]
    fn what_lies_in_a_trail_is_passed_by() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let log = |number: usize| format!("s3://trail/AWSLogs/1/{number:05}.json.gz");
        read(&mut store, "queue", (0..STEPS_MAX * 2).map(log));
        let other = |number: usize| format!("s3://trails-{number:03}/AWSLogs/1/a.json.gz");
        read(&mut store, "queue", (0..ROOTS_MAX - 1).map(other));
        assert_eq!(roots(&store, &["queue"]).len(), ROOTS_MAX);
        read(&mut store, "queue", ["s3://u/AWSLogs/1/a.json.gz".to_owned()]);
        assert_eq!(roots(&store, &["queue"]).len(), ROOTS_MAX);
        let mut statement = store.connection.prepare(NEXT_OBJECT).unwrap();
        assert!(statement.exists(["s3://trail/AWSLogs0"]).unwrap());
        let cost = |what| statement.get_status(what);
        assert_eq!(cost(StatementStatus::Sort) + cost(StatementStatus::FullscanStep), 0);
    }
}
