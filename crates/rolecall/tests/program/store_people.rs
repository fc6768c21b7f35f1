//! What people decide about the incidents of a store, and looking after it.

use std::fs;
use std::path::Path;
use std::process::Command;

use detect::Severity;
use serde_json::{Value, json};
use store::{Commit, FindingState, HistoryEntry, IncidentRow, Kept, Store, What};

use crate::running::{Ran, ran};
use crate::store_transcripts::{kept, run_in};
use crate::stores::AT;

/// The incident of the leaked key.
const BOB: &str = "a75db92a2b69f32f";

fn incident(folder: &Path, id: &str) -> Value {
    run_in(folder, &["incidents", "kept", id, "--format", "json"]).json()
}

fn listed(folder: &Path, more: &[&str]) -> Vec<String> {
    let arguments = [&["incidents", "kept", "--format", "json"], more].concat();
    let document = run_in(folder, &arguments).json();
    let incidents = document["incidents"].as_array().unwrap();
    incidents.iter().map(|incident| incident["id"].as_str().unwrap().to_owned()).collect()
}

/// Runs the command that a line of `ran` says behind `label`, in a shell.
fn run_told(folder: &Path, ran: &Ran, label: &str) -> Ran {
    let line = ran.stdout.lines().find_map(|line| line.strip_prefix(label)).unwrap();
    let told = line.trim().strip_prefix("rolecall").unwrap();
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("\"$0\"{told}")).arg(env!("CARGO_BIN_EXE_rolecall"));
    self::ran(shell.current_dir(folder).env("USER", "alice"))
}

#[test]
fn the_undo_that_is_told_leads_back() {
    let folder = kept();
    let at = folder.path();
    let first = ["triage", "kept", BOB, "--status", "in_progress", "--reason", "mine"];
    let note = "it's \"ours\" $HOME";
    assert_eq!(run_in(at, &[&first[..], &["--note", note]].concat()).code, 0);
    let before = incident(at, BOB)["triage"].clone();
    assert_eq!((&before["status"], &before["who"]), (&json!("in_progress"), &json!("alice")));
    let change = ["triage", "kept", BOB, "--status", "archived", "--reason", "b", "--note", ""];
    let changed = run_in(at, &change);
    assert_eq!(incident(at, BOB)["triage"]["status"], "archived");
    assert!(!listed(at, &[]).contains(&BOB.to_owned()));
    assert_eq!(run_told(at, &changed, "Undo:").code, 0);
    let triage = &incident(at, BOB)["triage"];
    assert_eq!((&triage["status"], &triage["note"]), (&before["status"], &json!(note)));
    assert!(listed(at, &[]).contains(&BOB.to_owned()));
    let audit = run_in(at, &["audit", "kept", "--format", "json"]).json();
    let statuses: Vec<_> =
        audit["audit"].as_array().unwrap().iter().map(|entry| entry["after"].clone()).collect();
    assert_eq!(statuses.len(), 3, "{statuses:?}");
}

#[test]
fn the_plan_that_is_told_is_printed() {
    let folder = kept();
    let page = run_in(folder.path(), &["incidents", "kept", "a7"]);
    let plan = run_told(folder.path(), &page, "Plan:");
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    assert!(plan.stdout.contains(&format!("Response to incident {BOB}")), "{}", plan.stdout);
}

#[test]
fn what_is_dealt_with_comes_back_when_it_rises() {
    let folder = kept();
    let at = folder.path();
    let n_open = listed(at, &[]).len();
    let resolve = ["triage", "kept", BOB, "--status", "resolved", "--reason", "rotated"];
    assert_eq!(run_in(at, &resolve).code, 0);
    assert_eq!(listed(at, &[]).len(), n_open - 1);
    assert_eq!(listed(at, &["--all"]).len(), n_open);
    let head = |more: &[&str]| run_in(at, &[&["incidents", "kept"], more].concat()).stdout;
    assert!(head(&[]).starts_with("5 open incidents, 1 of them dealt with; --all lists"));
    assert!(head(&["--all"]).starts_with("5 open incidents, 1 of them dealt with. As of"));
    let mut store = Store::open(&at.join("kept")).unwrap();
    let entry = HistoryEntry {
        at: 0,
        as_of: store.as_of().unwrap().unwrap(),
        incident: BOB.to_owned(),
        finding: None,
        what: What::Rose,
        severity: Severity::Critical,
        was: Some(Severity::High),
        because: "one more hop".to_owned(),
    };
    let kept = Kept { as_of: entry.as_of, history: vec![entry], ..Kept::default() };
    store.commit(&Commit { at: AT + 1, kept: Some(&kept), ..Commit::default() }).unwrap();
    assert!(listed(at, &[]).contains(&BOB.to_owned()));
    let page = incident(at, BOB);
    assert_eq!((&page["has_news"], &page["status"]), (&json!(true), &json!("resolved")));
    let change = page["history"].as_array().unwrap().last().unwrap();
    assert_eq!((&change["what"], &change["was"]), (&json!("rose"), &json!("high")));
    let page = run_in(at, &["incidents", "kept", BOB]).stdout;
    assert!(page.contains("It rose, came back or has another finding since."), "{page}");
}

#[test]
fn withdrawn_incidents_are_listed_only_with_all_and_fail_nothing() {
    let folder = kept();
    let at = folder.path();
    let fail_on = |more: &[&str]| {
        run_in(at, &[&["incidents", "kept", "--fail-on", "critical"], more].concat()).code
    };
    assert_eq!((fail_on(&[]), fail_on(&["--all"])), (3, 3));
    let mut store = Store::open(&at.join("kept")).unwrap();
    let withdrawn = |mut row: IncidentRow| {
        row.state = FindingState::Withdrawn;
        row
    };
    let rows = store.incidents(store::IncidentQuery::default()).unwrap();
    let n_incidents = rows.len();
    let kept = Kept {
        as_of: store.as_of().unwrap().unwrap(),
        incidents: rows.into_iter().map(withdrawn).collect(),
        ..Kept::default()
    };
    store.commit(&Commit { at: AT + 1, kept: Some(&kept), ..Commit::default() }).unwrap();
    assert_eq!((listed(at, &[]).len(), listed(at, &["--all"]).len()), (0, n_incidents));
    assert_eq!((fail_on(&[]), fail_on(&["--all"])), (0, 0));
    assert!(run_in(at, &["incidents", "kept"]).stdout.starts_with("0 open incidents."));
}

#[test]
fn a_suppression_says_how_many_incidents_it_mutes() {
    let folder = kept();
    let at = folder.path();
    let suppress = |scope: [&str; 2], more: &[&str]| {
        let by = ["--for", "8h", "--owner", "bob", "--reason", "known"];
        let ran = run_in(at, &[&["suppress", "kept"], &scope[..], &by, more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran
    };
    let is_muted = || incident(at, BOB)["is_muted"] == json!(true);
    let narrow = suppress(["--incident", "a75d"], &["--detector", "role_chaining"]);
    assert!(narrow.stdout.contains("0 open incidents are muted"), "{}", narrow.stdout);
    assert!(!is_muted());
    let page = run_in(at, &["incidents", "kept", BOB]).stdout;
    assert!(page.contains("not all of its findings are covered"), "{page}");
    let rest =
        suppress(["--origin", "AKIAPUBLISHEREXAMPLE"], &["--detector", "chain_to_persistence"]);
    assert!(rest.stdout.contains("1 open incident is muted"), "{}", rest.stdout);
    assert!(is_muted());
    assert_eq!(incident(at, BOB)["suppressions"].as_array().unwrap().len(), 2);
    let end = ["suppress", "kept", "--end", "1", "--reason", "over", "--who", "carol"];
    assert_eq!(run_in(at, &end).stdout, "Suppression 1 was ended by carol.\n");
    assert!(!is_muted());
    // It says what the whole name of the incident is.
    let all = run_in(at, &["suppressions", "kept", "--format", "json"]).json();
    let first = &all["suppressions"][1];
    assert_eq!((&first["value"], &first["state"]), (&json!(BOB), &json!("ended")));
    let lines = |more: &[&str]| {
        let wide = ["suppressions", "kept", "--width", "200"];
        run_in(at, &[&wide, more].concat()).stdout.lines().count()
    };
    assert_eq!((lines(&[]), lines(&["--all"])), (2, 3));
}

#[test]
fn wrong_usage_is_code_2_and_what_is_refused_is_code_1() {
    let folder = kept();
    let triage = ["triage", "kept", BOB];
    let suppress = ["suppress", "kept", "--reason", "a", "--owner", "b", "--for", "8h"];
    for (begin, more) in [
        (&triage[..], &["--reason", "a"][..]),
        (&triage, &["--status", "resolved"]),
        (&triage, &["--status", "closed", "--reason", "a"]),
        (&triage, &[]),
        (&suppress, &[]),
        (&suppress, &["--account", "1234"]),
        (&suppress, &["--account", "111122223333", "--role", "admin"]),
        (&suppress, &["--end", "1"]),
        (&suppress[..4], &["--role", "admin", "--for", "8h"]),
        (&suppress[..6], &["--role", "admin"]),
        (&suppress, &["--role", "admin", "--who", "alice"]),
        (&["incidents"], &[]),
        (&["incidents", "kept", BOB], &["--limit", "3"]),
        (&["store"], &[]),
        (&["store", "burn", "kept"], &[]),
    ] {
        let ran = run_in(folder.path(), &[begin, more].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{begin:?} {more:?}: {}", ran.stderr);
    }
    for (begin, more, part) in [
        (&triage[..2], &["zz", "--status", "resolved", "--reason", "a"][..], "no incident"),
        (&suppress, &["--role", "admin", "--detector", "magic"], "no detector `magic`"),
        (&suppress, &["--incident", "zz"], "no incident"),
        (&suppress[..6], &["--role", "admin", "--for", "1y"], "not a duration"),
        (&suppress[..6], &["--role", "admin", "--for", "0h"], "within a year"),
        (&["audit", "nothing"], &[], "`nothing` is no store"),
    ] {
        let ran = run_in(folder.path(), &[begin, more].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{more:?}");
        assert!(ran.stderr.contains(part), "{more:?}: {}", ran.stderr);
    }
    assert!(!folder.path().join("nothing").exists());
    let audit = run_in(folder.path(), &["audit", "kept"]);
    assert_eq!(audit.stdout, "Nobody has changed anything.\n");
}

#[test]
fn nobody_changes_anything_without_a_name() {
    let folder = kept();
    let arguments = ["triage", "kept", BOB, "--status", "resolved", "--reason", "a"];
    let mut command = crate::running::command(&arguments);
    for name in ["SUDO_USER", "USER", "LOGNAME", "USERNAME"] {
        command.env_remove(name);
    }
    let nobody = ran(command.current_dir(folder.path()));
    assert_eq!(nobody.code, 1);
    assert!(nobody.stderr.contains("--who"), "{}", nobody.stderr);
    // Whoever became another user first is who they were.
    let sudo = ran(command.env("USER", "root").env("SUDO_USER", "carol"));
    assert_eq!(sudo.code, 0);
    assert_eq!(incident(folder.path(), BOB)["triage"]["who"], "carol");
}

/// Whatever logs and people wrote, nothing reaches a terminal that it would obey.
#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    let folder = kept();
    let at = folder.path();
    let hostile = "\u{1b}[2J\u{202e}x\u{9b}31m\u{7}\n$(reboot)<script>";
    let mut store = Store::open(&at.join("kept")).unwrap();
    let mut row = store.incident(BOB).unwrap().unwrap();
    let mut finding = store.findings_of(BOB).unwrap().remove(0);
    (row.title, row.origin) = (hostile.to_owned(), hostile.to_owned());
    finding.document = json!({"title": hostile, "account_id": hostile}).to_string();
    let entry = HistoryEntry {
        at: 0,
        as_of: row.last_seen,
        incident: BOB.to_owned(),
        finding: Some(hostile.to_owned()),
        what: What::Grew,
        severity: Severity::Low,
        was: None,
        because: hostile.to_owned(),
    };
    let alerts = [store::NewAlert {
        sink: hostile.to_owned(),
        kind: hostile.to_owned(),
        ..store.alerts_of(BOB).unwrap().remove(0).alert
    }];
    let kept = Kept {
        as_of: row.last_seen,
        findings: vec![finding],
        incidents: vec![row],
        history: vec![entry],
    };
    let objects = [store::ObjectDone { source: hostile.to_owned(), ..Default::default() }];
    let commit = Commit {
        at: AT,
        kept: Some(&kept),
        alerts: &alerts,
        objects: &objects,
        ..Commit::default()
    };
    store.commit(&commit).unwrap();
    let sent = store.waiting(hostile).unwrap().remove(0);
    store.failed(sent.id, hostile, AT).unwrap();
    drop(store);
    let by = ["--reason", hostile, "--owner", hostile, "--for", "8h"];
    let triage = ["--status", "resolved", "--reason", hostile, "--note", hostile, "--who", hostile];
    for arguments in [
        [&["triage", "kept", BOB], &triage[..]].concat(),
        [&["triage", "kept", BOB], &["--note", "plain"][..]].concat(),
        [&["suppress", "kept", "--origin", hostile], &by[..]].concat(),
        vec!["incidents", "kept", "--all"],
        vec!["incidents", "kept", "--all", "--width", "200"],
        vec!["incidents", "kept", "--all", "--format", "json"],
        vec!["incidents", "kept", BOB],
        vec!["incidents", "kept", BOB, "--format", "json"],
        vec!["suppressions", "kept"],
        vec!["suppressions", "kept", "--format", "json"],
        vec!["audit", "kept"],
        vec!["audit", "kept", "--format", "json"],
        vec!["store", "show", "kept"],
        vec!["store", "show", "kept", "--format", "json"],
        vec!["incidents", "kept", hostile],
    ] {
        let ran = run_in(at, &arguments);
        let said = ran.stdout + &ran.stderr;
        let is_obeyed = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!said.contains(is_obeyed), "{arguments:?}: {said:?}");
        assert!(
            said.contains("$(reboot)") || arguments.contains(&"plain"),
            "{arguments:?}: {said}"
        );
    }
}

/// What `rolecall store NAME` says of the store in `folder`.
fn of_store(folder: &Path, name: &str) -> Ran {
    run_in(folder, &["store", name, "kept", "--format", "json"])
}

#[test]
fn a_store_is_shown_and_checked() {
    let folder = kept();
    let at = folder.path();
    let (shown, checked) = (of_store(at, "show"), of_store(at, "check"));
    assert_eq!((shown.code, checked.code), (0, 0));
    let (size, health) = (shown.json(), checked.json());
    assert_eq!(health["faults"], json!([]));
    assert_eq!((&size["objects"], &size["objects"]), (&health["objects"], &json!(16)));
    assert_eq!(size["sinks"], json!([{"name": "pager", "waiting": 5, "parked": 0}]));
    assert_eq!(size["sources"], json!([{"name": "logs", "objects": 16}]));
    assert_eq!(size["open"][0], json!({"severity": "critical", "incidents": 1}));
    let text = run_in(at, &["store", "show", "kept"]).stdout;
    for part in ["On disk", "Evidence", "Incidents", "logs", "pager", "newest event"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_store_is_compacted_where_nobody_else_writes_evidence() {
    let folder = kept();
    let at = folder.path();
    let store = at.join("kept");
    drop(crate::stores::add(&store, &crate::running::fixtures(), "chain_to_persistence"));
    let held = Store::open(&store).unwrap();
    let refused = run_in(at, &["store", "compact", "kept"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(refused.stderr.contains("in use"), "{}", refused.stderr);
    assert_eq!((of_store(at, "check").code, of_store(at, "show").code), (0, 0));
    drop(held);
    assert!(of_store(at, "show").json()["segments"].as_u64().unwrap() > 1);
    let compacted = run_in(at, &["store", "compact", "kept"]);
    assert_eq!(compacted.code, 0, "{}", compacted.stderr);
    assert!(compacted.stdout.contains("in 1 segment, from "), "{}", compacted.stdout);
    assert_eq!(of_store(at, "show").json()["segments"], 1);
    let missing = run_in(at, &["store", "compact", "missing"]);
    assert_eq!(missing.code, 1);
    assert!(!at.join("missing").exists());
}

#[test]
fn a_damaged_store_is_code_4_with_what_is_damaged() {
    let folder = kept();
    let at = folder.path();
    let database = at.join("kept/rolecall.sqlite");
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[4_096..middle].fill(0x5a);
    fs::write(&database, bytes).unwrap();
    let ran = run_in(at, &["store", "check", "kept"]);
    assert_eq!(ran.code, 4, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.starts_with("The store is damaged"), "{}", ran.stdout);
    fs::write(&database, "this is no database\n".repeat(500)).unwrap();
    let ran = run_in(at, &["store", "check", "kept", "--format", "json"]);
    assert_eq!((ran.code, ran.json()["faults"].as_array().unwrap().len()), (4, 1));
}
