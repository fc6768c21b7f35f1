//! The kinds of organizations that there are, and who lives in those that follow a routine.

mod actor;
mod cast;
mod ci_heavy;
mod container_heavy;
mod enterprise;
mod startup;
mod trade;

use crate::log::Log;
use crate::residents::Resident;

pub(crate) use actor::{Actor, Entry, Rhythm};
pub(crate) use cast::Cast;

/// What kind of organization lives in the logs.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Style {
    /// A bit of everything, with all the innocent ways in which the address of a workload changes.
    #[default]
    Mixed,
    /// Many repositories with matrix builds, and roles that live for some days.
    CiHeavy,
    /// Tasks, pods and functions.
    ContainerHeavy,
    /// Identity Center, a hub account, and spokes in every other account.
    Enterprise,
    /// Two accounts and users with keys.
    Startup,
}

impl Style {
    /// Every style.
    pub const ALL: [Self; 5] =
        [Self::Mixed, Self::CiHeavy, Self::ContainerHeavy, Self::Enterprise, Self::Startup];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mixed => "mixed",
            Self::CiHeavy => "ci_heavy",
            Self::ContainerHeavy => "container_heavy",
            Self::Enterprise => "enterprise",
            Self::Startup => "startup",
        }
    }

    /// The style that `name` names.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.name() == name)
    }
}

impl Resident for Cast {
    fn live(&mut self, log: &mut Log, start: i64) {
        let is_holiday = self.is_holiday(start);
        for actor in &self.actors {
            actor.live(log, start, is_holiday);
        }
    }
}
