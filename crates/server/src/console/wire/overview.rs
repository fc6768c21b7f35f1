//! Sessions, the overview and the list of incidents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ColorBody, FindingBody, Note, Role, SeverityBody, StatusBody, TriageBody};

/// What is exchanged for a session.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SignIn {
    /// The one-time token of the address's fragment.
    pub token: String,
}

/// Who is signed in.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SessionBody {
    /// Name that stands in the audit.
    pub user: String,
    /// What they may do.
    pub role: Role,
    /// Value of the header `X-Rolecall-CSRF` of every write.
    pub csrf: String,
    /// When the session ends.
    pub expires_at: String,
    /// Version of the program.
    pub version: String,
}

/// How one can sign in.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SignInWays {
    /// By the one-time token that the program prints at its start.
    pub token: bool,
    /// By the identity provider: open `/api/v1/sign-in` where it is so.
    pub oidc: bool,
}

/// Open incidents by severity.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct SeverityCounts {
    /// Critical ones.
    pub critical: u64,
    /// High ones.
    pub high: u64,
    /// Medium ones.
    pub medium: u64,
    /// Low ones.
    pub low: u64,
    /// Informational ones.
    pub informational: u64,
}

/// Open incidents of one age.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct AgeCount {
    /// The age in words: `1h`, `24h`, `7d`, `older`.
    pub age: String,
    /// By severity.
    pub open: SeverityCounts,
}

/// Something that cannot be seen.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct NotSeen {
    /// What.
    pub what: String,
    /// Why, and what to do.
    pub why: String,
}

/// A source of logs.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SourceBody {
    /// Its name.
    pub name: String,
    /// Its kind, such as `folder` or `sqs`.
    pub kind: String,
    /// Where it looks.
    pub place: String,
    /// Objects that were kept since the start.
    pub objects: u64,
    /// Records that were read since the start.
    pub events: u64,
    /// Records and objects that could not be read.
    pub skipped: u64,
    /// Objects or messages that are known and not read yet.
    pub backlog: u64,
    /// Whether it has read what was there at the start.
    pub is_caught_up: bool,
    /// When it looked last without an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_at: Option<String>,
    /// Seconds between the newest event and the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag_secs: Option<i64>,
    /// Why it cannot go on, and why its log files cannot be verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What is going on.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Overview {
    /// Time of the newest event that was analyzed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The time.
    pub now: String,
    /// Whether everything that the store holds was analyzed.
    pub is_ready: bool,
    /// Open incidents by severity.
    pub open: SeverityCounts,
    /// Open incidents by the age of their last event before the newest event of all.
    pub ages: Vec<AgeCount>,
    /// Open incidents that nobody has looked at.
    pub untouched: u64,
    /// The gravest open incidents, at most ten.
    pub gravest: Vec<IncidentRowBody>,
    /// Sources.
    pub sources: Vec<SourceBody>,
    /// What cannot be seen.
    pub not_seen: Vec<NotSeen>,
    /// Records that were read, repetitions included.
    pub events: u64,
    /// Objects that were read.
    pub objects: u64,
    /// Suppressions that mute at the moment.
    pub active_suppressions: u64,
}

/// Where an incident begins, in short.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct IncidentOrigin {
    /// Its kind, such as `ec2_instance`.
    pub kind: String,
    /// What it is known by: a key, an instance, an ARN.
    pub label: String,
}

/// An incident in a list.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct IncidentRowBody {
    /// Its id.
    pub id: String,
    /// How grave it is.
    pub severity: SeverityBody,
    /// Whether it holds: `open` or `withdrawn`.
    pub state: String,
    /// Where it stands with people.
    pub status: StatusBody,
    /// Whether it rose, came back or has another finding since people decided.
    pub has_news: bool,
    /// What happened. It holds text from logs.
    pub title: String,
    /// Where it begins.
    pub origin: IncidentOrigin,
    /// Color of its longest chain.
    pub color: ColorBody,
    /// Hops of its longest chain.
    pub hops: u32,
    /// Accounts of its findings.
    pub accounts: Vec<String>,
    /// Detectors of its findings.
    pub detectors: Vec<String>,
    /// Findings that hold.
    pub findings: u64,
    /// Its first event.
    pub first_seen: String,
    /// Its last event.
    pub last_seen: String,
    /// When it changed last.
    pub changed_at: String,
    /// Who decided about it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Numbers of the suppressions that have muted it, wholly or in part.
    pub muted_by: Vec<i64>,
}

/// A page of incidents.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct IncidentList {
    /// The incidents.
    pub items: Vec<IncidentRowBody>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// Incidents that the filters let through; counted up to 10,000.
    pub total: u64,
    /// Whether there are more than `total` says.
    pub total_is_cut: bool,
}

/// What became of an incident or a finding.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct HistoryLine {
    /// When it was kept.
    pub at: String,
    /// The newest event then.
    pub as_of: String,
    /// `new`, `grew`, `rose`, `fell`, `withdrawn` or `returned`.
    pub what: String,
    /// The finding, unless it is about the incident as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// How grave it is.
    pub severity: SeverityBody,
    /// How grave it was, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<SeverityBody>,
    /// Why, in words.
    pub because: String,
}

/// Everything about an incident but its graph, timeline and plan.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct IncidentBody {
    /// The incident as lists show it.
    pub incident: IncidentRowBody,
    /// When it was first kept.
    pub opened_at: String,
    /// How often it changed, beginning at 1.
    pub revision: i64,
    /// Why it is a habit, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub habit: Option<String>,
    /// Findings that hold, gravest first.
    #[schema(value_type = Vec<FindingBody>)]
    pub findings: Vec<serde_json::Value>,
    /// Where it begins, in full, as in the scan document.
    #[schema(value_type = super::OriginBody)]
    pub origin: serde_json::Value,
    /// What is known about the workload that it begins at, as in the scan document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub background: Option<serde_json::Value>,
    /// What people decided.
    pub triage: TriageBody,
    /// What became of it, oldest first.
    pub history: Vec<HistoryLine>,
    /// What people wrote, oldest first.
    pub notes: Vec<Note>,
    /// Whether suppressions mute all of it.
    pub is_muted: bool,
}

/// Settings of one section of the configuration.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SettingBody {
    /// The setting, such as `store.path`.
    pub key: String,
    /// Its value as TOML; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where it comes from: `default`, a file with its line, a variable, a flag.
    pub from: String,
}
