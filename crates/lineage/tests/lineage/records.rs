//! Makes CloudTrail records with documentation values, in the shapes that AWS writes.

use serde_json::{Value, json};

/// The account that most things happen in.
pub(crate) const HERE: &str = "111122223333";
/// Another account of the same organization.
pub(crate) const THERE: &str = "444455556666";
/// An account of somebody else.
pub(crate) const FOREIGN: &str = "999988887777";

/// A role with the unique id that it has until it is deleted.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) partition: String,
}

/// A session of a role, and the key that was handed out for it.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) created: String,
}

/// One record on its way into a log.
#[derive(Clone, Debug)]
pub(crate) struct Event(pub(crate) Value);

/// A time of the day on which everything happens, or any other time as it is.
pub(crate) fn at(time: &str) -> String {
    if time.len() == 5 {
        format!("2026-03-02T{time}:00Z")
    } else if time.len() == 8 {
        format!("2026-03-02T{time}Z")
    } else {
        time.to_owned()
    }
}

pub(crate) fn role(account: &str, name: &str) -> Role {
    let (prefix, _) = account.split_at(4);
    let id = format!("AROA{}{prefix}", name.to_uppercase());
    Role { account: account.into(), name: name.into(), id, partition: "aws".into() }
}

impl Role {
    pub(crate) fn arn(&self) -> String {
        format!("arn:{}:iam::{}:role/{}", self.partition, self.account, self.name)
    }

    pub(crate) fn session(&self, name: &str, key: &str, created: &str) -> Session {
        Session { role: self.clone(), name: name.into(), key: key.into(), created: at(created) }
    }
}

impl Session {
    pub(crate) fn principal_id(&self) -> String {
        format!("{}:{}", self.role.id, self.name)
    }

    pub(crate) fn arn(&self) -> String {
        let Role { account, name, partition, .. } = &self.role;
        format!("arn:{partition}:sts::{account}:assumed-role/{name}/{}", self.name)
    }

    /// `userIdentity` of a call that its key signed.
    pub(crate) fn who(&self) -> Value {
        json!({
            "type": "AssumedRole", "principalId": self.principal_id(), "arn": self.arn(),
            "accountId": self.role.account, "accessKeyId": self.key,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role", "principalId": self.role.id, "arn": self.role.arn(),
                    "accountId": self.role.account, "userName": self.role.name
                },
                "attributes": {"creationDate": self.created, "mfaAuthenticated": "false"}
            }
        })
    }

    /// `userIdentity` in the copy that another account receives.
    pub(crate) fn who_abroad(&self) -> Value {
        json!({
            "type": "AWSAccount", "principalId": self.principal_id(),
            "accountId": self.role.account
        })
    }

    /// Another key of the same session.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { key: key.into(), ..self.clone() }
    }
}

/// `userIdentity` of a user's long-term key.
pub(crate) fn user(name: &str, key: &str) -> Value {
    json!({
        "type": "IAMUser", "principalId": user_id(name),
        "arn": format!("arn:aws:iam::{HERE}:user/{name}"), "accountId": HERE,
        "accessKeyId": key, "userName": name
    })
}

/// `userIdentity` of a user's temporary key, as `GetSessionToken` and the console give.
pub(crate) fn user_session(name: &str, key: &str, created: &str) -> Value {
    let mut who = user(name, key);
    who["sessionContext"] =
        json!({"attributes": {"creationDate": at(created), "mfaAuthenticated": "true"}});
    who
}

/// `userIdentity` of a user that signs in.
pub(crate) fn user_without_key(name: &str) -> Value {
    let mut who = user(name, "");
    who.as_object_mut().unwrap().remove("accessKeyId");
    who
}

/// `userIdentity` of a user in the copy that another account receives.
pub(crate) fn user_abroad(name: &str) -> Value {
    json!({"type": "AWSAccount", "principalId": user_id(name), "accountId": HERE})
}

/// `userIdentity` of a service.
pub(crate) fn service(name: &str) -> Value {
    json!({"type": "AWSService", "invokedBy": name})
}

fn user_id(name: &str) -> String {
    format!("AIDA{}", name.to_uppercase())
}

/// A successful call of `name` of the service `source`.
pub(crate) fn event(time: &str, who: &Value, source: &str, name: &str) -> Event {
    let account = who["accountId"].as_str().unwrap_or(HERE);
    Event(json!({
        "eventVersion": "1.11", "userIdentity": who, "eventTime": at(time),
        "eventSource": format!("{source}.amazonaws.com"), "eventName": name,
        "awsRegion": "us-east-1", "sourceIPAddress": "192.0.2.10", "userAgent": "aws-cli/2.17",
        "requestParameters": null, "responseElements": null,
        "eventType": "AwsApiCall", "recipientAccountId": account
    }))
}

/// A call that shows that a credential is in use.
pub(crate) fn uses(time: &str, who: &Value) -> Event {
    event(time, who, "sts", "GetCallerIdentity")
}

/// The call in which `by` obtains `session`.
pub(crate) fn assume(by: &Value, session: &Session) -> Event {
    issue(by, "AssumeRole", session)
}

/// The call `name` in which `by` obtains `session`.
pub(crate) fn issue(by: &Value, name: &str, session: &Session) -> Event {
    let mut assume = event(&session.created, by, "sts", name);
    assume.0["requestParameters"] =
        json!({"roleArn": session.role.arn(), "roleSessionName": session.name});
    assume.0["responseElements"] = json!({
        "credentials": {
            "accessKeyId": session.key, "sessionToken": "token",
            "expiration": "Mar 2, 2026, 11:00:00 PM"
        },
        "assumedRoleUser": {"assumedRoleId": session.principal_id(), "arn": session.arn()}
    });
    assume
}

/// The call in which the service `name` obtains `session`: without `assumedRoleUser`.
pub(crate) fn assume_by_service(name: &str, session: &Session) -> Event {
    let mut assume = assume(&service(name), session);
    assume.0["responseElements"].as_object_mut().unwrap().remove("assumedRoleUser");
    assume.0["sourceIPAddress"] = json!(name);
    assume.0["recipientAccountId"] = json!(session.role.account);
    assume
}

/// Both copies of a call across accounts: the caller's, then the target's.
pub(crate) fn assume_across(by: &Value, abroad: &Value, session: &Session) -> [Event; 2] {
    let shared = json!(format!("shared-{}", session.key));
    let own = assume(by, session).with("sharedEventID", shared.clone());
    let target = assume(abroad, session)
        .with("sharedEventID", shared)
        .with("recipientAccountId", json!(session.role.account));
    [own, target]
}

/// A new long-term key for `of_user`.
pub(crate) fn create_key(time: &str, by: &Value, of_user: &str, key: &str) -> Event {
    let mut create = event(time, by, "iam", "CreateAccessKey");
    create.0["requestParameters"] = json!({"userName": of_user});
    create.0["responseElements"] =
        json!({"accessKey": {"accessKeyId": key, "userName": of_user, "status": "Active"}});
    create
}

/// A sign-in to the console.
pub(crate) fn sign_in(time: &str, who: &Value) -> Event {
    let mut login = event(time, who, "signin", "ConsoleLogin");
    login.0["eventType"] = json!("AwsConsoleSignIn");
    login.0["responseElements"] = json!({"ConsoleLogin": "Success"});
    login
}

impl Event {
    /// The record with the member `name` set to `value`.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.0[name] = value;
        self
    }

    /// The record of the same call that AWS refused.
    pub(crate) fn denied(self) -> Self {
        let message = "User is not authorized to perform: sts:AssumeRole";
        self.with("errorCode", json!("AccessDenied"))
            .with("errorMessage", json!(message))
            .with("requestParameters", Value::Null)
            .with("responseElements", Value::Null)
    }
}
