//! A CloudTrail record and its parts under AWS's own names, and how bytes become records.
//!
//! Nothing here fails on bad input: [`read`] hands every record it understands to a sink and
//! returns what it left out, with the reason. Nothing here performs I/O or reads a clock.
#![no_std]

extern crate alloc;

mod access_key_id;
mod arn;
mod event_id;
mod fields;
mod frame;
mod history_csv;
pub mod limits;
mod members;
mod read;
mod record;
mod skipped;
mod text;
mod timestamp;
mod tree;
mod user_identity;

pub use access_key_id::{account_of, is_long_term, is_temporary};
pub use arn::{Arn, RoleSession};
pub use event_id::EventId;
pub use read::read;
pub use record::{Json, Record};
pub use skipped::{Outcome, Reason, SetAside, Skipped};
pub use text::Text;
pub use timestamp::Timestamp;
pub use tree::Tree;
pub use user_identity::{
    InScopeOf, InvokedByDelegate, OnBehalfOf, SessionContext, SessionIssuer, UserIdentity,
};
