//! A trace as text for a terminal: where a credential came from and what it handed out.

use alloc::format;
use alloc::string::String;

use detect::{Moment, Part, Step, Trace};

use crate::limits::{
    KEY_COLUMNS_MAX, NAME_COLUMNS_MAX, REASON_COLUMNS_MAX, TRACE_MOMENTS_SHOWN_MAX,
};
use crate::page::{Line, Page, Paint, Style};
use crate::table::{background, more, told};
use crate::{escape, words};

/// Column where the walk begins, after the numbers of the hops.
const MARGIN: usize = 7;

/// Levels that are drawn deeper than the one before.
const LEVELS_MAX: u32 = 5;

/// The trace as text for a terminal.
pub fn trace_text(trace: &Trace, style: &Style) -> String {
    let mut page = Page::of(style);
    let number = trace.parts.len() as u64 + trace.parts_left_out;
    let heading = Line::new(0, 2).prose(Paint::Bold, &trace.subject, REASON_COLUMNS_MAX);
    if trace.parts.is_empty() {
        let text = "is not in these logs. Absence of events is not proof of absence.";
        page.line(&heading.prose(Paint::Plain, text, usize::MAX));
        return page.into_text();
    }
    let counts = format!("· {}", words::counted(number, "session or credential"));
    page.line(&heading.prose(Paint::Faint, &counts, usize::MAX));
    for part in &trace.parts {
        page.gap();
        self::part(&mut page, part);
    }
    if trace.parts_left_out > 0 {
        let left = words::count(trace.parts_left_out);
        page.say(Paint::Faint, &format!("… and {left} more; name one of them to see it."));
    }
    page.into_text()
}

fn part(page: &mut Page, part: &Part) {
    let mut origin =
        Line::new(0, 2).prose(Paint::Plain, &told::origin_line(&part.origin), REASON_COLUMNS_MAX);
    if part.at_least {
        let text = "Hops may be missing after it: numbers are lower bounds.";
        origin = origin.prose(Paint::Orange, text, usize::MAX);
    }
    page.line(&origin);
    if let Some(known) = &part.background {
        background::background(page, 2, known, true);
    }
    if !part.ancestry.is_empty() {
        page.line(&Line::new(2, 2).prose(Paint::Bold, "Came from", 80));
        for step in &part.ancestry {
            self::step(page, step);
        }
    }
    if !part.descendants.is_empty() {
        page.line(&Line::new(2, 2).prose(Paint::Bold, "It and what it handed out", 80));
        for step in &part.descendants {
            self::step(page, step);
        }
        left_out(page, part.descendants_left_out);
    }
    if !part.moments.is_empty() {
        page.line(&Line::new(2, 2).prose(Paint::Bold, "What it did", 80));
        let shown = if page.style().all { part.moments.len() } else { TRACE_MOMENTS_SHOWN_MAX };
        for moment in part.moments.iter().take(shown) {
            self::moment(page, moment);
        }
        more(page, part.moments.len().saturating_sub(shown), "line");
        left_out(page, part.moments_left_out);
    }
}

fn left_out(page: &mut Page, number: u64) {
    if number > 0 {
        let text = format!("… {} more are not listed", words::count(number));
        page.line(&Line::new(4, 4).prose(Paint::Faint, &text, 120));
    }
}

fn step(page: &mut Page, step: &Step) {
    let paint = Paint::of_color(step.color);
    let indent = MARGIN + 3 * step.depth.min(LEVELS_MAX) as usize;
    let number = format!("{:>1$}", step.hop, MARGIN - 1);
    let branch = format!("{}└─", " ".repeat(indent - MARGIN));
    let mut line = Line::new(0, indent + 3)
        .word(paint, &number)
        .word(paint, &branch)
        .word(paint, &escape::cut(&step.who, 2 * NAME_COLUMNS_MAX));
    for key in &step.access_key_ids {
        line = line.part(Paint::Plain, &escape::cut(key, KEY_COLUMNS_MAX));
    }
    line = line.part(Paint::Faint, &escape::cut(&step.how, 2 * NAME_COLUMNS_MAX));
    if let Some(time) = step.time {
        line = line.part(Paint::Plain, &words::second(time));
    }
    if let Some(hop) = step.hop_call.as_ref().filter(|hop| !hop.source_ip_address.is_empty()) {
        let address = escape::cut(&hop.source_ip_address, NAME_COLUMNS_MAX);
        line = line.part(Paint::Plain, &format!("from {address}"));
    }
    line = line.part(Paint::Faint, &words::calls(step.calls));
    if let Some(doubt) = words::doubt(step.confidence) {
        line = line.part(Paint::Orange, &format!("({doubt})"));
    }
    page.line(&line);
    for left in &step.left_behind {
        let line = Line::new(indent + 3, indent + 5).word(paint, "✚");
        page.line(&line.prose(Paint::Plain, left, REASON_COLUMNS_MAX));
    }
}

fn moment(page: &mut Page, moment: &Moment) {
    let name = format!("{}:{}", words::service(&moment.event_source), moment.event_name);
    let paint = if moment.is_key_moment { Paint::Bold } else { Paint::Plain };
    let mut line = Line::new(4, 8)
        .word(Paint::Plain, &words::second(moment.first))
        .part(Paint::Faint, &format!("{:>6}×", words::number(moment.count)))
        .part(paint, &escape::cut(&name, 2 * NAME_COLUMNS_MAX))
        .part(Paint::Orange, &escape::cut(&moment.error_code, NAME_COLUMNS_MAX));
    if !moment.source_ip_address.is_empty() {
        let address = escape::cut(&moment.source_ip_address, NAME_COLUMNS_MAX);
        line = line.part(Paint::Plain, &format!("from {address}"));
    }
    if moment.last != moment.first {
        line = line.part(Paint::Faint, &format!("until {}", words::second(moment.last)));
    }
    page.line(&line);
}
