//! Findings of one origin become one incident.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use lineage::OriginKind;

use crate::chain::{color_of, origin_of};
use crate::context::Context;
use crate::detector::Found;
use crate::draw::{self, Picture};
use crate::finding::{Color, Incident, Severity};
use crate::graph::Graph;
use crate::identity;
use crate::timeline;
use crate::words;
use crate::workload;

/// Findings of one origin, gravest first, and the first nodes of their lineages.
#[derive(Default)]
struct Group<'f> {
    found: Vec<&'f Found>,
    roots: Vec<usize>,
}

/// One incident for each origin with findings, gravest first; with its whole graph where its own
/// is only a part of it.
pub(crate) fn incidents(
    context: &Context<'_>,
    findings: &[Found],
) -> Vec<(Incident, Option<Graph>)> {
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for found in findings {
        let Some((root, origin)) = context.origin_of(found.anchor) else {
            continue;
        };
        let group = groups.entry(identity::of_origin(root, origin)).or_default();
        group.found.push(found);
        group.roots.push(root.root);
    }
    let mut incidents: Vec<(Incident, Option<Graph>)> = groups
        .into_iter()
        .filter_map(|(identity, group)| incident(context, &identity, group))
        .collect();
    incidents.sort_by(|(left, _), (right, _)| left.rank().cmp(&right.rank()));
    incidents
}

fn incident(
    context: &Context<'_>,
    identity: &str,
    mut group: Group<'_>,
) -> Option<(Incident, Option<Graph>)> {
    group.roots.sort_unstable();
    group.roots.dedup();
    let findings = || group.found.iter().map(|found| &found.finding);
    let severity = findings().map(|finding| finding.severity).max()?;
    let all = anchors_to_draw(&group, severity);
    let anchors = all.get(..draw::PART.trees).unwrap_or(&all);
    let root = context.lineage.node(*anchors.first()?)?.root;
    let members: Vec<usize> =
        anchors.iter().flat_map(|anchor| tree_with_way(context, *anchor)).collect();
    let members: Vec<usize> = BTreeSet::from_iter(members).into_iter().collect();
    let origin = origin_of(context, root);
    let habits: Option<Vec<&String>> = findings().map(|finding| finding.habit.as_ref()).collect();
    let habit = habits.and_then(|habits| habits.into_iter().min().cloned());
    let foreign = foreign_addresses(&group);
    let draw = |anchors: &[usize], room| {
        draw::graph(context, &roots_of(context, anchors), anchors, (&foreign, room))
    };
    let Picture { graph, drawn, is_cut } = draw(anchors, draw::PART);
    let is_part = is_cut || all.len() > anchors.len();
    let is_wanted = context.settings.whole_graphs && is_part;
    let whole =
        is_wanted.then(|| draw(all.get(..draw::WHOLE.trees).unwrap_or(&all), draw::WHOLE).graph);
    let (timeline, timeline_left_out) = timeline::of_nodes(context, &members, &drawn);
    let nodes = members.iter().filter_map(|index| context.lineage.node(*index));
    let first_seen = findings().map(|finding| finding.first_seen).min()?;
    let last_seen = findings().map(|finding| finding.last_seen).max()?;
    let incident = Incident {
        id: identity::id(&["incident", identity]),
        severity,
        title: title(&group, &origin.kind_and_name(), severity),
        origin,
        findings: findings().map(|finding| finding.id.clone()).collect(),
        first_seen,
        last_seen,
        color: nodes.map(color_of).max().unwrap_or(Color::None),
        habit,
        background: workload::background(context, root, (first_seen, last_seen)),
        graph,
        timeline,
        timeline_left_out,
    };
    Some((incident, whole))
}

/// Addresses that the credentials of `group` do not belong to.
fn foreign_addresses(group: &Group<'_>) -> draw::ForeignAddresses {
    let told = group.found.iter().filter_map(|found| found.finding.elsewhere.as_ref());
    let mut addresses = draw::ForeignAddresses::new();
    for foreign in told.flat_map(|elsewhere| &elsewhere.foreign) {
        let what = match foreign.reasons.first().copied().unwrap_or_default() {
            "foreign_endpoint" => "through a foreign endpoint",
            "another_instance" => "another instance's address",
            "outside_aws" => "outside AWS",
            "elsewhere_in_aws" => "elsewhere in AWS",
            "after_termination" => "after the instance's end",
            "console_sign_in" => "console sign-in",
            "personal_client" => "a person's own client",
            _ => "not the workload's address",
        };
        if foreign.severity >= Severity::Medium {
            addresses.extend(foreign.place.addresses.iter().map(|one| (one.clone(), what)));
        }
    }
    addresses
}

/// The first nodes of the trees to draw, latest first: those of grave findings, without what the
/// same origin does day by day.
fn anchors_to_draw(group: &Group<'_>, severity: Severity) -> Vec<usize> {
    let is_grave = |found: &&&Found| {
        severity < Severity::Medium || found.finding.severity > Severity::Informational
    };
    let mut found: Vec<&&Found> = group.found.iter().filter(is_grave).collect();
    found.sort_by_key(|found| Reverse((found.finding.severity, found.finding.first_seen)));
    let anchors = found.into_iter().map(|found| found.anchor);
    let mut seen = BTreeSet::new();
    anchors.filter(|anchor| seen.insert(*anchor)).collect()
}

/// The origins of the trees below `anchors`.
fn roots_of(context: &Context<'_>, anchors: &[usize]) -> Vec<usize> {
    let roots = anchors.iter().filter_map(|anchor| Some(context.lineage.node(*anchor)?.root));
    roots.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The nodes on the way to `anchor`, and those below it.
fn tree_with_way(context: &Context<'_>, anchor: usize) -> Vec<usize> {
    let mut nodes = context.lineage.ancestry(anchor);
    nodes.pop();
    nodes.extend(context.lineage.descendants(anchor));
    nodes
}

impl crate::Origin {
    fn kind_and_name(&self) -> String {
        let name = words::name_of_origin(self);
        if self.kind == OriginKind::Unknown {
            return format!("{name} (origin not in the logs)");
        }
        name
    }
}

/// What happened, from the gravest finding: a chain together with what it left behind.
fn title(group: &Group<'_>, origin: &str, severity: Severity) -> String {
    let gravest =
        |detector: &str| group.found.iter().find(move |found| found.finding.detector == detector);
    let first = group.found.first();
    let chain = gravest("role_chaining").filter(|found| found.finding.severity == severity);
    let left = gravest("chain_to_persistence").filter(|found| found.finding.severity == severity);
    let what = match (chain, left) {
        (Some(chain), Some(left)) if chain.anchor == left.anchor => {
            format!("{}; {}", chain.finding.title, left.finding.title)
        }
        (_, Some(one)) | (Some(one), None) => one.finding.title.clone(),
        (None, None) => first.map(|found| found.finding.title.clone()).unwrap_or_default(),
    };
    if what.contains(origin) { what } else { format!("{origin}: {what}") }
}
