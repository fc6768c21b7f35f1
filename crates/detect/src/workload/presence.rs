//! When a workload called from home, and with which keys.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use super::Workload;
use super::calls::{Call, Delivery, Names};
use super::home::Home;

/// When a workload called from home, and with which keys.
pub(super) struct Presence<'e> {
    all: Spans,
    second_version: Spans,
    keys: BTreeSet<&'e Arc<str>>,
}

/// Spans by begin, each with the latest end up to there.
#[derive(Default)]
struct Spans(Vec<(Timestamp, Timestamp)>);

impl<'e> Presence<'e> {
    /// When `workload` called from `home`.
    pub(super) fn of(workload: &Workload, home: &Home, names: &Names<'e>) -> Self {
        let calls = workload.calls.iter().enumerate();
        let at_home: Vec<&Call> =
            calls.filter(|(position, _)| home.is_inside(*position)).map(|(_, call)| call).collect();
        let second = at_home.iter().filter(|call| call.delivery == Delivery::Second);
        Self {
            all: Spans::of(at_home.iter().map(|call| (call.first, call.last))),
            second_version: Spans::of(second.map(|call| (call.first, call.last))),
            keys: at_home.iter().filter_map(|call| names.key(call)).collect(),
        }
    }

    /// Whether any call from home lies between `begin` and `end`, or reaches into that time.
    pub(super) fn is_any(&self, begin: Timestamp, end: Timestamp) -> bool {
        self.all.is_any(begin, end)
    }

    /// The same for calls with keys of the second version of the metadata service.
    pub(super) fn is_second_version(&self, begin: Timestamp, end: Timestamp) -> bool {
        self.second_version.is_any(begin, end)
    }

    /// Whether `key` was used at home.
    pub(super) fn has_key(&self, key: &Arc<str>) -> bool {
        self.keys.contains(key)
    }
}

impl Spans {
    fn of(spans: impl Iterator<Item = (Timestamp, Timestamp)>) -> Self {
        let mut spans: Vec<(Timestamp, Timestamp)> = spans.collect();
        spans.sort_unstable();
        let mut latest = Timestamp(i64::MIN);
        for (_, last) in &mut spans {
            latest = latest.max(*last);
            *last = latest;
        }
        Self(spans)
    }

    fn is_any(&self, begin: Timestamp, end: Timestamp) -> bool {
        let before_end = self.0.partition_point(|(first, _)| *first <= end);
        let latest = before_end.checked_sub(1).and_then(|at| self.0.get(at));
        latest.is_some_and(|(_, last)| *last >= begin)
    }
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;

    use super::Spans;

    #[test]
    fn a_long_span_is_not_hidden_by_later_short_ones() {
        let spans = [(0, 100), (10, 20), (200, 210)];
        let spans = Spans::of(spans.map(|(a, b)| (Timestamp(a), Timestamp(b))).into_iter());
        let is_any = |begin, end| spans.is_any(Timestamp(begin), Timestamp(end));
        assert!(is_any(50, 60));
        assert!(is_any(100, 150));
        assert!(!is_any(101, 199));
        assert!(is_any(205, 300));
        assert!(!is_any(-10, -1));
    }
}
