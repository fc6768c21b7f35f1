//! `observables`: values to search other logs for, each once.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use serde::Serialize;

use super::evidence::{Endpoint, Evidence};
use super::resource::Resource;
use crate::fit::Cut;

/// A value, and where in the finding it stands.
#[derive(Serialize)]
pub(super) struct Observable<'a> {
    name: &'static str,
    type_id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    value: Cow<'a, str>,
}

const ADDRESS: Place = Place("evidences[].src_endpoint.ip", 2, "IP Address");
const SESSION_KEY: Place =
    Place("evidences[].actor.session.credential_uid", 19, "User Credential ID");
const USER_KEY: Place = Place("evidences[].actor.user.credential_uid", 19, "User Credential ID");
const PROGRAMMATIC_KEY: Place =
    Place("evidences[].actor.user.programmatic_credentials[].uid", 19, "User Credential ID");
const USER: Place = Place("evidences[].actor.user.uid", 31, "User Object: uid");
const RESOURCE: Place = Place("resources[].uid", 10, "Resource UID");

/// Name of the attribute, number and name of the type.
#[derive(Clone, Copy)]
struct Place(&'static str, u32, &'static str);

/// The observables of a finding with these resources and calls.
pub(super) fn observables<'a>(
    resources: &[Resource<'a>],
    evidences: &[Evidence<'a>],
    cut: Cut,
) -> Vec<Observable<'a>> {
    let calls = evidences.iter().flat_map(of_call);
    let resources = resources.iter().map(|resource| (RESOURCE, resource.uid.clone()));
    let mut seen = BTreeSet::new();
    let mut all: Vec<(Place, Cow<'a, str>)> = calls.chain(resources).collect();
    all.retain(|(place, value)| seen.insert((place.1, value.clone())));
    all.sort_by_key(|(place, _)| place.1);
    let observable =
        |(Place(name, type_id, kind), value)| Observable { name, type_id, kind, value };
    all.into_iter().take(cut.items()).map(observable).collect()
}

fn of_call<'a>(call: &Evidence<'a>) -> Vec<(Place, Cow<'a, str>)> {
    let mut found = Vec::new();
    if let Some(Endpoint::Ip(address)) = &call.src_endpoint {
        found.push((ADDRESS, address.clone()));
    }
    let Some(actor) = &call.actor else {
        return found;
    };
    let session = actor.session.as_ref().and_then(|session| session.credential_uid.clone());
    found.extend(session.map(|key| (SESSION_KEY, key)));
    if let Some(user) = &actor.user {
        found.extend(user.credential_uid.clone().map(|key| (USER_KEY, key)));
        let keys = user.programmatic_credentials.iter().flatten();
        found.extend(keys.map(|key| (PROGRAMMATIC_KEY, key.uid.clone())));
        found.extend(user.uid.clone().map(|uid| (USER, uid)));
    }
    found
}
