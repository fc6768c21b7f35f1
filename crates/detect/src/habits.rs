//! What is done day by day, so that it can be told from what is done for the first time.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Change;
use lineage::{Lineage, Node, Step};
use sha2::{Digest, Sha256};

use crate::artifact;
use crate::reach::Reach;

/// Days on which something must have been done before it counts as a habit.
pub(crate) const HABIT_DAYS: usize = 3;

/// Days of logs before an event that are needed to call it new.
pub(crate) const HISTORY_DAYS: i64 = 3;

/// Name of a path: a hash of the origin's identity and of every role on the way.
pub(crate) type PathName = [u8; 16];

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
}

/// How new something is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Novelty {
    /// Done on several days before, or on several days in logs that begin too late to tell.
    Habit,
    /// Done before, on few days.
    Seen,
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
        self.novelty_of_access()
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
    path_of: Vec<PathName>,
    paths: BTreeMap<PathName, Times>,
    changes: BTreeMap<(PathName, Vec<u8>), Times>,
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
            path_of: path_names(lineage),
            known_since: reach.of_nodes(lineage),
            accounts: reach.own_accounts(),
            ..Self::default()
        };
        for (node, name) in lineage.nodes().iter().zip(&habits.path_of) {
            if let (Step::Hop, Some(time)) = (node.step, node.created()) {
                habits.paths.entry(*name).or_default().times.push(time);
            }
        }
        for (index, made) in changes {
            let Some(name) = habits.path_of.get(*index) else {
                continue;
            };
            for change in made {
                let key = (*name, change_name(change, &habits.accounts));
                habits.changes.entry(key).or_default().times.push(change.event.event_time);
            }
        }
        let all = habits.paths.values_mut().chain(habits.changes.values_mut());
        all.for_each(Times::count_days);
        habits
    }

    /// How often the path to `index` was walked before `time`.
    pub(crate) fn path(&self, index: usize, time: Timestamp) -> Before {
        let times = self.path_of.get(index).and_then(|name| self.paths.get(name));
        self.before(index, times, time)
    }

    /// How often `change` was made by the path to `index` before `time`.
    pub(crate) fn change(&self, index: usize, change: &Change, time: Timestamp) -> Before {
        let name = self.path_of.get(index).copied().unwrap_or_default();
        let times = self.changes.get(&(name, change_name(change, &self.accounts)));
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

/// What makes two changes the same habit: the call, not the thing, which is often new each time.
///
/// What is dangerous is a habit of its own, so that it does not pass among ordinary calls.
fn change_name(change: &Change, own: &BTreeSet<Arc<str>>) -> Vec<u8> {
    let danger: &[u8] = if artifact::is_dangerous(change, own) { b"!" } else { b"" };
    let event = &change.event;
    [event.event_source.as_bytes(), b"\0", event.event_name.as_bytes(), danger].concat()
}

/// The name of every node's path, each from its parent's.
fn path_names(lineage: &Lineage<'_>) -> Vec<PathName> {
    let mut names = alloc::vec![PathName::default(); lineage.nodes().len()];
    let origins = lineage.nodes().iter().enumerate().filter(|(_, node)| node.parent.is_none());
    for (origin, _) in origins {
        for index in lineage.descendants(origin) {
            let Some(node) = lineage.node(index) else {
                continue;
            };
            let parent = node.parent.and_then(|parent| names.get(parent)).copied();
            if let Some(name) = names.get_mut(index) {
                *name = path_name(node, parent);
            }
        }
    }
    names
}

fn path_name(node: &Node<'_>, parent: Option<PathName>) -> PathName {
    let Some(parent) = parent else {
        let identity = node.origin.as_ref().map(|origin| origin.habit.as_str());
        return short(&[b"origin", identity.unwrap_or_default().as_bytes()]);
    };
    let is_new_role = node.step == Step::Hop && !node.is_refresh;
    match node.role().filter(|_| is_new_role) {
        Some((account, role)) => short(&[&parent, account.as_bytes(), role.as_bytes()]),
        None => parent,
    }
}

fn short(parts: &[&[u8]]) -> PathName {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut name = PathName::default();
    name.iter_mut().zip(hasher.finalize()).for_each(|(slot, byte)| *slot = byte);
    name
}
