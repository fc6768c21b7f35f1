//! The scan document: its fields, their order, and that it is the same for the same events.

use serde_json::Value;

use crate::running::{BOB, Ran, fixtures, run, run_with_input};

/// Names of the members of the first object or array of objects under `name`, in their order.
fn members(document: &str, name: &str) -> Vec<String> {
    let opening = format!("\"{name}\": ");
    let mut lines = document.lines();
    let head = lines.find(|line| line.trim_start().starts_with(&opening)).unwrap_or_default();
    assert!(head.ends_with('{') || head.ends_with('['), "no `{name}`: {head}");
    let depth = indent(head) + if head.ends_with('[') { 4 } else { 2 };
    let body = lines.take_while(|line| indent(line) >= depth || line.trim() == "{");
    body.filter(|line| indent(line) == depth).filter_map(name_of).collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn name_of(line: &str) -> Option<String> {
    let (name, _) = line.trim_start().strip_prefix('"')?.split_once("\": ")?;
    Some(name.to_owned())
}

/// Fields may be added, but those of the contract stand in its order.
fn assert_contract(found: &[String], contract: &[&str]) {
    let kept: Vec<&str> =
        found.iter().map(String::as_str).filter(|name| contract.contains(name)).collect();
    assert_eq!(kept, contract);
}

fn bob() -> Ran {
    run(&["scan", BOB, "--format", "json"])
}

/// Objects of the scan document, and the members that the contract gives them.
const CONTRACT: [(&str, &[&str]); 9] = [
    (
        "coverage",
        &[
            "files",
            "bytes_read",
            "records",
            "events",
            "duplicates",
            "skipped",
            "first_event",
            "last_event",
            "accounts",
        ],
    ),
    (
        "incidents",
        &["id", "severity", "title", "origin", "findings", "first_seen", "last_seen", "graph"],
    ),
    ("nodes", &["id", "kind", "label"]),
    ("edges", &["from", "to", "kind", "hop", "color"]),
    ("chain", &["hops", "at_least", "chained_calls", "color", "roles", "branches"]),
    (
        "roles",
        &[
            "hop",
            "role_arn",
            "role_session_name",
            "access_key_id",
            "event_id",
            "event_time",
            "source_ip_address",
        ],
    ),
    ("evidence", &["event_id", "event_time", "event_source", "event_name", "source_ip_address"]),
    ("credential", &["access_key_id", "principal_arn"]),
    ("origin", &["kind", "access_key_id", "principal_arn"]),
];

#[test]
fn every_field_of_the_contract_is_there_in_its_order() {
    let ran = bob();
    let text = &ran.stdout;
    let top: Vec<String> =
        text.lines().filter(|line| indent(line) == 2).filter_map(name_of).collect();
    assert_contract(&top, &["schema", "as_of", "coverage", "incidents", "findings"]);
    for (name, fields) in CONTRACT {
        let found = members(text, name);
        let first: Vec<String> = found.iter().take(first_object(&found)).cloned().collect();
        assert_contract(&first, fields);
    }
    let after = text.rfind("\n  \"findings\": [").unwrap();
    let (_, findings) = text.split_at(after);
    let found = members(findings, "findings");
    let first: Vec<String> = found.iter().take(first_object(&found)).cloned().collect();
    assert_contract(
        &first,
        &[
            "id",
            "detector",
            "severity",
            "confidence",
            "title",
            "reason",
            "account_id",
            "first_seen",
            "last_seen",
            "credential",
            "origin",
            "chain",
            "evidence",
            "techniques",
        ],
    );
}

/// How many members the first object of an array has: its first name comes again.
fn first_object(names: &[String]) -> usize {
    let again = names.iter().skip(1).position(|name| Some(name) == names.first());
    again.map_or(names.len(), |position| position + 1)
}

#[test]
fn values_are_the_words_of_the_contract() {
    let document = bob().json();
    assert_eq!(document["schema"], "rolecall.scan/1");
    let incident = &document["incidents"][0];
    assert_eq!((&incident["severity"], &incident["color"]), (&"critical".into(), &"red".into()));
    assert_eq!(incident["origin"]["kind"], "iam_user_access_key");
    let kinds = [
        "access_key",
        "role_session",
        "ec2_instance",
        "iam_user",
        "aws_service",
        "identity_provider",
        "address",
        "external_account",
        "artifact",
        "unknown",
        "group",
    ];
    let nodes = incident["graph"]["nodes"].as_array().unwrap();
    for node in nodes {
        assert!(kinds.contains(&node["kind"].as_str().unwrap()), "{node}");
    }
    for edge in incident["graph"]["edges"].as_array().unwrap() {
        let is_node = |id: &Value| nodes.iter().any(|node| node["id"] == *id);
        assert!(is_node(&edge["from"]) && is_node(&edge["to"]), "{edge}");
        assert!(["none", "orange", "red"].contains(&edge["color"].as_str().unwrap()), "{edge}");
    }
    let ids: Vec<&Value> =
        document["findings"].as_array().unwrap().iter().map(|finding| &finding["id"]).collect();
    for id in incident["findings"].as_array().unwrap() {
        assert!(ids.contains(&id));
    }
}

#[test]
fn coverage_accounts_for_every_record() {
    for source in ["role_chaining", "chain_to_persistence", BOB] {
        let coverage = &run(&["scan", source, "--format", "json"]).json()["coverage"];
        let count = |name: &str| coverage[name].as_u64().unwrap();
        let skipped = coverage["skipped"].as_array().unwrap().iter();
        let skipped: u64 = skipped.map(|skipped| skipped["records"].as_u64().unwrap()).sum();
        assert_eq!(count("records"), count("events") + count("duplicates") + skipped);
    }
}

#[test]
fn the_same_events_give_the_same_document_from_files_threads_and_standard_input() {
    let file = bob();
    let input = std::fs::read(fixtures().join(BOB)).unwrap();
    let piped = run_with_input(&["scan", "-", "--format", "json"], &input);
    assert_eq!((file.code, piped.code), (0, 0));
    assert_eq!(file.stdout, piped.stdout);
    for threads in ["1", "3"] {
        let arguments = ["scan", "role_chaining", "--format", "json", "--threads", threads];
        let all = ["scan", "role_chaining", "--format", "json"];
        assert_eq!(run(&arguments).stdout, run(&all).stdout);
    }
}

#[test]
fn a_log_that_is_read_twice_is_counted_as_repetition() {
    let once = bob().json();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.jsonl");
    std::fs::copy(fixtures().join(BOB), &copy).unwrap();
    let twice = run(&["scan", BOB, copy.to_str().unwrap(), "--format", "json"]).json();
    assert_eq!(once["findings"], twice["findings"]);
    assert_eq!(once["incidents"], twice["incidents"]);
    assert_eq!(twice["coverage"]["duplicates"], once["coverage"]["events"]);
}
