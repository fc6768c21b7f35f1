//! Events that leave something behind which outlives their session.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;

use cloudtrail::Record;
use serde_json::Value;

use crate::catalogue::{ArtifactKind, CatalogueRow, Verb};
use crate::credential::Credential;
use crate::issuance::EventRef;
use crate::policy::{Policy, is_administrator_policy};

/// What makes a change dangerous.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Remark {
    /// Grants what an administrator has.
    GrantsAdministrator,
    /// Grants every action of IAM or STS.
    GrantsIam,
    /// Admits anybody.
    TrustsAnyone,
    /// Admits an account.
    TrustsAccount(String),
    /// Admits an identity provider.
    TrustsProvider(String),
}

/// One copy of an event that leaves something behind.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Change {
    /// The event.
    pub event: EventRef,
    /// What it leaves behind.
    pub artifact: ArtifactKind,
    /// Whether it made or changed it.
    pub verb: Verb,
    /// Who called.
    pub caller: Credential,
    /// Name of the artifact; empty where the event does not tell.
    pub name: Arc<str>,
    /// A policy's name or ARN, a group, or another second name.
    pub detail: Arc<str>,
    /// The key that was created.
    pub access_key_id: Arc<str>,
    /// What makes it dangerous.
    pub remarks: BTreeSet<Remark>,
}

const DETAILS: [&str; 5] =
    ["/policyArn", "/policyName", "/groupName", "/principal", "/principalId"];
const POLICIES: [&str; 6] = [
    "/policyDocument",
    "/assumeRolePolicyDocument",
    "/policy",
    "/inlinePolicy",
    "/policyText",
    "/bucketPolicy",
];

impl Change {
    /// Reads the change that `row` describes out of `record`.
    pub(crate) fn read(
        row: &CatalogueRow,
        record: &Record<'_>,
        event: EventRef,
        caller: &Credential,
        shared: &mut dyn FnMut(&str) -> Arc<str>,
    ) -> Option<Self> {
        let request = cloudtrail::Json::value(record.request_parameters.as_ref());
        let response = cloudtrail::Json::value(record.response_elements.as_ref());
        if !leaves_something(row.artifact, &request) {
            return None;
        }
        let lookup = |pointer: &&str| match pointer.strip_prefix("/response") {
            Some(rest) => response.pointer(rest),
            None => request.pointer(pointer),
        };
        let name = row.names.iter().filter_map(lookup).find_map(Value::as_str);
        let detail =
            DETAILS.iter().filter_map(|pointer| request.pointer(pointer)).find_map(Value::as_str);
        let detail = detail.filter(|detail| Some(*detail) != name);
        let key = response.pointer("/accessKey/accessKeyId").and_then(Value::as_str);
        Some(Self {
            event,
            artifact: row.artifact,
            verb: row.verb,
            caller: caller.clone(),
            name: shared(name.unwrap_or_default()),
            detail: shared(detail.unwrap_or_default()),
            access_key_id: shared(key.unwrap_or_default()),
            remarks: remarks(&request),
        })
    }
}

/// Whether the call, which may do several things, does the one that lasts.
fn leaves_something(artifact: ArtifactKind, request: &Value) -> bool {
    let has = |name: &str| request.get(name).is_some_and(|value| !value.is_null());
    // Only an instance with a profile carries credentials.
    let is_bare_instance = artifact == ArtifactKind::Instance && !has("iamInstanceProfile");
    let is_other_attribute = artifact == ArtifactKind::UserData
        && !has("userData")
        && !has("CreateLaunchTemplateVersionRequest");
    !is_bare_instance && !is_other_attribute
}

fn remarks(request: &Value) -> BTreeSet<Remark> {
    let mut remarks = BTreeSet::new();
    for document in POLICIES.iter().filter_map(|pointer| request.pointer(pointer)) {
        let policy = document
            .as_str()
            .map_or_else(|| Policy::parse(&alloc::format!("{document}")), Policy::parse);
        remarks.extend(policy.grants_administrator.then_some(Remark::GrantsAdministrator));
        remarks.extend(policy.grants_iam.then_some(Remark::GrantsIam));
        remarks.extend(policy.trusts_anyone.then_some(Remark::TrustsAnyone));
        remarks.extend(policy.accounts.into_iter().map(Remark::TrustsAccount));
        remarks.extend(policy.providers.into_iter().map(Remark::TrustsProvider));
    }
    let attached = request.get("policyArn").and_then(Value::as_str);
    if attached.is_some_and(is_administrator_policy) {
        remarks.insert(Remark::GrantsAdministrator);
    }
    // `lambda:AddPermission` and its like name one principal instead of a policy.
    let principal = request.get("principal").and_then(Value::as_str).unwrap_or_default();
    let single = alloc::format!(
        r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":{}}}}}}}"#,
        Value::from(principal)
    );
    let policy = Policy::parse(&single);
    remarks.extend(policy.trusts_anyone.then_some(Remark::TrustsAnyone));
    remarks.extend(policy.accounts.into_iter().map(Remark::TrustsAccount));
    remarks
}
