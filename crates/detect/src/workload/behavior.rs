//! What a session of a workload does that no other session of its role does.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

use cloudtrail::Timestamp;

use super::usual::SESSIONS_MIN;
use crate::context::Context;
use crate::words;

/// Calls that a sentence names.
const CALLS_SHOWN: usize = 4;

/// What is new in a session.
#[derive(Clone, Debug)]
pub(crate) struct NewBehavior {
    /// Whether it used a client that no other session uses.
    pub(crate) is_new_client: bool,
    /// In words, with counts.
    pub(crate) sentence: String,
}

/// What the session of number `node`, of a workload, did up to `until` that no other session of
/// its role did: where the address is the workload's own, this shows that somebody else acts.
///
/// Nothing for what is no workload, and where too few other sessions could vouch for anything.
pub(crate) fn new_behavior(
    context: &Context<'_>,
    node: usize,
    until: Timestamp,
) -> Option<NewBehavior> {
    let number = context.workloads.of_node(node)?;
    let workload = context.workloads.workload(number)?;
    let usual = context.workloads.usual(context, workload)?;
    let texts = context.workloads.names();
    let others = usual.sessions().checked_sub(1).filter(|others| *others >= SESSIONS_MIN)?;
    let calls = workload.calls.iter().filter(|call| call.node == node && call.first <= until);
    let is_new = |call: &&super::Call| usual.other_sessions(call) == 0;
    let mut names: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut clients: BTreeSet<&str> = BTreeSet::new();
    let mut is_new_client = false;
    for call in calls.filter(is_new) {
        let Some(view) = texts.view(call) else {
            continue;
        };
        let service = view.event_source.split('.').next().unwrap_or_default();
        names.insert((service, &**view.event_name));
        clients.insert(texts.client(call));
        is_new_client |= usual.other_sessions_with_client(call) == 0;
    }
    if names.is_empty() {
        return None;
    }
    let shown: alloc::vec::Vec<String> =
        names.iter().take(CALLS_SHOWN).map(|(service, call)| format!("{service}:{call}")).collect();
    let rest = names.len() - shown.len();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let clients: alloc::vec::Vec<&str> = clients.into_iter().take(CALLS_SHOWN).collect();
    let client = if is_new_client { ", nor its client" } else { "" };
    Some(NewBehavior {
        is_new_client,
        sentence: format!(
            "None of the other {} of this role makes these calls by {}: {}{more}{client}.",
            words::count(others, "session"),
            clients.join(", "),
            shown.join(", "),
        ),
    })
}
