//! What is written about one finding or one incident, in the same words for every format.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use detect::attack::Technique;
use detect::{
    Confidence, DETECTORS, Detector, EvidenceEvent, Finding, Hop, LeftBehind, Origin, Severity,
};

use crate::Dossier;

/// What one object of a document is about.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Per {
    /// One finding.
    #[default]
    Finding,
    /// One incident, with all of its findings.
    Incident,
}

/// One finding, or one incident with its findings.
pub(crate) struct Told<'a> {
    pub(crate) per: Per,
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) first_seen: Timestamp,
    pub(crate) last_seen: Timestamp,
    pub(crate) origin: &'a Origin,
    pub(crate) habit: Option<&'a str>,
    /// The findings, gravest first.
    pub(crate) findings: Vec<&'a Finding>,
    pub(crate) dossier: Option<&'a Dossier<'a>>,
}

impl<'a> Told<'a> {
    /// What is written about `finding`, which belongs to the incident of `dossier`.
    pub(crate) fn finding(finding: &'a Finding, dossier: Option<&'a Dossier<'a>>) -> Self {
        Self {
            per: Per::Finding,
            id: &finding.id,
            title: &finding.title,
            severity: finding.severity,
            confidence: finding.confidence,
            first_seen: finding.first_seen,
            last_seen: finding.last_seen,
            origin: &finding.origin,
            habit: finding.habit.as_deref(),
            findings: [finding].into(),
            dossier,
        }
    }

    /// What is written about the incident of `dossier`.
    pub(crate) fn incident(dossier: &'a Dossier<'a>) -> Self {
        let incident = dossier.incident;
        Self {
            per: Per::Incident,
            id: &incident.id,
            title: &incident.title,
            severity: incident.severity,
            confidence: dossier.findings.first().map_or(Confidence::Low, |first| first.confidence),
            first_seen: incident.first_seen,
            last_seen: incident.last_seen,
            origin: &incident.origin,
            habit: incident.habit.as_deref(),
            findings: dossier.findings.clone(),
            dossier: Some(dossier),
        }
    }

    /// Why it matters.
    pub(crate) fn description(&self) -> String {
        let mut findings = self.findings.iter();
        let first = findings.next().map_or(self.title, |first| &first.reason);
        let first = String::from(first);
        let others: Vec<&str> = findings.map(|other| other.title.as_str()).collect();
        if others.is_empty() { first } else { format!("{first} Also: {}.", others.join("; ")) }
    }

    /// The detector of the gravest finding, and those of the others, each once.
    pub(crate) fn detectors(&self) -> Vec<&'static str> {
        let mut detectors: Vec<&str> = Vec::new();
        for finding in &self.findings {
            if !detectors.contains(&finding.detector) {
                detectors.push(finding.detector);
            }
        }
        detectors
    }

    /// The techniques, each once.
    pub(crate) fn techniques(&self) -> Vec<&'static Technique> {
        let all = self.findings.iter().flat_map(|finding| finding.techniques.iter().copied());
        all.collect::<BTreeSet<&Technique>>().into_iter().collect()
    }

    /// The events behind it, each once, oldest first.
    pub(crate) fn evidence(&self) -> Vec<&'a EvidenceEvent> {
        let all = self.findings.iter().flat_map(|finding| &finding.evidence);
        let sorted = all.collect::<BTreeSet<_>>();
        // Of two findings the one that knows more about a caller sorts last.
        let mut events: Vec<&EvidenceEvent> = sorted.into_iter().rev().collect();
        let mut seen = BTreeSet::new();
        events.retain(|event| event.event_id.as_ref().is_none_or(|id| seen.insert(id)));
        events.reverse();
        events
    }

    /// Events behind it that are not listed.
    pub(crate) fn evidence_left_out(&self) -> u64 {
        let left_out = self.findings.iter().map(|finding| finding.evidence_left_out);
        left_out.fold(0, u64::saturating_add)
    }

    /// What was left behind, each once, oldest first.
    pub(crate) fn left_behind(&self) -> Vec<&'a LeftBehind> {
        let mut all: Vec<&LeftBehind> =
            self.findings.iter().flat_map(|finding| &finding.left_behind).collect();
        all.sort_by_key(|left| (left.event_time, left.event_id.as_deref()));
        let mut seen = BTreeSet::new();
        all.retain(|left| {
            seen.insert((left.event_time, left.event_id.as_deref(), left.kind, &left.name))
        });
        all
    }

    /// The hops on the ways to the findings' credentials, each once, by number.
    pub(crate) fn hops(&self) -> Vec<&'a Hop> {
        let chains = self.findings.iter().filter_map(|finding| finding.chain.as_ref());
        let mut hops: Vec<&Hop> = chains
            .flat_map(|chain| chain.roles.iter().chain(chain.branches.iter().flatten()))
            .collect();
        hops.sort_by_key(|hop| (hop.hop, hop.event_time, hop.event_id.as_deref()));
        let mut seen = BTreeSet::new();
        hops.retain(|hop| {
            seen.insert((&hop.role_arn, hop.access_key_id.as_deref(), &hop.role_session_name))
        });
        hops
    }

    /// Account that it is about: that of the gravest finding, or of the origin.
    pub(crate) fn account_id(&self) -> Option<&'a str> {
        let found = self.findings.iter().find_map(|finding| finding.account_id.as_deref());
        let origin = self.origin.account_id.as_deref();
        let first = if self.per == Per::Incident { origin.or(found) } else { found.or(origin) };
        first.filter(|account| !account.is_empty())
    }

    /// Every account that takes part, in order.
    pub(crate) fn accounts(&self) -> Vec<&'a str> {
        let findings = self.findings.iter().filter_map(|finding| finding.account_id.as_deref());
        let hops = self.hops();
        let roles = hops.iter().filter_map(|hop| crate::words::account_of(&hop.role_arn));
        let left = self.findings.iter().flat_map(|finding| &finding.left_behind);
        let all = self.origin.account_id.as_deref().into_iter().chain(findings).chain(roles);
        let all = all.chain(left.map(|left| &*left.account_id));
        all.filter(|account| !account.is_empty()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The Region of all events, where they share one.
    pub(crate) fn region(&self) -> Option<&'a str> {
        let mut regions = self.evidence().into_iter().map(|event| &*event.aws_region);
        let first = regions.next().filter(|region| !region.is_empty())?;
        regions.all(|region| region == first).then_some(first)
    }

    /// The roles of the hops, by the keys that they issued.
    pub(crate) fn issuers(&self) -> BTreeMap<&'a str, &'a str> {
        let hops = self.hops().into_iter().filter(|hop| !hop.role_arn.is_empty());
        hops.filter_map(|hop| Some((hop.access_key_id.as_deref()?, &*hop.role_arn))).collect()
    }

    /// Whether somebody should be called: at least medium, and no habit.
    pub(crate) fn is_alert(&self) -> bool {
        self.severity >= Severity::Medium && self.habit.is_none()
    }

    /// What to do about it, for a person who has this text alone.
    pub(crate) fn advice(&self) -> String {
        self.dossier.map_or_else(
            || String::from("Nothing has to be done at once: it belongs to no incident."),
            Dossier::advice,
        )
    }
}

/// The detector with this id.
pub(crate) fn detector(id: &str) -> Option<&'static Detector> {
    DETECTORS.into_iter().find(|detector| detector.id == id)
}

/// Where the incident with this id is, below the address of the console, if that is an address.
pub(crate) fn link(base_url: Option<&str>, incident_id: &str) -> Option<String> {
    let base = base_url?.trim_end_matches('/');
    let is_web = base.starts_with("https://") || base.starts_with("http://");
    let is_plain = |text: &str, others: &[u8]| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
    };
    (is_web && is_plain(base, b"-._~:/[]@%?=") && is_plain(incident_id, b"-_"))
        .then(|| format!("{base}/incidents/{incident_id}"))
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn a_link_leads_to_the_incident_and_cannot_leave_its_place() {
        let of = |base, id| link(Some(base), id);
        let whole = "https://rolecall.example.com/incidents/0a1b";
        assert_eq!(of("https://rolecall.example.com/", "0a1b").as_deref(), Some(whole));
        assert_eq!(
            of("http://[::1]:8080", "0a").as_deref(),
            Some("http://[::1]:8080/incidents/0a")
        );
        for base in ["rolecall.example.com", "javascript:alert(1)//", "https://a|b", "https://a b"]
        {
            assert_eq!(of(base, "0a1b"), None, "{base}");
        }
        assert_eq!(of("https://rolecall.example.com", "<!channel>"), None);
        assert_eq!(link(None, "0a1b"), None);
    }
}
