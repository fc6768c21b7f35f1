//! Draws an incident: from the origin through the roles to what was left behind.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{ArtifactKind, Change, Verb};
use lineage::{Node as Credential, OriginKind, Step};

use crate::artifact;
use crate::chain::{arn_of, color_of, confidence_of, key_of};
use crate::context::Context;
use crate::finding::{Color, Confidence};
use crate::graph::{Edge, EdgeKind, Graph, Node, NodeKind};
use crate::limits::GRAPH_NODES_MAX;
use crate::words;

/// Names of the graph's nodes by the numbers of the credentials that they stand for.
type Drawn = BTreeMap<usize, String>;

/// Artifacts of one credential that are drawn one by one.
const ARTIFACTS_SHOWN: usize = 6;

/// Addresses of one credential that are drawn.
const ADDRESSES_SHOWN: usize = 2;

/// The graph of the trees below `anchors`, whose origins are `roots`, and which of its nodes
/// stands for which credential.
pub(crate) fn graph(context: &Context<'_>, roots: &[usize], anchors: &[usize]) -> (Graph, Drawn) {
    let members = members(context, anchors);
    let shown = choose(context, &members);
    let mut canvas = Canvas { context, graph: Graph::default(), drawn: Drawn::new(), hidden: 0 };
    canvas.origins(roots);
    for index in shown.iter().filter(|index| !roots.contains(index)) {
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
fn choose(context: &Context<'_>, members: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = members.to_vec();
    let weight = |index: &usize| {
        let node = context.lineage.node(*index);
        let leaves = !context.changes_of(*index).is_empty();
        let hop = node.map_or(0, |node| node.hop);
        (core::cmp::Reverse((leaves, hop)), node.and_then(Credential::created), *index)
    };
    order.sort_by_key(weight);
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    for index in order {
        let way = context.lineage.ancestry(index);
        let fresh = way.iter().filter(|at| !chosen.contains(at)).count();
        if chosen.is_empty() || chosen.len() + fresh <= GRAPH_NODES_MAX {
            // A way that is longer than the picture shows its begin.
            chosen.extend(way.into_iter().take(GRAPH_NODES_MAX));
        }
    }
    members.iter().copied().filter(|index| chosen.contains(index)).collect()
}

struct Canvas<'c, 'e> {
    context: &'c Context<'e>,
    graph: Graph,
    drawn: Drawn,
    hidden: u64,
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
            let node = Self::node_of(first, &root, kind_of_root(origin.kind));
            self.add(first, node);
            return;
        }
        let source = Node {
            id: "origin".into(),
            kind: kind_of_root(origin.kind),
            label: label_of_origin(&origin, &root),
            subtitle: subtitle_of_origin(origin.kind, &root),
            details: alloc::vec![("origin", origin.identity.clone())],
            color: Color::None,
            hop: 0,
            badge: None,
            rank: 0,
            first_seen: root.created(),
        };
        self.graph.nodes.push(source);
        for index in roots {
            let Some(node) = self.context.lineage.node(*index).cloned() else {
                continue;
            };
            let mut card = Self::node_of(*index, &node, NodeKind::RoleSession);
            card.rank = 1;
            let id = self.add(*index, card);
            self.edge(("origin".into(), id), &node, EdgeKind::Issued, label_of_issue(origin.kind));
        }
    }

    fn add(&mut self, index: usize, node: Node) -> String {
        let id = node.id.clone();
        self.drawn.insert(index, id.clone());
        self.graph.nodes.push(node);
        id
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
        let mut card = Self::node_of(index, &node, kind);
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
        self.graph.nodes.iter().find(|node| node.id == id).map_or(0, |node| node.rank)
    }

    fn node_of(index: usize, node: &Credential<'_>, kind: NodeKind) -> Node {
        let key = key_of(node);
        let mut details: Vec<(&'static str, String)> = Vec::new();
        details.extend(arn_of(node).map(|arn| ("ARN", arn.to_string())));
        details.extend(node.access_key_ids.iter().take(10).map(|key| ("key", key.to_string())));
        details.extend(node.created().map(|time| ("issued", time.to_string())));
        let session = node.role_session_name().map(ToString::to_string);
        let is_key = kind == NodeKind::AccessKey;
        let owner = words::name_of(node);
        let label = match &key {
            Some(key) if is_key => key.to_string(),
            Some(_) | None => owner.clone(),
        };
        let parts = [
            if is_key { Some(owner) } else { session },
            key.filter(|_| !is_key).map(|key| key.to_string()),
            Some(node.account_id.to_string()).filter(|account| !account.is_empty()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        Node {
            id: format!("n{index}"),
            kind,
            label,
            subtitle: parts.join(" · "),
            details,
            color: color_of(node),
            hop: node.hop,
            badge: None,
            rank: 0,
            first_seen: node.created(),
        }
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

    /// Draws what a credential left behind: users, keys and the like one by one, the rest as a
    /// group.
    fn artifacts(&mut self, index: usize) {
        let Some(parent) = self.drawn.get(&index).cloned() else {
            return;
        };
        let is_drawn_key = |change: &&Change| {
            let key = &change.access_key_id;
            self.drawn.keys().any(|at| {
                self.context.lineage.node(*at).is_some_and(|node| {
                    !key.is_empty() && node.is_long_term() && node.access_key_ids.contains(key)
                })
            })
        };
        let changes = self.context.changes_of(index).iter().copied();
        let mut changes: Vec<&Change> = changes.filter(|change| !is_drawn_key(change)).collect();
        changes.sort_by_key(|change| core::cmp::Reverse(artifact::words(change.artifact).1));
        let rest = changes.split_off(changes.len().min(ARTIFACTS_SHOWN));
        for change in changes {
            self.artifact(index, &parent, change);
        }
        if let (Some(first), Some(last)) = (rest.first(), rest.last()) {
            let label = format!("{} more changes", rest.len());
            let times = (first.event.event_time, last.event.event_time);
            self.group((format!("{parent}-more"), &parent), (label, rest.len()), times);
        }
    }

    /// Draws one artifact, once however often it was changed.
    fn artifact(&mut self, maker: usize, parent: &str, change: &Change) -> String {
        let (kind, _) = artifact::words(change.artifact);
        let name = if change.name.is_empty() { &change.detail } else { &change.name };
        let id = format!("a{maker}-{kind}-{name}");
        if self.graph.nodes.iter().any(|node| node.id == id) {
            return id;
        }
        let (color, hop) = self
            .context
            .lineage
            .node(maker)
            .map_or((Color::None, 0), |node| (color_of(node), node.hop));
        let badge = if change.verb == Verb::Created { "NEW" } else { "MOD" };
        let time = change.event.event_time;
        let key = Some(change.access_key_id.to_string()).filter(|key| !key.is_empty());
        self.graph.nodes.push(Node {
            id: id.clone(),
            kind: NodeKind::Artifact,
            label: key.unwrap_or_else(|| name.to_string()),
            subtitle: format!("{kind} · {}", change.event.event_name),
            details: alloc::vec![
                ("account", artifact::account_of(change).to_string()),
                ("time", time.to_string())
            ],
            color,
            hop,
            badge: Some(badge.into()),
            rank: self.rank(parent) + 1,
            first_seen: Some(time),
        });
        let is_new = change.verb == Verb::Created;
        self.graph.edges.push(Edge {
            from: parent.into(),
            to: id.clone(),
            kind: if is_new { EdgeKind::Created } else { EdgeKind::Modified },
            label: if is_new { "creates" } else { "modifies" }.into(),
            hop,
            color,
            event_id: change.event.event_id_text(),
            event_time: Some(time),
            confidence: Confidence::High,
        });
        id
    }

    fn group(
        &mut self,
        (id, parent): (String, &str),
        (label, count): (String, usize),
        (first, last): (Timestamp, Timestamp),
    ) {
        self.hidden += count as u64;
        let rank = self.rank(parent) + 1;
        self.graph.nodes.push(Node {
            id: id.clone(),
            kind: NodeKind::Group,
            label,
            subtitle: format!("{first} to {last}"),
            details: Vec::new(),
            color: Color::None,
            hop: 0,
            badge: Some(count.to_string()),
            rank,
            first_seen: Some(first),
        });
        self.graph.edges.push(Edge {
            from: parent.into(),
            to: id,
            kind: EdgeKind::Issued,
            label: String::new(),
            hop: 0,
            color: Color::None,
            event_id: None,
            event_time: Some(first),
            confidence: Confidence::High,
        });
    }

    /// Draws one group for the credentials below each drawn one that are not drawn themselves.
    fn folded(&mut self, members: &[usize], shown: &[usize]) {
        let shown: BTreeSet<usize> = shown.iter().copied().collect();
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut head_of: BTreeMap<usize, usize> = BTreeMap::new();
        for index in members.iter().filter(|index| !shown.contains(index)) {
            let Some(parent) = self.context.lineage.node(*index).and_then(|node| node.parent)
            else {
                continue;
            };
            let head = head_of.get(&parent).copied().unwrap_or(parent);
            head_of.insert(*index, head);
            groups.entry(head).or_default().push(*index);
        }
        for (head, hidden) in groups {
            let Some(parent) = self.drawn.get(&head).cloned() else {
                continue;
            };
            let times =
                hidden.iter().filter_map(|index| self.context.lineage.node(*index)?.created());
            let times: Vec<Timestamp> = times.collect();
            let first = times.iter().min().copied().unwrap_or_default();
            let last = times.iter().max().copied().unwrap_or_default();
            let label = words::count(hidden.len(), "more session");
            self.group(
                (format!("{parent}-sessions"), &parent),
                (label, hidden.len()),
                (first, last),
            );
        }
    }

    /// Draws addresses that a credential was used from and its parent was not.
    fn addresses(&mut self, index: usize) {
        let Some(from) = self.drawn.get(&index).cloned() else {
            return;
        };
        let Some(node) = self.context.lineage.node(index).cloned() else {
            return;
        };
        let known: BTreeSet<&str> =
            node.parent.map(|parent| addresses_of(self.context, parent)).unwrap_or_default();
        let own = addresses_of(self.context, index);
        let fresh: Vec<String> =
            own.difference(&known).take(ADDRESSES_SHOWN).map(ToString::to_string).collect();
        for address in fresh {
            let id = format!("ip-{address}");
            if !self.graph.nodes.iter().any(|node| node.id == id) {
                let rank = self.rank(&from) + 1;
                self.graph.nodes.push(Node {
                    id: id.clone(),
                    kind: NodeKind::Address,
                    label: address,
                    subtitle: "address".into(),
                    details: Vec::new(),
                    color: Color::None,
                    hop: 0,
                    badge: None,
                    rank,
                    first_seen: node.created(),
                });
            }
            self.graph.edges.push(Edge {
                from: from.clone(),
                to: id,
                kind: EdgeKind::UsedFrom,
                label: "used from".into(),
                hop: node.hop,
                color: Color::None,
                event_id: None,
                event_time: node.created(),
                confidence: Confidence::High,
            });
        }
    }

    fn finish(self) -> (Graph, Drawn) {
        let Self { mut graph, drawn, hidden, .. } = self;
        graph.folded = hidden;
        graph.nodes.sort_by(|left, right| {
            (left.rank, left.first_seen, &left.id).cmp(&(right.rank, right.first_seen, &right.id))
        });
        graph.edges.sort_by(|left, right| {
            (left.event_time, &left.from, &left.to).cmp(&(right.event_time, &right.from, &right.to))
        });
        (graph, drawn)
    }
}

/// Addresses that a credential was used from directly.
fn addresses_of<'c>(context: &'c Context<'_>, index: usize) -> BTreeSet<&'c str> {
    let uses = context.uses_of(index).iter();
    let direct = uses.filter(|view| view.source.invoked_by.is_empty());
    let addresses = direct.map(|view| &*view.source.address);
    // A service's name is no address.
    addresses.filter(|address| !address.is_empty() && !address.contains(".amazonaws.com")).collect()
}

const fn kind_of_root(kind: OriginKind) -> NodeKind {
    match kind {
        OriginKind::AwsService | OriginKind::EcsTask | OriginKind::LambdaFunction => {
            NodeKind::AwsService
        }
        OriginKind::Console | OriginKind::FederationToken | OriginKind::Root => NodeKind::IamUser,
        OriginKind::Ec2Instance => NodeKind::Ec2Instance,
        OriginKind::ExternalAccount => NodeKind::ExternalAccount,
        OriginKind::IamUserAccessKey => NodeKind::AccessKey,
        OriginKind::IdentityCenter | OriginKind::Oidc | OriginKind::Saml => {
            NodeKind::IdentityProvider
        }
        OriginKind::Unknown => NodeKind::Unknown,
    }
}

fn label_of_origin(origin: &lineage::Origin, root: &Credential<'_>) -> String {
    let named = origin.instance_id.as_deref().or(origin.subject.as_deref());
    match origin.kind {
        OriginKind::Unknown => "Origin not in the logs".into(),
        OriginKind::Console => words::name_of(root),
        OriginKind::AwsService
        | OriginKind::Ec2Instance
        | OriginKind::EcsTask
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::IdentityCenter
        | OriginKind::LambdaFunction
        | OriginKind::Oidc
        | OriginKind::Root
        | OriginKind::Saml => named.map_or_else(|| words::name_of(root), ToString::to_string),
    }
}

fn subtitle_of_origin(kind: OriginKind, root: &Credential<'_>) -> String {
    let what = match kind {
        OriginKind::AwsService => "AWS service",
        OriginKind::Console => "console sign-in",
        OriginKind::Ec2Instance => "EC2 instance",
        OriginKind::EcsTask => "ECS task",
        OriginKind::ExternalAccount => "not in these logs",
        OriginKind::FederationToken => "federated user",
        OriginKind::IamUserAccessKey => "long-term key",
        OriginKind::IdentityCenter => "Identity Center",
        OriginKind::LambdaFunction => "Lambda function",
        OriginKind::Oidc => "web identity",
        OriginKind::Root => "root user",
        OriginKind::Saml => "SAML",
        OriginKind::Unknown => "its issuance was not delivered",
    };
    format!("{what} · {}", root.account_id)
}

const fn label_of_issue(kind: OriginKind) -> &'static str {
    match kind {
        OriginKind::Ec2Instance => "instance profile",
        OriginKind::IdentityCenter | OriginKind::Oidc | OriginKind::Saml => "federates",
        OriginKind::Unknown => "not logged",
        OriginKind::Console => "signs in",
        OriginKind::AwsService
        | OriginKind::EcsTask
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::LambdaFunction
        | OriginKind::Root => "issues",
    }
}
