//! Whether the store's folder can be written to, by nobody else, and has room, and how far back
//! what is kept in it reaches.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cloudtrail::Timestamp;
use report::Check;
use store::Store;

use super::catalogue::{DISK_SPACE, STORE_FOLDER, STORE_HISTORY, STORE_PERMISSIONS, run};
use crate::config;

/// Least room that should be left, in bytes: about a month of findings of a large organization.
const FREE_MIN: u64 = 1 << 30;

/// Name of the file that is made and removed again.
const TRIED: &str = ".rolecall-doctor";

/// Days of details of use that `unusual_use` should have to compare with: two weeks of a person.
const HISTORY_DAYS: u32 = 14;

/// Looks at the store that `config` names.
pub(super) fn look(config: &config::Store) -> Vec<Check> {
    let folder = &*config.path;
    let subject = folder.display().to_string();
    let nearest = nearest(folder);
    let mut checks = vec![match write(&nearest) {
        Ok(()) if folder.is_dir() => STORE_FOLDER.ok(&subject, "it can be written to"),
        Ok(()) => STORE_FOLDER.ok(&subject, "it can be made"),
        Err(error) => {
            let found = format!("cannot write to `{}`: {error}", nearest.display());
            let remedy = "Let the user that runs `serve` write there, or set another `store.path`.";
            STORE_FOLDER.problem(&subject, found, remedy)
        }
    }];
    checks.extend(permissions(folder, &subject));
    checks.push(room(&nearest, folder, &subject));
    checks.extend(history(config, &subject));
    checks
}

/// How far back details of use reach; nothing where there is no store that can be read.
fn history(config: &config::Store, subject: &str) -> Option<Check> {
    if !Store::is_store(&config.path) {
        return None;
    }
    let store = Store::open_beside(&config.path).ok()?;
    let as_of = store.as_of().ok()??;
    Some(judge_history(subject, config, store.usage_kept_from().ok()?, as_of))
}

fn judge_history(
    subject: &str,
    config: &config::Store,
    kept_from: Option<Timestamp>,
    as_of: Timestamp,
) -> Check {
    let Some(kept_from) = kept_from else {
        return STORE_HISTORY.ok(subject, "all details of use are kept");
    };
    let days = as_of.day() - kept_from.day();
    let found = format!("details of use are kept for {days} days");
    if days >= i64::from(HISTORY_DAYS.min(config.usage_days)) {
        return STORE_HISTORY.ok(subject, found);
    }
    let remedy = format!(
        "Raise `store.memory`, which is {}: what is too much for it is dropped.",
        config.memory
    );
    STORE_HISTORY.problem(subject, found, &remedy)
}

/// `folder`, or what there is of the way to it.
fn nearest(folder: &Path) -> PathBuf {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    there.filter(|there| !there.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

fn write(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!("{TRIED}-{}", std::process::id()));
    let file = fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
    drop(file);
    fs::remove_file(path)
}

#[cfg(unix)]
fn permissions(folder: &Path, subject: &str) -> Option<Check> {
    use std::os::unix::fs::PermissionsExt as _;

    /// What others of the group and everybody else may do.
    const OTHERS: u32 = 0o077;
    let database = folder.join(store::DATABASE);
    let mut wrong = Vec::new();
    for path in [folder.to_owned(), database] {
        let Ok(metadata) = path.metadata() else {
            continue;
        };
        if metadata.permissions().mode() & OTHERS != 0 {
            wrong.push((path, metadata.is_dir()));
        }
    }
    if wrong.is_empty() {
        let is_there = folder.is_dir();
        return is_there.then(|| STORE_PERMISSIONS.ok(subject, "only its user may read it"));
    }
    let names: Vec<String> =
        wrong.iter().map(|(path, _)| format!("`{}`", path.display())).collect();
    let found = format!("others may read or write {}", names.join(" and "));
    let mut check = STORE_PERMISSIONS.problem(subject, found, "Leave it to the user of `serve`.");
    for (path, is_folder) in &wrong {
        let mode = if *is_folder { "700" } else { "600" };
        check = run(check, &["chmod", mode, &path.display().to_string()]);
    }
    Some(check)
}

#[cfg(not(unix))]
fn permissions(_: &Path, subject: &str) -> Option<Check> {
    Some(STORE_PERMISSIONS.unknown(subject, "this system's permissions are not looked at", ""))
}

fn room(nearest: &Path, folder: &Path, subject: &str) -> Check {
    let Some(free) = free_bytes(nearest) else {
        return DISK_SPACE.unknown(subject, "the system does not tell how much room there is", "");
    };
    let held = fs::metadata(folder.join(store::DATABASE)).map_or(0, |metadata| metadata.len());
    judge_room(subject, free, held)
}

/// Compacting writes the database anew beside the old one.
fn judge_room(subject: &str, free: u64, held: u64) -> Check {
    let units = |bytes: u64| bytesize::ByteSize(bytes).to_string();
    let found = format!("{} are free, and the store has {}", units(free), units(held));
    if free < FREE_MIN.max(held) {
        let remedy = format!("Leave at least {} to it.", units(FREE_MIN.max(held)));
        return DISK_SPACE.problem(subject, found, &remedy);
    }
    DISK_SPACE.ok(subject, found)
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(folder).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

#[cfg(not(unix))]
const fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use cloudtrail::Timestamp;
    use report::CheckState;

    use super::{judge_history, judge_room, look};
    use crate::config;

    fn kept_in(path: PathBuf) -> config::Store {
        let memory = "512MiB".parse().unwrap();
        config::Store { path, lineage_months: 13, artifact_months: 13, usage_days: 90, memory }
    }

    #[test]
    fn room_for_a_second_copy_is_wanted() {
        let state = |free, held| judge_room("store", free, held).state;
        assert_eq!(state(2 << 30, 1), CheckState::Ok);
        assert_eq!(state(2 << 30, 3 << 30), CheckState::Problem);
        assert_eq!(state(1 << 29, 0), CheckState::Problem);
    }

    #[test]
    fn nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("a/b");
        let checks = look(&kept_in(store));
        assert_eq!(checks[0].state, CheckState::Ok, "{checks:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_history_of_days_is_a_problem_unless_it_is_what_was_asked_for() {
        let day = |day: i64| Timestamp(day * 86_400);
        let judge = |usage_days, kept_from: Option<i64>| {
            let config = config::Store { usage_days, ..kept_in(PathBuf::new()) };
            judge_history("store", &config, kept_from.map(day), day(100))
        };
        assert_eq!(judge(90, None).state, CheckState::Ok);
        assert_eq!(judge(90, Some(86)).state, CheckState::Ok);
        assert_eq!(judge(7, Some(93)).state, CheckState::Ok);
        let short = judge(90, Some(95));
        assert_eq!(short.state, CheckState::Problem);
        assert_eq!(short.found, "details of use are kept for 5 days");
        assert!(short.remedy.contains("`store.memory`, which is 512"), "{}", short.remedy);
    }
}
