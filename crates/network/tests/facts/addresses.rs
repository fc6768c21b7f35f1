//! Addresses move between instances, interfaces and nothing.

use serde_json::{Value, json};

use crate::records::{
    allocate, associate, disassociate, holders, launch, network, record, refused, release, state,
    with_inventory,
};

/// An interface `eni-2` with `10.0.1.20`, which is not attached to anything.
fn second_interface(minute: i64) -> Value {
    let response = json!({"networkInterface": {
        "networkInterfaceId": "eni-2", "subnetId": "subnet-1", "vpcId": "vpc-1",
        "availabilityZone": "eu-west-1a", "ownerId": "111122223333", "status": "pending",
        "privateIpAddress": "10.0.1.20", "groupSet": {"items": [{"groupId": "sg-1"}]},
        "privateIpAddressesSet": {"item": [{"privateIpAddress": "10.0.1.20", "primary": true}]},
        "ipv6AddressesSet": {},
    }});
    record(minute, "CreateNetworkInterface", &json!({"subnetId": "subnet-1"}), &response)
}

fn attach(minute: i64) -> Value {
    let request = json!({"networkInterfaceId": "eni-2", "instanceId": "i-1", "deviceIndex": 1});
    record(minute, "AttachNetworkInterface", &request, &json!({"attachmentId": "eni-attach-2"}))
}

fn detach(minute: i64) -> Value {
    record(
        minute,
        "DetachNetworkInterface",
        &json!({"attachmentId": "eni-attach-2"}),
        &json!({"_return": true}),
    )
}

fn delete(minute: i64) -> Value {
    record(
        minute,
        "DeleteNetworkInterface",
        &json!({"networkInterfaceId": "eni-2"}),
        &json!({"_return": true}),
    )
}

#[test]
fn an_elastic_address_goes_where_it_is_associated() {
    let network = network(&[
        allocate(1, 1),
        associate(2, 1, "i-1", 1),
        associate(3, 1, "i-2", 2),
        disassociate(4, 2),
        release(5, 1),
    ]);
    assert_eq!(
        holders(&network, "203.0.113.1"),
        ["1..2 nothing, eipalloc-1", "2..3 i-1", "3..4 i-2", "4..5 nothing, eipalloc-1"]
    );
}

#[test]
fn a_public_address_may_name_itself() {
    let network = network(&[
        record(
            1,
            "AssociateAddress",
            &json!({"publicIp": "203.0.113.1", "instanceId": "i-1"}),
            &json!({"_return": true}),
        ),
        record(2, "DisassociateAddress", &json!({"publicIp": "203.0.113.1"}), &Value::Null),
        record(3, "ReleaseAddress", &json!({"publicIp": "203.0.113.1"}), &Value::Null),
    ]);
    assert_eq!(holders(&network, "203.0.113.1"), ["1..2 i-1", "2..3 nothing, "]);
}

#[test]
fn refused_calls_move_nothing() {
    let network = network(&[
        launch(0),
        allocate(1, 1),
        associate(2, 1, "i-1", 1),
        refused(disassociate(3, 1)),
        refused(state(4, "TerminateInstances")),
        refused(release(5, 1)),
    ]);
    let expected = ["1..2 nothing, eipalloc-1", "2.. i-1"];
    assert_eq!(holders(&network, "203.0.113.1"), expected);
    assert!(network.instance("i-1").unwrap().terminated.is_none());
}

#[test]
fn an_old_association_does_not_end_a_newer_one() {
    let network = network(&[
        allocate(1, 1),
        associate(2, 1, "i-1", 1),
        associate(3, 1, "i-2", 2),
        disassociate(4, 1),
    ]);
    assert_eq!(holders(&network, "203.0.113.1")[2], "3.. i-2");
}

#[test]
fn a_new_elastic_address_takes_the_place_of_the_old_one() {
    let network = network(&[
        allocate(1, 1),
        allocate(1, 2),
        associate(2, 1, "i-1", 1),
        associate(3, 2, "i-1", 2),
    ]);
    let expected = ["1..2 nothing, eipalloc-1", "2..3 i-1", "3.. nothing, eipalloc-1"];
    assert_eq!(holders(&network, "203.0.113.1"), expected);
    assert_eq!(holders(&network, "203.0.113.2")[1], "3.. i-1");
}

#[test]
fn an_address_that_is_given_out_again_starts_anew() {
    let again = record(
        7,
        "AllocateAddress",
        &json!({"domain": "vpc"}),
        &json!({"publicIp": "203.0.113.1", "allocationId": "eipalloc-9"}),
    );
    let network = network(&[allocate(1, 1), release(5, 1), again]);
    let expected = ["1..5 nothing, eipalloc-1", "7.. nothing, eipalloc-9"];
    assert_eq!(holders(&network, "203.0.113.1"), expected);
}

#[test]
fn addresses_go_with_their_interface() {
    let network = network(&[
        launch(0),
        second_interface(1),
        allocate(1, 1),
        associate(2, 1, "eni-2", 1),
        attach(3),
        detach(5),
        delete(6),
    ]);
    let private = ["1..3 eni-2 in vpc-1", "3..5 i-1", "5..6 eni-2 in vpc-1"];
    assert_eq!(holders(&network, "10.0.1.20"), private);
    let public = [
        "1..2 nothing, eipalloc-1",
        "2..3 eni-2 in vpc-1",
        "3..5 i-1",
        "5..6 eni-2 in vpc-1",
        "6.. nothing, eipalloc-1",
    ];
    assert_eq!(holders(&network, "203.0.113.1"), public);
}

#[test]
fn a_terminated_instance_gives_its_addresses_back() {
    let network = network(&[
        launch(0),
        second_interface(1),
        attach(2),
        allocate(1, 1),
        associate(3, 1, "i-1", 1),
        state(9, "TerminateInstances"),
    ]);
    for own in ["10.0.1.10", "10.0.1.11", "2001:db8::10"] {
        assert_eq!(holders(&network, own), ["0..9 i-1"]);
    }
    // It was attached later, and stays.
    assert_eq!(holders(&network, "10.0.1.20")[2], "9.. eni-2 in vpc-1");
    assert_eq!(holders(&network, "203.0.113.1")[2], "9.. nothing, eipalloc-1");
}

#[test]
fn assigned_addresses_come_and_go() {
    let network = network(&[
        launch(0),
        record(
            2,
            "AssignPrivateIpAddresses",
            &json!({"networkInterfaceId": "eni-1", "privateIpAddressesSet": {"items": [
                {"privateIpAddress": "10.0.1.30"}]}}),
            &json!({"_return": true, "networkInterfaceId": "eni-1",
                "assignedPrivateIpAddressesSet": {"assignedPrivateIpAddressSetType": [
                    {"privateIpAddress": "10.0.1.30"}]}}),
        ),
        record(
            2,
            "AssignIpv6Addresses",
            &json!({"AssignIpv6AddressesRequest":
                {"NetworkInterfaceId": "eni-1", "Ipv6AddressCount": 1}}),
            &json!({"AssignIpv6AddressesResponse": {"networkInterfaceId": "eni-1",
                "assignedIpv6Addresses": {"item": "2001:db8::30"}}}),
        ),
        record(
            4,
            "UnassignPrivateIpAddresses",
            &json!({"networkInterfaceId": "eni-1", "privateIpAddressesSet": {"items": [
                {"privateIpAddress": "10.0.1.30"}]}}),
            &Value::Null,
        ),
        record(
            5,
            "UnassignIpv6Addresses",
            &json!({"UnassignIpv6AddressesRequest": {"NetworkInterfaceId": "eni-1",
                "Ipv6Addresses": {"tag": 1, "content": "2001:db8::30"}}}),
            &Value::Null,
        ),
    ]);
    assert_eq!(holders(&network, "10.0.1.30"), ["2..4 i-1"]);
    assert_eq!(holders(&network, "2001:db8::30"), ["2..5 i-1"]);
}

#[test]
fn what_ends_in_a_second_ends_before_anything_begins() {
    let by_address = |event_name, target: &str| {
        let request = json!({"publicIp": "203.0.113.1", "instanceId": target});
        record(3, event_name, &request, &json!({"_return": true}))
    };
    let network = network(&[
        allocate(1, 1),
        associate(2, 1, "i-1", 1),
        by_address("AssociateAddress", "i-2"),
        by_address("DisassociateAddress", ""),
    ]);
    let expected = ["1..2 nothing, eipalloc-1", "2..3 i-1", "3.. i-2"];
    assert_eq!(holders(&network, "203.0.113.1"), expected);
}

#[test]
fn an_interface_may_be_made_before_its_instance() {
    let made = second_interface(1).to_string().replace("eni-2", "eni-1").replace(".20", ".10");
    let records = [serde_json::from_str(&made).unwrap(), launch(5)];
    let expected = ["1..5 eni-1 in vpc-1", "5.. i-1"];
    assert_eq!(holders(&network(&records), "10.0.1.10"), expected);
    let inventory = json!({"NetworkInterfaces": [
        {"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.1.99"}]});
    assert_eq!(holders(&with_inventory(&records, &inventory), "10.0.1.99"), expected);
}

#[test]
fn one_address_in_two_networks_has_two_holders() {
    let mut other = launch(0).to_string();
    for (from, to) in [("i-1", "i-7"), ("eni-1", "eni-7"), ("vpc-1", "vpc-7")] {
        other = other.replace(&format!("\"{from}\""), &format!("\"{to}\""));
    }
    let network = network(&[launch(0), serde_json::from_str(&other).unwrap()]);
    assert_eq!(holders(&network, "10.0.1.10"), ["0.. i-1", "0.. i-7"]);
}
