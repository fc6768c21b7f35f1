//! Folders, globs and several sources.

use std::fs;

use ingest::Error;
use ingest::Limits;
use ingest::Options;
use ingest::Source;

use crate::{Names, document, folder, gzip, reasons, record, scan, scan_with, set_aside};

#[test]
fn folders_without_records_of_calls_are_not_entered() {
    let folder = folder(&[
        ("AWSLogs/1/CloudTrail/a.json", &document(&["A"])),
        ("AWSLogs/1/CloudTrail-NetworkActivity/b.json", &document(&["B"])),
        ("AWSLogs/1/CloudTrail-Digest/c.json", &document(&["C"])),
        ("AWSLogs/1/CloudTrail-Insight/d.json", &document(&["D"])),
        (".git/e.json", &document(&["E"])),
        ("README.md", b"text"),
        ("truth.json", b"{}"),
    ]);
    let scan = scan(folder.path());
    assert_eq!(scan.fold.0, ["A", "B"]);
    assert_eq!(scan.coverage.set_aside.len(), 5);
    assert!(!scan.coverage.is_partial());
}

#[test]
fn a_file_that_is_named_is_read_whatever_its_name() {
    let folder = folder(&[("README", &document(&["A"]))]);
    assert_eq!(scan(&folder.path().join("README")).fold.0, ["A"]);
}

#[test]
fn a_source_named_twice_is_read_once() {
    let folder = folder(&[("a.json", &document(&["A"]))]);
    let sources = [Source::Path(folder.path().into()), Source::Path(folder.path().join("a.json"))];
    let coverage = ingest::read_only(&sources, &Options::default()).unwrap();
    assert_eq!((coverage.files, coverage.events_read), (1, 1));
}

#[test]
fn a_glob_takes_files_and_folders() {
    let folder = folder(&[
        ("2025/a.json", &document(&["A"])),
        ("2026/x/b.json", &document(&["B"])),
        ("2026/c.txt", &document(&["C"])),
        ("other/d.json", &document(&["D"])),
    ]);
    let names = |pattern: &str| {
        let pattern = folder.path().join(pattern).display().to_string();
        let source = Source::parse(&pattern).unwrap();
        ingest::scan::<Names>(&[source], &Options::default(), &()).map(|scan| scan.fold.0)
    };
    assert_eq!(names("202*").unwrap(), ["A", "B"]);
    assert_eq!(names("*/*.json").unwrap(), ["A", "D"]);
    assert_eq!(names("**/*.json").unwrap(), ["A", "B", "D"]);
    assert_eq!(names("2026/*.txt").unwrap(), ["C"]);
    assert!(matches!(names("*.gz"), Err(Error::GlobMatchesNothing { .. })));
    assert!(matches!(names("nowhere/*"), Err(Error::GlobMatchesNothing { .. })));
    assert!(matches!(names("a[.json"), Err(Error::GlobInvalid { .. })));
}

#[test]
fn a_source_that_does_not_exist_stops_the_scan() {
    let folder = folder(&[]);
    let source = Source::Path(folder.path().join("absent"));
    let error = ingest::read_only(&[source], &Options::default()).unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_opened_is_one_entry_each() {
    let folder = folder(&[("a/a.json", &document(&["A"]))]);
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
    };
    link("absent.json", "dangling.json");
    link("..", "a/loop");
    link("a/a.json", "linked.json");
    let socket = folder.path().join("socket.json");
    let _listener = std::os::unix::net::UnixListener::bind(socket).unwrap();
    let scan = scan(folder.path());
    assert_eq!(scan.fold.0, ["A", "A"]);
    assert_eq!(set_aside(&scan.coverage), ["link to a folder that holds it"]);
    assert_eq!(
        reasons(&scan.coverage),
        ["cannot be read: entity not found", "neither a file nor a folder"]
    );
    assert!(scan.coverage.is_partial());
}

#[test]
fn threads_and_the_order_of_sources_change_nothing() {
    let folder = folder(&[]);
    for index in 0..60 {
        let name = format!("N{index}");
        let path = folder.path().join(format!("{index}.json.gz"));
        let mut bytes = gzip(&document(&[&name, "Same"]));
        if index % 7 == 0 {
            bytes.truncate(bytes.len() - 4);
        }
        fs::write(path, bytes).unwrap();
        fs::write(folder.path().join(format!("{index}.txt")), "").unwrap();
    }
    let expected = scan_with(folder.path(), 1, Limits::default());
    assert_eq!(expected.coverage.events_read, 120);
    for threads in [2, 3, 8] {
        assert_eq!(scan_with(folder.path(), threads, Limits::default()), expected);
        // Nearly every event passes through the temporary file.
        let limits = Limits { fingerprints_held_max: 10, ..Limits::default() };
        assert_eq!(scan_with(folder.path(), threads, limits), expected);
    }
    let mut files: Vec<Source> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| Source::Path(entry.unwrap().path()))
        .filter(|source| matches!(source, Source::Path(path) if path.extension().unwrap() == "gz"))
        .collect();
    files.sort();
    files.reverse();
    let reversed = ingest::scan::<Names>(&files, &Options::default(), &()).unwrap();
    assert_eq!(reversed.fold, expected.fold);
    assert_eq!(reversed.coverage.skipped, expected.coverage.skipped);
}

#[test]
fn a_long_file_of_one_record_a_line_is_the_same_in_pieces() {
    let mut lines = String::new();
    for index in 0..300 {
        lines += &record(&format!("N{}", "x".repeat(index % 40)));
        lines += if index % 3 == 0 { "\r\n" } else { "\n" };
        if index % 50 == 7 {
            lines += "broken\n";
        }
    }
    let folder = folder(&[("a.ndjson", lines.as_bytes())]);
    let whole = scan(folder.path());
    assert_eq!(whole.fold.0.len(), 300);
    for piece_bytes in [100, 1_000, 7_777] {
        for threads in [1, 2] {
            let limits = Limits { piece_bytes, ..Limits::default() };
            assert_eq!(scan_with(folder.path(), threads, limits), whole);
        }
    }
}

#[test]
fn many_entries_of_one_reason_are_cut_and_counted() {
    let folder = folder(&[]);
    for index in 0..1_100 {
        fs::write(folder.path().join(format!("{index:04}.txt")), "").unwrap();
    }
    fs::write(folder.path().join(".hidden"), "").unwrap();
    let set_aside = scan(folder.path()).coverage.set_aside;
    assert_eq!(set_aside.len(), 1_000 + 1 + 1);
    assert_eq!(set_aside.last().unwrap().source, "100 more");
}

#[test]
fn decompressing_alone_reads_the_same_bytes() {
    let folder = folder(&[("a.json.gz", &gzip(&document(&["A"]))), ("b.json", b"x")]);
    let sources = [Source::Path(folder.path().into())];
    let decompressed = ingest::decompress_only(&sources, &Options::default()).unwrap();
    let read = ingest::read_only(&sources, &Options::default()).unwrap();
    assert_eq!(decompressed.bytes_read, read.bytes_read);
    assert_eq!((decompressed.records, read.records), (0, 2));
}
