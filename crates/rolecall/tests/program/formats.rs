//! Findings for other programs: ndjson, csv, ocsf and asff.

use std::fs;

use serde_json::Value;

use crate::running::{BOB, fixtures, run, run_with_input};
use crate::transcripts::transcript;

const QUIET: &str = "role_chaining/quiet_on_one_role.jsonl";

/// The formats that hold findings alone, with the arguments that each asks for.
const FORMATS: [(&str, &[&str]); 4] = [
    ("ndjson", &[]),
    ("csv", &[]),
    ("ocsf", &[]),
    ("asff", &["--asff-account", "111122223333", "--asff-region", "eu-central-1"]),
];

fn scan(log: &str, format: &str, more: &[&str]) -> Vec<String> {
    let named = FORMATS.iter().find(|(name, _)| *name == format).unwrap();
    let arguments = [&["scan", log, "--format", format], named.1, more].concat();
    arguments.into_iter().map(str::to_owned).collect()
}

fn words(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

#[test]
fn a_scan_in_every_format() {
    for (format, _) in FORMATS {
        let arguments = scan(BOB, format, &["--fail-on", "high"]);
        transcript(&format!("formats/scan_{format}"), &words(&arguments));
        let arguments = scan(QUIET, format, &["--fail-on", "high"]);
        transcript(&format!("formats/scan_{format}_quiet"), &words(&arguments));
    }
    let per = scan(BOB, "ocsf", &["--per", "incident", "--ocsf-version", "1.5.0"]);
    transcript("formats/scan_ocsf_incident", &words(&per));
    let per = scan(BOB, "asff", &["--per", "incident"]);
    transcript("formats/scan_asff_incident", &words(&per));
}

#[test]
fn what_was_not_read_is_said_on_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mixed.jsonl");
    let log = fs::read_to_string(fixtures().join(BOB)).unwrap();
    fs::write(&path, format!("{{\"eventName\":\n{log}")).unwrap();
    let path = path.to_str().unwrap();
    for (format, _) in FORMATS {
        let arguments = scan(path, format, &[]);
        let partial = run(&words(&arguments));
        assert_eq!(partial.code, 4, "{format}");
        let told: Vec<&str> = partial.stderr.lines().collect();
        assert!(told[0].starts_with("Read ") && told[0].ends_with(" 1 skipped."), "{told:?}");
        assert!(told[1].starts_with("skipped: 1 record: ") && told[1].contains(path), "{told:?}");
        let whole = run(&words(&scan(BOB, format, &[])));
        assert_eq!((whole.code, &whole.stdout), (0, &partial.stdout), "{format}");
        let quiet = run(&words(&scan(path, format, &["--quiet"])));
        assert_eq!((quiet.code, quiet.stderr.as_str()), (4, ""), "{format}");
    }
}

#[test]
fn an_output_file_gets_what_standard_output_would() {
    for (format, _) in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("findings");
        let path = path.to_str().unwrap();
        let ran = run(&words(&scan(BOB, format, &["-o", path, "--fail-on", "critical"])));
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{format}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("Read "), "{}", ran.stderr);
        let printed = run(&words(&scan(BOB, format, &[]))).stdout;
        assert_eq!(fs::read_to_string(path).unwrap(), printed, "{format}");
    }
}

#[test]
fn order_and_repetition_change_no_format() {
    let log = fs::read_to_string(fixtures().join(BOB)).unwrap();
    let mut lines: Vec<&str> = log.lines().collect();
    lines.reverse();
    lines.extend(lines.clone());
    let other = lines.join("\n");
    for (format, _) in FORMATS {
        let first = run(&words(&scan(BOB, format, &[]))).stdout;
        let second = run_with_input(&words(&scan("-", format, &[])), other.as_bytes()).stdout;
        assert_eq!(first, second, "{format}");
    }
}

#[test]
fn the_graph_of_an_object_is_that_of_the_scan_document() {
    let document = run(&["scan", BOB, "--format", "json"]).json();
    let objects = run(&["scan", BOB, "--format", "ocsf", "--per", "incident"]).json();
    let ids = |graph: &Value, name: &str| -> Vec<Value> {
        graph["nodes"].as_array().unwrap().iter().map(|node| node[name].clone()).collect()
    };
    let (incident, object) = (&document["incidents"][0], &objects[0]);
    let graph = &object["finding_info"]["attack_graph"];
    assert_eq!(ids(&incident["graph"], "id"), ids(graph, "uid"));
    assert_eq!(object["finding_info"]["uid"], incident["id"]);
    let steps = incident["response"]["steps"].as_array().unwrap().len();
    let told = object["remediation"]["desc"].as_str().unwrap();
    assert!(told.contains(&format!("{steps} steps")), "{told}");
    assert!(told.contains(&format!("rolecall respond {}", incident["id"].as_str().unwrap())));
}

#[test]
fn asff_asks_whose_security_hub_it_is_for() {
    for arguments in [
        vec!["scan", BOB, "--format", "asff"],
        vec!["scan", BOB, "--format", "asff", "--asff-account", "1111"],
        vec![
            "scan",
            BOB,
            "--format",
            "asff",
            "--asff-account",
            "111122223333",
            "--asff-region",
            "x",
        ],
        vec!["scan", BOB, "--format", "ocsf", "--ocsf-version", "1.9.0"],
        vec!["scan", BOB, "--format", "ocsf", "--per", "event"],
        vec!["trace", "pipeline", BOB, "--format", "ocsf"],
    ] {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
    }
    let missing = run(&["scan", BOB, "--format", "asff"]).stderr;
    assert!(missing.contains("--asff-account"), "{missing}");
    let wrong = run(&["scan", BOB, "--format", "asff", "--asff-account", "1111"]).stderr;
    assert!(wrong.contains("an account has 12 digits"), "{wrong}");
}

#[test]
fn the_demo_writes_every_format() {
    let arguments = ["demo", "--format", "ndjson", "--quiet", "--no-open"];
    let ran = run(&arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let lines: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 10 && lines.iter().all(|line| line["incident"]["id"].is_string()));
}
