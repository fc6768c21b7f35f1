//! Paths that are much like one: by the same origin to roles that are named after a run, or by
//! many other origins of the same kind.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use lineage::{Lineage, Node, OriginKind, Step};

use crate::habits::{Naming, Path, habit_of, path_numbers};

/// Actors of one kind from which on what they do is shared, so that one more is no surprise.
pub(crate) const SHARED_BY: usize = 4;

/// Digits in a row from which on they number a run, and not one of a few things.
const DIGITS_MIN: usize = 3;

/// Digits of an account's id, which names access and no run.
const ACCOUNT_DIGITS: usize = 12;

/// Hexadecimal digits in a row, some of them letters, that are an id.
const HEX_MIN: usize = 8;

/// How often something much like a path was walked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Kin {
    /// Distinct days on which the same origin walked to roles of names of the same shape.
    pub(crate) days: usize,
    /// Other origins of the same kind that walked it, as far as they were counted.
    pub(crate) others: usize,
}

impl Kin {
    /// Whether there is enough of it to say so.
    pub(crate) const fn is_any(self) -> bool {
        self.days > 0 || self.is_shared()
    }

    /// Whether many others walk it.
    pub(crate) const fn is_shared(self) -> bool {
        self.others >= SHARED_BY
    }
}

/// Who walked which paths, by the shape of the names of roles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walkers {
    /// The path of each node, by its origin.
    own: Vec<Path>,
    /// The path of each node, by the kind of its origin.
    of_kind: Vec<Path>,
    /// The actor that each node goes back to.
    actor: Vec<usize>,
    /// Days of each path by its origin.
    days: BTreeMap<Path, BTreeSet<i64>>,
    /// First day of each actor on each path of a kind, by day.
    firsts: BTreeMap<Path, Vec<(i64, usize)>>,
}

impl Walkers {
    /// Nobody has walked yet.
    pub(crate) fn of(lineage: &Lineage<'_>) -> Self {
        Self {
            own: path_numbers(lineage, Naming { origin: habit_of, role: shape }),
            of_kind: path_numbers(lineage, Naming { origin: kind_of, role: shape }),
            actor: actors(lineage),
            ..Self::default()
        }
    }

    /// Everybody walks, but for those to `untrained` nodes.
    pub(crate) fn walk(&mut self, lineage: &Lineage<'_>, untrained: &BTreeSet<usize>) {
        let mut firsts: BTreeMap<Path, BTreeMap<usize, i64>> = BTreeMap::new();
        self.days.clear();
        for (index, node) in lineage.nodes().iter().enumerate() {
            let is_walked = node.step == Step::Hop && !untrained.contains(&index);
            let Some(time) = node.created().filter(|_| is_walked) else {
                continue;
            };
            if let Some(path) = self.own.get(index) {
                self.days.entry(*path).or_default().insert(time.day());
            }
            if let (Some(path), Some(actor)) = (self.of_kind.get(index), self.actor.get(index)) {
                let first = firsts.entry(*path).or_default().entry(*actor).or_insert(time.day());
                *first = time.day().min(*first);
            }
        }
        let by_day = |firsts: BTreeMap<usize, i64>| {
            let mut by_day: Vec<(i64, usize)> = firsts.into_iter().map(|(a, d)| (d, a)).collect();
            by_day.sort_unstable();
            by_day
        };
        self.firsts = firsts.into_iter().map(|(path, firsts)| (path, by_day(firsts))).collect();
    }

    /// What was walked before the day `until`, and not on `day`, that is much like the path to
    /// `index`.
    pub(crate) fn kin(&self, index: usize, day: i64, until: i64) -> Kin {
        let days = self.own.get(index).and_then(|path| self.days.get(path));
        let days = days.map_or(0, |days| days.range(..until).filter(|at| **at != day).count());
        let own = self.actor.get(index);
        let firsts = self.of_kind.get(index).and_then(|path| self.firsts.get(path));
        let others = firsts.into_iter().flatten().take_while(|(first, _)| *first < until);
        let others = others.filter(|(_, actor)| Some(actor) != own).take(SHARED_BY).count();
        Kin { days, others }
    }
}

/// What actors that share a path have in common: a kind that says who they are, or nothing but
/// themselves.
fn kind_of<'a>(node: &'a Node<'_>) -> &'a str {
    let kind = node.origin.as_ref().map(|origin| origin.kind).unwrap_or_default();
    match kind {
        OriginKind::AwsService => "service",
        OriginKind::Ec2Instance => "instance",
        OriginKind::EcsTask => "task",
        OriginKind::IamUserAccessKey | OriginKind::Console => "user",
        OriginKind::IdentityCenter => "Identity Center",
        OriginKind::LambdaFunction => "function",
        OriginKind::Oidc => "web identity",
        OriginKind::Saml => "SAML",
        OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::Root
        | OriginKind::Unknown => habit_of(node),
    }
}

/// The number of the actor that every node goes back to.
fn actors(lineage: &Lineage<'_>) -> Vec<usize> {
    let mut names: IndexSet<(OriginKind, String), RandomState> = IndexSet::default();
    let mut actors = alloc::vec![usize::MAX; lineage.nodes().len()];
    for (index, node) in lineage.nodes().iter().enumerate() {
        let root = lineage.node(node.root).unwrap_or(node);
        let kind = root.origin.as_ref().map(|origin| origin.kind).unwrap_or_default();
        let name = match kind {
            // A person signs in with several permission sets, and a user has several keys.
            OriginKind::IdentityCenter | OriginKind::Saml => root.role_session_name(),
            OriginKind::Console | OriginKind::IamUserAccessKey => {
                root.principal_id().split(':').next()
            }
            OriginKind::AwsService
            | OriginKind::Ec2Instance
            | OriginKind::EcsTask
            | OriginKind::ExternalAccount
            | OriginKind::FederationToken
            | OriginKind::LambdaFunction
            | OriginKind::Oidc
            | OriginKind::Root
            | OriginKind::Unknown => None,
        };
        let name = name.unwrap_or_else(|| habit_of(root));
        if let Some(slot) = actors.get_mut(index) {
            *slot = names.insert_full((kind, name.into())).0;
        }
    }
    actors
}

/// The name of a role without what numbers a run: long numbers and ids.
pub(crate) fn shape(name: &str) -> Cow<'_, str> {
    let is_end = |c: char| !c.is_ascii_alphanumeric();
    if !name.split(is_end).any(is_run) {
        return Cow::Borrowed(name);
    }
    let parts = name.split_inclusive(is_end).flat_map(|part| {
        let end = part.trim_end_matches(is_end).len();
        let (word, rest) = part.split_at(end);
        [if is_run(word) { "#" } else { word }, rest]
    });
    Cow::Owned(parts.collect())
}

fn is_run(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let is_hex = word.chars().all(|c| c.is_ascii_hexdigit());
    let is_number = digits == word.len() && digits >= DIGITS_MIN && digits != ACCOUNT_DIGITS;
    is_number || (is_hex && digits > 0 && digits < word.len() && word.len() >= HEX_MIN)
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn what_numbers_a_run_is_left_out_of_names() {
        let cases = [
            ("preview-shop-733", "preview-shop-#"),
            ("pr_4711_deploy", "pr_#_deploy"),
            ("review-0b9d7c1e", "review-#"),
            ("deployer", "deployer"),
            ("team-2-admin", "team-2-admin"),
            ("access-111122223333", "access-111122223333"),
            ("facade-deadbeef", "facade-deadbeef"),
            ("", ""),
        ];
        for (name, without) in cases {
            assert_eq!(shape(name), without);
        }
    }
}
