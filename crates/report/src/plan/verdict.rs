//! What a verification found, as text and JSON.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use respond::{Answer, CredentialVerdict, Setting, SettingOn, Standing, Undone, Untold, Verdict};

use super::put;
use crate::escape;
use crate::page::{Line, Page, Paint, Style};
use crate::words;

/// Columns of one line of a verdict.
const COLUMNS_MAX: usize = 2_000;

/// Parts of logs that were not read and are listed.
const UNREAD_MAX: usize = 20;

/// The parts of logs that were not read, as they are listed: the first of them, and how many more
/// there are.
pub fn unread_lines(unread: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = unread.iter().take(UNREAD_MAX).cloned().collect();
    if let Some(left) = unread.len().checked_sub(UNREAD_MAX).filter(|left| *left > 0) {
        lines.push(format!("{} more", words::count(left as u64)));
    }
    lines
}

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
    let (paint, answer) = answer(verdict);
    page.say(paint, &answer);
    read(&mut page, verdict);
    for (heading, paint, list) in [
        ("Undone", Paint::Red, &verdict.undone),
        ("Written again: look whether it is right", Paint::Orange, &verdict.written_again),
        ("Taken back as planned", Paint::Faint, &verdict.taken_back),
    ] {
        if !list.is_empty() {
            page.gap();
            page.say(Paint::Bold, heading);
        }
        for undone in list {
            self::undone(&mut page, undone, paint);
        }
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
        page.say(
            Paint::Bold,
            "Not seen to be set in these logs: do the step, or look by its check",
        );
    }
    for setting in &verdict.not_seen {
        page.line(&Line::new(2, 4).prose(Paint::Faint, &set(setting), COLUMNS_MAX));
    }
    page.into_text()
}

/// What it comes to, in one line.
fn answer(verdict: &Verdict) -> (Paint, String) {
    let of = |standing: Standing| {
        verdict.credentials.iter().filter(|one| one.standing == standing).count() as u64
    };
    let (paint, mut answer) = match verdict.answer {
        Answer::NotClean => (Paint::Red, not_clean(verdict, of(Standing::StillSucceeding))),
        Answer::CannotTell if verdict.is_unanswered => {
            let text = "Nothing that the plan sets is seen, and nothing of the chain since: what \
                        still works cannot be told.";
            (Paint::Orange, text.into())
        }
        Answer::CannotTell => {
            let missing = listed(&missing(verdict));
            let text =
                format!("Nothing of this incident is seen to work, but {missing}: not clean.");
            (Paint::Orange, text)
        }
        Answer::Clean => {
            (Paint::Bold, "Clean: nothing of this incident is seen to work in these logs.".into())
        }
    };
    let spreading = of(Standing::Spreading);
    if spreading > 0 {
        let text = words::counted(spreading, "credential");
        let when = "succeeded within five minutes of the revocation, while it was spreading";
        put(&mut answer, format_args!(" {text} {when}."));
    }
    (paint, answer)
}

fn not_clean(verdict: &Verdict, works: u64) -> String {
    let undone = verdict.undone.iter().filter(|undone| !undone.is_set_again).count() as u64;
    let is_many = |number: u64| number != 1;
    let mut parts: Vec<String> = Vec::new();
    if works > 0 {
        let verb = if is_many(works) { "work" } else { "works" };
        parts
            .push(format!("{} of this incident still {verb}", words::counted(works, "credential")));
    }
    if undone > 0 {
        let verb = if is_many(undone) { "were" } else { "was" };
        let things = words::counted(undone, "thing");
        parts.push(format!("{things} that the plan sets {verb} undone"));
    }
    format!("Not clean: {}.", listed(&parts))
}

/// Why it cannot be told that all is well.
fn missing(verdict: &Verdict) -> Vec<String> {
    let counts = [
        (verdict.open(), "credential", "of the chain", "last seen minutes after its revocation"),
        (verdict.not_seen.len(), "thing", "of the plan", "not seen to be set"),
        (verdict.unseen_accounts.len(), "account", "of the chain", "not in these logs"),
        (verdict.unread.len(), "part", "of these logs", "not read"),
        (verdict.written_again.len(), "thing", "of the plan", "written again by somebody"),
        (verdict.early(), "thing", "of the plan", "taken back while sessions may live"),
        (verdict.untold.len(), "call", "of these logs", "about what a store does not keep"),
    ];
    let told = counts.iter().filter(|(number, ..)| *number > 0);
    let told = told.map(|(number, noun, of, what)| {
        let verb = if *number == 1 { "is" } else { "are" };
        format!("{} {of} {verb} {what}", words::counted(*number as u64, noun))
    });
    told.collect()
}

/// `a, b and c`.
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
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
    if let Some(time) = &verdict.verify_again {
        let text = format!("Sessions of the chain may live until {time}: verify again then.");
        page.say(Paint::Orange, &text);
    }
    for unread in unread_lines(&verdict.unread) {
        page.say(Paint::Orange, &escape::cut(&format!("Not read: {unread}"), COLUMNS_MAX));
    }
    if !verdict.unseen_accounts.is_empty() {
        let accounts = verdict.unseen_accounts.join(", ");
        let text = format!(
            "No event since the response of these accounts of the chain: {accounts}. Absence of events is not proof of absence."
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

/// ` from 192.0.2.1`; nothing where the address is not known.
fn from(address: &str) -> String {
    if address.is_empty() { String::new() } else { format!(" from {address}") }
}

fn undone(page: &mut Page, undone: &Undone, paint: Paint) {
    let by = if undone.by.is_empty() { "somebody" } else { &undone.by };
    let chain = if undone.is_by_chain { ", a credential of the chain," } else { "" };
    let again = match (undone.is_set_again, undone.is_early) {
        (true, _) => "; set again later",
        (false, true) => "; sessions may have been alive then",
        (false, false) => "",
    };
    let text = format!(
        "{}: {} at {} by {by}{chain}{} (event {}){again}",
        set(&undone.setting),
        undone.event_name,
        undone.event_time,
        from(&undone.source_ip_address),
        undone.event_id
    );
    let paint = if undone.is_set_again && paint == Paint::Red { Paint::Orange } else { paint };
    page.line(&Line::new(2, 4).prose(paint, &text, COLUMNS_MAX));
}

fn untold(page: &mut Page, untold: &Untold) {
    let by = if untold.by.is_empty() { "somebody" } else { &untold.by };
    let chain = if untold.is_by_chain { ", a credential of the chain," } else { "" };
    let text = format!(
        "{} in {} by {by}{chain}{}, first at {}, last at {}",
        untold.event_name,
        untold.account_id,
        from(&untold.source_ip_address),
        untold.first,
        untold.last
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
