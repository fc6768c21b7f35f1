//! What is unusual, in words and counts.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::{Arn, Timestamp};
use evidence::UseView;

use super::bits::BIT;
use super::feature::{Category, Group};
use super::population::{Seen, since};
use super::reading::Reading;
use super::session::Unit;
use super::weigh::{Line, Part, RARE, Weighed};
use crate::chain::{arn_of, key_of, origin_of};
use crate::context::{Context, order};
use crate::finding::EvidenceEvent;
use crate::settings::Accepted;
use crate::words;

/// Names that one line lists.
const NAMES_SHOWN: usize = 4;

/// Examples of one unusual thing.
const EXAMPLES: usize = 3;

/// Lines that a reason has.
const LINES_SHOWN: usize = 8;

/// The words of a finding.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) reason: String,
    pub(crate) events: Vec<EvidenceEvent>,
    /// Fewest sessions that anything rare is compared with.
    pub(crate) compared_with: u32,
}

/// The words for `weighed`, which is what is unusual about `unit`.
pub(crate) fn told(
    context: &Context<'_>,
    reading: &Reading<'_>,
    unit: &Unit,
    weighed: &Weighed,
) -> Told {
    let name = |part: &Part| name(context, reading, part);
    let known = context.habits.known_since(unit.head).unwrap_or(context.span.0);
    let days = unit.day - since(unit.day).max(known.day());
    let lines = weighed.lines.iter().take(LINES_SHOWN);
    let sentences: Vec<String> = lines.map(|line| sentence(line, &name, days)).collect();
    let rest = weighed.lines.len().saturating_sub(LINES_SHOWN);
    let more = if rest > 0 {
        format!(" And {}.", words::count(rest, "other thing"))
    } else {
        String::new()
    };
    let reason = format!("{}{more} {} {}", sentences.join(" "), sum(weighed), normal(weighed));
    let compared = weighed.lines.iter().flat_map(|line| &line.parts);
    let rare = compared.filter(|part| part.surprise >= RARE);
    let sizes = rare.filter_map(|part| {
        [part.own, part.role, part.everyone].into_iter().flatten().map(|seen| seen.of).max()
    });
    Told {
        title: title(context, unit, weighed, &name),
        reason,
        events: examples(context, reading, unit, weighed),
        compared_with: sizes.min().unwrap_or_default(),
    }
}

fn title(
    context: &Context<'_>,
    unit: &Unit,
    weighed: &Weighed,
    name: &dyn Fn(&Part) -> String,
) -> String {
    let who = context.lineage.node(unit.head).map(words::name_of).unwrap_or_default();
    let rare = weighed.lines.iter().filter(|line| line.surprise >= RARE);
    let named: Vec<String> = rare.filter_map(|line| line.parts.iter().map(name).min()).collect();
    let shown: Vec<&str> = named.iter().take(2).map(String::as_str).collect();
    let rest = named.len().saturating_sub(shown.len());
    let more = if rest > 0 {
        format!(" and {}", words::count(rest, "other thing"))
    } else {
        String::new()
    };
    format!("Unusual for {who}: {}{more}", shown.join(", "))
}

/// What one thing is called.
fn name(context: &Context<'_>, reading: &Reading<'_>, part: &Part) -> String {
    let node = context.lineage.node(part.node);
    let role = || node.map(words::name_of).unwrap_or_default();
    let actor = || {
        let origin = origin_of(context, part.node);
        format!("{} {}", words::kind_of_origin(origin.kind), words::name_of_origin(&origin))
    };
    match part.feature.category {
        Category::Access => format!("the role {} taken by {}", role(), actor()),
        Category::Origin => format!("the role {} handed to {}", role(), actor()),
        Category::Account
        | Category::Call
        | Category::Calls
        | Category::Client
        | Category::Denied
        | Category::Denials
        | Category::Hours
        | Category::Network
        | Category::Programs
        | Category::Region
        | Category::Regions
        | Category::Roles
        | Category::Secret
        | Category::Secrets
        | Category::Service
        | Category::Services
        | Category::Stranger => reading.words(part.feature).unwrap_or_default(),
    }
}

/// `The network 198.51.100.0/24: seen in 0 of 62 sessions of this origin, …`.
fn sentence(line: &Line, name: &dyn Fn(&Part) -> String, days: i64) -> String {
    let names: BTreeSet<String> = line.parts.iter().map(name).collect();
    let n_names = names.len();
    let shown: Vec<String> = names.into_iter().take(NAMES_SHOWN).collect();
    let rest = n_names - shown.len() + line.n_others;
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let counts = line.parts.iter().map(|part| seen(line.category, part)).min().unwrap_or_default();
    let each = if n_names > 1 { "each seen" } else { "seen" };
    let mut names = shown.join(", ");
    if let Some(first) = names.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let days = words::count(days.unsigned_abs() as usize, "day");
    format!("{names}{more}: {each} {counts} in {days} ({}).", bits(line.surprise))
}

/// `in 0 of 1240 sessions of this role, in 2 of 18000 of its peers`.
fn seen(category: Category, part: &Part) -> String {
    let own = if category == Category::Access {
        "roles that this origin took"
    } else {
        "sessions of this origin"
    };
    let known = [
        (part.own, own),
        (part.role, "sessions of this role"),
        (part.peers, "sessions of its peers"),
        (part.everyone, "sessions of its kind"),
    ];
    let told = |(seen, of): (Option<Seen>, &str)| {
        let seen = seen?;
        Some(format!("in {} of {} {of}", seen.with, seen.of))
    };
    let told: Vec<String> = known.into_iter().filter_map(told).collect();
    told.join(", ")
}

/// How the parts add up.
fn sum(weighed: &Weighed) -> String {
    let part = |(group, comes_to): &(Group, u32)| {
        let what = match group {
            Group::Path => "access that the origin never had, twice",
            Group::Secrets => "secrets that were read, twice",
            Group::Who => "who acts",
            Group::What => "what is done",
            Group::Burst if weighed.is_storm() => "how much was denied at once, twice",
            Group::Burst => "how much at once",
        };
        format!("{what} {}", bits(*comes_to))
    };
    let parts: Vec<String> = weighed.groups.iter().map(part).collect();
    format!("Together {}: {}.", bits(weighed.score), parts.join(", "))
}

/// What would have made it normal.
fn normal(weighed: &Weighed) -> String {
    let sizes = weighed.lines.iter().filter(|line| line.surprise >= RARE);
    let largest = sizes
        .flat_map(|line| &line.parts)
        .filter_map(|part| part.own.or(part.role).or(part.everyone).map(|seen| seen.of))
        .max()
        .unwrap_or_default();
    let sessions = words::count(largest.div_ceil(32).max(2) as usize, "session");
    format!(
        "It would be normal had each been seen on earlier days in {sessions} that nobody doubts, \
         or did a person accept it."
    )
}

/// `6.2 bits`.
pub(crate) fn bits(surprise: u32) -> String {
    format!("{}.{} bits", surprise / BIT, surprise % BIT * 10 / BIT)
}

/// Examples of everything that is unusual.
fn examples(
    context: &Context<'_>,
    reading: &Reading<'_>,
    unit: &Unit,
    weighed: &Weighed,
) -> Vec<EvidenceEvent> {
    let mut events = Vec::new();
    for part in weighed.lines.iter().flat_map(|line| &line.parts) {
        let mut found: Vec<UseView<'_>> = context
            .numbered_rows_of(part.node)
            .filter(|(_, row)| !unit.is_daily || row.is_on(unit.day))
            .filter(|(_, row)| reading.shows(*row, part.feature))
            .filter_map(|(number, _)| context.evidence().usage(number))
            .collect();
        found.sort_by(|left, right| order(left).cmp(&order(right)));
        events.extend(found.iter().take(EXAMPLES).map(EvidenceEvent::of_use));
    }
    events
}

/// The decision of a person that covers what began at `begin`: the origin of `head`, and every
/// role that was taken to get to `nodes`.
pub(crate) fn accepted<'e>(
    context: &Context<'e>,
    begin: Timestamp,
    head: usize,
    nodes: &[usize],
) -> Option<&'e Accepted> {
    if context.settings.accepted.is_empty() {
        return None;
    }
    let (root, origin) = context.origin_of(head)?;
    let texts = [key_of(root), arn_of(root), origin.instance_id.clone(), origin.subject.clone()];
    let names = texts.iter().flatten().map(|text| &**text).chain([origin.habit.as_str()]);
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    let taken = nodes.iter().filter_map(|index| context.lineage.node(*index));
    let roles: Vec<(&str, &str)> =
        taken.filter(|node| node.hop > 0).filter_map(lineage::Node::role).collect();
    context.settings.accepted.iter().find(|one| {
        let is_path = |role| one.path.is_empty() || one.path.iter().any(|name| is_role(name, role));
        begin < one.expires
            && names.contains(&&*one.origin)
            && roles.iter().all(|role| is_path(*role))
    })
}

/// Whether `name` is the name of a role or its ARN, with or without a path.
fn is_role(name: &str, (account_id, role): (&str, &str)) -> bool {
    let is_arn = |arn: Arn<'_>| arn.account_id == account_id && arn.role_name() == Some(role);
    name == role || Arn::parse(name).is_some_and(is_arn)
}
