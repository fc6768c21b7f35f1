//! Gathers what is known about a workload.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::{Arn, Timestamp};
use evidence::{Change, Count, Credential, EventRef};
use lineage::Node;
use network::{Instance, InstanceChange, Launch, Proof, Touch};

use super::told::{self, by};
use super::{Delivery, Workload};
use crate::artifact;
use crate::background::{Background, BackgroundChange, KnownAddress, LaunchedBy, WorkloadSession};
use crate::chain::{origin_of, path_to};
use crate::context::Context;
use crate::limits::CONTEXT_MAX;

/// Seconds before the first finding in which changes are shown.
const BEFORE: i64 = 72 * 3_600;

/// What is known about the workload that the node of number `root` is a session of, for findings
/// from `first` to `last`.
pub(crate) fn background(
    context: &Context<'_>,
    root: usize,
    (first, last): (Timestamp, Timestamp),
) -> Option<Background> {
    let number = context.workloads.of_node(root)?;
    let workload = context.workloads.workload(number)?;
    let instance = workload.instance_id.as_ref().and_then(|id| context.network.instance(id));
    let (changes, changes_left_out) = changes(context, workload, instance, (first, last));
    let (sessions, sessions_left_out) = sessions(context, workload, (first, last));
    let options = instance.and_then(|instance| instance.metadata_options.last());
    let of =
        |field: fn(&Instance) -> &Option<Arc<str>>| instance.and_then(|one| field(one).clone());
    Some(Background {
        kind: workload.kind,
        instance_id: workload.instance_id.clone(),
        name: of(|instance| &instance.name),
        account_id: of(|instance| &instance.account_id)
            .or_else(|| Some(Arc::clone(&workload.account_id)).filter(|id| !id.is_empty())),
        region: of(|instance| &instance.region),
        vpc_id: of(|instance| &instance.vpc_id),
        subnet_id: of(|instance| &instance.subnet_id),
        image_id: of(|instance| &instance.image_id),
        security_group_ids: instance
            .map(|instance| instance.security_group_ids.clone())
            .unwrap_or_default(),
        role_arn: role_arn(context, root),
        instance_profile: instance
            .and_then(|instance| Some(instance.profiles.last()?.value.clone())),
        addresses: addresses(context, number, instance),
        launch: instance
            .and_then(|instance| instance.launch.as_ref())
            .map(|launch| launched_by(context, launch)),
        launched_at: instance.and_then(|instance| instance.launched_at),
        terminated_at: instance.and_then(|instance| Some(instance.terminated.as_ref()?.0)),
        http_tokens: options.and_then(|options| options.value.http_tokens.clone()),
        http_put_response_hop_limit: options.and_then(|options| options.value.hop_limit),
        calls_by_imds_version: [Delivery::First, Delivery::Second].map(|version| {
            let calls = workload.calls.iter().filter(|call| call.delivery == version);
            calls.map(|call| context.workloads.names().count(call)).sum()
        }),
        sessions,
        sessions_left_out,
        changes,
        changes_left_out,
    })
}

fn role_arn(context: &Context<'_>, root: usize) -> Option<Arc<str>> {
    let node = context.lineage.node(root)?;
    let issued = node.issued.as_ref().map(|issued| &issued.issuance.role_arn);
    issued.filter(|arn| !arn.is_empty()).or(node.attributes.issuer_arn.as_ref()).cloned()
}

fn launched_by(context: &Context<'_>, launch: &Launch) -> LaunchedBy {
    let node = context.lineage.of_identity(&launch.caller);
    LaunchedBy {
        event_time: launch.event.event_time,
        event_id: launch.event.event_id_text(),
        principal_arn: principal(&launch.caller),
        source_ip_address: Arc::clone(&launch.event.source_ip_address),
        origin: node.map_or(crate::Origin::unknown(), |node| origin_of(context, node)),
        roles: node.map(|node| path_to(&context.lineage, node)).unwrap_or_default(),
    }
}

fn principal(caller: &Credential) -> Option<Arc<str>> {
    [&caller.arn, &caller.service, &caller.principal_id]
        .into_iter()
        .find(|name| !name.is_empty())
        .cloned()
}

/// Addresses that facts give it, and places that it calls from for other reasons.
fn addresses(
    context: &Context<'_>,
    number: usize,
    instance: Option<&Instance>,
) -> Vec<KnownAddress> {
    let held = instance.into_iter().flat_map(|instance| &instance.addresses);
    let mut known: Vec<KnownAddress> = held
        .map(|held| KnownAddress {
            address: held.value.to_string(),
            since: held.since,
            until: held.until,
            because: by(&held.proof),
            event_id: match &held.proof {
                Proof::Event(event) => event.event_id_text(),
                Proof::Inventory(_) => None,
            },
        })
        .collect();
    let homes = context.workloads.homes(context).get(number);
    let learned = homes.map(super::Home::places).unwrap_or_default();
    for home in learned.into_iter().map(told::home_use) {
        let address = home.place.name();
        if known.iter().all(|one| one.address != address) {
            known.push(KnownAddress {
                address,
                since: Some(home.first_seen),
                until: None,
                because: home.because,
                event_id: home.event_id,
            });
        }
    }
    known.truncate(CONTEXT_MAX);
    known
}

/// The sessions around the findings, nearest first where there are too many, then by time.
fn sessions(
    context: &Context<'_>,
    workload: &Workload,
    (first, last): (Timestamp, Timestamp),
) -> (Vec<WorkloadSession>, u64) {
    let mut calls: BTreeMap<usize, (Count, BTreeSet<String>)> = BTreeMap::new();
    let names = context.workloads.names();
    for call in &workload.calls {
        let (count, places) = calls.entry(call.node).or_default();
        *count += names.count(call);
        places.extend(told::place_name(names, call));
    }
    let created = |index: &usize| context.lineage.node(*index).and_then(Node::created);
    let distance = |index: &usize| {
        created(index).map(|time| {
            let before = first.seconds_since(time).max(0);
            before.max(time.seconds_since(last))
        })
    };
    let mut nodes: Vec<usize> = workload.nodes.clone();
    nodes.sort_by_key(|index| (distance(index).unwrap_or(i64::MAX), *index));
    let left_out = nodes.len().saturating_sub(CONTEXT_MAX) as u64;
    nodes.truncate(CONTEXT_MAX);
    nodes.sort_by_key(|index| (created(index), *index));
    let session = |index: usize| {
        let node = context.lineage.node(index)?;
        let (count, places) = calls.remove(&index).unwrap_or_default();
        Some(WorkloadSession {
            issued_at: node.created(),
            access_key_ids: node.access_key_ids.iter().take(CONTEXT_MAX).cloned().collect(),
            calls: count,
            places: places.into_iter().take(CONTEXT_MAX).collect(),
        })
    };
    (nodes.into_iter().filter_map(session).collect(), left_out)
}

/// What changed on the instance and on its role shortly before `first` and until `last`; the
/// latest where there is too much.
fn changes(
    context: &Context<'_>,
    workload: &Workload,
    instance: Option<&Instance>,
    (first, last): (Timestamp, Timestamp),
) -> (Vec<BackgroundChange>, u64) {
    let is_near = |time: Timestamp| first.seconds_since(time) <= BEFORE && time <= last;
    let touched = instance.into_iter().flat_map(|instance| &instance.changes);
    let groups = instance.into_iter().flat_map(|instance| &instance.security_group_ids);
    let rules = groups.flat_map(|group| context.network.group_changes(group));
    let touched = touched.chain(rules).filter(|change| is_near(change.event.event_time));
    let touched = touched.map(of_instance);
    let root = workload.nodes.first().and_then(|index| context.lineage.node(*index));
    let role = root.and_then(|node| node.role());
    let on_role = role.into_iter().flat_map(|(account, role)| context.changes_on(account, role));
    let on_role = on_role.filter(|change| is_near(change.event.event_time)).copied().map(of_role);
    let mut all: Vec<BackgroundChange> = touched.chain(on_role).collect();
    all.sort();
    all.dedup();
    let left_out = all.len().saturating_sub(CONTEXT_MAX);
    (all.split_off(left_out), left_out as u64)
}

fn of_instance(change: &InstanceChange) -> BackgroundChange {
    let what = match change.touch {
        Touch::Address => "address",
        Touch::Command => "command through Systems Manager",
        Touch::Connection => "connection",
        Touch::Interface => "network interface",
        Touch::MetadataOptions => "metadata options",
        Touch::Profile => "instance profile",
        Touch::SecurityGroup => "security group",
        Touch::State => "state",
        Touch::Termination => "termination",
        Touch::UserData => "user data",
        Touch::Volume => "volume",
    };
    let detail = &*change.detail;
    let what = if detail.is_empty() { what.to_string() } else { format!("{what}: {detail}") };
    written(&change.event, &change.caller, what)
}

fn of_role(change: &Change) -> BackgroundChange {
    let what = format!("role: {}", artifact::kind_of(change));
    written(&change.event, &change.caller, what)
}

fn written(event: &EventRef, caller: &Credential, what: String) -> BackgroundChange {
    BackgroundChange {
        event_time: event.event_time,
        event_source: Arc::clone(&event.event_source),
        event_name: Arc::clone(&event.event_name),
        event_id: event.event_id_text(),
        what,
        principal_arn: principal(caller),
        source_ip_address: Arc::clone(&event.source_ip_address),
    }
}

/// The name of the role that `change` is about, if it is about a role.
pub(crate) fn role_changed(change: &Change) -> Option<&str> {
    // `PutRolePolicy`, `UpdateAssumeRolePolicy`, `CreateRole` and so on; users have calls of
    // their own.
    if !change.event.event_name.contains("Role") || change.name.is_empty() {
        return None;
    }
    Arn::parse(&change.name).and_then(|arn| arn.role_name()).or(Some(&change.name))
}
