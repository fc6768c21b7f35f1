//! Where credentials belong and where they were used, in two kinds of lines.

use alloc::format;

use detect::{Elsewhere, ForeignUse, HomeUse};

use super::more_at;
use crate::escape;
use crate::limits::{NAME_COLUMNS_MAX, PLACES_SHOWN_MAX, REASON_COLUMNS_MAX};
use crate::page::{Line, Page, Paint};
use crate::places::{self, Calls};
use crate::words;

/// Column where the lines begin.
const INDENT: usize = 7;

/// Column where they go on, after the words at their beginning.
const HANG: usize = INDENT + 11;

/// Adds where the credentials of `subject` belong and where they were used instead.
pub(crate) fn elsewhere(page: &mut Page, subject: &str, told: &Elsewhere) {
    let shown = if page.style().all { usize::MAX } else { PLACES_SHOWN_MAX };
    if told.home.is_empty() {
        let unknown = "where its own calls come from is not known";
        page.line(&issued_to(subject).prose(Paint::Faint, unknown, REASON_COLUMNS_MAX));
    }
    for (number, home) in told.home.iter().take(shown).enumerate() {
        let line = if number == 0 { issued_to(subject) } else { Line::new(HANG, HANG) };
        self::home(page, line, home);
    }
    more_at(page, HANG, told.home.len().saturating_sub(shown), "own place");
    for foreign in told.foreign.iter().take(shown) {
        self::foreign(page, foreign);
    }
    more_at(page, HANG, told.foreign.len().saturating_sub(shown), "foreign place");
    if told.foreign_left_out > 0 {
        let left = words::counted(told.foreign_left_out, "more foreign place");
        let text = format!("… {left} not listed in any report");
        page.line(&Line::new(HANG, HANG).prose(Paint::Faint, &text, 120));
    }
}

fn issued_to(subject: &str) -> Line {
    let subject = escape::cut(subject, 2 * NAME_COLUMNS_MAX);
    Line::labelled(INDENT, HANG, Paint::Faint, "issued to").part(Paint::Bold, &subject)
}

fn home(page: &mut Page, line: Line, home: &HomeUse) {
    let place = format!("at {}", places::name(&home.place));
    let line = line
        .prose(Paint::Plain, &place, 2 * NAME_COLUMNS_MAX)
        .part(Paint::Plain, &words::calls(home.calls));
    page.line(&line.prose(Paint::Faint, &format!("({})", home.because), REASON_COLUMNS_MAX));
}

fn foreign(page: &mut Page, foreign: &ForeignUse) {
    let place = places::name(&foreign.place);
    let mut line = Line::labelled(INDENT, HANG, Paint::Red, "used from").prose(
        Paint::Red,
        &place,
        2 * NAME_COLUMNS_MAX,
    );
    if let Some(locality) = foreign.locality.as_ref().map(places::locality) {
        line = line.prose(Paint::Plain, &format!("({locality})"), 2 * NAME_COLUMNS_MAX);
    }
    line = line
        .part(Paint::Plain, &words::span(foreign.first_seen, foreign.last_seen))
        .part(Paint::Plain, &escape::cut(&foreign.clients.join(", "), NAME_COLUMNS_MAX));
    page.line(&line);
    let calls = Calls::of(foreign);
    let line = Line::new(HANG, HANG)
        .prose(Paint::Plain, &format!("{}: {}", calls.number, calls.names), REASON_COLUMNS_MAX)
        .part(Paint::Red, "!")
        .prose(Paint::Red, &places::signs(foreign), REASON_COLUMNS_MAX);
    page.line(&line);
    let ruled_out = foreign.ruled_out.join(" ");
    if !ruled_out.is_empty() {
        page.line(&Line::new(HANG, HANG).prose(Paint::Faint, &ruled_out, REASON_COLUMNS_MAX));
    }
}
