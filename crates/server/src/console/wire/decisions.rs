//! What people decide: triage, notes, ticks, suppressions, and the audit of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::StatusBody;

/// What people decided about an incident.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct TriageBody {
    /// Where it stands.
    pub status: StatusBody,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What else was written down with the decision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who decided last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Whether the last decision can be undone.
    pub can_undo: bool,
}

/// A decision.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTriage {
    /// The new status.
    pub status: StatusBody,
    /// Why; at most 16 KiB, and not blank.
    pub reason: String,
    /// What else to write down; what is there stays unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What undoing came to.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Undone {
    /// What holds since.
    pub triage: TriageBody,
}

/// A note.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Note {
    /// Its number.
    pub id: i64,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub who: String,
    /// When.
    pub at: String,
}

/// A note that somebody writes.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// What it says; at most 16 KiB, and not blank.
    pub text: String,
}

/// A step of a plan that was done.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Tick {
    /// Id of the step.
    pub step: String,
    /// Who did it.
    pub who: String,
    /// When it was ticked.
    pub at: String,
    /// Whether the step's command is another one since.
    pub is_stale: bool,
}

/// A tick that somebody sets or takes back.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTick {
    /// Whether the step is done.
    pub done: bool,
}

/// A suppression.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SuppressionRow {
    /// Its number.
    pub id: i64,
    /// What it is about: `account`, `incident`, `origin` or `role`.
    pub scope: String,
    /// Which of that kind.
    pub value: String,
    /// Only findings of this detector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detector: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when.
    pub created_at: String,
    /// Until when.
    pub expires_at: String,
    /// When somebody ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Whether it mutes at the moment.
    pub is_active: bool,
    /// Incidents that it has muted, wholly or in part.
    pub muted: u64,
}

/// A suppression that somebody wants; whoever asks for it owns it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSuppression {
    /// What it is about: `account`, `incident`, `origin` or `role`.
    pub scope: String,
    /// Which of that kind.
    pub value: String,
    /// Only findings of this detector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detector: Option<String>,
    /// Why; not blank.
    pub reason: String,
    /// Until when; within a year.
    pub expires_at: String,
}

/// Why a suppression is ended.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuppressionEnd {
    /// Why; not blank.
    pub reason: String,
}

/// A line of the audit.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct AuditLine {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What was there before.
    pub before: String,
    /// What is there since.
    pub after: String,
    /// Why.
    pub reason: String,
}
