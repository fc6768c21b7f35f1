//! Calls across accounts: two copies, one of them, and foreign callers.

use serde_json::json;

use crate::drawing::drawn;
use crate::records::{
    FOREIGN, HERE, Session, THERE, assume, assume_across, create_key, role, user, user_abroad, uses,
};

fn b() -> Session {
    role(THERE, "B").session("s", "ASIA2", "09:10")
}

#[test]
fn both_copies_of_a_call_are_one_hop() {
    let [own, target] = assume_across(&user("alice", "AKIAALICE"), &user_abroad("alice"), &b());
    let expected = "IamUserAccessKey: - user/alice [AKIAALICE]\n\
                    \x20 hop 1: AssumeRole 444455556666/B/s [ASIA2] Exact\n";
    let foreign = "ExternalAccount 111122223333: - AIDAALICE []\n";
    let drawing = drawn(&[own, target, uses("09:11", &b().who())]);
    assert!(drawing.ends_with(expected), "{drawing}");
    // The copy's caller shows in the logs, but handed out nothing.
    assert_eq!(drawing.replace(foreign, ""), expected);
}

#[test]
fn copies_a_second_apart_are_one_hop() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let [own, target] = assume_across(&a.who(), &a.who_abroad(), &b());
    let later = "2026-03-02T09:10:01Z";
    let target = target.with("eventTime", json!(later));
    let expected = "IamUserAccessKey: - user/alice [AKIAALICE]\n\
                    \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
                    \x20   hop 2: AssumeRole 444455556666/B/s [ASIA2] Exact chained=1\n";
    let first = assume(&user("alice", "AKIAALICE"), &a);
    let unused = drawn(&[first.clone(), own.clone(), target.clone()]);
    assert!(unused.ends_with(expected) && unused.matches("ASIA2").count() == 1, "{unused}");
    let drawing = drawn(&[first.clone(), own.clone(), target.clone(), uses("09:11", &b().who())]);
    assert!(drawing.ends_with(expected) && drawing.matches("ASIA2").count() == 1, "{drawing}");
    // A copy from an export without `sharedEventID` is one of them all the same.
    let bare = own.clone().with("sharedEventID", serde_json::Value::Null);
    let drawing = drawn(&[first, own, target, bare]);
    assert!(drawing.ends_with(expected) && drawing.matches("ASIA2").count() == 1, "{drawing}");
}

#[test]
fn copies_without_a_shared_id_are_told_by_the_key_that_they_name() {
    let copies = assume_across(&user("alice", "AKIAALICE"), &user_abroad("alice"), &b());
    let [own, target] = copies.map(|mut copy| {
        copy.0.as_object_mut().unwrap().remove("sharedEventID");
        copy
    });
    let evidence = crate::drawing::learned(&[target, own]);
    let lineage = lineage::Lineage::of(&evidence);
    let issued: Vec<usize> = lineage
        .nodes()
        .iter()
        .filter_map(|node| Some(1 + node.issued.as_ref()?.copies.len()))
        .collect();
    assert_eq!(issued, [2], "one hand-out of two copies");
}

#[test]
fn the_callers_copy_alone_is_enough() {
    let [own, _] = assume_across(&user("alice", "AKIAALICE"), &user_abroad("alice"), &b());
    assert_eq!(
        drawn(&[own, uses("09:11", &b().who())]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 444455556666/B/s [ASIA2] Exact\n"
    );
}

#[test]
fn the_targets_copy_alone_comes_from_a_foreign_account() {
    let caller = role(FOREIGN, "Vendor").session("v", "ASIAV", "09:00");
    let [_, target] = assume_across(&caller.who(), &caller.who_abroad(), &b());
    let drawing = drawn(&[target, uses("09:11", &b().who())]);
    assert_eq!(
        drawing,
        "ExternalAccount 999988887777 >=: - AROAVENDOR9999:v []\n\
         \x20 hop 1: AssumeRole 444455556666/B/s [ASIA2] Exact chained=1\n"
    );
}

#[test]
fn a_foreign_user_has_no_roles_before() {
    let [_, target] = assume_across(&user("alice", "AKIAALICE"), &user_abroad("alice"), &b());
    let onward = role(THERE, "C").session("s", "ASIA3", "09:20");
    assert_eq!(
        drawn(&[target, assume(&b().who(), &onward)]),
        "ExternalAccount 111122223333: - AIDAALICE []\n\
         \x20 hop 1: AssumeRole 444455556666/B/s [ASIA2] Exact\n\
         \x20   hop 2: AssumeRole 444455556666/C/s [ASIA3] Exact chained=1\n"
    );
}

#[test]
fn the_targets_copy_joins_the_one_session_of_that_principal() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let [_, target] = assume_across(&a.who(), &a.who_abroad(), &b());
    let drawing = drawn(&[uses("09:05", &a.who()), target, uses("09:11", &b().who())]);
    assert!(
        drawing.contains(
            "Unknown >=: - 111122223333/A/s [ASIA1]\n\
             \x20 hop 1: AssumeRole 444455556666/B/s [ASIA2] Strong"
        ),
        "{drawing}"
    );
}

#[test]
fn the_targets_copy_joins_one_of_several_sessions_weakly() {
    let a = role(HERE, "A").session("s", "ASIA1", "08:00");
    let later = role(HERE, "A").session("s", "ASIA3", "09:00");
    let after = role(HERE, "A").session("s", "ASIA4", "09:30");
    let [_, target] = assume_across(&a.who(), &a.who_abroad(), &b());
    let drawing = drawn(&[
        uses("08:05", &a.who()),
        uses("09:05", &later.who()),
        uses("09:35", &after.who()),
        target,
    ]);
    assert!(
        drawing.contains(
            "Unknown >=: - 111122223333/A/s [ASIA3]\n\
             \x20 hop 1: AssumeRole 444455556666/B/s [ASIA2] Weak"
        ),
        "{drawing}"
    );
}

#[test]
fn the_targets_copy_does_not_join_a_session_that_has_ended() {
    let old = role(HERE, "A").session("s", "ASIA1", "2026-03-01T08:00:00Z");
    let [_, target] = assume_across(&old.who(), &old.who_abroad(), &b());
    let drawing = drawn(&[uses("2026-03-01T08:05:00Z", &old.who()), target]);
    assert!(
        drawing.contains("ExternalAccount 111122223333 >=: - AROAA1111:s []\n  hop 1"),
        "{drawing}"
    );
}

#[test]
fn the_targets_copy_joins_a_long_term_key_however_old_it_is() {
    let [_, target] = assume_across(&user("bob", "AKIABOB"), &user_abroad("bob"), &b());
    let maker = user("alice", "AKIAALICE");
    let drawing = drawn(&[
        create_key("2026-02-20T08:00:00Z", &maker, "bob", "AKIABOB"),
        uses("09:00", &user("bob", "AKIABOB")),
        target,
    ]);
    assert!(
        drawing.contains(
            "  same 0: CreateAccessKey user/bob [AKIABOB] Exact\n    hop 1: AssumeRole 444455556666/B/s [ASIA2] Strong"
        ),
        "{drawing}"
    );
}

#[test]
fn the_targets_copy_does_not_join_a_key_that_was_made_afterwards() {
    let [_, target] = assume_across(&user("bob", "AKIABOB"), &user_abroad("bob"), &b());
    let drawing = drawn(&[target, create_key("09:20", &b().who(), "bob", "AKIABOB")]);
    assert!(drawing.starts_with("ExternalAccount 111122223333: - AIDABOB []\n"), "{drawing}");
}

#[test]
fn a_chain_goes_on_through_a_copy_of_either_side() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let c = role(FOREIGN, "C").session("s", "ASIA3", "09:20");
    let [own, target] = assume_across(&a.who(), &a.who_abroad(), &b());
    let [onward, _] = assume_across(&b().who(), &b().who_abroad(), &c);
    let first = assume(&user("alice", "AKIAALICE"), &a);
    let expected = "IamUserAccessKey: - user/alice [AKIAALICE]\n\
                    \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
                    \x20   hop 2: AssumeRole 444455556666/B/s [ASIA2] Exact chained=1\n\
                    \x20     hop 3: AssumeRole 999988887777/C/s [ASIA3] Exact chained=2\n";
    let drawing = drawn(&[first.clone(), own.clone(), onward.clone()]);
    assert_eq!(drawing, expected);
    let drawing = drawn(&[onward, target, own, first]);
    assert!(drawing.ends_with(expected), "{drawing}");
}
