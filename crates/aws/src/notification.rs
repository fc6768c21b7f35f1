//! What a message says about objects, whichever way it came.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Most objects that one message may name; a message has at most 1 MiB (Amazon SQS developer
/// guide, "Quotas related to messages").
pub const OBJECTS_MAX: usize = 20_000;
/// Most envelopes around each other, such as an event of S3 in one of SNS.
const ENVELOPES_MAX: usize = 3;

/// The folder of a trail's digest files.
const DIGESTS: &str = "CloudTrail-Digest";

/// What a message says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Notification {
    /// Objects that were written, in the order of the message.
    pub objects: Vec<Notified>,
    /// Events that concern no new object: removals, restorations, `s3:TestEvent`.
    pub ignored: u64,
}

/// An object that was written.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Notified {
    /// The bucket.
    pub bucket: String,
    /// The key, decoded.
    pub key: String,
    /// Size in bytes, where the message tells it.
    pub bytes: Option<u64>,
    /// The object's tag, where the message tells it, without quotation marks.
    pub etag: Option<String>,
    /// What the object holds, by its name.
    pub holds: Holds,
}

/// What an object holds, by its name.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Holds {
    /// A digest file of a trail.
    Digest,
    /// Records of calls, as far as a name can tell.
    Events,
    /// Nothing that is read here, for this reason.
    Other(&'static str),
}

/// Why a message is not understood. It should stay in the queue, so that it comes to the
/// dead-letter queue in the end.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotUnderstood {
    /// No JSON.
    #[error("the message is no JSON")]
    NotJson,
    /// JSON of another kind than the envelopes that are known.
    #[error("the message is no notification of S3, SNS, EventBridge or CloudTrail")]
    Unknown,
    /// A notification without a bucket or a key.
    #[error("the notification names no bucket or no key")]
    Incomplete,
    /// More than [`OBJECTS_MAX`] objects.
    #[error("the notification names more than {OBJECTS_MAX} objects")]
    TooMany,
    /// More envelopes around each other than are opened.
    #[error("the notification lies in more than {ENVELOPES_MAX} envelopes")]
    TooDeep,
}

impl Holds {
    /// Tells what the object `key` holds.
    pub fn of(key: &str) -> Self {
        let mut folders = key.split('/').rev().skip(1);
        if folders.any(|folder| folder == DIGESTS) {
            return Self::Digest;
        }
        if key.ends_with('/') {
            return Self::Other("a folder");
        }
        ingest::set_aside(key).map_or(Self::Events, |(_, reason)| Self::Other(reason))
    }
}

/// Reads the body of a message.
///
/// Understood are event notifications of S3, S3's test message, `Object Created` events of
/// EventBridge and the messages of a trail's own SNS topic; each of them also inside a message
/// of SNS. A message may hold several records.
///
/// # Errors
///
/// [`NotUnderstood`] for anything else. Of a message, either everything is understood or nothing.
pub fn read_notification(body: &str) -> Result<Notification, NotUnderstood> {
    let value: Value = serde_json::from_str(body).map_err(|_| NotUnderstood::NotJson)?;
    let mut notification = Notification::default();
    notification.open(&value, 0)?;
    Ok(notification)
}

impl Notification {
    fn open(&mut self, value: &Value, n_envelopes: usize) -> Result<(), NotUnderstood> {
        if n_envelopes >= ENVELOPES_MAX {
            return Err(NotUnderstood::TooDeep);
        }
        if let Some(records) = value.get("Records").and_then(Value::as_array) {
            return self.records(records, n_envelopes);
        }
        if let Some(inner) = sns_message(value) {
            let inner = serde_json::from_str(inner).map_err(|_| NotUnderstood::Unknown)?;
            return self.open(&inner, n_envelopes + 1);
        }
        if value.get("s3ObjectKey").is_some() {
            return self.trail_topic(value);
        }
        if value.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
            self.ignored += 1;
            return Ok(());
        }
        if value.get("source").and_then(Value::as_str) == Some("aws.s3") {
            return self.event_bridge(value);
        }
        Err(NotUnderstood::Unknown)
    }

    /// Records of S3, or of SNS as a function gets them.
    fn records(&mut self, records: &[Value], n_envelopes: usize) -> Result<(), NotUnderstood> {
        if records.is_empty() {
            return Err(NotUnderstood::Unknown);
        }
        for record in records {
            if let Some(message) = record.get("Sns") {
                self.open(message, n_envelopes + 1)?;
                continue;
            }
            if record.get("eventSource").and_then(Value::as_str) != Some("aws:s3") {
                return Err(NotUnderstood::Unknown);
            }
            let name = record.get("eventName").and_then(Value::as_str).unwrap_or_default();
            // Some senders keep the prefix that the settings have.
            let name = name.strip_prefix("s3:").unwrap_or(name);
            if !name.starts_with("ObjectCreated:") {
                self.ignored += 1;
                continue;
            }
            let s3 = record.get("s3").ok_or(NotUnderstood::Incomplete)?;
            let key = text(s3, &["object", "key"]).ok_or(NotUnderstood::Incomplete)?;
            let key = url_decoded(key).ok_or(NotUnderstood::Incomplete)?;
            self.object(s3, key, "eTag")?;
        }
        Ok(())
    }

    /// `Object Created` has the key as it is; other events of S3 concern no new object.
    fn event_bridge(&mut self, value: &Value) -> Result<(), NotUnderstood> {
        if value.get("detail-type").and_then(Value::as_str) != Some("Object Created") {
            self.ignored += 1;
            return Ok(());
        }
        let detail = value.get("detail").ok_or(NotUnderstood::Incomplete)?;
        let key = text(detail, &["object", "key"]).ok_or(NotUnderstood::Incomplete)?;
        self.object(detail, key.to_owned(), "etag")
    }

    /// The message of a trail's own topic: `{"s3Bucket":"b","s3ObjectKey":["k1","k2"]}`.
    fn trail_topic(&mut self, value: &Value) -> Result<(), NotUnderstood> {
        let bucket = text(value, &["s3Bucket"]).ok_or(NotUnderstood::Incomplete)?;
        let keys = value.get("s3ObjectKey").and_then(Value::as_array);
        for key in keys.ok_or(NotUnderstood::Incomplete)? {
            let key = key.as_str().ok_or(NotUnderstood::Incomplete)?;
            self.push(Notified {
                bucket: bucket.to_owned(),
                key: key.to_owned(),
                bytes: None,
                etag: None,
                holds: Holds::of(key),
            })?;
        }
        Ok(())
    }

    /// Takes the object that `place` describes, whose tag is under `etag`.
    fn object(&mut self, place: &Value, key: String, etag: &str) -> Result<(), NotUnderstood> {
        let bucket = text(place, &["bucket", "name"]).ok_or(NotUnderstood::Incomplete)?;
        let bytes = place.get("object").and_then(|object| object.get("size")?.as_u64());
        let etag = text(place, &["object", etag]).map(|etag| etag.trim_matches('"').to_owned());
        let (bucket, holds) = (bucket.to_owned(), Holds::of(&key));
        self.push(Notified { bucket, key, bytes, etag, holds })
    }

    fn push(&mut self, object: Notified) -> Result<(), NotUnderstood> {
        if object.bucket.is_empty() || object.key.is_empty() {
            return Err(NotUnderstood::Incomplete);
        }
        if self.objects.len() >= OBJECTS_MAX {
            return Err(NotUnderstood::TooMany);
        }
        self.objects.push(object);
        Ok(())
    }
}

/// The text in a message of SNS, which names itself and its topic.
fn sns_message(value: &Value) -> Option<&str> {
    value.get("TopicArn")?;
    value.get("Message")?.as_str()
}

fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(value, |value, name| value.get(name))?.as_str()
}

/// A key as notifications of S3 have it: `+` for a space, and `%XX` (Amazon S3 user guide,
/// "Event message structure").
fn url_decoded(key: &str) -> Option<String> {
    let key = key.replace('+', " ");
    percent_decode_str(&key).decode_utf8().ok().map(Cow::into_owned)
}
