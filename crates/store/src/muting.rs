//! Which incidents are muted by suppressions: those of which every finding is.

use detect::{Finding, Incident};
use serde_json::Value;

use crate::suppressions::{Scope, Suppression};

/// An incident as suppressions see it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Subject<'s> {
    /// Its id.
    pub incident: &'s str,
    /// What its origin is known by: key, ARN, instance, subject.
    pub origin: Vec<&'s str>,
    /// Its findings.
    pub findings: Vec<SubjectFinding<'s>>,
}

/// A finding as suppressions see it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SubjectFinding<'s> {
    /// Its detector.
    pub detector: &'s str,
    /// The account that it is about.
    pub account: Option<&'s str>,
    /// ARNs of the roles that its chains lead to; none where not all of them are known.
    pub roles: Vec<&'s str>,
}

/// The suppressions that mute `subject` at `now`, first those that were made first.
///
/// An incident is muted where each of its findings is covered by one of them at least, so that
/// something new is told although the rest is known. Otherwise there are none.
pub fn muted_by<'x>(
    suppressions: &'x [Suppression],
    subject: &Subject<'_>,
    now: i64,
) -> Vec<&'x Suppression> {
    let active = suppressions.iter().filter(|suppression| suppression.is_active(now));
    let mut covering: Vec<&Suppression> = active
        .filter(|one| subject.findings.iter().any(|finding| one.covers(subject, finding)))
        .collect();
    let is_covered =
        |finding: &SubjectFinding<'_>| covering.iter().any(|one| one.covers(subject, finding));
    if !subject.findings.iter().all(is_covered) {
        return Vec::new();
    }
    covering.sort_by_key(|suppression| suppression.id);
    covering
}

impl<'s> Subject<'s> {
    /// The subject that `incident` with its `findings` is.
    pub fn of(incident: &'s Incident, findings: impl IntoIterator<Item = &'s Finding>) -> Self {
        let origin = &incident.origin;
        let names =
            [&origin.access_key_id, &origin.principal_arn, &origin.instance_id, &origin.subject];
        Self {
            incident: &incident.id,
            origin: names.into_iter().flatten().map(|name| &**name).collect(),
            findings: findings.into_iter().map(SubjectFinding::of).collect(),
        }
    }

    /// The subject that the incident `id` is by its written form and those of its findings, as
    /// they are kept: the same as by the analysis that they were written from.
    pub fn of_documents(
        id: &'s str,
        incident: &'s Value,
        findings: impl IntoIterator<Item = &'s Value>,
    ) -> Self {
        let origin = incident.get("origin");
        let names = ["access_key_id", "principal_arn", "instance_id", "subject"];
        Self {
            incident: id,
            origin: names.iter().filter_map(|name| origin?.get(name)?.as_str()).collect(),
            findings: findings.into_iter().map(SubjectFinding::of_document).collect(),
        }
    }
}

impl<'s> SubjectFinding<'s> {
    /// The finding as suppressions see it.
    pub fn of(finding: &'s Finding) -> Self {
        let chain = finding.chain.as_ref().filter(|chain| chain.branches_left_out == 0);
        let paths = chain.into_iter().flat_map(|chain| {
            std::iter::once(&chain.roles).chain(&chain.branches).filter_map(|path| path.last())
        });
        Self {
            detector: finding.detector,
            account: finding.account_id.as_deref(),
            roles: paths.map(|hop| &*hop.role_arn).collect(),
        }
    }

    /// The finding as suppressions see it, by its written form.
    fn of_document(finding: &'s Value) -> Self {
        let text = |name: &str| finding.get(name).and_then(Value::as_str);
        let chain = finding.get("chain").filter(|chain| chain.get("branches_left_out").is_none());
        let list = |name: &str| chain.and_then(|chain| chain.get(name)?.as_array());
        let branches = list("branches").into_iter().flatten().filter_map(Value::as_array);
        let paths = list("roles").into_iter().chain(branches);
        let end = |path: &'s Vec<Value>| path.last()?.get("role_arn")?.as_str();
        Self {
            detector: text("detector").unwrap_or_default(),
            account: text("account_id"),
            // Where the end of one path is not known, those of the others say too little.
            roles: paths.map(end).collect::<Option<_>>().unwrap_or_default(),
        }
    }
}

impl Suppression {
    /// Whether it is about `finding` of `subject`, whenever.
    pub fn covers(&self, subject: &Subject<'_>, finding: &SubjectFinding<'_>) -> bool {
        let value = self.what.value.as_str();
        let is_detector =
            self.what.detector.as_deref().is_none_or(|detector| detector == finding.detector);
        let is_in_scope = match self.what.scope {
            Scope::Account => finding.account == Some(value),
            Scope::Incident => subject.incident == value,
            Scope::Origin => subject.origin.contains(&value),
            Scope::Role => {
                let is_it = |arn: &&str| *arn == value || name_of(arn) == Some(value);
                !finding.roles.is_empty() && finding.roles.iter().all(is_it)
            }
        };
        is_detector && is_in_scope
    }
}

/// The name at the end of a role's ARN, behind its path.
fn name_of(arn: &str) -> Option<&str> {
    arn.split_once(":role/")?.1.rsplit('/').next()
}
