//! Decides whether a sink is told of an incident; it sends nothing and reads no clock.

use std::time::Duration;

use detect::Severity;

use crate::clock::WallTime;

/// What a message says of its incident.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum MessageKind {
    /// The sink did not know it.
    Opened,
    /// It is graver than the sink knows.
    Raised,
    /// It is none: later logs have explained it.
    Withdrawn,
}

/// An incident as it stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Standing {
    /// How grave it is.
    pub severity: Severity,
    /// Whether later logs have explained it.
    pub is_withdrawn: bool,
    /// Whether a person has muted it.
    pub is_suppressed: bool,
}

/// The last message about an incident to one sink.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Told {
    /// What it said.
    pub kind: MessageKind,
    /// The severity that it told.
    pub severity: Severity,
    /// When it was decided on.
    pub at: WallTime,
    /// Its number among the messages about this incident to this sink, from 1.
    pub revision: u32,
}

/// What a sink wants to be told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Policy {
    /// Incidents below it are not told.
    pub min_severity: Severity,
    /// How long nothing more is told about an incident after a message about it.
    pub quiet_period: Duration,
}

/// What to do about one incident and one sink.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// There will be something to tell, unless the incident changes; decide again at `until`.
    Hold {
        /// The end of the quiet period.
        until: WallTime,
    },
    /// The sink knows all that it wants to know.
    Nothing,
    /// Tell of a new incident.
    Open,
    /// Tell that it is graver.
    Raise,
    /// Tell that it is none.
    Withdraw,
}

/// Decides what `sink` is told about an incident.
///
/// * The first message about an incident is never held, and neither is one that says for the
///   first time that it is critical: a quiet period keeps noise away, and that is none.
/// * A severity that falls is not told, nor one that rises again to what was told.
/// * Suppression mutes news. It does not mute a withdrawal, which closes what the sink shows.
/// * An incident that comes back after its withdrawal was told is opened again.
/// * A clock that was set back to before the last message holds nothing.
pub fn decide(standing: Standing, told: Option<Told>, sink: Policy, now: WallTime) -> Decision {
    let news = news(standing, told, sink);
    let (Some(told), true) = (told, news != Decision::Nothing) else {
        return news;
    };
    let until = told.at.after(sink.quiet_period);
    let is_quiet = told.at <= now && now < until;
    let is_urgent = news != Decision::Withdraw && standing.severity == Severity::Critical;
    if is_quiet && !is_urgent { Decision::Hold { until } } else { news }
}

/// What there is to tell, whenever it is told.
fn news(standing: Standing, told: Option<Told>, sink: Policy) -> Decision {
    let known = told.filter(|told| told.kind != MessageKind::Withdrawn);
    if standing.is_withdrawn {
        return if known.is_some() { Decision::Withdraw } else { Decision::Nothing };
    }
    if standing.is_suppressed || standing.severity < sink.min_severity {
        return Decision::Nothing;
    }
    match known {
        None => Decision::Open,
        Some(told) if standing.severity > told.severity => Decision::Raise,
        Some(_) => Decision::Nothing,
    }
}

impl MessageKind {
    /// Its name in stored and sent forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Raised => "raised",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The kind of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Opened, Self::Raised, Self::Withdrawn].into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests;
