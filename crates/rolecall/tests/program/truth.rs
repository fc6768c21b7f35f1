//! What was hidden in generated logs is found, and nothing else is called urgent.

use detect::DETECTORS;
use serde_json::Value;
use tempfile::TempDir;

use crate::running::run;

/// A week in which habits can form: the shortest that a person would judge.
const DAYS: &str = "7";

struct Organization {
    truth: Value,
    document: Value,
    _folder: TempDir,
}

fn organization(seed: &str) -> Organization {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("logs");
    let out = out.to_str().unwrap();
    assert_eq!(run(&["simulate", out, "--days", DAYS, "--seed", seed]).code, 0);
    let truth = std::fs::read_to_string(folder.path().join("logs/truth.json")).unwrap();
    let ran = run(&["scan", out, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    Organization {
        truth: serde_json::from_str(&truth).unwrap(),
        document: ran.json(),
        _folder: folder,
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Findings about an attack: an event of it is among their evidence.
fn findings_about<'a>(organization: &'a Organization, attack: &Value) -> Vec<&'a Value> {
    let is_about = |finding: &&Value| {
        list(&finding["evidence"])
            .any(|event| list(&attack["event_ids"]).any(|id| *id == event["event_id"]))
    };
    list(&organization.document["findings"]).filter(is_about).collect()
}

fn check_attack(organization: &Organization, attack: &Value) {
    let name = attack["name"].as_str().unwrap();
    let ours = |id: &&Value| DETECTORS.iter().any(|detector| **id == detector.id);
    let wanted: Vec<&Value> = list(&attack["detectors"]).filter(ours).collect();
    if wanted.is_empty() {
        return;
    }
    let about = findings_about(organization, attack);
    let found: Vec<&Value> =
        about.into_iter().filter(|finding| wanted.contains(&&finding["detector"])).collect();
    for id in &wanted {
        assert!(found.iter().any(|finding| finding["detector"] == **id), "{name}: no {id}");
    }
    let incidents: Vec<&Value> = list(&organization.document["incidents"])
        .filter(|incident| {
            list(&incident["findings"]).any(|id| found.iter().any(|f| f["id"] == *id))
        })
        .collect();
    let [incident] = incidents.as_slice() else {
        panic!("{name} is {} incidents", incidents.len());
    };
    assert_eq!(incident["color"], attack["color"], "{name}");
    assert_eq!(incident["origin"]["kind"], attack["origin"]["kind"], "{name}");
    check_chain(&found, attack, name);
    check_artifacts(&found, attack, name);
}

/// Keys and numbers of hops, in their order.
fn check_chain(found: &[&Value], attack: &Value, name: &str) {
    let chain: Vec<&Value> = list(&attack["chain"]).collect();
    if chain.is_empty() {
        return;
    }
    let is_whole = |finding: &&Value| {
        let hops: Vec<&Value> = list(&finding["chain"]["roles"]).collect();
        let same = |(hop, truth): (&&Value, &&Value)| {
            ["access_key_id", "role_arn", "role_session_name", "event_id", "event_time"]
                .iter()
                .all(|field| hop[*field] == truth[*field])
        };
        hops.len() == chain.len() && hops.iter().zip(&chain).all(same)
    };
    let whole = found.iter().copied().find(is_whole);
    let whole = whole.unwrap_or_else(|| panic!("{name}: no finding has the whole chain"));
    // Roles that alternate keep their number: only distinct ones count.
    let mut roles: Vec<&Value> = chain.iter().map(|hop| &hop["role_arn"]).collect();
    roles.sort_by_key(ToString::to_string);
    roles.dedup();
    assert_eq!(whole["chain"]["hops"], roles.len(), "{name}");
    assert_eq!(whole["chain"]["color"], attack["color"], "{name}");
    assert_eq!(whole["chain"]["at_least"], false, "{name}");
}

fn check_artifacts(found: &[&Value], attack: &Value, name: &str) {
    for artifact in list(&attack["artifacts"]) {
        let is_it = |left: &&Value| left["event_id"] == artifact["event_id"];
        let left = found.iter().flat_map(|finding| list(&finding["left_behind"])).find(is_it);
        let left = left.unwrap_or_else(|| panic!("{name}: {artifact} is missing"));
        assert_eq!(left["name"], artifact["name"], "{name}");
        assert_eq!(left.get("access_key_id"), artifact.get("access_key_id"), "{name}");
    }
}

/// Findings at medium or above that are about no attack.
fn false_alarms(organization: &Organization) -> Vec<String> {
    let attacks: Vec<&Value> = list(&organization.truth["attacks"]).collect();
    let is_urgent = |finding: &&Value| {
        ["medium", "high", "critical"].contains(&finding["severity"].as_str().unwrap())
    };
    let is_benign = |finding: &&Value| {
        !attacks.iter().any(|attack| {
            list(&finding["evidence"])
                .any(|event| list(&attack["event_ids"]).any(|id| *id == event["event_id"]))
        })
    };
    let urgent = list(&organization.document["findings"]).filter(is_urgent).filter(is_benign);
    urgent.map(|finding| format!("{}: {}", finding["severity"], finding["title"])).collect()
}

fn check(seed: &str) {
    let organization = organization(seed);
    let attacks: Vec<&Value> = list(&organization.truth["attacks"]).collect();
    // Five that every organization has, and five to seven thefts.
    assert!((10..=12).contains(&attacks.len()));
    for attack in attacks {
        check_attack(&organization, attack);
    }
    assert_eq!(false_alarms(&organization), [""; 0]);
    let coverage = &organization.document["coverage"];
    assert_eq!(coverage["events"], organization.truth["events"]);
    let leaked = list(&organization.truth["attacks"]).find(|a| a["name"] == "leaked_key_chain");
    let about = findings_about(&organization, leaked.unwrap());
    let is_its = |incident: &&Value| {
        list(&incident["findings"]).any(|id| about.iter().any(|finding| finding["id"] == *id))
    };
    let incidents: Vec<&Value> = list(&organization.document["incidents"]).filter(is_its).collect();
    assert_eq!(incidents.len(), 1, "one incident for the leaked key");
    assert_eq!(incidents[0]["severity"], "critical");
    assert_eq!(incidents[0]["color"], "red");
}

#[test]
fn the_attacks_on_the_first_organization_are_found() {
    check("1");
}

#[test]
fn the_attacks_on_the_second_organization_are_found() {
    check("2");
}

#[test]
fn the_attacks_on_the_third_organization_are_found() {
    check("3");
}

#[test]
fn an_organization_without_attacks_is_quiet() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("logs");
    let out = out.to_str().unwrap();
    assert_eq!(run(&["simulate", out, "--days", DAYS, "--seed", "4", "--benign"]).code, 0);
    assert_eq!(run(&["scan", out, "--fail-on", "medium"]).code, 0);
}
