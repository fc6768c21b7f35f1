//! Exit codes, and where data and talk go.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::running::{BOB, command, fixtures, ran, run};

const QUIET: &str = "role_chaining/quiet_on_one_role.jsonl";

#[test]
fn findings_alone_are_no_failure() {
    assert_eq!(run(&["scan", BOB]).code, 0);
}

#[test]
fn findings_at_or_above_the_limit_are_code_3() {
    for limit in ["informational", "low", "medium", "high", "critical"] {
        assert_eq!(run(&["scan", BOB, "--fail-on", limit]).code, 3, "{limit}");
        assert_eq!(run(&["scan", QUIET, "--fail-on", limit]).code, 0, "{limit}");
    }
    let orange = "role_chaining/fires_orange_on_the_second_role.jsonl";
    assert_eq!(run(&["scan", orange, "--fail-on", "medium"]).code, 3);
    assert_eq!(run(&["scan", orange, "--fail-on", "high"]).code, 0);
}

#[test]
fn what_cannot_be_done_is_code_1_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken.json");
    fs::write(&taken, "mine").unwrap();
    for arguments in [
        vec!["scan", "no-such-folder"],
        vec!["scan", "no-such-*.json"],
        vec!["scan", "s3://"],
        vec!["scan", "cloudtrail://example.com/"],
        vec!["scan", BOB, "s3://example-bucket/AWSLogs"],
        vec!["scan", "s3://example-bucket/AWSLogs", "--fetch-from", "yesterday"],
        vec!["trace", "AKIANOBODYXXXEXAMPLE", BOB],
        vec!["scan", BOB, "-o", taken.to_str().unwrap()],
    ] {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{arguments:?}");
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
    assert_eq!(fs::read_to_string(&taken).unwrap(), "mine");
}

#[test]
fn wrong_usage_is_code_2() {
    for arguments in [
        vec![],
        vec!["scan"],
        vec!["frobnicate"],
        vec!["scan", BOB, "--fail-on", "apocalyptic"],
        vec!["scan", BOB, "--format", "xml"],
        vec!["scan", BOB, "--no-such-option"],
        vec!["scan", BOB, "--threads", "0"],
        vec!["scan", BOB, "--force"],
    ] {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}

#[test]
fn a_truncated_log_is_code_4_and_its_findings_are_told_all_the_same() {
    let log = fs::read(fixtures().join(BOB)).unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&log).unwrap();
    let whole = gzip.finish().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.jsonl.gz");
    let (cut, _) = whole.split_at(whole.len() * 9 / 10);
    fs::write(&path, cut).unwrap();
    let path = path.to_str().unwrap();
    let ran = run(&["scan", path, "--format", "json"]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    let document = ran.json();
    assert!(!document["findings"].as_array().unwrap().is_empty());
    let skipped = &document["coverage"]["skipped"][0];
    assert!(skipped["source"].as_str().unwrap().ends_with("cut.jsonl.gz"), "{skipped}");
    // Findings that somebody waits for outweigh what is missing.
    assert_eq!(run(&["scan", path, "--fail-on", "low"]).code, 3);
    assert_eq!(run(&["trace", "pipeline", path]).code, 4);
}

#[test]
fn a_record_that_is_not_understood_is_code_4_and_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mixed.jsonl");
    let log = fs::read_to_string(fixtures().join(BOB)).unwrap();
    fs::write(&path, format!("{{\"eventName\":\n{log}")).unwrap();
    let ran = run(&["scan", path.to_str().unwrap(), "--format", "json"]);
    assert_eq!(ran.code, 4);
    assert_eq!(ran.json()["coverage"]["skipped"][0]["records"], 1);
}

#[cfg(unix)]
#[test]
fn pipes_and_links_stay_what_they_are() {
    use std::os::unix::fs::FileTypeExt as _;

    let folder = tempfile::tempdir().unwrap();
    let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
    let behind = folder.path().join("behind.json");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let at = pipe.clone();
    let reader = std::thread::spawn(move || std::fs::read_to_string(at).unwrap());
    let to = |path: &std::path::Path| {
        let path = path.to_str().unwrap();
        run(&["scan", BOB, "--format", "json", "--force", "-o", path]).code
    };
    assert_eq!(to(&pipe), 0);
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(reader.join().unwrap().starts_with('{'));
    std::fs::write(&behind, "").unwrap();
    std::os::unix::fs::symlink(&behind, &link).unwrap();
    assert_eq!(to(&link), 0);
    assert!(link.is_symlink());
    assert!(std::fs::read_to_string(&behind).unwrap().starts_with('{'));
}

#[test]
fn output_files_are_replaced_only_by_force() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/report.json");
    let name = path.to_str().unwrap();
    let first = run(&["scan", BOB, "--format", "json", "-o", name]);
    assert_eq!((first.code, first.stdout.as_str()), (0, ""));
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(written, run(&["scan", BOB, "--format", "json"]).stdout);
    let again = run(&["scan", QUIET, "--format", "json", "-o", name]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), written);
    let forced = run(&["scan", QUIET, "--format", "json", "-o", name, "--force"]);
    assert_eq!(forced.code, 0);
    assert_ne!(fs::read_to_string(&path).unwrap(), written);
}

#[test]
fn whoever_stops_reading_is_not_told_off() {
    let mut command = command(&["scan", BOB, "--format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn color_is_for_terminals_unless_it_is_asked_for() {
    let is_painted = |text: &str| text.contains('\u{1b}');
    assert!(!is_painted(&run(&["scan", BOB]).stdout));
    assert!(!is_painted(&run(&["scan", BOB, "--color", "auto"]).stdout));
    assert!(!is_painted(&run(&["scan", BOB, "--color", "never"]).stdout));
    assert!(is_painted(&run(&["scan", BOB, "--color", "always"]).stdout));
    let mut refused = command(&["scan", BOB]);
    assert!(!is_painted(&ran(refused.env("NO_COLOR", "1")).stdout));
}

#[test]
fn data_goes_to_standard_output_and_nothing_else_does() {
    let ran = run(&["scan", BOB, "--format", "json"]);
    assert!(ran.stdout.starts_with("{\n") && ran.stdout.ends_with("}\n"));
    assert_eq!(ran.stderr, "");
    let html = run(&["scan", BOB, "--format", "html"]).stdout;
    assert!(html.starts_with("<!") && html.contains("</html>"));
}

#[test]
fn a_window_chooses_findings_and_not_events() {
    let last = run(&["scan", BOB, "--format", "json", "--since", "1h"]).json();
    assert_eq!(last["findings"], run(&["scan", BOB, "--format", "json"]).json()["findings"]);
    let before = run(&["scan", BOB, "--format", "json", "--to", "2026-03-08"]).json();
    assert_eq!(before["findings"].as_array().unwrap().len(), 0);
    assert_eq!(before["incidents"].as_array().unwrap().len(), 0);
}
