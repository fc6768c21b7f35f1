//! Which files of a folder are logs, told by name.

use std::path::{Component, Path};

/// Extensions of a log.
const LOGS: [&str; 5] = ["csv", "json", "jsonl", "log", "ndjson"];
/// Extensions of a compressed file.
const COMPRESSED: [&str; 4] = ["gz", "gzip", "zst", "zstd"];
/// Extension of an archive.
const ARCHIVE: &str = "zip";
/// Names that data sets give to the labels beside their logs.
const LABELS: [&str; 2] = ["ground_truth.json", "truth.json"];
/// Folders of a trail that hold no records of calls, and what they hold (`CloudTrail` user guide,
/// "Finding your CloudTrail log files"). `CloudTrail-NetworkActivity` does hold records.
const FOLDERS: [(&str, &str); 3] = [
    ("CloudTrail-Aggregated", "aggregated events, which name no single call"),
    ("CloudTrail-Digest", "CloudTrail digest files"),
    ("CloudTrail-Insight", "CloudTrail Insights events, which describe rates and not calls"),
];

const HIDDEN: &str = "hidden";
const NO_LOG: &str = "name is not that of a log";

/// Why a folder of this name is not entered.
pub(crate) fn folder_set_aside(name: &str) -> Option<&'static str> {
    if is_hidden(name) {
        return Some(HIDDEN);
    }
    FOLDERS.iter().find(|(folder, _)| *folder == name).map(|(_, holds)| *holds)
}

/// Why a file of this name, met in a folder or an archive, is not opened.
pub(crate) fn file_set_aside(name: &str) -> Option<&'static str> {
    if is_hidden(name) {
        return Some(HIDDEN);
    }
    let name = name.to_ascii_lowercase();
    let is_other = name.starts_with("readme") || LABELS.contains(&name.as_str()) || !is_log(&name);
    is_other.then_some(NO_LOG)
}

/// Why a path is not opened, for the folders in it.
pub(crate) fn folders_set_aside(path: &Path) -> Option<&'static str> {
    let folders = path.parent()?;
    folders.components().find_map(|component| match component {
        Component::Normal(name) => folder_set_aside(&name.to_string_lossy()),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => {
            None
        }
    })
}

/// What a path names that is not opened: how many of its bytes name it, and why.
///
/// `path` has its parts between `/` and is relative to where the search began, such as the rest
/// of a key behind a prefix. The length leads to the end of the folder that is not entered, or
/// of the whole path where its last part is no name of a log. `None` for a log.
///
/// ```
/// let digest = "eu-central-1/CloudTrail-Digest/2026/a.json.gz";
/// let (length, reason) = ingest::set_aside(digest).expect("set aside");
/// assert_eq!(&digest[..length], "eu-central-1/CloudTrail-Digest");
/// assert_eq!(reason, "CloudTrail digest files");
/// assert_eq!(ingest::set_aside("CloudTrail/2026/a.json.gz"), None);
/// ```
pub fn set_aside(path: &str) -> Option<(usize, &'static str)> {
    let mut end = 0;
    for part in path.split_inclusive('/') {
        end += part.len();
        let reason = match part.strip_suffix('/') {
            Some(folder) => folder_set_aside(folder).map(|reason| (end - 1, reason)),
            None => file_set_aside(part).map(|reason| (end, reason)),
        };
        if reason.is_some() {
            return reason;
        }
    }
    None
}

/// Why a member of an archive is not opened, for its folders and its own name.
pub(crate) fn path_set_aside(path: &str) -> Option<&'static str> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    folders_set_aside(Path::new(path)).or_else(|| file_set_aside(name))
}

pub(crate) fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

/// A compressed file needs no further extension: exports of `CloudWatch` Logs are `000000.gz`.
fn is_log(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return false;
    };
    if !COMPRESSED.contains(&extension) {
        return extension == ARCHIVE || LOGS.contains(&extension);
    }
    stem.rsplit_once('.').is_none_or(|(_, extension)| LOGS.contains(&extension))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{file_set_aside, folder_set_aside, folders_set_aside};

    #[test]
    fn names_of_logs_are_told_from_others() {
        let logs = [
            "a.json",
            "a.jsonl",
            "a.NDJSON",
            "a.log",
            "a.csv",
            "a.json.gz",
            "a.JSON.GZIP",
            "a.log.zst",
            "a.csv.zstd",
            "a.zip",
            "000000.gz",
        ];
        for name in logs {
            assert_eq!(file_set_aside(name), None, "{name}");
        }
        let others = [
            "a",
            "a.txt",
            "a.tar.gz",
            "a.md",
            "README.json",
            "truth.json",
            ".a.json",
            "a.json.bz2",
            "a.zip.gz",
        ];
        for name in others {
            assert!(file_set_aside(name).is_some(), "{name}");
        }
    }

    #[test]
    fn folders_of_a_trail_without_records_are_known() {
        assert!(folder_set_aside("CloudTrail-Digest").is_some());
        assert!(folder_set_aside("CloudTrail-Insight").is_some());
        assert!(folder_set_aside("CloudTrail-Aggregated").is_some());
        assert!(folder_set_aside(".git").is_some());
        assert_eq!(folder_set_aside("CloudTrail-NetworkActivity"), None);
        assert_eq!(folder_set_aside("CloudTrail"), None);
        assert!(folders_set_aside(Path::new("a/CloudTrail-Digest/b.json")).is_some());
        assert_eq!(folders_set_aside(Path::new("a/../CloudTrail/b.json")), None);
    }
}
