//! A set of events, as eight bytes for each.

use alloc::vec::Vec;

/// Distinct events by the hash of their `eventID` and time.
///
/// A set and not a number, so that an event which is delivered again, in another file or to
/// another worker, is still counted once. With 2^26 events in one set the chance that any two
/// share a hash is about one in eight thousand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fingerprints {
    /// Sorted and distinct up to `n_sorted`, in the order of arrival behind it.
    hashes: Vec<u64>,
    n_sorted: usize,
}

/// Hashes that may wait unsorted in a small set.
const UNSORTED_MIN: usize = 64;

impl Fingerprints {
    pub(crate) fn insert(&mut self, hash: u64) {
        let n_unsorted = self.hashes.len() - self.n_sorted;
        if n_unsorted >= self.n_sorted.max(UNSORTED_MIN) {
            self.seal();
        }
        self.hashes.push(hash);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        if self.hashes.is_empty() {
            *self = other;
            return;
        }
        self.hashes.extend(other.hashes);
        self.seal();
    }

    /// Sorts what has arrived and drops repetitions.
    #[expect(clippy::stable_sort_primitive, reason = "it merges into the sorted run at the begin")]
    pub(crate) fn seal(&mut self) {
        if self.n_sorted == self.hashes.len() {
            return;
        }
        self.hashes.sort();
        self.hashes.dedup();
        self.n_sorted = self.hashes.len();
    }

    /// Distinct events. Call [`seal`](Self::seal) first.
    pub(crate) fn len(&self) -> u64 {
        debug_assert_eq!(self.n_sorted, self.hashes.len());
        self.hashes.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprints;

    #[test]
    fn an_event_counts_once_however_often_it_comes() {
        let mut set = Fingerprints::default();
        for round in 0..3_u64 {
            for hash in 0..500_u64 {
                set.insert(hash * 7 % 500 + round % 2);
            }
        }
        let again = set.clone();
        set.merge(again);
        assert_eq!(set.len(), 501);
    }
}
