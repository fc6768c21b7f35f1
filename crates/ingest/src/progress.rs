//! How a scan tells how far it is.

/// Told how far a scan is, from any worker thread.
///
/// `()` implements it and stays silent.
pub trait Progress: Sync {
    /// Called before the first file is opened, and again whenever more was found meanwhile: how
    /// many `files` were listed so far and how many `bytes` they take on disk. Standard input
    /// counts as a file of no bytes.
    fn found(&self, files: u64, bytes: u64);

    /// Called whenever a part of the work is done, with what it adds: `files` finished,
    /// `bytes_on_disk` read and `records` seen.
    fn done(&self, files: u64, bytes_on_disk: u64, records: u64);
}

impl Progress for () {
    fn found(&self, _files: u64, _bytes: u64) {}

    fn done(&self, _files: u64, _bytes_on_disk: u64, _records: u64) {}
}
