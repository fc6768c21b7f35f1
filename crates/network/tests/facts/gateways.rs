//! NAT gateways and VPC endpoints.

use serde_json::{Value, json};

use crate::records::{allocate, holders, minute_of, network, record, span};

/// A NAT gateway `nat-1` at `eipalloc-1`, as in a log of 2023.
fn create_nat(minute: i64) -> Value {
    let request = json!({"CreateNatGatewayRequest": {
        "ConnectivityType": "public", "AllocationId": "eipalloc-1", "SubnetId": "subnet-1",
        "TagSpecification": {"ResourceType": "natgateway", "tag": 1,
            "Tag": [{"Value": true, "tag": 1, "Key": "a"}]},
    }});
    let response = json!({"CreateNatGatewayResponse": {
        "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/", "requestId": "r",
        "natGateway": {
            "connectivityType": "public", "subnetId": "subnet-1", "vpcId": "vpc-1",
            "natGatewayId": "nat-1", "state": "pending",
            "natGatewayAddressSet": {"item":
                {"isPrimary": true, "allocationId": "eipalloc-1", "status": "associating"}},
        },
    }});
    record(minute, "CreateNatGateway", &request, &response)
}

fn delete_nat(minute: i64) -> Value {
    let request = json!({"DeleteNatGatewayRequest": {"NatGatewayId": "nat-1"}});
    let response = json!({"DeleteNatGatewayResponse": {"natGatewayId": "nat-1"}});
    record(minute, "DeleteNatGateway", &request, &response)
}

#[test]
fn a_nat_gateway_is_found_by_the_address_of_its_allocation() {
    let network = network(&[allocate(1, 1), create_nat(2), delete_nat(9)]);
    let expected = ["1..2 nothing, eipalloc-1", "2..9 nat-1 in vpc-1", "9.. nothing, eipalloc-1"];
    assert_eq!(holders(&network, "203.0.113.1"), expected);
    let [address] = network.vpc("vpc-1").unwrap().nat_addresses.as_slice() else {
        panic!("one address");
    };
    assert_eq!((address.value.to_string().as_str(), &*span(address)), ("203.0.113.1", "2..9"));
}

#[test]
fn a_nat_gateway_may_have_several_addresses() {
    let add = record(
        3,
        "AssociateNatGatewayAddress",
        &json!({"AssociateNatGatewayAddressRequest": {"NatGatewayId": "nat-1",
            "AllocationId": {"tag": 1, "content": "eipalloc-2"}}}),
        &json!({"AssociateNatGatewayAddressResponse": {"natGatewayId": "nat-1",
            "natGatewayAddressSet": {"item": {"allocationId": "eipalloc-2",
                "associationId": "eipassoc-2", "isPrimary": false, "status": "associating"}}}}),
    );
    let remove = record(
        5,
        "DisassociateNatGatewayAddress",
        &json!({"DisassociateNatGatewayAddressRequest": {"NatGatewayId": "nat-1",
            "AssociationId": {"tag": 1, "content": "eipassoc-2"}}}),
        &json!({"DisassociateNatGatewayAddressResponse": {"natGatewayId": "nat-1",
            "natGatewayAddressSet": {"item": {"allocationId": "eipalloc-2",
                "associationId": "eipassoc-2", "status": "disassociating"}}}}),
    );
    let network = network(&[allocate(1, 1), allocate(1, 2), create_nat(2), add, remove]);
    assert_eq!(holders(&network, "203.0.113.1")[1], "2.. nat-1 in vpc-1");
    let expected = ["1..3 nothing, eipalloc-2", "3..5 nat-1 in vpc-1", "5.. nothing, eipalloc-2"];
    assert_eq!(holders(&network, "203.0.113.2"), expected);
}

#[test]
fn an_endpoint_is_known_from_creation_to_deletion() {
    let create = |minute, id: &str| {
        record(
            minute,
            "CreateVpcEndpoint",
            &json!({"CreateVpcEndpointRequest": {"VpcId": "vpc-1",
                "ServiceName": "com.amazonaws.eu-west-1.s3", "VpcEndpointType": "Gateway"}}),
            &json!({"CreateVpcEndpointResponse": {"vpcEndpoint": {"vpcEndpointId": id,
                "vpcId": "vpc-1", "serviceName": "com.amazonaws.eu-west-1.s3",
                "creationTimestamp": "2026-03-02T12:00:00.000Z", "state": "available"}}}),
        )
    };
    let delete = record(
        4,
        "DeleteVpcEndpoints",
        &json!({"DeleteVpcEndpointsRequest": {"VpcEndpointId": [
            {"tag": 1, "content": "vpce-1"}, {"tag": 2, "content": "vpce-2"}]}}),
        &json!({"DeleteVpcEndpointsResponse": {"unsuccessful": {"item":
            {"resourceId": "vpce-2", "error": {"code": "InvalidVpcEndpointId.NotFound"}}}}}),
    );
    let network = network(&[create(1, "vpce-1"), create(2, "vpce-2"), delete]);
    let endpoint = network.endpoint("vpce-1").unwrap();
    assert_eq!(endpoint.vpc_id.as_deref(), Some("vpc-1"));
    assert_eq!(endpoint.account_id.as_deref(), Some("111122223333"));
    assert_eq!(endpoint.service_name.as_deref(), Some("com.amazonaws.eu-west-1.s3"));
    assert_eq!((endpoint.since, endpoint.until), (Some(minute_of(1)), Some(minute_of(4))));
    assert_eq!(network.endpoint("vpce-2").unwrap().until, None);
}
