//! Every log that the laws are tried on, and the document that they must not change.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use evidence::Evidence;
use evidence::limits::USE_KINDS_MAX;
use report::{Coverage, Per, Scan, ocsf};
use serde_json::Value;
use simulate::{LogFile, Settings};

/// A log as its records.
pub(crate) struct Log {
    pub(crate) name: String,
    pub(crate) records: Vec<String>,
}

/// The logs of every detector.
pub(crate) fn fixtures() -> Vec<Log> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures");
    let mut logs = Vec::new();
    for folder in fs::read_dir(root).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "jsonl") {
                let text = fs::read_to_string(&path).unwrap();
                let records = text.lines().map(str::to_owned).collect();
                logs.push(Log { name: path.display().to_string(), records });
            }
        }
    }
    assert!(logs.len() > 40, "{} fixtures", logs.len());
    logs
}

/// Records of a generated organization besides its attacks, of which one in `BACKGROUND` stays.
const BACKGROUND: usize = 7;

/// The attacks of a generated organization, and part of what happens around them.
pub(crate) fn organization(seed: u64) -> Log {
    let settings = Settings { seed, days: simulate::DAYS_MIN, ..Settings::default() };
    let mut files: Vec<LogFile> = Vec::new();
    let truth = simulate::simulate(&settings, &mut |file| files.push(file));
    let attacks: BTreeSet<&str> =
        truth.attacks.iter().flat_map(|attack| &attack.event_ids).map(String::as_str).collect();
    let mut records = Vec::new();
    for file in files {
        let document: Value = serde_json::from_str(&file.body).unwrap();
        for record in document["Records"].as_array().into_iter().flatten() {
            let id = record["eventID"].as_str().unwrap_or_default();
            if attacks.contains(id) || records.len() % BACKGROUND == 0 || id.starts_with('0') {
                records.push(record.to_string());
            }
        }
    }
    Log { name: format!("organization of seed {seed}"), records }
}

/// The log of a thief who calls with an instance's credential.
fn theft() -> Log {
    let is_theft = |log: &Log| log.name.contains("fires_high_away_from_the_address_that_the_inst");
    fixtures().into_iter().find(is_theft).unwrap()
}

/// A log in which the thief calls so often with another client from another address that not all
/// of them are told apart.
pub(crate) fn restless() -> Log {
    let Log { name, mut records } = theft();
    let call = records.iter().find(|record| record.contains("ListBuckets")).unwrap();
    let mut call: Value = serde_json::from_str(call).unwrap();
    for number in 0..USE_KINDS_MAX + 300 {
        call["eventID"] = format!("{number:08x}-restless").into();
        call["sourceIPAddress"] = format!("203.0.{}.{}", number / 250, number % 250).into();
        call["userAgent"] = format!("client-{number}").into();
        records.push(call.to_string());
    }
    Log { name: format!("many clients after {name}"), records }
}

/// A log of which two kinds of calls, of a thief and of the instance, occur more often than their
/// events are remembered one by one.
pub(crate) fn busy(n_calls: usize) -> Log {
    let Log { name, mut records } = theft();
    for (called, n_calls) in [("ListBuckets", n_calls), ("GetBucketLocation", n_calls / 2)] {
        let call = records.iter().find(|record| record.contains(called)).unwrap();
        let mut call: Value = serde_json::from_str(call).unwrap();
        let minute =
            call["eventTime"].as_str().unwrap().split_at("2026-03-09T08:12".len()).0.to_owned();
        for number in 0..n_calls {
            call["eventID"] = format!("{number:08x}-{minute}").into();
            call["eventTime"] = format!("{minute}:{:02}Z", number % 60).into();
            records.push(call.to_string());
        }
    }
    Log { name: format!("{n_calls} calls after {name}"), records }
}

/// What `records` teach, in their order.
pub(crate) fn folded<'a>(records: impl IntoIterator<Item = &'a String>) -> Evidence {
    counted(records).0
}

/// What `records` teach, and the fingerprints of their events.
pub(crate) fn counted<'a>(
    records: impl IntoIterator<Item = &'a String>,
) -> (Evidence, BTreeSet<u64>) {
    let (mut evidence, mut events) = (Evidence::default(), BTreeSet::new());
    for record in records {
        let outcome = cloudtrail::read(record.as_bytes(), &mut |record| {
            events.insert(evidence.record(record));
        });
        assert_eq!(outcome.records(), 1, "{record}");
    }
    (evidence, events)
}

/// The scan document with a coverage that says nothing, and the counts beside it.
pub(crate) fn document(evidence: &Evidence) -> String {
    let analysis = detect::analyze(evidence, detect::Settings::default());
    let coverage = Coverage {
        files: 0,
        bytes_read: 0,
        records: 0,
        events: 0,
        duplicates: 0,
        skipped: Vec::new(),
        set_aside: Vec::new(),
        notes: Vec::new(),
    };
    let scan = Scan { analysis: &analysis, coverage: &coverage, version: "0" };
    let (events, uses) = (evidence.events(), evidence.uses().count());
    let counts = format!("{events:?}, {uses} kinds of use, {:?}\n", evidence.span());
    let mut document = report::json(&scan) + &counts;
    // Who made the calls that prove a finding stands in this form alone.
    document += &ocsf::document(&scan, Per::Finding, &ocsf::Options::new("0"));
    // What every credential did and where it came from, found or not.
    let keys: BTreeSet<&str> =
        evidence.credentials().map(|(credential, _)| &*credential.access_key_id).collect();
    for key in keys.into_iter().filter(|key| !key.is_empty()).take(12) {
        document += &report::trace_json(&detect::trace(evidence, detect::Settings::default(), key));
    }
    document
}

/// Fails with the first line that differs.
pub(crate) fn assert_same(expected: &str, document: &str, log: &str, law: &str) {
    if expected == document {
        return;
    }
    let mut lines = expected.lines().zip(document.lines()).enumerate();
    let first = lines.find(|(_, (left, right))| left != right);
    panic!("{law} on {log}: first difference at {first:?}");
}
