//! Subnets, route tables and routes.

use serde_json::Value;

use crate::network::read::{Call, Out};
use crate::network::shape::{either, items, member, text};
use crate::network::statement::{RouteStatement, Statement};

/// Where a route leads.
const DESTINATIONS: [&str; 3] =
    ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];
/// What a route leads through.
const TARGETS: [&str; 11] = [
    "natGatewayId",
    "transitGatewayId",
    "gatewayId",
    "egressOnlyInternetGatewayId",
    "networkInterfaceId",
    "instanceId",
    "vpcPeeringConnectionId",
    "vpcEndpointId",
    "carrierGatewayId",
    "localGatewayId",
    "coreNetworkArn",
];
/// The target of the route that every table has.
const LOCAL: &str = "local";

pub(crate) fn create_subnet(call: &Call<'_>, out: &mut Out<'_>) {
    let described = member(call.response, "subnet");
    let subnet_id = out.id(member(described, "subnetId"));
    let vpc_id = out.id(member(described, "vpcId"));
    out.state(Statement::Route(RouteStatement::Subnet { subnet_id, vpc_id }));
}

pub(crate) fn create_table(call: &Call<'_>, out: &mut Out<'_>) {
    route_table(member(call.response, "routeTable"), out);
}

pub(crate) fn associate_table(call: &Call<'_>, out: &mut Out<'_>) {
    let route_table_id = out.id(member(call.request, "routeTableId"));
    let vpc_id = out.share("");
    let subnet_id = out.id(member(call.request, "subnetId"));
    out.state(Statement::Route(RouteStatement::Table { route_table_id, vpc_id, subnet_id }));
}

pub(crate) fn set_route(call: &Call<'_>, out: &mut Out<'_>) {
    route(member(call.request, "routeTableId"), call.request, out);
}

pub(crate) fn delete_route(call: &Call<'_>, out: &mut Out<'_>) {
    let route_table_id = out.id(member(call.request, "routeTableId"));
    let destination = out.id(either(call.request, &DESTINATIONS));
    out.state(Statement::Route(RouteStatement::Deleted { route_table_id, destination }));
}

/// Reads a route table as a response or an inventory describes it.
pub(crate) fn route_table(described: &Value, out: &mut Out<'_>) {
    let table = member(described, "routeTableId");
    if text(table).is_none() {
        return;
    }
    let vpc = out.id(member(described, "vpcId"));
    let subnets = items(either(described, &["associationSet", "associations"]));
    let subnets = subnets.map(|association| member(association, "subnetId"));
    for subnet in subnets.filter(|subnet| text(subnet).is_some()).chain([&Value::Null]) {
        let (route_table_id, subnet_id) = (out.id(table), out.id(subnet));
        out.state(Statement::Route(RouteStatement::Table {
            route_table_id,
            vpc_id: vpc.clone(),
            subnet_id,
        }));
    }
    for described in items(either(described, &["routeSet", "routes"])) {
        route(table, described, out);
    }
}

fn route(table: &Value, described: &Value, out: &mut Out<'_>) {
    let target = text(either(described, &TARGETS)).unwrap_or_default();
    if target.is_empty() || target == LOCAL {
        return;
    }
    let route = Statement::Route(RouteStatement::Set {
        route_table_id: out.id(table),
        destination: out.id(either(described, &DESTINATIONS)),
        target_id: out.share(target),
    });
    out.state(route);
}
