//! The way from an origin to a credential, as findings show it.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Arn;
use lineage::{Join, Lineage, Node, OriginKind, Step};

use crate::context::Context;
use crate::finding::{Caller, Chain, Color, Confidence, CredentialRef, EvidenceEvent, Hop, Origin};
use crate::limits::BRANCHES_MAX;

/// Color of a node: by the number of its hop, and red for a session of root.
pub(crate) const fn color_of(node: &Node<'_>) -> Color {
    match node.hop {
        _ if node.is_root_session => Color::Red,
        0 | 1 => Color::None,
        2 => Color::Orange,
        _ => Color::Red,
    }
}

/// How sure a node's place in the lineage is, in the words of findings.
pub(crate) const fn confidence_of(join: Join) -> Confidence {
    match join {
        Join::Exact => Confidence::High,
        Join::Strong => Confidence::Medium,
        Join::Weak => Confidence::Low,
    }
}

/// The hop that led to `node`, if one did.
pub(crate) fn hop_of(node: &Node<'_>) -> Option<Hop> {
    let issuance = node.issued.as_ref().filter(|_| node.step == Step::Hop)?.issuance;
    let role_arn = if issuance.role_arn.is_empty() { &node.arn } else { &issuance.role_arn };
    Some(Hop {
        hop: node.hop,
        color: color_of(node),
        event_name: Arc::clone(&issuance.event.event_name),
        role_arn: Arc::clone(role_arn),
        role_session_name: node.role_session_name().unwrap_or_default().into(),
        access_key_id: key_of(node),
        event_id: issuance.event.event_id_text(),
        event_time: issuance.event.event_time,
        source_ip_address: Arc::clone(&issuance.event.source_ip_address),
        confidence: confidence_of(node.join),
    })
}

/// The key that a node shows: the one that its event names, unless other keys were used for it,
/// or the smallest one that was used.
pub(crate) fn key_of(node: &Node<'_>) -> Option<Arc<str>> {
    let issued = node.issued.as_ref().map(|issued| &issued.issuance.access_key_id);
    let is_used = |key: &Arc<str>| node.used_key_ids().any(|used| used == key);
    let is_unused_session = node.used_key_ids().next().is_none();
    let named = issued
        .filter(|key| node.access_key_ids.contains(key) && (is_unused_session || is_used(key)));
    let used = node.used_key_ids().min();
    named.or(used).or_else(|| node.access_key_ids.first()).cloned()
}

/// `node` as findings name a credential.
pub(crate) fn credential_of(node: &Node<'_>) -> CredentialRef {
    CredentialRef { access_key_id: key_of(node), principal_arn: arn_of(node) }
}

/// ARN of a node's principal, from its uses, its issuance, or the role that was asked for.
pub(crate) fn arn_of(node: &Node<'_>) -> Option<Arc<str>> {
    if !node.arn.is_empty() {
        return Some(Arc::clone(&node.arn));
    }
    let issuance = node.issued.as_ref()?.issuance;
    let role = Arn::parse(&issuance.role_arn)?;
    let session = &issuance.role_session_name;
    let name = role.role_name()?;
    let (partition, account) = (role.partition, role.account_id);
    Some(alloc::format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}").into())
}

/// The hops on the way to `index`.
pub(crate) fn path_to(lineage: &Lineage<'_>, index: usize) -> Vec<Hop> {
    lineage.ancestry(index).into_iter().filter_map(|at| hop_of(lineage.node(at)?)).collect()
}

/// The chain to `deepest`, with the other paths of the tree below `anchor`.
pub(crate) fn chain_of(context: &Context<'_>, anchor: usize, deepest: usize) -> Option<Chain> {
    let lineage = &context.lineage;
    let node = lineage.node(deepest)?;
    if node.calls == 0 {
        return None;
    }
    let on_way: BTreeSet<usize> = lineage.ancestry(deepest).into_iter().collect();
    let ends = ends_of(lineage, anchor);
    let others: Vec<usize> = ends.into_iter().filter(|end| !on_way.contains(end)).collect();
    let listed = others.iter().take(BRANCHES_MAX);
    Some(Chain {
        hops: node.hop,
        at_least: context.origin_of(deepest).is_some_and(|(_, origin)| origin.at_least),
        chained_calls: node.chained_calls,
        color: color_of(node),
        roles: path_to(lineage, deepest),
        branches: listed.map(|end| path_to(lineage, *end)).collect(),
        branches_left_out: others.len().saturating_sub(BRANCHES_MAX) as u64,
    })
}

/// The nodes below `anchor` that a hop led to and that lead to no further hop, by time.
fn ends_of(lineage: &Lineage<'_>, anchor: usize) -> Vec<usize> {
    let tree = lineage.descendants(anchor);
    let mut leads_on: BTreeSet<usize> = BTreeSet::new();
    // Children come after their parents, so that the reverse order meets them first.
    for index in tree.iter().rev() {
        let Some(node) = lineage.node(*index) else {
            continue;
        };
        if let Some(parent) = node.parent
            && (node.step == Step::Hop || leads_on.contains(index))
        {
            leads_on.insert(parent);
        }
    }
    let is_end = |index: &usize| {
        let is_hop = lineage.node(*index).is_some_and(|node| node.step == Step::Hop);
        is_hop && !leads_on.contains(index)
    };
    let mut ends: Vec<usize> = tree.into_iter().filter(is_end).collect();
    ends.sort_by_key(|index| (lineage.node(*index).and_then(Node::created), *index));
    ends
}

/// The event that handed `node` out, as evidence.
pub(crate) fn proof_of(lineage: &Lineage<'_>, node: &Node<'_>) -> Option<EvidenceEvent> {
    let issuance = node.issued.as_ref()?.issuance;
    let event = &issuance.event;
    let is_sure = node.join > Join::Weak;
    let parent = node.parent.filter(|_| is_sure).and_then(|parent| lineage.node(parent));
    Some(EvidenceEvent {
        event_time: event.event_time,
        event_id: event.event_id_text(),
        event_source: Arc::clone(&event.event_source),
        event_name: Arc::clone(&event.event_name),
        source_ip_address: Arc::clone(&event.source_ip_address),
        aws_region: Arc::clone(&event.aws_region),
        caller: Caller::of(&issuance.caller).or_of(parent),
    })
}

/// The origin of the lineage of `index`, as findings show it.
pub(crate) fn origin_of(context: &Context<'_>, index: usize) -> Origin {
    let Some((root, origin)) = context.origin_of(index) else {
        return Origin::unknown();
    };
    Origin {
        kind: origin.kind,
        access_key_id: key_of(root),
        principal_arn: arn_of(root),
        instance_id: origin.instance_id.clone(),
        subject: origin.subject.clone(),
        account_id: Some(&root.account_id).filter(|account| !account.is_empty()).cloned(),
    }
}

impl Origin {
    /// An origin of which nothing is known.
    pub const fn unknown() -> Self {
        Self {
            kind: OriginKind::Unknown,
            access_key_id: None,
            principal_arn: None,
            instance_id: None,
            subject: None,
            account_id: None,
        }
    }
}
