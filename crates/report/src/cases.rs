//! Incidents as people read them: with their findings, their distinct paths and their habits.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use detect::{Analysis, Chain, Color, Finding, Hop, Incident, LeftBehind, Severity};

use crate::limits::{PATHS_COMPARED_MAX, PATHS_SHOWN_MAX};

/// An incident with its findings.
pub(crate) struct Case<'a> {
    /// The incident.
    pub(crate) incident: &'a Incident,
    /// Its findings, gravest first.
    pub(crate) findings: Vec<&'a Finding>,
    /// Number of its deepest hop.
    pub(crate) hops: u32,
    /// Whether there may be more hops than the logs show.
    pub(crate) at_least: bool,
}

/// A path that is walked day by day.
pub(crate) struct Habit<'a> {
    /// What its findings have in common.
    pub(crate) text: &'a str,
    /// Gravest severity of its findings.
    pub(crate) severity: Severity,
    /// Color of its deepest hop.
    pub(crate) color: Color,
    /// Incidents that are nothing else.
    pub(crate) incidents: u64,
    /// Findings that are this habit.
    pub(crate) findings: u64,
}

/// A distinct way through an incident, with what was left behind along it.
pub(crate) struct Path<'a> {
    /// The way; nothing when the origin itself did everything.
    pub(crate) chain: Option<&'a Chain>,
    /// What was left behind, by hop and time.
    pub(crate) left_behind: Vec<&'a LeftBehind>,
}

/// At most `number_max` of `left_behind`, in their order; access by itself stays, help goes.
pub(crate) fn weightiest<'a>(
    left_behind: &[&'a LeftBehind],
    number_max: usize,
) -> Vec<&'a LeftBehind> {
    let mut order: Vec<(usize, &LeftBehind)> = left_behind.iter().copied().enumerate().collect();
    order.sort_by_key(|(at, left)| (!left.is_access, *at));
    order.truncate(number_max);
    order.sort_by_key(|(at, _)| *at);
    order.into_iter().map(|(_, left)| left).collect()
}

/// The distinct paths of an incident.
pub(crate) struct Paths<'a> {
    /// The longest ones.
    pub(crate) shown: Vec<Path<'a>>,
    /// How many more there are.
    pub(crate) left_out: usize,
}

impl Case<'_> {
    /// `≥4`, `3`, or nothing when no role was assumed.
    pub(crate) fn depth(&self) -> Option<String> {
        match (self.hops, self.at_least) {
            (0, false) => None,
            (hops, false) => Some(hops.to_string()),
            (hops, true) => Some(format!("≥{hops}")),
        }
    }
}

/// The incidents with their findings, in the order of the analysis.
pub(crate) fn cases(analysis: &Analysis) -> Vec<Case<'_>> {
    let by_id: BTreeMap<&str, &Finding> =
        analysis.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
    analysis
        .incidents
        .iter()
        .map(|incident| {
            let findings: Vec<&Finding> =
                incident.findings.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect();
            let chains = || findings.iter().filter_map(|finding| finding.chain.as_ref());
            let hops = chains().map(|chain| chain.hops).max().unwrap_or_default();
            let at_least = chains().any(|chain| chain.at_least && chain.hops == hops);
            Case { incident, findings, hops, at_least }
        })
        .collect()
}

/// The habits, gravest first.
pub(crate) fn habits(analysis: &Analysis) -> Vec<Habit<'_>> {
    let mut by_text: BTreeMap<&str, Habit<'_>> = BTreeMap::new();
    let empty = |text| Habit {
        text,
        severity: Severity::Informational,
        color: Color::None,
        incidents: 0,
        findings: 0,
    };
    for finding in &analysis.findings {
        let Some(text) = finding.habit.as_deref() else {
            continue;
        };
        let color = finding.chain.as_ref().map_or(Color::None, |chain| chain.color);
        let habit = by_text.entry(text).or_insert_with(|| empty(text));
        habit.findings += 1;
        habit.severity = habit.severity.max(finding.severity);
        habit.color = habit.color.max(color);
    }
    for incident in &analysis.incidents {
        let Some(text) = incident.habit.as_deref() else {
            continue;
        };
        let habit = by_text.entry(text).or_insert_with(|| empty(text));
        habit.incidents += 1;
        habit.severity = habit.severity.max(incident.severity);
        habit.color = habit.color.max(incident.color);
    }
    let mut habits: Vec<Habit<'_>> = by_text.into_values().collect();
    habits.sort_by_key(|habit| core::cmp::Reverse((habit.severity, habit.color, habit.findings)));
    habits
}

/// The distinct paths of `case`: a path that another one begins with is told with that one.
pub(crate) fn paths<'a>(case: &Case<'a>) -> Paths<'a> {
    let mut with_chain: Vec<(&Chain, &Finding)> = case
        .findings
        .iter()
        .filter_map(|finding| finding.chain.as_ref().map(|chain| (chain, *finding)))
        .take(PATHS_COMPARED_MAX)
        .collect();
    with_chain
        .sort_by_key(|(chain, _)| core::cmp::Reverse((chain.roles.len(), chain.branches.len())));
    let mut shown: Vec<Path<'a>> = Vec::new();
    let mut left_out = 0;
    for (chain, finding) in with_chain {
        let is_full = shown.len() == PATHS_SHOWN_MAX;
        let known = shown
            .iter_mut()
            .find(|path| path.chain.is_some_and(|longer| covers(longer, &chain.roles)));
        match known {
            Some(path) => path.left_behind.extend(&finding.left_behind),
            None if is_full => left_out += 1,
            None => shown.push(Path {
                chain: Some(chain),
                left_behind: finding.left_behind.iter().collect(),
            }),
        }
    }
    if shown.is_empty() {
        shown.push(Path { chain: None, left_behind: Vec::new() });
    }
    let without_chain = case.findings.iter().filter(|finding| finding.chain.is_none());
    if let Some(first) = shown.first_mut() {
        first.left_behind.extend(without_chain.flat_map(|finding| &finding.left_behind));
    }
    for path in &mut shown {
        tidy(&mut path.left_behind);
    }
    Paths { shown, left_out }
}

/// What was left behind along all of `paths`, by hop and time.
pub(crate) fn left_behind<'a>(paths: &Paths<'a>) -> Vec<&'a LeftBehind> {
    let mut all: Vec<&LeftBehind> =
        paths.shown.iter().flat_map(|path| path.left_behind.iter().copied()).collect();
    tidy(&mut all);
    all
}

/// Whether `roles` is the beginning of the path of `chain` or of one of its branches.
fn covers(chain: &Chain, roles: &[Hop]) -> bool {
    chain.roles.starts_with(roles) || chain.branches.iter().any(|branch| branch.starts_with(roles))
}

/// Sorts by hop and time and drops what several findings name alike.
fn tidy(left_behind: &mut Vec<&LeftBehind>) {
    let mut seen = BTreeSet::new();
    left_behind.retain(|left| {
        seen.insert((
            left.event_time,
            left.event_id.as_deref(),
            &left.event_name,
            &left.name,
            left.access_key_id.as_deref(),
        ))
    });
    left_behind.sort_by_key(|left| (left.hop, left.event_time));
}
