//! A long-term key, or root, left something behind without any role in between.

use alloc::format;
use alloc::vec::Vec;

use crate::artifact::{self, Grade};
use crate::chain::origin_of;
use crate::context::Context;
use crate::detector::{Detector, Found, Statement, finding};
use crate::finding::{Confidence, Severity};
use crate::habits::Novelty;
use crate::words;

pub(crate) static DETECTOR: Detector = Detector {
    id: "long_term_key_persistence",
    title: "A long-term key created further access",
    description: "Lists what a long-term key did that outlives the key itself: users, keys, \
        passwords, policies and trust. One finding for each key.",
    severity: "Low for access by itself; raised by a credential for another user, an \
        administrator's rights, and trust for strangers, and twice by the latter two where this \
        key never did so before; lowered when this key does this day by day.",
    techniques: &[],
    false_positives: &["Infrastructure as code and administrators that work with long-term keys."],
    blind_spots: &[
        "Keys whose lineage begins with a temporary credential: `chain_to_persistence` has them.",
    ],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    ],
    emulation: &[
        "aws.persistence.iam-backdoor-user",
        "aws.persistence.iam-create-admin-user",
        "aws.persistence.iam-create-user-login-profile",
    ],
    detect,
};

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    for index in context.changes.keys().copied() {
        let node = context.lineage.node(index);
        let is_long_term = node.is_some_and(|node| !node.is_from_temporary);
        if is_long_term {
            findings.extend(key(context, index));
        }
    }
}

fn key(context: &Context<'_>, index: usize) -> Option<Found> {
    let changes: Vec<_> = context
        .changes_of(index)
        .iter()
        .filter(|change| {
            let is_dangerous = artifact::is_dangerous(change, &context.accounts);
            is_dangerous || artifact::words(change.artifact).1 > Grade::Weak
        })
        .collect();
    let weighed = changes.iter().map(|change| {
        let is_strong = artifact::words(change.artifact).1 == Grade::Strong;
        let base = if is_strong { Severity::Low } else { Severity::Informational };
        let before = context.habits.change(index, change, change.event.event_time);
        let novelty = before.novelty_of_access();
        let is_dangerous = artifact::is_dangerous(change, &context.accounts);
        let is_new = is_dangerous && novelty == Novelty::New;
        let danger = usize::from(is_dangerous)
            + usize::from(is_new)
            + usize::from(artifact::is_for_other_user(change));
        let is_habit = novelty == Novelty::Habit && danger == 0;
        (base.raised(danger).lowered(usize::from(is_habit) * 2), is_habit)
    });
    let weighed: Vec<(Severity, bool)> = weighed.collect();
    let severity = weighed.iter().map(|(severity, _)| *severity).max()?;
    let origin = origin_of(context, index);
    let from = format!("{} {}", words::kind_of_origin(origin.kind), words::name_of_origin(&origin));
    let left_behind: Vec<_> =
        changes.iter().map(|change| artifact::left_behind(change, 0, &context.accounts)).collect();
    let is_habit = weighed.iter().all(|(_, is_habit)| *is_habit);
    let statement = Statement {
        severity,
        confidence: Confidence::High,
        title: words::created(&left_behind),
        reason: format!("Done with {from} itself, without a role in between."),
        left_behind,
        nodes: Vec::new(),
        habit: is_habit.then(|| format!("{from}: lasting changes")),
        ..Statement::default()
    };
    finding(&DETECTOR, context, (index, index), statement)
}
