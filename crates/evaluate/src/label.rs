//! What is known about an attack in the logs.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::{EventId, Timestamp};

/// An attack that was put into the logs.
#[derive(Clone, Debug)]
pub struct Attack {
    /// Name of its story.
    pub name: String,
    /// Family of the story.
    pub kind: String,
    /// How hard it tries not to be seen.
    pub stealth: String,
    /// First and last second of each step, in order.
    pub steps: Vec<(Timestamp, Timestamp)>,
    /// Every event of it.
    pub events: BTreeSet<EventId>,
}

impl Attack {
    /// The first second of the attack.
    pub fn start(&self) -> Timestamp {
        self.steps.first().map_or(Timestamp(0), |step| step.0)
    }

    /// The first second of its last step: whoever sees the attack earlier can still prevent something.
    pub fn last_step(&self) -> Timestamp {
        self.steps.last().map_or(Timestamp(0), |step| step.0)
    }

    /// Moments at which it is worth asking whether the attack has been seen: after each step, and
    /// right before the last one. Each stands for all events before it.
    pub fn checkpoints(&self) -> impl Iterator<Item = Timestamp> {
        let after = self.steps.iter().map(|(_, end)| Timestamp(end.0.saturating_add(1)));
        after.chain([self.last_step()])
    }

    /// Whether one of `events` belongs to it.
    pub fn has_any<'e>(&self, mut events: impl Iterator<Item = &'e EventId>) -> bool {
        events.any(|event| self.events.contains(event))
    }
}
