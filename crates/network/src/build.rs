//! Puts together what the walk gathered.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use evidence::{Evidence, NetworkFact};

use crate::index::Index;
use crate::instance::Instance;
use crate::interval::{Held, Proof};
use crate::places::{Holding, Owner};
use crate::vpc::{Route, Vpc};
use crate::walk::{Walk, steps};
use crate::{Holder, Network};

pub(crate) fn network(evidence: &Evidence) -> Network {
    let facts: Vec<&NetworkFact> = evidence.network_facts().collect();
    let index = Index::of(&facts);
    let mut walk = Walk::new(&index);
    for (at, fact) in steps(&facts, &index) {
        walk.step(at, fact);
    }
    let (holdings, n_left_out) = walk.places.finish();
    let (mut instances, group_changes) = walk.machines.finish();
    let addresses = addresses(holdings, &index);
    give_addresses(&addresses, &mut instances);
    let endpoints = walk.endpoints.into_values();
    let mut vpcs: BTreeMap<Arc<str>, Vpc> = BTreeMap::new();
    for (id, account_id) in walk.vpcs {
        vpc(&mut vpcs, id).account_id = account_id;
    }
    give_nat_addresses(&addresses, &mut vpcs);
    give_routes(walk.routes.finish(), &index, &mut vpcs);
    Network {
        instances,
        endpoints: endpoints.map(|endpoint| (Arc::clone(&endpoint.id), endpoint)).collect(),
        vpcs,
        addresses,
        own_accounts: walk.own_accounts,
        group_changes,
        n_left_out,
    }
}

/// Who held each address, by begin.
fn addresses(holdings: Vec<Holding<'_>>, index: &Index<'_>) -> BTreeMap<IpAddr, Vec<Held<Holder>>> {
    let mut addresses: BTreeMap<IpAddr, Vec<Held<Holder>>> = BTreeMap::new();
    for holding in holdings {
        let held = Held {
            since: holding.since.at,
            until: holding.until,
            value: holder(holding.owner, index),
            proof: Proof::of(holding.since.proof),
        };
        addresses.entry(holding.address).or_default().push(held);
    }
    for held in addresses.values_mut() {
        held.sort();
        held.dedup();
    }
    addresses
}

fn holder(owner: Owner<'_>, index: &Index<'_>) -> Holder {
    match owner {
        Owner::Instance(id) => Holder::Instance { instance_id: Arc::from(id) },
        Owner::Interface(id) => index.nat_gateway(id).map_or_else(
            || Holder::Interface {
                network_interface_id: Arc::from(id),
                vpc_id: index.vpc(id).map(Arc::from),
            },
            |id| nat_gateway(id, index),
        ),
        Owner::NatGateway(id) => nat_gateway(id, index),
        Owner::Nobody(id) => Holder::Unattached { allocation_id: Arc::from(id) },
    }
}

fn nat_gateway(id: &str, index: &Index<'_>) -> Holder {
    let vpc_id = index.vpc(id).map(Arc::from);
    Holder::NatGateway { nat_gateway_id: Arc::from(id), vpc_id }
}

fn give_addresses(
    addresses: &BTreeMap<IpAddr, Vec<Held<Holder>>>,
    instances: &mut BTreeMap<Arc<str>, Instance>,
) {
    for (address, held) in addresses.iter().flat_map(|(at, held)| held.iter().map(move |h| (at, h)))
    {
        if let Holder::Instance { instance_id } = &held.value {
            let instance = instances.entry(Arc::clone(instance_id)).or_default();
            instance.id = Arc::clone(instance_id);
            instance.addresses.push(with(held, *address));
        }
    }
    for instance in instances.values_mut() {
        instance.addresses.sort();
    }
}

fn give_nat_addresses(
    addresses: &BTreeMap<IpAddr, Vec<Held<Holder>>>,
    vpcs: &mut BTreeMap<Arc<str>, Vpc>,
) {
    for (address, held) in addresses.iter().flat_map(|(at, held)| held.iter().map(move |h| (at, h)))
    {
        if let Holder::NatGateway { vpc_id: Some(id), .. } = &held.value {
            vpc(vpcs, id).nat_addresses.push(with(held, *address));
        }
    }
    for vpc in vpcs.values_mut() {
        vpc.nat_addresses.sort();
    }
}

fn give_routes(routes: Vec<Held<Route>>, index: &Index<'_>, vpcs: &mut BTreeMap<Arc<str>, Vpc>) {
    for route in routes {
        if let Some(id) = index.vpc(&route.value.route_table_id) {
            vpc(vpcs, id).routes.push(route);
        }
    }
}

fn vpc<'v>(vpcs: &'v mut BTreeMap<Arc<str>, Vpc>, id: &str) -> &'v mut Vpc {
    let id: Arc<str> = Arc::from(id);
    vpcs.entry(Arc::clone(&id)).or_insert_with(|| Vpc { id, ..Vpc::default() })
}

fn with<T>(held: &Held<Holder>, value: T) -> Held<T> {
    Held { since: held.since, until: held.until, value, proof: held.proof.clone() }
}
