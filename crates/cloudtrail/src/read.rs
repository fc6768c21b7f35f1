//! Bytes of a document of unknown shape become records.
//!
//! A document is a stream of JSON objects, whatever stands between them: an array, one object a
//! line, objects without separators, or an array whose commas are missing. Objects that wrap
//! records are opened.

use alloc::string::String;

use memchr::memmem;

use crate::fields::{Content, Fields};
use crate::frame::{self, End};
use crate::history_csv;
use crate::limits::{RECORD_BYTES_MAX, RESYNC_BYTES_MAX, UNCLOSED_RATIO_MAX, WRAPPERS_MAX};
use crate::members::{self, Extent};
use crate::record::Record;
use crate::skipped::{Outcome, Reason, SetAside};

/// Keys whose array holds the records of a document, when they come first in its object.
const ARRAY_KEYS: [&str; 3] = ["\"Records\"", "\"Events\"", "\"logEvents\""];

/// How a record begins as CloudTrail writes it.
const MARKER: &[u8] = b"{\"event";
/// What the name of its first member goes on with.
const MARKED: [&[u8]; 2] = [b"Version\"", b"Time\""];

/// Reads a document and hands every record to `sink`.
///
/// Understood are `{"Records":[…]}`, a bare array, one object a line, objects without
/// separators, the output of `aws cloudtrail lookup-events`, EventBridge events, CloudWatch Logs
/// subscription messages, records under `aws.cloudtrail` (OpenSearch, Elastic) and the CSV of
/// the console's event history. Bytes that are not UTF-8 are replaced. Never fails: what was
/// left out is in the [`Outcome`].
pub fn read(bytes: &[u8], sink: &mut dyn FnMut(&Record<'_>)) -> Outcome {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return read_text(text, sink);
    }
    let mut outcome = read_text(&String::from_utf8_lossy(bytes), sink);
    outcome.is_lossy = true;
    outcome
}

fn read_text(text: &str, sink: &mut dyn FnMut(&Record<'_>)) -> Outcome {
    let mut outcome = Outcome::default();
    let first = text.trim_start().bytes().next();
    match first {
        None => outcome.set_aside = Some(SetAside::Empty),
        Some(b'{' | b'[') => Reader::new(text, &mut outcome, sink).run(),
        Some(_) if history_csv::is_header(text) => history_csv::read(text, &mut outcome, sink),
        Some(_) => Reader::new(text, &mut outcome, sink).run(),
    }
    outcome
}

/// One JSON text on its way through.
pub(crate) struct Reader<'a, 's> {
    text: &'a str,
    position: usize,
    is_in_wrapper: bool,
    /// Where this text begins in the document, when it is itself part of a record.
    base: usize,
    n_wrappers: usize,
    resync_bytes: usize,
    unclosed_bytes: usize,
    outcome: &'s mut Outcome,
    sink: &'s mut dyn FnMut(&Record<'_>),
}

impl<'a, 's> Reader<'a, 's> {
    pub(crate) fn new(
        text: &'a str,
        outcome: &'s mut Outcome,
        sink: &'s mut dyn FnMut(&Record<'_>),
    ) -> Self {
        Self {
            text,
            position: 0,
            is_in_wrapper: false,
            base: 0,
            n_wrappers: 0,
            resync_bytes: RESYNC_BYTES_MAX,
            unclosed_bytes: RESYNC_BYTES_MAX
                .saturating_add(text.len().saturating_mul(UNCLOSED_RATIO_MAX)),
            outcome,
            sink,
        }
    }

    pub(crate) fn run(mut self) {
        while let Some(byte) = self.byte() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b'}' => self.position += 1,
                b']' => self.leave_array(),
                b'{' => self.object(),
                _ => self.broken(Reason::JsonInvalid),
            }
        }
        self.outcome.is_cut_off |= self.is_in_wrapper;
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    /// Passes the end of an array, and with it what follows the array in its object.
    fn leave_array(&mut self) {
        self.position += 1;
        if !self.is_in_wrapper {
            return;
        }
        self.is_in_wrapper = false;
        let bytes = self.text.as_bytes();
        if let End::Closed(end) = frame::end_of_depth(bytes, self.position, 1, RECORD_BYTES_MAX) {
            self.position = end;
        }
    }

    fn object(&mut self) {
        if let Some(start) = array_of_wrapper(self.rest()) {
            self.position += start;
            self.is_in_wrapper = true;
            return;
        }
        let mut fields = Fields::default();
        let mut set = |key: &'a [u8], value| fields.set(key, value);
        let end = match members::members(self.text, self.position, &mut set) {
            Extent::Closed(end) => end,
            Extent::Broken(at) => return self.unclosed(at, Reason::JsonInvalid),
            Extent::Deep(at) => return self.unclosed(at, Reason::RecordTooDeep),
        };
        let raw = self.text.get(self.position..end).unwrap_or_default();
        self.fields(&fields, raw);
        self.position = end;
    }

    fn fields(&mut self, fields: &Fields<'a>, raw: &'a str) {
        let offset = self.base + self.position;
        match fields.content(raw) {
            Content::Record(_) | Content::Untimed if raw.len() > RECORD_BYTES_MAX => {
                self.outcome.skip(Reason::RecordTooLong, offset);
            }
            Content::Record(found) => {
                self.outcome.events += 1;
                self.outcome.collector_timestamps += u64::from(found.is_collector_timestamp);
                (self.sink)(&found.record);
            }
            Content::Untimed => self.outcome.skip(Reason::EventTimeMissing, offset),
            Content::Aggregated => self.outcome.skip(Reason::EventAggregated, offset),
            Content::ControlMessage => self.outcome.skip(Reason::ControlMessage, offset),
            Content::Insight => self.outcome.skip(Reason::EventInsight, offset),
            Content::Digest => self.outcome.set_aside = Some(SetAside::Digest),
            Content::Wrapped(_) if self.n_wrappers >= WRAPPERS_MAX => {
                self.outcome.skip(Reason::WrappersTooDeep, offset);
            }
            Content::Wrapped(inner) => self.wrapped(&inner, offset),
            Content::Unknown => self.outcome.skip(Reason::EventNameMissing, offset),
        }
    }

    fn wrapped(&mut self, inner: &str, offset: usize) {
        let before = self.outcome.records();
        Reader {
            text: inner,
            position: 0,
            is_in_wrapper: false,
            base: offset,
            n_wrappers: self.n_wrappers + 1,
            resync_bytes: self.resync_bytes,
            unclosed_bytes: self.unclosed_bytes,
            outcome: self.outcome,
            sink: self.sink,
        }
        .run();
        let is_list = inner.trim_start().starts_with('[');
        if self.outcome.records() == before && !is_list {
            self.outcome.skip(Reason::EventNameMissing, offset);
        }
    }

    /// Passes an object of which nothing up to `at` can be used.
    fn unclosed(&mut self, at: usize, reason: Reason) {
        let n_bytes = at - self.position;
        let Some(rest) = self.unclosed_bytes.checked_sub(n_bytes) else {
            self.resync_bytes = 0;
            return self.broken(reason);
        };
        self.unclosed_bytes = rest;
        self.broken(reason);
    }

    /// Passes one broken record and finds where the next one begins.
    fn broken(&mut self, reason: Reason) {
        let offset = self.base + self.position;
        let bytes_max = RECORD_BYTES_MAX.min(self.resync_bytes);
        if bytes_max == 0 {
            self.outcome.skip(Reason::TooManyBroken, offset);
            self.position = self.text.len();
            return;
        }
        let bytes = self.text.as_bytes();
        let next = self.next_line(bytes_max).or_else(|| self.next_marker(bytes_max));
        // What lies beyond the next record need not be looked at: it keeps the search linear.
        let n_bytes = next.map_or(bytes_max, |next| next - self.position);
        let end = match self.byte() {
            Some(b'{') => frame::end_of_value(bytes, self.position, n_bytes),
            Some(_) | None => End::Limit,
        };
        let (next, reason) = match (end, next) {
            (End::Closed(end), _) => (end, reason),
            (End::Limit | End::Text, Some(next)) => (next, reason),
            (End::Text, None) => (self.text.len(), Reason::JsonTruncated),
            (End::Limit, None) => (self.after_limit(bytes_max), reason),
        };
        self.outcome.skip(reason, offset);
        self.resync_bytes = self.resync_bytes.saturating_sub((next - self.position).max(256));
        self.position = next;
    }

    /// The next line that begins with an object, if this record began its line as well.
    fn next_line(&self, bytes_max: usize) -> Option<usize> {
        let previous = self.position.checked_sub(1);
        let begins_line = previous.is_none_or(|at| self.text.as_bytes().get(at) == Some(&b'\n'));
        if !begins_line {
            return None;
        }
        frame::find(self.text, self.position, "\n{", bytes_max).map(|newline| newline + 1)
    }

    /// The next place that looks like the begin of a record as CloudTrail writes it.
    fn next_marker(&self, bytes_max: usize) -> Option<usize> {
        let end = self.position.saturating_add(bytes_max).min(self.text.len());
        let bytes = self.text.as_bytes().get(self.position + 1..end)?;
        memmem::find_iter(bytes, MARKER)
            .find(|at| {
                let after = bytes.get(at + MARKER.len()..).unwrap_or_default();
                MARKED.iter().any(|member| after.starts_with(member))
            })
            .map(|at| self.position + 1 + at)
    }

    fn after_limit(&self, bytes_max: usize) -> usize {
        let mut position = self.position.saturating_add(bytes_max).min(self.text.len());
        while !self.text.is_char_boundary(position) {
            position += 1;
        }
        position
    }
}

/// Length of `{"Records":[` and the like at the begin of `text`.
fn array_of_wrapper(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('{')?.trim_start();
    // This is asked of every record, and nearly all begin with another letter.
    let letter = inside.as_bytes().get(1);
    if !ARRAY_KEYS.iter().any(|key| key.as_bytes().get(1) == letter) {
        return None;
    }
    let after_key = ARRAY_KEYS.iter().find_map(|key| inside.strip_prefix(key))?;
    let array = after_key.trim_start().strip_prefix(':')?.trim_start().strip_prefix('[')?;
    Some(text.len() - array.len())
}
