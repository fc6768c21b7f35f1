//! `actor` and `user`: who called, with which credential, in which session.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;

use detect::Caller;
use serde::Serialize;

use super::event::Account;
use super::{Version, milliseconds};
use crate::fit::Cut;
use crate::words;

/// Who called.
#[derive(Serialize)]
pub(super) struct Actor<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<User<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<Session<'a>>,
}

/// A principal.
#[derive(Serialize)]
pub(super) struct User<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uid: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid_alt: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    type_id: Option<u32>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential_uid: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) programmatic_credentials: Option<[ProgrammaticCredential<'a>; 1]>,
}

/// A key.
#[derive(Serialize)]
pub(super) struct ProgrammaticCredential<'a> {
    pub(super) uid: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// A session of temporary credentials.
#[derive(Serialize)]
pub(super) struct Session<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid_alt: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential_uid: Option<Cow<'a, str>>,
}

impl<'a> Actor<'a> {
    /// The caller, if the event tells anything about it. `issuers` are roles by the keys of the
    /// sessions that they issued.
    pub(super) fn of(
        caller: &'a Caller,
        issuers: &BTreeMap<&'a str, &'a str>,
        version: Version,
        cut: Cut,
    ) -> Option<Self> {
        let actor = Self {
            user: User::of(caller, version, cut),
            session: Session::of(caller, issuers, cut),
        };
        (actor.user.is_some() || actor.session.is_some()).then_some(actor)
    }
}

impl<'a> User<'a> {
    fn of(caller: &'a Caller, version: Version, cut: Cut) -> Option<Self> {
        let arn = known(caller.principal_arn.as_deref());
        let key = known(caller.access_key_id.as_deref());
        let account = known(caller.account_id.as_deref());
        let name = arn.map(words::last_part);
        // The schema asks for one of these.
        arn.or(account)?;
        let type_id = type_of(caller.kind);
        let credentials = key.filter(|_| version == Version::V1_6_0);
        Some(Self {
            uid: arn.map(|arn| cut.text(arn)),
            uid_alt: known(caller.principal_id.as_deref()).map(|id| cut.text(id)),
            name: name.map(|name| cut.text(name)),
            type_id: type_id.map(|(number, _)| number),
            kind: type_id.map(|(_, name)| name),
            account: account.map(|account| Account::of(account, cut)),
            credential_uid: key.filter(|_| version == Version::V1_5_0).map(|key| cut.text(key)),
            programmatic_credentials: credentials
                .map(|key| [ProgrammaticCredential { uid: cut.text(key), kind: kind_of_key(key) }]),
        })
    }
}

impl<'a> Session<'a> {
    fn of(caller: &'a Caller, issuers: &BTreeMap<&'a str, &'a str>, cut: Cut) -> Option<Self> {
        let key = known(caller.access_key_id.as_deref());
        let arn = known(caller.principal_arn.as_deref());
        let is_session = key.is_some_and(|key| key.starts_with("ASIA"))
            || arn.is_some_and(|arn| arn.contains(":assumed-role/"))
            || caller.created.is_some();
        is_session.then(|| Self {
            uid: known(caller.principal_id.as_deref()).map(|id| cut.text(id)),
            uid_alt: arn.map(|arn| cut.text(arn)),
            issuer: key.and_then(|key| issuers.get(key)).map(|role| cut.text(role)),
            created_time: caller.created.map(milliseconds),
            credential_uid: key.map(|key| cut.text(key)),
        })
    }
}

fn known(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// OCSF's number and name for a type of `userIdentity`; AWS's own name where OCSF has none.
fn type_of(kind: &'static str) -> Option<(u32, &'static str)> {
    match kind {
        "" => None,
        "IAMUser" | "IdentityCenterUser" => Some((1, "User")),
        "Root" => Some((2, "Admin")),
        "AWSService" => Some((3, "System")),
        other => Some((99, other)),
    }
}

/// What a key is, by how it begins
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>).
fn kind_of_key(key: &str) -> &'static str {
    if key.starts_with("AKIA") {
        "long-term access key"
    } else if key.starts_with("ASIA") {
        "temporary access key"
    } else {
        "access key"
    }
}
