//! What was damaged, or never reached the disk: it is seen, and never taken for evidence.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use store::{DATABASE, Error, Store};

use crate::made::{Batch, filled, id_of, incident_of, told, told_below};

/// A store that is closed, and its bytes.
fn closed(folder: &Path, end: u64) -> (PathBuf, Vec<u8>) {
    drop(filled(folder, end));
    let path = folder.join(DATABASE);
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

#[test]
fn a_segment_that_is_damaged_is_named() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), 3));
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    let question = "SELECT bytes FROM segment_pieces WHERE segment = 2";
    let whole: Vec<u8> = connection.query_row(question, [], |row| row.get(0)).unwrap();
    let put = |bytes: &[u8]| {
        let change = "UPDATE segment_pieces SET bytes = ?1 WHERE segment = 2";
        connection.execute(change, params![bytes]).unwrap();
    };
    let store = Store::open_beside(folder.path()).unwrap();
    for position in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[position] ^= 0x20;
        put(&damaged);
        let error = store.evidence().map(|evidence| told(&evidence)).unwrap_err();
        assert!(
            matches!(error, Error::Unpack { segment: 2, .. } | Error::Segment { segment: 2, .. }),
            "byte {position}: {error}"
        );
        assert!(!error.is_passing());
    }
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        put(&whole[..length]);
        store.evidence().unwrap_err();
        let faults = store.check().unwrap().faults;
        assert!(faults.iter().any(|fault| fault.contains("segment 2")), "{faults:?}");
    }
    put(&whole);
    assert_eq!(store.check().unwrap().faults, [""; 0]);
    assert_eq!(told(&store.evidence().unwrap()), told_below(3));
}

#[test]
fn a_graph_that_is_damaged_is_named_by_its_incident() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), 3));
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    let incident = incident_of(1);
    let put = "INSERT INTO pictures (incident, bytes) VALUES (?1, x'0badbadbad')";
    connection.execute(put, params![incident]).unwrap();
    let store = Store::open_beside(folder.path()).unwrap();
    let error = store.picture(&incident).unwrap_err();
    assert!(matches!(&error, Error::Document { id, .. } if *id == incident), "{error:?}");
    assert!(!error.is_passing());
    assert_eq!(error.to_string(), format!("the document of `{incident}` cannot be unpacked"));
}

#[test]
fn a_check_finds_what_the_database_does_not_see_to() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), 3));
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = off").unwrap();
    let store = Store::open_beside(folder.path()).unwrap();
    for (broken, whole, fault) in [
        (
            "UPDATE segment_pieces SET segment = 99 WHERE segment = 1",
            "UPDATE segment_pieces SET segment = 1 WHERE segment = 99",
            "pieces of segment 99",
        ),
        (
            "UPDATE segments SET bytes = bytes + 1",
            "UPDATE segments SET bytes = bytes - 1",
            "segment 1 has not the bytes",
        ),
        (
            "UPDATE findings SET incident = 'x' || incident",
            "UPDATE findings SET incident = substr(incident, 2)",
            "finding finding-0 is of incident xincident-0",
        ),
    ] {
        connection.execute_batch(broken).unwrap();
        let faults = store.check().unwrap().faults;
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:?}");
        connection.execute_batch(whole).unwrap();
    }
    assert_eq!(store.check().unwrap().faults, [""; 0]);
}

/// Bytes anywhere in the file may be anything: evidence is whole, or somebody says that it is not.
#[test]
fn a_database_that_is_damaged_never_passes_for_other_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = closed(folder.path(), 20);
    let expected = told_below(20);
    let mut seen = 0;
    for position in (0..bytes.len()).step_by(311) {
        let mut damaged = bytes.clone();
        damaged[position..].iter_mut().take(6).for_each(|byte| *byte = !*byte);
        fs::write(&path, &damaged).unwrap();
        for name in ["rolecall.sqlite-wal", "rolecall.sqlite-shm"] {
            let _ = fs::remove_file(folder.path().join(name));
        }
        let store = match Store::open_beside(folder.path()) {
            Ok(store) => store,
            Err(error) => {
                assert!(!error.is_passing(), "at {position}: {error}");
                seen += 1;
                continue;
            }
        };
        let is_seen = store.check().map_or(true, |health| !health.faults.is_empty());
        let is_whole = store.evidence().is_ok_and(|evidence| told(&evidence) == expected);
        assert!(is_seen || is_whole, "at {position}");
        seen += usize::from(is_seen);
    }
    assert!(seen > 50, "{seen} of {} damages were seen", bytes.len() / 311);
}

/// The log of writes, cut off anywhere, as a loss of power may leave it.
#[test]
fn whatever_of_the_log_reached_the_disk_is_whole_commits() {
    const END: u64 = 8;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole");
    let store = filled(&path, END);
    let [database, log] =
        ["rolecall.sqlite", "rolecall.sqlite-wal"].map(|name| fs::read(path.join(name)).unwrap());
    drop(store);
    let cut = folder.path().join("cut");
    let mut ends = Vec::new();
    for length in (0..=log.len()).step_by(4_099).chain([log.len()]) {
        let _ = fs::remove_dir_all(&cut);
        fs::create_dir(&cut).unwrap();
        fs::write(cut.join("rolecall.sqlite"), &database).unwrap();
        fs::write(cut.join("rolecall.sqlite-wal"), &log[..length]).unwrap();
        let mut store = Store::open(&cut).unwrap();
        let end: u64 = store.objects_by_source().unwrap().values().sum();
        assert!((0..end).all(|number| store.is_done(&id_of(number)).unwrap()));
        assert_eq!(told(&store.evidence().unwrap()), told_below(end), "cut at {length}");
        assert_eq!(store.coverage().unwrap().records, end);
        ends.push(end);
        store.commit(&Batch::of(end).commit()).unwrap();
        assert_eq!(told(&store.evidence().unwrap()), told_below(end + 1));
    }
    assert!(ends.is_sorted(), "{ends:?}");
    ends.dedup();
    assert_eq!(ends, (0..=END).collect::<Vec<_>>());
}
