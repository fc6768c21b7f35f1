//! How much happens at once, and how many programs do it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::UseRow;

use super::feature::{Category, Feature};
use super::reading::Facts;

/// Seconds in which a burst is counted.
const WINDOW_SECS: i64 = 600;

/// Programs with one credential that are counted.
const PROGRAMS_MAX: u32 = 8;

/// How many there were of what is counted in ten minutes, as the greatest power of two below it.
pub(crate) fn bursts(rows: &[(UseRow, Facts)], add: &mut dyn FnMut(Feature)) {
    let mut count = |category: Category, value: &dyn Fn(&Facts) -> Option<u32>| {
        // Most sessions have too few distinct values at any time to do much at once.
        let may_burst = || {
            let values = rows.iter().filter_map(|(_, facts)| value(facts));
            n_distinct(values) >= category.burst_min()
        };
        if rows.len() >= category.burst_min() && may_burst() {
            let read = |(row, facts): &(UseRow, Facts)| Some((row.first, value(facts)?));
            add_burst(category, rows.iter().filter_map(read).collect(), add);
        }
    };
    count(Category::Calls, &|facts| Some(facts.action));
    count(Category::Denials, &|facts| Some(facts.action).filter(|_| facts.is_denied));
    count(Category::Regions, &|facts| Some(facts.region));
    count(Category::Services, &|facts| Some(facts.service));
}

/// How many secrets were read in ten minutes, as the greatest power of two below it.
pub(crate) fn secrets(rows: &[(UseRow, Facts)], add: &mut dyn FnMut(Feature)) {
    let most = rows.iter().map(|(_, facts)| facts.secrets).max().unwrap_or_default();
    steps(Category::Secrets, most as usize, add);
}

/// The calls of each client, where there are several.
pub(crate) fn by_client(rows: &[(UseRow, Facts)]) -> Vec<(u32, Feature)> {
    let first = rows.first().map(|(_, facts)| facts.client);
    if rows.iter().all(|(_, facts)| Some(facts.client) == first) {
        return Vec::new();
    }
    let mut calls: Vec<(u32, Feature)> =
        rows.iter().map(|(_, facts)| (facts.client, facts.call())).collect();
    calls.sort_unstable();
    calls.dedup();
    calls
}

/// How many programs there were, from two on, as each number up to that.
pub(crate) fn programs(rows: &[(UseRow, Facts)], add: &mut dyn FnMut(Feature)) {
    let n_clients = n_distinct(rows.iter().map(|(_, facts)| facts.client));
    let counts = (2..=PROGRAMS_MAX).take_while(|count| *count as usize <= n_clients);
    counts.for_each(|value| add(Feature { category: Category::Programs, value }));
}

/// How many distinct `values` there are; equal ones mostly follow each other.
fn n_distinct(values: impl Iterator<Item = u32>) -> usize {
    let mut distinct: Vec<u32> = Vec::new();
    for value in values {
        if distinct.last() != Some(&value) {
            distinct.push(value);
        }
    }
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len()
}

/// Adds how many distinct values of `times` fall into ten minutes, where they are many.
pub(crate) fn add_burst(
    category: Category,
    mut times: Vec<(Timestamp, u32)>,
    add: &mut dyn FnMut(Feature),
) {
    steps(category, most_at_once(&mut times), add);
}

/// Adds that there were `most` at once, where they are many.
fn steps(category: Category, most: usize, add: &mut dyn FnMut(Feature)) {
    if most >= category.burst_min() {
        // Whoever does much at once also does less: each step up is a feature of its own.
        let steps = category.burst_min().ilog2()..=most.ilog2();
        steps.for_each(|value| add(Feature { category, value }));
    }
}

/// The most distinct values in ten minutes.
fn most_at_once(times: &mut [(Timestamp, u32)]) -> usize {
    times.sort_unstable();
    let mut inside: BTreeMap<u32, usize> = BTreeMap::new();
    let (mut begin, mut most) = (times.iter(), 0);
    for (time, value) in times.iter() {
        *inside.entry(*value).or_default() += 1;
        while let Some((_, old)) =
            begin.as_slice().first().filter(|(old, _)| time.seconds_since(*old) > WINDOW_SECS)
        {
            if let Some(count) = inside.get_mut(old) {
                *count -= 1;
                if *count == 0 {
                    inside.remove(old);
                }
            }
            begin.next();
        }
        most = most.max(inside.len());
    }
    most
}

/// How many of `count` events within `secs` seconds fall into ten minutes at least: as many windows
/// as cover all of their time cannot each have fewer than their share.
pub(super) fn at_once(secs: i64, count: u64) -> u32 {
    let windows = secs.max(0) / WINDOW_SECS + 1;
    u32::try_from(count.div_ceil(windows.unsigned_abs())).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use cloudtrail::Timestamp;

    use super::{at_once, most_at_once, n_distinct};

    #[test]
    fn a_value_that_comes_back_is_counted_once() {
        assert_eq!(n_distinct([7, 7, 8, 7, 9, 8].into_iter()), 3);
        assert_eq!(n_distinct([].into_iter()), 0);
    }

    #[test]
    fn only_what_falls_together_is_a_burst() {
        let mut slow: Vec<_> = (0..40).map(|n| (Timestamp(n * 300), n as u32)).collect();
        assert_eq!(most_at_once(&mut slow), 3);
        let mut fast: Vec<_> = (0..40).rev().map(|n| (Timestamp(n), n as u32 / 2)).collect();
        assert_eq!(most_at_once(&mut fast), 20);
        assert_eq!(most_at_once(&mut []), 0);
    }

    #[test]
    fn of_many_events_a_share_falls_together_whenever_they_were() {
        assert_eq!((at_once(0, 8), at_once(599, 8)), (8, 8));
        // Two windows, of which one has more than half.
        assert_eq!((at_once(600, 2), at_once(600, 3)), (1, 2));
        assert_eq!((at_once(86_400, 100), at_once(-1, 2)), (1, 2));
    }
}
