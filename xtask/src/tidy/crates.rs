//! Which crate may depend on which: upward only, and a deciding crate on nothing that does I/O.

use super::Violation;
use crate::workspace::Package;

/// The crates of the workspace; each may depend only on those before it.
const ORDER: [&str; 15] = [
    "cloudtrail",
    "integrity",
    "evidence",
    "lineage",
    "network",
    "detect",
    "evaluate",
    "respond",
    "report",
    "simulate",
    "ingest",
    "store",
    "aws",
    "server",
    "rolecall",
];

/// Crates that stand alone in the workspace: the simulator must not share the program's opinions.
const ALONE: [&str; 2] = ["simulate", "xtask"];

/// What a deciding crate may depend on from outside the workspace: libraries that turn bytes into
/// values and values into bytes. `csv` could open a file by its path, but reads slices and writes
/// to memory here; `ring` could ask the system for random numbers, but only verifies signatures
/// here. `once_cell` has cells that are filled once, and starts no thread.
const PURE: [(&str, &[&str]); 10] = [
    (
        "cloudtrail",
        &["csv", "jiff", "memchr", "serde", "serde_json", "simdutf8", "wide", "xxhash-rust"],
    ),
    ("integrity", &["base64", "ring", "serde", "serde_json", "sha2"]),
    ("evidence", &["foldhash", "hashbrown", "indexmap", "jiff", "serde_json", "xxhash-rust"]),
    ("lineage", &["foldhash", "hashbrown", "indexmap", "jiff"]),
    ("network", &["serde", "serde_json"]),
    ("detect", &["foldhash", "hashbrown", "indexmap", "ipnet", "jiff", "once_cell", "sha2"]),
    ("evaluate", &["serde_json"]),
    ("respond", &["jiff", "serde", "serde_json"]),
    ("report", &["askama", "csv", "jiff", "serde", "serde_json", "sha2", "unicode-width"]),
    ("simulate", &["jiff", "rand_chacha", "serde", "serde_json"]),
];

/// The names of the deciding crates.
pub(super) fn pure() -> impl Iterator<Item = &'static str> {
    PURE.iter().map(|(name, _)| *name)
}

/// Dependencies run in one direction only.
pub(super) fn direction(packages: &[Package]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in packages {
        let place = manifest(package);
        if rank(&package.name).is_none() && package.name != "xtask" {
            violations.push(Violation::at(&place, "is not in the order of crates"));
        }
        for dependency in package.dependencies.iter().filter(|name| rank(name).is_some()) {
            if rank(dependency) >= rank(&package.name) || ALONE.contains(&&*package.name) {
                let what = format!("`{}` may not depend on `{dependency}`", package.name);
                violations.push(Violation::at(&place, what));
            }
        }
    }
    violations
}

/// Deciding crates depend only on libraries that do no I/O.
pub(super) fn purity(packages: &[Package]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in packages {
        let Some((_, allowed)) = PURE.iter().find(|(name, _)| *name == package.name) else {
            continue;
        };
        let outside = package.dependencies.iter().filter(|name| rank(name).is_none());
        for dependency in outside.filter(|name| !allowed.contains(&name.as_str())) {
            let what = format!("`{dependency}` is not on the list of what may be used here");
            violations.push(Violation::at(&manifest(package), what));
        }
    }
    violations
}

fn rank(name: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == name)
}

fn manifest(package: &Package) -> String {
    format!("crates/{}/Cargo.toml", package.name)
}

#[cfg(test)]
mod tests {
    use super::{ORDER, Package, direction, pure, purity};

    fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependencies = dependencies.iter().map(|name| (*name).to_owned()).collect();
        Package { name: name.to_owned(), dependencies }
    }

    #[test]
    fn dependencies_run_upward() {
        assert!(direction(&[package("lineage", &["cloudtrail", "evidence"])]).is_empty());
        assert_eq!(direction(&[package("cloudtrail", &["lineage"])]).len(), 1);
        assert_eq!(direction(&[package("lineage", &["lineage"])]).len(), 1);
    }

    #[test]
    fn the_simulator_stands_alone() {
        assert!(direction(&[package("simulate", &["rand_chacha"])]).is_empty());
        assert_eq!(direction(&[package("simulate", &["cloudtrail"])]).len(), 1);
    }

    #[test]
    fn the_tool_stands_alone() {
        assert!(direction(&[package("xtask", &["anyhow"])]).is_empty());
        assert_eq!(direction(&[package("xtask", &["rolecall"])]).len(), 1);
    }

    #[test]
    fn a_new_crate_takes_its_place_in_the_order() {
        assert_eq!(direction(&[package("mystery", &[])]).len(), 1);
    }

    #[test]
    fn a_deciding_crate_does_no_io() {
        assert!(purity(&[package("detect", &["cloudtrail", "sha2"])]).is_empty());
        assert_eq!(purity(&[package("detect", &["tokio"])]).len(), 1);
        assert!(purity(&[package("ingest", &["zip"])]).is_empty());
    }

    #[test]
    fn every_deciding_crate_has_a_place_in_the_order() {
        assert!(pure().all(|name| ORDER.contains(&name)));
    }
}
