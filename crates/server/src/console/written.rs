//! Values of the store as the API writes them.

use cloudtrail::Timestamp;
use detect::{Color, Severity};
use serde_json::Value;
use store::{
    AuditEntry, FindingState, HistoryEntry, IncidentLine, NoteRow, Status, Suppression, Triage,
};

use super::Shared;
use super::wire::{
    AuditLine, ColorBody, HistoryLine, IncidentOrigin, IncidentRowBody, Note, Role, SeverityBody,
    SourceBody, StatusBody, SuppressionRow, TriageBody,
};
use crate::config::{ConsoleRole, Prefix, Region, Source, SourceSettings};

impl From<Severity> for SeverityBody {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Informational => Self::Informational,
            Severity::Low => Self::Low,
            Severity::Medium => Self::Medium,
            Severity::High => Self::High,
            Severity::Critical => Self::Critical,
        }
    }
}

impl From<SeverityBody> for Severity {
    fn from(severity: SeverityBody) -> Self {
        match severity {
            SeverityBody::Informational => Self::Informational,
            SeverityBody::Low => Self::Low,
            SeverityBody::Medium => Self::Medium,
            SeverityBody::High => Self::High,
            SeverityBody::Critical => Self::Critical,
        }
    }
}

impl From<Color> for ColorBody {
    fn from(color: Color) -> Self {
        match color {
            Color::None => Self::None,
            Color::Orange => Self::Orange,
            Color::Red => Self::Red,
        }
    }
}

impl From<Status> for StatusBody {
    fn from(status: Status) -> Self {
        match status {
            Status::New => Self::New,
            Status::InProgress => Self::InProgress,
            Status::Suppressed => Self::Suppressed,
            Status::Resolved => Self::Resolved,
            Status::Archived => Self::Archived,
        }
    }
}

impl From<StatusBody> for Status {
    fn from(status: StatusBody) -> Self {
        match status {
            StatusBody::New => Self::New,
            StatusBody::InProgress => Self::InProgress,
            StatusBody::Suppressed => Self::Suppressed,
            StatusBody::Resolved => Self::Resolved,
            StatusBody::Archived => Self::Archived,
        }
    }
}

impl From<ConsoleRole> for Role {
    fn from(role: ConsoleRole) -> Self {
        match role {
            ConsoleRole::Admin => Self::Admin,
            ConsoleRole::Analyst => Self::Analyst,
            ConsoleRole::Viewer => Self::Viewer,
        }
    }
}

/// Milliseconds as the time that they are written as.
pub(super) fn time(millis: i64) -> String {
    Timestamp(millis.div_euclid(1_000)).to_string()
}

/// The word for a state.
pub(super) const fn state(state: FindingState) -> &'static str {
    match state {
        FindingState::Open => "open",
        FindingState::Withdrawn => "withdrawn",
    }
}

/// A document of the store; nothing in it where it is none.
pub(super) fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// An incident in a list.
pub(super) fn line(line: IncidentLine) -> IncidentRowBody {
    IncidentRowBody {
        id: line.id,
        severity: line.severity.into(),
        state: state(line.state).to_owned(),
        status: line.status.into(),
        has_news: line.has_news,
        title: line.title,
        origin: IncidentOrigin { kind: line.origin, label: line.origin_label },
        color: line.color.into(),
        hops: line.hops,
        accounts: line.accounts,
        detectors: line.detectors,
        findings: u64::from(line.open_findings),
        first_seen: line.first_seen.to_string(),
        last_seen: line.last_seen.to_string(),
        changed_at: time(line.changed_at),
        assignee: line.who,
        muted_by: line.muted_by,
    }
}

/// What people decided.
pub(super) fn triage(triage: Triage, can_undo: bool) -> TriageBody {
    let is_decided = !triage.who.is_empty();
    TriageBody {
        status: triage.status.into(),
        reason: triage.reason,
        note: triage.note,
        who: is_decided.then_some(triage.who),
        at: is_decided.then(|| time(triage.at)),
        can_undo,
    }
}

/// What became of an incident.
pub(super) fn history(entry: HistoryEntry) -> HistoryLine {
    HistoryLine {
        at: time(entry.at),
        as_of: entry.as_of.to_string(),
        what: entry.what.word().to_owned(),
        finding: entry.finding,
        severity: entry.severity.into(),
        was: entry.was.map(Into::into),
        because: entry.because,
    }
}

/// A note.
pub(super) fn note(note: NoteRow) -> Note {
    Note { id: note.id, text: note.text, who: note.who, at: time(note.at) }
}

/// A line of the audit.
pub(super) fn audit(entry: AuditEntry) -> AuditLine {
    AuditLine {
        number: entry.number,
        at: time(entry.at),
        who: entry.who,
        action: entry.action,
        subject: entry.subject,
        before: entry.before,
        after: entry.after,
        reason: entry.reason,
    }
}

/// A suppression at `now`.
pub(super) fn suppression(suppression: Suppression, now: i64) -> SuppressionRow {
    let is_active = suppression.is_active(now);
    let what = suppression.what;
    SuppressionRow {
        id: suppression.id,
        scope: what.scope.word().to_owned(),
        value: what.value,
        detector: what.detector,
        reason: what.reason,
        owner: what.owner,
        created_at: time(what.created_at),
        expires_at: time(what.expires_at),
        ended_at: suppression.ended_at.map(time),
        is_active,
        muted: suppression.muted,
    }
}

/// Seconds from the newest event to now.
pub(super) fn lag(app: &Shared) -> Option<i64> {
    let newest = app.status.writer().newest_event?;
    Some(app.now().div_euclid(1_000).saturating_sub(newest))
}

/// Every source of the configuration, with how far it has come.
pub(super) fn sources(app: &Shared) -> Vec<SourceBody> {
    let status = app.status.sources();
    let lag_secs = lag(app);
    let body = |source: &Source| {
        let now = status.get(source.name.as_str()).cloned().unwrap_or_default();
        let (kind, place) = place(&source.settings);
        SourceBody {
            name: source.name.to_string(),
            kind: kind.to_owned(),
            place,
            objects: now.objects,
            events: now.events,
            skipped: now.skipped,
            backlog: now.backlog,
            is_caught_up: now.is_caught_up,
            looked_at: now.looked_at.map(|at| time(at.0)),
            lag_secs,
            error: now.trouble(),
        }
    };
    app.config.sources.iter().map(body).collect()
}

fn place(settings: &SourceSettings) -> (&'static str, String) {
    match settings {
        SourceSettings::Folder(folder) => ("folder", folder.path.display().to_string()),
        SourceSettings::LookupEvents(history) => {
            let regions: Vec<&str> = history.regions.iter().map(Region::as_str).collect();
            ("lookup_events", regions.join(", "))
        }
        SourceSettings::S3(bucket) => {
            let prefix = bucket.prefix.as_ref().map_or("", Prefix::as_str);
            ("s3", format!("s3://{}/{prefix}", bucket.bucket))
        }
        SourceSettings::Sqs(queue) => ("sqs", queue.queue_url.as_str().to_owned()),
    }
}
