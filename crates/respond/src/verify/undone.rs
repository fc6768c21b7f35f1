//! Who undid what a response had set.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use serde::Serialize;

use crate::plan::Plan;
use crate::step::{Setting, SettingOn};
use crate::watch::{Call, Watch};

/// Somebody undid what was set.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Undone {
    /// What was set.
    pub setting: Setting,
    /// The call.
    pub event_name: String,
    /// The call.
    pub event_id: String,
    /// When.
    pub event_time: String,
    /// ARN of the caller.
    pub by: String,
    /// From where.
    pub source_ip_address: String,
    /// Whether a credential of the chain did it.
    pub is_by_chain: bool,
    /// Whether it was set again later.
    pub is_set_again: bool,
}

/// Calls of one caller that may have undone something, of which a store does not keep what they
/// were about.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Untold {
    /// The call.
    pub event_name: String,
    /// Account.
    pub account_id: String,
    /// ARN of the caller.
    pub by: String,
    /// From where.
    pub source_ip_address: String,
    /// First and last time.
    pub first: String,
    /// The same as `first` where there is one.
    pub last: String,
    /// Whether a credential of the chain did it.
    pub is_by_chain: bool,
}

/// When the response began: behind the last event of the chain that the plan knows.
///
/// A plan that was made of logs which hold the response, too, knows later events. What the plan
/// sets was then set before them; what was set before the chain began belongs to something else.
pub(super) fn began(
    plan: &Plan,
    settings: &BTreeMap<String, &Setting>,
    watch: &Watch,
    chain: &BTreeSet<&str>,
) -> Timestamp {
    let t0 = Timestamp::parse(&plan.t0).unwrap_or_default();
    let known = plan.credentials.iter();
    let times = known.filter_map(|one| one.created.as_deref().or(one.last_used.as_deref()));
    let begin = times.filter_map(Timestamp::parse).min().unwrap_or(t0);
    let is_ours = |setting: &&&Setting| {
        matches!(
            setting.on,
            SettingOn::AccessKey
                | SettingOn::AttachedUserPolicy
                | SettingOn::RolePolicy
                | SettingOn::UserPolicy
        )
    };
    let set = settings.values().filter(is_ours);
    let set = set.filter_map(|setting| set_at(watch, setting, begin, chain)).min();
    set.map_or(t0, |set| t0.min(set))
}

/// When `setting` was first set since, by another than the keys of the `chain`: what these set
/// themselves, such as a trust policy, is no response.
pub(super) fn set_at(
    watch: &Watch,
    setting: &Setting,
    since: Timestamp,
    chain: &BTreeSet<&str>,
) -> Option<Timestamp> {
    let is_response = |call: &&Call| {
        call.sets && call.time >= since && !chain.contains(call.access_key_id.as_str())
    };
    watch.about(setting).filter(is_response).map(|call| call.time).min()
}

/// The calls that undid `setting` after it was set.
pub(super) fn undone(
    watch: &Watch,
    setting: &Setting,
    since: Timestamp,
    keys: &BTreeSet<&String>,
) -> Vec<Undone> {
    let calls: Vec<&Call> = watch.about(setting).filter(|call| call.time >= since).collect();
    let first = calls.iter().position(|call| call.sets && !keys.contains(&call.access_key_id));
    let is_trust = setting.on == SettingOn::TrustPolicy;
    let mut found: Vec<Undone> = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        // A trust policy that is written once more is not the one that was set.
        let undoes = !call.sets || (is_trust && first.is_some_and(|first| at > first));
        // A store and logs may both tell of it.
        let is_told = |told: &Undone| !told.event_id.is_empty() && told.event_id == call.event_id;
        if !undoes || found.iter().any(is_told) {
            continue;
        }
        found.push(Undone {
            setting: setting.clone(),
            event_name: call.event_name.clone(),
            event_id: call.event_id.clone(),
            event_time: call.time.to_string(),
            by: call.by.clone(),
            source_ip_address: call.source_ip_address.clone(),
            is_by_chain: keys.contains(&call.access_key_id),
            is_set_again: !is_trust && calls.iter().skip(at + 1).any(|later| later.sets),
        });
    }
    found
}

/// Calls since that may have undone one of `settings`, by time.
pub(super) fn untold(
    watch: &Watch,
    settings: &BTreeMap<String, &Setting>,
    since: Timestamp,
    keys: &BTreeSet<&String>,
) -> Vec<Untold> {
    let found = watch.deletions().filter(|deletion| {
        let mut about = settings.values().filter(|setting| {
            let is_there = setting.on == SettingOn::OrganizationPolicy
                || setting.account_id == deletion.account_id;
            setting.on == deletion.on && is_there
        });
        deletion.last >= since && about.next().is_some()
    });
    let found = found.map(|deletion| Untold {
        event_name: deletion.event_name.clone(),
        account_id: deletion.account_id.clone(),
        by: deletion.by.clone(),
        source_ip_address: deletion.source_ip_address.clone(),
        first: deletion.first.to_string(),
        last: deletion.last.to_string(),
        is_by_chain: keys.contains(&deletion.access_key_id),
    });
    found.collect()
}
