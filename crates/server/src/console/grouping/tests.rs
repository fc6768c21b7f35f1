//! Laws of grouping, on graphs that nobody has chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::{Expanded, VISIBLE_MAX, expanded, fold, kept};
use crate::console::documents::Picture;
use crate::console::wire::{ColorBody, EdgeBody, GraphBody, NodeBody};

/// Numbers that look random, and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

const KINDS: [&str; 4] = ["role_session", "address", "artifact", "access_key"];

/// A tree of `size` nodes, of which about one in `one_in` is orange or red, with some edges more.
fn picture(seed: u64, size: u64, one_in: u64) -> Picture {
    let mut numbers = Numbers(seed);
    let mut picture = Picture::default();
    for at in 0..size {
        let parent = (at > 0).then(|| numbers.below(at.min(40)));
        let rank = parent.map_or(0, |parent| picture.nodes[parent as usize].rank + 1);
        let is_colored = at > 0 && numbers.below(one_in) == 0;
        let color = if is_colored { ColorBody::Red } else { ColorBody::None };
        picture.nodes.push(NodeBody {
            id: format!("n{at}"),
            kind: KINDS[numbers.below(4) as usize].to_owned(),
            color,
            rank,
            hop: rank,
            first_seen: Some(format!("2026-01-01T00:{:02}:00Z", numbers.below(60))),
            ..NodeBody::default()
        });
        let more = (at > 1 && numbers.below(9) == 0).then(|| numbers.below(at));
        for from in parent.into_iter().chain(more) {
            let number = picture.edges.len();
            picture.edges.push(EdgeBody {
                id: format!("e{number}"),
                from: format!("n{from}"),
                to: format!("n{at}"),
                kind: "assumed_role".to_owned(),
                color,
                ..EdgeBody::default()
            });
        }
    }
    crate::console::documents::mark_paths(&mut picture.nodes, &picture.edges);
    picture.nodes.sort_by(|left, right| {
        (left.rank, &left.first_seen, &left.id).cmp(&(right.rank, &right.first_seen, &right.id))
    });
    picture
}

fn pictures() -> Vec<Picture> {
    let sizes = [1, 5, 59, 60, 61, 62, 150, 700, 3_000];
    let one_in = [2, 7, 50, 100_000];
    let all = sizes.into_iter().flat_map(|size| one_in.map(|one_in| (size, one_in)));
    (1..).zip(all).map(|(seed, (size, one_in))| picture(seed, size, one_in)).collect()
}

/// How many nodes each group says that it has in it, and what is drawn beside groups.
fn parts(drawn: &GraphBody) -> (BTreeMap<&str, u64>, BTreeSet<&str>) {
    let of_group = |node: &NodeBody| node.group.as_ref().map(|group| group.size);
    let groups = drawn.nodes.iter().filter_map(|node| Some((&*node.id, of_group(node)?)));
    let plain = drawn.nodes.iter().filter(|node| node.group.is_none()).map(|node| &*node.id);
    (groups.collect(), plain.collect())
}

#[test]
fn every_node_is_drawn_or_in_exactly_one_group() {
    for picture in pictures() {
        let drawn = fold(&picture, &Expanded::new());
        let (groups, plain) = parts(&drawn);
        let n_hidden: u64 = groups.values().sum();
        assert_eq!(plain.len() as u64 + n_hidden, picture.nodes.len() as u64);
        assert_eq!((drawn.hidden.nodes, drawn.hidden.groups), (n_hidden, groups.len() as u64));
        let ids: BTreeSet<&str> = picture.nodes.iter().map(|node| &*node.id).collect();
        assert!(plain.is_subset(&ids));
        assert_eq!(plain.len() + groups.len(), drawn.nodes.len(), "a name stands once");
    }
}

#[test]
fn paths_and_origins_are_drawn() {
    for picture in pictures() {
        let drawn = fold(&picture, &Expanded::new());
        let (_, plain) = parts(&drawn);
        let mut on_path = picture.nodes.iter().filter(|node| node.on_path || node.rank == 0);
        assert!(on_path.all(|node| plain.contains(&*node.id)));
        let lines: BTreeSet<&str> = drawn.edges.iter().map(|edge| &*edge.id).collect();
        let mut colored = picture.edges.iter().filter(|edge| edge.color != ColorBody::None);
        assert!(colored.all(|edge| lines.contains(&*edge.id)), "and so is every link of a path");
        let mut groups = drawn.nodes.iter().filter(|node| node.group.is_some());
        assert!(groups.all(|group| !group.on_path && group.color == ColorBody::None));
    }
}

#[test]
fn a_graph_of_thousands_of_orange_nodes_keeps_all_of_them() {
    let mut picture = picture(5, 6_000, 100_000);
    for node in picture.nodes.iter_mut().skip(50).take(5_000) {
        node.color = ColorBody::Orange;
    }
    crate::console::documents::mark_paths(&mut picture.nodes, &picture.edges);
    let drawn = fold(&picture, &Expanded::new());
    let orange = drawn.nodes.iter().filter(|node| node.color == ColorBody::Orange);
    assert_eq!(orange.count(), 5_000);
    let n_path = picture.nodes.iter().filter(|node| node.on_path).count() as u64;
    assert_eq!((drawn.hidden.nodes, drawn.hidden.groups), (6_000 - n_path, 1), "the rest is one");
}

#[test]
fn no_more_is_drawn_than_can_be_looked_at() {
    for picture in pictures() {
        let n_kept = kept(&picture).len();
        let drawn = fold(&picture, &Expanded::new());
        let most = VISIBLE_MAX.max(n_kept + 1);
        assert!(drawn.nodes.len() <= most, "{} of {most}", drawn.nodes.len());
    }
}

#[test]
fn edges_lead_from_and_to_what_is_drawn() {
    for picture in pictures() {
        let drawn = fold(&picture, &Expanded::new());
        let ids: BTreeSet<&str> = drawn.nodes.iter().map(|node| &*node.id).collect();
        for edge in &drawn.edges {
            assert!(ids.contains(&*edge.from) && ids.contains(&*edge.to) && edge.from != edge.to);
        }
        let names: BTreeSet<&str> = drawn.edges.iter().map(|edge| &*edge.id).collect();
        assert_eq!(names.len(), drawn.edges.len());
        let n_hidden = (picture.edges.len() - drawn.edges.len()) as u64;
        assert_eq!(drawn.hidden.edges, n_hidden);
    }
}

#[test]
fn the_same_graph_gives_the_same_picture() {
    for picture in pictures() {
        let first = fold(&picture, &Expanded::new());
        let again = fold(&picture.clone(), &Expanded::new());
        assert_eq!((first.nodes, first.edges), (again.nodes, again.edges));
    }
}

#[test]
fn a_group_opens_by_pages_until_nothing_is_left_in_it() {
    let picture = picture(3, 700, 50);
    let closed = fold(&picture, &Expanded::new());
    let group =
        closed.nodes.iter().find(|node| node.group.as_ref().is_some_and(|group| group.size > 60));
    let mut asked = group.unwrap().group.clone().unwrap();
    let mut n_plain = parts(&closed).1.len();
    while asked.can_expand {
        let open = fold(&picture, &expanded(&asked.expand));
        let (groups, plain) = parts(&open);
        let name = asked.expand.split(':').next().unwrap();
        assert!(plain.len() > n_plain, "more is drawn with each page");
        n_plain = plain.len();
        let n_hidden: u64 = groups.values().sum();
        assert_eq!(n_plain as u64 + n_hidden, picture.nodes.len() as u64);
        let Some(rest) = open.nodes.iter().find(|node| node.id == name) else {
            return;
        };
        let rest = rest.group.clone().unwrap();
        assert!(rest.size < asked.size);
        asked = rest;
    }
}

#[test]
fn what_is_no_group_opens_nothing() {
    let picture = picture(3, 700, 50);
    let closed = fold(&picture, &Expanded::new());
    let open = fold(&picture, &expanded("n3,,g0:99999999999999999999,:7"));
    assert_eq!(closed.nodes, open.nodes);
}
