//! One CloudTrail record, borrowed from the bytes it was read from.

use alloc::borrow::Cow;

use crate::event_id::EventId;
use crate::text::Text;
use crate::timestamp::Timestamp;
use crate::tree::Tree;

/// The raw text of a JSON value that is looked into only when somebody asks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Json<'a>(pub Cow<'a, str>);

impl Json<'_> {
    /// The value taken apart, unless it is nested deeper than
    /// [`JSON_DEPTH_MAX`](crate::limits::JSON_DEPTH_MAX) or is not JSON.
    pub fn parse(&self) -> Option<serde_json::Value> {
        serde_json::from_str(&self.0).ok()
    }

    /// The value with its texts borrowed, which is nothing where there is none, or where
    /// [`parse`](Self::parse) gives none.
    pub fn tree(this: Option<&Self>) -> Tree<'_> {
        this.map(|json| Tree::parse(&json.0)).unwrap_or_default()
    }

    /// The value, which is null where there is none.
    pub fn value(this: Option<&Self>) -> serde_json::Value {
        this.and_then(Json::parse).unwrap_or_default()
    }
}

/// One CloudTrail record (CloudTrail user guide, "CloudTrail record contents").
///
/// Members bear AWS's names in snake case. A member that the record lacks is `None` or empty.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// `eventID`.
    pub event_id: EventId,
    /// `eventTime`.
    pub event_time: Timestamp,
    /// `eventSource`, such as `sts.amazonaws.com`.
    pub event_source: Text<'a>,
    /// `eventName`, such as `AssumeRole`.
    pub event_name: Text<'a>,
    /// `eventType`.
    pub event_type: Text<'a>,
    /// `awsRegion`.
    pub aws_region: Text<'a>,
    /// `sourceIPAddress`: an address, a service's name or `AWS Internal`.
    pub source_ip_address: Text<'a>,
    /// `userAgent`, chosen by the caller.
    pub user_agent: Text<'a>,
    /// `errorCode`; empty on success.
    pub error_code: Text<'a>,
    /// `errorMessage`; empty on success.
    pub error_message: Text<'a>,
    /// `recipientAccountId`.
    pub recipient_account_id: Text<'a>,
    /// `requestID`.
    pub request_id: Text<'a>,
    /// `sharedEventID`, shared by the copies that different accounts received.
    pub shared_event_id: Text<'a>,
    /// `vpcEndpointId`.
    pub vpc_endpoint_id: Text<'a>,
    /// `vpcEndpointAccountId`.
    pub vpc_endpoint_account_id: Text<'a>,
    /// `sessionCredentialFromConsole`: `true` or empty.
    pub session_credential_from_console: Text<'a>,
    /// `userIdentity`, not taken apart: most records repeat one seen shortly before.
    pub user_identity: Option<Json<'a>>,
    /// `requestParameters`.
    pub request_parameters: Option<Json<'a>>,
    /// `responseElements`.
    pub response_elements: Option<Json<'a>>,
    /// `additionalEventData`.
    pub additional_event_data: Option<Json<'a>>,
    /// `serviceEventDetails`.
    pub service_event_details: Option<Json<'a>>,
    /// `addendum`, present on a late or corrected record.
    pub addendum: Option<Json<'a>>,
}

impl Record<'_> {
    /// Whether the call succeeded.
    ///
    /// Failed sign-ins have a message and no code (domain fact of `ConsoleLogin`); some services
    /// write code `200` on success.
    pub fn succeeded(&self) -> bool {
        let has_code = !self.error_code.is_empty() && &*self.error_code != "200";
        !has_code && (self.error_message.is_empty() || &*self.error_code == "200")
    }
}
