//! Every limit of a verification, by name.

/// Most bytes of one digest, decompressed: 64 MiB.
///
/// A digest takes about 400 bytes for each log file that it names, so that this is the hour of a
/// trail with more than 150,000 log files. A larger one is not judged, and said to be too large.
pub const DIGEST_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most log files that one digest may name. One that names more is not judged.
pub const LOG_FILES_MAX: usize = 200_000;

/// Most bytes of a file of public keys, of metadata beside a digest, or of signatures: 64 MiB.
pub const SIDE_FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most public keys that are kept. Two or three keys of each Region are in use at one time.
pub const PUBLIC_KEYS_MAX: usize = 100_000;

/// Longest time, in seconds, from the end of a digest to its signature: two hours.
///
/// It is the margin with which the AWS CLI asks for public keys.
pub const SIGNING_DELAY_SECS: i64 = 2 * 3600;

/// Time, in seconds, before and after the generation of a backfill digest in which its key is
/// looked for: one hour, as the AWS CLI does.
pub const BACKFILL_MARGIN_SECS: i64 = 3600;

/// How far, in seconds, the time in a log file's name may be from the digest that names it: 15
/// minutes.
///
/// The name tells the minute of delivery; what lies this close to where digests begin or end may
/// be the neighbor's.
pub const DELIVERY_MARGIN_SECS: i64 = 15 * 60;

/// Most results about log files that a verification keeps, and most log files without a mention.
/// The rest is counted.
pub const RESULTS_MAX: usize = 1_000_000;
