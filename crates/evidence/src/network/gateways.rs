//! NAT gateways and VPC endpoints.

use alloc::sync::Arc;

use serde_json::Value;

use crate::network::read::{Call, Out};
use crate::network::shape::{self, either, items, member, text};
use crate::network::statement::{
    AddressStatement, Association, AssociationTarget, GatewayStatement, InterfaceStatement,
    Statement,
};

pub(crate) fn create_nat(call: &Call<'_>, out: &mut Out<'_>) {
    nat_gateway(member(call.response, "natGateway"), out);
}

/// Reads a NAT gateway as a response or an inventory describes it.
pub(crate) fn nat_gateway(described: &Value, out: &mut Out<'_>) {
    let Some(id) = text(member(described, "natGatewayId")) else {
        return;
    };
    let id = out.share(id);
    let created_at = shape::time(member(described, "createTime"));
    let gateway = Statement::Gateway(GatewayStatement::NatGateway {
        nat_gateway_id: id.clone(),
        vpc_id: out.id(member(described, "vpcId")),
        subnet_id: out.id(member(described, "subnetId")),
    });
    out.state_since(created_at, gateway);
    for item in items(either(described, &["natGatewayAddressSet", "natGatewayAddresses"])) {
        let interface = member(item, "networkInterfaceId");
        if text(interface).is_some() {
            let stated = Statement::Interface(InterfaceStatement::Described {
                network_interface_id: out.id(interface),
                vpc_id: out.id(member(described, "vpcId")),
                subnet_id: out.id(member(described, "subnetId")),
                nat_gateway_id: id.clone(),
            });
            out.state_since(created_at, stated);
        }
        let association = nat_address(item, &id, out);
        out.state_since(created_at, Statement::Address(AddressStatement::Associated(association)));
    }
}

/// Reads an added address: the response describes the gateway's addresses with it.
pub(crate) fn associate_nat(call: &Call<'_>, out: &mut Out<'_>) {
    let id = out.id(member(call.request, "natGatewayId"));
    let described = member(call.response, "natGatewayAddressSet");
    for item in items(described) {
        let association = nat_address(item, &id, out);
        out.state(Statement::Address(AddressStatement::Associated(association)));
    }
    for allocation in items(either(call.request, &["allocationId", "allocationIds"])) {
        let association = Association {
            allocation_id: out.id(allocation),
            address: None,
            association_id: out.share(""),
            target: AssociationTarget::NatGateway(id.clone()),
            private_address: None,
        };
        out.state(Statement::Address(AddressStatement::Associated(association)));
    }
}

pub(crate) fn disassociate_nat(call: &Call<'_>, out: &mut Out<'_>) {
    for item in items(either(call.request, &["associationId", "associationIds"])) {
        let association_id = out.id(item);
        let allocation_id = out.share("");
        out.state(Statement::Address(AddressStatement::Disassociated {
            association_id,
            allocation_id,
            address: None,
        }));
    }
    for item in items(member(call.response, "natGatewayAddressSet")) {
        let gone = Statement::Address(AddressStatement::Disassociated {
            association_id: out.id(member(item, "associationId")),
            allocation_id: out.id(member(item, "allocationId")),
            address: shape::address(member(item, "publicIp")),
        });
        out.state(gone);
    }
}

pub(crate) fn delete_nat(call: &Call<'_>, out: &mut Out<'_>) {
    let nat_gateway_id = out.id(member(call.request, "natGatewayId"));
    out.state(Statement::Gateway(GatewayStatement::NatGatewayDeleted { nat_gateway_id }));
}

pub(crate) fn create_endpoint(call: &Call<'_>, out: &mut Out<'_>) {
    endpoint(member(call.response, "vpcEndpoint"), out);
}

/// Reads a VPC endpoint as a response or an inventory describes it.
pub(crate) fn endpoint(described: &Value, out: &mut Out<'_>) {
    let Some(id) = text(member(described, "vpcEndpointId")) else {
        return;
    };
    let endpoint = Statement::Gateway(GatewayStatement::Endpoint {
        vpc_endpoint_id: out.share(id),
        vpc_id: out.id(member(described, "vpcId")),
        service_name: out.id(member(described, "serviceName")),
    });
    out.state_since(shape::time(member(described, "creationTimestamp")), endpoint);
}

/// Reads deleted endpoints, except those that the response names as not deleted.
pub(crate) fn delete_endpoints(call: &Call<'_>, out: &mut Out<'_>) {
    let failed = items(either(call.response, &["unsuccessful"]));
    let failed = failed.filter_map(|item| text(member(item, "resourceId")));
    let failed: alloc::collections::BTreeSet<&str> = failed.collect();
    let named = items(either(call.request, &["vpcEndpointId", "vpcEndpointIds"]));
    for id in named.filter_map(text).filter(|id| !failed.contains(id)) {
        let vpc_endpoint_id = out.share(id);
        out.state(Statement::Gateway(GatewayStatement::EndpointDeleted { vpc_endpoint_id }));
    }
}

fn nat_address(item: &Value, nat_gateway_id: &Arc<str>, out: &mut Out<'_>) -> Association {
    Association {
        allocation_id: out.id(member(item, "allocationId")),
        address: shape::address(member(item, "publicIp")),
        association_id: out.id(member(item, "associationId")),
        target: AssociationTarget::NatGateway(Arc::clone(nat_gateway_id)),
        private_address: shape::address(member(item, "privateIp")),
    }
}
