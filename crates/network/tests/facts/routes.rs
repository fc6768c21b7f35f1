//! The ways out of a VPC.

use network::RouteTarget;
use serde_json::{Value, json};

use crate::records::{network, record, span};

fn route(minute: i64, event_name: &str, through: (&str, &str)) -> Value {
    let request = json!({"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0",
        through.0: through.1});
    record(minute, event_name, &request, &json!({"_return": true}))
}

#[test]
fn routes_follow_each_other() {
    let table = record(
        1,
        "CreateRouteTable",
        &json!({"vpcId": "vpc-1"}),
        &json!({"routeTable": {"routeTableId": "rtb-1", "vpcId": "vpc-1", "associationSet": {},
            "routeSet": {"items": [{"destinationCidrBlock": "10.0.0.0/16", "gatewayId": "local",
                "state": "active", "origin": "CreateRouteTable"}]}}}),
    );
    let network = network(&[
        table,
        route(2, "CreateRoute", ("natGatewayId", "nat-1")),
        route(4, "ReplaceRoute", ("transitGatewayId", "tgw-1")),
        record(
            6,
            "DeleteRoute",
            &json!({"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}),
            &json!({"_return": true}),
        ),
    ]);
    let routes = &network.vpc("vpc-1").unwrap().routes;
    let told: Vec<_> = routes.iter().map(|held| (span(held), held.value.target)).collect();
    let expected = [
        ("2..4".to_owned(), RouteTarget::NatGateway),
        ("4..6".to_owned(), RouteTarget::TransitGateway),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_table_is_placed_by_its_subnet() {
    let subnet = record(
        1,
        "CreateSubnet",
        &json!({"vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24"}),
        &json!({"subnet": {"subnetId": "subnet-1", "vpcId": "vpc-1"}}),
    );
    let associated = record(
        2,
        "AssociateRouteTable",
        &json!({"routeTableId": "rtb-1", "subnetId": "subnet-1"}),
        &json!({"associationId": "rtbassoc-1"}),
    );
    for (member, id, target) in [
        ("gatewayId", "igw-1", RouteTarget::InternetGateway),
        ("gatewayId", "vgw-1", RouteTarget::VpnGateway),
        ("networkInterfaceId", "eni-1", RouteTarget::Appliance),
        ("vpcPeeringConnectionId", "pcx-1", RouteTarget::Other),
    ] {
        let records = [subnet.clone(), associated.clone(), route(3, "CreateRoute", (member, id))];
        let network = network(&records);
        assert_eq!(network.vpc("vpc-1").unwrap().routes[0].value.target, target);
    }
}
