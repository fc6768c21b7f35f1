//! What inventories hold: one row for each kind of thing that tells about networks.

use serde_json::Value;

use super::InventoryCount;
use crate::network::{self, Out};

/// Reads things of one kind, and counts them.
pub(super) struct Kind {
    /// The member of the AWS CLI's output that lists them; instances lie in reservations.
    pub(super) list: Option<&'static str>,
    /// What AWS Config calls them.
    pub(super) resource_type: &'static str,
    pub(super) read: fn(&Value, &mut Out<'_>),
    pub(super) count: fn(&mut InventoryCount) -> &mut u64,
}

pub(super) const KINDS: [Kind; 6] = [
    Kind {
        list: Some("Addresses"),
        resource_type: "AWS::EC2::EIP",
        read: network::address,
        count: |count| &mut count.addresses,
    },
    Kind {
        list: None,
        resource_type: "AWS::EC2::Instance",
        read: network::instance,
        count: |count| &mut count.instances,
    },
    Kind {
        list: Some("NatGateways"),
        resource_type: "AWS::EC2::NatGateway",
        read: network::nat_gateway,
        count: |count| &mut count.nat_gateways,
    },
    Kind {
        list: Some("NetworkInterfaces"),
        resource_type: "AWS::EC2::NetworkInterface",
        read: network::interface,
        count: |count| &mut count.network_interfaces,
    },
    Kind {
        list: Some("RouteTables"),
        resource_type: "AWS::EC2::RouteTable",
        read: network::route_table,
        count: |count| &mut count.route_tables,
    },
    Kind {
        list: Some("VpcEndpoints"),
        resource_type: "AWS::EC2::VPCEndpoint",
        read: network::endpoint,
        count: |count| &mut count.endpoints,
    },
];
