//! Reads issuances out of records.

use alloc::sync::Arc;

use cloudtrail::{Arn, Json, Record, Text, Timestamp, UserIdentity};
use serde_json::Value;

use crate::credential::Credential;
use crate::issuance::{EventRef, Issuance, IssuanceKind};
use crate::policy::{Policy, is_administrator_policy};

/// The kind of issuance that a call is, if it is one.
pub(crate) fn kind_of(event_source: &str, event_name: &str) -> Option<IssuanceKind> {
    let service = event_source.strip_suffix(".amazonaws.com").unwrap_or(event_source);
    match (service, event_name) {
        ("sts", "AssumeRole") => Some(IssuanceKind::AssumeRole),
        ("sts", "AssumeRoleWithSAML") => Some(IssuanceKind::AssumeRoleWithSaml),
        ("sts", "AssumeRoleWithWebIdentity") => Some(IssuanceKind::AssumeRoleWithWebIdentity),
        ("sts", "AssumeRoot") => Some(IssuanceKind::AssumeRoot),
        ("sts", "GetFederationToken") => Some(IssuanceKind::GetFederationToken),
        ("sts", "GetSessionToken") => Some(IssuanceKind::GetSessionToken),
        ("iam", "CreateAccessKey") => Some(IssuanceKind::CreateAccessKey),
        ("signin", "ConsoleLogin") => Some(IssuanceKind::ConsoleLogin),
        ("signin", "GetSigninToken") => Some(IssuanceKind::GetSigninToken),
        ("signin", "SwitchRole") => Some(IssuanceKind::SwitchRole),
        ("sso", "GetRoleCredentials") => Some(IssuanceKind::GetRoleCredentials),
        ("rolesanywhere", "CreateSession") => Some(IssuanceKind::CreateSession),
        ("cognito-identity", "GetCredentialsForIdentity") => {
            Some(IssuanceKind::GetCredentialsForIdentity)
        }
        _ => None,
    }
}

/// Where the parts of an issuance lie in `responseElements`, first match first.
const KEYS: [&str; 4] = [
    "/credentials/accessKeyId",
    "/accessKey/accessKeyId",
    "/credentialSet/0/credentials/accessKeyId",
    "/credentials/accessKey",
];
const PRINCIPAL_IDS: [&str; 3] = [
    "/assumedRoleUser/assumedRoleId",
    "/federatedUser/federatedUserId",
    "/credentialSet/0/assumedRoleUser/assumedRoleId",
];
const PRINCIPAL_ARNS: [&str; 3] =
    ["/assumedRoleUser/arn", "/federatedUser/arn", "/credentialSet/0/assumedRoleUser/arn"];
const EXPIRATIONS: [&str; 2] =
    ["/credentials/expiration", "/credentialSet/0/credentials/expiration"];

/// The caller of an issuance, and what this one record tells about it.
///
/// What other records of the same credential tell depends on which of them came first.
pub(crate) struct Caller<'a> {
    pub(crate) credential: &'a Credential,
    pub(crate) identity: &'a UserIdentity<'a>,
}

/// The issuance of kind `kind` that a successful `record` is, unless it handed nothing out.
pub(crate) fn read(
    kind: IssuanceKind,
    record: &Record<'_>,
    event: EventRef,
    caller: &Caller<'_>,
    shared: &mut dyn FnMut(&str) -> Arc<str>,
) -> Option<Issuance> {
    let request = Json::value(record.request_parameters.as_ref());
    let response = Json::value(record.response_elements.as_ref());
    let additional = Json::value(record.additional_event_data.as_ref());
    let details = Json::value(record.service_event_details.as_ref());
    if !handed_out(kind, &request, &response) {
        return None;
    }
    let expiration = first(&response, &EXPIRATIONS);
    let expiration = expiration.and_then(Timestamp::parse).or_else(|| epoch(&response));
    let identity = caller.identity;
    let on_behalf_of = identity.on_behalf_of.as_ref().and_then(|of| known(of.user_id.as_ref()));
    let subject = text(&response, "/identityId").or(on_behalf_of);
    let subject = subject.or(known(identity.user_name.as_ref()));
    let provider = text(&request, "/principalArn").or(text(&request, "/providerId"));
    let provider = provider.or(known(identity.identity_provider.as_ref()));
    let role_arn = text(&request, "/roleArn").or(text(&details, "/role_name"));
    let name = text(&request, "/roleSessionName").or(text(&request, "/name"));
    let user_name = text(&response, "/accessKey/userName").or(text(&request, "/userName"));
    let context = identity.session_context.as_ref();
    let inherited = context.and_then(|context| known(context.source_identity.as_ref()));
    let source_identity = text(&request, "/sourceIdentity").or(inherited);
    let root = text(&request, "/targetPrincipal");
    let root = root.map(|root| Arn::parse(root).map_or(root, |arn| arn.account_id));
    let account = text(&details, "/account_id").or(root);
    Some(Issuance {
        event,
        kind,
        caller: caller.credential.clone(),
        access_key_id: shared(first(&response, &KEYS).unwrap_or_default()),
        principal_id: shared(first(&response, &PRINCIPAL_IDS).or(account).unwrap_or_default()),
        principal_arn: shared(first(&response, &PRINCIPAL_ARNS).unwrap_or_default()),
        role_arn: shared(role_arn.unwrap_or_default()),
        role_session_name: shared(name.unwrap_or_default()),
        user_name: shared(user_name.unwrap_or_default()),
        subject: shared(subject.unwrap_or_default()),
        provider: shared(provider.unwrap_or_default()),
        source_identity: shared(source_identity.unwrap_or_default()),
        switch_from: shared(text(&additional, "/SwitchFrom").unwrap_or_default()),
        expiration,
        is_policy_wide: is_policy_wide(&request),
    })
}

/// Whether the call handed something out: a refused sign-in is a record without an error code,
/// and so is an `AssumeRole` whose answer was dropped together with its question.
fn handed_out(kind: IssuanceKind, request: &Value, response: &Value) -> bool {
    match kind {
        IssuanceKind::ConsoleLogin => text(response, "/ConsoleLogin") == Some("Success"),
        IssuanceKind::SwitchRole => text(response, "/SwitchRole") != Some("Failure"),
        IssuanceKind::GetSigninToken => text(response, "/GetSigninToken") != Some("Failure"),
        IssuanceKind::AssumeRole
        | IssuanceKind::AssumeRoleWithSaml
        | IssuanceKind::AssumeRoleWithWebIdentity => {
            text(request, "/roleArn").is_some() || first(response, &KEYS).is_some()
        }
        IssuanceKind::GetRoleCredentials => true,
        IssuanceKind::AssumeRoot
        | IssuanceKind::CreateAccessKey
        | IssuanceKind::CreateSession
        | IssuanceKind::GetCredentialsForIdentity
        | IssuanceKind::GetFederationToken
        | IssuanceKind::GetSessionToken => first(response, &KEYS).is_some(),
    }
}

fn known<'a>(text: Option<&'a Text<'_>>) -> Option<&'a str> {
    text.map(|text| &**text).filter(|text| !text.is_empty())
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    at(value, pointer)?.as_str().filter(|text| !text.is_empty())
}

/// As [`Value::pointer`], for pointers without escapes, which it would allocate for.
fn at<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer.split('/').skip(1).try_fold(value, |value, name| match value {
        Value::Object(members) => members.get(name),
        Value::Array(elements) => elements.get(name.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

fn first<'a>(value: &'a Value, pointers: &[&str]) -> Option<&'a str> {
    pointers.iter().find_map(|pointer| text(value, pointer))
}

/// An expiration that is written as a number.
fn epoch(response: &Value) -> Option<Timestamp> {
    let number = at(response, "/credentials/expiration")?.as_i64()?;
    Timestamp::parse(&alloc::format!("{number}"))
}

fn is_policy_wide(request: &Value) -> bool {
    let inline = text(request, "/policy").map(Policy::parse);
    let arns = at(request, "/policyArns").and_then(Value::as_array);
    let mut arns = arns.into_iter().flatten().filter_map(|arn| text(arn, "/arn").or(arn.as_str()));
    inline.is_some_and(|policy| policy.grants_administrator) || arns.any(is_administrator_policy)
}
