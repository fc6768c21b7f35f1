//! Calls that set or undo what a plan sets, kept from newer logs.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};

use cloudtrail::{Json, Record, Timestamp, UserIdentity};
use serde_json::Value;

use crate::step::{Setting, SettingOn};
use crate::verify::denials;

mod learned;

pub(crate) use learned::Deletion;

/// Calls that set something or undo it, by what they do it to.
const CALLS: [(&str, SettingOn, bool); 25] = [
    ("UpdateAccessKey", SettingOn::AccessKey, true),
    ("DeleteAccessKey", SettingOn::AccessKey, true),
    ("AttachUserPolicy", SettingOn::AttachedUserPolicy, true),
    ("DetachUserPolicy", SettingOn::AttachedUserPolicy, false),
    ("AssociateIamInstanceProfile", SettingOn::InstanceProfile, false),
    ("DisassociateIamInstanceProfile", SettingOn::InstanceProfile, true),
    ("DeleteLoginProfile", SettingOn::LoginProfile, true),
    ("CreateLoginProfile", SettingOn::LoginProfile, false),
    ("UpdateLoginProfile", SettingOn::LoginProfile, false),
    ("AttachPolicy", SettingOn::OrganizationPolicy, true),
    ("DetachPolicy", SettingOn::OrganizationPolicy, false),
    ("CreatePolicy", SettingOn::OrganizationPolicy, true),
    ("DeletePolicy", SettingOn::OrganizationPolicy, false),
    ("UpdatePolicy", SettingOn::OrganizationPolicy, false),
    ("PutRolePolicy", SettingOn::RolePolicy, true),
    ("DeleteRolePolicy", SettingOn::RolePolicy, false),
    ("DeleteRole", SettingOn::RolePolicy, true),
    ("UpdateAssumeRolePolicy", SettingOn::TrustPolicy, true),
    ("PutUserPolicy", SettingOn::UserPolicy, true),
    ("DeleteUserPolicy", SettingOn::UserPolicy, false),
    // Whoever is deleted can do nothing.
    ("DeleteRole", SettingOn::TrustPolicy, true),
    ("DeleteUser", SettingOn::AccessKey, true),
    ("DeleteUser", SettingOn::AttachedUserPolicy, true),
    ("DeleteUser", SettingOn::LoginProfile, true),
    ("DeleteUser", SettingOn::UserPolicy, true),
];

/// Calls after which there is nobody left to set anything on.
const DELETIONS: [&str; 2] = ["DeleteRole", "DeleteUser"];

/// The call that takes an instance's profile away.
const DISASSOCIATE: &str = "DisassociateIamInstanceProfile";

/// Where its answer names the instance.
const DISASSOCIATED: [&str; 2] = [
    "/DisassociateIamInstanceProfileResponse/iamInstanceProfileAssociation/instanceId",
    "/iamInstanceProfileAssociation/instanceId",
];

/// Where the name of the thing stands, by what it is.
const fn name_at(on: SettingOn) -> &'static [&'static str] {
    match on {
        SettingOn::AccessKey
        | SettingOn::AttachedUserPolicy
        | SettingOn::LoginProfile
        | SettingOn::UserPolicy => &["/userName"],
        SettingOn::RolePolicy | SettingOn::TrustPolicy => &["/roleName"],
        SettingOn::InstanceProfile => {
            &["/AssociateIamInstanceProfileRequest/InstanceId", "/instanceId"]
        }
        SettingOn::OrganizationPolicy => &["/policyId", "/name"],
    }
}

/// One call that sets or undoes something.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Call {
    pub(crate) time: Timestamp,
    pub(crate) on: SettingOn,
    pub(crate) account_id: String,
    pub(crate) name: String,
    pub(crate) detail: String,
    /// Whether what a plan sets may be in force after it.
    pub(crate) sets: bool,
    /// The inline policy that it writes, if a statement of it denies.
    pub(crate) policy: Option<String>,
    pub(crate) event_name: String,
    pub(crate) event_id: String,
    pub(crate) by: String,
    pub(crate) access_key_id: String,
    pub(crate) source_ip_address: String,
}

impl Call {
    /// Whether it deletes the role or user as a whole.
    pub(crate) fn is_deletion(&self) -> bool {
        DELETIONS.contains(&self.event_name.as_str())
    }

    /// Keeps an inline policy that it writes; one that denies nothing sets nothing.
    fn writes(&mut self, document: &str) {
        if self.on.is_inline() && self.sets && !self.is_deletion() {
            self.policy = denies(document).then(|| document.into());
            self.sets = self.policy.is_some();
        }
    }
}

/// Calls that set or undo what plans set; it merges as evidence does.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    calls: BTreeSet<Call>,
    deletions: BTreeSet<Deletion>,
    is_of_store: bool,
}

impl Watch {
    /// Adds what `record` tells.
    pub fn record(&mut self, record: &Record<'_>) {
        let known = CALLS.iter().filter(|(name, ..)| *name == &*record.event_name);
        for (_, on, sets) in known.filter(|_| record.succeeded()) {
            self.calls.insert(read(record, *on, *sets));
        }
    }

    /// Adds everything that `other` knows.
    pub fn merge(&mut self, mut other: Self) {
        self.calls.append(&mut other.calls);
        self.deletions.append(&mut other.deletions);
        self.is_of_store |= other.is_of_store;
    }

    /// Whether a part of it comes from evidence alone.
    pub(crate) const fn is_of_store(&self) -> bool {
        self.is_of_store
    }

    /// Calls that undo something and of which evidence does not keep what they are about.
    pub(crate) fn deletions(&self) -> impl Iterator<Item = &Deletion> {
        self.deletions.iter()
    }

    /// The calls about `setting`, by time.
    pub(crate) fn about<'w>(&'w self, setting: &'w Setting) -> impl Iterator<Item = &'w Call> {
        self.calls.iter().filter(|call| is_about(call, setting))
    }
}

/// Whether `call` sets or undoes `setting`.
fn is_about(call: &Call, setting: &Setting) -> bool {
    let is_of_organization = setting.on == SettingOn::OrganizationPolicy;
    let is_there = is_of_organization || call.account_id == setting.account_id;
    let has_detail = match setting.on {
        SettingOn::AccessKey
        | SettingOn::AttachedUserPolicy
        | SettingOn::RolePolicy
        | SettingOn::UserPolicy => !call.is_deletion(),
        // A policy of the organization bears its name only in the call that made it.
        SettingOn::InstanceProfile
        | SettingOn::LoginProfile
        | SettingOn::OrganizationPolicy
        | SettingOn::TrustPolicy => false,
    };
    let is_same = !has_detail || call.detail == setting.detail;
    // Evidence keeps a key's status without its user.
    let is_unnamed = call.on == SettingOn::AccessKey && call.name.is_empty();
    let is_named = is_unnamed || call.name == setting.name;
    call.on == setting.on && is_there && is_named && is_same
}

fn read(record: &Record<'_>, on: SettingOn, sets: bool) -> Call {
    let request = Json::value(record.request_parameters.as_ref());
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let identity = record.user_identity.as_ref().map_or("{}", |json| &*json.0);
    let caller = UserIdentity::parse(identity);
    let known = |text: Option<&cloudtrail::Text<'_>>| {
        text.map(|text| String::from(&**text)).unwrap_or_default()
    };
    let own = known(caller.user_name.as_ref());
    let name = name_at(on).iter().map(|pointer| text(pointer)).find(|name| !name.is_empty());
    let detail = match on {
        SettingOn::AccessKey => text("/accessKeyId"),
        SettingOn::AttachedUserPolicy => text("/policyArn"),
        SettingOn::RolePolicy | SettingOn::UserPolicy => text("/policyName"),
        SettingOn::OrganizationPolicy => text("/targetId"),
        SettingOn::InstanceProfile | SettingOn::LoginProfile | SettingOn::TrustPolicy => "",
    };
    let is_inactive = on != SettingOn::AccessKey
        || text("/status") == "Inactive"
        || &*record.event_name != "UpdateAccessKey";
    let mut call = Call {
        time: record.event_time,
        on,
        account_id: record.recipient_account_id.to_string(),
        // Who changes a key of their own need not name the user.
        name: name.map_or(own, String::from),
        detail: detail.into(),
        sets: sets && is_inactive,
        policy: None,
        event_name: record.event_name.to_string(),
        event_id: record.event_id.text().unwrap_or_default(),
        by: known(caller.arn.as_ref()),
        access_key_id: known(caller.access_key_id.as_ref()),
        source_ip_address: record.source_ip_address.to_string(),
    };
    call.writes(text("/policyDocument"));
    if call.event_name == DISASSOCIATE {
        call.name = instance(record);
    }
    call
}

/// The instance that loses its profile, which only the answer names.
fn instance(record: &Record<'_>) -> String {
    let response = Json::value(record.response_elements.as_ref());
    let found = DISASSOCIATED.iter().find_map(|pointer| response.pointer(pointer)?.as_str());
    found.unwrap_or_default().into()
}

/// Whether a statement of a policy denies.
fn denies(document: &str) -> bool {
    let policy: Value = serde_json::from_str(document).unwrap_or_default();
    denials(&policy).next().is_some()
}
