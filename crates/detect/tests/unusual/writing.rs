//! Writes days of sessions.

use cloudtrail::Timestamp;
use evidence::Evidence;

const ACCOUNT: &str = "111122223333";

/// Who acts, from where, with what.
#[derive(Clone, Copy)]
pub(crate) struct Actor {
    pub(crate) user: &'static str,
    pub(crate) address: &'static str,
    pub(crate) user_agent: &'static str,
}

/// A pipeline that assumes roles day by day.
pub(crate) const PIPELINE: Actor = Actor {
    user: "pipeline",
    address: "192.0.2.30",
    user_agent: "Boto3/1.34.42 md/Botocore#1.34.42 os/linux#5.10",
};

/// Somebody else, from elsewhere.
pub(crate) const STRANGER: Actor = Actor {
    user: "mallory",
    address: "203.0.113.77",
    user_agent: "aws-cli/2.15.0 md/awscrt#0.19.19 os/linux#6.5.0-kali3-amd64",
};

/// One of a team that does the same from the same place.
pub(crate) const fn member(user: &'static str) -> Actor {
    Actor { user, ..PIPELINE }
}

/// A log that grows.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) evidence: Evidence,
    n_events: u64,
}

/// Seconds of 09:00 on a day, counted from 2026-01-01.
pub(crate) const fn morning(day: i64) -> i64 {
    1_767_225_600 + day * 86_400 + 9 * 3_600
}

impl Log {
    /// `actor` takes `roles` one from the other, beginning at `time`, and makes `calls` with the
    /// last of them, which is returned.
    pub(crate) fn walk(
        &mut self,
        time: i64,
        actor: Actor,
        roles: &[&str],
        calls: &[(&str, &str)],
    ) -> String {
        let mut identity = user(actor.user);
        let mut time = time;
        for role in roles {
            let key = format!("ASIAQ{:011}EXAM", self.n_events);
            let asked = format!(
                r#","requestParameters":{{"roleArn":"arn:aws:iam::{ACCOUNT}:role/{role}",
                "roleSessionName":"run"}},"responseElements":{{"credentials":
                {{"accessKeyId":"{key}"}},"assumedRoleUser":{{"assumedRoleId":"AROA{role}:run",
                "arn":"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/run"}}}}"#
            );
            self.add(time, ("sts", "AssumeRole"), (&identity, actor), &asked);
            identity = session((role, "run"), &key, time);
            time += 20;
        }
        for call in calls {
            self.add(time, *call, (&identity, actor), "");
            time += 20;
        }
        identity
    }

    /// `actor` makes `calls` with the credential `identity`; all of them are denied where it
    /// `may_not`.
    pub(crate) fn call(
        &mut self,
        time: i64,
        (identity, actor): (&str, Actor),
        calls: &[(&str, &str)],
        may_not: bool,
    ) {
        let error = if may_not { r#","errorCode":"AccessDenied""# } else { "" };
        for (seconds, call) in (0..).step_by(20).zip(calls) {
            self.add(time + seconds, *call, (identity, actor), error);
        }
    }

    /// `person` signs in to the first of `roles` through a SAML provider, takes the others one from
    /// the other, and makes `calls` with the last of them.
    pub(crate) fn sign_in(
        &mut self,
        time: i64,
        person: &str,
        roles: &[&str],
        calls: &[(&str, &str)],
    ) {
        let mut key = format!("ASIAS{:011}EXAM", self.n_events);
        let mut identity = format!(
            r#"{{"type":"SAMLUser","principalId":"corp:{person}","userName":"{person}",
            "identityProvider":"corp"}}"#
        );
        for (at, role) in roles.iter().enumerate() {
            let call = if at == 0 { "AssumeRoleWithSAML" } else { "AssumeRole" };
            let asked = format!(
                r#","requestParameters":{{"roleArn":"arn:aws:iam::{ACCOUNT}:role/{role}",
                "roleSessionName":"{person}","principalArn":"arn:aws:iam::{ACCOUNT}:saml-provider/corp"}},
                "responseElements":{{"credentials":{{"accessKeyId":"{key}"}},
                "assumedRoleUser":{{"assumedRoleId":"AROA{role}:{person}",
                "arn":"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{person}"}}}}"#
            );
            let time = time + 20 * i64::try_from(at).unwrap();
            self.add(time, ("sts", call), (&identity, PIPELINE), &asked);
            identity = session((role, person), &key, time);
            key = format!("ASIAS{:011}EXAM", self.n_events);
        }
        for (seconds, call) in (600..).step_by(20).zip(calls) {
            self.add(time + seconds, *call, (&identity, PIPELINE), "");
        }
    }

    fn add(&mut self, time: i64, call: (&str, &str), who: (&str, Actor), more: &str) {
        self.n_events += 1;
        let ((service, name), (identity, actor)) = (call, who);
        let (time, number) = (Timestamp(time), self.n_events);
        let Actor { address, user_agent, .. } = actor;
        let text = format!(
            r#"{{"eventVersion":"1.11","userIdentity":{identity},"eventTime":"{time}",
            "eventSource":"{service}.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1",
            "sourceIPAddress":"{address}","userAgent":"{user_agent}","eventID":"event-{number}",
            "eventType":"AwsApiCall","recipientAccountId":"{ACCOUNT}"{more}}}"#
        );
        let outcome = cloudtrail::read(text.as_bytes(), &mut |record| {
            self.evidence.record(record);
        });
        assert_eq!((outcome.events, outcome.skipped), (1, Vec::new()), "{text}");
    }
}

/// The long-term key of the user `name`.
pub(crate) fn user(name: &str) -> String {
    let key = format!("AKIA{:X<9}EXAMPLE", name.to_uppercase());
    format!(
        r#"{{"type":"IAMUser","principalId":"AIDA{name}","accountId":"{ACCOUNT}",
        "arn":"arn:aws:iam::{ACCOUNT}:user/{name}","userName":"{name}","accessKeyId":"{key}"}}"#
    )
}

fn session((role, name): (&str, &str), key: &str, time: i64) -> String {
    let created = Timestamp(time);
    format!(
        r#"{{"type":"AssumedRole","principalId":"AROA{role}:{name}","accountId":"{ACCOUNT}",
        "arn":"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}","accessKeyId":"{key}",
        "sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{role}",
        "arn":"arn:aws:iam::{ACCOUNT}:role/{role}","accountId":"{ACCOUNT}","userName":"{role}"}},
        "attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}}}}}"#
    )
}
