//! How much of the input a scan covers, and what it left out.

use std::collections::BTreeMap;

use cloudtrail::{Outcome, Reason};

use crate::distinct::Counted;
use crate::limits::SHOWN_MAX;
use crate::trouble::Trouble;

/// How much of the input was read.
///
/// `records` is `events_read` plus the records of `skipped`. Each list is sorted by source and
/// then by reason; when more than [`SHOWN_MAX`] entries share a reason, the last entry of that
/// reason counts the rest.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Coverage {
    /// Documents read. A document that was set aside is not among them.
    pub files: u64,
    /// Bytes of the documents, decompressed.
    pub bytes_read: u64,
    /// Bytes that were read from disk or from standard input.
    pub bytes_on_disk: u64,
    /// Records seen, whether read or skipped.
    pub records: u64,
    /// Records handed to the fold, repetitions included.
    pub events_read: u64,
    /// Distinct events among them.
    pub events: u64,
    /// Whether any entry of `skipped` stands for input that could not be read.
    pub has_unread: bool,
    /// Records and files that were not read, with the reason.
    pub skipped: Vec<Skipped>,
    /// Files and folders that hold no records of calls.
    pub set_aside: Vec<SetAside>,
    /// What to know about records that were read.
    pub notes: Vec<Note>,
}

/// Something that was not read.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Skipped {
    /// The file, `archive!member` for a member of an archive. Chosen by whoever wrote the files.
    pub source: String,
    /// Why.
    pub reason: String,
    /// How many records; 0 where that cannot be known.
    pub records: u64,
}

/// A file or folder that holds no records of calls.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct SetAside {
    /// The file or folder. Chosen by whoever wrote the files.
    pub source: String,
    /// Why.
    pub reason: String,
}

/// Something to know about records that were read.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Note {
    /// The file. Chosen by whoever wrote the files.
    pub source: String,
    /// What to know.
    pub text: String,
    /// How many records it concerns.
    pub records: u64,
}

impl Coverage {
    /// Whether part of the input could not be read: a file that cannot be opened, is damaged or
    /// over a limit, or a record that was not understood.
    ///
    /// Files set aside, Insights events, aggregates and control messages are understood, and
    /// hold no calls.
    pub fn is_partial(&self) -> bool {
        self.has_unread
    }

    /// Counts what reading a document of `bytes` came to.
    pub(crate) fn document(&mut self, source: &str, bytes: usize, outcome: &Outcome) {
        self.bytes_read += bytes as u64;
        self.records += outcome.records();
        self.events_read += outcome.events;
        if outcome.is_cut_off {
            self.has_unread = true;
            self.skipped.push(Skipped {
                source: source.to_owned(),
                reason: "the list of records is not closed: records may be missing".to_owned(),
                records: 0,
            });
        }
        for skipped in &outcome.skipped {
            self.has_unread |= is_loss(skipped.reason);
            self.skipped.push(Skipped {
                source: source.to_owned(),
                reason: skipped.reason.to_string(),
                records: skipped.records,
            });
        }
        match outcome.set_aside {
            Some(set_aside) => self.set_aside(source, &set_aside.to_string()),
            None => self.files += 1,
        }
        let notes = [
            (outcome.collector_timestamps, "`@timestamp` stands for an absent `eventTime`"),
            (outcome.without_responses, "no `responseElements`: what was issued cannot be seen"),
            (
                if outcome.is_lossy { outcome.records() } else { 0 },
                "not UTF-8: bytes were replaced",
            ),
        ];
        for (records, text) in notes.into_iter().filter(|(records, _)| *records > 0) {
            self.notes.push(Note { source: source.to_owned(), text: text.to_owned(), records });
        }
    }

    /// Counts a file, or the rest of one, that could not be read.
    pub(crate) fn trouble(&mut self, source: &str, trouble: &Trouble) {
        self.failed(source, &trouble.to_string());
    }

    /// Counts something that could not be read for `reason`.
    pub fn failed(&mut self, source: &str, reason: &str) {
        self.has_unread = true;
        let (source, reason) = (source.to_owned(), reason.to_owned());
        self.skipped.push(Skipped { source, reason, records: 0 });
    }

    /// Counts events.
    pub(crate) fn events(&mut self, counted: &Counted) {
        self.events = counted.events;
        if let Some(failure) = counted.failure {
            self.notes.push(Note {
                source: std::env::temp_dir().display().to_string(),
                text: format!("no temporary file ({failure}): events were told apart in memory"),
                records: self.events_read,
            });
        }
    }

    /// Counts a file or folder without records of calls.
    pub fn set_aside(&mut self, source: &str, reason: &str) {
        self.set_aside.push(SetAside { source: source.to_owned(), reason: reason.to_owned() });
    }

    /// Adds what another worker, or the reading of another object, covered.
    ///
    /// [`arrange`](Self::arrange) afterwards; the lists grow until then.
    pub fn merge(&mut self, other: Self) {
        self.files += other.files;
        self.bytes_read += other.bytes_read;
        self.bytes_on_disk += other.bytes_on_disk;
        self.records += other.records;
        self.events_read += other.events_read;
        self.has_unread |= other.has_unread;
        self.skipped.extend(other.skipped);
        self.set_aside.extend(other.set_aside);
        self.notes.extend(other.notes);
    }

    /// Brings the lists into an order that does not depend on the workers, and shortens them to
    /// [`SHOWN_MAX`] entries of each reason.
    pub fn arrange(&mut self) {
        let skipped = std::mem::take(&mut self.skipped).into_iter();
        self.skipped = shortened(skipped.map(|it| (it.source, it.reason, it.records)))
            .map(|(source, reason, records)| Skipped { source, reason, records })
            .collect();
        let set_aside = std::mem::take(&mut self.set_aside).into_iter();
        self.set_aside = shortened(set_aside.map(|it| (it.source, it.reason, 0)))
            .map(|(source, reason, _)| SetAside { source, reason })
            .collect();
        let notes = std::mem::take(&mut self.notes).into_iter();
        self.notes = shortened(notes.map(|it| (it.source, it.text, it.records)))
            .map(|(source, text, records)| Note { source, text, records })
            .collect();
    }
}

/// Whether a skipped record was not understood, rather than understood to be no call.
const fn is_loss(reason: Reason) -> bool {
    match reason {
        Reason::ControlMessage | Reason::EventAggregated | Reason::EventInsight => false,
        Reason::EventNameMissing
        | Reason::EventTimeMissing
        | Reason::JsonInvalid
        | Reason::JsonTruncated
        | Reason::RecordTooDeep
        | Reason::RecordTooLong
        | Reason::TooManyBroken
        | Reason::WrappersTooDeep => true,
    }
}

/// A source, a reason and a number of records.
type Entry = (String, String, u64);

/// The source of the entry that counts `n_more` entries beyond [`SHOWN_MAX`].
pub fn rest(n_more: u64) -> String {
    format!("{n_more} more")
}

/// How many entries an entry of this source counts, where it is a [`rest`].
pub fn rest_of(source: &str) -> Option<u64> {
    source.strip_suffix(" more")?.parse().ok()
}

/// Sorts entries, adds up those of one source and reason, and folds what exceeds [`SHOWN_MAX`]
/// of one reason into a last entry. What was folded before may come again.
fn shortened(entries: impl Iterator<Item = Entry>) -> impl Iterator<Item = Entry> {
    let mut merged: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut beyond: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (source, reason, records) in entries {
        match rest_of(&source) {
            Some(n_more) => add(&mut beyond, reason, n_more, records),
            None => *merged.entry((source, reason)).or_default() += records,
        }
    }
    let mut n_shown: BTreeMap<String, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for ((source, reason), records) in merged {
        let n_shown = n_shown.entry(reason.clone()).or_default();
        *n_shown += 1;
        if *n_shown <= SHOWN_MAX {
            shown.push((source, reason, records));
        } else {
            add(&mut beyond, reason, 1, records);
        }
    }
    let beyond =
        beyond.into_iter().map(|(reason, (n_more, records))| (rest(n_more), reason, records));
    shown.into_iter().chain(beyond)
}

/// Counts `n_more` entries beyond those that are shown.
fn add(beyond: &mut BTreeMap<String, (u64, u64)>, reason: String, n_more: u64, records: u64) {
    let (entries, of_entries) = beyond.entry(reason).or_default();
    *entries += n_more;
    *of_entries += records;
}

#[cfg(test)]
mod tests {
    use super::{Coverage, rest, rest_of};
    use crate::limits::SHOWN_MAX;

    /// A coverage whose object `name` holds `n_broken` members that cannot be read.
    fn broken(name: &str, n_broken: usize) -> Coverage {
        let mut coverage = Coverage::default();
        (0..n_broken).for_each(|member| coverage.failed(&format!("{name}!{member:05}"), "broken"));
        coverage
    }

    #[test]
    fn lists_that_are_shortened_before_they_are_merged_come_to_the_same() {
        let (one, other) = (broken("a", SHOWN_MAX + 7), broken("b", SHOWN_MAX + 5));
        let mut at_once = one.clone();
        at_once.merge(other.clone());
        at_once.arrange();
        let mut one_by_one = Coverage::default();
        for mut part in [one, other] {
            part.arrange();
            one_by_one.merge(part);
            one_by_one.arrange();
        }
        assert_eq!(one_by_one, at_once);
        assert_eq!(at_once.skipped.len(), SHOWN_MAX + 1);
        assert_eq!(at_once.skipped.last().unwrap().source, rest(SHOWN_MAX as u64 + 12));
    }

    #[test]
    fn a_rest_is_told_from_a_source() {
        assert_eq!(rest_of(&rest(12)), Some(12));
        assert_eq!(rest_of("s3://bucket/12 more"), None);
        assert_eq!(rest_of("more"), None);
    }
}
