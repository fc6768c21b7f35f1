//! Detection Findings of OCSF, held against the published schema.

mod schema;

use std::collections::BTreeSet;

use cloudtrail::Timestamp;
use detect::Analysis;
use report::ocsf::{self, Activity, Options, Status, Version};
use report::{Coverage, Dossier, Per};
use serde_json::{Value, json};

use crate::golden::check;
use crate::logs::{self, MISSION, analysis_of, scan};
use crate::{bob, hostile};
use schema::Schema;

const VERSIONS: [(Version, &str); 2] = [(Version::V1_5_0, "1.5.0"), (Version::V1_6_0, "1.6.0")];

fn options(version: Version) -> Options<'static> {
    let base_url = Some("https://rolecall.example.com");
    Options { version, base_url, ..Options::new("0.1.0") }
}

fn document(analysis: &Analysis, per: Per, options: &Options<'_>) -> String {
    ocsf::document(&scan(analysis, &Coverage::default()), per, options)
}

/// The objects of a document.
fn objects(analysis: &Analysis, per: Per, options: &Options<'_>) -> Vec<Value> {
    serde_json::from_str(&document(analysis, per, options)).unwrap()
}

#[test]
fn every_object_is_what_the_published_schema_asks_for() {
    let mut n_objects = 0;
    for (version, number) in VERSIONS {
        let schema = Schema::of(number);
        for (name, analysis) in logs::every_analysis() {
            for per in [Per::Finding, Per::Incident] {
                for object in objects(analysis, per, &options(version)) {
                    let name = name.chars().take(60).collect::<String>();
                    assert_eq!(schema.faults(&object), [""; 0], "{name}, {number}, {per:?}");
                    n_objects += 1;
                }
            }
        }
    }
    assert!(n_objects > 300, "{n_objects}");
}

/// Sets the member at `path` of `value`, or takes it away.
fn change(value: &mut Value, path: &str, to: Option<Value>) {
    let (parent, name) = path.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match to {
        Some(to) => parent.insert(name.to_owned(), to),
        None => parent.remove(name),
    };
}

#[test]
fn the_schema_finds_whatever_is_wrong() {
    let schema = Schema::of("1.6.0");
    let analysis = analysis_of(MISSION[0].1);
    let right = objects(&analysis, Per::Finding, &options(Version::V1_6_0)).swap_remove(0);
    assert_eq!(schema.faults(&right), [""; 0]);
    let user = "/evidences/0/actor/user";
    for (path, to, fault) in [
        ("/finding_info/uid", None, "is missing"),
        ("/cloud/provider", None, "is missing"),
        ("/surprise", Some(json!(1)), "is no attribute"),
        ("/finding_info/surprise", Some(json!(1)), "is no attribute"),
        ("/time", Some(json!("2026-01-01")), "is no timestamp_t"),
        ("/time", Some(json!(1_700_000_000)), "is no timestamp_t"),
        ("/severity_id", Some(json!(7)), "is none of its values"),
        ("/severity", Some(json!("Grave")), "is not called"),
        ("/activity_id", Some(json!(2)), "is not class and activity"),
        ("/metadata/version", Some(json!("1.7.0")), "is another version"),
        ("/resources", Some(json!({})), "is no list"),
        ("/message", Some(json!("")), "is no string_t"),
        ("/is_alert", Some(json!("yes")), "is no boolean_t"),
        ("/assignee", Some(json!({"name": "me"})), "belongs to a profile"),
        ("/evidences/0/src_endpoint", Some(json!({})), "at_least_one is not met"),
        ("/evidences/0/src_endpoint/ip", Some(json!("nowhere")), "is no ip_t"),
        (&*format!("{user}/credential_uid"), Some(json!("AKIA")), "is deprecated since 1.6.0"),
        ("/finding_info/attack_graph/nodes", None, "is missing"),
        ("/malware", Some(json!([{"name": "x"}])), "no facts about malware"),
    ] {
        let mut wrong = right.clone();
        change(&mut wrong, path, to);
        let faults = schema.faults(&wrong);
        assert!(faults.iter().any(|one| one.contains(fault)), "{path}: {faults:?}");
    }
}

#[test]
fn version_1_5_has_neither_graph_nor_programmatic_credentials() {
    let analysis = analysis_of(MISSION[0].1);
    for per in [Per::Finding, Per::Incident] {
        let old = document(&analysis, per, &options(Version::V1_5_0));
        let new = document(&analysis, per, &options(Version::V1_6_0));
        for member in ["attack_graph", "programmatic_credentials", "role_id"] {
            let member = format!("\"{member}\":");
            assert!(new.contains(&member) && !old.contains(&member), "{member}");
        }
        let key = "\"user\": {\n            \"uid\": ";
        assert!(new.contains(key) && old.contains(key));
        let user = &objects(&analysis, per, &options(Version::V1_5_0))[0]["evidences"][0]["actor"];
        assert_eq!(user["user"]["credential_uid"], "AKIAPUBLISHEREXAMPLE");
    }
}

#[test]
fn arrows_lead_from_node_to_node_and_observables_to_their_places() {
    let mut n_arrows = 0;
    for (name, analysis) in logs::every_analysis() {
        for per in [Per::Finding, Per::Incident] {
            for object in objects(analysis, per, &options(Version::V1_6_0)) {
                n_arrows += check_references(name, &object);
            }
        }
    }
    assert!(n_arrows > 1_000, "{n_arrows}");
}

/// How many arrows `object` has.
fn check_references(name: &str, object: &Value) -> usize {
    let graph = &object["finding_info"]["attack_graph"];
    let nodes: BTreeSet<&str> =
        list(&graph["nodes"]).filter_map(|one| one["uid"].as_str()).collect();
    for edge in list(&graph["edges"]) {
        let ends = [&edge["source"], &edge["target"]].map(|end| end.as_str().unwrap());
        assert!(ends.iter().all(|end| nodes.contains(end)), "{name}: {edge}");
    }
    for observable in list(&object["observables"]) {
        let place = observable["name"].as_str().unwrap();
        assert!(at(object, place).contains(&&observable["value"]), "{name}: {observable}");
    }
    list(&graph["edges"]).count()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The values at a place such as `evidences[].src_endpoint.ip`.
fn at<'v>(value: &'v Value, place: &str) -> Vec<&'v Value> {
    let mut values = vec![value];
    for part in place.split('.') {
        let name = part.trim_end_matches("[]");
        let inner = values.into_iter().filter_map(|value| value.get(name));
        values = if name == part { inner.collect() } else { inner.flat_map(list).collect() };
    }
    values
}

#[test]
fn the_calls_name_who_made_them() {
    let analysis = analysis_of(MISSION[0].1);
    let objects = objects(&analysis, Per::Incident, &options(Version::V1_6_0));
    let calls = list(&objects[0]["evidences"]).filter(|call| call["name"] == "AssumeRole");
    let callers: Vec<(&str, Option<&str>)> = calls
        .map(|call| {
            let actor = &call["actor"];
            let session = actor["session"]["issuer"].as_str();
            (actor["user"]["uid"].as_str().unwrap(), session)
        })
        .collect();
    let session =
        |role: &str, account, name| format!("arn:aws:sts::{account}:assumed-role/{role}/{name}");
    let hops = [
        "arn:aws:iam::222233334444:user/publisher".to_owned(),
        session("data-pipeline", "222233334444", "pipeline"),
        session("staging-deployer", "222233334444", "pipeline"),
        "arn:aws:iam::444455556666:user/Bob".to_owned(),
    ];
    let roles = [
        None,
        Some("arn:aws:iam::222233334444:role/data-pipeline"),
        Some("arn:aws:iam::222233334444:role/staging-deployer"),
        None,
    ];
    let wanted: Vec<(&str, Option<&str>)> = hops.iter().map(String::as_str).zip(roles).collect();
    assert_eq!(callers, wanted);
}

#[test]
fn a_call_that_two_findings_tell_of_stands_once_with_the_caller_that_one_knows() {
    let mut analysis = bob::analysis();
    for finding in [0, 1] {
        let proofs = &mut analysis.findings[finding].evidence;
        let forgotten = proofs.iter_mut().skip(finding * 2).take(2);
        forgotten.for_each(|proof| proof.caller = detect::Caller::default());
    }
    let incident = objects(&analysis, Per::Incident, &options(Version::V1_6_0)).swap_remove(0);
    let calls: Vec<&Value> = list(&incident["evidences"]).collect();
    assert_eq!(calls.len(), 4);
    assert!(calls.iter().all(|call| call["actor"]["user"]["uid"].is_string()), "{calls:#?}");
    assert_eq!(incident["finding_info"]["related_events_count"], 4);
}

#[test]
fn an_update_and_a_close_say_so() {
    let analysis = bob::analysis();
    let dossiers = Dossier::all(&analysis);
    let options = Options {
        activity: Activity::Update,
        status: Status::InProgress,
        changed: Some(Timestamp(1_792_300_000)),
        comment: Some("rose to critical"),
        ..Options::new("0.1.0")
    };
    let text = ocsf::incident(&dossiers[0], &options);
    let update: Value = serde_json::from_str(&text).unwrap();
    assert!(!text.contains('\n'));
    assert_eq!(Schema::of("1.6.0").faults(&update), [""; 0]);
    assert_eq!(update["type_uid"], 200_402);
    assert_eq!(update["status_id"], 2);
    assert_eq!(update["time"], 1_792_300_000_000_i64);
    assert_eq!(update["finding_info"]["modified_time"], 1_792_300_000_000_i64);
    assert_eq!(update["finding_info"]["created_time"], bob::at(0).0 * 1_000);
    assert_eq!(update["comment"], "rose to critical");
    assert_eq!(update["finding_info"]["uid"], "i1");
    let options = Options { activity: Activity::Close, status: Status::Resolved, ..options };
    let finding = ocsf::finding(&analysis.findings[0], None, &options);
    let close: Value = serde_json::from_str(&finding).unwrap();
    assert_eq!(Schema::of("1.6.0").faults(&close), [""; 0]);
    assert_eq!((&close["type_uid"], &close["status_id"]), (&json!(200_403), &json!(4)));
    assert!(close["metadata"].get("correlation_uid").is_none());
}

#[test]
fn an_alert_is_at_least_medium_and_no_habit() {
    let analysis = bob::analysis();
    let alerts = |per| -> Vec<bool> {
        let objects = objects(&analysis, per, &options(Version::V1_6_0));
        objects.iter().map(|object| object["is_alert"].as_bool().unwrap()).collect()
    };
    assert_eq!(alerts(Per::Finding), [true, true, true, false]);
    assert_eq!(alerts(Per::Incident), [true, true, false, false]);
}

#[test]
fn an_object_fits_where_it_has_to_and_says_that_it_was_cut() {
    let schema = Schema::of("1.6.0");
    let bytes_max = 128 * 1024;
    let options = Options { bytes_max: Some(bytes_max), ..options(Version::V1_6_0) };
    // What grows most when it is written, and what a log may have in one field.
    let texts = ["<".repeat(64 * 1024), "\u{e0041}".repeat(9_000), "x".repeat(300)];
    let mut lengths = Vec::new();
    for text in texts {
        let analysis = hostile::analysis(&text.as_str().into());
        let dossiers = Dossier::all(&analysis);
        let dossier = &dossiers[0];
        let finding = ocsf::finding(dossier.findings[0], Some(dossier), &options);
        for text in [ocsf::incident(dossier, &options), finding] {
            assert!(text.len() <= bytes_max, "{} bytes", text.len());
            let object: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(schema.faults(&object), [""; 0]);
            check_references("cut", &object);
            lengths.push((text.len(), text.contains("\"is_truncated\":true")));
        }
    }
    let is_cut: Vec<bool> = lengths.iter().map(|(_, is_cut)| *is_cut).collect();
    assert_eq!(is_cut, [true, true, true, true, false, false], "{lengths:?}");
    let small = Options { bytes_max: Some(1), ..options };
    let analysis = analysis_of(MISSION[0].1);
    let cut = ocsf::incident(&Dossier::all(&analysis)[0], &small);
    assert!(cut.contains("\"is_truncated\":true") && cut.len() < 32 * 1024, "{}", cut.len());
    let cut: Value = serde_json::from_str(&cut).unwrap();
    assert!(check_references("smallest", &cut) < analysis.incidents[0].graph.edges.len());
}

#[test]
fn text_of_the_logs_is_kept_and_harmless() {
    for (payload, analysis) in logs::hostile() {
        let text = document(&analysis, Per::Finding, &options(Version::V1_6_0));
        hostile::assert_inert("ocsf", &text);
        assert!(!text.contains('<'));
        let value: Value = serde_json::from_str(&text).unwrap();
        let mut all = Vec::new();
        hostile::strings(&value, &mut all);
        assert!(all.iter().filter(|string| **string == payload).count() > 50);
    }
}

#[test]
fn the_incidents_of_the_mission_are_written_like_this() {
    for (name, log) in MISSION {
        let analysis = analysis_of(log);
        for (per, unit) in [(Per::Finding, "finding"), (Per::Incident, "incident")] {
            let text = document(&analysis, per, &options(Version::V1_6_0));
            check(&format!("ocsf/{name}_per_{unit}"), &text);
        }
        let old = document(&analysis, Per::Incident, &options(Version::V1_5_0));
        check(&format!("ocsf/{name}_1_5"), &old);
    }
    assert_eq!(document(&Analysis::default(), Per::Finding, &options(Version::V1_6_0)), "[]\n");
}
