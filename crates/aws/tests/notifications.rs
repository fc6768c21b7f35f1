//! Every envelope that a message about objects comes in.
#![expect(clippy::unwrap_used, reason = "the helpers of a test fail with it")]

use aws::{Holds, NotUnderstood, Notification, OBJECTS_MAX, read_notification};
use serde_json::{Value, json};

const KEY: &str = "AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-central-1/2026/10/18/\
    111122223333_CloudTrail_eu-central-1_20261018T2305Z_0123456789abcdef.json.gz";
const DIGEST: &str = "AWSLogs/111122223333/CloudTrail-Digest/eu-central-1/2026/10/18/\
    111122223333_CloudTrail-Digest_eu-central-1_trail_eu-central-1_20261018T230500Z.json.gz";

fn read(message: &Value) -> Result<Notification, NotUnderstood> {
    read_notification(&message.to_string())
}

fn keys(message: &Value) -> Vec<String> {
    let objects = read(message).unwrap().objects;
    assert!(objects.iter().all(|object| object.bucket == "trail"), "{objects:?}");
    objects.into_iter().map(|object| object.key).collect()
}

/// A record of S3 (Amazon S3 user guide, "Event message structure").
fn record(name: &str, key: &str) -> Value {
    json!({
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-central-1",
        "eventTime": "2026-10-18T23:05:01.000Z",
        "eventName": name,
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "rolecall",
            "bucket": { "name": "trail", "arn": "arn:aws:s3:::trail" },
            "object": { "key": key, "size": 1024, "eTag": "0123456789abcdef", "sequencer": "00" },
        },
    })
}

fn s3(records: &[Value]) -> Value {
    json!({ "Records": records })
}

fn sns(message: &Value) -> Value {
    json!({
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": "arn:aws:sns:eu-central-1:111122223333:trail",
        "Subject": "Amazon S3 Notification",
        "Message": message.to_string(),
        "Timestamp": "2026-10-18T23:05:02.000Z",
        "SignatureVersion": "1",
    })
}

fn event_bridge(detail_type: &str, key: &str) -> Value {
    json!({
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": detail_type,
        "source": "aws.s3",
        "account": "111122223333",
        "time": "2026-10-18T23:05:01Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:s3:::trail"],
        "detail": {
            "version": "0",
            "bucket": { "name": "trail" },
            "object": { "key": key, "size": 1024, "etag": "0123456789abcdef" },
            "reason": "PutObject",
        },
    })
}

fn trail_topic(keys: &[&str]) -> Value {
    json!({ "s3Bucket": "trail", "s3ObjectKey": keys })
}

#[test]
fn each_envelope_names_its_objects() {
    let messages = [
        s3(&[record("ObjectCreated:Put", KEY)]),
        s3(&[record("ObjectCreated:CompleteMultipartUpload", KEY)]),
        sns(&s3(&[record("ObjectCreated:Put", KEY)])),
        event_bridge("Object Created", KEY),
        sns(&event_bridge("Object Created", KEY)),
        trail_topic(&[KEY]),
        sns(&trail_topic(&[KEY])),
        json!({ "Records": [{ "EventSource": "aws:sns", "Sns": sns(&trail_topic(&[KEY])) }] }),
    ];
    for message in messages {
        assert_eq!(keys(&message), [KEY], "{message}");
    }
}

#[test]
fn what_a_message_tells_of_an_object_is_kept() {
    for message in [s3(&[record("ObjectCreated:Put", KEY)]), event_bridge("Object Created", KEY)] {
        let object = read(&message).unwrap().objects.remove(0);
        assert_eq!(object.bytes, Some(1024));
        assert_eq!(object.etag.as_deref(), Some("0123456789abcdef"));
        assert_eq!(object.holds, Holds::Events);
    }
    let object = read(&trail_topic(&[KEY])).unwrap().objects.remove(0);
    assert_eq!((object.bytes, object.etag), (None, None));
}

#[test]
fn keys_of_s3_are_decoded_and_others_are_not() {
    let encoded = "team+logs/AWSLogs/a%2Bb%25/%C3%A9.json.gz";
    let decoded = "team logs/AWSLogs/a+b%/é.json.gz";
    assert_eq!(keys(&s3(&[record("ObjectCreated:Put", encoded)])), [decoded]);
    assert_eq!(keys(&sns(&s3(&[record("ObjectCreated:Put", encoded)]))), [decoded]);
    assert_eq!(keys(&event_bridge("Object Created", encoded)), [encoded]);
    assert_eq!(keys(&trail_topic(&[encoded])), [encoded]);
    let broken = s3(&[record("ObjectCreated:Put", "%FF.json")]);
    assert_eq!(read(&broken), Err(NotUnderstood::Incomplete));
}

#[test]
fn one_message_may_name_many_objects() {
    let records = [record("ObjectCreated:Put", "a.json"), record("ObjectCreated:Copy", "b.json")];
    assert_eq!(keys(&s3(&records)), ["a.json", "b.json"]);
    assert_eq!(keys(&sns(&trail_topic(&["a.json", "b.json"]))), ["a.json", "b.json"]);
    assert_eq!(keys(&trail_topic(&[])), Vec::<String>::new());
}

#[test]
fn events_about_no_new_object_are_counted() {
    let test = json!({
        "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "trail",
        "Time": "2026-10-18T23:05:01.000Z", "RequestId": "0", "HostId": "0",
    });
    let removed = record("ObjectRemoved:Delete", KEY);
    let messages = [
        test.clone(),
        sns(&test),
        s3(std::slice::from_ref(&removed)),
        s3(&[record("s3:ObjectRestore:Completed", KEY)]),
        event_bridge("Object Deleted", KEY),
    ];
    for message in messages {
        let expected = Notification { objects: Vec::new(), ignored: 1 };
        assert_eq!(read(&message), Ok(expected), "{message}");
    }
    let mixed = read(&s3(&[removed, record("s3:ObjectCreated:Put", KEY)])).unwrap();
    assert_eq!((mixed.objects.len(), mixed.ignored), (1, 1));
}

#[test]
fn names_tell_what_an_object_holds() {
    assert_eq!(Holds::of(KEY), Holds::Events);
    assert_eq!(Holds::of(DIGEST), Holds::Digest);
    assert_eq!(
        Holds::of(&KEY.replace("/CloudTrail/", "/CloudTrail-NetworkActivity/")),
        Holds::Events
    );
    let others = [
        KEY.replace("/CloudTrail/", "/CloudTrail-Insight/"),
        KEY.replace("/CloudTrail/", "/CloudTrail-Aggregated/"),
        KEY.replace(".json.gz", ".parquet"),
        "AWSLogs/".to_owned(),
    ];
    for key in others {
        assert!(matches!(Holds::of(&key), Holds::Other(_)), "{key}");
    }
    let object = read(&event_bridge("Object Created", DIGEST)).unwrap().objects.remove(0);
    assert_eq!(object.holds, Holds::Digest);
}

#[test]
fn anything_else_is_not_understood() {
    let unknown = [
        json!({}),
        json!([]),
        json!("text"),
        json!({ "Records": [] }),
        json!({ "Records": [{ "eventSource": "aws:ses" }] }),
        json!({ "Records": [{ "eventVersion": "1.08", "eventSource": "sts.amazonaws.com" }] }),
        json!({ "source": "aws.sts", "detail": {} }),
        json!({ "Message": "no topic" }),
        sns(&json!("text")),
    ];
    for message in unknown {
        assert_eq!(read(&message), Err(NotUnderstood::Unknown), "{message}");
    }
    let mut plain = sns(&json!({}));
    plain["Message"] = json!("not JSON");
    assert_eq!(read(&plain), Err(NotUnderstood::Unknown));
    assert_eq!(read_notification("no JSON"), Err(NotUnderstood::NotJson));
    assert_eq!(read_notification(""), Err(NotUnderstood::NotJson));
}

#[test]
fn half_a_message_is_not_taken() {
    let mut nameless = record("ObjectCreated:Put", KEY);
    nameless["s3"]["bucket"]["name"].take();
    let incomplete = [
        s3(&[record("ObjectCreated:Put", KEY), nameless]),
        s3(&[record("ObjectCreated:Put", "")]),
        json!({ "Records": [{ "eventSource": "aws:s3", "eventName": "ObjectCreated:Put" }] }),
        json!({ "source": "aws.s3", "detail-type": "Object Created" }),
        json!({ "s3ObjectKey": ["a.json"] }),
        json!({ "s3Bucket": "trail", "s3ObjectKey": "a.json" }),
        json!({ "s3Bucket": "trail", "s3ObjectKey": ["a.json", 1] }),
    ];
    for message in incomplete {
        assert_eq!(read(&message), Err(NotUnderstood::Incomplete), "{message}");
    }
}

#[test]
fn envelopes_and_objects_are_bounded() {
    let twice = sns(&sns(&trail_topic(&[KEY])));
    assert_eq!(keys(&twice), [KEY]);
    assert_eq!(read(&sns(&twice)), Err(NotUnderstood::TooDeep));
    let many = vec!["a.json"; OBJECTS_MAX];
    assert_eq!(read(&trail_topic(&many)).unwrap().objects.len(), OBJECTS_MAX);
    let more = [many, vec!["b.json"]].concat();
    assert_eq!(read(&trail_topic(&more)), Err(NotUnderstood::TooMany));
}
