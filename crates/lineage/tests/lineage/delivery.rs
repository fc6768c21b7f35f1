//! Order, time and notation of what is delivered.

use evidence::Count;
use lineage::Lineage;
use serde_json::json;

use crate::drawing::{drawn, learned};
use crate::records::{HERE, Session, assume, role, user, uses};

fn a() -> Session {
    role(HERE, "A").session("s", "ASIA1", "09:00")
}

#[test]
fn an_issuance_may_arrive_after_all_its_uses() {
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let drawing = drawn(&[
        uses("09:20", &b.who()),
        assume(&a().who(), &b),
        assume(&user("alice", "AKIAALICE"), &a()),
    ]);
    assert!(
        drawing.contains("    hop 2: AssumeRole 111122223333/B/s [ASIA2] Exact chained=1\n"),
        "{drawing}"
    );
}

#[test]
fn a_key_may_be_used_in_the_second_in_which_it_is_issued() {
    let b = role(HERE, "B").session("s", "ASIA2", "09:00");
    assert_eq!(
        drawn(&[
            assume(&user("alice", "AKIAALICE"), &a()),
            uses("09:00", &a().who()),
            assume(&a().who(), &b),
            uses("09:00", &b.who())
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20   hop 2: AssumeRole 111122223333/B/s [ASIA2] Exact chained=1\n"
    );
}

#[test]
fn two_issuances_in_one_second_are_told_apart_by_their_keys() {
    let second = a().with_key("ASIA2");
    assert_eq!(
        drawn(&[
            assume(&user("alice", "AKIAALICE"), &a()),
            assume(&user("bob", "AKIABOB"), &second),
            uses("09:05", &a().who()),
            uses("09:05", &second.who())
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         IamUserAccessKey: - user/bob [AKIABOB]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA2] Exact\n"
    );
}

#[test]
fn a_session_of_two_issuances_in_one_second_joins_weakly() {
    let second = a().with_key("ASIA2");
    let third = a().with_key("ASIA3");
    let drawing = drawn(&[
        assume(&user("alice", "AKIAALICE"), &a()),
        assume(&user("bob", "AKIABOB"), &second),
        uses("09:05", &third.who()),
    ]);
    assert_eq!(
        drawing,
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA3] Weak\n\
         IamUserAccessKey: - user/bob [AKIABOB]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA2] Exact\n"
    );
}

#[test]
fn a_key_that_no_event_names_joins_by_principal_and_date() {
    let used = a().with_key("ASIAOTHER");
    assert_eq!(
        drawn(&[assume(&user("alice", "AKIAALICE"), &a()), uses("09:05", &used.who())]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1 ASIAOTHER] Strong\n"
    );
}

#[test]
fn a_session_of_a_service_without_principal_joins_by_name_and_time_weakly() {
    let issued = role(HERE, "Work").session("orders", "ASIA1", "09:00");
    let mut used = issued.with_key("ASIA2");
    used.created = "2026-03-02T09:00:04Z".into();
    let drawing = drawn(&[
        crate::records::assume_by_service("lambda.amazonaws.com", &issued),
        uses("09:05", &used.who()),
    ]);
    assert!(
        drawing.contains(
            "LambdaFunction orders: AssumeRole 111122223333/Work/orders [ASIA1 ASIA2] Weak\n"
        ),
        "{drawing}"
    );
    used.created = "2026-03-02T09:00:06Z".into();
    let drawing = drawn(&[
        crate::records::assume_by_service("lambda.amazonaws.com", &issued),
        uses("09:05", &used.who()),
    ]);
    assert!(drawing.contains("Unknown >=: - 111122223333/Work/orders [ASIA2]\n"), "{drawing}");
}

#[test]
fn a_creation_date_in_basic_notation_is_a_date() {
    let used = a().with_key("ASIA2");
    let mut who = used.who();
    who["sessionContext"]["attributes"]["creationDate"] = json!("20260302T090000Z");
    assert_eq!(
        drawn(&[assume(&user("alice", "AKIAALICE"), &a()), uses("09:05", &who)]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1 ASIA2] Strong\n"
    );
}

#[test]
fn an_expiration_is_read_in_every_form() {
    for text in [
        "Mar 2, 2026, 3:35:00 PM",
        "Mar 2, 2026 3:35:00 PM",
        "Mar 02, 2026 03:35:00 PM",
        "Mar 2, 2026, 3:35:00\u{202f}PM",
        "2026-03-02T15:35:00Z",
    ] {
        let mut issued = assume(&user("alice", "AKIAALICE"), &a());
        issued.0["responseElements"]["credentials"]["expiration"] = json!(text);
        let evidence = learned(&[issued]);
        let lineage = Lineage::of(&evidence);
        let expirations: Vec<Option<i64>> = lineage
            .nodes()
            .iter()
            .filter_map(|node| Some(node.issued.as_ref()?.issuance.expiration.map(|time| time.0)))
            .collect();
        assert_eq!(expirations, [Some(1_772_465_700)], "{text}");
    }
}

#[test]
fn an_identity_that_two_services_write_differently_is_one_credential() {
    let mut bare = a().who();
    bare["sessionContext"].as_object_mut().unwrap().remove("sessionIssuer");
    let mut in_scope = a().who();
    in_scope["sessionContext"]["sourceIdentity"] = json!("alice");
    let drawing = drawn(&[
        uses("09:10", &bare),
        uses("09:11", &in_scope),
        uses("09:12", &a().who()),
        assume(&user("alice", "AKIAALICE"), &a()),
    ]);
    assert_eq!(drawing.lines().count(), 2, "{drawing}");
}

#[test]
fn a_record_without_arn_does_not_take_the_name_from_its_session() {
    let mut bare = a().who();
    for name in ["arn", "accountId"] {
        bare.as_object_mut().unwrap().remove(name);
    }
    let drawing = drawn(&[uses("09:10", &bare), uses("09:11", &a().who())]);
    assert_eq!(drawing, "Unknown >=: - 111122223333/A/s [ASIA1]\n");
    let again = role(HERE, "A").session("s", "ASIA2", "09:50");
    let drawing = drawn(&[uses("09:10", &bare), uses("09:11", &a().who()), assume(&bare, &again)]);
    assert!(drawing.contains("hop 0: AssumeRole 111122223333/A/s [ASIA2]"), "{drawing}");
}

#[test]
fn an_empty_key_is_no_key() {
    let mut empty = a().who();
    empty["accessKeyId"] = json!("");
    let drawing = drawn(&[assume(&user("alice", "AKIAALICE"), &a()), uses("09:05", &empty)]);
    assert_eq!(
        drawing,
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Strong\n"
    );
}

#[test]
fn a_corrected_record_is_the_event_that_it_corrects() {
    let first = assume(&user("alice", "AKIAALICE"), &a());
    let id = "00000000-0000-4000-8000-000000000000";
    let late = first.clone().with(
        "addendum",
        json!({"reason": "DELIVERY_DELAY", "originalEventID": id, "updatedFields": ""}),
    );
    let evidence = learned(&[first, late]);
    assert_eq!(evidence.events(), Count::exactly(1));
    assert_eq!(evidence.issuances().len(), 1);
}
