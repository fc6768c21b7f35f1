//! A comparison as text for a terminal.

use alloc::format;
use alloc::string::String;

use super::{Change, Comparison, Side};
use crate::limits::{CHANGES_SHOWN_MAX, REASON_COLUMNS_MAX};
use crate::page::{Line, Page, Paint, Style};
use crate::table::more;
use crate::words;

/// The comparison as text for a terminal.
pub fn comparison_text(comparison: &Comparison, style: &Style) -> String {
    let mut page = Page::of(style);
    for (label, of) in [("before", &comparison.before), ("after", &comparison.after)] {
        let line = Line::labelled(0, 8, Paint::Faint, label);
        page.line(&line.prose(Paint::Plain, &side(of), REASON_COLUMNS_MAX));
    }
    let lists = [
        ("New", &comparison.new),
        ("Rose", &comparison.rose),
        ("Grew", &comparison.grew),
        ("Fell", &comparison.fell),
        ("Withdrawn", &comparison.withdrawn),
    ];
    for (heading, changes) in lists.iter().filter(|(_, changes)| !changes.is_empty()) {
        page.gap();
        page.say(Paint::Bold, &format!("{heading} ({})", words::count(changes.len() as u64)));
        let shown = if page.style().all { changes.len() } else { CHANGES_SHOWN_MAX };
        for change in changes.iter().take(shown) {
            self::change(&mut page, change);
        }
        more(&mut page, changes.len().saturating_sub(shown), "finding");
    }
    page.gap();
    page.say(
        Paint::Faint,
        &format!("{} unchanged.", words::counted(comparison.unchanged, "finding")),
    );
    page.into_text()
}

fn side(side: &Side) -> String {
    let as_of = side.as_of.as_deref().unwrap_or("no events");
    let events = words::counted(side.events, "event");
    format!("{as_of}, {events}, {}", words::counted(side.findings, "finding"))
}

fn change(page: &mut Page, change: &Change) {
    let mut line =
        Line::new(2, 4).word(Paint::of_severity(change.severity), words::severity(change.severity));
    if let Some(was) = change.was {
        line = line.prose(Paint::Faint, &format!("(was {})", words::severity(was)), 80);
    }
    line = line.prose(Paint::Bold, &format!("{}:", change.detector), REASON_COLUMNS_MAX).prose(
        Paint::Plain,
        &change.title,
        REASON_COLUMNS_MAX,
    );
    if let Some(time) = change.first_seen.as_deref() {
        line = line.prose(Paint::Faint, &format!("since {time}"), 80);
    }
    page.line(&line.prose(Paint::Faint, &format!("finding {}", change.id), 120));
    for because in &change.because {
        page.line(&Line::new(4, 6).prose(Paint::Faint, because, REASON_COLUMNS_MAX));
    }
}
