//! A graph in which groups stand for their nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::Group;
use crate::console::documents::Picture;
use crate::console::wire::{EdgeBody, GraphBody, GroupBody, Hidden, NodeBody};

/// Draws `picture`; of each group, `pages` were drawn already.
pub(super) fn draw(
    picture: &Picture,
    groups: &[Group],
    pages: &BTreeMap<String, usize>,
) -> GraphBody {
    let mut stands_for: BTreeMap<&str, &str> = BTreeMap::new();
    let mut hidden = Hidden {
        groups: groups.len() as u64,
        of_nodes: picture.nodes.len() as u64,
        left_out: picture.left_out,
        ..Hidden::default()
    };
    let mut nodes: Vec<NodeBody> = Vec::new();
    for group in groups {
        let members: Vec<&NodeBody> =
            group.members.iter().filter_map(|at| picture.nodes.get(*at)).collect();
        hidden.nodes += members.len() as u64;
        stands_for.extend(members.iter().map(|node| (node.id.as_str(), group.name.as_str())));
        let n_pages = pages.get(&group.name).copied().unwrap_or_default();
        nodes.push(card(group, &members, n_pages));
    }
    let visible = picture.nodes.iter().filter(|node| !stands_for.contains_key(node.id.as_str()));
    nodes.extend(visible.cloned());
    nodes.sort_by(|left, right| {
        (left.rank, &left.first_seen, &left.id).cmp(&(right.rank, &right.first_seen, &right.id))
    });
    let edges = edges(picture, &stands_for);
    hidden.edges = picture.edges.len().saturating_sub(edges.len()) as u64;
    GraphBody { nodes, edges, hidden }
}

fn card(group: &Group, members: &[&NodeBody], n_pages: usize) -> NodeBody {
    let kinds: BTreeSet<&str> = members.iter().map(|node| node.kind.as_str()).collect();
    let of = match kinds.iter().next() {
        Some(kind) if kinds.len() == 1 => (*kind).to_owned(),
        Some(_) | None => "mixed".to_owned(),
    };
    let times = || members.iter().filter_map(|node| node.first_seen.as_deref());
    let (first, last) = (times().min(), times().max());
    let accounts: BTreeSet<&str> =
        members.iter().filter_map(|node| node.account.as_deref()).collect();
    let account = accounts.iter().next().filter(|_| accounts.len() == 1);
    let finding_ids: BTreeSet<&String> =
        members.iter().flat_map(|node| &node.finding_ids).collect();
    NodeBody {
        id: group.name.clone(),
        kind: "group".to_owned(),
        label: format!("{} {}", members.len(), plural(&of)),
        sublabel: match (first, last) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            (None | Some(_), None) | (None, Some(_)) => String::new(),
        },
        color: members.iter().map(|node| node.color).max().unwrap_or_default(),
        hop: members.iter().map(|node| node.hop).max().unwrap_or_default(),
        badge: None,
        rank: members.iter().map(|node| node.rank).min().unwrap_or_default(),
        first_seen: first.map(str::to_owned),
        account: account.map(|account| (*account).to_owned()),
        on_path: false,
        finding_ids: finding_ids.into_iter().cloned().collect(),
        group: Some(GroupBody {
            size: members.len() as u64,
            of,
            can_expand: true,
            expand: format!("{}:{}", group.name, n_pages + 1),
        }),
    }
}

fn plural(kind: &str) -> &str {
    match kind {
        "access_key" => "access keys",
        "address" => "addresses",
        "artifact" => "things left behind",
        "role_session" => "sessions",
        _ => "nodes",
    }
}

/// Edges between what is drawn; those to or from a group become one.
fn edges(picture: &Picture, stands_for: &BTreeMap<&str, &str>) -> Vec<EdgeBody> {
    let mut drawn = Vec::new();
    let mut merged: BTreeMap<(&str, &str), Vec<&EdgeBody>> = BTreeMap::new();
    for edge in &picture.edges {
        let from = stands_for.get(edge.from.as_str()).copied();
        let to = stands_for.get(edge.to.as_str()).copied();
        if from.is_none() && to.is_none() {
            drawn.push(edge.clone());
            continue;
        }
        let (from, to) = (from.unwrap_or(&edge.from), to.unwrap_or(&edge.to));
        if from != to {
            merged.entry((from, to)).or_default().push(edge);
        }
    }
    for ((from, to), edges) in merged {
        let gravest = edges.iter().max_by_key(|edge| (edge.color, edge.hop));
        let kinds: BTreeSet<&str> = edges.iter().map(|edge| edge.kind.as_str()).collect();
        let is_one = edges.len() == 1;
        let Some(gravest) = gravest else {
            continue;
        };
        drawn.push(EdgeBody {
            id: format!("{from}-{to}"),
            from: from.to_owned(),
            to: to.to_owned(),
            kind: if kinds.len() == 1 { gravest.kind.clone() } else { "issued".to_owned() },
            label: if is_one { gravest.label.clone() } else { format!("×{}", edges.len()) },
            event_id: gravest.event_id.clone().filter(|_| is_one),
            event_time: edges.iter().filter_map(|edge| edge.event_time.clone()).min(),
            count: Some(edges.len() as u64),
            ..(*gravest).clone()
        });
    }
    drawn.sort_by(|left, right| {
        (&left.event_time, &left.from, &left.to, &left.id).cmp(&(
            &right.event_time,
            &right.from,
            &right.to,
            &right.id,
        ))
    });
    drawn
}
