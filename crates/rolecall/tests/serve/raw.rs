//! Raw records of events, which are read from the buckets that they came from.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::endpoint::{Endpoint, Envelope};
use crate::hook::Hook;
use crate::killed::queue_source;
use crate::place::{Place, Served};

/// The object of the attack's last hour, and one of the same hour in another account.
const KEYS: [&str; 2] = [
    "trails/AWSLogs/o-a1b2c3d4e5/555566667777/CloudTrail/us-east-1/2026/03/10/\
     555566667777_CloudTrail_us-east-1_20260310T0720Z_Attack.json",
    "trails/AWSLogs/o-a1b2c3d4e5/999988887777/CloudTrail/us-east-1/2026/03/10/\
     999988887777_CloudTrail_us-east-1_20260310T0720Z_Other.json",
];

/// The records of an attack, as a log file.
fn log() -> (Vec<Value>, Vec<u8>) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures");
    let lines =
        fs::read_to_string(fixtures.join("role_chaining/fires_leaked_key_to_the_user_bob.jsonl"));
    let records: Vec<Value> =
        lines.unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let file = json!({ "Records": records }).to_string().into_bytes();
    (records, file)
}

/// Lets a program with a token ask; gives the token.
fn admit(place: &Place) -> String {
    let made = place.program(&["console", "--new-token", "test=viewer"]).output().unwrap();
    let made = String::from_utf8(made.stdout).unwrap() + &String::from_utf8(made.stderr).unwrap();
    let token = made.split_whitespace().find(|word| word.starts_with("rolecall_")).unwrap();
    let line = made.lines().find(|line| line.contains("tokens = [")).unwrap();
    let config = fs::read_to_string(place.path("rolecall.toml")).unwrap();
    let config = config.replace("[console]\n", &format!("[console]\n{}\n", line.trim()));
    fs::write(place.path("rolecall.toml"), config).unwrap();
    token.to_owned()
}

/// Asks the console of a service for an event: the status and the answer.
fn event(place: &Place, token: &str, id: &str) -> (u16, Value) {
    let log = place.log();
    let (_, address) = log.rsplit_once("The console: ").unwrap();
    let origin = address.split(['#', '\n']).next().unwrap().trim_end_matches('/');
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let mut answer = ureq::Agent::new_with_config(config)
        .get(format!("{origin}/api/v1/events/{id}"))
        .header("authorization", format!("Bearer {token}"))
        .call()
        .unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap())
}

/// Serves until the event `id` is told of.
fn serve(place: &Place, token: &str, id: &str) -> (Served, Value) {
    let served = place.start();
    place.wait_for("the console", || place.log().contains("The console: "));
    let mut found = Value::Null;
    place.wait_for("the record", || {
        let (status, answer) = event(place, token, id);
        found = answer;
        status == 200
    });
    (served, found)
}

/// A source that lists `bucket`, with `more` settings, in TOML.
fn listed(bucket: &str, more: &str) -> String {
    format!(
        "[[source]]\nname = \"trail\"\nkind = \"s3\"\nbucket = \"{bucket}\"\ninterval = \"1s\"\n\
         {more}\n"
    )
}

/// The last event of an attack, which an incident names.
fn attack(records: &[Value]) -> (&Value, &str) {
    let attack = records.iter().rfind(|record| record["eventName"] == "UpdateAssumeRolePolicy");
    let attack = attack.unwrap();
    (attack, attack["eventID"].as_str().unwrap())
}

#[test]
fn the_record_of_an_event_is_read_from_the_bucket_or_from_that_of_a_queue() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (records, file) = log();
    let queue = endpoint.queue("raw");
    endpoint.notifying_bucket("raw-trail", &queue, Envelope::S3);
    endpoint.bucket("raw-network");
    let network = KEYS[0].replace("CloudTrail", "CloudTrail-NetworkActivity");
    let below = |prefix: &str| listed("raw-trail", &format!("prefix = \"{prefix}\""));
    let (attack, id) = attack(&records);
    for (source, name, bucket, key) in [
        (below("trails"), "trail", "raw-trail", KEYS[0]),
        (below("trails/AWSLogs/o-a1b2c3d4e5"), "trail", "raw-trail", KEYS[0]),
        (listed("raw-trail", ""), "trail", "raw-trail", KEYS[0]),
        (listed("raw-network", ""), "trail", "raw-network", &*network),
        (queue_source(&queue), "queue", "raw-trail", KEYS[0]),
    ] {
        let place = Place::new(&source, &Hook::start());
        let token = admit(&place);
        for (key, bytes) in [key, KEYS[1]].into_iter().zip([&file[..], br#"{"Records":[]}"#]) {
            endpoint.put(bucket, key, bytes);
        }
        let (served, found) = serve(&place, &token, id);
        assert_eq!(&found["record"], attack);
        assert_eq!(found["source"]["name"], name);
        assert_eq!(found["source"]["object"], format!("s3://{bucket}/{key}"));
        let (status, absent) = event(&place, &token, "00000000-0000-4000-8000-000000000000");
        assert_eq!(status, 404);
        assert!(absent.to_string().contains("lookup-events"), "{absent}");
        served.kill();
    }
}

#[test]
fn an_object_that_cannot_be_read_hides_no_record() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (records, file) = log();
    endpoint.bucket("raw-denied");
    let place = Place::new(&listed("raw-denied", ""), &Hook::start());
    let token = admit(&place);
    endpoint.put("raw-denied", KEYS[0], &file);
    let (attack, id) = attack(&records);
    let (served, _) = serve(&place, &token, id);
    // Delivered sooner after the event, it is looked into first.
    let (folder, name) = KEYS[0].rsplit_once('/').unwrap();
    let denied = format!("{folder}/denied-{}", name.replace("T0720Z", "T0716Z"));
    endpoint.put("raw-denied", &denied, &file);
    let (status, found) = event(&place, &token, id);
    assert_eq!((status, &found["record"]), (200, attack), "{found}");
    let time = attack["eventTime"].as_str().unwrap();
    let nobody = format!("00000000-0000-4000-8000-000000000000?time={time}");
    let (status, absent) = event(&place, &token, &nobody);
    assert_eq!(status, 404);
    assert!(absent.to_string().contains(&denied), "{absent}");
    served.kill();
}

#[test]
fn a_record_is_read_from_each_bucket_that_a_queue_tells_of() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (records, file) = log();
    let queue = endpoint.queue("raw-several");
    for bucket in ["raw-first", "raw-last"] {
        endpoint.notifying_bucket(bucket, &queue, Envelope::S3);
    }
    let place = Place::new(&queue_source(&queue), &Hook::start());
    let token = admit(&place);
    endpoint.put("raw-first", KEYS[0], &file);
    let (attack, id) = attack(&records);
    let (served, _) = serve(&place, &token, id);
    endpoint.put("raw-last", KEYS[1], br#"{"Records":[]}"#);
    place.wait_for("the other bucket", || place.n_done() == 2);
    let (status, found) = event(&place, &token, id);
    assert_eq!((status, &found["record"]), (200, attack), "{found}");
    served.kill();
}
