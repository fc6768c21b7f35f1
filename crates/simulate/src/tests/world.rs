//! The situations: each leaves the records that tell it from a theft, or none where it should not.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde_json::Value;

use super::{Made, default_window, key_of};
use crate::addresses::is_amazon;
use crate::organization::{ACCOUNTS, NETWORK};

/// The calls of the session named `name` that it makes itself, in the order of time.
pub(super) fn calls_of<'a>(made: &'a Made, name: &str) -> Vec<&'a Value> {
    let end = alloc::format!("/{name}");
    let mut calls: Vec<&Value> = made
        .records
        .values()
        .map(|(record, _)| record)
        .filter(|record| {
            let caller = &record["userIdentity"];
            caller["arn"].as_str().is_some_and(|arn| arn.ends_with(&end))
                && caller["invokedBy"].is_null()
        })
        .collect();
    calls.sort_by_key(|record| record["eventTime"].as_str().unwrap());
    calls
}

pub(super) fn address(record: &Value) -> &str {
    record["sourceIPAddress"].as_str().unwrap()
}

pub(super) fn addresses<'a>(calls: &[&'a Value]) -> BTreeSet<&'a str> {
    calls.iter().map(|record| address(record)).collect()
}

/// How often the address changes from one call to the next.
pub(super) fn changes(calls: &[&Value]) -> usize {
    calls.windows(2).filter(|pair| address(pair[0]) != address(pair[1])).count()
}

pub(super) fn ids<'a>(made: &'a Made, situation: &str) -> &'a [String] {
    let benign = made.truth.benign.iter().find(|benign| benign.situation == situation);
    let ids = benign.map_or(&[][..], |benign| &benign.instance_ids);
    assert!(!ids.is_empty(), "{situation}");
    ids
}

pub(super) fn session(made: &Made, situation: &str) -> String {
    let benign = made.truth.benign.iter().find(|benign| benign.situation == situation);
    benign.unwrap().session_names[0].clone()
}

pub(super) fn named<'a>(made: &'a Made, name: &str) -> Vec<&'a Value> {
    let all = made.records.values().map(|(record, _)| record);
    all.filter(|record| record["eventName"] == *name).collect()
}

/// Public addresses by allocation.
fn allocations(made: &Made) -> BTreeMap<&str, &str> {
    named(made, "AllocateAddress")
        .iter()
        .map(|record| {
            let answer = &record["responseElements"];
            (answer["allocationId"].as_str().unwrap(), answer["publicIp"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn every_situation_has_somebody_in_the_logs() {
    let made = default_window();
    let mut seen = BTreeSet::new();
    for benign in &made.truth.benign {
        for name in &benign.instance_ids {
            assert!(!calls_of(made, name).is_empty(), "{} {name}", benign.situation);
        }
        assert!(!benign.instance_ids.is_empty() || benign.session_names.len() == 1);
        assert!(seen.insert(benign.situation));
    }
    for situation in [
        "nat_fail_over",
        "nat_pool",
        "egress_hub",
        "corporate_egress",
        "endpoint_beside_nat",
        "new_endpoint",
        "shared_endpoint",
        "moved_address",
        "late_address",
        "second_interface",
        "dual_stack",
        "forward_access",
        "eks_node",
        "hybrid_node",
        "replaced_instance",
        "reused_address",
        "lambda_outside_vpc",
        "lambda_in_vpc",
        "fargate_task",
        "pod_identity",
        "service_account",
        "session_manager",
        "fleet_deployment",
        "late_profile",
        "required_tokens",
    ] {
        assert!(seen.contains(situation), "{situation}");
    }
}

#[test]
fn every_gateway_joins_to_its_addresses() {
    let made = default_window();
    let allocations = allocations(made);
    let gateways = named(made, "CreateNatGateway");
    assert!(gateways.len() > 6);
    for gateway in gateways {
        let answer = &gateway["responseElements"]["CreateNatGatewayResponse"]["natGateway"];
        let items = &answer["natGatewayAddressSet"]["item"];
        let items = items.as_array().cloned().unwrap_or_else(|| Vec::from([items.clone()]));
        for item in items {
            let address = allocations[item["allocationId"].as_str().unwrap()];
            assert!(is_amazon(address));
            let is_used = made.records.values().any(|(record, _)| {
                record["sourceIPAddress"] == address && !key_of(record).is_empty()
            });
            assert!(is_used, "{address}");
        }
    }
}

#[test]
fn traffic_fails_over_and_comes_back() {
    let made = default_window();
    let [first, second, third] = ids(made, "nat_fail_over") else {
        panic!("three instances");
    };
    let home_of_the_third = addresses(&calls_of(made, third));
    assert_eq!(home_of_the_third.len(), 1);
    for name in [first, second] {
        let calls = calls_of(made, name);
        let all = addresses(&calls);
        assert_eq!(all.len(), 2, "{name}");
        assert!(all.is_superset(&home_of_the_third));
        assert_eq!(changes(&calls), 2, "away and back");
        assert_eq!(address(calls[0]), address(calls[calls.len() - 1]));
    }
    assert_eq!(named(made, "ReplaceRoute").len(), 2);
}

#[test]
fn pools_alternate_with_and_without_a_gateway_in_the_logs() {
    let made = default_window();
    let allocations: BTreeSet<&str> = allocations(made).into_values().collect();
    let mut known = 0;
    for name in ids(made, "nat_pool") {
        let calls = calls_of(made, name);
        assert_eq!(addresses(&calls).len(), 3, "{name}");
        assert!(changes(&calls) > calls.len() / 3);
        known += usize::from(addresses(&calls).is_subset(&allocations));
    }
    assert_eq!(known, 2);
}

#[test]
fn several_accounts_share_the_address_of_a_hub() {
    let made = default_window();
    let mut all = BTreeSet::new();
    let mut accounts = BTreeSet::new();
    for name in ids(made, "egress_hub") {
        let calls = calls_of(made, name);
        all.extend(addresses(&calls));
        accounts.insert(calls[0]["recipientAccountId"].to_string());
    }
    assert_eq!((all.len(), accounts.len()), (1, 3));
    let to_transit = named(made, "CreateRoute");
    let to_transit =
        to_transit.iter().filter(|r| !r["requestParameters"]["transitGatewayId"].is_null());
    assert_eq!(to_transit.count(), 3);
}

#[test]
fn corporate_traffic_leaves_outside_of_amazon_every_day() {
    let made = default_window();
    for name in ids(made, "corporate_egress") {
        let calls = calls_of(made, name);
        let all = addresses(&calls);
        assert!(all.len() == 1 && all.iter().all(|address| !is_amazon(address)));
        let days: BTreeSet<&str> =
            calls.iter().filter_map(|r| r["eventTime"].as_str()?.get(..10)).collect();
        assert!(days.len() >= 7);
    }
    for name in ids(made, "hybrid_node") {
        assert!(name.starts_with("mi-"));
        assert!(addresses(&calls_of(made, name)).iter().all(|address| !is_amazon(address)));
    }
}

#[test]
fn endpoints_carry_some_services_of_a_session_and_the_gateway_the_rest() {
    let made = default_window();
    for name in ids(made, "endpoint_beside_nat") {
        let mut keys: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
        for call in calls_of(made, name) {
            let through = !call["vpcEndpointId"].is_null();
            let service = call["eventSource"].as_str().unwrap();
            assert_eq!(through, ["s3.amazonaws.com", "sts.amazonaws.com"].contains(&service));
            assert_eq!(through, address(call).starts_with("10."));
            keys.entry(key_of(call)).or_default().insert(through);
        }
        assert!(keys.values().any(|ways| ways.len() == 2), "one key by both ways");
    }
}

#[test]
fn every_endpoint_names_its_owner_in_a_version_that_has_the_field() {
    let made = default_window();
    let created: BTreeMap<String, String> = named(made, "CreateVpcEndpoint")
        .iter()
        .map(|record| {
            let endpoint = &record["responseElements"]["CreateVpcEndpointResponse"]["vpcEndpoint"];
            (endpoint["vpcEndpointId"].to_string(), endpoint["ownerId"].to_string())
        })
        .collect();
    let mut n_shared = 0;
    for (record, _) in made.records.values().filter(|(r, _)| !r["vpcEndpointId"].is_null()) {
        let version = record["eventVersion"].as_str().unwrap();
        assert!(["1.09", "1.10", "1.11"].contains(&version), "{version}");
        let owner = &record["vpcEndpointAccountId"];
        if ACCOUNTS.iter().any(|account| owner == account) {
            assert_eq!(created[&record["vpcEndpointId"].to_string()], owner.to_string());
        }
        n_shared += usize::from(owner == NETWORK && record["recipientAccountId"] != NETWORK);
    }
    assert!(n_shared > 20, "{n_shared}");
}

#[test]
fn traffic_moves_to_a_new_endpoint_and_stays() {
    let made = default_window();
    for name in ids(made, "new_endpoint") {
        let calls = calls_of(made, name);
        let first = calls.iter().position(|r| !r["vpcEndpointId"].is_null()).unwrap();
        let (before, after) = calls.split_at(first);
        let moves = |r: &&&Value| {
            ["ssm.amazonaws.com", "s3.amazonaws.com"].contains(&r["eventSource"].as_str().unwrap())
        };
        assert!(before.iter().filter(moves).count() > 5);
        assert!(after.iter().filter(moves).all(|r| !r["vpcEndpointId"].is_null()));
        let created = named(made, "CreateVpcEndpoint");
        let id = &after[0]["vpcEndpointId"];
        let time = |r: &Value| r["eventTime"].as_str().unwrap().to_string();
        let created = created.iter().find(|r| {
            r["responseElements"]["CreateVpcEndpointResponse"]["vpcEndpoint"]["vpcEndpointId"]
                == *id
        });
        assert!(time(created.unwrap()) < time(after[0]));
    }
}

#[test]
fn an_address_moves_from_one_instance_to_the_other() {
    let made = default_window();
    let [first, second] = ids(made, "moved_address") else {
        panic!("two instances");
    };
    let (before, after) = (calls_of(made, first), calls_of(made, second));
    let moved = address(before[0]);
    assert_eq!(address(after[after.len() - 1]), moved);
    assert_eq!((changes(&before), changes(&after)), (1, 1));
    let last = before.iter().rfind(|r| address(r) == moved).unwrap()["eventTime"].as_str();
    let next = after.iter().find(|r| address(r) == moved).unwrap()["eventTime"].as_str();
    assert!(last < next);
    let one = |name: &str| calls_of(made, &ids(made, name)[0]);
    assert_eq!(changes(&one("late_address")), 1);
    assert!(changes(&one("second_interface")) > 10);
    assert_eq!(named(made, "AttachNetworkInterface").len(), 1);
}

#[test]
fn an_address_is_released_and_allocated_again_for_another_instance() {
    let made = default_window();
    let [old, new] = ids(made, "reused_address") else {
        panic!("two instances");
    };
    let (old, new) = (calls_of(made, old), calls_of(made, new));
    let both: BTreeSet<&str> = addresses(&old).union(&addresses(&new)).copied().collect();
    assert_eq!(both.len(), 1);
    assert!(old[old.len() - 1]["eventTime"].as_str() < new[0]["eventTime"].as_str());
    let of_it = |r: &&&Value| both.contains(r["responseElements"]["publicIp"].as_str().unwrap());
    let allocated = named(made, "AllocateAddress");
    assert_eq!(allocated.iter().filter(of_it).count(), 2);
    assert_eq!(named(made, "ReleaseAddress").len(), 1);
}

#[test]
fn both_versions_of_the_protocol_alternate() {
    let made = default_window();
    for name in ids(made, "dual_stack") {
        let calls = calls_of(made, name);
        let all = addresses(&calls);
        assert_eq!(all.iter().filter(|address| address.contains(':')).count(), 1);
        assert!(all.len() == 2 && changes(&calls) > calls.len() / 4);
    }
    assert_eq!(named(made, "AssignIpv6Addresses").len(), 1);
}

#[test]
fn services_call_on_in_the_name_of_an_instance() {
    let made = default_window();
    let id = &ids(made, "forward_access")[0];
    let services: BTreeSet<&str> = made
        .records
        .values()
        .filter(|(r, _)| r["userIdentity"]["arn"].as_str().is_some_and(|arn| arn.ends_with(id)))
        .filter_map(|(r, _)| r["userIdentity"]["invokedBy"].as_str())
        .collect();
    for service in ["cloudformation.amazonaws.com", "athena.amazonaws.com", "AWS Internal"] {
        assert!(services.contains(service), "{service}");
    }
}

#[test]
fn a_node_has_many_programs_and_pods_with_addresses_of_their_own() {
    let made = default_window();
    for name in ids(made, "eks_node") {
        let calls = calls_of(made, name);
        let agents: BTreeSet<&str> =
            calls.iter().map(|r| r["userAgent"].as_str().unwrap()).collect();
        assert!(agents.len() >= 6, "{}", agents.len());
        let all = addresses(&calls);
        assert!(all.iter().any(|address| address.starts_with("100.64.")));
        assert_eq!(all.iter().filter(|address| is_amazon(address)).count(), 1);
    }
}
