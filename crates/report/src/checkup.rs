//! What `rolecall doctor` found: what is not seen, why, and what to do about it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::Severity;
use serde::Serialize;

use crate::page::{Line, Page, Paint, Style};
use crate::{kept, words};

/// Number of the form.
const SCHEMA: &str = "rolecall.doctor/1";

/// Column in which sentences about a check begin.
const HANG: usize = 11;

/// Columns of a sentence about a check.
const SENTENCE_COLUMNS_MAX: usize = 2_000;

/// Whether something is as it should be.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It is not.
    Problem,
    /// It could not be told.
    Unknown,
    /// It is.
    Ok,
}

/// What came of looking at one thing.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Check {
    /// The check's id, such as `trail_logging`.
    pub check: &'static str,
    /// What was looked at: a trail, a queue, a source, a sink, a folder.
    pub subject: String,
    /// Whether it is as it should be.
    pub state: CheckState,
    /// How grave it is that it is not, or may not be.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "kept::was")]
    pub severity: Option<Severity>,
    /// What was found.
    pub found: String,
    /// What is not seen because of it, or may not be.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unseen: String,
    /// What to do, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// What to run, as lists of arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<Vec<String>>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'a str,
    problems: usize,
    unknown: usize,
    ok: usize,
    checks: &'a [Check],
}

fn count(checks: &[Check], state: CheckState) -> usize {
    checks.iter().filter(|check| check.state == state).count()
}

/// The checks as one JSON object, in the order in which they are given.
pub fn doctor_json(checks: &[Check], version: &str) -> String {
    crate::json::written(&Document {
        schema: SCHEMA,
        version,
        problems: count(checks, CheckState::Problem),
        unknown: count(checks, CheckState::Unknown),
        ok: count(checks, CheckState::Ok),
        checks,
    })
}

/// The checks as text for a terminal: what is wrong, then what could not be told, then the rest.
pub fn doctor_text(checks: &[Check], style: &Style) -> String {
    let mut page = Page::of(style);
    let of = |state| count(checks, state) as u64;
    let headline = format!(
        "{}, {} could not be told, {} as they should be.",
        words::counted(of(CheckState::Problem), "problem"),
        of(CheckState::Unknown),
        of(CheckState::Ok)
    );
    page.say(Paint::Bold, &headline);
    let mut text = page.into_text();
    for state in [CheckState::Problem, CheckState::Unknown] {
        for check in checks.iter().filter(|check| check.state == state) {
            text.push('\n');
            text.push_str(&told(check, style));
        }
    }
    let mut page = Page::of(style);
    let fine = checks.iter().filter(|check| check.state == CheckState::Ok);
    for (number, check) in fine.enumerate() {
        if number == 0 {
            page.gap();
        }
        let line = Line::labelled(2, HANG, Paint::Faint, "ok")
            .word(Paint::Plain, check.check)
            .prose(Paint::Faint, &check.subject, SENTENCE_COLUMNS_MAX)
            .glued(Paint::Faint, ":")
            .prose(Paint::Faint, &check.found, SENTENCE_COLUMNS_MAX);
        page.line(&line);
    }
    text.push_str(&page.into_text());
    text
}

fn told(check: &Check, style: &Style) -> String {
    let mut page = Page::of(style);
    let severity = check.severity.unwrap_or(Severity::Informational);
    let (label, paint) = match check.state {
        CheckState::Problem => (words::severity(severity), Paint::of_severity(severity)),
        CheckState::Unknown => ("unknown", Paint::Orange),
        CheckState::Ok => ("ok", Paint::Faint),
    };
    let head = Line::labelled(2, HANG.max(label.len() + 3), paint, label)
        .word(Paint::Bold, check.check)
        .prose(Paint::Plain, &check.subject, SENTENCE_COLUMNS_MAX);
    page.line(&head);
    let sentences = [("", &check.found), ("Not seen:", &check.unseen), ("To do:", &check.remedy)];
    for (label, sentence) in sentences {
        if !sentence.is_empty() {
            let line = Line::new(HANG, HANG).word(Paint::Faint, label);
            page.line(&line.prose(Paint::Plain, sentence, SENTENCE_COLUMNS_MAX));
        }
    }
    let mut text = page.into_text();
    for command in &check.commands {
        text += &kept::command(&format!("{:HANG$}$", ""), command);
    }
    text
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString as _};
    use alloc::vec;

    use detect::Severity;

    use super::{Check, CheckState, doctor_json, doctor_text};
    use crate::Style;

    fn check(state: CheckState) -> Check {
        Check {
            check: "trail_logging",
            subject: "evil\u{1b}[31m".to_string(),
            state,
            severity: (state != CheckState::Ok).then_some(Severity::High),
            found: "it does not record".to_string(),
            unseen: "everything".to_string(),
            remedy: String::new(),
            commands: vec![vec!["aws".to_string(), "it's".to_string()]],
        }
    }

    #[test]
    fn what_is_wrong_comes_first_and_no_text_paints_the_terminal() {
        let checks = [CheckState::Ok, CheckState::Unknown, CheckState::Problem].map(check);
        let text = doctor_text(&checks, &Style { color: false, width: 100, all: false });
        let at = |what: &str| text.find(what).unwrap();
        assert!(text.starts_with("1 problem, 1 could not be told, 1 as they should be."), "{text}");
        assert!(at("  high") < at("  unknown") && at("  unknown") < at("  ok"), "{text}");
        assert!(text.contains(r"$ aws 'it'\''s'"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(!doctor_json(&checks, "1").contains('\u{1b}'));
    }
}
