//! Network interfaces: their addresses and what they are attached to.

use cloudtrail::Timestamp;
use serde_json::Value;

use crate::network::read::{Call, Out};
use crate::network::shape::{self, either, items, member, text};
use crate::network::statement::{
    AddressStatement, Association, AssociationTarget, InterfaceStatement, Statement, Touch,
};

/// How interfaces of NAT gateways are described, before the gateway's id.
const NAT_DESCRIPTION: &str = "Interface for NAT Gateway ";

pub(crate) fn create(call: &Call<'_>, out: &mut Out<'_>) {
    interface(member(call.response, "networkInterface"), out);
}

pub(crate) fn attach(call: &Call<'_>, out: &mut Out<'_>) {
    let (Some(interface), Some(instance)) = (
        text(member(call.request, "networkInterfaceId")),
        text(member(call.request, "instanceId")),
    ) else {
        return;
    };
    // An interface that was attached to a running instance outlives it, unless somebody changes
    // that afterwards (Amazon EC2 user guide, "Delete on termination").
    let attached = Statement::Interface(InterfaceStatement::Attached {
        network_interface_id: out.share(interface),
        instance_id: out.share(instance),
        attachment_id: out.id(member(call.response, "attachmentId")),
        is_kept: true,
    });
    out.state(attached);
    out.touched(member(call.request, "instanceId"), Touch::Interface, interface);
}

pub(crate) fn detach(call: &Call<'_>, out: &mut Out<'_>) {
    if let Some(attachment_id) = text(member(call.request, "attachmentId")) {
        let attachment_id = out.share(attachment_id);
        out.state(Statement::Interface(InterfaceStatement::Detached { attachment_id }));
    }
}

pub(crate) fn delete(call: &Call<'_>, out: &mut Out<'_>) {
    let network_interface_id = out.id(member(call.request, "networkInterfaceId"));
    out.state(Statement::Interface(InterfaceStatement::Deleted { network_interface_id }));
}

/// Reads added addresses: those that were asked for stand in the request, those that EC2 chose in
/// the response.
pub(crate) fn assign(call: &Call<'_>, out: &mut Out<'_>) {
    let network_interface_id = out.id(member(call.request, "networkInterfaceId"));
    for value in [call.request, call.response] {
        for address in shape::addresses(value) {
            let network_interface_id = network_interface_id.clone();
            out.state(Statement::Address(AddressStatement::Assigned {
                network_interface_id,
                address,
            }));
        }
    }
}

pub(crate) fn unassign(call: &Call<'_>, out: &mut Out<'_>) {
    let network_interface_id = out.id(member(call.request, "networkInterfaceId"));
    for address in shape::addresses(call.request) {
        let network_interface_id = network_interface_id.clone();
        out.state(Statement::Address(AddressStatement::Unassigned {
            network_interface_id,
            address,
        }));
    }
}

/// Reads an interface as a response or an inventory describes it.
pub(crate) fn interface(described: &Value, out: &mut Out<'_>) {
    let instance = member(member(described, "attachment"), "instanceId");
    interface_of(described, instance, None, out);
}

/// Reads an interface of `instance`, which lends it public addresses since its last start.
pub(crate) fn interface_of(
    described: &Value,
    instance: &Value,
    started_at: Option<Timestamp>,
    out: &mut Out<'_>,
) {
    let Some(id) = text(member(described, "networkInterfaceId")) else {
        return;
    };
    let id = out.share(id);
    let purpose = text(member(described, "description")).unwrap_or_default();
    let nat = purpose.strip_prefix(NAT_DESCRIPTION).filter(|id| id.starts_with("nat-"));
    let stated = Statement::Interface(InterfaceStatement::Described {
        network_interface_id: id.clone(),
        vpc_id: out.id(member(described, "vpcId")),
        subnet_id: out.id(member(described, "subnetId")),
        nat_gateway_id: out.share(nat.unwrap_or_default()),
    });
    out.state(stated);
    let attachment = member(described, "attachment");
    let attached_at = shape::time(member(attachment, "attachTime"));
    if let Some(instance_id) = text(instance) {
        let attached = Statement::Interface(InterfaceStatement::Attached {
            network_interface_id: id.clone(),
            instance_id: out.share(instance_id),
            attachment_id: out.id(member(attachment, "attachmentId")),
            is_kept: member(attachment, "deleteOnTermination").as_bool() == Some(false),
        });
        out.state_since(attached_at, attached);
    }
    let private = either(described, &["privateIpAddressesSet", "privateIpAddresses"]);
    let single = member(described, "privateIpAddress");
    let newer = items(either(described, &["ipv6AddressesSet", "ipv6Addresses"]));
    let newer = newer.map(|item| either(item, &["ipv6Address"])).filter_map(shape::address);
    let of_list = items(private).map(|item| member(item, "privateIpAddress"));
    let assigned = of_list.chain([single]).filter_map(shape::address).chain(newer);
    for address in assigned {
        let network_interface_id = id.clone();
        out.state(Statement::Address(AddressStatement::Assigned { network_interface_id, address }));
    }
    let of_list = items(private).map(|item| (item, member(item, "association")));
    for (item, association) in of_list.chain([(described, member(described, "association"))]) {
        let private_address = shape::address(member(item, "privateIpAddress"));
        public_address(association, &id, private_address, started_at, out);
    }
}

/// Reads a public address of an interface: an elastic one, or one that Amazon lends, which
/// `ipOwnerId` tells apart.
fn public_address(
    association: &Value,
    network_interface_id: &alloc::sync::Arc<str>,
    private_address: Option<core::net::IpAddr>,
    started_at: Option<Timestamp>,
    out: &mut Out<'_>,
) {
    let Some(address) = shape::address(either(association, &["publicIp", "carrierIp"])) else {
        return;
    };
    let network_interface_id = network_interface_id.clone();
    let owner = text(member(association, "ipOwnerId")).unwrap_or_default();
    if !owner.bytes().all(|byte| byte.is_ascii_digit()) {
        out.state_since(
            started_at,
            Statement::Address(AddressStatement::Lent { network_interface_id, address }),
        );
        return;
    }
    let association = Association {
        allocation_id: out.id(member(association, "allocationId")),
        address: Some(address),
        association_id: out.id(member(association, "associationId")),
        target: AssociationTarget::Interface(network_interface_id),
        private_address,
    };
    out.state(Statement::Address(AddressStatement::Associated(association)));
}
