//! Which incidents are muted, and by what.

use store::{NewSuppression, Scope, Subject, SubjectFinding, Suppression, muted_by};

const NOW: i64 = 1_000;

fn suppression(id: i64, scope: Scope, value: &str, detector: Option<&str>) -> Suppression {
    let what = NewSuppression {
        scope,
        value: value.to_owned(),
        detector: detector.map(str::to_owned),
        reason: "known".to_owned(),
        owner: "alice".to_owned(),
        created_at: 0,
        expires_at: 2_000,
    };
    Suppression { id, what, ended_at: None, muted: 0 }
}

const PIPELINE: &str = "arn:aws:iam::111122223333:role/ci/pipeline";
const ADMIN: &str = "arn:aws:iam::444455556666:role/admin";

fn finding<'s>(detector: &'s str, account: &'s str, roles: &[&'s str]) -> SubjectFinding<'s> {
    SubjectFinding { detector, account: Some(account), roles: roles.to_vec() }
}

fn subject(findings: Vec<SubjectFinding<'_>>) -> Subject<'_> {
    let origin = vec!["AKIAIOSFODNN7EXAMPLE", "arn:aws:iam::111122223333:user/alice"];
    Subject { incident: "839bcd21", origin, findings }
}

fn ids(suppressions: &[Suppression], subject: &Subject<'_>) -> Vec<i64> {
    muted_by(suppressions, subject, NOW).into_iter().map(|one| one.id).collect()
}

#[test]
fn every_scope_has_its_own_names() {
    let known = subject(vec![finding("role_chaining", "111122223333", &[PIPELINE])]);
    for (scope, value, is_muted) in [
        (Scope::Account, "111122223333", true),
        (Scope::Account, "1111", false),
        (Scope::Incident, "839bcd21", true),
        (Scope::Incident, "839b", false),
        (Scope::Origin, "AKIAIOSFODNN7EXAMPLE", true),
        (Scope::Origin, "arn:aws:iam::111122223333:user/alice", true),
        (Scope::Origin, "alice", false),
        (Scope::Role, PIPELINE, true),
        (Scope::Role, "pipeline", true),
        (Scope::Role, "ci/pipeline", false),
        (Scope::Role, "line", false),
    ] {
        let muted = ids(&[suppression(1, scope, value, None)], &known);
        assert_eq!(!muted.is_empty(), is_muted, "{scope:?} {value}");
    }
}

#[test]
fn an_incident_is_muted_where_each_finding_is() {
    let account = suppression(1, Scope::Account, "111122223333", None);
    let role = suppression(2, Scope::Role, "admin", None);
    let known = finding("role_chaining", "111122223333", &[PIPELINE]);
    let grave = finding("chain_to_persistence", "444455556666", &[ADMIN]);
    let both = subject(vec![known.clone(), grave]);
    assert_eq!(ids(std::slice::from_ref(&account), &both), [0; 0]);
    assert_eq!(ids(std::slice::from_ref(&role), &both), [0; 0]);
    assert_eq!(ids(&[role, account.clone()], &both), [1, 2]);
    assert_eq!(ids(&[account], &subject(vec![known])), [1]);
}

#[test]
fn a_detector_narrows_a_suppression() {
    let of = |detector| [suppression(1, Scope::Incident, "839bcd21", Some(detector))];
    let known = subject(vec![finding("role_chaining", "111122223333", &[])]);
    assert_eq!(ids(&of("role_chaining"), &known), [1]);
    assert_eq!(ids(&of("role_juggling"), &known), [0; 0]);
}

#[test]
fn a_chain_whose_ends_are_not_all_of_the_role_is_told() {
    let of = [suppression(1, Scope::Role, "pipeline", None)];
    let with = |roles: &[&'static str]| {
        ids(&of, &subject(vec![finding("role_chaining", "111122223333", roles)]))
    };
    assert_eq!(with(&[PIPELINE, PIPELINE]), [1]);
    assert_eq!(with(&[PIPELINE, ADMIN]), [0; 0]);
    assert_eq!(with(&[]), [0; 0]);
}

#[test]
fn what_is_over_mutes_nothing() {
    let known = subject(vec![finding("role_chaining", "111122223333", &[])]);
    let active = suppression(1, Scope::Account, "111122223333", None);
    let mut ended = active.clone();
    ended.ended_at = Some(5);
    let mut expired = active.clone();
    expired.what.expires_at = NOW;
    let mut later = active.clone();
    later.what.created_at = NOW + 1;
    for over in [ended, expired, later] {
        assert_eq!(ids(&[over], &known), [0; 0]);
    }
    assert_eq!(ids(&[active], &known), [1]);
}

/// What the log of a leaked key teaches, analyzed.
fn analysis() -> detect::Analysis {
    let log = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../detect/fixtures/role_chaining/fires_leaked_key_to_the_user_bob.jsonl");
    let mut evidence = evidence::Evidence::default();
    cloudtrail::read(&std::fs::read(log).unwrap(), &mut |record| {
        evidence.record(record);
    });
    detect::analyze(&evidence, detect::Settings::default())
}

/// The written forms say the same as the analysis that they were written from.
#[test]
fn documents_give_the_subject_that_an_analysis_gives() {
    let mut analysis = analysis();
    for n_left_out in [0, 1] {
        for chain in analysis.findings.iter_mut().filter_map(|finding| finding.chain.as_mut()) {
            chain.branches_left_out = n_left_out;
        }
        let parsed = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap();
        let incident = &analysis.incidents[0];
        let document = parsed(report::incident_json(incident, None));
        let findings: Vec<_> =
            analysis.findings.iter().map(|one| parsed(report::finding_json(one))).collect();
        let expected = Subject::of(incident, &analysis.findings);
        assert_eq!(Subject::of_documents(&incident.id, &document, &findings), expected);
        assert!(!expected.origin.is_empty() && expected.findings.len() > 1);
        assert_eq!(expected.findings.iter().any(|one| !one.roles.is_empty()), n_left_out == 0);
    }
}

/// The subject of an analysis has the ends of all paths of a chain, if they are all known.
#[test]
fn an_analysis_gives_subjects() {
    let mut analysis = analysis();
    let incident = &analysis.incidents[0];
    let subject = Subject::of(incident, &analysis.findings);
    assert_eq!(subject.incident, incident.id);
    assert!(subject.origin.contains(&"AKIAPUBLISHEREXAMPLE"), "{:?}", subject.origin);
    assert_eq!(subject.findings.len(), analysis.findings.len());
    let chaining = subject.findings.iter().find(|one| one.detector == "role_chaining").unwrap();
    assert!(chaining.roles.iter().any(|role| role.ends_with(":role/log-archive-admin")));
    let n_paths = |chain: &detect::Chain| 1 + chain.branches.len();
    let chain = analysis.findings.iter().find(|one| one.detector == "role_chaining").unwrap();
    assert_eq!(chaining.roles.len(), chain.chain.as_ref().map(n_paths).unwrap());
    for finding in &mut analysis.findings {
        if let Some(chain) = &mut finding.chain {
            chain.branches_left_out = 1;
        }
    }
    let subject = Subject::of(&analysis.incidents[0], &analysis.findings);
    assert!(subject.findings.iter().all(|finding| finding.roles.is_empty()));
}
