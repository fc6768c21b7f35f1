//! People that sign in: SAML, web identity, Identity Center, the console.

use serde_json::{Value, json};

use crate::drawing::drawn;
use crate::records::{
    Event, HERE, Session, assume, event, issue, role, sign_in, user, user_session,
    user_without_key, uses,
};

fn from_provider(kind: &str, name: &str, provider: &str) -> Value {
    json!({
        "type": kind, "principalId": format!("{provider}:{name}"), "userName": name,
        "identityProvider": provider
    })
}

/// The console's exchange of a credential, which repeats the caller's key unless it asks for a
/// duration.
fn exchange(time: &str, who: &Value, key: &str) -> Event {
    let mut get = event(time, who, "signin", "GetSigninToken");
    get.0["eventType"] = json!("AwsConsoleSignIn");
    get.0["responseElements"] =
        json!({"credentials": {"accessKeyId": key}, "GetSigninToken": "Success"});
    get
}

fn in_console(time: &str, who: &Value) -> Event {
    uses(time, who).with("sessionCredentialFromConsole", json!("true"))
}

fn set() -> Session {
    let name = "AWSReservedSSO_Admin_0123456789abcdef";
    role(HERE, name).session("ana@example.com", "ASIANEVER", "09:00")
}

fn portal(time: &str, person: &str) -> Event {
    let who = json!({
        "type": "IdentityCenterUser", "accountId": HERE,
        "onBehalfOf": {
            "userId": person,
            "identityStoreArn": format!("arn:aws:identitystore::{HERE}:identitystore/d-9067000000")
        },
        "credentialId": "c-1"
    });
    event(time, &who, "sso", "GetRoleCredentials")
        .with("eventType", json!("AwsServiceEvent"))
        .with("serviceEventDetails", json!({"role_name": "Admin", "account_id": HERE}))
}

fn saml_half() -> Event {
    let provider = "AWSSSO_0123456789abcdef_DO_NOT_DELETE";
    let who = from_provider("SAMLUser", "ana@example.com", provider);
    let mut half = issue(&who, "AssumeRoleWithSAML", &set());
    half.0["requestParameters"]["principalArn"] =
        json!(format!("arn:aws:iam::{HERE}:saml-provider/{provider}"));
    half
}

#[test]
fn a_saml_sign_in_is_an_origin() {
    let a = role(HERE, "A").session("ana", "ASIA1", "09:00");
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let who = from_provider("SAMLUser", "ana@example.com", "https://idp.example.com");
    assert_eq!(
        drawn(&[issue(&who, "AssumeRoleWithSAML", &a), assume(&a.who(), &b)]),
        "Saml ana@example.com: AssumeRoleWithSAML 111122223333/A/ana [ASIA1] Exact\n\
         \x20 hop 1: AssumeRole 111122223333/B/s [ASIA2] Exact chained=1\n"
    );
}

#[test]
fn a_web_identity_sign_in_is_an_origin() {
    let a = role(HERE, "A").session("GitHubActions", "ASIA1", "09:00");
    let provider = format!("arn:aws:iam::{HERE}:oidc-provider/token.actions.githubusercontent.com");
    let name = "repo:example/shop:ref:refs/heads/main";
    let who = from_provider("WebIdentityUser", name, &provider);
    assert_eq!(
        drawn(&[issue(&who, "AssumeRoleWithWebIdentity", &a), uses("09:05", &a.who())]),
        "Oidc repo:example/shop:ref:refs/heads/main: AssumeRoleWithWebIdentity \
         111122223333/A/GitHubActions [ASIA1] Exact\n"
    );
}

#[test]
fn a_cognito_identity_is_an_origin() {
    let a = role(HERE, "Guests").session("CognitoIdentityCredentials", "ASIA1", "09:00");
    let mut get = event(
        "09:00",
        &json!({"type": "Unknown"}),
        "cognito-identity",
        "GetCredentialsForIdentity",
    );
    let id = "us-east-1:00000000-0000-4000-8000-000000000001";
    get.0["requestParameters"] = json!({"identityId": id});
    get.0["responseElements"] = json!({"credentials": {"accessKeyId": "ASIA1", "expiration": "Mar 2, 2026, 10:00:00 AM"}, "identityId": id});
    assert_eq!(
        drawn(&[get, uses("09:05", &a.who())]),
        "Oidc us-east-1:00000000-0000-4000-8000-000000000001: GetCredentialsForIdentity \
         111122223333/Guests/CognitoIdentityCredentials [ASIA1] Exact\n"
    );
}

#[test]
fn identity_center_joins_by_session_and_date_and_names_the_person() {
    let used = set().with_key("ASIAUSED");
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    let person = "90670000-0000-4000-8000-00000000000a";
    assert_eq!(
        drawn(&[
            portal("09:00", person),
            saml_half(),
            uses("09:05", &used.who()),
            assume(&used.who(), &b)
        ]),
        "IdentityCenter ana@example.com (90670000-0000-4000-8000-00000000000a): \
         AssumeRoleWithSAML 111122223333/AWSReservedSSO_Admin_0123456789abcdef/ana@example.com \
         [ASIANEVER ASIAUSED] Strong\n\
         \x20 hop 1: AssumeRole 111122223333/B/s [ASIA2] Exact chained=1\n"
    );
}

#[test]
fn two_people_of_one_portal_are_told_apart() {
    let (ana, ben) =
        ("90670000-0000-4000-8000-00000000000a", "90670000-0000-4000-8000-00000000000b");
    let name = "AWSReservedSSO_Admin_0123456789abcdef";
    let of_ben = role(HERE, name).session("ben@example.com", "ASIABEN", "10:00");
    let mut second_half = saml_half();
    second_half.0 = issue(
        &from_provider("SAMLUser", "ben@example.com", "AWSSSO_0123456789abcdef_DO_NOT_DELETE"),
        "AssumeRoleWithSAML",
        &of_ben,
    )
    .0;
    let drawing = drawn(&[
        portal("09:00", ana),
        saml_half(),
        portal("10:00", ben),
        second_half,
        uses("10:05", &of_ben.who()),
    ]);
    assert!(drawing.contains(&format!("ana@example.com ({ana})")), "{drawing}");
    assert!(drawing.contains(&format!("ben@example.com ({ben})")), "{drawing}");
}

#[test]
fn a_second_between_the_issuance_and_the_creation_date_does_not_part_them() {
    let mut used = set().with_key("ASIAUSED");
    used.created = "2026-03-02T09:00:01Z".into();
    assert_eq!(
        drawn(&[saml_half(), uses("09:05", &used.who())]),
        "IdentityCenter ana@example.com: AssumeRoleWithSAML \
         111122223333/AWSReservedSSO_Admin_0123456789abcdef/ana@example.com \
         [ASIANEVER ASIAUSED] Strong\n"
    );
}

#[test]
fn two_sessions_of_identity_center_are_two_origins() {
    let mut later = set().with_key("ASIALATER");
    later.created = "2026-03-02T13:00:00Z".into();
    let used = set().with_key("ASIAUSED");
    let drawing = drawn(&[saml_half(), uses("09:05", &used.who()), uses("13:05", &later.who())]);
    assert_eq!(drawing.lines().count(), 2, "{drawing}");
    assert!(drawing.contains("[ASIALATER]\n"), "{drawing}");
}

#[test]
fn the_identity_center_half_of_another_time_names_nobody() {
    let drawing = drawn(&[portal("08:00", "somebody"), saml_half()]);
    assert!(drawing.starts_with("IdentityCenter ana@example.com: "), "{drawing}");
}

#[test]
fn two_people_in_the_same_seconds_name_nobody() {
    let ana = portal("09:00", "90670000-0000-4000-8000-00000000000a");
    let bob = portal("09:00:01", "90670000-0000-4000-8000-00000000000b");
    let drawing = drawn(&[ana.clone(), bob, saml_half()]);
    assert!(drawing.starts_with("IdentityCenter ana@example.com: "), "{drawing}");
    // Somebody who signs in afterwards is no candidate, nor is the same person twice.
    let after = portal("09:00:03", "90670000-0000-4000-8000-00000000000b");
    let again = portal("09:00:02", "90670000-0000-4000-8000-00000000000a");
    let drawing = drawn(&[ana, again, after, saml_half()]);
    let expected = "IdentityCenter ana@example.com (90670000-0000-4000-8000-00000000000a): ";
    assert!(drawing.starts_with(expected), "{drawing}");
}

#[test]
fn a_console_session_of_many_keys_is_one_node() {
    let mut events = vec![sign_in("09:00", &user_without_key("alice"))];
    let keys: Vec<String> = (10..31).map(|number| format!("ASIAC{number}")).collect();
    for key in &keys {
        events.push(in_console("09:05", &user_session("alice", key, "09:00")));
    }
    let b = role(HERE, "B").session("s", "ASIA2", "09:10");
    events.push(assume(&user_session("alice", "ASIAC17", "09:00"), &b));
    let expected = format!(
        "Console alice: ConsoleLogin user/alice [{}] Strong\n\
         \x20 hop 1: AssumeRole 111122223333/B/s [ASIA2] Exact\n",
        keys.join(" ")
    );
    let drawing = drawn(&events);
    assert!(drawing.starts_with(&expected), "{drawing}");
}

#[test]
fn a_console_session_without_its_sign_in_is_one_node_too() {
    let drawing = drawn(&[
        in_console("09:05", &user_session("alice", "ASIAC1", "09:00")),
        uses("09:06", &user_session("alice", "ASIAC2", "09:00")),
    ]);
    assert_eq!(drawing, "Console: - user/alice [ASIAC1 ASIAC2]\n");
}

#[test]
fn a_console_session_is_known_even_if_only_some_services_say_so() {
    let session = user_session("alice", "ASIAC1", "09:00");
    let drawing = drawn(&[uses("09:05", &session), in_console("09:06", &session)]);
    assert_eq!(drawing, "Console: - user/alice [ASIAC1]\n");
}

#[test]
fn a_failed_sign_in_hands_nothing_out() {
    let mut failed = sign_in("09:00", &user_without_key("alice"));
    failed.0["errorMessage"] = json!("Failed authentication");
    failed.0["responseElements"] = json!({"ConsoleLogin": "Failure"});
    let drawing = drawn(&[failed, in_console("09:05", &user_session("alice", "ASIAC1", "09:00"))]);
    assert!(drawing.contains("Console: - user/alice [ASIAC1]\n"), "{drawing}");
}

#[test]
fn a_sign_in_token_with_a_key_of_its_own_continues_the_session() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let console = role(HERE, "A").session("s", "ASIAC1", "09:30");
    assert_eq!(
        drawn(&[
            assume(&user("alice", "AKIAALICE"), &a),
            exchange("09:30", &a.who(), "ASIAC1"),
            in_console("09:35", &console.who())
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n\
         \x20   same 1: GetSigninToken 111122223333/A/s [ASIAC1] Exact\n"
    );
}

#[test]
fn a_sign_in_token_that_repeats_the_key_makes_no_credential() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let same_date = role(HERE, "A").session("s", "ASIAC1", "09:00");
    assert_eq!(
        drawn(&[
            assume(&user("alice", "AKIAALICE"), &a),
            exchange("09:30", &a.who(), "ASIA1"),
            in_console("09:35", &same_date.who())
        ]),
        "IamUserAccessKey: - user/alice [AKIAALICE]\n\
         \x20 hop 1: AssumeRole 111122223333/A/s [ASIA1 ASIAC1] Exact\n"
    );
}

#[test]
fn a_console_sign_in_of_a_role_session_continues_it() {
    let a = role(HERE, "A").session("s", "ASIA1", "09:00");
    let console = role(HERE, "A").session("s", "ASIAC1", "09:30");
    let mut without_key = a.who();
    without_key.as_object_mut().unwrap().remove("accessKeyId");
    let drawing = drawn(&[
        assume(&user("alice", "AKIAALICE"), &a),
        exchange("09:29:58", &a.who(), "ASIA1"),
        sign_in("09:30", &without_key),
        in_console("09:35", &console.who()),
    ]);
    assert!(
        drawing.contains(
            "  hop 1: AssumeRole 111122223333/A/s [ASIA1] Exact\n    same 1: ConsoleLogin 111122223333/A/s [ASIAC1] Strong\n"
        ),
        "{drawing}"
    );
}

#[test]
fn a_switch_of_roles_with_its_assume_role_is_one_hop() {
    let console = user_session("alice", "ASIAC1", "09:00");
    let b = role(HERE, "B").session("alice", "ASIA2", "09:10");
    let used = b.with_key("ASIA3");
    let mut switch = event("09:10", &b.who(), "signin", "SwitchRole");
    switch.0["userIdentity"].as_object_mut().unwrap().remove("accessKeyId");
    switch.0["eventType"] = json!("AwsConsoleSignIn");
    switch.0["additionalEventData"] = json!({"SwitchFrom": format!("arn:aws:iam::{HERE}:user/alice"), "RedirectTo": "https://example.com"});
    switch.0["responseElements"] = json!({"SwitchRole": "Success"});
    let drawing = drawn(&[
        sign_in("09:00", &user_without_key("alice")),
        in_console("09:05", &console),
        assume(&console, &b),
        switch.clone(),
        in_console("09:15", &used.who()),
    ]);
    assert!(
        drawing.contains(
            "Console alice: ConsoleLogin user/alice [ASIAC1] Strong\n\
             \x20 hop 1: AssumeRole 111122223333/B/alice [ASIA2 ASIA3] Strong\n"
        ) && drawing.matches("hop 1").count() == 1,
        "{drawing}"
    );
    let without = drawn(&[
        sign_in("09:00", &user_without_key("alice")),
        in_console("09:05", &console),
        switch,
        in_console("09:15", &used.who()),
    ]);
    assert!(
        without.contains(
            "Console alice: ConsoleLogin user/alice [ASIAC1] Strong\n\
             \x20 hop 1: SwitchRole 111122223333/B/alice [ASIA3] Weak\n"
        ),
        "{without}"
    );
}
