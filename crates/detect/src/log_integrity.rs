//! Log files and digests are not as CloudTrail delivered them: findings of a verification.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use integrity::{Chain, ChainName, Fault, GapCause, LogName, Verification};
use lineage::OriginKind;

use crate::attack;
use crate::detector::Detector;
use crate::finding::{
    Analysis, Color, Confidence, CredentialRef, Finding, Incident, Origin, Severity,
};
use crate::graph::Graph;
use crate::identity;
use crate::words::count;

/// What `rolecall verify` finds. It looks at files and not at events, so that no scan runs it.
pub static LOG_INTEGRITY: Detector = Detector {
    id: "cloudtrail_log_integrity",
    title: "Log files are not as CloudTrail delivered them",
    description: "Every hour CloudTrail signs a digest of the log files that it delivered, and each \
        digest names the one before it. Fires where a log file or a digest was changed, moved or \
        deleted, where a log file lies in a trail's folders that no digest names, and where the \
        chain of digests begins anew after a gap. One finding for each trail, account and Region; \
        found by `rolecall verify`, not by a scan.",
    severity: "High where a log file or digest was changed or is missing. Medium where one was \
        moved, its key is not found, or no digest names it. Low for a gap: logging or log file \
        validation was off.",
    techniques: &[&attack::DISABLE_OR_MODIFY_CLOUD_LOG],
    false_positives: &[
        "A lifecycle rule or a retention period that deleted old log files but not their digests, \
         or the other way around.",
        "A copy that is not complete, or was unpacked or packed again.",
        "Log files of another trail that delivers to the same folders without digests.",
        "Log files that CloudTrail has yet to name in a backfill digest.",
        "Maintenance that stopped logging for a time.",
    ],
    blind_spots: &[
        "Whoever deletes the newest digests together with their log files leaves a chain that ends \
         early: compare its end with the present.",
        "Events that the trail was not set up to record, and events that were never delivered.",
        "In a copy without metadata, the newest digest of each chain has no signature.",
    ],
    references: &[
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html",
    ],
    emulation: &[],
    detect: |_, _| {},
};

/// Reasons that one finding tells; there may be one for each log file of a year.
const REASONS_SHOWN: usize = 5;

/// The findings of a verification, gravest first: one for each chain of digests in which something
/// is wrong, and one for each account and Region with log files that no digest names.
///
/// The id of a finding depends on the trail, the account and the Region alone, so that it grows
/// and is not told twice.
pub fn log_integrity_findings(verification: &Verification) -> Vec<Finding> {
    let mut tallies = tallies(verification);
    let chains = verification.chains.iter().enumerate();
    let mut findings: Vec<Finding> = chains
        .filter_map(|(index, chain)| {
            let tally = tallies.remove(&index).unwrap_or_default();
            finding_of_chain(chain, tally)
        })
        .collect();
    findings.extend(unmentioned(verification));
    findings.sort_by(|left, right| left.rank().cmp(&right.rank()));
    findings
}

impl Analysis {
    /// Adds findings of verifications, each as an incident of its own, in the order of all others.
    pub fn add_log_integrity<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>) {
        for finding in findings {
            self.incidents.push(incident(finding));
            self.findings.push(finding.clone());
        }
        self.findings.sort_by(|left, right| left.rank().cmp(&right.rank()));
        self.incidents.sort_by(|left, right| left.rank().cmp(&right.rank()));
    }
}

/// The incident of one finding: nobody's credential is known to be behind it.
fn incident(finding: &Finding) -> Incident {
    Incident {
        id: identity::id(&["incident", &finding.id]),
        severity: finding.severity,
        title: finding.title.clone(),
        origin: finding.origin.clone(),
        findings: alloc::vec![finding.id.clone()],
        first_seen: finding.first_seen,
        last_seen: finding.last_seen,
        color: Color::None,
        habit: None,
        background: None,
        graph: Graph::default(),
        timeline: Vec::new(),
        timeline_left_out: 0,
    }
}

/// What is wrong in one chain.
#[derive(Default)]
struct Tally {
    digests: usize,
    logs: usize,
    severity: Severity,
    span: Option<(Timestamp, Timestamp)>,
    reasons: Vec<String>,
}

impl Tally {
    fn see(&mut self, time: Timestamp) {
        let (first, last) = self.span.unwrap_or((time, time));
        self.span = Some((first.min(time), last.max(time)));
    }

    fn add(&mut self, what: &str, name: &str, fault: &Fault) {
        self.severity = self.severity.max(severity_of(fault));
        if self.reasons.len() < REASONS_SHOWN {
            self.reasons.push(format!("{what} {name}: {}.", fault.text()));
        }
    }
}

/// By chain, so that a million log files are looked at once.
fn tallies(verification: &Verification) -> BTreeMap<usize, Tally> {
    let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
    for (index, chain) in verification.chains.iter().enumerate() {
        for digest in &chain.digests {
            if let Some(fault) = digest.verdict.fault() {
                let tally = tallies.entry(index).or_default();
                tally.digests += 1;
                tally.see(digest.name.end);
                tally.add("Digest", &digest.name.to_string(), fault);
            }
        }
    }
    for log in &verification.logs {
        if let Some(fault) = log.verdict.fault() {
            let tally = tallies.entry(log.chain).or_default();
            tally.logs += 1;
            let name = log.location.name();
            let chain = verification.chains.get(log.chain);
            let digest = chain.and_then(|chain| chain.digests.get(log.digest));
            let delivered = LogName::parse(name).map(|name| name.delivered);
            if let Some(time) = delivered.or_else(|| digest.map(|digest| digest.name.end)) {
                tally.see(time);
            }
            tally.add("Log file", name, fault);
        }
    }
    tallies
}

fn finding_of_chain(chain: &Chain, mut tally: Tally) -> Option<Finding> {
    let name = &chain.name;
    let is_sound = tally.digests + tally.logs == 0;
    let gaps = chain.gaps.iter().filter(|gap| gap.cause == GapCause::ChainStart);
    let gaps: Vec<_> = gaps.collect();
    for gap in &gaps {
        tally.see(gap.from);
        tally.see(gap.until);
    }
    let (first_seen, last_seen) = tally.span?;
    let title = if is_sound {
        format!(
            "No digests of trail {} in {} for {}",
            name.trail,
            name.region,
            count(gaps.len(), "time")
        )
    } else {
        format!(
            "{} and {} of trail {} in {} are not as CloudTrail delivered them",
            count(tally.logs, "log file"),
            count(tally.digests, "digest"),
            name.trail,
            name.region
        )
    };
    let more = (tally.logs + tally.digests).saturating_sub(tally.reasons.len());
    if more > 0 {
        tally.reasons.push(format!("And {more} more."));
    }
    let gaps = gaps.iter().take(REASONS_SHOWN).map(|gap| {
        let (from, until) = (gap.from, gap.until);
        format!("No digest speaks of {from} to {until}: logging or log file validation was off.")
    });
    tally.reasons.extend(gaps);
    let backfill = if name.is_backfill { "backfill" } else { "" };
    let parts = [&*name.account_id, &name.region, &name.trail, &name.home_region, backfill];
    let severity = if is_sound { Severity::Low } else { tally.severity };
    Some(Finding {
        title,
        reason: tally.reasons.join(" "),
        severity,
        confidence: if severity >= Severity::High { Confidence::High } else { Confidence::Medium },
        ..finding(&parts, name, (first_seen, last_seen))
    })
}

fn severity_of(fault: &Fault) -> Severity {
    match fault {
        Fault::HashMismatch
        | Fault::InvalidFormat
        | Fault::NotFound
        | Fault::NotThePrevious
        | Fault::SignatureVerificationFailed
        | Fault::TrailingBytes => Severity::High,
        Fault::Misplaced
        | Fault::Moved
        | Fault::PublicKeyNotFound { .. }
        | Fault::PublicKeyUnreadable { .. } => Severity::Medium,
    }
}

/// Log files without a mention have no trail that they belong to.
fn unmentioned(verification: &Verification) -> Vec<Finding> {
    let mut by_region: BTreeMap<(&str, &str), Vec<(&str, Timestamp)>> = BTreeMap::new();
    for log in &verification.unmentioned {
        let of = (&*log.name.account_id, &*log.name.region);
        by_region.entry(of).or_default().push((&log.source, log.name.delivered));
    }
    let finding_of = |((account, region), logs): ((&str, &str), Vec<(&str, Timestamp)>)| {
        let times = || logs.iter().map(|(_, delivered)| *delivered);
        let span = (times().min()?, times().max()?);
        let shown: Vec<&str> = logs.iter().map(|(source, _)| *source).take(REASONS_SHOWN).collect();
        let more = logs.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let name =
            ChainName { account_id: account.into(), region: region.into(), ..ChainName::default() };
        Some(Finding {
            title: format!(
                "{} of account {account} in {region} that no digest names",
                count(logs.len(), "log file")
            ),
            reason: format!(
                "Digests speak of the time of their delivery and do not name them: {}{more}. They \
                 were put there by somebody else, belong to a trail without digests, or are yet to \
                 be named by a backfill digest.",
                shown.join(", ")
            ),
            severity: Severity::Medium,
            confidence: Confidence::Medium,
            ..finding(&[account, region, "unmentioned"], &name, span)
        })
    };
    by_region.into_iter().filter_map(finding_of).collect()
}

/// A finding about `name`, whose id is made of `parts`.
fn finding(parts: &[&str], name: &ChainName, span: (Timestamp, Timestamp)) -> Finding {
    let parts: Vec<&str> = [LOG_INTEGRITY.id].iter().chain(parts).copied().collect();
    let account_id: Arc<str> = name.account_id.as_str().into();
    Finding {
        id: identity::id(&parts),
        detector: LOG_INTEGRITY.id,
        severity: Severity::default(),
        confidence: Confidence::default(),
        title: String::new(),
        reason: String::new(),
        account_id: Some(account_id.clone()),
        first_seen: span.0,
        last_seen: span.1,
        credential: CredentialRef::default(),
        origin: Origin {
            kind: OriginKind::Unknown,
            access_key_id: None,
            principal_arn: None,
            instance_id: None,
            subject: None,
            account_id: Some(account_id),
        },
        chain: None,
        left_behind: Vec::new(),
        left_behind_left_out: 0,
        evidence: Vec::new(),
        evidence_left_out: 0,
        techniques: LOG_INTEGRITY.techniques.to_vec(),
        habit: None,
        elsewhere: None,
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use cloudtrail::Timestamp;
    use integrity::{
        Chain, ChainName, DigestName, DigestResult, Fault, Gap, GapCause, Location, LogResult,
        Verdict, Verification,
    };

    use super::log_integrity_findings;
    use crate::finding::Severity;

    fn name() -> ChainName {
        ChainName {
            account_id: "111122223333".into(),
            region: "eu-west-1".into(),
            trail: "audit".into(),
            home_region: "eu-west-1".into(),
            is_backfill: false,
        }
    }

    fn chain(verdict: Verdict, gaps: Vec<Gap>) -> Chain {
        let digest = DigestResult {
            source: "d".into(),
            location: None,
            name: DigestName { chain: name(), end: Timestamp(7200) },
            hour: None,
            verdict,
            signature_from: None,
            is_linked: false,
            is_start: false,
            log_files: 0,
        };
        Chain { name: name(), digests: alloc::vec![digest], gaps }
    }

    fn log(verdict: Verdict) -> LogResult {
        LogResult {
            source: "l".into(),
            location: Location { bucket: "b".into(), key: "k/l".into() },
            chain: 0,
            digest: 0,
            verdict,
            elsewhere: None,
        }
    }

    #[test]
    fn a_finding_grows_and_keeps_its_id() {
        let mut verification = Verification::default();
        verification.add_chain(chain(Verdict::Invalid(Fault::Moved), Vec::new()));
        let moved = log_integrity_findings(&verification);
        verification.keep_log(log(Verdict::Invalid(Fault::HashMismatch)));
        let changed = log_integrity_findings(&verification);
        assert_eq!((moved.len(), changed.len()), (1, 1));
        assert_eq!(moved[0].id, changed[0].id);
        assert_eq!((moved[0].severity, changed[0].severity), (Severity::Medium, Severity::High));
        assert!(changed[0].reason.contains("l: hash value doesn't match"), "{}", changed[0].reason);
        let aliases: Vec<_> = changed[0].techniques.iter().flat_map(|it| it.aliases).collect();
        assert_eq!(aliases, [&"T1562.008"]);
    }

    #[test]
    fn what_is_sound_is_no_finding_and_a_gap_is_a_small_one() {
        let mut verification = Verification::default();
        verification.add_chain(chain(Verdict::Valid, Vec::new()));
        verification.keep_log(log(Verdict::Valid));
        assert!(log_integrity_findings(&verification).is_empty());
        let gap = |cause| Gap { from: Timestamp(0), until: Timestamp(3600), cause };
        let mut verification = Verification::default();
        verification.add_chain(chain(
            Verdict::Valid,
            alloc::vec![gap(GapCause::ChainStart), gap(GapCause::DigestsLost)],
        ));
        let findings = log_integrity_findings(&verification);
        assert_eq!((findings.len(), findings[0].severity), (1, Severity::Low));
        assert_eq!(findings[0].last_seen, Timestamp(3600));
    }
}
