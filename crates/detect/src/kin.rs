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

/// Others who signed in to the same role from which on what they do is what the role is for.
const FELLOWS_MIN: usize = 2;

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
    /// Others who signed in to the same role, where they are enough to say so.
    pub(crate) fellows: usize,
}

impl Kin {
    /// Whether there is enough of it to say so.
    pub(crate) const fn is_any(self) -> bool {
        self.days > 0 || self.others >= SHARED_BY || self.fellows > 0
    }
}

/// Who walked which paths, by the shape of the names of roles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walkers {
    /// The path of each node, by its origin.
    own: Vec<Path>,
    /// Days of each path by its origin, with the path by its exact name; nothing where there were
    /// several on one day.
    days: BTreeMap<Path, BTreeMap<i64, Option<Path>>>,
    /// The actor that each node goes back to.
    actor: Vec<usize>,
    /// Those of the same kind.
    kind: Crowd,
    /// Those who signed in to the same role.
    base: Crowd,
}

/// Actors that have something in common.
#[derive(Clone, Debug, Default)]
struct Crowd {
    /// The path of each node.
    path: Vec<Path>,
    /// First day of each actor on each path, by day.
    firsts: BTreeMap<Path, Vec<(i64, usize)>>,
}

impl Crowd {
    fn of(lineage: &Lineage<'_>, origin: for<'a> fn(&'a Node<'_>) -> &'a str) -> Self {
        let path = path_numbers(lineage, Naming { origin, role: shape });
        Self { path, firsts: BTreeMap::new() }
    }

    /// Everybody walks as `walks` has it: which node, whose, on which day.
    fn walk(&mut self, walks: &[(usize, usize, i64)]) {
        let mut firsts: BTreeMap<Path, BTreeMap<usize, i64>> = BTreeMap::new();
        for (index, actor, day) in walks {
            if let Some(path) = self.path.get(*index) {
                let first = firsts.entry(*path).or_default().entry(*actor).or_insert(*day);
                *first = (*day).min(*first);
            }
        }
        let by_day = |firsts: BTreeMap<usize, i64>| {
            let mut by_day: Vec<(i64, usize)> = firsts.into_iter().map(|(a, d)| (d, a)).collect();
            by_day.sort_unstable();
            by_day
        };
        self.firsts = firsts.into_iter().map(|(path, firsts)| (path, by_day(firsts))).collect();
    }

    /// Others than `actor` who walked the path to `index` before the day `until`, as far as they
    /// have to be counted.
    fn others(&self, index: usize, actor: usize, until: i64) -> usize {
        let firsts = self.path.get(index).and_then(|path| self.firsts.get(path));
        let before = firsts.into_iter().flatten().take_while(|(first, _)| *first < until);
        before.filter(|(_, other)| *other != actor).take(SHARED_BY).count()
    }
}

impl Walkers {
    /// Nobody has walked yet.
    pub(crate) fn of(lineage: &Lineage<'_>) -> Self {
        Self {
            own: path_numbers(lineage, Naming { origin: habit_of, role: shape }),
            actor: actors(lineage),
            kind: Crowd::of(lineage, kind_of),
            base: Crowd::of(lineage, base_of),
            ..Self::default()
        }
    }

    /// Everybody walks, but for those to `untrained` nodes; `exact` has the path of each node by
    /// the names of its roles.
    pub(crate) fn walk(
        &mut self,
        lineage: &Lineage<'_>,
        exact: &[Path],
        untrained: &BTreeSet<usize>,
    ) {
        let mut walks: Vec<(usize, usize, i64)> = Vec::new();
        self.days.clear();
        for (index, node) in lineage.nodes().iter().enumerate() {
            let is_walked = node.step == Step::Hop && !untrained.contains(&index);
            let time = node.created().filter(|_| is_walked);
            let known = (time, self.own.get(index), self.actor.get(index));
            if let (Some(time), Some(path), Some(actor)) = known {
                let exact = exact.get(index).copied();
                let walked = self.days.entry(*path).or_default().entry(time.day());
                let walked = walked.or_insert(exact);
                if *walked != exact {
                    *walked = None;
                }
                walks.push((index, *actor, time.day()));
            }
        }
        self.kind.walk(&walks);
        self.base.walk(&walks);
    }

    /// What was walked before `day` that is much like the path to `index`, which is `exact`; on
    /// other days where the logs begin too late to tell what came before.
    pub(crate) fn kin(&self, index: usize, exact: Path, day: i64, is_judged: bool) -> Kin {
        let until = if is_judged { day } else { i64::MAX };
        let days = self.own.get(index).and_then(|path| self.days.get(path));
        let is_other =
            |(at, walked): &(&i64, &Option<Path>)| **at != day && **walked != Some(exact);
        let days = days.map_or(0, |days| days.range(..until).filter(is_other).count());
        let actor = self.actor.get(index).copied().unwrap_or(usize::MAX);
        let fellows = self.base.others(index, actor, until);
        let fellows_min = if is_judged { FELLOWS_MIN } else { 1 };
        Kin {
            days,
            others: self.kind.others(index, actor, until),
            fellows: if fellows >= fellows_min { fellows } else { 0 },
        }
    }
}

/// The role that a person signed in to, or nothing but the origin itself.
fn base_of<'a>(node: &'a Node<'_>) -> &'a str {
    let kind = node.origin.as_ref().map(|origin| origin.kind).unwrap_or_default();
    let habit = habit_of(node);
    if matches!(kind, OriginKind::IdentityCenter | OriginKind::Saml) {
        return habit.rsplit_once('/').map_or(habit, |(role, _)| role);
    }
    habit
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
