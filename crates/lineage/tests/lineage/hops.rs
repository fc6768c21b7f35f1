//! How hops are counted: domain definitions, row by row.

use serde_json::json;

use crate::drawing::drawn;
use crate::records::{HERE, Role, Session, THERE, assume, create_key, event, role, user, uses};

fn a() -> Session {
    role(HERE, "A").session("s", "ASIA1", "09:00")
}

#[test]
fn a_role_that_a_user_assumes_is_hop_one() {
    let alice = user("alice", "AKIAALICE");
    assert_eq!(
        drawn(&[assume(&alice, &a()), uses("09:05", &a().who())]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
    );
}

#[test]
fn a_role_that_was_handed_out_and_never_used_is_a_node_too() {
    assert_eq!(
        drawn(&[assume(&user("alice", "AKIAALICE"), &a())]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
    );
}

#[test]
fn a_chain_of_roles_counts_every_role_and_every_chained_call() {
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let c = role(THERE, "C").session("s", "ASIA3", "09:20");
    let events = [
        assume(&user("alice", "AKIAALICE"), &a()),
        assume(&a().who(), &b),
        assume(&b.who(), &c),
        uses("09:30", &c.who()),
    ];
    assert_eq!(
        drawn(&events),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20   hop 2: AssumeRole 111122223333/B/s [ASIA2] Exact chained=1\n\
         \x20     hop 3: AssumeRole 444455556666/C/s [ASIA3] Exact chained=2\n"
    );
}

#[test]
fn a_root_user_and_a_federated_user_hop_like_any_other() {
    let root = json!({
        "type": "Root", "principalId": HERE, "arn": format!("arn:aws:iam::{HERE}:root"),
        "accountId": HERE, "accessKeyId": "AKIAROOT"
    });
    let federated = json!({
        "type": "FederatedUser", "principalId": format!("{HERE}:reader"),
        "arn": format!("arn:aws:sts::{HERE}:federated-user/reader"), "accountId": HERE,
        "accessKeyId": "ASIAF",
        "sessionContext": {"attributes": {"creationDate": "2026-03-02T08:00:00Z"}}
    });
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    assert_eq!(
        drawn(&[assume(&root, &a()), assume(&federated, &b)]),
        "FederationToken: - federated-user/reader [ASIAF]\n\
         \x20 hop 1: AssumeRole 111122223333/B/s [ASIA2] Exact\n\
         Root: - root [AKIAROOT]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
    );
}

#[test]
fn a_refused_call_is_no_edge() {
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let events = [
        assume(&user("alice", "AKIAALICE"), &a()),
        assume(&a().who(), &b).denied(),
        assume(&a().who(), &b).with("errorCode", json!("AccessDenied")),
    ];
    assert_eq!(
        drawn(&events),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
    );
}

#[test]
fn a_role_that_assumes_itself_is_a_renewal_and_no_hop() {
    let again = role(HERE, "A").session("s", "ASIA2", "09:50");
    let third = role(HERE, "A").session("s", "ASIA3", "10:40");
    let events = [
        assume(&user("alice", "AKIAALICE"), &a()),
        assume(&a().who(), &again),
        assume(&again.who(), &third),
    ];
    assert_eq!(
        drawn(&events),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20   hop 1: AssumeRole 111122223333/A/s [ASIA2] Exact calls=2 chained=1 refresh\n\
         \x20     hop 1: AssumeRole 111122223333/A/s [ASIA3] Exact calls=3 chained=2 refresh\n"
    );
}

#[test]
fn roles_that_assume_each_other_count_once_each() {
    let (ra, rb) = (role(HERE, "A"), role(HERE, "B"));
    let b = rb.session("s", "ASIA2", "09:50");
    let a2 = ra.session("s", "ASIA3", "10:40");
    let b2 = rb.session("s", "ASIA4", "11:30");
    let events = [
        assume(&user("alice", "AKIAALICE"), &a()),
        assume(&a().who(), &b),
        assume(&b.who(), &a2),
        assume(&a2.who(), &b2),
    ];
    assert_eq!(
        drawn(&events),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20   hop 2: AssumeRole 111122223333/B/s [ASIA2] Exact chained=1\n\
         \x20     hop 2: AssumeRole 111122223333/A/s [ASIA3] Exact calls=3 chained=2 refresh\n\
         \x20       hop 2: AssumeRole 111122223333/B/s [ASIA4] Exact calls=4 chained=3 refresh\n"
    );
}

#[test]
fn a_third_role_after_two_that_juggle_is_hop_three() {
    let (ra, rb) = (role(HERE, "A"), role(HERE, "B"));
    let b = rb.session("s", "ASIA2", "09:50");
    let a2 = ra.session("s", "ASIA3", "10:40");
    let c = role(HERE, "C").session("s", "ASIA4", "11:30");
    let drawing = drawn(&[
        assume(&user("alice", "AKIAALICE"), &a()),
        assume(&a().who(), &b),
        assume(&b.who(), &a2),
        assume(&a2.who(), &c),
    ]);
    assert!(drawing.contains("hop 3: AssumeRole 111122223333/C/s [ASIA4]"), "{drawing}");
}

#[test]
fn an_sdk_that_refreshes_from_one_parent_makes_a_star() {
    let again = role(HERE, "A").session("s", "ASIA2", "09:50");
    let third = role(HERE, "A").session("s", "ASIA3", "10:40");
    let alice = user("alice", "AKIAALICE");
    assert_eq!(
        drawn(&[assume(&alice, &a()), assume(&alice, &again), assume(&alice, &third)]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA2] Exact\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA3] Exact\n"
    );
}

#[test]
fn branches_do_not_count_each_others_roles() {
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let c = role(HERE, "C").session("s", "ASIA3", "09:20");
    let c_then_b = role(HERE, "B").session("t", "ASIA4", "09:30");
    let events = [
        assume(&user("alice", "AKIAALICE"), &a()),
        assume(&a().who(), &b),
        assume(&a().who(), &c),
        assume(&c.who(), &c_then_b),
    ];
    let drawing = drawn(&events);
    assert!(drawing.contains("hop 3: AssumeRole 111122223333/B/t [ASIA4]"), "{drawing}");
}

#[test]
fn a_role_of_the_same_name_in_another_account_is_another_role() {
    let other = role(THERE, "A").session("s", "ASIA2", "09:10");
    let drawing = drawn(&[assume(&user("alice", "AKIAALICE"), &a()), assume(&a().who(), &other)]);
    assert!(drawing.contains("hop 2: AssumeRole 444455556666/A/s [ASIA2]"), "{drawing}");
}

#[test]
fn a_session_without_its_issuance_gives_a_lower_bound() {
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    assert_eq!(
        drawn(&[assume(&a().who(), &b)]),
        "Unknown >=: - 111122223333/A/s [ASIA1]\n\
         \x20 hop 1: AssumeRole 111122223333/B/s [ASIA2] Exact chained=1\n"
    );
}

#[test]
fn a_session_of_root_is_a_hop_and_marked() {
    let mut assume_root = event("09:10", &a().who(), "sts", "AssumeRoot");
    assume_root.0["requestParameters"] = json!({
        "targetPrincipal": THERE,
        "taskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
    });
    assume_root.0["responseElements"] = json!({
        "credentials": {"accessKeyId": "ASIAROOT", "expiration": "Mar 2, 2026, 9:25:00 AM"}
    });
    let root = json!({
        "type": "Root", "principalId": THERE, "arn": format!("arn:aws:iam::{THERE}:root"),
        "accountId": THERE, "accessKeyId": "ASIAROOT",
        "sessionContext": {
            "attributes": {"creationDate": "2026-03-02T09:10:00Z"}, "assumedRoot": "true"
        }
    });
    for uses_of_root in [vec![], vec![uses("09:12", &root)]] {
        let mut events = vec![assume(&user("alice", "AKIAALICE"), &a()), assume_root.clone()];
        events.extend(uses_of_root);
        let drawing = drawn(&events);
        assert!(
            drawing.contains("    hop 2: AssumeRoot ")
                && drawing.ends_with("[ASIAROOT] Exact chained=1 root\n"),
            "{drawing}"
        );
    }
}

#[test]
fn a_session_of_root_that_only_its_account_tells_of_is_marked_and_a_lower_bound() {
    let root = json!({
        "type": "Root", "principalId": THERE, "arn": format!("arn:aws:iam::{THERE}:root"),
        "accountId": THERE, "accessKeyId": "ASIAROOT",
        "sessionContext": {
            "attributes": {"creationDate": "2026-03-02T09:10:00Z"}, "assumedRoot": "true"
        }
    });
    assert_eq!(
        drawn(&[uses("09:12", &root), create_key("09:13", &root, "bob", "AKIABOB")]),
        "Unknown >=: - root [ASIAROOT] root\n\
         \x20 same 0: CreateAccessKey  [AKIABOB] Exact root\n"
    );
}

#[test]
fn a_role_with_a_path_is_one_role_in_its_issuance_and_its_uses() {
    let by_path = Role { name: "team/A".into(), ..role(HERE, "A") };
    let mut session = by_path.session("s", "ASIA1", "09:00");
    let issuance = assume(&user("alice", "AKIAALICE"), &session)
        .with("responseElements", assume(&json!({}), &a()).0["responseElements"].clone());
    // Only the issuance names the path.
    session.role = role(HERE, "A");
    let again = role(HERE, "A").session("s", "ASIA2", "09:10");
    let drawing = drawn(&[issuance, uses("09:05", &session.who()), assume(&session.who(), &again)]);
    assert!(drawing.contains("[ASIA2] Exact calls=2 chained=1 refresh"), "{drawing}");
}
