//! The members of a JSON object that may be a record, or wrap one.

use alloc::borrow::Cow;

use xxhash_rust::xxh3::xxh3_128;

use crate::event_id::EventId;
use crate::members::{Value, members};
use crate::record::{Json, Record};
use crate::text::Text;
use crate::timestamp::Timestamp;

/// The members that are read; all others are passed over.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    event_time: Member<'a>,
    event_source: Member<'a>,
    event_name: Member<'a>,
    event_type: Member<'a>,
    event_category: Member<'a>,
    aws_region: Member<'a>,
    source_ip_address: Member<'a>,
    user_agent: Member<'a>,
    error_code: Member<'a>,
    error_message: Member<'a>,
    recipient_account_id: Member<'a>,
    request_id: Member<'a>,
    event_id: Member<'a>,
    shared_event_id: Member<'a>,
    vpc_endpoint_id: Member<'a>,
    vpc_endpoint_account_id: Member<'a>,
    session_credential_from_console: Member<'a>,
    user_identity: Member<'a>,
    request_parameters: Member<'a>,
    response_elements: Member<'a>,
    additional_event_data: Member<'a>,
    service_event_details: Member<'a>,
    addendum: Member<'a>,
    /// Time that a collector (Logstash, Beats) gave the record.
    timestamp: Member<'a>,
    /// EventBridge's envelope.
    detail: Member<'a>,
    /// An entry of `lookup-events`: the record as a string.
    cloud_trail_event: Member<'a>,
    /// A log event of CloudWatch Logs, or a collector's line: the record as a string.
    message: Member<'a>,
    message_type: Member<'a>,
    log_events: Member<'a>,
    /// Records under `aws.cloudtrail`, as OpenSearch's integrations store them.
    aws: Member<'a>,
    records: Member<'a>,
    events: Member<'a>,
    /// Present in digest files.
    digest_start_time: Member<'a>,
}

/// The value of a member, unless it is absent or null.
type Member<'a> = Option<Value<'a>>;

impl<'a> Fields<'a> {
    /// Takes the member `key` in. Of two members of one name the last counts, as for every
    /// parser of JSON that AWS's own tools use.
    pub(crate) fn set(&mut self, key: &[u8], value: Value<'a>) {
        let slot = match key {
            b"eventTime" => &mut self.event_time,
            b"eventSource" => &mut self.event_source,
            b"eventName" => &mut self.event_name,
            b"eventType" => &mut self.event_type,
            b"eventCategory" => &mut self.event_category,
            b"awsRegion" => &mut self.aws_region,
            b"sourceIPAddress" => &mut self.source_ip_address,
            b"userAgent" => &mut self.user_agent,
            b"errorCode" => &mut self.error_code,
            b"errorMessage" => &mut self.error_message,
            b"recipientAccountId" => &mut self.recipient_account_id,
            b"requestID" => &mut self.request_id,
            b"eventID" => &mut self.event_id,
            b"sharedEventID" => &mut self.shared_event_id,
            b"vpcEndpointId" => &mut self.vpc_endpoint_id,
            b"vpcEndpointAccountId" => &mut self.vpc_endpoint_account_id,
            b"sessionCredentialFromConsole" => &mut self.session_credential_from_console,
            b"userIdentity" => &mut self.user_identity,
            b"requestParameters" => &mut self.request_parameters,
            b"responseElements" => &mut self.response_elements,
            b"additionalEventData" => &mut self.additional_event_data,
            b"serviceEventDetails" => &mut self.service_event_details,
            b"addendum" => &mut self.addendum,
            b"@timestamp" => &mut self.timestamp,
            b"detail" => &mut self.detail,
            b"CloudTrailEvent" => &mut self.cloud_trail_event,
            b"message" => &mut self.message,
            b"messageType" => &mut self.message_type,
            b"logEvents" => &mut self.log_events,
            b"aws" => &mut self.aws,
            b"Records" => &mut self.records,
            b"Events" => &mut self.events,
            b"digestStartTime" => &mut self.digest_start_time,
            _ => return,
        };
        *slot = Some(value).filter(|value| !value.is_null());
    }
}

/// What an object turned out to be.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every object is a record; boxing it would allocate for each"
)]
pub(crate) enum Content<'a> {
    Aggregated,
    ControlMessage,
    Digest,
    Insight,
    Record(Found<'a>),
    Unknown,
    Untimed,
    Wrapped(Cow<'a, str>),
}

/// A record, and what had to be done to get it.
pub(crate) struct Found<'a> {
    pub(crate) record: Record<'a>,
    /// Whether `@timestamp` stands for an absent `eventTime`.
    pub(crate) is_collector_timestamp: bool,
}

impl<'a> Fields<'a> {
    /// What the object with the text `raw` is.
    pub(crate) fn content(&self, raw: &str) -> Content<'a> {
        let is_kind = |kind: Member<'a>, name: &str| {
            kind.is_some_and(|kind| kind.text().eq_ignore_ascii_case(name))
        };
        if is_kind(self.event_category, "Aggregated") {
            return Content::Aggregated;
        }
        if is_kind(self.event_category, "Insight")
            || is_kind(self.event_type, "AwsCloudTrailInsight")
        {
            return Content::Insight;
        }
        match self.event_name {
            Some(_) => self.record(raw),
            None => self.wrapped(),
        }
    }

    fn wrapped(&self) -> Content<'a> {
        if self.digest_start_time.is_some() {
            return Content::Digest;
        }
        if self.message_type.is_some_and(|kind| &*kind.text() == "CONTROL_MESSAGE") {
            return Content::ControlMessage;
        }
        let under_aws = self.aws.and_then(cloudtrail_of);
        let inner = [self.detail, under_aws, self.records, self.events, self.log_events];
        if let Some(inner) = inner.into_iter().flatten().next() {
            return Content::Wrapped(Cow::Borrowed(inner.raw));
        }
        match self.cloud_trail_event.or(self.message).map(Value::text) {
            Some(text) if text.trim_start().starts_with('{') => Content::Wrapped(text.0),
            Some(_) | None => Content::Unknown,
        }
    }

    fn record(&self, raw: &str) -> Content<'a> {
        let time = |member: Member<'a>| member.and_then(|value| Timestamp::parse(&value.text()));
        let own = time(self.event_time);
        let Some(event_time) = own.or_else(|| time(self.timestamp)) else {
            return Content::Untimed;
        };
        let event_id = match text(self.event_id) {
            id if id.is_empty() => EventId::Unnamed(xxh3_128(raw.as_bytes())),
            id => EventId::of(&id),
        };
        let record = Record {
            event_id,
            event_time,
            event_source: text(self.event_source),
            event_name: text(self.event_name),
            event_type: text(self.event_type),
            aws_region: text(self.aws_region),
            source_ip_address: text(self.source_ip_address),
            user_agent: text(self.user_agent),
            error_code: text(self.error_code),
            error_message: text(self.error_message),
            recipient_account_id: text(self.recipient_account_id),
            request_id: text(self.request_id),
            shared_event_id: text(self.shared_event_id),
            vpc_endpoint_id: text(self.vpc_endpoint_id),
            vpc_endpoint_account_id: text(self.vpc_endpoint_account_id),
            session_credential_from_console: text(self.session_credential_from_console),
            user_identity: json(self.user_identity),
            request_parameters: json(self.request_parameters),
            response_elements: json(self.response_elements),
            additional_event_data: json(self.additional_event_data),
            service_event_details: json(self.service_event_details),
            addendum: json(self.addendum),
        };
        Content::Record(Found { record, is_collector_timestamp: own.is_none() })
    }
}

fn text(member: Member<'_>) -> Text<'_> {
    member.map(Value::text).unwrap_or_default()
}

fn json(member: Member<'_>) -> Option<Json<'_>> {
    member.map(|value| Json(Cow::Borrowed(value.raw)))
}

/// The value of `cloudtrail` inside the value of `aws`.
fn cloudtrail_of(aws: Value<'_>) -> Option<Value<'_>> {
    let mut cloudtrail = None;
    if aws.raw.starts_with('{') {
        members(aws.raw, 0, &mut |key, value| {
            if key == b"cloudtrail" {
                cloudtrail = Some(value);
            }
        });
    }
    cloudtrail
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::format;

    use super::Fields;
    use crate::members::members;

    /// The names in the order of the members that they fill.
    const NAMES: [&str; 33] = [
        "eventTime",
        "eventSource",
        "eventName",
        "eventType",
        "eventCategory",
        "awsRegion",
        "sourceIPAddress",
        "userAgent",
        "errorCode",
        "errorMessage",
        "recipientAccountId",
        "requestID",
        "eventID",
        "sharedEventID",
        "vpcEndpointId",
        "vpcEndpointAccountId",
        "sessionCredentialFromConsole",
        "userIdentity",
        "requestParameters",
        "responseElements",
        "additionalEventData",
        "serviceEventDetails",
        "addendum",
        "@timestamp",
        "detail",
        "CloudTrailEvent",
        "message",
        "messageType",
        "logEvents",
        "aws",
        "Records",
        "Events",
        "digestStartTime",
    ];

    #[test]
    fn each_name_fills_a_member_of_its_own() {
        let filled = |name: &str| {
            let text = format!("{{\"{name}\":\"x\"}}");
            let mut fields = Fields::default();
            members(&text, 0, &mut |key, value| fields.set(key, value));
            format!("{fields:?}")
        };
        let all: BTreeSet<_> = NAMES.into_iter().map(filled).collect();
        assert_eq!(all.len(), NAMES.len());
        assert!(all.iter().all(|fields| fields.matches("Some(").count() == 1));
        for unknown in ["", "e", "eventVersion", "eventname", "userIdentit", "awsRegion2"] {
            assert_eq!(filled(unknown), format!("{:?}", Fields::default()), "{unknown}");
        }
    }
}
