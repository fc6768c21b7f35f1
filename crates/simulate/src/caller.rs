//! Who calls: the `userIdentity` of a record and the place that the call comes from.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;

use crate::clock::event_time;
use crate::json::Json;
use crate::organization::{Role, User};

/// A VPC endpoint that calls go through, and the account that owns it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) account: &'static str,
}

/// A way out of a network: the address that AWS sees, and the endpoint in between if there is one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Way {
    pub(crate) address: String,
    pub(crate) endpoint: Option<Endpoint>,
}

impl Way {
    /// Straight over the internet, or through a gateway that translates to `address`.
    pub(crate) fn public(address: &str) -> Self {
        Self { address: address.to_owned(), endpoint: None }
    }

    /// From a private address through an endpoint.
    pub(crate) fn through(endpoint: &Endpoint, address: &str) -> Self {
        Self { address: address.to_owned(), endpoint: Some(endpoint.clone()) }
    }
}

/// Where calls come from and which region they go to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) address: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) region: &'static str,
}

/// Everything about a record that stays the same from one call to the next.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The account whose trail gets the record.
    pub(crate) account: &'static str,
    pub(crate) access_key_id: String,
    pub(crate) principal_id: String,
    pub(crate) arn: String,
    /// The `userIdentity`, written out.
    pub(crate) identity: String,
    pub(crate) address: String,
    pub(crate) agent: String,
    pub(crate) region: &'static str,
    pub(crate) endpoint: Option<Endpoint>,
    /// Whether the web console made the calls with the caller's session.
    pub(crate) from_console: bool,
}

impl Caller {
    pub(crate) fn of_user(user: &User, place: &Place<'_>) -> Self {
        let identity = user_identity(user, &user.access_key_id).end();
        Self {
            account: user.account,
            access_key_id: user.access_key_id.clone(),
            principal_id: user.id.clone(),
            arn: user.arn(),
            identity,
            ..Self::at(place)
        }
    }

    /// The user with a temporary key, from `GetSessionToken` or a console sign-in.
    pub(crate) fn of_user_session(
        user: &User,
        access_key_id: &str,
        created: i64,
        place: &Place<'_>,
    ) -> Self {
        let context = Json::object().raw("attributes", &attributes(created, true)).end();
        let identity = user_identity(user, access_key_id).raw("sessionContext", &context).end();
        Self { access_key_id: access_key_id.to_owned(), identity, ..Self::of_user(user, place) }
    }

    /// A user at the sign-in page, before there is any key.
    pub(crate) fn of_user_signing_in(user: &User, place: &Place<'_>) -> Self {
        Self {
            access_key_id: String::new(),
            identity: user_identity(user, "").end(),
            ..Self::of_user(user, place)
        }
    }

    pub(crate) fn of_service(account: &'static str, service: &str, region: &'static str) -> Self {
        let identity = Json::object().text("type", "AWSService").text("invokedBy", service).end();
        Self::from_service(account, identity, service, region)
    }

    /// The nameless caller of some service events.
    pub(crate) fn of_service_without_type(
        account: &'static str,
        service: &str,
        region: &'static str,
    ) -> Self {
        let identity = Json::object().text("accountId", account).text("invokedBy", service).end();
        Self::from_service(account, identity, service, region)
    }

    /// A caller whose identity is written by the one who makes it.
    pub(crate) fn with_identity(
        account: &'static str,
        identity: String,
        place: &Place<'_>,
    ) -> Self {
        Self { account, identity, ..Self::at(place) }
    }

    /// The same identity with an AWS service calling in its name.
    pub(crate) fn through(&self, service: &str) -> Self {
        let mut identity = self.identity.clone();
        identity.pop();
        identity.push_str(",\"invokedBy\":\"");
        identity.push_str(service);
        identity.push_str("\"}");
        Self {
            identity,
            address: service.to_owned(),
            agent: service.to_owned(),
            endpoint: None,
            ..self.clone()
        }
    }

    /// An AWS service calling in the caller's name, with a key of its own for the same session.
    pub(crate) fn forwarded(&self, service: &str, access_key_id: String) -> Self {
        let identity = self.identity.replace(&self.access_key_id, &access_key_id);
        Self { access_key_id, identity, ..self.clone() }.through(service)
    }

    /// The same caller at the sign-in page, which logs no key.
    pub(crate) fn without_key(&self) -> Self {
        let member = format!("\"accessKeyId\":\"{}\",", self.access_key_id);
        Self {
            access_key_id: String::new(),
            identity: self.identity.replace(&member, ""),
            ..self.clone()
        }
    }

    /// The same caller leaving its network by `way`.
    pub(crate) fn leaving_by(&self, way: &Way) -> Self {
        let Way { address, endpoint } = way.clone();
        Self { address, endpoint, ..self.clone() }
    }

    pub(crate) fn in_region(&self, region: &'static str) -> Self {
        Self { region, ..self.clone() }
    }

    pub(crate) fn in_console(mut self) -> Self {
        self.from_console = true;
        self
    }

    /// Whether a service of AWS stands at the other end of the connection.
    pub(crate) fn is_inside_aws(&self) -> bool {
        self.address.ends_with(".amazonaws.com") || self.address == "AWS Internal"
    }

    fn from_service(
        account: &'static str,
        identity: String,
        service: &str,
        region: &'static str,
    ) -> Self {
        let place = Place { address: service, agent: service, region };
        Self::with_identity(account, identity, &place)
    }

    fn at(place: &Place<'_>) -> Self {
        Self {
            account: "",
            access_key_id: String::new(),
            principal_id: String::new(),
            arn: String::new(),
            identity: String::new(),
            address: place.address.to_owned(),
            agent: place.agent.to_owned(),
            region: place.region,
            endpoint: None,
            from_console: false,
        }
    }
}

/// A session of a role: what an issuance handed out.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) access_key_id: String,
    pub(crate) created: i64,
    /// Further members of `sessionContext`, written out, or empty.
    pub(crate) context: String,
    /// Further members of `userIdentity`, written out, or empty.
    pub(crate) members: String,
}

impl Session {
    pub(crate) fn principal_id(&self) -> String {
        format!("{}:{}", self.role.id, self.name)
    }

    pub(crate) fn arn(&self) -> String {
        self.role.session_arn(&self.name)
    }

    pub(crate) fn caller(&self, place: &Place<'_>) -> Caller {
        let (principal_id, arn) = (self.principal_id(), self.arn());
        let mut context = Json::object()
            .raw("sessionIssuer", &session_issuer(&self.role))
            .raw("attributes", &attributes(self.created, false))
            .end();
        insert_members(&mut context, &self.context);
        let mut identity = Json::object()
            .text("type", "AssumedRole")
            .text("principalId", &principal_id)
            .text("arn", &arn)
            .text("accountId", self.role.account)
            .text("accessKeyId", &self.access_key_id)
            .raw("sessionContext", &context)
            .end();
        insert_members(&mut identity, &self.members);
        Caller {
            account: self.role.account,
            access_key_id: self.access_key_id.clone(),
            principal_id,
            arn,
            identity,
            ..Caller::at(place)
        }
    }

    /// The same session with another key, as consoles use several for one sign-in.
    pub(crate) fn with_key(&self, access_key_id: String) -> Self {
        Self { access_key_id, ..self.clone() }
    }
}

pub(crate) fn attributes(created: i64, is_mfa_authenticated: bool) -> String {
    let mfa = if is_mfa_authenticated { "true" } else { "false" };
    Json::object().text("creationDate", &event_time(created)).text("mfaAuthenticated", mfa).end()
}

fn session_issuer(role: &Role) -> String {
    Json::object()
        .text("type", "Role")
        .text("principalId", &role.id)
        .text("arn", &role.arn())
        .text("accountId", role.account)
        .text("userName", &role.name)
        .end()
}

fn user_identity(user: &User, access_key_id: &str) -> Json {
    Json::object()
        .text("type", "IAMUser")
        .text("principalId", &user.id)
        .text("arn", &user.arn())
        .text("accountId", user.account)
        .text_if("accessKeyId", access_key_id)
        .text("userName", user.name)
}

fn insert_members(object: &mut String, members: &str) {
    if members.is_empty() {
        return;
    }
    object.pop();
    object.push(',');
    object.push_str(members);
    object.push('}');
}
