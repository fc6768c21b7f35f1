//! How many kinds of use of one credential are told apart.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::{Evidence, event};
use crate::limits::USE_KINDS_MAX;
use crate::memo::Memo;
use crate::usage::{Use, UseKey};

/// Kinds that were folded before tables are made anew without what they alone named.
const STALE_MIN: usize = 1 << 14;

/// How many kinds of use each credential has.
#[derive(Clone, Debug, Default)]
pub(crate) struct KindsOfUse {
    /// By the number of the credential; no less than there are.
    counts: Vec<u32>,
    /// Of credentials that may have more than are told apart, the hash and the number of each kind
    /// that is told apart.
    told_apart: HashMap<u32, BTreeSet<(u64, u32)>, RandomState>,
    /// Kinds that were folded since tables were made.
    n_stale: usize,
}

impl KindsOfUse {
    /// Counts one more kind; whether there may be too many now.
    fn add(&mut self, credential: u32) -> bool {
        let place = credential as usize;
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts.get_mut(place).is_some_and(|count| {
            *count = count.saturating_add(1);
            *count as usize > USE_KINDS_MAX
        })
    }

    /// Counts what was folded in other evidence, whose tables were taken in.
    pub(super) const fn add_stale(&mut self, other: &Self) {
        self.n_stale = self.n_stale.saturating_add(other.n_stale);
    }
}

impl Evidence {
    /// Changes the use of `key` if it is known, and adds `new` if it is not.
    ///
    /// Of one credential, kinds beyond [`USE_KINDS_MAX`] are folded: those with the greatest
    /// hashes. The smallest ones of a union are the smallest of the smallest of its parts, so that
    /// what is folded in a part is folded in the whole.
    pub(crate) fn add_use<T>(
        &mut self,
        key: UseKey,
        value: T,
        change: impl FnOnce(&mut Use, T),
        new: impl FnOnce(T) -> Use,
    ) {
        let added = self.uses.add(key, value, change, new);
        if let Some(number) = added.filter(|_| self.kinds_of_use.add(key.credential)) {
            self.limit(key, number);
        }
    }

    /// Credentials of whose use not every kind is told apart.
    pub fn n_folded(&self) -> usize {
        let counts = (0..).zip(&self.kinds_of_use.counts);
        let is_many = |count: u32| count as usize > USE_KINDS_MAX;
        let mut kinds: HashMap<u32, [usize; 2], RandomState> =
            counts.filter(|(_, count)| is_many(**count)).map(|(at, _)| (at, [0; 2])).collect();
        if kinds.is_empty() {
            return 0;
        }
        for (key, _) in self.uses.iter() {
            if let Some([told_apart, folded]) = kinds.get_mut(&key.credential) {
                let kind = if self.has_folded(*key) { folded } else { told_apart };
                *kind += 1;
            }
        }
        let is_folded =
            |[told_apart, folded]: &&[usize; 2]| *told_apart >= USE_KINDS_MAX && *folded > 0;
        kinds.values().filter(is_folded).count()
    }

    /// Makes the tables anew where much of them is named by nothing any longer.
    pub(crate) fn tidy(&mut self) {
        if self.kinds_of_use.n_stale < STALE_MIN.max(self.uses.len()) {
            return;
        }
        let (texts, sources) = (mem::take(&mut self.texts), mem::take(&mut self.sources));
        let uses = mem::take(&mut self.uses);
        (self.kinds_of_use, self.memo) = (KindsOfUse::default(), Memo::default());
        // The empty text comes first here as everywhere.
        let shared = texts.rows().filter(|[text]| text.is_empty() || Arc::strong_count(text) > 1);
        for row in shared {
            self.texts.add(row.clone());
        }
        for (key, events) in uses.into_iter() {
            let rows =
                (sources.row(key.source), texts.row(key.user_agent), texts.row(key.error_code));
            if let (Some(source), Some(user_agent), Some(error_code)) = rows {
                let key = UseKey {
                    source: self.sources.add(source.clone()),
                    user_agent: self.texts.add(user_agent.clone()),
                    error_code: self.texts.add(error_code.clone()),
                    ..key
                };
                self.add_use(key, events, Use::merge, |events| events);
            }
        }
    }

    /// Folds a kind of the credential of `key`, of number `number`, which was added just now, where
    /// there are too many.
    fn limit(&mut self, key: UseKey, number: u32) {
        let mut told_apart = self.told_apart(key, number);
        let greatest = if told_apart.len() > USE_KINDS_MAX { told_apart.pop_last() } else { None };
        if let Some((_, greatest)) = greatest {
            let folded = self.uses.swap_remove(greatest);
            // The one that was added last has another number now.
            if greatest != number {
                let hash = self.hash_of_kind(key);
                told_apart.remove(&(hash, number));
                told_apart.insert((hash, greatest));
            }
            if let Some((key, events)) = folded {
                let key = self.folded(key);
                self.uses.add(key, events, Use::merge, |events| events);
            }
            self.kinds_of_use.n_stale = self.kinds_of_use.n_stale.saturating_add(1);
        }
        self.kinds_of_use.told_apart.insert(key.credential, told_apart);
    }

    /// The kinds that are told apart of the credential of `key`, among them that of `key` itself.
    fn told_apart(&mut self, key: UseKey, number: u32) -> BTreeSet<(u64, u32)> {
        if let Some(mut told_apart) = self.kinds_of_use.told_apart.remove(&key.credential) {
            if !self.has_folded(key) {
                told_apart.insert((self.hash_of_kind(key), number));
            }
            return told_apart;
        }
        let numbered = |number: u32| Some((*self.uses.get(number)?.0, number));
        let keys = self.uses.of_credential(key.credential).filter_map(numbered);
        let told_apart = keys.filter(|(key, _)| !self.has_folded(*key));
        told_apart.map(|(key, number)| (self.hash_of_kind(key), number)).collect()
    }

    /// The kind that `key` is folded into: without address, endpoint and client.
    fn folded(&mut self, key: UseKey) -> UseKey {
        let invoked_by = self.sources.row(key.source).map(|[.., text]| Arc::clone(text));
        let none = || Arc::<str>::from("");
        let source = [none(), none(), none(), invoked_by.unwrap_or_default()];
        UseKey { source: self.sources.add(source), user_agent: self.texts.number([""]), ..key }
    }

    /// Whether a kind of use from the source of number `source` by the client of number
    /// `user_agent` has neither address nor endpoint nor client: it holds all those of its call,
    /// outcome, account and Region that are not told apart.
    pub fn is_folded(&self, source: u32, user_agent: u32) -> bool {
        let is_nowhere = |[address, endpoint, account, _]: &[Arc<str>; 4]| {
            address.is_empty() && endpoint.is_empty() && account.is_empty()
        };
        self.sources.row(source).is_some_and(is_nowhere)
            && self.texts.row(user_agent).is_some_and(|[text]| text.is_empty())
    }

    fn has_folded(&self, key: UseKey) -> bool {
        self.is_folded(key.source, key.user_agent)
    }

    /// A hash of what tells a kind of use from others of its credential, which depends on no order.
    fn hash_of_kind(&self, key: UseKey) -> u64 {
        let text = |number: u32| self.texts.row(number).map_or("", |[text]| text);
        let of = |row: Option<&[Arc<str>; 2]>| {
            let [first, second] = row.map_or(["", ""], |[first, second]| [first, second]);
            event::hash_of_texts([first, second])
        };
        let source = self.sources.row(key.source).map_or(0, |[address, endpoint, account, by]| {
            event::hash_of_texts([&**address, endpoint, account, by])
        });
        let texts = event::hash_of_texts([text(key.user_agent), text(key.error_code)]);
        event::joined(
            source,
            [texts, of(self.actions.row(key.action)), of(self.places.row(key.place))],
        )
    }
}
