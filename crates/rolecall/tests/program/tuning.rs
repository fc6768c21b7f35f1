//! How much surprise is worth an alert, and what people accept.

use serde_json::Value;

use crate::running::run;

const THIEF: &str = "unusual_use/fires_medium_on_each_day_that_a_thief_comes_back.jsonl";

/// Severities of what is unusual in the log of a thief, with the decisions in `text`.
fn severities(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("decisions.toml");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let ran = run(&["scan", THIEF, "--format", "json", "--decisions", path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let document: Value = ran.json();
    let findings = document["findings"].as_array().unwrap().iter();
    let unusual = findings.filter(|finding| finding["detector"] == "unusual_use");
    unusual.map(|finding| finding["severity"].as_str().unwrap().to_owned()).collect()
}

fn tuned(alerts: &str) -> String {
    let ran = run(&["tune", THIEF, "--alerts-per-day", alerts, "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn a_budget_of_nothing_leaves_everything_out_and_says_what() {
    let text = tuned("0");
    assert!(text.contains("# Left out:") && text.contains("Unusual for reporter"), "{text}");
    assert_eq!(severities(&text), ["low"; 4]);
}

#[test]
fn a_budget_that_is_large_changes_nothing() {
    let text = tuned("5");
    assert!(text.contains("# Nothing was left out.\n"), "{text}");
    assert!(text.ends_with("[unusual_use]\nmedium_bits = 12.0\n"), "{text}");
    assert_eq!(severities(&text), ["medium"; 4]);
}

#[test]
fn what_a_person_accepts_is_shown_and_no_alert_until_it_ends() {
    let accepted = "[[accepted]]\norigin = \"AKIAI44QH8DHBEXAMPLE\"\nreason = \"an audit\"\n\
                    owner = \"alice\"\nexpires = 2026-03-13\n";
    let severities = severities(accepted);
    assert_eq!(severities.iter().filter(|one| *one == "informational").count(), 2);
    assert_eq!(severities.iter().filter(|one| *one == "medium").count(), 2);
}

#[test]
fn tuning_keeps_what_people_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let [before, after] = ["before.toml", "after.toml"].map(|name| folder.path().join(name));
    let accepted = "[[accepted]]\norigin = \"AKIAI44QH8DHBEXAMPLE\"\npath = [\"reporter\"]\n\
                    reason = \"an \\\"audit\\\"\"\nowner = \"alice\"\nexpires = 2026-03-13\n";
    std::fs::write(&before, accepted).unwrap();
    let [before, after] = [&before, &after].map(|path| path.to_str().unwrap());
    let arguments = ["tune", THIEF, "--alerts-per-million", "1", "--decisions", before];
    assert_eq!(run(&[&arguments[..], &["-o", after]].concat()).code, 0);
    let text = std::fs::read_to_string(after).unwrap();
    assert!(text.contains("reason = \"an \\\"audit\\\"\"\nowner = \"alice\""), "{text}");
    assert!(text.contains("expires = 2026-03-13T00:00:00Z"), "{text}");
}

#[test]
fn a_decision_without_an_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("decisions.toml");
    std::fs::write(&path, "[[accepted]]\norigin = \"a\"\nreason = \"b\"\nowner = \"c\"\n").unwrap();
    let ran = run(&["scan", THIEF, "--decisions", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("a decision has an end"), "{}", ran.stderr);
}
