//! `respond --verify` with a store, which keeps what was set and not what was taken away.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::responses::{ADMIN, KEY, RESPONDER, call, responded, revoke, standing};
use crate::running::{BOB, Ran, fixtures, run};
use crate::stores;

/// A store of the incident's log and of `records`, which are newer.
fn stored(records: &[String]) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("newer.jsonl"), records.join("\n")).unwrap();
    let store = folder.path().join("store");
    drop(stores::add(&store, &fixtures(), BOB));
    drop(stores::add(&store, folder.path(), "newer.jsonl"));
    let name = store.to_str().unwrap().to_owned();
    (folder, name)
}

fn of_store(store: &str, format: &str) -> Ran {
    run(&["respond", KEY, store, "--quiet", "--format", format, "--verify", store])
}

#[test]
fn a_plan_of_a_store_is_verified_against_newer_logs() {
    let (folder, store) = stored(&[]);
    let newer = folder.path().join("newest.jsonl");
    let late = call("2026-03-10T09:20:00Z", ADMIN, ("s3", "ListBuckets"), json!(null));
    let verify = |records: &[String]| {
        fs::write(&newer, records.join("\n")).unwrap();
        let newer = newer.to_str().unwrap();
        let of = |source| {
            run(&["respond", KEY, source, "--quiet", "--format", "json", "--verify", newer])
        };
        let (stored, logs) = (of(&store), of(BOB));
        assert_eq!((stored.code, &stored.stdout), (logs.code, &logs.stdout), "{}", stored.stderr);
        stored
    };
    assert_eq!(verify(&responded(&[])).code, 0);
    assert_eq!(verify(&responded(&[late])).code, 3);
}

#[test]
fn a_store_without_a_response_comforts_nobody() {
    let (_folder, store) = stored(&[]);
    let ran = of_store(&store, "json");
    assert_eq!((ran.code, &ran.json()["is_unanswered"]), (4, &json!(true)), "{}", ran.stdout);
    // What others do later says nothing of the chain.
    let later = call("2026-03-10T09:00:00Z", RESPONDER, ("s3", "ListBuckets"), json!(null));
    let (_folder, busy) = stored(&[later]);
    assert_eq!(of_store(&busy, "json").code, 4);
    let text = of_store(&store, "text").stdout;
    assert!(text.contains("cannot be told") && !text.contains("is seen to work"), "{text}");
    // The same where there is no event at all.
    let (folder, _) = stored(&[]);
    let nothing = folder.path().join("newer.jsonl");
    let ran = run(&["respond", KEY, BOB, "--quiet", "--verify", nothing.to_str().unwrap()]);
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    assert!(ran.stdout.contains("cannot be told"), "{}", ran.stdout);
}

#[test]
fn a_store_is_verified_against_itself() {
    let denied = call("2026-03-10T09:10:00Z", ADMIN, ("s3", "ListBuckets"), json!("denied"));
    let (_folder, store) = stored(&responded(&[denied]));
    let ran = of_store(&store, "json");
    // What a store does not keep it cannot show.
    assert_eq!(ran.code, 4, "{}{}", ran.stdout, ran.stderr);
    let missing: Vec<Value> = ran.json()["not_seen"].as_array().unwrap().clone();
    assert_eq!(missing.iter().map(|one| &one["on"]).collect::<Vec<_>>(), ["login_profile"]);
    assert_eq!(standing(&ran, "ASIAADMINIXXXEXAMPLE"), "denied");
    assert_eq!(ran.json()["credentials"][0]["stopped"], json!("2026-03-10T09:00:00Z"));
    assert!(of_store(&store, "text").stdout.contains("A store keeps what was set"));
    // What the plan of the same store knows of later is no part of the incident for that.
    let late = call("2026-03-10T09:20:00Z", ADMIN, ("s3", "ListBuckets"), json!(null));
    let (_folder, store) = stored(&[revoke("2026-03-10T09:00:00Z"), late]);
    let ran = of_store(&store, "json");
    assert_eq!(
        (ran.code, standing(&ran, "ASIAADMINIXXXEXAMPLE").as_str()),
        (3, "still_succeeding")
    );
}

#[test]
fn what_a_store_does_not_know_of_an_undoing_is_said() {
    let request = json!({"roleName": "prod-admin", "policyName": "AWSRevokeOlderSessions"});
    let delete = call("2026-03-10T10:00:00Z", RESPONDER, ("iam", "DeleteRolePolicy"), request);
    let (_folder, store) = stored(&[revoke("2026-03-10T09:00:00Z"), delete]);
    let ran = of_store(&store, "json");
    assert_eq!(ran.code, 4, "{}{}", ran.stdout, ran.stderr);
    let verdict = ran.json();
    assert_eq!(verdict["undone"], json!([]));
    let untold = &verdict["untold"][0];
    assert_eq!(
        (&untold["event_name"], &untold["by"]),
        (&json!("DeleteRolePolicy"), &json!(RESPONDER.0))
    );
    assert_eq!(untold["last"], "2026-03-10T10:00:00Z");
    assert!(of_store(&store, "text").stdout.contains("May have undone something"));
    // What it does know is told as of logs.
    let allow = json!({"roleName": "prod-admin", "policyName": "AWSRevokeOlderSessions",
        "policyDocument": r#"{"Version":"2012-10-17","Statement":[]}"#});
    let allow = call("2026-03-10T10:00:00Z", ADMIN, ("iam", "PutRolePolicy"), allow);
    let (_folder, store) = stored(&[revoke("2026-03-10T09:00:00Z"), allow]);
    let ran = of_store(&store, "json");
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.json()["undone"][0]["event_name"], "PutRolePolicy");
    assert_eq!(ran.json()["undone"][0]["is_by_chain"], json!(true));
}

#[test]
fn what_a_store_could_not_read_is_counted_once() {
    let (folder, store) = stored(&responded(&[]));
    let newest = folder.path().join("newest");
    fs::create_dir(&newest).unwrap();
    fs::write(newest.join("x.json.gz"), "garbage").unwrap();
    drop(stores::add(folder.path().join("store").as_path(), folder.path(), "newest"));
    let unread = |verify: &str| {
        let ran = run(&["respond", KEY, &store, "--quiet", "--format", "json", "--verify", verify]);
        assert_eq!(ran.code, 4, "{}{}", ran.stdout, ran.stderr);
        ran.json()["unread"].as_array().unwrap().clone()
    };
    let parts = unread(&store);
    assert_eq!(parts.len(), 1, "{parts:?}");
    assert!(parts[0].as_str().unwrap().contains("newest/x.json.gz"), "{parts:?}");
    // What newer logs lack as well counts beside it.
    assert_eq!(unread(newest.to_str().unwrap()).len(), 2);
}
