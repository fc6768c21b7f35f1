//! The payload for Slack: blocks in which text of the logs stands in code spans alone.
//!
//! Limits of blocks: <https://docs.slack.dev/reference/block-kit/blocks>.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Alert, AlertKind};
use crate::escape::mrkdwn;
use crate::limits::{SLACK_FINDINGS_MAX, SLACK_TEXT_MAX};
use crate::words;

/// Accounts that a message names.
const ACCOUNTS: usize = 8;

/// Steps that a message names.
const STEPS: usize = 4;

#[expect(clippy::struct_excessive_bools, reason = "the members are those of Slack")]
#[derive(Serialize)]
struct Message {
    /// What notifications show.
    text: String,
    /// Slack looks for links, names and formatting in `text` otherwise.
    mrkdwn: bool,
    parse: &'static str,
    link_names: bool,
    unfurl_links: bool,
    unfurl_media: bool,
    blocks: Vec<Block>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
enum Block {
    Header { text: Text },
    Section { text: Text },
    Context { elements: Vec<Text> },
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
enum Text {
    Mrkdwn { text: String, verbatim: bool },
    PlainText { text: String, emoji: bool },
}

/// `alert` as one JSON object on one line, without a line feed at its end: the body for an incoming
/// webhook, to which `chat.postMessage` adds the member `channel`.
///
/// No text of the logs can mention, link or format anything: see [`mrkdwn`].
pub fn slack(alert: &Alert<'_>) -> String {
    let incident = alert.dossier.incident;
    let head = head(alert);
    let title = code(&incident.title);
    let mut blocks: Vec<Block> = Vec::new();
    blocks.push(Block::Header { text: Text::PlainText { text: head.clone(), emoji: false } });
    blocks.push(section(&title));
    blocks.push(section(&facts(alert)));
    if !alert.dossier.findings.is_empty() {
        blocks.push(section(&findings(alert)));
    }
    if alert.kind != AlertKind::Withdrawn && !alert.dossier.first_steps.is_empty() {
        blocks.push(section(&steps(alert)));
    }
    // The link is made of the address that the user gave and of a checked id.
    if let Some(link) = alert.link() {
        blocks.push(section(&format!("<{link}|Open the incident>")));
    }
    let footer = format!("Incident {} · plan: {}", code(&incident.id), code(&alert.command()));
    blocks.push(Block::Context { elements: [words_of(footer)].into() });
    crate::json::line(&Message {
        text: format!("{head}: {title}"),
        mrkdwn: false,
        parse: "none",
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
        blocks,
    })
}

/// `Critical incident opened`.
fn head(alert: &Alert<'_>) -> String {
    let severity = words::severity_name(alert.severity());
    match alert.kind {
        AlertKind::Opened => format!("{severity} incident opened"),
        AlertKind::Raised { was } => {
            format!(
                "Incident raised from {} to {}",
                words::severity(was),
                words::severity(alert.severity())
            )
        }
        AlertKind::Withdrawn => format!("{severity} incident withdrawn"),
    }
}

fn facts(alert: &Alert<'_>) -> String {
    let incident = alert.dossier.incident;
    let accounts = alert.accounts();
    let shown: Vec<String> = accounts.iter().take(ACCOUNTS).map(|account| code(account)).collect();
    let more = accounts.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "*Origin* {} {}\n*Accounts* {}{more}\n*Seen* {}",
        words::origin_noun(incident.origin.kind),
        code(&alert.origin()),
        shown.join(" "),
        words::span(incident.first_seen, incident.last_seen),
    )
}

fn findings(alert: &Alert<'_>) -> String {
    let findings = &alert.dossier.findings;
    let line = |finding: &&detect::Finding| {
        let severity = words::severity(finding.severity);
        format!("• *{severity}* `{}` {}", finding.detector, code(&finding.title))
    };
    let mut lines: Vec<String> = findings.iter().take(SLACK_FINDINGS_MAX).map(line).collect();
    let more = findings.len().saturating_sub(lines.len());
    if more > 0 {
        lines.push(format!("… and {} more", words::count(more as u64)));
    }
    lines.join("\n")
}

fn steps(alert: &Alert<'_>) -> String {
    let steps = alert.dossier.first_steps.iter().take(STEPS);
    let lines: Vec<String> = steps.map(|step| format!("• {}", code(step))).collect();
    format!("*To stop it*\n{}", lines.join("\n"))
}

fn section(text: &str) -> Block {
    Block::Section { text: words_of(String::from(text)) }
}

/// Words of our own with code spans in them: links and names in them are not looked for.
fn words_of(text: String) -> Text {
    Text::Mrkdwn { text, verbatim: true }
}

/// Text of a log.
fn code(text: &str) -> String {
    mrkdwn(text, SLACK_TEXT_MAX)
}
