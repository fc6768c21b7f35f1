//! What is fetched from AWS and sent there: the only crate that speaks to it.
//!
//! * [`Connection`]: credentials, Region and endpoints, by the usual environment; also the calls
//!   of `CloudTrail`, EventBridge and Security Hub.
//! * [`Bucket`], [`layout`](fn@layout) and [`Cursor`]: what a trail has written, listed by account
//!   and Region from a key on.
//! * [`Queue`] and [`Consumer`]: notifications about new objects, each kept until it is dealt
//!   with; [`read_notification`] reads one.
//! * [`EventHistory`]: `LookupEvents`, page by page.
//! * [`Remote`]: all of it as a source of a scan, and [`Standing`]: objects that are verified where
//!   they lie, for programs that wait.
//! * [`fetch`]: AWS's published address ranges, without credentials.
//!
//! Everything but [`Remote`], [`Standing`] and [`fetch`] is asynchronous and needs a tokio runtime with timers
//! and I/O. Calls are tried up to five times, with growing pauses, when AWS asks for patience or
//! cannot be reached. Nothing here changes anything in AWS but messages of the queue that it is
//! pointed at, and what is put on an event bus or into Security Hub.

mod address;
mod bucket;
mod call;
mod checkup;
mod connection;
mod consumer;
mod cursor;
mod error;
mod history;
mod notification;
mod queue;
mod ranges;
mod remote;
mod settings;
mod sinks;
mod standing;
mod sweep;
mod trail;
mod transport;

pub use address::{CLOUDTRAIL_SCHEME, S3_SCHEME, S3Address, event_history_regions, s3_url};
pub use bucket::{Bucket, Fetched, LEVEL_ENTRIES_MAX, Level, Listed, Page};
pub use checkup::{BucketNotifications, NotificationFilter, Rule};
pub use connection::{Caller, Connection, ConnectionOptions, Role};
pub use consumer::{
    Acknowledge, Batch, Consumer, Delivery, EXCERPT_BYTES_MAX, Heartbeat, Stray, VISIBILITY,
    VISIBILITY_MIN,
};
pub use cursor::{Cursor, delivered, first_key};
pub use error::{Error, Kind, Refusal};
pub use history::{EventHistory, HistoryPage, LOOKUP_PAUSE};
pub use notification::{
    Holds, NotUnderstood, Notification, Notified, OBJECTS_MAX, read_notification,
};
pub use queue::{
    BATCH_MAX, Message, Queue, QueueState, Receipt, Receive, Redrive, Refused, VISIBILITY_MAX,
    WAIT_MAX,
};
pub use ranges::{ANSWER_BYTES_MAX, FetchError, IP_RANGES_URL, fetch};
pub use remote::{BYTES_AHEAD_MAX, FETCHES_MAX, LISTINGS_MAX, Remote, RemoteOptions, RemoteSource};
pub use settings::{EventSelectors, PublicKey, TrailSettings, TrailStatus};
pub use sinks::EntryFailure;
pub use standing::{Standing, StandingBucket};
pub use trail::{
    Layout, PARTITIONS_MAX, Partition, PartitionHolds, Trail, Wanted, layout, partitions_of,
};
