//! The CSV of the console's event history.
//!
//! AWS does not publish the header. Columns are found by name, without regard to case, spaces
//! and hyphens; a column that holds a whole record as JSON is preferred. The CSV has no
//! `responseElements`, so that no issuance can be read from it: [`Outcome::without_responses`]
//! counts such events.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value, json};

use crate::read::Reader;
use crate::record::Record;
use crate::skipped::{Outcome, Reason};

/// Column names, folded, and the member that they stand for.
const COLUMNS: [(&str, &str); 12] = [
    ("eventid", "eventID"),
    ("eventtime", "eventTime"),
    ("eventsource", "eventSource"),
    ("eventname", "eventName"),
    ("awsregion", "awsRegion"),
    ("sourceipaddress", "sourceIPAddress"),
    ("useragent", "userAgent"),
    ("errorcode", "errorCode"),
    ("errormessage", "errorMessage"),
    ("requestid", "requestID"),
    ("recipientaccountid", "recipientAccountId"),
    ("eventtype", "eventType"),
];
/// Columns that tell who called.
const USER_NAME: &str = "username";
const ACCESS_KEY: [&str; 3] = ["awsaccesskey", "accesskeyid", "accesskey"];
/// Columns that hold a whole record.
const WHOLE: [&str; 3] = ["cloudtrailevent", "eventrecord", "event"];

/// Whether the first line of `text` is the header of an event history.
pub(crate) fn is_header(text: &str) -> bool {
    let line: String = folded(text.lines().next().unwrap_or_default());
    line.contains("eventname") && line.contains("eventtime") && line.contains(',')
}

/// Reads every row of `text`.
pub(crate) fn read(text: &str, outcome: &mut Outcome, sink: &mut dyn FnMut(&Record<'_>)) {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> =
        rows.headers().map(|row| row.iter().map(folded).collect()).unwrap_or_default();
    for row in rows.into_records() {
        let Ok(row) = row else {
            outcome.skip(Reason::JsonInvalid, 0);
            continue;
        };
        let cells = || header.iter().map(String::as_str).zip(row.iter());
        let whole = cells().find(|(name, cell)| WHOLE.contains(name) && cell.starts_with('{'));
        if let Some((_, json)) = whole {
            Reader::new(json, outcome, sink).run();
            continue;
        }
        let before = outcome.events;
        Reader::new(&record_of(cells()), outcome, sink).run();
        outcome.without_responses += outcome.events - before;
    }
}

fn folded(name: &str) -> String {
    let kept = |character: &char| character.is_alphanumeric() || *character == ',';
    name.chars().filter(kept).flat_map(char::to_lowercase).collect()
}

/// The JSON of the record that a row describes.
fn record_of<'a>(cells: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut record = Map::new();
    let mut identity = Map::new();
    for (name, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
        if let Some((_, member)) = COLUMNS.iter().find(|(column, _)| *column == name) {
            record.insert((*member).into(), Value::from(cell));
        } else if name == USER_NAME {
            identity.insert("userName".into(), Value::from(cell));
        } else if ACCESS_KEY.contains(&name) {
            identity.insert("accessKeyId".into(), Value::from(cell));
        }
    }
    record.insert("userIdentity".into(), Value::Object(identity));
    json!(record).to_string()
}
