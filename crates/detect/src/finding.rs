//! What an analysis says: findings, incidents, and the parts they are made of.
//!
//! These are the values behind the scan document; `report` gives them their written forms.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Reverse;

use cloudtrail::Timestamp;
use evidence::{Count, UseView};
use lineage::OriginKind;

use crate::attack::Technique;
use crate::background::Background;
use crate::elsewhere::Elsewhere;
use crate::extent::Extent;
use crate::graph::Graph;

/// Everything an analysis of evidence says.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The newest event time seen, which stands for "now".
    pub as_of: Option<Timestamp>,
    /// The oldest event time seen.
    pub first_event: Option<Timestamp>,
    /// Distinct events, repetitions aside.
    pub events: Count,
    /// Accounts whose trails delivered the events, in order.
    pub accounts: Vec<Arc<str>>,
    /// Addresses and interfaces of networks that were left out: see
    /// [`Network::left_out`](network::Network::left_out).
    pub network_left_out: u64,
    /// Credentials of whose use not every address and client is told apart: see
    /// [`USE_KINDS_MAX`](evidence::limits::USE_KINDS_MAX).
    pub uses_folded: u64,
    /// One incident for each origin with findings, gravest first.
    pub incidents: Vec<Incident>,
    /// All findings, gravest first.
    pub findings: Vec<Finding>,
    /// What was judged for `unusual_use`.
    pub unusual: Unusual,
    /// What a response must reach, by the id of the incident; absent for informational ones.
    pub extents: BTreeMap<String, Extent>,
    /// Whole graphs of the incidents whose own graph is only a part of it, by id; where
    /// [`Settings::whole_graphs`](crate::Settings::whole_graphs) asks for them.
    pub graphs: BTreeMap<String, Graph>,
}

/// What was judged for `unusual_use`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Unusual {
    /// Sessions that could be judged.
    pub n_judged: u64,
    /// Sessions with too little to compare them with.
    pub n_unjudged: u64,
    /// Sessions that are unusual and beyond
    /// [`UNUSUAL_MAX`](crate::limits::UNUSUAL_MAX): they have no finding.
    pub n_left_out: u64,
    /// What is medium or above where it is surprising enough, by time.
    pub candidates: Vec<Candidate>,
}

/// A session in which independent rare things coincide, or whose origin took what it never had.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// Id of its finding.
    pub finding: String,
    /// What is unusual, in one line.
    pub title: String,
    /// When it began.
    pub start: Timestamp,
    /// Its surprise altogether, in sixteenths of a bit.
    pub score: u32,
}

/// Urgency, in the words of OCSF's `severity_id` 1 to 5.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Worth knowing; nothing to do.
    #[default]
    Informational,
    /// Look at it when there is time.
    Low,
    /// Look at it today.
    Medium,
    /// Look at it at once.
    High,
    /// An attack that has most likely succeeded.
    Critical,
}

/// Trust in a statement, in the words of OCSF's `confidence_id` 1 to 3.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Confidence {
    /// One of several readings of the logs.
    #[default]
    Low,
    /// The likely reading of the logs.
    Medium,
    /// The logs say so.
    High,
}

/// Color of a hop: it depends on the number of the hop alone.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Color {
    /// The origin and the first hop.
    #[default]
    None,
    /// The second hop.
    Orange,
    /// The third hop and later ones, and a session of root.
    Red,
}

/// The first credential or session of a lineage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Origin {
    /// What handed it out.
    pub kind: OriginKind,
    /// Its key.
    pub access_key_id: Option<Arc<str>>,
    /// Its principal: a user, a role session, a foreign account's principal.
    pub principal_arn: Option<Arc<str>>,
    /// The instance, for an instance.
    pub instance_id: Option<Arc<str>>,
    /// The service, function or task, the person or the repository behind it, where known.
    pub subject: Option<Arc<str>>,
    /// Account of the principal.
    pub account_id: Option<Arc<str>>,
}

/// A credential that a finding is about.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CredentialRef {
    /// Its key; absent for sessions whose keys are not in the logs.
    pub access_key_id: Option<Arc<str>>,
    /// Its principal.
    pub principal_arn: Option<Arc<str>>,
}

/// One hop of a chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hop {
    /// Number of the hop: 1 is the first role assumed from the origin. A role that assumes
    /// itself, and a role assumed again, keep the number.
    pub hop: u32,
    /// Color of the hop.
    pub color: Color,
    /// The call that made the hop, such as `AssumeRole`.
    pub event_name: Arc<str>,
    /// The role.
    pub role_arn: Arc<str>,
    /// The session's name, chosen by the caller.
    pub role_session_name: Arc<str>,
    /// The key that the call issued.
    pub access_key_id: Option<Arc<str>>,
    /// The call.
    pub event_id: Option<String>,
    /// When.
    pub event_time: Timestamp,
    /// From where.
    pub source_ip_address: Arc<str>,
    /// How sure it is that this hop follows the one before.
    pub confidence: Confidence,
}

/// The way from an origin to a credential, and the other ways of the same tree.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Chain {
    /// Hops to the deepest credential.
    pub hops: u32,
    /// Whether there may be more hops before the first one that the logs show.
    pub at_least: bool,
    /// AWS's own count: hops made by a role session.
    pub chained_calls: u32,
    /// Color of the deepest hop.
    pub color: Color,
    /// Every hop from the origin to the finding's credential.
    pub roles: Vec<Hop>,
    /// The other paths of the same tree.
    pub branches: Vec<Vec<Hop>>,
    /// Paths beyond [`BRANCHES_MAX`](crate::limits::BRANCHES_MAX) that are not listed.
    pub branches_left_out: u64,
}

/// Who called, in the words of CloudTrail's `userIdentity`.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Caller {
    /// `type`, such as `AssumedRole`; empty where the event does not tell.
    pub kind: &'static str,
    /// `arn`.
    pub principal_arn: Option<Arc<str>>,
    /// `principalId`.
    pub principal_id: Option<Arc<str>>,
    /// `accountId`.
    pub account_id: Option<Arc<str>>,
    /// `accessKeyId`.
    pub access_key_id: Option<Arc<str>>,
    /// `creationDate` of the session.
    pub created: Option<Timestamp>,
}

/// One event that proves a finding.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct EvidenceEvent {
    /// When.
    pub event_time: Timestamp,
    /// Its `eventID`.
    pub event_id: Option<String>,
    /// The service.
    pub event_source: Arc<str>,
    /// The call.
    pub event_name: Arc<str>,
    /// From where.
    pub source_ip_address: Arc<str>,
    /// Region that the call was made in; empty where the event does not tell.
    pub aws_region: Arc<str>,
    /// Who called.
    pub caller: Caller,
}

impl Finding {
    /// What findings are sorted by: gravest first, then by time.
    pub(crate) fn rank(&self) -> impl Ord + '_ {
        (Reverse(self.severity), self.first_seen, &self.id)
    }
}

impl Incident {
    /// As [`Finding::rank`].
    pub(crate) fn rank(&self) -> impl Ord + '_ {
        (Reverse(self.severity), self.first_seen, &self.id)
    }
}

impl EvidenceEvent {
    /// The first event of a kind of use, with its smallest `eventID`.
    pub(crate) fn of_use(view: &UseView<'_>) -> Self {
        Self {
            event_time: view.events.first,
            event_id: view.events.exemplar.text(),
            event_source: Arc::clone(view.event_source),
            event_name: Arc::clone(view.event_name),
            source_ip_address: Arc::clone(view.source.address),
            aws_region: Arc::clone(view.region),
            caller: Caller::of(view.of),
        }
    }
}

/// Something that was created, changed or opened and outlives the session that did it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftBehind {
    /// The call.
    pub event_name: Arc<str>,
    /// The service.
    pub event_source: Arc<str>,
    /// What it is, such as `IAM user` or `trust policy`.
    pub kind: &'static str,
    /// Its name or ARN.
    pub name: Arc<str>,
    /// The key that was created, if it was a key.
    pub access_key_id: Option<Arc<str>>,
    /// Whether it is access by itself, such as a key, and not only a help.
    pub is_access: bool,
    /// What makes it dangerous, in words, such as `grants administrator access`.
    pub remarks: Vec<String>,
    /// Account it lies in.
    pub account_id: Arc<str>,
    /// Hop of the credential that did it.
    pub hop: u32,
    /// The call.
    pub event_id: Option<String>,
    /// When.
    pub event_time: Timestamp,
    /// From where.
    pub source_ip_address: Arc<str>,
    /// The ATT&CK technique.
    pub technique: &'static Technique,
    /// Region that the call was made in; empty where the event does not tell.
    pub aws_region: Arc<str>,
    /// Who called.
    pub caller: Caller,
}

/// One detection.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Hash of what it is about, the same when it grows.
    pub id: String,
    /// The detector's id.
    pub detector: &'static str,
    /// Urgency.
    pub severity: Severity,
    /// Trust in it.
    pub confidence: Confidence,
    /// What happened, in one line.
    pub title: String,
    /// Why it matters, with counts.
    pub reason: String,
    /// Account that it is about.
    pub account_id: Option<Arc<str>>,
    /// Time of the first event behind it.
    pub first_seen: Timestamp,
    /// Time of the last event behind it.
    pub last_seen: Timestamp,
    /// The credential that it is about.
    pub credential: CredentialRef,
    /// Where that credential's lineage begins.
    pub origin: Origin,
    /// The way from the origin, when there is at least one hop.
    pub chain: Option<Chain>,
    /// What was left behind, oldest first; access by itself is kept when there is too much.
    pub left_behind: Vec<LeftBehind>,
    /// Things beyond [`LEFT_BEHIND_MAX`](crate::limits::LEFT_BEHIND_MAX) that are not listed.
    pub left_behind_left_out: u64,
    /// The events that prove it, oldest first.
    pub evidence: Vec<EvidenceEvent>,
    /// Events beyond [`EVIDENCE_MAX`](crate::limits::EVIDENCE_MAX) that are not listed.
    pub evidence_left_out: u64,
    /// Techniques of ATT&CK.
    pub techniques: Vec<&'static Technique>,
    /// Set when this path is walked day by day: findings with the same text are one habit.
    pub habit: Option<String>,
    /// Where the credentials of a workload belong, and where they were used instead.
    pub elsewhere: Option<Elsewhere>,
}

/// The findings of one origin.
#[derive(Clone, Debug)]
pub struct Incident {
    /// Hash of the origin.
    pub id: String,
    /// The gravest severity of its findings.
    pub severity: Severity,
    /// What happened, in one line.
    pub title: String,
    /// The origin.
    pub origin: Origin,
    /// Its findings' ids, gravest first.
    pub findings: Vec<String>,
    /// Time of the first event behind it.
    pub first_seen: Timestamp,
    /// Time of the last event behind it.
    pub last_seen: Timestamp,
    /// Color of the deepest hop.
    pub color: Color,
    /// Set when every finding of the incident is the same habit.
    pub habit: Option<String>,
    /// What is known about the workload that it begins at.
    pub background: Option<Background>,
    /// The picture.
    pub graph: Graph,
    /// What its credentials did, oldest first.
    pub timeline: Vec<Moment>,
    /// Moments beyond [`TIMELINE_MAX`](crate::limits::TIMELINE_MAX) that are not listed.
    pub timeline_left_out: u64,
}

/// A line of a timeline: one kind of call of one credential.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Moment {
    /// First call.
    pub first: Timestamp,
    /// Last call.
    pub last: Timestamp,
    /// How many calls.
    pub count: Count,
    /// Node of the graph that made the calls, if the graph shows it.
    pub node: Option<String>,
    /// Who: role and session, or user.
    pub who: String,
    /// Hop of the credential.
    pub hop: u32,
    /// Color of that hop.
    pub color: Color,
    /// The service.
    pub event_source: Arc<str>,
    /// The call.
    pub event_name: Arc<str>,
    /// Empty on success.
    pub error_code: Arc<str>,
    /// From where.
    pub source_ip_address: Arc<str>,
    /// With what.
    pub user_agent: Arc<str>,
    /// Smallest `eventID` of these calls.
    pub event_id: Option<String>,
    /// Whether these calls issued a credential or left something behind.
    pub is_key_moment: bool,
}
