//! Rules about roles that assume roles.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use super::{Rule, Seen};
use crate::event::Event;

/// Counts the hops behind each key, from the key that the answer of `AssumeRole` names.
#[derive(Debug, Default)]
pub(super) struct HopCount {
    hops: BTreeMap<Arc<str>, u32>,
}

impl Rule for HopCount {
    fn fires(&mut self, event: &Event) -> bool {
        if !is_hop(event) {
            return false;
        }
        let hops = self.hops.get(&event.key).copied().unwrap_or_default() + 1;
        self.hops.insert(Arc::clone(&event.issued), hops);
        hops >= 2
    }
}

/// Remembers which role assumed which.
#[derive(Debug, Default)]
pub(super) struct NewPair {
    seen: Seen,
}

impl Rule for NewPair {
    fn fires(&mut self, event: &Event) -> bool {
        by_role(event) && self.seen.is_new(&event.issuer, &event.role, event.time)
    }
}

/// Any role session that assumes a role.
pub(super) fn by_role(event: &Event) -> bool {
    is_hop(event) && &*event.identity == "AssumedRole"
}

/// A role that was assumed with a credential, in the copy that names the caller.
fn is_hop(event: &Event) -> bool {
    let is_assumed = &*event.name == "AssumeRole" && event.succeeded;
    is_assumed && !event.key.is_empty() && event.invoked_by.is_empty()
}
