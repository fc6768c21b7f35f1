//! A VPC, and the ways out of it.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::interval::Held;

/// A VPC with what is known about the ways out of it.
#[derive(Clone, Debug, Default)]
pub struct Vpc {
    /// `vpc-…`.
    pub id: Arc<str>,
    /// Account that it lies in.
    pub account_id: Option<Arc<str>>,
    /// Addresses of its NAT gateways, by begin.
    pub nat_addresses: Vec<Held<IpAddr>>,
    /// Its routes to the internet or to other networks, by begin.
    pub routes: Vec<Held<Route>>,
}

/// A route.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Route {
    /// `rtb-…`.
    pub route_table_id: Arc<str>,
    /// Where it leads, such as `0.0.0.0/0`.
    pub destination: Arc<str>,
    /// Through what.
    pub target: RouteTarget,
    /// Id of the target.
    pub target_id: Arc<str>,
}

/// Through what a route leads.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum RouteTarget {
    /// An instance or an interface: an appliance.
    Appliance,
    /// An internet gateway, for IPv6 alone or for both.
    InternetGateway,
    /// A NAT gateway.
    NatGateway,
    /// Something else, such as a peering connection.
    Other,
    /// A transit gateway: another network's egress.
    TransitGateway,
    /// A virtual private gateway: on-premises egress.
    VpnGateway,
}
