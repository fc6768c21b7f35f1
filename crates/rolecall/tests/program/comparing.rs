//! `compare`: two scan documents, and what changed between them.

use std::fs;
use std::path::Path;

use crate::running::{BOB, fixtures, run};

const STOLEN: &str = "instance_credential_exfiltration/\
                      fires_high_away_from_the_address_that_the_instance_has.jsonl";

/// Scans the first `lines` lines of `log` into a document of `folder`.
fn document(folder: &Path, log: &str, lines: usize) -> String {
    let text = fs::read_to_string(fixtures().join(log)).unwrap();
    let part: Vec<&str> = text.lines().take(lines).collect();
    let path = folder.join(format!("{lines}.jsonl"));
    fs::write(&path, part.join("\n")).unwrap();
    let out = folder.join(format!("{lines}.json"));
    let name = out.to_str().unwrap();
    let arguments = ["scan", path.to_str().unwrap(), "--format", "json", "--force", "-o", name];
    assert_eq!(run(&arguments).code, 0);
    name.to_owned()
}

#[test]
fn what_is_new_or_rose_is_told_and_can_fail() {
    let folder = tempfile::tempdir().unwrap();
    let whole = document(folder.path(), BOB, usize::MAX);
    let nothing = document(folder.path(), BOB, 1);
    let ran = run(&["compare", &nothing, &whole, "--fail-on", "critical"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stdout.contains("New (") && ran.stdout.contains("chain_to_persistence"));
    let json = run(&["compare", &nothing, &whole, "--format", "json"]);
    let document = json.json();
    assert_eq!((json.code, &document["schema"]), (0, &"rolecall.comparison/1".into()));
    assert!(!document["new"].as_array().unwrap().is_empty());
    assert_eq!(document["after"]["findings"], document["new"].as_array().unwrap().len());
    let same = run(&["compare", &whole, &whole, "--fail-on", "informational"]);
    assert_eq!(same.code, 0);
    assert!(same.stdout.contains("unchanged") && !same.stdout.contains("New"));
}

#[test]
fn what_was_withdrawn_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, less) =
        (document(folder.path(), STOLEN, usize::MAX), document(folder.path(), STOLEN, 2));
    let ran = run(&["compare", &whole, &less, "--fail-on", "low"]);
    assert_eq!(ran.code, 0, "withdrawn findings fail nothing");
    assert!(ran.stdout.contains("Withdrawn (1)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("the later document has"), "{}", ran.stdout);
}

#[test]
fn a_theft_that_a_way_out_explains_is_withdrawn_with_that_reason() {
    let folder = tempfile::tempdir().unwrap();
    let name = |of: &str| folder.path().join(of).to_str().unwrap().to_owned();
    let (before, after) = (name("before.json"), name("after.json"));
    let scan = |more: &[&str]| run(&[&["scan", STOLEN, "--format", "json"], more].concat()).code;
    assert_eq!(scan(&["-o", &before]), 0);
    assert_eq!(scan(&["-o", &after, "--egress", "192.0.2.0/24=vpn"]), 0);
    let ran = run(&["compare", &before, &after, "--format", "json"]);
    let withdrawn = &ran.json()["withdrawn"];
    assert_eq!(withdrawn.as_array().unwrap().len(), 1, "{withdrawn}");
    let because = withdrawn[0]["because"][0].as_str().unwrap();
    assert!(because.contains("own way out by 192.0.2.0/24 (vpn)"), "{because}");
}

#[test]
fn what_is_no_scan_document_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let whole = document(folder.path(), BOB, usize::MAX);
    let log = fixtures().join(BOB);
    for other in [log.to_str().unwrap(), "no-such-file"] {
        for pair in [[&*whole, other], [other, &*whole]] {
            let ran = run(&["compare", pair[0], pair[1]]);
            assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
            assert!(ran.stderr.contains(other), "{}", ran.stderr);
        }
    }
}
