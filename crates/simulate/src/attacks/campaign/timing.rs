//! When an attacker acts.

use alloc::vec::Vec;

use super::Stealth;
use crate::chance::Chance;
use crate::clock::{DAY, HOUR, MINUTE, is_working_day};
use crate::style::{Actor, Cast, Rhythm};

/// The moments at which the parts of an attack begin.
pub(super) struct Timing {
    moments: Vec<i64>,
}

impl Timing {
    /// `n_rests` pauses, which are a day long for whoever takes care, as far as the window allows.
    pub(super) fn new(
        cast: &Cast,
        victim: &Actor,
        stealth: Stealth,
        n_rests: usize,
        chance: &mut Chance,
    ) -> Self {
        let last = cast.end - 10 * HOUR;
        let n_parts = n_rests as i64 + 1;
        let half = cast.after(1, 2) + chance.between(0, 10 * HOUR);
        let is_slow = stealth.is(Stealth::Careful);
        let begin = if is_slow { half } else { chance.between(half, last.max(half + HOUR)) };
        let pace = ((last - begin) / n_parts).clamp(HOUR, DAY);
        let mut moments: Vec<i64> = Vec::new();
        for number in 0..n_parts {
            let earliest = moments.last().map_or(begin, |last: &i64| last + HOUR);
            let wanted = (begin + number * pace).max(earliest);
            let hour = hour(victim, stealth, chance);
            let at =
                if pace < DAY && is_slow { wanted } else { on_a_day(cast, wanted, hour, stealth) };
            // Whatever the day, everything happens in the window.
            moments.push(if at <= last { at.max(earliest) } else { earliest.min(last) });
        }
        Self { moments }
    }

    /// When part `number` begins.
    pub(super) fn moment(&self, number: usize) -> i64 {
        self.moments.get(number).or(self.moments.last()).copied().unwrap_or_default()
    }
}

/// The hour of the day, in seconds: the victim's, or one at night.
fn hour(victim: &Actor, stealth: Stealth, chance: &mut Chance) -> i64 {
    let minute = chance.between(0, 50) * MINUTE;
    if !stealth.is(Stealth::SameHours) {
        return chance.between(0, 3) * HOUR + minute;
    }
    match victim.rhythm {
        Rhythm::Office(first) => (first + chance.between(1, 7)) * HOUR + minute,
        Rhythm::Runs(_) => chance.between(8, 17) * HOUR + minute,
        Rhythm::Nightly(hour) => hour * HOUR + minute,
        Rhythm::Always | Rhythm::Once(_) => chance.between(0, 22) * HOUR + minute,
    }
}

/// The `hour` of the first day from `wanted` on that fits.
fn on_a_day(cast: &Cast, wanted: i64, hour: i64, stealth: Stealth) -> i64 {
    let mut day = wanted.div_euclid(DAY);
    let needs_work = stealth.is(Stealth::SameHours);
    while day * DAY + hour < wanted
        || (needs_work && (!is_working_day(day * DAY) || cast.is_holiday(day * DAY)))
    {
        day += 1;
    }
    day * DAY + hour
}
