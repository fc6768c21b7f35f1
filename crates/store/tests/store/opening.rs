//! Who may open a store, what is refused, and who else may read the files.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, thread};

use rusqlite::Connection;
use store::{Commit, DATABASE, Error, Store, TriageChange};

use crate::made::{Batch, evidence, filled, incident_of, told, told_below};

#[test]
fn a_second_writer_is_refused_until_the_first_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path()).unwrap();
    let error = Store::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::InUse { .. }) && !error.is_passing(), "{error}");
    drop(first);
    Store::open(folder.path()).unwrap();
}

#[test]
fn whoever_opened_beside_the_writer_looks_and_decides_but_adds_no_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = filled(folder.path(), 3);
    let mut beside = Store::open_beside(folder.path()).unwrap();
    assert_eq!(told(&beside.evidence().unwrap()), told_below(3));
    let incident = incident_of(0);
    let change = TriageChange {
        incident: &incident,
        status: None,
        reason: "",
        note: Some("seen"),
        who: "alice",
        at: 1,
    };
    beside.set_triage(&change).unwrap();
    assert_eq!(writer.triage(&incident).unwrap().note, "seen");
    let batch = Batch::of(3);
    for refused in [
        beside.commit(&batch.commit()),
        beside.merge_all().map(drop),
        beside.replace_evidence(&evidence(0..1)),
        beside.compact(),
    ] {
        assert!(matches!(refused, Err(Error::Beside { .. })), "{refused:?}");
    }
    writer.commit(&batch.commit()).unwrap();
    assert_eq!(told(&beside.evidence().unwrap()), told_below(4));
}

/// The evidence and the counts are of one moment, also where segments are merged meanwhile.
#[test]
fn whoever_looks_while_others_write_sees_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = filled(folder.path(), 1);
    let is_over = AtomicBool::new(false);
    let looks = thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let store = Store::open_beside(folder.path()).unwrap();
            let (mut looks, mut last) = (0, 0);
            while !is_over.load(Ordering::Acquire) || looks == 0 {
                let look = |store: &Store| Ok((store.evidence()?, store.coverage()?));
                let (evidence, coverage) = store.at_once(look).unwrap();
                assert_eq!(evidence.events().events, coverage.events_read);
                assert!(evidence.events().events >= last);
                (looks, last) = (looks + 1, evidence.events().events);
                // Alone it sees one moment, too.
                store.evidence().unwrap();
            }
            looks
        });
        for number in 1..120 {
            writer.commit(&Batch::of(number).commit()).unwrap();
            writer.merge_segments().unwrap();
        }
        is_over.store(true, Ordering::Release);
        looking.join().unwrap()
    });
    assert!(looks > 0);
    assert_eq!(told(&writer.evidence().unwrap()), told_below(120));
}

#[test]
fn what_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent");
    assert!(!Store::is_store(&absent));
    let error = Store::open_beside(&absent).unwrap_err();
    assert!(matches!(error, Error::Absent { .. }), "{error}");
    assert!(!absent.exists());
    // A folder of that name is no database either.
    fs::create_dir_all(absent.join(DATABASE)).unwrap();
    assert!(!Store::is_store(&absent));
}

#[test]
fn a_file_that_is_no_database_is_named_damaged_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(DATABASE);
    let text = "this is no database, and longer than its head would be\n".repeat(100);
    fs::write(&path, &text).unwrap();
    for opened in [Store::open(folder.path()), Store::open_beside(folder.path())] {
        let error = opened.unwrap_err();
        assert!(matches!(error, Error::Damaged(_)) && !error.is_passing(), "{error}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_database_of_another_program_is_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(DATABASE);
    for made in ["CREATE TABLE theirs (a)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"]
    {
        let other = Connection::open(&path).unwrap();
        other.execute_batch(made).unwrap();
        drop(other);
        for opened in [Store::open(folder.path()), Store::open_beside(folder.path())] {
            let error = opened.unwrap_err();
            assert!(matches!(error, Error::Absent { .. }), "{made}: {error}");
        }
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_store_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), 1));
    let path = folder.path().join(DATABASE);
    let other = Connection::open(&path).unwrap();
    let known: i64 = other.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    other.pragma_update(None, "user_version", known + 1).unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    for opened in [Store::open(folder.path()), Store::open_beside(folder.path())] {
        let error = opened.unwrap_err();
        let Error::TooNew { found, known: of } = error else { panic!("{error}") };
        assert_eq!((found, of), (known + 1, known));
    }
    assert!(fs::read(&path).unwrap() == before);
}

#[test]
fn an_empty_database_becomes_a_store() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(DATABASE), "").unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    store.commit(&Batch::of(0).commit()).unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told_below(1));
}

#[test]
fn a_folder_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a b", "größe", "100%25", "what?mode=memory", "#1"] {
        let path = folder.path().join(name);
        drop(filled(&path, 2));
        assert!(Store::is_store(&path), "{name}");
        let store = Store::open_beside(&path).unwrap();
        assert_eq!(told(&store.evidence().unwrap()), told_below(2));
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The names of the files in `folder`, each of which its owner alone may open.
#[cfg(unix)]
fn private_files(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(mode(&path), 0o600, "{name}");
        names.push(name);
    }
    names.sort();
    names
}

#[cfg(unix)]
#[test]
fn nobody_but_the_owner_may_open_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/store");
    let mut store = filled(&path, 3);
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o700, 0o700));
    let files = ["rolecall.sqlite", "rolecall.sqlite-shm", "rolecall.sqlite-wal", "writer.lock"];
    assert_eq!(private_files(&path), files);
    let beside = Store::open_beside(&path).unwrap();
    store.compact().unwrap();
    private_files(&path);
    drop((store, beside));
    private_files(&path);
}

/// A copy that was put back has the mode that whoever copied it was careless enough to give it.
#[cfg(unix)]
#[test]
fn a_database_that_others_may_read_is_closed_to_them() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), 1));
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(folder.path().join(DATABASE), open).unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    store.commit(&Commit { at: 1, ..Batch::of(1).commit() }).unwrap();
    assert_eq!(private_files(folder.path()).len(), 4);
}
