//! The written form of where credentials belong and where they were used instead.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Time, is_false, is_zero, text};
use crate::words;

/// Where the credentials of a workload belong, and where they were used instead.
#[derive(Serialize)]
pub(crate) struct Elsewhere<'a> {
    home: Vec<HomeUse<'a>>,
    foreign: Vec<ForeignUse<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    foreign_left_out: u64,
}

#[derive(Serialize)]
struct Place<'a> {
    addresses: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_endpoint_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_endpoint_account_id: Option<&'a str>,
}

#[derive(Serialize)]
struct HomeUse<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    basis: &'static str,
    because: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    first_seen: Time,
    last_seen: Time,
    calls: u64,
    #[serde(skip_serializing_if = "is_false")]
    calls_is_estimate: bool,
}

#[derive(Serialize)]
struct ForeignUse<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    reasons: &'a [&'static str],
    because: &'a [String],
    ruled_out: &'a [String],
    severity: &'static str,
    confidence: &'static str,
    clients: &'a [String],
    actions: Vec<Action<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    actions_left_out: u64,
    access_key_ids: Vec<&'a str>,
    first_seen: Time,
    last_seen: Time,
    calls: u64,
    #[serde(skip_serializing_if = "is_false")]
    calls_is_estimate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    locality: Option<Locality<'a>>,
}

#[derive(Serialize)]
struct Action<'a> {
    event_source: &'a str,
    event_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    error_code: &'a str,
    calls: u64,
    #[serde(skip_serializing_if = "is_false")]
    calls_is_estimate: bool,
}

#[derive(Serialize)]
struct Locality<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asn: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_owner: Option<&'a str>,
}

impl<'a> Elsewhere<'a> {
    /// The written form of `elsewhere`.
    pub(crate) fn of(elsewhere: &'a detect::Elsewhere) -> Self {
        Self {
            home: elsewhere.home.iter().map(HomeUse::of).collect(),
            foreign: elsewhere.foreign.iter().map(ForeignUse::of).collect(),
            foreign_left_out: elsewhere.foreign_left_out,
        }
    }
}

impl<'a> Place<'a> {
    fn of(place: &'a detect::PlaceRef) -> Self {
        Self {
            addresses: &place.addresses,
            vpc_endpoint_id: text(place.vpc_endpoint_id.as_ref()),
            vpc_endpoint_account_id: text(place.vpc_endpoint_account_id.as_ref()),
        }
    }
}

impl<'a> HomeUse<'a> {
    fn of(home: &'a detect::HomeUse) -> Self {
        Self {
            place: Place::of(&home.place),
            basis: home.basis,
            because: &home.because,
            event_id: home.event_id.as_deref(),
            first_seen: Time(home.first_seen),
            last_seen: Time(home.last_seen),
            calls: home.calls.events,
            calls_is_estimate: home.calls.is_estimate,
        }
    }
}

impl<'a> ForeignUse<'a> {
    fn of(foreign: &'a detect::ForeignUse) -> Self {
        Self {
            place: Place::of(&foreign.place),
            reasons: &foreign.reasons,
            because: &foreign.because,
            ruled_out: &foreign.ruled_out,
            severity: words::severity(foreign.severity),
            confidence: words::confidence(foreign.confidence),
            clients: &foreign.clients,
            actions: foreign.actions.iter().map(Action::of).collect(),
            actions_left_out: foreign.actions_left_out,
            access_key_ids: foreign.access_key_ids.iter().map(Arc::as_ref).collect(),
            first_seen: Time(foreign.first_seen),
            last_seen: Time(foreign.last_seen),
            calls: foreign.calls.events,
            calls_is_estimate: foreign.calls.is_estimate,
            locality: foreign.locality.as_ref().map(Locality::of),
        }
    }
}

impl<'a> Action<'a> {
    fn of(action: &'a detect::Action) -> Self {
        Self {
            event_source: &action.event_source,
            event_name: &action.event_name,
            error_code: &action.error_code,
            calls: action.calls.events,
            calls_is_estimate: action.calls.is_estimate,
        }
    }
}

impl<'a> Locality<'a> {
    fn of(locality: &'a detect::Locality) -> Self {
        Self {
            country: locality.country.as_deref(),
            asn: locality.asn,
            network_owner: locality.network_owner.as_deref(),
        }
    }
}
