//! Turns a decision into the message that is kept and sent.

use detect::Severity;

use super::decide::{Decision, MessageKind, Policy, Standing, Told, decide};
use super::outbox::NewEntry;
use crate::clock::WallTime;
use crate::config::SinkKind;

/// A sink, as far as messages are concerned.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// Its name in the configuration.
    pub name: &'a str,
    /// What it is.
    pub kind: SinkKind,
    /// What it wants to be told.
    pub policy: Policy,
}

/// What a payload is written for.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The incident.
    pub incident_id: &'a str,
    /// What is said of it.
    pub kind: MessageKind,
    /// Its number among the messages about this incident to this sink, from 1.
    pub revision: u32,
    /// How grave the incident is.
    pub severity: Severity,
    /// Who gets it.
    pub sink: Recipient<'a>,
}

/// Why there is no payload.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the message about incident `{incident_id}` for sink `{sink}`: {reason}")]
pub struct PayloadError {
    /// The incident.
    pub incident_id: String,
    /// The sink.
    pub sink: String,
    /// What went wrong.
    pub reason: String,
}

/// What writes the bytes that a sink is sent.
///
/// They are written when the message is decided on and kept as they are, so that what is sent is
/// what was decided. What they are for each kind of sink is said at [`SinkKind`]. No secret is in
/// them: a sink adds its own when it sends.
pub trait Payloads {
    /// The bytes of `message`.
    ///
    /// # Errors
    ///
    /// Where there is nothing to say about such an incident, with the reason in words.
    fn payload(&self, message: &Message<'_>) -> Result<Vec<u8>, String>;
}

impl<F: Fn(&Message<'_>) -> Result<Vec<u8>, String>> Payloads for F {
    fn payload(&self, message: &Message<'_>) -> Result<Vec<u8>, String> {
        self(message)
    }
}

/// A decision, and what is to be kept of it in one transaction.
#[derive(Clone, Debug)]
pub struct Composed {
    /// What was decided.
    pub decision: Decision,
    /// The message for the outbox, and what the sink then has been told.
    pub news: Option<(NewEntry, Told)>,
}

/// Decides what `sink` is told about an incident, and writes the message if there is one.
///
/// # Errors
///
/// Where `payloads` has nothing to say.
pub fn compose(
    (incident_id, standing): (&str, Standing),
    told: Option<Told>,
    sink: Recipient<'_>,
    now: WallTime,
    payloads: &dyn Payloads,
) -> Result<Composed, PayloadError> {
    let decision = decide(standing, told, sink.policy, now);
    let kind = match decision {
        Decision::Hold { .. } | Decision::Nothing => return Ok(Composed { decision, news: None }),
        Decision::Open => MessageKind::Opened,
        Decision::Raise => MessageKind::Raised,
        Decision::Withdraw => MessageKind::Withdrawn,
    };
    let revision = told.map_or(1, |told| told.revision.saturating_add(1));
    let severity = standing.severity;
    let message = Message { incident_id, kind, revision, severity, sink };
    let payload = payloads.payload(&message).map_err(|reason| PayloadError {
        incident_id: incident_id.to_owned(),
        sink: sink.name.to_owned(),
        reason,
    })?;
    let entry = NewEntry {
        sink: sink.name.to_owned(),
        incident_id: incident_id.to_owned(),
        kind,
        revision,
        severity,
        payload,
        enqueued_at: now,
    };
    Ok(Composed { decision, news: Some((entry, Told { kind, severity, at: now, revision })) })
}

#[cfg(test)]
mod tests;
