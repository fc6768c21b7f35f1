//! `evidences`: the calls that prove a finding, with who made them and from where.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::net::IpAddr;

use detect::EvidenceEvent;
use serde::Serialize;

use super::Version;
use super::actor::Actor;
use crate::fit::Cut;
use crate::told::Told;
use crate::wire::Time;

/// A call.
#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) actor: Option<Actor<'a>>,
    api: Api<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) src_endpoint: Option<Endpoint<'a>>,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Api<'a> {
    operation: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service<'a>>,
}

#[derive(Serialize)]
struct Service<'a> {
    name: Cow<'a, str>,
}

/// Where a call came from: an address, or the name of a service that made it on behalf of its
/// caller.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Endpoint<'a> {
    /// An address.
    Ip(Cow<'a, str>),
    /// A name.
    Domain(Cow<'a, str>),
}

#[derive(Serialize)]
struct Data<'a> {
    event_time: Time,
    #[serde(skip_serializing_if = "str::is_empty")]
    aws_region: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    user_identity_type: &'static str,
}

/// The calls behind `told`, oldest first.
pub(super) fn evidences<'a>(told: &Told<'a>, version: Version, cut: Cut) -> Vec<Evidence<'a>> {
    let issuers = told.issuers();
    let events = told.evidence().into_iter().take(cut.items());
    events.map(|event| Evidence::of(event, &issuers, version, cut)).collect()
}

impl<'a> Evidence<'a> {
    fn of(
        event: &'a EvidenceEvent,
        issuers: &BTreeMap<&'a str, &'a str>,
        version: Version,
        cut: Cut,
    ) -> Self {
        let service = Some(&*event.event_source).filter(|source| !source.is_empty());
        let id = event.event_id.as_deref().filter(|id| !id.is_empty());
        // The schema asks for one.
        let operation = if event.event_name.is_empty() { "unknown" } else { &event.event_name };
        Self {
            uid: id.map(|id| cut.text(id)),
            name: cut.text(&event.event_name),
            actor: Actor::of(&event.caller, issuers, version, cut),
            api: Api {
                operation: cut.text(operation),
                service: service.map(|name| Service { name: cut.text(name) }),
            },
            src_endpoint: Endpoint::of(&event.source_ip_address, cut),
            data: Data {
                event_time: Time(event.event_time),
                aws_region: cut.text(&event.aws_region),
                user_identity_type: event.caller.kind,
            },
        }
    }
}

impl<'a> Endpoint<'a> {
    fn of(source: &'a str, cut: Cut) -> Option<Self> {
        if source.parse::<IpAddr>().is_ok() {
            return Some(Self::Ip(Cow::Borrowed(source)));
        }
        (!source.is_empty()).then(|| Self::Domain(cut.text(source)))
    }
}
