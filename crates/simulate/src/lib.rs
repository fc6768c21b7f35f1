//! Makes labelled `CloudTrail` logs of an invented organization from a seed.
//!
//! The logs have the shape, the order and the delivery of real ones: people, pipelines,
//! instances, functions and services of AWS live in seven accounts, and attacks hide among them.
//! So does everything that makes the address of an instance change without a theft: the truth
//! names these situations beside the attacks. The same [`Settings`] give the same bytes.
//!
//! Seven days of seed 1. Events grow by about 14,000 for each unit of `scale`; files stay the
//! same in number and grow. Of the events of a large log about seven in a hundred hand a
//! credential out, and it holds about as many keys; at scale 1 there are more of both.
//!
//! | `scale` | events | log files | JSON | gzip, file by file |
//! |--------:|-------:|----------:|-----:|-------------------:|
//! | 1 | 64,300 | 10,200 | 98 MB | 28 MB |
//! | 10 | 202,000 | 10,400 | 302 MB | 49 MB |
//! | 50 | 747,000 | 10,400 | 1,119 MB | 132 MB |

#![no_std]

extern crate alloc;

mod addresses;
mod agents;
mod attacks;
mod call;
mod caller;
mod chance;
mod clock;
mod delivery;
mod ec2;
mod host;
mod iam;
mod identifiers;
mod identity_center;
mod issuance;
mod json;
mod log;
mod network;
mod organization;
mod residents;
mod samples;
mod size;
mod style;
mod truth;
mod workload;
mod world;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::chance::Chance;
use crate::clock::{DAY, HOUR, MINUTE, event_time};
use crate::delivery::Delivery;
use crate::log::Log;
use crate::organization::ACCOUNTS;
use crate::residents::{Resident, residents, settle};
use crate::size::Size;
use crate::style::Cast;
use crate::world::World;

pub use crate::attacks::Stealth;
pub use crate::style::Style;
pub use crate::truth::{Artifact, Attack, Benign, Hop, Origin, Step, Truth};

/// The end of the window unless told otherwise: 2026-10-18T23:05:00Z, a Sunday.
pub const DEFAULT_END: i64 = 1_792_364_700;

/// The shortest window, in days: the attacks need that much room.
pub const DAYS_MIN: u32 = 3;

const SETTLING: i64 = 45 * MINUTE;

/// What to make.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// The length of the window in days; fewer than [`DAYS_MIN`] count as that many.
    pub days: u32,
    /// The last second of the window, as seconds since 1970 UTC.
    pub end: i64,
    /// Multiplies the calls of workloads: instances, functions, tasks and pods. Their number
    /// grows more slowly, so that a credential makes more calls in a larger organization.
    pub scale: u32,
    /// Whether attacks hide in the logs.
    pub attacks: bool,
    /// What kind of organization it is.
    pub style: Style,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 1, days: 7, end: DEFAULT_END, scale: 1, attacks: true, style: Style::Mixed }
    }
}

/// One object of the bucket.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogFile {
    /// The key of the object, without the `.gz` that an uploader adds.
    pub path: String,
    /// The content on one line, not compressed.
    pub body: String,
}

/// Makes the logs and hands every file to `sink` in the order of delivery.
///
/// Memory holds a few hours of events at a time, whatever the length of the window.
pub fn simulate(settings: &Settings, sink: &mut dyn FnMut(LogFile)) -> Truth {
    Simulation::new(settings).write(sink)
}

/// An organization before its logs are made: what is done to it is decided.
pub struct Simulation {
    log: Log,
    populated: Populated,
}

impl Simulation {
    /// The organization of `settings`.
    pub fn new(settings: &Settings) -> Self {
        let days = settings.days.max(DAYS_MIN);
        let mut log = Log {
            seed: settings.seed,
            start: settings.end - i64::from(days) * DAY,
            end: settings.end,
            chance: Chance::of(settings.seed, "log", 0),
            delivery: Delivery::new(settings.seed, settings.end),
        };
        let populated = match settings.style {
            Style::Mixed => mixed(settings, &mut log),
            style @ (Style::CiHeavy
            | Style::ContainerHeavy
            | Style::Enterprise
            | Style::Startup) => of_style(settings, style, &mut log),
        };
        Self { log, populated }
    }

    /// What is done to it, the earliest first.
    pub fn attacks(&self) -> &[Attack] {
        &self.populated.attacks
    }

    /// What could be mistaken for an attack and is none.
    pub fn benign(&self) -> &[Benign] {
        &self.populated.benign
    }

    /// Begin and end of the logs, as events write times.
    pub fn span(&self) -> (String, String) {
        (event_time(self.log.start), event_time(self.log.end))
    }

    /// Makes the logs: see [`simulate`].
    pub fn write(self, sink: &mut dyn FnMut(LogFile)) -> Truth {
        let Self { mut log, populated: Populated { attacks, benign, mut residents } } = self;
        // Settling takes three quarters of an hour.
        let mut hour = (log.start + SETTLING + HOUR - 1).div_euclid(HOUR) * HOUR;
        log.delivery.deliver(hour, sink);
        while hour < log.end {
            for resident in &mut residents {
                resident.live(&mut log, hour);
            }
            log.delivery.deliver(hour + HOUR, sink);
            log.delivery.deliver_digests(hour, sink);
            hour += HOUR;
        }
        log.delivery.deliver(i64::MAX, sink);
        Truth {
            seed: log.seed,
            start: event_time(log.start),
            end: event_time(log.end),
            accounts: ACCOUNTS.to_vec(),
            n_events: log.delivery.n_events,
            n_files: log.delivery.n_files,
            attacks,
            benign,
        }
    }
}

impl fmt::Debug for Simulation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Simulation")
            .field("attacks", &self.attacks().len())
            .finish_non_exhaustive()
    }
}

/// Who lives in an organization, and what has been done to it already.
struct Populated {
    attacks: Vec<Attack>,
    benign: Vec<Benign>,
    residents: Vec<Box<dyn Resident>>,
}

fn mixed(settings: &Settings, log: &mut Log) -> Populated {
    let world = World::new(settings.seed, log.start, settings.end);
    settle(log, Size::of(settings.scale), &world);
    let attacks = if settings.attacks { attacks::attacks(log, &world) } else { Vec::new() };
    let benign = world.benign(&attacks, Size::of(settings.scale));
    let residents = residents(settings, log, world);
    Populated { attacks, benign, residents }
}

fn of_style(settings: &Settings, style: Style, log: &mut Log) -> Populated {
    let mut cast = Cast::of(style, settings.seed, (log.start, settings.end), settings.scale);
    let attacks = if settings.attacks { attacks::campaigns(log, &cast, style) } else { Vec::new() };
    let benign = core::mem::take(&mut cast.benign);
    Populated { attacks, benign, residents: Vec::from([Box::new(cast) as Box<dyn Resident>]) }
}

#[cfg(test)]
mod tests;
