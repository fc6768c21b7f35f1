//! One credential, role, user, session or instance, both ways.

use serde_json::Value;

use crate::running::{BOB, run};

const INSTANCE: &str = "role_chaining/fires_on_an_instance_that_climbs.jsonl";

fn trace(subject: &str, log: &str) -> Value {
    let ran = run(&["trace", subject, log, "--format", "json"]);
    assert_eq!(ran.code, 0, "{subject}: {}", ran.stderr);
    let document = ran.json();
    assert_eq!(document["schema"], "rolecall.trace/1");
    assert_eq!(document["subject"], subject);
    document
}

/// Who stands on the way to the first part, and who below it.
fn ways(document: &Value) -> (Vec<&str>, Vec<&str>) {
    let part = &document["parts"][0];
    let who = |steps: &'static str| {
        let steps = part[steps].as_array().unwrap().iter();
        steps.map(|step| step["who"].as_str().unwrap()).collect()
    };
    (who("ancestry"), who("descendants"))
}

const UP: [&str; 2] = ["publisher", "data-pipeline/pipeline"];
const DOWN: [&str; 4] =
    ["staging-deployer/pipeline", "prod-admin/pipeline", "Bob", "log-archive-admin/archive"];

#[test]
fn a_key_is_followed_to_its_origin_and_to_everything_it_led_to() {
    let document = trace("ASIASTAGEIXXXEXAMPLE", BOB);
    assert_eq!(ways(&document), (UP.to_vec(), DOWN.to_vec()));
    let part = &document["parts"][0];
    assert_eq!(part["origin"]["access_key_id"], "AKIAPUBLISHEREXAMPLE");
    assert_eq!(part["at_least"], false);
}

#[test]
fn a_role_is_followed_by_its_name_and_its_arn() {
    for subject in ["staging-deployer", "arn:aws:iam::222233334444:role/staging-deployer"] {
        assert_eq!(ways(&trace(subject, BOB)), (UP.to_vec(), DOWN.to_vec()), "{subject}");
    }
}

#[test]
fn a_user_is_followed_by_its_name_its_arn_and_its_key() {
    let up =
        ["publisher", "data-pipeline/pipeline", "staging-deployer/pipeline", "prod-admin/pipeline"];
    let down = ["Bob", "log-archive-admin/archive"];
    for subject in ["Bob", "arn:aws:iam::444455556666:user/Bob", "AKIABOBXXXXXXEXAMPLE"] {
        assert_eq!(ways(&trace(subject, BOB)), (up.to_vec(), down.to_vec()), "{subject}");
    }
}

#[test]
fn a_session_is_followed_by_its_name_and_its_arn() {
    let everything = [&UP[1..], &DOWN[..]].concat();
    assert_eq!(ways(&trace("pipeline", BOB)), (vec!["publisher"], everything));
    let arn = "arn:aws:sts::222233334444:assumed-role/staging-deployer/pipeline";
    assert_eq!(ways(&trace(arn, BOB)), (UP.to_vec(), DOWN.to_vec()));
}

#[test]
fn an_instance_is_followed_down_from_all_its_keys() {
    let document = trace("i-0a1b2c3d4e5f60718", INSTANCE);
    let parts = document["parts"].as_array().unwrap();
    let steps: Vec<&Value> =
        parts.iter().flat_map(|part| part["descendants"].as_array().unwrap()).collect();
    let keys = steps.iter().filter(|step| step["hop"] == 0).count();
    assert_eq!(keys, 2, "two keys a launch");
    assert!(steps.iter().any(|step| step["hop"] == 3));
    assert_eq!(parts[0]["origin"]["instance_id"], "i-0a1b2c3d4e5f60718");
}

#[test]
fn a_subject_that_is_not_in_the_logs_is_a_failure_that_says_so() {
    let ran = run(&["trace", "ASIANOBODYXXXEXAMPLE", BOB]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("ASIANOBODYXXXEXAMPLE"), "{}", ran.stderr);
}

#[test]
fn hostile_subjects_are_names_like_any_other() {
    for subject in ["\u{1b}[31mred", "$(reboot)", "<script>", "", "\u{202e}gpj"] {
        let ran = run(&["trace", subject, BOB]);
        assert_eq!(ran.code, 1, "{subject}");
        assert!(!ran.stderr.contains('\u{1b}') && !ran.stderr.contains('\u{202e}'));
    }
}
