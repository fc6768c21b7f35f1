//! What a finding says about credentials that were used outside their workload.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Count;

use crate::finding::{Confidence, Severity};
use crate::settings::Locality;

/// Where the credentials of a workload belong, and where they were used instead.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// Where they belong, as far as known, by first use.
    pub home: Vec<HomeUse>,
    /// Where they were used instead, by first use.
    pub foreign: Vec<ForeignUse>,
    /// Places beyond [`PLACES_MAX`](crate::limits::PLACES_MAX) that are not listed.
    pub foreign_left_out: u64,
}

/// A place in the words of CloudTrail.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PlaceRef {
    /// Source addresses, in order.
    pub addresses: Vec<String>,
    /// `vpcEndpointId`, for calls through an endpoint.
    pub vpc_endpoint_id: Option<Arc<str>>,
    /// `vpcEndpointAccountId`.
    pub vpc_endpoint_account_id: Option<Arc<str>>,
}

/// A place that belongs to the workload.
#[derive(Clone, Debug)]
pub struct HomeUse {
    /// The place.
    pub place: PlaceRef,
    /// How that is known, in one word: `held`, `nat_gateway`, `own_address`, `declared`,
    /// `own_endpoint`, `shared` or `learned`.
    pub basis: &'static str,
    /// How that is known, in a sentence.
    pub because: String,
    /// The event that shows it, where one does.
    pub event_id: Option<String>,
    /// First call.
    pub first_seen: Timestamp,
    /// Last call.
    pub last_seen: Timestamp,
    /// Calls.
    pub calls: Count,
}

/// A place that the credentials do not belong to.
#[derive(Clone, Debug)]
pub struct ForeignUse {
    /// The place.
    pub place: PlaceRef,
    /// What shows that somebody else called, in one word each, in the order in which it is asked.
    pub reasons: Vec<&'static str>,
    /// The same in sentences.
    pub because: Vec<String>,
    /// Innocent explanations, and what speaks against each.
    pub ruled_out: Vec<String>,
    /// Urgency of this place alone.
    pub severity: Severity,
    /// Trust in it.
    pub confidence: Confidence,
    /// Families of the clients.
    pub clients: Vec<String>,
    /// Kinds of calls, by first time.
    pub actions: Vec<Action>,
    /// Kinds of calls beyond [`ACTIONS_MAX`](crate::limits::ACTIONS_MAX) that are not listed.
    pub actions_left_out: u64,
    /// The keys that were used.
    pub access_key_ids: Vec<Arc<str>>,
    /// First call.
    pub first_seen: Timestamp,
    /// Last call.
    pub last_seen: Timestamp,
    /// Calls.
    pub calls: Count,
    /// Where the first address is, by the user's own databases.
    pub locality: Option<Locality>,
}

/// A kind of call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Action {
    /// The service.
    pub event_source: Arc<str>,
    /// The call.
    pub event_name: Arc<str>,
    /// Empty on success.
    pub error_code: Arc<str>,
    /// How often.
    pub calls: Count,
}
