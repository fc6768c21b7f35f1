//! What a detector is, and the list of them.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use lineage::Node;

use crate::attack::Technique;
use crate::chain::{chain_of, credential_of, origin_of, proof_of};
use crate::context::Context;
use crate::detectors;
use crate::elsewhere::Elsewhere;
use crate::finding::{Confidence, EvidenceEvent, Finding, LeftBehind, Severity};
use crate::identity;
use crate::limits::{EVIDENCE_MAX, LEFT_BEHIND_MAX};

/// A way to detect, with everything that is told about it anywhere.
#[derive(Debug)]
pub struct Detector {
    /// Its id: `<concept>_<what_happened>`.
    pub id: &'static str,
    /// What it finds, in one line.
    pub title: &'static str,
    /// What it looks at and how it decides.
    pub description: &'static str,
    /// How severity is weighed.
    pub severity: &'static str,
    /// Techniques of ATT&CK that it shows.
    pub techniques: &'static [&'static Technique],
    /// Innocent causes.
    pub false_positives: &'static [&'static str],
    /// What it cannot see.
    pub blind_spots: &'static [&'static str],
    /// Where the facts come from.
    pub references: &'static [&'static str],
    /// Techniques of Stratus Red Team that trip it.
    pub emulation: &'static [&'static str],
    pub(crate) detect: fn(&Context<'_>, &mut Vec<Found>),
}

/// Every detector, by id.
pub static DETECTORS: [&Detector; 9] = [
    &detectors::chain_to_persistence::DETECTOR,
    &detectors::federation_token_persistence::DETECTOR,
    &detectors::forged_instance_session::DETECTOR,
    &detectors::instance_credential_exfiltration::DETECTOR,
    &detectors::long_term_key_persistence::DETECTOR,
    &detectors::role_chaining::DETECTOR,
    &detectors::role_juggling::DETECTOR,
    &detectors::unusual_use::DETECTOR,
    &detectors::workload_credential_exfiltration::DETECTOR,
];

/// A finding, and the node that names it.
pub(crate) struct Found {
    pub(crate) anchor: usize,
    /// Nodes whose issuance is evidence.
    pub(crate) nodes: Vec<usize>,
    pub(crate) finding: Finding,
}

/// What a finding says beyond what its place in the lineage says.
#[derive(Default)]
pub(crate) struct Statement {
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) title: String,
    pub(crate) reason: String,
    pub(crate) left_behind: Vec<LeftBehind>,
    /// Nodes whose issuance is evidence.
    pub(crate) nodes: Vec<usize>,
    pub(crate) habit: Option<String>,
    /// Other events that are evidence.
    pub(crate) events: Vec<EvidenceEvent>,
    /// What it is about, where that is not the node that it begins at.
    pub(crate) subject: Option<String>,
    /// Where credentials belong and were used instead.
    pub(crate) elsewhere: Option<Elsewhere>,
}

/// A finding of `detector` about the tree below `anchor`, seen best at `at`.
pub(crate) fn finding(
    detector: &'static Detector,
    context: &Context<'_>,
    (anchor, at): (usize, usize),
    statement: Statement,
) -> Option<Found> {
    let node = context.lineage.node(at)?;
    let head = context.lineage.node(anchor)?;
    let evidence = evidence(context, &statement);
    let first_seen = evidence.first().map(|event| event.event_time);
    let last_seen = evidence.last().map(|event| event.event_time);
    let fallback = node.created().or_else(|| head.created()).unwrap_or(context.span.1);
    let techniques: BTreeSet<&'static Technique> = detector
        .techniques
        .iter()
        .copied()
        .chain(statement.left_behind.iter().map(|left| left.technique))
        .collect();
    let subject = statement.subject.unwrap_or_else(|| name_of(head));
    let finding = Finding {
        id: identity::id(&[detector.id, &subject]),
        detector: detector.id,
        severity: statement.severity,
        confidence: statement.confidence,
        title: statement.title,
        reason: statement.reason,
        account_id: Some(&node.account_id).filter(|account| !account.is_empty()).cloned(),
        first_seen: first_seen.unwrap_or(fallback),
        last_seen: last_seen.unwrap_or(fallback),
        credential: credential_of(node),
        origin: origin_of(context, at),
        chain: chain_of(context, anchor, at),
        left_behind_left_out: statement.left_behind.len().saturating_sub(LEFT_BEHIND_MAX) as u64,
        left_behind: weightiest(statement.left_behind),
        evidence_left_out: evidence.len().saturating_sub(EVIDENCE_MAX) as u64,
        evidence: evidence.into_iter().take(EVIDENCE_MAX).collect(),
        techniques: techniques.into_iter().collect(),
        habit: statement.habit,
        elsewhere: statement.elsewhere,
    };
    Some(Found { anchor, nodes: statement.nodes, finding })
}

/// As much of `left_behind` as one finding lists.
fn weightiest(mut left_behind: Vec<LeftBehind>) -> Vec<LeftBehind> {
    if left_behind.len() > LEFT_BEHIND_MAX {
        left_behind.sort_by_key(|left| !left.is_access);
        left_behind.truncate(LEFT_BEHIND_MAX);
        left_behind.sort_by_key(|left| left.event_time);
    }
    left_behind
}

/// The name of what a finding about `head` is about: all sessions of a workload are one thing.
fn name_of(head: &Node<'_>) -> String {
    let workload = head.origin.as_ref().filter(|origin| origin.is_workload);
    workload.map_or_else(|| identity::of_node(head), |origin| identity::of_origin(head, origin))
}

/// The events behind a statement, oldest first: issuances of its nodes, and what was left behind.
fn evidence(context: &Context<'_>, statement: &Statement) -> Vec<EvidenceEvent> {
    let nodes = statement.nodes.iter().filter_map(|index| context.lineage.node(*index));
    let left = statement.left_behind.iter().map(|left| EvidenceEvent {
        event_time: left.event_time,
        event_id: left.event_id.clone(),
        event_source: left.event_source.clone(),
        event_name: left.event_name.clone(),
        source_ip_address: left.source_ip_address.clone(),
        aws_region: left.aws_region.clone(),
        caller: left.caller.clone(),
    });
    let issued = nodes.filter_map(|node| proof_of(&context.lineage, node));
    each_once(issued.chain(left).chain(statement.events.iter().cloned()).collect())
}

/// Each event once, oldest first. Of two that differ in the caller alone, the one that knows more
/// about it sorts last and stays.
fn each_once(events: BTreeSet<EvidenceEvent>) -> Vec<EvidenceEvent> {
    let mut events: Vec<EvidenceEvent> = events.into_iter().collect();
    events.dedup_by(|later, kept| {
        let is_same = later.is_copy_of(kept);
        if is_same {
            mem::swap(later, kept);
        }
        is_same
    });
    events
}

impl EvidenceEvent {
    fn is_copy_of(&self, other: &Self) -> bool {
        let name = |event: &Self| {
            let source = event.source_ip_address.clone();
            (event.event_time, event.event_source.clone(), event.event_name.clone(), source)
        };
        self.event_id == other.event_id && name(self) == name(other)
    }
}

/// The lowest confidence on the way to `index`.
pub(crate) fn confidence_of_path(context: &Context<'_>, index: usize) -> Confidence {
    let nodes = context.lineage.ancestry(index);
    let joins =
        nodes.iter().filter_map(|at| context.lineage.node(*at)).map(|node: &Node<'_>| node.join);
    joins.min().map_or(Confidence::High, crate::chain::confidence_of)
}

impl Severity {
    /// `steps` more urgent, at most critical.
    #[must_use]
    pub(crate) fn raised(self, steps: usize) -> Self {
        (0..steps).fold(self, |severity, _| match severity {
            Self::Informational => Self::Low,
            Self::Low => Self::Medium,
            Self::Medium => Self::High,
            Self::High | Self::Critical => Self::Critical,
        })
    }

    /// `steps` less urgent, at least informational.
    #[must_use]
    pub(crate) fn lowered(self, steps: usize) -> Self {
        (0..steps).fold(self, |severity, _| match severity {
            Self::Informational | Self::Low => Self::Informational,
            Self::Medium => Self::Low,
            Self::High => Self::Medium,
            Self::Critical => Self::High,
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use cloudtrail::Timestamp;

    use super::each_once;
    use crate::finding::{Caller, EvidenceEvent};

    #[test]
    fn an_event_that_is_told_of_twice_keeps_the_caller_that_is_known() {
        let unknown = EvidenceEvent {
            event_time: Timestamp(1),
            event_id: Some("a".into()),
            event_source: "sts.amazonaws.com".into(),
            event_name: "AssumeRole".into(),
            source_ip_address: "192.0.2.1".into(),
            aws_region: "us-east-1".into(),
            caller: Caller::default(),
        };
        let caller = Caller { access_key_id: Some("AKIA".into()), ..Caller::default() };
        let known = EvidenceEvent { caller, ..unknown.clone() };
        let other = EvidenceEvent { event_id: Some("b".into()), ..unknown.clone() };
        let events = BTreeSet::from([unknown, known.clone(), other.clone()]);
        assert_eq!(each_once(events), [known, other]);
    }
}
