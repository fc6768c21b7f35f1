//! Reads issuances out of records.

use alloc::sync::Arc;

use cloudtrail::{Arn, Json, Record, Text, Timestamp, Tree, UserIdentity};

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

/// What `responseElements` tell about the issued credential, first match first.
struct Response<'a> {
    access_key_id: Option<&'a str>,
    principal_id: Option<&'a str>,
    principal_arn: Option<&'a str>,
    expiration: Option<Timestamp>,
}

impl<'a> Response<'a> {
    fn of(response: &'a Tree<'a>) -> Self {
        let credentials = response.get("credentials");
        let set = response.get("credentialSet").first();
        let user = response.get("federatedUser");
        let roles = [response.get("assumedRoleUser"), set.get("assumedRoleUser")];
        let first = |at: [(&'a Tree<'a>, &str); 3]| {
            at.into_iter().find_map(|(tree, name)| tree.get(name).text())
        };
        let key = first([
            (credentials, "accessKeyId"),
            (response.get("accessKey"), "accessKeyId"),
            (set.get("credentials"), "accessKeyId"),
        ]);
        let [role, of_set] = roles;
        let ids = [(role, "assumedRoleId"), (user, "federatedUserId"), (of_set, "assumedRoleId")];
        let expirations = [credentials, set.get("credentials")].map(|tree| tree.get("expiration"));
        let expiration = expirations.iter().find_map(|expiration| expiration.text());
        Self {
            access_key_id: key.or_else(|| credentials.get("accessKey").text()),
            principal_id: first(ids),
            principal_arn: first([(role, "arn"), (user, "arn"), (of_set, "arn")]),
            expiration: expiration
                .and_then(Timestamp::parse)
                .or_else(|| epoch(credentials.get("expiration").integer()?)),
        }
    }
}

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
    let request = Json::tree(record.request_parameters.as_ref());
    let response = Json::tree(record.response_elements.as_ref());
    let additional = Json::tree(record.additional_event_data.as_ref());
    let details = Json::tree(record.service_event_details.as_ref());
    let issued = Response::of(&response);
    let asked = |name: &str| request.get(name).text();
    if !handed_out(kind, asked("roleArn").is_some(), issued.access_key_id.is_some(), &response) {
        return None;
    }
    let identity = caller.identity;
    let on_behalf_of = identity.on_behalf_of.as_ref().and_then(|of| known(of.user_id.as_ref()));
    let subject = response.get("identityId").text().or(on_behalf_of);
    let subject = subject.or(known(identity.user_name.as_ref()));
    let provider = asked("principalArn").or(asked("providerId"));
    let provider = provider.or(known(identity.identity_provider.as_ref()));
    let role_arn = asked("roleArn").or(details.get("role_name").text());
    let name = asked("roleSessionName").or(asked("name"));
    let user_name = response.get("accessKey").get("userName").text().or(asked("userName"));
    let context = identity.session_context.as_ref();
    let inherited = context.and_then(|context| known(context.source_identity.as_ref()));
    let source_identity = asked("sourceIdentity").or(inherited);
    let root = asked("targetPrincipal");
    let root = root.map(|root| Arn::parse(root).map_or(root, |arn| arn.account_id));
    let account = details.get("account_id").text().or(root);
    Some(Issuance {
        event,
        kind,
        caller: caller.credential.clone(),
        access_key_id: shared(issued.access_key_id.unwrap_or_default()),
        principal_id: shared(issued.principal_id.or(account).unwrap_or_default()),
        principal_arn: shared(issued.principal_arn.unwrap_or_default()),
        role_arn: shared(role_arn.unwrap_or_default()),
        role_session_name: shared(name.unwrap_or_default()),
        user_name: shared(user_name.unwrap_or_default()),
        subject: shared(subject.unwrap_or_default()),
        provider: shared(provider.unwrap_or_default()),
        source_identity: shared(source_identity.unwrap_or_default()),
        switch_from: shared(additional.get("SwitchFrom").text().unwrap_or_default()),
        expiration: issued.expiration,
        is_policy_wide: is_policy_wide(&request),
    })
}

/// Whether the call handed something out: a refused sign-in is a record without an error code,
/// and so is an `AssumeRole` whose answer was dropped together with its question.
fn handed_out(kind: IssuanceKind, is_role: bool, is_key: bool, response: &Tree<'_>) -> bool {
    let said = |name: &str| response.get(name).text();
    match kind {
        IssuanceKind::ConsoleLogin => said("ConsoleLogin") == Some("Success"),
        IssuanceKind::SwitchRole => said("SwitchRole") != Some("Failure"),
        IssuanceKind::GetSigninToken => said("GetSigninToken") != Some("Failure"),
        IssuanceKind::AssumeRole
        | IssuanceKind::AssumeRoleWithSaml
        | IssuanceKind::AssumeRoleWithWebIdentity => is_role || is_key,
        IssuanceKind::GetRoleCredentials => true,
        IssuanceKind::AssumeRoot
        | IssuanceKind::CreateAccessKey
        | IssuanceKind::CreateSession
        | IssuanceKind::GetCredentialsForIdentity
        | IssuanceKind::GetFederationToken
        | IssuanceKind::GetSessionToken => is_key,
    }
}

fn known<'a>(text: Option<&'a Text<'_>>) -> Option<&'a str> {
    text.map(|text| &**text).filter(|text| !text.is_empty())
}

/// An expiration that is written as a number.
fn epoch(number: i64) -> Option<Timestamp> {
    Timestamp::parse(&alloc::format!("{number}"))
}

fn is_policy_wide(request: &Tree<'_>) -> bool {
    let inline = request.get("policy").text().map(Policy::parse);
    let arns = request.get("policyArns").elements().iter();
    let mut arns = arns.filter_map(|arn| arn.get("arn").text().or(arn.text()));
    inline.is_some_and(|policy| policy.grants_administrator) || arns.any(is_administrator_policy)
}
