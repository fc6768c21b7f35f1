//! Roles were assumed in a row, two or more away from the first credential.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use lineage::{Node, OriginKind, Step};

use crate::artifact::{Grade, words as artifact_words};
use crate::attack;
use crate::chain::{color_of, origin_of};
use crate::context::Context;
use crate::detector::{Detector, Found, Statement, confidence_of_path, finding};
use crate::finding::{Color, Severity};
use crate::habits::{Before, Novelty};
use crate::settings::Accepted;
use crate::unusual::accepted;
use crate::words;
use crate::workload;

pub(crate) static DETECTOR: Detector = Detector {
    id: "role_chaining",
    title: "Roles were assumed in a row",
    description: "Counts the roles assumed from the first credential of a lineage on. The second \
        is orange, the third and later ones are red, and so is a session of root. One finding for \
        each first role whose tree goes on to a second one; what a created key does later belongs \
        to the same tree.",
    severity: "Orange begins at medium, red at high. Lowered when this origin walked this path on \
        earlier days, or one to roles whose names differ by a long number or an id alone, or when \
        four others of its kind, or two who signed in to the same role, walked it; to \
        informational and low when it is a habit of three days or more. Raised by an account \
        without logs here, by access that was left behind, and where a workload used a client \
        that no other session of its role uses. Where the logs begin too late to tell, days that \
        follow count as a habit too, unless access was left behind.",
    techniques: &[&attack::CLOUD_ACCOUNTS, &attack::APPLICATION_ACCESS_TOKEN],
    false_positives: &[
        "Deployment pipelines that go through a hub account: walked day by day, they fold into one line.",
        "A new pipeline in its first days.",
    ],
    blind_spots: &[
        "Roles assumed in accounts whose logs are not read.",
        "Roles assumed before the logs begin: the count is then a lower bound, and says so.",
    ],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html",
    ],
    emulation: &[],
    detect,
};

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    for (anchor, node) in context.lineage.nodes().iter().enumerate() {
        let is_root_session = node.step == Step::Origin && node.is_root_session;
        if is_root_session || (node.step == Step::Hop && node.calls == 1) {
            findings.extend(tree(context, anchor));
        }
    }
}

/// The finding about the tree below `anchor`, if it reaches a second role.
fn tree(context: &Context<'_>, anchor: usize) -> Option<Found> {
    let members: Vec<(usize, &Node<'_>)> = context
        .lineage
        .descendants(anchor)
        .into_iter()
        .filter_map(|index| Some((index, context.lineage.node(index)?)))
        .collect();
    let colored = |node: &Node<'_>| {
        let is_root_session = node.step == Step::Origin && node.is_root_session;
        (is_root_session || node.step == Step::Hop) && color_of(node) > Color::None
    };
    let hops: Vec<&(usize, &Node<'_>)> = members.iter().filter(|(_, node)| colored(node)).collect();
    let depth = hops.iter().map(|(_, node)| node.hop).max()?;
    let deepest = hops
        .iter()
        .filter(|(_, node)| node.hop == depth)
        .min_by_key(|(index, node)| (node.created(), *index))?;
    let (at, node) = **deepest;
    let begin = context.lineage.node(anchor)?.created();
    let start = begin.unwrap_or(context.span.0);
    // The tree is as new as its newest path.
    let newest = |(index, node): &&(usize, &Node<'_>)| {
        let before = context.trained_habits().path(*index, start);
        (rank(before.novelty()), node.hop, *index)
    };
    let (newest_index, _) = **hops.iter().max_by_key(|hop| newest(hop))?;
    let before = context.trained_habits().path(newest_index, start);
    let foreign = foreign_account(context, &members);
    let has_access = members.iter().any(|(index, _)| left_access(context, *index));
    let novelty = if has_access { before.novelty_of_access() } else { before.novelty() };
    let behavior = new_behavior(context, anchor);
    let is_strange = behavior.as_ref().is_some_and(|behavior| behavior.is_new_client);
    let weight = usize::from(foreign.is_some()) + usize::from(has_access) + usize::from(is_strange);
    let indexes: Vec<usize> = members.iter().map(|(index, _)| *index).collect();
    let accepted = begin.and_then(|begin| accepted(context, begin, anchor, &indexes));
    let severity = match accepted {
        Some(_) => Severity::Informational,
        None => severity(color_of(node), novelty, weight, has_access),
    };
    let accepted = accepted.map(Accepted::words).unwrap_or_default();
    let names: Vec<String> = words::role_names(context, at);
    let is_habit = novelty == Novelty::Habit && !has_access;
    let origin = origin_of(context, at);
    let from = format!("{} {}", words::kind_of_origin(origin.kind), words::name_of_origin(&origin));
    let habit = is_habit.then(|| words::habit(context, at, &from));
    let mut nodes: Vec<usize> = context.lineage.ancestry(at);
    nodes.extend(hops.iter().map(|(index, _)| *index));
    let statement = Statement {
        severity,
        confidence: confidence_of_path(context, at),
        title: title(context, at, &names),
        reason: reason(&from, node, before, (foreign, has_access, behavior)) + &accepted,
        left_behind: Vec::new(),
        nodes,
        habit,
        ..Statement::default()
    };
    finding(&DETECTOR, context, (anchor, at), statement)
}

const fn rank(novelty: Novelty) -> u8 {
    match novelty {
        Novelty::Habit => 0,
        Novelty::Seen => 1,
        Novelty::Kin => 2,
        Novelty::Unjudged => 3,
        Novelty::New => 4,
    }
}

/// What the workload whose session handed out `anchor` did before that its fellows never do.
fn new_behavior(context: &Context<'_>, anchor: usize) -> Option<workload::NewBehavior> {
    let node = context.lineage.node(anchor)?;
    workload::new_behavior(context, node.parent?, node.created()?)
}

/// Severity by color and novelty; `weight` is how many things make it graver.
fn severity(color: Color, novelty: Novelty, weight: usize, has_access: bool) -> Severity {
    let base = if color == Color::Red { Severity::High } else { Severity::Medium };
    match novelty {
        Novelty::Habit => base.lowered(2).raised(usize::from(has_access)),
        Novelty::Kin | Novelty::Seen => base.lowered(1).raised(weight),
        Novelty::New | Novelty::Unjudged => base.raised(weight),
    }
}

/// An account of the tree without logs here.
fn foreign_account(context: &Context<'_>, members: &[(usize, &Node<'_>)]) -> Option<String> {
    let caller = members.first().and_then(|(index, _)| context.origin_of(*index));
    let caller = caller.filter(|(_, origin)| origin.kind == OriginKind::ExternalAccount);
    let caller = caller.map(|(root, _)| &*root.account_id);
    let accounts = members.iter().filter_map(|(_, node)| Some(node.role()?.0)).chain(caller);
    accounts.filter(|account| !context.accounts.contains(*account)).min().map(String::from)
}

fn left_access(context: &Context<'_>, index: usize) -> bool {
    let changes = context.changes_of(index).iter();
    changes.map(|change| artifact_words(change.artifact).1).any(|grade| grade == Grade::Strong)
}

fn title(context: &Context<'_>, at: usize, names: &[String]) -> String {
    let node = context.lineage.node(at);
    let at_least = context.origin_of(at).is_some_and(|(_, origin)| origin.at_least);
    let bound = if at_least { "At least " } else { "" };
    let hops = node.map_or(0, |node| node.hop) as usize;
    if let Some(node) = node.filter(|node| node.is_root_session) {
        let way =
            if names.is_empty() { String::new() } else { format!(", by {}", words::path(names)) };
        return format!("A session of root was taken in account {}{way}", node.account_id);
    }
    format!("{bound}{} in a row: {}", words::count(hops, "role"), words::path(names))
}

fn reason(
    from: &str,
    node: &Node<'_>,
    before: Before,
    (foreign, has_access, behavior): (Option<String>, bool, Option<workload::NewBehavior>),
) -> String {
    let hops = words::count(node.hop as usize, "hop");
    let chained = words::count(node.chained_calls as usize, "chained call");
    let mut reason = format!("Beginning at {from}: {hops}, of which AWS counts {chained}. ");
    reason += &words::novelty(before, "This origin walked this path");
    if let Some(account) = foreign {
        reason.push_str(" No logs here of an account on the way: ");
        reason.push_str(&account);
        reason.push('.');
    }
    if has_access {
        reason += " Access was left behind on the way.";
    }
    if let Some(behavior) = behavior {
        reason.push(' ');
        reason += &behavior.sentence;
    }
    reason
}
