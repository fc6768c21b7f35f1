//! What a credential was used for, as counts.

use alloc::sync::Arc;

use cloudtrail::{EventId, Timestamp};

use crate::count::Count;
use crate::credential::Credential;
use crate::fingerprints::Fingerprints;
use crate::limits::USE_DAYS;

/// Where calls come from.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Source<'a> {
    /// `sourceIPAddress`.
    pub address: &'a Arc<str>,
    /// `vpcEndpointId`; empty where the call did not go through one.
    pub vpc_endpoint_id: &'a Arc<str>,
    /// `vpcEndpointAccountId`.
    pub vpc_endpoint_account_id: &'a Arc<str>,
    /// Service that forwarded the caller's access, or `presigned URL` where whoever was given one
    /// called; empty for direct calls.
    pub invoked_by: &'a Arc<str>,
}

/// Numbers of the rows that one kind of use consists of.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct UseKey {
    pub(crate) credential: u32,
    pub(crate) source: u32,
    pub(crate) user_agent: u32,
    pub(crate) action: u32,
    pub(crate) error_code: u32,
    pub(crate) place: u32,
}

/// Events of one credential, source, client, call, outcome, account and Region.
#[derive(Clone, Debug)]
pub struct Use {
    pub(crate) events: Fingerprints,
    /// Time of the first event.
    pub first: Timestamp,
    /// Time of the last event.
    pub last: Timestamp,
    /// Days with events, modulo [`USE_DAYS`](crate::limits::USE_DAYS): one bit each.
    pub(crate) days: u64,
    /// The smallest `eventID`, which does not depend on the order of arrival.
    pub exemplar: EventId,
}

impl Use {
    pub(crate) const fn of(hash: u64, time: Timestamp, event_id: EventId) -> Self {
        let (first, last, days) = (time, time, day_bit(time));
        Self { events: Fingerprints::One(hash), first, last, days, exemplar: event_id }
    }

    pub(crate) fn insert(&mut self, hash: u64, time: Timestamp, event_id: &EventId) {
        self.events.insert(hash);
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        self.days |= day_bit(time);
        if *event_id < self.exemplar {
            self.exemplar = event_id.clone();
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.days |= other.days;
        if other.exemplar < self.exemplar {
            self.exemplar = other.exemplar;
        }
        self.events.merge(other.events);
    }

    /// Distinct events.
    pub fn count(&self) -> Count {
        self.events.count()
    }
}

/// The bit of the day of `time`.
pub(crate) const fn day_bit(time: Timestamp) -> u64 {
    1 << time.day().rem_euclid(USE_DAYS)
}

/// A kind of use with its texts.
#[derive(Clone, Debug)]
pub struct UseView<'a> {
    /// Number of the credential among [`Evidence::credentials`](crate::Evidence::credentials).
    pub credential: u32,
    /// The credential itself.
    pub of: &'a Credential,
    /// Where the calls came from.
    pub source: Source<'a>,
    /// `userAgent`.
    pub user_agent: &'a Arc<str>,
    /// `eventSource`.
    pub event_source: &'a Arc<str>,
    /// `eventName`.
    pub event_name: &'a Arc<str>,
    /// `errorCode`; empty on success.
    pub error_code: &'a Arc<str>,
    /// `recipientAccountId`.
    pub account_id: &'a Arc<str>,
    /// `awsRegion`.
    pub region: &'a Arc<str>,
    /// The events.
    pub events: &'a Use,
}
