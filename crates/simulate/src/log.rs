//! Turns calls into CloudTrail records and hands them to delivery.

use alloc::format;
use alloc::string::String;

use crate::call::{Call, Kind};
use crate::caller::Caller;
use crate::chance::Chance;
use crate::clock::event_time;
use crate::delivery::Delivery;
use crate::identifiers::access_key_id;
use crate::json::Json;
use crate::organization::US_EAST_1;

/// The trail of the organization: everything that happens goes through here.
pub(crate) struct Log {
    pub(crate) seed: u64,
    /// The first second of the window.
    pub(crate) start: i64,
    /// The last second of the window.
    pub(crate) end: i64,
    /// Draws identifiers.
    pub(crate) chance: Chance,
    pub(crate) delivery: Delivery,
}

impl Log {
    /// Records `call` and gives back its event id. Calls outside of the window leave no record.
    pub(crate) fn emit(&mut self, caller: &Caller, call: &Call, at: i64) -> String {
        let event_id = self.chance.uuid();
        if at < self.start || self.end < at {
            return event_id;
        }
        let request_id = self.request_id(call);
        let region = region_of(caller, call);
        let text = record(caller, call, region, &[&event_id, &request_id, &event_time(at)]);
        self.delivery.accept((caller.account, region), at, text);
        event_id
    }

    /// A fresh temporary key of `account`.
    pub(crate) fn temporary_key(&mut self, account: &str) -> String {
        access_key_id("ASIA", account, &mut self.chance)
    }

    fn request_id(&mut self, call: &Call) -> String {
        let has_none = match call.kind {
            Kind::ConsoleSignIn | Kind::ServiceEvent => true,
            Kind::Api | Kind::Data => false,
        };
        if has_none || !call.request_id.is_empty() {
            return call.request_id.clone();
        }
        if call.service == "s3" {
            return self.chance.upper_hex(16);
        }
        self.chance.uuid()
    }
}

/// Writes a record with its fields in the order that AWS uses.
fn record(caller: &Caller, call: &Call, region: &str, stamps: &[&str; 3]) -> String {
    let [event_id, request_id, event_time] = *stamps;
    let is_data = call.kind == Kind::Data;
    let json = Json::with_capacity(1_600)
        .text("eventVersion", event_version(call.service, caller.endpoint.is_some()))
        .raw("userIdentity", &caller.identity)
        .text("eventTime", event_time)
        .text("eventSource", &format!("{}.amazonaws.com", call.service))
        .text("eventName", call.name)
        .text("awsRegion", region)
        .text("sourceIPAddress", &caller.address)
        .text("userAgent", &caller.agent)
        .text_if("errorCode", call.error_code)
        .text_if("errorMessage", &call.error_message)
        .raw("requestParameters", &call.request)
        .raw("responseElements", &call.response)
        .raw_if("additionalEventData", &call.additional)
        .text_if("requestID", request_id)
        .text("eventID", event_id)
        .boolean("readOnly", call.is_read_only)
        .raw_if("resources", &call.resources)
        .text("eventType", event_type(call.kind))
        .boolean("managementEvent", !is_data)
        .text("recipientAccountId", caller.account)
        .text_if("sharedEventID", &call.shared_event_id)
        .text_if("vpcEndpointId", caller.endpoint.as_ref().map_or("", |endpoint| &endpoint.id))
        .text_if("vpcEndpointAccountId", caller.endpoint.as_ref().map_or("", |e| e.account))
        .raw_if("serviceEventDetails", &call.details)
        .text("eventCategory", if is_data { "Data" } else { "Management" });
    let has_tls = !caller.is_inside_aws() && call.kind != Kind::ServiceEvent;
    let json = if has_tls && !(caller.from_console && call.kind == Kind::Api) {
        json.raw("tlsDetails", &tls_details(call.service, region))
    } else {
        json
    };
    if caller.from_console && call.kind == Kind::Api {
        return json.text("sessionCredentialFromConsole", "true").end();
    }
    json.end()
}

fn region_of(caller: &Caller, call: &Call) -> &'static str {
    // Global services log in one region wherever they are called from.
    match call.service {
        "iam" | "organizations" | "sso" | "cloudfront" | "route53" => US_EAST_1,
        _ => caller.region,
    }
}

/// Services run ahead of each other: the same day shows several versions.
///
/// `vpcEndpointAccountId` exists from version 1.09 on.
fn event_version(service: &str, has_endpoint: bool) -> &'static str {
    match service {
        "sts" | "signin" | "ssm" | "lambda" if has_endpoint => "1.11",
        "sts" | "signin" | "ssm" | "lambda" => "1.08",
        "kms" | "s3" | "iam" | "secretsmanager" => "1.11",
        "ec2" => "1.10",
        _ => "1.09",
    }
}

fn event_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Api | Kind::Data => "AwsApiCall",
        Kind::ConsoleSignIn => "AwsConsoleSignIn",
        Kind::ServiceEvent => "AwsServiceEvent",
    }
}

fn tls_details(service: &str, region: &str) -> String {
    let host = match service {
        "iam" | "organizations" => format!("{service}.amazonaws.com"),
        "signin" => format!("{region}.signin.aws.amazon.com"),
        _ => format!("{service}.{region}.amazonaws.com"),
    };
    let details = Json::object()
        .text("tlsVersion", "TLSv1.3")
        .text("cipherSuite", "TLS_AES_128_GCM_SHA256")
        .text("clientProvidedHostHeader", &host);
    if service == "kms" {
        return details.text("keyExchange", "X25519MLKEM768").end();
    }
    details.end()
}
