//! Whether calls that did not come from home were made by somebody else.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use network::{Held, RouteTarget};

use super::calls::{Call, Delivery, Seen};
use super::foreign::{Foreign, Reason};
use super::ground::{At, other_instance_at};
use super::home::Home;
use super::looks::Looks;
use super::place::Place;
use super::presence::Presence;
use super::usual::{SESSIONS_MIN, Usual};
use super::{Workload, Workloads};
use crate::client;
use crate::context::Context;
use crate::finding::{Confidence, Severity};

/// Seconds that an instance's key can be good for: six hours and a half are usual.
const KEY_LIFE: i64 = 7 * 3_600;

/// Seconds that an instance may go on calling after the event that terminates it.
const SHUTDOWN: i64 = 900;

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
    let presence = Presence::of(workload, home, workloads.names());
    let judge = Judge { context, workloads, workload, home, presence, number };
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
    presence: Presence<'e>,
    number: usize,
}

impl<'e> Judge<'_, 'e> {
    /// Calls that have to be explained, by place and by whether it was the workload's own then.
    fn suspects(&self) -> BTreeMap<(u32, bool), Vec<Seen<'e>>> {
        let mut suspects: BTreeMap<(u32, bool), Vec<Seen<'e>>> = BTreeMap::new();
        let names = self.workloads.names();
        for (position, call) in self.workload.calls.iter().enumerate() {
            let is_late = self.terminated().is_some_and(|end| is_after(call, end));
            let is_sign_in = call.is_sign_in;
            // A home that was only learned has to bear its clients, too.
            let is_doubtful =
                self.home.is_learned(call.place) && client::is_personal(names.client(call));
            let is_inside = self.home.is_inside(position);
            if is_late || is_sign_in || is_doubtful || !is_inside {
                let mut seen = names.seen(call);
                if let (true, Some(seen), Some(end)) = (is_late, &mut seen, self.terminated()) {
                    seen.call.first = seen.call.first.max(end);
                }
                suspects.entry((call.place, is_inside)).or_default().extend(seen);
            }
        }
        suspects
    }

    fn verdict(&self, mut calls: Vec<Seen<'e>>, is_home: bool) -> Option<Foreign<'e>> {
        calls.sort_by(|left, right| left.order().cmp(&right.order()));
        let first = calls.first()?;
        let usual = self.workloads.usual(self.context, self.workload)?;
        let looks = Looks::of(usual, self.workload, &calls);
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
            self.weigh_certain(first, &reasons)
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
            is_new_client: looks.is_new_client(),
            others,
            is_home,
            calls,
        })
    }

    /// What needs no knowledge of the workload's home.
    fn certain_reasons(&self, calls: &[Seen<'_>]) -> BTreeSet<Reason> {
        let mut reasons = BTreeSet::new();
        for seen in calls {
            if let Place::Endpoint { account_id, .. } = &seen.place
                && !account_id.is_empty()
                && !self.context.is_delivering(account_id)
            {
                reasons.insert(Reason::ForeignEndpoint { account_id: Arc::clone(account_id) });
            }
            if let Some(at) = self.terminated().filter(|end| is_after(&seen.call, *end)) {
                reasons.insert(Reason::AfterTermination { at });
            }
            if seen.call.is_sign_in {
                reasons.insert(Reason::ConsoleSignIn);
            }
        }
        reasons
    }

    /// How grave it is that something needs no knowledge of the workload's home: an endpoint that
    /// many workloads use day by day, and this one always, is a hub whose account has no logs here.
    fn weigh_certain(
        &self,
        first: &Seen<'_>,
        reasons: &BTreeSet<Reason>,
    ) -> (Severity, Confidence) {
        let is_endpoint_alone =
            reasons.iter().all(|reason| matches!(reason, Reason::ForeignEndpoint { .. }));
        let mut calls = self.workload.calls.iter();
        let is_only_place = calls.all(|call| call.place == first.call.place);
        let population = self.workloads.population();
        if is_endpoint_alone && is_only_place && population.is_shared(first.call.place, self.number)
        {
            return (Severity::Low, Confidence::Low);
        }
        (Severity::High, Confidence::High)
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
        if !self.workload.is_instance() {
            return self.weigh_strange(reasons, looks);
        }
        let is_known = self.is_home_known(first);
        if (is_other || is_known) && looks.is_constant && looks.is_like_home() {
            return Some((Severity::Low, Confidence::Low));
        }
        // Interfaces that were added without a trace have private addresses of the same VPC.
        let is_private = matches!(first.place, Place::Private(_));
        if is_private && !is_other && !has(&Reason::FirstVersionKey) {
            return (!looks.is_like_home()).then_some((Severity::Medium, Confidence::Low));
        }
        if is_other || is_known {
            let confidence = if is_known && has(&Reason::OutsideAws) {
                Confidence::High
            } else {
                Confidence::Medium
            };
            return Some((Severity::High, confidence));
        }
        let is_outside = has(&Reason::OutsideAws) && !looks.is_like_home();
        if has(&Reason::FirstVersionKey) && (looks.new_behaviors > 0 || has(&Reason::OutsideAws)) {
            return Some((Severity::High, Confidence::Medium));
        }
        if looks.is_like_home() || (looks.is_constant && !is_outside) {
            return None;
        }
        let is_strange = looks.is_new_client() || looks.reconnaissance > 0;
        let is_elsewhere = has(&Reason::TwoPlaces) || has(&Reason::OutsideAws);
        if matches!(first.place, Place::Endpoint { .. }) {
            return is_strange.then_some((Severity::Low, Confidence::Low));
        }
        match (is_elsewhere, is_strange) {
            // Programs choose between IPv4 and IPv6, each in its own way.
            (true, true) if self.is_first_ipv6(first) && !has(&Reason::OutsideAws) => {
                Some((Severity::Medium, Confidence::Low))
            }
            (true, true) => Some((Severity::High, Confidence::Medium)),
            (false, true) => Some((Severity::Medium, Confidence::Low)),
            (_, false) => Some((Severity::Low, Confidence::Low)),
        }
    }

    /// Whether the calls came by IPv6, by which nothing is known to come from home.
    fn is_first_ipv6(&self, first: &Seen<'_>) -> bool {
        let is_ipv6 = |place: &Place| matches!(place, Place::Public(IpAddr::V6(_)));
        is_ipv6(&first.place) && !self.home.places().iter().any(|home| is_ipv6(&home.place))
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
        if looks.is_like_home()
            || looks.new_clients == 0
            || (sessions < SESSIONS_MIN && !is_outside)
        {
            return None;
        }
        let is_known = self.home.has_fact(|home| matches!(home, Place::Public(_)));
        // A runtime of AWS that is new to the role is most likely a new version of it.
        if looks.is_native && !is_outside {
            return Some((Severity::Medium, Confidence::Low));
        }
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
            route.overlaps(seen.call.first, seen.call.last)
                && matches!(target, RouteTarget::TransitGateway | RouteTarget::VpnGateway)
                && (&*route.value.destination == "0.0.0.0/0" || &*route.value.destination == "::/0")
        });
        if leads_away {
            return false;
        }
        match &seen.place {
            Place::Public(address) => {
                let is_like = |known: IpAddr| {
                    !network::is_private(known) && known.is_ipv4() == address.is_ipv4()
                };
                let holds = |held: &Held<IpAddr>| {
                    is_like(held.value) && held.overlaps(seen.call.first, seen.call.last)
                };
                // What was called before an address was attached left by another way, and may go
                // on to.
                let is_own =
                    |held: &Held<IpAddr>| is_like(held.value) && held.holds_at(seen.call.first);
                let has_own = instance.is_some_and(|known| known.addresses.iter().any(is_own));
                let has_nat = vpc.is_some_and(|vpc| vpc.nat_addresses.iter().any(holds));
                let leaves = self.home.has_fact(|home| match home {
                    Place::Public(known) => is_like(*known),
                    Place::Endpoint { .. } | Place::Private(_) => false,
                });
                has_own || (has_nat && leaves)
            }
            Place::Private(_) => instance.is_some_and(|known| {
                known.addresses.iter().any(|held| network::is_private(held.value))
            }),
            Place::Endpoint { .. } => false,
        }
    }

    /// Whether the workload called from home before and after `calls`, within the life of a key.
    fn is_at_once(&self, calls: &[Seen<'_>]) -> bool {
        let (begin, end) = span(calls);
        let is_before = self.presence.is_any(Timestamp(begin.0 - KEY_LIFE), end);
        let is_after = self.presence.is_any(begin, Timestamp(end.0 + KEY_LIFE));
        is_before && is_after
    }

    /// Whether `calls` were made with keys of the first version of the metadata service alone,
    /// which nobody used at home, while one of the second was.
    fn is_first_version(&self, calls: &[Seen<'_>]) -> bool {
        let (begin, end) = span(calls);
        let is_first = calls.iter().all(|seen| seen.call.delivery == Delivery::First);
        let is_at_home = calls.iter().any(|seen| self.presence.has_key(seen.key()));
        let (from, to) = (Timestamp(begin.0 - KEY_LIFE), Timestamp(end.0 + KEY_LIFE));
        is_first && !is_at_home && self.presence.is_second_version(from, to)
    }

    fn terminated(&self) -> Option<Timestamp> {
        let instance = self.context.network.instance(self.workload.instance_id.as_ref()?)?;
        instance.terminated.as_ref().map(|(at, _)| *at)
    }
}

fn is_after(call: &Call, end: Timestamp) -> bool {
    call.last.seconds_since(end) > SHUTDOWN
}

/// First and last time of `calls`.
fn span(calls: &[Seen<'_>]) -> (Timestamp, Timestamp) {
    let begin = calls.iter().map(|seen| seen.call.first).min().unwrap_or_default();
    let end = calls.iter().map(|seen| seen.call.last).max().unwrap_or_default();
    (begin, end)
}
