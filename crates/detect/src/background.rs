//! What is known about the workload that a lineage begins at.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Count;
use lineage::OriginKind;

use crate::finding::{Hop, Origin};

/// The workload that a lineage begins at, for an investigation to begin there.
#[derive(Clone, Debug, Default)]
pub struct Background {
    /// What runs.
    pub kind: OriginKind,
    /// `i-…`, for an instance.
    pub instance_id: Option<Arc<str>>,
    /// Its tag `Name`, chosen by somebody.
    pub name: Option<Arc<str>>,
    /// Account that it runs in.
    pub account_id: Option<Arc<str>>,
    /// Region that it runs in.
    pub region: Option<Arc<str>>,
    /// `vpc-…`.
    pub vpc_id: Option<Arc<str>>,
    /// `subnet-…`.
    pub subnet_id: Option<Arc<str>>,
    /// `ami-…`.
    pub image_id: Option<Arc<str>>,
    /// Its security groups.
    pub security_group_ids: Vec<Arc<str>>,
    /// ARN of its role.
    pub role_arn: Option<Arc<str>>,
    /// The latest instance profile.
    pub instance_profile: Option<Arc<str>>,
    /// Its addresses, with what each is known from.
    pub addresses: Vec<KnownAddress>,
    /// Who launched it.
    pub launch: Option<LaunchedBy>,
    /// When it was launched, where the launch itself is not in the logs.
    pub launched_at: Option<Timestamp>,
    /// When it was terminated.
    pub terminated_at: Option<Timestamp>,
    /// `httpTokens` of the latest metadata options: `required` or `optional`.
    pub http_tokens: Option<Arc<str>>,
    /// `httpPutResponseHopLimit` of the latest metadata options.
    pub http_put_response_hop_limit: Option<u32>,
    /// Calls with keys of version 1 and of version 2 of the metadata service.
    pub calls_by_imds_version: [Count; 2],
    /// Its sessions around the time of the findings, by time.
    pub sessions: Vec<WorkloadSession>,
    /// Sessions beyond [`CONTEXT_MAX`](crate::limits::CONTEXT_MAX) that are not listed.
    pub sessions_left_out: u64,
    /// What changed on it and on its role before the findings, by time.
    pub changes: Vec<BackgroundChange>,
    /// Changes beyond [`CONTEXT_MAX`](crate::limits::CONTEXT_MAX) that are not listed.
    pub changes_left_out: u64,
}

/// An address with what it is known from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KnownAddress {
    /// The address, or the endpoint that it calls through.
    pub address: String,
    /// Since when, where known.
    pub since: Option<Timestamp>,
    /// Until when, where known.
    pub until: Option<Timestamp>,
    /// How it is known, in a sentence.
    pub because: String,
    /// The event that shows it, where one does.
    pub event_id: Option<String>,
}

/// Who launched an instance.
#[derive(Clone, Debug)]
pub struct LaunchedBy {
    /// When.
    pub event_time: Timestamp,
    /// The launch.
    pub event_id: Option<String>,
    /// The principal.
    pub principal_arn: Option<Arc<str>>,
    /// From where.
    pub source_ip_address: Arc<str>,
    /// Where the launcher's own lineage begins.
    pub origin: Origin,
    /// The hops from there.
    pub roles: Vec<Hop>,
}

/// A session of a workload.
#[derive(Clone, Debug)]
pub struct WorkloadSession {
    /// When its credentials were handed out.
    pub issued_at: Option<Timestamp>,
    /// Its keys.
    pub access_key_ids: Vec<Arc<str>>,
    /// Direct calls.
    pub calls: Count,
    /// Where they came from, in order.
    pub places: Vec<String>,
}

/// Something that changed.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct BackgroundChange {
    /// When.
    pub event_time: Timestamp,
    /// The service.
    pub event_source: Arc<str>,
    /// The call.
    pub event_name: Arc<str>,
    /// The call's id.
    pub event_id: Option<String>,
    /// What it did, in a few words.
    pub what: String,
    /// Who called.
    pub principal_arn: Option<Arc<str>>,
    /// From where.
    pub source_ip_address: Arc<str>,
}
