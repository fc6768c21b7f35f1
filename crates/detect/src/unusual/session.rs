//! Sessions, and the units that a finding is about.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::ops::Range;

use cloudtrail::Timestamp;
use evidence::UseRow;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use lineage::{Node, NodeKey, Step};

use super::bursts::{add_burst, bursts, by_client, programs, secrets};
use super::feature::{Category, Feature};
use super::groups::{Groups, is_access};
use super::reading::{FEATURES, Facts, Reading};
use crate::context::Context;
use crate::limits::UNUSUAL_DAYS_MAX;

/// What one credential did: all of it, or for what has no end what it did on one day.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) node: usize,
    pub(crate) unit: usize,
    pub(crate) day: i64,
    /// Whether a role was taken to get it.
    pub(crate) is_access: bool,
    /// The calls of each client, where there are several.
    pub(crate) by_client: Vec<(u32, Feature)>,
    features: Range<usize>,
}

/// A first role with all that follows from it, an origin's own session, or a day of a long-term
/// key.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) head: usize,
    pub(crate) day: i64,
    /// Whether it is one day of what has no end.
    pub(crate) is_daily: bool,
    pub(crate) start: Timestamp,
    pub(crate) sessions: Vec<usize>,
}

/// Every session, and its features.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    pub(crate) all: Vec<Session>,
    /// By day and time.
    pub(crate) units: Vec<Unit>,
    features: Vec<Feature>,
}

/// What has no end, and so is looked at day by day.
pub(crate) fn is_endless(node: &Node<'_>) -> bool {
    match node.key {
        NodeKey::Foreign { .. } | NodeKey::LongTerm { .. } | NodeKey::Principal { .. } => true,
        NodeKey::Temporary { .. } => node.created().is_none(),
    }
}

/// The node that the unit of `index` begins at.
pub(crate) fn head_of(context: &Context<'_>, index: usize) -> usize {
    let anchor = context.anchor_of(index);
    let endless = |at: usize| context.lineage.node(at).is_none_or(is_endless);
    if endless(index) || endless(anchor) { index } else { anchor }
}

impl Sessions {
    pub(crate) fn of(context: &Context<'_>, groups: &Groups, reading: &mut Reading<'_>) -> Self {
        let mut sessions = Self::default();
        let mut units: IndexMap<(usize, Option<i64>), Unit, RandomState> = IndexMap::default();
        let mut rows: Vec<(UseRow, Facts)> = Vec::new();
        let mut of_day = Vec::new();
        for (index, node) in context.lineage.nodes().iter().enumerate() {
            rows.clear();
            let read = |(number, row): (u32, UseRow)| Some((row, reading.facts(number, row)?));
            rows.extend(context.numbered_rows_of(index).filter_map(read));
            let head = head_of(context, index);
            let is_daily = is_endless(node);
            for day in days(node, &rows) {
                let today = if is_daily {
                    of_day.clear();
                    of_day.extend(rows.iter().filter(|(row, _)| row.is_on(day)));
                    &of_day
                } else {
                    &rows
                };
                let features = sessions.add(context, groups, (index, node), (day, today));
                let first = today.iter().map(|(row, _)| row.first).min();
                let start = if is_daily { Some(Timestamp(day * 86_400)) } else { None };
                let key = (head, is_daily.then_some(day));
                let entry = units.entry(key);
                let unit = entry.index();
                let begin = || {
                    let created = context.lineage.node(head).and_then(Node::created);
                    start.or(created).or(first).unwrap_or(context.span.0)
                };
                let unit_of = entry.or_insert_with(|| {
                    let start = begin();
                    Unit { head, day: start.day(), is_daily, start, sessions: Vec::new() }
                });
                unit_of.sessions.push(sessions.all.len());
                sessions.all.push(Session {
                    node: index,
                    unit,
                    day: day.max(unit_of.day),
                    is_access: is_access(node),
                    by_client: by_client(today),
                    features,
                });
            }
        }
        let units: Vec<Unit> = units.into_values().collect();
        sessions.arrange(&units);
        sessions
    }

    /// The features of a session, by category.
    pub(crate) fn features(&self, session: &Session) -> &[Feature] {
        self.features.get(session.features.clone()).unwrap_or_default()
    }

    /// Puts units in order of time; heads are numbered by what they are.
    fn arrange(&mut self, units: &[Unit]) {
        let mut order: Vec<usize> = (0..units.len()).collect();
        let rank = |at: &usize| units.get(*at).map(|unit| (unit.day, unit.start, unit.head));
        order.sort_unstable_by_key(rank);
        let mut place = alloc::vec![0; units.len()];
        for (new, old) in order.iter().enumerate() {
            if let Some(slot) = place.get_mut(*old) {
                *slot = new;
            }
        }
        for session in &mut self.all {
            session.unit = place.get(session.unit).copied().unwrap_or_default();
        }
        self.units = order.iter().filter_map(|at| units.get(*at).cloned()).collect();
    }

    fn add(
        &mut self,
        context: &Context<'_>,
        groups: &Groups,
        (index, node): (usize, &Node<'_>),
        (day, rows): (i64, &[(UseRow, Facts)]),
    ) -> Range<usize> {
        let mut added = Vec::new();
        if is_endless(node) {
            let firsts: Vec<(UseRow, Facts)> =
                rows.iter().filter(|(row, _)| row.first.day() == day).copied().collect();
            // Of what goes on for days nobody knows on which day it was most.
            let whole: Vec<(UseRow, Facts)> =
                firsts.iter().filter(|(row, _)| row.last.day() == day).copied().collect();
            // Of a use that began on another day the hour is not known.
            add_each(rows, |row| row.first.day() == day, &mut added);
            bursts(&firsts, &mut |feature| added.push(feature));
            secrets(&whole, &mut |feature| added.push(feature));
        } else {
            add_each(rows, |_| true, &mut added);
            bursts(rows, &mut |feature| added.push(feature));
            secrets(rows, &mut |feature| added.push(feature));
        }
        programs(rows, &mut |feature| added.push(feature));
        add_roles(context, groups, (node, day), &mut added);
        if node.step == Step::Origin && node.role().is_some() && !rows.is_empty() {
            let value = groups.member(index).actor;
            added.push(Feature { category: Category::Origin, value });
        }
        added.sort_unstable();
        added.dedup();
        let begin = self.features.len();
        self.features.append(&mut added);
        begin..self.features.len()
    }
}

/// Adds what each of `rows` shows; what follows its like is added once. The hour of a row counts
/// where it `is_known`.
fn add_each(
    rows: &[(UseRow, Facts)],
    is_known: impl Fn(&UseRow) -> bool,
    added: &mut Vec<Feature>,
) {
    let mut before = [None; FEATURES];
    for (row, facts) in rows {
        for (feature, before) in facts.features(row.first).into_iter().zip(&mut before) {
            let is_told = feature.category != Category::Hours || is_known(row);
            if is_told && before.replace(feature) != Some(feature) {
                added.push(feature);
            }
        }
    }
}

/// Adds how many roles were taken at once, where they are many.
fn add_roles(
    context: &Context<'_>,
    groups: &Groups,
    (node, day): (&Node<'_>, i64),
    added: &mut Vec<Feature>,
) {
    let is_daily = is_endless(node);
    if node.children.len() < Category::Roles.burst_min() {
        return;
    }
    let taken = node.children.iter().filter_map(|child| {
        let taken = context.lineage.node(*child).filter(|child| child.step == Step::Hop)?;
        let time = taken.created().filter(|time| !is_daily || time.day() == day)?;
        Some((time, groups.member(*child).role))
    });
    add_burst(Category::Roles, taken.collect(), &mut |feature| added.push(feature));
}

/// The days of a node's sessions: the one that it began on, or each one on which it was used.
fn days(node: &Node<'_>, rows: &[(UseRow, Facts)]) -> Vec<i64> {
    let first = rows.iter().map(|(row, _)| row.first.day()).min();
    let last = rows.iter().map(|(row, _)| row.last.day()).max();
    if !is_endless(node) {
        let is_seen = !rows.is_empty() || is_access(node);
        return node.created().map(Timestamp::day).filter(|_| is_seen).into_iter().collect();
    }
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    let first = first.max(last.saturating_sub(UNUSUAL_DAYS_MAX));
    let is_used = |day: &i64| rows.iter().any(|(row, _)| row.is_on(*day));
    let days: BTreeSet<i64> = (first..=last).filter(is_used).collect();
    days.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::vec::Vec;

    use evidence::{Evidence, UseRow};

    use super::{Category, Facts, Reading, add_each};
    use crate::settings::Settings;

    /// Calls of one key: one of them on two days, the other one on the second day alone.
    fn two_days() -> Evidence {
        let mut evidence = Evidence::default();
        let called = [("2026-01-01", "ListBuckets"), ("2026-01-02", "ListBuckets")];
        let later = [("2026-01-02", "GetObject"), ("2026-01-02", "ListBuckets")];
        for (number, (day, name)) in called.into_iter().chain(later).enumerate() {
            let hour = number * 6;
            let record = format!(
                r#"{{"eventTime":"{day}T{hour:02}:00:00Z","eventSource":"s3.amazonaws.com",
                "eventName":"{name}","eventID":"{number}","sourceIPAddress":"192.0.2.1",
                "userAgent":"aws-cli","awsRegion":"us-east-1","userIdentity":{{
                "type":"IAMUser","accessKeyId":"AKIAONE","principalId":"AIDAONE"}}}}"#
            );
            cloudtrail::read(record.as_bytes(), &mut |record| {
                evidence.record(record);
            });
        }
        evidence
    }

    #[test]
    fn of_a_use_that_began_on_another_day_the_hour_is_not_known() {
        let evidence = two_days();
        let mut reading = Reading::of(&evidence, Settings::default());
        let rows: Vec<(UseRow, Facts)> = (0..)
            .zip(evidence.rows())
            .filter_map(|(number, row)| Some((row, reading.facts(number, row)?)))
            .collect();
        assert_eq!(rows.len(), 2);
        let of = |day: i64, category: Category| {
            let mut added = Vec::new();
            add_each(&rows, |row| row.first.day() == day, &mut added);
            let of = added.into_iter().filter(|feature| feature.category == category);
            of.map(|feature| feature.value).collect::<BTreeSet<u32>>()
        };
        let first = rows.iter().map(|(row, _)| row.first.day()).min().unwrap();
        // From midnight and from noon.
        assert_eq!(of(first, Category::Hours), BTreeSet::from([0]));
        assert_eq!(of(first + 1, Category::Hours), BTreeSet::from([4]));
        assert_eq!(of(first + 1, Category::Call).len(), 2);
        assert_eq!(of(first + 1, Category::Network).len(), 1);
    }
}
