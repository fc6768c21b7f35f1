//! One incident, told: what happened, why it matters, and the ways that were walked.

use alloc::format;
use alloc::string::String;

use detect::{Confidence, Finding, Origin, OriginKind};

use super::{background, elsewhere, more, tree};
use crate::cases::{self, Case};
use crate::limits::{NAME_COLUMNS_MAX, REASON_COLUMNS_MAX, REASONS_MAX};
use crate::page::{Line, Page, Paint};
use crate::places;
use crate::words;

/// Adds an incident.
pub(crate) fn incident(page: &mut Page, number: usize, case: &Case<'_>) {
    let incident = case.incident;
    page.gap();
    let severity = format!("{} ", words::severity(incident.severity).to_uppercase());
    let heading = Line::new(0, 5)
        .word(Paint::Bold, &format!("{number:>3}"))
        .part(Paint::of_severity(incident.severity), &severity);
    page.line(&heading.prose(Paint::Bold, &incident.title, REASON_COLUMNS_MAX));
    let facts = Line::new(5, 5)
        .prose(Paint::Faint, &origin_line(&incident.origin), REASON_COLUMNS_MAX)
        .part(Paint::Faint, &words::span(incident.first_seen, incident.last_seen))
        .part(Paint::Faint, &format!("incident {}", incident.id));
    page.line(&facts);
    if let Some(known) = &incident.background {
        background::background(page, 5, known, false);
    }
    reasons(page, case);
    let paths = cases::paths(case);
    for path in &paths.shown {
        page.gap();
        tree::path(page, &incident.origin, path);
    }
    more(page, paths.left_out, "path");
}

/// `Origin: long-term key AKIA… of build-legacy, account 111122223333.`
pub(crate) fn origin_line(origin: &Origin) -> String {
    format!("Origin: {}.", origin_text(origin))
}

/// `long-term key AKIA… of build-legacy, account 111122223333`.
pub(crate) fn origin_text(origin: &Origin) -> String {
    let name = words::origin_name(origin);
    let noun = words::origin_noun(origin.kind);
    let key = origin.access_key_id.as_deref().unwrap_or_default();
    let account = match origin.account_id.as_deref() {
        Some(account) if !account.is_empty() && account != name => format!(", account {account}"),
        Some(_) | None => String::new(),
    };
    let who = if name.is_empty() {
        String::from(noun)
    } else if key.is_empty() || key == name {
        format!("{noun} {name}")
    } else if origin.kind == OriginKind::IamUserAccessKey {
        format!("{noun} {key} of {name}")
    } else {
        format!("{noun} {name} ({key})")
    };
    format!("{who}{account}")
}

fn reasons(page: &mut Page, case: &Case<'_>) {
    let shown = if page.style().all { case.findings.len() } else { REASONS_MAX };
    for finding in case.findings.iter().take(shown) {
        let line = Line::new(5, 7)
            .word(Paint::of_severity(finding.severity), words::severity(finding.severity))
            .word(Paint::Bold, &format!("{}:", finding.detector));
        page.line(&line.prose(Paint::Plain, &why(finding), REASON_COLUMNS_MAX));
        if let Some(told) = finding.elsewhere.as_ref().filter(|_| finding.habit.is_none()) {
            let subject = places::subject(&finding.origin, case.incident.background.as_ref());
            elsewhere::elsewhere(page, &subject, told);
        }
    }
    more(page, case.findings.len().saturating_sub(shown), "finding");
}

/// The reason, with what weakens it.
fn why(finding: &Finding) -> String {
    let doubt = match finding.confidence {
        Confidence::High => String::new(),
        confidence @ (Confidence::Low | Confidence::Medium) => {
            format!(" Confidence: {}.", words::confidence(confidence))
        }
    };
    match &finding.habit {
        // A habit is told once, above.
        Some(habit) => format!("habit: {}", crate::escape::cut(habit, NAME_COLUMNS_MAX)),
        // The places say what the reason says, line by line.
        None if finding.elsewhere.is_some() => format!("{}.{doubt}", finding.title),
        None => format!("{}{doubt}", finding.reason),
    }
}
