//! Which places workloads share.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use super::Workload;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Other workloads that call from a place for a day or longer before it counts as a way out that
/// many share.
const SHARED_BY: usize = 3;

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
            let mut spans: BTreeMap<u32, (Timestamp, Timestamp)> = BTreeMap::new();
            for call in &workload.calls {
                let span = spans.entry(call.place).or_insert((call.first, call.last));
                *span = (span.0.min(call.first), span.1.max(call.last));
            }
            for (place, (first, last)) in spans {
                let visitors = population.places.entry(place).or_default();
                visitors.all.push(number);
                if last.seconds_since(first) >= DAY {
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
