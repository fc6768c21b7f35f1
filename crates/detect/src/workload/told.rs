//! Places and reasons in words.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::Count;
use network::Proof;

use super::foreign::{Foreign, Reason};
use super::home::{Basis, HomePlace};
use super::place::Place;
use super::usual::Usual;
use super::{Call, Names, Seen, Workload, Workloads};
use crate::context::Context;
use crate::elsewhere::{Action, Elsewhere, ForeignUse, HomeUse, PlaceRef};
use crate::limits::{ACTIONS_MAX, PLACES_MAX};
use crate::words;

/// Everything about where the credentials of a workload belong and were used instead.
pub(crate) fn elsewhere(
    context: &Context<'_>,
    number: usize,
    foreign: &[Foreign<'_>],
) -> Elsewhere {
    let workloads = &context.workloads;
    let homes = workloads.homes(context).get(number).map(super::Home::places).unwrap_or_default();
    let is_foreign = |home: &&&HomePlace| {
        foreign.iter().any(|one| {
            let is_doubt = |reason: &Reason| *reason == Reason::PersonalClient;
            one.is_at_home() && one.place == home.place && one.reasons.iter().all(is_doubt)
        })
    };
    let home = homes.iter().filter(|home| !is_foreign(home));
    Elsewhere {
        home: home.take(PLACES_MAX).map(|home| home_use(home)).collect(),
        foreign: foreign
            .iter()
            .take(PLACES_MAX)
            .map(|one| foreign_use(context, workloads, number, one))
            .collect(),
        foreign_left_out: foreign.len().saturating_sub(PLACES_MAX) as u64,
    }
}

/// Where `call` came from, in a few words.
pub(super) fn place_name(names: &Names<'_>, call: &Call) -> Option<String> {
    let addresses = names.address(call).into_iter().collect();
    Some(PlaceRef::of(names.place(call)?, &addresses).name())
}

impl PlaceRef {
    fn of(place: &Place, addresses: &BTreeSet<IpAddr>) -> Self {
        let addresses = addresses.iter().take(PLACES_MAX).map(ToString::to_string).collect();
        let Place::Endpoint { id, account_id } = place else {
            return Self { addresses, ..Self::default() };
        };
        Self {
            addresses,
            vpc_endpoint_id: Some(Arc::clone(id)),
            vpc_endpoint_account_id: Some(Arc::clone(account_id)).filter(|id| !id.is_empty()),
        }
    }

    /// The place in a few words.
    pub fn name(&self) -> String {
        let address = self.addresses.first().map(String::as_str);
        match (&self.vpc_endpoint_id, &self.vpc_endpoint_account_id) {
            (Some(id), Some(account)) => format!("VPC endpoint {id} of account {account}"),
            (Some(id), None) => format!("VPC endpoint {id}"),
            (None, _) => address.unwrap_or("an unknown address").to_string(),
        }
    }
}

pub(super) fn home_use(home: &HomePlace) -> HomeUse {
    let (basis, because) = basis(&home.basis);
    HomeUse {
        place: PlaceRef::of(&home.place, &home.addresses),
        basis,
        because,
        event_id: event_id(&home.basis),
        first_seen: home.first,
        last_seen: home.last,
        calls: home.calls,
    }
}

fn basis(basis: &Basis) -> (&'static str, String) {
    match basis {
        Basis::Held(proof) => ("held", format!("the instance's own address, {}", by(proof))),
        Basis::NatGateway { id, proof } => {
            ("nat_gateway", format!("an address of NAT gateway {id}, {}", by(proof)))
        }
        Basis::OwnAddress(proof) => {
            ("own_address", format!("an address of one's own, {}", by(proof)))
        }
        Basis::Declared(name) => ("declared", format!("declared as {name}")),
        Basis::OwnEndpoint => ("own_endpoint", "an endpoint of one's own".to_string()),
        Basis::Shared { others } => {
            let others = words::count(*others, "other workload");
            ("shared", format!("{others} called from there, some day by day"))
        }
        Basis::Learned { sessions } => {
            let sessions = words::count(*sessions, "session");
            ("learned", format!("learned from {sessions}: no event tells its address"))
        }
    }
}

/// How something is known.
pub(crate) fn by(proof: &Proof) -> String {
    match proof {
        Proof::Event(event) => format!("by {} at {}", event.event_name, event.event_time),
        Proof::Inventory(name) => format!("by inventory {name}"),
    }
}

fn event_id(basis: &Basis) -> Option<String> {
    match basis {
        Basis::Held(Proof::Event(event))
        | Basis::OwnAddress(Proof::Event(event))
        | Basis::NatGateway { proof: Proof::Event(event), .. } => event.event_id_text(),
        Basis::Held(Proof::Inventory(_))
        | Basis::OwnAddress(Proof::Inventory(_))
        | Basis::NatGateway { proof: Proof::Inventory(_), .. }
        | Basis::Declared(_)
        | Basis::OwnEndpoint
        | Basis::Shared { .. }
        | Basis::Learned { .. } => None,
    }
}

fn foreign_use(
    context: &Context<'_>,
    workloads: &Workloads<'_>,
    number: usize,
    foreign: &Foreign<'_>,
) -> ForeignUse {
    let (actions, actions_left_out) = actions(&foreign.calls);
    let keys: BTreeSet<&Arc<str>> = foreign.calls.iter().map(Seen::key).collect();
    let clients: BTreeSet<&str> = foreign.calls.iter().map(|seen| &*seen.client).collect();
    let workload = workloads.workload(number);
    let sessions =
        workload.and_then(|workload| workloads.usual(context, workload)).map_or(0, Usual::sessions);
    ForeignUse {
        place: PlaceRef::of(&foreign.place, &foreign.addresses),
        reasons: foreign.reasons.iter().map(code).collect(),
        because: foreign.reasons.iter().map(sentence).collect(),
        ruled_out: ruled_out(foreign, sessions, workload.is_some_and(Workload::is_instance)),
        severity: foreign.severity,
        confidence: foreign.confidence,
        clients: clients.into_iter().map(String::from).collect(),
        actions,
        actions_left_out,
        access_key_ids: keys.into_iter().filter(|key| !key.is_empty()).cloned().collect(),
        first_seen: foreign.first(),
        last_seen: foreign.last(),
        calls: foreign.calls.iter().map(|seen| seen.view.events.count()).sum(),
        locality: foreign.addresses.first().and_then(|address| context.settings.locality(*address)),
    }
}

/// Kinds of calls by first time, and how many are left out.
fn actions(calls: &[Seen<'_>]) -> (Vec<Action>, u64) {
    type Key<'a> = (&'a Arc<str>, &'a Arc<str>, &'a Arc<str>);
    let mut kinds: BTreeMap<Key<'_>, (Timestamp, Count)> = BTreeMap::new();
    for seen in calls {
        let view = &seen.view;
        let kind = (view.event_source, view.event_name, view.error_code);
        let (first, count) = kinds.entry(kind).or_insert((seen.call.first, Count::default()));
        *first = seen.call.first.min(*first);
        *count += view.events.count();
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(kind, (first, _))| (*first, *kind));
    let left_out = kinds.len().saturating_sub(ACTIONS_MAX) as u64;
    let kinds = kinds.into_iter().take(ACTIONS_MAX);
    let actions = kinds.map(|((event_source, event_name, error_code), (_, calls))| Action {
        event_source: Arc::clone(event_source),
        event_name: Arc::clone(event_name),
        error_code: Arc::clone(error_code),
        calls,
    });
    (actions.collect(), left_out)
}

const fn code(reason: &Reason) -> &'static str {
    match reason {
        Reason::ForeignEndpoint { .. } => "foreign_endpoint",
        Reason::AnotherInstance { .. } => "another_instance",
        Reason::OutsideAws => "outside_aws",
        Reason::ElsewhereInAws => "elsewhere_in_aws",
        Reason::Elsewhere => "elsewhere",
        Reason::TwoPlaces => "two_places",
        Reason::FirstVersionKey => "imds_v1_key",
        Reason::AfterTermination { .. } => "after_termination",
        Reason::ConsoleSignIn => "console_sign_in",
        Reason::PersonalClient => "personal_client",
    }
}

fn sentence(reason: &Reason) -> String {
    match reason {
        Reason::ForeignEndpoint { account_id } => {
            format!("Account {account_id}, which owns the endpoint, is none of one's own.")
        }
        Reason::AnotherInstance { instance_id } => {
            format!("The address belonged to instance {instance_id} at that time.")
        }
        Reason::OutsideAws => "The address is in none of AWS's ranges.".to_string(),
        Reason::ElsewhereInAws => {
            "The address is AWS's, and none that is known as one's own.".to_string()
        }
        Reason::Elsewhere => "The address is none that the workload is known to have.".to_string(),
        Reason::TwoPlaces => {
            "The workload itself called from home with the same key, or before and after: the \
             credentials were in two places at once."
                .to_string()
        }
        Reason::FirstVersionKey => {
            "The key is the one that version 1 of the metadata service hands out, which a forged \
             request obtains; the instance went on with its version 2 key."
                .to_string()
        }
        Reason::AfterTermination { at } => format!("The instance was terminated at {at}."),
        Reason::ConsoleSignIn => {
            "It signed in to the console, which no program on an instance does.".to_string()
        }
        Reason::PersonalClient => {
            "The client is one that people run on their own machines.".to_string()
        }
    }
}

/// The usual innocent explanations, and what speaks against each.
fn ruled_out(foreign: &Foreign<'_>, sessions: usize, is_instance: bool) -> Vec<String> {
    let mut said = Vec::new();
    said.push("Not a service on its behalf: the calls were direct.".to_string());
    if foreign.is_at_home() {
        if foreign.reasons.iter().all(|reason| *reason == Reason::PersonalClient) {
            said.push(
                "What cannot be told: all its calls come from there, so that no address shows \
                 whether they were made on the instance."
                    .to_string(),
            );
            return said;
        }
    } else {
        said.push(match foreign.others {
            0 => "Not a shared way out (NAT, hub, VPN): no other workload calls from there."
                .to_string(),
            others => format!(
                "Hardly a shared way out (NAT, hub, VPN): {} called from there, fewer than three \
                 of them for a day or longer.",
                words::count(others, "other workload")
            ),
        });
        let is_public = matches!(foreign.place, Place::Public(_));
        if is_instance && is_public {
            said.push(
                "Not a moved address: no event in these logs gave it to the instance then."
                    .to_string(),
            );
        }
    }
    let (new, all) = foreign.new_behaviors;
    let sessions = words::count(sessions, "session");
    let client = if foreign.is_new_client { ", and none of them uses this client" } else { "" };
    said.push(if all > 0 && new * 2 > all {
        format!(
            "Not its usual program: {new} of {all} kinds of calls are made nowhere else by the \
             {sessions} of this role{client}."
        )
    } else {
        format!(
            "Its usual program cannot be ruled out: {} of {all} kinds of calls are made by the \
             {sessions} of this role elsewhere, too.",
            all - new
        )
    });
    said
}
