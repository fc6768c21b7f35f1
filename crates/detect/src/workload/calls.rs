//! What workloads called, and from where.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::{Attributes, Count, Evidence, UseRow, UseView};
use foldhash::fast::RandomState;
use indexmap::{IndexMap, IndexSet};
use lineage::Lineage;

use super::Workload;
use super::place::Place;
use crate::client;

/// The service whose events are sign-ins to the console.
const SIGN_IN: &str = "signin.amazonaws.com";

/// Version of the metadata service that delivered a key (`ec2RoleDelivery`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Delivery {
    /// `1.0`: a forged request can obtain it.
    First,
    /// `2.0`.
    Second,
    /// Not told.
    Untold,
}

/// A kind of direct call of one session, as numbers: there are many, and few are looked at.
///
/// Numbers only tell things apart; they follow the order of arrival.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    /// The session.
    pub(crate) node: usize,
    /// Number of the credential in the evidence.
    pub(crate) credential: u32,
    /// Number of the kind of use in the evidence.
    pub(crate) number: u32,
    /// Number of its behavior: client, service and call.
    pub(crate) behavior: u32,
    /// Number of its client.
    pub(crate) client: u32,
    /// Number of its place.
    pub(crate) place: u32,
    /// Number of its place with the address.
    site: u32,
    /// Version of the metadata service that delivered its key.
    pub(crate) delivery: Delivery,
    /// Whether it signs in to the console.
    pub(crate) is_sign_in: bool,
    /// First time.
    pub(crate) first: Timestamp,
    /// Last time.
    pub(crate) last: Timestamp,
}

/// A call that somebody looks at, with its texts.
#[derive(Clone, Debug)]
pub(crate) struct Seen<'e> {
    /// The call.
    pub(crate) call: Call,
    /// Its use.
    pub(crate) view: UseView<'e>,
    /// Where it came from.
    pub(crate) place: Place,
    /// The address it came from.
    pub(crate) address: Option<IpAddr>,
    /// Family of its client.
    pub(crate) client: Arc<str>,
}

impl Seen<'_> {
    /// Its key.
    pub(crate) fn key(&self) -> &Arc<str> {
        &self.view.of.access_key_id
    }

    /// Sort key: everything that tells it from others. Uses come in the order of their arrival,
    /// which must not show.
    pub(crate) fn order(&self) -> impl Ord + use<'_> {
        let view = &self.view;
        (
            (view.events.first, view.events.last),
            (view.event_source, view.event_name, view.error_code),
            (&view.source, view.user_agent, view.account_id, view.region),
            view.of,
        )
    }
}

/// The texts behind the numbers of calls.
#[derive(Debug)]
pub(crate) struct Names<'e> {
    evidence: &'e Evidence,
    clients: IndexSet<Arc<str>, RandomState>,
    places: IndexSet<Place, RandomState>,
    sites: Vec<(u32, Option<IpAddr>)>,
}

impl<'e> Names<'e> {
    /// Where `call` came from.
    pub(crate) fn place(&self, call: &Call) -> Option<&Place> {
        self.places.get_index(call.place as usize)
    }

    /// The address that `call` came from.
    pub(crate) fn address(&self, call: &Call) -> Option<IpAddr> {
        self.sites.get(call.site as usize)?.1
    }

    /// Family of the client of `call`.
    pub(crate) fn client(&self, call: &Call) -> &str {
        self.clients.get_index(call.client as usize).map(|client| &**client).unwrap_or_default()
    }

    /// The key of `call`, if it bears one.
    pub(crate) fn key(&self, call: &Call) -> Option<&'e Arc<str>> {
        let key = &self.evidence.credential_of(call.credential)?.access_key_id;
        (!key.is_empty()).then_some(key)
    }

    /// The use that `call` stands for.
    pub(crate) fn view(&self, call: &Call) -> Option<UseView<'e>> {
        self.evidence.usage(call.number)
    }

    /// How many events `call` stands for.
    pub(crate) fn count(&self, call: &Call) -> Count {
        self.view(call).map(|view| view.events.count()).unwrap_or_default()
    }

    /// `call` with its texts.
    pub(crate) fn seen(&self, call: &Call) -> Option<Seen<'e>> {
        Some(Seen {
            call: *call,
            view: self.view(call)?,
            place: self.place(call)?.clone(),
            address: self.address(call),
            client: self.clients.get_index(call.client as usize)?.clone(),
        })
    }
}

type Map<K, V> = IndexMap<K, V, RandomState>;

/// What has been worked out for a number of the evidence once.
struct Reading<'e> {
    names: Names<'e>,
    /// Site of each source, unless it is a service's.
    sites: Map<u32, Option<u32>>,
    clients: Map<u32, u32>,
    behaviors: Map<(u32, u32), u32>,
    sign_ins: Map<u32, bool>,
}

/// Gives every workload its direct calls, in the order of their arrival.
pub(super) fn collect<'e>(
    evidence: &'e Evidence,
    lineage: &Lineage<'e>,
    by_node: &BTreeMap<usize, usize>,
    workloads: &mut [Workload],
) -> Names<'e> {
    let owner = |(number, (_, attributes)): (u32, (_, &Attributes))| {
        let node = lineage.of_credential(number)?;
        Some((node, *by_node.get(&node)?, delivery(attributes)))
    };
    let owners: Vec<Option<(usize, usize, Delivery)>> =
        (0..).zip(evidence.credentials()).map(owner).collect();
    let names = Names {
        evidence,
        clients: IndexSet::default(),
        places: IndexSet::default(),
        sites: Vec::new(),
    };
    let mut reading = Reading {
        names,
        sites: Map::default(),
        clients: Map::default(),
        behaviors: Map::default(),
        sign_ins: Map::default(),
    };
    for (row, number) in evidence.rows().zip(0..) {
        let owner = owners.get(row.credential as usize).copied().flatten();
        let Some((node, workload, delivery)) = owner else {
            continue;
        };
        let (Some(site), Some(workload)) = (reading.site(row.source), workloads.get_mut(workload))
        else {
            continue;
        };
        let client = reading.client(row.user_agent);
        workload.calls.push(Call {
            node,
            credential: row.credential,
            number,
            behavior: reading.behavior(client, row),
            client,
            place: reading.names.sites.get(site as usize).map_or(0, |site| site.0),
            site,
            delivery,
            is_sign_in: reading.is_sign_in(row.action),
            first: row.first,
            last: row.last,
        });
    }
    reading.names
}

fn delivery(attributes: &Attributes) -> Delivery {
    match attributes.ec2_role_delivery.as_deref() {
        Some("1.0") => Delivery::First,
        Some("2.0") => Delivery::Second,
        Some(_) | None => Delivery::Untold,
    }
}

impl Reading<'_> {
    fn site(&mut self, source: u32) -> Option<u32> {
        let names = &mut self.names;
        *self.sites.entry(source).or_insert_with(|| {
            let (place, address) = Place::of(&names.evidence.source_of(source)?)?;
            let (place, _) = names.places.insert_full(place);
            names.sites.push((place as u32, address));
            Some(names.sites.len() as u32 - 1)
        })
    }

    fn client(&mut self, user_agent: u32) -> u32 {
        let names = &mut self.names;
        *self.clients.entry(user_agent).or_insert_with(|| {
            let text = names.evidence.text_of(user_agent).map(|text| &**text).unwrap_or_default();
            names.clients.insert_full(client::family(text).into()).0 as u32
        })
    }

    fn behavior(&mut self, client: u32, row: UseRow) -> u32 {
        let next = self.behaviors.len() as u32;
        *self.behaviors.entry((client, row.action)).or_insert(next)
    }

    fn is_sign_in(&mut self, action: u32) -> bool {
        let evidence = self.names.evidence;
        *self.sign_ins.entry(action).or_insert_with(|| {
            evidence.action_of(action).is_some_and(|[source, _]| **source == *SIGN_IN)
        })
    }
}
