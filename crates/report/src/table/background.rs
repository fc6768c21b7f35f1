//! What is known about the workload that a lineage begins at, as a compact block.

use alloc::format;
use alloc::string::String;

use detect::{Background, BackgroundChange, Count, KnownAddress, LaunchedBy, WorkloadSession};

use super::{more_at, told};
use crate::escape;
use crate::limits::{BACKGROUND_SHOWN_MAX, NAME_COLUMNS_MAX, REASON_COLUMNS_MAX};
use crate::page::{Line, Page, Paint};
use crate::places;
use crate::words;

/// Columns of the words at the beginning of a line.
const LABEL: usize = 9;

/// Adds `background` from column `indent` on, with its sessions where `has_sessions`.
pub(crate) fn background(
    page: &mut Page,
    indent: usize,
    background: &Background,
    has_sessions: bool,
) {
    let block = Block { indent };
    block.identity(page, background);
    let shown = if page.style().all { usize::MAX } else { BACKGROUND_SHOWN_MAX };
    for (number, known) in background.addresses.iter().take(shown).enumerate() {
        block.address(page, number == 0, known);
    }
    block.more(page, background.addresses.len().saturating_sub(shown), "address");
    block.launch(page, background);
    block.metadata(page, background);
    // The latest changes are the nearest to what was found.
    let hidden = background.changes.len().saturating_sub(shown);
    for (number, change) in background.changes.iter().skip(hidden).enumerate() {
        block.change(page, number == 0, change);
    }
    block.more(page, hidden, "earlier change");
    block.left_out(page, background.changes_left_out, "more change");
    if has_sessions {
        for (number, session) in background.sessions.iter().take(shown).enumerate() {
            block.session(page, number == 0, session);
        }
        block.more(page, background.sessions.len().saturating_sub(shown), "session");
        block.left_out(page, background.sessions_left_out, "more session");
    }
}

/// Lines that begin with a word and go on beneath each other.
struct Block {
    indent: usize,
}

impl Block {
    fn line(&self, label: &str) -> Line {
        let hang = self.indent + LABEL + 2;
        Line::labelled(self.indent, hang, Paint::Faint, label)
    }

    /// A line whose label is said once.
    fn listed(&self, is_first: bool, label: &str) -> Line {
        self.line(if is_first { label } else { "" })
    }

    fn more(&self, page: &mut Page, number: usize, noun: &str) {
        more_at(page, self.indent + LABEL + 2, number, noun);
    }

    fn left_out(&self, page: &mut Page, number: u64, noun: &str) {
        if number > 0 {
            let text = format!("… {} not listed in any report", words::counted(number, noun));
            page.line(&self.line("").prose(Paint::Faint, &text, 120));
        }
    }

    fn identity(&self, page: &mut Page, background: &Background) {
        let id = background.instance_id.as_deref().or(background.role_arn.as_deref());
        let label = if background.instance_id.is_some() { "instance" } else { "workload" };
        let mut line = self.line(label).part(Paint::Bold, &cut(id.unwrap_or("not known")));
        if let Some(name) = background.name.as_deref().filter(|name| !name.is_empty()) {
            line = line.word(Paint::Bold, &format!("({})", cut(name)));
        }
        let account = background.account_id.as_deref();
        let facts = [
            account.map(|account| format!("acct {}", cut(account))),
            background.region.as_deref().map(cut),
            background.vpc_id.as_deref().map(cut),
            background.subnet_id.as_deref().map(cut),
        ];
        for fact in facts.iter().flatten() {
            line = line.part(Paint::Plain, fact);
        }
        if page.style().all {
            let image = background.image_id.as_deref().into_iter();
            let groups = background.security_group_ids.iter().map(AsRef::as_ref);
            for fact in image.chain(groups) {
                line = line.part(Paint::Faint, &cut(fact));
            }
        }
        if let Some(role) = background.role_arn.as_deref().filter(|role| id != Some(*role)) {
            line = line.part(Paint::Plain, &format!("role {}", cut(words::last_part(role))));
        }
        page.line(&line);
    }

    fn address(&self, page: &mut Page, is_first: bool, known: &KnownAddress) {
        let mut line = self
            .listed(is_first, "home")
            .part(Paint::Plain, &cut(&known.address))
            .prose(Paint::Faint, &known.because, REASON_COLUMNS_MAX);
        let since = known.since.filter(|since| !known.because.contains(&format!("{since}")));
        if let Some(since) = since {
            line = line.part(Paint::Faint, &format!("since {}", words::second(since)));
        }
        if let Some(until) = known.until {
            line = line.part(Paint::Faint, &format!("until {}", words::second(until)));
        }
        page.line(&line);
    }

    fn launch(&self, page: &mut Page, background: &Background) {
        if let Some(launch) = &background.launch {
            let line = self.line("launched").part(Paint::Plain, &words::second(launch.event_time));
            page.line(&launched_by(line, launch));
        } else if let Some(time) = background.launched_at {
            let line = self.line("launched").part(Paint::Plain, &words::second(time));
            page.line(&line.prose(Paint::Faint, "by a call that is not in these logs", 80));
        }
        if let Some(time) = background.terminated_at {
            let line = self.line("ended").part(Paint::Plain, &words::second(time));
            page.line(&line.prose(Paint::Faint, "by termination", 80));
        }
    }

    fn metadata(&self, page: &mut Page, background: &Background) {
        let parts = metadata(background);
        if !parts.is_empty() {
            page.line(&self.line("metadata").prose(Paint::Plain, &parts, REASON_COLUMNS_MAX));
        }
    }

    fn change(&self, page: &mut Page, is_first: bool, change: &BackgroundChange) {
        let call = format!("{}:{}", words::service(&change.event_source), change.event_name);
        let mut line = self
            .listed(is_first, "before")
            .part(Paint::Plain, &words::second(change.event_time))
            .part(Paint::Plain, &escape::cut(&call, 2 * NAME_COLUMNS_MAX))
            .prose(Paint::Plain, &format!("({})", change.what), REASON_COLUMNS_MAX);
        if let Some(arn) = change.principal_arn.as_deref() {
            line = line.word(Paint::Faint, &format!("by {}", cut(places::principal(arn))));
        }
        if !change.source_ip_address.is_empty() {
            line = line.word(Paint::Faint, &format!("from {}", cut(&change.source_ip_address)));
        }
        page.line(&line);
    }

    fn session(&self, page: &mut Page, is_first: bool, session: &WorkloadSession) {
        let mut line = self.listed(is_first, "sessions");
        if let Some(time) = session.issued_at {
            line = line.part(Paint::Plain, &words::second(time));
        }
        for key in &session.access_key_ids {
            line = line.part(Paint::Plain, &cut(key));
        }
        line = line.part(Paint::Faint, &words::calls(session.calls));
        if !session.places.is_empty() {
            let places = format!("from {}", session.places.join(", "));
            line = line.prose(Paint::Plain, &places, REASON_COLUMNS_MAX);
        }
        page.line(&line);
    }
}

fn launched_by(mut line: Line, launch: &LaunchedBy) -> Line {
    if let Some(arn) = launch.principal_arn.as_deref() {
        line = line.word(Paint::Plain, &format!("by {}", cut(places::principal(arn))));
    }
    if !launch.source_ip_address.is_empty() {
        line = line.word(Paint::Plain, &format!("from {}", cut(&launch.source_ip_address)));
    }
    line.prose(Paint::Faint, &format!("({})", lineage(launch)), REASON_COLUMNS_MAX)
}

/// `1 hop from long-term key AKIA… of build-legacy, account 111122223333`.
pub(crate) fn lineage(launch: &LaunchedBy) -> String {
    let origin = told::origin_text(&launch.origin);
    match launch.roles.len() {
        0 => format!("origin: {origin}"),
        hops => format!("{} from {origin}", words::counted(hops as u64, "hop")),
    }
}

/// What is known about the metadata service, and how its keys were used.
pub(crate) fn metadata(background: &Background) -> String {
    let tokens = background.http_tokens.as_deref().map(|tokens| match tokens {
        "optional" => String::from("version 1 admitted (httpTokens optional)"),
        "required" => String::from("version 2 alone (httpTokens required)"),
        other => format!("httpTokens {other}"),
    });
    let limit = background.http_put_response_hop_limit;
    let limit = limit.map(|limit| format!("hop limit {limit}"));
    let calls = match background.calls_by_imds_version {
        [Count { events: 0, .. }, Count { events: 0, .. }] => None,
        [first, second] => Some(format!(
            "{} with keys of version 1, {} of version 2",
            words::calls(first),
            words::number(second)
        )),
    };
    let parts: alloc::vec::Vec<String> = [tokens, limit, calls].into_iter().flatten().collect();
    parts.join(", ")
}

fn cut(text: &str) -> String {
    escape::cut(text, NAME_COLUMNS_MAX).into_owned()
}
