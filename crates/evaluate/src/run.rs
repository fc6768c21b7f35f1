//! What came of one organization, and of many.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use crate::cell::Cell;
use crate::event::Event;
use crate::label::Attack;

/// The name of all detectors together.
pub const WHOLE: &str = "rolecall";

/// The name of all rules of one event together.
pub const RULES: &str = "all single-event rules";

/// When an attack was first seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sighting {
    /// The time of the newest event that it took.
    pub at: Timestamp,
    /// Whether that was before the first event of the attack's last step.
    pub is_before_last_step: bool,
}

/// What one detector or rule said about one organization.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// For each attack, in their order, when it was first seen.
    pub sightings: Vec<Option<Sighting>>,
    /// Alerts about an attack.
    pub true_alerts: u64,
    /// Alerts about neither an attack nor an emergency.
    pub false_alerts: u64,
    /// Alerts about no attack, but about a use of access that is kept for emergencies.
    pub emergency_alerts: u64,
}

/// One organization.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Its style.
    pub style: String,
    /// Its seed.
    pub seed: u64,
    /// How long alerts were counted, in seconds.
    pub seconds: i64,
    /// Events in that time that belong to no attack.
    pub benign_events: u64,
    /// The attacks.
    pub attacks: Vec<Attack>,
    /// What each detector and rule said, by its name.
    pub scores: BTreeMap<String, Score>,
    /// What each false alert was, for whoever wants to know: source and words.
    pub false_alerts: Vec<(String, String)>,
}

/// Many organizations.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// One for each style and seed, in order.
    pub runs: Vec<Run>,
}

impl Run {
    /// Counts the events of `events` from the time `from` on that belong to no attack.
    pub fn count_benign(&mut self, events: &[Event], from: Timestamp) {
        let is_benign = |event: &&Event| {
            from <= event.time && !self.attacks.iter().any(|one| one.events.contains(&event.id))
        };
        self.benign_events = events.iter().filter(is_benign).count() as u64;
    }
}

impl Score {
    /// Nothing seen of `n_attacks`.
    pub fn blank(n_attacks: usize) -> Self {
        Self { sightings: alloc::vec![None; n_attacks], ..Self::default() }
    }

    /// Notes that attack number `attack` was seen, unless it was seen earlier.
    pub fn see(&mut self, attack: usize, sighting: Sighting) {
        if let Some(known) = self.sightings.get_mut(attack)
            && known.is_none_or(|known| sighting.at < known.at)
        {
            *known = Some(sighting);
        }
    }

    /// This score and `other` as one that sees what either sees.
    pub fn join(&mut self, other: &Self) {
        for (number, sighting) in other.sightings.iter().enumerate() {
            if let Some(sighting) = sighting {
                self.see(number, *sighting);
            }
        }
        self.true_alerts += other.true_alerts;
        self.false_alerts += other.false_alerts;
        self.emergency_alerts += other.emergency_alerts;
    }
}

impl Evaluation {
    /// The names of all detectors and rules.
    pub fn sources(&self) -> BTreeSet<&str> {
        self.runs.iter().flat_map(|run| run.scores.keys()).map(String::as_str).collect()
    }

    /// What `source` did in the runs that `is_run` picks, about the attacks that `is_attack` picks.
    ///
    /// Alerts about no attack have no stealth and no name: they count whichever attacks are picked.
    pub fn cell(
        &self,
        source: &str,
        is_run: impl Fn(&Run) -> bool,
        is_attack: impl Fn(&Attack) -> bool,
    ) -> Cell {
        let mut cell = Cell::default();
        for run in self.runs.iter().filter(|run| is_run(run)) {
            cell.seconds += run.seconds;
            cell.benign_events += run.benign_events;
            let score = run.scores.get(source);
            cell.true_alerts += score.map_or(0, |score| score.true_alerts);
            cell.false_alerts += score.map_or(0, |score| score.false_alerts);
            cell.emergency_alerts += score.map_or(0, |score| score.emergency_alerts);
            for (number, attack) in run.attacks.iter().enumerate() {
                if is_attack(attack) {
                    let sighting = score.and_then(|score| score.sightings.get(number));
                    cell.attack(attack, sighting.copied().flatten());
                }
            }
        }
        cell
    }
}
