//! Signs people in through IAM Identity Center: two records, and a key that neither of them names.

use alloc::format;
use alloc::string::{String, ToString as _};

use serde_json::json;

use crate::call::Call;
use crate::caller::{Caller, Place, Session};
use crate::chance::Chance;
use crate::clock::HOUR;
use crate::identifiers::access_key_id;
use crate::issuance::{assumed_role_user, role_resource};
use crate::json::Json;
use crate::log::Log;
use crate::organization::{MANAGEMENT, Role, US_EAST_1};

const IDENTITY_STORE: &str = "arn:aws:identitystore::111122223333:identitystore/d-9067f3a1b2";
const NAME_QUALIFIER: &str = "bm90IGEgcmVhbCBxdWFsaWZpZXI=";
const SAML_PROVIDER: &str = "AWSSSO_6f1d2c3b4a596877_DO_NOT_DELETE";
/// The portal calls STS itself.
const PORTAL_AGENT: &str =
    "aws-internal/3 aws-sdk-java/1.12.788 Linux/5.10.240 OpenJDK_64-Bit_Server_VM/17.0.16";

/// A person of the identity store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) address: &'static str,
    pub(crate) agent: &'static str,
}

impl Person {
    pub(crate) fn email(&self) -> String {
        format!("{}@example.com", self.name)
    }

    pub(crate) fn place(&self) -> Place<'static> {
        Place { address: self.address, agent: self.agent, region: US_EAST_1 }
    }

    /// The id in the identity store, the same on every run.
    fn user_id(&self) -> String {
        let mut chance = Chance::of(0, self.name, 0);
        format!("9067f3a1b2-{}", chance.uuid())
    }
}

impl Log {
    /// Signs `person` in to `role`. The session's key is not the one in the SAML record.
    pub(crate) fn sign_in(&mut self, person: &Person, role: &Role, at: i64) -> Session {
        self.sign_in_at(person, role, &person.place(), at)
    }

    /// As [`sign_in`](Self::sign_in), from `place`.
    pub(crate) fn sign_in_at(
        &mut self,
        person: &Person,
        role: &Role,
        place: &Place<'_>,
        at: i64,
    ) -> Session {
        self.get_role_credentials(person, role, place, at);
        let session = self.new_session(role, &person.email(), at);
        let logged_key = access_key_id("ASIA", role.account, &mut self.chance);
        let logged = session.with_key(logged_key);
        let call = self.saml_call(person, &logged);
        let place = Place { agent: PORTAL_AGENT, region: US_EAST_1, ..*place };
        let caller = Caller::with_identity(role.account, saml_user(person), &place);
        self.emit(&caller, &call, at);
        session
    }

    fn get_role_credentials(&mut self, person: &Person, role: &Role, place: &Place<'_>, at: i64) {
        let identity = Json::object()
            .text("type", "IdentityCenterUser")
            .text("accountId", MANAGEMENT)
            .raw("onBehalfOf", &on_behalf_of(person))
            .text("credentialId", &self.chance.base64(40))
            .end();
        let permission_set = role.name.split('_').nth(1).unwrap_or_default();
        let mut call = Call::service_event("sso", "GetRoleCredentials");
        call.is_read_only = true;
        call.request_id = self.chance.uuid();
        call.details = json!({"role_name": permission_set, "account_id": role.account}).to_string();
        let place = Place { region: US_EAST_1, ..*place };
        let caller = Caller::with_identity(MANAGEMENT, identity, &place);
        self.emit(&caller, &call, at);
    }

    fn saml_call(&mut self, person: &Person, logged: &Session) -> Call {
        let (role, email) = (&logged.role, person.email());
        let provider = format!("arn:aws:iam::{}:saml-provider/{SAML_PROVIDER}", role.account);
        let request = json!({
            "sAMLAssertionID": format!("_{}", self.chance.uuid()), "roleSessionName": &email,
            "durationSeconds": 43_200, "roleArn": role.arn(), "principalArn": &provider
        });
        let credentials = self.credentials(&logged.access_key_id, logged.created + 12 * HOUR);
        let response = Json::object()
            .raw("credentials", &credentials)
            .raw("assumedRoleUser", &assumed_role_user(logged))
            .text("subject", &email)
            .text("subjectType", "persistent")
            .text("issuer", "https://portal.sso.us-east-1.amazonaws.com/saml/assertion/OTYx")
            .text("audience", "https://signin.aws.amazon.com/saml")
            .text("nameQualifier", NAME_QUALIFIER)
            .end();
        Call::read("sts", "AssumeRoleWithSAML")
            .request(request.to_string())
            .response(response)
            .resources(role_resource(role))
    }
}

/// The member that services of AWS add for people of the identity store, where they support it.
pub(crate) fn on_behalf_of_member(person: &Person) -> String {
    format!("\"onBehalfOf\":{}", on_behalf_of(person))
}

fn on_behalf_of(person: &Person) -> String {
    Json::object().text("userId", &person.user_id()).text("identityStoreArn", IDENTITY_STORE).end()
}

fn saml_user(person: &Person) -> String {
    let email = person.email();
    Json::object()
        .text("type", "SAMLUser")
        .text("principalId", &format!("{NAME_QUALIFIER}:{email}"))
        .text("userName", &email)
        .text("identityProvider", NAME_QUALIFIER)
        .end()
}
