//! Which hours digests speak of, and whether a log file lies in one of them.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use crate::limits::DELIVERY_MARGIN_SECS;

/// The hours of digests that were not found invalid, by what `K` tells apart: a copy of a bucket,
/// an account and a Region.
#[derive(Clone, Debug)]
pub struct Covered<K> {
    hours: BTreeMap<K, Vec<(Timestamp, Timestamp)>>,
}

/// How the time of a log file stands to the hours of digests.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Standing {
    /// Digests tell every log file of that time.
    Covered,
    /// No digest tells the log files of that time.
    Uncovered,
    /// The time is that of the newest digest or later: its hour may be open.
    Open,
}

impl<K> Default for Covered<K> {
    fn default() -> Self {
        Self { hours: BTreeMap::new() }
    }
}

impl<K: Ord> Covered<K> {
    /// Adds the hour of a digest.
    pub fn add(&mut self, of: K, start: Timestamp, end: Timestamp) {
        self.hours.entry(of).or_default().push((start, end));
    }

    /// Joins hours that follow each other. Call it before [`standing`](Self::standing).
    pub fn seal(&mut self) {
        for hours in self.hours.values_mut() {
            hours.sort_unstable();
            *hours = joined(hours);
        }
    }

    /// How a log file that was delivered in the minute of `delivered` stands to the hours.
    ///
    /// What is within [`DELIVERY_MARGIN_SECS`] of a begin or an end may belong to the neighbor.
    pub fn standing(&self, of: &K, delivered: Timestamp) -> Standing {
        let Some(hours) = self.hours.get(of) else {
            return Standing::Uncovered;
        };
        let first = Timestamp(delivered.0.saturating_sub(DELIVERY_MARGIN_SECS));
        let last = Timestamp(delivered.0.saturating_add(60 + DELIVERY_MARGIN_SECS));
        if hours.last().is_none_or(|(_, end)| last > *end) {
            return Standing::Open;
        }
        let before = hours.partition_point(|(start, _)| *start <= first);
        let hour = before.checked_sub(1).and_then(|index| hours.get(index));
        match hour {
            Some((_, end)) if last <= *end => Standing::Covered,
            Some(_) | None => Standing::Uncovered,
        }
    }
}

/// `hours`, in order, with those that touch made one.
pub(crate) fn joined(hours: &[(Timestamp, Timestamp)]) -> Vec<(Timestamp, Timestamp)> {
    let mut joined: Vec<(Timestamp, Timestamp)> = Vec::new();
    for &(start, end) in hours {
        match joined.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            Some(_) | None => joined.push((start, end)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;

    use super::{Covered, Standing};

    fn at(hour: i64, minute: i64) -> Timestamp {
        Timestamp(hour * 3600 + minute * 60)
    }

    #[test]
    fn only_what_lies_well_within_hours_is_covered() {
        let mut covered = Covered::default();
        for hour in [2, 1, 5, 6] {
            covered.add("a", at(hour, 0), at(hour + 1, 0));
        }
        covered.seal();
        let standing = |hour, minute| covered.standing(&"a", at(hour, minute));
        assert_eq!(standing(0, 30), Standing::Uncovered);
        assert_eq!(standing(1, 10), Standing::Uncovered);
        assert_eq!(standing(1, 20), Standing::Covered);
        assert_eq!(standing(2, 0), Standing::Covered);
        assert_eq!(standing(2, 50), Standing::Uncovered);
        assert_eq!(standing(4, 0), Standing::Uncovered);
        assert_eq!(standing(6, 40), Standing::Covered);
        assert_eq!(standing(6, 50), Standing::Open);
        assert_eq!(standing(9, 0), Standing::Open);
        assert_eq!(covered.standing(&"b", at(2, 0)), Standing::Uncovered);
    }
}
