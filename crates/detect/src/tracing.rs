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
use crate::timeline;
use crate::trace::{Part, Step, Trace};

/// What `evidence` says about `subject`: a key, a principal's ARN, a role, a user, an instance,
/// a role session's name or a principal id.
///
/// A subject that is not in the evidence gives a trace without parts.
pub fn trace(evidence: &Evidence, subject: &str) -> Trace {
    let mut trace = Trace { subject: subject.into(), parts: Vec::new(), parts_left_out: 0 };
    let Some(context) = Context::of(evidence) else {
        return trace;
    };
    let nodes = context.lineage.nodes().iter().enumerate();
    let mut found: Vec<usize> =
        nodes.filter(|(_, node)| is_subject(node, subject)).map(|(index, _)| index).collect();
    // A node below another one is part of that one's walk.
    let all: BTreeSet<usize> = found.iter().copied().collect();
    found.retain(|index| {
        let way = context.lineage.ancestry(*index);
        !way.iter().any(|above| above != index && all.contains(above))
    });
    found.sort_by_key(|index| (context.lineage.node(*index).and_then(Node::created), *index));
    trace.parts_left_out = found.len().saturating_sub(TRACE_PARTS_MAX) as u64;
    trace.parts = found.iter().take(TRACE_PARTS_MAX).map(|index| part(&context, *index)).collect();
    trace
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

fn part(context: &Context<'_>, index: usize) -> Part {
    let lineage = &context.lineage;
    let mut ancestry = lineage.ancestry(index);
    ancestry.pop();
    let tree = lineage.descendants(index);
    let (moments, moments_left_out) = timeline::of_nodes(context, &tree, &BTreeMap::new());
    let base = ancestry.len() as u32;
    let mut depths: BTreeMap<usize, u32> = BTreeMap::new();
    let descendants: Vec<Step> = tree
        .iter()
        .take(TRACE_STEPS_MAX)
        .filter_map(|at| {
            let parent = lineage.node(*at)?.parent.and_then(|parent| depths.get(&parent));
            let depth = parent.map_or(0, |depth| depth + 1);
            depths.insert(*at, depth);
            step(context, *at, depth)
        })
        .collect();
    let way = ancestry.iter().enumerate();
    let ancestry: Vec<Step> =
        way.filter_map(|(depth, at)| step(context, *at, (depth as u32).min(base))).collect();
    Part {
        origin: origin_of(context, index),
        at_least: context.origin_of(index).is_some_and(|(_, origin)| origin.at_least),
        ancestry,
        descendants,
        descendants_left_out: tree.len().saturating_sub(TRACE_STEPS_MAX) as u64,
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
