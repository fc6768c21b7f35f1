//! A set of events, as eight bytes for each.

use alloc::vec::Vec;

/// Distinct events by the hash of their `eventID` and time.
///
/// A set and not a number, so that an event which is delivered again, in another file or to
/// another worker, is still counted once. With 2^26 events in one set the chance that any two
/// share a hash is about one in eight thousand.
///
/// Most kinds of use consist of one event, which takes no memory beside the set itself.
#[derive(Clone, Debug)]
pub(crate) enum Fingerprints {
    One(u64),
    Many(Hashes),
}

/// Hashes, sorted and distinct up to `n_sorted`, in the order of arrival behind it.
#[derive(Clone, Debug)]
pub(crate) struct Hashes {
    hashes: Vec<u64>,
    n_sorted: usize,
}

/// Hashes that may wait unsorted in a small set.
const UNSORTED_MIN: usize = 64;

impl Fingerprints {
    pub(crate) fn insert(&mut self, hash: u64) {
        match self {
            Self::One(known) if *known == hash => {}
            Self::One(known) => {
                *self = Self::Many(Hashes { hashes: alloc::vec![*known, hash], n_sorted: 0 });
            }
            Self::Many(many) => many.insert(hash),
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        match (&mut *self, other) {
            (_, Self::One(hash)) => self.insert(hash),
            (Self::One(hash), Self::Many(mut many)) => {
                many.insert(*hash);
                *self = Self::Many(many);
            }
            (Self::Many(many), Self::Many(others)) => {
                many.hashes.extend(others.hashes);
                many.seal();
            }
        }
    }

    /// Sorts what has arrived and drops repetitions.
    pub(crate) fn seal(&mut self) {
        match self {
            Self::One(_) => {}
            Self::Many(many) => many.seal(),
        }
    }

    /// The hashes; some may repeat before [`seal`](Self::seal).
    pub(crate) fn hashes(&self) -> &[u64] {
        match self {
            Self::One(hash) => core::slice::from_ref(hash),
            Self::Many(many) => &many.hashes,
        }
    }

    /// Distinct events. Call [`seal`](Self::seal) first.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::Many(many) => {
                debug_assert_eq!(many.n_sorted, many.hashes.len());
                many.hashes.len() as u64
            }
        }
    }
}

impl Hashes {
    fn insert(&mut self, hash: u64) {
        let n_unsorted = self.hashes.len() - self.n_sorted;
        if n_unsorted >= self.n_sorted.max(UNSORTED_MIN) {
            self.seal();
        }
        self.hashes.push(hash);
    }

    #[expect(clippy::stable_sort_primitive, reason = "it merges into the sorted run at the begin")]
    fn seal(&mut self) {
        if self.n_sorted == self.hashes.len() {
            return;
        }
        self.hashes.sort();
        self.hashes.dedup();
        self.n_sorted = self.hashes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprints;

    #[test]
    fn an_event_counts_once_however_often_it_comes() {
        let mut set = Fingerprints::One(0);
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
