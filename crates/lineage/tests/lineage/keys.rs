//! Keys that keys make, and key ids that AWS uses again.

use lineage::Lineage;
use serde_json::{Value, json};

use crate::drawing::{drawn, learned};
use crate::records::{
    Event, HERE, Role, assume, create_key, event, role, sign_in, user, user_session,
    user_without_key, uses,
};

/// `name` of STS, which hands `key` out to the user or under the name of a federated user.
fn token(time: &str, by: &Value, name: &str, key: &str) -> Event {
    let mut get = event(time, by, "sts", name);
    get.0["responseElements"] =
        json!({"credentials": {"accessKeyId": key, "expiration": "Mar 3, 2026, 9:00:00 AM"}});
    if name == "GetFederationToken" {
        get.0["requestParameters"] = json!({"name": "reader", "durationSeconds": 129_600});
        get.0["responseElements"]["federatedUser"] = json!({
            "federatedUserId": format!("{HERE}:reader"),
            "arn": format!("arn:aws:sts::{HERE}:federated-user/reader")
        });
    }
    get
}

fn reader(key: &str) -> Value {
    json!({
        "type": "FederatedUser", "principalId": format!("{HERE}:reader"),
        "arn": format!("arn:aws:sts::{HERE}:federated-user/reader"), "accountId": HERE,
        "accessKeyId": key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "IAMUser", "principalId": "AIDAALICE",
                "arn": format!("arn:aws:iam::{HERE}:user/alice"), "accountId": HERE,
                "userName": "alice"
            },
            "attributes": {"creationDate": "2026-03-02T09:00:00Z", "mfaAuthenticated": "false"}
        }
    })
}

#[test]
fn a_session_token_is_the_same_user_and_no_hop() {
    let alice = user("alice", "AKIAALICE");
    let session = user_session("alice", "ASIAT", "09:00");
    let a = role(HERE, "A").session("s", "ASIA1", "09:10");
    assert_eq!(
        drawn(&[
            token("09:00", &alice, "GetSessionToken", "ASIAT"),
            uses("09:05", &session),
            assume(&session, &a)
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 same 0: GetSessionToken user/alice [ASIAT] Exact\n\
         \x20   hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
    );
}

#[test]
fn a_federation_token_is_a_child_of_the_key_and_no_hop() {
    let alice = user("alice", "AKIAALICE");
    let a = role(HERE, "A").session("s", "ASIA1", "09:10");
    assert_eq!(
        drawn(&[
            token("09:00", &alice, "GetFederationToken", "ASIAF"),
            uses("09:05", &reader("ASIAF")),
            assume(&reader("ASIAF"), &a)
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 same 0: GetFederationToken federated-user/reader [ASIAF] Exact\n\
         \x20   hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n"
    );
}

#[test]
fn a_created_key_continues_the_lineage_of_its_maker() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let b = role(HERE, "B").session("s", "ASIA2", "2026-03-03T09:00:00Z");
    let bob = user("bob", "AKIABOB");
    assert_eq!(
        drawn(&[
            assume(&user("alice", "AKIAALICE"), &a),
            create_key("09:10", &a.who(), "bob", "AKIABOB"),
            assume(&bob, &b)
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20   same 1: CreateAccessKey user/bob [AKIABOB] Exact\n\
         \x20     hop 2: AssumeRole 111122223333/B/s [ASIA2] Exact\n"
    );
}

#[test]
fn a_created_key_that_was_never_used_hangs_below_its_maker() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let drawing = drawn(&[
        assume(&user("alice", "AKIAALICE"), &a),
        create_key("09:10", &a.who(), "bob", "AKIABOB"),
    ]);
    assert!(
        drawing.contains("    same 1: CreateAccessKey ") && drawing.contains("[AKIABOB] Exact"),
        "{drawing}"
    );
}

#[test]
fn a_key_that_a_user_makes_for_itself_continues_too() {
    let mut own = create_key("09:10", &user("alice", "AKIAALICE"), "alice", "AKIASECOND");
    own.0["requestParameters"] = Value::Null;
    assert_eq!(
        drawn(&[own, uses("09:20", &user("alice", "AKIASECOND"))]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 same 0: CreateAccessKey user/alice [AKIASECOND] Exact\n"
    );
}

#[test]
fn a_refused_key_is_no_key() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let drawing = drawn(&[
        assume(&user("alice", "AKIAALICE"), &a),
        create_key("09:10", &a.who(), "bob", "AKIABOB").denied(),
        uses("09:20", &user("bob", "AKIABOB")),
    ]);
    assert!(drawing.contains("IamUserAccessKey: - user/bob [AKIABOB]\n"), "{drawing}");
}

#[test]
fn a_password_that_a_chain_gave_continues_the_chain_at_the_sign_in() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let mut password = event("09:10", &a.who(), "iam", "CreateLoginProfile");
    password.0["requestParameters"] = json!({"userName": "bob", "passwordResetRequired": false});
    let session = user_session("bob", "ASIAC", "2026-03-03T09:00:00Z");
    let drawing = drawn(&[
        assume(&user("alice", "AKIAALICE"), &a),
        password,
        sign_in("2026-03-03T09:00:00Z", &user_without_key("bob")),
        uses("2026-03-03T09:05:00Z", &session).with("sessionCredentialFromConsole", json!("true")),
    ]);
    assert!(
        drawing.contains(
            "  hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n    same 1: ConsoleLogin user/bob [ASIAC] Weak\n"
        ),
        "{drawing}"
    );
}

#[test]
fn a_password_of_another_user_or_of_later_does_not() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let password = |time: &str, name: &str| {
        event(time, &a.who(), "iam", "UpdateLoginProfile")
            .with("requestParameters", json!({"userName": name}))
    };
    let session = user_session("bob", "ASIAC", "10:00");
    for given in
        [password("09:10", "carol"), password("10:10", "bob"), password("09:10", "bob").denied()]
    {
        let drawing = drawn(&[
            assume(&user("alice", "AKIAALICE"), &a),
            given,
            sign_in("10:00", &user_without_key("bob")),
            uses("10:05", &session),
        ]);
        assert!(drawing.contains("Console bob: ConsoleLogin user/bob [ASIAC]"), "{drawing}");
    }
}

#[test]
fn only_the_latest_password_of_the_last_week_continues_a_chain() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let password = |time: &str, who: &Value| {
        event(time, who, "iam", "UpdateLoginProfile")
            .with("requestParameters", json!({"userName": "bob"}))
    };
    let drawing = |sign_in_at: &str, others: &[Event]| {
        let mut events = vec![
            assume(&user("alice", "AKIAALICE"), &a),
            password("09:10", &a.who()),
            sign_in(sign_in_at, &user_without_key("bob")),
            uses(sign_in_at, &user_session("bob", "ASIAC", sign_in_at)),
        ];
        events.extend_from_slice(others);
        drawn(&events)
    };
    let own = "Console bob: ConsoleLogin user/bob [ASIAC] Strong\n";
    let of_chain = "    same 1: ConsoleLogin user/bob [ASIAC] Weak\n";
    for (sign_in_at, expected) in
        [("2026-03-09T09:10:00Z", of_chain), ("2026-03-09T09:10:01Z", own)]
    {
        let drawing = drawing(sign_in_at, &[]);
        assert!(drawing.contains(expected), "{drawing}");
    }
    // Somebody else has changed it since.
    let changed = password("09:20", &user("carol", "AKIACAROL"));
    let drawing = drawing("10:00", &[changed]);
    let of_carol = "IamUserAccessKey: - user/carol [AKIACAROL]\n  same 0: ConsoleLogin user/bob";
    assert!(drawing.contains(of_carol), "{drawing}");
}

#[test]
fn a_long_term_key_id_of_two_users_is_two_keys() {
    let mut other = user("bob", "AKIASAME");
    other["accountId"] = json!(HERE);
    assert_eq!(
        drawn(&[uses("09:00", &user("alice", "AKIASAME")), uses("09:10", &other)]),
        "IamUserAccessKey: - user/alice [AKIASAME]\n\
         IamUserAccessKey: - user/bob [AKIASAME]\n"
    );
}

#[test]
fn a_temporary_key_id_that_comes_again_belongs_to_the_issuance_of_its_date() {
    let first = role(HERE, "A").session("s", "ASIASAME", "2026-03-01T09:00:00Z");
    let second = role(HERE, "A").session("s", "ASIASAME", "2026-03-02T09:00:00Z");
    assert_eq!(
        drawn(&[
            assume(&user("alice", "AKIAALICE"), &first),
            uses("2026-03-01T09:05:00Z", &first.who()),
            assume(&user("bob", "AKIABOB"), &second),
            uses("09:05", &second.who()),
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIASAME] Exact\n\
         IamUserAccessKey: - user/bob [AKIABOB]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIASAME] Exact\n"
    );
}

#[test]
fn a_temporary_key_id_of_another_principal_is_another_credential() {
    let issued = role(HERE, "A").session("s", "ASIASAME", "09:00");
    let used = role(HERE, "B").session("s", "ASIASAME", "09:00");
    assert_eq!(
        drawn(&[assume(&user("alice", "AKIAALICE"), &issued), uses("09:05", &used.who())]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIASAME] Exact\n\
         Unknown >=: - 111122223333/B/s [ASIASAME]\n"
    );
}

#[test]
fn a_role_that_was_deleted_and_made_again_is_another_principal() {
    let old = role(HERE, "A");
    let new = Role { id: "AROANEW".into(), ..old.clone() };
    let issued = old.session("s", "ASIA1", "09:00");
    let used = new.session("s", "ASIA2", "09:00");
    assert_eq!(
        drawn(&[assume(&user("alice", "AKIAALICE"), &issued), uses("09:05", &used.who())]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         Unknown >=: - 111122223333/A/s [ASIA2]\n"
    );
}

#[test]
fn what_only_long_term_keys_led_to_is_told_from_what_a_session_led_to() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:20");
    let evidence = learned(&[
        create_key("09:10", &user("alice", "AKIAALICE"), "bob", "AKIABOB"),
        assume(&user("bob", "AKIABOB"), &a),
        create_key("09:30", &a.who(), "carol", "AKIACAROL"),
    ]);
    let lineage = Lineage::of(&evidence);
    let of_key =
        |key: &str| lineage.nodes().iter().find(|node| node.access_key_ids.contains(key)).unwrap();
    let is_from_temporary =
        ["AKIAALICE", "AKIABOB", "ASIA1", "AKIACAROL"].map(|key| of_key(key).is_from_temporary);
    assert_eq!(is_from_temporary, [false, false, true, true]);
}
