//! Why a finding is not in the later document.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde_json::Value;

use super::{list, number, text};
use crate::words;

/// Places that are named for one finding.
const PLACES_MAX: usize = 4;

/// What the later document knows, as far as it explains that a finding is gone.
pub(super) struct Known<'v> {
    /// Addresses and endpoints that it calls a workload's own, and why.
    home: BTreeMap<&'v str, &'v str>,
    /// What it had to go by beyond the logs that the earlier one had not.
    beyond_logs: Vec<String>,
    /// When it begins.
    first_event: Option<&'v str>,
    /// Events that the earlier document has beyond it.
    fewer_events: u64,
}

impl<'v> Known<'v> {
    pub(super) fn of(before: &'v Value, after: &'v Value) -> Self {
        let mut home = BTreeMap::new();
        for known in list(after, "incidents").filter_map(|incident| incident.get("background")) {
            for known in list(known, "addresses") {
                home.extend(text(known, "address").zip(text(known, "because")));
            }
        }
        for told in list(after, "findings").filter_map(|finding| finding.get("elsewhere")) {
            for place in list(told, "home") {
                let because = text(place, "because").unwrap_or_default();
                home.extend(names(place).map(|name| (name, because)));
            }
        }
        let coverage = |document: &'v Value| document.get("coverage").unwrap_or(&Value::Null);
        let (earlier, later) = (coverage(before), coverage(after));
        let known_before: Vec<String> = notes(earlier).collect();
        Self {
            home,
            beyond_logs: notes(later).filter(|note| !known_before.contains(note)).collect(),
            first_event: text(later, "first_event"),
            fewer_events: number(earlier, "events").saturating_sub(number(later, "events")),
        }
    }

    /// Why `finding` is gone.
    pub(super) fn why(&self, finding: &Value) -> Vec<String> {
        let foreign = finding.get("elsewhere").into_iter().flat_map(|told| list(told, "foreign"));
        let explained = foreign.flat_map(names).filter_map(|name| {
            let because = self.home.get(name)?;
            Some(format!("{name} is now known as its own: {because}"))
        });
        let mut why: Vec<String> = explained.take(PLACES_MAX).collect();
        if !why.is_empty() {
            return why;
        }
        why.extend(self.beyond_logs.iter().take(PLACES_MAX).cloned());
        // A document of other events explains nothing.
        if let Some((begin, seen)) = self.first_event.zip(text(finding, "first_seen"))
            && seen < begin
        {
            why.push(format!("the later document begins at {begin}, after it was first seen"));
        }
        if self.fewer_events > 0 {
            let fewer = words::counted(self.fewer_events, "event");
            why.push(format!("the later document has {fewer} fewer"));
        }
        if why.is_empty() {
            why = vec!["the events that explain it arrived".to_owned()];
        }
        why
    }
}

/// What a scan had to go by beyond the logs: notes that are about no records.
fn notes(coverage: &Value) -> impl Iterator<Item = String> {
    let beyond = list(coverage, "notes").filter(|note| number(note, "records") == 0);
    beyond.filter_map(|note| {
        let (text, source) = text(note, "text").zip(text(note, "source"))?;
        Some(format!("the later scan goes by more: {text} ({source})"))
    })
}

/// The endpoint of a place, or its addresses: through an endpoint, addresses are those of any VPC.
fn names(place: &Value) -> impl Iterator<Item = &str> {
    let endpoint = text(place, "vpc_endpoint_id");
    let addresses = list(place, "addresses").filter_map(Value::as_str);
    endpoint.into_iter().chain(addresses.filter(move |_| endpoint.is_none()))
}
