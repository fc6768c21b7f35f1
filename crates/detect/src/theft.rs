//! The finding about a workload whose credentials were used elsewhere.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use evidence::{Change, EventRef};
use lineage::{Node, OriginKind};

use crate::artifact;
use crate::chain::origin_of;
use crate::context::Context;
use crate::detector::{Detector, Found, Statement, finding};
use crate::elsewhere::{Elsewhere, ForeignUse, HomeUse};
use crate::finding::{EvidenceEvent, LeftBehind, Severity};
use crate::identity;
use crate::words;
use crate::workload::{self, Foreign, Seen};

/// Calls that a sentence names.
const CALLS_SHOWN: usize = 5;

/// What was done next that a sentence names.
const NEXT_SHOWN: usize = 4;

/// The finding of `detector` about the workload of number `number`, if its credentials were used
/// elsewhere.
pub(crate) fn finding_of(
    detector: &'static Detector,
    context: &Context<'_>,
    number: usize,
) -> Option<Found> {
    let foreign = workload::foreign(context, &context.workloads, number);
    let gravest = foreign.iter().map(|one| one.severity).max()?;
    let at = foreign.first()?.calls.first()?.call.node;
    let anchor = context.lineage.node(at)?.root;
    let told = workload::elsewhere(context, number, &foreign);
    let next = Next::of(context, &foreign);
    let is_access = next.left_behind.iter().any(|left| left.is_access);
    let graves = foreign.iter().filter(|one| one.severity == gravest);
    let subject = context.origin_of(anchor).map(|(root, origin)| identity::of_origin(root, origin));
    let statement = Statement {
        severity: gravest.raised(usize::from(is_access && gravest >= Severity::High)),
        confidence: graves.map(|one| one.confidence).max()?,
        title: title(context, anchor, &told, gravest),
        reason: reason(context, anchor, &told, &next),
        left_behind: next.left_behind,
        nodes: nodes(&foreign),
        habit: None,
        events: events(&foreign),
        subject,
        elsewhere: Some(told),
    };
    finding(detector, context, (anchor, at), statement)
}

/// The sessions whose keys were used elsewhere.
fn nodes(foreign: &[Foreign<'_>]) -> Vec<usize> {
    let calls = foreign.iter().flat_map(|one| &one.calls);
    calls.map(|seen| seen.call.node).collect::<BTreeSet<usize>>().into_iter().collect()
}

/// The calls from elsewhere as evidence.
fn events(foreign: &[Foreign<'_>]) -> Vec<EvidenceEvent> {
    let calls = foreign.iter().flat_map(|one| &one.calls);
    calls
        .map(|seen| EvidenceEvent {
            event_time: seen.call.first,
            ..EvidenceEvent::of_use(&seen.view)
        })
        .collect()
}

/// What came of the calls from elsewhere.
struct Next {
    roles: Vec<String>,
    left_behind: Vec<LeftBehind>,
}

/// What tells the calls of somebody else from the workload's own: key, address and call.
#[derive(Eq, Ord, PartialEq, PartialOrd)]
struct Mark<'a>(&'a str, &'a str, &'a str);

impl<'a> Mark<'a> {
    fn of_seen(seen: &'a Seen<'_>) -> Self {
        Self(seen.key(), seen.view.source.address, seen.view.event_name)
    }

    fn of_event(event: &'a EventRef, key: &'a str) -> Self {
        Self(key, &event.source_ip_address, &event.event_name)
    }
}

impl Next {
    fn of(context: &Context<'_>, foreign: &[Foreign<'_>]) -> Self {
        let grave = foreign.iter().filter(|one| one.severity >= Severity::Medium);
        let calls: BTreeSet<Mark<'_>> =
            grave.clone().flat_map(|one| &one.calls).map(Mark::of_seen).collect();
        let begin = grave.map(Foreign::first).min();
        let is_theirs = |event: &EventRef, key: &str| {
            begin.is_some_and(|begin| begin <= event.event_time)
                && calls.contains(&Mark::of_event(event, key))
        };
        let mut next = Self { roles: Vec::new(), left_behind: Vec::new() };
        for index in nodes(foreign) {
            next.add(context, index, |change| {
                is_theirs(&change.event, &change.caller.access_key_id)
            });
            let children = context.lineage.node(index).map(|node| node.children.as_slice());
            let taken = children.unwrap_or_default().iter().filter_map(|child| {
                let node = context.lineage.node(*child)?;
                let issuance = node.issued.as_ref()?.issuance;
                is_theirs(&issuance.event, &issuance.caller.access_key_id).then_some((*child, node))
            });
            for (child, node) in taken {
                next.roles.extend(node.role().map(|(_, role)| role.to_string()));
                for below in context.lineage.descendants(child) {
                    next.add(context, below, |_| true);
                }
            }
        }
        next.left_behind.sort_by(|left, right| {
            (left.event_time, &left.event_id).cmp(&(right.event_time, &right.event_id))
        });
        next
    }

    /// Adds what the node of number `index` left behind, as far as it `is_theirs`.
    fn add(&mut self, context: &Context<'_>, index: usize, is_theirs: impl Fn(&Change) -> bool) {
        let hop = context.lineage.node(index).map_or(0, |node| node.hop);
        let changes = context.changes_of(index).iter();
        let changes = changes.filter(|change| is_theirs(change));
        let left = changes.map(|change| artifact::left_behind(change, hop, &context.accounts));
        self.left_behind.extend(left);
    }

    fn sentence(&self) -> Option<String> {
        let roles = self.roles.iter().map(|role| format!("assumed role {role}"));
        let mut done: Vec<String> = Vec::new();
        let left = self
            .left_behind
            .iter()
            .map(|left| format!("called {} ({})", left.event_name, left.name));
        for one in roles.chain(left) {
            if !done.contains(&one) {
                done.push(one);
            }
        }
        let rest = done.len().saturating_sub(NEXT_SHOWN);
        done.truncate(NEXT_SHOWN);
        let more = if rest > 0 {
            format!(" and {}", words::count(rest, "other thing"))
        } else {
            String::new()
        };
        (!done.is_empty()).then(|| format!("From there it {}{more}.", done.join(", ")))
    }
}

fn subject_of(context: &Context<'_>, anchor: usize) -> String {
    let origin = origin_of(context, anchor);
    let kind = match origin.kind {
        OriginKind::Ec2Instance => "instance",
        OriginKind::EcsTask => "ECS task",
        OriginKind::LambdaFunction => "Lambda function",
        OriginKind::Oidc | OriginKind::AwsService => "pod",
        OriginKind::Console
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::IdentityCenter
        | OriginKind::Root
        | OriginKind::Saml
        | OriginKind::Unknown => "workload",
    };
    let name = words::name_of_origin(&origin);
    // `arn:aws:lambda:us-east-1:444455556666:function:orders`.
    let name = name.split_once(":function:").map_or(&*name, |(_, function)| function);
    format!("{kind} {name}")
}

fn title(context: &Context<'_>, anchor: usize, told: &Elsewhere, gravest: Severity) -> String {
    let subject = subject_of(context, anchor);
    let graves: Vec<&ForeignUse> =
        told.foreign.iter().filter(|one| one.severity == gravest).collect();
    let Some(first) = graves.first() else {
        return format!("Credentials of {subject} used elsewhere");
    };
    let more = match graves.len() - 1 {
        0 => String::new(),
        more => format!(" and {}", words::count(more, "other place")),
    };
    format!("Credentials of {subject} {}{more}{}", used_from(first), instead_of(told, first))
}

/// ` instead of 203.0.113.22`, where the place is an address and so is the home.
fn instead_of(told: &Elsewhere, foreign: &ForeignUse) -> String {
    let is_address = |vpc_endpoint_id: &Option<Arc<str>>| vpc_endpoint_id.is_none();
    let homes = told.home.iter().filter(|home| is_address(&home.place.vpc_endpoint_id));
    let main = homes.max_by_key(|home| (home.calls, core::cmp::Reverse(home.first_seen)));
    let main = main.filter(|home| home.place.name() != foreign.place.name());
    match main.filter(|_| is_address(&foreign.place.vpc_endpoint_id)) {
        Some(home) if home.basis == "learned" => {
            format!(", and not from {} as most of its sessions", home.place.name())
        }
        Some(home) => format!(", instead of {}", home.place.name()),
        None => String::new(),
    }
}

/// `used from 198.51.100.7, outside AWS`.
fn used_from(foreign: &ForeignUse) -> String {
    let place = foreign.place.name();
    let has = |reason: &str| foreign.reasons.contains(&reason);
    if has("console_sign_in") {
        return format!("used to sign in to the console from {place}");
    }
    if foreign.place.vpc_endpoint_id.is_some() {
        return format!("used through {place}");
    }
    let how = if has("outside_aws") {
        ", outside AWS"
    } else if has("another_instance") {
        ", another instance's address"
    } else if has("elsewhere_in_aws") {
        ", elsewhere in AWS"
    } else if has("after_termination") {
        " after its termination"
    } else {
        ""
    };
    if has("personal_client") && how.is_empty() && foreign.reasons.len() == 1 {
        return format!("used by {}", foreign.clients.join(", "));
    }
    format!("used from {place}{how}")
}

fn reason(context: &Context<'_>, anchor: usize, told: &Elsewhere, next: &Next) -> String {
    let mut said = alloc::vec![issued(context, anchor, told)];
    let mut foreign: Vec<&ForeignUse> = told.foreign.iter().collect();
    foreign.sort_by_key(|one| (core::cmp::Reverse(one.severity), one.first_seen));
    for (position, one) in foreign.iter().enumerate() {
        said.push(use_in_words(one));
        if position == 0 {
            said.extend(one.because.iter().cloned());
            said.extend(one.ruled_out.iter().cloned());
        }
    }
    said.extend(next.sentence());
    said.join(" ")
}

/// To what the credentials were issued, and where its calls come from.
fn issued(context: &Context<'_>, anchor: usize, told: &Elsewhere) -> String {
    let subject = subject_of(context, anchor);
    let role = context.lineage.node(anchor).and_then(Node::role);
    let role = role.map(|(account, role)| format!(" with role {role} of account {account}"));
    let head = format!("Issued to {subject}{}", role.unwrap_or_default());
    let homes: Vec<String> = told
        .home
        .iter()
        .take(CALLS_SHOWN)
        .map(|home: &HomeUse| format!("{} ({})", home.place.name(), home.because))
        .collect();
    if homes.is_empty() {
        return format!("{head}; where its own calls come from is not known.");
    }
    format!("{head}, whose calls come from {}.", homes.join(", "))
}

fn use_in_words(foreign: &ForeignUse) -> String {
    let mut names: Vec<&str> = Vec::new();
    for action in &foreign.actions {
        if !names.contains(&&*action.event_name) {
            names.push(&action.event_name);
        }
    }
    let rest = names.len().saturating_sub(CALLS_SHOWN);
    names.truncate(CALLS_SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let calls = words::counted(foreign.calls, "call");
    let clients = foreign.clients.join(", ");
    let locality = foreign.locality.as_ref().map(|locality| {
        let parts = locality.network_owner.iter().chain(&locality.country);
        format!(" ({})", parts.cloned().collect::<Vec<_>>().join(", "))
    });
    format!(
        "Used from {}{} between {} and {} by {clients}: {calls} ({}{more}).",
        foreign.place.name(),
        locality.unwrap_or_default(),
        foreign.first_seen,
        foreign.last_seen,
        names.join(", "),
    )
}
