//! Large scans stay readable, name what they leave out, and grow in proportion.

use detect::{Analysis, Edge, EdgeKind, Finding, Graph, Incident, Node, NodeKind, Severity};
use report::{Scan, Style, html, json, table};

use crate::bob;

const STYLE: Style = Style { color: false, width: 100, all: false };

fn scan_of<T>(analysis: &Analysis, written: impl Fn(&Scan<'_>) -> T) -> T {
    let coverage = bob::coverage();
    written(&Scan { analysis, coverage: &coverage, version: "0.1.0" })
}

fn many(number: usize) -> Analysis {
    let small = bob::analysis();
    let finding = |at: usize| Finding { id: format!("f{at}"), ..small.findings[0].clone() };
    let incident = |at: usize| Incident {
        id: format!("i{at}"),
        findings: vec![format!("f{at}")],
        ..small.incidents[0].clone()
    };
    Analysis {
        findings: (0..number).map(finding).collect(),
        incidents: (0..number).map(incident).collect(),
        ..small
    }
}

/// A path of `hops` hops in one incident.
fn long(hops: u32) -> Analysis {
    let mut analysis = bob::analysis();
    let chain = analysis.findings[1].chain.as_mut().unwrap();
    chain.hops = hops;
    chain.roles = (1..=hops)
        .map(|number| {
            bob::hop(number, "222233334444", &format!("role-{number}"), "ASIAQNZGKIQY5CIDEPLO")
        })
        .collect();
    let template = &analysis.incidents[0].graph;
    let node = |rank: u32| Node {
        id: rank.to_string(),
        kind: NodeKind::RoleSession,
        rank,
        ..template.nodes[0].clone()
    };
    let edge = |hop: u32| Edge {
        from: (hop - 1).to_string(),
        to: hop.to_string(),
        kind: EdgeKind::AssumedRole,
        hop,
        ..template.edges[0].clone()
    };
    analysis.incidents[0].graph = Graph {
        nodes: (0..=hops).map(node).collect(),
        edges: (1..=hops).map(edge).collect(),
        folded: 0,
    };
    analysis
}

#[test]
fn a_path_of_a_thousand_hops_loses_its_middle_and_says_so() {
    let analysis = long(1_000);
    let text = scan_of(&analysis, |scan| table(scan, &STYLE));
    assert!(text.contains("… 988 hops …"), "{text}");
    assert!(text.contains("role-6 ") && text.contains("role-995 ") && !text.contains("role-500"));
    let page = scan_of(&analysis, html);
    assert!(page.contains("… 977 nodes …"));
    assert!(page.contains("Showing 24 of 1,001 nodes."));
    assert!(page.matches("class=\"node").count() < 40);
}

#[test]
fn hops_that_the_analysis_left_out_are_a_gap() {
    let mut analysis = long(40);
    let chain = analysis.findings[1].chain.as_mut().unwrap();
    chain.roles.retain(|hop| hop.hop <= 2 || hop.hop >= 39);
    let text = scan_of(&analysis, |scan| table(scan, &STYLE));
    assert!(text.contains("… 36 hops …"), "{text}");
}

#[test]
fn a_page_shows_the_gravest_incidents_and_counts_the_rest() {
    let page = scan_of(&many(1_200), html);
    assert_eq!(page.matches("<article").count(), 100);
    assert!(
        page.contains("1100 more are not") && page.contains("200 more incidents are not listed")
    );
    assert!(page.len() < 8_000_000, "{} bytes", page.len());
    let text = scan_of(&many(1_200), |scan| table(scan, &STYLE));
    assert!(text.contains("… and 1,150 more incidents; --all shows them"), "{text}");
    assert!(text.contains("… and 1,190 more incidents; --all shows them"));
}

#[test]
fn a_scan_document_grows_in_proportion_to_its_findings() {
    let length = |number: usize| scan_of(&many(number), json).len();
    let (empty, one, hundred) = (length(0), length(1), length(100));
    let each = one - empty;
    assert!(hundred <= empty + 100 * (each + 8), "{empty} {one} {hundred}");
}

#[test]
fn access_stays_on_the_page_when_lasting_changes_do_not_fit() {
    let mut analysis = bob::analysis();
    let finding = analysis.findings.iter_mut().find(|f| !f.left_behind.is_empty()).unwrap();
    let template = finding.left_behind[0].clone();
    let left = |at: usize| detect::LeftBehind {
        name: format!("thing-{at}").into(),
        is_access: at == 99,
        ..template.clone()
    };
    finding.left_behind = (0..100).map(left).collect();
    let text = scan_of(&analysis, |scan| table(scan, &STYLE));
    assert!(text.contains("thing-99"), "{text}");
    assert!(!text.contains("thing-98"), "{text}");
    assert!(text.contains("80 more lasting changes"), "{text}");
    assert!(scan_of(&analysis, html).contains("thing-99"));
}

#[test]
fn ranks_that_a_log_could_make_absurd_do_not_stretch_the_picture() {
    let mut analysis = bob::analysis();
    let graph = &mut analysis.incidents[0].graph;
    graph.nodes[1].rank = u32::MAX;
    graph.edges.push(Edge {
        from: graph.nodes[1].id.clone(),
        to: graph.nodes[1].id.clone(),
        ..graph.edges[0].clone()
    });
    let page = scan_of(&analysis, html);
    let view = page.split("viewBox=\"0 0 ").find(|rest| rest.contains("class=\"node")).unwrap();
    let width: u32 = view.split(' ').next().unwrap().parse().unwrap();
    assert!(width < 3_000, "{width}");
}

#[test]
fn habits_are_told_once() {
    let mut analysis = many(30);
    for (finding, incident) in analysis.findings.iter_mut().zip(&mut analysis.incidents) {
        finding.habit = Some("the same pipeline".to_owned());
        finding.severity = Severity::Low;
        incident.habit = finding.habit.clone();
    }
    let text = scan_of(&analysis, |scan| table(scan, &STYLE));
    assert_eq!(text.matches("the same pipeline").count(), 1, "{text}");
    assert!(text.contains("30 incidents, 30 findings"), "{text}");
    let page = scan_of(&analysis, html);
    assert_eq!(page.matches("the same pipeline").count(), 1);
    assert_eq!(page.matches("<article").count(), 0);
}

#[test]
fn the_arrows_of_a_fan_bear_their_number_alone() {
    let mut analysis = bob::analysis();
    let graph = &mut analysis.incidents[0].graph;
    for number in 0..9 {
        let id = format!("fan-{number}");
        let card = Node { id: id.clone(), rank: 2, ..graph.nodes[1].clone() };
        let arrow = Edge { to: id, ..graph.edges[2].clone() };
        graph.nodes.push(card);
        graph.edges.push(arrow);
    }
    let page = scan_of(&analysis, html);
    assert_eq!(page.matches(">2</text>").count(), 10);
    assert!(page.contains("2 · AssumeRole · hop 2 · "), "the pop-up keeps the words");
}

#[test]
fn a_column_without_room_draws_groups_and_deep_hops_first() {
    let mut analysis = bob::analysis();
    let graph = &mut analysis.incidents[0].graph;
    for number in 0..30 {
        let id = format!("leaf-{number:02}");
        graph.nodes.push(Node { id: id.clone(), label: id, ..graph.nodes[1].clone() });
    }
    let label = "30 more sessions".to_owned();
    let kind = NodeKind::Group;
    graph.nodes.push(Node { id: "group".into(), label, kind, ..graph.nodes[1].clone() });
    let page = scan_of(&analysis, html);
    assert!(page.contains(">30 more sessions</text>") && page.contains(">ci-deploy</text>"));
    assert!(page.contains(">leaf-00</text>") && !page.contains(">leaf-29</text>"));
}
