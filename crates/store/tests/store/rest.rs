//! What rests: it is out of what is analyzed, whole on the disk, found by name, and dropped in
//! time.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloudtrail::Timestamp;
use evidence::Evidence;
use rusqlite::{Connection, params};
use store::{Commit, DATABASE, Error, Retention, Store};

use crate::made::{self, kept, told};

const DAY: u64 = 24;

/// When event 0 takes place.
fn begin() -> i64 {
    Timestamp::parse("2026-01-01T00:00:00Z").unwrap().0
}

/// What a hand-out an hour teaches.
fn evidence(numbers: impl IntoIterator<Item = u64>) -> Evidence {
    let mut evidence = Evidence::default();
    for number in numbers {
        let time = Timestamp(begin() + number.cast_signed() * 3600);
        let record = format!(
            r#"{{"eventTime":"{time}","eventSource":"sts.amazonaws.com","eventName":"AssumeRole",
            "eventID":"00000000-0000-4000-8000-{number:012}","recipientAccountId":"111122223333",
            "userIdentity":{{"type":"AWSService","invokedBy":"lambda.amazonaws.com"}},
            "requestParameters":{{"roleArn":"arn:aws:iam::111122223333:role/function",
            "roleSessionName":"function"}},"responseElements":{{
            "credentials":{{"accessKeyId":"ASIAEXAMPLE{number:09}"}},
            "assumedRoleUser":{{"assumedRoleId":"AROA1:function",
            "arn":"arn:aws:sts::111122223333:assumed-role/function/function"}}}}}}"#
        );
        let read = cloudtrail::read(record.as_bytes(), &mut |record| {
            evidence.record(record);
        });
        assert_eq!(read.events, 1, "{record}");
    }
    evidence
}

/// Evidence may take nothing: the last day but one stays all the same.
const NOTHING: Option<u64> = Some(0);

/// Commits the events of `numbers`, one an hour, as analyzed.
fn take(store: &mut Store, numbers: impl Iterator<Item = u64> + Clone) {
    let bytes = evidence(numbers.clone()).to_bytes();
    let mut found = kept(0);
    found.as_of = Timestamp(begin() + numbers.last().unwrap().cast_signed() * 3600);
    store
        .commit(&Commit { evidence: Some(&bytes), kept: Some(&found), ..Commit::default() })
        .unwrap();
}

/// A store with an event an hour for `days` days, that keeps lineages for `months`.
fn filled(folder: &std::path::Path, days: u64, months: u32) -> Store {
    let mut store = Store::open(folder).unwrap();
    let retention =
        Retention { usage_days: 31 * months, lineage_months: months, artifact_months: months };
    store.keep_for(&retention).unwrap();
    take(&mut store, 0..days * DAY);
    store
}

fn issued(evidence: &Evidence) -> Vec<String> {
    evidence.issuances().map(|one| one.name().to_string()).collect()
}

fn names(of: impl IntoIterator<Item = String>) -> BTreeSet<Arc<str>> {
    of.into_iter().map(Arc::from).collect()
}

#[test]
fn what_is_too_much_for_memory_rests_and_is_found_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 20, 13);
    let all = issued(&evidence(0..20 * DAY));
    assert!(store.retain(None).unwrap().is_none(), "nothing is older than was set");
    assert!(store.retain(Some(u64::MAX)).unwrap().is_none(), "all of it fits");
    assert!(store.lineages(names(all.clone())).unwrap().evidence.issuances().next().is_none());
    let left = store.retain(NOTHING).unwrap().unwrap();
    // Details of the last day but one, and lineages of the three days before it.
    let first = (20 - 2 - 3) * 24;
    assert_eq!(issued(&left), all[first..]);
    assert_eq!(told(&store.evidence().unwrap()), told(&left));
    let at_rest = store.at_rest().unwrap();
    assert_eq!((at_rest.credentials, at_rest.parts), (first as u64, 1));
    assert!(at_rest.bytes > 0);
    let midnight = |day: i64| Timestamp(begin() + day * 86_400);
    assert_eq!(store.usage_kept_from().unwrap(), Some(midnight(18)));
    assert_eq!(store.at_rest_until().unwrap(), Some(midnight(15)));
    for name in &all[..first] {
        let found = store.lineages_of(name).unwrap();
        assert_eq!((issued(&found.evidence), found.is_cut), (vec![name.clone()], false));
    }
    let found = store.lineages(names(all.clone())).unwrap().evidence;
    assert_eq!(issued(&found), all[..first]);
    drop(store);
    let store = Store::open_beside(folder.path()).unwrap();
    assert_eq!(issued(&store.lineages_of(&all[3]).unwrap().evidence), all[3..4]);
    let health = store.check().unwrap();
    // Those that rest, and the service that called in the others.
    assert_eq!((health.faults.len(), health.credentials), (0, first as u64 + 1), "{health:?}");
}

#[test]
fn what_rests_is_dropped_after_its_months_and_its_names_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 10, 1);
    store.retain(NOTHING).unwrap().unwrap();
    let name = issued(&evidence(0..1)).remove(0);
    for day in [20, 35, 41, 60] {
        take(&mut store, day * DAY..(day + 1) * DAY);
        store.retain(NOTHING).unwrap().unwrap();
        let found = store.lineages_of(&name).unwrap().evidence.issuances().len();
        // The first part ends with the fifth day, and a month has 31.
        assert_eq!(found, usize::from(day < 36), "day {day}");
        assert_eq!(store.check().unwrap().faults, [""; 0], "day {day}");
    }
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    let count = |question| connection.query_row(question, [], |row| row.get::<_, i64>(0)).unwrap();
    let n_stray = "SELECT COUNT(*) FROM rest_names WHERE part NOT IN (SELECT id FROM rest)";
    assert_eq!(count(n_stray), 0);
    assert!(count("SELECT COUNT(*) FROM rest_names") > 0);
}

#[test]
fn a_part_that_is_damaged_or_not_found_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 10, 13);
    store.retain(NOTHING).unwrap().unwrap();
    let name = issued(&evidence(0..1)).remove(0);
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    let whole: Vec<u8> =
        connection.query_row("SELECT bytes FROM rest", [], |row| row.get(0)).unwrap();
    let put = |bytes: &[u8]| {
        connection.execute("UPDATE rest SET bytes = ?1", params![bytes]).unwrap();
    };
    for position in (0..whole.len()).step_by(97) {
        let mut damaged = whole.clone();
        damaged[position] ^= 0x20;
        put(&damaged);
        let error = store.lineages_of(&name).unwrap_err();
        assert!(matches!(error, Error::Rest { part: 1, .. }) && !error.is_passing(), "{error}");
        let faults = store.check().unwrap().faults;
        assert!(faults.iter().any(|fault| fault.contains("part 1 of what rests")), "{faults:?}");
    }
    put(&whole);
    assert_eq!(store.check().unwrap().faults, [""; 0]);
    connection.execute("DELETE FROM rest_names WHERE rowid IN (SELECT 1)", []).unwrap_err();
    let first = "DELETE FROM rest_names WHERE hash = (SELECT MIN(hash) FROM rest_names)";
    connection.execute(first, []).unwrap();
    let faults = store.check().unwrap().faults;
    assert_eq!(faults, ["1 names of part 1 at rest are not found"]);
}

#[test]
fn segments_that_are_grown_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for number in 0..32 {
        let bytes = made::evidence(number..=number).to_bytes();
        store.commit(&Commit { evidence: Some(&bytes), ..Commit::default() }).unwrap();
    }
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    // As large as segments of a large organization are.
    connection.execute("UPDATE segments SET bytes = 5000000 WHERE id <= 16", []).unwrap();
    assert_eq!(store.merge_segments().unwrap(), 16);
    assert_eq!(store.merge_segments().unwrap(), 0);
    let left = "SELECT COUNT(*) FROM segments WHERE id <= 16";
    assert_eq!(connection.query_row(left, [], |row| row.get::<_, i64>(0)).unwrap(), 16);
    assert_eq!(told(&store.evidence().unwrap()), told(&made::evidence(0..32)));
}
