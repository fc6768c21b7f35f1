//! Who undid what a response had set.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use serde::Serialize;

use super::seen::{Seen, Told};
use super::sought::Sought;
use crate::plan::Plan;
use crate::step::{Setting, SettingOn};
use crate::watch::{Call, Watch};

/// Calls with which a plan takes back what it set.
const LIFTS: [&str; 6] = [
    "CreateLoginProfile",
    "DeletePolicy",
    "DeleteRolePolicy",
    "DeleteUserPolicy",
    "DetachPolicy",
    "DetachUserPolicy",
];

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
    /// Whether sessions that it stops may have been alive then.
    pub is_early: bool,
}

/// What it means that something was undone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Meaning {
    /// It should stand.
    Undone,
    /// The plan takes it back, too.
    TakenBack,
    /// Somebody beside the chain wrote it anew, which only a person can judge.
    WrittenAgain,
}

/// What is known of a response.
pub(super) struct Known<'p> {
    /// Everything that the plan sets.
    pub(super) seen: Vec<Seen<'p>>,
    watch: &'p Watch,
    /// The keys of the chain.
    owned: BTreeSet<&'p str>,
    /// Time of the last event of the chain that the plan knows.
    t0: Timestamp,
    /// When the response began.
    pub(super) since: Timestamp,
    /// Until when the plan says to watch.
    until: Timestamp,
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

impl<'p> Known<'p> {
    /// What `watch` tells of the response `plan` to a chain that has the keys `owned`, new ones
    /// included.
    pub(super) fn of(plan: &'p Plan, watch: &'p Watch, owned: BTreeSet<&'p str>) -> Self {
        let t0 = Timestamp::parse(&plan.t0).unwrap_or_default();
        let sought = Sought::of(plan).into_iter();
        let about = sought.map(|sought| {
            let calls: Vec<&Call> = watch.about(sought.setting).collect();
            (sought, calls)
        });
        let about: Vec<(Sought<'_>, Vec<&Call>)> = about.collect();
        let since = began(plan, &about, &owned).map_or(t0, |began| t0.min(began));
        let seen = about.into_iter().map(|(sought, calls)| {
            let calls = calls.into_iter().filter(|call| call.time >= since);
            Seen::of(sought, calls, &owned)
        });
        let until = Timestamp::parse(&plan.watch_until).unwrap_or(t0);
        Self { seen: seen.collect(), watch, t0, since, until, owned }
    }

    /// Whether `seen` was set since, by itself or with what denies more.
    pub(super) fn is_set(&self, seen: &Seen<'_>) -> bool {
        let mut others = self.seen.iter().filter(|other| other.set_at().is_some());
        seen.set_at().is_some() || others.any(|other| other.sought.includes(&seen.sought))
    }

    /// Until when any session of the chain may live.
    pub(super) fn all_live_until(&self) -> Timestamp {
        let ends = self.seen.iter().map(|seen| seen.lives_until(self.until));
        ends.max().unwrap_or(self.until)
    }

    /// What was undone after it was set, by time, and what that means.
    pub(super) fn undone(&self) -> Vec<(Meaning, Undone)> {
        let mut undone: Vec<(Meaning, Undone)> =
            self.seen.iter().flat_map(|seen| self.undone_of(seen)).collect();
        undone.sort_by(|(_, left), (_, right)| left.event_time.cmp(&right.event_time));
        undone
    }

    fn undone_of(&self, seen: &Seen<'_>) -> Vec<(Meaning, Undone)> {
        let is_trust = seen.sought.setting.on == SettingOn::TrustPolicy;
        let lives_until = seen.lives_until(self.until);
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        let mut found: Vec<(Meaning, Undone)> = Vec::new();
        for (at, told) in seen.calls.iter().enumerate() {
            let call = told.call;
            // A trust policy that is written once more is not the one that was set.
            let is_rewritten = is_trust && seen.first.is_some_and(|first| at > first);
            // What was written before it was set undoes nothing; a permission set is provisioned
            // for other reasons, too.
            let is_of_set = seen.sought.setting.is_of_permission_set();
            let is_before = (call.event_name.starts_with("Put") || is_of_set)
                && seen.first.map_or(is_of_set, |first| at < first);
            // What the chain did until the plan was made is the incident.
            let is_incident = told.is_by_chain
                && call.time <= self.t0
                && seen.first.is_none_or(|first| at < first);
            let undoes = !told.sets || (is_rewritten && !call.is_deletion());
            // A store and logs may both tell of it.
            let is_known = |id: &str| !id.is_empty() && ids.contains(id);
            if !undoes || is_before || is_incident || is_known(&call.event_id) {
                continue;
            }
            ids.insert(&call.event_id);
            let is_settled = seen.is_deleted_after(at);
            let meaning = match (told.is_by_chain, is_settled) {
                (true, _) => Meaning::Undone,
                (false, true) => Meaning::TakenBack,
                (false, false) => self.meant(&seen.sought, call),
            };
            let is_early = !is_settled && call.time < lives_until;
            found.push((meaning, undone(seen, (at, told), is_early)));
        }
        found
    }

    /// What it means that somebody beside the chain undid `sought`.
    fn meant(&self, sought: &Sought<'_>, call: &Call) -> Meaning {
        let is_over = call.time >= self.until;
        // Whoever takes a statement out of a permission set's policy writes the rest anew.
        let is_lift =
            LIFTS.contains(&call.event_name.as_str()) || sought.setting.is_of_permission_set();
        match sought.setting.on {
            SettingOn::TrustPolicy => Meaning::WrittenAgain,
            SettingOn::AttachedUserPolicy
            | SettingOn::LoginProfile
            | SettingOn::OrganizationPolicy
            | SettingOn::RolePolicy
            | SettingOn::UserPolicy
                if is_over && sought.is_lifted && is_lift =>
            {
                Meaning::TakenBack
            }
            SettingOn::LoginProfile if is_over => Meaning::WrittenAgain,
            SettingOn::AccessKey
            | SettingOn::AttachedUserPolicy
            | SettingOn::InstanceProfile
            | SettingOn::LoginProfile
            | SettingOn::OrganizationPolicy
            | SettingOn::RolePolicy
            | SettingOn::UserPolicy => Meaning::Undone,
        }
    }

    /// Calls since that may have undone something, by time.
    pub(super) fn untold(&self) -> Vec<Untold> {
        let found = self.watch.deletions().filter(|deletion| {
            let mut about = self.seen.iter().map(|seen| seen.sought.setting).filter(|setting| {
                let is_there = setting.on == SettingOn::OrganizationPolicy
                    || setting.account_id == deletion.account_id;
                setting.on == deletion.on && is_there
            });
            deletion.last >= self.since && about.next().is_some()
        });
        let found = found.map(|deletion| Untold {
            event_name: deletion.event_name.clone(),
            account_id: deletion.account_id.clone(),
            by: deletion.by.clone(),
            source_ip_address: deletion.source_ip_address.clone(),
            first: deletion.first.to_string(),
            last: deletion.last.to_string(),
            is_by_chain: self.owned.contains(deletion.access_key_id.as_str()),
        });
        found.collect()
    }
}

/// When the response `plan` began, as the calls `about` what it sets tell.
///
/// It began behind the last event of the chain that the plan knows. A plan that was made of logs
/// which hold the response, too, knows later events. What the plan sets was then set before them;
/// what was set before the chain began belongs to something else.
fn began(
    plan: &Plan,
    about: &[(Sought<'_>, Vec<&Call>)],
    owned: &BTreeSet<&str>,
) -> Option<Timestamp> {
    let times = plan.credentials.iter();
    let times = times.filter_map(|one| one.created.as_deref().or(one.last_used.as_deref()));
    let t0 = Timestamp::parse(&plan.t0).unwrap_or_default();
    let chain = times.filter_map(Timestamp::parse).min().unwrap_or(t0);
    let is_ours = |sought: &Sought<'_>| match sought.setting.on {
        SettingOn::AccessKey
        | SettingOn::AttachedUserPolicy
        | SettingOn::RolePolicy
        | SettingOn::UserPolicy => true,
        SettingOn::InstanceProfile
        | SettingOn::LoginProfile
        | SettingOn::OrganizationPolicy
        | SettingOn::TrustPolicy => false,
    };
    // Whoever set less than the plan does has begun, too.
    let is_response = |call: &&&Call| {
        call.sets && call.time >= chain && !owned.contains(call.access_key_id.as_str())
    };
    let is_ours = |sought: &Sought<'_>| is_ours(sought) && !sought.setting.is_of_permission_set();
    let ours = about.iter().filter(|(sought, _)| is_ours(sought));
    let calls = ours.flat_map(|(_, calls)| calls).filter(is_response);
    calls.map(|call| call.time).min()
}

/// That the call `at` undid what was `seen` to be set.
fn undone(seen: &Seen<'_>, (at, told): (usize, &Told<'_>), is_early: bool) -> Undone {
    let call = told.call;
    Undone {
        setting: seen.sought.setting.clone(),
        event_name: call.event_name.clone(),
        event_id: call.event_id.clone(),
        event_time: call.time.to_string(),
        by: call.by.clone(),
        source_ip_address: call.source_ip_address.clone(),
        is_by_chain: told.is_by_chain,
        is_set_again: seen.is_set_after(at),
        is_early,
    }
}
