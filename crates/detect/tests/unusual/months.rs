//! What months of sessions come to.

use cloudtrail::Timestamp;
use detect::{Accepted, Analysis, Color, Finding, Graph, NodeKind, Settings, Severity, analyze};

use crate::writing::{Actor, Log, PIPELINE, STRANGER, morning};

const PATH: [&str; 2] = ["hub", "deployer"];

const READ: [(&str, &str); 2] = [("s3", "ListBuckets"), ("cloudformation", "DescribeStacks")];

/// Two months of a pipeline that takes two roles in a row each day.
fn pipeline(days: i64) -> Log {
    let mut log = Log::default();
    for day in 0..days {
        log.walk(morning(day), PIPELINE, &PATH, &READ);
    }
    log
}

fn of_day(analysis: &Analysis, day: i64) -> impl Iterator<Item = &Finding> {
    let on = Timestamp(morning(day)).day();
    analysis.findings.iter().filter(move |finding| finding.first_seen.day() == on)
}

fn gravest(analysis: &Analysis, day: i64) -> Severity {
    of_day(analysis, day).map(|finding| finding.severity).max().unwrap_or_default()
}

#[test]
fn the_daily_path_of_a_pipeline_is_orange_and_ranks_low() {
    let analysis = analyze(&pipeline(60).evidence, Settings::default());
    for day in 0..60 {
        let chains = of_day(&analysis, day).filter(|finding| finding.detector == "role_chaining");
        let chains: Vec<&Finding> = chains.collect();
        assert_eq!(chains.len(), 1, "day {day}");
        assert_eq!(chains[0].chain.as_ref().unwrap().color, Color::Orange);
        assert!(gravest(&analysis, day) < Severity::Medium, "day {day}");
    }
}

#[test]
fn the_same_path_by_another_origin_is_medium_on_its_first_day() {
    let mut log = pipeline(60);
    log.walk(morning(60), STRANGER, &PATH, &READ);
    let analysis = analyze(&log.evidence, Settings::default());
    let medium: Vec<&Finding> =
        of_day(&analysis, 60).filter(|one| one.severity >= Severity::Medium).collect();
    assert!(medium.iter().any(|one| one.detector == "role_chaining"));
    let unusual = medium.iter().find(|one| one.detector == "unusual_use").unwrap();
    assert!(unusual.reason.contains("seen in 0 of 54 sessions of this role"), "{}", unusual.reason);
    assert!(gravest(&analysis, 59) < Severity::Medium);
}

/// A month in which somebody uses the pipeline's own key from elsewhere each day.
fn thefts(actor: Actor, roles: &[&str]) -> Log {
    let mut log = pipeline(90);
    for day in 60..90 {
        log.walk(
            morning(day) + 7 * 3_600,
            actor,
            roles,
            &[("iam", "ListUsers"), ("kms", "ListKeys")],
        );
    }
    log
}

#[test]
fn a_thief_who_comes_back_for_a_month_is_found_on_each_day() {
    let stolen = Actor { user: PIPELINE.user, ..STRANGER };
    for (actor, roles) in [(stolen, &PATH[..]), (STRANGER, &PATH[..]), (STRANGER, &PATH[..1])] {
        let analysis = analyze(&thefts(actor, roles).evidence, Settings::default());
        for day in 60..90 {
            let mut unusual = of_day(&analysis, day).filter(|one| one.detector == "unusual_use");
            let is_found = unusual.any(|one| one.severity >= Severity::Medium);
            assert!(is_found, "{} on day {day}", actor.user);
        }
    }
}

#[test]
fn a_decision_holds_until_it_ends_and_is_shown() {
    let log = thefts(STRANGER, &PATH);
    let accepted = [Accepted {
        origin: "arn:aws:iam::111122223333:user/mallory".into(),
        path: PATH.map(String::from).into(),
        reason: "our new pipeline".into(),
        owner: "alice".into(),
        expires: Timestamp(morning(75)),
    }];
    let settings = Settings { accepted: &accepted, ..Settings::default() };
    let analysis = analyze(&log.evidence, settings);
    for day in 60..75 {
        assert_eq!(gravest(&analysis, day), Severity::Informational, "day {day}");
        assert!(of_day(&analysis, day).any(|one| one.reason.contains("alice: our new pipeline")));
    }
    for day in 75..90 {
        assert!(gravest(&analysis, day) >= Severity::Medium, "day {day}");
    }
    // Roles by their ARNs, with a path, of whichever partition.
    let arns = [
        "arn:aws:iam::111122223333:role/ci/hub".into(),
        "arn:aws-us-gov:iam::111122223333:role/deployer".into(),
    ];
    let by_arn = [Accepted { path: arns.into(), ..accepted[0].clone() }];
    let settings = Settings { accepted: &by_arn, ..Settings::default() };
    assert_eq!(gravest(&analyze(&log.evidence, settings), 60), Severity::Informational);
    let foreign = PATH.map(|role| format!("arn:aws:iam::444455556666:role/{role}"));
    let foreign = [Accepted { path: foreign.into(), ..accepted[0].clone() }];
    let settings = Settings { accepted: &foreign, ..Settings::default() };
    assert!(gravest(&analyze(&log.evidence, settings), 60) >= Severity::Medium);
    let elsewhere = [Accepted { path: vec!["hub".into()], ..accepted[0].clone() }];
    let settings = Settings { accepted: &elsewhere, ..Settings::default() };
    assert!(gravest(&analyze(&log.evidence, settings), 60) >= Severity::Medium);
}

#[test]
fn the_whole_graph_has_every_tree_of_an_origin() {
    let log = pipeline(30);
    let sessions = |graph: &Graph| {
        graph.nodes.iter().filter(|node| node.kind == NodeKind::RoleSession).count()
    };
    let settings = Settings { whole_graphs: true, ..Settings::default() };
    let analysis = analyze(&log.evidence, settings);
    let incident = &analysis.incidents[0];
    assert_eq!(sessions(&analysis.graphs[&incident.id]), 60);
    assert!(sessions(&incident.graph) <= 24);
    // Nobody else asks for it.
    assert!(analyze(&log.evidence, Settings::default()).graphs.is_empty());
}

#[test]
fn a_higher_threshold_lowers_and_hides_nothing() {
    let log = thefts(STRANGER, &PATH[..1]);
    let usual = analyze(&log.evidence, Settings::default());
    let settings = Settings { unusual_threshold: Some(60 * 16), ..Settings::default() };
    let raised = analyze(&log.evidence, settings);
    assert!(gravest(&usual, 60) >= Severity::Medium);
    assert_eq!(gravest(&raised, 60), Severity::Low);
    assert!(of_day(&raised, 60).any(|one| one.reason.contains("Medium takes 60.0 bits here.")));
}
