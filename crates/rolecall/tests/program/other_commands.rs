//! `explain`, `simulate` and `demo`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::running::run;

#[test]
fn every_detector_explains_itself() {
    let ids = run(&["explain", "--format", "ids"]);
    assert_eq!(ids.code, 0);
    let ids: Vec<&str> = ids.stdout.lines().collect();
    for wanted in ["chain_to_persistence", "role_chaining", "role_juggling"] {
        assert!(ids.contains(&wanted), "{wanted}");
    }
    for id in ids {
        for format in ["text", "markdown"] {
            let page = run(&["explain", id, "--format", format]);
            assert_eq!(page.code, 0);
            for part in [id, "Blind spots", "Innocent causes", "https://"] {
                assert!(page.stdout.contains(part), "{id} says no {part}");
            }
        }
    }
}

#[test]
fn an_unknown_detector_is_a_failure_that_lists_the_known_ones() {
    let ran = run(&["explain", "no_such_detector"]);
    assert_ne!(ran.code, 0);
    assert!(ran.stderr.contains("role_chaining"), "{}", ran.stderr);
}

/// Every file below `folder` with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let inside = files(&path).into_iter();
            found.extend(inside.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn a_simulation_gives_the_same_bytes_again_and_other_bytes_from_another_seed() {
    let folder = tempfile::tempdir().unwrap();
    let made = |name: &str, seed: &str| {
        let out = folder.path().join(name);
        let ran = run(&["simulate", out.to_str().unwrap(), "--days", "3", "--seed", seed]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
        files(&out)
    };
    let (one, again, other) = (made("one", "1"), made("again", "1"), made("other", "2"));
    assert!(one.contains_key("truth.json") && one.len() > 100);
    assert!(one == again);
    assert!(one != other);
}

#[test]
fn a_simulation_does_not_write_into_a_folder_that_holds_something() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "mine").unwrap();
    let ran = run(&["simulate", folder.path().to_str().unwrap(), "--days", "3"]);
    assert_eq!(ran.code, 1);
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn the_demo_writes_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let name = path.to_str().unwrap();
    let ran = run(&["demo", "--no-open", "--format", "html", "-o", name]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let html = fs::read_to_string(&path).unwrap();
    assert!(html.contains("Bob") && html.trim_end().ends_with("</html>"));
    assert_eq!(files(folder.path()).len(), 1);
}
