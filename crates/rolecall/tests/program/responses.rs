//! Newer logs, with responses that a plan asks for, and what `respond --verify` says of them.

use std::fs;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::running::{BOB, Ran, run};

pub(crate) const KEY: &str = "AKIAPUBLISHEREXAMPLE";

/// A call at `time` by `who`: ARN, key and account.
pub(crate) fn call(
    time: &str,
    who: (&str, &str, &str),
    call: (&str, &str),
    request: impl Into<Value>,
) -> String {
    let (arn, key, account) = who;
    let is_role = arn.contains(":assumed-role/");
    let principal =
        if is_role { "AROAPRODAD444XEXAMPLE:pipeline" } else { "AIDARESPONDERXEXAMPLE" };
    let request = request.into();
    let id = fold(&[time, call.1, account, &request.to_string()]);
    let id = format!("{:08x}-0000-4000-8000-{id:012x}", time.len() + call.1.len());
    let mut record = json!({
        "eventID": id, "eventTime": time, "eventSource": format!("{}.amazonaws.com", call.0),
        "eventName": call.1, "awsRegion": "us-east-1", "recipientAccountId": account,
        "sourceIPAddress": "203.0.113.66", "userAgent": "aws-cli/2",
        "userIdentity": {"type": if is_role { "AssumedRole" } else { "IAMUser" }, "principalId": principal,
            "arn": arn, "accountId": account, "accessKeyId": key,
            "sessionContext": {"attributes": {"creationDate": "2026-03-09T08:20:00Z"}}},
        "requestParameters": request, "responseElements": null,
    });
    if record["requestParameters"] == json!("denied") {
        record["errorCode"] = json!("AccessDenied");
        record["requestParameters"] = Value::Null;
    }
    record.to_string()
}

fn fold(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes());
    bytes.fold(7_u64, |hash, byte| (hash * 31 + u64::from(byte)) % 0xffff_ffff_ffff)
}

pub(crate) const ADMIN: (&str, &str, &str) = (
    "arn:aws:sts::444455556666:assumed-role/prod-admin/pipeline",
    "ASIAADMINIXXXEXAMPLE",
    "444455556666",
);
pub(crate) const RESPONDER: (&str, &str, &str) =
    ("arn:aws:iam::444455556666:user/responder", "AKIARESPONDEREXAMPLE", "444455556666");

pub(crate) fn revoke(time: &str) -> String {
    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"]}]}"#;
    let request = json!({"roleName": "prod-admin", "policyName": "AWSRevokeOlderSessions", "policyDocument": document});
    call(time, RESPONDER, ("iam", "PutRolePolicy"), request)
}

/// The plan of the leaked key.
pub(crate) fn plan() -> &'static Value {
    static PLAN: OnceLock<Value> = OnceLock::new();
    PLAN.get_or_init(|| run(&["respond", KEY, BOB, "--quiet", "--format", "json"]).json())
}

/// Calls at `time` that do what the plan does without a condition.
pub(crate) fn response(time: &str) -> Vec<String> {
    let steps = plan()["steps"].as_array().unwrap().iter();
    let steps = steps.filter(|step| step["condition"].is_null());
    let calls = steps.flat_map(|step| {
        let sets = step["sets"].as_array().unwrap().iter();
        sets.map(move |setting| done(time, setting, &step["command"]["argv"]))
    });
    calls.collect()
}

/// The call that a responder makes at `time` for `setting`.
fn done(time: &str, setting: &Value, argv: &Value) -> String {
    let argv: Vec<&str> = argv.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let document = argv.iter().position(|argument| *argument == "--policy-document");
    let document = document.map_or("", |at| argv[at + 1]).replace("{{now}}", time);
    let (name, detail) = (&setting["name"], &setting["detail"]);
    let (event, request) = match setting["on"].as_str().unwrap() {
        "access_key" => (
            "UpdateAccessKey",
            json!({"userName": name, "accessKeyId": detail, "status": "Inactive"}),
        ),
        "attached_user_policy" => {
            ("AttachUserPolicy", json!({"userName": name, "policyArn": detail}))
        }
        "login_profile" => ("DeleteLoginProfile", json!({"userName": name})),
        "trust_policy" => {
            ("UpdateAssumeRolePolicy", json!({"roleName": name, "policyDocument": document}))
        }
        "role_policy" => (
            "PutRolePolicy",
            json!({"roleName": name, "policyName": detail, "policyDocument": document}),
        ),
        other => panic!("the plan sets {other}"),
    };
    by_responder(time, setting["account_id"].as_str().unwrap(), event, request)
}

/// A call of somebody beside the chain in `account`.
pub(crate) fn by_responder(time: &str, account: &str, event: &str, request: Value) -> String {
    let arn = format!("arn:aws:iam::{account}:user/responder");
    call(time, (&arn, RESPONDER.1, account), ("iam", event), request)
}

/// The whole response at nine, and `more`.
pub(crate) fn responded(more: &[String]) -> Vec<String> {
    let mut records = response("2026-03-10T09:00:00Z");
    records.extend_from_slice(more);
    records
}

/// The answer of a verification after the whole response and `more`, with its code.
pub(crate) fn answer(more: &[String]) -> (i32, Value) {
    let ran = verify(&responded(more));
    (ran.code, ran.json())
}

/// Something that happens at `time` and has nothing to do with the chain.
pub(crate) fn later(time: &str) -> String {
    call(time, RESPONDER, ("s3", "ListBuckets"), json!(null))
}

/// The verdict on `records`, written in `format`.
pub(crate) fn verified(records: &[String], format: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.jsonl");
    fs::write(&newer, records.join("\n")).unwrap();
    run(&["respond", KEY, BOB, "--quiet", "--format", format, "--verify", newer.to_str().unwrap()])
}

pub(crate) fn verify(records: &[String]) -> Ran {
    verified(records, "json")
}

/// The verdict on `records` as text, in lines that are not broken.
pub(crate) fn told(records: &[String]) -> String {
    let ran = verified(records, "text");
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn standing(ran: &Ran, key: &str) -> String {
    let verdict = ran.json();
    let credentials = verdict["credentials"].as_array().unwrap().clone();
    let has = |one: &&Value| one["access_key_ids"].as_array().unwrap().contains(&json!(key));
    let found = credentials.iter().find(has).unwrap_or_else(|| panic!("{key} in {verdict:#}"));
    found["standing"].as_str().unwrap().to_owned()
}

/// The policy of the console's button on `role`, with another time.
pub(crate) fn revoked_before(time: &str, before: &str) -> String {
    let document = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{{"DateLessThan":{{"aws:TokenIssueTime":"{before}"}}}}}}]}}"#
    );
    let request = json!({"roleName": "prod-admin", "policyName": "AWSRevokeOlderSessions", "policyDocument": document});
    by_responder(time, "444455556666", "PutRolePolicy", request)
}
