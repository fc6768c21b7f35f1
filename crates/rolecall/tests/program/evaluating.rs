//! `evaluate`: every form from one small organization, the same numbers in each, and usage.

use crate::running::run;

/// One organization, as short as an attack that takes its time allows.
const SMALL: [&str; 8] =
    ["evaluate", "--styles", "startup", "--seeds", "1", "--days", "3", "--quiet"];

#[test]
fn a_small_evaluation_says_the_same_in_every_form() {
    let form = |format: &str| {
        let ran = run(&[&SMALL[..], &["--format", format]].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        ran
    };
    let document = form("json").json();
    assert_eq!(document["schema"], "rolecall.evaluation/1");
    let organizations = document["organizations"].as_array().unwrap();
    assert_eq!(organizations.len(), 1);
    let attacks = organizations[0]["attacks"].as_array().unwrap();
    assert_eq!(attacks.len(), 8);
    assert!(attacks.iter().any(|attack| attack["found"] == true));
    let cells = document["cells"].as_array().unwrap();
    let whole = &cells[0];
    assert_eq!(whole["source"], "rolecall");
    assert_eq!(whole["attacks"], 8);
    assert_eq!(whole["benign_events"], organizations[0]["benign_events"]);
    let n_found = attacks.iter().filter(|attack| attack["found"] == true).count();
    assert_eq!(whole["found"], n_found);

    let recall = format!("{:.1} %", whole["recall"].as_f64().unwrap() * 100.0);
    let table = form("table").stdout;
    for title in ["All organizations", "By style", "By stealth", "By attack (rolecall)"] {
        assert!(table.contains(title), "{table}");
    }
    let line = table.lines().find(|line| line.trim_start().starts_with("rolecall ")).unwrap();
    assert!(line.contains(&recall), "{line}");
    for rule in ["hop count", "new role pair", "first-use lock", "all single-event rules"] {
        assert!(table.contains(rule), "{rule}");
    }
    assert_eq!(form("table").stdout, table, "the same again");
}

#[test]
fn what_does_not_exist_is_wrong_usage() {
    for wrong in [["--styles", "medieval"], ["--seeds", "5-1"], ["--seeds", "one"]] {
        let ran = run(&[&["evaluate"], &wrong[..]].concat());
        assert_eq!(ran.code, 2, "{wrong:?}");
    }
    assert!(run(&["evaluate", "--styles", "medieval"]).stderr.contains("container_heavy"));
}
