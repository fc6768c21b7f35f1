//! Instances, as the walk gathers them.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use evidence::{InstanceState, InstanceStatement, MetadataOptions, NetworkFact, Touch};

use crate::instance::{Instance, InstanceChange, Launch};
use crate::interval::{Held, Proof};
use crate::places::Moment;
use crate::walk::fill;

/// Calls that let more into each security group.
pub(crate) type GroupChanges = BTreeMap<Arc<str>, Vec<InstanceChange>>;

/// What the walk knows of instances.
#[derive(Default)]
pub(crate) struct Machines<'e> {
    instances: BTreeMap<&'e str, Instance>,
    group_changes: BTreeMap<&'e str, Vec<InstanceChange>>,
    instance_of_volume: BTreeMap<&'e str, &'e str>,
}

impl<'e> Machines<'e> {
    /// Takes one fact.
    pub(crate) fn step(
        &mut self,
        statement: &'e InstanceStatement,
        fact: &'e NetworkFact,
        now: Moment<'e>,
    ) {
        match statement {
            InstanceStatement::Described(state) => self.describe(state, fact, now),
            InstanceStatement::GroupOpened { group_id } => {
                let change = change(Touch::SecurityGroup, group_id, fact);
                self.group_changes.entry(group_id).or_default().extend(change);
            }
            InstanceStatement::MetadataOptionsSet { instance_id, options } => {
                set_options(&mut self.of(instance_id, fact).metadata_options, options, now);
            }
            InstanceStatement::Named { instance_id, name } => {
                self.of(instance_id, fact).name = Some(Arc::clone(name));
            }
            InstanceStatement::ProfileAssociated { instance_id, profile, .. } => {
                replace(&mut self.of(instance_id, fact).profiles, Some(profile), now);
            }
            InstanceStatement::ProfileDisassociated { instance_id, .. } => {
                if !instance_id.is_empty() {
                    replace(&mut self.of(instance_id, fact).profiles, None, now);
                }
            }
            InstanceStatement::SnapshotTaken { volume_id } => {
                let instance = self.instance_of_volume.get(&**volume_id).copied();
                self.touched(instance, Touch::Volume, volume_id, fact);
            }
            InstanceStatement::Stopped { .. } => {}
            InstanceStatement::Terminated { instance_id } => {
                let instance = self.of(instance_id, fact);
                if let (Some(at), None) = (now.at, &instance.terminated) {
                    instance.terminated = Some((at, Proof::of(now.proof)));
                }
                replace(&mut instance.profiles, None, now);
                replace(&mut instance.metadata_options, None, now);
            }
            InstanceStatement::Touched { instance_id, touch, detail } => {
                self.touched(Some(instance_id), *touch, detail, fact);
            }
            InstanceStatement::VolumeAttached { volume_id, instance_id } => {
                self.instance_of_volume.insert(volume_id, instance_id);
            }
        }
    }

    /// Notes that a call touched an instance.
    pub(crate) fn touched(
        &mut self,
        instance_id: Option<&'e str>,
        touch: Touch,
        detail: &Arc<str>,
        fact: &NetworkFact,
    ) {
        let change = change(touch, detail, fact);
        if let Some((id, change)) = instance_id.zip(change) {
            self.of(id, fact).changes.push(change);
        }
    }

    /// The instances, and the changes of security groups.
    pub(crate) fn finish(mut self) -> (BTreeMap<Arc<str>, Instance>, GroupChanges) {
        for instance in self.instances.values_mut() {
            instance.changes = sorted(core::mem::take(&mut instance.changes));
            instance.security_group_ids.sort();
            instance.security_group_ids.dedup();
        }
        let instances = self.instances.into_values();
        let groups = self.group_changes.into_iter();
        (
            instances.map(|instance| (Arc::clone(&instance.id), instance)).collect(),
            groups.map(|(id, changes)| (Arc::from(id), sorted(changes))).collect(),
        )
    }

    fn of(&mut self, id: &'e str, fact: &NetworkFact) -> &mut Instance {
        let instance = self.instances.entry(id).or_default();
        if instance.id.is_empty() {
            instance.id = Arc::from(id);
        }
        fill(&mut instance.account_id, fact.account_id());
        fill(&mut instance.region, fact.region());
        instance
    }

    fn describe(&mut self, state: &'e InstanceState, fact: &'e NetworkFact, now: Moment<'e>) {
        let instance = self.of(&state.instance_id, fact);
        fill(&mut instance.vpc_id, &state.vpc_id);
        fill(&mut instance.subnet_id, &state.subnet_id);
        fill(&mut instance.image_id, &state.image_id);
        if !state.name.is_empty() {
            instance.name = Some(Arc::clone(&state.name));
        }
        instance.security_group_ids.extend(state.security_group_ids.iter().cloned());
        match fact.call().filter(|_| state.is_launch) {
            Some(call) if instance.launch.is_none() => {
                let (event, caller) = (call.event.clone(), call.caller.clone());
                instance.launch = Some(Launch { event, caller });
                instance.launched_at = now.at;
            }
            Some(_) => {}
            None => instance.launched_at = instance.launched_at.or(state.launched_at),
        }
    }
}

/// Ends the last interval and begins one with `value`, unless that is what holds already.
fn replace<T: Clone + PartialEq>(held: &mut Vec<Held<T>>, value: Option<&T>, now: Moment<'_>) {
    if let Some(last) = held.last_mut().filter(|last| last.until.is_none()) {
        if Some(&last.value) == value {
            return;
        }
        last.until = now.at;
        if last.since == last.until {
            held.pop();
        }
    }
    held.extend(value.map(|value| Held {
        since: now.at,
        until: None,
        value: value.clone(),
        proof: Proof::of(now.proof),
    }));
}

/// Sets the options that are told, and keeps the others.
fn set_options(held: &mut Vec<Held<MetadataOptions>>, told: &MetadataOptions, now: Moment<'_>) {
    let known = held.last().filter(|last| last.until.is_none()).map(|last| last.value.clone());
    let known = known.unwrap_or_default();
    let options = MetadataOptions {
        http_tokens: told.http_tokens.clone().or(known.http_tokens),
        http_endpoint: told.http_endpoint.clone().or(known.http_endpoint),
        hop_limit: told.hop_limit.or(known.hop_limit),
    };
    replace(held, Some(&options), now);
}

fn change(touch: Touch, detail: &Arc<str>, fact: &NetworkFact) -> Option<InstanceChange> {
    let call = fact.call()?;
    let (event, caller) = (call.event.clone(), call.caller.clone());
    Some(InstanceChange { touch, detail: Arc::clone(detail), event, caller })
}

/// By time, and one for each request: copies of an event tell nothing new.
fn sorted(mut changes: Vec<InstanceChange>) -> Vec<InstanceChange> {
    changes.sort_by(|left, right| key(left).cmp(&key(right)));
    changes.dedup_by(|later, earlier| {
        let is_same = (later.touch, &later.detail) == (earlier.touch, &earlier.detail);
        let request = &earlier.event.request_id;
        let is_copy = *request == later.event.request_id && !request.is_empty();
        is_same && (is_copy || later.event == earlier.event)
    });
    changes
}

fn key(change: &InstanceChange) -> impl Ord {
    let event = &change.event;
    (event.event_time, change.touch, &change.detail, &event.request_id, event)
}
