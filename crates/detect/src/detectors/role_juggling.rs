//! Role sessions renewed each other and so outlived what the first one could.

use alloc::format;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use lineage::{Node, Step};

use crate::attack;
use crate::chain::origin_of;
use crate::context::Context;
use crate::detector::{Detector, Found, Statement, confidence_of_path, finding};
use crate::finding::Severity;
use crate::habits::Novelty;
use crate::words;

pub(crate) static DETECTOR: Detector = Detector {
    id: "role_juggling",
    title: "Role sessions renewed each other beyond their lifetime",
    description: "Looks for a path in which roles are assumed again from their own sessions, each \
        child the next parent, and whose last renewal comes after the first session has expired. \
        An SDK that refreshes from one parent makes a star and is not meant.",
    severity: "High; medium with fewer than three renewals.",
    techniques: &[&attack::APPLICATION_ACCESS_TOKEN, &attack::TEMPORARY_ELEVATED_CLOUD_ACCESS],
    false_positives: &["Long jobs that renew their session by assuming their own role."],
    blind_spots: &["Renewals in accounts whose logs are not read."],
    references: &[
        "https://hackingthe.cloud/aws/post_exploitation/role-chain-juggling/",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining",
    ],
    emulation: &[],
    detect,
};

/// Life of a chained session, in seconds (IAM user guide: one hour at most).
const CHAINED_SECS: i64 = 3600;

/// Longest life of any other role session, in seconds (IAM user guide: 12 hours at most).
const SESSION_SECS_MAX: i64 = 12 * 3600;

/// Renewals from which on the path itself is the finding.
const RENEWALS_MIN: u32 = 2;

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    let mut renewals = alloc::vec![0_u32; context.lineage.nodes().len()];
    let anchors = context.lineage.nodes().iter().enumerate();
    for (anchor, _) in anchors.filter(|(_, node)| node.step == Step::Hop && node.calls == 1) {
        let tree = context.lineage.descendants(anchor);
        for index in &tree {
            count(context, *index, &mut renewals);
        }
        let most = |index: &&usize| (renewals.get(**index).copied(), core::cmp::Reverse(**index));
        let Some(at) = tree.iter().max_by_key(most).copied() else {
            continue;
        };
        let n_renewals = renewals.get(at).copied().unwrap_or_default();
        findings.extend(path(context, (anchor, at), n_renewals));
    }
}

/// Renewals on the way to `index`, from those of its parent.
fn count(context: &Context<'_>, index: usize, renewals: &mut [u32]) {
    let Some(node) = context.lineage.node(index) else {
        return;
    };
    let parent = node.parent.and_then(|parent| renewals.get(parent)).copied().unwrap_or_default();
    if let Some(slot) = renewals.get_mut(index) {
        *slot = parent + u32::from(node.is_refresh);
    }
}

fn path(context: &Context<'_>, (anchor, at): (usize, usize), n_renewals: u32) -> Option<Found> {
    let first = context.lineage.node(anchor)?;
    let last = context.lineage.node(at)?;
    let (begin, end) = (first.created()?, last.created()?);
    let lives_until = expiry(context, first, begin);
    if n_renewals < RENEWALS_MIN || end <= lives_until {
        return None;
    }
    let origin = origin_of(context, at);
    let from = format!("{} {}", words::kind_of_origin(origin.kind), words::name_of_origin(&origin));
    let hours = end.seconds_since(begin) / 3600;
    let before = context.habits.path(at, begin);
    let is_habit = before.novelty_of_access() == Novelty::Habit;
    let severity = if n_renewals >= 3 { Severity::High } else { Severity::Medium };
    let statement = Statement {
        severity: severity.lowered(if is_habit { 2 } else { 0 }),
        confidence: confidence_of_path(context, at),
        title: format!(
            "{} kept alive for {} by {}",
            words::name_of(last),
            words::count(hours.unsigned_abs() as usize, "hour"),
            words::count(n_renewals as usize, "renewal"),
        ),
        reason: format!(
            "Beginning at {from}: each session assumed a role that was already on the way and \
             became the next parent. The first session ended at {lives_until}, the last renewal \
             came at {end}. {}",
            words::novelty(before, "This origin walked this path"),
        ),
        left_behind: Vec::new(),
        nodes: context.lineage.ancestry(at),
        habit: is_habit.then(|| words::habit(context, at, &from)),
        ..Statement::default()
    };
    finding(&DETECTOR, context, (anchor, at), statement)
}

/// When the first session ends: as its event says, or at the longest that AWS allows.
fn expiry(context: &Context<'_>, first: &Node<'_>, begin: Timestamp) -> Timestamp {
    let told = first.issued.as_ref().and_then(|issued| issued.issuance.expiration);
    let is_chained = first.chained_calls > 0
        || context.origin_of(first.root).is_some_and(|(_, origin)| origin.is_workload);
    let longest = if is_chained { CHAINED_SECS } else { SESSION_SECS_MAX };
    told.unwrap_or(Timestamp(begin.0.saturating_add(longest)))
}
