//! `verify` on copies that were made to deceive, to exhaust or to stop it.

use std::fs;

use serde_json::{Value, json};

use crate::copies::{Copy, faults, four_hours};
use crate::trail::{BUCKET, Made, Objects, Trail, hash};

/// A digest of hour 5 that names the log file `key`.
fn naming(key: &str) -> (Objects, Trail, Vec<Value>) {
    let (objects, trail) = four_hours();
    let named = vec![json!({"s3Bucket": BUCKET, "s3Object": key, "hashValue": hash(b"x"),
        "hashAlgorithm": "SHA-256"})];
    (objects, trail, named)
}

#[test]
fn names_in_digests_open_no_other_file() {
    for key in ["../../../../etc/passwd", "/etc/passwd", "keys.json", "../keys.json", "", "."] {
        let (mut objects, mut trail, named) = naming(key);
        trail.digest(&mut objects, 5, &named);
        let document = Copy::with_metadata(&objects).json(&[]);
        assert_eq!(document["log_files"][0]["reason"], "not_found", "{key}");
        assert_eq!(document["counts"]["digests_valid"], 5);
    }
}

#[test]
fn hostile_names_are_shown_and_not_obeyed() {
    let (mut objects, mut trail, named) = naming("\u{1b}]52;c;x\u{7}\u{202e}/\u{1b}[2J.json.gz");
    trail.digest(&mut objects, 5, &named);
    let copy = Copy::with_metadata(&objects);
    let folder = "a\u{1b}[31mb\u{202e}";
    copy.rename(
        &trail.log_key(1, 0),
        &format!("{folder}/{}", { trail.log_key(1, 0).rsplit_once('/').unwrap().1.to_owned() }),
    );
    for format in ["table", "json"] {
        let ran = copy.verify(&["--format", format]);
        assert_eq!(ran.code, 3);
        let unseen = |c: char| matches!(c, '\u{1b}' | '\u{7}' | '\u{202e}');
        assert!(!ran.stdout.contains(unseen), "{}", ran.stdout);
    }
    let text = copy.verify(&[]).stdout;
    assert!(text.contains(r"\u{1b}[31mb\u{202e}") && text.contains(r"\u{1b}[2J"), "{text}");
}

#[test]
fn a_digest_that_is_too_large_is_named_and_not_read() {
    let (mut objects, trail) = four_hours();
    let huge = vec![b' '; integrity::limits::DIGEST_BYTES_MAX + 1];
    objects.insert(trail.digest_key(6), Made { content: huge, metadata: None });
    let copy = Copy::with_metadata(&objects);
    let ran = copy.verify(&["--format", "json"]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    let digest = &ran.json()["chains"][0]["digests"][0];
    assert_eq!(
        (&digest["reason"], &digest["text"]),
        (&json!("unread"), &json!("longer than 64 MiB"))
    );
    assert_eq!(ran.json()["counts"]["digests_valid"], 4);
}

#[cfg(unix)]
#[test]
fn links_that_turn_in_circles_and_pipes_do_not_stop_it() {
    let (objects, trail) = four_hours();
    let copy = Copy::with_metadata(&objects);
    std::os::unix::fs::symlink(copy.root(), copy.path("AWSLogs/loop")).unwrap();
    let pipes = [trail.log_key(3, 9), format!("{}.metadata.json", trail.digest_key(4))];
    for pipe in &pipes {
        let _ = fs::remove_file(copy.path(pipe));
        let made = std::process::Command::new("mkfifo").arg(copy.path(pipe)).status().unwrap();
        assert!(made.success());
    }
    let ran = copy.verify(&["--format", "json"]);
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    assert_eq!(ran.json()["unlisted"].as_array().unwrap().len(), 2);
    assert_eq!(faults(&ran.json()), []);
}
