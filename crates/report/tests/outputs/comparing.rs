//! Comparisons of documents made by hand.

use report::{Style, compare, comparison_json, comparison_text, json};
use serde_json::{Value, json as value};

use crate::bob;

const STYLE: Style = Style { color: false, width: 80, all: false };

/// A document with `findings`.
fn document(findings: &[Value]) -> Value {
    value!({
        "schema": "rolecall.scan/1", "as_of": "2026-10-18T00:00:00Z",
        "coverage": {"events": 9, "first_event": "2026-10-17T00:00:00Z"},
        "incidents": [], "findings": findings,
    })
}

fn finding(id: &str, severity: &str) -> Value {
    value!({
        "id": id, "detector": "role_chaining", "severity": severity, "title": "A chain",
        "first_seen": "2026-10-17T10:00:00Z", "last_seen": "2026-10-17T10:08:00Z",
        "chain": {"hops": 2, "branches": []}, "evidence": [{}],
    })
}

fn stolen() -> Value {
    let mut stolen = finding("stolen", "high");
    stolen["elsewhere"] = value!({"home": [], "foreign": [{"addresses": ["198.51.100.7"]}]});
    stolen
}

fn ids(changes: &[report::Change]) -> Vec<&str> {
    changes.iter().map(|change| change.id.as_str()).collect()
}

#[test]
fn every_finding_is_in_one_list_or_counted_as_unchanged() {
    let mut grown = finding("grew", "low");
    grown["chain"]["hops"] = value!(4);
    grown["evidence_left_out"] = value!(7);
    let before = document(&[
        finding("same", "low"),
        finding("grew", "low"),
        finding("rose", "medium"),
        finding("fell", "high"),
        finding("gone", "low"),
    ]);
    let after = document(&[
        finding("same", "low"),
        grown,
        finding("rose", "critical"),
        finding("fell", "low"),
        finding("new", "low"),
        finding("newer", "high"),
    ]);
    let comparison = compare(&before, &after);
    assert_eq!(ids(&comparison.new), ["newer", "new"], "gravest first");
    assert_eq!(ids(&comparison.rose), ["rose"]);
    assert_eq!(ids(&comparison.grew), ["grew"]);
    assert_eq!(ids(&comparison.fell), ["fell"]);
    assert_eq!(ids(&comparison.withdrawn), ["gone"]);
    assert_eq!(comparison.unchanged, 1);
    assert_eq!(comparison.grew[0].because, ["2 more hops", "7 more events"]);
    assert_eq!(comparison.withdrawn[0].because, ["the events that explain it arrived"]);
    assert_eq!(comparison.gravest(), Some(detect::Severity::Critical));
    crate::golden::check("comparison_80", &comparison_text(&comparison, &STYLE));
    crate::golden::check("comparison_json", &comparison_json(&comparison));
}

#[test]
fn a_withdrawn_theft_is_explained_by_what_is_known_now() {
    let because = "the instance's own address, by AssociateAddress at 2026-10-17T08:58:00Z";
    let known = |incident: Value| {
        let mut after = document(&[]);
        after["incidents"] = incident;
        compare(&document(&[stolen()]), &after).withdrawn.swap_remove(0).because
    };
    let address = value!([{"address": "198.51.100.7", "because": because}]);
    assert_eq!(
        known(value!([{"background": {"addresses": address}}])),
        [format!("198.51.100.7 is now known as its own: {because}")]
    );
    assert_eq!(known(value!([])), ["the events that explain it arrived"]);
    let mut other = finding("other", "low");
    other["elsewhere"] = value!({"home": [{"addresses": ["198.51.100.7"], "because": because}]});
    let withdrawn = compare(&document(&[stolen()]), &document(&[other])).withdrawn;
    assert!(withdrawn[0].because[0].contains(because));
}

#[test]
fn what_the_user_knows_explains_a_withdrawn_theft() {
    let notes = |before: Value, after: Value| {
        let (mut earlier, mut later) = (document(&[stolen()]), document(&[]));
        (earlier["coverage"]["notes"], later["coverage"]["notes"]) = (before, after);
        compare(&earlier, &later).withdrawn.swap_remove(0).because
    };
    let vpn = value!({"source": "vpn", "text": "own way out by 198.51.100.0/24", "records": 0});
    let of_records = value!({"source": "log", "text": "no responses", "records": 3});
    assert_eq!(
        notes(value!([]), value!([vpn, of_records])),
        ["the later scan goes by more: own way out by 198.51.100.0/24 (vpn)"]
    );
    let nothing = ["the events that explain it arrived"];
    assert_eq!(notes(value!([vpn]), value!([vpn])), nothing);
    assert_eq!(notes(value!([vpn]), value!([])), nothing);
}

#[test]
fn the_addresses_behind_an_endpoint_are_those_of_any_network() {
    let mut through = stolen();
    through["elsewhere"]["foreign"][0]["vpc_endpoint_id"] = value!("vpce-1");
    let known = |address: &str| {
        let mut after = document(&[]);
        let addresses = value!([{"address": address, "because": "known"}]);
        after["incidents"] = value!([{"background": {"addresses": addresses}}]);
        compare(&document(std::slice::from_ref(&through)), &after).withdrawn[0].because.join("")
    };
    assert_eq!(known("vpce-1"), "vpce-1 is now known as its own: known");
    assert_eq!(known("198.51.100.7"), "the events that explain it arrived");
}

#[test]
fn a_later_document_of_other_events_explains_nothing() {
    let mut after = document(&[]);
    after["coverage"] = value!({"events": 2, "first_event": "2026-10-17T12:00:00Z"});
    let withdrawn = compare(&document(&[stolen()]), &after).withdrawn;
    let because = withdrawn[0].because.join("; ");
    assert!(because.contains("begins at 2026-10-17T12:00:00Z"), "{because}");
    assert!(because.contains("7 events fewer"), "{because}");
}

#[test]
fn documents_of_any_shape_are_compared() {
    let scan = bob::analysis();
    let coverage = bob::coverage();
    let whole = json(&report::Scan { analysis: &scan, coverage: &coverage, version: "0.1.0" });
    let whole: Value = serde_json::from_str(&whole).unwrap();
    for odd in [
        value!(null),
        value!([1, 2]),
        value!({"findings": 7, "incidents": "x", "coverage": []}),
        value!({"findings": [null, {"id": 7}, {"id": "x", "chain": 1, "elsewhere": []}]}),
    ] {
        assert_eq!(compare(&odd, &whole).new.len(), scan.findings.len(), "{odd}");
        assert_eq!(compare(&whole, &odd).withdrawn.len(), scan.findings.len(), "{odd}");
    }
    assert_eq!(compare(&whole, &whole).unchanged, scan.findings.len() as u64);
}

#[test]
fn hostile_documents_leave_as_text() {
    let text = "\u{1b}]52;c;x\u{7}<script>\u{202e}";
    let mut hostile = stolen();
    for field in ["id", "detector", "title", "first_seen", "last_seen"] {
        hostile[field] = value!(text);
    }
    hostile["elsewhere"]["foreign"][0]["addresses"][0] = value!(text);
    let mut after = document(&[]);
    after["as_of"] = value!(text);
    after["incidents"] =
        value!([{"background": {"addresses": [{"address": text, "because": text}]}}]);
    for comparison in [
        compare(&document(std::slice::from_ref(&hostile)), &after),
        compare(&after, &document(&[hostile])),
    ] {
        let shown = comparison_text(&comparison, &STYLE);
        let written = comparison_json(&comparison);
        for bad in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!shown.contains(bad) && !written.contains(bad));
        }
        assert!(written.contains("\\u001b") && !written.contains('<'));
    }
}
