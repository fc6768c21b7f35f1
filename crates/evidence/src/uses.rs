//! The kinds of use, numbered in the order of their arrival.

use alloc::vec::Vec;
use core::hash::BuildHasher;
use core::mem;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::usage::{Use, UseKey};

/// Uses that lie side by side.
///
/// Nothing moves when more arrive: copying what is there into twice the room costs more than
/// finding its place does.
const CHUNK: usize = 1024;

/// Bytes of a use, with its place in the table, which is three quarters full or less.
pub(crate) const BYTES: usize = size_of::<Kept>() + 2 * size_of::<Slot>();

/// Every kind of use, found by its key or by its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    slots: HashTable<Slot>,
    /// All full but the last.
    chunks: Vec<Vec<Kept>>,
    /// The latest use of each credential, by the number of the credential.
    latest: Vec<Option<u32>>,
    state: RandomState,
}

#[derive(Clone, Debug)]
struct Kept {
    key: UseKey,
    events: Use,
    /// The use of the same credential that arrived before.
    before: Option<u32>,
}

/// Where a use lies, with enough of its hash that the table grows without looking there.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    number: u32,
}

impl Slot {
    /// A hash whose bits all depend on those that are kept.
    const fn spread(hash: u32) -> u64 {
        (hash as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Uses {
    /// Changes the use of `key` if it is known; adds `new` if it is not, and gives its number.
    pub(crate) fn add<T>(
        &mut self,
        key: UseKey,
        value: T,
        change: impl FnOnce(&mut Use, T),
        new: impl FnOnce(T) -> Use,
    ) -> Option<u32> {
        let hash = self.state.hash_one(key) as u32;
        let chunks = &self.chunks;
        let is_same = |slot: &Slot| {
            let known = || at(chunks, slot.number).is_some_and(|known| known.key == key);
            slot.hash == hash && known()
        };
        let rehash = |slot: &Slot| Slot::spread(slot.hash);
        match self.slots.entry(Slot::spread(hash), is_same, rehash) {
            Entry::Occupied(slot) => {
                let number = slot.get().number as usize;
                let chunk = self.chunks.get_mut(number / CHUNK);
                if let Some(known) = chunk.and_then(|chunk| chunk.get_mut(number % CHUNK)) {
                    change(&mut known.events, value);
                }
                None
            }
            Entry::Vacant(place) => {
                let number = len(chunks) as u32;
                place.insert(Slot { hash, number });
                let before = self.set_latest(key.credential, number);
                self.push(Kept { key, events: new(value), before });
                Some(number)
            }
        }
    }

    /// Takes the use of number `number` out; the last one gets its number.
    ///
    /// The chain of its credential, and that of the credential of the last one, end to hold.
    pub(crate) fn swap_remove(&mut self, number: u32) -> Option<(UseKey, Use)> {
        let last = (len(&self.chunks) as u32).checked_sub(1)?;
        self.unslot(number)?;
        let moved = self.chunks.last_mut().and_then(Vec::pop)?;
        if self.chunks.len() > 1 && self.chunks.last().is_some_and(Vec::is_empty) {
            self.chunks.pop();
        }
        if number == last {
            return Some((moved.key, moved.events));
        }
        let hash = self.state.hash_one(moved.key) as u32;
        let is_moved = |slot: &Slot| slot.number == last;
        if let Some(slot) = self.slots.find_mut(Slot::spread(hash), is_moved) {
            slot.number = number;
        }
        let chunk = self.chunks.get_mut(number as usize / CHUNK);
        let place = chunk.and_then(|chunk| chunk.get_mut(number as usize % CHUNK))?;
        let removed = mem::replace(place, moved);
        Some((removed.key, removed.events))
    }

    /// Numbers of the uses of a credential, the latest first, unless one was taken out.
    pub(crate) fn of_credential(&self, credential: u32) -> impl Iterator<Item = u32> {
        let latest = self.latest.get(credential as usize).copied().flatten();
        core::iter::successors(latest, |number| at(&self.chunks, *number)?.before)
    }

    /// Notes the latest use of a credential; gives the one before it.
    fn set_latest(&mut self, credential: u32, number: u32) -> Option<u32> {
        let place = credential as usize;
        if self.latest.len() <= place {
            self.latest.resize(place + 1, None);
        }
        self.latest.get_mut(place).and_then(|latest| latest.replace(number))
    }

    /// Forgets where the use of number `number` lies.
    fn unslot(&mut self, number: u32) -> Option<()> {
        let hash = self.state.hash_one(at(&self.chunks, number)?.key) as u32;
        let is_same = |slot: &Slot| slot.number == number;
        self.slots.find_entry(Slot::spread(hash), is_same).ok()?.remove();
        Some(())
    }

    /// Makes room in the table for `more` uses.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.slots.reserve(more, |slot| Slot::spread(slot.hash));
    }

    /// The use of number `number`.
    pub(crate) fn get(&self, number: u32) -> Option<(&UseKey, &Use)> {
        at(&self.chunks, number).map(|kept| (&kept.key, &kept.events))
    }

    /// Every use, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&UseKey, &Use)> {
        self.chunks.iter().flatten().map(|kept| (&kept.key, &kept.events))
    }

    /// As `iter`.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = (UseKey, Use)> {
        self.chunks.into_iter().flatten().map(|kept| (kept.key, kept.events))
    }

    pub(crate) fn len(&self) -> usize {
        len(&self.chunks)
    }

    fn push(&mut self, added: Kept) {
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push(added),
            Some(_) => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(added);
                self.chunks.push(chunk);
            }
            // Little evidence takes little room.
            None => self.chunks.push(alloc::vec![added]),
        }
    }
}

fn at(chunks: &[Vec<Kept>], number: u32) -> Option<&Kept> {
    chunks.get(number as usize / CHUNK)?.get(number as usize % CHUNK)
}

fn len(chunks: &[Vec<Kept>]) -> usize {
    chunks.last().map_or(0, |last| (chunks.len() - 1) * CHUNK + last.len())
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use cloudtrail::{EventId, Timestamp};

    use super::{CHUNK, Uses};
    use crate::usage::{Use, UseKey};

    fn key(credential: u32) -> UseKey {
        let (source, user_agent, action) = (1, 2, 3);
        UseKey { credential, source, user_agent, action, error_code: 4, place: 5 }
    }

    #[test]
    fn every_use_keeps_its_number_while_more_arrive() {
        let n_keys = CHUNK as u32 * 3 + 7;
        let mut uses = Uses::default();
        for round in 0..2_i64 {
            for credential in 0..n_keys {
                let time = Timestamp(i64::from(credential) + round);
                let of = |time: Timestamp| Use::of(0, time, EventId::Uuid(0));
                uses.add(key(credential), time, |known, time| known.last = time, of);
            }
        }
        assert_eq!(uses.iter().count(), n_keys as usize);
        for (number, (known, events)) in (0..).zip(uses.iter()) {
            assert_eq!(*known, key(number));
            assert_eq!(events.last.seconds_since(events.first), 1);
            assert_eq!(*uses.get(number).unwrap().0, key(number));
        }
        assert!(uses.get(n_keys).is_none());
    }

    #[test]
    fn what_is_taken_out_is_gone_and_the_rest_is_found() {
        let of = |credential: u32| Use::of(u64::from(credential), Timestamp(0), EventId::Uuid(0));
        let n_keys = CHUNK as u32 + 2;
        let mut uses = Uses::default();
        (0..n_keys).for_each(|n| assert_eq!(uses.add(key(n), n, |_, _| (), of), Some(n)));
        assert!(uses.swap_remove(n_keys).is_none());
        for taken in [7, n_keys - 2, 0] {
            let n_before = uses.len();
            assert_eq!(uses.swap_remove(taken).unwrap().0.credential, taken);
            assert_eq!(uses.len(), n_before - 1);
        }
        let mut left: Vec<u32> = uses.iter().map(|(key, _)| key.credential).collect();
        left.sort_unstable();
        let expected = (0..n_keys).filter(|n| ![0, 7, n_keys - 2].contains(n));
        assert!(left.iter().copied().eq(expected));
        // Each is found under its key, and those that are gone are new again.
        let mut is_new = |n: &u32| uses.add(key(*n), *n, |_, _| (), of).is_some();
        let new: Vec<u32> = (0..n_keys).filter(|n| is_new(n)).collect();
        assert_eq!(new, [0, 7, n_keys - 2]);
    }

    #[test]
    fn uses_of_one_credential_are_chained() {
        let mut uses = Uses::default();
        for place in 0..6 {
            let key = UseKey { place, ..key(place % 2) };
            uses.add(key, (), |_, ()| (), |()| Use::of(0, Timestamp(0), EventId::Uuid(0)));
        }
        assert!(uses.of_credential(0).eq([4, 2, 0]));
        assert!(uses.of_credential(1).eq([5, 3, 1]));
        assert_eq!(uses.of_credential(2).count(), 0);
    }
}
