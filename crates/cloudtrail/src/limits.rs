//! Every limit of reading, by name.

/// Longest JSON text of one record that is read, in bytes.
///
/// CloudTrail documents 256 KB for a trail and 1 MB for an event data store.
pub const RECORD_BYTES_MAX: usize = 1024 * 1024;

/// Deepest nesting of wrappers around a record, such as a record inside `detail` inside a
/// log event.
pub const WRAPPERS_MAX: usize = 4;

/// Deepest nesting of a JSON value that is taken apart; `serde_json` refuses deeper ones.
///
/// Deeper values are carried as text but not looked into.
pub const JSON_DEPTH_MAX: usize = 128;

/// Deepest nesting of a record that is handed to the parser, which recurses once a level.
///
/// It is far beyond what any AWS API accepts, and far below what a thread's stack bears.
pub const RECORD_DEPTH_MAX: usize = 512;

/// Most bytes that one document may spend on objects that turn out not to close, as a multiple of
/// its own length, beside [`RESYNC_BYTES_MAX`].
pub const UNCLOSED_RATIO_MAX: usize = 4;

/// Most bytes that one document may spend on finding the next record after a broken one.
///
/// It keeps a hostile document of many broken records from taking quadratic time.
pub const RESYNC_BYTES_MAX: usize = 64 * 1024 * 1024;
