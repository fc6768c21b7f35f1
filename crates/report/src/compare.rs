//! What changed from one scan document to a later one, by the fields of the contract alone.

mod text;
mod withdrawn;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use detect::Severity;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::words;

pub use text::comparison_text;

/// Number of the comparison document's form.
const SCHEMA: &str = "rolecall.comparison/1";

/// What changed from one scan document to a later one.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Comparison {
    schema: &'static str,
    /// The earlier document.
    pub before: Side,
    /// The later document.
    pub after: Side,
    /// Findings that the earlier document does not have, gravest first, as in every list here.
    pub new: Vec<Change>,
    /// Findings that are graver than they were.
    pub rose: Vec<Change>,
    /// Findings that are as grave as they were and about more.
    pub grew: Vec<Change>,
    /// Findings that are less grave than they were.
    pub fell: Vec<Change>,
    /// Findings that the later document does not have.
    pub withdrawn: Vec<Change>,
    /// Findings that are as they were.
    pub unchanged: u64,
}

/// One of two documents.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Side {
    /// Its newest event time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Its distinct events.
    pub events: u64,
    /// Its findings.
    pub findings: u64,
}

/// A finding that changed; of a withdrawn one, as it was.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Change {
    /// Its id.
    pub id: String,
    /// Its detector.
    pub detector: String,
    /// How grave it is.
    #[serde(serialize_with = "severity")]
    pub severity: Severity,
    /// How grave it was, where that is another severity.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "was")]
    pub was: Option<Severity>,
    /// Its title.
    pub title: String,
    /// Its first event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<String>,
    /// Its last event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
    /// What it grew by, or why it was withdrawn, in words.
    pub because: Vec<String>,
}

impl Comparison {
    /// The gravest finding that is new or rose.
    pub fn gravest(&self) -> Option<Severity> {
        self.new.iter().chain(&self.rose).map(|change| change.severity).max()
    }
}

/// Compares two scan documents. What a document does not have counts as empty, so that documents
/// of other versions can be compared as well.
pub fn compare(before: &Value, after: &Value) -> Comparison {
    let (earlier, later) = (by_id(before), by_id(after));
    let known = withdrawn::Known::of(before, after);
    let mut comparison = Comparison {
        schema: SCHEMA,
        before: Side::of(before),
        after: Side::of(after),
        new: Vec::new(),
        rose: Vec::new(),
        grew: Vec::new(),
        fell: Vec::new(),
        withdrawn: Vec::new(),
        unchanged: 0,
    };
    for (id, finding) in &later {
        let Some(was) = earlier.get(id) else {
            comparison.new.push(Change::of(finding));
            continue;
        };
        let (change, was) = (Change { because: growth(was, finding), ..Change::of(finding) }, *was);
        let severity = severity_of(was);
        if severity == change.severity && change.because.is_empty() {
            comparison.unchanged += 1;
        } else if severity == change.severity {
            comparison.grew.push(change);
        } else if severity < change.severity {
            comparison.rose.push(Change { was: Some(severity), ..change });
        } else {
            comparison.fell.push(Change { was: Some(severity), ..change });
        }
    }
    for (id, finding) in earlier {
        if !later.contains_key(id) {
            let because = known.why(finding);
            comparison.withdrawn.push(Change { because, ..Change::of(finding) });
        }
    }
    let Comparison { new, rose, grew, fell, withdrawn, .. } = &mut comparison;
    for changes in [new, rose, grew, fell, withdrawn] {
        // They come by id.
        changes.sort_by_key(|change| Reverse(change.severity));
    }
    comparison
}

/// The comparison document, with a line feed at its end.
pub fn comparison_json(comparison: &Comparison) -> String {
    crate::json::written(comparison)
}

impl Side {
    fn of(document: &Value) -> Self {
        Self {
            as_of: text(document, "as_of").map(String::from),
            events: document.pointer("/coverage/events").and_then(Value::as_u64).unwrap_or(0),
            findings: list(document, "findings").count() as u64,
        }
    }
}

impl Change {
    fn of(finding: &Value) -> Self {
        let owned = |name| text(finding, name).map(String::from);
        Self {
            id: owned("id").unwrap_or_default(),
            detector: owned("detector").unwrap_or_default(),
            severity: severity_of(finding),
            was: None,
            title: owned("title").unwrap_or_default(),
            first_seen: owned("first_seen"),
            last_seen: owned("last_seen"),
            because: Vec::new(),
        }
    }
}

/// The findings of a document; one without an id cannot be found again.
fn by_id(document: &Value) -> BTreeMap<&str, &Value> {
    list(document, "findings").filter_map(|finding| Some((text(finding, "id")?, finding))).collect()
}

/// How many of something a finding has.
type Size = dyn Fn(&Value) -> u64;

/// What `now` has more of than `was`.
fn growth(was: &Value, now: &Value) -> Vec<String> {
    let calls = |finding: &Value| {
        let foreign = finding.pointer("/elsewhere").into_iter().flat_map(|at| list(at, "foreign"));
        foreign.fold(0, |sum: u64, place| sum.saturating_add(number(place, "calls")))
    };
    let elsewhere = |finding: &Value| finding.get("elsewhere").map_or(0, |at| long(at, "foreign"));
    let hops = |finding: &Value| finding.get("chain").map_or(0, |chain| number(chain, "hops"));
    let branches = |finding: &Value| finding.get("chain").map_or(0, |at| long(at, "branches"));
    let sizes: [(&str, &Size); 6] = [
        ("hop", &hops),
        ("branch", &branches),
        ("lasting change", &|finding| long(finding, "left_behind")),
        ("foreign place", &elsewhere),
        ("foreign call", &calls),
        ("event", &|finding| long(finding, "evidence")),
    ];
    let more = sizes.iter().filter_map(|(noun, size)| {
        let more = size(now).checked_sub(size(was)).filter(|more| *more > 0)?;
        Some(words::counted(more, &format!("more {noun}")))
    });
    let mut grown: Vec<String> = more.collect();
    let (before, after) = (text(was, "last_seen"), text(now, "last_seen"));
    if grown.is_empty() && after > before {
        grown.extend(after.map(|time| format!("goes on until {time}")));
    }
    grown
}

fn severity_of(finding: &Value) -> Severity {
    let word = text(finding, "severity").unwrap_or_default();
    [Severity::Low, Severity::Medium, Severity::High, Severity::Critical]
        .into_iter()
        .find(|severity| words::severity(*severity) == word)
        .unwrap_or(Severity::Informational)
}

/// The text of a field.
fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

fn number(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or(0)
}

/// The values in the list of a field.
fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// How many values the list of a field has, with those that were left out of it.
fn long(value: &Value, name: &str) -> u64 {
    let listed = list(value, name).count() as u64;
    listed.saturating_add(number(value, &format!("{name}_left_out")))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn severity<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(words::severity(*severity))
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands the field over by reference"
)]
fn was<S: Serializer>(was: &Option<Severity>, serializer: S) -> Result<S::Ok, S::Error> {
    was.map(words::severity).serialize(serializer)
}
