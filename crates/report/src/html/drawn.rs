//! The part of a graph that a picture draws: all of it, or its two ends with a gap between.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::cmp::Reverse;

use detect::{Edge, Graph, Node, NodeKind};

use crate::limits::{DRAWN_EDGES_MAX, DRAWN_IN_RANK_MAX, DRAWN_RANKS_MAX};

/// What a picture draws.
pub(super) struct Drawn<'a> {
    /// The nodes, by rank.
    pub(super) nodes: Vec<DrawnNode<'a>>,
    /// The edges between them.
    pub(super) edges: Vec<DrawnEdge<'a>>,
    /// Nodes of the graph that are not among them.
    pub(super) left_out: usize,
}

/// A card, and its column.
pub(super) struct DrawnNode<'a> {
    /// The node, or the nodes that a gap stands for.
    pub(super) what: What<'a>,
    /// Column, without gaps in the numbers.
    pub(super) rank: usize,
}

/// What a card stands for.
pub(super) enum What<'a> {
    /// Nodes that are not drawn.
    Gap(usize),
    /// A node.
    Node(&'a Node),
}

/// An edge between two cards, by their positions.
pub(super) struct DrawnEdge<'a> {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The edge, or nothing for one that leads into a gap or out of it.
    pub(super) edge: Option<&'a Edge>,
}

/// Columns that are drawn, and where the gap is.
struct Columns {
    column_of: BTreeMap<u32, usize>,
    gap: Option<usize>,
}

/// What a picture of `graph` draws.
pub(super) fn drawn(graph: &Graph) -> Drawn<'_> {
    let columns = columns(graph);
    let mut nodes = kept(graph, &columns);
    let left_out = graph.nodes.len() - nodes.len();
    let gap = columns.gap.map(|rank| {
        nodes.push(DrawnNode { what: What::Gap(left_out), rank });
        nodes.len() - 1
    });
    let edges = edges(graph, &nodes, gap);
    Drawn { nodes, edges, left_out }
}

fn columns(graph: &Graph) -> Columns {
    let ranks: BTreeSet<u32> = graph.nodes.iter().map(|node| node.rank).collect();
    if ranks.len() <= DRAWN_RANKS_MAX {
        return Columns { column_of: ranks.into_iter().zip(0..).collect(), gap: None };
    }
    let head = DRAWN_RANKS_MAX / 2;
    let tail = DRAWN_RANKS_MAX - head;
    let mut column_of: BTreeMap<u32, usize> = ranks.iter().copied().take(head).zip(0..).collect();
    column_of.extend(ranks.iter().copied().skip(ranks.len() - tail).zip(head + 1..));
    Columns { column_of, gap: Some(head) }
}

/// The nodes of the drawn columns, at most [`DRAWN_IN_RANK_MAX`] each.
fn kept<'a>(graph: &'a Graph, columns: &Columns) -> Vec<DrawnNode<'a>> {
    let mut by_column: BTreeMap<usize, Vec<(usize, &'a Node)>> = BTreeMap::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        if let Some(column) = columns.column_of.get(&node.rank) {
            by_column.entry(*column).or_default().push((at, node));
        }
    }
    let parents: BTreeSet<&str> = graph.edges.iter().map(|edge| edge.from.as_str()).collect();
    let mut kept = Vec::new();
    for (rank, mut nodes) in by_column {
        if nodes.len() > DRAWN_IN_RANK_MAX {
            nodes.sort_by_key(|(at, node)| (worth(node, &parents), *at));
            nodes.truncate(DRAWN_IN_RANK_MAX);
            nodes.sort_by_key(|(at, _)| *at);
        }
        kept.extend(nodes.into_iter().map(|(_, node)| DrawnNode { what: What::Node(node), rank }));
    }
    kept
}

/// What is drawn first where there is no room for all: deep hops, ways that go on, groups, which
/// stand for many, and things left behind.
fn worth(node: &Node, parents: &BTreeSet<&str>) -> impl Ord {
    let kind = match node.kind {
        NodeKind::Group => 0,
        NodeKind::Artifact => 1,
        NodeKind::AccessKey
        | NodeKind::Address
        | NodeKind::AwsService
        | NodeKind::Ec2Instance
        | NodeKind::ExternalAccount
        | NodeKind::IamUser
        | NodeKind::IdentityProvider
        | NodeKind::RoleSession
        | NodeKind::Unknown => 2,
    };
    (Reverse(node.color), !parents.contains(node.id.as_str()), kind)
}

fn edges<'a>(graph: &'a Graph, nodes: &[DrawnNode<'a>], gap: Option<usize>) -> Vec<DrawnEdge<'a>> {
    let position_of: BTreeMap<&str, usize> = nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| match node.what {
            What::Gap(_) => None,
            What::Node(node) => Some((node.id.as_str(), at)),
        })
        .collect();
    let mut edges = Vec::new();
    let mut to_gap = BTreeSet::new();
    for edge in &graph.edges {
        let from = position_of.get(edge.from.as_str()).copied();
        let to = position_of.get(edge.to.as_str()).copied();
        match (from, to, gap) {
            (Some(from), Some(to), _) => edges.push(DrawnEdge { from, to, edge: Some(edge) }),
            (Some(from), None, Some(gap)) => {
                to_gap.insert((from, gap));
            }
            (None, Some(to), Some(gap)) => {
                to_gap.insert((gap, to));
            }
            (_, _, _) => {}
        }
    }
    edges.truncate(DRAWN_EDGES_MAX);
    let ends = to_gap.into_iter().map(|(from, to)| DrawnEdge { from, to, edge: None });
    edges.extend(ends.take(DRAWN_EDGES_MAX));
    edges
}
