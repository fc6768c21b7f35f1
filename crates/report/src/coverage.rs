//! What was read, and what was left out, with the reason.

use alloc::string::String;
use alloc::vec::Vec;

/// Account of every byte of the input.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Coverage {
    /// Files and objects opened.
    pub files: u64,
    /// Bytes read from them, before decompression.
    pub bytes_read: u64,
    /// Records seen, understood or not.
    pub records: u64,
    /// Distinct events.
    pub events: u64,
    /// Records that repeat an event already read.
    pub duplicates: u64,
    /// Records that did not become events.
    pub skipped: Vec<Skipped>,
    /// Sources that are known and hold no events.
    pub set_aside: Vec<SetAside>,
    /// Things to know about sources that were read.
    pub notes: Vec<Note>,
}

/// Records of one source that were left out for one reason.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Skipped {
    /// File or object.
    pub source: String,
    /// Why.
    pub reason: String,
    /// How many records.
    pub records: u64,
}

/// A source that is known and holds no events.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SetAside {
    /// File or object.
    pub source: String,
    /// What it is.
    pub reason: String,
}

/// Something to know about a source that was read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Note {
    /// File or object.
    pub source: String,
    /// What.
    pub text: String,
    /// How many records it is about; zero where it is about none.
    pub records: u64,
}

impl Coverage {
    /// Records that did not become events, over all sources.
    pub fn records_skipped(&self) -> u64 {
        self.skipped.iter().fold(0, |sum, skipped| sum.saturating_add(skipped.records))
    }
}
