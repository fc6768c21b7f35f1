//! What evidence keeps of the calls that set or undo what plans set.
//!
//! A store holds evidence and no records. Evidence keeps what lasts: policies that were written or
//! attached, and the status of keys. Of calls that take something away it keeps who made them and
//! when, and not on what.

use alloc::string::{String, ToString};

use cloudtrail::Timestamp;
use evidence::{Credential, EventRef, Evidence};

use super::{CALLS, Call, Watch};
use crate::step::SettingOn;

/// Calls that undo something, from one caller and one address.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Deletion {
    pub(crate) last: Timestamp,
    pub(crate) first: Timestamp,
    pub(crate) on: SettingOn,
    pub(crate) account_id: String,
    pub(crate) event_name: String,
    pub(crate) by: String,
    pub(crate) access_key_id: String,
    pub(crate) source_ip_address: String,
}

/// Calls that undo something and that evidence keeps as uses alone, with their service.
const UNTOLD: [(&str, &str); 6] = [
    ("iam.amazonaws.com", "DeleteRolePolicy"),
    ("iam.amazonaws.com", "DeleteUserPolicy"),
    ("iam.amazonaws.com", "DetachUserPolicy"),
    ("organizations.amazonaws.com", "DeletePolicy"),
    ("organizations.amazonaws.com", "DetachPolicy"),
    ("organizations.amazonaws.com", "UpdatePolicy"),
];

impl Watch {
    /// What `evidence`, of which there are no records, tells.
    pub fn of(evidence: &Evidence) -> Self {
        let mut watch = Self { is_of_store: true, ..Self::default() };
        for change in evidence.changes() {
            for (_, on, sets) in rows(&change.event.event_name) {
                let mut call = call(&change.event, &change.caller, *on, *sets);
                call.writes(&change.document);
                call.name = change.name.to_string();
                if on.is_inline() || *on == SettingOn::AttachedUserPolicy {
                    call.detail = change.detail.to_string();
                }
                watch.calls.insert(call);
            }
        }
        for status in evidence.key_statuses() {
            let on = SettingOn::AccessKey;
            let mut call = call(&status.event, &status.caller, on, !status.is_active);
            call.detail = status.access_key_id.to_string();
            watch.calls.insert(call);
        }
        watch.deletions = deletions(evidence).collect();
        watch
    }
}

fn rows(event_name: &str) -> impl Iterator<Item = &'static (&'static str, SettingOn, bool)> {
    CALLS.iter().filter(move |(name, ..)| *name == event_name)
}

fn call(event: &EventRef, caller: &Credential, on: SettingOn, sets: bool) -> Call {
    Call {
        time: event.event_time,
        on,
        account_id: event.recipient_account_id.to_string(),
        name: String::new(),
        detail: String::new(),
        sets,
        policy: None,
        event_name: event.event_name.to_string(),
        event_id: event.event_id_text().unwrap_or_default(),
        by: caller.arn.to_string(),
        access_key_id: caller.access_key_id.to_string(),
        source_ip_address: event.source_ip_address.to_string(),
    }
}

fn deletions(evidence: &Evidence) -> impl Iterator<Item = Deletion> {
    let succeeded = evidence.uses().filter(|view| view.error_code.is_empty());
    succeeded.filter_map(|view| {
        let called = (&**view.event_source, &**view.event_name);
        let (_, on, _) = rows(called.1).find(|_| UNTOLD.contains(&called))?;
        Some(Deletion {
            last: view.events.last,
            first: view.events.first,
            on: *on,
            account_id: view.account_id.to_string(),
            event_name: view.event_name.to_string(),
            by: view.of.arn.to_string(),
            access_key_id: view.of.access_key_id.to_string(),
            source_ip_address: view.source.address.to_string(),
        })
    })
}
