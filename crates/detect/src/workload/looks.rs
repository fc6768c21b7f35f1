//! What calls look like beside what is usual for a role.

use alloc::collections::BTreeMap;

use super::Workload;
use super::calls::Seen;
use super::usual::Usual;
use crate::client;

/// First calls of somebody who has come by a credential and looks at what it is good for.
const RECONNAISSANCE: [&str; 12] = [
    "DescribeInstances",
    "GetAccountAuthorizationDetails",
    "GetAccountSummary",
    "GetCallerIdentity",
    "ListAccountAliases",
    "ListAttachedRolePolicies",
    "ListBuckets",
    "ListRolePolicies",
    "ListRoles",
    "ListSecrets",
    "ListUsers",
    "SimulatePrincipalPolicy",
];

/// What the calls from one place look like.
pub(super) struct Looks {
    pub(super) new_behaviors: usize,
    pub(super) behaviors: usize,
    /// Whether the calls show what the role's sessions do all the time: then the workload itself
    /// calls from there.
    pub(super) is_constant: bool,
    /// Kinds of calls by a client that the role's sessions do not use at home.
    pub(super) new_clients: usize,
    pub(super) is_personal: bool,
    /// Whether every client names a runtime of AWS.
    pub(super) is_native: bool,
    /// Kinds of calls that look around.
    pub(super) reconnaissance: usize,
}

impl Looks {
    /// What `calls`, all from one place, look like beside what is usual for the role of
    /// `workload`.
    pub(super) fn of(usual: &Usual, workload: &Workload, calls: &[Seen<'_>]) -> Self {
        let behaviors: BTreeMap<u32, &Seen<'_>> =
            calls.iter().map(|seen| (seen.call.behavior, seen)).collect();
        let behaviors = behaviors.values().copied();
        let is_new = |seen: &&Seen<'_>| !usual.is_usual(workload, &seen.call);
        Self {
            new_behaviors: behaviors.clone().filter(is_new).count(),
            behaviors: behaviors.len(),
            // Whoever has come by a key asks the same questions as a program that begins.
            is_constant: behaviors
                .clone()
                .any(|seen| !is_reconnaissance(seen) && usual.is_constant(&seen.call)),
            new_clients: behaviors.clone().filter(|seen| !usual.has_client(&seen.call)).count(),
            is_native: behaviors.clone().all(|seen| client::is_native(&seen.client)),
            is_personal: behaviors.clone().any(|seen| client::is_personal(&seen.client)),
            reconnaissance: behaviors.clone().filter(|seen| is_reconnaissance(seen)).count(),
        }
    }

    /// Whether none of the clients is one that the role's sessions use at home.
    pub(super) const fn is_new_client(&self) -> bool {
        self.new_clients == self.behaviors
    }

    /// Whether the workload itself may have made the calls.
    pub(super) const fn is_like_home(&self) -> bool {
        self.new_behaviors * 2 <= self.behaviors
    }
}

fn is_reconnaissance(seen: &Seen<'_>) -> bool {
    RECONNAISSANCE.contains(&&**seen.view.event_name)
}
