//! Segments: few of them, and the same evidence whichever way they were merged.

use store::{Commit, Store};

use crate::made::{Batch, evidence, filled, told, told_below};

fn n_segments(store: &Store) -> u64 {
    store.size().unwrap().segments
}

#[test]
fn merging_changes_no_evidence_and_leaves_few_segments() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for number in 0..300 {
        store.commit(&Batch::of(number).commit()).unwrap();
        let is_due = store.is_merge_due().unwrap();
        assert_eq!(store.merge_segments().unwrap() > 0, is_due, "{number}");
        // 16 of a level become one of the next: fifteen stay on each of its levels at most.
        let levels = u64::from((number + 1).ilog(16)) + 1;
        assert!(n_segments(&store) <= 15 * levels, "{} at {number}", n_segments(&store));
    }
    assert_eq!(n_segments(&store), 1 + 2 + 12, "300 is 12c by sixteens");
    assert_eq!(told(&store.evidence().unwrap()), told_below(300));
    assert_eq!(store.merge_all().unwrap(), 15);
    assert_eq!((n_segments(&store), store.merge_all().unwrap()), (1, 0));
    assert_eq!(told(&store.evidence().unwrap()), told_below(300));
}

#[test]
fn levels_that_filled_up_while_nobody_merged_are_merged_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 40);
    assert_eq!(n_segments(&store), 40);
    assert_eq!(store.merge_segments().unwrap(), 40);
    assert_eq!(n_segments(&store), 1);
    assert_eq!(told(&store.evidence().unwrap()), told_below(40));
}

#[test]
fn what_comes_after_a_merge_is_merged_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 20);
    store.merge_all().unwrap();
    for number in 15..40 {
        store.commit(&Batch::of(number).commit()).unwrap();
    }
    store.merge_segments().unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told_below(40));
    drop(store);
    let store = Store::open_beside(folder.path()).unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told_below(40));
}

#[test]
fn compacting_gives_room_back_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 200);
    let coverage = store.coverage().unwrap();
    store.merge_all().unwrap();
    let before = store.size().unwrap();
    assert!(before.bytes_free > before.bytes / 10, "{before:?}");
    store.compact().unwrap();
    let after = store.size().unwrap();
    assert!(after.bytes < before.bytes - before.bytes_free / 2, "{before:?} {after:?}");
    assert_eq!((after.bytes_free, after.log_bytes), (0, 0));
    assert_eq!(told(&store.evidence().unwrap()), told_below(200));
    assert_eq!(store.coverage().unwrap(), coverage);
    assert_eq!(store.check().unwrap().faults, [""; 0]);
}

#[test]
fn evidence_that_is_put_in_the_place_of_all_is_all_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 20);
    store.replace_evidence(&evidence(5..10)).unwrap();
    assert_eq!(told(&store.evidence().unwrap()), told(&evidence(5..10)));
    let health = store.check().unwrap();
    assert_eq!((health.segments, health.objects, health.credentials), (1, 20, 5));
}

/// SQLite takes no more than 1,000 million bytes in one value; pieces are 16 MiB.
#[test]
fn a_segment_of_several_pieces_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let mut evidence = evidence(0..1);
    let mut chance = crate::chance::Chance(7);
    // Digits at random become half as long: 40 MB stay 20 MB.
    for call in 0..40 {
        let text: Vec<String> = (0..62_500).map(|_| format!("{:016x}", chance.number())).collect();
        let text = text.concat();
        let record = format!(
            r#"{{"eventTime":"2026-01-01T00:00:00Z","eventName":"A","eventSource":"b",
            "eventID":"{call}","userAgent":"{text}"}}"#
        );
        cloudtrail::read(record.as_bytes(), &mut |record| {
            evidence.record(record);
        });
    }
    let bytes = evidence.to_bytes();
    store.commit(&Commit { evidence: Some(&bytes), ..Commit::default() }).unwrap();
    let connection = rusqlite::Connection::open(folder.path().join(store::DATABASE)).unwrap();
    let question = "SELECT COUNT(*) FROM segment_pieces";
    let n_pieces: i64 = connection.query_row(question, [], |row| row.get(0)).unwrap();
    let again = store.evidence().unwrap();
    assert_eq!((again.events().events, n_pieces), (41, 2));
    assert_eq!(again.to_bytes().len(), bytes.len());
}
