//! Hands out credentials, with the records that CloudTrail keeps of it.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde_json::json;

use crate::call::Call;
use crate::caller::{Caller, Place, Session, attributes};
use crate::clock::expiration;
use crate::json::Json;
use crate::log::Log;
use crate::organization::{Role, User};

/// A call of `AssumeRole` by somebody who has a credential.
pub(crate) struct AssumeRole<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) role: &'a Role,
    pub(crate) session_name: &'a str,
    pub(crate) at: i64,
}

/// A new session and the records of its issuance, the caller's copy first.
pub(crate) struct Issued {
    pub(crate) session: Session,
    pub(crate) event_ids: Vec<String>,
}

/// A call of `AssumeRole` by a service of AWS for the workload that it runs.
pub(crate) struct Delivered<'a> {
    pub(crate) service: &'static str,
    pub(crate) session: &'a Session,
    pub(crate) region: &'static str,
    pub(crate) seconds: i64,
    /// Further members of the request, written out, or empty.
    pub(crate) request: &'a str,
    pub(crate) request_id: &'a str,
}

const CHAINED_SECONDS: i64 = 3_600;

impl Log {
    /// Assumes a role. Both accounts get a record when they differ.
    pub(crate) fn assume_role(&mut self, wish: &AssumeRole<'_>) -> Issued {
        let session = self.new_session(wish.role, wish.session_name, wish.at);
        let call = self.assume_role_call(&session);
        let mut event_ids = Vec::new();
        if wish.caller.account == wish.role.account {
            event_ids.push(self.emit(wish.caller, &call, wish.at));
            return Issued { session, event_ids };
        }
        let call =
            Call { shared_event_id: self.chance.uuid(), request_id: self.chance.uuid(), ..call };
        event_ids.push(self.emit(wish.caller, &call, wish.at));
        let copy = foreign_copy(wish.caller, wish.role.account);
        event_ids.push(self.emit(&copy, &call, wish.at));
        Issued { session, event_ids }
    }

    /// Assumes a role from an account that is not ours: its own copy is not in our logs.
    pub(crate) fn assume_role_from_outside(
        &mut self,
        wish: &AssumeRole<'_>,
        external_id: &str,
    ) -> Session {
        let session = self.new_session(wish.role, wish.session_name, wish.at);
        let mut call = self.assume_role_call(&session);
        call.shared_event_id = self.chance.uuid();
        call.request = Json::object()
            .text("roleArn", &wish.role.arn())
            .text("roleSessionName", wish.session_name)
            .text("externalId", external_id)
            .raw("durationSeconds", "3600")
            .end()
            .into();
        self.emit(wish.caller, &call, wish.at);
        session
    }

    /// A refused attempt, which names the role in its message alone.
    pub(crate) fn denied_assume_role(&mut self, caller: &Caller, role: &Role, at: i64) -> String {
        let message = format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
            caller.arn,
            role.arn()
        );
        let call = Call::read("sts", "AssumeRole").denied("AccessDenied", message);
        self.emit(caller, &call, at)
    }

    /// Records the delivery of `session` to a workload. Such answers name no `assumedRoleUser`.
    pub(crate) fn deliver_session(&mut self, delivered: &Delivered<'_>) -> String {
        let Delivered { session, service, .. } = *delivered;
        let caller = Caller::of_service(session.role.account, service, delivered.region);
        let mut request = Json::object()
            .text("roleArn", &session.role.arn())
            .text("roleSessionName", &session.name)
            .end();
        if !delivered.request.is_empty() {
            request.pop();
            request = format!("{request},{}}}", delivered.request);
        }
        let credentials =
            self.credentials(&session.access_key_id, session.created + delivered.seconds);
        let response = Json::object().raw("credentials", &credentials).end();
        let call = Call {
            request_id: delivered.request_id.to_owned(),
            shared_event_id: self.chance.uuid(),
            ..Call::read("sts", "AssumeRole")
        }
        .request(request)
        .response(response)
        .resources(role_resource(&session.role));
        self.emit(&caller, &call, session.created)
    }

    /// Exchanges a token of an OIDC provider for a session.
    pub(crate) fn assume_role_with_web_identity(
        &mut self,
        wish: &AssumeRole<'_>,
        provider: &str,
        subject: &str,
    ) -> Issued {
        let session = self.new_session(wish.role, wish.session_name, wish.at);
        let credentials = self.credentials(&session.access_key_id, wish.at + CHAINED_SECONDS);
        let response = Json::object()
            .raw("credentials", &credentials)
            .text("subjectFromWebIdentityToken", subject)
            .raw("assumedRoleUser", &assumed_role_user(&session))
            .text("provider", provider)
            .text("audience", "sts.amazonaws.com")
            .end();
        let mut call = Call::read("sts", "AssumeRoleWithWebIdentity")
            .request(assume_role_request(&session))
            .response(response)
            .resources(role_resource(wish.role));
        call.additional = String::from(
            r#"{"identityProviderConnectionVerificationMethod":"IAMTrustStore","RequestDetails":{"endpointType":"regional","awsServingRegion":"us-east-1"}}"#,
        );
        let event_ids = Vec::from([self.emit(wish.caller, &call, wish.at)]);
        Issued { session, event_ids }
    }

    /// `GetSessionToken` with a second factor; gives back the temporary key.
    pub(crate) fn session_token(&mut self, user: &User, place: &Place<'_>, at: i64) -> String {
        let key = self.temporary_key(user.account);
        let credentials = self.credentials(&key, at + 12 * CHAINED_SECONDS);
        let serial = format!("arn:aws:iam::{}:mfa/{}", user.account, user.name);
        let call = Call::write("sts", "GetSessionToken")
            .request(
                Json::object().raw("durationSeconds", "43200").text("serialNumber", &serial).end(),
            )
            .response(Json::object().raw("credentials", &credentials).end());
        self.emit(&Caller::of_user(user, place), &call, at);
        key
    }

    /// `GetFederationToken` with `policy`; gives back the event and a caller with the new key.
    pub(crate) fn federation_token(
        &mut self,
        user: &User,
        place: &Place<'_>,
        name: &str,
        at: i64,
    ) -> (String, Caller) {
        let key = self.temporary_key(user.account);
        let credentials = self.credentials(&key, at + 36 * CHAINED_SECONDS);
        let arn = format!("arn:aws:sts::{}:federated-user/{name}", user.account);
        let principal_id = format!("{}:{name}", user.account);
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
        let request = json!({"name": name, "policy": policy, "durationSeconds": 129_600});
        let federated_user = json!({"arn": &arn, "federatedUserId": &principal_id});
        let response = Json::object()
            .raw("credentials", &credentials)
            .raw("federatedUser", &federated_user.to_string())
            .raw("packedPolicySize", "4")
            .end();
        let call = Call::write("sts", "GetFederationToken")
            .request(request.to_string())
            .response(response);
        let event_id = self.emit(&Caller::of_user(user, place), &call, at);
        let caller = Caller {
            access_key_id: key.clone(),
            identity: federated_identity(user, &[&principal_id, &arn, &key], at),
            principal_id,
            arn,
            ..Caller::of_user(user, place)
        };
        (event_id, caller)
    }

    /// The `credentials` of an answer; the session token is noise of the right size.
    pub(crate) fn credentials(&mut self, access_key_id: &str, expires: i64) -> String {
        let length = self.chance.between(420, 700) as usize;
        let token = format!("IQoJb3JpZ2luX2VjE{}==", self.chance.base64(length));
        Json::object()
            .text("accessKeyId", access_key_id)
            .text("sessionToken", &token)
            .text("expiration", &expiration(expires))
            .end()
    }

    pub(crate) fn new_session(&mut self, role: &Role, name: &str, at: i64) -> Session {
        Session {
            role: role.clone(),
            name: name.to_owned(),
            access_key_id: self.temporary_key(role.account),
            created: at,
            context: String::new(),
            members: String::new(),
        }
    }

    fn assume_role_call(&mut self, session: &Session) -> Call {
        let credentials =
            self.credentials(&session.access_key_id, session.created + CHAINED_SECONDS);
        let response = Json::object()
            .raw("credentials", &credentials)
            .raw("assumedRoleUser", &assumed_role_user(session))
            .end();
        Call::read("sts", "AssumeRole")
            .request(assume_role_request(session))
            .response(response)
            .additional(String::from(
                r#"{"RequestDetails":{"endpointType":"regional","awsServingRegion":"us-east-1"}}"#,
            ))
            .resources(role_resource(&session.role))
    }
}

/// A caller of another account as the account of the assumed role sees it: without a key.
pub(crate) fn foreign_copy(caller: &Caller, account: &'static str) -> Caller {
    let owner = caller.account;
    let identity = Json::object()
        .text("type", "AWSAccount")
        .text("principalId", &caller.principal_id)
        .text("accountId", owner)
        .end();
    Caller { account, identity, ..caller.clone() }
}

fn assume_role_request(session: &Session) -> String {
    Json::object()
        .text("roleArn", &session.role.arn())
        .text("roleSessionName", &session.name)
        .raw("durationSeconds", "3600")
        .end()
}

pub(crate) fn assumed_role_user(session: &Session) -> String {
    Json::object().text("assumedRoleId", &session.principal_id()).text("arn", &session.arn()).end()
}

pub(crate) fn role_resource(role: &Role) -> String {
    let resource = Json::object()
        .text("accountId", role.account)
        .text("type", "AWS::IAM::Role")
        .text("ARN", &role.arn())
        .end();
    format!("[{resource}]")
}

fn federated_identity(user: &User, ids: &[&str; 3], at: i64) -> String {
    let [principal_id, arn, key] = *ids;
    let issuer = json!({
        "type": "IAMUser", "principalId": &user.id, "arn": user.arn(),
        "accountId": user.account, "userName": user.name
    });
    let context = Json::object()
        .raw("sessionIssuer", &issuer.to_string())
        .raw("webIdFederationData", "{}")
        .raw("attributes", &attributes(at, false))
        .end();
    Json::object()
        .text("type", "FederatedUser")
        .text("principalId", principal_id)
        .text("arn", arn)
        .text("accountId", user.account)
        .text("accessKeyId", key)
        .raw("sessionContext", &context)
        .end()
}
