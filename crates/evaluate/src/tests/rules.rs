//! Each rule on a few records, and what it lets pass.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use cloudtrail::{EventId, Timestamp};
use serde_json::{Value, json};

use crate::{Attack, Event, Events, RULES, Score, baselines};

/// 2026-10-05T00:00:00Z.
const START: i64 = 1_791_158_400;

/// Records in the making; every one is its own event.
#[derive(Default)]
struct Log {
    records: Vec<Value>,
}

impl Log {
    fn add(&mut self, seconds: i64, who: &Value, service: &str, name: &str) -> &mut Value {
        let at = START + seconds;
        let (day, time) = (5 + seconds / 86_400, at.rem_euclid(86_400));
        let time = format!("{:02}:{:02}:{:02}", time / 3_600, time / 60 % 60, time % 60);
        self.records.push(json!({
            "eventVersion": "1.11", "userIdentity": who, "awsRegion": "us-east-1",
            "eventTime": format!("2026-10-{day:02}T{time}Z"),
            "eventSource": format!("{service}.amazonaws.com"), "eventName": name,
            "sourceIPAddress": "203.0.113.10", "userAgent": "aws-cli/2.31.18",
            "eventID": format!("event {}", self.records.len()), "eventType": "AwsApiCall",
            "recipientAccountId": "111122223333", "eventCategory": "Management"
        }));
        self.records.last_mut().unwrap()
    }

    fn assume(&mut self, seconds: i64, who: &Value, role: &str, key: &str) {
        let record = self.add(seconds, who, "sts", "AssumeRole");
        record["requestParameters"] = json!({"roleArn": role_arn(role), "roleSessionName": "s"});
        record["responseElements"] = json!({"credentials": {"accessKeyId": key}});
    }

    fn events(&self) -> Vec<Event> {
        let document = json!({"Records": self.records}).to_string();
        let mut events = Events::default();
        cloudtrail::read(document.as_bytes(), &mut |record| events.record(record));
        events.in_order()
    }

    fn scores(&self) -> BTreeMap<String, Score> {
        baselines(&self.events(), &[], &BTreeSet::new(), Timestamp(0))
    }

    /// How often the rule `id` gave an alert.
    fn alerts(&self, id: &str) -> u64 {
        self.scores()[id].false_alerts
    }
}

fn role_arn(role: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{role}")
}

fn user() -> Value {
    json!({
        "type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ada", "principalId": "AIDAADA",
        "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "ada"
    })
}

fn session(role: &str, name: &str, key: &str) -> Value {
    json!({
        "type": "AssumedRole", "accessKeyId": key, "principalId": format!("AROA{role}:{name}"),
        "arn": format!("arn:aws:sts::111122223333:assumed-role/{role}/{name}"),
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": role_arn(role)},
            "attributes": {"creationDate": "2026-10-05T00:00:00Z"}
        }
    })
}

#[test]
fn hops_are_counted_from_the_key_that_was_issued() {
    let mut log = Log::default();
    log.assume(0, &user(), "one", "ASIAONE");
    assert_eq!(log.alerts("hop count"), 0);
    log.assume(9, &session("one", "s", "ASIAONE"), "two", "ASIATWO");
    assert_eq!(log.alerts("hop count"), 1);
    // A role whose own issuance is nowhere counts as the first hop.
    log.assume(9, &session("far", "s", "ASIAFAR"), "two", "ASIATHREE");
    assert_eq!(log.alerts("hop count"), 1);
    assert_eq!(log.alerts("AssumeRole by a role"), 2);
}

#[test]
fn a_pair_of_roles_is_new_once_in_ten_days() {
    let mut log = Log::default();
    let caller = session("one", "s", "ASIAONE");
    for day in [0, 1, 5, 14, 25] {
        log.assume(day * 86_400, &caller, "two", "ASIATWO");
    }
    assert_eq!(log.alerts("new role pair"), 2);
    log.assume(86_400, &caller, "three", "ASIATHREE");
    assert_eq!(log.alerts("new role pair"), 3);
}

#[test]
fn a_rule_says_the_same_about_a_principal_once_an_hour() {
    let mut log = Log::default();
    let caller = session("one", "s", "ASIAONE");
    for minute in [0, 10, 59, 61] {
        log.add(minute * 60, &caller, "iam", "CreateUser");
    }
    assert_eq!(log.alerts("IAM user or key by a role"), 2);
    log.add(600, &session("one", "t", "ASIATEN"), "iam", "CreateAccessKey");
    assert_eq!(log.alerts("IAM user or key by a role"), 3);
    assert_eq!(log.alerts(RULES), 3);
}

#[test]
fn rules_of_one_call_pass_what_failed_and_what_a_user_does() {
    let mut log = Log::default();
    log.add(0, &user(), "iam", "CreateUser");
    log.add(1, &session("one", "s", "ASIAONE"), "iam", "CreateUser")["errorCode"] =
        json!("AccessDenied");
    assert_eq!(log.alerts("IAM user or key by a role"), 0);
    log.add(2, &user(), "signin", "ConsoleLogin")["additionalEventData"] =
        json!({"MFAUsed": "Yes"});
    assert_eq!(log.alerts("console without MFA"), 0);
    log.add(3, &user(), "signin", "ConsoleLogin")["additionalEventData"] = json!({"MFAUsed": "No"});
    assert_eq!(log.alerts("console without MFA"), 1);
}

#[test]
fn a_session_is_locked_to_its_first_address_and_services_call_from_anywhere() {
    let mut log = Log::default();
    let instance = |key: &str| session("app", "i-0abc", key);
    log.add(0, &instance("ASIAONE"), "s3", "ListBuckets");
    log.add(1, &instance("ASIAONE"), "kms", "Decrypt")["sourceIPAddress"] =
        json!("kms.amazonaws.com");
    log.add(2, &instance("ASIAONE"), "s3", "ListBuckets")["sourceIPAddress"] = json!("10.0.0.7");
    assert_eq!(log.alerts("first-use lock"), 0);
    // The next key of an instance belongs to the same session.
    log.add(3, &instance("ASIATWO"), "s3", "ListBuckets")["sourceIPAddress"] =
        json!("198.51.100.7");
    assert_eq!(log.alerts("first-use lock"), 1);
    assert_eq!(log.alerts("key in two networks"), 0);
    log.add(4, &instance("ASIAONE"), "s3", "ListBuckets")["sourceIPAddress"] =
        json!("198.51.100.7");
    assert_eq!(log.alerts("key in two networks"), 1);
}

#[test]
fn bursts_need_different_calls() {
    let mut log = Log::default();
    for (second, name) in
        ["ListKeys", "ListKeys", "ListUsers", "ListRoles", "ListTables"].into_iter().enumerate()
    {
        log.add(second as i64, &user(), "iam", name)["errorCode"] = json!("AccessDenied");
    }
    assert_eq!(log.alerts("enumeration"), 0);
    log.add(9, &user(), "iam", "ListGroups")["errorCode"] = json!("AccessDenied");
    assert_eq!(log.alerts("enumeration"), 1);
}

#[test]
fn an_alert_about_an_event_of_an_attack_sees_it_and_no_other_does() {
    let mut log = Log::default();
    let caller = session("one", "s", "ASIAONE");
    log.add(100, &caller, "iam", "CreateUser");
    log.add(9_000, &caller, "iam", "CreateAccessKey");
    let attack = Attack {
        name: "a".to_string(),
        kind: "persistence".to_string(),
        stealth: "loud".to_string(),
        steps: Vec::from([
            (Timestamp(START + 8_000), Timestamp(START + 8_000)),
            (Timestamp(START + 9_000), Timestamp(START + 9_000)),
        ]),
        events: [EventId::of("event 1")].into(),
    };
    let scores = baselines(&log.events(), &[attack], &BTreeSet::new(), Timestamp(0));
    let score = &scores["IAM user or key by a role"];
    assert_eq!((score.true_alerts, score.false_alerts), (1, 1));
    let sighting = score.sightings[0].unwrap();
    assert_eq!(sighting.at, Timestamp(START + 9_000));
    assert!(!sighting.is_before_last_step, "the last step is no warning");
}
