//! Rules about single calls.

use super::{Rule, Seen};
use crate::event::Event;

/// A role session that makes somebody who stays.
pub(super) fn user_or_key_by_role(event: &Event) -> bool {
    let names = [
        "AttachUserPolicy",
        "CreateAccessKey",
        "CreateLoginProfile",
        "CreateUser",
        "PutUserPolicy",
        "UpdateLoginProfile",
    ];
    is_of(event, "iam", &names) && &*event.identity == "AssumedRole"
}

/// Who may come in, and what they may do.
pub(super) fn trust_or_policy(event: &Event) -> bool {
    let names = [
        "AttachRolePolicy",
        "CreateOpenIDConnectProvider",
        "CreateRole",
        "CreateSAMLProvider",
        "PutRolePolicy",
        "UpdateAssumeRolePolicy",
    ];
    is_of(event, "iam", &names)
}

/// A function gets other code, or lets somebody call it.
pub(super) fn function(event: &Event) -> bool {
    let names = [
        "AddPermission20150331v2",
        "CreateFunction20150331",
        "UpdateFunctionCode20150331v2",
        "UpdateFunctionConfiguration20150331v2",
    ];
    is_of(event, "lambda", &names) && event.invoked_by.is_empty()
}

/// Somebody switches off what watches.
pub(super) fn impairs(event: &Event) -> bool {
    is_of(event, "cloudtrail", &["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"])
        || is_of(event, "guardduty", &["DeleteDetector", "UpdateDetector"])
        || is_of(event, "config", &["DeleteConfigurationRecorder", "StopConfigurationRecorder"])
}

/// Data is handed to another account.
pub(super) fn shares(event: &Event) -> bool {
    is_of(event, "ec2", &["ModifyImageAttribute", "ModifySnapshotAttribute"])
        || is_of(event, "rds", &["ModifyDBSnapshotAttribute"])
}

/// A sign-in of a user or of root, who should have shown a second factor here.
pub(super) fn console_without_mfa(event: &Event) -> bool {
    is_of(event, "signin", &["ConsoleLogin"])
        && &*event.mfa_used == "No"
        && !event.issuer.contains("/aws-reserved/sso.amazonaws.com/")
        && !event.principal.contains(":assumed-role/AWSReservedSSO_")
}

/// Keys become a sign-in, by a script.
pub(super) fn console_from_keys(event: &Event) -> bool {
    is_of(event, "signin", &["GetSigninToken"]) && !event.agent.starts_with("Jersey/")
}

/// Remembers which users ask for federation tokens.
#[derive(Debug, Default)]
pub(super) struct FederationToken {
    seen: Seen,
}

impl Rule for FederationToken {
    fn fires(&mut self, event: &Event) -> bool {
        is_of(event, "sts", &["GetFederationToken"])
            && self.seen.is_new(&event.principal, "GetFederationToken", event.time)
    }
}

fn is_of(event: &Event, service: &str, names: &[&str]) -> bool {
    event.succeeded && &*event.service == service && names.contains(&&*event.name)
}
