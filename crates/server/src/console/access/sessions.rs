//! Sessions of people: in memory, so that a restart ends them all.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::digest;
use crate::console::problem::Problem;
use crate::console::wire::Role;

/// Sessions at once; beyond them the one that ends first is ended.
const SESSIONS_MAX: usize = 1_000;

/// A session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) user: String,
    pub(crate) role: Role,
    pub(crate) csrf: String,
    /// When it ends, in milliseconds.
    pub(crate) expires_at: i64,
}

/// All sessions, by the digest of the cookie's value.
pub(crate) struct Sessions {
    lasts: Duration,
    open: Mutex<BTreeMap<[u8; 32], Session>>,
}

impl Sessions {
    pub(crate) const fn new(lasts: Duration) -> Self {
        Self { lasts, open: Mutex::new(BTreeMap::new()) }
    }

    pub(crate) const fn lasts(&self) -> Duration {
        self.lasts
    }

    /// Begins a session; gives the value of its cookie.
    pub(crate) fn begin(
        &self,
        user: &str,
        role: Role,
        now: i64,
    ) -> Result<(String, Session), Problem> {
        let (value, csrf) = (super::random()?, super::random()?);
        let expires_at = now.saturating_add(self.lasts.as_millis() as i64);
        let session = Session { user: user.to_owned(), role, csrf, expires_at };
        let mut open = self.open();
        open.retain(|_, session| now < session.expires_at);
        while open.len() >= SESSIONS_MAX {
            let first = open.iter().min_by_key(|(_, session)| session.expires_at);
            let Some(first) = first.map(|(key, _)| *key) else {
                break;
            };
            open.remove(&first);
        }
        open.insert(digest(value.as_bytes()), session.clone());
        Ok((value, session))
    }

    pub(crate) fn find(&self, value: &str, now: i64) -> Option<Session> {
        let session = self.open().get(&digest(value.as_bytes())).cloned();
        session.filter(|session| now < session.expires_at)
    }

    pub(crate) fn end(&self, value: &str) {
        self.open().remove(&digest(value.as_bytes()));
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{SESSIONS_MAX, Sessions};
    use crate::console::wire::Role;

    #[test]
    fn a_session_ends_at_its_time_or_when_it_is_ended() {
        let sessions = Sessions::new(Duration::from_secs(10));
        let (value, session) = sessions.begin("alice", Role::Analyst, 1_000).unwrap();
        assert_eq!(session.expires_at, 11_000);
        assert_eq!(sessions.find(&value, 10_999).unwrap().user, "alice");
        assert!(sessions.find(&value, 11_000).is_none());
        assert!(sessions.find(&session.csrf, 1_000).is_none());
        sessions.end(&value);
        assert!(sessions.find(&value, 1_000).is_none());
    }

    #[test]
    fn there_are_never_more_than_so_many() {
        let sessions = Sessions::new(Duration::from_secs(10));
        let begin = |now| sessions.begin("alice", Role::Viewer, now).unwrap().0;
        let first = begin(0);
        let all: Vec<String> = (1..=SESSIONS_MAX as i64).map(begin).collect();
        assert!(sessions.find(&first, 1_000).is_none());
        assert!(all.iter().all(|value| sessions.find(value, 1_000).is_some()));
    }
}
