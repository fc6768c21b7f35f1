//! What hangs on the credentials of a picture: artifacts, groups and addresses.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{Change, Verb};

use super::Canvas;
use crate::artifact;
use crate::chain::color_of;
use crate::context::Context;
use crate::finding::{Color, Confidence};
use crate::graph::{Edge, EdgeKind, Node, NodeKind};
use crate::identity;
use crate::words;

impl Canvas<'_, '_> {
    /// Draws what a credential left behind: users, keys and the like one by one, the rest as a
    /// group.
    pub(super) fn artifacts(&mut self, index: usize) {
        let Some(parent) = self.drawn.get(&index).cloned() else {
            return;
        };
        let is_drawn_key = |change: &&Change| {
            let key = &change.access_key_id;
            !key.is_empty() && self.keys.contains(key)
        };
        let changes = self.context.changes_of(index).iter().copied();
        let mut changes: Vec<&Change> = changes.filter(|change| !is_drawn_key(change)).collect();
        changes.sort_by_key(|change| core::cmp::Reverse(artifact::words(change.artifact).1));
        let rest = changes.split_off(changes.len().min(self.room.artifacts));
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
    pub(super) fn artifact(&mut self, maker: usize, parent: &str, change: &Change) -> String {
        let (kind, name) = (artifact::kind_of(change), artifact::name_of(change));
        let id = identity::id(&["artifact", parent, kind, name]);
        if self.ranks.contains_key(&id) {
            return id;
        }
        let (color, hop) = self
            .context
            .lineage
            .node(maker)
            .map_or((Color::None, 0), |node| (color_of(node), node.hop));
        let (badge, verb, edge) = match change.verb {
            Verb::Created => ("NEW", "creates", EdgeKind::Created),
            Verb::Modified => ("MOD", "modifies", EdgeKind::Modified),
            Verb::Removed => ("DEL", "removes", EdgeKind::Modified),
        };
        let time = change.event.event_time;
        let key = Some(change.access_key_id.to_string()).filter(|key| !key.is_empty());
        self.push(Node {
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
        self.graph.edges.push(Edge {
            from: parent.into(),
            to: id.clone(),
            kind: edge,
            label: verb.into(),
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
        self.push(Node {
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
    pub(super) fn folded(&mut self, members: &[usize], shown: &[usize]) {
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
    pub(super) fn addresses(&mut self, index: usize) {
        let Some(from) = self.drawn.get(&index).cloned() else {
            return;
        };
        let Some(node) = self.context.lineage.node(index).cloned() else {
            return;
        };
        let own = addresses_of(self.context, index);
        // A parent may have thousands of children.
        let known = node.parent.map(|parent| {
            self.addresses_known.entry(parent).or_insert_with(|| addresses_of(self.context, parent))
        });
        let is_fresh = |address: &&&str| known.as_ref().is_none_or(|all| !all.contains(**address));
        // Where the credential does not belong comes first.
        let mut fresh: Vec<String> = own.iter().filter(is_fresh).map(ToString::to_string).collect();
        fresh.sort_by_key(|address| !self.foreign.contains_key(address));
        self.is_cut |= fresh.len() > self.room.addresses;
        fresh.truncate(self.room.addresses);
        for address in fresh {
            let foreign = self.foreign.get(&address).copied();
            let color = if foreign.is_some() { Color::Red } else { Color::None };
            let id = identity::id(&["address", &address]);
            if !self.ranks.contains_key(&id) {
                let rank = self.rank(&from) + 1;
                self.push(Node {
                    id: id.clone(),
                    kind: NodeKind::Address,
                    label: address,
                    subtitle: foreign.unwrap_or("address").into(),
                    details: Vec::new(),
                    color,
                    hop: 0,
                    badge: foreign.map(|_| "ELSEWHERE".into()),
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
                color,
                event_id: None,
                event_time: node.created(),
                confidence: Confidence::High,
            });
        }
    }
}

/// Addresses that a credential was used from directly.
fn addresses_of<'c>(context: &'c Context<'_>, index: usize) -> BTreeSet<&'c str> {
    let uses = context.uses_of(index).iter();
    let direct = uses.filter(|view| view.source.invoked_by.is_empty());
    let addresses = direct.map(|view| &**view.source.address);
    // A service's name is no address.
    addresses.filter(|address| !address.is_empty() && !address.contains(".amazonaws.com")).collect()
}
