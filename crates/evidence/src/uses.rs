//! The kinds of use, numbered in the order of their arrival.

use alloc::vec::Vec;
use core::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::usage::{Use, UseKey};

/// Uses that lie side by side.
///
/// Nothing moves when more arrive: copying what is there into twice the room costs more than
/// finding its place does.
const CHUNK: usize = 1024;

/// Every kind of use, found by its key or by its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    slots: HashTable<Slot>,
    /// All full but the last.
    chunks: Vec<Vec<(UseKey, Use)>>,
    state: RandomState,
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
    /// Changes the use of `key` if it is known, and adds `new` if it is not.
    pub(crate) fn add<T>(
        &mut self,
        key: UseKey,
        value: T,
        change: impl FnOnce(&mut Use, T),
        new: impl FnOnce(T) -> Use,
    ) {
        let hash = self.state.hash_one(key) as u32;
        let chunks = &self.chunks;
        let is_same = |slot: &Slot| {
            let known = || at(chunks, slot.number).is_some_and(|(known, _)| *known == key);
            slot.hash == hash && known()
        };
        let rehash = |slot: &Slot| Slot::spread(slot.hash);
        match self.slots.entry(Slot::spread(hash), is_same, rehash) {
            Entry::Occupied(slot) => {
                let number = slot.get().number as usize;
                let chunk = self.chunks.get_mut(number / CHUNK);
                if let Some((_, known)) = chunk.and_then(|chunk| chunk.get_mut(number % CHUNK)) {
                    change(known, value);
                }
            }
            Entry::Vacant(place) => {
                let number = len(chunks) as u32;
                place.insert(Slot { hash, number });
                self.push((key, new(value)));
            }
        }
    }

    /// Makes room in the table for `more` uses.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.slots.reserve(more, |slot| Slot::spread(slot.hash));
    }

    /// The use of number `number`.
    pub(crate) fn get(&self, number: u32) -> Option<&(UseKey, Use)> {
        at(&self.chunks, number)
    }

    /// Every use, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(UseKey, Use)> {
        self.chunks.iter().flatten()
    }

    /// As `iter`.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = (UseKey, Use)> {
        self.chunks.into_iter().flatten()
    }

    pub(crate) fn len(&self) -> usize {
        len(&self.chunks)
    }

    fn push(&mut self, added: (UseKey, Use)) {
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

fn at(chunks: &[Vec<(UseKey, Use)>], number: u32) -> Option<&(UseKey, Use)> {
    chunks.get(number as usize / CHUNK)?.get(number as usize % CHUNK)
}

fn len(chunks: &[Vec<(UseKey, Use)>]) -> usize {
    chunks.last().map_or(0, |last| (chunks.len() - 1) * CHUNK + last.len())
}

#[cfg(test)]
mod tests {
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
            assert_eq!(uses.get(number).unwrap().0, key(number));
        }
        assert!(uses.get(n_keys).is_none());
    }
}
