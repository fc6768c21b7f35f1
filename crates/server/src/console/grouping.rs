//! Folds a graph that is too large to be looked at into groups.
//!
//! What lies on an orange or red path is drawn, whatever its number, and so are origins; artifacts of
//! a chain have the color of their hop and lie on its path. Of the rest, nodes of one kind below one
//! drawn node become a group; where that leaves too many groups, coarser ones. The same graph gives the same
//! groups under the same names, so that a group can be asked for.

mod drawn;

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use super::documents::Picture;
use super::wire::{GraphBody, NodeBody};

/// Nodes and groups that are drawn, unless paths alone are more or somebody asks for more.
pub(super) const VISIBLE_MAX: usize = 60;

/// Nodes that one request more draws of a group.
const PAGE: usize = 25;

/// How often groups may be asked for: as many as the whole graph has pages.
const PAGES_MAX: usize = 1_000;

/// Nodes of a group that is drawn instead where there is room.
const SMALL: usize = 3;

/// Which groups are drawn in part: pages by the name of the group.
pub(super) type Expanded = BTreeMap<String, usize>;

/// What `expand` asks for: names with commas between, each perhaps with `:` and a number of pages.
pub(super) fn expanded(text: &str) -> Expanded {
    let mut expanded = Expanded::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (name, pages) = part.split_once(':').unwrap_or((part, "1"));
        let pages = pages.parse().unwrap_or(1).min(PAGES_MAX);
        expanded.insert(name.to_owned(), pages);
    }
    expanded
}

/// A group in the making.
#[derive(Debug)]
struct Group {
    name: String,
    /// Places of its nodes, in the order of the graph.
    members: Vec<usize>,
}

/// How a group is told from another one: coarser from step to step.
#[derive(Clone, Copy, Debug)]
enum Grain {
    /// By the drawn node above, kind and color.
    Fine,
    /// By the drawn node above.
    Above,
    /// By kind.
    Kind,
    /// All are one.
    All,
}

/// The graph with groups in the place of what does not fit.
pub(super) fn fold(picture: &Picture, expanded: &Expanded) -> GraphBody {
    let kept = kept(picture);
    let mut groups = if picture.nodes.len() <= VISIBLE_MAX.max(kept.len()) {
        Vec::new()
    } else {
        groups(picture, &kept)
    };
    make_room(&mut groups, kept.len());
    let mut pages: BTreeMap<String, usize> = BTreeMap::new();
    for group in &mut groups {
        let n_pages = expanded.get(&group.name).copied().unwrap_or_default();
        let rest = group.members.split_off(group.members.len().min(n_pages * PAGE));
        // A group of one would take as much room as what is in it.
        group.members = if rest.len() == 1 { Vec::new() } else { rest };
        pages.insert(group.name.clone(), n_pages);
    }
    groups.retain(|group| !group.members.is_empty());
    drawn::draw(picture, &groups, &pages)
}

/// Parents of nodes: where the first edge comes from that leads on.
fn parents(picture: &Picture) -> Vec<Option<usize>> {
    let places: BTreeMap<&str, usize> =
        picture.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
    let mut parents = vec![None; picture.nodes.len()];
    for edge in &picture.edges {
        let (Some(from), Some(to)) = (places.get(&*edge.from), places.get(&*edge.to)) else {
            continue;
        };
        let rank = |at: &usize| picture.nodes.get(*at).map(|node| node.rank);
        if let Some(parent @ None) = parents.get_mut(*to)
            && rank(from) < rank(to)
        {
            *parent = Some(*from);
        }
    }
    parents
}

/// Places of the nodes that are drawn whatever comes.
fn kept(picture: &Picture) -> BTreeSet<usize> {
    let is_kept = |node: &NodeBody| node.on_path || node.rank == 0;
    let nodes = (0..).zip(&picture.nodes);
    nodes.filter(|(_, node)| is_kept(node)).map(|(at, _)| at).collect()
}

/// Groups of everything that is not in `kept`, as fine as there is room for.
fn groups(picture: &Picture, kept: &BTreeSet<usize>) -> Vec<Group> {
    let parents = parents(picture);
    let room = VISIBLE_MAX.saturating_sub(kept.len()).max(1);
    let mut groups = Vec::new();
    for grain in [Grain::Fine, Grain::Above, Grain::Kind, Grain::All] {
        groups = grouped(picture, (kept, &parents), grain);
        if groups.len() <= room {
            break;
        }
    }
    groups
}

fn grouped(
    picture: &Picture,
    (kept, parents): (&BTreeSet<usize>, &[Option<usize>]),
    grain: Grain,
) -> Vec<Group> {
    let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    // Parents stand before their children, by rank.
    let mut heads: Vec<Option<usize>> = Vec::with_capacity(picture.nodes.len());
    for (at, node) in picture.nodes.iter().enumerate() {
        let above = parents.get(at).copied().flatten();
        let head = if kept.contains(&at) {
            Some(at)
        } else {
            above.and_then(|above| heads.get(above).copied().flatten())
        };
        heads.push(head);
        if kept.contains(&at) {
            continue;
        }
        let head = head.and_then(|head| picture.nodes.get(head)).map_or("", |head| &*head.id);
        let key = match grain {
            Grain::Fine => format!("{head}\n{}\n{:?}", node.kind, node.color),
            Grain::Above => format!("{head}\n"),
            Grain::Kind => format!("\n{}", node.kind),
            Grain::All => "\n".to_owned(),
        };
        members.entry(key).or_default().push(at);
    }
    let group = |(key, members): (String, Vec<usize>)| Group {
        name: format!("g{:016x}", xxh3_64(key.as_bytes())),
        members,
    };
    members.into_iter().map(group).collect()
}

/// Takes groups away whose nodes can be drawn: those of one, and the smallest where there is room.
fn make_room(groups: &mut Vec<Group>, n_kept: usize) {
    groups.sort_by(|left, right| {
        (left.members.len(), &left.name).cmp(&(right.members.len(), &right.name))
    });
    let mut n_visible = n_kept + groups.len();
    groups.retain(|group| {
        let size = group.members.len();
        let is_drawn = size == 1 || (size <= SMALL && n_visible - 1 + size <= VISIBLE_MAX);
        if is_drawn {
            n_visible = n_visible - 1 + size;
        }
        !is_drawn
    });
}

#[cfg(test)]
mod tests;
