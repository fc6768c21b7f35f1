//! What names nodes and origins from one run to the next.

use std::slice::from_ref;

use cloudtrail::Timestamp;
use lineage::{Join, Lineage, Node, Origin};
use serde_json::json;

use crate::drawing::learned;
use crate::records::{
    Event, FOREIGN, HERE, assume, assume_across, assume_by_service, create_key, event, issue, role,
    sign_in, user, user_session, user_without_key, uses,
};

/// What `see` sees of the node that has `key`.
fn seen<T>(events: &[Event], key: &str, see: impl Fn(&Node<'_>) -> T) -> T {
    let evidence = learned(events);
    let lineage = Lineage::of(&evidence);
    let nodes: Vec<&Node<'_>> =
        lineage.nodes().iter().filter(|node| node.access_key_ids.contains(key)).collect();
    assert_eq!(nodes.len(), 1, "{nodes:#?}");
    see(nodes[0])
}

fn used_keys(events: &[Event], key: &str) -> Vec<String> {
    seen(events, key, |node| node.used_key_ids().map(ToString::to_string).collect())
}

/// Whether its key names it, and the date that names it otherwise.
fn named(events: &[Event], key: &str) -> (bool, Option<Timestamp>) {
    seen(events, key, |node| (node.is_named_by_key(), node.creation_date()))
}

#[test]
fn a_key_that_was_handed_out_and_never_used_is_told_from_those_that_were() {
    let set = role(HERE, "AWSReservedSSO_Admin_0123456789abcdef");
    let issued = set.session("ana@example.com", "ASIANEVER", "09:00");
    let portal =
        json!({"type": "SAMLUser", "principalId": "x:ana", "identityProvider": "AWSSSO_1"});
    let saml = issue(&portal, "AssumeRoleWithSAML", &issued);
    assert_eq!(used_keys(from_ref(&saml), "ASIANEVER"), [""; 0]);
    let events = [saml, uses("09:05", &issued.with_key("ASIAUSED").who())];
    assert_eq!(used_keys(&events, "ASIANEVER"), ["ASIAUSED"]);
    let alice = user("alice", "AKIAALICE");
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let events = [assume(&alice, &a), uses("09:05", &a.who())];
    assert_eq!(used_keys(&events, "ASIA1"), ["ASIA1"]);
    assert_eq!(used_keys(&events, "AKIAALICE"), ["AKIAALICE"]);
}

#[test]
fn a_key_names_what_has_no_other() {
    let alice = user("alice", "AKIAALICE");
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let used = uses("09:05", &a.who());
    for events in
        [vec![assume(&alice, &a)], vec![used.clone()], vec![used.clone(), assume(&alice, &a)]]
    {
        assert!(named(&events, "ASIA1").0, "{events:?}");
    }
    let made = create_key("09:00", &alice, "bob", "AKIABOB");
    assert!(named(&[made], "AKIABOB").0);
    let mut undated = a.who();
    undated.as_object_mut().unwrap().remove("sessionContext");
    assert!(named(&[uses("09:05", &undated)], "ASIA1").0);
}

#[test]
fn the_date_names_what_has_many_keys_or_may_get_them() {
    let console = user_session("alice", "ASIAC1", "09:00");
    let in_console = |who| uses("09:05", who).with("sessionCredentialFromConsole", json!("true"));
    let set = role(HERE, "AWSReservedSSO_Admin_0123456789abcdef");
    let portal =
        json!({"type": "SAMLUser", "principalId": "x:ana", "identityProvider": "AWSSSO_1"});
    let issued = set.session("ana", "ASIAC1", "09:00");
    let a = role(HERE, "A").session("s", "ASIAC1", "09:00");
    for events in [
        vec![in_console(&console)],
        vec![sign_in("09:00", &user_without_key("alice")), uses("09:05", &console)],
        vec![uses("09:05", &issued.who())],
        vec![issue(&portal, "AssumeRoleWithSAML", &issued)],
        vec![uses("09:05", &a.who()), uses("09:05", &a.with_key("ASIAC2").who())],
        vec![assume(&user("alice", "AKIAALICE"), &a), uses("09:05", &a.with_key("ASIAC2").who())],
    ] {
        assert!(!named(&events, "ASIAC1").0, "{events:?}");
    }
}

#[test]
fn the_date_of_a_session_stays_when_its_issuance_arrives() {
    let mut used = role(HERE, "A").session("s", "ASIA1", "09:00");
    let issued = assume(&user("alice", "AKIAALICE"), &used);
    used.created = "2026-03-02T09:00:01Z".into();
    let date = Timestamp::parse("2026-03-02T09:00:01Z");
    let alone = [uses("09:05", &used.who())];
    assert_eq!(named(&alone, "ASIA1").1, date);
    let [alone] = alone;
    assert_eq!(named(&[alone, issued], "ASIA1").1, date);
    assert_eq!(named(&[uses("09:05", &user("alice", "AKIA1"))], "AKIA1").1, None);
}

/// The origin of the one node of `events` that has `key`.
fn origin(events: &[Event], key: &str) -> Origin {
    seen(events, key, |node| node.origin.clone().unwrap())
}

/// Origins of two runs, in which nothing is the same but what must be.
fn two_runs(runs: [Vec<Event>; 2]) -> [Origin; 2] {
    runs.map(|events| origin(&events, "ASIA1"))
}

#[test]
fn the_runs_of_a_service_are_one_origin_of_one_habit() {
    for (service, first, second) in [
        ("codebuild.amazonaws.com", "AWSCodeBuild-0a1b", "AWSCodeBuild-2c3d"),
        ("ecs-tasks.amazonaws.com", "0123456789abcdef0123456789abcdef", "f".repeat(32).as_str()),
        ("pods.eks.amazonaws.com", "eks-shop-web-1", "eks-shop-web-2"),
    ] {
        let run = |name: &str, service: &str| {
            let session = role(HERE, "Work").session(name, "ASIA1", "09:00");
            vec![assume_by_service(service, &session), uses("09:05", &session.who())]
        };
        let [one, other] = two_runs([run(first, service), run(second, service)]);
        assert_eq!((&one.identity, &one.habit), (&other.identity, &other.habit));
        assert_eq!(one.habit, format!("111122223333/Work {service}"));
        let [one, other] = two_runs([run(first, service), run(first, "glue.amazonaws.com")]);
        assert!(one.identity != other.identity && one.habit != other.habit, "{service}");
    }
}

#[test]
fn instances_of_a_role_are_several_origins_of_one_habit() {
    let run = |name: &str| {
        let session = role(HERE, "Web").session(name, "ASIA1", "09:00");
        vec![assume_by_service("ec2.amazonaws.com", &session), uses("09:05", &session.who())]
    };
    let [one, other] = two_runs([run("i-0123456789abcdef0"), run("i-0123456789abcdef1")]);
    assert_ne!(one.identity, other.identity);
    assert_eq!(one.habit, other.habit);
}

#[test]
fn functions_of_a_role_are_several_origins_of_one_habit() {
    let run = |name: &str| {
        let session = role(HERE, "Work").session(name, "ASIA1", "09:00");
        vec![assume_by_service("lambda.amazonaws.com", &session)]
    };
    let [one, other] = two_runs([run("orders"), run("awslambda_1_20260302")]);
    assert_ne!(one.identity, other.identity);
    assert_eq!(one.habit, other.habit);
}

#[test]
fn a_machine_with_a_certificate_is_an_origin_of_its_own() {
    let run = |name: &str| {
        let session = role(HERE, "OnPremises").session(name, "ASIA1", "09:00");
        let who = json!({"type": "Unknown", "accountId": HERE});
        let mut create = event("09:00", &who, "rolesanywhere", "CreateSession");
        create.0["requestParameters"] = json!({"roleArn": session.role.arn()});
        create.0["responseElements"] = json!({"credentialSet": [{
            "credentials": {"accessKeyId": "ASIA1"},
            "assumedRoleUser": {"assumedRoleId": session.principal_id(), "arn": session.arn()}
        }]});
        vec![create]
    };
    let [one, other] = two_runs([run("6a1f"), run("6a20")]);
    assert_ne!(one.identity, other.identity);
    assert_eq!(one.habit, other.habit);
}

#[test]
fn runs_that_machines_name_and_nobody_handed_out_are_one_habit() {
    let run = |name: &str| {
        let session = role(HERE, "Work").session(name, "ASIA1", "09:00");
        vec![uses("09:05", &session.who())]
    };
    let names =
        ["eks-shop-web-1a2b3-0b9d7c1e-1382-4a3d-9ac0-ca07cd646f44", "f0".repeat(16).as_str()]
            .map(String::from);
    let [one, other] = two_runs(names.each_ref().map(|name| run(name)));
    assert_ne!(one.identity, other.identity);
    assert_eq!(one.habit, other.habit);
    // Names that somebody chose are those of different people.
    let [one, other] = two_runs([run("alice"), run("deadbeef")]);
    assert_ne!(one.habit, other.habit);
    // Those whose hand-out is in the logs tell what the others are.
    let known = role(HERE, "Work").session("eks-shop-web-4d5e6", "ASIA2", "08:00");
    let mut events = run(&names[0]);
    events
        .extend([assume_by_service("pods.eks.amazonaws.com", &known), uses("08:05", &known.who())]);
    assert_eq!(origin(&events, "ASIA1").habit, origin(&events, "ASIA2").habit);
    assert_ne!(origin(&events, "ASIA1").identity, origin(&events, "ASIA2").identity);
}

#[test]
fn the_runs_of_a_repository_are_one_habit() {
    let habit = |subject: &str| {
        let session = role(HERE, "Deploy").session("run", "ASIA1", "09:00");
        let provider = format!("arn:aws:iam::{HERE}:oidc-provider/idp.example.com");
        let who = json!({
            "type": "WebIdentityUser", "principalId": format!("{provider}:{subject}"),
            "userName": subject, "identityProvider": provider
        });
        origin(&[issue(&who, "AssumeRoleWithWebIdentity", &session)], "ASIA1").habit
    };
    for (subject, kept) in [
        ("repo:o/r:ref:refs/tags/v1.27", "repo:o/r"),
        ("repo:o/r:ref:refs/heads/main", "repo:o/r"),
        ("repo:o/r:pull_request", "repo:o/r"),
        ("repo:o/r:environment:Production", "repo:o/r"),
        ("repo:o/r:job_workflow_ref:o/w/.github/workflows/a.yml@refs/tags/v1", "repo:o/r"),
        ("project_path:group/shop:ref_type:branch:ref:main", "project_path:group/shop"),
        (
            "organization:acme:pipeline:shop:ref:refs/heads/main:commit:9f:step:x",
            "organization:acme:pipeline:shop",
        ),
        (
            "organization:acme:project:shop:workspace:prod:run_phase:apply",
            "organization:acme:project:shop:workspace:prod",
        ),
        ("org/0a/project/0b/user/0c", "org/0a/project/0b"),
        ("{0a}:{0b}:{0c}", "{0a}"),
        ("system:serviceaccount:shop:web", "system:serviceaccount:shop:web"),
        ("repo:o/reference", "repo:o/reference"),
        ("spiffe://example.com/user/ana", "spiffe://example.com/user/ana"),
    ] {
        assert_eq!(habit(subject), format!("111122223333/Deploy:{kept}"), "{subject}");
    }
}

#[test]
fn the_sessions_of_one_person_are_one_habit() {
    let by_saml = |name: &str, subject: &str, role_name: &str, provider: &str| {
        let session = role(HERE, role_name).session(name, "ASIA1", "09:00");
        let who = json!({
            "type": "SAMLUser", "principalId": format!("x:{subject}"), "userName": subject,
            "identityProvider": provider
        });
        vec![issue(&who, "AssumeRoleWithSAML", &session)]
    };
    for (role_name, provider) in [
        ("Staff", "https://idp.example.com"),
        ("AWSReservedSSO_Admin_0123456789abcdef", "AWSSSO_0123456789abcdef_DO_NOT_DELETE"),
    ] {
        let run = |name, subject| by_saml(name, subject, role_name, provider);
        // A transient NameID is new at every sign-in.
        let [one, other] = two_runs([run("ana", "_1f0c"), run("ana", "_2e1d")]);
        assert_eq!(one.habit, other.habit);
        let [one, other] = two_runs([run("ana", "_1f0c"), run("bob", "_1f0c")]);
        assert_ne!(one.habit, other.habit);
    }
}

#[test]
fn the_sessions_of_a_foreign_role_are_one_habit() {
    let run = |name: &str| {
        let caller = role(FOREIGN, "Vendor").session(name, "ASIAV", "09:00");
        let session = role(HERE, "B").session("s", "ASIA1", "09:10");
        let [_, target] = assume_across(&caller.who(), &caller.who_abroad(), &session);
        let evidence = learned(&[target]);
        let lineage = Lineage::of(&evidence);
        lineage.nodes().iter().find_map(|node| node.origin.clone()).unwrap()
    };
    let (one, other) = (run("scan-1"), run("scan-2"));
    assert_ne!(one.identity, other.identity);
    assert_eq!(one.habit, other.habit);
    let alice = origin(&[uses("09:00", &user("alice", "AKIAALICE"))], "AKIAALICE");
    assert_eq!((&*alice.identity, &*alice.habit), ("AKIAALICE", "AKIAALICE"));
}

#[test]
fn a_session_that_only_calls_itself_an_instance_is_none_of_the_instance() {
    let session = role(HERE, "Web").session("i-0123456789abcdef0", "ASIA1", "09:00");
    let forged = role(HERE, "Web").session("i-0123456789abcdef0", "ASIA2", "09:20");
    let mut delivered = session.who();
    delivered["sessionContext"]["ec2RoleDelivery"] = json!("2.0");
    let events = [uses("09:05", &delivered), uses("09:25", &forged.who())];
    let (real, forged) = (origin(&events, "ASIA1"), origin(&events, "ASIA2"));
    assert_ne!(real.identity, forged.identity);
    assert_ne!(real.habit, forged.habit);
    assert!(forged.identity.starts_with("name-only "), "{}", forged.identity);
    assert_eq!(seen(&events, "ASIA1", |node| node.join), Join::Exact);
    assert_eq!(seen(&events, "ASIA2", |node| node.join), Join::Weak);
}
