//! Alerts: one for each incident and sink, updated when it rises, and never repeated.
//!
//! [`compose`] decides and writes; an [`Outbox`] keeps what is to be sent; a [`Dispatcher`] sends
//! it, at least once, each sink by itself. Whoever decides puts the messages of
//! [`Composed`] into the outbox in the same transaction as the [`Told`] that goes with them.

mod backoff;
mod compose;
mod decide;
mod dispatcher;
mod durable;
pub(crate) mod http;
mod memory;
mod outbox;
mod signature;
mod sink;
mod status;

pub use backoff::{Backoff, RETRY_AFTER_MAX};
pub use compose::{Composed, Message, PayloadError, Payloads, Recipient, compose};
pub use decide::{Decision, MessageKind, Policy, Standing, Told, decide};
pub use dispatcher::{Chance, Dispatcher, Tools, Waker};
pub use durable::StoredOutbox;
pub(crate) use http::{Client, chain};
pub use memory::MemoryOutbox;
pub use outbox::{Depth, Entry, EntryId, Mark, NewEntry, Outbox, OutboxError, PASSES_AFTER};
pub use signature::{SIGNATURE_HEADER, signature};
pub use sink::{
    AwsSink, AwsSinks, BoxFuture, BusEvent, CallFailure, Called, DETAIL_TYPE, EVENT_SOURCE,
    EntryFailure, Outcome, Outside, Sender, Sink, SinkError,
};
pub use status::{SinkStatus, StatusBoard};
