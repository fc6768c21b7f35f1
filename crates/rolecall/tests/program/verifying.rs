//! `respond --verify`: newer logs tell whether anything of the chain still works.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::running::{BOB, Ran, fixtures, run};
use crate::stores;

const KEY: &str = "AKIAPUBLISHEREXAMPLE";

/// A call at `time` by `who`: ARN, key and account.
fn call(
    time: &str,
    who: (&str, &str, &str),
    call: (&str, &str),
    request: impl Into<Value>,
) -> String {
    let (arn, key, account) = who;
    let is_role = arn.contains(":assumed-role/");
    let principal =
        if is_role { "AROAPRODAD444XEXAMPLE:pipeline" } else { "AIDARESPONDERXEXAMPLE" };
    let id =
        format!("{:08x}-0000-4000-8000-{:012x}", time.len() + call.1.len(), fold(time, call.1));
    let mut record = json!({
        "eventID": id, "eventTime": time, "eventSource": format!("{}.amazonaws.com", call.0),
        "eventName": call.1, "awsRegion": "us-east-1", "recipientAccountId": account,
        "sourceIPAddress": "203.0.113.66", "userAgent": "aws-cli/2",
        "userIdentity": {"type": if is_role { "AssumedRole" } else { "IAMUser" }, "principalId": principal,
            "arn": arn, "accountId": account, "accessKeyId": key,
            "sessionContext": {"attributes": {"creationDate": "2026-03-09T08:20:00Z"}}},
        "requestParameters": request.into(), "responseElements": null,
    });
    if request_is_denied(&record) {
        record["errorCode"] = json!("AccessDenied");
        record["requestParameters"] = Value::Null;
    }
    record.to_string()
}

fn request_is_denied(record: &Value) -> bool {
    record["requestParameters"] == json!("denied")
}

fn fold(time: &str, name: &str) -> u64 {
    let bytes = time.bytes().chain(name.bytes());
    bytes.fold(7_u64, |hash, byte| (hash * 31 + u64::from(byte)) % 0xffff_ffff_ffff)
}

const ADMIN: (&str, &str, &str) = (
    "arn:aws:sts::444455556666:assumed-role/prod-admin/pipeline",
    "ASIAADMINIXXXEXAMPLE",
    "444455556666",
);
const RESPONDER: (&str, &str, &str) =
    ("arn:aws:iam::444455556666:user/responder", "AKIARESPONDEREXAMPLE", "444455556666");

fn revoke(time: &str) -> String {
    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"]}]}"#;
    let request = json!({"roleName": "prod-admin", "policyName": "AWSRevokeOlderSessions", "policyDocument": document});
    call(time, RESPONDER, ("iam", "PutRolePolicy"), request)
}

fn verify(records: &[String]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.jsonl");
    fs::write(&newer, records.join("\n")).unwrap();
    run(&["respond", KEY, BOB, "--quiet", "--format", "json", "--verify", newer.to_str().unwrap()])
}

fn standing(ran: &Ran, key: &str) -> String {
    let verdict = ran.json();
    let credentials = verdict["credentials"].as_array().unwrap().clone();
    let has = |one: &&Value| one["access_key_ids"].as_array().unwrap().contains(&json!(key));
    let found = credentials.iter().find(has).unwrap_or_else(|| panic!("{key} in {verdict:#}"));
    found["standing"].as_str().unwrap().to_owned()
}

#[test]
fn a_chain_that_is_stopped_is_denied_or_silent() {
    let ran = verify(&[
        revoke("2026-03-10T09:00:00Z"),
        call("2026-03-10T08:59:00Z", ADMIN, ("s3", "ListBuckets"), json!(null)),
        call("2026-03-10T09:10:00Z", ADMIN, ("s3", "ListBuckets"), json!("denied")),
        call("2026-03-10T09:11:00Z", ADMIN, ("sts", "GetCallerIdentity"), json!(null)),
    ]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(standing(&ran, "ASIAADMINIXXXEXAMPLE"), "denied");
    assert_eq!(standing(&ran, KEY), "silent");
    assert_eq!(ran.json()["undone"], json!([]));
    assert_eq!(ran.json()["unseen_accounts"], json!(["222233334444", "555566667777"]));
}

#[test]
fn a_call_that_succeeds_after_the_revocation_is_an_alarm() {
    let late = call("2026-03-10T09:20:00Z", ADMIN, ("s3", "ListBuckets"), json!(null));
    let ran = verify(&[revoke("2026-03-10T09:00:00Z"), late.clone()]);
    assert_eq!(
        (ran.code, standing(&ran, "ASIAADMINIXXXEXAMPLE").as_str()),
        (3, "still_succeeding")
    );
    let soon = call("2026-03-10T09:02:00Z", ADMIN, ("s3", "ListBuckets"), json!(null));
    let ran = verify(&[revoke("2026-03-10T09:00:00Z"), soon]);
    assert_eq!((ran.code, standing(&ran, "ASIAADMINIXXXEXAMPLE").as_str()), (0, "spreading"));
    // Nobody revoked it in these logs.
    assert_eq!(verify(&[late]).code, 3);
}

#[test]
fn whoever_undoes_the_containment_is_named() {
    let request = json!({"roleName": "prod-admin", "policyName": "AWSRevokeOlderSessions"});
    let delete = call("2026-03-10T10:00:00Z", ADMIN, ("iam", "DeleteRolePolicy"), request);
    let ran = verify(&[revoke("2026-03-10T09:00:00Z"), delete.clone()]);
    assert_eq!(ran.code, 3);
    let undone = &ran.json()["undone"][0];
    assert_eq!(undone["event_time"], "2026-03-10T10:00:00Z");
    assert_eq!(undone["by"], ADMIN.0);
    assert_eq!((&undone["is_by_chain"], &undone["is_set_again"]), (&json!(true), &json!(false)));
    let again = verify(&[revoke("2026-03-10T09:00:00Z"), delete, revoke("2026-03-10T10:05:00Z")]);
    assert_eq!(again.json()["undone"][0]["is_set_again"], json!(true));
}

#[test]
fn a_key_that_is_made_active_again_is_an_alarm() {
    let publisher =
        ("arn:aws:iam::222233334444:user/responder", "AKIARESPONDEREXAMPLE", "222233334444");
    let update = |time: &str, status: &str| {
        let request = json!({"userName": "publisher", "accessKeyId": KEY, "status": status});
        call(time, publisher, ("iam", "UpdateAccessKey"), request)
    };
    let inactive = update("2026-03-10T09:00:00Z", "Inactive");
    assert_eq!(verify(std::slice::from_ref(&inactive)).code, 0);
    let ran = verify(&[inactive, update("2026-03-10T09:30:00Z", "Active")]);
    assert_eq!(ran.code, 3);
    assert_eq!(ran.json()["undone"][0]["event_name"], "UpdateAccessKey");
}

#[test]
fn the_verdict_is_told_in_text() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.jsonl");
    let late = call("2026-03-10T09:20:00Z", ADMIN, ("s3", "ListBuckets"), json!(null));
    fs::write(&newer, [revoke("2026-03-10T09:00:00Z"), late].join("\n")).unwrap();
    let ran = run(&["respond", KEY, BOB, "--quiet", "--verify", newer.to_str().unwrap()]);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("STILL SUCCEEDING"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Not seen to be set"), "{}", ran.stdout);
}

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
    assert_eq!(verify(&[revoke("2026-03-10T09:00:00Z")]).code, 0);
    assert_eq!(verify(&[revoke("2026-03-10T09:00:00Z"), late]).code, 3);
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
    let revoked = [revoke("2026-03-10T09:00:00Z"), denied];
    let (_folder, store) = stored(&revoked);
    let ran = of_store(&store, "json");
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
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
fn logs_that_hold_the_incident_and_its_response_are_verified_too() {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("all.jsonl");
    let log = fs::read_to_string(fixtures().join(BOB)).unwrap();
    let late = call("2026-03-10T09:20:00Z", ADMIN, ("s3", "ListBuckets"), json!(null));
    fs::write(&all, [log, revoke("2026-03-10T09:00:00Z"), late].join("\n")).unwrap();
    let all = all.to_str().unwrap();
    let ran = run(&["respond", KEY, all, "--quiet", "--format", "json", "--verify", all]);
    assert_eq!(
        (ran.code, standing(&ran, "ASIAADMINIXXXEXAMPLE").as_str()),
        (3, "still_succeeding")
    );
}
