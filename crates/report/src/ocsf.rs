//! Findings and incidents as Detection Findings of OCSF (class 2004).
//!
//! Attributes, their requirements and numbers are those of the schema at versions 1.5.0 and 1.6.0
//! (<https://github.com/ocsf/ocsf-schema>); tests hold every object against tables of them.

mod actor;
mod event;
mod evidence;
mod graph;
mod info;
mod observable;
mod resource;
mod unmapped;

use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use detect::Finding;

use self::event::Event;
use crate::dossier::{self, Dossier};
use crate::fit::{Cut, fit};
use crate::told::{Per, Told};
use crate::{Scan, json};

/// Version of the schema.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Version {
    /// 1.5.0, which knows no attack graph, no programmatic credentials and no roles of resources.
    V1_5_0,
    /// 1.6.0.
    #[default]
    V1_6_0,
}

/// What an object says about its finding: OCSF's `activity_id`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Activity {
    /// It is new.
    #[default]
    Create,
    /// It grew, rose, or somebody worked on it.
    Update,
    /// It was withdrawn or resolved.
    Close,
}

/// State of the work on a finding: OCSF's `status_id`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Status {
    /// Nobody has looked at it.
    #[default]
    New,
    /// Somebody works on it.
    InProgress,
    /// It is not to be shown for now.
    Suppressed,
    /// The work is done.
    Resolved,
    /// It is kept and not worked on.
    Archived,
}

/// How an object is written.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// Version of the schema.
    pub version: Version,
    /// Version of this program.
    pub product_version: &'a str,
    /// What the object says about the finding.
    pub activity: Activity,
    /// State of the work on it.
    pub status: Status,
    /// When it changed; the time of its last event unless given.
    pub changed: Option<Timestamp>,
    /// Why it changed, in the words of whoever changed it.
    pub comment: Option<&'a str>,
    /// Address of the console, `http://` or `https://`.
    pub base_url: Option<&'a str>,
    /// Most bytes of one object: lists and texts are cut until it fits, and the object says so.
    /// Below 128 KiB, the smallest object may still be larger.
    pub bytes_max: Option<usize>,
}

impl<'a> Options<'a> {
    /// A new finding in the default version of the schema, whole.
    pub const fn new(product_version: &'a str) -> Self {
        Self {
            version: Version::V1_6_0,
            product_version,
            activity: Activity::Create,
            status: Status::New,
            changed: None,
            comment: None,
            base_url: None,
            bytes_max: None,
        }
    }
}

/// `finding` as one object on one line, without a line feed at its end.
///
/// `dossier` is that of the incident that it belongs to, from which the graph and the first steps
/// are taken.
pub fn finding(finding: &Finding, dossier: Option<&Dossier<'_>>, options: &Options<'_>) -> String {
    one(&Told::finding(finding, dossier), options)
}

/// The incident of `dossier` as one object on one line: `finding_info.uid` is its id, the analytic
/// that of its gravest finding.
pub fn incident(dossier: &Dossier<'_>, options: &Options<'_>) -> String {
    one(&Told::incident(dossier), options)
}

/// All findings or incidents of `scan` as one array, gravest first, with a line feed at its end.
///
/// [`Options::bytes_max`] does not apply.
pub fn document(scan: &Scan<'_>, per: Per, options: &Options<'_>) -> String {
    let dossiers = Dossier::all(scan.analysis);
    let by_finding = dossier::by_finding(&dossiers);
    let told: Vec<Told<'_>> = match per {
        Per::Finding => {
            let findings = scan.analysis.findings.iter();
            findings
                .map(|finding| Told::finding(finding, by_finding.get(&*finding.id).copied()))
                .collect()
        }
        Per::Incident => dossiers.iter().map(Told::incident).collect(),
    };
    let events: Vec<Event<'_>> =
        told.iter().map(|told| Event::of(told, options, Cut::WHOLE)).collect();
    json::written(&events)
}

fn one(told: &Told<'_>, options: &Options<'_>) -> String {
    fit(options.bytes_max, |cut| json::line(&Event::of(told, options, cut)))
}

impl Version {
    /// As `metadata.version` has it.
    pub const fn number(self) -> &'static str {
        match self {
            Self::V1_5_0 => "1.5.0",
            Self::V1_6_0 => "1.6.0",
        }
    }
}

/// Milliseconds since 1970, as `timestamp_t` counts.
const fn milliseconds(time: Timestamp) -> i64 {
    time.0.saturating_mul(1_000)
}
