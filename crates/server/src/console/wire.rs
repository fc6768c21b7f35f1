//! What the API says and takes: the schemas of its OpenAPI description.
//!
//! Times are RFC 3339 in UTC. A member that is not known is absent.

mod decisions;
mod findings;
mod graph;
mod overview;
mod plan;
mod subjects;

pub use decisions::{
    AuditLine, NewNote, NewSuppression, NewTick, NewTriage, Note, SuppressionEnd, SuppressionRow,
    Tick, TriageBody, Undone,
};
pub use findings::{
    ChainBody, CredentialBody, EvidenceBody, FindingBody, HopBody, LeftBehindBody, OriginBody,
};
pub use graph::{
    EdgeBody, Fact, GraphBody, GraphRow, GroupBody, Hidden, Inspector, Moment, NodeBody,
    TimelineBody, Use,
};
pub use overview::{
    AgeCount, HistoryLine, IncidentBody, IncidentList, IncidentOrigin, IncidentRowBody, NotSeen,
    Overview, SessionBody, SettingBody, SeverityCounts, SignIn, SignInWays, SourceBody,
};
pub use plan::{
    AffectedBody, CheckBody, CommandBody, ConsoleBody, CredentialStanding, ExpectBody, InputBody,
    PlanBody, PlanDocument, PreconditionBody, StepBody,
};
pub use subjects::{
    EventBody, EventPlace, Found, StepOfTrace, SubjectBody, SubjectPart, SubjectUse,
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How grave something is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeverityBody {
    /// Worth knowing.
    Informational,
    /// Worth a look.
    Low,
    /// To be looked at.
    Medium,
    /// To be looked at now.
    High,
    /// To be acted on now.
    Critical,
}

/// Color of a hop: grey, orange from the second one on, red from the third.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ColorBody {
    /// Fewer than two chained calls.
    #[default]
    None,
    /// Two chained calls.
    Orange,
    /// Three chained calls or more, or used where it does not belong.
    Red,
}

/// Where an incident stands with people.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusBody {
    /// Nobody has looked at it.
    #[default]
    New,
    /// Somebody works on it.
    InProgress,
    /// It is not to be told of.
    Suppressed,
    /// It was dealt with.
    Resolved,
    /// It is kept for the record.
    Archived,
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Look at everything.
    Viewer,
    /// Decide about incidents, tick steps, write notes, suppress.
    Analyst,
    /// End what others suppressed, and see the settings.
    Admin,
}

/// What went wrong.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}

/// What went wrong, for a program and for a person.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// A word that stays the same.
    pub code: String,
    /// A sentence that says what to do, where something can be done.
    pub message: String,
}

/// Lines of the audit.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct AuditList {
    /// The lines, latest first.
    pub items: Vec<AuditLine>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// All lines.
    pub total: u64,
}

/// Rows of the table beside a graph.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct GraphRowList {
    /// The rows: every node, and then every edge.
    pub items: Vec<GraphRow>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// All rows.
    pub total: u64,
}

/// Suppressions.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SuppressionList {
    /// All of them, latest first, those that ended as well.
    pub items: Vec<SuppressionRow>,
    /// How many there are.
    pub total: u64,
}

/// What a search found.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct FoundList {
    /// What was found, at most 50.
    pub items: Vec<Found>,
    /// Whether there is more.
    pub is_cut: bool,
}

/// Sources.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SourceList {
    /// All of them, by name.
    pub items: Vec<SourceBody>,
}

/// Settings.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SettingList {
    /// The sections of the configuration with their settings; secrets are masked.
    pub items: Vec<SettingBody>,
    /// Version of the program.
    pub version: String,
    /// Folder of the store.
    pub store: String,
}

/// The news that `/live` streams, as the data of server-sent events.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum News {
    /// An incident is new, changed, or was decided about.
    Incident {
        /// Which.
        id: String,
        /// What became of it: `new`, `changed`, `withdrawn`, `triage`, `note` or `tick`.
        change: String,
    },
    /// Suppressions have changed.
    Suppressions,
    /// A source has gone on.
    Source {
        /// Its name.
        name: String,
        /// Seconds behind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lag_secs: Option<i64>,
    },
    /// An analysis has ended.
    AsOf {
        /// Time of the newest event.
        as_of: String,
    },
}
