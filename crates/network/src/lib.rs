//! Which instance, address and endpoint belonged to what, and when, read out of evidence.
//!
//! Addresses move between instances: every statement holds for an interval of time and names its
//! proof. Like a lineage, a network is made anew from evidence each time.
#![no_std]

extern crate alloc;

mod build;
mod endpoint;
mod index;
mod instance;
mod interval;
mod machines;
mod places;
mod ranges;
mod routes;
mod special;
mod vpc;
mod walk;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::Evidence;

pub use endpoint::Endpoint;
pub use evidence::{MetadataOptions, Touch};
pub use instance::{Instance, InstanceChange, Launch};
pub use interval::{Held, Proof};
pub use ranges::{AwsRange, AwsRanges, RangesError};
pub use special::{is_private, is_reserved};
pub use vpc::{Route, RouteTarget, Vpc};

/// What holds an address.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Holder {
    /// An instance, on one of its interfaces.
    Instance {
        /// `i-…`.
        instance_id: Arc<str>,
    },
    /// An interface of which no instance is known.
    Interface {
        /// `eni-…`.
        network_interface_id: Arc<str>,
        /// `vpc-…`, where known.
        vpc_id: Option<Arc<str>>,
    },
    /// A NAT gateway, which many instances leave through.
    NatGateway {
        /// `nat-…`.
        nat_gateway_id: Arc<str>,
        /// `vpc-…`, where known.
        vpc_id: Option<Arc<str>>,
    },
    /// An elastic address of one's own that is not known to be attached to anything.
    Unattached {
        /// `eipalloc-…`, or empty.
        allocation_id: Arc<str>,
    },
}

/// The networks of an organisation through time.
#[derive(Debug, Default)]
pub struct Network {
    instances: BTreeMap<Arc<str>, Instance>,
    endpoints: BTreeMap<Arc<str>, Endpoint>,
    vpcs: BTreeMap<Arc<str>, Vpc>,
    /// Who held each address, by begin. Private addresses repeat from VPC to VPC.
    addresses: BTreeMap<IpAddr, Vec<Held<Holder>>>,
    own_accounts: BTreeSet<Arc<str>>,
    group_changes: BTreeMap<Arc<str>, Vec<InstanceChange>>,
    n_left_out: u64,
}

impl Network {
    /// Reads the networks out of `evidence`. Takes time in proportion to the facts, but for the
    /// sorting of them.
    pub fn of(evidence: &Evidence) -> Self {
        build::network(evidence)
    }

    /// The instance with id `id`.
    pub fn instance(&self, id: &str) -> Option<&Instance> {
        self.instances.get(id)
    }

    /// The VPC endpoint with id `id`.
    pub fn endpoint(&self, id: &str) -> Option<&Endpoint> {
        self.endpoints.get(id)
    }

    /// The VPC with id `id`.
    pub fn vpc(&self, id: &str) -> Option<&Vpc> {
        self.vpcs.get(id)
    }

    /// Who held `address` through time.
    pub fn holders(&self, address: IpAddr) -> &[Held<Holder>] {
        self.addresses.get(&address).map(Vec::as_slice).unwrap_or_default()
    }

    /// Who held `address` at any time from `first` to `last`.
    pub fn holders_between(
        &self,
        address: IpAddr,
        first: Timestamp,
        last: Timestamp,
    ) -> impl Iterator<Item = &Held<Holder>> {
        self.holders(address).iter().filter(move |held| held.overlaps(first, last))
    }

    /// Calls that let more into the security group with id `id`, by time.
    pub fn group_changes(&self, id: &str) -> &[InstanceChange] {
        self.group_changes.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Addresses and interfaces that were left out, because there were more than EC2 admits (256
    /// addresses on an interface or 128 interfaces on an instance at a time), or because an
    /// interface moved too often (its addresses begin more than 4,096 intervals with it).
    pub const fn left_out(&self) -> u64 {
        self.n_left_out
    }

    /// Accounts that an inventory names as members of the organisation.
    pub const fn own_accounts(&self) -> &BTreeSet<Arc<str>> {
        &self.own_accounts
    }
}
