//! What people decided about the incidents of a store, and the audit of it.

use alloc::format;
use alloc::string::String;

use cloudtrail::Timestamp;
use serde::Serialize;

use super::{NAME_COLUMNS_MAX, TEXT_COLUMNS_MAX, command, on_store};
use crate::page::{Line, Page, Paint, Style};
use crate::{escape, words};

/// Numbers of the forms of the lists.
const SUPPRESSIONS: &str = "rolecall.suppressions/1";
const AUDIT: &str = "rolecall.audit/1";

/// What people decided about an incident.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptTriage {
    /// Where it stands, in the words of OCSF's `status_id`.
    pub status: &'static str,
    /// Why.
    pub reason: String,
    /// What else somebody wrote down.
    pub note: String,
    /// Who.
    pub who: String,
    /// When.
    #[serde(serialize_with = "super::time")]
    pub at: Timestamp,
}

/// What is not told of.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptSuppression {
    /// Its number.
    pub id: i64,
    /// Whether it mutes, has run out or was ended: `active`, `expired` or `ended`.
    pub state: &'static str,
    /// What it is about: `account`, `incident`, `origin` or `role`.
    pub scope: &'static str,
    /// Which of that kind.
    pub value: String,
    /// Only findings of this detector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detector: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when.
    #[serde(serialize_with = "super::time")]
    pub created_at: Timestamp,
    /// Until when.
    #[serde(serialize_with = "super::time")]
    pub expires_at: Timestamp,
    /// When somebody ended it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::maybe_time")]
    pub ended_at: Option<Timestamp>,
    /// Alerts that it has muted.
    pub muted: u64,
}

/// A change that a person made.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptAudit {
    /// Its number.
    pub number: i64,
    /// When.
    #[serde(serialize_with = "super::time")]
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What was there before.
    pub before: String,
    /// What is there since.
    pub after: String,
    /// Why.
    pub reason: String,
}

#[derive(Serialize)]
struct Suppressions<'a> {
    schema: &'static str,
    suppressions: &'a [KeptSuppression],
}

#[derive(Serialize)]
struct Audit<'a> {
    schema: &'static str,
    audit: &'a [KeptAudit],
}

impl KeptTriage {
    /// Who decided what, and why.
    pub(super) fn told(&self, page: &mut Page) {
        let line = Line::new(2, 4)
            .word(Paint::Bold, self.status)
            .prose(Paint::Plain, &format!("by {}", self.who), NAME_COLUMNS_MAX)
            .prose(Paint::Faint, &words::second(self.at), 80);
        page.line(&colon(line, &self.reason));
        if !self.note.is_empty() {
            let line = Line::new(2, 4).word(Paint::Faint, "note:");
            page.line(&line.prose(Paint::Plain, &self.note, TEXT_COLUMNS_MAX));
        }
    }
}

impl KeptSuppression {
    /// What it is about, until when, who answers for it and why.
    pub(super) fn told(&self, page: &mut Page) {
        let is_active = self.state == "active";
        let paint = if is_active { Paint::Plain } else { Paint::Faint };
        let mut line = Line::new(2, 4)
            .word(Paint::Bold, &format!("{:>3}", self.id))
            .part(if is_active { Paint::Orange } else { Paint::Faint }, self.state)
            .part(paint, self.scope)
            .word(paint, &escape::cut(&self.value, 2 * NAME_COLUMNS_MAX));
        if let Some(detector) = &self.detector {
            line = line.prose(paint, &format!("({detector} only)"), NAME_COLUMNS_MAX);
        }
        let until = match self.ended_at {
            Some(ended) => format!("ended {},", words::second(ended)),
            None => format!("until {},", words::second(self.expires_at)),
        };
        line = line
            .prose(paint, &until, 80)
            .prose(paint, &format!("{} muted,", words::counted(self.muted, "alert")), 80)
            .prose(paint, &format!("owner {}", self.owner), NAME_COLUMNS_MAX);
        page.line(&colon(line, &self.reason));
    }

    /// What it is about, in one phrase.
    fn subject(&self) -> String {
        let only = self.detector.as_ref().map(|detector| format!(" ({detector} only)"));
        format!("{} {}{}", self.scope, self.value, only.unwrap_or_default())
    }
}

/// The reason behind what is there.
fn colon(line: Line, reason: &str) -> Line {
    if reason.is_empty() {
        return line;
    }
    line.glued(Paint::Plain, ":").prose(Paint::Plain, reason, TEXT_COLUMNS_MAX)
}

/// What a change of triage came to: what is there now, what was there before, and how to go back.
pub fn triaged_text(
    id: &str,
    (before, after): (&KeptTriage, &KeptTriage),
    store: &str,
    style: &Style,
) -> String {
    let mut page = Page::of(style);
    let mut line = Line::new(0, 2).prose(Paint::Plain, &format!("Incident {id}:"), 120);
    if before.status != after.status {
        line = line.word(Paint::Plain, before.status).word(Paint::Faint, "→");
    }
    line = line.word(Paint::Bold, after.status);
    page.line(&line.prose(Paint::Plain, &format!("by {}", after.who), NAME_COLUMNS_MAX));
    let mut more = alloc::vec![id, "--status", before.status, "--reason", "undone"];
    if before.note != after.note {
        more.extend(["--note", before.note.as_str()]);
    }
    page.into_text() + &command("Undo:", &on_store("triage", store, &more))
}

/// What a new suppression says, what it mutes, and how to end it.
pub fn suppressed_text(
    suppression: &KeptSuppression,
    n_muted: u64,
    store: &str,
    style: &Style,
) -> String {
    let mut page = Page::of(style);
    let text = format!(
        "Suppression {}: {}, until {}.",
        suppression.id,
        suppression.subject(),
        words::second(suppression.expires_at)
    );
    page.say(Paint::Plain, &text);
    let text = match n_muted {
        1 => String::from("1 open incident is muted now."),
        number => format!("{} are muted now.", words::counted(number, "open incident")),
    };
    page.say(Paint::Plain, &text);
    let number = format!("{}", suppression.id);
    let argv = on_store("suppress", store, &["--end", &number, "--reason"]);
    page.into_text() + command("End it:", &argv).trim_end() + " REASON\n"
}

/// That a suppression has ended.
pub fn ended_text(id: i64, who: &str, style: &Style) -> String {
    let mut page = Page::of(style);
    page.say(Paint::Plain, &format!("Suppression {id} was ended by {who}."));
    page.into_text()
}

/// Suppressions as one JSON object.
pub fn suppressions_json(suppressions: &[KeptSuppression]) -> String {
    crate::json::written(&Suppressions { schema: SUPPRESSIONS, suppressions })
}

/// Suppressions as text for a terminal: those that are over only where all are wanted.
pub fn suppressions_text(suppressions: &[KeptSuppression], style: &Style) -> String {
    let mut page = Page::of(style);
    let is_active = |one: &&KeptSuppression| one.state == "active";
    let active = suppressions.iter().filter(is_active).count() as u64;
    let over = suppressions.len() as u64 - active;
    let mut head = format!("{}, {} over.", words::counted(active, "active suppression"), over);
    if over > 0 && !style.all {
        head.push_str(" --all lists them as well.");
    }
    page.say(Paint::Plain, &head);
    for suppression in suppressions.iter().filter(|one| style.all || is_active(one)) {
        suppression.told(&mut page);
    }
    page.into_text()
}

/// The audit as one JSON object.
pub fn audit_json(audit: &[KeptAudit]) -> String {
    crate::json::written(&Audit { schema: AUDIT, audit })
}

/// The audit as text for a terminal.
pub fn audit_text(audit: &[KeptAudit], style: &Style) -> String {
    let mut page = Page::of(style);
    if audit.is_empty() {
        page.say(Paint::Plain, "Nobody has changed anything.");
    }
    for entry in audit {
        let line = Line::new(0, 2)
            .word(Paint::Plain, &words::second(entry.at))
            .part(Paint::Bold, &escape::cut(&entry.who, NAME_COLUMNS_MAX))
            .part(Paint::Plain, &escape::cut(&entry.action, NAME_COLUMNS_MAX))
            .part(Paint::Plain, &escape::cut(&entry.subject, NAME_COLUMNS_MAX));
        page.line(&colon(line, &entry.reason));
        for (label, text) in [("before", &entry.before), ("after", &entry.after)] {
            if !text.is_empty() {
                let line = Line::labelled(2, 10, Paint::Faint, label);
                page.line(&line.prose(Paint::Faint, text, TEXT_COLUMNS_MAX));
            }
        }
    }
    page.into_text()
}

impl KeptSuppression {
    /// The word for whether it mutes at `now`.
    pub fn state(
        ended_at: Option<Timestamp>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> &'static str {
        match ended_at {
            Some(_) => "ended",
            None if expires_at <= now => "expired",
            None => "active",
        }
    }
}
