//! Follows one subject both ways.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cloudtrail::Arn;
use evidence::Evidence;
use lineage::{Join, Node, Step as Way};

use crate::artifact;
use crate::chain::{arn_of, color_of, confidence_of, hop_of, origin_of};
use crate::context::Context;
use crate::limits::{TRACE_PARTS_MAX, TRACE_STEPS_MAX};
use crate::settings::Settings;
use crate::timeline;
use crate::trace::{Part, Step, Trace};
use crate::workload;

/// Sessions of a workload that handed nothing out and are shown all the same.
const IDLE_SHOWN: usize = 3;

/// What `evidence` says about `subject`: a key, a principal's ARN, a role, a user, an instance,
/// a role session's name or a principal id.
///
/// A subject that is not in the evidence gives a trace without parts.
pub fn trace(evidence: &Evidence, settings: Settings<'_>, subject: &str) -> Trace {
    let mut trace = Trace { subject: subject.into(), parts: Vec::new(), parts_left_out: 0 };
    let Some(context) = Context::of(evidence, settings) else {
        return trace;
    };
    // Nobody's name is empty: it would stand for everything that has none.
    let nodes = context.lineage.nodes().iter().enumerate().filter(|_| !subject.is_empty());
    let mut found: Vec<usize> =
        nodes.filter(|(_, node)| is_subject(node, subject)).map(|(index, _)| index).collect();
    // A node below another one is part of that one's walk.
    let mut below: BTreeSet<usize> = BTreeSet::new();
    let depth = |index: &usize| context.lineage.node(*index).map(|node| (node.calls, *index));
    found.sort_by_key(depth);
    for index in &found {
        if !below.contains(index) {
            below.extend(context.lineage.descendants(*index).into_iter().skip(1));
        }
    }
    found.retain(|index| !below.contains(index));
    let mut groups: Vec<Vec<usize>> = group(&context, found);
    // What led further comes first when there is too much to show.
    groups.sort_by_key(|group| {
        let first = group.first().copied().unwrap_or_default();
        let time = context.lineage.node(first).and_then(Node::created);
        (!group.iter().any(|index| is_busy(&context, *index)), time, first)
    });
    trace.parts_left_out = groups.len().saturating_sub(TRACE_PARTS_MAX) as u64;
    trace.parts = groups.iter().take(TRACE_PARTS_MAX).map(|group| part(&context, group)).collect();
    trace
}

/// Sessions of one workload together, all others alone.
fn group(context: &Context<'_>, found: Vec<usize>) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(String, usize), Vec<usize>> = BTreeMap::new();
    for index in found {
        let node = context.lineage.node(index);
        let origin = node.and_then(|node| node.origin.as_ref()).filter(|origin| origin.is_workload);
        let key = origin.map_or((String::new(), index), |origin| (origin.identity.clone(), 0));
        groups.entry(key).or_default().push(index);
    }
    let by_time = |index: &usize| (context.lineage.node(*index).and_then(Node::created), *index);
    for group in groups.values_mut() {
        group.sort_by_key(by_time);
    }
    groups.into_values().collect()
}

/// Whether a node handed something out or left something behind.
fn is_busy(context: &Context<'_>, index: usize) -> bool {
    let has_children = context.lineage.node(index).is_some_and(|node| !node.children.is_empty());
    has_children || !context.changes_of(index).is_empty()
}

fn is_subject(node: &Node<'_>, subject: &str) -> bool {
    let role_of_arn = Arn::parse(subject).and_then(|arn| Some((arn.account_id, arn.role_name()?)));
    let is_role = node.role().is_some_and(|role| role.1 == subject || Some(role) == role_of_arn);
    let user = Arn::parse(&node.arn).and_then(|arn| arn.user_name());
    node.access_key_ids.contains(subject)
        || *node.arn == *subject
        || **node.principal_id() == *subject
        || is_role
        || user == Some(subject)
        || node.role_session_name() == Some(subject)
}

/// The part about the sessions `group`, which are one subject.
fn part(context: &Context<'_>, group: &[usize]) -> Part {
    let lineage = &context.lineage;
    let first = group.first().copied().unwrap_or_default();
    let mut ancestry = lineage.ancestry(first);
    ancestry.pop();
    let members: Vec<usize> = group.iter().flat_map(|index| lineage.descendants(*index)).collect();
    let (moments, moments_left_out) = timeline::of_nodes(context, &members, &BTreeMap::new());
    // Of many sessions that led nowhere a few stand for all.
    let (busy, idle): (Vec<usize>, Vec<usize>) =
        group.iter().partition(|index| is_busy(context, **index));
    let mut shown: Vec<usize> = busy.into_iter().chain(idle.into_iter().take(IDLE_SHOWN)).collect();
    shown.sort_by_key(|index| (lineage.node(*index).and_then(Node::created), *index));
    let walk: Vec<usize> = shown.iter().flat_map(|index| lineage.descendants(*index)).collect();
    let mut depths: BTreeMap<usize, u32> = BTreeMap::new();
    let descend = |at: &usize| {
        let parent = lineage.node(*at)?.parent.and_then(|parent| depths.get(&parent));
        let depth = parent.map_or(0, |depth| depth + 1);
        depths.insert(*at, depth);
        step(context, *at, depth)
    };
    let descendants: Vec<Step> = walk.iter().take(TRACE_STEPS_MAX).filter_map(descend).collect();
    let way = ancestry.iter().enumerate();
    Part {
        origin: origin_of(context, first),
        background: lineage
            .node(first)
            .and_then(|node| workload::background(context, node.root, context.span)),
        at_least: context.origin_of(first).is_some_and(|(_, origin)| origin.at_least),
        ancestry: way.filter_map(|(depth, at)| step(context, *at, depth as u32)).collect(),
        descendants_left_out: members.len().saturating_sub(descendants.len()) as u64,
        descendants,
        moments,
        moments_left_out,
    }
}

fn step(context: &Context<'_>, index: usize, depth: u32) -> Option<Step> {
    let node = context.lineage.node(index)?;
    let left = context.changes_of(index).iter().map(|change| {
        let left = artifact::left_behind(change, node.hop, &context.accounts);
        alloc::format!("{} {} ({})", left.event_name, left.name, left.kind)
    });
    Some(Step {
        depth,
        who: timeline::who(node),
        access_key_ids: node.access_key_ids.iter().map(ToString::to_string).collect(),
        principal_arn: arn_of(node).map(|arn| arn.to_string()),
        hop: node.hop,
        color: color_of(node),
        hop_call: hop_of(node),
        how: how(node),
        time: node.created(),
        confidence: confidence_of(node.join),
        calls: context.uses_of(index).iter().map(|view| view.events.count()).sum(),
        left_behind: left.collect(),
    })
}

fn how(node: &Node<'_>) -> String {
    let call = node.issued.as_ref().map(|issued| {
        let issuance = issued.issuance;
        let by = issued.service().map(|service| alloc::format!(" by {service}"));
        alloc::format!("{}{}", issuance.event.event_name, by.unwrap_or_default())
    });
    let join = match node.join {
        Join::Exact => "",
        Join::Strong => " (joined by principal and time)",
        Join::Weak => " (likely)",
    };
    match (node.step, call) {
        (_, Some(call)) => alloc::format!("{call}{join}"),
        (Way::Origin, None) if node.is_long_term() => "long-term key".into(),
        (Way::Origin | Way::Continues | Way::Hop, None) => "its issuance is not in the logs".into(),
    }
}
