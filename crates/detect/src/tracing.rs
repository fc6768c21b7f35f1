//! Follows one subject both ways.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cloudtrail::Arn;
use evidence::{Credential, Evidence, Issuance, IssuanceKind};
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
    let name = Name::of(subject);
    let mut found: Vec<usize> =
        nodes.filter(|(_, node)| is_subject(node, &name)).map(|(index, _)| index).collect();
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

/// Whether [`trace`] finds anything about `subject`, told from the evidence alone: the lineage,
/// which takes long to make, knows the same names.
pub fn is_known(evidence: &Evidence, subject: &str) -> bool {
    let name = Name::of(subject);
    let mut used = evidence.credentials().map(|(credential, _)| credential);
    !subject.is_empty()
        && (used.any(|credential| is_caller(credential, &name))
            || evidence.issuances().any(|issuance| is_issued(issuance, &name)))
}

/// What a subject is called.
struct Name<'s> {
    text: &'s str,
    /// Account and name of the role, where it is the ARN of one.
    role: Option<(&'s str, &'s str)>,
}

impl<'s> Name<'s> {
    fn of(text: &'s str) -> Self {
        Self { text, role: role_of(text) }
    }

    fn is_role(&self, role: Option<(&str, &str)>) -> bool {
        role.is_some_and(|role| role.1 == self.text || Some(role) == self.role)
    }

    /// Whether a principal with this ARN has the name: as its ARN, its role, its user or its
    /// session.
    fn is_principal(&self, arn: &str) -> bool {
        let parsed = Arn::parse(arn);
        let session = parsed.and_then(|arn| Some((arn.account_id, arn.role_session()?)));
        arn == self.text
            || parsed.and_then(|arn| arn.user_name()) == Some(self.text)
            || session.is_some_and(|(account, session)| {
                self.is_role(Some((account, session.role_name)))
                    || session.role_session_name == self.text
            })
    }
}

/// Account and name of the role of which `arn` is the ARN.
fn role_of(arn: &str) -> Option<(&str, &str)> {
    let arn = Arn::parse(arn)?;
    Some((arn.account_id, arn.role_name()?))
}

fn is_subject(node: &Node<'_>, name: &Name<'_>) -> bool {
    let user = Arn::parse(&node.arn).and_then(|arn| arn.user_name());
    node.access_key_ids.contains(name.text)
        || *node.arn == *name.text
        || **node.principal_id() == *name.text
        || name.is_role(node.role())
        || user == Some(name.text)
        || node.role_session_name() == Some(name.text)
}

/// Whether a credential that was used has the name, and is followed.
fn is_caller(credential: &Credential, name: &Name<'_>) -> bool {
    credential.kind.is_followed()
        && (*credential.access_key_id == *name.text
            || *credential.principal_id == *name.text
            || name.is_principal(&credential.arn))
}

/// Whether a credential that was handed out, and perhaps never used, has the name; without a key of
/// its own it is in the lineage only where it was used.
fn is_issued(issuance: &Issuance, name: &Name<'_>) -> bool {
    let key = &issuance.access_key_id;
    if key.is_empty() || *key == issuance.caller.access_key_id {
        return false;
    }
    // A session token goes on as whoever asked for it.
    let is_caller = issuance.kind == IssuanceKind::GetSessionToken;
    let principal_id =
        if is_caller { &issuance.caller.principal_id } else { &issuance.principal_id };
    **key == *name.text
        || **principal_id == *name.text
        || *issuance.role_session_name == *name.text
        || name.is_role(role_of(&issuance.role_arn))
        || name.is_principal(&issuance.principal_arn)
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

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;
    use alloc::collections::BTreeSet;
    use alloc::string::String;
    use alloc::vec::Vec;

    use cloudtrail::Arn;
    use evidence::Evidence;

    use super::{is_known, trace};
    use crate::settings::Settings;

    /// Leaked keys, people, functions, services, certificates, and what came in from elsewhere.
    const LOGS: [&[u8]; 7] = [
        include_bytes!("../fixtures/role_chaining/fires_leaked_key_to_the_user_bob.jsonl"),
        include_bytes!("../fixtures/role_chaining/fires_on_a_chain_from_identity_center.jsonl"),
        include_bytes!("../fixtures/role_chaining/fires_on_a_function_that_climbs.jsonl"),
        include_bytes!("../fixtures/role_chaining/fires_on_a_machine_with_a_certificate.jsonl"),
        include_bytes!("../fixtures/role_chaining/fires_on_a_person_of_a_saml_provider.jsonl"),
        include_bytes!("../fixtures/role_chaining/fires_on_a_user_of_the_console.jsonl"),
        include_bytes!("../fixtures/role_chaining/quiet_when_a_service_is_the_caller.jsonl"),
    ];

    /// What anybody or anything is called in `evidence`.
    fn names(evidence: &Evidence) -> BTreeSet<String> {
        let mut all: Vec<&str> = alloc::vec!["", "nobody", "arn:aws:iam::111122223333:role/none"];
        let mut arns: Vec<&str> = Vec::new();
        for (credential, attributes) in evidence.credentials() {
            all.extend([&*credential.access_key_id, &*credential.principal_id]);
            all.extend([&*credential.account_id, &*credential.service]);
            arns.extend([&*credential.arn]);
            arns.extend(attributes.issuer_arn.as_deref());
        }
        for issuance in evidence.issuances() {
            all.extend([&*issuance.access_key_id, &*issuance.principal_id, &*issuance.subject]);
            all.extend([&*issuance.role_session_name, &*issuance.provider, &*issuance.user_name]);
            arns.extend([&*issuance.role_arn, &*issuance.principal_arn, &*issuance.caller.arn]);
        }
        for arn in arns {
            all.push(arn);
            let Some(arn) = Arn::parse(arn) else {
                continue;
            };
            all.extend(arn.role_name().into_iter().chain(arn.user_name()));
            let session = arn.role_session();
            all.extend(session.iter().flat_map(|it| [it.role_name, it.role_session_name]));
        }
        all.into_iter().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn what_is_known_is_what_a_trace_finds() {
        for log in LOGS {
            let mut evidence = Evidence::default();
            cloudtrail::read(log, &mut |record| {
                evidence.record(record);
            });
            let names = names(&evidence);
            for name in &names {
                let has_parts = !trace(&evidence, Settings::default(), name).parts.is_empty();
                assert_eq!(is_known(&evidence, name), has_parts, "{name}");
            }
            let n_known = names.iter().filter(|name| is_known(&evidence, name)).count();
            assert!(n_known > 5 && n_known < names.len(), "{n_known} of {}", names.len());
        }
    }
}
