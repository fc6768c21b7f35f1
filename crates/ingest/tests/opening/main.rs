//! What can lie in a folder, and what a scan makes of it.
#![expect(clippy::unwrap_used, reason = "the helpers of a test fail with it")]

mod files;
mod folders;

use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;

use cloudtrail::Record;
use flate2::Compression;
use flate2::write::GzEncoder;
use ingest::{Coverage, Fold, Limits, Options, Scan, Source};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The names of the events, in an order that does not depend on the workers.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Names(Vec<String>);

impl Fold for Names {
    fn record(&mut self, record: &Record<'_>) -> u64 {
        self.0.push(record.event_name.to_string());
        self.0.sort();
        let mut hasher = DefaultHasher::new();
        record.event_name.hash(&mut hasher);
        hasher.finish()
    }

    fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
        self.0.sort();
    }
}

pub(crate) fn record(name: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"2026-10-18T23:05:00Z","eventName":"{name}","eventSource":"sts.amazonaws.com"}}"#
    )
}

pub(crate) fn document(names: &[&str]) -> Vec<u8> {
    let records: Vec<String> = names.iter().map(|name| record(name)).collect();
    format!(r#"{{"Records":[{}]}}"#, records.join(",")).into_bytes()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

pub(crate) fn scan_with(path: &Path, threads: usize, limits: Limits) -> Scan<Names> {
    let options = Options { threads: NonZeroUsize::new(threads).unwrap(), limits };
    let scan: Scan<Names> = ingest::scan(&[Source::Path(path.into())], &options, &()).unwrap();
    let coverage = &scan.coverage;
    let skipped: u64 = coverage.skipped.iter().map(|skipped| skipped.records).sum();
    assert_eq!(coverage.records, coverage.events_read + skipped);
    assert_eq!(coverage.events_read, scan.fold.0.len() as u64);
    let distinct: HashSet<&String> = scan.fold.0.iter().collect();
    assert_eq!(coverage.events, distinct.len() as u64);
    scan
}

pub(crate) fn scan(path: &Path) -> Scan<Names> {
    scan_with(path, 2, Limits::default())
}

/// Scans one file with these bytes.
pub(crate) fn scan_bytes(bytes: &[u8]) -> Scan<Names> {
    scan(folder(&[("a.json", bytes)]).path())
}

pub(crate) fn reasons(coverage: &Coverage) -> Vec<&str> {
    let reasons = coverage.skipped.iter();
    reasons.map(|skipped| skipped.reason.as_str()).collect()
}

pub(crate) fn set_aside(coverage: &Coverage) -> Vec<&str> {
    let reasons = coverage.set_aside.iter();
    reasons.map(|set_aside| set_aside.reason.as_str()).collect()
}
