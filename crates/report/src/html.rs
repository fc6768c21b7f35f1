//! The scan as one page: no script, no network, every text escaped.

mod drawn;
mod incident;
mod layout;
mod lists;
mod picture;
mod plain;
mod plan;
mod policy;
mod strip;
mod workload;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use askama::Template;
use detect::Severity;

use self::incident::IncidentView;
use self::lists::{CoverageView, HabitView, Row, Tile};
use self::plain::Plain;
use self::plan::PlanView;
use crate::cases::{self, Case};
use crate::limits::{HTML_INCIDENTS_MAX, HTML_ROWS_MAX};
use crate::{Scan, table, words};

/// The style of every page.
const STYLE: &str = include_str!("../templates/report.css");

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    policy: String,
    style: String,
    version: Plain,
    totals: String,
    when: String,
    read: String,
    nothing_found: Option<String>,
    tiles: Vec<Tile>,
    rows: Vec<Row>,
    rows_left_out: usize,
    incidents: Vec<IncidentView>,
    incidents_left_out: usize,
    habits: Vec<HabitView>,
    informational: Vec<Row>,
    informational_left_out: usize,
    coverage: CoverageView,
}

/// The scan as one page that can be sent and kept: it runs nothing and loads nothing.
///
/// Its size is bounded by [`limits`](crate::limits); what it leaves out it names.
pub fn html(scan: &Scan<'_>) -> String {
    let cases = cases::cases(scan.analysis);
    let is_informational = |case: &&Case<'_>| case.incident.severity == Severity::Informational;
    let real: Vec<&Case<'_>> = cases.iter().filter(|case| case.incident.habit.is_none()).collect();
    let quiet: Vec<&Case<'_>> = real.iter().copied().filter(is_informational).collect();
    let news: Vec<&Case<'_>> =
        real.iter().copied().filter(|case| !is_informational(case)).collect();
    let incidents: Vec<IncidentView> = (1..)
        .zip(&news)
        .take(HTML_INCIDENTS_MAX)
        .map(|(number, case)| IncidentView {
            plan: PlanView::of(scan, case.incident),
            ..IncidentView::of(number, case)
        })
        .collect();
    let row = |(number, case): (usize, &&Case<'_>)| Row::of(number, case);
    let style = style(&incidents);
    let page = Page {
        policy: policy::policy(&style),
        style,
        version: Plain::of(scan.version),
        totals: String::from(table::totals(scan).trim_end_matches('.')),
        when: table::when_line(scan),
        read: table::read_line(scan),
        nothing_found: scan.analysis.incidents.is_empty().then(|| table::nothing_found(scan)),
        tiles: lists::tiles(scan),
        rows: (1..).zip(&news).take(HTML_ROWS_MAX).map(row).collect(),
        rows_left_out: news.len().saturating_sub(HTML_ROWS_MAX),
        incidents_left_out: news.len().saturating_sub(HTML_INCIDENTS_MAX),
        incidents,
        habits: lists::habits(scan),
        informational: (1..).zip(&quiet).take(HTML_ROWS_MAX).map(row).collect(),
        informational_left_out: quiet.len().saturating_sub(HTML_ROWS_MAX),
        coverage: CoverageView::of(scan),
    };
    // Rendering into a string fails only when a value's `Display` does, and none of these can.
    page.render().unwrap_or_default()
}

/// The style with the widths of the pictures: a policy without inline styles leaves no other place.
fn style(incidents: &[IncidentView]) -> String {
    let widths = incidents.iter().filter_map(|incident| {
        let picture = incident.picture.as_ref()?;
        let (number, narrow, wide) = (incident.number, picture.width_min, picture.width);
        Some(format!("#graph-{number}{{min-width:{narrow}px;max-width:{wide}px}}\n"))
    });
    core::iter::once(String::from(STYLE)).chain(widths).collect()
}

/// The class of a severity's badge.
const fn badge(severity: Severity) -> &'static str {
    words::severity(severity)
}
