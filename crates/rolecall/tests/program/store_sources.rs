//! A store in the place of the logs that it has read: nothing that is printed differs.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use crate::running::{BOB, Ran, command, fixtures, ran, run};
use crate::stores;

/// A store of the logs at `source` below the fixtures, and its name.
fn stored(source: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    drop(stores::add(&store, &fixtures(), source));
    let name = store.to_str().unwrap().to_owned();
    (folder, name)
}

fn same(of_logs: &Ran, of_store: &Ran, what: &str) {
    assert_eq!(of_store.code, of_logs.code, "{what}: {}", of_store.stderr);
    let mut lines = of_logs.stdout.lines().zip(of_store.stdout.lines());
    let differing = lines.find(|(log, store)| log != store);
    assert!(of_logs.stdout == of_store.stdout, "{what}: {differing:?}");
}

#[test]
fn a_scan_of_a_store_is_the_scan_of_its_logs() {
    for source in ["role_chaining", "chain_to_persistence", "instance_credential_exfiltration", BOB]
    {
        let (_folder, store) = stored(source);
        for format in ["json", "html", "table"] {
            let logs = run(&["scan", source, "--format", format]);
            assert!(logs.stdout.len() > 1_000);
            same(&logs, &run(&["scan", &store, "--format", format]), source);
        }
    }
}

/// Logs of every kind: whole, damaged, set aside, twice, compressed.
fn mixed(root: &Path) {
    let log = fs::read_to_string(fixtures().join(BOB)).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    let (first, rest) = lines.split_at(lines.len() / 2);
    let gzip = |text: &str| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap()
    };
    let whole = gzip(&rest.join("\n"));
    let cut = whole[..whole.len() * 9 / 10].to_vec();
    let files = [
        ("logs/a.jsonl", first.join("\n").into_bytes()),
        ("logs/again/a.jsonl", first[3..].join("\n").into_bytes()),
        ("logs/b.json.gz", whole.clone()),
        ("logs/broken/cut.json.gz", cut),
        ("logs/broken/mixed.jsonl", format!("{{\"eventName\":\n{}", lines[0]).into_bytes()),
        ("logs/CloudTrail-Digest/a.json", b"{}".to_vec()),
        ("logs/README.md", b"read me".to_vec()),
        ("logs/.hidden/a.json", b"{}".to_vec()),
    ];
    for (path, bytes) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn what_could_not_be_read_is_told_of_a_store_as_of_its_logs() {
    let folder = tempfile::tempdir().unwrap();
    mixed(folder.path());
    drop(stores::add(&folder.path().join("store"), folder.path(), "logs"));
    let scan = |source: &str| {
        let arguments = ["scan", source, "--format", "json"];
        ran(command(&arguments).current_dir(folder.path()))
    };
    let (logs, store) = (scan("logs"), scan("store"));
    assert_eq!(logs.code, 4);
    let coverage = &logs.json()["coverage"];
    assert!(coverage["duplicates"].as_u64().unwrap() > 10, "{coverage}");
    assert_eq!(coverage["skipped"].as_array().unwrap().len(), 3, "{coverage}");
    assert_eq!(coverage["set_aside"].as_array().unwrap().len(), 3, "{coverage}");
    same(&logs, &store, "mixed");
}

#[test]
fn an_organization_in_a_store_is_the_organization_in_its_logs() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    let made = run(&["simulate", logs.to_str().unwrap(), "--days", "3", "--seed", "3"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    drop(stores::add(&folder.path().join("store"), folder.path(), "logs"));
    let scan = |source: &str| {
        ran(command(&["scan", source, "--format", "json"]).current_dir(folder.path()))
    };
    let (logs, store) = (scan("logs"), scan("store"));
    assert!(logs.json()["incidents"].as_array().unwrap().len() > 3);
    let [logs, kept] = [&logs, &store].map(|ran| {
        let mut document = ran.json();
        let coverage = document["coverage"].as_object_mut().unwrap();
        // What repeats is counted exactly by a scan, and known to a store as far as evidence is.
        let counts = ["events", "duplicates"].map(|name| coverage.remove(name).unwrap().as_u64());
        let counts = counts.map(Option::unwrap);
        let notes = coverage.remove("notes").unwrap();
        (document, counts, notes.to_string().contains("are estimates"))
    });
    assert!(logs.0 == kept.0, "the documents differ");
    let ([exact, _], [about, _]) = (logs.1, kept.1);
    assert!(kept.2 || about == exact, "{about} of {exact} events");
    assert!(about.abs_diff(exact) * 20 < exact, "{about} of {exact} events");
    assert_eq!(kept.1[0] + kept.1[1], logs.1[0] + logs.1[1]);
}

#[test]
fn a_store_and_logs_are_one_input() {
    let (_folder, store) = stored("role_juggling");
    let whole = run(&["scan", "role_juggling", BOB, "--format", "json"]);
    for sources in [[&*store, BOB], [BOB, &*store]] {
        same(&whole, &run(&["scan", sources[0], sources[1], "--format", "json"]), "mixed");
    }
    // The same records twice are repetitions, and find nothing more.
    let twice = run(&["scan", "role_juggling", &store, "--format", "json"]).json();
    let once = run(&["scan", "role_juggling", "--format", "json"]).json();
    assert_eq!(twice["findings"], once["findings"]);
    assert_eq!(twice["coverage"]["duplicates"], once["coverage"]["records"]);
    let (_other, more) = stored(BOB);
    let stores = run(&["scan", &store, &more, "--format", "json"]);
    same(&whole, &stores, "two stores");
}

#[test]
fn a_store_is_traced_and_responded_to_as_its_logs_are() {
    let (_folder, store) = stored(BOB);
    let key = "AKIAPUBLISHEREXAMPLE";
    for arguments in [
        ["trace", key, "--format", "json"],
        ["trace", "prod-admin", "--format", "table"],
        ["respond", key, "--format", "json"],
        ["respond", key, "--format", "sh"],
    ] {
        let of = |source: &str| {
            let [name, subject, ..] = arguments;
            run(&[&[name, subject, source], &arguments[2..]].concat())
        };
        let logs = of(BOB);
        assert_eq!(logs.code, 0, "{}", logs.stderr);
        same(&logs, &of(&store), &arguments.join(" "));
    }
}

/// SQLite takes a relative name that begins so for an address with parameters.
#[test]
fn a_store_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let name = "file:store?mode=memory";
    drop(stores::add(&folder.path().join(name), &fixtures(), BOB));
    let scan = ran(command(&["scan", name, "--format", "json"]).current_dir(folder.path()));
    same(&run(&["scan", BOB, "--format", "json"]), &scan, name);
    let shown = ran(command(&["store", "check", name]).current_dir(folder.path()));
    assert_eq!(shown.code, 0, "{}", shown.stderr);
}

#[test]
fn a_store_that_is_damaged_or_of_a_later_version_is_a_failure_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    fs::create_dir(&store).unwrap();
    fs::write(store.join("rolecall.sqlite"), "this is no database\n".repeat(500)).unwrap();
    let name = store.to_str().unwrap();
    let scan = run(&["scan", name]);
    assert_eq!((scan.code, scan.stdout.as_str()), (1, ""));
    assert!(scan.stderr.contains("damaged"), "{}", scan.stderr);
}
