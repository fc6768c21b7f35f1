//! Routes, as the walk gathers them.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::RouteStatement;

use crate::interval::{Held, Proof};
use crate::places::Moment;
use crate::vpc::{Route, RouteTarget};

/// Targets by how their ids begin.
const TARGETS: [(&str, RouteTarget); 7] = [
    ("eigw-", RouteTarget::InternetGateway),
    ("eni-", RouteTarget::Appliance),
    ("i-", RouteTarget::Appliance),
    ("igw-", RouteTarget::InternetGateway),
    ("nat-", RouteTarget::NatGateway),
    ("tgw-", RouteTarget::TransitGateway),
    ("vgw-", RouteTarget::VpnGateway),
];

/// A table and a destination.
type Key<'e> = (&'e Arc<str>, &'e Arc<str>);

/// What the walk knows of routes.
#[derive(Default)]
pub(crate) struct Routes<'e> {
    /// The routes that hold, by table and destination.
    present: BTreeMap<Key<'e>, (&'e Arc<str>, Moment<'e>)>,
    past: Vec<Held<Route>>,
}

impl<'e> Routes<'e> {
    /// Takes one fact.
    pub(crate) fn step(&mut self, statement: &'e RouteStatement, now: Moment<'e>) {
        match statement {
            RouteStatement::Deleted { route_table_id, destination } => {
                self.end((route_table_id, destination), now.at);
            }
            RouteStatement::Set { route_table_id, destination, target_id } => {
                let key = (route_table_id, destination);
                if self.present.get(&key).is_none_or(|(target, _)| *target != target_id) {
                    self.end(key, now.at);
                    self.present.insert(key, (target_id, now));
                }
            }
            RouteStatement::Subnet { .. } | RouteStatement::Table { .. } => {}
        }
    }

    /// All routes, by begin.
    pub(crate) fn finish(mut self) -> Vec<Held<Route>> {
        let present = core::mem::take(&mut self.present);
        self.past.extend(present.into_iter().map(|(key, value)| held(key, value, None)));
        self.past.sort();
        self.past
    }

    fn end(&mut self, key: Key<'e>, until: Option<Timestamp>) {
        if let Some(ended) = self.present.remove(&key)
            && ended.1.at != until
        {
            self.past.push(held(key, ended, until));
        }
    }
}

fn held(
    (table, destination): Key<'_>,
    (target_id, since): (&Arc<str>, Moment<'_>),
    until: Option<Timestamp>,
) -> Held<Route> {
    let target = TARGETS.iter().find(|(prefix, _)| target_id.starts_with(prefix));
    let value = Route {
        route_table_id: Arc::clone(table),
        destination: Arc::clone(destination),
        target: target.map_or(RouteTarget::Other, |(_, target)| *target),
        target_id: Arc::clone(target_id),
    };
    Held { since: since.at, until, value, proof: Proof::of(since.proof) }
}
