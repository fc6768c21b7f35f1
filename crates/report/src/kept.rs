//! Written forms of what a store keeps: incidents, what people decided, and the store itself.

mod incident;
mod incidents;
mod people;
mod size;

pub use incident::{
    KeptAlert, KeptChange, KeptFinding, KeptIncidentPage, incident_page_json, incident_page_text,
};
pub use incidents::{KeptIncident, KeptIncidents, incidents_json, incidents_text};
pub use people::{
    KeptAudit, KeptSuppression, KeptTriage, audit_json, audit_text, ended_text, suppressed_text,
    suppressions_json, suppressions_text, triaged_text,
};
pub use size::{
    KeptHealth, KeptOpen, KeptSink, KeptSize, KeptSource, check_json, check_text, compacted_text,
    size_json, size_text,
};

use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use cloudtrail::Timestamp;
use detect::Severity;
use respond::quoted;
use serde::Serializer;

use crate::page::{Line, Page, Paint};
use crate::{escape, words};

/// Columns of a text that people wrote, such as a reason or a note.
const TEXT_COLUMNS_MAX: usize = 4_000;

/// Columns of a name, such as that of a person or a sink.
const NAME_COLUMNS_MAX: usize = crate::limits::NAME_COLUMNS_MAX;

/// Column where the text beside a label begins.
const BESIDE: usize = 15;

/// `3d`: the largest unit that fits.
fn age(secs: i64) -> String {
    const UNITS: [(&str, i64); 3] = [("d", 86_400), ("h", 3_600), ("m", 60)];
    let secs = secs.max(0);
    let unit = UNITS.iter().find(|(_, size)| secs >= *size);
    unit.map_or_else(|| format!("{secs}s"), |(unit, size)| format!("{}{unit}", secs / size))
}

/// A label in the margin, and words beside it.
fn beside(page: &mut Page, label: &str, paint: Paint, text: &str) {
    let line = Line::labelled(2, BESIDE, Paint::Faint, label);
    page.line(&line.prose(paint, text, TEXT_COLUMNS_MAX));
}

/// A command that can be copied; it is not wrapped, whatever the width of the page.
pub(crate) fn command(label: &str, argv: &[impl AsRef<str>]) -> String {
    let words: Vec<_> = argv.iter().map(|argument| quoted(argument.as_ref())).collect();
    let command = words.join(" ");
    let shown = escape::terminal(&command);
    format!("{label} {shown}\n")
}

/// A command of this program on a store.
fn on_store<'a>(name: &'a str, store: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut argv = vec!["rolecall", name, store];
    argv.extend(more);
    argv
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
pub(crate) fn was<S: Serializer>(was: &Option<Severity>, serializer: S) -> Result<S::Ok, S::Error> {
    match was {
        Some(severity) => serializer.serialize_str(words::severity(*severity)),
        None => serializer.serialize_none(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn time<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

#[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
fn maybe_time<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::{age, command};

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let told = [-5, 0, 59, 60, 3_599, 3_600, 86_399, 86_400, 40 * 86_400].map(age);
        assert_eq!(told, ["0s", "0s", "59s", "1m", "59m", "1h", "23h", "1d", "40d"]);
    }

    #[test]
    fn a_command_is_one_line_whatever_is_in_it() {
        let argv = ["rolecall", "triage", "my store", "--note", "it's\n\u{1b}[31mred"];
        let expected = "Undo: rolecall triage 'my store' --note 'it'\\''s\\u{a}\\u{1b}[31mred'\n";
        assert_eq!(command("Undo:", &argv), expected);
    }
}
