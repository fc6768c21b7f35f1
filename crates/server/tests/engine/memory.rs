//! What is too much for memory rests on the disk, and comes back when something leads to it.

use std::path::Path;

use cloudtrail::Timestamp;
use server::engine::Engine;
use simulate::LogFile;
use store::Retention;

use crate::kept::open_in;
use crate::logs::{NOW, Written, batch, engine, folder, object, organization};

const RETENTION: Retention = Retention { usage_days: 1, lineage_months: 13, artifact_months: 13 };

/// A call on a day of October by a key: a user's, or a session's of a role.
fn record(day: u32, key: &str, (service, name): (&str, &str), more: &str) -> String {
    let time = format!("2026-10-{day:02}T10:00:00Z");
    let identity = if key.starts_with("AKIA") {
        format!(
            r#""type":"IAMUser","principalId":"AIDA{key}",
            "arn":"arn:aws:iam::111122223333:user/{key}""#
        )
    } else {
        format!(
            r#""type":"AssumedRole","principalId":"AROA{key}:work",
            "arn":"arn:aws:sts::111122223333:assumed-role/{key}/work","sessionContext":{{
            "attributes":{{"creationDate":"{time}"}}}}"#
        )
    };
    format!(
        r#"{{"eventTime":"{time}","eventSource":"{service}.amazonaws.com","eventName":"{name}",
        "eventID":"{key}-{name}-{day}","recipientAccountId":"111122223333",
        "awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-cli/2",
        "userIdentity":{{{identity},"accountId":"111122223333","accessKeyId":"{key}"}}{more}}}"#
    )
    .replace('\n', " ")
}

fn call(day: u32, key: &str) -> String {
    record(day, key, ("s3", "ListBuckets"), "")
}

/// `key` takes the role that is called as the session's key is.
fn assume(day: u32, key: &str, session: &str) -> String {
    let role = format!("arn:aws:iam::111122223333:role/{session}");
    let more = format!(
        r#","requestParameters":{{"roleArn":"{role}","roleSessionName":"work"}},
        "responseElements":{{"credentials":{{"accessKeyId":"{session}"}},"assumedRoleUser":{{
        "assumedRoleId":"AROA{session}:work",
        "arn":"arn:aws:sts::111122223333:assumed-role/{session}/work"}}}}"#
    );
    record(day, key, ("sts", "AssumeRole"), &more)
}

/// An engine that has taken `objects` in, and forgotten what it forgets, with so much memory.
fn settled(path: &Path, objects: &[LogFile], memory: Option<u64>) -> Engine {
    let mut engine = engine(path, &Written::default());
    engine.store_mut().keep_for(&RETENTION).unwrap();
    if let Some(bytes) = memory {
        engine.keep_within(bytes);
    }
    engine.absorb(&mut batch(objects), NOW).unwrap();
    engine.analyze(NOW).unwrap();
    assert_eq!(engine.is_heavy(), memory.is_some());
    assert!(engine.retain().unwrap());
    engine.analyze(NOW).unwrap();
    engine
}

#[test]
fn a_late_event_that_leads_to_what_rests_is_found_as_where_nothing_rests() {
    let early = [
        assume(1, "AKIAORIGINEXAMPLE", "ASIAFIRSTEXAMPLE"),
        call(1, "ASIAFIRSTEXAMPLE"),
        assume(1, "AKIASTRANGEREXAMPLE", "ASIASTRANGEREXAMPLE"),
        call(1, "ASIASTRANGEREXAMPLE"),
    ];
    let later: Vec<String> = (2..=20).map(|day| call(day, "AKIAOTHEREXAMPLE")).collect();
    let objects = [object("early", &early), object("later", &later)];
    let late = [object("late", &[assume(1, "ASIAFIRSTEXAMPLE", "ASIASECONDEXAMPLE")])];
    let (_folders, found): (Vec<_>, Vec<_>) = [None, Some(0)]
        .map(|memory| {
            let (kept, path) = folder();
            let mut engine = settled(&path, &objects, memory);
            assert!(open_in(engine.store()).1.is_empty(), "one role is no chain");
            let at_rest = if memory.is_some() { 2 } else { 0 };
            assert_eq!(engine.at_rest().unwrap().credentials, at_rest);
            assert_eq!(engine.credentials(), if memory.is_some() { 1 } else { 5 });
            engine.absorb(&mut batch(&late), NOW).unwrap();
            engine.analyze(NOW).unwrap();
            let found = open_in(engine.store());
            // It came back alone, and for good.
            if memory.is_some() {
                assert_eq!(engine.credentials(), 3);
            }
            drop(engine);
            let mut engine = crate::logs::engine(&path, &Written::default());
            engine.analyze(NOW).unwrap();
            assert!(open_in(engine.store()) == found);
            (kept, found)
        })
        .into_iter()
        .unzip();
    assert!(found[0] == found[1], "{found:#?}");
    let text = found[1].0.values().next().expect("a chain of two roles");
    for name in ["AKIAORIGINEXAMPLE", "ASIAFIRSTEXAMPLE", "ASIASECONDEXAMPLE", "orange"] {
        assert!(text.contains(name), "no `{name}` in {text}");
    }
}

#[test]
fn what_was_done_to_a_key_long_ago_is_known_when_it_is_used_again() {
    let stopped = r#","requestParameters":{"accessKeyId":"AKIAORIGINEXAMPLE",
        "status":"Inactive","userName":"bob"}"#;
    let early = [record(1, "AKIAADMINEXAMPLE", ("iam", "UpdateAccessKey"), stopped)];
    let later: Vec<String> = (2..=20).map(|day| call(day, "AKIAOTHEREXAMPLE")).collect();
    let objects = [object("early", &early), object("later", &later)];
    let used = [object("used", &[call(20, "AKIAORIGINEXAMPLE")])];
    let traced = |memory: Option<u64>| {
        let (_kept, path) = folder();
        let mut engine = settled(&path, &objects, memory);
        let left = |engine: &Engine| engine.store().evidence().unwrap().key_statuses().len();
        assert!(open_in(engine.store()).1.is_empty(), "what is found does not rest");
        assert_eq!(left(&engine), usize::from(memory.is_none()));
        engine.absorb(&mut batch(&used), NOW).unwrap();
        assert_eq!(left(&engine), 1);
        engine.analyze(NOW).unwrap();
        report::trace_json(&engine.subjects().trace("AKIAORIGINEXAMPLE").unwrap())
    };
    assert_eq!(traced(Some(0)), traced(None));
}

#[test]
fn incidents_stay_whole_however_little_memory_there_is() {
    let objects = organization(4);
    let (_kept, path) = folder();
    let mut roomy = engine(&path.with_extension("roomy"), &Written::default());
    roomy.absorb(&mut batch(&objects), NOW).unwrap();
    roomy.analyze(NOW).unwrap();
    let before = open_in(roomy.store());
    let mut engine = settled(&path, &objects, Some(0));
    let after = open_in(engine.store());
    assert!(before.1.len() > 3 && before.1.keys().eq(after.1.keys()));
    // Nothing more can be left out, so that it is not tried again until more has come.
    assert!(!engine.is_heavy() && !engine.retain().unwrap());
    let newest = engine.analysis().as_of.unwrap();
    let kept_from = Timestamp((newest.day() - 1) * 86_400);
    assert_eq!(engine.kept_from(), Some(kept_from));
}
