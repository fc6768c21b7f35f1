//! What credentials did, as lines of a timeline.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use evidence::UseView;

use crate::chain::color_of;
use crate::context::Context;
use crate::finding::Moment;
use crate::limits::TIMELINE_MAX;
use crate::words;

/// Calls that hand out credentials, whose moments are never left out.
const ISSUING: [&str; 8] = [
    "AssumeRole",
    "AssumeRoot",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "ConsoleLogin",
    "CreateAccessKey",
    "GetFederationToken",
    "GetSigninToken",
];

/// What the nodes `members` did, oldest first, and how many lines were left out.
///
/// `drawn` names the nodes of the graph. Lines that hand out credentials or leave something
/// behind stay when there are too many; of the others the first ones of each credential do.
pub(crate) fn of_nodes(
    context: &Context<'_>,
    members: &[usize],
    drawn: &BTreeMap<usize, String>,
) -> (Vec<Moment>, u64) {
    let mut moments: Vec<(bool, usize, Moment)> = Vec::new();
    for index in members {
        let changing: BTreeSet<&str> =
            context.changes_of(*index).iter().map(|change| &*change.event.event_name).collect();
        for (position, view) in context.uses_of(*index).iter().enumerate() {
            let moment = moment(context, *index, view, &changing);
            let moment = Moment { node: drawn.get(index).cloned(), ..moment };
            moments.push((!moment.is_key_moment, position, moment));
        }
    }
    let n_all = moments.len();
    if n_all > TIMELINE_MAX {
        // The sort is stable: moments of equal weight stay in the order of the lineage.
        moments.sort_by_key(|(is_minor, position, _)| (*is_minor, *position));
        moments.truncate(TIMELINE_MAX);
    }
    let mut kept: Vec<Moment> = moments.into_iter().map(|(_, _, moment)| moment).collect();
    kept.sort_by_key(|moment| (moment.first, moment.hop));
    let left_out = n_all - kept.len();
    (kept, left_out as u64)
}

fn moment(
    context: &Context<'_>,
    index: usize,
    view: &UseView<'_>,
    changing: &BTreeSet<&str>,
) -> Moment {
    let node = context.lineage.node(index);
    let name = &**view.event_name;
    let is_key_moment = changing.contains(name) || ISSUING.contains(&name);
    Moment {
        first: view.events.first,
        last: view.events.last,
        count: view.events.count(),
        node: None,
        who: node.map(who).unwrap_or_default(),
        hop: node.map_or(0, |node| node.hop),
        color: node.map(color_of).unwrap_or_default(),
        event_source: Arc::clone(view.event_source),
        event_name: Arc::clone(view.event_name),
        error_code: Arc::clone(view.error_code),
        source_ip_address: Arc::clone(view.source.address),
        user_agent: Arc::clone(view.user_agent),
        event_id: view.events.exemplar.text(),
        is_key_moment: is_key_moment && view.error_code.is_empty(),
    }
}

/// Role and session, or user.
pub(crate) fn who(node: &lineage::Node<'_>) -> String {
    let name = words::name_of(node);
    match node.role_session_name() {
        Some(session) => alloc::format!("{name}/{session}"),
        None => name,
    }
}
