//! What a verification found, as text and JSON.

use alloc::format;
use alloc::string::String;

use respond::{CredentialVerdict, Setting, SettingOn, Standing, Undone, Untold, Verdict};

use crate::escape;
use crate::page::{Line, Page, Paint, Style};
use crate::words;

/// Columns of one line of a verdict.
const COLUMNS_MAX: usize = 2_000;

/// The verdict as one JSON object.
pub fn verdict_json(verdict: &Verdict) -> String {
    // Serializing fails on maps whose keys are not text alone, and a verdict holds no map.
    let mut text = serde_json::to_string_pretty(verdict).unwrap_or_default();
    text.push('\n');
    escape::json(text)
}

/// The verdict as text for a terminal.
pub fn verdict_text(verdict: &Verdict, style: &Style) -> String {
    let mut page = Page::of(style);
    let (paint, answer) = if verdict.is_alarming() {
        (Paint::Red, "Something of this incident still works, or what stopped it was undone.")
    } else if verdict.is_unanswered {
        let answer = "Nothing that the plan sets is seen, and nothing of the chain since: what still \
                      works cannot be told.";
        (Paint::Orange, answer)
    } else {
        (Paint::Bold, "Nothing of this incident is seen to work in these logs.")
    };
    page.say(paint, answer);
    read(&mut page, verdict);
    if !verdict.undone.is_empty() {
        page.gap();
        page.say(Paint::Bold, "Undone");
    }
    for undone in &verdict.undone {
        self::undone(&mut page, undone);
    }
    if !verdict.untold.is_empty() {
        page.gap();
        page.say(Paint::Bold, "May have undone something: the logs tell on what");
    }
    for untold in &verdict.untold {
        self::untold(&mut page, untold);
    }
    page.gap();
    page.say(Paint::Bold, "Credentials of the chain");
    for credential in &verdict.credentials {
        self::credential(&mut page, credential);
    }
    if !verdict.not_seen.is_empty() {
        page.gap();
        page.say(Paint::Bold, "Not seen to be set in these logs");
    }
    for setting in &verdict.not_seen {
        page.line(&Line::new(2, 4).prose(Paint::Faint, &set(setting), COLUMNS_MAX));
    }
    page.into_text()
}

/// What was read, and what it cannot tell.
fn read(page: &mut Page, verdict: &Verdict) {
    match &verdict.span {
        Some((first, last)) => {
            page.say(Paint::Faint, &format!("Read events from {first} to {last}."));
        }
        None => {
            page.say(Paint::Orange, "There is no event in these logs: nothing can be said.");
        }
    }
    if !verdict.unseen_accounts.is_empty() {
        let accounts = verdict.unseen_accounts.join(", ");
        let text = format!(
            "No event of these accounts of the chain: {accounts}. Absence of events is not proof of absence."
        );
        page.say(Paint::Orange, &text);
    }
    if verdict.is_of_store {
        let text = "A store keeps what was set, but neither what was deleted or detached nor what \
                    was set in the organization: verify against the logs to know that, too.";
        page.say(Paint::Orange, text);
    }
}

fn credential(page: &mut Page, credential: &CredentialVerdict) {
    let (paint, standing) = match credential.standing {
        Standing::Silent => (Paint::Faint, "silent"),
        Standing::Denied => (Paint::Plain, "denied"),
        Standing::Spreading => (Paint::Orange, "succeeded while the change was spreading"),
        Standing::StillSucceeding => (Paint::Red, "STILL SUCCEEDING"),
    };
    let mut line = Line::new(2, 4)
        .prose(paint, standing, COLUMNS_MAX)
        .part(Paint::Plain, &escape::cut(&credential.who, COLUMNS_MAX));
    for key in credential.access_key_ids.iter().take(8) {
        line = line.word(Paint::Plain, &escape::cut(key, 128));
    }
    if credential.is_new {
        line = line.part(Paint::Red, "new since the plan");
    }
    for (word, time) in [
        ("stopped", &credential.stopped),
        ("last success", &credential.last_success),
        ("last denied", &credential.last_denied),
    ] {
        if let Some(time) = time {
            line = line.part(Paint::Faint, &format!("{word} {time}"));
        }
    }
    page.line(&line);
    if credential.standing >= Standing::Spreading {
        for call in &credential.succeeded {
            page.line(&Line::new(4, 6).prose(Paint::Plain, call, COLUMNS_MAX));
        }
    }
}

fn undone(page: &mut Page, undone: &Undone) {
    let by = if undone.by.is_empty() { "somebody" } else { &undone.by };
    let chain = if undone.is_by_chain { ", a credential of the chain," } else { "" };
    let again = if undone.is_set_again { "; set again later" } else { "" };
    let text = format!(
        "{}: {} at {} by {by}{chain} from {} (event {}){again}",
        set(&undone.setting),
        undone.event_name,
        undone.event_time,
        undone.source_ip_address,
        undone.event_id
    );
    let paint = if undone.is_set_again { Paint::Orange } else { Paint::Red };
    page.line(&Line::new(2, 4).prose(paint, &text, COLUMNS_MAX));
}

fn untold(page: &mut Page, untold: &Untold) {
    let by = if untold.by.is_empty() { "somebody" } else { &untold.by };
    let chain = if untold.is_by_chain { ", a credential of the chain," } else { "" };
    let text = format!(
        "{} in {} by {by}{chain} from {}, first at {}, last at {}",
        untold.event_name, untold.account_id, untold.source_ip_address, untold.first, untold.last
    );
    page.line(&Line::new(2, 4).prose(Paint::Orange, &text, COLUMNS_MAX));
}

/// What was set, in words.
fn set(setting: &Setting) -> String {
    let (name, detail, account) = (&setting.name, &setting.detail, &setting.account_id);
    match setting.on {
        SettingOn::AccessKey => format!("key {detail} of user {name} in {account} inactive"),
        SettingOn::AttachedUserPolicy => {
            format!("policy {} on user {name} in {account}", words::last_part(detail))
        }
        SettingOn::InstanceProfile => format!("instance {name} in {account} without a role"),
        SettingOn::LoginProfile => format!("user {name} in {account} without a password"),
        SettingOn::OrganizationPolicy => format!("policy {name} of the organization {account}"),
        SettingOn::RolePolicy => format!("policy {detail} on role {name} in {account}"),
        SettingOn::TrustPolicy => format!("trust policy of role {name} in {account}"),
        SettingOn::UserPolicy => format!("policy {detail} on user {name} in {account}"),
    }
}
