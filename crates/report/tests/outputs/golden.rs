//! Written forms against files made for reading; `UPDATE_GOLDEN=1` rewrites them.

use std::fs;
use std::path::Path;

use report::{Coverage, Scan, Style, json, table, trace_json, trace_text};

use crate::bob;

const PLAIN_80: Style = Style { color: false, width: 80, all: false };

pub(crate) fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/{name}.golden"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == text, "{name} differs from its golden file; it is:\n{text}");
}

fn table_of(style: Style) -> String {
    let (analysis, coverage) = (bob::analysis(), bob::coverage());
    table(&Scan { analysis: &analysis, coverage: &coverage, version: "0.1.0" }, &style)
}

#[test]
fn the_table_tells_an_incident_on_80_columns() {
    check("table_80", &table_of(PLAIN_80));
}

#[test]
fn the_table_tells_an_incident_on_60_columns() {
    let style = Style { width: 60, ..PLAIN_80 };
    check("table_60", &table_of(style));
}

#[test]
fn the_table_tells_an_incident_on_140_columns_with_everything() {
    let style = Style { width: 140, all: true, ..PLAIN_80 };
    check("table_140_all", &table_of(style));
}

#[test]
fn the_table_paints_hops() {
    let style = Style { color: true, ..PLAIN_80 };
    let painted = table_of(style);
    check("table_80_color", &painted.replace('\u{1b}', "␛"));
    let mut bare = String::new();
    let mut is_code = false;
    for character in painted.chars() {
        is_code |= character == '\u{1b}';
        if !is_code {
            bare.push(character);
        }
        is_code &= character != 'm';
    }
    assert_eq!(bare, table_of(PLAIN_80), "paint changes the words");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [60, 72, 79, 80, 100, 129, 130, 200] {
        for all in [false, true] {
            let style = Style { color: false, width, all };
            let trace = trace_text(&bob::trace(), &style);
            for line in table_of(style).lines().chain(trace.lines()) {
                let columns = report::escape::columns(line);
                assert!(columns <= width, "{columns} > {width}: {line}");
                assert_eq!(line, line.trim_end(), "white space at the end");
            }
        }
    }
}

#[test]
fn nothing_found_is_said_with_what_was_looked_at() {
    let analysis =
        detect::Analysis { findings: Vec::new(), incidents: Vec::new(), ..bob::analysis() };
    let coverage = bob::coverage();
    let scan = Scan { analysis: &analysis, coverage: &coverage, version: "0.1.0" };
    check("table_nothing", &table(&scan, &PLAIN_80));
    assert!(report::html(&scan).contains("Absence of findings is not proof of absence"));
    let empty = detect::Analysis::default();
    let scan = Scan { analysis: &empty, coverage: &Coverage::default(), version: "0.1.0" };
    check("json_empty", &json(&scan));
    assert!(table(&scan, &PLAIN_80).contains("No events."));
}

#[test]
fn what_limits_left_out_is_said() {
    let bob = bob::analysis();
    let mut analysis = detect::Analysis { network_left_out: 1_234, uses_folded: 2, ..bob };
    analysis.unusual.n_left_out = 5_678;
    let coverage = bob::coverage();
    let scan = Scan { analysis: &analysis, coverage: &coverage, version: "0.1.0" };
    let text = "1,234 entries about networks, beyond a limit";
    assert!(table(&scan, &PLAIN_80).contains(text) && report::html(&scan).contains(text));
    assert!(json(&scan).contains("\"network_left_out\": 1234"));
    let text = "5,678 unusual sessions, beyond a limit";
    assert!(table(&scan, &PLAIN_80).contains(text) && report::html(&scan).contains(text));
    assert!(json(&scan).contains("\"unusual_left_out\": 5678"));
    let text = "addresses and clients of 2 credentials, beyond a limit";
    assert!(table(&scan, &PLAIN_80).contains(text) && report::html(&scan).contains(text));
    assert!(json(&scan).contains("\"uses_folded\": 2"));
}

#[test]
fn the_scan_document_has_the_fields_of_the_contract() {
    let (analysis, coverage) = (bob::analysis(), bob::coverage());
    let scan = Scan { analysis: &analysis, coverage: &coverage, version: "0.1.0" };
    check("json", &json(&scan));
}

#[test]
fn a_trace_is_told_and_written() {
    check("trace_80", &trace_text(&bob::trace(), &PLAIN_80));
    check("trace_json", &trace_json(&bob::trace()));
    check("trace_instance_80", &trace_text(&bob::workload::trace(), &PLAIN_80));
    check("trace_instance_json", &trace_json(&bob::workload::trace()));
}

#[test]
fn a_field_that_is_not_known_is_absent() {
    let mut analysis = bob::analysis();
    for finding in &mut analysis.findings {
        finding.account_id = None;
        finding.credential = detect::CredentialRef::default();
        finding.origin.access_key_id = None;
        finding.origin.principal_arn = None;
        finding.origin.account_id = None;
        finding.evidence.iter_mut().for_each(|event| event.event_id = None);
        for left in &mut finding.left_behind {
            (left.access_key_id, left.event_id, left.account_id) = (None, None, "".into());
        }
        for role in finding.chain.iter_mut().flat_map(|chain| &mut chain.roles) {
            (role.access_key_id, role.event_id) = (None, None);
            (role.role_session_name, role.source_ip_address) = ("".into(), "".into());
        }
    }
    for told in analysis.findings.iter_mut().filter_map(|finding| finding.elsewhere.as_mut()) {
        told.home.iter_mut().for_each(|home| home.event_id = None);
        for foreign in &mut told.foreign {
            (foreign.place, foreign.locality) = (detect::PlaceRef::default(), None);
            foreign.actions.iter_mut().for_each(|action| action.error_code = "".into());
        }
    }
    for incident in &mut analysis.incidents {
        let nothing = detect::Background { name: Some("".into()), ..Default::default() };
        incident.background = incident.background.as_ref().map(|_| nothing);
        incident.origin.subject = Some("".into());
        incident.graph.nodes.iter_mut().for_each(|node| node.first_seen = None);
        for edge in &mut incident.graph.edges {
            (edge.event_id, edge.event_time) = (None, None);
        }
    }
    (analysis.as_of, analysis.first_event) = (None, None);
    let scan = Scan { analysis: &analysis, coverage: &bob::coverage(), version: "0.1.0" };
    let document = json(&scan);
    assert!(!document.contains(": null") && !document.contains(": \"\""), "{document}");
    assert!(!document.contains("as_of") && document.contains("\"credential\": {}"));
    assert!(report::html(&scan).contains("No events."));
}
