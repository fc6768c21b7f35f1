//! Why a call came from home: what the network's facts and the user say.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use network::{Held, Holder, Network, Proof, RouteTarget};

use super::Workload;
use super::calls::{Call, Names, Seen};
use super::home::Basis;
use super::place::{self, Place};
use crate::context::Context;

/// Seconds around an interval that calls may be late or early: an address goes on for moments
/// after the event that takes it away.
const SLACK: i64 = 300;

/// A call with where it came from.
pub(super) struct At<'w> {
    call: &'w Call,
    place: &'w Place,
    address: Option<IpAddr>,
}

impl<'w> At<'w> {
    /// Where `call` came from.
    pub(super) fn of(names: &'w Names<'_>, call: &'w Call) -> Option<Self> {
        Some(Self { call, place: names.place(call)?, address: names.address(call) })
    }

    /// Where a call that somebody looks at came from.
    pub(super) const fn of_seen(seen: &'w Seen<'_>) -> Self {
        Self { call: &seen.call, place: &seen.place, address: seen.address }
    }
}

/// A [`Basis`] that nobody has to keep: most calls have one that is known already.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Ground<'c> {
    Held(&'c Proof),
    NatGateway { id: &'c Arc<str>, proof: &'c Proof },
    OwnAddress(&'c Proof),
    Declared(&'c str),
    OwnEndpoint,
    Shared { others: usize },
    Learned { sessions: usize },
}

impl Ground<'_> {
    /// The same, to keep.
    pub(super) fn to_basis(self) -> Basis {
        match self {
            Self::Held(proof) => Basis::Held(proof.clone()),
            Self::NatGateway { id, proof } => {
                Basis::NatGateway { id: Arc::clone(id), proof: proof.clone() }
            }
            Self::OwnAddress(proof) => Basis::OwnAddress(proof.clone()),
            Self::Declared(name) => Basis::Declared(name.into()),
            Self::OwnEndpoint => Basis::OwnEndpoint,
            Self::Shared { others } => Basis::Shared { others },
            Self::Learned { sessions } => Basis::Learned { sessions },
        }
    }
}

impl Basis {
    /// The same, to compare.
    pub(super) fn as_ground(&self) -> Ground<'_> {
        match self {
            Self::Held(proof) => Ground::Held(proof),
            Self::NatGateway { id, proof } => Ground::NatGateway { id, proof },
            Self::OwnAddress(proof) => Ground::OwnAddress(proof),
            Self::Declared(name) => Ground::Declared(name),
            Self::OwnEndpoint => Ground::OwnEndpoint,
            Self::Shared { others } => Ground::Shared { others: *others },
            Self::Learned { sessions } => Ground::Learned { sessions: *sessions },
        }
    }
}

/// Why a call came from home, where the network or the user says so.
pub(super) fn certain<'c>(
    context: &'c Context<'_>,
    workload: &Workload,
    at: &At<'_>,
) -> Option<Ground<'c>> {
    let address = at.address;
    let known = match at.place {
        Place::Endpoint { id, account_id } => {
            return of_endpoint(context, workload, at, id, account_id);
        }
        Place::Private(address) => {
            of_instance(&context.network, workload, *address, at).map(Ground::Held)
        }
        Place::Public(_) => of_public(context, workload, address?, at),
    };
    known.or_else(|| Some(Ground::Declared(context.settings.declared(address?)?)))
}

fn of_endpoint<'c>(
    context: &'c Context<'_>,
    workload: &Workload,
    at: &At<'_>,
    id: &str,
    account_id: &str,
) -> Option<Ground<'c>> {
    let known = context.network.endpoint(id);
    let is_own = known.is_some() || context.accounts.contains(account_id);
    let is_of_other = other_instance_behind(context, workload, at).is_some();
    (is_own && !is_of_other).then_some(Ground::OwnEndpoint)
}

/// The instance other than the workload's own that holds the private address of a call through an
/// endpoint of one's own.
fn other_instance_behind<'c>(
    context: &'c Context<'_>,
    workload: &Workload,
    at: &At<'_>,
) -> Option<&'c Arc<str>> {
    let Place::Endpoint { id, .. } = at.place else {
        return None;
    };
    let own = workload.instance_id.as_ref()?;
    let vpc_id = context.network.endpoint(id)?.vpc_id.as_ref()?;
    let mut behind = holders(&context.network, at.address?, at).filter_map(|held| {
        let Holder::Instance { instance_id } = &held.value else {
            return None;
        };
        let vpc = context.network.instance(instance_id)?.vpc_id.as_ref();
        (vpc == Some(vpc_id)).then_some(instance_id)
    });
    let first = behind.next()?;
    (first != own && behind.all(|other| other != own)).then_some(first)
}

/// What shows that the workload's instance held `address` at that time.
fn of_instance<'c>(
    network: &'c Network,
    workload: &Workload,
    address: IpAddr,
    at: &At<'_>,
) -> Option<&'c Proof> {
    let instance = network.instance(workload.instance_id.as_ref()?)?;
    let mut held = instance
        .addresses
        .iter()
        .filter(|held| place::subnet(held.value) == place::subnet(address));
    held.find(|held| is_near(held, at)).map(|held| &held.proof)
}

fn of_public<'c>(
    context: &'c Context<'_>,
    workload: &Workload,
    address: IpAddr,
    at: &At<'_>,
) -> Option<Ground<'c>> {
    if let Some(proof) = of_instance(&context.network, workload, address, at) {
        return Some(Ground::Held(proof));
    }
    // What is attached says more than what is only one's own.
    let grounds = holders(&context.network, address, at).filter_map(|held| match &held.value {
        Holder::NatGateway { nat_gateway_id, .. } => {
            Some(Ground::NatGateway { id: nat_gateway_id, proof: &held.proof })
        }
        Holder::Interface { .. } | Holder::Unattached { .. } => {
            Some(Ground::OwnAddress(&held.proof))
        }
        Holder::Instance { instance_id } => is_appliance(&context.network, workload, instance_id)
            .then_some(Ground::OwnAddress(&held.proof)),
    });
    grounds.min()
}

/// The instance other than the workload's own that held the address of a call.
pub(super) fn other_instance_at<'c>(
    context: &'c Context<'_>,
    workload: &Workload,
    at: &At<'_>,
) -> Option<&'c Arc<str>> {
    if matches!(at.place, Place::Endpoint { .. }) {
        return other_instance_behind(context, workload, at);
    }
    let own = workload.instance_id.as_ref();
    let own_vpc = own.and_then(|id| context.network.instance(id)?.vpc_id.as_ref());
    let is_private = matches!(at.place, Place::Private(_));
    let mut others: Vec<&Arc<str>> = holders(&context.network, at.address?, at)
        .filter_map(|held| match &held.value {
            Holder::Instance { instance_id } => Some(instance_id),
            Holder::Interface { .. } | Holder::NatGateway { .. } | Holder::Unattached { .. } => {
                None
            }
        })
        .filter(|id| {
            let vpc = context.network.instance(id).and_then(|instance| instance.vpc_id.as_ref());
            // Private addresses repeat from VPC to VPC.
            Some(*id) != own && (!is_private || (vpc.is_some() && vpc == own_vpc))
        })
        .collect();
    others.sort();
    others.first().copied()
}

/// Whether the routes of the workload's VPC lead through the instance `instance_id`.
fn is_appliance(network: &Network, workload: &Workload, instance_id: &str) -> bool {
    let own = workload.instance_id.as_ref().and_then(|id| network.instance(id));
    let vpc = own.and_then(|instance| network.vpc(instance.vpc_id.as_ref()?));
    let mut routes = vpc.into_iter().flat_map(|vpc| &vpc.routes);
    routes.any(|route| {
        route.value.target == RouteTarget::Appliance && *route.value.target_id == *instance_id
    })
}

/// Who held `address` around that time.
fn holders<'c>(
    network: &'c Network,
    address: IpAddr,
    at: &At<'_>,
) -> impl Iterator<Item = &'c Held<Holder>> {
    let (first, last) = around(at.call);
    network.holders_between(address, first, last)
}

fn is_near(held: &Held<IpAddr>, at: &At<'_>) -> bool {
    let (first, last) = around(at.call);
    held.overlaps(first, last)
}

fn around(call: &Call) -> (Timestamp, Timestamp) {
    (Timestamp(call.first.0 - SLACK), Timestamp(call.last.0 + SLACK))
}
