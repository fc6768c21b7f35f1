//! Makes records, and reads the network out of them.

use cloudtrail::Timestamp;
use evidence::Evidence;
use network::{Held, Holder, Network};
use serde_json::{Value, json};

/// Minutes from here on count the time of a test.
const NOON: &str = "2026-03-02T12:00:00Z";

/// The record of a call of EC2, `minute` minutes past noon.
pub(crate) fn record(minute: i64, event_name: &str, request: &Value, response: &Value) -> Value {
    of_service("ec2", minute, event_name, request, response)
}

/// The record of a call of any service.
pub(crate) fn of_service(
    service: &str,
    minute: i64,
    event_name: &str,
    request: &Value,
    response: &Value,
) -> Value {
    let id = format!("{event_name} {minute} {request}");
    json!({
        "eventVersion": "1.11",
        "eventID": id,
        "requestID": format!("request of {id}"),
        "eventTime": minute_of(minute).to_string(),
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": event_name,
        "awsRegion": "eu-west-1",
        "recipientAccountId": "111122223333",
        "userIdentity": {
            "type": "IAMUser",
            "arn": "arn:aws:iam::111122223333:user/alice",
            "accountId": "111122223333",
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
        },
        "requestParameters": request,
        "responseElements": response,
    })
}

/// The same record, as the call was refused.
pub(crate) fn refused(mut record: Value) -> Value {
    record["errorCode"] = json!("Client.DryRunOperation");
    record["errorMessage"] = json!("Request would have succeeded, but DryRun flag is set.");
    record
}

/// `minute` minutes past noon.
pub(crate) fn minute_of(minute: i64) -> Timestamp {
    Timestamp(Timestamp::parse(NOON).unwrap().0 + 60 * minute)
}

/// What `records` teach.
pub(crate) fn evidence(records: &[Value]) -> Evidence {
    let mut evidence = Evidence::default();
    for record in records {
        cloudtrail::read(record.to_string().as_bytes(), &mut |record| {
            evidence.record(record);
        });
    }
    evidence
}

/// The network that `records` tell of.
pub(crate) fn network(records: &[Value]) -> Network {
    Network::of(&evidence(records))
}

/// The network that `records` and the inventory `document` tell of.
pub(crate) fn with_inventory(records: &[Value], document: &Value) -> Network {
    let mut evidence = evidence(records);
    evidence.inventory("inventory.json", document.to_string().as_bytes()).unwrap();
    Network::of(&evidence)
}

/// Who held `address`, as `from..to holder` in minutes past noon.
pub(crate) fn holders(network: &Network, address: &str) -> Vec<String> {
    network.holders(address.parse().unwrap()).iter().map(told).collect()
}

fn told(held: &Held<Holder>) -> String {
    let vpc = |id: &Option<std::sync::Arc<str>>| id.as_deref().unwrap_or("?").to_owned();
    let holder = match &held.value {
        Holder::Instance { instance_id } => instance_id.to_string(),
        Holder::Interface { network_interface_id, vpc_id } => {
            format!("{network_interface_id} in {}", vpc(vpc_id))
        }
        Holder::NatGateway { nat_gateway_id, vpc_id } => {
            format!("{nat_gateway_id} in {}", vpc(vpc_id))
        }
        Holder::Unattached { allocation_id } => format!("nothing, {allocation_id}"),
    };
    format!("{} {holder}", span(held))
}

/// The interval of `held`, in minutes past noon.
pub(crate) fn span<T>(held: &Held<T>) -> String {
    let minute = |time: Option<Timestamp>| {
        time.map_or_else(String::new, |time| (time.seconds_since(minute_of(0)) / 60).to_string())
    };
    format!("{}..{}", minute(held.since), minute(held.until))
}

/// A launch of `i-1` with the interface `eni-1` in `subnet-1` of `vpc-1`.
pub(crate) fn launch(minute: i64) -> Value {
    let attached_at = minute_of(minute).0 * 1000;
    let request = json!({
        "instancesSet": {"items": [{"imageId": "ami-1", "minCount": 1, "maxCount": 1}]},
        "iamInstanceProfile": {"name": "web"},
    });
    let response = json!({
        "requestId": "r-1", "reservationId": "r-1", "ownerId": "111122223333", "groupSet": {},
        "instancesSet": {"items": [{
            "instanceId": "i-1", "imageId": "ami-1", "launchTime": attached_at,
            "instanceState": {"code": 0, "name": "pending"},
            "privateDnsName": "ip-10-0-1-10.ec2.internal",
            "placement": {"availabilityZone": "eu-west-1a", "tenancy": "default"},
            "subnetId": "subnet-1", "vpcId": "vpc-1", "privateIpAddress": "10.0.1.10",
            "tagSet": {"items": [{"key": "team", "value": "b"}, {"key": "Name", "value": "front"}]},
            "groupSet": {"items": [{"groupId": "sg-1", "groupName": "web"}]},
            "networkInterfaceSet": {"items": [{
                "networkInterfaceId": "eni-1", "subnetId": "subnet-1", "vpcId": "vpc-1",
                "ownerId": "111122223333", "privateIpAddress": "10.0.1.10",
                "groupSet": {"items": [{"groupId": "sg-1", "groupName": "web"}]},
                "attachment": {
                    "attachmentId": "eni-attach-1", "deviceIndex": 0, "status": "attaching",
                    "attachTime": attached_at, "deleteOnTermination": true,
                },
                "privateIpAddressesSet": {"item": [
                    {"privateIpAddress": "10.0.1.10", "primary": true},
                    {"privateIpAddress": "10.0.1.11", "primary": false},
                ]},
                "ipv6AddressesSet": {"item": [{"ipv6Address": "2001:db8::10"}]},
                "tagSet": {},
            }]},
            "iamInstanceProfile": {
                "arn": "arn:aws:iam::111122223333:instance-profile/web", "id": "AIPAEXAMPLE",
            },
            "metadataOptions": {
                "state": "pending", "httpTokens": "optional", "httpPutResponseHopLimit": 1,
                "httpEndpoint": "enabled",
            },
        }]},
    });
    record(minute, "RunInstances", &request, &response)
}

/// A call on `i-1` alone: `StopInstances`, `TerminateInstances` and the like.
pub(crate) fn state(minute: i64, event_name: &str) -> Value {
    let request = json!({"instancesSet": {"items": [{"instanceId": "i-1"}]}});
    record(minute, event_name, &request, &Value::Null)
}

/// An elastic address `203.0.113.n` as `eipalloc-n`.
pub(crate) fn allocate(minute: i64, n: u8) -> Value {
    let response = json!({
        "requestId": "r", "publicIp": format!("203.0.113.{n}"), "domain": "vpc",
        "allocationId": format!("eipalloc-{n}"), "publicIpv4Pool": "amazon",
        "networkBorderGroup": "eu-west-1",
    });
    record(minute, "AllocateAddress", &json!({"domain": "vpc"}), &response)
}

/// The association `eipassoc-n` of `eipalloc-of` with an instance or an interface.
pub(crate) fn associate(minute: i64, of: u8, target: &str, n: u8) -> Value {
    let member = if target.starts_with("i-") { "instanceId" } else { "networkInterfaceId" };
    let request = json!({"allocationId": format!("eipalloc-{of}"), member: target});
    let response = json!({"_return": true, "associationId": format!("eipassoc-{n}")});
    record(minute, "AssociateAddress", &request, &response)
}

/// The end of the association `eipassoc-n`.
pub(crate) fn disassociate(minute: i64, n: u8) -> Value {
    let request = json!({"associationId": format!("eipassoc-{n}")});
    record(minute, "DisassociateAddress", &request, &json!({"_return": true}))
}

/// The release of `eipalloc-n`.
pub(crate) fn release(minute: i64, n: u8) -> Value {
    let request = json!({"allocationId": format!("eipalloc-{n}")});
    record(minute, "ReleaseAddress", &request, &json!({"_return": true}))
}
