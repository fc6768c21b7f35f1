//! What another organization does changes no finding: the same log again under other names, and
//! another one.

use serde_json::Value;

use crate::logs::{Log, assert_same, fixtures, folded};

/// What AWS gives to one account at a time, and another that stands for it next door: public
/// addresses and ids of resources.
const GIVEN_ONCE: [(&str, &str); 15] = [
    ("192.0.2.", "198.18.2."),
    ("198.51.100.", "198.18.100."),
    ("203.0.113.", "198.18.113."),
    ("2600:1f18:", "2001:db8:"),
    ("i-0", "i-f"),
    ("vpc-0", "vpc-f"),
    ("subnet-0", "subnet-f"),
    ("eni-0", "eni-f"),
    ("eipalloc-0", "eipalloc-f"),
    ("nat-0", "nat-f"),
    ("vpce-0", "vpce-f"),
    ("r-0", "r-f"),
    ("ami-0", "ami-f"),
    ("rtb-0", "rtb-f"),
    ("tgw-0", "tgw-f"),
];

/// The same events in accounts, with keys, of principals, on resources and from addresses that do
/// not occur in `log`.
fn neighbor(log: &Log) -> Vec<String> {
    let accounts = [
        ("111122223333", "121212121212"),
        ("222233334444", "232323232323"),
        ("444455556666", "343434343434"),
        ("555566667777", "454545454545"),
        ("999988887777", "989898989898"),
    ];
    let renamed = |record: &String| {
        let mut text = record.replace("EXAMPLE", "EXAMPLF");
        for (account, other) in accounts.into_iter().chain(GIVEN_ONCE) {
            text = text.replace(account, other);
        }
        let mut record: Value = serde_json::from_str(&text).unwrap();
        for name in ["eventID", "sharedEventID", "requestID"] {
            if let Some(id) = record[name].as_str() {
                let other: String =
                    id.chars().map(|digit| if digit == '0' { 'f' } else { digit }).collect();
                record[name] = Value::from(format!("0000{}", other.split_at(4).1));
            }
        }
        record.to_string()
    };
    log.records.iter().map(renamed).collect()
}

/// The same events a month before.
fn earlier(records: &[String]) -> Vec<String> {
    let shifted = |record: &String| record.replace("2026-03-", "2026-02-").replace("Mar ", "Feb ");
    records.iter().map(shifted).collect()
}

/// Findings and incidents by id, as text.
fn found(records: &[String]) -> Vec<(String, String)> {
    let evidence = folded(records);
    let analysis = detect::analyze(&evidence, detect::Settings::default());
    let findings = analysis.findings.iter().map(|one| (one.id.clone(), format!("{one:#?}")));
    let incidents = analysis.incidents.iter().map(|one| (one.id.clone(), format!("{one:#?}")));
    findings.chain(incidents).collect()
}

#[test]
fn a_neighbor_changes_no_finding() {
    for log in fixtures() {
        assert_unchanged(&log, &neighbor(&log));
    }
}

#[test]
fn a_neighbor_with_older_logs_changes_no_finding() {
    for log in fixtures() {
        assert_unchanged(&log, &earlier(&neighbor(&log)));
    }
}

#[test]
fn a_neighbor_who_does_other_things_changes_no_finding() {
    let logs = fixtures();
    let takes_roles = logs.iter().find(|log| log.name.contains("leaked_key_to_the_user_bob"));
    let neighbor = neighbor(takes_roles.unwrap());
    for log in &logs {
        assert_unchanged(log, &neighbor);
    }
}

fn assert_unchanged(log: &Log, neighbor: &[String]) {
    let (alone, next_door) = (found(&log.records), found(neighbor));
    let both = found(&[log.records.as_slice(), neighbor].concat());
    for (id, text) in &alone {
        let (_, beside) = both
            .iter()
            .find(|(other, _)| other == id)
            .unwrap_or_else(|| panic!("{}: {id} is gone", log.name));
        assert_same(text, beside, &log.name, "neighbor");
    }
    assert_eq!(both.len(), alone.len() + next_door.len(), "{}", log.name);
}
