//! An event as rules of one event look at it.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::{EventId, Json, Record, Text, Timestamp, UserIdentity};
use serde_json::Value;

/// What the baselines read of a record. An empty text stands for an absent field.
#[derive(Clone, Debug)]
pub struct Event {
    /// `eventID`.
    pub id: EventId,
    /// `eventTime`.
    pub time: Timestamp,
    /// `eventSource` without `.amazonaws.com`.
    pub service: Arc<str>,
    /// `eventName`.
    pub name: Arc<str>,
    /// `sourceIPAddress`.
    pub address: Arc<str>,
    /// `userAgent`.
    pub agent: Arc<str>,
    /// Whether the call was answered without an error.
    pub succeeded: bool,
    /// `userIdentity.type`.
    pub identity: Arc<str>,
    /// `userIdentity.arn`, or the principal id where there is none.
    pub principal: Arc<str>,
    /// `userIdentity.accessKeyId`.
    pub key: Arc<str>,
    /// The role or user behind a session, or the user itself.
    pub issuer: Arc<str>,
    /// `userIdentity.invokedBy`.
    pub invoked_by: Arc<str>,
    /// `userIdentity.sessionContext.attributes.creationDate`.
    pub created: Arc<str>,
    /// The role that was assumed.
    pub role: Arc<str>,
    /// The key that was handed out.
    pub issued: Arc<str>,
    /// `additionalEventData.MFAUsed` of a sign-in.
    pub mfa_used: Arc<str>,
}

/// Events in the making: equal texts are held once.
#[derive(Debug, Default)]
pub struct Events {
    texts: BTreeSet<Arc<str>>,
    seen: BTreeSet<EventId>,
    taken: Vec<Event>,
}

impl Events {
    /// Takes `record` in, unless it was delivered before.
    pub fn record(&mut self, record: &Record<'_>) {
        if !self.seen.insert(record.event_id.clone()) {
            return;
        }
        let raw = record.user_identity.as_ref().map_or("", |json| &json.0);
        let identity = UserIdentity::parse(raw);
        let context = identity.session_context.as_ref();
        let issuer = context.and_then(|context| context.session_issuer.as_ref());
        let issuer = issuer.and_then(|issuer| text(issuer.arn.as_ref()));
        let attributes = context.and_then(|context| context.attributes.as_ref());
        let arn = text(identity.arn.as_ref());
        let principal = arn.or_else(|| text(identity.principal_id.as_ref()));
        let principal = principal.or_else(|| text(identity.user_name.as_ref()));
        let Answers { role, key_issued, mfa_used } = answers(record);
        let service = record.event_source.strip_suffix(".amazonaws.com");
        let event = Event {
            id: record.event_id.clone(),
            time: record.event_time,
            service: self.text(service.unwrap_or(&record.event_source)),
            name: self.text(&record.event_name),
            address: self.text(&record.source_ip_address),
            agent: self.text(&record.user_agent),
            succeeded: record.succeeded(),
            identity: self.text(text(identity.kind.as_ref()).unwrap_or_default()),
            principal: self.text(principal.unwrap_or_default()),
            key: self.text(text(identity.access_key_id.as_ref()).unwrap_or_default()),
            issuer: self.text(issuer.or(arn).unwrap_or_default()),
            invoked_by: self.text(text(identity.invoked_by.as_ref()).unwrap_or_default()),
            created: self.text(
                attributes
                    .and_then(|attributes| text(attributes.creation_date.as_ref()))
                    .unwrap_or_default(),
            ),
            role: self.text(&role),
            issued: self.text(&key_issued),
            mfa_used: self.text(&mfa_used),
        };
        self.taken.push(event);
    }

    /// Takes in what was read elsewhere.
    pub fn merge(&mut self, other: Self) {
        for event in other.taken {
            if self.seen.insert(event.id.clone()) {
                self.taken.push(event);
            }
        }
    }

    /// The events in the order of their times.
    pub fn in_order(self) -> Vec<Event> {
        let mut events = self.taken;
        events.sort_by(|one, other| (one.time, &one.id).cmp(&(other.time, &other.id)));
        events
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(text);
        self.texts.insert(Arc::clone(&new));
        new
    }
}

impl Event {
    /// Whether a service of AWS stands at the other end of the connection, so that the address
    /// tells nothing about who holds the credential.
    pub fn is_through_service(&self) -> bool {
        !self.invoked_by.is_empty()
            || self.address.ends_with(".amazonaws.com")
            || &*self.address == "AWS Internal"
    }

    /// The network of the address: the first 24 bits, or the first three groups of version 6.
    pub fn network(&self) -> &str {
        let (separator, n) = if self.address.contains(':') { (':', 3) } else { ('.', 3) };
        let end = self.address.match_indices(separator).nth(n - 1).map(|(position, _)| position);
        end.and_then(|end| self.address.get(..end)).unwrap_or(&self.address)
    }
}

fn text<'t>(text: Option<&'t Text<'_>>) -> Option<&'t str> {
    text.map(|text| &**text).filter(|text| !text.is_empty())
}

/// What some calls ask for and answer.
#[derive(Default)]
struct Answers {
    role: String,
    key_issued: String,
    mfa_used: String,
}

/// The role, the key handed out, and whether a second factor was shown, where the call has them.
fn answers(record: &Record<'_>) -> Answers {
    let of = |value: &Value, path: &str| {
        value.pointer(path).and_then(Value::as_str).map(String::from).unwrap_or_default()
    };
    match &*record.event_name {
        "AssumeRole" | "AssumeRoleWithSAML" | "AssumeRoleWithWebIdentity" => {
            let request = Json::value(record.request_parameters.as_ref());
            let response = Json::value(record.response_elements.as_ref());
            Answers {
                role: of(&request, "/roleArn"),
                key_issued: of(&response, "/credentials/accessKeyId"),
                ..Answers::default()
            }
        }
        "ConsoleLogin" => {
            let data = Json::value(record.additional_event_data.as_ref());
            Answers { mfa_used: of(&data, "/MFAUsed"), ..Answers::default() }
        }
        _ => Answers::default(),
    }
}
