//! Who else uses the roles and keys of a lineage.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Count;
use lineage::OriginKind;

use super::Habitual;
use crate::chain::origin_of;
use crate::context::Context;
use crate::limits::{OTHERS_MAX, OTHERS_SECS};
use crate::words;

/// The latest sessions of a role with whoever stands behind each.
pub(super) struct Digest {
    pub(super) sessions: Vec<Session>,
}

/// A session of a role, and who stands behind it.
pub(super) struct Session {
    pub(super) node: usize,
    time: Timestamp,
    who: Arc<str>,
}

impl Digest {
    /// The digest of the sessions `nodes`.
    pub(super) fn of(context: &Context<'_>, nodes: &[usize]) -> Self {
        let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
        let session = |node: &usize| {
            let name = who(context, *node);
            let who = names.get(&*name).cloned().unwrap_or_else(|| Arc::from(name));
            names.insert(Arc::clone(&who));
            let first = || context.uses_of(*node).first().map(|view| view.events.first);
            let time = context.lineage.node(*node)?.created().or_else(first)?;
            Some(Session { node: *node, time, who })
        };
        Self { sessions: nodes.iter().filter_map(session).collect() }
    }

    /// Who beside `members` had sessions in the time before `until`, and how many more there are.
    pub(super) fn others(
        &self,
        members: &BTreeSet<usize>,
        until: Timestamp,
    ) -> (Vec<Habitual>, u64) {
        let mut by_who: BTreeMap<&Arc<str>, Vec<Timestamp>> = BTreeMap::new();
        let since = Timestamp(until.0.saturating_sub(OTHERS_SECS));
        for session in &self.sessions {
            if session.time >= since && !members.contains(&session.node) {
                by_who.entry(&session.who).or_default().push(session.time);
            }
        }
        let habits = by_who.into_iter().filter_map(|(who, times)| {
            let n_times = Count::exactly(times.len() as u64);
            Habitual::of(String::from(&**who), n_times, times)
        });
        listed(habits.collect())
    }
}

/// What the credentials `nodes` do from places other than `foreign`.
pub(super) fn of_keys(
    context: &Context<'_>,
    nodes: &[usize],
    foreign: &BTreeSet<Arc<str>>,
    until: Timestamp,
) -> (Vec<Habitual>, u64) {
    let since = Timestamp(until.0.saturating_sub(OTHERS_SECS));
    let mut by_place: BTreeMap<&str, (Count, Vec<Timestamp>)> = BTreeMap::new();
    for view in nodes.iter().flat_map(|node| context.uses_of(*node)) {
        let address = view.source.address;
        if view.events.last < since || foreign.contains(address) || !view.error_code.is_empty() {
            continue;
        }
        let (times, moments) = by_place.entry(address).or_default();
        *times += view.events.count();
        moments.extend([view.events.first, view.events.last]);
    }
    let habits = by_place.into_iter().filter_map(|(address, (times, moments))| {
        let from = if address.is_empty() { "places that are not told apart" } else { address };
        Habitual::of(format!("calls from {from}"), times, moments)
    });
    listed(habits.collect())
}

/// The latest of `habits`, and how many more there are.
fn listed(mut habits: Vec<Habitual>) -> (Vec<Habitual>, u64) {
    habits.sort_by(|left, right| right.last.cmp(&left.last).then_with(|| left.who.cmp(&right.who)));
    let left_out = habits.len().saturating_sub(OTHERS_MAX) as u64;
    habits.truncate(OTHERS_MAX);
    (habits, left_out)
}

/// Who stands behind the session `node`: its origin, the same from one run to the next.
fn who(context: &Context<'_>, node: usize) -> String {
    let origin = origin_of(context, node);
    let name = match context.origin_of(node) {
        // A pipeline is the same whichever branch it builds: its habit says role and repository.
        Some((_, known)) if known.kind == OriginKind::Oidc => known
            .habit
            .split_once(':')
            .map_or_else(|| words::name_of_origin(&origin), |(_, subject)| String::from(subject)),
        Some(_) | None => words::name_of_origin(&origin),
    };
    format!("{} {name}", words::kind_of_origin(origin.kind))
}
