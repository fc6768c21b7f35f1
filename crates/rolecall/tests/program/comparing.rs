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
