//! Where a workload's credentials belong.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::Count;
use network::Proof;

use super::calls::{Call, Delivery, Names};
use super::ground::{self, At, Ground};
use super::place::Place;
use super::population::SESSIONS_SHARE;
use super::{Workload, Workloads};
use crate::context::Context;

/// Sessions before anything certain is known of a home that tell what it was before.
const EARLY_MIN: usize = 4;

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
    pub(crate) calls: Count,
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
        let (names, population) = (workloads.names(), workloads.population());
        for call in &workload.calls {
            let at = At::of(names, call)?;
            let ground = ground::certain(context, workload, &at).or_else(|| {
                let others = population.others_at(call.place, number);
                let is_shared = population.is_shared(call.place, number);
                is_shared.then_some(Ground::Shared { others })
            });
            home.inside.push(ground.is_some());
            if let Some(ground) = ground {
                home.add(names, call, ground);
            }
        }
        home.learn(context, workload, names);
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

    fn add(&mut self, names: &Names<'_>, call: &Call, ground: Ground<'_>) {
        let Some(place) = names.place(call) else {
            return;
        };
        let known = self.places.entry(call.place).or_insert_with(|| HomePlace {
            place: place.clone(),
            addresses: BTreeSet::new(),
            basis: ground.to_basis(),
            first: call.first,
            last: call.last,
            calls: Count::default(),
        });
        known.addresses.extend(names.address(call));
        if ground < known.basis.as_ground() {
            known.basis = ground.to_basis();
        }
        known.first = known.first.min(call.first);
        known.last = known.last.max(call.last);
        known.calls += names.count(call);
    }

    /// Takes the place that most sessions call from for the home, where nothing certain tells how
    /// the workload calls without an endpoint.
    fn learn(&mut self, context: &Context<'_>, workload: &Workload, names: &Names<'_>) {
        // Functions, tasks and pods call from many places.
        if !workload.is_instance() {
            return;
        }
        let is_endpoint = |place: &Place| matches!(place, Place::Endpoint { .. });
        // What was called before the first thing that is certain left by another way.
        let certain = self.places.values().filter(|home| !is_endpoint(&home.place));
        let until = certain.map(|home| home.first).min();
        let is_early = |call: &&Call| until.is_none_or(|until| call.first < until);
        let mut sessions: BTreeMap<u32, Candidate<'_>> = BTreeMap::new();
        for call in workload.calls.iter().filter(is_early) {
            if let Some(place) = names.place(call).filter(|place| !is_endpoint(place)) {
                sessions.entry(call.place).or_default().add(call, place);
            }
        }
        // What few sessions show is no home, such as where everything else goes through endpoints;
        // but each address of a pool is shown by a part of them.
        let early = workload.calls.iter().filter(is_early);
        let all: BTreeSet<usize> = early.map(|call| call.node).collect();
        if until.is_some() && all.len() < EARLY_MIN {
            return;
        }
        let is_main =
            |candidate: &Candidate<'_>| candidate.nodes.len() * SESSIONS_SHARE >= all.len();
        let best = sessions.iter().filter(|(_, candidate)| is_main(candidate));
        let best = best.max_by_key(|(_, candidate)| candidate.rank());
        let Some((place, candidate)) = best else {
            return;
        };
        // An instance that has an address of its own does not have to be watched to know it.
        let since = candidate.first.map(|(time, _)| time).unwrap_or_default();
        if ground::has_public_address(&context.network, workload, since) {
            return;
        }
        let ground = Ground::Learned { sessions: candidate.nodes.len() };
        for (position, call) in workload.calls.iter().enumerate() {
            if call.place == *place {
                self.add(names, call, ground);
                if let Some(inside) = self.inside.get_mut(position) {
                    *inside = true;
                }
            }
        }
    }
}

/// A place that may be the home of a workload.
#[derive(Default)]
struct Candidate<'w> {
    nodes: BTreeSet<usize>,
    /// Whether a key of the second version of the metadata service was used there: a thief gets
    /// the first one's more easily.
    has_second_version: bool,
    first: Option<(Timestamp, &'w Place)>,
}

impl<'w> Candidate<'w> {
    fn add(&mut self, call: &Call, place: &'w Place) {
        self.nodes.insert(call.node);
        self.has_second_version |= call.delivery == Delivery::Second;
        let first = (call.first, place);
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
    }

    fn rank(&self) -> impl Ord + use<'_, 'w> {
        (self.nodes.len(), self.has_second_version, Reverse(self.first))
    }
}
