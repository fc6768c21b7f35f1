//! How many sessions of a population did a thing, with what is long ago forgotten.

use alloc::vec::Vec;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use super::bits::Chance;
use super::feature::{Category, Feature};
use crate::limits::UNUSUAL_THINGS_MAX;

/// Days after which counts begin anew; what was counted before them is kept for as long again.
const EPOCH_DAYS: i64 = 30;

/// Sessions below which a population cannot say what is unusual.
const SESSIONS_MIN: u32 = 8;

/// Days for each distinct thing from which on a population keeps to what it has.
const STEADY_MIN: u32 = 4;

/// Days with sessions from which on fewer sessions are enough: what runs once a night has no more.
const NIGHTS_MIN: u32 = 5;

/// Days with sessions below which a population cannot say what is unusual.
const DAYS_MIN: u32 = 3;

/// First sessions of a population, to which everything is new.
const FIRST_SESSIONS: u32 = 5;

/// A count that forgets.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    epoch: i32,
    recent: u32,
    before: u32,
}

impl Cell {
    /// The count in this epoch and the one before it.
    const fn at(self, epoch: i32) -> u32 {
        match epoch.saturating_sub(self.epoch) {
            ..=0 => self.recent.saturating_add(self.before),
            1 => self.recent,
            _ => 0,
        }
    }

    fn add(&mut self, epoch: i32) {
        match epoch.saturating_sub(self.epoch) {
            ..=0 => {}
            1 => (self.before, self.recent) = (self.recent, 0),
            _ => (self.before, self.recent) = (0, 0),
        }
        self.epoch = self.epoch.max(epoch);
        self.recent = self.recent.saturating_add(1);
    }
}

/// How often a thing was seen, and of how many sessions.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Seen {
    /// Sessions with it.
    pub(crate) with: u32,
    /// Sessions.
    pub(crate) of: u32,
    /// Sessions that brought something new of the same kind.
    pub(crate) new: u32,
    /// Of how many sessions one is expected to.
    pub(crate) rarity: u32,
}

impl Seen {
    /// The chance of the thing: as often as it was seen, and at least as often as anything new
    /// is (Good and Turing).
    pub(crate) fn chance(self) -> Chance {
        let chance = |seen| Chance::expected(seen, self.of, self.rarity);
        chance(self.with).or(chance(self.new))
    }

    /// The same of what never was new here: no more than others like it bring something new,
    /// however few sessions there are.
    pub(crate) fn chance_among(self, others: Chance) -> Chance {
        let chance = self.chance();
        if self.with == 0 && self.new == 0 { chance.and(others) } else { chance }
    }
}

/// What is known of one population besides its features.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    sessions: Cell,
    ever: u32,
    days: u32,
    last_day: Option<i64>,
    new: [Cell; Category::COUNT],
    /// Distinct things of each category that were ever new.
    distinct: [u32; Category::COUNT],
    /// Sessions of members that have a past.
    settled: Cell,
    /// Of these, the ones that brought something new to their own past.
    departed: [Cell; Category::COUNT],
}

/// What a session was to its own past.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Departure {
    /// Whether there was enough of it.
    is_settled: bool,
    /// Categories in which something was new.
    new: [bool; Category::COUNT],
}

impl Departure {
    /// That something of `category`, which no population counts, was new.
    pub(crate) fn with(mut self, category: Category) -> Self {
        if let Some(slot) = self.new.get_mut(category as usize) {
            *slot = true;
        }
        self
    }
}

/// Every population, by number.
#[derive(Debug, Default)]
pub(crate) struct Populations {
    sizes: Vec<Size>,
    cells: HashMap<(u32, Feature), Cell, RandomState>,
}

/// The epoch of a day.
fn epoch(day: i64) -> i32 {
    i32::try_from(day.div_euclid(EPOCH_DAYS)).unwrap_or_default()
}

/// The first day that counts on `day` still know of.
pub(crate) const fn since(day: i64) -> i64 {
    (day.div_euclid(EPOCH_DAYS) - 1) * EPOCH_DAYS
}

impl Populations {
    /// `n` populations without sessions.
    pub(crate) fn of(n: usize) -> Self {
        Self { sizes: alloc::vec![Size::default(); n], cells: HashMap::default() }
    }

    /// How often `feature` was seen in a population; nothing where it is too small to tell.
    pub(crate) fn seen(&self, population: u32, feature: Feature, day: i64) -> Option<Seen> {
        let size = self.sizes.get(population as usize)?;
        let of = size.sessions.at(epoch(day));
        let is_small = of < SESSIONS_MIN && size.days < NIGHTS_MIN;
        if is_small || size.days < DAYS_MIN {
            return None;
        }
        let new = size.new.get(feature.category as usize).map_or(0, |cell| cell.at(epoch(day)));
        let with = self.count(population, feature, day);
        // Only who keeps to a few things is expected to go on with them.
        let distinct = size.distinct.get(feature.category as usize).copied().unwrap_or_default();
        let is_steady = distinct.saturating_mul(STEADY_MIN) <= size.days;
        let rarity = if is_steady { feature.category.rarity() } else { 2 };
        Some(Seen { with, of, new, rarity })
    }

    /// Sessions of a population with `feature`.
    pub(crate) fn count(&self, population: u32, feature: Feature, day: i64) -> u32 {
        self.cells.get(&(population, feature)).map_or(0, |cell| cell.at(epoch(day)))
    }

    /// Counts a session of a population.
    pub(crate) fn enter(&mut self, population: u32, day: i64) {
        let Some(size) = self.sizes.get_mut(population as usize) else {
            return;
        };
        size.sessions.add(epoch(day));
        size.ever = size.ever.saturating_add(1);
        if size.last_day.is_none_or(|last| last < day) {
            size.last_day = Some(day);
            size.days = size.days.saturating_add(1);
        }
    }

    /// Counts what else is remembered of a session.
    pub(crate) fn remember(&mut self, population: u32, features: &[Feature], day: i64) {
        for feature in features {
            self.cells.entry((population, *feature)).or_default().add(epoch(day));
        }
    }

    /// How often sessions of `population` bring something new of `category` to their own past.
    pub(crate) fn departing(&self, population: u32, category: Category, day: i64) -> Chance {
        let (size, epoch) = (self.sizes.get(population as usize), epoch(day));
        let departed = size.and_then(|size| size.departed.get(category as usize));
        let settled = size.map_or(0, |size| size.settled.at(epoch));
        Chance::of(departed.map_or(0, |cell| cell.at(epoch)), settled)
    }

    /// Counts what a session of a member was to its own past.
    pub(crate) fn depart(&mut self, population: u32, departure: Departure, day: i64) {
        let size = self.sizes.get_mut(population as usize).filter(|_| departure.is_settled);
        let Some(size) = size else {
            return;
        };
        let epoch = epoch(day);
        size.settled.add(epoch);
        for (cell, is_new) in size.departed.iter_mut().zip(departure.new) {
            if is_new {
                cell.add(epoch);
            }
        }
    }

    /// Counts the features of a session that entered, in the order of their categories; tells
    /// what was new.
    pub(crate) fn teach(&mut self, population: u32, features: &[Feature], day: i64) -> Departure {
        let mut departure = Departure::default();
        let Some(size) = self.sizes.get_mut(population as usize) else {
            return departure;
        };
        departure.is_settled = size.ever > FIRST_SESSIONS;
        let epoch = epoch(day);
        let mut noted = None;
        for feature in features {
            let place = feature.category as usize;
            let is_full = size.distinct.get(place).is_some_and(|n| *n >= UNUSUAL_THINGS_MAX);
            let cell = match self.cells.entry((population, *feature)) {
                Entry::Vacant(_) if is_full => None,
                cell @ (Entry::Occupied(_) | Entry::Vacant(_)) => Some(cell.or_default()),
            };
            let is_new = cell.as_ref().is_none_or(|cell| cell.at(epoch) == 0);
            if let Some(cell) = cell {
                cell.add(epoch);
            }
            if let Some(distinct) = size.distinct.get_mut(place).filter(|_| is_new) {
                *distinct = distinct.saturating_add(1);
            }
            if is_new && departure.is_settled && noted != Some(feature.category) {
                noted = Some(feature.category);
                let slots = size.new.get_mut(place).zip(departure.new.get_mut(place));
                if let Some((cell, slot)) = slots {
                    cell.add(epoch);
                    *slot = true;
                }
            }
        }
        departure
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{Populations, Seen, since};
    use crate::limits::UNUSUAL_THINGS_MAX;
    use crate::unusual::feature::{Category, Feature};

    const USUAL: Feature = Feature { category: Category::Call, value: 1 };
    const OTHER: Feature = Feature { category: Category::Call, value: 2 };

    fn lived(days: core::ops::Range<i64>) -> Populations {
        let mut populations = Populations::of(1);
        for day in days {
            populations.enter(0, day);
            populations.teach(0, &[USUAL], day);
        }
        populations
    }

    #[test]
    fn a_small_population_says_nothing() {
        assert_eq!(lived(0..4).seen(0, OTHER, 4), None);
        let seen = Seen { with: 0, of: 5, new: 0, rarity: 32 };
        assert_eq!(lived(0..5).seen(0, OTHER, 5), Some(seen));
        let mut few_days = Populations::of(1);
        (0..7).for_each(|n| few_days.enter(0, n / 2));
        assert_eq!(few_days.seen(0, OTHER, 4), None);
        few_days.enter(0, 3);
        assert!(few_days.seen(0, OTHER, 4).is_some());
        let mut one_day = Populations::of(1);
        (0..100).for_each(|_| one_day.enter(0, 5));
        assert_eq!(one_day.seen(0, OTHER, 6), None);
    }

    #[test]
    fn who_always_brings_new_things_takes_no_more_memory() {
        let mut restless = lived(0..30);
        for day in 30..60 {
            let new = (0..UNUSUAL_THINGS_MAX).map(|n| n + 100 * day as u32);
            let features: Vec<Feature> = new.map(|value| Feature { value, ..USUAL }).collect();
            restless.enter(0, day);
            restless.teach(0, &features, day);
        }
        assert_eq!(restless.cells.len(), UNUSUAL_THINGS_MAX as usize);
        let seen = restless.seen(0, Feature { value: u32::MAX, ..USUAL }, 60).unwrap();
        assert_eq!((seen.with, seen.new, seen.of), (0, 30, 30));
        // What was known before goes on being counted.
        restless.teach(0, &[USUAL], 60);
        assert_eq!(restless.count(0, USUAL, 60), 1);
    }

    #[test]
    fn what_was_long_ago_is_forgotten() {
        let populations = lived(0..30);
        assert_eq!(populations.count(0, USUAL, 30), 30);
        assert_eq!(populations.count(0, USUAL, 59), 30);
        assert_eq!(populations.count(0, USUAL, 60), 0);
        assert_eq!(since(59), 0);
    }

    #[test]
    fn a_population_that_brings_new_things_is_hard_to_surprise() {
        let mut restless = lived(0..30);
        for day in 30..50 {
            restless.enter(0, day);
            restless.teach(0, &[Feature { value: 100 + day as u32, ..USUAL }], day);
        }
        let [calm, restless] = [lived(0..50), restless].map(|p| p.seen(0, OTHER, 50).unwrap());
        assert_eq!((calm.new, restless.new), (0, 20));
        assert!(restless.chance().surprise() + 3 * 16 < calm.chance().surprise());
    }
}
