//! A finding that grows keeps its id, and nothing that was found goes away by later events.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::logs::{Log, fixtures, folded};

/// Ids of the findings and incidents in `records`.
fn ids(records: &[String]) -> BTreeSet<String> {
    let evidence = folded(records);
    let analysis = detect::analyze(&evidence, detect::Settings::default());
    let findings = analysis.findings.iter().map(|finding| finding.id.clone());
    findings.chain(analysis.incidents.iter().map(|incident| incident.id.clone())).collect()
}

/// The records of `log` in the order of their events.
fn in_order(log: &Log) -> Vec<String> {
    let time = |record: &String| {
        let record: Value = serde_json::from_str(record).unwrap();
        record["eventTime"].as_str().unwrap().to_owned()
    };
    let mut records = log.records.clone();
    records.sort_by_cached_key(time);
    records
}

#[test]
fn what_was_found_stays_found_under_its_id() {
    for log in fixtures() {
        let records = in_order(&log);
        let finally = ids(&records);
        for end in 1..records.len() {
            let (begin, _) = records.split_at(end);
            let gone: Vec<String> = ids(begin).difference(&finally).cloned().collect();
            assert_eq!(gone, [""; 0], "{} after {end} of {} records", log.name, records.len());
        }
    }
}
