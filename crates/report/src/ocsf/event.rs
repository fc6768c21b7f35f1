//! The Detection Finding itself: class, times, severity, product and cloud.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::{Confidence, Severity};
use serde::Serialize;

use super::evidence::{self, Evidence};
use super::info::FindingInfo;
use super::observable::{self, Observable};
use super::resource::{self, Resource};
use super::unmapped::Unmapped;
use super::{Activity, Options, Status, milliseconds};
use crate::fit::Cut;
use crate::told::Told;
use crate::words;

const CLASS: u32 = 2004;

/// A Detection Finding.
#[derive(Serialize)]
pub(super) struct Event<'a> {
    activity_id: u32,
    activity_name: &'static str,
    category_uid: u32,
    category_name: &'static str,
    class_uid: u32,
    class_name: &'static str,
    type_uid: u32,
    type_name: String,
    time: i64,
    start_time: i64,
    end_time: i64,
    severity_id: u32,
    severity: &'static str,
    confidence_id: u32,
    confidence: &'static str,
    status_id: u32,
    status: &'static str,
    is_alert: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<Cow<'a, str>>,
    metadata: Metadata<'a>,
    cloud: Cloud<'a>,
    finding_info: FindingInfo<'a>,
    resources: Vec<Resource<'a>>,
    evidences: Vec<Evidence<'a>>,
    observables: Vec<Observable<'a>>,
    remediation: Remediation<'a>,
    unmapped: Unmapped<'a>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    version: &'static str,
    uid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_uid: Option<Cow<'a, str>>,
    product: Product<'a>,
    profiles: [&'static str; 1],
    log_name: &'static str,
    log_provider: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_truncated: Option<bool>,
}

/// A product.
#[derive(Serialize)]
pub(super) struct Product<'a> {
    pub(super) name: &'static str,
    pub(super) vendor_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<&'a str>,
}

#[derive(Serialize)]
struct Cloud<'a> {
    provider: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Cow<'a, str>>,
}

/// An account of AWS.
#[derive(Serialize)]
pub(super) struct Account<'a> {
    uid: Cow<'a, str>,
    type_id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Remediation<'a> {
    desc: Cow<'a, str>,
}

impl<'a> Event<'a> {
    /// The object that `told` and `options` ask for, as far as `cut` lets it.
    pub(super) fn of(told: &'a Told<'a>, options: &'a Options<'a>, cut: Cut) -> Self {
        let (activity_id, activity_name) = activity(options.activity);
        let (severity_id, severity) = severity(told.severity);
        let (confidence_id, confidence) = confidence(told.confidence);
        let (status_id, status) = status(options.status);
        let type_uid = CLASS * 100 + activity_id;
        let time = milliseconds(options.changed.unwrap_or(told.last_seen));
        let resources = resource::resources(told, options.version, cut);
        let evidences = evidence::evidences(told, options.version, cut);
        Self {
            activity_id,
            activity_name,
            category_uid: 2,
            category_name: "Findings",
            class_uid: CLASS,
            class_name: "Detection Finding",
            type_uid,
            type_name: format!("Detection Finding: {activity_name}"),
            time,
            start_time: milliseconds(told.first_seen),
            end_time: milliseconds(told.last_seen),
            severity_id,
            severity,
            confidence_id,
            confidence,
            status_id,
            status,
            is_alert: told.is_alert(),
            message: cut.text(told.title),
            comment: options.comment.map(|comment| cut.text(comment)),
            metadata: Metadata {
                version: options.version.number(),
                uid: format!("{}-{type_uid}-{time}", cut.text(told.id)),
                correlation_uid: told.dossier.map(|dossier| cut.text(&dossier.incident.id)),
                product: Product {
                    name: "Rolecall",
                    vendor_name: "Rolecall",
                    version: Some(options.product_version),
                },
                profiles: ["cloud"],
                log_name: "CloudTrail",
                log_provider: "AWS",
                is_truncated: truncated(options, cut),
            },
            cloud: Cloud {
                provider: "AWS",
                account: told.account_id().map(|account| Account::of(account, cut)),
                region: told.region().map(|region| cut.text(region)),
            },
            finding_info: FindingInfo::of(told, options, cut),
            observables: observable::observables(&resources, &evidences, cut),
            resources,
            evidences,
            remediation: Remediation { desc: cut_owned(&told.advice(), cut) },
            unmapped: Unmapped::of(told, cut),
        }
    }
}

impl<'a> Account<'a> {
    pub(super) fn of(account_id: &'a str, cut: Cut) -> Self {
        Self { uid: cut.text(account_id), type_id: 10, kind: "AWS Account" }
    }
}

/// As much of `text` as is written.
pub(super) fn cut_owned<'a>(text: &str, cut: Cut) -> Cow<'a, str> {
    Cow::Owned(cut.text(text).into_owned())
}

/// Whether something is missing, in a version that has a place to say so.
const fn truncated(options: &Options<'_>, cut: Cut) -> Option<bool> {
    match options.version {
        super::Version::V1_5_0 => None,
        super::Version::V1_6_0 if cut.is_whole() => None,
        super::Version::V1_6_0 => Some(true),
    }
}

const fn activity(activity: Activity) -> (u32, &'static str) {
    match activity {
        Activity::Create => (1, "Create"),
        Activity::Update => (2, "Update"),
        Activity::Close => (3, "Close"),
    }
}

const fn status(status: Status) -> (u32, &'static str) {
    match status {
        Status::New => (1, "New"),
        Status::InProgress => (2, "In Progress"),
        Status::Suppressed => (3, "Suppressed"),
        Status::Resolved => (4, "Resolved"),
        Status::Archived => (5, "Archived"),
    }
}

const fn severity(severity: Severity) -> (u32, &'static str) {
    (severity as u32 + 1, words::severity_name(severity))
}

const fn confidence(confidence: Confidence) -> (u32, &'static str) {
    match confidence {
        Confidence::Low => (1, "Low"),
        Confidence::Medium => (2, "Medium"),
        Confidence::High => (3, "High"),
    }
}
