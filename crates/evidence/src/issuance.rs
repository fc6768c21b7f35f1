//! Events in which somebody obtains a credential.

use alloc::sync::Arc;

use cloudtrail::{EventId, Timestamp};

use crate::credential::Credential;

/// The call that handed a credential out (AWS's own names).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum IssuanceKind {
    /// `sts:AssumeRole`.
    AssumeRole,
    /// `sts:AssumeRoleWithSAML`.
    AssumeRoleWithSaml,
    /// `sts:AssumeRoleWithWebIdentity`.
    AssumeRoleWithWebIdentity,
    /// `sts:AssumeRoot`.
    AssumeRoot,
    /// A sign-in to the console, which issues keys that are not logged.
    ConsoleLogin,
    /// `iam:CreateAccessKey`: the new key continues the lineage of its maker.
    CreateAccessKey,
    /// `rolesanywhere:CreateSession`.
    CreateSession,
    /// `cognito-identity:GetCredentialsForIdentity`, a data event.
    GetCredentialsForIdentity,
    /// `sts:GetFederationToken`.
    GetFederationToken,
    /// `sso:GetRoleCredentials`, the first half of the Identity Center pair.
    GetRoleCredentials,
    /// `sts:GetSessionToken`.
    GetSessionToken,
    /// `signin:GetSigninToken`, which turns a credential into a console session.
    GetSigninToken,
    /// `signin:SwitchRole`, the console's record of an `AssumeRole`.
    SwitchRole,
}

/// What names an event, and where and when it took place.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct EventRef {
    /// `eventTime`.
    pub event_time: Timestamp,
    /// `eventID`; of a corrected record, the one of the record that it corrects.
    pub event_id: Option<EventId>,
    /// `eventSource`.
    pub event_source: Arc<str>,
    /// `eventName`.
    pub event_name: Arc<str>,
    /// `awsRegion`.
    pub aws_region: Arc<str>,
    /// `recipientAccountId`.
    pub recipient_account_id: Arc<str>,
    /// `sourceIPAddress`.
    pub source_ip_address: Arc<str>,
    /// `userAgent`.
    pub user_agent: Arc<str>,
    /// `requestID`.
    pub request_id: Arc<str>,
    /// `sharedEventID`.
    pub shared_event_id: Arc<str>,
}

impl EventRef {
    /// The text of the `eventID`, where the record had one.
    pub fn event_id_text(&self) -> Option<alloc::string::String> {
        self.event_id.as_ref().and_then(EventId::text)
    }
}

/// One copy of an event in which somebody obtains a credential. Members that the event lacks are
/// empty.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Issuance {
    /// The event.
    pub event: EventRef,
    /// The call.
    pub kind: IssuanceKind,
    /// Who called.
    pub caller: Credential,
    /// The issued key.
    pub access_key_id: Arc<str>,
    /// Principal of the issued credential: `assumedRoleId`, `federatedUserId`, or the user's id.
    pub principal_id: Arc<str>,
    /// ARN of that principal.
    pub principal_arn: Arc<str>,
    /// The role that was asked for.
    pub role_arn: Arc<str>,
    /// `roleSessionName`, chosen by the caller.
    pub role_session_name: Arc<str>,
    /// The user that a key was created for.
    pub user_name: Arc<str>,
    /// Person, repository or certificate that an identity provider vouched for.
    pub subject: Arc<str>,
    /// The identity provider.
    pub provider: Arc<str>,
    /// `sourceIdentity`.
    pub source_identity: Arc<str>,
    /// ARN that the console switched from.
    pub switch_from: Arc<str>,
    /// When the credential expires.
    pub expiration: Option<Timestamp>,
    /// Whether the session policy allows every action on every resource.
    pub is_policy_wide: bool,
}
