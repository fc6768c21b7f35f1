//! Which keys were made inactive, and stayed so as far as the logs tell.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use evidence::KeyStatus;
use lineage::Node;

use super::InactiveKey;
use crate::context::Context;

/// Seconds in which a key that was made inactive may still work: IAM is eventually consistent.
const SPREAD_SECS: i64 = 300;

/// The last status of each key that somebody set, by account and key.
pub(super) type Statuses<'e> = BTreeMap<(&'e str, &'e str), &'e KeyStatus>;

pub(super) fn statuses<'e>(context: &Context<'e>) -> Statuses<'e> {
    // They come by time: the last one stays.
    let of = |status: &&'e KeyStatus| {
        ((&*status.event.recipient_account_id, &*status.access_key_id), *status)
    };
    context.key_statuses.iter().map(of).collect()
}

/// The long-term keys of `nodes` that were made inactive and not used since.
pub(super) fn inactive(
    context: &Context<'_>,
    statuses: &Statuses<'_>,
    nodes: &[(usize, &Node<'_>)],
) -> Vec<InactiveKey> {
    let mut found = Vec::new();
    for (number, node) in nodes.iter().filter(|(_, node)| node.is_long_term()) {
        let uses = context.uses_of(*number).iter().filter(|view| view.error_code.is_empty());
        let last_use = uses.map(|view| view.events.last).max();
        for key in node.access_key_ids.iter() {
            let status = statuses.get(&(&*node.account_id, &**key));
            let stopped = status.filter(|status| {
                let time = status.event.event_time;
                let is_used = last_use.is_some_and(|last| last.seconds_since(time) > SPREAD_SECS);
                !status.is_active && !is_used
            });
            found.extend(stopped.map(|status| InactiveKey {
                access_key_id: Arc::clone(key),
                event_time: status.event.event_time,
                event_id: status.event.event_id_text(),
                by_arn: Arc::clone(&status.caller.arn),
            }));
        }
    }
    found.sort();
    found.dedup();
    found
}
