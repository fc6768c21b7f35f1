//! Event history, trails, keys, sinks and identities.

use aws::{Connection, ConnectionOptions, EventHistory, Kind, Queue, Receive, Role};
use cloudtrail::{EventId, Timestamp};
use serde_json::{Value, json};

use crate::{ACCOUNT, Endpoint};

fn time(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text)
}

/// The ids of all events of a history, as records.
async fn ids(history: &mut EventHistory) -> Vec<EventId> {
    let mut ids = Vec::new();
    while let Some(page) = history.next_page().await.unwrap() {
        let outcome = cloudtrail::read(&page.document, &mut |record| {
            ids.push(record.event_id.clone());
        });
        assert_eq!(outcome.events, page.events as u64);
        assert!(outcome.skipped.is_empty());
    }
    ids
}

#[tokio::test]
async fn event_history_comes_page_by_page_as_documents() {
    if Endpoint::find().is_none() {
        return;
    }
    let connection = Endpoint::connection("us-east-1").await;
    let mut history = EventHistory::new(&connection, "eu-central-1", None, None);
    let ids = ids(&mut history).await;
    assert_eq!(ids.len(), 120);
    assert_eq!(ids[0], EventId::of("00000000-0000-0000-0000-000000000119"));
    assert!(history.next_page().await.unwrap().is_none());
}

#[tokio::test]
async fn event_history_is_bounded_by_times_and_tries_again() {
    if Endpoint::find().is_none() {
        return;
    }
    let connection = Endpoint::connection("us-east-1").await;
    let (from, to) = (time("2026-10-18T00:10:00Z"), time("2026-10-18T00:19:00Z"));
    let mut history = EventHistory::new(&connection, "us-west-2", from, to);
    assert_eq!(ids(&mut history).await.len(), 10);
}

#[tokio::test]
async fn a_denial_says_which_permission_is_missing() {
    if Endpoint::find().is_none() {
        return;
    }
    let connection = Endpoint::connection("us-east-1").await;
    let mut history = EventHistory::new(&connection, "ap-south-1", None, None);
    let error = history.next_page().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Denied);
    assert_eq!(error.to_string(), "cannot look up events of ap-south-1");
    assert!(error.reason().contains("`cloudtrail:LookupEvents`"), "{}", error.reason());
}

#[tokio::test]
async fn every_page_of_signing_keys_is_read() {
    if Endpoint::find().is_none() {
        return;
    }
    let connection = Endpoint::connection("us-east-1").await;
    let keys = connection.public_keys(Timestamp(1_000), Timestamp(2_000)).await.unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!(
        (keys[1].valid_from, keys[1].valid_to),
        (Some(Timestamp(1_000)), Some(Timestamp(2_000)))
    );
    assert_eq!(keys[1].fingerprint, format!("{:032x}", 1));
}

#[tokio::test]
async fn a_trail_says_how_it_is_set() {
    let Some(endpoint) = Endpoint::find() else { return };
    endpoint.bucket("trail-settings", "us-east-1");
    let call = |operation: &str, input: &Value| {
        let target = format!("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.{operation}");
        endpoint.json(&target, "cloudtrail", "us-east-1", input)
    };
    let input = json!({
        "Name": "organization",
        "S3BucketName": "trail-settings",
        "S3KeyPrefix": "team",
        "IsMultiRegionTrail": true,
        "EnableLogFileValidation": true,
    });
    call("CreateTrail", &input);
    let connection = Endpoint::connection("us-east-1").await;
    let trails = connection.trails().await.unwrap();
    let trail = trails.iter().find(|trail| trail.name == "organization").unwrap();
    assert!(trail.is_multi_region_trail && trail.log_file_validation_enabled);
    assert_eq!(trail.s3_bucket_name, "trail-settings");
    assert_eq!(trail.s3_key_prefix.as_deref(), Some("team"));
    assert!(trail.arn.ends_with(":trail/organization"), "{}", trail.arn);
    assert!(!connection.trail_status(&trail.arn).await.unwrap().is_logging);
    call("StartLogging", &json!({ "Name": "organization" }));
    let status = connection.trail_status("organization").await.unwrap();
    assert!(status.is_logging && status.start_logging.is_some());
    let selectors = json!({
        "TrailName": "organization",
        "EventSelectors": [{ "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true }],
    });
    call("PutEventSelectors", &selectors);
    let selectors = connection.event_selectors("organization").await.unwrap();
    assert_eq!(selectors.event_selectors[0]["ReadWriteType"], "WriteOnly");
    assert!(selectors.advanced_event_selectors.is_empty());
}

#[tokio::test]
async fn events_reach_a_bus_and_each_failure_is_told() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (url, arn) = endpoint.queue("put-events", &json!({}));
    let rule =
        json!({ "Name": "alerts", "EventPattern": json!({ "source": ["rolecall"] }).to_string() });
    endpoint.json("AWSEvents.PutRule", "events", "us-east-1", &rule);
    let targets = json!({ "Rule": "alerts", "Targets": [{ "Id": "queue", "Arn": arn }] });
    endpoint.json("AWSEvents.PutTargets", "events", "us-east-1", &targets);
    let entry = |detail: &str| json!({ "Source": "rolecall", "DetailType": "Rolecall Incident", "Detail": detail });
    let mut entries: Vec<Value> =
        (0..12).map(|number| entry(&json!({ "number": number }).to_string())).collect();
    entries[11] = entry("no JSON");
    let connection = Endpoint::connection("us-east-1").await;
    let failures = connection.put_events(&entries).await.unwrap();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!((failures[0].index, failures[0].code.as_str()), (11, "MalformedDetail"));
    assert!(!failures[0].is_transient());
    let queue = Queue::open(&connection, &url).await.unwrap();
    let mut n_received = 0;
    while n_received < 11 {
        let messages = queue.receive(&Receive::default()).await.unwrap();
        assert!(messages.iter().all(|message| message.body.contains("Rolecall Incident")));
        n_received += messages.len();
    }
}

#[tokio::test]
async fn findings_reach_security_hub() {
    if Endpoint::find().is_none() {
        return;
    }
    let finding = |id: &str| {
        json!({
            "SchemaVersion": "2018-10-08",
            "Id": id,
            "ProductArn": format!("arn:aws:securityhub:us-east-1:{ACCOUNT}:product/{ACCOUNT}/default"),
            "GeneratorId": "rolecall",
            "AwsAccountId": ACCOUNT,
            "CreatedAt": "2026-10-18T23:05:00Z",
            "UpdatedAt": "2026-10-18T23:05:00Z",
            "Severity": { "Label": "HIGH" },
            "Title": "Two roles in a row",
            "Description": "Two roles in a row",
            "Resources": [{ "Type": "AwsIamAccessKey", "Id": "AKIAIOSFODNN7EXAMPLE" }],
        })
    };
    let connection = Endpoint::connection("us-east-1").await;
    let findings: Vec<Value> = (0..103).map(|number| finding(&format!("f{number}"))).collect();
    assert_eq!(connection.import_findings(&findings).await.unwrap(), []);
}

#[tokio::test]
async fn calls_are_made_by_whoever_is_set() {
    if Endpoint::find().is_none() {
        return;
    }
    let own = Endpoint::connection("eu-central-1").await.caller().await.unwrap();
    assert_eq!(own.account, ACCOUNT);
    let role = Role {
        arn: "arn:aws:iam::111122223333:role/reader".to_owned(),
        external_id: Some("0123".to_owned()),
        session_name: None,
    };
    let region = Some("eu-central-1".to_owned());
    let options = ConnectionOptions { region, role: Some(role), ..ConnectionOptions::default() };
    let caller = Connection::open(&options).await.unwrap().caller().await.unwrap();
    assert_eq!(caller.arn, "arn:aws:sts::111122223333:assumed-role/reader/rolecall");
    assert_eq!(caller.account, "111122223333");
}
