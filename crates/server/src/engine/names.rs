//! What an incident names, so that a search finds it.

use std::collections::BTreeSet;

use detect::{Extent, Finding, Hop, Incident};
use store::NameKind;

/// Names in their order, each once.
#[derive(Default)]
struct Names(BTreeSet<(NameKind, String)>);

/// Everything that `incident` with its `findings` and its `extent` names.
pub(super) fn of(
    incident: &Incident,
    findings: &[&Finding],
    extent: Option<&Extent>,
) -> Vec<(NameKind, String)> {
    let mut names = Names::default();
    let origin = &incident.origin;
    names.add(NameKind::Account, origin.account_id.as_deref());
    names.add(NameKind::Credential, origin.access_key_id.as_deref());
    names.add(NameKind::Instance, origin.instance_id.as_deref());
    names.principal(origin.principal_arn.as_deref());
    for finding in findings {
        names.finding(finding);
    }
    for moment in &incident.timeline {
        names.add(NameKind::Address, Some(&*moment.source_ip_address));
        names.add(NameKind::Event, moment.event_id.as_deref());
    }
    let extent = extent.into_iter();
    for holder in extent.flat_map(|extent| &extent.credentials) {
        names.principal(holder.principal_arn.as_deref());
        for key in &holder.access_key_ids {
            names.add(NameKind::Credential, Some(&**key));
        }
    }
    names.0.into_iter().collect()
}

impl Names {
    fn add(&mut self, kind: NameKind, name: Option<&str>) {
        let name = name.filter(|name| !name.is_empty() && name.len() <= store::NAME_BYTES_MAX);
        self.0.extend(name.map(|name| (kind, name.to_owned())));
    }

    /// A principal by its ARN and by its name.
    fn principal(&mut self, arn: Option<&str>) {
        let Some(resource) = arn.and_then(|arn| arn.splitn(6, ':').nth(5)) else {
            return;
        };
        let last = resource.rsplit('/').next();
        match resource.split('/').next() {
            Some("user") => {
                self.add(NameKind::User, arn);
                self.add(NameKind::User, last);
            }
            Some("role") => {
                self.add(NameKind::Role, arn);
                self.add(NameKind::Role, last);
            }
            Some("assumed-role") => {
                self.add(NameKind::Role, arn);
                self.add(NameKind::Role, resource.split('/').nth(1));
            }
            Some(_) | None => {}
        }
    }

    fn hop(&mut self, hop: &Hop) {
        self.principal(Some(&*hop.role_arn));
        self.add(NameKind::Credential, hop.access_key_id.as_deref());
        self.add(NameKind::Event, hop.event_id.as_deref());
        self.add(NameKind::Address, Some(&*hop.source_ip_address));
    }

    fn finding(&mut self, finding: &Finding) {
        self.add(NameKind::Account, finding.account_id.as_deref());
        self.add(NameKind::Detector, Some(finding.detector));
        self.add(NameKind::Credential, finding.credential.access_key_id.as_deref());
        self.principal(finding.credential.principal_arn.as_deref());
        let chain = finding.chain.iter();
        for hop in chain.flat_map(|chain| chain.roles.iter().chain(chain.branches.iter().flatten()))
        {
            self.hop(hop);
        }
        for left in &finding.left_behind {
            self.add(NameKind::Credential, left.access_key_id.as_deref());
            self.add(NameKind::Event, left.event_id.as_deref());
            self.add(NameKind::Account, Some(&*left.account_id));
        }
        for event in &finding.evidence {
            self.add(NameKind::Event, event.event_id.as_deref());
            self.add(NameKind::Address, Some(&*event.source_ip_address));
        }
        let foreign = finding.elsewhere.iter().flat_map(|elsewhere| &elsewhere.foreign);
        for address in foreign.flat_map(|foreign| &foreign.place.addresses) {
            self.add(NameKind::Address, Some(address));
        }
    }
}

/// What the origin of `incident` is known by, in one word.
pub(super) fn label(incident: &Incident) -> String {
    let origin = &incident.origin;
    let names = [
        &origin.instance_id,
        &origin.access_key_id,
        &origin.subject,
        &origin.principal_arn,
        &origin.account_id,
    ];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    name.map(|name| name.chars().take(200).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use store::NameKind;

    use super::Names;

    #[test]
    fn a_principal_is_found_by_its_arn_and_by_its_name() {
        let mut names = Names::default();
        let arns = [
            "arn:aws:iam::111122223333:user/team/alice",
            "arn:aws:sts::111122223333:assumed-role/Deploy/session",
            "arn:aws:iam::111122223333:root",
            "none",
        ];
        for arn in arns {
            names.principal(Some(arn));
        }
        let expected = [
            (NameKind::Role, "Deploy"),
            (NameKind::Role, arns[1]),
            (NameKind::User, "alice"),
            (NameKind::User, arns[0]),
        ];
        let expected = expected.map(|(kind, name)| (kind, name.to_owned()));
        assert_eq!(names.0.into_iter().collect::<Vec<_>>(), expected);
    }
}
