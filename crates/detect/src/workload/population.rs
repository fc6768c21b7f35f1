//! Which places workloads share.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use super::{Call, Workload};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Other workloads that call from a place for a day or longer before it counts as a way out that
/// many share.
const SHARED_BY: usize = 3;

/// One in so many sessions of a workload that call from a place, before it counts as a way out of
/// it: a thief is seen in few of them.
pub(super) const SESSIONS_SHARE: usize = 5;

/// Sessions of a workload that call from a place, before it counts as a way out of it.
const SESSIONS_MIN: usize = 3;

/// What one workload calls from one place.
#[derive(Default)]
struct Visit {
    span: Option<(Timestamp, Timestamp)>,
    sessions: BTreeSet<usize>,
}

impl Visit {
    fn add(&mut self, call: &Call) {
        let (first, last) = self.span.unwrap_or((call.first, call.last));
        self.span = Some((first.min(call.first), last.max(call.last)));
        self.sessions.insert(call.node);
    }

    /// Whether the workload, which has `sessions` sessions, calls from there day by day.
    fn is_lasting(&self, sessions: usize) -> bool {
        let days = self.span.is_some_and(|(first, last)| last.seconds_since(first) >= DAY);
        let here = self.sessions.len();
        days && here >= SESSIONS_MIN && here * SESSIONS_SHARE >= sessions
    }
}

/// The visitors of every place.
#[derive(Debug, Default)]
pub(crate) struct Population {
    places: BTreeMap<u32, Visitors>,
}

/// The workloads that call from one place.
#[derive(Debug, Default)]
struct Visitors {
    /// In order.
    all: Vec<usize>,
    /// Those that call for a day or longer, in order.
    lasting: Vec<usize>,
}

impl Population {
    pub(super) fn of(workloads: &[Workload]) -> Self {
        let mut population = Self::default();
        for (number, workload) in workloads.iter().enumerate() {
            let mut visits: BTreeMap<u32, Visit> = BTreeMap::new();
            let mut sessions: BTreeSet<usize> = BTreeSet::new();
            for call in &workload.calls {
                visits.entry(call.place).or_default().add(call);
                sessions.insert(call.node);
            }
            for (place, visit) in visits {
                let visitors = population.places.entry(place).or_default();
                visitors.all.push(number);
                if visit.is_lasting(sessions.len()) {
                    visitors.lasting.push(number);
                }
            }
        }
        population
    }

    /// Workloads other than the one of number `workload` that called from `place`.
    pub(crate) fn others_at(&self, place: u32, workload: usize) -> usize {
        self.places.get(&place).map_or(0, |visitors| others(&visitors.all, workload))
    }

    /// Whether `place` is a way out that many share: other workloads call from it day by day.
    pub(crate) fn is_shared(&self, place: u32, workload: usize) -> bool {
        let visitors = self.places.get(&place);
        visitors.is_some_and(|visitors| others(&visitors.lasting, workload) >= SHARED_BY)
    }
}

fn others(visitors: &[usize], workload: usize) -> usize {
    visitors.len() - usize::from(visitors.binary_search(&workload).is_ok())
}
