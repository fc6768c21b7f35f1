//! Findings of one origin become one incident.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lineage::OriginKind;

use crate::chain::{color_of, origin_of};
use crate::context::Context;
use crate::detector::Found;
use crate::draw;
use crate::finding::{Color, Finding, Incident, Severity};
use crate::identity;
use crate::timeline;
use crate::words;

/// Findings of one origin, and the nodes that they are about.
#[derive(Default)]
struct Group<'f> {
    findings: Vec<&'f Finding>,
    /// First nodes of the trees that the findings are about.
    anchors: Vec<usize>,
    roots: Vec<usize>,
}

/// One incident for each origin with findings, gravest first.
pub(crate) fn incidents(context: &Context<'_>, findings: &[Found]) -> Vec<Incident> {
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for Found { anchor, finding } in findings {
        let anchor = *anchor;
        let Some((root, origin)) = context.origin_of(anchor) else {
            continue;
        };
        let group = groups.entry(identity::of_origin(root, origin)).or_default();
        group.findings.push(finding);
        group.anchors.push(anchor);
        group.roots.push(root.root);
    }
    let mut incidents: Vec<Incident> = groups
        .into_iter()
        .filter_map(|(identity, group)| incident(context, &identity, group))
        .collect();
    incidents.sort_by(|left, right| {
        let rank =
            |incident: &Incident| (core::cmp::Reverse(incident.severity), incident.first_seen);
        rank(left).cmp(&rank(right)).then_with(|| left.id.cmp(&right.id))
    });
    incidents
}

fn incident(context: &Context<'_>, identity: &str, mut group: Group<'_>) -> Option<Incident> {
    group.anchors.sort_unstable();
    group.anchors.dedup();
    group.roots.sort_unstable();
    group.roots.dedup();
    let root = *group.roots.first()?;
    let severity = group.findings.iter().map(|finding| finding.severity).max()?;
    let members: Vec<usize> =
        group.roots.iter().flat_map(|root| context.lineage.descendants(*root)).collect();
    let nodes = members.iter().filter_map(|index| context.lineage.node(*index));
    let origin = origin_of(context, root);
    let habits: Vec<Option<&String>> =
        group.findings.iter().map(|finding| finding.habit.as_ref()).collect();
    let habit = habits
        .iter()
        .copied()
        .collect::<Option<Vec<_>>>()
        .map(|habits| habits.iter().min().map(ToString::to_string).unwrap_or_default());
    let anchors = if group.anchors.contains(&root) { &group.roots } else { &group.anchors };
    let (graph, drawn) = draw::graph(context, &group.roots, anchors);
    let (timeline, timeline_left_out) = timeline::of_nodes(context, &members, &drawn);
    Some(Incident {
        id: identity::id(&["incident", identity]),
        severity,
        title: title(&group, &origin.kind_and_name(), severity),
        origin,
        findings: group.findings.iter().map(|finding| finding.id.clone()).collect(),
        first_seen: group.findings.iter().map(|finding| finding.first_seen).min()?,
        last_seen: group.findings.iter().map(|finding| finding.last_seen).max()?,
        color: nodes.map(color_of).max().unwrap_or(Color::None),
        habit,
        graph,
        timeline,
        timeline_left_out,
    })
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

/// What happened, from the gravest findings: the chain, and what it left behind.
fn title(group: &Group<'_>, origin: &str, severity: Severity) -> String {
    let gravest = |detector: &str| {
        let mut of_detector = group.findings.iter().filter(|f| f.detector == detector);
        of_detector.next().map(|finding| finding.title.clone())
    };
    let chain = gravest("role_chaining");
    let left = gravest("chain_to_persistence").filter(|_| severity > Severity::Informational);
    let other = group.findings.first().map(|finding| finding.title.clone());
    let what = match (chain, left) {
        (Some(chain), Some(left)) => format!("{chain}; {left}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => other.unwrap_or_default(),
    };
    format!("{origin}: {what}")
}
