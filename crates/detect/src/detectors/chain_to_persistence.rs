//! A temporary credential, or a key that one made, left something behind that outlives it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use evidence::{Change, IdentityKind};
use lineage::{Node, OriginKind};

use crate::artifact::{self, Grade};
use crate::chain::origin_of;
use crate::context::Context;
use crate::detector::{Detector, Found, Statement, confidence_of_path, finding};
use crate::finding::Severity;
use crate::habits::{Before, Novelty};
use crate::words;
use crate::workload;

pub(crate) static DETECTOR: Detector = Detector {
    id: "chain_to_persistence",
    title: "A temporary credential left something behind that outlives it",
    description: "Ties users, keys, passwords, policies, trust, functions and the other artifacts \
        of the catalogue to the lineage of the credential that made them, and follows keys that \
        were created. One finding for each first role of a lineage, or for the origin where no \
        role was assumed.",
    severity: "Weighs the hop (three or more: up to critical), what was left behind (access by \
        itself, wider access, help), an administrator's rights, trust for strangers, keys of \
        root, and whether this origin did this on earlier days. What gives access is lowered by \
        one step at most, however often it is done, and what is dangerous never folds away.",
    techniques: &[],
    false_positives: &[
        "Administrators and pipelines that create roles and users; day by day they fold into one line.",
    ],
    blind_spots: &[
        "Artifacts inside a workload, such as a changed container image.",
        "Data events, where the trail does not record them.",
    ],
    references: &[
        "https://attack.mitre.org/tactics/TA0003/",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html",
    ],
    emulation: &[
        "aws.persistence.iam-create-admin-user",
        "aws.persistence.iam-backdoor-role",
        "aws.persistence.rolesanywhere-create-trust-anchor",
    ],
    detect,
};

/// A change, who made it, and how grave that is.
struct Weighed<'a> {
    node: usize,
    change: &'a Change,
    severity: Severity,
    before: Before,
    is_habit: bool,
}

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    let mut trees: BTreeMap<usize, Vec<Weighed<'_>>> = BTreeMap::new();
    let mut workloads: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, changes) in &context.changes {
        let Some(node) = context.lineage.node(*index).filter(|node| node.is_from_temporary) else {
            continue;
        };
        let mut anchor = context.anchor_of(*index);
        // What a workload does by itself is one finding, whichever session did it.
        let origin = context.lineage.node(anchor).and_then(|node| node.origin.as_ref());
        if let Some(origin) = origin.filter(|origin| origin.is_workload) {
            anchor = *workloads.entry(&origin.identity).or_insert(anchor);
        }
        let weighed = changes.iter().map(|change| weigh(context, (*index, node), change));
        trees.entry(anchor).or_default().extend(weighed);
    }
    for (anchor, mut changes) in trees {
        changes.sort_by(|left, right| left.change.cmp(right.change));
        findings.extend(tree(context, anchor, &changes));
    }
}

fn weigh<'a>(
    context: &Context<'_>,
    (index, node): (usize, &Node<'_>),
    change: &'a Change,
) -> Weighed<'a> {
    let grade = artifact::words(change.artifact).1;
    let is_workload = context.origin_of(index).is_some_and(|(_, origin)| {
        matches!(
            origin.kind,
            OriginKind::Ec2Instance | OriginKind::LambdaFunction | OriginKind::EcsTask
        )
    });
    // A workload that does identity management by itself is as unusual as one more hop.
    let hop = node.hop + u32::from(is_workload);
    let base = match (hop, grade) {
        (3.., Grade::Strong) => Severity::Critical,
        (3.., Grade::Medium) | (2, Grade::Strong) => Severity::High,
        (3.., Grade::Weak) | (2, Grade::Medium) | (1, Grade::Strong) => Severity::Medium,
        (2, Grade::Weak) | (1, Grade::Medium) | (0, Grade::Strong) => Severity::Low,
        (1, Grade::Weak) | (0, Grade::Medium | Grade::Weak) => Severity::Informational,
    };
    // A key of root cannot be limited by any policy of its account.
    let is_by_root = grade == Grade::Strong && change.caller.kind == IdentityKind::Root;
    let danger = usize::from(artifact::is_dangerous(change, &context.accounts))
        + usize::from(is_by_root) * 2;
    let time = context.lineage.node(context.anchor_of(index)).and_then(Node::created);
    let before = context.habits.change(index, change, time.unwrap_or(change.event.event_time));
    let gives_access = grade == Grade::Strong || danger > 0;
    let novelty = if gives_access { before.novelty_of_access() } else { before.novelty() };
    let known = match novelty {
        // New users and keys are never quite a habit: each of them is access.
        Novelty::Habit if gives_access => 1,
        Novelty::Habit => 3,
        Novelty::Seen => 1,
        Novelty::Kin | Novelty::New | Novelty::Unjudged => 0,
    };
    let is_habit = novelty == Novelty::Habit && danger == 0;
    let severity = base.raised(danger).lowered(known);
    Weighed { node: index, change, severity, before, is_habit }
}

fn tree(context: &Context<'_>, anchor: usize, changes: &[Weighed<'_>]) -> Option<Found> {
    let gravest = changes.iter().rev().max_by_key(|weighed| weighed.severity)?;
    let at = gravest.node;
    let node = context.lineage.node(at)?;
    let hop_of =
        |weighed: &Weighed<'_>| context.lineage.node(weighed.node).map_or(0, |node| node.hop);
    let left_behind: Vec<_> = changes
        .iter()
        .map(|weighed| artifact::left_behind(weighed.change, hop_of(weighed), &context.accounts))
        .collect();
    let origin = origin_of(context, at);
    let from = format!("{} {}", words::kind_of_origin(origin.kind), words::name_of_origin(&origin));
    let is_habit = changes.iter().all(|weighed| weighed.is_habit);
    let calls = calls_of(changes);
    let who = words::name_of(node);
    let time = gravest.change.event.event_time;
    let behavior = workload::new_behavior(context, node.root, time);
    let behavior = behavior.map(|behavior| format!(" {}", behavior.sentence)).unwrap_or_default();
    let mut nodes = context.lineage.ancestry(at);
    nodes.extend(changes.iter().map(|weighed| weighed.node));
    let statement = Statement {
        severity: gravest.severity,
        confidence: confidence_of_path(context, at),
        title: format!("{} at hop {}", words::created(&left_behind), node.hop),
        reason: format!(
            "{} by {who}, {} from {from}: {calls}. {}{behavior}",
            words::count(changes.len(), "lasting change"),
            words::count(node.hop as usize, "hop"),
            novelty(gravest),
        ),
        left_behind,
        nodes,
        habit: is_habit.then(|| words::habit(context, at, &from)),
        ..Statement::default()
    };
    finding(&DETECTOR, context, (anchor, at), statement)
}

/// The calls of `changes`, each once.
fn calls_of(changes: &[Weighed<'_>]) -> String {
    let mut calls: Vec<&str> =
        changes.iter().map(|weighed| &*weighed.change.event.event_name).collect();
    calls.sort_unstable();
    calls.dedup();
    let shown: Vec<&str> = calls.iter().take(8).copied().collect();
    let rest = calls.len() - shown.len();
    let more =
        if rest > 0 { format!(" and {}", words::count(rest, "other call")) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

fn novelty(gravest: &Weighed<'_>) -> String {
    let call = &gravest.change.event.event_name;
    words::novelty(gravest.before, &format!("This origin called {call} on this path"))
}
