//! Findings as text, JSON, CSV, HTML, OCSF, ASFF and alerts: the only ways out for text from logs.
//!
//! Every string of a log was chosen by somebody who may be the attacker. Text leaves through
//! [`escape`] alone: the terminal, the HTML report, CSV, ASFF and messages for people show control,
//! bidirectional and invisible characters as `\u{..}`; JSON and OCSF keep the values and write
//! these characters as `\uXXXX`.
#![no_std]

extern crate alloc;

pub mod alert;
pub mod asff;
mod cases;
mod checkup;
mod compare;
mod coverage;
mod dossier;
pub mod escape;
mod fit;
mod html;
mod json;
mod kept;
pub mod limits;
mod ndjson;
pub mod ocsf;
mod page;
mod places;
mod plan;
mod rows;
mod subject;
mod table;
mod told;
mod trace;
mod verification;
mod wire;
mod words;

pub use checkup::{Check, CheckState, doctor_json, doctor_text};
pub use compare::{Change, Comparison, Side, compare, comparison_json, comparison_text};
pub use coverage::{Coverage, Note, SetAside, Skipped};
pub use dossier::Dossier;
pub use html::html;
pub use json::{finding_json, graph_json, incident_json, json, trace_json};
pub use kept::{
    KeptAlert, KeptAudit, KeptChange, KeptFinding, KeptHealth, KeptIncident, KeptIncidentPage,
    KeptIncidents, KeptOpen, KeptSink, KeptSize, KeptSource, KeptSuppression, KeptTriage,
    audit_json, audit_text, check_json, check_text, compacted_text, ended_text, incident_page_json,
    incident_page_text, incidents_json, incidents_text, size_json, size_text, suppressed_text,
    suppressions_json, suppressions_text, triaged_text,
};
pub use ndjson::ndjson;
pub use page::Style;
pub use plan::{
    Planned, plan_json, plan_markdown, plan_of_json, plan_shell, plan_text, unread_lines,
    verdict_json, verdict_text,
};
pub use rows::csv;
pub use table::{coverage_lines, table};
pub use told::Per;
pub use trace::trace_text;
pub use verification::{verification_json, verification_text};

/// The word of the contract for where `origin` begins, such as `iam_user_access_key`.
pub const fn origin_kind(origin: &detect::Origin) -> &'static str {
    words::origin_kind(origin.kind)
}

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
