//! The scan as text for a terminal: coverage, a table of incidents, and each incident told.

pub(crate) mod background;
pub(crate) mod elsewhere;
pub(crate) mod told;
pub(crate) mod tree;

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use detect::{Color, Severity};

use crate::cases::{self, Case};
use crate::limits::{COVERAGE_LINES_MAX, HABITS_SHOWN_MAX, INCIDENT_ROWS_MAX, INCIDENTS_TOLD_MAX};
use crate::limits::{NAME_COLUMNS_MAX, REASON_COLUMNS_MAX};
use crate::page::{Line, Page, Paint, Style, padded};
use crate::{Scan, words};

/// Columns from which a row holds the origin, too.
const WITH_ORIGIN: usize = 100;

/// Columns from which a row holds everything.
const WITH_TITLE: usize = 130;

/// Blocks that stand for hops; the number beside them says the rest.
const BLOCKS_MAX: u32 = 5;

/// The scan as text for a terminal.
pub fn table(scan: &Scan<'_>, style: &Style) -> String {
    let mut page = Page::of(style);
    coverage(&mut page, scan);
    page.gap();
    if scan.analysis.findings.is_empty() && scan.analysis.incidents.is_empty() {
        nothing(&mut page, scan);
        return page.into_text();
    }
    let cases = cases::cases(scan.analysis);
    let listed: Vec<&Case<'_>> = cases.iter().filter(|case| style.all || is_news(case)).collect();
    incidents(&mut page, &listed);
    quiet(&mut page, &cases);
    habits(&mut page, scan);
    let told = if style.all { listed.len() } else { INCIDENTS_TOLD_MAX };
    for (number, case) in (1..).zip(&listed).take(told) {
        told::incident(&mut page, number, case);
    }
    more(&mut page, listed.len().saturating_sub(told), "incident");
    closing(&mut page, scan);
    page.into_text()
}

/// Whether an incident is told: graver than informational, and no habit.
fn is_news(case: &Case<'_>) -> bool {
    case.incident.habit.is_none() && case.incident.severity > Severity::Informational
}

fn coverage(page: &mut Page, scan: &Scan<'_>) {
    page.say(Paint::Plain, &read_line(scan));
    page.say(Paint::Plain, &when_line(scan));
    for list in &coverage_lists(scan) {
        let shown = if page.style().all { list.len() } else { COVERAGE_LINES_MAX };
        for (what, text) in list.iter().take(shown) {
            let is_missing = ["skipped", "left out"].contains(what);
            let paint = if is_missing { Paint::Orange } else { Paint::Faint };
            let line = Line::new(2, 4).word(paint, &format!("{what}:"));
            page.line(&line.prose(Paint::Plain, text, REASON_COLUMNS_MAX));
        }
        if list.len() > shown {
            let left = words::count((list.len() - shown) as u64);
            page.line(&Line::new(2, 4).prose(Paint::Faint, &format!("… and {left} more"), 80));
        }
    }
}

/// What was skipped, noted, set aside and left out, a list each.
fn coverage_lists(scan: &Scan<'_>) -> [Vec<(&'static str, String)>; 4] {
    let coverage = scan.coverage;
    let skipped = coverage.skipped.iter().map(|skipped| {
        let records = words::counted(skipped.records, "record");
        ("skipped", format!("{records}: {} ({})", skipped.reason, skipped.source))
    });
    let notes = coverage.notes.iter().map(|note| {
        let records = match note.records {
            0 => String::new(),
            records => format!("{}: ", words::counted(records, "record")),
        };
        ("note", format!("{records}{} ({})", note.text, note.source))
    });
    let set_aside = coverage
        .set_aside
        .iter()
        .map(|set_aside| ("set aside", format!("{} ({})", set_aside.reason, set_aside.source)));
    let beyond = left_out_lines(scan).map(|text| ("left out", text));
    [skipped.collect(), notes.collect(), set_aside.collect(), beyond.collect()]
}

/// What was read and what was not, a line each, for formats that have no place for it.
///
/// The lines hold text of file names as it is.
pub fn coverage_lines(scan: &Scan<'_>) -> Vec<String> {
    let mut lines: Vec<String> = [read_line(scan)].into();
    for list in coverage_lists(scan) {
        let shown = list.iter().take(COVERAGE_LINES_MAX);
        lines.extend(shown.map(|(what, text)| format!("{what}: {text}")));
        if let Some(left) = list.len().checked_sub(COVERAGE_LINES_MAX).filter(|left| *left > 0) {
            lines.push(format!("… and {} more", words::count(left as u64)));
        }
    }
    lines
}

/// `Read 2,900 records in 55 files (4.1 MB): 2,900 events, 0 duplicates, 0 skipped.`
pub(crate) fn read_line(scan: &Scan<'_>) -> String {
    let coverage = scan.coverage;
    format!(
        "Read {} in {} ({}): {}, {}, {} skipped.",
        words::counted(coverage.records, "record"),
        words::counted(coverage.files, "file"),
        words::bytes(coverage.bytes_read),
        words::counted(coverage.events, "event"),
        words::counted(coverage.duplicates, "duplicate"),
        words::count(coverage.records_skipped()),
    )
}

/// What limits of the analysis left out.
pub(crate) fn left_out_lines(scan: &Scan<'_>) -> impl Iterator<Item = String> {
    let number = scan.analysis.network_left_out;
    let entries = words::counted(number, "entry");
    let networks = (number > 0)
        .then(|| format!("{entries} about networks, beyond a limit: some homes are missing"));
    let number = scan.analysis.unusual.n_left_out;
    let sessions = words::counted(number, "unusual session");
    let unusual = (number > 0)
        .then(|| format!("{sessions}, beyond a limit: less surprising than those that are listed"));
    let number = scan.analysis.uses_folded;
    let credentials = words::counted(number, "credential");
    let uses = (number > 0).then(|| {
        format!("addresses and clients of {credentials}, beyond a limit: every call is kept")
    });
    networks.into_iter().chain(unusual).chain(uses)
}

/// `2023-07-10 11:45 to 12:40 UTC, 1 account.`
pub(crate) fn when_line(scan: &Scan<'_>) -> String {
    let accounts = words::counted(scan.analysis.accounts.len() as u64, "account");
    match (scan.analysis.first_event, scan.analysis.as_of) {
        (Some(first), Some(last)) => format!("{}, {accounts}.", words::span(first, last)),
        (_, _) => String::from("No events."),
    }
}

/// What to say when there are no findings.
pub(crate) fn nothing_found(scan: &Scan<'_>) -> String {
    format!(
        "Absence of findings is not proof of absence: {} from {} were looked at, and what \
         CloudTrail did not deliver cannot be seen.",
        words::counted(scan.coverage.events, "event"),
        words::counted(scan.analysis.accounts.len() as u64, "account"),
    )
}

fn nothing(page: &mut Page, scan: &Scan<'_>) {
    let line = Line::new(0, 0).prose(Paint::Bold, "No findings.", 80);
    page.line(&line.prose(Paint::Plain, &nothing_found(scan), usize::MAX));
}

fn incidents(page: &mut Page, listed: &[&Case<'_>]) {
    if listed.is_empty() {
        page.say(Paint::Bold, "No incident above informational.");
        return;
    }
    let width = page.style().width;
    let mut heads = Line::new(0, 2)
        .part(Paint::Faint, &padded(" #", 3))
        .part(Paint::Faint, &padded("SEVERITY", 8))
        .part(Paint::Faint, &padded("FIRST SEEN (UTC)", 16))
        .part(Paint::Faint, &padded("HOPS", 16))
        .part(Paint::Faint, "FINDINGS");
    if width >= WITH_ORIGIN {
        let columns = if width >= WITH_TITLE { origin_columns(width) } else { 6 };
        heads = heads.part(Paint::Faint, &padded("ORIGIN", columns));
    }
    if width >= WITH_TITLE {
        heads = heads.part(Paint::Faint, "WHAT");
    }
    page.line(&heads);
    let shown = if page.style().all { listed.len() } else { INCIDENT_ROWS_MAX };
    for (number, case) in (1..).zip(listed).take(shown) {
        row(page, number, case);
    }
    more(page, listed.len().saturating_sub(shown), "incident");
}

const fn origin_columns(width: usize) -> usize {
    if width >= WITH_TITLE { 34 } else { width - 63 }
}

fn row(page: &mut Page, number: usize, case: &Case<'_>) {
    let (incident, width) = (case.incident, page.style().width);
    let origin = origin(case);
    let mut line = Line::new(0, 7)
        .word(Paint::Faint, &format!("{number:>3}"))
        .part(
            Paint::of_severity(incident.severity),
            &padded(words::severity_short(incident.severity), 8),
        )
        .part(Paint::Plain, &padded(&words::minute(incident.first_seen), 16));
    line = blocks(line, case);
    line = line.part(Paint::Plain, &format!("{:>8}", words::count(incident.findings.len() as u64)));
    if width >= WITH_ORIGIN {
        let cell = padded(&origin, origin_columns(width));
        let is_last = width < WITH_TITLE;
        line = line.part(Paint::Plain, if is_last { cell.trim_end() } else { &cell });
    }
    if width >= WITH_TITLE {
        let room = width - origin_columns(width) - 65;
        page.line(&line.part(Paint::Plain, padded(&incident.title, room).trim_end()));
        return;
    }
    page.line(&line);
    page.line(&Line::new(5, 5).prose(Paint::Plain, &incident.title, 2 * width));
    if width < WITH_ORIGIN {
        page.line(&Line::new(5, 5).prose(Paint::Faint, &origin, NAME_COLUMNS_MAX));
    }
}

fn origin(case: &Case<'_>) -> String {
    let origin = &case.incident.origin;
    format!("{} {}", words::origin_noun(origin.kind), words::origin_name(origin))
}

/// `●●●●   4 red`, always 16 columns.
fn blocks(mut line: Line, case: &Case<'_>) -> Line {
    let Some(depth) = case.depth() else {
        let what = match case.incident.color {
            Color::None => String::new(),
            color @ (Color::Orange | Color::Red) => words::color(color).to_string(),
        };
        let cell = padded(&format!("–{}{what}", " ".repeat(9)), 16);
        return line.part(Paint::of_color(case.incident.color), &cell);
    };
    let drawn = case.hops.min(BLOCKS_MAX);
    for hop in 1..=drawn {
        let paint = match hop {
            1 => Paint::Plain,
            2 => Paint::Orange,
            _ => Paint::Red,
        };
        line = if hop == 1 { line.part(paint, "●") } else { line.glued(paint, "●") };
    }
    let word = match case.incident.color {
        Color::None => "",
        color @ (Color::Orange | Color::Red) => words::color(color),
    };
    let rest = (BLOCKS_MAX - drawn) as usize;
    let cell = format!("{}{depth:>4} {word:<6}", " ".repeat(rest));
    line.glued(Paint::of_color(case.incident.color), &cell)
}

/// What the table does not list.
fn quiet(page: &mut Page, cases: &[Case<'_>]) {
    let informational =
        cases.iter().filter(|case| !is_news(case) && case.incident.habit.is_none()).count();
    if informational > 0 && !page.style().all {
        let incidents = words::counted(informational as u64, "informational incident");
        page.say(Paint::Faint, &format!("{incidents} not listed; --all lists them."));
    }
}

fn habits(page: &mut Page, scan: &Scan<'_>) {
    let habits = cases::habits(scan.analysis);
    if habits.is_empty() {
        return;
    }
    page.gap();
    page.say(Paint::Bold, "Habits (walked day by day, shown once):");
    let shown = if page.style().all { habits.len() } else { HABITS_SHOWN_MAX };
    for habit in habits.iter().take(shown) {
        let counts = format!(
            "({}, {}, {}, {})",
            words::severity(habit.severity),
            match habit.color {
                Color::None => "no color",
                color @ (Color::Orange | Color::Red) => words::color(color),
            },
            words::counted(habit.incidents, "incident"),
            words::counted(habit.findings, "finding"),
        );
        let line = Line::new(2, 4).word(Paint::of_color(habit.color), "●").prose(
            Paint::Plain,
            habit.text,
            REASON_COLUMNS_MAX,
        );
        page.line(&line.prose(Paint::Faint, &counts, usize::MAX));
    }
    more(page, habits.len().saturating_sub(shown), "habit");
}

/// `… and 3 more incidents; --all shows them`, if there are any.
pub(crate) fn more(page: &mut Page, number: usize, noun: &str) {
    more_at(page, 2, number, noun);
}

/// The same at column `indent`.
pub(crate) fn more_at(page: &mut Page, indent: usize, number: usize, noun: &str) {
    if number > 0 {
        let left = words::counted(number as u64, &format!("more {noun}"));
        let text = format!("… and {left}; --all shows them");
        page.line(&Line::new(indent, indent + 2).prose(Paint::Faint, &text, 120));
    }
}

fn closing(page: &mut Page, scan: &Scan<'_>) {
    page.gap();
    page.say(Paint::Bold, &totals(scan));
    page.say(Paint::Faint, "Picture: rolecall scan … --format html -o report.html");
    page.say(Paint::Faint, "One credential: rolecall trace KEY");
}

/// `3 incidents (1 critical, 2 low), 12 findings.`
pub(crate) fn totals(scan: &Scan<'_>) -> String {
    let analysis = scan.analysis;
    let by_severity: Vec<String> = severities(scan)
        .filter(|(_, number)| *number > 0)
        .map(|(severity, number)| format!("{} {}", words::count(number), words::severity(severity)))
        .collect();
    let counts = if by_severity.is_empty() {
        String::new()
    } else {
        format!(" ({})", by_severity.join(", "))
    };
    format!(
        "{}{counts}, {}.",
        words::counted(analysis.incidents.len() as u64, "incident"),
        words::counted(analysis.findings.len() as u64, "finding"),
    )
}

/// How many incidents there are of each severity, gravest first.
pub(crate) fn severities(scan: &Scan<'_>) -> impl Iterator<Item = (Severity, u64)> {
    let incidents = &scan.analysis.incidents;
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Informational]
        .into_iter()
        .map(|severity| {
            let of_it = incidents.iter().filter(|incident| incident.severity == severity);
            (severity, of_it.count() as u64)
        })
}
