//! Who undid what a response had set.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use serde::Serialize;

use super::sought::Sought;
use crate::plan::Plan;
use crate::step::{Setting, SettingOn};
use crate::watch::{Call, Watch};

/// Hours that a session of a role can live at most.
const ROLE_HOURS: i64 = 12;

/// Hours that a session or federation token of a user can live at most.
const TOKEN_HOURS: i64 = 36;

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
    pub(super) sought: Vec<Sought<'p>>,
    pub(super) watch: &'p Watch,
    /// When the response began.
    pub(super) since: Timestamp,
    /// Until when the plan says to watch.
    pub(super) until: Timestamp,
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
    /// What `watch` tells of the response `plan` to a chain of the keys `chain`.
    ///
    /// The response began behind the last event of the chain that the plan knows. A plan that was
    /// made of logs which hold the response, too, knows later events. What the plan sets was then
    /// set before them; what was set before the chain began belongs to something else.
    pub(super) fn of(plan: &'p Plan, watch: &'p Watch, chain: &BTreeSet<&str>) -> Self {
        let t0 = Timestamp::parse(&plan.t0).unwrap_or_default();
        let known = plan.credentials.iter();
        let times = known.filter_map(|one| one.created.as_deref().or(one.last_used.as_deref()));
        let since = times.filter_map(Timestamp::parse).min().unwrap_or(t0);
        let until = Timestamp::parse(&plan.watch_until).unwrap_or(t0);
        let mut of = Self { sought: Sought::of(plan), watch, since, until };
        let is_ours = |sought: &&Sought<'_>| match sought.setting.on {
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
        let is_response = |call: &&Call| {
            call.sets && call.time >= since && !chain.contains(call.access_key_id.as_str())
        };
        let ours = of.sought.iter().filter(is_ours);
        let calls = ours.flat_map(|sought| watch.about(sought.setting)).filter(is_response);
        let set = calls.map(|call| call.time).min();
        of.since = set.map_or(t0, |set| t0.min(set));
        of
    }

    /// Each time at which `sought` was set since, by another than the keys of the `chain`: what
    /// these set themselves, such as a trust policy, is no response.
    fn sets(&self, sought: &Sought<'_>, chain: &BTreeSet<&str>) -> Vec<Timestamp> {
        let is_response = |call: &&Call| {
            sought.is_set_by(call)
                && call.time >= self.since
                && !chain.contains(call.access_key_id.as_str())
        };
        self.watch.about(sought.setting).filter(is_response).map(|call| call.time).collect()
    }

    /// When `sought` was first set since.
    pub(super) fn set_at(&self, sought: &Sought<'_>, chain: &BTreeSet<&str>) -> Option<Timestamp> {
        self.sets(sought, chain).into_iter().min()
    }

    /// Whether `sought` was set since, by itself or with what denies more.
    pub(super) fn is_set(&self, sought: &Sought<'_>, chain: &BTreeSet<&str>) -> bool {
        let mut others = self.sought.iter().filter(|other| other.includes(sought));
        self.set_at(sought, chain).is_some()
            || others.any(|other| self.set_at(other, chain).is_some())
    }

    /// Until when sessions may live that `sought` stops: what was issued while a revocation
    /// spread is as old as its last round.
    fn lives_until(&self, sought: &Sought<'_>, chain: &BTreeSet<&str>) -> Timestamp {
        let is_of_user = sought.setting.on == SettingOn::UserPolicy;
        let hours = if is_of_user { TOKEN_HOURS } else { ROLE_HOURS };
        let last = self.sets(sought, chain).into_iter().max().filter(|_| sought.is_revocation());
        let end = last.map(|last| Timestamp(last.0.saturating_add(hours * 3_600)));
        end.map_or(self.until, |end| end.max(self.until))
    }

    /// Until when any session of the chain may live.
    pub(super) fn all_live_until(&self, chain: &BTreeSet<&str>) -> Timestamp {
        let ends = self.sought.iter().map(|sought| self.lives_until(sought, chain));
        ends.max().unwrap_or(self.until)
    }

    /// What was undone after it was set, by time, and what that means; `keys` are those of the
    /// chain, new ones included.
    pub(super) fn undone(&self, keys: &BTreeSet<&str>) -> Vec<(Meaning, Undone)> {
        let mut undone: Vec<(Meaning, Undone)> =
            self.sought.iter().flat_map(|sought| self.undone_of(sought, keys)).collect();
        undone.sort_by(|(_, left), (_, right)| left.event_time.cmp(&right.event_time));
        undone
    }

    fn undone_of(&self, sought: &Sought<'_>, keys: &BTreeSet<&str>) -> Vec<(Meaning, Undone)> {
        let setting = sought.setting;
        let calls = self.watch.about(setting).filter(|call| call.time >= self.since);
        let calls: Vec<&Call> = calls.collect();
        let is_of_chain = |call: &Call| keys.contains(call.access_key_id.as_str());
        let is_set = |call: &&&Call| sought.is_set_by(call) && !is_of_chain(call);
        let first = calls.iter().position(|call| is_set(&call));
        let is_trust = setting.on == SettingOn::TrustPolicy;
        let mut found: Vec<(Meaning, Undone)> = Vec::new();
        for (at, call) in calls.iter().enumerate() {
            // A trust policy that is written once more is not the one that was set.
            let is_rewritten = is_trust && first.is_some_and(|first| at > first);
            // What was written before it was set undoes nothing.
            let is_before =
                call.event_name.starts_with("Put") && first.is_some_and(|first| at < first);
            let undoes = !sought.is_set_by(call) || (is_rewritten && !call.is_deletion());
            // A store and logs may both tell of it.
            let is_told = |(_, told): &(Meaning, Undone)| {
                !told.event_id.is_empty() && told.event_id == call.event_id
            };
            if !undoes || is_before || found.iter().any(is_told) {
                continue;
            }
            let mut later = calls.iter().skip(at + 1);
            let is_set_again = later.clone().any(|later| is_set(&later));
            let is_settled = later.any(|later| later.is_deletion());
            let is_early = !is_settled && call.time < self.lives_until(sought, keys);
            let meaning = match (is_of_chain(call), is_settled) {
                (true, _) => Meaning::Undone,
                (false, true) => Meaning::TakenBack,
                (false, false) => self.meant(sought, call),
            };
            let undone = Undone {
                setting: setting.clone(),
                event_name: call.event_name.clone(),
                event_id: call.event_id.clone(),
                event_time: call.time.to_string(),
                by: call.by.clone(),
                source_ip_address: call.source_ip_address.clone(),
                is_by_chain: is_of_chain(call),
                is_set_again,
                is_early,
            };
            found.push((meaning, undone));
        }
        found
    }

    /// What it means that somebody beside the chain undid `sought`.
    fn meant(&self, sought: &Sought<'_>, call: &Call) -> Meaning {
        let is_over = call.time >= self.until;
        match sought.setting.on {
            SettingOn::TrustPolicy => Meaning::WrittenAgain,
            SettingOn::AttachedUserPolicy
            | SettingOn::LoginProfile
            | SettingOn::OrganizationPolicy
            | SettingOn::RolePolicy
            | SettingOn::UserPolicy
                if is_over && sought.is_lifted && LIFTS.contains(&call.event_name.as_str()) =>
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
    pub(super) fn untold(&self, keys: &BTreeSet<&str>) -> Vec<Untold> {
        let found = self.watch.deletions().filter(|deletion| {
            let mut about = self.sought.iter().map(|sought| sought.setting).filter(|setting| {
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
            is_by_chain: keys.contains(deletion.access_key_id.as_str()),
        });
        found.collect()
    }
}
