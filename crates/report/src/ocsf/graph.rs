//! `attack_graph`: the picture of an incident.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::Incident;
use serde::Serialize;

use crate::fit::Cut;
use crate::wire::Time;
use crate::words;

/// Nodes and edges from the origin to what was left behind.
#[derive(Serialize)]
pub(super) struct Graph<'a> {
    uid: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: Cow<'a, str>,
    is_directed: bool,
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    uid: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    desc: Cow<'a, str>,
    data: NodeData<'a>,
}

#[derive(Serialize)]
struct NodeData<'a> {
    hop: u32,
    color: &'static str,
    rank: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seen: Option<Time>,
    details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    name: &'static str,
    value: Cow<'a, str>,
}

#[derive(Serialize)]
struct Edge<'a> {
    uid: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: Cow<'a, str>,
    source: Cow<'a, str>,
    target: Cow<'a, str>,
    relation: &'static str,
    is_directed: bool,
    data: EdgeData<'a>,
}

#[derive(Serialize)]
struct EdgeData<'a> {
    hop: u32,
    color: &'static str,
    confidence: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_time: Option<Time>,
}

impl<'a> Graph<'a> {
    /// The graph of `incident`, if there is one to draw. Its first nodes are written, and the
    /// edges between them.
    pub(super) fn of(incident: &'a Incident, cut: Cut) -> Option<Self> {
        let nodes: Vec<&detect::Node> = incident.graph.nodes.iter().take(cut.items()).collect();
        if nodes.is_empty() {
            return None;
        }
        let drawn: BTreeSet<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
        let is_drawn = |edge: &&detect::Edge| {
            drawn.contains(edge.from.as_str()) && drawn.contains(edge.to.as_str())
        };
        let edges = incident.graph.edges.iter().filter(is_drawn).take(cut.items());
        Some(Self {
            uid: cut.text(&incident.id),
            name: cut.text(&incident.title),
            is_directed: true,
            nodes: nodes.iter().map(|node| Node::of(node, cut)).collect(),
            edges: (1..).zip(edges).map(|(number, edge)| Edge::of(number, edge, cut)).collect(),
        })
    }
}

impl<'a> Node<'a> {
    fn of(node: &'a detect::Node, cut: Cut) -> Self {
        let details = node.details.iter().take(cut.items());
        Self {
            uid: cut.text(&node.id),
            name: cut.text(&node.label),
            kind: words::node_kind(node.kind),
            desc: cut.text(&node.subtitle),
            data: NodeData {
                hop: node.hop,
                color: words::color(node.color),
                rank: node.rank,
                badge: node.badge.as_deref().map(|badge| cut.text(badge)),
                first_seen: node.first_seen.map(Time),
                details: details
                    .map(|(name, value)| Detail { name, value: cut.text(value) })
                    .collect(),
            },
        }
    }
}

impl<'a> Edge<'a> {
    fn of(number: usize, edge: &'a detect::Edge, cut: Cut) -> Self {
        Self {
            uid: format!("e{number}"),
            name: cut.text(&edge.label),
            source: cut.text(&edge.from),
            target: cut.text(&edge.to),
            relation: words::edge_kind(edge.kind),
            is_directed: true,
            data: EdgeData {
                hop: edge.hop,
                color: words::color(edge.color),
                confidence: words::confidence(edge.confidence),
                event_id: edge.event_id.as_deref().map(|id| cut.text(id)),
                event_time: edge.event_time.map(Time),
            },
        }
    }
}
