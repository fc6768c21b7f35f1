//! The thefts: each is in the records as the truth tells it, and no instance is robbed twice.

extern crate std;

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use std::sync::OnceLock;

use serde_json::Value;

use super::world::{address, calls_of, named};
use super::{Made, key_of, made, records, short};
use crate::addresses::is_amazon;
use crate::attacks::thefts::chosen;
use crate::organization::FOREIGN;
use crate::{Attack, Settings};

/// Three organizations that show all thefts.
fn organizations() -> &'static [Made] {
    static MADE: OnceLock<Vec<Made>> = OnceLock::new();
    MADE.get_or_init(|| {
        [1, 2, 3]
            .into_iter()
            .map(|seed| {
                let (files, truth) = made(&Settings { seed, ..short() });
                let records = records(&files);
                Made { files, truth, records }
            })
            .collect()
    })
}

/// The thefts named `name`, each with its organization.
fn thefts(name: &str) -> Vec<(&'static Made, &'static Attack)> {
    let mut found = Vec::new();
    for made in organizations() {
        let attacks = made.truth.attacks.iter().filter(|attack| attack.name == name);
        found.extend(attacks.map(|attack| (made, attack)));
    }
    assert!(!found.is_empty(), "{name}");
    found
}

fn events<'a>(made: &'a Made, attack: &Attack) -> Vec<&'a Value> {
    attack.event_ids.iter().map(|id| &made.records[id].0).collect()
}

fn instance(attack: &Attack) -> &str {
    attack.origin.instance_id.as_deref().unwrap()
}

/// What the robbed instance does itself.
fn at_home<'a>(made: &'a Made, attack: &Attack) -> Vec<&'a Value> {
    let stolen: BTreeSet<&str> = attack.event_ids.iter().map(String::as_str).collect();
    let mut calls = calls_of(made, instance(attack));
    calls.retain(|record| !stolen.contains(record["eventID"].as_str().unwrap()));
    calls
}

fn time(record: &Value) -> &str {
    record["eventTime"].as_str().unwrap()
}

#[test]
fn ten_organizations_show_every_theft_several_times() {
    let all: Vec<_> = (1..=10).flat_map(chosen).collect();
    for theft in &all {
        assert!(all.iter().filter(|other| *other == theft).count() >= 3, "{theft:?}");
    }
    assert_eq!(
        all.iter().map(|theft| alloc::format!("{theft:?}")).collect::<BTreeSet<_>>().len(),
        12
    );
    assert!((1..50).all(|seed| (5..=7).contains(&chosen(seed).len())));
}

#[test]
fn no_instance_is_robbed_twice_and_none_of_them_counts_as_harmless() {
    for made in organizations() {
        let robbed: Vec<&str> =
            made.truth.attacks.iter().filter_map(|a| a.origin.instance_id.as_deref()).collect();
        let distinct: BTreeSet<&str> = robbed.iter().copied().collect();
        assert_eq!(distinct.len(), robbed.len());
        let mut harmless = made.truth.benign.iter().flat_map(|benign| &benign.instance_ids);
        assert!(harmless.all(|id| !distinct.contains(id.as_str())));
        assert!(made.truth.attacks.is_sorted_by_key(|attack| &attack.start));
    }
}

#[test]
fn every_foreign_address_and_endpoint_is_in_the_records_of_the_attack_alone() {
    for made in organizations() {
        for attack in &made.truth.attacks {
            let events = events(made, attack);
            for foreign in &attack.foreign_addresses {
                let keys: BTreeSet<&str> = events
                    .iter()
                    .filter(|record| address(record) == foreign)
                    .map(|record| key_of(record))
                    .collect();
                assert!(!keys.is_empty(), "{} {foreign}", attack.name);
                let others = made.records.values().filter(|(record, _)| {
                    address(record) == foreign
                        && !key_of(record).is_empty()
                        && keys.contains(key_of(record))
                        && record["userIdentity"]["invokedBy"].is_null()
                });
                let ids: BTreeSet<&str> = attack.event_ids.iter().map(String::as_str).collect();
                for (record, _) in others {
                    assert!(ids.contains(record["eventID"].as_str().unwrap()), "{record}");
                }
            }
            for foreign in &attack.foreign_endpoints {
                assert!(events.iter().any(|record| record["vpcEndpointId"] == **foreign));
            }
        }
    }
}

#[test]
fn the_key_of_an_instance_was_handed_to_it_and_is_not_yet_expired() {
    for name in [
        "instance_key_outside",
        "instance_key_inside_aws",
        "instance_key_foreign_endpoint",
        "instance_key_other_instance",
        "instance_key_two_places",
        "instance_key_split_versions",
        "instance_key_after_termination",
        "instance_key_console",
    ] {
        for (made, attack) in thefts(name) {
            assert_eq!(attack.detectors, ["instance_credential_exfiltration"]);
            let issued = named(made, "AssumeRole").into_iter().find(|record| {
                record["responseElements"]["credentials"]["accessKeyId"]
                    == *attack.origin.access_key_id
            });
            let issued = issued.unwrap_or_else(|| panic!("{name}: no issuance"));
            assert_eq!(issued["userIdentity"]["invokedBy"], "ec2.amazonaws.com");
            assert_eq!(issued["requestParameters"]["roleSessionName"], *instance(attack));
            assert!(time(issued) < attack.start.as_str());
            let hours = |text: &str| {
                let hour: i64 = text.get(11..13).unwrap().parse().unwrap();
                let day: i64 = text.get(8..10).unwrap().parse().unwrap();
                day * 24 + hour
            };
            assert!(hours(&attack.end) - hours(time(issued)) <= 7, "{name}");
            assert!(at_home(made, attack).len() > 30, "{name}: a life before");
        }
    }
}

#[test]
fn thieves_call_from_where_their_name_says() {
    let own: BTreeSet<String> = organizations()
        .iter()
        .flat_map(|made| named(made, "AllocateAddress"))
        .map(|record| record["responseElements"]["publicIp"].as_str().unwrap().to_string())
        .collect();
    for (_, attack) in thefts("instance_key_inside_aws") {
        let address = &attack.foreign_addresses[0];
        assert!(is_amazon(address) && !own.contains(address));
    }
    for (made, attack) in thefts("instance_key_other_instance") {
        assert!(own.contains(&attack.foreign_addresses[0]));
        let homes = at_home(made, attack);
        assert!(homes.iter().all(|record| address(record) != attack.foreign_addresses[0]));
    }
    for name in ["instance_key_outside", "function_key_outside", "task_key_outside"] {
        for (made, attack) in thefts(name) {
            assert!(!is_amazon(&attack.foreign_addresses[0]));
            let events = events(made, attack);
            assert!(events.iter().all(|r| address(r) == attack.foreign_addresses[0]));
            assert!(events.iter().all(|r| key_of(r) == attack.origin.access_key_id));
        }
    }
    for (made, attack) in thefts("instance_key_foreign_endpoint") {
        for record in events(made, attack) {
            assert_eq!(record["vpcEndpointAccountId"], FOREIGN);
            assert!(address(record).starts_with("10."));
        }
    }
}

#[test]
fn the_instance_and_the_thief_take_turns() {
    for (made, attack) in thefts("instance_key_two_places") {
        let is_its = |record: &&Value| key_of(record) == attack.origin.access_key_id;
        let calls: Vec<&Value> =
            calls_of(made, instance(attack)).into_iter().filter(is_its).collect();
        let foreign: Vec<bool> =
            calls.iter().map(|r| address(r) == attack.foreign_addresses[0]).collect();
        let n_turns = foreign.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(n_turns >= 6, "{n_turns}");
    }
    for (made, attack) in thefts("instance_key_split_versions") {
        let delivery = |r: &Value| r["userIdentity"]["sessionContext"]["ec2RoleDelivery"].clone();
        assert!(events(made, attack).iter().all(|record| delivery(record) == "1.0"));
        let homes = at_home(made, attack);
        assert!(homes.iter().all(|record| delivery(record) == "2.0"));
        assert!(homes.iter().any(|record| attack.end.as_str() < time(record)));
    }
}

#[test]
fn a_terminated_instance_calls_from_elsewhere_alone() {
    for (made, attack) in thefts("instance_key_after_termination") {
        let ended = named(made, "TerminateInstances").into_iter().find(|record| {
            record["requestParameters"]["instancesSet"]["items"][0]["instanceId"]
                == *instance(attack)
        });
        assert!(time(ended.unwrap()) < attack.start.as_str());
    }
}

#[test]
fn the_session_of_an_instance_signs_in_to_the_console() {
    for (made, attack) in thefts("instance_key_console") {
        let events = events(made, attack);
        let names: Vec<&str> =
            events.iter().take(2).map(|r| r["eventName"].as_str().unwrap()).collect();
        assert_eq!(names, ["GetSigninToken", "ConsoleLogin"]);
        let arn = events[1]["userIdentity"]["arn"].as_str().unwrap();
        assert!(arn.ends_with(instance(attack)));
        assert!(events[2..].iter().all(|r| r["sessionCredentialFromConsole"] == "true"));
    }
}

#[test]
fn a_forged_name_comes_from_a_user_and_not_from_the_service() {
    for (made, attack) in thefts("forged_instance_session") {
        let hop = &attack.chain[0];
        let tail = hop.role_session_name.strip_prefix("i-").unwrap();
        assert!(tail.len() == 17 && tail.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let issued = &made.records[&hop.event_id].0;
        assert_eq!(issued["userIdentity"]["type"], "IAMUser");
        for record in events(made, attack).iter().filter(|r| key_of(r) == hop.access_key_id) {
            assert!(record["userIdentity"]["sessionContext"]["ec2RoleDelivery"].is_null());
        }
    }
}

#[test]
fn a_token_is_exchanged_elsewhere() {
    for (made, attack) in thefts("pod_token_elsewhere") {
        let first = events(made, attack)[0];
        assert_eq!(first["eventName"], "AssumeRoleWithWebIdentity");
        assert_eq!(address(first), attack.foreign_addresses[0]);
        let subject = &first["userIdentity"]["userName"];
        let others = named(made, "AssumeRoleWithWebIdentity");
        let others = others.iter().filter(|r| r["userIdentity"]["userName"] == *subject);
        assert!(others.filter(|r| is_amazon(address(r))).count() > 40);
    }
}
