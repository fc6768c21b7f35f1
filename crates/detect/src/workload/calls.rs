//! What workloads called, and from where.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::{Evidence, UseRow, UseView};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use lineage::Lineage;

use super::Workload;
use super::place::Place;
use crate::client;

/// The service whose events are sign-ins to the console.
const SIGN_IN: &str = "signin.amazonaws.com";

/// A kind of direct call of one session.
#[derive(Clone, Debug)]
pub(crate) struct Call<'e> {
    /// The session.
    pub(crate) node: usize,
    /// The call.
    pub(crate) view: UseView<'e>,
    /// Where it came from.
    pub(crate) place: Place,
    /// The address it came from.
    pub(crate) address: Option<IpAddr>,
    /// Family of its client.
    pub(crate) client: Arc<str>,
    /// Version of the metadata service that delivered its key: `1.0` or `2.0`.
    pub(crate) delivery: Option<Arc<str>>,
    /// Number of its behavior: client, service and call. Numbers only tell behaviors apart.
    pub(crate) behavior: u32,
    /// Number of its place. Numbers only tell places apart.
    pub(crate) place_number: u32,
}

impl Call<'_> {
    /// Whether it signs in to the console.
    pub(crate) fn is_sign_in(&self) -> bool {
        **self.view.event_source == *SIGN_IN
    }

    /// First time.
    pub(crate) fn first(&self) -> Timestamp {
        self.view.events.first
    }

    /// Last time.
    pub(crate) fn last(&self) -> Timestamp {
        self.view.events.last
    }
}

/// Gives every workload its direct calls.
pub(super) fn collect<'e>(
    evidence: &'e Evidence,
    lineage: &Lineage<'e>,
    by_node: &BTreeMap<usize, usize>,
    workloads: &mut [Workload<'e>],
) {
    let credentials: Vec<_> = evidence.credentials().map(|(_, attributes)| attributes).collect();
    let owner = |credential: u32| {
        let node = lineage.of_credential(credential)?;
        Some((node, *by_node.get(&node)?))
    };
    let owners: Vec<Option<(usize, usize)>> = (0..credentials.len() as u32).map(owner).collect();
    let mut names = Names::default();
    for (row, number) in evidence.rows().zip(0..) {
        let Some((node, owner)) = owners.get(row.credential as usize).copied().flatten() else {
            continue;
        };
        let Some((place_number, place, address)) = names.place(evidence, row.source) else {
            continue;
        };
        let (Some(view), Some(workload)) = (evidence.usage(number), workloads.get_mut(owner))
        else {
            continue;
        };
        let (client, behavior) = names.behavior(row, &view);
        let attributes = credentials.get(row.credential as usize);
        workload.calls.push(Call {
            node,
            behavior,
            place_number,
            place,
            address,
            client,
            delivery: attributes.and_then(|attributes| attributes.ec2_role_delivery.clone()),
            view,
        });
    }
    // Uses come in the order of their arrival, which must not show.
    for workload in workloads {
        workload.calls.sort_by(|left, right| order(left).cmp(&order(right)));
    }
}

/// Places and behaviors by the numbers of what they are made of, so that each is worked out once.
#[derive(Default)]
struct Names {
    families: Map<u32, Arc<str>>,
    behaviors: BTreeMap<[Arc<str>; 3], u32>,
    behaviors_by_row: Map<(u32, u32), (Arc<str>, u32)>,
    places: BTreeMap<Place, u32>,
    places_by_row: Map<u32, Option<(u32, Place, Option<IpAddr>)>>,
}

type Map<K, V> = IndexMap<K, V, RandomState>;

impl Names {
    /// Number, place and address of the source of number `source`; nothing for a service's.
    fn place(&mut self, evidence: &Evidence, source: u32) -> Option<(u32, Place, Option<IpAddr>)> {
        let places = &mut self.places;
        let known = self.places_by_row.entry(source).or_insert_with(|| {
            let (place, address) = Place::of(&evidence.source_of(source)?)?;
            let next = places.len() as u32;
            Some((*places.entry(place.clone()).or_insert(next), place, address))
        });
        known.clone()
    }

    /// Client and number of the behavior of `row`.
    fn behavior(&mut self, row: UseRow, view: &UseView<'_>) -> (Arc<str>, u32) {
        let key = (row.user_agent, row.action);
        if let Some(known) = self.behaviors_by_row.get(&key) {
            return known.clone();
        }
        let family = || client::family(view.user_agent).into();
        let client = self.families.entry(row.user_agent).or_insert_with(family);
        let behavior = [&*client, view.event_source, view.event_name].map(Arc::clone);
        let next = self.behaviors.len() as u32;
        let known = (Arc::clone(client), *self.behaviors.entry(behavior).or_insert(next));
        self.behaviors_by_row.insert(key, known.clone());
        known
    }
}

fn order<'a>(call: &'a Call<'_>) -> impl Ord + use<'a> {
    let view = &call.view;
    (
        (view.events.first, view.events.last),
        (view.event_source, view.event_name, view.error_code),
        (&view.source, view.user_agent, view.account_id, view.region),
        view.of,
    )
}
