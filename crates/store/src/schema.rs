//! How a store is opened, and what its tables are.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::Error;
use crate::{DATABASE, LOCK, Store};

/// How long a writer waits for another one, such as a person's triage, before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// Pages of the database that are kept in memory, in KiB (SQLite takes them negative).
const CACHE_KIB: i64 = 65_536;

/// The steps that made the tables what they are, oldest first. A step that was released never
/// changes: what is new is a step of its own, and `user_version` counts those that were taken.
const STEPS: [&str; 1] = [include_str!("schema/1.sql")];

impl Store {
    /// Opens the store in `folder`, which is made if it is not there, for the one process that
    /// writes evidence.
    ///
    /// Only the owner may read and write the files.
    ///
    /// # Errors
    ///
    /// Where another process writes evidence to it, where the folder cannot be used, and where it
    /// was written by a later version of the program.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        make(folder)?;
        let lock = lock(folder)?;
        connect(folder, Some(lock))
    }

    /// Opens the store in `folder` beside the process that writes evidence, to look at it or to
    /// change what people decide: triage and suppressions.
    ///
    /// # Errors
    ///
    /// As [`Store::open`], and where there is no store.
    pub fn open_beside(folder: &Path) -> Result<Self, Error> {
        if !Self::is_store(folder) {
            return Err(Error::Absent { folder: folder.to_owned() });
        }
        connect(folder, None)
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

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let file = private(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::InUse { folder: folder.to_owned() }),
        Err(fs::TryLockError::Error(source)) => Err(Error::Folder { path, source }),
    }
}

/// A file that nobody but its owner may open. SQLite gives the files beside it the same mode.
fn private(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map_err(|source| Error::Folder { path: path.to_owned(), source })
}

fn connect(folder: &Path, lock: Option<File>) -> Result<Store, Error> {
    let path = folder.join(DATABASE);
    if lock.is_some() {
        private(&path)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // What is committed survives a loss of power, not only a killed process.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    let mut store = Store { connection, folder: folder.to_owned(), _lock: lock };
    migrate(&mut store.connection)?;
    Ok(store)
}

/// Takes the steps that were not taken yet, each whole or not at all.
fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let known = STEPS.len() as i64;
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(Error::TooNew { found, known });
    }
    let taken = usize::try_from(found).unwrap_or_default();
    for step in STEPS.iter().skip(taken) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
