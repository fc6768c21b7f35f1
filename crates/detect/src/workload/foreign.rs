//! Calls that came from elsewhere, and what shows that somebody else made them.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;

use super::calls::Seen;
use super::place::Place;
use crate::finding::{Confidence, Severity};

/// What shows that somebody else made a call, in the order in which it is asked.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Reason {
    /// It came through an endpoint of an account that is not one's own.
    ForeignEndpoint {
        /// The account.
        account_id: Arc<str>,
    },
    /// It came from another instance of one's own.
    AnotherInstance {
        /// The instance.
        instance_id: Arc<str>,
    },
    /// It came from outside AWS.
    OutsideAws,
    /// It came from AWS, and from none of one's own addresses.
    ElsewhereInAws,
    /// It came from an address that is none of the workload's; whether it is AWS's is not known.
    Elsewhere,
    /// The workload called from home before and after.
    TwoPlaces,
    /// A key of the first version of the metadata service was used while the instance went on
    /// with one of the second.
    FirstVersionKey,
    /// The instance had been terminated.
    AfterTermination {
        /// When.
        at: Timestamp,
    },
    /// It signed in to the console.
    ConsoleSignIn,
    /// The client is one that people run and instances hardly do.
    PersonalClient,
}

/// Calls with a workload's credentials that came from elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Foreign<'e> {
    /// Where they came from.
    pub(crate) place: Place,
    /// The addresses, as the events have them.
    pub(crate) addresses: BTreeSet<IpAddr>,
    /// The calls, by time.
    pub(crate) calls: Vec<Seen<'e>>,
    /// What shows that somebody else made them.
    pub(crate) reasons: BTreeSet<Reason>,
    /// Urgency.
    pub(crate) severity: Severity,
    /// Trust.
    pub(crate) confidence: Confidence,
    /// Behaviors that this role's sessions show nowhere else, of how many.
    pub(crate) new_behaviors: (usize, usize),
    /// Whether none of its sessions use these clients at home.
    pub(crate) is_new_client: bool,
    /// Other workloads that call from there.
    pub(crate) others: usize,
    /// Whether the workload itself calls from there, too.
    pub(crate) is_home: bool,
}

impl Foreign<'_> {
    /// Whether the place is the workload's own, so that something else speaks against the calls.
    pub(crate) const fn is_at_home(&self) -> bool {
        self.is_home
    }

    /// First call.
    pub(crate) fn first(&self) -> Timestamp {
        self.calls.iter().map(|seen| seen.call.first).min().unwrap_or_default()
    }

    /// Last call.
    pub(crate) fn last(&self) -> Timestamp {
        self.calls.iter().map(|seen| seen.call.last).max().unwrap_or_default()
    }
}
