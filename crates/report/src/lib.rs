//! Findings as text, JSON and HTML: the only ways out for text from logs.
//!
//! Every string of a log was chosen by somebody who may be the attacker. Text leaves through
//! [`escape`] alone: the terminal and the HTML report show control, bidirectional and invisible
//! characters as `\u{..}`; JSON keeps the values and writes these characters as `\uXXXX`.
#![no_std]

extern crate alloc;

mod cases;
mod compare;
mod coverage;
pub mod escape;
mod html;
mod json;
mod kept;
pub mod limits;
mod page;
mod places;
mod plan;
mod table;
mod trace;
mod wire;
mod words;

pub use compare::{Change, Comparison, Side, compare, comparison_json, comparison_text};
pub use coverage::{Coverage, Note, SetAside, Skipped};
pub use html::html;
pub use json::{json, trace_json};
pub use kept::{
    KeptAlert, KeptAudit, KeptChange, KeptFinding, KeptHealth, KeptIncident, KeptIncidentPage,
    KeptIncidents, KeptOpen, KeptSink, KeptSize, KeptSource, KeptSuppression, KeptTriage,
    audit_json, audit_text, check_json, check_text, compacted_text, ended_text, incident_page_json,
    incident_page_text, incidents_json, incidents_text, size_json, size_text, suppressed_text,
    suppressions_json, suppressions_text, triaged_text,
};
pub use page::Style;
pub use plan::{
    Planned, plan_json, plan_markdown, plan_of_json, plan_shell, plan_text, verdict_json,
    verdict_text,
};
pub use table::table;
pub use trace::trace_text;

/// What a scan came to: everything that a report shows.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    /// Findings and incidents.
    pub analysis: &'a detect::Analysis,
    /// What was read and what was not.
    pub coverage: &'a Coverage,
    /// Version of the program.
    pub version: &'a str,
}
