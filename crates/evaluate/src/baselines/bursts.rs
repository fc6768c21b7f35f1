//! Rules about many different calls in a short time.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::Arc;

use cloudtrail::Timestamp;

use super::Rule;
use crate::event::Event;

const DENIED_WINDOW: i64 = 600;
const DENIED_MIN: usize = 5;
const READ_WINDOW: i64 = 10;
const READ_MIN: usize = 11;

/// The calls of a principal that still count, oldest first.
type Recent = BTreeMap<Arc<str>, VecDeque<(Timestamp, Arc<str>)>>;

/// Remembers the newest calls of each principal.
#[derive(Debug, Default)]
pub(super) struct Enumeration {
    denied: Recent,
    read: Recent,
}

impl Rule for Enumeration {
    fn fires(&mut self, event: &Event) -> bool {
        if event.is_through_service() {
            return false;
        }
        let reads = ["Describe", "Get", "List"];
        if !event.succeeded {
            return n_different(&mut self.denied, event, DENIED_WINDOW) >= DENIED_MIN;
        }
        reads.iter().any(|read| event.name.starts_with(read))
            && n_different(&mut self.read, event, READ_WINDOW) >= READ_MIN
    }
}

/// How many different calls `recent` has of the caller of `event` in the last `window` seconds.
fn n_different(recent: &mut Recent, event: &Event, window: i64) -> usize {
    let calls = recent.entry(Arc::clone(&event.principal)).or_default();
    calls.push_back((event.time, Arc::clone(&event.name)));
    while calls.front().is_some_and(|(time, _)| event.time.seconds_since(*time) > window) {
        calls.pop_front();
    }
    let mut names: alloc::vec::Vec<&str> = calls.iter().map(|(_, name)| &**name).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}
