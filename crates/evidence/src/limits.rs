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

/// Kinds of use of one credential that are told apart by where they came from and by what client.
///
/// What one of these does in one account and Region by one call with one outcome is one kind, and
/// the kinds of the smallest hashes stay. The others become one kind for each call, outcome,
/// account and Region, without address, endpoint and client: nothing that was done is forgotten,
/// and callers, who choose what they call themselves and where they call from, cannot fill memory.
/// The rest is AWS's own words, of which there are so many as AWS has calls.
pub const USE_KINDS_MAX: usize = 4096;
