//! Every limit of opening files, by name.

/// Most bytes of one document once decompressed, and of one file that is no archive: 1 GiB.
///
/// `CloudTrail` closes a log file at about 50 MB of JSON. The limit leaves room for exports of a
/// whole day and bounds the memory of a worker.
pub const DOCUMENT_BYTES_MAX: usize = 1024 * 1024 * 1024;

/// Most bytes that a file may unfold to for each byte on disk.
///
/// Real logs unfold to 7 to 15 times their size and generated, repetitive ones to about 100
/// times; deflate itself ends at 1,032 times, which is what a bomb aims at.
pub const RATIO_MAX: u64 = 250;

/// Bytes that any file may unfold to, whatever the ratio: 64 MiB.
///
/// A small file may well hold one record a thousand times over, and costs little.
pub const RATIO_FREE_BYTES: u64 = 64 * 1024 * 1024;

/// Most members of one archive that are read.
pub const MEMBERS_MAX: usize = 100_000;

/// Most layers of compression around a document, such as a gzip file inside a zip archive.
pub const LAYERS_MAX: usize = 2;

/// Most entries for one reason in each list of the coverage; one more entry counts the rest.
pub const SHOWN_MAX: usize = 1_000;

/// Size of the pieces, in bytes, in which a file of one record a line is read: 32 MiB.
pub const PIECE_BYTES: usize = 32 * 1024 * 1024;

/// Largest buffer, in bytes, that a worker keeps from one file to the next: 64 MiB.
pub const BUFFER_KEPT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Fingerprints of events that all workers together hold in memory, of eight bytes each: 64 MiB.
///
/// A scan of more events writes them to a temporary file.
pub const FINGERPRINTS_HELD_MAX: usize = 8 * 1024 * 1024;

/// Bytes of fingerprints that are written to the temporary file, or read from it, at once.
pub const SPILL_BUFFER_BYTES: usize = 64 * 1024;

/// Bytes of fingerprints that all runs of the temporary file together read ahead: 64 MiB.
pub const SPILL_AHEAD_BYTES: usize = 64 * 1024 * 1024;

/// What one file may cost, and what a scan may hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Most bytes of one document, decompressed, and of one file that is no archive.
    pub document_bytes_max: usize,
    /// Most fingerprints of events that are held in memory.
    pub fingerprints_held_max: usize,
    /// Most members of one archive.
    pub members_max: usize,
    /// Size in bytes of the pieces in which a plain file of one record a line is read when it has
    /// more than two. Such a file may be of any length.
    pub piece_bytes: usize,
    /// Bytes that a file may unfold to whatever the ratio.
    pub ratio_free_bytes: u64,
    /// Most decompressed bytes for each byte on disk, counted over a whole archive.
    pub ratio_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes_max: DOCUMENT_BYTES_MAX,
            fingerprints_held_max: FINGERPRINTS_HELD_MAX,
            members_max: MEMBERS_MAX,
            piece_bytes: PIECE_BYTES,
            ratio_free_bytes: RATIO_FREE_BYTES,
            ratio_max: RATIO_MAX,
        }
    }
}

impl Limits {
    /// How many bytes a file of `bytes_on_disk` may unfold to, over all its members and layers.
    pub(crate) fn unfolded_bytes_max(&self, bytes_on_disk: u64) -> u64 {
        self.ratio_free_bytes.max(bytes_on_disk.saturating_mul(self.ratio_max))
    }
}

/// `bytes` in the largest unit that divides it, such as `1 GiB`.
pub(crate) fn in_units(bytes: usize) -> String {
    const UNITS: [(usize, &str); 3] =
        [(1024 * 1024 * 1024, "GiB"), (1024 * 1024, "MiB"), (1024, "KiB")];
    UNITS
        .iter()
        .find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit))
        .map_or_else(|| format!("{bytes} bytes"), |(unit, name)| format!("{} {name}", bytes / unit))
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT_BYTES_MAX, in_units};

    #[test]
    fn a_limit_is_shown_in_its_unit() {
        assert_eq!(in_units(DOCUMENT_BYTES_MAX), "1 GiB");
        assert_eq!(in_units(1536), "1536 bytes");
    }
}
