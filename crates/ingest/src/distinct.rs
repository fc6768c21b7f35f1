//! How many distinct events a scan read, counted exactly in bounded memory.

mod spill;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io;
use std::sync::{Mutex, PoisonError};

use spill::{Run, Spill};

/// What the workers of a scan share: how much each may hold, and where the rest goes.
pub(crate) struct Distinct {
    room: usize,
    spill: Mutex<Spill>,
}

/// The fingerprints that one worker holds.
pub(crate) struct Held<'a> {
    distinct: &'a Distinct,
    fingerprints: Vec<u64>,
    room: usize,
}

/// What counting came to.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Counted {
    /// Distinct fingerprints.
    pub(crate) events: u64,
    /// Why fingerprints beyond the limit were held in memory, if they were.
    pub(crate) failure: Option<io::ErrorKind>,
}

/// Room that is asked for at once.
const ROOM_MIN: usize = 1024;

impl Distinct {
    /// Lets `n_workers` hold `held_max` fingerprints in all, and writes the others to a temporary
    /// file that has no name and ends with the process.
    pub(crate) fn new(held_max: usize, n_workers: usize) -> Self {
        Self::writing_to(tempfile::tempfile, held_max, n_workers)
    }

    fn writing_to(open: fn() -> io::Result<File>, held_max: usize, n_workers: usize) -> Self {
        let room = (held_max / n_workers.max(1)).max(1);
        Self { room, spill: Mutex::new(Spill::new(open)) }
    }

    /// A worker's share.
    pub(crate) fn share(&self) -> Held<'_> {
        Held { distinct: self, fingerprints: Vec::new(), room: self.room }
    }

    /// Counts what was written together with what is `held`, each of which is sorted.
    ///
    /// # Errors
    ///
    /// When what was written cannot be read.
    pub(crate) fn count(&self, held: &[Held<'_>]) -> io::Result<Counted> {
        let mut spill = self.spill.lock().unwrap_or_else(PoisonError::into_inner);
        let in_memory = held.iter().map(|held| Run::Held(held.fingerprints.iter()));
        let mut runs: Vec<Run<'_>> = in_memory.collect();
        runs.extend(spill.runs());
        let mut next = BinaryHeap::with_capacity(runs.len());
        for (number, run) in runs.iter_mut().enumerate() {
            next.extend(run.next(&mut spill)?.map(|first| Reverse((first, number))));
        }
        let (mut events, mut last) = (0, None);
        while let Some(mut smallest) = next.peek_mut() {
            let Reverse((fingerprint, number)) = *smallest;
            events += u64::from(last.replace(fingerprint) != Some(fingerprint));
            match runs.get_mut(number).map(|run| run.next(&mut spill)).transpose()?.flatten() {
                Some(following) => *smallest = Reverse((following, number)),
                None => drop(PeekMut::pop(smallest)),
            }
        }
        Ok(Counted { events, failure: spill.failure() })
    }
}

impl Held<'_> {
    /// Takes one fingerprint in.
    pub(crate) fn insert(&mut self, fingerprint: u64) {
        if self.fingerprints.len() == self.fingerprints.capacity() {
            self.make_room();
        }
        self.fingerprints.push(fingerprint);
    }

    /// Sorts what is left in memory.
    pub(crate) fn sort(&mut self) {
        self.fingerprints.sort_unstable();
        self.fingerprints.dedup();
    }

    #[cold]
    fn make_room(&mut self) {
        let n_held = self.fingerprints.len();
        if n_held < self.room {
            let more = n_held.max(ROOM_MIN).min(self.room - n_held);
            return self.fingerprints.reserve_exact(more);
        }
        self.sort();
        // Logs that are read twice leave half of the room without any writing.
        if self.fingerprints.len() <= n_held / 2 {
            return;
        }
        let mut spill = self.distinct.spill.lock().unwrap_or_else(PoisonError::into_inner);
        if spill.write(&self.fingerprints) {
            self.fingerprints.clear();
        } else {
            self.room = self.room.saturating_mul(2);
            self.fingerprints.reserve_exact(self.room - self.fingerprints.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fs::File;
    use std::io;
    use std::thread;

    use super::{Counted, Distinct, Held};

    /// A sequence of numbers from a seed (Steele, Lea and Flood, `SplitMix`).
    fn mixed(seed: u64) -> u64 {
        let mut mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn sorted(mut held: Held<'_>) -> Held<'_> {
        held.sort();
        held
    }

    /// Each worker holds its part of `fingerprints` in a thread of its own.
    fn counted(distinct: &Distinct, fingerprints: &[u64], n_workers: usize) -> io::Result<Counted> {
        let part = fingerprints.len().div_ceil(n_workers).max(1);
        let held: Vec<Held<'_>> = thread::scope(|scope| {
            let work = |part: &'_ [u64]| {
                let mut held = distinct.share();
                for fingerprint in part {
                    held.insert(*fingerprint);
                }
                sorted(held)
            };
            let workers: Vec<_> =
                fingerprints.chunks(part).map(|part| scope.spawn(move || work(part))).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        distinct.count(&held)
    }

    #[test]
    fn any_repetition_split_and_room_gives_the_number_of_a_set() {
        for (run, n_different) in [(1, 1), (2, 40), (3, 1_500), (4, u64::MAX)] {
            let all: Vec<u64> =
                (0..6_000).map(|at| mixed(mixed(at ^ run << 32) % n_different)).collect();
            let expected = all.iter().collect::<HashSet<_>>().len() as u64;
            for n_workers in [1, 2, 3, 7] {
                for held_max in [0, 10, 700, 1_024, 1_000_000] {
                    let distinct = Distinct::new(held_max, n_workers);
                    let counted = counted(&distinct, &all, n_workers).unwrap();
                    assert_eq!(counted, Counted { events: expected, failure: None });
                }
            }
        }
    }

    #[test]
    fn nothing_is_counted_as_nothing() {
        let counted = counted(&Distinct::new(1_000, 2), &[], 2).unwrap();
        assert_eq!(counted, Counted { events: 0, failure: None });
    }

    #[test]
    fn a_worker_holds_no_more_than_its_share() {
        let distinct = Distinct::new(6_000, 2);
        let mut held = distinct.share();
        for fingerprint in (0..50_000).map(mixed) {
            held.insert(fingerprint);
            assert!(held.fingerprints.capacity() <= 3_000);
        }
    }

    fn unwritable() -> io::Result<File> {
        // Opened for reading alone.
        File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
    }

    fn absent() -> io::Result<File> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    #[test]
    fn without_a_temporary_file_the_count_goes_on_in_memory() {
        let all: Vec<u64> = (0..10_000).map(|at| mixed(at % 7_000)).collect();
        for open in [unwritable, absent] {
            let distinct = Distinct::writing_to(open, 500, 2);
            let counted = counted(&distinct, &all, 2).unwrap();
            assert_eq!(counted.events, 7_000);
            assert!(counted.failure.is_some());
        }
    }

    #[test]
    fn a_disk_that_fills_up_loses_nothing() {
        let distinct = Distinct::new(500, 1);
        let mut held = distinct.share();
        (0..2_000).map(mixed).for_each(|fingerprint| held.insert(fingerprint));
        distinct.spill.lock().unwrap().fail(io::ErrorKind::StorageFull);
        (1_000..5_000).map(mixed).for_each(|fingerprint| held.insert(fingerprint));
        let counted = distinct.count(&[sorted(held)]).unwrap();
        let failure = Some(io::ErrorKind::StorageFull);
        assert_eq!(counted, Counted { events: 5_000, failure });
    }
}
