//! Whole runs against files made for reading.

use crate::running::{BOB, Ran, check, run};

pub(crate) fn transcript(name: &str, arguments: &[&str]) {
    let Ran { code, stdout, stderr } = run(arguments);
    let command = arguments.join(" ");
    let text =
        format!("$ rolecall {command}\nexit {code}\n--- stdout\n{stdout}--- stderr\n{stderr}");
    check(name, &text);
}

const PLAIN: [&str; 4] = ["--color", "never", "--width", "100"];

#[test]
fn a_scan_of_one_log() {
    transcript("scan_one_log", &[&["scan", BOB], &PLAIN[..]].concat());
}

#[test]
fn a_scan_of_a_folder() {
    transcript("scan_folder", &[&["scan", "role_juggling"], &PLAIN[..]].concat());
}

#[test]
fn a_scan_that_finds_nothing() {
    let log = "role_chaining/quiet_on_one_role.jsonl";
    transcript("scan_quiet", &[&["scan", log], &PLAIN[..]].concat());
}

#[test]
fn a_scan_of_nothing() {
    transcript("scan_missing", &["scan", "no-such-folder"]);
}

#[test]
fn a_trace_of_a_key_that_a_chain_created() {
    transcript("trace_key", &[&["trace", "AKIABOBXXXXXXEXAMPLE", BOB], &PLAIN[..]].concat());
}

#[test]
fn a_scan_and_a_trace_of_stolen_credentials() {
    let log = "instance_credential_exfiltration/\
               fires_high_away_from_the_address_that_the_instance_has.jsonl";
    transcript("scan_stolen", &[&["scan", log], &PLAIN[..]].concat());
    transcript("trace_instance", &[&["trace", "i-0a1b2c3d4e5f60718", log], &PLAIN[..]].concat());
}

#[test]
fn a_trace_of_nobody() {
    transcript("trace_nobody", &["trace", "AKIANOBODYXXXEXAMPLE", BOB]);
}

#[test]
fn all_detectors() {
    transcript("explain_all", &["explain"]);
}

#[test]
fn one_detector() {
    transcript("explain_one", &["explain", "role_juggling"]);
}

#[test]
fn a_detector_that_does_not_exist() {
    transcript("explain_unknown", &["explain", "no_such_detector"]);
}
