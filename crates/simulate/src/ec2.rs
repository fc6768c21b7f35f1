//! Calls of EC2 that build networks and move addresses, in the shapes that CloudTrail prints.
//!
//! APIs from 2015 on wrap their parameters in an object named after the request; the older ones
//! do not.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::call::Call;
use crate::chance::Chance;
use crate::clock::event_time;
use crate::identifiers::ec2_resource;
use crate::network::{Elastic, Network};

const XML: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// What an elastic address is given to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    Instance(&'a str),
    Interface(&'a str),
}

/// An endpoint of a service in a VPC.
#[derive(Clone, Debug)]
pub(crate) struct EndpointOrder<'a> {
    pub(crate) endpoint_id: &'a str,
    pub(crate) network: &'a Network,
    /// The service, such as `sts`.
    pub(crate) service: &'a str,
}

pub(crate) fn allocate_address(elastic: &Elastic, region: &str, chance: &mut Chance) -> Call {
    let response = json!({
        "publicIp": &elastic.address, "domain": "vpc", "allocationId": &elastic.allocation,
        "publicIpv4Pool": "amazon", "networkBorderGroup": region
    });
    old("AllocateAddress", json!({"domain": "vpc"}), response, chance)
}

pub(crate) fn associate_address(elastic: &Elastic, to: Target<'_>, chance: &mut Chance) -> Call {
    let request = match to {
        Target::Instance(id) => json!({"instanceId": id, "allocationId": &elastic.allocation}),
        Target::Interface(id) => {
            json!({"networkInterfaceId": id, "allocationId": &elastic.allocation})
        }
    };
    let response = json!({"_return": true, "associationId": &elastic.association});
    old("AssociateAddress", request, response, chance)
}

pub(crate) fn disassociate_address(elastic: &Elastic, chance: &mut Chance) -> Call {
    let request = json!({"associationId": &elastic.association});
    old("DisassociateAddress", request, json!({"_return": true}), chance)
}

pub(crate) fn release_address(elastic: &Elastic, region: &str, chance: &mut Chance) -> Call {
    let request = json!({"allocationId": &elastic.allocation, "networkBorderGroup": region});
    old("ReleaseAddress", request, json!({"_return": true}), chance)
}

/// A gateway with the addresses of `network`; all but the first are secondary ones.
pub(crate) fn create_nat_gateway(network: &Network, at: i64, chance: &mut Chance) -> Call {
    let allocations: Vec<&str> =
        network.elastic.iter().map(|elastic| elastic.allocation.as_str()).collect();
    let token = chance.uuid();
    let mut request = json!({
        "ConnectivityType": "public", "AllocationId": allocations.first(),
        "SubnetId": &network.subnet_id, "ClientToken": &token
    });
    let secondary: Vec<&str> = allocations.iter().skip(1).copied().collect();
    if let (false, Some(members)) = (secondary.is_empty(), request.as_object_mut()) {
        members.insert("SecondaryAllocationId".into(), tagged(&secondary));
    }
    let addresses: Vec<Value> = allocations
        .iter()
        .enumerate()
        .map(|(number, allocation)| {
            json!({"isPrimary": number == 0, "allocationId": allocation, "status": "associating"})
        })
        .collect();
    let response = json!({"natGateway": {
        "connectivityType": "public", "subnetId": &network.subnet_id,
        "natGatewayAddressSet": {"item": one_or_all(addresses)}, "createTime": event_time(at),
        "vpcId": &network.vpc_id, "natGatewayId": &network.nat_id, "state": "pending"
    }, "clientToken": &token});
    wrapped("CreateNatGateway", request, response, chance)
}

/// Adds one more address to the gateway of `network`.
pub(crate) fn associate_nat_address(
    network: &Network,
    elastic: &Elastic,
    chance: &mut Chance,
) -> Call {
    let request = json!({
        "NatGatewayId": &network.nat_id, "AllocationId": tagged(&[&elastic.allocation])
    });
    let response = json!({
        "natGatewayId": &network.nat_id,
        "natGatewayAddressSet": {"item": {
            "isPrimary": false, "allocationId": &elastic.allocation,
            "associationId": &elastic.association, "status": "associating"
        }}
    });
    wrapped("AssociateNatGatewayAddress", request, response, chance)
}

/// `name` is `CreateRoute` or `ReplaceRoute`; `gateway` is the member that names the way out.
pub(crate) fn route(
    name: &'static str,
    network: &Network,
    gateway: (&str, &str),
    chance: &mut Chance,
) -> Call {
    let mut request = json!({
        "routeTableId": &network.route_table_id, "destinationCidrBlock": "0.0.0.0/0"
    });
    if let Some(members) = request.as_object_mut() {
        members.insert(gateway.0.into(), gateway.1.into());
    }
    old(name, request, json!({"_return": true}), chance)
}

pub(crate) fn create_vpc_endpoint(order: &EndpointOrder<'_>, at: i64, chance: &mut Chance) -> Call {
    let network = order.network;
    let service = format!("com.amazonaws.{}.{}", network.region, order.service);
    let is_gateway = order.service == "s3";
    let kind = if is_gateway { "Gateway" } else { "Interface" };
    let mut request = json!({
        "VpcId": &network.vpc_id, "ServiceName": &service, "VpcEndpointType": kind
    });
    if let Some(members) = request.as_object_mut() {
        if is_gateway {
            members.insert("RouteTableId".into(), tagged(&[&network.route_table_id]));
        } else {
            members.insert("SubnetId".into(), tagged(&[&network.subnet_id]));
            members.insert("PrivateDnsEnabled".into(), true.into());
        }
    }
    let response = json!({"vpcEndpoint": {
        "vpcEndpointId": order.endpoint_id, "vpcEndpointType": kind, "vpcId": &network.vpc_id,
        "serviceName": &service, "state": if is_gateway { "available" } else { "pending" },
        "ownerId": network.account, "requesterManaged": false,
        "privateDnsEnabled": !is_gateway, "creationTimestamp": event_time(at)
    }});
    wrapped("CreateVpcEndpoint", request, response, chance)
}

pub(crate) fn terminate_instances(instance_id: &str, chance: &mut Chance) -> Call {
    let request = json!({"instancesSet": {"items": [{"instanceId": instance_id}]}});
    let response = json!({"instancesSet": {"items": [{
        "instanceId": instance_id,
        "currentState": {"code": 32, "name": "shutting-down"},
        "previousState": {"code": 16, "name": "running"}
    }]}});
    old("TerminateInstances", request, response, chance)
}

pub(crate) fn create_network_interface(
    network: &Network,
    interface_id: &str,
    private_address: &str,
    chance: &mut Chance,
) -> Call {
    let request = json!({
        "subnetId": &network.subnet_id, "groupSet": {}, "privateIpAddressesSet": {},
        "clientToken": chance.uuid()
    });
    let response = json!({"networkInterface": {
        "networkInterfaceId": interface_id, "subnetId": &network.subnet_id,
        "vpcId": &network.vpc_id, "ownerId": network.account, "requesterManaged": false,
        "availabilityZone": network.availability_zone(), "status": "pending",
        "privateIpAddress": private_address, "sourceDestCheck": true,
        "interfaceType": "interface",
        "privateIpAddressesSet": {"item": [
            {"privateIpAddress": private_address, "primary": true}
        ]},
        "ipv6AddressesSet": {}, "tagSet": {}
    }});
    old("CreateNetworkInterface", request, response, chance)
}

pub(crate) fn attach_network_interface(
    instance_id: &str,
    interface_id: &str,
    chance: &mut Chance,
) -> Call {
    let request = json!({
        "networkInterfaceId": interface_id, "instanceId": instance_id, "deviceIndex": 1
    });
    let response = json!({"attachmentId": ec2_resource("eni-attach", chance)});
    old("AttachNetworkInterface", request, response, chance)
}

pub(crate) fn assign_ipv6_address(interface_id: &str, address: &str, chance: &mut Chance) -> Call {
    let request = json!({"NetworkInterfaceId": interface_id, "Ipv6AddressCount": 1});
    let response = json!({
        "networkInterfaceId": interface_id, "assignedIpv6Addresses": {"item": address}
    });
    wrapped("AssignIpv6Addresses", request, response, chance)
}

pub(crate) fn associate_instance_profile(
    instance_id: &str,
    account: &str,
    role_name: &str,
    chance: &mut Chance,
) -> Call {
    let request = json!({"InstanceId": instance_id, "IamInstanceProfile": {"Name": role_name}});
    let response = json!({"iamInstanceProfileAssociation": {
        "instanceId": instance_id, "state": "associating",
        "associationId": ec2_resource("iip-assoc", chance),
        "iamInstanceProfile": {
            "arn": format!("arn:aws:iam::{account}:instance-profile/{role_name}")
        }
    }});
    wrapped("AssociateIamInstanceProfile", request, response, chance)
}

/// Switches version 1 of the metadata service off.
pub(crate) fn require_tokens(instance_id: &str, chance: &mut Chance) -> Call {
    let request = json!({"InstanceId": instance_id, "HttpTokens": "required"});
    let response = json!({"instanceId": instance_id, "instanceMetadataOptions": {
        "state": "pending", "httpTokens": "required", "httpEndpoint": "enabled",
        "httpPutResponseHopLimit": 1
    }});
    wrapped("ModifyInstanceMetadataOptions", request, response, chance)
}

fn old(name: &'static str, request: Value, mut response: Value, chance: &mut Chance) -> Call {
    let request_id = chance.uuid();
    if let Some(members) = response.as_object_mut() {
        members.insert("requestId".into(), request_id.as_str().into());
    }
    let [request, response] = [request, response].map(|value| value.to_string());
    Call { request_id, ..Call::write("ec2", name) }.request(request).response(response)
}

fn wrapped(name: &'static str, request: Value, mut response: Value, chance: &mut Chance) -> Call {
    let request_id = chance.uuid();
    if let Some(members) = response.as_object_mut() {
        members.insert("requestId".into(), request_id.as_str().into());
        members.insert("xmlns".into(), XML.into());
    }
    let around = |suffix: &str, value: Value| -> String {
        let mut outer = serde_json::Map::new();
        outer.insert(format!("{name}{suffix}"), value);
        Value::Object(outer).to_string()
    };
    let (request, response) = (around("Request", request), around("Response", response));
    Call { request_id, ..Call::write("ec2", name) }.request(request).response(response)
}

/// A list as the wrapped requests print it.
fn tagged(contents: &[&str]) -> Value {
    let tagged = contents
        .iter()
        .enumerate()
        .map(|(number, content)| json!({"tag": number + 1, "content": content}))
        .collect();
    one_or_all(tagged)
}

/// Lists of one are printed as their member.
fn one_or_all(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.pop().unwrap_or_default() } else { Value::Array(values) }
}
