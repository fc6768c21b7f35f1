//! Analyses of the logs that the detectors are tested with, and of hostile ones.

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use detect::{Analysis, Settings, analyze};
use evidence::Evidence;
use report::{Coverage, Scan};

use crate::{bob, hostile};

/// The log of the leaked key that ends in the user Bob, and that of a stolen instance's key.
pub(crate) const MISSION: [(&str, &str); 2] = [
    ("leaked_key", "role_chaining/fires_leaked_key_to_the_user_bob.jsonl"),
    (
        "stolen_instance",
        "instance_credential_exfiltration/fires_critical_when_access_is_left_behind_from_there.jsonl",
    ),
];

/// What is found in the log at `path`, below the folder of the detectors' fixtures.
pub(crate) fn analysis_of(path: impl AsRef<Path>) -> Analysis {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures");
    let log = fs::read(root.join(path)).unwrap();
    let mut evidence = Evidence::default();
    cloudtrail::read(&log, &mut |record| {
        evidence.record(record);
    });
    analyze(&evidence, Settings::default())
}

/// Named analyses.
pub(crate) type Analyses = Vec<(String, Analysis)>;

/// Bytes of a text that is long enough to be cut in every format.
const LONG: usize = 1_000;

/// What is found in every log that a detector fires on, in hostile ones without a long text, in
/// the one made by hand, and in logs whose texts are all blank or empty.
pub(crate) fn every_analysis() -> &'static Analyses {
    static ALL: OnceLock<Analyses> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = firing();
        all.extend(hostile().into_iter().filter(|(payload, _)| payload.len() < LONG));
        all.push(("bob".to_owned(), bob::analysis()));
        for text in [" ", ""] {
            all.push((format!("`{text}`"), hostile::analysis(&text.into())));
        }
        all
    })
}

/// Every log that a detector fires on, with what is found in it.
fn firing() -> Analyses {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures");
    let mut paths = Vec::new();
    for folder in fs::read_dir(root).unwrap() {
        paths.extend(fs::read_dir(folder.unwrap().path()).unwrap().map(|one| one.unwrap().path()));
    }
    paths.retain(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with("fires_") && path.extension().is_some_and(|one| one == "jsonl")
    });
    paths.sort();
    assert!(paths.len() > 30, "{}", paths.len());
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), analysis_of(path))).collect()
}

/// Analyses in which every text of the logs is hostile, one for each kind of text.
pub(crate) fn hostile() -> Analyses {
    let analysis = |payload: String| {
        let text: Arc<str> = payload.as_str().into();
        (payload, hostile::analysis(&text))
    };
    hostile::payloads().into_iter().map(analysis).collect()
}

/// A scan that came to `analysis`.
pub(crate) fn scan<'a>(analysis: &'a Analysis, coverage: &'a Coverage) -> Scan<'a> {
    Scan { analysis, coverage, version: "0.1.0" }
}
