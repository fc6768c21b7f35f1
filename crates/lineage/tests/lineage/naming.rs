//! What names nodes and origins from one run to the next.

use std::slice::from_ref;

use cloudtrail::Timestamp;
use lineage::{Lineage, Node};
use serde_json::json;

use crate::drawing::learned;
use crate::records::{
    Event, HERE, assume, create_key, issue, role, sign_in, user, user_session, user_without_key,
    uses,
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
