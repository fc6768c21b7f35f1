//! Whether `CloudTrail`'s log files are the ones that it delivered: the chain of signed digests.
//!
//! Every hour `CloudTrail` delivers a *digest*, which names the log files of that hour with their
//! hashes and carries the signature of the digest before it. A [`Walk`] goes from the newest
//! digest to the oldest and judges each; [`judge_log`] judges a log file that a digest names.
//! Whoever holds the objects fetches them: a walk says what it [wants](Walk::wanted) and
//! [takes](Walk::take) what came of it, so that folders, S3 and a service that sees one object
//! after the other share this code. [`walk_chain`] is the plain way to drive it.
//!
//! Facts are from the user guide of `CloudTrail`, "`CloudTrail` digest file structure" and
//! "Custom implementations of `CloudTrail` log file integrity validation", and from the behavior
//! of the validator of the AWS CLI, with which a gate compares every verdict.
#![no_std]

extern crate alloc;

mod chain;
mod covered;
mod digest;
mod hex;
mod judge;
mod key;
mod keys;
pub mod limits;
mod log;
mod name;
mod object;
mod signature;
mod verdict;
mod verification;
mod walk;

pub use chain::{Chain, DigestResult, Gap, GapCause};
pub use covered::{Covered, Standing};
pub use digest::{Digest, LogFile, Previous, Unreadable};
pub use key::PublicKey;
pub use keys::{KeyListing, ListPublicKeys, PublicKeys};
pub use log::{Inflated, LogContent, judge_log};
pub use name::{ChainName, DigestName, Location, LogName};
pub use object::{Content, DigestObject, Fetched, Metadata, Place, Sidecar};
pub use signature::string_to_sign;
pub use verdict::{Doubt, Fault, SignatureFrom, Verdict};
pub use verification::{Counts, LogCounts, LogResult, UnmentionedLog, Verification};
pub use walk::{DigestObjects, Visited, Walk, Wanted, Window, walk_chain};
