//! The outbox: what is sent next, in what order, and what a sink was told.

use detect::Severity;
use store::{AlertMark, AlertRow, AlertState, Due, NewAlert, SinkDepth, Store};

use crate::chance::Chance;
use crate::made::{PAYLOAD, SINK, alert};

const DUE: Due<'static> = Due { sink: SINK, now: 0, latest: 1_000_000, passes_after: 3, limit: 99 };

fn keys(rows: &[AlertRow]) -> Vec<(&str, u32)> {
    rows.iter().map(|row| (row.alert.incident.as_str(), row.alert.revision)).collect()
}

fn due(store: &Store, due: Due<'_>) -> Vec<(String, u32)> {
    let rows = store.due(&due).unwrap();
    keys(&rows).into_iter().map(|(incident, revision)| (incident.to_owned(), revision)).collect()
}

fn owned(keys: &[(&str, u32)]) -> Vec<(String, u32)> {
    keys.iter().map(|(incident, revision)| ((*incident).to_owned(), *revision)).collect()
}

fn open() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

#[test]
fn alerts_about_an_incident_are_sent_in_their_order() {
    let (_folder, mut store) = open();
    store.enqueue(&[alert("a", 1, 0), alert("b", 1, 0), alert("a", 2, 0)]).unwrap();
    let waiting = store.waiting(SINK).unwrap();
    assert_eq!(keys(&waiting), [("a", 1), ("b", 1)]);
    store.delivered(waiting[0].id, 5).unwrap();
    assert_eq!(due(&store, DUE), owned(&[("b", 1), ("a", 2)]));
    assert_eq!(due(&store, Due { limit: 1, ..DUE }), owned(&[("b", 1)]));
    assert_eq!(due(&store, Due { sink: "another", ..DUE }), owned(&[]));
    let taken = store.alerts_of("a").unwrap().remove(0);
    assert_eq!((taken.state, taken.attempts), (AlertState::Delivered, 1));
    assert_eq!(taken.alert.payload, b"");
    assert_eq!(waiting[0].alert.payload, PAYLOAD);
}

#[test]
fn one_that_fails_waits_its_turn_and_lets_others_pass() {
    let (_folder, mut store) = open();
    store.enqueue(&[alert("a", 1, 0), alert("a", 2, 0), alert("b", 1, 0)]).unwrap();
    let id = store.waiting(SINK).unwrap()[0].id;
    for attempt in 1..=2 {
        store.failed(id, "timed out", 10 * attempt).unwrap();
    }
    // The second one about `a` does not overtake the first.
    assert_eq!(due(&store, Due { now: 19, ..DUE }), owned(&[("b", 1)]));
    assert_eq!(due(&store, Due { now: 20, ..DUE }), owned(&[("a", 1), ("b", 1)]));
    store.failed(id, "timed out", 30).unwrap();
    assert_eq!(due(&store, Due { now: 30, ..DUE }), owned(&[("b", 1), ("a", 1)]));
    assert_eq!(store.next_attempt(SINK).unwrap(), Some(0));
    let row = store.alerts_of("a").unwrap().remove(0);
    assert_eq!((row.attempts, row.next_attempt, row.error.as_deref()), (3, 30, Some("timed out")));
    // A wait that is longer than any: the clock was set back.
    assert_eq!(due(&store, Due { now: 1, latest: 29, ..DUE }), owned(&[("b", 1), ("a", 1)]));
}

#[test]
fn what_was_given_up_holds_nobody_up_and_can_be_tried_again() {
    let (_folder, mut store) = open();
    store.enqueue(&[alert("a", 1, 0), alert("a", 2, 0)]).unwrap();
    let id = store.waiting(SINK).unwrap()[0].id;
    store.park(id, "gone: 410", 4).unwrap();
    assert_eq!(due(&store, DUE), owned(&[("a", 2)]));
    assert_eq!(store.depth(SINK).unwrap(), SinkDepth { waiting: 1, parked: 1 });
    let parked = store.alerts_of("a").unwrap().remove(0);
    assert_eq!((parked.state, parked.error.as_deref()), (AlertState::Parked, Some("gone: 410")));
    assert_eq!(parked.alert.payload, PAYLOAD, "it can be sent again");
    assert_eq!(store.retry_parked("another", 50).unwrap(), 0);
    assert_eq!(store.retry_parked(SINK, 50).unwrap(), 1);
    let again = store.waiting(SINK).unwrap().remove(0);
    assert_eq!((again.id, again.attempts, again.next_attempt), (id, 0, 50));
    assert_eq!(store.depth(SINK).unwrap(), SinkDepth { waiting: 2, parked: 0 });
}

#[test]
fn the_same_alert_is_never_sent_twice() {
    let (_folder, mut store) = open();
    store.enqueue(&[alert("a", 1, 0), alert("a", 1, 9)]).unwrap();
    assert_eq!(store.depth(SINK).unwrap().waiting, 1);
    let id = store.waiting(SINK).unwrap()[0].id;
    store.delivered(id, 5).unwrap();
    store.enqueue(&[alert("a", 1, 0)]).unwrap();
    assert_eq!(store.depth(SINK).unwrap(), SinkDepth::default());
    // Another sink has its own.
    let elsewhere = NewAlert { sink: "chat".to_owned(), ..alert("a", 1, 0) };
    store.enqueue(&[elsewhere]).unwrap();
    let one = SinkDepth { waiting: 1, parked: 0 };
    let expected = [("chat".to_owned(), one), (SINK.to_owned(), SinkDepth::default())];
    assert_eq!(store.depths().unwrap(), expected.into());
}

#[test]
fn marks_of_what_does_not_wait_change_nothing() {
    let (_folder, mut store) = open();
    store.enqueue(&[alert("a", 1, 0), alert("b", 1, 0)]).unwrap();
    let ids: Vec<i64> = store.waiting(SINK).unwrap().iter().map(|row| row.id).collect();
    let marks = [
        AlertMark::Delivered { id: ids[0], at: 3 },
        AlertMark::Parked { id: ids[1], error: "gone", at: 4 },
    ];
    store.mark(&marks).unwrap();
    let before = (store.alerts_of("a").unwrap(), store.alerts_of("b").unwrap());
    store.mark(&marks).unwrap();
    for id in [ids[0], ids[1], 99] {
        store.failed(id, "late", 7).unwrap();
        store.park(id, "late", 7).unwrap();
        store.delivered(id, 7).unwrap();
    }
    assert_eq!((store.alerts_of("a").unwrap(), store.alerts_of("b").unwrap()), before);
}

#[test]
fn what_a_sink_was_told_last_is_the_greatest_number_whatever_became_of_it() {
    let (_folder, mut store) = open();
    let raised =
        NewAlert { kind: "raised".to_owned(), severity: Severity::Critical, ..alert("a", 2, 20) };
    let elsewhere = NewAlert { sink: "chat".to_owned(), ..alert("a", 1, 10) };
    store.enqueue(&[alert("a", 1, 10), raised, elsewhere, alert("b", 7, 30)]).unwrap();
    let sinks = |store: &Store| -> Vec<_> {
        let told = store.told("a").unwrap();
        told.into_iter().map(|sent| (sent.sink, sent.kind, sent.revision, sent.at)).collect()
    };
    let expected = [
        ("chat".to_owned(), "opened".to_owned(), 1, 10),
        (SINK.to_owned(), "raised".to_owned(), 2, 20),
    ];
    assert_eq!(sinks(&store), expected);
    assert_eq!(store.told("a").unwrap()[1].severity, Severity::Critical);
    let [first, second] = [0, 1].map(|at| store.alerts_of("a").unwrap()[at].id);
    store.delivered(first, 40).unwrap();
    store.park(second, "gone", 41).unwrap();
    assert_eq!(sinks(&store), expected);
    assert_eq!(store.told("nobody").unwrap(), []);
}

/// The rules of the queue as plain code, which the tables have to agree with.
#[derive(Default)]
struct Queue(Vec<AlertRow>);

impl Queue {
    /// The number is the store's to choose; later ones are greater.
    fn enqueue(&mut self, alert: &NewAlert, id: i64) {
        let key = |alert: &NewAlert| (alert.sink.clone(), alert.incident.clone(), alert.revision);
        if self.0.iter().any(|row| key(&row.alert) == key(alert)) {
            return;
        }
        assert!(self.0.last().is_none_or(|last| last.id < id));
        let (alert, next_attempt) = (alert.clone(), alert.enqueued_at);
        let state = AlertState::Waiting;
        self.0.push(AlertRow { id, alert, state, attempts: 0, next_attempt, error: None });
    }

    fn row(&mut self, id: i64) -> Option<&mut AlertRow> {
        self.0.iter_mut().find(|row| row.id == id && row.state == AlertState::Waiting)
    }

    fn due(&self, due: Due<'_>) -> Vec<AlertRow> {
        let is_waiting =
            |row: &&AlertRow| row.state == AlertState::Waiting && row.alert.sink == due.sink;
        let is_first = |row: &&AlertRow| {
            let same = |other: &AlertRow| other.alert.incident == row.alert.incident;
            !self.0.iter().filter(is_waiting).any(|other| same(other) && other.id < row.id)
        };
        let is_due = |row: &&AlertRow| row.next_attempt <= due.now || row.next_attempt > due.latest;
        let firsts = self.0.iter().filter(is_waiting).filter(is_first);
        let mut rows: Vec<AlertRow> = firsts.filter(is_due).cloned().collect();
        rows.sort_by_key(|row| (row.attempts / due.passes_after, row.id));
        rows.truncate(due.limit as usize);
        rows
    }
}

#[test]
fn any_order_of_events_is_told_as_the_rules_have_it() {
    let (_folder, mut store) = open();
    let (mut queue, mut chance) = (Queue::default(), Chance(3));
    for step in 0..900_i64 {
        let id = queue.0.get(chance.below(queue.0.len().max(1))).map_or(0, |row| row.id);
        match chance.below(6) {
            0 | 1 => {
                let incident = ["a", "b", "c", "d"][chance.below(4)];
                let new = alert(incident, 1 + chance.below(60) as u64, step);
                store.enqueue(std::slice::from_ref(&new)).unwrap();
                let newest = store.alerts_of(incident).unwrap().pop().unwrap();
                queue.enqueue(&new, newest.id);
            }
            2 => {
                store.mark(&[AlertMark::Delivered { id, at: step }]).unwrap();
                if let Some(row) = queue.row(id) {
                    (row.state, row.error) = (AlertState::Delivered, None);
                    (row.attempts, row.alert.payload) = (row.attempts + 1, Vec::new());
                }
            }
            3 => {
                let next_attempt = step + chance.below(90) as i64;
                store.mark(&[AlertMark::Failed { id, error: "late", next_attempt }]).unwrap();
                if let Some(row) = queue.row(id) {
                    (row.attempts, row.error) = (row.attempts + 1, Some("late".to_owned()));
                    row.next_attempt = next_attempt;
                }
            }
            4 => {
                store.mark(&[AlertMark::Parked { id, error: "gone", at: step }]).unwrap();
                if let Some(row) = queue.row(id) {
                    (row.attempts, row.error) = (row.attempts + 1, Some("gone".to_owned()));
                    row.state = AlertState::Parked;
                }
            }
            _ if chance.below(9) == 0 => {
                let is_parked = |row: &&mut AlertRow| row.state == AlertState::Parked;
                let mut n_parked = 0;
                for row in queue.0.iter_mut().filter(is_parked) {
                    (row.state, row.attempts) = (AlertState::Waiting, 0);
                    (row.next_attempt, n_parked) = (step, n_parked + 1);
                }
                assert_eq!(store.retry_parked(SINK, step).unwrap(), n_parked);
            }
            _ => {}
        }
        let due = Due { now: step, latest: step + 60, limit: 3, ..DUE };
        assert_eq!(store.due(&due).unwrap(), queue.due(due), "step {step}");
        let all = queue.due(Due { now: i64::MAX, passes_after: u32::MAX, ..DUE });
        assert_eq!(store.waiting(SINK).unwrap(), all, "step {step}");
        let of = |state| queue.0.iter().filter(|row| row.state == state).count() as u64;
        let depth = SinkDepth { waiting: of(AlertState::Waiting), parked: of(AlertState::Parked) };
        assert_eq!(store.depth(SINK).unwrap(), depth);
    }
    assert!(queue.0.len() > 100, "{} alerts", queue.0.len());
}
