//! What is done day by day, so that it can be told from what is done for the first time.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Change;
use foldhash::fast::RandomState;
use indexmap::IndexSet;
use lineage::{Lineage, Node, Step};

use crate::artifact;
use crate::kin::{Kin, Walkers};
use crate::reach::Reach;

/// Days on which something must have been done before it counts as a habit.
pub(crate) const HABIT_DAYS: usize = 3;

/// Days of logs before an event that are needed to call it new.
pub(crate) const HISTORY_DAYS: i64 = 3;

/// Number of a path: of the origin's identity and of every role on the way.
pub(crate) type Path = usize;

/// What tells one path from another.
#[derive(Eq, Hash, PartialEq)]
enum PathName<'a> {
    /// The identity of an origin.
    Origin(&'a str),
    /// The path before, and account and name of the role that it goes on with.
    Hop(Path, &'a str, Cow<'a, str>),
}

/// What paths are told apart by.
#[derive(Clone, Copy)]
pub(crate) struct Naming {
    /// What of an origin.
    pub(crate) origin: for<'a> fn(&'a Node<'_>) -> &'a str,
    /// What of the name of a role.
    pub(crate) role: for<'a> fn(&'a str) -> Cow<'a, str>,
}

/// How often something was done before, and on how many days.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Before {
    /// Times before.
    pub(crate) times: usize,
    /// Distinct days before.
    pub(crate) days: usize,
    /// Distinct days in the logs altogether.
    pub(crate) days_ever: usize,
    /// Days of logs before it.
    pub(crate) history_days: i64,
    /// What was walked that is much like it.
    pub(crate) kin: Kin,
}

/// How new something is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Novelty {
    /// Done on several days before, or on several days in logs that begin too late to tell.
    Habit,
    /// Done before, on few days.
    Seen,
    /// Not done before, but something much like it was, or many others do it.
    Kin,
    /// Not done before, in logs that reach back.
    New,
    /// Not done before, in logs that begin too late to tell.
    Unjudged,
}

impl Before {
    /// How new it is. Where the logs begin too late to tell, what comes later on several days is
    /// taken for a habit.
    pub(crate) const fn novelty(self) -> Novelty {
        if self.history_days < HISTORY_DAYS && self.days_ever >= HABIT_DAYS {
            return Novelty::Habit;
        }
        let novelty = self.novelty_of_access();
        let is_new = matches!(novelty, Novelty::New | Novelty::Unjudged);
        if is_new && self.kin.is_any() { Novelty::Kin } else { novelty }
    }

    /// How new it is, for what leaves access behind: an attacker who comes back for three days
    /// must not excuse the first one.
    pub(crate) const fn novelty_of_access(self) -> Novelty {
        let is_judged = self.history_days >= HISTORY_DAYS;
        if self.days >= HABIT_DAYS {
            Novelty::Habit
        } else if self.days > 0 {
            Novelty::Seen
        } else if is_judged {
            Novelty::New
        } else {
            Novelty::Unjudged
        }
    }
}

/// Times at which the same thing was done, and how many days they fall on up to each.
#[derive(Debug, Default)]
struct Times {
    times: Vec<Timestamp>,
    days: Vec<usize>,
}

/// Paths and changes by the times at which they were walked and made.
#[derive(Debug, Default)]
pub(crate) struct Habits {
    path_of: Vec<Path>,
    paths: BTreeMap<Path, Times>,
    walkers: Walkers,
    changes: BTreeMap<(Path, Vec<u8>), Times>,
    /// Since when the logs of every account on the way to a node reach back.
    known_since: Vec<Timestamp>,
    accounts: BTreeSet<Arc<str>>,
}

impl Habits {
    pub(crate) fn of(
        lineage: &Lineage<'_>,
        changes: &BTreeMap<usize, Vec<&Change>>,
        reach: &Reach,
    ) -> Self {
        let mut habits = Self {
            path_of: path_numbers(lineage, EXACT),
            walkers: Walkers::of(lineage),
            known_since: reach.of_nodes(lineage),
            accounts: reach.own_accounts(),
            ..Self::default()
        };
        habits.paths = paths(lineage, &habits.path_of, &BTreeSet::new());
        habits.walkers.walk(lineage, &habits.path_of, &BTreeSet::new());
        for (index, made) in changes {
            let Some(path) = habits.path_of.get(*index) else {
                continue;
            };
            for change in made {
                let key = (*path, change_name(change, &habits.accounts));
                habits.changes.entry(key).or_default().times.push(change.event.event_time);
            }
        }
        habits.changes.values_mut().for_each(Times::count_days);
        habits
    }

    /// The same without paths that were walked to `untrained` nodes.
    pub(crate) fn without(&self, lineage: &Lineage<'_>, untrained: &BTreeSet<usize>) -> Self {
        let mut walkers = self.walkers.clone();
        walkers.walk(lineage, &self.path_of, untrained);
        Self {
            walkers,
            path_of: self.path_of.clone(),
            paths: paths(lineage, &self.path_of, untrained),
            known_since: self.known_since.clone(),
            ..Self::default()
        }
    }

    /// Number of the path to `index`: equal numbers mean the same origin and the same roles.
    pub(crate) fn path_of(&self, index: usize) -> usize {
        self.path_of.get(index).copied().unwrap_or_default()
    }

    /// Since when the logs of all accounts on the way to `index` are known.
    pub(crate) fn known_since(&self, index: usize) -> Option<Timestamp> {
        self.known_since.get(index).copied()
    }

    /// How often the path to `index` was walked before `time`.
    pub(crate) fn path(&self, index: usize, time: Timestamp) -> Before {
        let times = self.path_of.get(index).and_then(|path| self.paths.get(path));
        let before = self.before(index, times, time);
        let is_judged = before.history_days >= HISTORY_DAYS;
        Before {
            kin: self.walkers.kin(index, self.path_of(index), time.day(), is_judged),
            ..before
        }
    }

    /// How often `change` was made by the path to `index` before `time`.
    pub(crate) fn change(&self, index: usize, change: &Change, time: Timestamp) -> Before {
        let path = self.path_of.get(index);
        let name = |path: &Path| (*path, change_name(change, &self.accounts));
        let times = path.and_then(|path| self.changes.get(&name(path)));
        self.before(index, times, time)
    }

    fn before(&self, index: usize, times: Option<&Times>, time: Timestamp) -> Before {
        let since = self.known_since.get(index).copied().unwrap_or(time);
        let history_days = time.seconds_since(since).div_euclid(86_400).max(0);
        // The same day is one visit: an hour of trying does not make a precedent.
        let day = Timestamp(time.day().saturating_mul(86_400));
        let Some(times) = times else {
            return Before { history_days, ..Before::default() };
        };
        let n_before = times.times.partition_point(|walked| *walked < day);
        let days_at = |count: usize| {
            count.checked_sub(1).and_then(|last| times.days.get(last)).copied().unwrap_or_default()
        };
        Before {
            times: n_before,
            days: days_at(n_before),
            days_ever: days_at(times.times.len()),
            history_days,
            kin: Kin::default(),
        }
    }
}

impl Times {
    fn count_days(&mut self) {
        self.times.sort_unstable();
        let mut seen = BTreeSet::new();
        for time in &self.times {
            seen.insert(time.day());
            self.days.push(seen.len());
        }
    }
}

/// When each path was walked, but for `untrained` nodes.
fn paths(
    lineage: &Lineage<'_>,
    path_of: &[Path],
    untrained: &BTreeSet<usize>,
) -> BTreeMap<Path, Times> {
    let mut paths: BTreeMap<Path, Times> = BTreeMap::new();
    for ((index, node), path) in lineage.nodes().iter().enumerate().zip(path_of) {
        let time = node.created().filter(|_| node.step == Step::Hop);
        if let Some(time) = time.filter(|_| !untrained.contains(&index)) {
            paths.entry(*path).or_default().times.push(time);
        }
    }
    paths.values_mut().for_each(Times::count_days);
    paths
}

/// What makes two changes the same habit: the call, not the thing, which is often new each time.
///
/// What is dangerous is a habit of its own, so that it does not pass among ordinary calls.
fn change_name(change: &Change, own: &BTreeSet<Arc<str>>) -> Vec<u8> {
    let danger: &[u8] = if artifact::is_dangerous(change, own) { b"!" } else { b"" };
    let event = &change.event;
    [event.event_source.as_bytes(), b"\0", event.event_name.as_bytes(), danger].concat()
}

/// The whole identity of an origin, and of every role.
const EXACT: Naming = Naming { origin: habit_of, role: |name| Cow::Borrowed(name) };

/// What stays the same from one run of the origin `node` to the next.
pub(crate) fn habit_of<'a>(node: &'a Node<'_>) -> &'a str {
    node.origin.as_ref().map(|origin| origin.habit.as_str()).unwrap_or_default()
}

/// The number of every node's path, each from its parent's: equal numbers mean an origin and
/// roles on the way that `naming` calls the same.
pub(crate) fn path_numbers(lineage: &Lineage<'_>, naming: Naming) -> Vec<Path> {
    let mut numbers: IndexSet<PathName<'_>, RandomState> = IndexSet::default();
    let mut paths = alloc::vec![Path::default(); lineage.nodes().len()];
    let origins = lineage.nodes().iter().enumerate().filter(|(_, node)| node.parent.is_none());
    for (origin, _) in origins {
        for index in lineage.descendants(origin) {
            let Some(node) = lineage.node(index) else {
                continue;
            };
            let parent = node.parent.and_then(|parent| paths.get(parent)).copied();
            let is_new_role = node.step == Step::Hop && !node.is_refresh;
            let name = match (parent, node.role().filter(|_| is_new_role)) {
                (None, _) => Err(PathName::Origin((naming.origin)(node))),
                (Some(parent), Some((account, role))) => {
                    Err(PathName::Hop(parent, account, (naming.role)(role)))
                }
                (Some(parent), None) => Ok(parent),
            };
            if let Some(slot) = paths.get_mut(index) {
                *slot = name.unwrap_or_else(|name| numbers.insert_full(name).0);
            }
        }
    }
    paths
}
