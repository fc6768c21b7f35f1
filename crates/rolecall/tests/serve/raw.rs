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

#[test]
fn the_record_of_an_event_is_read_from_the_bucket_or_from_that_of_a_queue() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (records, file) = log();
    let queue = endpoint.queue("raw");
    endpoint.notifying_bucket("raw-trail", &queue, Envelope::S3);
    let listed = "[[source]]\nname = \"trail\"\nkind = \"s3\"\nbucket = \"raw-trail\"\n\
                  prefix = \"trails\"\ninterval = \"1s\"\n";
    let attack = records.iter().rfind(|record| record["eventName"] == "UpdateAssumeRolePolicy");
    let id = attack.unwrap()["eventID"].as_str().unwrap();
    for (source, name) in [(listed.to_owned(), "trail"), (queue_source(&queue), "queue")] {
        let place = Place::new(&source, &Hook::start());
        let token = admit(&place);
        for (key, bytes) in KEYS.iter().zip([&file[..], br#"{"Records":[]}"#]) {
            endpoint.put("raw-trail", key, bytes);
        }
        let (served, found) = serve(&place, &token, id);
        assert_eq!(&found["record"], attack.unwrap());
        assert_eq!(found["source"]["name"], name);
        assert_eq!(found["source"]["object"], format!("s3://raw-trail/{}", KEYS[0]));
        let (status, absent) = event(&place, &token, "00000000-0000-4000-8000-000000000000");
        assert_eq!(status, 404);
        assert!(absent.to_string().contains("lookup-events"), "{absent}");
        served.kill();
    }
}
