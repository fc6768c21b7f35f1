//! Draws an incident: from the origin through the roles to what was left behind.

mod labels;
mod leaves;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use evidence::ArtifactKind;
use lineage::{Node as Credential, OriginKind, Step};

use crate::chain::{color_of, confidence_of};
use crate::context::Context;
use crate::finding::Color;
use crate::graph::{Edge, EdgeKind, Graph, Node, NodeKind};
use crate::limits::{EXTENT_LEFT_MAX, GRAPH_NODES_MAX, GRAPH_WHOLE_MAX};

/// Names of the graph's nodes by the numbers of the credentials that they stand for.
type Drawn = BTreeMap<usize, String>;

/// How much of an incident is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Credentials.
    nodes: usize,
    /// Artifacts of one credential that are drawn one by one.
    artifacts: usize,
    /// Trees of one origin.
    pub(crate) trees: usize,
    /// Sessions at the first hop that led nowhere and are drawn all the same.
    plain: usize,
    /// Addresses of one credential.
    addresses: usize,
}

/// What a page or a terminal can show at once.
pub(crate) const PART: Room =
    Room { nodes: GRAPH_NODES_MAX, artifacts: 6, trees: 12, plain: 4, addresses: 2 };

/// Everything, for whoever can fold it as they like.
pub(crate) const WHOLE: Room = Room {
    nodes: GRAPH_WHOLE_MAX,
    artifacts: EXTENT_LEFT_MAX,
    trees: GRAPH_WHOLE_MAX,
    plain: GRAPH_WHOLE_MAX,
    addresses: 50,
};

/// What was drawn.
pub(crate) struct Picture {
    pub(crate) graph: Graph,
    pub(crate) drawn: Drawn,
    /// Whether something of the trees is not in it.
    pub(crate) is_cut: bool,
}

/// Addresses that credentials do not belong to, with what speaks against each in a word or two.
pub(crate) type ForeignAddresses = BTreeMap<String, &'static str>;

/// The graph of the trees below `anchors`, whose origins are `roots`, sorted, and which of its nodes
/// stands for which credential.
pub(crate) fn graph(
    context: &Context<'_>,
    roots: &[usize],
    anchors: &[usize],
    (foreign, room): (&ForeignAddresses, Room),
) -> Picture {
    let members = members(context, anchors);
    let shown = choose(context, &members, room);
    let mut canvas = Canvas {
        context,
        foreign,
        room,
        graph: Graph::default(),
        ranks: BTreeMap::new(),
        keys: BTreeSet::new(),
        drawn: Drawn::new(),
        addresses_known: BTreeMap::new(),
        hidden: 0,
        is_cut: false,
    };
    canvas.origins(roots);
    for index in shown.iter().filter(|index| roots.binary_search(index).is_err()) {
        canvas.credential(*index);
    }
    canvas.folded(&members, &shown);
    for index in &shown {
        canvas.artifacts(*index);
        canvas.addresses(*index);
    }
    canvas.finish()
}

/// The credentials on the way to `anchors` and below them, parents before children.
fn members(context: &Context<'_>, anchors: &[usize]) -> Vec<usize> {
    let mut members = Vec::new();
    let mut seen = BTreeSet::new();
    for anchor in anchors {
        let way = context.lineage.ancestry(*anchor);
        let tree = context.lineage.descendants(*anchor);
        members.extend(way.into_iter().chain(tree).filter(|index| seen.insert(*index)));
    }
    members
}

/// The members that are drawn: whoever left something behind or lies deepest, with everything on
/// the way there, then the others by time, until the picture is full.
fn choose(context: &Context<'_>, members: &[usize], room: Room) -> Vec<usize> {
    let mut order: Vec<usize> = members.to_vec();
    let weight = |index: &usize| {
        let node = context.lineage.node(*index);
        let leaves = !context.changes_of(*index).is_empty();
        let hop = node.map_or(0, |node| node.hop);
        (core::cmp::Reverse((leaves, hop)), node.and_then(Credential::created), *index)
    };
    order.sort_by_key(weight);
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    let mut n_plain = 0_usize;
    for index in order {
        if chosen.len() >= room.nodes {
            break;
        }
        let is_plain = context.changes_of(index).is_empty()
            && context.lineage.node(index).is_some_and(|node| color_of(node) == Color::None);
        if is_plain && !chosen.contains(&index) {
            n_plain += 1;
            if n_plain > room.plain && !chosen.is_empty() {
                continue;
            }
        }
        if chosen.is_empty() {
            // A way that is longer than the picture shows its begin.
            let way = context.lineage.ancestry(index);
            chosen.extend(way.into_iter().take(room.nodes));
        } else if let Some(fresh) = fresh_way(context, index, (&chosen, room)) {
            chosen.extend(fresh);
        }
    }
    members.iter().copied().filter(|index| chosen.contains(index)).collect()
}

/// The end of the way to `index` that is not chosen yet, if there is room for it.
///
/// Whatever is chosen has everything above it chosen too, so that the walk up can end there.
fn fresh_way(
    context: &Context<'_>,
    index: usize,
    (chosen, room): (&BTreeSet<usize>, Room),
) -> Option<Vec<usize>> {
    let room = room.nodes.saturating_sub(chosen.len());
    let mut way = Vec::new();
    let mut next = Some(index);
    while let Some(at) = next.filter(|at| !chosen.contains(at)) {
        if way.len() == room {
            return None;
        }
        way.push(at);
        next = context.lineage.node(at).and_then(|node| node.parent);
    }
    Some(way)
}

struct Canvas<'c, 'e> {
    context: &'c Context<'e>,
    foreign: &'c ForeignAddresses,
    room: Room,
    graph: Graph,
    /// Ranks of the nodes that are drawn, by name.
    ranks: BTreeMap<String, u32>,
    /// Long-term keys that are drawn.
    keys: BTreeSet<Arc<str>>,
    drawn: Drawn,
    /// Addresses of parents whose children are drawn.
    addresses_known: BTreeMap<usize, BTreeSet<&'c str>>,
    hidden: u64,
    /// Whether addresses were left out.
    is_cut: bool,
}

impl Canvas<'_, '_> {
    /// Draws the origin: one node for all sessions of a workload.
    fn origins(&mut self, roots: &[usize]) {
        let Some(first) = roots.first().copied() else {
            return;
        };
        let Some((root, origin)) = self.context.origin_of(first) else {
            return;
        };
        let (root, origin) = (root.clone(), origin.clone());
        let is_credential = matches!(
            origin.kind,
            OriginKind::IamUserAccessKey | OriginKind::ExternalAccount | OriginKind::Root
        );
        if is_credential {
            let node = labels::card_of(&root, labels::kind_of_root(origin.kind));
            self.add(first, node);
            return;
        }
        let source = Node {
            id: "origin".into(),
            kind: labels::kind_of_root(origin.kind),
            label: labels::label_of_origin(&origin, &root),
            subtitle: labels::subtitle_of_origin(origin.kind, &root),
            details: alloc::vec![("origin", origin.identity.clone())],
            color: Color::None,
            hop: 0,
            badge: None,
            rank: 0,
            first_seen: root.created(),
        };
        self.push(source);
        for index in roots {
            let Some(node) = self.context.lineage.node(*index).cloned() else {
                continue;
            };
            let mut card = labels::card_of(&node, NodeKind::RoleSession);
            card.rank = 1;
            let id = self.add(*index, card);
            self.edge(
                ("origin".into(), id),
                &node,
                EdgeKind::Issued,
                labels::label_of_issue(origin.kind),
            );
        }
    }

    fn add(&mut self, index: usize, node: Node) -> String {
        let id = node.id.clone();
        self.drawn.insert(index, id.clone());
        let credential = self.context.lineage.node(index).filter(|node| node.is_long_term());
        self.keys
            .extend(credential.into_iter().flat_map(|node| node.access_key_ids.iter().cloned()));
        self.push(node);
        id
    }

    fn push(&mut self, node: Node) {
        self.ranks.insert(node.id.clone(), node.rank);
        self.graph.nodes.push(node);
    }

    /// Draws a credential and the edge from its parent.
    fn credential(&mut self, index: usize) {
        let Some(node) = self.context.lineage.node(index).cloned() else {
            return;
        };
        let Some(parent) = node.parent.and_then(|parent| self.drawn.get(&parent)).cloned() else {
            return;
        };
        let is_key = node.is_long_term();
        let kind = if is_key { NodeKind::AccessKey } else { NodeKind::RoleSession };
        let mut card = labels::card_of(&node, kind);
        card.badge = is_key.then(|| "NEW".to_string());
        card.rank = self.rank(&parent) + 1;
        let owner = if is_key { self.owner(&parent, &node) } else { None };
        let from = owner.unwrap_or(parent);
        card.rank = card.rank.max(self.rank(&from) + 1);
        let id = self.add(index, card);
        let call = node.issued.as_ref().map(|issued| issued.issuance.event.event_name.to_string());
        let call = call.unwrap_or_default();
        let (kind, label) = match node.step {
            Step::Hop => (EdgeKind::AssumedRole, format!("{} · {call}", node.hop)),
            Step::Continues | Step::Origin if is_key => (EdgeKind::Created, call),
            Step::Continues | Step::Origin => (EdgeKind::Issued, call),
        };
        self.edge((from, id), &node, kind, &label);
    }

    /// The node of the user that a key was made for, drawn if the same lineage created the user.
    fn owner(&mut self, parent: &str, key: &Credential<'_>) -> Option<String> {
        let name = Arc::clone(&key.issued.as_ref()?.issuance.user_name);
        let maker = key.parent?;
        let made = self.context.changes_of(maker).iter().copied();
        let user = made
            .filter(|change| change.artifact == ArtifactKind::IamUser)
            .find(|change| change.name == name && !name.is_empty())?;
        Some(self.artifact(maker, parent, user))
    }

    fn rank(&self, id: &str) -> u32 {
        self.ranks.get(id).copied().unwrap_or_default()
    }

    fn edge(
        &mut self,
        (from, to): (String, String),
        node: &Credential<'_>,
        kind: EdgeKind,
        label: &str,
    ) {
        let event = node.issued.as_ref().map(|issued| &issued.issuance.event);
        let is_hop = kind == EdgeKind::AssumedRole || kind == EdgeKind::Created;
        self.graph.edges.push(Edge {
            from,
            to,
            kind,
            label: label.into(),
            hop: node.hop,
            color: if is_hop { color_of(node) } else { Color::None },
            event_id: event.and_then(evidence::EventRef::event_id_text),
            event_time: event.map(|event| event.event_time),
            confidence: confidence_of(node.join),
        });
    }

    fn finish(self) -> Picture {
        let Self { mut graph, drawn, hidden, is_cut, .. } = self;
        graph.folded = hidden;
        graph.nodes.sort_by(|left, right| {
            (left.rank, left.first_seen, &left.id).cmp(&(right.rank, right.first_seen, &right.id))
        });
        graph.edges.sort_by(|left, right| {
            (left.event_time, &left.from, &left.to).cmp(&(right.event_time, &right.from, &right.to))
        });
        Picture { graph, drawn, is_cut: is_cut || hidden > 0 }
    }
}
