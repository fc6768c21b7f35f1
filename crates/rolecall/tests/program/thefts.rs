//! Ten organizations with stolen keys of workloads: every theft is found, and nobody whose keys
//! stayed at home is accused.
//!
//! The seeds were not looked at while the detectors were made.

use std::collections::BTreeSet;

use detect::{Finding, Settings, Severity};
use evidence::Evidence;
use simulate::{Attack, Truth};

/// Detectors of keys that are used elsewhere, or by somebody else than they say.
const DETECTORS: [&str; 3] = [
    "forged_instance_session",
    "instance_credential_exfiltration",
    "workload_credential_exfiltration",
];

fn scanned(seed: u64) -> (Truth, Vec<Finding>) {
    let mut evidence = Evidence::default();
    let settings = simulate::Settings { seed, ..simulate::Settings::default() };
    let truth = simulate::simulate(&settings, &mut |file| {
        cloudtrail::read(file.body.as_bytes(), &mut |record| {
            evidence.record(record);
        });
    });
    let mut findings = detect::analyze(&evidence, Settings::default()).findings;
    findings.retain(|finding| DETECTORS.contains(&finding.detector));
    (truth, findings)
}

fn is_about(finding: &Finding, attack: &Attack) -> bool {
    let ids: BTreeSet<&String> = attack.event_ids.iter().collect();
    finding.evidence.iter().any(|event| event.event_id.as_ref().is_some_and(|id| ids.contains(id)))
}

/// What benign situation the workload of `finding` is in, for whoever reads a failure.
fn situation(truth: &Truth, finding: &Finding) -> Vec<&'static str> {
    let name = finding.origin.instance_id.as_ref().or(finding.origin.subject.as_ref());
    let name = name.map(ToString::to_string).unwrap_or_default();
    let shows = truth.benign.iter().filter(|benign| {
        benign.instance_ids.contains(&name) || benign.session_names.contains(&name)
    });
    shows.map(|benign| benign.situation).collect()
}

#[test]
fn every_theft_is_found_and_nobody_else_is_accused() {
    let mut missed = Vec::new();
    let mut accused = Vec::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for seed in 301..=310 {
        let (truth, findings) = scanned(seed);
        for attack in &truth.attacks {
            for detector in attack.detectors.iter().filter(|id| DETECTORS.contains(id)) {
                names.insert(attack.name);
                let is_found = findings.iter().any(|finding| {
                    finding.detector == *detector
                        && finding.severity >= Severity::High
                        && is_about(finding, attack)
                });
                if !is_found {
                    missed.push(format!("seed {seed}: {}", attack.name));
                }
            }
        }
        for finding in findings.iter().filter(|finding| finding.severity >= Severity::Medium) {
            if !truth.attacks.iter().any(|attack| is_about(finding, attack)) {
                let situation = situation(&truth, finding);
                accused.push(format!("seed {seed}: {situation:?} {}", finding.title));
            }
        }
    }
    assert_eq!(missed, [""; 0], "thefts that were missed");
    assert_eq!(accused, [""; 0], "sessions that were accused");
    assert!(names.len() >= 12, "few kinds of theft: {names:?}");
}
