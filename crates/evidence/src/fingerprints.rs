//! Which events there were, in bounded memory.

use alloc::vec::Vec;

use crate::count::Count;
use crate::limits::USE_EVENTS_MAX;

/// What is kept of distinct events: the smallest hashes, and the one after them.
const ROOM: usize = USE_EVENTS_MAX + 1;

/// Distinct events by the hash of their `eventID` and time: the smallest hashes of all.
///
/// Hashes and not a number, so that an event which is delivered again, in another file or to
/// another worker, is still counted once; the smallest ones, because those of a union are the
/// smallest of the smallest of its parts, whatever was forgotten (Bar-Yossef and others,
/// "Counting distinct elements in a data stream", 2002).
///
/// Most kinds of use consist of one event, which takes no memory beside the set itself.
#[derive(Clone, Debug)]
pub(crate) enum Fingerprints {
    One(u64),
    /// In ascending order and distinct, [`ROOM`] at most.
    Many(Vec<u64>),
}

impl Fingerprints {
    pub(crate) fn insert(&mut self, hash: u64) {
        match self {
            Self::One(known) if *known == hash => {}
            Self::One(known) => {
                *self = Self::Many(alloc::vec![hash.min(*known), hash.max(*known)]);
            }
            Self::Many(hashes) => insert(hashes, hash),
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        match (&mut *self, other) {
            (_, Self::One(hash)) => self.insert(hash),
            (Self::One(hash), Self::Many(mut hashes)) => {
                insert(&mut hashes, *hash);
                *self = Self::Many(hashes);
            }
            (Self::Many(hashes), Self::Many(others)) => merge(hashes, &others),
        }
    }

    /// Bytes beside the value itself.
    pub(crate) const fn heap_bytes(&self) -> usize {
        match self {
            Self::One(_) => 0,
            Self::Many(hashes) => hashes.capacity() * size_of::<u64>(),
        }
    }

    /// The hashes that are kept, in ascending order.
    pub(crate) fn hashes(&self) -> &[u64] {
        match self {
            Self::One(hash) => core::slice::from_ref(hash),
            Self::Many(hashes) => hashes,
        }
    }

    /// Distinct events.
    ///
    /// If more were seen than are counted one by one, the last hash tells how densely those
    /// before it lie.
    pub(crate) fn count(&self) -> Count {
        match self {
            Self::One(_) => Count::exactly(1),
            Self::Many(hashes) => match hashes.get(USE_EVENTS_MAX) {
                None => Count::exactly(hashes.len() as u64),
                Some(last) => {
                    let all_hashes = 1_u128 << u64::BITS;
                    let estimate = USE_EVENTS_MAX as u128 * all_hashes / u128::from(*last).max(1);
                    let events = u64::try_from(estimate).unwrap_or(u64::MAX).max(ROOM as u64);
                    Count { events, is_estimate: true }
                }
            },
        }
    }
}

fn insert(hashes: &mut Vec<u64>, hash: u64) {
    let Err(place) = hashes.binary_search(&hash) else {
        return;
    };
    if place == ROOM {
        return;
    }
    hashes.truncate(ROOM - 1);
    if hashes.len() == hashes.capacity() {
        hashes.reserve_exact(hashes.len().min(ROOM - hashes.len()));
    }
    hashes.insert(place, hash);
}

#[expect(clippy::stable_sort_primitive, reason = "it merges the two sorted runs")]
fn merge(hashes: &mut Vec<u64>, others: &[u64]) {
    hashes.extend_from_slice(others);
    hashes.sort();
    hashes.dedup();
    hashes.truncate(ROOM);
    hashes.shrink_to(ROOM);
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    use xxhash_rust::xxh3::xxh3_64;

    use super::{Fingerprints, ROOM};
    use crate::count::Count;
    use crate::limits::USE_EVENTS_MAX;

    fn hash(event: u64) -> u64 {
        xxh3_64(&event.to_le_bytes())
    }

    fn of(events: impl Iterator<Item = u64>) -> Fingerprints {
        let mut hashes = events.map(hash);
        let mut set = Fingerprints::One(hashes.next().unwrap());
        hashes.for_each(|hash| set.insert(hash));
        set
    }

    fn kept(set: &Fingerprints) -> Vec<u64> {
        match set {
            Fingerprints::One(hash) => alloc::vec![*hash],
            Fingerprints::Many(hashes) => hashes.clone(),
        }
    }

    #[test]
    fn the_smallest_hashes_of_all_are_kept() {
        for n_events in [1, 2, 3, 500, 1_023, 1_024, 1_025, 1_026, 5_000] {
            let all: BTreeSet<u64> = (0..n_events).map(hash).collect();
            let expected: Vec<u64> = all.into_iter().take(ROOM).collect();
            assert_eq!(kept(&of(0..n_events)), expected, "{n_events} events");
            let again = (0..n_events).rev().chain(0..n_events);
            assert_eq!(kept(&of(again)), expected, "{n_events} events, twice");
        }
    }

    #[test]
    fn a_merge_keeps_what_the_union_keeps() {
        for (left, right) in [(0..1, 0..1), (0..1, 1..3), (0..9, 8..9), (0..1_025, 7..1_031)] {
            let union = kept(&of(left.start..right.end));
            let (left, right) = (of(left), of(right));
            let (mut one, mut other) = (left.clone(), right.clone());
            one.merge(right);
            other.merge(left);
            assert_eq!((kept(&one), kept(&other)), (union.clone(), union));
        }
    }

    #[test]
    fn counts_are_exact_up_to_the_limit() {
        for n_events in [1, 2, USE_EVENTS_MAX as u64 - 1, USE_EVENTS_MAX as u64] {
            assert_eq!(of(0..n_events).count(), Count::exactly(n_events));
        }
        assert!(of(0..=USE_EVENTS_MAX as u64).count().is_estimate);
    }

    #[test]
    fn estimates_scatter_as_much_as_is_said() {
        let n_events = 20_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        let n_runs = 100;
        for run in 0..n_runs {
            let count = of(run * n_events..(run + 1) * n_events).count();
            let error = count.events as f64 / n_events as f64 - 1.0;
            sum += error;
            squares += error * error;
        }
        let (mean, deviation) = (sum / n_runs as f64, squares / n_runs as f64);
        assert!(mean.abs() < 0.01, "{mean}");
        assert!(deviation < 0.035 * 0.035 && deviation > 0.025 * 0.025, "{deviation}");
    }

    #[test]
    fn memory_stops_growing_at_the_limit() {
        let Fingerprints::Many(mut hashes) = of(0..9_000) else { panic!() };
        assert_eq!((hashes.len(), hashes.capacity()), (ROOM, ROOM));
        let Fingerprints::Many(others) = of(9_000..12_000) else { panic!() };
        super::merge(&mut hashes, &others);
        assert_eq!((hashes.len(), hashes.capacity()), (ROOM, ROOM));
    }
}
