//! Who is told, and how often.

use server::alerts::MessageKind;
use server::clock::WallTime;
use store::{NewSuppression, Scope, Status, TriageChange};

use crate::logs::{NOW, Written, batch, engine, fixture, folder, object};

const BOB: &str = "role_chaining/fires_leaked_key_to_the_user_bob.jsonl";

/// Messages to the sink `sink`.
fn to(written: &Written, sink: &str) -> Vec<(MessageKind, u32)> {
    let written = written.lock().unwrap();
    let of_sink = written.iter().filter(|(name, ..)| name == sink);
    of_sink.map(|(_, kind, _, revision)| (*kind, *revision)).collect()
}

#[test]
fn an_incident_is_told_once_also_after_a_restart() {
    let (_folder, path) = folder();
    let written = Written::default();
    for _ in 0..3 {
        let mut engine = engine(&path, &written);
        engine.absorb(&mut batch(&[object("bob", &fixture(BOB))]), NOW).unwrap();
        engine.analyze(NOW).unwrap();
        engine.tell(NOW).unwrap();
        engine.tell(NOW).unwrap();
    }
    assert_eq!(to(&written, "all"), [(MessageKind::Opened, 1)]);
    assert_eq!(to(&written, "grave"), [(MessageKind::Opened, 1)]);
}

#[test]
fn what_was_decided_and_not_kept_is_decided_again() {
    let (_folder, path) = folder();
    let written = Written::default();
    let mut first = engine(&path, &written);
    first.absorb(&mut batch(&[object("bob", &fixture(BOB))]), NOW).unwrap();
    first.analyze(NOW).unwrap();
    // Killed before it told anybody.
    drop(first);
    let mut second = engine(&path, &written);
    second.analyze(NOW).unwrap();
    assert_eq!(second.tell(NOW).unwrap(), 2);
}

#[test]
fn an_incident_that_rises_is_told_again() {
    let records = fixture(BOB);
    let (_folder, path) = folder();
    let written = Written::default();
    let mut engine = engine(&path, &written);
    let mut severities = Vec::new();
    for length in 1..=records.len() {
        engine.absorb(&mut batch(&[object(&length.to_string(), &records[..length])]), NOW).unwrap();
        engine.analyze(NOW).unwrap();
        engine.tell(NOW).unwrap();
        severities.extend(engine.analysis().incidents.iter().map(|incident| incident.severity));
    }
    severities.dedup();
    let told = to(&written, "all");
    assert!(severities.is_sorted() && severities.len() > 1, "{severities:?}");
    assert_eq!(told.len(), severities.len(), "{told:?} of {severities:?}");
    assert!(told[1..].iter().all(|(kind, _)| *kind == MessageKind::Raised));
    assert_eq!(to(&written, "grave").first(), Some(&(MessageKind::Opened, 1)));
}

#[test]
fn what_somebody_has_muted_is_kept_and_not_told_until_that_ends() {
    let (_folder, path) = folder();
    let written = Written::default();
    let mut engine = engine(&path, &written);
    engine.absorb(&mut batch(&[object("bob", &fixture(BOB))]), NOW).unwrap();
    engine.analyze(NOW).unwrap();
    let key = engine.analysis().incidents[0].origin.access_key_id.clone().unwrap();
    let suppression = NewSuppression {
        scope: Scope::Origin,
        value: key.to_string(),
        detector: None,
        reason: "exercise".to_owned(),
        owner: "alice".to_owned(),
        created_at: NOW.0,
        expires_at: NOW.0 + 60_000,
    };
    let id = engine.store_mut().suppress(&suppression).unwrap();
    let other = NewSuppression { value: "another key".to_owned(), ..suppression };
    engine.store_mut().suppress(&other).unwrap();
    assert_eq!(engine.tell(NOW).unwrap(), 0);
    let muted: Vec<(i64, u64)> =
        engine.store().suppressions().unwrap().iter().map(|one| (one.id, one.muted)).collect();
    assert_eq!(muted, [(id + 1, 0), (id, 1)]);
    assert_eq!(engine.tell(WallTime(NOW.0 + 60_000)).unwrap(), 2);
}

#[test]
fn an_incident_that_somebody_suppressed_is_not_told() {
    let (_folder, path) = folder();
    let written = Written::default();
    let mut engine = engine(&path, &written);
    engine.absorb(&mut batch(&[object("bob", &fixture(BOB))]), NOW).unwrap();
    engine.analyze(NOW).unwrap();
    let incident = engine.analysis().incidents[0].id.clone();
    let change = |status| TriageChange {
        incident: &incident,
        status: Some(status),
        reason: "a test of ours",
        note: None,
        who: "alice",
        at: NOW.0,
    };
    engine.store_mut().set_triage(&change(Status::Suppressed)).unwrap();
    assert_eq!(engine.tell(NOW).unwrap(), 0);
    engine.store_mut().set_triage(&change(Status::New)).unwrap();
    assert_eq!(engine.tell(NOW).unwrap(), 2);
}

#[test]
fn a_withdrawn_incident_is_told_to_those_who_know_it() {
    const EXPLAINED: &str =
        "instance_credential_exfiltration/quiet_when_the_instance_got_another_address.jsonl";
    let (facts, calls): (Vec<String>, Vec<String>) = fixture(EXPLAINED)
        .into_iter()
        .partition(|record| record.contains("eipalloc-0a1b2c3d4e5f60044"));
    let (_folder, path) = folder();
    let written = Written::default();
    let mut engine = engine(&path, &written);
    for (name, records) in [("calls", calls), ("facts", facts)] {
        engine.absorb(&mut batch(&[object(name, &records)]), NOW).unwrap();
        engine.analyze(NOW).unwrap();
        engine.tell(NOW).unwrap();
    }
    let expected = [(MessageKind::Opened, 1), (MessageKind::Withdrawn, 2)];
    assert_eq!(to(&written, "all"), expected);
}
