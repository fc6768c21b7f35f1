//! `respond --verify`: newer logs tell whether anything of the chain still works.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::responses::{
    ADMIN, KEY, RESPONDER, answer, by_responder, call, later, plan, responded, response, revoke,
    revoked_before, standing, told, verified, verify,
};
use crate::running::{BOB, Ran, fixtures, run};

#[test]
fn a_chain_that_is_stopped_is_denied_or_silent() {
    let ran = verify(&responded(&[
        call("2026-03-10T08:59:00Z", ADMIN, ("s3", "ListBuckets"), json!(null)),
        call("2026-03-10T09:10:00Z", ADMIN, ("s3", "ListBuckets"), json!("denied")),
        call("2026-03-10T09:11:00Z", ADMIN, ("sts", "GetCallerIdentity"), json!(null)),
    ]));
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(standing(&ran, "ASIAADMINIXXXEXAMPLE"), "denied");
    assert_eq!(standing(&ran, KEY), "silent");
    assert_eq!(ran.json()["undone"], json!([]));
    assert_eq!(ran.json()["answer"], "clean");
    for nothing in ["unseen_accounts", "not_seen", "taken_back", "written_again", "unread"] {
        assert_eq!(ran.json()[nothing], json!([]), "{nothing}");
    }
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
    let ran = verify(&responded(&[soon.clone(), later("2026-03-10T09:30:00Z")]));
    assert_eq!((ran.code, standing(&ran, "ASIAADMINIXXXEXAMPLE").as_str()), (0, "spreading"));
    // Whether it stopped cannot be told where the logs end.
    let ran = verify(&responded(&[soon]));
    assert_eq!((ran.code, standing(&ran, "ASIAADMINIXXXEXAMPLE").as_str()), (4, "spreading"));
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
    assert_eq!(answer(&[]).0, 0);
    // No step of the plan takes that back, whenever it is done.
    for time in ["2026-03-10T09:30:00Z", "2026-03-12T09:30:00Z"] {
        let (code, verdict) = answer(&[update(time, "Active")]);
        assert_eq!((code, &verdict["undone"][0]["event_name"]), (3, &json!("UpdateAccessKey")));
    }
}

#[test]
fn the_verdict_is_told_in_text() {
    let late = call("2026-03-10T09:20:00Z", ADMIN, ("s3", "ListBuckets"), json!(null));
    let ran = verified(&[revoke("2026-03-10T09:00:00Z"), late], "text");
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("STILL SUCCEEDING"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Not seen to be set"), "{}", ran.stdout);
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

#[test]
fn a_revocation_that_is_written_again_for_nothing_is_undone() {
    let (code, verdict) = answer(&[revoked_before("2026-03-10T13:00:00Z", "2000-01-01T00:00:00Z")]);
    assert_eq!((code, &verdict["undone"][0]["event_name"]), (3, &json!("PutRolePolicy")));
    assert_eq!(verdict["answer"], "not_clean");
    let again = revoked_before("2026-03-10T13:10:00Z", "2026-03-10T13:10:00.000Z");
    let nothing = revoked_before("2026-03-10T13:00:00Z", "2000-01-01T00:00:00Z");
    assert_eq!(answer(&[nothing, again]).0, 0);
    assert_eq!(answer(&[revoked_before("2026-03-10T13:00:00Z", "2026-03-10T07:15:01Z")]).0, 0);
}

#[test]
fn half_a_response_is_not_clean() {
    let first = |record: &String| !record.contains("555566667777") && !record.contains("PutRole");
    let half: Vec<String> = responded(&[]).into_iter().filter(first).collect();
    let ran = verify(&half);
    assert_eq!((ran.code, &ran.json()["answer"]), (4, &json!("cannot_tell")));
    assert_eq!(ran.json()["not_seen"].as_array().unwrap().len(), 5);
    assert_eq!(ran.json()["unseen_accounts"], json!(["555566667777"]));
    let text = told(&half);
    let wanted = "but 5 things of the plan are not seen to be set and 1 account of the chain is";
    assert!(text.contains(wanted) && !text.contains("Clean"), "{text}");
}

#[test]
fn it_is_said_until_when_sessions_may_live() {
    let until = "2026-03-10T21:00:00Z";
    assert_eq!(answer(&[]).1["verify_again"], until);
    assert!(told(&responded(&[])).contains(&format!("may live until {until}: verify again then")));
    let (code, verdict) = answer(&[later(until)]);
    assert_eq!((code, &verdict["verify_again"]), (0, &Value::Null));
    assert!(!told(&responded(&[later(until)])).contains("verify again"));
}

/// The calls of the plan's own end at `time`.
fn recovered(time: &str) -> Vec<String> {
    let roles = [
        ("222233334444", "data-pipeline"),
        ("222233334444", "staging-deployer"),
        ("444455556666", "prod-admin"),
        ("555566667777", "log-archive-admin"),
    ];
    let lift = |(account, role): (&str, &str)| {
        let request = json!({"roleName": role, "policyName": "AWSRevokeOlderSessions"});
        by_responder(time, account, "DeleteRolePolicy", request)
    };
    let of_bob = |event, request| by_responder(time, "444455556666", event, request);
    let deny = json!({"userName": "Bob", "policyArn": "arn:aws:iam::aws:policy/AWSDenyAll"});
    let mut calls: Vec<String> = roles.into_iter().map(lift).collect();
    calls.push(of_bob("DetachUserPolicy", deny));
    calls.push(by_responder(
        &time.replace(":00Z", ":09Z"),
        "444455556666",
        "DeleteUser",
        json!({"userName": "Bob"}),
    ));
    calls
}

#[test]
fn what_the_plan_takes_back_in_the_end_is_no_alarm() {
    let (code, verdict) = answer(&recovered("2026-03-10T22:00:00Z"));
    assert_eq!((code, &verdict["undone"]), (0, &json!([])), "{verdict:#}");
    assert_eq!(verdict["taken_back"].as_array().unwrap().len(), 5);
    assert!(told(&responded(&recovered("2026-03-10T22:00:00Z"))).contains("Taken back as planned"));
    // What was issued while the second round spread lives longer than the plan knew.
    let early = recovered("2026-03-10T20:00:00Z");
    let (code, verdict) = answer(&early);
    let taken = verdict["taken_back"].as_array().unwrap().iter();
    assert_eq!((code, taken.filter(|one| one["is_early"] == true).count()), (4, 4), "{verdict:#}");
    let over: Vec<String> = early.into_iter().chain([later("2026-03-10T21:00:00Z")]).collect();
    assert_eq!(answer(&over).0, 0);
    // Before the plan's own time, and by the chain at any time, it is undone.
    assert_eq!(answer(&recovered("2026-03-10T12:00:00Z")).0, 3);
    let request = json!({"roleName": "prod-admin", "policyName": "AWSRevokeOlderSessions"});
    let delete = call("2026-03-10T22:00:00Z", ADMIN, ("iam", "DeleteRolePolicy"), request);
    assert_eq!(answer(&[delete]).0, 3);
}

#[test]
fn a_trust_policy_that_is_written_again_has_to_be_looked_at() {
    let request = json!({"roleName": "log-archive-admin", "policyDocument": "{}"});
    let time = "2026-03-10T20:05:00Z";
    let right = by_responder(time, "555566667777", "UpdateAssumeRolePolicy", request.clone());
    let (code, verdict) = answer(&[right]);
    assert_eq!((code, &verdict["undone"]), (4, &json!([])));
    assert_eq!(verdict["written_again"][0]["event_name"], "UpdateAssumeRolePolicy");
    let chain = (ADMIN.0, ADMIN.1, "555566667777");
    let wrong = call(time, chain, ("iam", "UpdateAssumeRolePolicy"), request);
    assert_eq!(answer(&[wrong]).0, 3);
}

/// What a session does that the chain opens minutes before it is revoked: its key, and the calls.
fn renewed() -> (&'static str, Vec<String>) {
    const NEW: (&str, &str, &str) = (
        "arn:aws:sts::555566667777:assumed-role/log-archive-admin/again",
        "ASIANEWXXXXXXEXAMPLE",
        "555566667777",
    );
    let record = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    let request = json!({"roleArn": "arn:aws:iam::555566667777:role/log-archive-admin",
        "roleSessionName": "again"});
    let opened = call("2026-03-10T08:59:00Z", ADMIN, ("sts", "AssumeRole"), request);
    let mut opened = record(opened);
    opened["responseElements"] = json!({
        "credentials": {"accessKeyId": NEW.1, "expiration": "Mar 10, 2026, 9:59:00 AM"},
        "assumedRoleUser": {"assumedRoleId": "AROALOGARC555XEXAMPLE:again", "arn": NEW.0}});
    let request = json!({"roleName": "log-archive-admin", "policyDocument": "{}"});
    let wrote = call("2026-03-10T09:01:00Z", NEW, ("iam", "UpdateAssumeRolePolicy"), request);
    let mut wrote = record(wrote);
    wrote["userIdentity"]["principalId"] = json!("AROALOGARC555XEXAMPLE:again");
    wrote["userIdentity"]["sessionContext"]["attributes"]["creationDate"] =
        json!("2026-03-10T08:59:00Z");
    (NEW.1, [opened, wrote].iter().map(ToString::to_string).collect())
}

#[test]
fn what_a_new_credential_of_the_chain_sets_is_no_response() {
    let mut records = response("2026-03-10T09:02:00Z");
    records.retain(|record| !record.contains("UpdateAssumeRolePolicy"));
    let is_missing = |ran: &Ran| {
        let verdict = ran.json();
        let missing = verdict["not_seen"].as_array().unwrap().clone();
        assert_eq!((ran.code, missing.len()), (4, 1), "{verdict:#}");
        missing[0]["on"] == "trust_policy"
    };
    assert!(is_missing(&verify(&records)));
    let (key, calls) = renewed();
    records.extend(calls);
    let ran = verify(&records);
    assert!(is_missing(&ran));
    // Nothing but who wrote the policy stands against it.
    assert_eq!(standing(&ran, key), "silent");
}

#[test]
fn what_could_not_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("newer.jsonl"), responded(&[]).join("\n")).unwrap();
    fs::write(folder.path().join("x.json.gz"), "garbage").unwrap();
    let of = |format: &str| {
        let newer = folder.path().to_str().unwrap();
        run(&["respond", KEY, BOB, "--quiet", "--format", format, "--verify", newer])
    };
    let ran = of("json");
    assert_eq!((ran.code, &ran.json()["answer"]), (4, &json!("cannot_tell")));
    assert!(ran.json()["unread"][0].as_str().unwrap().contains("x.json.gz"), "{}", ran.stdout);
    let text = of("text").stdout;
    assert!(text.contains("1 part of these logs is not read"), "{text}");
    assert!(text.contains("x.json.gz: not valid JSON"), "{text}");
}

/// What the script says at its verification where `rolecall` prints `said` and ends with `code`.
fn script_says(code: i32, said: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let stub = folder.path().join("rolecall");
    fs::write(&stub, format!("#!/bin/sh\necho '{said}'\nexit {code}\n")).unwrap();
    fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).unwrap();
    let script = run(&["respond", KEY, BOB, "--quiet", "--format", "sh"]).stdout;
    let steps = plan()["steps"].as_array().unwrap();
    let at = steps.iter().position(|step| step["id"] == "verify").unwrap() + 1;
    let script = script.strip_suffix("\nmain\n").unwrap();
    let script = format!("{script}\nlog=/dev/null\nexec 3<&0\nstep_{at}\n");
    fs::write(folder.path().join("step.sh"), script).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.arg("step.sh").current_dir(folder.path()).env("PATH", path);
    let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    shell.stdin.take().unwrap().write_all(b"y\nlogs\ny\n").unwrap();
    let output = shell.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_script_tells_a_verdict_from_a_failure() {
    for (code, wanted) in [(0, "\nCLEAN"), (3, "\nNOT CLEAN"), (4, "\nIT CANNOT BE TOLD")] {
        let said = script_says(code, "bucket/NotFound.json");
        assert!(said.contains(wanted) && said.contains("bucket/NotFound.json"), "{said}");
        assert!(!said.contains("failed with status"), "{said}");
    }
    // Only AWS says by such a word that there is nothing.
    let said = script_says(1, "NoSuchBucket");
    assert!(said.contains("It failed with status 1."), "{said}");
    assert!(!said.contains("Nothing to do"), "{said}");
}

#[test]
fn the_script_begins_with_what_there_is_to_know() {
    let script = run(&["respond", KEY, BOB, "--quiet", "--format", "sh"]).stdout;
    for wanted in ["t0", "cut_off", "watch_until"] {
        let main = script.split_once("\nmain() {").unwrap().1;
        assert!(main.contains(plan()[wanted].as_str().unwrap()), "{wanted}");
    }
    assert!(script.contains("Go through the steps in their order."));
}

#[test]
fn a_profile_that_was_taken_away_is_seen_in_the_answer() {
    const LOG: &str = "instance_credential_exfiltration/fires_high_away_from_the_address_that_the_instance_has.jsonl";
    let request =
        json!({"DisassociateIamInstanceProfileRequest": {"AssociationId": "iip-assoc-1"}});
    let ended =
        call("2026-03-09T12:00:00Z", RESPONDER, ("ec2", "DisassociateIamInstanceProfile"), request);
    let mut ended: Value = serde_json::from_str(&ended).unwrap();
    let is_missing = |record: &Value| {
        let folder = tempfile::tempdir().unwrap();
        let newer = folder.path().join("newer.jsonl");
        fs::write(&newer, record.to_string()).unwrap();
        let newer = newer.to_str().unwrap();
        let instance = "i-0a1b2c3d4e5f60718";
        let ran =
            run(&["respond", instance, LOG, "--quiet", "--format", "json", "--verify", newer]);
        ran.json()["not_seen"].to_string().contains("instance_profile")
    };
    assert!(is_missing(&ended));
    ended["responseElements"] = json!({"DisassociateIamInstanceProfileResponse": {
        "iamInstanceProfileAssociation": {"instanceId": "i-0a1b2c3d4e5f60718"}}});
    assert!(!is_missing(&ended));
}
