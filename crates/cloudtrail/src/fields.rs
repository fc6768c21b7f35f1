//! The members of a JSON object that may be a record, or wrap one.

use alloc::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use xxhash_rust::xxh3::xxh3_128;

use crate::event_id::EventId;
use crate::record::{Json, Record};
use crate::text::Text;
use crate::timestamp::Timestamp;

/// The members that are read; all others are passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fields<'a> {
    #[serde(borrow)]
    event_time: Option<Text<'a>>,
    #[serde(borrow)]
    event_source: Option<Text<'a>>,
    #[serde(borrow)]
    event_name: Option<Text<'a>>,
    #[serde(borrow)]
    event_type: Option<Text<'a>>,
    #[serde(borrow)]
    event_category: Option<Text<'a>>,
    #[serde(borrow)]
    aws_region: Option<Text<'a>>,
    #[serde(borrow, rename = "sourceIPAddress")]
    source_ip_address: Option<Text<'a>>,
    #[serde(borrow)]
    user_agent: Option<Text<'a>>,
    #[serde(borrow)]
    error_code: Option<Text<'a>>,
    #[serde(borrow)]
    error_message: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_account_id: Option<Text<'a>>,
    #[serde(borrow, rename = "requestID")]
    request_id: Option<Text<'a>>,
    #[serde(borrow, rename = "eventID")]
    event_id: Option<Text<'a>>,
    #[serde(borrow, rename = "sharedEventID")]
    shared_event_id: Option<Text<'a>>,
    #[serde(borrow)]
    vpc_endpoint_id: Option<Text<'a>>,
    #[serde(borrow)]
    vpc_endpoint_account_id: Option<Text<'a>>,
    #[serde(borrow)]
    session_credential_from_console: Option<Text<'a>>,
    #[serde(borrow)]
    user_identity: Option<Json<'a>>,
    #[serde(borrow)]
    request_parameters: Option<Json<'a>>,
    #[serde(borrow)]
    response_elements: Option<Json<'a>>,
    #[serde(borrow)]
    additional_event_data: Option<Json<'a>>,
    #[serde(borrow)]
    service_event_details: Option<Json<'a>>,
    #[serde(borrow)]
    addendum: Option<Json<'a>>,
    /// Time that a collector (Logstash, Beats) gave the record.
    #[serde(borrow, rename = "@timestamp")]
    timestamp: Option<Text<'a>>,
    /// EventBridge's envelope.
    #[serde(borrow)]
    detail: Option<Json<'a>>,
    /// An entry of `lookup-events`: the record as a string.
    #[serde(borrow, rename = "CloudTrailEvent")]
    cloud_trail_event: Option<Text<'a>>,
    /// A log event of CloudWatch Logs, or a collector's line: the record as a string.
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    message_type: Option<Text<'a>>,
    #[serde(borrow)]
    log_events: Option<Json<'a>>,
    /// Records under `aws.cloudtrail`, as OpenSearch's integrations store them.
    #[serde(borrow)]
    aws: Option<Json<'a>>,
    #[serde(borrow, rename = "Records")]
    records: Option<Json<'a>>,
    #[serde(borrow, rename = "Events")]
    events: Option<Json<'a>>,
    #[serde(rename = "digestStartTime")]
    digest_start_time: Option<IgnoredAny>,
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
    pub(crate) fn content(self, raw: &str) -> Content<'a> {
        let is_kind = |kind: &Option<Text<'a>>, name: &str| {
            kind.as_ref().is_some_and(|kind| kind.eq_ignore_ascii_case(name))
        };
        if is_kind(&self.event_category, "Aggregated") {
            return Content::Aggregated;
        }
        if is_kind(&self.event_category, "Insight")
            || is_kind(&self.event_type, "AwsCloudTrailInsight")
        {
            return Content::Insight;
        }
        match self.event_name {
            Some(_) => self.record(raw),
            None => self.wrapped(),
        }
    }

    fn wrapped(self) -> Content<'a> {
        if self.digest_start_time.is_some() {
            return Content::Digest;
        }
        if self.message_type.as_deref() == Some("CONTROL_MESSAGE") {
            return Content::ControlMessage;
        }
        let under_aws = self.aws.as_ref().and_then(cloudtrail_of);
        let json = [self.detail, under_aws, self.records, self.events, self.log_events];
        if let Some(json) = json.into_iter().flatten().next() {
            return Content::Wrapped(json.0);
        }
        match self.cloud_trail_event.or(self.message) {
            Some(text) if text.trim_start().starts_with('{') => Content::Wrapped(text.0),
            Some(_) | None => Content::Unknown,
        }
    }

    fn record(self, raw: &str) -> Content<'a> {
        let parse = |text: &Text<'a>| Timestamp::parse(text);
        let own = self.event_time.as_ref().and_then(parse);
        let Some(event_time) = own.or_else(|| self.timestamp.as_ref().and_then(parse)) else {
            return Content::Untimed;
        };
        let event_id = match self.event_id.as_deref() {
            Some(text) if !text.is_empty() => EventId::of(text),
            Some(_) | None => EventId::Unnamed(xxh3_128(raw.as_bytes())),
        };
        let record = Record {
            event_id,
            event_time,
            event_source: self.event_source.unwrap_or_default(),
            event_name: self.event_name.unwrap_or_default(),
            event_type: self.event_type.unwrap_or_default(),
            aws_region: self.aws_region.unwrap_or_default(),
            source_ip_address: self.source_ip_address.unwrap_or_default(),
            user_agent: self.user_agent.unwrap_or_default(),
            error_code: self.error_code.unwrap_or_default(),
            error_message: self.error_message.unwrap_or_default(),
            recipient_account_id: self.recipient_account_id.unwrap_or_default(),
            request_id: self.request_id.unwrap_or_default(),
            shared_event_id: self.shared_event_id.unwrap_or_default(),
            vpc_endpoint_id: self.vpc_endpoint_id.unwrap_or_default(),
            vpc_endpoint_account_id: self.vpc_endpoint_account_id.unwrap_or_default(),
            session_credential_from_console: self
                .session_credential_from_console
                .unwrap_or_default(),
            user_identity: self.user_identity,
            request_parameters: self.request_parameters,
            response_elements: self.response_elements,
            additional_event_data: self.additional_event_data,
            service_event_details: self.service_event_details,
            addendum: self.addendum,
        };
        Content::Record(Found { record, is_collector_timestamp: own.is_none() })
    }
}

/// The value of `cloudtrail` inside the value of `aws`.
fn cloudtrail_of<'a>(aws: &Json<'a>) -> Option<Json<'a>> {
    #[derive(Deserialize)]
    struct Aws<'a> {
        #[serde(borrow)]
        cloudtrail: Option<Json<'a>>,
    }
    let Cow::Borrowed(raw) = aws.0 else {
        return None;
    };
    sonic_rs::from_str::<Aws<'a>>(raw).ok()?.cloudtrail
}
