//! What evidence keeps of events that are alike.

/// Events of one kind of use that are remembered one by one, as eight bytes each.
///
/// Up to as many distinct events are counted exactly. Beyond, the count is an estimate with a
/// standard error of 3.1 % (one over the square root of this number), and memory does not grow.
pub const USE_EVENTS_MAX: usize = 1024;

/// Days that are told apart in which a kind of use occurred, as one bit each.
///
/// What occurs for longer is known to the day by its first and last time, and in between to a day
/// modulo this number.
pub const USE_DAYS: i64 = 64;
