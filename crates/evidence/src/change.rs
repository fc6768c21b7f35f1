//! Events that leave something behind which outlives their session.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::sync::Arc;

use cloudtrail::Record;
use serde_json::Value;

use crate::catalogue::{ArtifactKind, CatalogueRow, Verb};
use crate::credential::Credential;
use crate::issuance::EventRef;
use crate::policy::{
    Admission, Policy, account_of_principal, is_administrator_policy, matches_everybody,
    one_or_many, strings,
};

/// What makes a change dangerous.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Remark {
    /// Grants what an administrator has.
    GrantsAdministrator,
    /// Grants every action of IAM or STS.
    GrantsIam,
    /// Admits anybody.
    TrustsAnyone,
    /// Admits anybody who meets a condition that does not say who they are.
    TrustsAnyoneOnCondition,
    /// Admits an account.
    TrustsAccount(String),
    /// Admits those whom an identity provider vouches for, on a condition.
    TrustsProvider(String),
    /// Admits everybody whom an identity provider vouches for.
    TrustsProviderFreely(String),
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
    /// The policy that the call wrote; empty where it wrote none, or a longer one than is kept.
    pub document: Arc<str>,
}

/// Longest policy that is kept, in bytes: the largest quota of IAM's inline policies.
const DOCUMENT_BYTES_MAX: usize = 10_240;

const DETAILS: [&str; 8] = [
    "/policyArn",
    "/managedPolicyArn",
    "/policyName",
    "/groupName",
    "/groupId",
    "/principal",
    "/principalId",
    "/granteePrincipal",
];
const POLICIES: [&str; 7] = [
    "/policyDocument",
    "/assumeRolePolicyDocument",
    "/policy",
    "/inlinePolicy",
    "/policyText",
    "/bucketPolicy",
    "/resourcePolicy",
];
/// Managed policies that are attached by their ARN.
const ATTACHED: [&str; 2] = ["/policyArn", "/managedPolicyArn"];
/// Whom images and snapshots are shared with: what is removed stands elsewhere.
const SHARED_WITH: [&str; 3] =
    ["/createVolumePermission/add/items", "/launchPermission/add/items", "/valuesToAdd"];
/// Principals that are named without a policy around them.
const PRINCIPALS: [&str; 4] =
    ["/principal", "/granteePrincipal", "/aWSAccountIds", "/aWSAccountId"];
/// What narrows a principal that is named without a policy.
const NARROWED_BY: [&str; 4] =
    ["/principalOrgID", "/organizationId", "/sourceAccount", "/sourceArn"];
/// Canned access control lists that open a bucket to everybody with an account, or without.
const PUBLIC_LISTS: [&str; 3] = ["public-read", "public-read-write", "authenticated-read"];
/// Where access control lists name groups.
const LISTS: [&str; 6] = [
    "/AccessControlPolicy",
    "/x-amz-grant-full-control",
    "/x-amz-grant-read",
    "/x-amz-grant-read-acp",
    "/x-amz-grant-write",
    "/x-amz-grant-write-acp",
];
/// Groups of S3 that anybody is in, or gets into with an account of their own.
const PUBLIC_GROUPS: [&str; 2] = ["groups/global/AllUsers", "groups/global/AuthenticatedUsers"];
/// What AWS writes in place of a value that it hides.
const HIDDEN: [&str; 2] = ["HIDDEN_DUE_TO_SECURITY_REASONS", "<sensitiveDataRemoved>"];

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
        let name = row.names.iter().filter_map(lookup).find_map(shown);
        let detail = DETAILS.iter().filter_map(|pointer| request.pointer(pointer)).find_map(shown);
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
            document: shared(&document(row.artifact, &request)),
        })
    }
}

/// The policy that `request` writes, where a later reader may want it back.
fn document(artifact: ArtifactKind, request: &Value) -> String {
    let is_kept = matches!(
        artifact,
        ArtifactKind::BucketPolicy
            | ArtifactKind::InlinePolicy
            | ArtifactKind::KmsKeyPolicy
            | ArtifactKind::ResourcePolicy
            | ArtifactKind::Role
            | ArtifactKind::TrustPolicy
    );
    let found = all_at(&POLICIES, request).find(|_| is_kept);
    let text = found.map(|value| value.as_str().map_or_else(|| value.to_string(), String::from));
    text.filter(|text| text.len() <= DOCUMENT_BYTES_MAX).unwrap_or_default()
}

/// The text of `value`, unless it is empty or AWS hid it, behind a phrase or behind asterisks.
fn shown(value: &Value) -> Option<&str> {
    // One asterisk is a principal: anybody.
    let is_masked = |text: &str| text != "*" && text.bytes().all(|byte| byte == b'*');
    let is_hidden = |text: &str| HIDDEN.contains(&text) || is_masked(text);
    value.as_str().filter(|text| !is_hidden(text))
}

/// Whether the call, which may do several things, does the one that lasts.
fn leaves_something(artifact: ArtifactKind, request: &Value) -> bool {
    let has = |name: &str| request.get(name).is_some_and(|value| !value.is_null());
    // Only an instance with a profile carries credentials.
    let is_bare_instance = artifact == ArtifactKind::Instance && !has("iamInstanceProfile");
    let is_other_attribute = artifact == ArtifactKind::UserData
        && !has("userData")
        && !has("CreateLaunchTemplateVersionRequest");
    // Without a role of its own a stack does what its caller may do anyway.
    let is_bare_stack = artifact == ArtifactKind::Stack && !has("roleARN");
    let is_unshared = artifact == ArtifactKind::SharedImage
        && all_at(&SHARED_WITH, request)
            .flat_map(|value| one_or_many(Some(value)))
            .next()
            .is_none();
    !is_bare_instance && !is_other_attribute && !is_bare_stack && !is_unshared
}

fn remarks(request: &Value) -> BTreeSet<Remark> {
    let mut remarks = BTreeSet::new();
    for document in all_at(&POLICIES, request) {
        let policy = document.as_str().map_or_else(|| Policy::of(document), Policy::parse);
        of_policy(policy, &mut remarks);
    }
    if all_at(&ATTACHED, request).filter_map(Value::as_str).any(is_administrator_policy) {
        remarks.insert(Remark::GrantsAdministrator);
    }
    let mut narrowed = all_at(&NARROWED_BY, request).filter_map(Value::as_str);
    let is_narrowed = narrowed.any(|value| !matches_everybody(value));
    for name in all_at(&PRINCIPALS, request).flat_map(|value| strings(Some(value))) {
        let account = account_of_principal(name).map(ToString::to_string);
        remarks.extend(account.map(Remark::TrustsAccount));
        remarks.extend((name == "*" && !is_narrowed).then_some(Remark::TrustsAnyone));
    }
    for item in all_at(&SHARED_WITH, request).flat_map(|value| one_or_many(Some(value))) {
        let member = item.get("userId").or_else(|| item.get("group")).unwrap_or(item);
        let name = member.as_str().unwrap_or_default();
        let account = account_of_principal(name).map(ToString::to_string);
        remarks.extend(account.map(Remark::TrustsAccount));
        remarks.extend((name == "all").then_some(Remark::TrustsAnyone));
    }
    remarks.extend(is_public_list(request).then_some(Remark::TrustsAnyone));
    remarks
}

fn of_policy(policy: Policy, remarks: &mut BTreeSet<Remark>) {
    remarks.extend(policy.grants_administrator.then_some(Remark::GrantsAdministrator));
    remarks.extend(policy.grants_iam.then_some(Remark::GrantsIam));
    remarks.extend(match policy.anybody {
        Admission::No => None,
        Admission::OnCondition => Some(Remark::TrustsAnyoneOnCondition),
        Admission::Free => Some(Remark::TrustsAnyone),
    });
    remarks.extend(policy.accounts.into_iter().map(Remark::TrustsAccount));
    remarks.extend(policy.providers.into_iter().map(|(provider, admission)| {
        if admission == Admission::Free {
            Remark::TrustsProviderFreely(provider)
        } else {
            Remark::TrustsProvider(provider)
        }
    }));
}

/// Whether the access control list of a bucket admits a group that anybody is in.
fn is_public_list(request: &Value) -> bool {
    let mut canned = strings(request.get("x-amz-acl"));
    let names_group = |list: &Value| {
        let text = list.to_string();
        PUBLIC_GROUPS.iter().any(|group| text.contains(group))
    };
    canned.any(|name| PUBLIC_LISTS.contains(&name)) || all_at(&LISTS, request).any(names_group)
}

/// The values that `pointers` lead to.
fn all_at<'v>(pointers: &[&str], request: &'v Value) -> impl Iterator<Item = &'v Value> {
    pointers.iter().filter_map(|pointer| request.pointer(pointer))
}
