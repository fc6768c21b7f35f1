//! Findings and incidents in the AWS Security Finding Format, for `BatchImportFindings`.
//!
//! Members, limits and values are those of the service's own model
//! (<https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html>).

mod resource;
mod types;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use detect::{Confidence, Finding, Severity};
use serde::Serialize;

use self::resource::Resource;
use crate::dossier::{self, Dossier};
use crate::fit::shown;
use crate::limits::{
    ASFF_DESCRIPTION_MAX, ASFF_FIELD_MAX, ASFF_ID_MAX, ASFF_RECOMMENDATION_MAX, ASFF_TITLE_MAX,
};
use crate::told::{Per, Told, link};
use crate::{Scan, json, words};

pub(crate) use types::types;

/// What stands where the rest of a description was.
const CUT_HERE: &str = "… (cut here: the scan document has the whole text)";

/// Whether Security Hub is to show a finding: ASFF's `RecordState`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RecordState {
    /// It is shown.
    #[default]
    Active,
    /// It was withdrawn.
    Archived,
}

/// How an object is written.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The account whose Security Hub gets the findings: 12 digits. With the default product ARN,
    /// only this account can import them.
    pub account_id: &'a str,
    /// Its Region, such as `eu-central-1`.
    pub region: &'a str,
    /// Version of this program.
    pub product_version: &'a str,
    /// When it changed; the time of its last event unless given. A finding that is imported again
    /// is taken only if this is later than before.
    pub changed: Option<Timestamp>,
    /// Whether it is to be shown.
    pub state: RecordState,
    /// Address of the console, `http://` or `https://`.
    pub base_url: Option<&'a str>,
}

impl<'a> Options<'a> {
    /// An active finding for the Security Hub of this account and Region.
    pub const fn new(account_id: &'a str, region: &'a str, product_version: &'a str) -> Self {
        let (changed, base_url) = (None, None);
        Self { account_id, region, product_version, changed, state: RecordState::Active, base_url }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SecurityFinding {
    schema_version: &'static str,
    id: String,
    product_arn: String,
    product_name: &'static str,
    company_name: &'static str,
    generator_id: String,
    aws_account_id: String,
    types: Vec<String>,
    first_observed_at: String,
    last_observed_at: String,
    created_at: String,
    updated_at: String,
    severity: SeverityOf,
    title: String,
    description: String,
    remediation: Remediation,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_url: Option<String>,
    product_fields: BTreeMap<&'static str, String>,
    resources: Vec<Resource>,
    record_state: &'static str,
    finding_provider_fields: ProviderFields,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SeverityOf {
    label: &'static str,
    original: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Remediation {
    recommendation: Recommendation,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Recommendation {
    text: String,
}

/// What providers set and change: severity and types stand beside the finding's own, which are
/// required and which analysts may change.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProviderFields {
    confidence: u32,
    severity: SeverityOf,
    types: Vec<String>,
}

/// `finding` as one object on one line, without a line feed at its end.
///
/// `dossier` is that of the incident that it belongs to. At most 240,000 bytes.
pub fn finding(finding: &Finding, dossier: Option<&Dossier<'_>>, options: &Options<'_>) -> String {
    json::line(&SecurityFinding::of(&Told::finding(finding, dossier), options))
}

/// The incident of `dossier` as one object on one line; its type is that of its findings.
///
/// At most 240,000 bytes.
pub fn incident(dossier: &Dossier<'_>, options: &Options<'_>) -> String {
    json::line(&SecurityFinding::of(&Told::incident(dossier), options))
}

/// All findings or incidents of `scan` as one array, gravest first, with a line feed at its end.
///
/// `BatchImportFindings` takes a hundred at a time.
pub fn document(scan: &Scan<'_>, per: Per, options: &Options<'_>) -> String {
    let dossiers = Dossier::all(scan.analysis);
    let by_finding = dossier::by_finding(&dossiers);
    let of = |told: &Told<'_>| SecurityFinding::of(told, options);
    let findings: Vec<SecurityFinding> = match per {
        Per::Finding => {
            let findings = scan.analysis.findings.iter();
            let told = findings
                .map(|finding| Told::finding(finding, by_finding.get(&*finding.id).copied()));
            told.map(|told| of(&told)).collect()
        }
        Per::Incident => dossiers.iter().map(|dossier| of(&Told::incident(dossier))).collect(),
    };
    json::written(&findings)
}

/// Whether `text` can be an account: 12 digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` can be a Region, such as `us-gov-east-1`.
pub fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let (number, words) = parts.split_last().unwrap_or((&"", &[]));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 16 && words.len() >= 2 && words.iter().all(is_word) && is_number
}

impl SecurityFinding {
    fn of(told: &Told<'_>, options: &Options<'_>) -> Self {
        let detectors = told.detectors();
        let detector = detectors.first().copied().unwrap_or("incident");
        let (account, region) = (options.account_id, options.region);
        let partition = partition(region);
        let severity = severity(told.severity);
        let confidence = confidence(told.confidence);
        let types = types(&detectors);
        let unit = match told.per {
            Per::Finding => "finding",
            Per::Incident => "incident",
        };
        let incident = told.dossier.map(|dossier| dossier.incident.id.as_str());
        Self {
            schema_version: "2018-10-08",
            id: shown(&format!("rolecall/{unit}/{}", told.id), ASFF_ID_MAX, "…"),
            product_arn: format!(
                "arn:{partition}:securityhub:{region}:{account}:product/{account}/default"
            ),
            product_name: "Rolecall",
            company_name: "Rolecall",
            generator_id: format!("rolecall/{detector}"),
            aws_account_id: account.into(),
            first_observed_at: told.first_seen.to_string(),
            last_observed_at: told.last_seen.to_string(),
            created_at: told.first_seen.to_string(),
            updated_at: options.changed.unwrap_or(told.last_seen).max(told.first_seen).to_string(),
            title: filled(shown(told.title, ASFF_TITLE_MAX, "…")),
            description: filled(shown(&told.description(), ASFF_DESCRIPTION_MAX, CUT_HERE)),
            remediation: Remediation {
                recommendation: Recommendation {
                    text: shown(&told.advice(), ASFF_RECOMMENDATION_MAX, "…"),
                },
            },
            source_url: incident.and_then(|id| link(options.base_url, id)),
            product_fields: product_fields(told, options),
            resources: resource::resources(told, options),
            record_state: match options.state {
                RecordState::Active => "ACTIVE",
                RecordState::Archived => "ARCHIVED",
            },
            finding_provider_fields: ProviderFields {
                confidence,
                severity: severity.clone(),
                types: types.clone(),
            },
            severity,
            types,
        }
    }
}

/// What ASFF has no place for, in fields of our own; one that would be empty is absent.
fn product_fields(told: &Told<'_>, options: &Options<'_>) -> BTreeMap<&'static str, String> {
    let chains = told.findings.iter().filter_map(|finding| finding.chain.as_ref());
    let deepest = chains.max_by_key(|chain| chain.hops);
    let evidence = told.evidence();
    let addresses = each_once(evidence.iter().map(|event| &*event.source_ip_address));
    let events = each_once(evidence.iter().filter_map(|event| event.event_id.as_deref()));
    let incident = told.dossier.map(|dossier| dossier.incident.id.clone());
    let techniques = each_once(told.techniques().into_iter().map(|technique| technique.id));
    let hops = deepest.map(|chain| {
        let bound = if chain.at_least { "at least " } else { "" };
        format!("{bound}{}", chain.hops)
    });
    let origin = words::origin_name(told.origin);
    let fields = [
        ("ProviderName", Some("Rolecall".into())),
        ("ProviderVersion", Some(options.product_version.into())),
        ("rolecall/accounts", Some(told.accounts().join(" "))),
        ("rolecall/chained_calls", deepest.map(|chain| chain.chained_calls.to_string())),
        ("rolecall/color", deepest.map(|chain| words::color(chain.color).into())),
        ("rolecall/detectors", Some(told.detectors().join(" "))),
        ("rolecall/event_ids", Some(events)),
        ("rolecall/habit", told.habit.map(Into::into)),
        ("rolecall/hops", hops),
        ("rolecall/incident_id", incident),
        ("rolecall/origin", Some(format!("{} {origin}", words::origin_noun(told.origin.kind)))),
        ("rolecall/source_ip_addresses", Some(addresses)),
        ("rolecall/techniques", Some(techniques)),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    fields
        .map(|(name, value)| (name, shown(&value, ASFF_FIELD_MAX, "…")))
        .filter(|(_, value)| !value.trim().is_empty())
        .collect()
}

/// `values` in the order of their first appearance, with spaces between them.
fn each_once<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for value in values {
        if !value.is_empty() && !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept.join(" ")
}

/// `text`, or a word where there is none: AWS takes no blank text.
fn filled(text: String) -> String {
    if text.trim().is_empty() { "(no text)".into() } else { text }
}

/// The partition that a Region lies in.
pub(crate) fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

const fn severity(severity: Severity) -> SeverityOf {
    let label = match severity {
        Severity::Informational => "INFORMATIONAL",
        Severity::Low => "LOW",
        Severity::Medium => "MEDIUM",
        Severity::High => "HIGH",
        Severity::Critical => "CRITICAL",
    };
    SeverityOf { label, original: words::severity(severity) }
}

/// Trust on the scale of ASFF, from 0 to 100.
const fn confidence(confidence: Confidence) -> u32 {
    match confidence {
        Confidence::Low => 30,
        Confidence::Medium => 60,
        Confidence::High => 90,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_account_id, is_region, partition};

    #[test]
    fn accounts_and_regions_have_their_form() {
        assert!(is_account_id("111122223333") && !is_account_id("11112222333a"));
        assert!(!is_account_id("1111") && !is_account_id("１１１１２２２２３３３３"));
        for region in ["us-east-1", "us-gov-east-1", "ap-southeast-7", "cn-north-1"] {
            assert!(is_region(region), "{region}");
        }
        for region in ["", "us", "us-east", "us-east-1a", "US-EAST-1", "us--1", "a-b-c-d-e-f-g-h-1"]
        {
            assert!(!is_region(region), "{region}");
        }
        let partitions = ["eu-central-1", "cn-north-1", "us-gov-west-1"].map(partition);
        assert_eq!(partitions, ["aws", "aws-cn", "aws-us-gov"]);
    }
}
