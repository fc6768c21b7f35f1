//! Logs that nobody on this project wrote, when `ROLECALL_REAL_LOGS` names their folder.
#![expect(clippy::print_stdout, reason = "a test that did not run says so")]
#![expect(clippy::unwrap_used, reason = "the helpers of a test fail with it")]

use std::path::PathBuf;

use ingest::{Coverage, Options, Source};

/// What is in `part` of the folder, or nothing when there is no folder.
fn coverage(part: &str) -> Option<Coverage> {
    let Some(folder) = std::env::var_os("ROLECALL_REAL_LOGS") else {
        println!("skipped: ROLECALL_REAL_LOGS is not set");
        return None;
    };
    let source = Source::Path(PathBuf::from(folder).join(part));
    let coverage = ingest::read_only(&[source], &Options::default()).unwrap();
    let skipped: u64 = coverage.skipped.iter().map(|skipped| skipped.records).sum();
    assert_eq!(coverage.records, coverage.events_read + skipped);
    Some(coverage)
}

#[test]
fn a_real_trail_is_read_whole() {
    for (part, files, records) in [
        ("invictus_aws", 55, 2_900),
        ("stratus_detonation", 35, 310),
        ("organization_layout", 5, 185),
        ("shapes", 6, 324),
    ] {
        let Some(coverage) = coverage(part) else {
            return;
        };
        assert_eq!((coverage.files, coverage.events_read), (files, records));
        assert_eq!(coverage.skipped, [], "{part}");
        assert_eq!(coverage.notes, [], "{part}");
    }
}

#[test]
fn a_collectors_time_is_noted() {
    let Some(coverage) = coverage("otrf_ec2_proxy_s3") else {
        return;
    };
    assert_eq!(coverage.events_read, 103);
    assert!(!coverage.is_partial());
    let [note] = coverage.notes.as_slice() else {
        panic!("{:?}", coverage.notes);
    };
    assert!(note.source.contains(".zip!") && note.text.contains("@timestamp"));
    assert_eq!(note.records, 103);
}

#[test]
fn records_without_a_time_are_counted() {
    let Some(coverage) = coverage("panther_analysis") else {
        return;
    };
    // Thirteen lack `eventTime`; two hold `redacted` and `...`.
    assert_eq!((coverage.records, coverage.events_read), (454, 439));
    assert!(coverage.is_partial());
}

#[test]
fn a_broken_array_gives_up_all_its_records() {
    let Some(coverage) = coverage("opensearch_catalog") else {
        return;
    };
    // 1 and 50 in whole files, 840 in an array in which one wrapper is broken around its record.
    assert_eq!((coverage.records, coverage.events_read), (892, 891));
    assert!(coverage.is_partial());
}
