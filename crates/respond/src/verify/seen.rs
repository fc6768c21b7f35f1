//! What newer logs show of one thing that a plan sets.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use super::sought::Sought;
use crate::closing::{ROLE_HOURS, TOKEN_HOURS};
use crate::step::SettingOn;
use crate::watch::Call;

/// Something that a plan sets, with the calls about it since the response began.
pub(super) struct Seen<'p> {
    pub(super) sought: Sought<'p>,
    /// By time.
    pub(super) calls: Vec<Told<'p>>,
    /// First and last of them with which another than the chain set it.
    pub(super) first: Option<usize>,
    last: Option<usize>,
    /// The last of them after which there is nobody left to set it on.
    last_deletion: Option<usize>,
}

/// A call about something that a plan sets.
pub(super) struct Told<'p> {
    pub(super) call: &'p Call,
    /// Whether it sets it.
    pub(super) sets: bool,
    /// Whether a credential of the chain made it.
    pub(super) is_by_chain: bool,
}

impl<'p> Seen<'p> {
    /// `calls` about `sought`, by time; what the keys of the chain, `owned`, set themselves, such as
    /// a trust policy, is no response.
    pub(super) fn of(
        sought: Sought<'p>,
        calls: impl Iterator<Item = &'p Call>,
        owned: &BTreeSet<&str>,
    ) -> Self {
        let calls = calls.map(|call| Told {
            call,
            sets: sought.is_set_by(call),
            is_by_chain: owned.contains(call.access_key_id.as_str()),
        });
        let calls: Vec<Told<'p>> = calls.collect();
        let is_response = |told: &Told<'_>| told.sets && !told.is_by_chain;
        Self {
            first: calls.iter().position(is_response),
            last: calls.iter().rposition(is_response),
            last_deletion: calls.iter().rposition(|told| told.call.is_deletion()),
            sought,
            calls,
        }
    }

    /// When it was first set.
    pub(super) fn set_at(&self) -> Option<Timestamp> {
        Some(self.calls.get(self.first?)?.call.time)
    }

    /// Whether it was set after the call `at`.
    pub(super) fn is_set_after(&self, at: usize) -> bool {
        self.last.is_some_and(|last| last > at)
    }

    /// Whether whom it is set on was deleted after the call `at`.
    pub(super) fn is_deleted_after(&self, at: usize) -> bool {
        self.last_deletion.is_some_and(|last| last > at)
    }

    /// Until when sessions may live that it stops, at least until `until`: what was issued while a
    /// revocation spread is as old as its last round.
    pub(super) fn lives_until(&self, until: Timestamp) -> Timestamp {
        let is_of_user = self.sought.setting.on == SettingOn::UserPolicy;
        let hours = if is_of_user { TOKEN_HOURS } else { ROLE_HOURS };
        let last = self.last.and_then(|last| self.calls.get(last));
        let last = last.filter(|_| self.sought.is_revocation());
        let end = last.map(|told| Timestamp(told.call.time.0.saturating_add(hours * 3_600)));
        end.map_or(until, |end| end.max(until))
    }
}
