//! Whether calls that did not come from home were made by somebody else.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use network::RouteTarget;

use super::calls::{Call, Delivery, Seen};
use super::foreign::{Foreign, Reason};
use super::ground::{At, other_instance_at};
use super::home::Home;
use super::place::Place;
use super::usual::{SESSIONS_MIN, Usual};
use super::{Workload, Workloads};
use crate::client;
use crate::context::Context;
use crate::finding::{Confidence, Severity};

/// Seconds that an instance's key can be good for: six hours and a half are usual.
const KEY_LIFE: i64 = 7 * 3_600;

/// Seconds that an instance may go on calling after the event that terminates it.
const SHUTDOWN: i64 = 900;

/// First calls of somebody who has come by a credential and looks at what it is good for.
const RECONNAISSANCE: [&str; 12] = [
    "DescribeInstances",
    "GetAccountAuthorizationDetails",
    "GetAccountSummary",
    "GetCallerIdentity",
    "ListAccountAliases",
    "ListAttachedRolePolicies",
    "ListBuckets",
    "ListRolePolicies",
    "ListRoles",
    "ListSecrets",
    "ListUsers",
    "SimulatePrincipalPolicy",
];

/// Calls of the workload of number `number` that somebody else seems to have made, by time.
pub(crate) fn foreign<'e>(
    context: &Context<'e>,
    workloads: &Workloads<'e>,
    number: usize,
) -> Vec<Foreign<'e>> {
    let homes = workloads.homes(context);
    let (Some(workload), Some(home)) = (workloads.workload(number), homes.get(number)) else {
        return Vec::new();
    };
    let judge = Judge { context, workloads, workload, home, number };
    let suspects = judge.suspects();
    let mut found: Vec<Foreign<'e>> = suspects
        .into_iter()
        .filter_map(|((_, is_home), calls)| judge.verdict(calls, is_home))
        .collect();
    found.sort_by(|left, right| (left.first(), &left.place).cmp(&(right.first(), &right.place)));
    found
}

struct Judge<'w, 'e> {
    context: &'w Context<'e>,
    workloads: &'w Workloads<'e>,
    workload: &'w Workload,
    home: &'w Home,
    number: usize,
}

/// What the calls from one place look like.
struct Looks {
    new_behaviors: usize,
    behaviors: usize,
    /// Whether the calls show what the role's sessions do all the time: then the workload itself
    /// calls from there.
    is_constant: bool,
    is_new_client: bool,
    is_personal: bool,
    /// Kinds of calls that look around.
    reconnaissance: usize,
}

impl Looks {
    /// Whether the workload itself may have made the calls.
    const fn is_like_home(&self) -> bool {
        self.is_constant || self.new_behaviors * 2 <= self.behaviors
    }
}

impl<'e> Judge<'_, 'e> {
    /// Calls that have to be explained, by place and by whether it was the workload's own then.
    fn suspects(&self) -> BTreeMap<(u32, bool), Vec<Seen<'e>>> {
        let mut suspects: BTreeMap<(u32, bool), Vec<Seen<'e>>> = BTreeMap::new();
        let names = self.workloads.names();
        for (position, call) in self.workload.calls.iter().enumerate() {
            let is_late = self.terminated().is_some_and(|end| is_after(call, end));
            let is_sign_in = self.workload.is_instance() && call.is_sign_in;
            // A home that was only learned has to bear its clients, too.
            let is_doubtful =
                self.home.is_learned(call.place) && client::is_personal(names.client(call));
            let is_inside = self.home.is_inside(position);
            if is_late || is_sign_in || is_doubtful || !is_inside {
                let place = suspects.entry((call.place, is_inside)).or_default();
                place.extend(names.seen(call));
            }
        }
        suspects
    }

    fn verdict(&self, mut calls: Vec<Seen<'e>>, is_home: bool) -> Option<Foreign<'e>> {
        calls.sort_by(|left, right| left.order().cmp(&right.order()));
        let first = calls.first()?;
        let looks = self.looks(&calls)?;
        let mut reasons = self.certain_reasons(&calls);
        let is_certain = !reasons.is_empty();
        if !is_home {
            reasons.extend(self.likely_reasons(&calls, &looks));
        }
        if looks.is_personal && !looks.is_constant {
            reasons.insert(Reason::PersonalClient);
        }
        let population = self.workloads.population();
        let others = population.others_at(first.call.place, self.number);
        let (severity, confidence) = if is_certain {
            (Severity::High, Confidence::High)
        } else if is_home {
            let is_personal = reasons.contains(&Reason::PersonalClient);
            (is_personal.then_some(Severity::Medium)?, Confidence::Low)
        } else {
            self.weigh(first, &reasons, &looks)?
        };
        Some(Foreign {
            place: first.place.clone(),
            addresses: calls.iter().filter_map(|seen| seen.address).collect(),
            reasons,
            severity,
            confidence,
            new_behaviors: (looks.new_behaviors, looks.behaviors),
            is_new_client: looks.is_new_client,
            others,
            is_home,
            calls,
        })
    }

    /// What needs no knowledge of the workload's home.
    fn certain_reasons(&self, calls: &[Seen<'_>]) -> BTreeSet<Reason> {
        let mut reasons = BTreeSet::new();
        for seen in calls {
            if let Place::Endpoint { account_id, .. } = &seen.place {
                let is_foreign =
                    !account_id.is_empty() && !self.context.accounts.contains(&**account_id);
                if is_foreign {
                    reasons.insert(Reason::ForeignEndpoint { account_id: Arc::clone(account_id) });
                }
            }
            if let Some(at) = self.terminated().filter(|end| is_after(&seen.call, *end)) {
                reasons.insert(Reason::AfterTermination { at });
            }
            if self.workload.is_instance() && seen.call.is_sign_in {
                reasons.insert(Reason::ConsoleSignIn);
            }
        }
        reasons
    }

    /// What follows from where the workload belongs.
    fn likely_reasons(&self, calls: &[Seen<'_>], looks: &Looks) -> BTreeSet<Reason> {
        let mut reasons = BTreeSet::new();
        for seen in calls {
            let at = At::of_seen(seen);
            if let Some(other) = other_instance_at(self.context, self.workload, &at) {
                reasons.insert(Reason::AnotherInstance { instance_id: Arc::clone(other) });
            }
        }
        let public = calls.iter().filter(|seen| matches!(seen.place, Place::Public(_)));
        for address in public.filter_map(|seen| seen.address) {
            reasons.insert(match self.context.settings.is_of_aws(address) {
                Some(true) => Reason::ElsewhereInAws,
                Some(false) => Reason::OutsideAws,
                None => Reason::Elsewhere,
            });
        }
        if calls.iter().any(|seen| matches!(seen.place, Place::Private(_))) {
            reasons.insert(Reason::Elsewhere);
        }
        // Functions, tasks and pods call from many places at once.
        if self.workload.is_instance() && self.is_at_once(calls) {
            reasons.insert(Reason::TwoPlaces);
        }
        if self.is_first_version(calls) && !looks.is_constant {
            reasons.insert(Reason::FirstVersionKey);
        }
        reasons
    }

    /// How grave calls from outside home are; nothing where the workload itself made them, as far
    /// as can be told.
    fn weigh(
        &self,
        first: &Seen<'_>,
        reasons: &BTreeSet<Reason>,
        looks: &Looks,
    ) -> Option<(Severity, Confidence)> {
        let has = |reason: &Reason| reasons.contains(reason);
        let is_other = reasons.iter().any(|one| matches!(one, Reason::AnotherInstance { .. }));
        if looks.is_constant {
            return None;
        }
        if !self.workload.is_instance() {
            return self.weigh_strange(reasons, looks);
        }
        let is_known = self.is_home_known(first);
        if is_other || is_known {
            let confidence = if is_known && has(&Reason::OutsideAws) {
                Confidence::High
            } else {
                Confidence::Medium
            };
            return Some((Severity::High, confidence));
        }
        if looks.is_like_home() {
            return None;
        }
        if has(&Reason::FirstVersionKey) {
            return Some((Severity::High, Confidence::Medium));
        }
        let is_strange = looks.is_new_client || looks.reconnaissance > 0;
        let is_elsewhere = has(&Reason::TwoPlaces) || has(&Reason::OutsideAws);
        if matches!(first.place, Place::Endpoint { .. }) {
            return is_strange.then_some((Severity::Low, Confidence::Low));
        }
        match (is_elsewhere, is_strange) {
            (true, true) => Some((Severity::High, Confidence::Medium)),
            (false, true) => Some((Severity::Medium, Confidence::Low)),
            (_, false) => Some((Severity::Low, Confidence::Low)),
        }
    }

    /// How grave calls of a function, task or pod are: where many addresses are normal, only a
    /// client that nobody else has says something, and only where there is somebody else.
    fn weigh_strange(
        &self,
        reasons: &BTreeSet<Reason>,
        looks: &Looks,
    ) -> Option<(Severity, Confidence)> {
        let is_outside = reasons.contains(&Reason::OutsideAws);
        let sessions = self.workloads.usual(self.context, self.workload).map_or(0, Usual::sessions);
        if looks.is_like_home() || !looks.is_new_client || (sessions < SESSIONS_MIN && !is_outside)
        {
            return None;
        }
        let is_known = self.home.has_fact(|home| matches!(home, Place::Public(_)));
        let speaks = is_outside || is_known || looks.is_personal || looks.reconnaissance > 0;
        Some(if speaks {
            (Severity::High, Confidence::Medium)
        } else {
            (Severity::Medium, Confidence::Low)
        })
    }

    /// Whether the network's facts say where the workload leaves from, and it was seen to do so.
    fn is_home_known(&self, seen: &Seen<'_>) -> bool {
        let instance =
            self.workload.instance_id.as_ref().and_then(|id| self.context.network.instance(id));
        let vpc = instance.and_then(|instance| self.context.network.vpc(instance.vpc_id.as_ref()?));
        // Behind a hub or a VPN the way out is another network's.
        let leads_away = vpc.into_iter().flat_map(|vpc| &vpc.routes).any(|route| {
            let target = route.value.target;
            matches!(target, RouteTarget::TransitGateway | RouteTarget::VpnGateway)
                && (&*route.value.destination == "0.0.0.0/0" || &*route.value.destination == "::/0")
        });
        if leads_away {
            return false;
        }
        match &seen.place {
            Place::Public(address) => self.home.has_fact(|home| match home {
                Place::Public(known) => known.is_ipv4() == address.is_ipv4(),
                Place::Endpoint { .. } | Place::Private(_) => false,
            }),
            Place::Private(_) => instance.is_some_and(|known| {
                known.addresses.iter().any(|held| network::is_private(held.value))
            }),
            Place::Endpoint { .. } => false,
        }
    }

    /// Whether the workload called from home before and after `calls`, within the life of a key, or
    /// with the very key.
    fn is_at_once(&self, calls: &[Seen<'_>]) -> bool {
        let begin = calls.iter().map(|seen| seen.call.first).min().unwrap_or_default();
        let end = calls.iter().map(|seen| seen.call.last).max().unwrap_or_default();
        let keys: BTreeSet<&Arc<str>> =
            calls.iter().map(Seen::key).filter(|key| !key.is_empty()).collect();
        let names = self.workloads.names();
        let (mut is_before, mut is_after) = (false, false);
        for (position, call) in self.workload.calls.iter().enumerate() {
            if self.home.is_inside(position) {
                if names.key(call).is_some_and(|key| keys.contains(key)) {
                    return true;
                }
                is_before |= call.first <= end && begin.seconds_since(call.last) <= KEY_LIFE;
                is_after |= call.last >= begin && call.first.seconds_since(end) <= KEY_LIFE;
            }
        }
        is_before && is_after
    }

    /// Whether `calls` were made with keys of the first version of the metadata service alone,
    /// which nobody used at home, while one of the second was.
    fn is_first_version(&self, calls: &[Seen<'_>]) -> bool {
        let is_first =
            !calls.is_empty() && calls.iter().all(|seen| seen.call.delivery == Delivery::First);
        let keys: BTreeSet<&Arc<str>> =
            calls.iter().map(Seen::key).filter(|key| !key.is_empty()).collect();
        let names = self.workloads.names();
        let begin = calls.iter().map(|seen| seen.call.first).min().unwrap_or_default();
        let end = calls.iter().map(|seen| seen.call.last).max().unwrap_or_default();
        let mut has_second = false;
        for (position, call) in self.workload.calls.iter().enumerate() {
            if self.home.is_inside(position) {
                if names.key(call).is_some_and(|key| keys.contains(key)) {
                    return false;
                }
                let is_near = begin.seconds_since(call.last) <= KEY_LIFE
                    && call.first.seconds_since(end) <= KEY_LIFE;
                has_second |= is_near && call.delivery == Delivery::Second;
            }
        }
        is_first && has_second
    }

    fn looks(&self, calls: &[Seen<'_>]) -> Option<Looks> {
        let usual = self.workloads.usual(self.context, self.workload)?;
        let behaviors: BTreeMap<u32, &Seen<'_>> =
            calls.iter().map(|seen| (seen.call.behavior, seen)).collect();
        let behaviors = behaviors.values().copied();
        let is_new = |seen: &&Seen<'_>| !usual.is_usual(self.workload, &seen.call);
        Some(Looks {
            new_behaviors: behaviors.clone().filter(is_new).count(),
            behaviors: behaviors.len(),
            is_constant: behaviors.clone().any(|seen| usual.is_constant(&seen.call)),
            is_new_client: !behaviors.clone().any(|seen| usual.has_client(&seen.call)),
            is_personal: behaviors.clone().any(|seen| client::is_personal(&seen.client)),
            reconnaissance: behaviors
                .clone()
                .filter(|seen| RECONNAISSANCE.contains(&&**seen.view.event_name))
                .count(),
        })
    }

    fn terminated(&self) -> Option<Timestamp> {
        let instance = self.context.network.instance(self.workload.instance_id.as_ref()?)?;
        instance.terminated.as_ref().map(|(at, _)| *at)
    }
}

fn is_after(call: &Call, end: Timestamp) -> bool {
    call.last.seconds_since(end) > SHUTDOWN
}
