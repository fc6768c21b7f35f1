//! What is forgotten in time, and what has to stay.

use cloudtrail::Timestamp;
use ingest::limits::SHOWN_MAX;
use ingest::{Coverage, Note, SetAside};
use rusqlite::Connection;
use store::{Commit, DATABASE, ObjectDone, Retention, Store, What};

use crate::made::{
    HOUR, SINK, alert, evidence, filled, id_of, incident_of, kept, object, told, told_below,
};

/// What reading the objects comes to at once.
fn covered(objects: impl IntoIterator<Item = ObjectDone>) -> Coverage {
    let mut coverage = Coverage::default();
    objects.into_iter().for_each(|object| coverage.merge(object.coverage));
    coverage.arrange();
    coverage
}

#[test]
fn the_coverage_is_the_sum_of_all_objects_forgotten_ones_included() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 30);
    let expected = covered((0..30).map(object));
    assert!(expected.is_partial() && expected.skipped.len() == 4);
    assert_eq!(store.coverage().unwrap(), expected);
    // Those that could not be read are among the forgotten ones, in two steps.
    for (before, n_forgotten) in [(3, 3), (28, 25), (28, 0)] {
        assert_eq!(store.forget_objects(before * HOUR).unwrap(), n_forgotten);
        assert_eq!(store.coverage().unwrap(), expected, "{before}");
    }
    assert_eq!(store.forget_objects(i64::MAX).unwrap(), 2);
    assert_eq!(store.coverage().unwrap(), expected);
    assert!(!store.is_done(&id_of(29)).unwrap());
    assert_eq!(told(&store.evidence().unwrap()), told_below(30));
    drop(store);
    let store = Store::open_beside(folder.path()).unwrap();
    assert_eq!(store.coverage().unwrap(), expected);
    assert_eq!(store.size().unwrap().objects, 0);
}

#[test]
fn an_object_that_is_read_again_after_it_was_forgotten_changes_no_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 5);
    store.forget_objects(i64::MAX).unwrap();
    store.commit(&crate::made::Batch::of(1).commit()).unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told_below(5));
    let coverage = store.coverage().unwrap();
    assert_eq!((coverage.files, coverage.events_read), (6, 6), "it is a repetition");
}

/// Each object's lists are shortened by themselves; what they were shortened by adds up.
#[test]
fn lists_of_many_objects_are_shortened_as_those_of_one_scan() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let whole: Vec<ObjectDone> = (0..4_u64)
        .map(|number| {
            let mut coverage = object(number).coverage;
            for member in 0..SHOWN_MAX + 5 * number as usize {
                let source = format!("{}!{member:05}", id_of(number).name);
                coverage.failed(&source, "encrypted");
                coverage.set_aside(&source, "hidden");
                let text = "not UTF-8: bytes were replaced".to_owned();
                coverage.notes.push(Note { source, text, records: 2 });
            }
            let source = format!("{number} more or less");
            coverage.set_aside.push(SetAside { source, reason: "a name as any other".to_owned() });
            ObjectDone { id: id_of(number), source: "trail".to_owned(), coverage }
        })
        .collect();
    for object in &whole {
        let mut object = object.clone();
        object.coverage.arrange();
        store.commit(&Commit { objects: &[object], ..Commit::default() }).unwrap();
    }
    let expected = covered(whole);
    assert_eq!(expected.skipped.len(), SHOWN_MAX + 1);
    assert_eq!(store.coverage().unwrap(), expected);
    store.forget_objects(i64::MAX).unwrap();
    assert_eq!(store.coverage().unwrap(), expected);
}

#[test]
fn the_history_is_dropped_up_to_a_time_that_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 30);
    let history = |store: &Store| -> Vec<(What, i64)> {
        let history = store.history_of(&incident_of(2)).unwrap();
        history.into_iter().map(|entry| (entry.what, entry.at / HOUR)).collect()
    };
    assert_eq!(history(&store).len(), 6);
    assert_eq!(store.history_kept_from().unwrap(), None);
    assert_eq!(store.forget_history(15 * HOUR).unwrap(), 10);
    let kept = [(What::New, 2), (What::Grew, 17), (What::Grew, 22), (What::Grew, 27)];
    assert_eq!(history(&store), kept);
    assert_eq!(store.history_kept_from().unwrap(), Some(15 * HOUR));
    // The time does not run backwards, and nothing behind it can be dropped by hand.
    assert_eq!(store.forget_history(9 * HOUR).unwrap(), 0);
    assert_eq!(store.history_kept_from().unwrap(), Some(15 * HOUR));
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    connection.execute("DELETE FROM history WHERE at > ?1", [15 * HOUR]).unwrap_err();
    connection.execute("DELETE FROM history WHERE what = 'new'", []).unwrap_err();
    assert_eq!(history(&store), kept);
}

#[test]
fn alerts_are_forgotten_but_the_last_of_each_incident_to_each_sink() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let new = [alert("a", 1, 0), alert("a", 2, 0), alert("a", 3, 0), alert("b", 1, 0)];
    store.enqueue(&new).unwrap();
    for (at, incident) in [(10, "a"), (20, "a"), (30, "b")] {
        let waiting = store.waiting(SINK).unwrap();
        let first = waiting.iter().find(|row| row.alert.incident == incident).unwrap();
        store.delivered(first.id, at).unwrap();
    }
    assert_eq!(store.forget_alerts(15).unwrap(), 1);
    assert_eq!(store.forget_alerts(i64::MAX).unwrap(), 1);
    let revisions = |incident: &str| -> Vec<u32> {
        let alerts = store.alerts_of(incident).unwrap();
        alerts.iter().map(|row| row.alert.revision).collect()
    };
    // The third waits; the only one about `b` gives the next its number.
    assert_eq!((revisions("a"), revisions("b")), (vec![3], vec![1]));
    assert_eq!(store.told("b").unwrap()[0].revision, 1);
}

#[test]
fn details_of_use_are_dropped_but_for_keys_of_open_findings() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let bytes = evidence(0..4).to_bytes();
    let mut found = kept(0);
    found.as_of = Timestamp::parse("2026-01-04T05:00:00Z").unwrap();
    let document = r#"{"chain":{"roles":[{"access_key_id":"AKIAEXAMPLE000000001"}]}}"#;
    document.clone_into(&mut found.findings[0].document);
    let commit = Commit { evidence: Some(&bytes), kept: Some(&found), ..Commit::default() };
    store.commit(&commit).unwrap();
    assert!(store.retain(None).unwrap().is_none(), "nobody has set anything");
    let retention = Retention { usage_days: 1, lineage_months: 13, artifact_months: 13 };
    store.keep_for(&retention).unwrap();
    let midnight = Timestamp::parse("2026-01-03T00:00:00Z");
    assert_eq!(store.retention_due().unwrap(), midnight);
    let left = store.retain(None).unwrap().unwrap();
    let keys: Vec<String> = left.uses().map(|view| view.of.access_key_id.to_string()).collect();
    assert_eq!((keys, left.issuances().len()), (vec!["AKIAEXAMPLE000000001".to_owned()], 4));
    assert_eq!(told(&store.evidence().unwrap()), told(&left));
    assert_eq!(store.usage_kept_from().unwrap(), midnight);
    assert_eq!(store.retention_due().unwrap(), None, "once for each day of events");
    let notes = store.coverage().unwrap().notes;
    assert_eq!(notes[0].text, "usage detail before 2026-01-03T00:00:00Z is not kept");
    store.compact().unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told(&left));
}

#[test]
fn a_store_in_which_nothing_is_older_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 3);
    let retention = Retention { usage_days: 90, lineage_months: 13, artifact_months: 13 };
    store.keep_for(&retention).unwrap();
    assert!(store.retain(None).unwrap().is_none());
    assert_eq!(store.usage_kept_from().unwrap(), None);
    assert!(store.coverage().unwrap().notes.is_empty());
}
