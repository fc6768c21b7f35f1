//! Sentences that several detectors say.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cloudtrail::Arn;
use evidence::Count;
use lineage::{Node, OriginKind, Step};

use crate::context::Context;

use crate::finding::{LeftBehind, Origin};
use crate::habits::{Before, Novelty};
use crate::kin::SHARED_BY;

/// Names of roles that one sentence lists.
const ROLES_SHOWN: usize = 6;

/// `1 day`, `2 days`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `1 call`, `2 calls`, `about 2500 calls`.
pub(crate) fn counted(number: Count, noun: &str) -> String {
    let plural = if number == Count::exactly(1) { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Short name of a node: role, user or key.
pub(crate) fn name_of(node: &Node<'_>) -> String {
    if let Some((_, role)) = node.role() {
        return role.to_string();
    }
    let user = Arn::parse(&node.arn).map(|arn| arn.user_name().unwrap_or(arn.resource).to_string());
    let key = || node.access_key_ids.first().map(ToString::to_string);
    user.or_else(key).unwrap_or_else(|| node.principal_id().to_string())
}

/// Short name of an origin.
pub(crate) fn name_of_origin(origin: &Origin) -> String {
    let arn = origin.principal_arn.as_deref().and_then(Arn::parse);
    let session = arn.and_then(|arn| arn.role_session());
    let user = arn.and_then(|arn| arn.user_name());
    let subject = origin.subject.as_deref();
    let name = match origin.kind {
        OriginKind::Ec2Instance => origin.instance_id.as_deref(),
        OriginKind::IdentityCenter => session.map(|session| session.role_session_name),
        OriginKind::AwsService
        | OriginKind::EcsTask
        | OriginKind::ExternalAccount
        | OriginKind::LambdaFunction
        | OriginKind::Oidc
        | OriginKind::Saml => subject,
        OriginKind::Console
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::Root
        | OriginKind::Unknown => user,
    };
    let key = origin.access_key_id.as_deref();
    let resource = arn.map(|arn| arn.resource);
    name.or(resource).or(key).unwrap_or("a principal without a name").to_string()
}

/// Kind of an origin, as part of a sentence.
pub(crate) const fn kind_of_origin(kind: OriginKind) -> &'static str {
    match kind {
        OriginKind::AwsService => "the AWS service",
        OriginKind::Console => "the console session of",
        OriginKind::Ec2Instance => "the instance",
        OriginKind::EcsTask => "the ECS task",
        OriginKind::ExternalAccount => "a principal of account",
        OriginKind::FederationToken => "the federated user",
        OriginKind::IamUserAccessKey => "the long-term key of",
        OriginKind::IdentityCenter => "the Identity Center user",
        OriginKind::LambdaFunction => "the Lambda function",
        OriginKind::Oidc => "the web identity",
        OriginKind::Root => "the root user of",
        OriginKind::Saml => "the SAML user",
        OriginKind::Unknown => "an origin that is not in the logs,",
    }
}

/// `dev → staging → prod`, cut in the middle.
pub(crate) fn path(names: &[String]) -> String {
    if names.len() <= ROLES_SHOWN {
        return names.join(" → ");
    }
    let (head, tail) = (ROLES_SHOWN / 2, ROLES_SHOWN - ROLES_SHOWN / 2);
    let first: Vec<&str> = names.iter().take(head).map(String::as_str).collect();
    let last: Vec<&str> = names.iter().skip(names.len() - tail).map(String::as_str).collect();
    let left_out = names.len() - ROLES_SHOWN;
    format!("{} → … {left_out} more … → {}", first.join(" → "), last.join(" → "))
}

/// How often `what` was done before, in counts.
pub(crate) fn novelty(before: Before, what: &str) -> String {
    let history = count(before.history_days.unsigned_abs() as usize, "day");
    match before.novelty() {
        Novelty::Habit if before.days >= crate::habits::HABIT_DAYS => {
            let times = count(before.times, "time");
            format!("{what} before: {times} on {}.", count(before.days, "day"))
        }
        Novelty::Habit => {
            let days = count(before.days_ever, "day");
            format!("{what} on {days} of these logs, which begin only {history} before.")
        }
        Novelty::Seen => {
            let times = count(before.times, "time");
            format!("{what} before: {times} on {} in {history} of logs.", count(before.days, "day"))
        }
        Novelty::Kin => kin(before, what, &history),
        Novelty::New => format!("{what} never before in {history} of logs."),
        Novelty::Unjudged => {
            format!("Whether this is new cannot be told: the logs begin {history} before.")
        }
    }
}

/// What is much like what was never done before.
fn kin(before: Before, what: &str, history: &str) -> String {
    let like = if before.kin.days > 0 {
        let days = count(before.kin.days, "other day");
        format!("but on {days} with roles whose names differ by a number alone")
    } else if before.kin.fellows > 0 {
        // They are counted no further.
        let or_more = if before.kin.fellows >= SHARED_BY { " or more" } else { "" };
        let others = if before.kin.fellows == 1 { "other" } else { "others" };
        format!("but {}{or_more} {others} of the same role did", before.kin.fellows)
    } else {
        let others = before.kin.others;
        format!("but {others} or more others of its kind did")
    };
    format!("{what} never before in {history} of logs, {like}.")
}

/// The habit of walking the path to `index`: findings with the same text fold into one line.
///
/// `from` names the origin; of workloads and pipelines what stays the same from run to run does.
pub(crate) fn habit(context: &Context<'_>, index: usize, from: &str) -> String {
    let names = role_names(context, index);
    let what = if names.is_empty() { "lasting changes".into() } else { path(&names) };
    let origin = context.origin_of(index).map(|(_, origin)| origin);
    let runs_anew = |origin: &&lineage::Origin| {
        origin.is_workload || origin.kind == OriginKind::Oidc || origin.kind == OriginKind::Saml
    };
    match origin.filter(runs_anew) {
        Some(origin) => format!("{} {}: {what}", kind_of_origin(origin.kind), origin.habit),
        None => format!("{from}: {what}"),
    }
}

/// Names of the roles on the way to `index`, each once.
pub(crate) fn role_names(context: &Context<'_>, index: usize) -> Vec<String> {
    let nodes = context.lineage.ancestry(index);
    let nodes = nodes.iter().filter_map(|at| context.lineage.node(*at));
    let new_roles = nodes.filter(|node| node.step == Step::Hop && !node.is_refresh);
    new_roles.map(name_of).collect()
}

/// Names that one title lists.
const NAMES_SHOWN: usize = 2;

/// `creates user Bob, key AKIA… and 3 other lasting changes`: access first.
pub(crate) fn created(left_behind: &[LeftBehind]) -> String {
    let mut order: Vec<&LeftBehind> = left_behind.iter().collect();
    order.sort_by_key(|left| (!left.is_access, left.kind != "IAM user", left.kind != "access key"));
    let mut seen = BTreeSet::new();
    let mut names: Vec<String> = Vec::new();
    for left in order {
        let name = left.access_key_id.as_ref().unwrap_or(&left.name);
        if seen.insert((left.kind, name)) {
            names.push(format!("{} {name}", left.kind));
        }
    }
    let rest = names.len().saturating_sub(NAMES_SHOWN);
    names.truncate(NAMES_SHOWN);
    let more =
        if rest > 0 { format!(" and {}", count(rest, "other thing")) } else { String::new() };
    // A title of removals alone says so by its kinds.
    let is_removal = left_behind.iter().all(|left| left.kind.ends_with("removed"));
    let left = if is_removal { "" } else { " left behind" };
    format!("{}{more}{left}", names.join(", "))
}
