//! Rules about where calls come from.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::sync::Arc;

use cloudtrail::Timestamp;

use super::{Rule, Seen};
use crate::event::Event;

/// How long two uses of a key count as at once, in seconds.
const AT_ONCE: i64 = 1_800;

/// Holds each role session to the first address that it was used from, whatever its key.
#[derive(Debug, Default)]
pub(super) struct FirstUseLock {
    first: BTreeMap<(Arc<str>, Arc<str>), Arc<str>>,
}

impl Rule for FirstUseLock {
    fn fires(&mut self, event: &Event) -> bool {
        if &*event.identity != "AssumedRole" || event.is_through_service() || is_private(event) {
            return false;
        }
        // A new key of an instance is no new session: the lock would forget every hour.
        let session = event.principal.rsplit('/').next().unwrap_or_default();
        let created = if session.starts_with("i-") { "" } else { &event.created };
        let first = self.first.entry((Arc::clone(&event.principal), created.into()));
        let first = first.or_insert_with(|| Arc::clone(&event.address));
        *first != event.address
    }
}

/// Remembers from which networks each principal has called.
#[derive(Debug, Default)]
pub(super) struct NewNetwork {
    seen: Seen,
}

impl Rule for NewNetwork {
    fn fires(&mut self, event: &Event) -> bool {
        if event.key.is_empty() || event.is_through_service() {
            return false;
        }
        let is_new = self.seen.is_new(&event.issuer, event.network(), event.time);
        is_new && &*event.name == "AssumeRole" && event.succeeded
    }
}

/// Remembers from which networks the sessions of a role asked who they are.
#[derive(Debug, Default)]
pub(super) struct InstanceIdentity {
    seen: Seen,
}

impl Rule for InstanceIdentity {
    fn fires(&mut self, event: &Event) -> bool {
        let session = event.principal.rsplit('/').next().unwrap_or_default();
        let is_instance = &*event.identity == "AssumedRole" && session.starts_with("i-");
        &*event.name == "GetCallerIdentity"
            && is_instance
            && !event.is_through_service()
            && self.seen.is_new(&event.issuer, event.network(), event.time)
    }
}

/// Remembers where each temporary key was used last.
#[derive(Debug, Default)]
pub(super) struct TwoNetworks {
    last: BTreeMap<Arc<str>, BTreeMap<String, Timestamp>>,
}

impl Rule for TwoNetworks {
    fn fires(&mut self, event: &Event) -> bool {
        let is_console = event.agent.starts_with("Mozilla/");
        let is_pair = event.key.starts_with("ASIA") && !event.is_through_service();
        if !is_pair || is_console || is_private(event) {
            return false;
        }
        let networks = self.last.entry(Arc::clone(&event.key)).or_default();
        networks.insert(event.network().to_string(), event.time);
        networks.retain(|_, last| event.time.seconds_since(*last) <= AT_ONCE);
        networks.len() > 1
    }
}

/// Addresses behind an endpoint tell nothing: the author of the lock leaves them out as well.
fn is_private(event: &Event) -> bool {
    let starts = ["10.", "192.168.", "100.64.", "172.16."];
    starts.iter().any(|start| event.address.starts_with(start))
}
