//! What was left out of a document, and why.

use alloc::vec::Vec;
use core::fmt;

/// Why a record, or the rest of a document, did not become an event.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Reason {
    /// A `CONTROL_MESSAGE` of a CloudWatch Logs subscription.
    ControlMessage,
    /// An aggregate of data events, which names no caller's call.
    EventAggregated,
    /// A CloudTrail Insights event, which describes a rate and not a call.
    EventInsight,
    /// No `eventName`, in none of the places where records are known to be wrapped.
    EventNameMissing,
    /// Neither `eventTime` nor a collector's timestamp in a known notation.
    EventTimeMissing,
    /// Not JSON.
    JsonInvalid,
    /// JSON that ends in the middle of a record.
    JsonTruncated,
    /// A record nested deeper than [`RECORD_DEPTH_MAX`](crate::limits::RECORD_DEPTH_MAX).
    RecordTooDeep,
    /// A record longer than [`RECORD_BYTES_MAX`](crate::limits::RECORD_BYTES_MAX).
    RecordTooLong,
    /// The rest of a document whose broken records used up
    /// [`RESYNC_BYTES_MAX`](crate::limits::RESYNC_BYTES_MAX).
    TooManyBroken,
    /// More wrappers around a record than [`WRAPPERS_MAX`](crate::limits::WRAPPERS_MAX).
    WrappersTooDeep,
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ControlMessage => "control message of a log subscription",
            Self::EventAggregated => "aggregated data events, which name no single call",
            Self::EventInsight => {
                "CloudTrail Insights event, which describes a rate and not a call"
            }
            Self::EventNameMissing => "not a CloudTrail record: no `eventName`",
            Self::EventTimeMissing => "no `eventTime` in a known notation",
            Self::JsonInvalid => "not valid JSON",
            Self::JsonTruncated => "JSON ends in the middle of a record",
            Self::RecordTooDeep => "record is nested deeper than 512 levels",
            Self::RecordTooLong => "record is longer than 1 MiB",
            Self::TooManyBroken => "rest of the document: too many broken records before it",
            Self::WrappersTooDeep => "record is wrapped too deep",
        })
    }
}

/// Records of one document that were left out for one reason.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Skipped {
    /// Why.
    pub reason: Reason,
    /// How many records.
    pub records: u64,
    /// Where the first of them begins, in bytes from the start of the document.
    pub offset: usize,
}

/// A document that is known and holds no records of calls.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum SetAside {
    /// A CloudTrail digest file, which proves the integrity of log files.
    Digest,
    /// Nothing but white space.
    Empty,
}

impl fmt::Display for SetAside {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Digest => "CloudTrail digest file",
            Self::Empty => "empty",
        })
    }
}

/// What reading one document came to.
///
/// `events` plus the records of `skipped` is the number of records that the document held.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Outcome {
    /// Records that were handed to the sink.
    pub events: u64,
    /// Records that were not, by reason, in the order of their first appearance.
    pub skipped: Vec<Skipped>,
    /// Set when the document is known and holds no records of calls.
    pub set_aside: Option<SetAside>,
    /// Events whose `eventTime` was absent, so that a collector's `@timestamp` stands for it.
    pub collector_timestamps: u64,
    /// Events from a table without `responseElements`, from which no issuance can be read.
    pub without_responses: u64,
    /// Bytes that were not UTF-8 and were replaced.
    pub is_lossy: bool,
    /// Whether the document ends inside its list of records, so that some may be missing.
    pub is_cut_off: bool,
}

impl Outcome {
    /// Records seen, read or not.
    pub fn records(&self) -> u64 {
        self.events + self.skipped.iter().map(|skipped| skipped.records).sum::<u64>()
    }

    pub(crate) fn skip(&mut self, reason: Reason, offset: usize) {
        match self.skipped.iter_mut().find(|skipped| skipped.reason == reason) {
            Some(skipped) => skipped.records += 1,
            None => self.skipped.push(Skipped { reason, records: 1, offset }),
        }
    }
}
