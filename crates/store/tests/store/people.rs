//! What people decide: triage, suppressions, and the audit of both.

use detect::Severity;
use rusqlite::Connection;
use store::{
    AuditEntry, Commit, DATABASE, Error, HistoryEntry, IncidentQuery, Kept, NewSuppression, Scope,
    Status, Store, TriageChange, What,
};

use crate::made::{HOUR, filled, incident, incident_of};

const DAY: i64 = 24 * HOUR;

fn change<'t>(
    incident: &'t str,
    status: Option<Status>,
    note: Option<&'t str>,
) -> TriageChange<'t> {
    TriageChange { incident, status, reason: "known deployment", note, who: "alice", at: 7 }
}

fn suppression() -> NewSuppression {
    NewSuppression {
        scope: Scope::Account,
        value: "111122223333".to_owned(),
        detector: None,
        reason: "load test".to_owned(),
        owner: "alice".to_owned(),
        created_at: DAY,
        expires_at: 31 * DAY,
    }
}

fn audit(store: &Store) -> Vec<AuditEntry> {
    store.audit(None, 100).unwrap()
}

#[test]
fn a_decision_is_kept_with_who_when_and_why_and_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 5);
    let incident = incident_of(1);
    let new = store.triage(&incident).unwrap();
    assert_eq!((new.status, &*new.who), (Status::New, ""));
    let before = store.set_triage(&change(&incident, Some(Status::InProgress), None)).unwrap();
    assert_eq!(before, new);
    let known = store.set_triage(&change(&incident, Some(Status::Resolved), Some("why"))).unwrap();
    assert_eq!((known.status, &*known.note), (Status::InProgress, ""));
    let triage = store.triage(&incident).unwrap();
    assert_eq!((triage.status, triage.at), (Status::Resolved, 7));
    assert_eq!([&triage.reason, &triage.note, &triage.who], ["known deployment", "why", "alice"]);
    // What a change returns undoes it.
    store.set_triage(&change(&incident, Some(known.status), Some(&known.note))).unwrap();
    assert_eq!(store.triage(&incident).unwrap(), known);
    let words: Vec<_> =
        audit(&store).into_iter().map(|entry| (entry.action, entry.before, entry.after)).collect();
    let line = |before: &str, after: &str| ("triage".to_owned(), before.into(), after.into());
    assert_eq!(
        words,
        [
            line("resolved; known deployment; why", "in_progress; known deployment; "),
            line("in_progress; known deployment; ", "resolved; known deployment; why"),
            line("new; ; ", "in_progress; known deployment; "),
        ]
    );
}

#[test]
fn what_is_undone_brings_back_the_news_that_it_settled() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 5);
    let incident = incident_of(1);
    let rises = |store: &mut Store| {
        let first = crate::made::kept(0).history[0].clone();
        let rose = HistoryEntry { what: What::Rose, incident: incident_of(1), ..first };
        let kept = Kept { history: vec![rose], ..Kept::default() };
        store.commit(&Commit { kept: Some(&kept), ..Commit::default() }).unwrap();
    };
    store.set_triage(&change(&incident, Some(Status::InProgress), None)).unwrap();
    rises(&mut store);
    assert!(store.has_news(&incident).unwrap());
    store.set_triage(&change(&incident, Some(Status::Resolved), None)).unwrap();
    assert!(!store.has_news(&incident).unwrap());
    let undone = store.undo_triage(&incident, ("bob", 8)).unwrap();
    assert_eq!(undone.status, Status::InProgress);
    assert!(store.has_news(&incident).unwrap());
    // A note settles nothing, and undoing it brings nothing back.
    store.set_triage(&change(&incident, Some(Status::Resolved), None)).unwrap();
    store.set_triage(&change(&incident, None, Some("looking"))).unwrap();
    store.undo_triage(&incident, ("bob", 9)).unwrap();
    assert!(!store.has_news(&incident).unwrap());
}

#[test]
fn a_note_leaves_the_decision_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 5);
    let incident = incident_of(0);
    store.set_triage(&change(&incident, Some(Status::Archived), Some("one"))).unwrap();
    let note = TriageChange { reason: "", who: "bob", ..change(&incident, None, Some("two")) };
    store.set_triage(&note).unwrap();
    let triage = store.triage(&incident).unwrap();
    assert_eq!(triage.status, Status::Archived);
    assert_eq!([&triage.reason, &triage.note, &triage.who], ["known deployment", "two", "bob"]);
    assert_eq!(audit(&store)[0].action, "note");
    assert_eq!(store.audit(Some(&incident), 1).unwrap().len(), 1);
    assert_eq!(store.audit(Some("another"), 9).unwrap(), []);
}

#[test]
fn a_change_without_a_reason_a_name_or_an_incident_is_refused_and_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 5);
    let (incident, long) = (incident_of(0), "x".repeat(16 * 1024 + 1));
    let good = change(&incident, Some(Status::Resolved), None);
    for (bad, part) in [
        (TriageChange { reason: " ", ..good.clone() }, "reason is needed"),
        (TriageChange { reason: &long, ..good.clone() }, "at most 16384 bytes"),
        (TriageChange { note: Some(&long), ..good.clone() }, "at most 16384 bytes"),
        (TriageChange { who: "\t", ..good.clone() }, "name is needed"),
        (TriageChange { who: &long, ..good.clone() }, "at most 16384 bytes"),
        (TriageChange { status: None, ..good.clone() }, "a status or a note is needed"),
        (TriageChange { incident: "nobody", ..good.clone() }, "no incident is called `nobody`"),
    ] {
        let error = store.set_triage(&bad).unwrap_err();
        assert!(error.to_string().contains(part) && !error.is_passing(), "{error}");
    }
    assert_eq!(store.triage(&incident).unwrap().status, Status::New);
    assert_eq!(audit(&store), []);
    assert_eq!(store.triage("nobody").unwrap().status, Status::New);
}

#[test]
fn what_is_dealt_with_is_not_listed_until_there_is_news() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 5);
    let (resolved, archived) = (incident_of(1), incident_of(2));
    let listed = |store: &Store, query: IncidentQuery| -> Vec<String> {
        store.incidents(query).unwrap().into_iter().map(|incident| incident.id).collect()
    };
    let open = IncidentQuery::default();
    assert_eq!(listed(&store, open).len(), 5);
    store.set_triage(&change(&resolved, Some(Status::Resolved), None)).unwrap();
    store.set_triage(&change(&archived, Some(Status::Archived), None)).unwrap();
    store.set_triage(&change(&incident_of(3), Some(Status::Suppressed), None)).unwrap();
    assert_eq!(listed(&store, open), [incident_of(4), incident_of(3), incident_of(0)]);
    assert_eq!(listed(&store, IncidentQuery { with_settled: true, ..open }).len(), 5);
    let mut happens = |what: What| {
        let entry = HistoryEntry {
            what,
            finding: None,
            incident: resolved.clone(),
            ..crate::made::kept(0).history[0].clone()
        };
        let kept = Kept { history: vec![entry], ..Kept::default() };
        store.commit(&Commit { kept: Some(&kept), ..Commit::default() }).unwrap();
        let is_listed = listed(&store, open).contains(&resolved);
        assert_eq!(store.has_news(&resolved).unwrap(), is_listed);
        is_listed
    };
    assert!(!happens(What::Grew) && !happens(What::Fell) && !happens(What::Withdrawn));
    assert!(happens(What::Rose));
    // A note is no decision, a decision is.
    store.set_triage(&change(&resolved, None, Some("looking"))).unwrap();
    assert!(store.has_news(&resolved).unwrap());
    store.set_triage(&change(&resolved, Some(Status::Resolved), None)).unwrap();
    assert!(!store.has_news(&resolved).unwrap() && !store.has_news(&archived).unwrap());
}

#[test]
fn incidents_are_listed_gravest_and_then_latest_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 3);
    let mut gone = incident("gone", Severity::Critical, 50);
    gone.state = store::FindingState::Withdrawn;
    let more =
        vec![incident("old", Severity::Critical, 1), incident("low", Severity::Low, 60), gone];
    let kept = Kept { incidents: more, ..Kept::default() };
    store.commit(&Commit { kept: Some(&kept), ..Commit::default() }).unwrap();
    let ids = |query| -> Vec<String> {
        store.incidents(query).unwrap().into_iter().map(|incident| incident.id).collect()
    };
    let open = IncidentQuery::default();
    assert_eq!(ids(open), ["old", "incident-2", "incident-1", "incident-0", "low"]);
    assert_eq!(ids(IncidentQuery { with_withdrawn: true, ..open }).last().unwrap(), "gone");
    let high = Some(Severity::High);
    assert_eq!(ids(IncidentQuery { min_severity: high, limit: Some(2), ..open }).len(), 2);
    assert_eq!(ids(IncidentQuery { min_severity: high, ..open }).len(), 4);
    assert_eq!(store.incidents_named("incident-1", 2).unwrap().len(), 1);
    assert_eq!(store.incidents_named("incident-", 2).unwrap().len(), 2);
    assert_eq!(store.incidents_named("incident-", 9).unwrap().len(), 3);
    assert_eq!(store.incidents_named("%", 2).unwrap(), []);
    assert_eq!(store.findings_of("incident-1").unwrap().len(), 1);
    assert_eq!(store.open_findings("incident-1").unwrap(), 1);
    assert_eq!(store.open_findings("old").unwrap(), 0);
}

#[test]
fn a_suppression_mutes_from_its_begin_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let id = store.suppress(&suppression()).unwrap();
    let other = store.suppress(&NewSuppression { scope: Scope::Role, ..suppression() }).unwrap();
    // The same incident counts once, however often it is muted.
    for incident in ["a", "b", "a"] {
        let muted = [(id, incident.to_owned())];
        store.commit(&Commit { muted: &muted, ..Commit::default() }).unwrap();
    }
    let [latest, first] = store.suppressions().unwrap().try_into().unwrap();
    assert_eq!((latest.id, first.id, first.muted), (other, id, 2));
    assert_eq!(first.what, suppression());
    for (now, is_active) in [(DAY - 1, false), (DAY, true), (31 * DAY - 1, true), (31 * DAY, false)]
    {
        assert_eq!(first.is_active(now), is_active, "{now}");
    }
    store.end_suppression(id, ("bob", "test is over"), 9 * DAY).unwrap();
    let ended = store.suppressions().unwrap().pop().unwrap();
    assert_eq!((ended.ended_at, ended.is_active(10 * DAY)), (Some(9 * DAY), false));
    // One that has ended, one that has run out, one that never was.
    for (id, at) in [(id, 10 * DAY), (other, 31 * DAY), (99, DAY)] {
        let error = store.end_suppression(id, ("bob", "again"), at).unwrap_err();
        assert!(error.to_string().contains("no active suppression"), "{error}");
    }
    let actions: Vec<String> = audit(&store).into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["end suppression", "suppress", "suppress"]);
    let entry = &audit(&store)[2];
    assert_eq!((&*entry.who, &*entry.subject), ("alice", "suppression 1"));
    assert_eq!(entry.after, "account 111122223333; every detector; until 1970-02-01T00:00:00Z");
}

#[test]
fn a_suppression_needs_a_reason_an_owner_a_value_and_an_end_within_a_year() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let (blank, long) = (" ".to_owned(), "x".repeat(16 * 1024 + 1));
    for bad in [
        NewSuppression { reason: blank.clone(), ..suppression() },
        NewSuppression { reason: long.clone(), ..suppression() },
        NewSuppression { owner: blank.clone(), ..suppression() },
        NewSuppression { owner: long.clone(), ..suppression() },
        NewSuppression { value: blank.clone(), ..suppression() },
        NewSuppression { value: long.clone(), ..suppression() },
        NewSuppression { detector: Some(blank), ..suppression() },
        NewSuppression { detector: Some(long), ..suppression() },
        NewSuppression { expires_at: DAY, ..suppression() },
        NewSuppression { expires_at: DAY + 366 * DAY + 1, ..suppression() },
        NewSuppression { created_at: i64::MIN, expires_at: i64::MAX, ..suppression() },
    ] {
        let error = store.suppress(&bad).unwrap_err();
        assert!(matches!(error, Error::Refused(_)), "{error}");
    }
    store.suppress(&NewSuppression { expires_at: DAY + 366 * DAY, ..suppression() }).unwrap();
    for (who, reason) in [("", "over"), ("bob", "")] {
        let error = store.end_suppression(1, (who, reason), 2 * DAY).unwrap_err();
        assert!(matches!(error, Error::Refused(_)), "{error}");
    }
    assert_eq!((store.suppressions().unwrap().len(), audit(&store).len()), (1, 1));
}

#[test]
fn the_audit_and_the_history_are_only_ever_added_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path(), 9);
    let incident = incident_of(0);
    store.set_triage(&change(&incident, Some(Status::Resolved), None)).unwrap();
    let (history, before) = (store.history_of(&incident).unwrap(), audit(&store));
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    for refused in [
        "UPDATE audit SET who = 'mallory'",
        "DELETE FROM audit",
        "UPDATE history SET because = ''",
        "DELETE FROM history",
        "DELETE FROM history WHERE what = 'grew'",
    ] {
        let error = connection.execute_batch(refused).unwrap_err().to_string();
        assert!(error.contains("only ever added to"), "{refused}: {error}");
    }
    assert_eq!((store.history_of(&incident).unwrap(), audit(&store)), (history, before));
}

#[test]
fn every_word_names_what_it_stands_for() {
    for status in Status::ALL {
        assert_eq!(Status::of(status.word()), Some(status));
    }
    assert_eq!(Status::ALL.map(Status::id), [1, 2, 3, 4, 5]);
    for scope in Scope::ALL {
        assert_eq!(Scope::of(scope.word()), Some(scope));
    }
    assert_eq!((Status::of("closed"), Scope::of("user")), (None, None));
}
