//! What a commit keeps, and what a repetition does not change.

use cloudtrail::Timestamp;
use detect::Severity;
use store::{Commit, FindingState, Kept, ObjectDone, Store};

use crate::made::{
    Batch, HOUR, INCIDENTS, SINK, SOURCE, evidence, filled, finding_of, id_of, incident_of, object,
    told, told_below,
};

#[test]
fn everything_of_a_batch_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), 12));
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told_below(12));
    assert!((0..12).all(|number| store.is_done(&id_of(number)).unwrap()));
    assert!(!store.is_done(&id_of(12)).unwrap());
    assert_eq!(store.cursor(SOURCE).unwrap().as_deref(), Some("11"));
    assert_eq!(store.cursor("another").unwrap(), None);
    assert_eq!(store.as_of().unwrap(), Some(Timestamp(11)));
    assert_eq!(store.objects_by_source().unwrap(), [(SOURCE.to_owned(), 12)].into());
    assert_eq!(store.waiting(SINK).unwrap().len() as u64, INCIDENTS);
    assert_eq!(store.history_of(&incident_of(1)).unwrap().len(), 3);
    assert_eq!(store.open_incidents().unwrap(), [(Severity::High, 5)].into());
}

#[test]
fn revisions_and_the_first_time_are_the_stores_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 12);
    let finding = store.finding(&finding_of(1)).unwrap().unwrap();
    assert_eq!((finding.revision, finding.opened_at, finding.changed_at), (3, HOUR, 11 * HOUR));
    assert_eq!((finding.hash, finding.document.contains("11")), (11, true));
    let incident = store.incident(&incident_of(1)).unwrap().unwrap();
    assert_eq!((incident.revision, incident.opened_at), (3, HOUR));
    assert_eq!((incident.first_seen, incident.last_seen), (Timestamp(11), Timestamp(12)));
    let mut withdrawn = incident;
    withdrawn.state = FindingState::Withdrawn;
    let kept = Kept { incidents: vec![withdrawn], ..Kept::default() };
    store.commit(&Commit { kept: Some(&kept), ..Commit::default() }).unwrap();
    let known = store.known_incidents().unwrap();
    assert_eq!(known[&incident_of(1)], (FindingState::Withdrawn, Severity::High, 11));
    assert_eq!(store.known_findings().unwrap().len() as u64, INCIDENTS);
    assert_eq!(store.open_incidents().unwrap(), [(Severity::High, 4)].into());
}

#[test]
fn hashes_come_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let hash = u64::MAX - 1;
    let mut kept = crate::made::kept(0);
    kept.findings[0].hash = hash;
    store.commit(&Commit { kept: Some(&kept), ..Commit::default() }).unwrap();
    assert_eq!(store.finding(&finding_of(0)).unwrap().unwrap().hash, hash);
}

#[test]
fn an_object_that_comes_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 12);
    let (coverage, sources) = (store.coverage().unwrap(), store.objects_by_source().unwrap());
    let objects: Vec<ObjectDone> = (0..12).map(object).collect();
    let bytes = evidence(0..12).to_bytes();
    let again = Commit { evidence: Some(&bytes), objects: &objects, ..Commit::default() };
    store.commit(&again).unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told_below(12));
    assert_eq!(store.coverage().unwrap(), coverage);
    assert_eq!(store.objects_by_source().unwrap(), sources);
}

#[test]
fn an_object_twice_in_one_batch_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let objects = [object(6), object(6)];
    store.commit(&Commit { objects: &objects, ..Commit::default() }).unwrap();
    let coverage = store.coverage().unwrap();
    assert_eq!((coverage.files, coverage.records, coverage.skipped.len()), (1, 1, 1));
}

#[test]
fn another_content_under_the_same_name_is_another_object() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 1);
    let mut other = object(0);
    other.id.version = "2".to_owned();
    assert!(!store.is_done(&other.id).unwrap());
    store.commit(&Commit { objects: &[other], ..Commit::default() }).unwrap();
    assert_eq!(store.coverage().unwrap().files, 2);
}

#[test]
fn an_analysis_is_due_where_evidence_came_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    assert!(!store.is_analysis_due().unwrap());
    let batch = Batch::of(0);
    store.commit(&Commit { kept: None, ..batch.commit() }).unwrap();
    assert!(store.is_analysis_due().unwrap());
    assert_eq!(store.as_of().unwrap(), None);
    // A batch that taught nothing leaves that as it was.
    store.commit(&Commit { objects: &[object(1)], ..Commit::default() }).unwrap();
    assert!(store.is_analysis_due().unwrap());
    store.commit(&Commit { kept: Some(&batch.kept), ..Commit::default() }).unwrap();
    assert!(!store.is_analysis_due().unwrap());
}

/// What is refused halfway leaves nothing behind.
#[test]
fn a_commit_that_fails_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 3);
    let other = rusqlite::Connection::open(folder.path().join(store::DATABASE)).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON outbox
             BEGIN SELECT RAISE(ABORT, 'refused'); END;",
        )
        .unwrap();
    let batch = Batch::of(3);
    store.commit(&batch.commit()).unwrap_err();
    assert!(!store.is_done(&id_of(3)).unwrap());
    assert_eq!(told(&store.evidence().unwrap()), told_below(3));
    assert_eq!(store.cursor(SOURCE).unwrap().as_deref(), Some("2"));
    assert_eq!(store.history_of(&incident_of(3)).unwrap(), []);
    assert_eq!(store.finding(&finding_of(3)).unwrap(), None);
    other.execute_batch("DROP TRIGGER refuse").unwrap();
    store.commit(&batch.commit()).unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told_below(4));
}
