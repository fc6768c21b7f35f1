//! Snapshots of AWS Config.

use alloc::borrow::Cow;

use serde_json::Value;

use super::described::is_gone;
use super::kinds::{KINDS, Kind};
use super::{Place, Reading};
use crate::network::{member, text, time};

/// Reads the items of `document`, and returns whether it is a snapshot.
pub(super) fn read(document: &Value, reading: &mut Reading<'_>) -> bool {
    let Some(list) = document.get("configurationItems").and_then(Value::as_array) else {
        return false;
    };
    for item in list {
        let resource_type = text(member(item, "resourceType")).unwrap_or_default();
        match KINDS.iter().find(|kind| kind.resource_type == resource_type) {
            Some(kind) => {
                *(kind.count)(&mut reading.count) += 1;
                resource(item, kind, reading);
            }
            None => reading.count.other += 1,
        }
    }
    true
}

/// Reads one resource as it was captured.
fn resource(item: &Value, kind: &Kind, reading: &mut Reading<'_>) {
    let status = text(member(item, "configurationItemStatus")).unwrap_or_default();
    let configuration = configuration(item);
    if status.starts_with("ResourceDeleted") || is_gone(&configuration) {
        return;
    }
    let place = Place {
        account_id: text(member(item, "awsAccountId")).unwrap_or_default(),
        region: text(member(item, "awsRegion")).unwrap_or_default(),
        at: time(member(item, "configurationItemCaptureTime")),
    };
    reading.keep(&place, |out| (kind.read)(&configuration, out));
}

/// The configuration, which snapshots write as an object and the history as a text.
fn configuration(item: &Value) -> Cow<'_, Value> {
    let configuration = member(item, "configuration");
    match configuration.as_str() {
        Some(text) => Cow::Owned(serde_json::from_str(text).unwrap_or_default()),
        None => Cow::Borrowed(configuration),
    }
}
