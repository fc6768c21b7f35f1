//! Ways to the provider that were begun and not ended.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long somebody may take at the provider, in seconds.
pub(crate) const WAY_SECS: u64 = 600;

/// The same in milliseconds.
const LASTS: i64 = WAY_SECS as i64 * 1_000;

/// Ways at once; beyond them the oldest one is ended, so that whoever begins many keeps nobody out.
const WAYS_MAX: usize = 1_000;

/// What only this program knows of each way, by its state.
pub(super) struct Ways<T>(Mutex<BTreeMap<String, (i64, T)>>);

impl<T> Default for Ways<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Ways<T> {
    pub(super) fn begin(&self, state: String, known: T, now: i64) {
        let mut begun = self.begun();
        begun.retain(|_, (until, _)| now < *until);
        while begun.len() >= WAYS_MAX {
            let oldest = begun.iter().min_by_key(|(_, (until, _))| *until);
            let Some(oldest) = oldest.map(|(state, _)| state.clone()) else {
                break;
            };
            begun.remove(&oldest);
        }
        begun.insert(state, (now.saturating_add(LASTS), known));
    }

    /// What is known of the way that was begun with `state`; from then on nothing is.
    pub(super) fn end(&self, state: &str, now: i64) -> Option<T> {
        let ended = self.begun().remove(state);
        ended.filter(|(until, _)| now < *until).map(|(_, known)| known)
    }

    fn begun(&self) -> MutexGuard<'_, BTreeMap<String, (i64, T)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{LASTS, WAYS_MAX, Ways};

    #[test]
    fn a_way_ends_once_and_in_time() {
        let ways = Ways::default();
        ways.begin("a".to_owned(), 1, 0);
        ways.begin("b".to_owned(), 2, 0);
        assert_eq!(ways.end("a", LASTS - 1), Some(1));
        assert_eq!(ways.end("a", LASTS - 1), None);
        assert_eq!(ways.end("b", LASTS), None);
        assert_eq!(ways.end("", 0), None);
    }

    #[test]
    fn whoever_begins_many_keeps_nobody_out() {
        let ways = Ways::default();
        for n in 0..=WAYS_MAX as i64 {
            ways.begin(n.to_string(), n, n);
        }
        assert_eq!(ways.end("0", 0), None);
        assert_eq!(ways.end("1", 0), Some(1));
        assert_eq!(ways.end(&WAYS_MAX.to_string(), 0), Some(WAYS_MAX as i64));
    }
}
