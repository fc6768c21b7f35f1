//! Long-term keys that somebody made active or inactive.

use alloc::sync::Arc;

use cloudtrail::{Json, Record};
use serde_json::Value;

use crate::credential::Credential;
use crate::issuance::EventRef;

/// One copy of a successful `iam:UpdateAccessKey`.
///
/// It hands nothing out and leaves nothing behind that an intruder would hold; it is kept so that
/// a response can tell a key that is active from one that its owner had stopped.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct KeyStatus {
    /// The event; its `recipientAccountId` is the key's account.
    pub event: EventRef,
    /// Who called.
    pub caller: Credential,
    /// `accessKeyId` of the request.
    pub access_key_id: Arc<str>,
    /// Whether the key was active afterwards.
    pub is_active: bool,
}

/// Whether a call sets the status of a key.
pub(crate) fn sets_status(event_source: &str, event_name: &str) -> bool {
    event_source == "iam.amazonaws.com" && event_name == "UpdateAccessKey"
}

impl KeyStatus {
    /// Reads the status that `record` sets, if its request tells.
    pub(crate) fn read(
        record: &Record<'_>,
        event: EventRef,
        caller: &Credential,
        shared: &mut dyn FnMut(&str) -> Arc<str>,
    ) -> Option<Self> {
        let request = Json::value(record.request_parameters.as_ref());
        let text = |name: &str| request.get(name).and_then(Value::as_str);
        let is_active = match text("status")? {
            "Active" => true,
            "Inactive" => false,
            _ => return None,
        };
        let access_key_id = shared(text("accessKeyId").filter(|key| !key.is_empty())?);
        Some(Self { event, caller: caller.clone(), access_key_id, is_active })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use crate::Evidence;

    fn call(status: &str, extra: &str) -> String {
        alloc::format!(
            r#"{{"eventTime":"2026-01-01T00:00:00Z","eventSource":"iam.amazonaws.com",
            "eventName":"UpdateAccessKey","eventID":"1","recipientAccountId":"111122223333",
            "userIdentity":{{"type":"IAMUser","accountId":"111122223333"}},{extra}
            "requestParameters":{{"accessKeyId":"AKIAIOSFODNN7EXAMPLE","status":"{status}"}}}}"#
        )
    }

    fn statuses(log: &str) -> Vec<(String, bool)> {
        let mut evidence = Evidence::default();
        cloudtrail::read(log.as_bytes(), &mut |record| {
            evidence.record(record);
        });
        let statuses = evidence.key_statuses();
        statuses.map(|status| (String::from(&*status.access_key_id), status.is_active)).collect()
    }

    #[test]
    fn the_key_and_its_status_are_kept() {
        let key = || String::from("AKIAIOSFODNN7EXAMPLE");
        assert_eq!(statuses(&call("Inactive", "")), [(key(), false)]);
        assert_eq!(statuses(&call("Active", "")), [(key(), true)]);
        assert!(statuses(&call("Expired", "")).is_empty());
        assert!(statuses(&call("Inactive", r#""errorCode":"AccessDenied","#)).is_empty());
    }
}
