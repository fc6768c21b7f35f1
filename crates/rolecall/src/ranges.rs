//! AWS's address ranges: where they are kept, and `rolecall update-ip-ranges`.

use std::env;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use network::AwsRanges;
use report::Note;

use crate::Outcome;
use crate::args::UpdateOptions;
use crate::files;
use crate::output::{self, say, whisper};

/// What turns the ranges off.
const NONE: &str = "none";

/// The file below the folder that caches of the user lie in.
const FILE: &str = "rolecall/ip-ranges.json";

const DAY_SECS: i64 = 86_400;

/// The ranges in the file `named`, or in the one that `update-ip-ranges` has left; `notes` says
/// which.
pub(crate) fn of(
    named: Option<&Path>,
    is_quiet: bool,
    notes: &mut Vec<Note>,
) -> Result<Option<AwsRanges>> {
    let found = match named {
        Some(path) if path.as_os_str() == NONE => None,
        Some(path) => Some((path.to_owned(), read(path)?)),
        None => kept(is_quiet),
    };
    let Some((path, ranges)) = found else {
        return Ok(None);
    };
    let text = format!("AWS's address ranges{}", made(&ranges));
    notes.push(Note { source: files::name(&path), text, records: 0 });
    Ok(Some(ranges))
}

/// The ranges that `update-ip-ranges` has left, which is said: a scan never depends on a file
/// that nobody named without a word.
fn kept(is_quiet: bool) -> Option<(PathBuf, AwsRanges)> {
    let path = default_path().filter(|path| path.exists())?;
    match read(&path) {
        Ok(ranges) => {
            if !is_quiet {
                whisper(&format!(
                    "Using AWS's address ranges{}{} in `{}`; `--ip-ranges none` leaves them out.",
                    made(&ranges),
                    age(&ranges),
                    path.display()
                ));
            }
            Some((path, ranges))
        }
        Err(error) => {
            say(&format!(
                "warning: {error:#}; going on without it. `rolecall update-ip-ranges` fetches it \
                 anew."
            ));
            None
        }
    }
}

/// `rolecall update-ip-ranges`: the file is replaced whole, or not at all.
pub(crate) fn run(options: &UpdateOptions) -> Result<Outcome> {
    let Some(path) = options.output.clone().or_else(default_path) else {
        bail!("there is no folder for caches here; name a file by `-o`");
    };
    let kept = || {
        let kept = if path.exists() { "; the file that is there was kept" } else { "" };
        format!("cannot get AWS's address ranges from `{}`{kept}", options.url)
    };
    let bytes = aws::fetch(&options.url).with_context(kept)?;
    let ranges = AwsRanges::parse(&bytes).with_context(kept)?;
    let text = String::from_utf8(bytes).with_context(kept)?;
    output::write_file(&text, &path, true)?;
    if !options.quiet {
        say(&format!("AWS's address ranges{}{}", made(&ranges), age(&ranges)));
    }
    output::print(&format!("{}\n", report::escape::terminal(&path.display().to_string())))?;
    Ok(Outcome::Done)
}

fn read(path: &Path) -> Result<AwsRanges> {
    let bytes = files::read(path, aws::ANSWER_BYTES_MAX)?;
    AwsRanges::parse(&bytes).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Where the file lies when nobody says: below the user's folder for caches, where there is one.
fn default_path() -> Option<PathBuf> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|at| at.is_absolute());
    let caches = folder("XDG_CACHE_HOME").or_else(|| match env::consts::OS {
        "macos" => Some(folder("HOME")?.join("Library/Caches")),
        "windows" => folder("LOCALAPPDATA"),
        _ => Some(folder("HOME")?.join(".cache")),
    })?;
    Some(caches.join(FILE))
}

/// ` of 2026-08-22T15:07:13Z`, where the list says so.
fn made(ranges: &AwsRanges) -> String {
    ranges.created().map(|time| format!(" of {time}")).unwrap_or_default()
}

/// ` (93 days old)`.
fn age(ranges: &AwsRanges) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|now| now.as_secs() as i64);
    let Some((now, created)) = now.zip(ranges.created()) else {
        return String::new();
    };
    match now.saturating_sub(created.0) / DAY_SECS {
        1 => " (1 day old)".to_owned(),
        days => format!(" ({} days old)", days.max(0)),
    }
}
