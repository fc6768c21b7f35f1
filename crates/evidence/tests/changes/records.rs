//! Makes one record of a call, and reads the change out of it.

use evidence::{Change, Evidence, Remark};
use serde_json::{Value, json};

/// An account of somebody else.
pub(crate) const FOREIGN: &str = "999988887777";

/// The change that a call leaves, if it leaves one.
pub(crate) fn change_of(call: &str, request: &Value, response: &Value) -> Option<Change> {
    let (service, event_name) = call.split_once(':').unwrap();
    let record = json!({
        "eventVersion": "1.11",
        "eventID": "7a5c3a80-1b2d-4c7e-8f90-0123456789ab",
        "eventTime": "2026-03-02T10:00:00Z",
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": event_name,
        "recipientAccountId": "111122223333",
        "userIdentity": {
            "type": "IAMUser",
            "arn": "arn:aws:iam::111122223333:user/alice",
            "accountId": "111122223333",
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
        },
        "requestParameters": request,
        "responseElements": response,
    });
    let mut evidence = Evidence::default();
    cloudtrail::read(record.to_string().as_bytes(), &mut |record| {
        evidence.record(record);
    });
    evidence.changes().next().cloned()
}

/// The remarks on the change that a call leaves, in their order.
pub(crate) fn remarks_of(call: &str, request: &Value) -> Vec<Remark> {
    let change = change_of(call, request, &Value::Null).unwrap();
    change.remarks.into_iter().collect()
}

/// The remark that a foreign account comes in.
pub(crate) fn foreign() -> Remark {
    Remark::TrustsAccount(FOREIGN.into())
}
