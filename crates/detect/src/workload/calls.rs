//! What workloads called, and from where.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::{Evidence, UseView};
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
    let mut families: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    let mut behaviors: BTreeMap<[Arc<str>; 3], u32> = BTreeMap::new();
    let mut places: BTreeMap<Place, u32> = BTreeMap::new();
    for (credential, number) in evidence.users().zip(0..) {
        let owner = lineage
            .of_credential(credential)
            .and_then(|node| Some((node, workloads.get_mut(*by_node.get(&node)?)?)));
        let Some((node, workload)) = owner else {
            continue;
        };
        let Some(view) = evidence.usage(number) else {
            continue;
        };
        let Some((place, address)) = Place::of(&view.source) else {
            continue;
        };
        let client = families
            .entry(Arc::clone(view.user_agent))
            .or_insert_with(|| client::family(view.user_agent).into());
        let attributes = credentials.get(credential as usize);
        let behavior = [client, view.event_source, view.event_name].map(Arc::clone);
        let next_behavior = behaviors.len() as u32;
        let next_place = places.len() as u32;
        workload.calls.push(Call {
            node,
            behavior: *behaviors.entry(behavior).or_insert(next_behavior),
            place_number: *places.entry(place.clone()).or_insert(next_place),
            place,
            address,
            client: Arc::clone(client),
            delivery: attributes.and_then(|attributes| attributes.ec2_role_delivery.clone()),
            view,
        });
    }
    // Uses come in the order of their arrival, which must not show.
    for workload in workloads {
        workload.calls.sort_by(|left, right| order(left).cmp(&order(right)));
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
