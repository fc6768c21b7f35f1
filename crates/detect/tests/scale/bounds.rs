//! Deep, wide and round lineages.

use detect::limits::{BRANCHES_MAX, TRACE_STEPS_MAX};
use detect::{Color, Finding, Settings, trace};

use crate::writing::{Log, Session, session, user};

const DEEP: usize = 10_000;

fn alice() -> String {
    user("alice", "AKIAALICEXXXXEXAMPLE")
}

/// Sessions that each handed out the next one, with `role` at each place.
fn path(log: &mut Log, n_hops: usize, role: impl Fn(usize) -> String) -> Vec<Session> {
    let mut by = alice();
    let mut sessions = Vec::with_capacity(n_hops);
    for number in 0..n_hops {
        let session = session(role(number), number);
        log.assume(&by, &session);
        by = session.who();
        sessions.push(session);
    }
    sessions
}

fn only<'a>(findings: &'a [Finding], detector: &str) -> &'a Finding {
    let mut of_detector = findings.iter().filter(|finding| finding.detector == detector);
    let only = of_detector.next().unwrap();
    assert!(of_detector.next().is_none(), "one finding of {detector}");
    only
}

#[test]
fn ten_thousand_roles_in_a_row_are_one_chain() {
    let mut log = Log::default();
    path(&mut log, DEEP, |number| format!("r{number}"));
    let analysis = log.analysis();
    let chain = only(&analysis.findings, "role_chaining").chain.as_ref().unwrap();
    assert_eq!(chain.hops as usize, DEEP);
    assert_eq!(chain.chained_calls as usize, DEEP - 1);
    assert_eq!(chain.color, Color::Red);
}

#[test]
fn ten_thousand_renewals_are_two_roles() {
    let mut log = Log::default();
    path(&mut log, DEEP, |number| format!("r{}", number % 2));
    let analysis = log.analysis();
    let chain = only(&analysis.findings, "role_chaining").chain.as_ref().unwrap();
    assert_eq!((chain.hops, chain.color), (2, Color::Orange));
}

#[test]
fn ten_thousand_keys_in_a_circle_have_an_origin() {
    let mut log = Log::default();
    let sessions: Vec<Session> =
        (0..DEEP).map(|number| session(format!("r{number}"), number)).collect();
    for (number, session) in sessions.iter().enumerate() {
        let by = &sessions[(number + DEEP - 1) % DEEP];
        log.assume(&by.who(), session);
    }
    let analysis = log.analysis();
    let chain = only(&analysis.findings, "role_chaining").chain.as_ref().unwrap();
    assert_eq!(chain.hops as usize, DEEP - 1);
}

#[test]
fn every_credential_of_a_deep_chain_may_leave_something_behind() {
    let mut log = Log::default();
    let sessions = path(&mut log, DEEP, |number| format!("r{number}"));
    for (number, session) in sessions.iter().enumerate() {
        log.create_user(&session.who(), (DEEP + number) as u64, &format!("u{number}"));
    }
    let analysis = log.analysis();
    assert_eq!(analysis.incidents.len(), 1);
    let finding = only(&analysis.findings, "chain_to_persistence");
    assert!(!finding.left_behind.is_empty());
}

#[test]
fn a_shallow_change_beside_a_deep_chain_is_drawn() {
    let mut log = Log::default();
    let sessions = path(&mut log, DEEP, |number| format!("r{number}"));
    log.create_user(&sessions[2].who(), DEEP as u64, "svc");
    let analysis = log.analysis();
    let [incident] = analysis.incidents.as_slice() else {
        panic!("{} incidents", analysis.incidents.len());
    };
    assert!(incident.graph.nodes.iter().any(|node| node.label == "svc"));
}

#[test]
fn ten_thousand_changes_of_one_deep_credential_are_one_finding() {
    let mut log = Log::default();
    let sessions = path(&mut log, 4, |number| format!("r{number}"));
    let who = sessions[3].who();
    for number in 0..DEEP {
        log.create_user(&who, (100 + number) as u64, &format!("u{number}"));
    }
    let analysis = log.analysis();
    let finding = only(&analysis.findings, "chain_to_persistence");
    assert!(finding.evidence_left_out > 0);
}

#[test]
fn fifty_thousand_sessions_of_one_parent_are_one_tree() {
    let mut log = Log::default();
    let hub = session("hub".into(), 0);
    log.assume(&alice(), &hub);
    for number in 1..50_000 {
        log.assume(&hub.who(), &session(format!("r{number}"), number));
    }
    let analysis = log.analysis();
    let chain = only(&analysis.findings, "role_chaining").chain.as_ref().unwrap();
    assert_eq!(chain.branches.len(), BRANCHES_MAX);
    assert_eq!(chain.branches_left_out as usize, 49_999 - 1 - BRANCHES_MAX);
}

#[test]
fn a_hundred_thousand_keys_are_as_many_lineages() {
    let mut log = Log::default();
    for number in 0..100_000 {
        let key = format!("AKIA{number:09}EXAMPLE");
        log.call(&user("alice", &key), number, ("sts", "GetCallerIdentity"), "");
    }
    assert_eq!(log.analysis().findings.len(), 0);
}

#[test]
fn twenty_thousand_sign_ins_of_one_session_name_find_their_sessions() {
    let mut log = Log::default();
    for number in 0..20_000 {
        let session = session("portal".into(), number);
        let who = session.who();
        let rest = r#","responseElements":{"ConsoleLogin":"Success"}"#;
        log.call(&who, number as u64, ("signin", "ConsoleLogin"), rest);
    }
    assert_eq!(log.analysis().findings.len(), 0);
}

#[test]
fn a_trace_of_a_deep_chain_keeps_its_bounds() {
    let mut log = Log::default();
    let sessions = path(&mut log, DEEP, |number| format!("r{number}"));
    let evidence = log.evidence();
    for session in [&sessions[0], &sessions[DEEP / 2], &sessions[DEEP - 1]] {
        let trace = trace(&evidence, Settings::default(), &session.key);
        assert_eq!(trace.parts.len(), 1);
        assert!(trace.parts[0].descendants.len() <= TRACE_STEPS_MAX);
    }
    // Every session bears this name.
    assert!(!trace(&evidence, Settings::default(), "s").parts.is_empty());
}
