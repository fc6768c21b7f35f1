//! Whole runs over a bucket, beside runs over a folder with the same files.
//!
//! Skipped unless the address of an endpoint that speaks AWS's protocols is in
//! `ROLECALL_TEST_ENDPOINT`: `cargo xtask ci --only aws` starts it and runs these tests.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the helpers of a test fail with it, and say why one is skipped"
)]

#[cfg(test)]
mod doctor;
#[cfg(test)]
mod proxy;
#[cfg(test)]
#[expect(dead_code, reason = "the tests of the chain itself need more of it")]
#[path = "../../../integrity/tests/chain/trail.rs"]
mod trail;
#[cfg(test)]
mod verifying;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What a run came to.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn endpoint() -> Option<String> {
    let Ok(url) = env::var("ROLECALL_TEST_ENDPOINT") else {
        println!("skipped: ROLECALL_TEST_ENDPOINT is not set");
        return None;
    };
    println!("against {url}");
    Some(url)
}

/// Runs the program, which finds the endpoint in the environment.
fn run(arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    // Nothing that lies in the cache of this machine may be read.
    command.env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-cache"));
    let output = command.args(arguments).output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn scan(source: &str) -> Ran {
    run(&["scan", source, "--format", "json"])
}

/// Makes a bucket that holds `folder`, and returns the folder's address.
fn bucket_of(url: &str, name: &str, folder: &Path) -> String {
    ureq::put(format!("{url}/{name}")).send_empty().unwrap();
    let root = folder.file_name().unwrap().to_str().unwrap();
    for path in files(folder) {
        let key = path.strip_prefix(folder).unwrap().to_str().unwrap();
        let put = ureq::put(format!("{url}/{name}/{root}/{key}"));
        put.send(fs::read(&path).unwrap().as_slice()).unwrap();
    }
    format!("s3://{name}/{root}")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    files.collect()
}

/// A day of an invented organization under a trail's folders, with damages among its files.
fn trail(folder: &Path) -> PathBuf {
    let (generated, trail) = (folder.join("generated"), folder.join("AWSLogs"));
    let ran = run(&["simulate", generated.to_str().unwrap(), "--days", "3", "--seed", "7"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let root = generated.join("AWSLogs");
    let is_of_day = |path: &PathBuf| path.to_str().unwrap().contains("/2026/10/18/");
    for path in files(&root).into_iter().filter(is_of_day) {
        copy(&path, &trail.join(path.strip_prefix(&root).unwrap()));
    }
    let account = trail.join("111122223333");
    let day = account.join("CloudTrail/eu-central-1/2026/10/18");
    fs::create_dir_all(&day).unwrap();
    fs::write(day.join("damaged.json.gz"), b"\x1f\x8b\x08damaged").unwrap();
    fs::write(day.join("cut.json"), r#"{"Records":[{"eventTime":"2026-1"#).unwrap();
    fs::write(day.join("notes.txt"), "no log").unwrap();
    let digests = account.join("CloudTrail-Digest/eu-central-1/2026/10/18");
    fs::create_dir_all(&digests).unwrap();
    fs::write(digests.join("digest.json.gz"), "no log").unwrap();
    trail
}

/// The logs of a detector, with files among them that are none.
fn fixtures(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures/role_chaining");
    let fixtures = folder.join("fixtures");
    for path in files(&source) {
        copy(&path, &fixtures.join(path.file_name().unwrap()));
    }
    copy(&source.join("provenance.toml"), &fixtures.join(".hidden/a.json"));
    fixtures
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
}

/// The first line that differs.
fn difference(left: &str, right: &str) -> String {
    let lines = left.lines().zip(right.lines());
    lines.filter(|(left, right)| left != right).map(|it| format!("{it:?}")).take(3).collect()
}

#[test]
fn a_bucket_gives_what_a_folder_gives() {
    let Some(url) = endpoint() else { return };
    let folder = tempfile::tempdir().unwrap();
    let parts = [("scan-trail", trail(folder.path())), ("scan-flat", fixtures(folder.path()))];
    for (name, part) in parts {
        let address = bucket_of(&url, name, &part);
        let (remote, local) = (scan(&address), scan(part.to_str().unwrap()));
        assert_eq!(remote.code, local.code, "{}", remote.stderr);
        let named = local.stdout.replace(part.to_str().unwrap(), &address);
        assert!(remote.stdout == named, "{name}: {}", difference(&remote.stdout, &named));
        let document: Value = serde_json::from_str(&remote.stdout).unwrap();
        assert_ne!(document["incidents"].as_array().unwrap().len(), 0, "{name}");
    }
}

#[test]
fn what_could_not_be_fetched_is_named_and_the_code_says_so() {
    let Some(url) = endpoint() else { return };
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures");
    let log = "role_chaining/fires_leaked_key_to_the_user_bob.jsonl";
    copy(&source.join(log), &logs.join("a.jsonl"));
    copy(&source.join(log), &logs.join("denied-b.jsonl"));
    let ran = scan(&bucket_of(&url, "scan-denied", &logs));
    assert_eq!(ran.code, Some(4), "{}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let skipped = &document["coverage"]["skipped"];
    assert_eq!(skipped[0]["source"], "s3://scan-denied/logs/denied-b.jsonl");
    let reason = skipped[0]["reason"].as_str().unwrap();
    assert!(reason.contains("`s3:GetObject` on `arn:aws:s3:::scan-denied/*`"), "{reason}");
}

#[test]
fn event_history_is_scanned_between_two_times() {
    if endpoint().is_none() {
        return;
    }
    let arguments = ["scan", "cloudtrail://eu-central-1,eu-west-1", "--format", "json"];
    let bounds = ["--fetch-from", "2026-10-18T00:10:00Z", "--fetch-to", "2026-10-18T00:19:00Z"];
    let ran = run(&[&arguments[..], &bounds[..]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    // Each Region has ten events of its own in that time.
    assert_eq!(document["coverage"]["records"], 20);
    assert_eq!(document["coverage"]["events"], 20);
}

#[test]
fn a_bucket_that_is_not_there_is_an_error() {
    if endpoint().is_none() {
        return;
    }
    let ran = scan("s3://no-such-bucket/logs");
    assert_eq!(ran.code, Some(1));
    let begin = "error: cannot find `s3://no-such-bucket`: does not exist (";
    assert!(ran.stderr.starts_with(begin), "{}", ran.stderr);
}
