//! Inventories fill what logs leave out, and logs win.

use evidence::{Evidence, InventoryCount, InventoryError};
use network::Network;
use serde_json::{Value, json};

use crate::records::{
    allocate, associate, disassociate, holders, launch, minute_of, record, span, state,
    with_inventory,
};

fn addresses() -> Value {
    json!({"Addresses": [{
        "PublicIp": "203.0.113.1", "AllocationId": "eipalloc-1", "AssociationId": "eipassoc-1",
        "Domain": "vpc", "InstanceId": "i-1", "NetworkInterfaceId": "eni-1",
        "NetworkInterfaceOwnerId": "111122223333", "PrivateIpAddress": "10.0.1.10",
        "NetworkBorderGroup": "eu-west-1",
    }]})
}

/// `i-1`, which was launched an hour before noon and started again ten minutes past.
fn instances() -> Value {
    json!({"Reservations": [{"OwnerId": "111122223333", "Instances": [
        {
            "InstanceId": "i-1", "ImageId": "ami-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
            "LaunchTime": "2026-03-02T12:10:00+00:00", "State": {"Code": 16, "Name": "running"},
            "Placement": {"AvailabilityZone": "eu-west-1a"},
            "PrivateIpAddress": "10.0.1.10", "PublicIpAddress": "198.51.100.7",
            "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web"}],
            "Tags": [{"Key": "Name", "Value": "front"}],
            "IamInstanceProfile":
                {"Arn": "arn:aws:iam::111122223333:instance-profile/web", "Id": "AIPAEXAMPLE"},
            "MetadataOptions":
                {"State": "applied", "HttpTokens": "required", "HttpPutResponseHopLimit": 2},
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1"}}],
            "NetworkInterfaces": [{
                "NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
                "Attachment": {"AttachTime": "2026-03-02T11:00:00+00:00", "DeviceIndex": 0,
                    "AttachmentId": "eni-attach-1", "DeleteOnTermination": true},
                "Association": {"IpOwnerId": "amazon", "PublicIp": "198.51.100.7"},
                "PrivateIpAddress": "10.0.1.10",
                "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": "10.0.1.10",
                    "Association": {"IpOwnerId": "amazon", "PublicIp": "198.51.100.7"}}],
                "Ipv6Addresses": [{"Ipv6Address": "2001:db8::10", "IsPrimaryIpv6": false}],
            }],
        },
        {"InstanceId": "i-9", "State": {"Code": 48, "Name": "terminated"}},
    ]}]})
}

fn count(document: &Value) -> InventoryCount {
    let mut evidence = Evidence::default();
    evidence.inventory("a", document.to_string().as_bytes()).unwrap()
}

#[test]
fn an_instance_of_an_inventory_is_known_without_its_launch() {
    let network = with_inventory(&[], &instances());
    let instance = network.instance("i-1").unwrap();
    assert_eq!(instance.account_id.as_deref(), Some("111122223333"));
    assert_eq!(instance.region.as_deref(), Some("eu-west-1"));
    assert_eq!(instance.name.as_deref(), Some("front"));
    assert_eq!(instance.launched_at, Some(minute_of(-60)));
    assert!(instance.launch.is_none());
    assert_eq!(span(&instance.profiles[0]), "..");
    assert_eq!(instance.metadata_options[0].value.hop_limit, Some(2));
    assert_eq!(holders(&network, "10.0.1.10"), ["..-60 eni-1 in vpc-1", "-60.. i-1"]);
    assert_eq!(holders(&network, "2001:db8::10")[1], "-60.. i-1");
    assert!(network.instance("i-9").is_none());
    assert_eq!(count(&instances()).instances, 2);
}

#[test]
fn a_lent_address_is_lost_with_a_stop() {
    let network = with_inventory(&[state(30, "StopInstances")], &instances());
    assert_eq!(holders(&network, "198.51.100.7"), ["10..30 i-1"]);
    assert_eq!(holders(&network, "10.0.1.10")[1], "-60.. i-1");
    let network = with_inventory(&[state(30, "TerminateInstances")], &instances());
    assert_eq!(holders(&network, "198.51.100.7"), ["10..30 i-1"]);
    assert_eq!(holders(&network, "10.0.1.10")[1], "-60..30 i-1");
}

#[test]
fn an_interface_that_outlives_its_instance_keeps_no_lent_address() {
    let kept = instances()
        .to_string()
        .replace("\"DeleteOnTermination\":true", "\"DeleteOnTermination\":false");
    let kept = serde_json::from_str(&kept).unwrap();
    let network = with_inventory(&[state(30, "TerminateInstances")], &kept);
    assert_eq!(holders(&network, "198.51.100.7"), ["10..30 i-1"]);
    assert_eq!(holders(&network, "10.0.1.10")[2], "30.. eni-1 in vpc-1");
}

#[test]
fn an_elastic_address_without_a_time_was_there_before_anything_is_known() {
    let network = with_inventory(&[], &addresses());
    assert_eq!(holders(&network, "203.0.113.1"), [".. i-1"]);
}

#[test]
fn a_later_event_ends_what_an_inventory_states() {
    let network = with_inventory(&[disassociate(5, 1)], &addresses());
    let expected = ["..5 i-1", "5.. nothing, eipalloc-1"];
    assert_eq!(holders(&network, "203.0.113.1"), expected);
    let network = with_inventory(&[associate(5, 1, "i-2", 2)], &addresses());
    assert_eq!(holders(&network, "203.0.113.1"), ["..5 i-1", "5.. i-2"]);
}

#[test]
fn an_event_that_begins_the_same_thing_tells_when() {
    let records = [allocate(1, 1), associate(3, 1, "i-1", 1)];
    let network = with_inventory(&records, &addresses());
    let expected = ["1..3 nothing, eipalloc-1", "3.. i-1"];
    assert_eq!(holders(&network, "203.0.113.1"), expected);
}

#[test]
fn nothing_is_stated_of_a_time_before_its_subject_was_made() {
    let network = with_inventory(&[allocate(1, 1)], &addresses());
    assert_eq!(holders(&network, "203.0.113.1"), ["1.. i-1"]);
}

#[test]
fn a_launch_wins_over_an_inventory() {
    let network = with_inventory(&[launch(0)], &instances());
    let instance = network.instance("i-1").unwrap();
    assert_eq!(instance.launched_at, Some(minute_of(0)));
    let [options] = instance.metadata_options.as_slice() else { panic!("one") };
    assert_eq!(options.value.http_tokens.as_deref(), Some("optional"));
    assert_eq!(instance.security_group_ids, ["sg-1".into()]);
}

#[test]
fn gateways_interfaces_endpoints_and_tables_are_read() {
    let document = json!({
        "NatGateways": [{
            "NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
            "State": "available", "CreateTime": "2026-03-02T12:02:00+00:00",
            "NatGatewayAddresses": [{"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.1",
                "NetworkInterfaceId": "eni-3", "PrivateIp": "10.0.0.5"}],
        }],
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": "eni-3", "InterfaceType": "nat_gateway", "VpcId": "vpc-1",
                "Description": "Interface for NAT Gateway nat-1", "SubnetId": "subnet-1",
                "OwnerId": "111122223333", "AvailabilityZone": "eu-west-1a", "Status": "in-use",
                "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.5"}],
                "Association": {"AllocationId": "eipalloc-1", "AssociationId": "eipassoc-3",
                    "IpOwnerId": "111122223333", "PublicIp": "203.0.113.1"},
            },
            {
                "NetworkInterfaceId": "eni-4", "VpcId": "vpc-1", "SubnetId": "subnet-1",
                "Attachment": {"AttachTime": "2026-03-02T12:07:00+00:00", "InstanceId": "i-4",
                    "AttachmentId": "eni-attach-4", "DeleteOnTermination": false},
                "PrivateIpAddress": "10.0.0.6",
            },
        ],
        "VpcEndpoints": [{"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "OwnerId": "111122223333",
            "ServiceName": "com.amazonaws.eu-west-1.sts", "State": "available",
            "CreationTimestamp": "2026-03-02T12:04:00+00:00"}],
        "RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "OwnerId": "111122223333",
            "Associations": [{"RouteTableId": "rtb-1", "SubnetId": "subnet-1", "Main": false}],
            "Routes": [
                {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
                {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}]}],
        "Accounts": [{"Id": "111122223333", "Name": "a", "Status": "ACTIVE"},
            {"Id": "444455556666", "Name": "b", "Status": "ACTIVE"}],
    });
    let network = with_inventory(&[], &document);
    assert!(
        holders(&network, "203.0.113.1")
            .iter()
            .any(|held| held == "2.. nat-1 in vpc-1" || held == ".. nat-1 in vpc-1")
    );
    assert!(holders(&network, "203.0.113.1").iter().all(|held| held.contains("nat-1 in vpc-1")));
    let expected = ["..7 eni-4 in vpc-1", "7.. i-4"];
    assert_eq!(holders(&network, "10.0.0.6"), expected);
    assert_eq!(network.endpoint("vpce-1").unwrap().since, Some(minute_of(4)));
    let vpc = network.vpc("vpc-1").unwrap();
    assert_eq!((vpc.account_id.as_deref(), vpc.routes.len()), (Some("111122223333"), 1));
    let accounts: Vec<&str> = network.own_accounts().iter().map(|id| &**id).collect();
    assert_eq!(accounts, ["111122223333", "444455556666"]);
    let count = count(&document);
    assert_eq!((count.nat_gateways, count.network_interfaces, count.endpoints), (1, 2, 1));
    assert_eq!((count.route_tables, count.accounts, count.other), (1, 2, 0));
}

#[test]
fn a_snapshot_of_config_is_read_by_type() {
    let item = |resource_type: &str, configuration: Value| {
        json!({"resourceType": resource_type, "awsAccountId": "111122223333",
            "awsRegion": "eu-west-1", "configurationItemStatus": "OK",
            "configurationItemCaptureTime": "2026-03-02T12:08:00.000Z",
            "configuration": configuration})
    };
    let eip = json!({"publicIp": "203.0.113.1", "allocationId": "eipalloc-1",
        "associationId": "eipassoc-1", "instanceId": "i-1", "networkInterfaceId": "eni-1"});
    let mut gone = item("AWS::EC2::EIP", json!({"publicIp": "203.0.113.2"}));
    gone["configurationItemStatus"] = json!("ResourceDeleted");
    let endpoint = json!({"vpcEndpointId": "vpce-1", "vpcId": "vpc-1"}).to_string();
    let document = json!({"fileVersion": "1.0", "configSnapshotId": "s", "configurationItems": [
        item("AWS::EC2::EIP", eip), gone, item("AWS::S3::Bucket", json!({"name": "b"})),
        item("AWS::EC2::VPCEndpoint", json!(endpoint))]});
    let network = with_inventory(&[], &document);
    assert_eq!(holders(&network, "203.0.113.1"), ["8.. i-1"]);
    assert!(holders(&network, "203.0.113.2").is_empty());
    let endpoint = network.endpoint("vpce-1").unwrap();
    assert_eq!((endpoint.since, endpoint.vpc_id.as_deref()), (Some(minute_of(8)), Some("vpc-1")));
    assert_eq!(count(&document).other, 1);
}

/// Why `bytes` are not an inventory.
fn refused(bytes: &[u8]) -> InventoryError {
    let mut evidence = Evidence::default();
    let error = evidence.inventory("a", bytes).unwrap_err();
    assert_eq!(evidence.network_facts().len(), 0);
    error
}

#[test]
fn what_is_no_inventory_is_refused_and_adds_nothing() {
    let half = format!("{}{{}}", addresses());
    for bytes in ["[]", "{}", "3", r#"{"Records": []}"#, &half] {
        assert!(matches!(refused(bytes.as_bytes()), InventoryError::Unknown), "{bytes}");
    }
    let text = refused(b"{}").to_string();
    assert!(text.contains("describe-instances") && text.contains("list-accounts"), "{text}");
}

#[test]
fn what_cannot_be_read_is_refused() {
    for bytes in ["", " \n"] {
        assert!(matches!(refused(bytes.as_bytes()), InventoryError::Empty));
    }
    for bytes in ["{", "x", &"[".repeat(10_000)] {
        assert!(matches!(refused(bytes.as_bytes()), InventoryError::Json(_)));
    }
}

#[test]
fn documents_may_follow_each_other() {
    let both = format!("\u{feff}{}\n{}", addresses(), instances());
    let mut evidence = Evidence::default();
    let count = evidence.inventory("a", both.as_bytes()).unwrap();
    assert_eq!((count.addresses, count.instances), (1, 2));
    assert!(Network::of(&evidence).instance("i-1").is_some());
}

#[test]
fn a_snapshot_of_a_volume_of_an_inventory_touches_its_instance() {
    let snapshot = record(20, "CreateSnapshot", &json!({"volumeId": "vol-1"}), &Value::Null);
    let network = with_inventory(&[snapshot], &instances());
    assert_eq!(network.instance("i-1").unwrap().changes.len(), 1);
}
