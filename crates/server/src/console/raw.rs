//! Finds the raw record of an event in the logs that it was read from: nothing of it is kept.

use std::path::PathBuf;

use cloudtrail::Timestamp;
use ingest::{Limits, ListedFile};
use serde_json::Value;
use store::{NameKind, Store};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::problem::Problem;
use super::wire::{EventBody, EventPlace};
use super::{App, written};
use crate::config::SourceSettings;

/// Files that are opened for one event.
const FILES_MAX: usize = 512;

/// Bytes on the disk that are read for one event.
const BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// Events that are looked for at once: each may read much.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Incidents that are asked when an event happened.
const INCIDENTS_MAX: u32 = 5;

/// Log files are delivered within so many seconds after their events.
const DELIVERED_SECS: i64 = 2 * 3_600;

/// When the event `id` happened, as `given` or as an incident tells.
pub(super) fn place(
    store: &Store,
    id: &str,
    given: Option<&str>,
) -> Result<Option<Timestamp>, Problem> {
    if let Some(given) = given {
        let time = Timestamp::parse(given);
        return time.map(Some).ok_or_else(|| Problem::wrong("`time` is no time"));
    }
    for incident in store.incidents_naming(NameKind::Event, id, INCIDENTS_MAX)? {
        let Some(row) = store.incident(&incident)? else {
            continue;
        };
        let findings = store.findings_of(&incident)?;
        let texts = findings.iter().map(|finding| &finding.document).chain([&row.document]);
        for text in texts {
            if let Some(time) = time_of(&written::document(text), id) {
                return Ok(Some(time));
            }
        }
    }
    Ok(None)
}

/// The time of the event `id` where a part of a document names both.
fn time_of(value: &Value, id: &str) -> Option<Timestamp> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| time_of(item, id)),
        Value::Object(members) => {
            let is_it = members.get("event_id").and_then(Value::as_str) == Some(id);
            let time = members.get("event_time").or_else(|| members.get("first"));
            let time = time.filter(|_| is_it).and_then(Value::as_str).and_then(Timestamp::parse);
            time.or_else(|| members.values().find_map(|member| time_of(member, id)))
        }
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => None,
    }
}

/// The record of the event `id`, which happened at `time`.
pub(super) async fn find(
    app: &App,
    id: &str,
    time: Option<Timestamp>,
) -> Result<EventBody, Problem> {
    let folders: Vec<(String, PathBuf)> = app
        .config
        .sources
        .iter()
        .filter_map(|source| match &source.settings {
            SourceSettings::Folder(folder) => Some((source.name.to_string(), folder.path.clone())),
            SourceSettings::LookupEvents(_) | SourceSettings::S3(_) | SourceSettings::Sqs(_) => {
                None
            }
        })
        .collect();
    let is_all = folders.len() == app.config.sources.len();
    let _place = PLACES.acquire().await.map_err(|error| Problem::internal(&error))?;
    let wanted = id.to_owned();
    let found = spawn_blocking(move || {
        folders.iter().find_map(|(name, folder)| search(name, folder, (&wanted, time)))
    });
    let found = found.await.map_err(|error| Problem::internal(&error))?;
    found.ok_or_else(|| {
        let aws = if is_all { "" } else { "; sources in AWS are not searched" };
        let message = format!(
            "its log was not found in the folders of the configuration{aws}: ask CloudTrail with \
             `aws cloudtrail lookup-events --lookup-attributes \
             AttributeKey=EventId,AttributeValue={id}`"
        );
        Problem::absent(message)
    })
}

fn search(
    name: &str,
    folder: &std::path::Path,
    (id, time): (&str, Option<Timestamp>),
) -> Option<EventBody> {
    let source = crate::intake::folder_source(folder).ok()?;
    let (mut files, _) = ingest::files(&source).ok()?;
    // What was delivered soon after the event comes first, then what has no time in its name.
    files.sort_by_key(|file| distance(file, time));
    let mut n_bytes = 0_u64;
    for file in files.iter().take(FILES_MAX) {
        n_bytes = n_bytes.saturating_add(file.bytes);
        if n_bytes > BYTES_MAX {
            return None;
        }
        if let Some(record) = record_of(file, id) {
            let source = EventPlace { name: name.to_owned(), object: file.name.clone() };
            return Some(EventBody { event_id: id.to_owned(), record, source });
        }
    }
    None
}

/// How unlikely it is that `file` holds an event of `time`.
fn distance(file: &ListedFile, time: Option<Timestamp>) -> (u8, i64) {
    let Some((delivered, time)) = delivered_at(&file.name).zip(time) else {
        return (1, 0);
    };
    let later = delivered.0 - time.0;
    if (-300..=DELIVERED_SECS).contains(&later) { (0, later.abs()) } else { (2, later.abs()) }
}

/// The time in the name of a log file: `…_CloudTrail_eu-central-1_20261018T2305Z_…`.
fn delivered_at(name: &str) -> Option<Timestamp> {
    let file = name.rsplit('/').next()?;
    let stamp = file.split('_').find(|part| part.len() == 14 && part.ends_with('Z'))?;
    let part = |range| stamp.get(range);
    let text = format!(
        "{}-{}-{}T{}:{}:00Z",
        part(0..4)?,
        part(4..6)?,
        part(6..8)?,
        part(9..11)?,
        part(11..13)?
    );
    Timestamp::parse(&text)
}

/// The record of the event `id` in `file`.
fn record_of(file: &ListedFile, id: &str) -> Option<Value> {
    let limits = Limits::default();
    ingest::seek_file(&file.path, file.bytes, &limits, &mut |document| record_in(document, id))
}

/// The record of the event `id` in a log: `{"Records": […]}`, or a record a line.
fn record_in(bytes: &[u8], id: &str) -> Option<Value> {
    let at = bytes.windows(id.len()).position(|window| window == id.as_bytes())?;
    let is_it = |record: &Value| record.get("eventID").and_then(Value::as_str) == Some(id);
    if let Ok(mut document) = serde_json::from_slice::<Value>(bytes) {
        if is_it(&document) {
            return Some(document);
        }
        let records = match &mut document {
            Value::Array(records) => records,
            Value::Object(members) => members.get_mut("Records")?.as_array_mut()?,
            Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => return None,
        };
        return records.iter_mut().find(|record| is_it(record)).map(Value::take);
    }
    let (before, after) = bytes.split_at_checked(at)?;
    let begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = after.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end);
    serde_json::from_slice(bytes.get(begin..end)?).ok().filter(is_it)
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;

    use super::{delivered_at, record_in, time_of};

    const ID: &str = "7e0b5c0a-0000-4000-8000-000000000001";

    #[test]
    fn a_record_is_found_in_every_form_of_a_log() {
        let record = format!(r#"{{"eventID":"{ID}","eventName":"A"}}"#);
        let other = format!(r#"{{"eventID":"x","requestParameters":{{"note":"{ID}"}}}}"#);
        let forms = [
            format!(r#"{{"Records":[{other},{record}]}}"#),
            format!("[{record}]"),
            format!("{{\"a\":1}}\n{record}\n{{}}\n"),
            record.clone(),
        ];
        for form in forms {
            assert_eq!(record_in(form.as_bytes(), ID).unwrap()["eventName"], "A", "{form}");
        }
        assert!(record_in(other.as_bytes(), ID).is_none());
        assert!(record_in(b"", ID).is_none());
    }

    #[test]
    fn the_time_of_a_log_is_in_its_name() {
        let name = "a/111122223333_CloudTrail_eu-central-1_20261018T2305Z_AbCd.json.gz";
        assert_eq!(delivered_at(name), Timestamp::parse("2026-10-18T23:05:00Z"));
        assert_eq!(delivered_at("a/events.jsonl"), None);
    }

    #[test]
    fn an_event_has_the_time_that_stands_beside_it() {
        let document = serde_json::json!({
            "evidence": [{"event_id": "x", "event_time": "2026-01-01T00:00:00Z"},
                         {"event_id": ID, "event_time": "2026-01-02T00:00:00Z"}]
        });
        assert_eq!(time_of(&document, ID), Timestamp::parse("2026-01-02T00:00:00Z"));
        assert_eq!(time_of(&document, "y"), None);
    }
}
