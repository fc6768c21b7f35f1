//! A session did what neither its own past nor its peers do.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::artifact::{Grade, words as artifact_words};
use crate::attack;
use crate::context::Context;
use crate::detector::{Detector, Found, Statement, confidence_of_path, finding};
use crate::finding::{Candidate, Confidence, Severity, Unusual};
use crate::identity;
use crate::unusual::{Doubt, Judged, bits, head_of, judge};

pub(crate) static DETECTOR: Detector = Detector {
    id: "unusual_use",
    title: "A session did what neither its own past nor its peers do",
    description: "Compares every session with those of earlier days: of the same origin on the \
        same path, of the same role, and of its peers, which are the same permission set in \
        whichever account, or sessions of the same kind of origin and of name in the same \
        account. It counts networks, clients, how many of them one credential has, hours, \
        services, calls, secrets, denials, Regions, accounts, how much happens in ten minutes, and \
        which origin takes which role. What is unusual is named with its counts, as bits of surprise: \
        one bit for every halving of its chance, which is as high as that of anything new. One \
        finding a session, or a day of a long-term key.",
    severity: "Low where one thing is very rare; medium where rare things of two groups (who acts, \
        what is done, how much at once, which role was taken) coincide, where an origin took a \
        role that it never had and that few others have, where eight calls were denied at once as \
        nobody ever had it, where a new client makes little but new calls, where several \
        services were never called before, or where a program reads its first secret or anybody \
        reads many at once as nobody did; high where access was left behind or calls were denied \
        as well. What `rolecall tune` finds raises how much surprise medium takes. Informational \
        where a person accepted it.",
    techniques: &[&attack::CLOUD_ACCOUNTS],
    false_positives: &[
        "Somebody who begins a new task from a new place.",
        "A pipeline that is given another role.",
        "A new release of a program that calls several services, or reads a secret, for the first time.",
    ],
    blind_spots: &[
        "The first three days of logs, and populations of fewer than three days, or of fewer than \
         eight sessions on fewer than five days: nothing but many denials is called unusual there.",
        "Who does what the stolen credential always does, from its network, in its amount.",
        "What an attacker did slowly before anybody doubted it counts as seen.",
        "Which secret, object or parameter was read: only that one was, and how often.",
        "Calls that services make for somebody.",
    ],
    references: &[
        "https://arxiv.org/abs/2105.13442",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
    ],
    emulation: &[],
    detect,
};

/// Sessions of a population from which on its counts are trusted.
const TRUSTED: [(u32, Confidence); 2] = [(200, Confidence::High), (30, Confidence::Medium)];

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    let doubts: Vec<Doubt> = findings.iter().filter_map(|found| doubt(context, found)).collect();
    let judgement = judge(context, &doubts);
    let mut summary = Unusual {
        n_judged: judgement.n_judged,
        n_unjudged: judgement.n_unjudged,
        n_left_out: judgement.n_left_out as u64,
        candidates: Vec::new(),
    };
    for judged in &judgement.units {
        let Some(found) = statement(context, judged) else {
            continue;
        };
        if judged.weighed.coincides() && judged.accepted.is_none() {
            summary.candidates.push(Candidate {
                finding: found.finding.id.clone(),
                title: found.finding.title.clone(),
                start: judged.start,
                score: judged.weighed.score,
            });
        }
        findings.push(found);
    }
    summary.candidates.sort_by(|l, r| (l.start, &l.finding).cmp(&(r.start, &r.finding)));
    _ = context.unusual.set(Box::new(summary));
    _ = context.untrained.set(Box::new(judgement.untrained));
}

/// What a finding of another detector casts doubt on.
fn doubt(context: &Context<'_>, found: &Found) -> Option<Doubt> {
    let finding = &found.finding;
    if finding.severity < Severity::Medium {
        return None;
    }
    let workload = context.workloads.of_node(found.anchor);
    let workload = workload.and_then(|number| context.workloads.workload(number));
    let sessions = workload.map(|workload| workload.nodes.as_slice()).unwrap_or_default();
    let nodes = sessions.iter().chain(&found.nodes).chain([&found.anchor]);
    let heads: BTreeSet<usize> = nodes.map(|index| head_of(context, *index)).collect();
    Some(Doubt { heads, days: (finding.first_seen.day(), finding.last_seen.day()) })
}

fn is_medium(context: &Context<'_>, judged: &Judged<'_>) -> bool {
    let weighed = &judged.weighed;
    judged.accepted.is_none()
        && weighed.coincides()
        && weighed.score >= context.settings.unusual_threshold()
}

fn statement(context: &Context<'_>, judged: &Judged<'_>) -> Option<Found> {
    let head = context.lineage.node(judged.head)?;
    let parts = judged.weighed.lines.iter().flat_map(|line| &line.parts);
    let most = parts.max_by_key(|part| (part.surprise, Reverse(part.node)))?;
    let at = most.node;
    let trusted = TRUSTED.iter().find(|(sessions, _)| judged.told.compared_with >= *sessions);
    let confidence = trusted.map_or(Confidence::Low, |(_, confidence)| *confidence);
    let mut reason = judged.told.reason.clone();
    if let Some(accepted) = judged.accepted {
        reason += &accepted.words();
    } else if judged.weighed.coincides() && !is_medium(context, judged) {
        let threshold = bits(context.settings.unusual_threshold());
        reason.extend([" Medium takes ", &threshold, " here."]);
    }
    let subject = identity::of_node(head);
    let day = judged.day.map(|day| format!(" on day {day}")).unwrap_or_default();
    let statement = Statement {
        severity: severity(context, judged),
        confidence: confidence.min(confidence_of_path(context, at)),
        title: judged.told.title.clone(),
        reason,
        nodes: judged
            .nodes
            .iter()
            .filter(|index| is_issued(context, **index, judged))
            .copied()
            .collect(),
        events: judged.told.events.clone(),
        subject: Some(format!("{subject}{day}")),
        ..Statement::default()
    };
    finding(&DETECTOR, context, (judged.head, at), statement)
}

/// Whether the hand-out of a node is part of what is unusual: not that of a long-term key, which
/// may be years old.
fn is_issued(context: &Context<'_>, index: usize, judged: &Judged<'_>) -> bool {
    judged.day.is_none() && context.lineage.node(index).is_some_and(|node| !node.is_long_term())
}

fn severity(context: &Context<'_>, judged: &Judged<'_>) -> Severity {
    if judged.accepted.is_some() {
        return Severity::Informational;
    }
    if !is_medium(context, judged) {
        return Severity::Low;
    }
    let is_grave = judged.weighed.is_denied() || left_access(context, judged);
    Severity::Medium.raised(usize::from(is_grave))
}

fn left_access(context: &Context<'_>, judged: &Judged<'_>) -> bool {
    let changes = judged.nodes.iter().flat_map(|index| context.changes_of(*index));
    let mut today =
        changes.filter(|change| judged.day.is_none_or(|day| change.event.event_time.day() == day));
    today.any(|change| artifact_words(change.artifact).1 == Grade::Strong)
}
