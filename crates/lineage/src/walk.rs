//! Numbers hops from every origin downward.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::IssuanceKind;
use foldhash::fast::RandomState;
use indexmap::IndexSet;

use crate::node::{Node, Step};

/// Breaks cycles, lists children, and numbers the hops of every node.
///
/// Key ids that AWS uses again, or hostile logs, can make credentials hand each other out in a
/// circle.
pub(crate) fn number(nodes: &mut [Node<'_>]) {
    break_cycles(nodes);
    list_children(nodes);
    let origins: Vec<usize> = nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.parent.is_none())
        .map(|(i, _)| i)
        .collect();
    let roles = roles(nodes);
    for origin in origins {
        number_tree(nodes, &roles, origin);
    }
}

/// Makes the earliest node of each cycle an origin.
fn break_cycles(nodes: &mut [Node<'_>]) {
    /// How far a node has been looked at.
    #[derive(Clone, Copy, Eq, PartialEq)]
    enum Mark {
        New,
        OnWay(usize),
        Done,
    }
    let mut marks = alloc::vec![Mark::New; nodes.len()];
    for start in 0..nodes.len() {
        let mut way = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next {
            match marks.get(at).copied() {
                Some(Mark::New) => {}
                Some(Mark::OnWay(since)) if since == start => {
                    cut(nodes, &way, at);
                    break;
                }
                Some(Mark::OnWay(_) | Mark::Done) | None => break,
            }
            if let Some(mark) = marks.get_mut(at) {
                *mark = Mark::OnWay(start);
            }
            way.push(at);
            next = nodes.get(at).and_then(|node| node.parent);
        }
        for at in way {
            if let Some(mark) = marks.get_mut(at) {
                *mark = Mark::Done;
            }
        }
    }
}

/// Cuts the cycle at the end of `way` that `first` closes.
fn cut(nodes: &mut [Node<'_>], way: &[usize], first: usize) {
    let cycle = way.iter().skip_while(|at| **at != first);
    let age = |at: &&usize| nodes.get(**at).map(|node| (node.created(), **at));
    let Some(oldest) = cycle.min_by_key(age).copied() else {
        return;
    };
    if let Some(node) = nodes.get_mut(oldest) {
        node.parent = None;
        node.step = Step::Origin;
    }
}

fn list_children(nodes: &mut [Node<'_>]) {
    let mut children: Vec<(usize, Option<Timestamp>, usize)> = nodes
        .iter()
        .enumerate()
        .filter_map(|(index, node)| Some((node.parent?, node.created(), index)))
        .collect();
    children.sort_unstable();
    for (parent, _, child) in children {
        if let Some(parent) = nodes.get_mut(parent) {
            parent.children.push(child);
        }
    }
}

/// A node on its way through the walk: numbered when it is entered, its role forgotten when it
/// is left.
enum Visit {
    Enter(usize),
    Leave(usize),
}

fn number_tree(nodes: &mut [Node<'_>], roles: &[Option<usize>], origin: usize) {
    let mut roles_on_way: BTreeMap<usize, u32> = BTreeMap::new();
    let mut waiting = alloc::vec![Visit::Enter(origin)];
    while let Some(visit) = waiting.pop() {
        let index = match visit {
            Visit::Enter(index) => index,
            Visit::Leave(role) => {
                if let Some(count) = roles_on_way.get_mut(&role) {
                    *count -= 1;
                }
                continue;
            }
        };
        let role = enter(nodes, roles, (index, origin), &roles_on_way);
        if let Some(role) = role {
            *roles_on_way.entry(role).or_default() += 1;
            waiting.push(Visit::Leave(role));
        }
        let children = nodes.get(index).map(|node| node.children.clone()).unwrap_or_default();
        waiting.extend(children.into_iter().rev().map(Visit::Enter));
    }
}

/// What a parent hands on to its children.
#[derive(Default)]
struct Counts {
    hop: u32,
    calls: u32,
    chained_calls: u32,
    is_of_role: bool,
    is_root_session: bool,
    is_from_temporary: bool,
}

impl Counts {
    fn of(parent: &Node<'_>) -> Self {
        Self {
            hop: parent.hop,
            calls: parent.calls,
            chained_calls: parent.chained_calls,
            is_of_role: parent.is_of_role(),
            is_root_session: parent.is_root_session,
            is_from_temporary: parent.is_from_temporary,
        }
    }
}

/// Numbers one node after its parent; gives the role that it stands for.
fn enter(
    nodes: &mut [Node<'_>],
    roles: &[Option<usize>],
    (index, origin): (usize, usize),
    roles_on_way: &BTreeMap<usize, u32>,
) -> Option<usize> {
    let parent = nodes.get(index)?.parent;
    let role_of = |index: usize| roles.get(index).copied().flatten();
    let (role, role_before) = (role_of(index), parent.and_then(role_of));
    let before = parent.and_then(|parent| nodes.get(parent)).map(Counts::of).unwrap_or_default();
    let node = nodes.get_mut(index)?;
    let is_hop = node.step == Step::Hop;
    let is_assumed = |role: usize| roles_on_way.get(&role).is_some_and(|count| *count > 0);
    let is_known = role.is_some_and(|role| is_assumed(role) || role_before == Some(role));
    node.root = origin;
    node.is_refresh = is_hop && is_known;
    node.hop = before.hop + u32::from(is_hop && !is_known);
    node.calls = before.calls + u32::from(is_hop);
    node.chained_calls = before.chained_calls + u32::from(is_hop && before.is_of_role);
    node.is_root_session = before.is_root_session || is_assumed_root(node);
    node.is_from_temporary = before.is_from_temporary || !node.is_long_term();
    // The origin's own role was not assumed: only itself must not count it.
    role.filter(|_| is_hop)
}

/// The account that root was assumed in has no event of it: there only the uses tell.
fn is_assumed_root(node: &Node<'_>) -> bool {
    let is_issued = |issued: &crate::Issued<'_>| issued.issuance.kind == IssuanceKind::AssumeRoot;
    node.attributes.is_assumed_root || node.issued.as_ref().is_some_and(is_issued)
}

/// The number of the role that each node stands for.
fn roles(nodes: &[Node<'_>]) -> Vec<Option<usize>> {
    let mut numbers: IndexSet<(&str, &str), RandomState> = IndexSet::default();
    let mut number_of = |node| Some(numbers.insert_full(role_of(node)?).0);
    nodes.iter().map(&mut number_of).collect()
}

/// Account and name of the role that `node` stands for.
fn role_of<'a>(node: &'a Node<'_>) -> Option<(&'a str, &'a str)> {
    if is_assumed_root(node) { Some(("", &**node.principal_id())) } else { node.role() }
}
