//! The arithmetic: attacks found, alerts counted, time passed.

use alloc::vec::Vec;

use crate::label::Attack;
use crate::run::Sighting;

const DAY: i64 = 86_400;

/// What one detector or rule did over some organizations and some of their attacks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Cell {
    /// Attacks that were there to find.
    pub attacks: u64,
    /// Attacks with an alert at medium or above.
    pub found: u64,
    /// Attacks with such an alert before their last step.
    pub found_before_last_step: u64,
    /// Alerts about an attack.
    pub true_alerts: u64,
    /// Alerts about neither an attack nor an emergency.
    pub false_alerts: u64,
    /// Alerts about no attack, but about a use of access that is kept for emergencies.
    pub emergency_alerts: u64,
    /// Events that belong to no attack.
    pub benign_events: u64,
    /// How long alerts were counted, in seconds.
    pub seconds: i64,
    /// From the first event of each attack found to its first alert, in seconds; not sorted.
    pub delays: Vec<i64>,
}

impl Cell {
    /// Counts `attack`, which was first seen as `sighting` tells, if it was.
    pub fn attack(&mut self, attack: &Attack, sighting: Option<Sighting>) {
        self.attacks += 1;
        if let Some(sighting) = sighting {
            self.found += 1;
            self.found_before_last_step += u64::from(sighting.is_before_last_step);
            self.delays.push(sighting.at.seconds_since(attack.start()).max(0));
        }
    }

    /// The part of the attacks that was found, if there were any.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.found, self.attacks)
    }

    /// The part of the attacks that was found before the last step, if there were any.
    pub fn recall_before_last_step(&self) -> Option<f64> {
        ratio(self.found_before_last_step, self.attacks)
    }

    /// The part of the alerts that was about an attack, without those about emergencies.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.true_alerts, self.true_alerts + self.false_alerts)
    }

    /// Alerts about no attack for each million events that belong to none.
    pub fn false_alerts_per_million(&self) -> Option<f64> {
        ratio(self.false_alerts, self.benign_events).map(|part| part * 1e6)
    }

    /// Alerts of every kind for each day of an organization.
    pub fn alerts_per_day(&self) -> Option<f64> {
        let seconds = u64::try_from(self.seconds).ok()?;
        let alerts = self.true_alerts + self.false_alerts + self.emergency_alerts;
        ratio(alerts, seconds).map(|part| part * DAY as f64)
    }

    /// The time to detection that half of the attacks found did not exceed, in seconds.
    pub fn median_delay(&self) -> Option<i64> {
        self.delay_at(1, 2)
    }

    /// The time to detection that nine of ten attacks found did not exceed, in seconds.
    pub fn late_delay(&self) -> Option<i64> {
        self.delay_at(9, 10)
    }

    /// The smallest delay that `part` of `whole` do not exceed.
    fn delay_at(&self, part: usize, whole: usize) -> Option<i64> {
        let mut delays = self.delays.clone();
        delays.sort_unstable();
        let rank = (delays.len() * part).div_ceil(whole);
        delays.get(rank.checked_sub(1)?).copied()
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
