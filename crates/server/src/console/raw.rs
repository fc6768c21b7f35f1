//! Finds the raw record of an event in the logs that it was read from: nothing of it is kept here.

mod bucket;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloudtrail::Timestamp;
use ingest::{Limits, ListedFile};
use memchr::{memchr, memmem, memrchr};
use serde_json::Value;
use store::{NameKind, Store};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::problem::Problem;
use super::wire::{EventBody, EventPlace};
use super::{App, written};
use crate::config::{Config, Source, SourceSettings};
use bucket::Place;

/// Files of a source that are opened for one event.
const FILES_MAX: usize = 512;

/// Bytes of these files, as they are stored, that are read for one event.
const BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// Events that are looked for at once: each may read much.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Incidents that are asked when an event happened.
const INCIDENTS_MAX: u32 = 5;

/// Log files are delivered within so many seconds after their events.
const DELIVERED_SECS: i64 = 2 * 3_600;

/// The name of a log file may tell a time that is so many seconds before an event in it.
const EARLY_SECS: i64 = 300;

/// An event that is looked for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Its `eventID`.
    id: String,
    /// When it happened, where that is known.
    time: Option<Timestamp>,
    /// Accounts of the incidents that name it.
    accounts: Vec<String>,
    /// Where objects of sources lie that do not tell their buckets: each `AWSLogs/`, with the
    /// source.
    roots: Vec<(String, String)>,
}

/// How much of a source may still be read for one event.
#[derive(Debug)]
struct Left {
    files: usize,
    bytes: u64,
}

impl Default for Left {
    fn default() -> Self {
        Self { files: FILES_MAX, bytes: BYTES_MAX }
    }
}

impl Left {
    /// Takes a file of `bytes` from what may be read; `false` where it is too much.
    const fn take(&mut self, bytes: u64) -> bool {
        match (self.files.checked_sub(1), self.bytes.checked_sub(bytes)) {
            (Some(files), Some(bytes)) => {
                *self = Self { files, bytes };
                true
            }
            (None, _) | (_, None) => false,
        }
    }
}

/// Sources that do not tell their buckets.
pub(super) fn queues(config: &Config) -> Vec<String> {
    let is_queue = |source: &&Source| matches!(source.settings, SourceSettings::Sqs(_));
    config.sources.iter().filter(is_queue).map(|source| source.name.to_string()).collect()
}

/// What the store knows of the event `id` and of `queues`; `given` is its time, where that is
/// known.
pub(super) fn wanted(
    store: &Store,
    id: &str,
    given: Option<&str>,
    queues: &[String],
) -> Result<Wanted, Problem> {
    let given =
        given.map(|text| Timestamp::parse(text).ok_or_else(|| Problem::wrong("`time` is no time")));
    let mut wanted = Wanted {
        id: id.to_owned(),
        time: given.transpose()?,
        accounts: Vec::new(),
        roots: store.trail_roots_of(queues)?,
    };
    for incident in store.incidents_naming(NameKind::Event, id, INCIDENTS_MAX)? {
        wanted.accounts.extend(store.names_of(&incident, NameKind::Account)?);
        if wanted.time.is_none() {
            wanted.time = told_time(store, &incident, id)?;
        }
    }
    Ok(wanted)
}

/// When the event `id` happened, as `incident` tells.
fn told_time(store: &Store, incident: &str, id: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(row) = store.incident(incident)? else {
        return Ok(None);
    };
    let findings = store.findings_of(incident)?;
    let mut texts = findings.iter().map(|finding| &finding.document).chain([&row.document]);
    Ok(texts.find_map(|text| time_of(&written::document(text), id)))
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

/// The record of an event.
pub(super) async fn find(app: &App, wanted: Wanted) -> Result<EventBody, Problem> {
    let mut folders: Vec<(String, PathBuf)> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for source in &app.config.sources {
        let name = source.name.as_str();
        match &source.settings {
            SourceSettings::Folder(folder) => folders.push((name.to_owned(), folder.path.clone())),
            SourceSettings::S3(s3) => places.push(Place::new(name, s3)),
            SourceSettings::Sqs(_) => {
                let roots = wanted.roots.iter().filter(|(_, source)| source == name);
                places.extend(roots.filter_map(|(root, _)| Place::of_root(name, root)));
            }
            SourceSettings::LookupEvents(_) => {}
        }
    }
    let place = PLACES.acquire().await.map_err(|error| Problem::internal(&error))?;
    let wanted = Arc::new(wanted);
    let sought = Arc::clone(&wanted);
    let found = spawn_blocking(move || {
        // As long as it reads, also where nobody waits for it any more.
        let place = place;
        let mut folders = folders.iter();
        (folders.find_map(|(name, folder)| search(name, folder, &sought)), place)
    });
    let (found, _place) = found.await.map_err(|error| Problem::internal(&error))?;
    if let Some(found) = found {
        return Ok(found);
    }
    in_buckets(app, &places, &wanted).await
}

/// The record of an event that no folder has.
async fn in_buckets(
    app: &App,
    places: &[Place],
    wanted: &Arc<Wanted>,
) -> Result<EventBody, Problem> {
    let mut not_read = Vec::new();
    let mut left: BTreeMap<&str, Left> = BTreeMap::new();
    for place in places {
        let Some(connection) = &app.connection else {
            not_read.push(format!("there is no connection to AWS for source {}", place.source));
            continue;
        };
        let left = left.entry(&place.source).or_default();
        match place.search(connection, wanted, left).await {
            Ok(Some((record, object))) => {
                let source = EventPlace { name: place.source.clone(), object };
                return Ok(EventBody { event_id: wanted.id.clone(), record, source });
            }
            Ok(None) => {}
            Err(error) => not_read.push(format!("source {}: {error}", place.source)),
        }
    }
    Err(Problem::absent(absent(wanted, &not_read)))
}

/// Why an event was not found, and what to do.
fn absent(wanted: &Wanted, not_read: &[String]) -> String {
    let time =
        if wanted.time.is_some() { "" } else { " (buckets are read where its time is known)" };
    let trouble = if not_read.is_empty() {
        String::new()
    } else {
        format!("; what could not be read: {}", not_read.join("; "))
    };
    let id = &wanted.id;
    format!(
        "its log was not found in the sources of the configuration{time}{trouble}; ask CloudTrail \
         with `aws cloudtrail lookup-events --lookup-attributes \
         AttributeKey=EventId,AttributeValue={id}`"
    )
}

fn search(name: &str, folder: &Path, Wanted { id, time, .. }: &Wanted) -> Option<EventBody> {
    let source = crate::intake::folder_source(folder).ok()?;
    let (mut files, _) = ingest::files(&source).ok()?;
    // What was delivered soon after the event comes first, then what has no time in its name.
    files.sort_by_key(|file| distance(file, *time));
    let mut left = Left::default();
    for file in files.iter().take_while(|file| left.take(file.bytes)) {
        if let Some(record) = record_of(file, id) {
            let source = EventPlace { name: name.to_owned(), object: file.name.clone() };
            return Some(EventBody { event_id: id.clone(), record, source });
        }
    }
    None
}

/// How unlikely it is that `file` holds an event of `time`.
fn distance(file: &ListedFile, time: Option<Timestamp>) -> (u8, i64) {
    let Some((delivered, time)) = aws::delivered(&file.name).zip(time) else {
        return (1, 0);
    };
    let later = delivered.0 - time.0;
    if (-EARLY_SECS..=DELIVERED_SECS).contains(&later) {
        (0, later.abs())
    } else {
        (2, later.abs())
    }
}

/// The record of the event `id` in `file`.
fn record_of(file: &ListedFile, id: &str) -> Option<Value> {
    let limits = Limits::default();
    ingest::seek_file(&file.path, file.bytes, &limits, &mut |document| record_in(document, id))
}

/// The record of the event `id` in a log: `{"Records": […]}`, or a record a line.
fn record_in(bytes: &[u8], id: &str) -> Option<Value> {
    let mut places = memmem::find_iter(bytes, id).peekable();
    places.peek()?;
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
    // Other records may name it, too.
    places.find_map(|at| {
        let (before, after) = bytes.split_at_checked(at)?;
        let begin = memrchr(b'\n', before).map_or(0, |at| at + 1);
        let end = memchr(b'\n', after).map_or(bytes.len(), |end| at + end);
        serde_json::from_slice(bytes.get(begin..end)?).ok().filter(is_it)
    })
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;

    use super::{BYTES_MAX, FILES_MAX, Left, record_in, time_of};

    const ID: &str = "7e0b5c0a-0000-4000-8000-000000000001";

    #[test]
    fn a_record_is_found_in_every_form_of_a_log() {
        let record = format!(r#"{{"eventID":"{ID}","eventName":"A"}}"#);
        let other = format!(r#"{{"eventID":"x","requestParameters":{{"note":"{ID}"}}}}"#);
        let forms = [
            format!(r#"{{"Records":[{other},{record}]}}"#),
            format!("[{record}]"),
            format!("{{\"a\":1}}\n{record}\n{{}}\n"),
            format!("{other}\n{record}"),
            record.clone(),
        ];
        for form in forms {
            assert_eq!(record_in(form.as_bytes(), ID).unwrap()["eventName"], "A", "{form}");
        }
        assert!(record_in(other.as_bytes(), ID).is_none());
        assert!(record_in(b"", ID).is_none());
    }

    #[test]
    fn no_more_is_read_of_a_source_than_may_be() {
        let mut left = Left::default();
        assert!(left.take(BYTES_MAX) && left.take(0) && !left.take(1));
        let mut left = Left::default();
        assert!(!left.take(BYTES_MAX + 1), "one file alone may be too much");
        assert_eq!((0..=FILES_MAX).filter(|_| left.take(1)).count(), FILES_MAX);
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
