//! Whole runs on stores made for reading.

use std::path::Path;

use tempfile::TempDir;

use crate::running::{BOB, Ran, check, command, fixtures, ran};
use crate::stores;

/// A folder with a store named `kept` of the leaked key and of juggled roles.
pub(crate) fn kept() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    drop(stores::add(&folder.path().join("kept"), &fixtures(), BOB));
    drop(stores::add(&folder.path().join("kept"), &fixtures(), "role_juggling"));
    folder
}

/// The program in `folder`, where a person named alice runs it.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = command(arguments);
    for name in ["SUDO_USER", "LOGNAME", "USERNAME"] {
        command.env_remove(name);
    }
    ran(command.current_dir(folder).env("USER", "alice"))
}

/// Every run of `commands`, one behind the other.
fn transcript<'a, C: AsRef<[&'a str]>>(folder: &Path, commands: &[C]) -> String {
    let told = commands.iter().map(|arguments| {
        let Ran { code, stdout, stderr } = run_in(folder, arguments.as_ref());
        let command = arguments.as_ref().join(" ");
        format!("$ rolecall {command}\nexit {code}\n--- stdout\n{stdout}--- stderr\n{stderr}\n")
    });
    told.collect::<Vec<String>>().concat()
}

/// `2026-11-26 10:17:00Z` and `2026-11-26T10:17:00Z` as `TIME`, on pages that tell of this run.
fn timeless(text: &str) -> String {
    let is_time = |part: &str| {
        part.bytes().zip("0000-00-00?00:00:00Z".bytes()).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'?' => byte == b' ' || byte == b'T',
            _ => byte == form,
        })
    };
    let mut shown = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let time = rest.get(..TIME).filter(|part| is_time(part));
        shown.push(time.map_or(character, |_| '⌚'));
        rest = rest.split_at(time.map_or(character.len_utf8(), str::len)).1;
    }
    shown.replace('⌚', "TIME")
}

/// Bytes of a time.
const TIME: usize = 20;

const PLAIN: [&str; 4] = ["--color", "never", "--width", "100"];

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [arguments, more].concat()
}

#[test]
fn incidents_are_listed_and_told() {
    let folder = kept();
    let incident = ["incidents", "kept", "a75d"];
    let told = transcript(
        folder.path(),
        &[
            with(&["incidents", "kept"], &PLAIN),
            with(&["incidents", "kept", "--min-severity", "critical"], &PLAIN),
            vec!["incidents", "kept", "--color", "never", "--width", "150", "--limit", "2"],
            with(&incident, &PLAIN),
            with(&["incidents", "kept", "--limit", "1"], &["--format", "json"]),
            with(&incident, &["--format", "json"]),
        ],
    );
    check("store_incidents", &told);
}

#[test]
fn what_people_decide_is_told() {
    let folder = kept();
    let reason = ["--reason", "known deployment"];
    let suppress = ["suppress", "kept", "--account", "222233334444", "--for", "30d"];
    let commands = [
        with(&["triage", "kept", "a75d", "--status", "resolved", "--note", "rotated"], &reason),
        with(&["incidents", "kept", "a75d"], &PLAIN),
        with(&suppress, &["--owner", "bob", "--reason", "load test"]),
        with(&["suppressions", "kept"], &PLAIN),
        with(&["incidents", "kept", "a75d"], &PLAIN),
        vec!["suppress", "kept", "--end", "1", "--reason", "over"],
        with(&["suppressions", "kept", "--all"], &PLAIN),
        vec!["suppressions", "kept", "--format", "json"],
        with(&["audit", "kept"], &PLAIN),
        vec!["audit", "kept", "--limit", "1", "--format", "json"],
    ];
    check("store_people", &timeless(&transcript(folder.path(), &commands)));
}

#[test]
fn what_cannot_be_done_is_told() {
    let folder = kept();
    let triage = ["triage", "kept", "a75d", "--status", "resolved"];
    let told = transcript(
        folder.path(),
        &[
            vec!["incidents", "no-such-store"],
            vec!["incidents", "kept", "zzzz"],
            vec!["incidents", "kept", ""],
            with(&triage, &["--reason", " "]),
            with(
                &["suppress", "kept", "--role", "admin", "--for", "400d"],
                &["--reason", "a", "--owner", "b"],
            ),
            vec!["suppress", "kept", "--end", "9", "--reason", "over"],
            vec!["store", "compact", "no-such-store"],
        ],
    );
    check("store_refused", &told);
}
