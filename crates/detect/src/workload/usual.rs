//! What is usual for the sessions of a role: behaviors and clients, and where they show.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::home::Home;
use super::{Call, Workload};

/// Sessions of a role below which nothing can be called its constant behavior.
pub(super) const SESSIONS_MIN: usize = 4;

/// Sessions of a function, task or pod that must show a behavior elsewhere: their homes are not
/// known, so that a thief with two addresses would vouch for himself.
const ELSEWHERE_MIN: usize = 2;

/// What is usual for the sessions of one role.
#[derive(Debug, Default)]
pub(crate) struct Usual {
    sessions: usize,
    behaviors: BTreeMap<u32, Shown>,
    clients: BTreeMap<u32, BTreeSet<u32>>,
    /// Sessions that use each client.
    sessions_by_client: BTreeMap<u32, usize>,
}

/// Where one behavior shows.
#[derive(Debug, Default)]
struct Shown {
    /// Sessions that show it anywhere.
    sessions: usize,
    /// Sessions that show it at home.
    at_home: usize,
    /// Of these, the ones that show it at one place alone, by place.
    only_at: BTreeMap<u32, usize>,
}

impl Usual {
    /// What is usual for `workloads`, which share a role.
    pub(super) fn of<'w>(workloads: impl Iterator<Item = (&'w Workload, &'w Home)>) -> Self {
        let mut usual = Self::default();
        let mut seen: Vec<(u32, usize, u32, bool)> = Vec::new();
        for (workload, home) in workloads {
            usual.sessions += sessions(&workload.calls);
            for client in clients(&workload.calls) {
                *usual.sessions_by_client.entry(client).or_default() += 1;
            }
            for (position, call) in workload.calls.iter().enumerate() {
                let is_home = !workload.is_instance() || home.is_inside(position);
                seen.push((call.behavior, call.node, call.place, is_home));
                if is_home {
                    usual.clients.entry(call.client).or_default().insert(call.place);
                }
            }
        }
        seen.sort_unstable();
        seen.dedup();
        for session in seen.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
            if let Some((behavior, ..)) = session.first() {
                usual.behaviors.entry(*behavior).or_default().add(session);
            }
        }
        usual
    }

    /// Sessions of the role that called at all.
    pub(crate) const fn sessions(&self) -> usize {
        self.sessions
    }

    /// Whether the role's sessions show the behavior of `call` at home, at other places than its.
    pub(crate) fn is_usual(&self, workload: &Workload, call: &Call) -> bool {
        let least = if workload.is_instance() { 1 } else { ELSEWHERE_MIN };
        self.elsewhere(call) >= least
    }

    /// Whether most of the role's sessions show the behavior of `call` at home: the workload does
    /// it all the time.
    pub(crate) fn is_constant(&self, call: &Call) -> bool {
        self.sessions >= SESSIONS_MIN && self.elsewhere(call) * 2 >= self.sessions
    }

    /// Whether the role's sessions use the client of `call` at home, at other places than its.
    pub(crate) fn has_client(&self, call: &Call) -> bool {
        let places = self.clients.get(&call.client);
        places.is_some_and(|places| places.iter().any(|place| *place != call.place))
    }

    /// Sessions other than the one that made it that show the behavior of `call`, wherever.
    pub(crate) fn other_sessions(&self, call: &Call) -> usize {
        self.behaviors.get(&call.behavior).map_or(0, |shown| shown.sessions.saturating_sub(1))
    }

    /// Sessions other than the one that made it that use the client of `call`, wherever.
    pub(crate) fn other_sessions_with_client(&self, call: &Call) -> usize {
        let sessions = self.sessions_by_client.get(&call.client);
        sessions.map_or(0, |sessions| sessions.saturating_sub(1))
    }

    fn elsewhere(&self, call: &Call) -> usize {
        self.behaviors.get(&call.behavior).map_or(0, |shown| {
            let here = shown.only_at.get(&call.place).copied().unwrap_or_default();
            shown.at_home - here
        })
    }
}

impl Shown {
    /// Adds the sightings of one session, sorted by place.
    fn add(&mut self, sightings: &[(u32, usize, u32, bool)]) {
        self.sessions += 1;
        let mut homes = sightings.iter().filter(|seen| seen.3).map(|seen| seen.2);
        let Some(first) = homes.next() else {
            return;
        };
        self.at_home += 1;
        if homes.all(|place| place == first) {
            *self.only_at.entry(first).or_default() += 1;
        }
    }
}

/// The clients of each session, each once.
fn clients(calls: &[Call]) -> impl Iterator<Item = u32> {
    let pairs: BTreeSet<(usize, u32)> = calls.iter().map(|call| (call.node, call.client)).collect();
    pairs.into_iter().map(|(_, client)| client)
}

fn sessions(calls: &[Call]) -> usize {
    calls.iter().map(|call| call.node).collect::<BTreeSet<usize>>().len()
}
