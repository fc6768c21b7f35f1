//! Records that tell only part of a credential: no principal, no session.

use serde_json::{Value, json};

use crate::drawing::drawn;
use crate::records::{Event, HERE, Session, assume, create_key, role, user, uses};

fn a() -> Session {
    role(HERE, "A").session("s", "ASIA1", "09:00")
}

/// `who` without the members `names`.
fn without(mut who: Value, names: &[&str]) -> Value {
    let members = who.as_object_mut().unwrap();
    members.retain(|name, _| !names.contains(&name.as_str()));
    who
}

/// What an event history tells about the user of a key.
fn by_name(name: &str, key: &str) -> Value {
    without(user(name, key), &["principalId", "arn"])
}

fn hands_out(key: &Session) -> [Event; 2] {
    [assume(&user("alice", "AKIAALICE"), &a()), assume(&a().who(), key)]
}

#[test]
fn a_use_without_session_context_is_one_of_the_key() {
    let undated = without(a().who(), &["sessionContext"]);
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let c = role(HERE, "C").session("s", "ASIA3", "09:20");
    let [first, second] = hands_out(&b);
    assert_eq!(
        drawn(&[uses("09:05", &undated), first, second, assume(&undated, &c)]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20   hop 2: AssumeRole 111122223333/B/s [ASIA2] Exact chained=1\n\
         \x20   hop 2: AssumeRole 111122223333/C/s [ASIA3] Exact chained=1\n"
    );
}

#[test]
fn a_use_without_principal_does_not_take_the_issuance_of_a_key() {
    let z = role(HERE, "Z").session("s", "ASIA2", "09:30");
    assert_eq!(
        drawn(&[
            assume(&user("alice", "AKIAALICE"), &a()),
            create_key("09:10", &a().who(), "bob", "AKIABOB"),
            uses("09:20", &by_name("bob", "AKIABOB")),
            assume(&user("bob", "AKIABOB"), &z),
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20   same 1: CreateAccessKey user/bob [AKIABOB] Exact\n\
         \x20     hop 2: AssumeRole 111122223333/Z/s [ASIA2] Exact\n"
    );
}

#[test]
fn a_use_that_tells_only_the_key_is_one_of_the_key() {
    let bare = json!({"accessKeyId": "ASIA1"});
    let undated = without(a().who(), &["sessionContext"]);
    for fragments in [vec![&bare], vec![&bare, &undated]] {
        let mut events = vec![uses("09:05", &a().who())];
        events.extend(fragments.into_iter().map(|who| uses("09:06", who)));
        events.push(assume(&user("alice", "AKIAALICE"), &a()));
        assert_eq!(
            drawn(&events),
            "IamUserAccessKey: - user/alice [AKIAALICE]\n\
             \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
        );
    }
}

#[test]
fn fragments_alone_are_the_key_that_was_handed_out() {
    let bare = json!({"accessKeyId": "ASIA1"});
    let undated = without(a().who(), &["sessionContext"]);
    assert_eq!(
        drawn(&[
            uses("09:05", &bare),
            uses("09:06", &undated),
            assume(&user("alice", "AKIAALICE"), &a())
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
    );
}

#[test]
fn a_fragment_that_may_be_of_two_sessions_joins_the_first_weakly() {
    let later = role(HERE, "A").session("s", "ASIA1", "2026-03-03T09:00:00Z");
    let undated = without(a().who(), &["sessionContext"]);
    let alice = "IamUserAccessKey: - user/alice [AKIAALICE]\n\
                 \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] ";
    let drawing = drawn(&[
        assume(&user("alice", "AKIAALICE"), &a()),
        assume(&user("bob", "AKIABOB"), &later),
        uses("09:05", &a().who()),
        uses("2026-03-03T09:05:00Z", &later.who()),
        uses("09:06", &undated),
    ]);
    assert_eq!(
        drawing,
        format!(
            "{alice}Weak\n\x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
             IamUserAccessKey: - user/bob [AKIABOB]\n\
             \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
        )
    );
}

#[test]
fn a_fragment_of_another_user_stays_apart() {
    let drawing = drawn(&[
        create_key("09:00", &user("alice", "AKIAALICE"), "bob", "AKIASAME"),
        uses("09:10", &user("bob", "AKIASAME")),
        uses("09:20", &by_name("carol", "AKIASAME")),
    ]);
    assert!(drawing.contains("  same 0: CreateAccessKey user/bob [AKIASAME] Exact\n"), "{drawing}");
    assert_eq!(drawing.matches("[AKIASAME]").count(), 2, "{drawing}");
    assert_eq!(drawing.matches("CreateAccessKey").count(), 1, "{drawing}");
}

#[test]
fn a_fragment_of_either_user_is_the_one_that_it_names() {
    let drawing = drawn(&[
        uses("09:00", &user("alice", "AKIASAME")),
        uses("09:10", &user("bob", "AKIASAME")),
        uses("09:20", &by_name("bob", "AKIASAME")),
    ]);
    assert_eq!(drawing.lines().count(), 2, "{drawing}");
}

#[test]
fn a_fragment_does_not_make_another_principals_key_fit() {
    let issued = role(HERE, "A").session("s", "ASIASAME", "09:00");
    let used = role(HERE, "B").session("s", "ASIASAME", "09:00");
    assert_eq!(
        drawn(&[
            assume(&user("alice", "AKIAALICE"), &issued),
            uses("09:05", &used.who()),
            uses("09:06", &json!({"accessKeyId": "ASIASAME"})),
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIASAME] Exact\n\
         Unknown >=: - 111122223333/B/s [ASIASAME]\n"
    );
}
