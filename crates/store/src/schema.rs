//! How a store is opened, and what its tables are.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{self, Path};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::Error;
use crate::{DATABASE, LOCK, Lock, Store};

/// How long a writer waits for another one, such as a person's triage, before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// Pages of the database that are kept in memory, in KiB (SQLite takes them negative).
const CACHE_KIB: i64 = 65_536;

/// Bytes that the log of writes keeps on the disk when it is empty: a merge may need far more once.
const LOG_BYTES_KEPT: i64 = 64 * 1024 * 1024;

/// What the first step writes into the head of the database: `RCLL`.
const APPLICATION_ID: i64 = 0x5243_4c4c;

/// The steps that made the tables what they are, oldest first. A step that was released never
/// changes: what is new is a step of its own, and `user_version` counts those that were taken.
const STEPS: &[&str] =
    &[include_str!("schema/1.sql"), include_str!("schema/2.sql"), include_str!("schema/3.sql")];

impl Store {
    /// Opens the store in `folder`, which is made if it is not there, for the one process that
    /// writes evidence.
    ///
    /// Only the owner may read and write the files.
    ///
    /// # Errors
    ///
    /// Where another process writes evidence to it, where the folder cannot be used, where its
    /// database is damaged or is none of this program's, and where it was written by a later
    /// version of the program.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        make(folder)?;
        let lock = lock(folder)?;
        private(&folder.join(DATABASE))?;
        connect(folder, Some(lock), STEPS)
    }

    /// Opens the store in `folder` beside the process that writes evidence, to look at it or to
    /// change what people decide: triage and suppressions.
    ///
    /// # Errors
    ///
    /// As [`Store::open`], where there is no store, and where an earlier version of the program
    /// writes evidence to it: its tables are not changed below its hands.
    pub fn open_beside(folder: &Path) -> Result<Self, Error> {
        if !Self::is_store(folder) {
            return Err(Error::Absent { folder: folder.to_owned() });
        }
        connect(folder, None, STEPS)
    }
}

fn make(folder: &Path) -> Result<(), Error> {
    let context = |source: io::Error| Error::Folder { path: folder.to_owned(), source };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(context)
}

fn lock(folder: &Path) -> Result<Lock, Error> {
    let path = folder.join(LOCK);
    let file = private(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(fs::TryLockError::WouldBlock) => Err(Error::InUse { folder: folder.to_owned() }),
        Err(fs::TryLockError::Error(source)) => Err(Error::Folder { path, source }),
    }
}

/// A file that nobody but its owner may open, whoever made it. SQLite gives the files beside its
/// database the same mode.
fn private(path: &Path) -> Result<File, Error> {
    let context = |source: io::Error| Error::Folder { path: path.to_owned(), source };
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path).map_err(context)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(context)?.permissions().mode();
        if mode & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600)).map_err(context)?;
        }
    }
    Ok(file)
}

fn connect(folder: &Path, lock: Option<Lock>, steps: &[&str]) -> Result<Store, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // SQLite takes a path that begins with `file:` for something else.
    let path = path::absolute(folder.join(DATABASE));
    let path = path.map_err(|source| Error::Folder { path: folder.to_owned(), source })?;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let Some(found) = version(&connection)? else {
        return Err(Error::Absent { folder: folder.to_owned() });
    };
    let known = steps.len() as i64;
    if found > known {
        return Err(Error::TooNew { found, known });
    }
    connection.pragma_update(None, "journal_mode", "wal")?;
    // What is committed survives a loss of power, not only a killed process.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    let mut store = Store { connection, folder: folder.to_owned(), lock };
    if found < known {
        // Whoever writes evidence with other steps does not know these.
        let _held = store.lock.is_none().then(|| self::lock(folder)).transpose()?;
        migrate(&mut store.connection, steps)?;
    }
    Ok(store)
}

/// How many steps were taken; nothing where the database is another program's.
fn version(connection: &Connection) -> Result<Option<i64>, Error> {
    let head = "SELECT (SELECT application_id FROM pragma_application_id),
                (SELECT user_version FROM pragma_user_version),
                (SELECT COUNT(*) FROM sqlite_schema)";
    let head = connection.query_row(head, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(match head {
        (APPLICATION_ID, version, _) => Some(version),
        (0, 0, 0_i64) => Some(0),
        _ => None,
    })
}

/// Takes the steps that were not taken yet, all of them or none.
fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let taken = version(&transaction)?.and_then(|taken| usize::try_from(taken).ok());
    for step in steps.iter().skip(taken.unwrap_or_default()) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", steps.len() as i64)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::error::Error;
    use crate::{Commit, FindingState, ObjectDone, Status, Store};

    use super::{STEPS, connect, lock, version};

    /// What the next version might do.
    const NEXT: &str = "ALTER TABLE objects ADD COLUMN owner TEXT NOT NULL DEFAULT 'nobody'";

    /// A store of the version that knows [`STEPS`], with one object.
    fn old(folder: &Path) {
        let mut store = Store::open(folder).unwrap();
        let objects = [ObjectDone::default()];
        store.commit(&Commit { objects: &objects, ..Commit::default() }).unwrap();
    }

    fn with(steps: &[&str], folder: &Path) -> Result<Store, Error> {
        connect(folder, None, &[STEPS, steps].concat())
    }

    fn n_owned(store: &Store) -> rusqlite::Result<i64> {
        let question = "SELECT COUNT(*) FROM objects WHERE owner = 'nobody'";
        store.connection.query_row(question, [], |row| row.get(0))
    }

    #[test]
    fn a_step_that_was_not_taken_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        old(folder.path());
        for _ in 0..2 {
            let store = with(&[NEXT], folder.path()).unwrap();
            assert_eq!(n_owned(&store).unwrap(), 1);
            assert_eq!(version(&store.connection).unwrap(), Some(STEPS.len() as i64 + 1));
        }
        let error = Store::open(folder.path()).unwrap_err();
        assert!(matches!(error, Error::TooNew { .. }), "{error}");
    }

    #[test]
    fn what_was_found_and_decided_before_the_second_step_is_there_behind_it() {
        let folder = tempfile::tempdir().unwrap();
        super::make(folder.path()).unwrap();
        drop(super::private(&folder.path().join(super::DATABASE)).unwrap());
        let first = connect(folder.path(), None, &STEPS[..1]).unwrap();
        let rows = "INSERT INTO incidents VALUES
            ('a', 'open', 3, 'three roles', 'root', 1, 2, 3, 4, 5, 6, '{}'),
            ('b', 'withdrawn', 1, 'two roles', 'saml', 1, 2, 3, 4, 5, 6, '{}');
            INSERT INTO findings VALUES ('f', 'a', 'role_chaining', 'open', 3, 3, 4, 5, 6, '{}');
            INSERT INTO triage VALUES ('b', 'resolved', 'known', '', 'alice', 7, 0)";
        first.connection.execute_batch(rows).unwrap();
        drop(first);
        let store = Store::open(folder.path()).unwrap();
        let [a, b] = ["a", "b"].map(|id| store.incident(id).unwrap().unwrap());
        assert_eq!(
            (&*a.title, a.last_seen.0, a.revision, &*a.document),
            ("three roles", 2, 5, "{}")
        );
        assert_eq!((&*b.origin, b.state, b.opened_at), ("saml", FindingState::Withdrawn, 3));
        // What lists show is filled in by the next analysis.
        assert_eq!((a.hash, b.hash), (0, 0));
        let status = |id| store.incident_line(id).unwrap().unwrap().status;
        assert_eq!((status("a"), status("b")), (Status::New, Status::Resolved));
        let findings = store.findings_of("a").unwrap();
        assert_eq!(
            (findings.len(), &*findings[0].detector, findings[0].hash),
            (1, "role_chaining", 6)
        );
    }

    #[test]
    fn steps_are_taken_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        old(folder.path());
        with(&[NEXT, "CREATE TABLE more (a); INSERT INTO nowhere VALUES (1)"], folder.path())
            .unwrap_err();
        let store = Store::open(folder.path()).unwrap();
        n_owned(&store).unwrap_err();
        assert_eq!(version(&store.connection).unwrap(), Some(STEPS.len() as i64));
    }

    #[test]
    fn nobody_changes_the_tables_below_the_hands_of_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        old(folder.path());
        let held = lock(folder.path()).unwrap();
        let error = with(&[NEXT], folder.path()).unwrap_err();
        assert!(matches!(error, Error::InUse { .. }), "{error}");
        drop(held);
        assert_eq!(n_owned(&with(&[NEXT], folder.path()).unwrap()).unwrap(), 1);
    }
}
