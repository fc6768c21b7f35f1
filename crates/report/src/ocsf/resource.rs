//! `resources`: the credentials, roles, machines and artifacts that a finding is about.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::Serialize;

use super::Version;
use super::event::Account;
use crate::fit::Cut;
use crate::subject::{Part, Subject, subjects};
use crate::told::Told;

/// A resource.
#[derive(Serialize)]
pub(super) struct Resource<'a> {
    pub(super) uid: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner<'a>>,
}

/// The account that a resource lies in.
#[derive(Serialize)]
struct Owner<'a> {
    account: Account<'a>,
}

/// The resources of `told`: the origin, then the ways from it, then what was left behind.
pub(super) fn resources<'a>(told: &Told<'a>, version: Version, cut: Cut) -> Vec<Resource<'a>> {
    let subjects = subjects(told).into_iter().take(cut.items());
    subjects.map(|subject| Resource::of(&subject, version, cut)).collect()
}

impl<'a> Resource<'a> {
    fn of(subject: &Subject<'a>, version: Version, cut: Cut) -> Self {
        let role = (version == Version::V1_6_0).then(|| role(subject.part));
        let account = subject.account_id.filter(|account| !account.is_empty());
        Self {
            uid: cut.text(subject.id),
            name: subject.name.map(|name| cut.text(name)),
            kind: subject.kind.cloudformation(),
            role_id: role.map(|(number, _)| number),
            role: role.map(|(_, name)| name),
            region: subject.region.map(|region| cut.text(region)),
            owner: account.map(|account| Owner { account: Account::of(account, cut) }),
        }
    }
}

const fn role(part: Part) -> (u32, &'static str) {
    match part {
        Part::Actor => (2, "Actor"),
        Part::Target => (1, "Target"),
        Part::Affected => (3, "Affected"),
    }
}
