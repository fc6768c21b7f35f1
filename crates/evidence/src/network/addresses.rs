//! Elastic addresses: allocation, association, release.

use serde_json::Value;

use crate::network::read::{Call, Out};
use crate::network::shape::{self, either, member, text};
use crate::network::statement::{
    AddressStatement, Association, AssociationTarget, InterfaceStatement, Statement,
};

pub(crate) fn allocate(call: &Call<'_>, out: &mut Out<'_>) {
    let address = either(call.response, &["publicIp", "carrierIp"]);
    if let Some(address) = shape::address(address) {
        let allocation_id = out.id(member(call.response, "allocationId"));
        out.state(Statement::Address(AddressStatement::Allocated { allocation_id, address }));
    }
}

pub(crate) fn associate(call: &Call<'_>, out: &mut Out<'_>) {
    let Some(target) = target(call.request, out) else {
        return;
    };
    let association_id = out.id(member(call.response, "associationId"));
    let association = Association {
        allocation_id: out.id(member(call.request, "allocationId")),
        address: shape::address(member(call.request, "publicIp")),
        association_id,
        target,
        private_address: shape::address(member(call.request, "privateIpAddress")),
    };
    out.state(Statement::Address(AddressStatement::Associated(association)));
}

pub(crate) fn disassociate(call: &Call<'_>, out: &mut Out<'_>) {
    let association_id = out.id(member(call.request, "associationId"));
    let allocation_id = out.share("");
    let address = shape::address(member(call.request, "publicIp"));
    out.state(Statement::Address(AddressStatement::Disassociated {
        association_id,
        allocation_id,
        address,
    }));
}

pub(crate) fn release(call: &Call<'_>, out: &mut Out<'_>) {
    let allocation_id = out.id(member(call.request, "allocationId"));
    let address = shape::address(member(call.request, "publicIp"));
    out.state(Statement::Address(AddressStatement::Released { allocation_id, address }));
}

/// Reads an elastic address as an inventory describes it.
pub(crate) fn address(described: &Value, out: &mut Out<'_>) {
    let Some(address) = shape::address(either(described, &["publicIp", "carrierIp"])) else {
        return;
    };
    let allocation_id = out.id(member(described, "allocationId"));
    let allocated = Statement::Address(AddressStatement::Allocated {
        allocation_id: allocation_id.clone(),
        address,
    });
    out.state(allocated);
    let Some(target) = target(described, out) else {
        return;
    };
    if let (AssociationTarget::Interface(interface), Some(instance)) =
        (&target, text(member(described, "instanceId")))
    {
        let attached = Statement::Interface(InterfaceStatement::Attached {
            network_interface_id: interface.clone(),
            instance_id: out.share(instance),
            attachment_id: out.share(""),
            is_kept: false,
        });
        out.state(attached);
    }
    let association = Association {
        allocation_id,
        address: Some(address),
        association_id: out.id(member(described, "associationId")),
        target,
        private_address: shape::address(member(described, "privateIpAddress")),
    };
    out.state(Statement::Address(AddressStatement::Associated(association)));
}

/// What an address leads to. An interface is the more exact answer, because it may move.
fn target(value: &Value, out: &mut Out<'_>) -> Option<AssociationTarget> {
    let interface = text(member(value, "networkInterfaceId"));
    let instance = text(member(value, "instanceId"));
    let interface = interface.map(|id| AssociationTarget::Interface(out.share(id)));
    interface.or_else(|| instance.map(|id| AssociationTarget::Instance(out.share(id))))
}
