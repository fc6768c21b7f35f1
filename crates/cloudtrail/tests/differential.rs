//! The one-pass reader agrees with a full parser on whatever that parser accepts.

use cloudtrail::{Timestamp, read};
use serde_json::Value;

/// A record with every kind of value, escape and nesting.
const RECORD: &str = r#"{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROA:s","sessionContext":{"attributes":{"creationDate":"2026-10-18T22:00:00Z","mfaAuthenticated":"false"},"sessionIssuer":{}}},"eventTime":"2026-10-18T23:05:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-cli\/2 \"x\" \\ \u00e9 é","errorCode":null,"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/r","tags":[{"k":1},{"k":[true,false,null,-1.5e3]}],"policy":"{\"a\":[1]}"},"responseElements":null,"requestID":"r","eventID":"66d008e1-12cf-4a45-99e7-0be67fc70d71","readOnly":true,"resources":[],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333"}"#;

const MUTATIONS: u32 = 40_000;

/// Bytes that a mutation writes: what JSON is made of, and what it is not.
const BYTES: &[u8] = b"\"\\{}[]:, \n\te0-tfnu/A~\x01";

/// Texts compared between the two readers.
fn told(document: &str) -> Vec<[String; 6]> {
    let mut told = Vec::new();
    let outcome = read(document.as_bytes(), &mut |record| {
        told.push([
            record.event_name.to_string(),
            record.event_source.to_string(),
            record.user_agent.to_string(),
            record.source_ip_address.to_string(),
            record
                .request_parameters
                .as_ref()
                .and_then(cloudtrail::Json::parse)
                .map(|v| v.to_string())
                .unwrap_or_default(),
            record
                .user_identity
                .as_ref()
                .and_then(cloudtrail::Json::parse)
                .map(|v| v.to_string())
                .unwrap_or_default(),
        ]);
    });
    assert_eq!(outcome.events, told.len() as u64);
    told
}

/// The same texts by a full parser, if the document is one record that is to be read.
fn expected(document: &str) -> Option<[String; 6]> {
    let Value::Object(record) = serde_json::from_str(document).ok()? else {
        return None;
    };
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let json = |name: &str| {
        record.get(name).filter(|value| !value.is_null()).map(Value::to_string).unwrap_or_default()
    };
    let is_plain = ["eventName", "eventSource", "userAgent", "sourceIPAddress", "eventTime"]
        .iter()
        .all(|name| record.get(*name).is_some_and(Value::is_string));
    let has_time = Timestamp::parse(&text("eventTime")).is_some();
    let special = ["eventType", "eventCategory"]
        .iter()
        .any(|name| ["Insight", "Aggregated", "AwsCloudTrailInsight"].contains(&&*text(name)));
    (is_plain && has_time && !special).then(|| {
        [
            text("eventName"),
            text("eventSource"),
            text("userAgent"),
            text("sourceIPAddress"),
            json("requestParameters"),
            json("userIdentity"),
        ]
    })
}

#[test]
fn what_a_full_parser_accepts_is_read_to_the_same_values() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    let mut n_accepted = 0;
    for _ in 0..MUTATIONS {
        let mut bytes = RECORD.as_bytes().to_vec();
        for _ in 0..=random() % 2 {
            let at = random() % bytes.len();
            match random() % 3 {
                0 => bytes[at] = BYTES[random() % BYTES.len()],
                1 => _ = bytes.remove(at),
                _ => bytes.insert(at, BYTES[random() % BYTES.len()]),
            }
        }
        let document = String::from_utf8_lossy(&bytes).to_string();
        let told = told(&document);
        if let Some(expected) = expected(&document) {
            n_accepted += 1;
            assert_eq!(told, [expected], "{document}");
        }
    }
    assert!(n_accepted > MUTATIONS / 10, "only {n_accepted} mutations were still JSON");
}

#[test]
fn the_record_itself_is_read() {
    assert_eq!(told(RECORD), [expected(RECORD).unwrap()]);
}
