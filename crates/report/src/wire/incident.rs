//! The written form of an incident and its graph.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Background, Line, Origin, Time, is_zero};
use crate::words;

/// An incident.
#[derive(Serialize)]
pub(crate) struct Incident<'a> {
    id: &'a str,
    severity: &'static str,
    color: &'static str,
    title: &'a str,
    origin: Origin<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<Background<'a>>,
    findings: &'a [String],
    first_seen: Time,
    last_seen: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    habit: Option<&'a str>,
    graph: Graph<'a>,
    timeline: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    timeline_left_out: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<respond::Plan>,
}

/// Nodes and edges.
#[derive(Serialize)]
pub(crate) struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    folded: u64,
}

#[derive(Serialize)]
struct Node<'a> {
    id: &'a str,
    kind: &'static str,
    label: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subtitle: &'a str,
    hop: u32,
    color: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<&'a str>,
    rank: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seen: Option<Time>,
    details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    name: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    kind: &'static str,
    label: &'a str,
    hop: u32,
    color: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_time: Option<Time>,
    confidence: &'static str,
}

impl<'a> Incident<'a> {
    /// The written form of `incident`, with the response that reaches as far as `extent`.
    pub(crate) fn of(incident: &'a detect::Incident, extent: Option<&detect::Extent>) -> Self {
        Self {
            id: &incident.id,
            severity: words::severity(incident.severity),
            color: words::color(incident.color),
            title: &incident.title,
            origin: Origin::of(&incident.origin),
            background: incident.background.as_ref().map(Background::of),
            findings: &incident.findings,
            first_seen: Time(incident.first_seen),
            last_seen: Time(incident.last_seen),
            habit: incident.habit.as_deref(),
            graph: Graph::of(&incident.graph),
            timeline: incident.timeline.iter().map(Line::of).collect(),
            timeline_left_out: incident.timeline_left_out,
            response: extent.map(|extent| respond::plan(incident, extent)),
        }
    }
}

impl<'a> Graph<'a> {
    /// The written form of `graph`.
    pub(crate) fn of(graph: &'a detect::Graph) -> Self {
        Self {
            nodes: graph.nodes.iter().map(Node::of).collect(),
            edges: graph.edges.iter().map(Edge::of).collect(),
            folded: graph.folded,
        }
    }
}

impl<'a> Node<'a> {
    fn of(node: &'a detect::Node) -> Self {
        let detail = |(name, value): &'a (&'static str, String)| Detail { name, value };
        Self {
            id: &node.id,
            kind: words::node_kind(node.kind),
            label: &node.label,
            subtitle: &node.subtitle,
            hop: node.hop,
            color: words::color(node.color),
            badge: node.badge.as_deref(),
            rank: node.rank,
            first_seen: node.first_seen.map(Time),
            details: node.details.iter().map(detail).collect(),
        }
    }
}

impl<'a> Edge<'a> {
    fn of(edge: &'a detect::Edge) -> Self {
        Self {
            from: &edge.from,
            to: &edge.to,
            kind: words::edge_kind(edge.kind),
            label: &edge.label,
            hop: edge.hop,
            color: words::color(edge.color),
            event_id: edge.event_id.as_deref(),
            event_time: edge.event_time.map(Time),
            confidence: words::confidence(edge.confidence),
        }
    }
}
