//! Logs that nobody on this project wrote, when they are at hand.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::running::{Ran, run};

/// The folder in `ROLECALL_REAL_LOGS`, or the one beside the repository.
fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("ROLECALL_REAL_LOGS").map_or_else(beside, PathBuf::from);
    if folder.join("ground_truth.json").exists() {
        return Some(folder);
    }
    println!("skipped: there are no real logs; name their folder in ROLECALL_REAL_LOGS");
    None
}

fn scan(folder: &Path, part: &str) -> Ran {
    run(&["scan", folder.join(part).to_str().unwrap(), "--format", "json"])
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn assert_adds_up(document: &Value, part: &str) {
    let coverage = &document["coverage"];
    let count = |name: &str| coverage[name].as_u64().unwrap();
    let skipped: u64 = list(&coverage["skipped"]).map(|s| s["records"].as_u64().unwrap()).sum();
    assert_eq!(count("records"), count("events") + count("duplicates") + skipped, "{part}");
}

#[test]
fn every_record_of_every_folder_is_accounted_for() {
    let Some(folder) = folder() else { return };
    for part in [
        "invictus_aws",
        "opensearch_catalog",
        "organization_layout",
        "otrf_ec2_proxy_s3",
        "panther_analysis",
        "shapes",
        "stratus_detonation",
    ] {
        let ran = scan(&folder, part);
        assert!([0, 4].contains(&ran.code), "{part}: {}", ran.stderr);
        assert_adds_up(&ran.json(), part);
    }
}

#[test]
fn what_an_intruder_left_behind_in_a_lab_is_named() {
    let Some(folder) = folder() else { return };
    let ran = scan(&folder, "invictus_aws");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let document = ran.json();
    assert_eq!(document["coverage"]["records"], 2_900);
    assert_eq!(list(&document["coverage"]["skipped"]).count(), 0);
    let truth = fs::read_to_string(folder.join("ground_truth.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let truth = &truth["invictus_aws"];
    let left: Vec<&Value> =
        list(&document["findings"]).flat_map(|finding| list(&finding["left_behind"])).collect();
    for event in list(&truth["persistence"]) {
        assert!(left.iter().any(|one| one["event_id"] == event["eventID"]), "{event}");
    }
    let users = left.iter().filter(|one| one["event_name"] == "CreateUser");
    let mut users: Vec<&str> = users.map(|one| one["name"].as_str().unwrap()).collect();
    users.sort_unstable();
    users.dedup();
    assert_eq!(users.len(), 4, "{users:?}");
    for key in list(&truth["created_keys"]) {
        let (key, user) = key.as_str().unwrap().split_once(" (").unwrap();
        let is_it = |one: &&&Value| one["access_key_id"] == key;
        let one = left.iter().find(is_it).unwrap_or_else(|| panic!("no {key}"));
        assert_eq!(one["name"], user.trim_end_matches(')'));
    }
    let origins: Vec<&Value> = list(&document["findings"]).map(|one| &one["origin"]).collect();
    assert!(
        origins.iter().any(|origin| origin["principal_arn"] == truth["malicious"]["principals"][0])
    );
}

#[test]
fn a_quiet_account_is_quiet() {
    let Some(folder) = folder() else { return };
    let document = scan(&folder, "opensearch_catalog").json();
    for finding in list(&document["findings"]) {
        assert!(
            ["informational", "low"].contains(&finding["severity"].as_str().unwrap()),
            "{finding}"
        );
    }
}

#[test]
fn real_logs_of_hours_and_days_call_nothing_unusual() {
    let Some(folder) = folder() else { return };
    for part in ["opensearch_catalog", "invictus_aws"] {
        let document = scan(&folder, part).json();
        let of_interest = |finding: &&Value| {
            finding["detector"] == "unusual_use"
                && !["informational", "low"].contains(&finding["severity"].as_str().unwrap())
        };
        let unusual = list(&document["findings"]).filter(of_interest);
        assert_eq!(unusual.count(), 0, "{part}");
    }
}

#[test]
fn real_logs_give_the_same_document_from_any_number_of_threads() {
    let Some(folder) = folder() else { return };
    for part in ["invictus_aws", "shapes", "panther_analysis"] {
        let path = folder.join(part);
        let path = path.to_str().unwrap();
        let one = run(&["scan", path, "--format", "json", "--threads", "1"]).stdout;
        let four = run(&["scan", path, "--format", "json", "--threads", "4"]).stdout;
        assert!(one == four, "{part}");
    }
}
