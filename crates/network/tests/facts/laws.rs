//! Order, repetition and splits change nothing.

use evidence::Evidence;
use network::Network;
use serde_json::{Value, json};

use crate::records::{allocate, associate, disassociate, evidence, launch, record, release, state};

/// Facts that meet each other in all ways, some of them in one second.
fn records() -> Vec<Value> {
    let mut records = vec![launch(0), allocate(1, 1), allocate(1, 2), allocate(2, 3)];
    for (minute, n) in (2..).zip(1..8_u8) {
        let target = if n % 3 == 0 {
            "eni-1"
        } else if n % 3 == 1 {
            "i-1"
        } else {
            "i-2"
        };
        records.push(associate(minute, n % 3 + 1, target, n));
        records.push(disassociate(minute + 2, n));
    }
    records.push(release(6, 2));
    records.push(state(7, "StopInstances"));
    records.push(state(9, "TerminateInstances"));
    records.push(record(
        3,
        "CreateTags",
        &json!({"resourcesSet": {"items": [{"resourceId": "i-1"}]},
            "tagSet": {"items": [{"key": "Name", "value": "later"}]}}),
        &Value::Null,
    ));
    records
}

fn inventory() -> Value {
    json!({
        "Addresses": [
            {"PublicIp": "203.0.113.1", "AllocationId": "eipalloc-1", "InstanceId": "i-2",
                "AssociationId": "eipassoc-2", "NetworkInterfaceId": "eni-2"},
            {"PublicIp": "203.0.113.9", "AllocationId": "eipalloc-9"},
        ],
        "Reservations": [{"OwnerId": "111122223333", "Instances": [
            {"InstanceId": "i-2", "VpcId": "vpc-1", "LaunchTime": "2026-03-02T12:01:00+00:00",
                "PrivateIpAddress": "10.0.1.40", "State": {"Name": "running"}},
            {"InstanceId": "i-1", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.1.10"},
        ]}],
    })
}

fn add(evidence: &mut Evidence) {
    evidence.inventory("a.json", inventory().to_string().as_bytes()).unwrap();
}

fn rendered(evidence: &Evidence) -> String {
    format!("{:#?}", Network::of(evidence))
}

#[test]
fn the_network_is_the_same_in_any_order() {
    let records = records();
    let mut whole = evidence(&records);
    add(&mut whole);
    let expected = rendered(&whole);
    for turn in 0..records.len() {
        let mut turned = records.clone();
        turned.rotate_left(turn);
        if turn % 2 == 1 {
            turned.reverse();
        }
        let mut before = Evidence::default();
        add(&mut before);
        before.merge(evidence(&turned));
        assert_eq!(rendered(&before), expected, "turned by {turn}");
    }
}

#[test]
fn the_network_is_the_same_for_any_split_and_repetition() {
    let records = records();
    let mut whole = evidence(&records);
    add(&mut whole);
    let expected = rendered(&whole);
    for at in 0..records.len() {
        let (left, right) = records.split_at(at);
        let mut merged = evidence(right);
        add(&mut merged);
        merged.merge(evidence(left));
        merged.merge(evidence(&records));
        add(&mut merged);
        assert_eq!(rendered(&merged), expected, "split at {at}");
    }
}
