//! Instances that come and go, functions, tasks and pods, and what people and releases change.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::default_window;
use super::world::{addresses, calls_of, changes, ids, named, session};

#[test]
fn what_is_terminated_falls_silent_within_minutes() {
    let made = default_window();
    let terminations = named(made, "TerminateInstances");
    assert!(terminations.len() >= 5);
    for record in terminations {
        let id = &record["requestParameters"]["instancesSet"]["items"][0]["instanceId"];
        let calls = calls_of(made, id.as_str().unwrap());
        let stolen = made.truth.attacks.iter().flat_map(|attack| &attack.event_ids);
        let stolen: BTreeSet<&str> = stolen.map(String::as_str).collect();
        let own = calls.iter().filter(|r| !stolen.contains(r["eventID"].as_str().unwrap()));
        let after: Vec<&&Value> =
            own.filter(|r| record["eventTime"].as_str() < r["eventTime"].as_str()).collect();
        assert_eq!(after.len(), 2);
        assert_eq!(after[0]["sourceIPAddress"], calls[0]["sourceIPAddress"]);
    }
}

#[test]
fn workloads_call_from_the_addresses_that_their_place_has() {
    let made = default_window();
    let outside = calls_of(made, &session(made, "lambda_outside_vpc"));
    assert!(addresses(&outside).len() > 50);
    for situation in ["lambda_in_vpc", "fargate_task"] {
        let calls = calls_of(made, &session(made, situation));
        assert!(addresses(&calls).len() == 2 && changes(&calls) > 20, "{situation}");
        assert!(calls.iter().all(|r| r["userAgent"].as_str().unwrap().contains("exec-env/AWS_")));
    }
    let subject = session(made, "service_account");
    let exchanges = named(made, "AssumeRoleWithWebIdentity");
    let exchanges = exchanges.iter().filter(|r| r["userIdentity"]["userName"] == *subject);
    assert!(exchanges.count() > 100);
}

#[test]
fn people_and_releases_change_what_runs_at_home() {
    let made = default_window();
    let calls = calls_of(made, &ids(made, "session_manager")[0]);
    let clients: BTreeSet<bool> =
        calls.iter().map(|r| r["userAgent"].as_str().unwrap().starts_with("aws-cli/")).collect();
    assert!(clients.len() == 2 && addresses(&calls).len() == 1);
    assert!(named(made, "StartSession").len() >= 6);
    for name in ids(made, "fleet_deployment") {
        let calls = calls_of(made, name);
        let first = calls.iter().position(|r| r["eventName"] == "StartExecution").unwrap();
        assert!(first > 20 && calls.len() - first > 20);
    }
}

#[test]
fn a_role_comes_after_the_launch_and_tokens_are_required_later() {
    let made = default_window();
    for (name, situation, wrapper) in [
        ("AssociateIamInstanceProfile", "late_profile", "AssociateIamInstanceProfileRequest"),
        (
            "ModifyInstanceMetadataOptions",
            "required_tokens",
            "ModifyInstanceMetadataOptionsRequest",
        ),
    ] {
        let [record] = named(made, name)[..] else {
            panic!("one {name}");
        };
        assert_eq!(record["requestParameters"][wrapper]["InstanceId"], *ids(made, situation)[0]);
    }
}
