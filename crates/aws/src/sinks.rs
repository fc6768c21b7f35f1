//! Where alerts go in AWS: an event bus, and Security Hub.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::{Call, Route, Service};
use crate::connection::Connection;
use crate::error::{Error, Needs};
use crate::settings::parsed;

/// Most entries of one request (EventBridge API reference, "`PutEvents`").
const EVENTS_MAX: usize = 10;
/// Most bytes of one request (EventBridge user guide, "Calculating event entry size").
const EVENTS_BYTES_MAX: usize = 256 * 1024;
/// Most findings of one request (Security Hub API reference, "`BatchImportFindings`").
const FINDINGS_MAX: usize = 100;
/// Most bytes of one request (there as well).
const FINDINGS_BYTES_MAX: usize = 6 * 1024 * 1024;
/// What an entry costs beside its JSON, in bytes.
const ENTRY_BYTES: usize = 128;

pub(crate) const EVENTS: Service =
    Service { id: "EventBridge", host: "events", signing_name: "events" };
pub(crate) const SECURITY_HUB: Service =
    Service { id: "SecurityHub", host: "securityhub", signing_name: "securityhub" };

/// An entry that AWS did not take.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EntryFailure {
    /// Which of the entries that were given, counted from zero.
    pub index: usize,
    /// AWS's code.
    pub code: String,
    /// AWS's words.
    pub message: String,
}

impl EntryFailure {
    /// Whether the same entry may well be taken later.
    pub fn is_transient(&self) -> bool {
        ["InternalError", "InternalException", "InternalFailure", "Throttl"]
            .iter()
            .any(|code| self.code.starts_with(code))
    }
}

impl Connection {
    /// Puts events on a bus: entries of `PutEvents` as AWS documents them (`Source`,
    /// `DetailType`, `Detail` as text, `EventBusName`, …), any number of them. Returns those that
    /// were not taken.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`], after which some entries may have been taken; needs
    /// `events:PutEvents` on the bus.
    pub async fn put_events(&self, entries: &[Value]) -> Result<Vec<EntryFailure>, Error> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Answer {
            entries: Vec<Put>,
        }
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Put {
            error_code: Option<String>,
            error_message: Option<String>,
        }
        let call = Call {
            service: EVENTS,
            operation: "PutEvents",
            route: Route::Target("AWSEvents.PutEvents".to_owned()),
            needs: Needs { action: "events:PutEvents", resource: "the event bus" },
            doing: "put events on the event bus",
        };
        let mut failures = Vec::new();
        let mut start = 0;
        for batch in batches(entries, EVENTS_MAX, EVENTS_BYTES_MAX) {
            let answer = self.call(call.clone(), &json!({ "Entries": batch })).await?;
            let answer: Answer = parsed(&answer, call.doing)?;
            failures.extend(answer.entries.into_iter().enumerate().filter_map(|(index, put)| {
                Some(EntryFailure {
                    index: start + index,
                    code: put.error_code?,
                    message: put.error_message.unwrap_or_default(),
                })
            }));
            start += batch.len();
        }
        Ok(failures)
    }

    /// Imports findings in AWS's own format (ASFF) into Security Hub, any number of them. A
    /// finding with a known `Id` is updated. Returns those that were not taken.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`], after which some findings may have been taken; needs
    /// `securityhub:BatchImportFindings`.
    pub async fn import_findings(&self, findings: &[Value]) -> Result<Vec<EntryFailure>, Error> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Answer {
            failed_findings: Vec<Failed>,
        }
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Failed {
            id: String,
            error_code: String,
            error_message: String,
        }
        let call = Call {
            service: SECURITY_HUB,
            operation: "BatchImportFindings",
            route: Route::Path("/findings/import"),
            needs: Needs { action: "securityhub:BatchImportFindings", resource: "*" },
            doing: "import findings into Security Hub",
        };
        let mut failures = Vec::new();
        let mut start = 0;
        for batch in batches(findings, FINDINGS_MAX, FINDINGS_BYTES_MAX) {
            let answer = self.call(call.clone(), &json!({ "Findings": batch })).await?;
            let answer: Answer = parsed(&answer, call.doing)?;
            for failed in answer.failed_findings {
                let id =
                    |finding: &Value| finding.get("Id").and_then(Value::as_str) == Some(&failed.id);
                let index = batch.iter().position(id).unwrap_or_default();
                let (code, message) = (failed.error_code, failed.error_message);
                failures.push(EntryFailure { index: start + index, code, message });
            }
            start += batch.len();
        }
        Ok(failures)
    }
}

/// `entries` in runs of at most `entries_max` and, unless one alone is larger, `bytes_max`.
fn batches(entries: &[Value], entries_max: usize, bytes_max: usize) -> Vec<&[Value]> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (index, entry) in entries.iter().enumerate() {
        let size = entry.to_string().len() + ENTRY_BYTES;
        if index > start && (index - start >= entries_max || bytes + size > bytes_max) {
            batches.extend(entries.get(start..index));
            (start, bytes) = (index, 0);
        }
        bytes += size;
    }
    batches.extend(entries.get(start..).filter(|rest| !rest.is_empty()));
    batches
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ENTRY_BYTES, batches};

    fn sizes(entries: &[Value], entries_max: usize, bytes_max: usize) -> Vec<usize> {
        batches(entries, entries_max, bytes_max).into_iter().map(<[Value]>::len).collect()
    }

    #[test]
    fn batches_keep_both_limits_and_lose_nothing() {
        let entries = vec![json!(1); 25];
        assert_eq!(sizes(&entries, 10, 1_000_000), [10, 10, 5]);
        assert_eq!(sizes(&entries, 10, 4 * (ENTRY_BYTES + 1)), [4, 4, 4, 4, 4, 4, 1]);
        assert_eq!(sizes(&entries, 10, 1), [1; 25]);
        assert_eq!(sizes(&[], 10, 1), Vec::<usize>::new());
    }
}
