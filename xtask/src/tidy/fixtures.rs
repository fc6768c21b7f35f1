//! Every detector has logs that fire it, near misses that do not, and a word on their origin.

use std::collections::{BTreeMap, BTreeSet};

use super::{Violation, has_extension};

const FIXTURES: &str = "crates/detect/fixtures/";
const DETECTORS: &str = "crates/detect/src/detectors/";

/// A detector is one file and one folder of fixtures.
pub(super) fn of_every_detector(paths: &[&str]) -> Vec<Violation> {
    let folders = folders(paths);
    let detectors = detectors(paths);
    let mut violations = Vec::new();
    for id in detectors.iter().filter(|id| !folders.contains_key(*id)) {
        let what = "the detector has no folder of fixtures";
        violations.push(Violation::at(&format!("{FIXTURES}{id}"), what));
    }
    for (id, names) in &folders {
        let place = format!("{FIXTURES}{id}");
        violations.extend(missing(names).iter().map(|what| Violation::at(&place, what)));
        if !detectors.contains(id) {
            violations.push(Violation::at(&place, format!("{DETECTORS}{id}.rs does not exist")));
        }
    }
    violations
}

/// The files of each folder of fixtures.
fn folders<'a>(paths: &[&'a str]) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let below = paths.iter().filter_map(|path| path.strip_prefix(FIXTURES)?.split_once('/'));
    for (id, name) in below {
        folders.entry(id).or_default().insert(name);
    }
    folders
}

fn detectors<'a>(paths: &[&'a str]) -> BTreeSet<&'a str> {
    let files = paths.iter().filter_map(|path| path.strip_prefix(DETECTORS));
    files.filter_map(|name| name.strip_suffix(".rs")).filter(|id| !id.contains('/')).collect()
}

fn missing(names: &BTreeSet<&str>) -> Vec<String> {
    let mut missing = Vec::new();
    if !names.contains("provenance.toml") {
        missing.push("has no provenance.toml".to_owned());
    }
    for kind in ["fires_", "quiet_"] {
        if !names.iter().any(|name| name.starts_with(kind) && has_extension(name, "jsonl")) {
            missing.push(format!("has no {kind}*.jsonl"));
        }
    }
    missing.extend(without_partner(names, ".jsonl", ".golden"));
    missing.extend(without_partner(names, ".golden", ".jsonl"));
    missing
}

fn without_partner(names: &BTreeSet<&str>, suffix: &str, partner: &str) -> Vec<String> {
    let stems = names.iter().filter_map(|name| name.strip_suffix(suffix));
    let alone = stems.filter(|stem| !names.contains(format!("{stem}{partner}").as_str()));
    alone.map(|stem| format!("has {stem}{suffix} without {stem}{partner}")).collect()
}

#[cfg(test)]
mod tests {
    use super::of_every_detector;

    const COMPLETE: [&str; 6] = [
        "crates/detect/src/detectors/role_chaining.rs",
        "crates/detect/fixtures/role_chaining/provenance.toml",
        "crates/detect/fixtures/role_chaining/fires_on_two_hops.jsonl",
        "crates/detect/fixtures/role_chaining/fires_on_two_hops.golden",
        "crates/detect/fixtures/role_chaining/quiet_on_one_hop.jsonl",
        "crates/detect/fixtures/role_chaining/quiet_on_one_hop.golden",
    ];

    #[test]
    fn a_complete_detector_passes() {
        assert!(of_every_detector(&COMPLETE).is_empty());
    }

    #[test]
    fn nothing_of_a_detector_may_be_missing() {
        for left_out in COMPLETE {
            let rest: Vec<&str> = COMPLETE.into_iter().filter(|path| *path != left_out).collect();
            assert!(!of_every_detector(&rest).is_empty(), "{left_out} was not missed");
        }
    }

    #[test]
    fn a_detector_without_any_fixture_is_found() {
        assert_eq!(of_every_detector(&COMPLETE[..1]).len(), 1);
    }
}
