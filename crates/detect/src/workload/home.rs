//! Where a workload's credentials belong.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use network::{Held, Holder, Network, Proof, RouteTarget};

use super::calls::Call;
use super::place::{self, Place};
use super::{Workload, Workloads};
use crate::context::Context;

/// Seconds around an interval that calls may be late or early: an address goes on for moments
/// after the event that takes it away.
const SLACK: i64 = 300;

/// Why a place belongs to a workload.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Basis {
    /// The instance held the address.
    Held(Proof),
    /// A NAT gateway of one's own held it.
    NatGateway {
        /// `nat-…`.
        id: Arc<str>,
        /// What is known of it.
        proof: Proof,
    },
    /// An address, an interface or an appliance of one's own.
    OwnAddress(Proof),
    /// The user said so.
    Declared(String),
    /// An endpoint of an account of one's own.
    OwnEndpoint,
    /// Other workloads call from there day by day.
    Shared {
        /// How many.
        others: usize,
    },
    /// Most of its sessions call from there, and nothing else tells.
    Learned {
        /// How many of them.
        sessions: usize,
    },
}

impl Basis {
    /// Whether a fact about the network says so, and not only what was seen.
    pub(crate) const fn is_fact(&self) -> bool {
        matches!(self, Self::Held(_) | Self::NatGateway { .. } | Self::OwnAddress(_))
    }
}

/// A place that belongs to a workload.
#[derive(Clone, Debug)]
pub(crate) struct HomePlace {
    /// The place.
    pub(crate) place: Place,
    /// Its addresses, as the events have them.
    pub(crate) addresses: BTreeSet<IpAddr>,
    /// Why.
    pub(crate) basis: Basis,
    /// First call.
    pub(crate) first: Timestamp,
    /// Last call.
    pub(crate) last: Timestamp,
    /// How many calls.
    pub(crate) calls: u64,
}

/// Where a workload belongs, as far as known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Home {
    /// By number of the place; a place that changed hands appears under its first basis.
    places: BTreeMap<u32, HomePlace>,
    /// Calls that came from home, by their position.
    inside: Vec<bool>,
}

impl Home {
    /// Where the workload of number `number` belongs.
    pub(super) fn of(
        context: &Context<'_>,
        workloads: &Workloads<'_>,
        number: usize,
    ) -> Option<Self> {
        let workload = workloads.workload(number)?;
        let mut home = Self { places: BTreeMap::new(), inside: Vec::new() };
        for call in &workload.calls {
            let basis = certain(context, workload, call).or_else(|| {
                let population = workloads.population();
                let others = population.others_at(call.place_number, number);
                let is_shared = population.is_shared(call.place_number, number);
                is_shared.then_some(Basis::Shared { others })
            });
            home.inside.push(basis.is_some());
            if let Some(basis) = basis {
                home.add(call, basis);
            }
        }
        home.learn(workload);
        Some(home)
    }

    /// Places, by first call.
    pub(crate) fn places(&self) -> Vec<&HomePlace> {
        let mut places: Vec<&HomePlace> = self.places.values().collect();
        places.sort_by(|left, right| (left.first, &left.place).cmp(&(right.first, &right.place)));
        places
    }

    /// Whether the call at `position` came from home.
    pub(crate) fn is_inside(&self, position: usize) -> bool {
        self.inside.get(position).copied().unwrap_or_default()
    }

    /// Whether a fact about the network makes some place that `is_such` a home.
    pub(crate) fn has_fact(&self, is_such: impl Fn(&Place) -> bool) -> bool {
        self.places.values().any(|home| home.basis.is_fact() && is_such(&home.place))
    }

    /// Whether the place of number `place` is a home for no better reason than what was seen.
    pub(crate) fn is_learned(&self, place: u32) -> bool {
        let home = self.places.get(&place);
        home.is_some_and(|home| matches!(home.basis, Basis::Learned { .. }))
    }

    fn add(&mut self, call: &Call<'_>, basis: Basis) {
        let known = self.places.entry(call.place_number).or_insert_with(|| HomePlace {
            place: call.place.clone(),
            addresses: BTreeSet::new(),
            basis: basis.clone(),
            first: call.first(),
            last: call.last(),
            calls: 0,
        });
        known.addresses.extend(call.address);
        known.basis = basis.min(known.basis.clone());
        known.first = known.first.min(call.first());
        known.last = known.last.max(call.last());
        known.calls += call.view.events.count();
    }

    /// Takes the place that most sessions call from for the home, where nothing certain tells how
    /// the workload calls without an endpoint.
    fn learn(&mut self, workload: &Workload<'_>) {
        // Functions, tasks and pods call from many places.
        if !workload.is_instance() {
            return;
        }
        let is_endpoint = |place: &Place| matches!(place, Place::Endpoint { .. });
        if self.places.values().any(|home| !is_endpoint(&home.place)) {
            return;
        }
        let mut sessions: BTreeMap<u32, Candidate> = BTreeMap::new();
        for call in workload.calls.iter().filter(|call| !is_endpoint(&call.place)) {
            sessions.entry(call.place_number).or_default().add(call);
        }
        let best = sessions.iter().max_by_key(|(_, candidate)| candidate.rank());
        let Some((place, candidate)) = best else {
            return;
        };
        let basis = Basis::Learned { sessions: candidate.nodes.len() };
        for (position, call) in workload.calls.iter().enumerate() {
            if call.place_number == *place {
                self.add(call, basis.clone());
                if let Some(inside) = self.inside.get_mut(position) {
                    *inside = true;
                }
            }
        }
    }
}

/// A place that may be the home of a workload.
#[derive(Default)]
struct Candidate {
    nodes: BTreeSet<usize>,
    /// Whether a key of the second version of the metadata service was used there: a thief gets
    /// the first one's more easily.
    has_second_version: bool,
    first: Option<(Timestamp, Place)>,
}

impl Candidate {
    fn add(&mut self, call: &Call<'_>) {
        self.nodes.insert(call.node);
        self.has_second_version |= call.delivery.as_deref() == Some("2.0");
        let first = (call.first(), call.place.clone());
        self.first = Some(self.first.take().map_or(first.clone(), |known| known.min(first)));
    }

    fn rank(&self) -> impl Ord + use<'_> {
        (self.nodes.len(), self.has_second_version, Reverse(&self.first))
    }
}

/// Why `call` came from home, where the network or the user says so.
fn certain(context: &Context<'_>, workload: &Workload<'_>, call: &Call<'_>) -> Option<Basis> {
    let address = call.address;
    let known = match &call.place {
        Place::Endpoint { id, account_id } => {
            return of_endpoint(context, workload, call, id, account_id);
        }
        Place::Private(address) => {
            of_instance(&context.network, workload, *address, call).map(Basis::Held)
        }
        Place::Public(_) => of_public(context, workload, address?, call),
    };
    known.or_else(|| Some(Basis::Declared(context.settings.declared(address?)?.into())))
}

fn of_endpoint(
    context: &Context<'_>,
    workload: &Workload<'_>,
    call: &Call<'_>,
    id: &str,
    account_id: &str,
) -> Option<Basis> {
    let known = context.network.endpoint(id);
    let is_own = known.is_some() || context.accounts.contains(account_id);
    let is_of_other = other_instance_behind(context, workload, call).is_some();
    (is_own && !is_of_other).then_some(Basis::OwnEndpoint)
}

/// The instance other than the workload's own that holds the private address of a call through an
/// endpoint of one's own.
pub(super) fn other_instance_behind<'c>(
    context: &'c Context<'_>,
    workload: &Workload<'_>,
    call: &Call<'_>,
) -> Option<&'c Arc<str>> {
    let Place::Endpoint { id, .. } = &call.place else {
        return None;
    };
    let own = workload.instance_id.as_ref()?;
    let vpc_id = context.network.endpoint(id)?.vpc_id.as_ref()?;
    let mut behind = holders(&context.network, call.address?, call).filter_map(|held| {
        let Holder::Instance { instance_id } = &held.value else {
            return None;
        };
        let vpc = context.network.instance(instance_id)?.vpc_id.as_ref();
        (vpc == Some(vpc_id)).then_some(instance_id)
    });
    let first = behind.next()?;
    (first != own && behind.all(|other| other != own)).then_some(first)
}

/// What shows that the workload's instance held `address` at the time of `call`.
fn of_instance(
    network: &Network,
    workload: &Workload<'_>,
    address: IpAddr,
    call: &Call<'_>,
) -> Option<Proof> {
    let instance = network.instance(workload.instance_id.as_ref()?)?;
    let mut held = instance
        .addresses
        .iter()
        .filter(|held| place::subnet(held.value) == place::subnet(address));
    held.find(|held| is_near(held, call)).map(|held| held.proof.clone())
}

fn of_public(
    context: &Context<'_>,
    workload: &Workload<'_>,
    address: IpAddr,
    call: &Call<'_>,
) -> Option<Basis> {
    if let Some(proof) = of_instance(&context.network, workload, address, call) {
        return Some(Basis::Held(proof));
    }
    // What is attached says more than what is only one's own.
    let bases = holders(&context.network, address, call).filter_map(|held| match &held.value {
        Holder::NatGateway { nat_gateway_id, .. } => {
            Some(Basis::NatGateway { id: Arc::clone(nat_gateway_id), proof: held.proof.clone() })
        }
        Holder::Interface { .. } | Holder::Unattached { .. } => {
            Some(Basis::OwnAddress(held.proof.clone()))
        }
        Holder::Instance { instance_id } => is_appliance(&context.network, workload, instance_id)
            .then(|| Basis::OwnAddress(held.proof.clone())),
    });
    bases.min()
}

/// The instance other than the workload's own that held the public address of `call`.
pub(super) fn other_instance_at<'c>(
    context: &'c Context<'_>,
    workload: &Workload<'_>,
    call: &Call<'_>,
) -> Option<&'c Arc<str>> {
    if matches!(call.place, Place::Endpoint { .. }) {
        return other_instance_behind(context, workload, call);
    }
    let own = workload.instance_id.as_ref();
    let own_vpc = own.and_then(|id| context.network.instance(id)?.vpc_id.as_ref());
    let is_private = matches!(call.place, Place::Private(_));
    let mut others: Vec<&Arc<str>> = holders(&context.network, call.address?, call)
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
fn is_appliance(network: &Network, workload: &Workload<'_>, instance_id: &str) -> bool {
    let own = workload.instance_id.as_ref().and_then(|id| network.instance(id));
    let vpc = own.and_then(|instance| network.vpc(instance.vpc_id.as_ref()?));
    let mut routes = vpc.into_iter().flat_map(|vpc| &vpc.routes);
    routes.any(|route| {
        route.value.target == RouteTarget::Appliance && *route.value.target_id == *instance_id
    })
}

/// Who held `address` around the time of `call`.
fn holders<'c>(
    network: &'c Network,
    address: IpAddr,
    call: &Call<'_>,
) -> impl Iterator<Item = &'c Held<Holder>> {
    let (first, last) = around(call);
    network.holders_between(address, first, last)
}

fn is_near(held: &Held<IpAddr>, call: &Call<'_>) -> bool {
    let (first, last) = around(call);
    held.overlaps(first, last)
}

fn around(call: &Call<'_>) -> (Timestamp, Timestamp) {
    (Timestamp(call.first().0 - SLACK), Timestamp(call.last().0 + SLACK))
}
