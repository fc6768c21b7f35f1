//! The lists of a page around its incidents: totals, rows, habits, coverage.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::Color;

use super::badge;
use super::plain::Plain;
use crate::cases::{self, Case};
use crate::limits::{HTML_COVERAGE_MAX, HTML_INCIDENTS_MAX, HTML_ROWS_MAX};
use crate::{Scan, table, words};

/// How many incidents there are of one severity.
pub(super) struct Tile {
    pub(super) class: &'static str,
    pub(super) number: String,
}

/// An incident in the list.
pub(super) struct Row {
    pub(super) number: usize,
    /// Whether the page shows it in full.
    pub(super) is_linked: bool,
    pub(super) class: &'static str,
    pub(super) first_seen: String,
    pub(super) depth: Depth,
    pub(super) origin_kind: &'static str,
    pub(super) origin: Plain,
    pub(super) title: Plain,
    pub(super) findings: String,
}

/// How deep an incident is: blocks, a number and a word.
pub(super) struct Depth {
    pub(super) blocks: Vec<&'static str>,
    pub(super) number: String,
    pub(super) color: &'static str,
}

/// A path that is walked day by day.
pub(super) struct HabitView {
    pub(super) text: Plain,
    pub(super) class: &'static str,
    pub(super) color: &'static str,
    pub(super) incidents: String,
    pub(super) findings: String,
}

/// What was read and what was not.
pub(super) struct CoverageView {
    pub(super) accounts: Vec<Plain>,
    pub(super) accounts_left_out: usize,
    pub(super) lines: Vec<CoverageLine>,
    pub(super) lines_left_out: usize,
}

/// A line about one source.
pub(super) struct CoverageLine {
    pub(super) what: &'static str,
    pub(super) source: Plain,
    pub(super) reason: Plain,
    pub(super) records: String,
}

impl Row {
    /// The row of `case`.
    pub(super) fn of(number: usize, case: &Case<'_>) -> Self {
        let incident = case.incident;
        Self {
            number,
            is_linked: number <= HTML_INCIDENTS_MAX,
            class: badge(incident.severity),
            first_seen: words::minute(incident.first_seen),
            depth: Depth::of(case),
            origin_kind: words::origin_noun(incident.origin.kind),
            origin: Plain::clipped(&words::origin_name(&incident.origin), 80),
            title: Plain::of(&incident.title),
            findings: words::count(incident.findings.len() as u64),
        }
    }
}

impl Depth {
    /// How deep `case` is.
    pub(super) fn of(case: &Case<'_>) -> Self {
        let block = |hop| match hop {
            1 => "block-none",
            2 => "block-orange",
            _ => "block-red",
        };
        Self {
            blocks: (1..=case.hops.min(5)).map(block).collect(),
            number: case.depth().unwrap_or_else(|| String::from("0")),
            color: match case.incident.color {
                Color::None => "",
                color @ (Color::Orange | Color::Red) => words::color(color),
            },
        }
    }
}

/// Totals by severity, those that exist.
pub(super) fn tiles(scan: &Scan<'_>) -> Vec<Tile> {
    table::severities(scan)
        .filter(|(_, number)| *number > 0)
        .map(|(severity, number)| Tile { class: badge(severity), number: words::count(number) })
        .collect()
}

/// The habits.
pub(super) fn habits(scan: &Scan<'_>) -> Vec<HabitView> {
    cases::habits(scan.analysis)
        .iter()
        .take(HTML_ROWS_MAX)
        .map(|habit| HabitView {
            text: Plain::of(habit.text),
            class: badge(habit.severity),
            color: match habit.color {
                Color::None => "no color",
                color @ (Color::Orange | Color::Red) => words::color(color),
            },
            incidents: words::counted(habit.incidents, "incident"),
            findings: words::counted(habit.findings, "finding"),
        })
        .collect()
}

impl CoverageView {
    /// The coverage of `scan`.
    pub(super) fn of(scan: &Scan<'_>) -> Self {
        let (coverage, accounts) = (scan.coverage, &scan.analysis.accounts);
        let line = |what, source: &str, reason: &str, records| CoverageLine {
            what,
            source: Plain::of(source),
            reason: Plain::of(reason),
            records: if records == 0 { String::new() } else { words::count(records) },
        };
        let skipped = coverage
            .skipped
            .iter()
            .map(|skipped| line("skipped", &skipped.source, &skipped.reason, skipped.records));
        let notes =
            coverage.notes.iter().map(|note| line("note", &note.source, &note.text, note.records));
        let set_aside = coverage
            .set_aside
            .iter()
            .map(|set_aside| line("set aside", &set_aside.source, &set_aside.reason, 0));
        let left_out: Vec<String> = table::left_out_lines(scan).collect();
        let n_left_out = left_out.len();
        let left_out = left_out.iter().map(|text| line("left out", "", text, 0));
        let total =
            n_left_out + coverage.skipped.len() + coverage.notes.len() + coverage.set_aside.len();
        Self {
            accounts: accounts
                .iter()
                .take(HTML_COVERAGE_MAX)
                .map(|account| Plain::clipped(account, 40))
                .collect(),
            accounts_left_out: accounts.len().saturating_sub(HTML_COVERAGE_MAX),
            lines: skipped
                .take(HTML_COVERAGE_MAX)
                .chain(left_out)
                .chain(notes.take(HTML_COVERAGE_MAX))
                .chain(set_aside.take(HTML_COVERAGE_MAX))
                .collect(),
            lines_left_out: 0,
        }
        .with_total(total)
    }

    /// Says how many of `total` lines are not listed.
    fn with_total(mut self, total: usize) -> Self {
        self.lines_left_out = total - self.lines.len();
        self
    }
}

/// `account 111122223333`, if there is one.
pub(super) fn account(account: Option<&str>) -> Plain {
    match account {
        Some(account) if !account.is_empty() => Plain::of(&format!("account {account}")),
        Some(_) | None => Plain::default(),
    }
}
