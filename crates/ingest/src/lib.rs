//! Where logs lie and how to open them: files, folders, globs and standard input become
//! CloudTrail records, and whatever could not be read is named.
//!
//! [`scan`] hands every record to a [`Fold`], one per worker thread, and merges the folds. A
//! fold whose merge is commutative and associative sees no difference between one thread and
//! many. [`scan_objects`] does the same with objects that somebody else fetches, and an
//! [`ObjectOpener`] with one object after the other. The [`Coverage`] never depends on the number
//! of threads or on their timing.

mod archive;
mod buffer;
mod coverage;
mod distinct;
mod error;
mod format;
mod gzip;
pub mod limits;
mod listing;
mod names;
mod objects;
mod opener;
mod pieces;
mod progress;
mod queue;
mod scan;
mod source;
mod trouble;
mod verify;
mod worker;
mod zstandard;

pub use coverage::{Coverage, Note, SetAside, Skipped, rest, rest_of};
pub use error::Error;
pub use limits::Limits;
pub use listing::{ListedFile, files};
pub use names::set_aside;
pub use objects::{
    Content, Object, ObjectOpener, Objects, open_bytes, scan_objects, seek_bytes, seek_file,
};
pub use progress::Progress;
pub use scan::{Fold, Options, Scan, both, decompress_only, read_only, scan};
pub use source::Source;
pub use verify::{
    BucketObject, BucketObjects, VerifyOptions, digest_content, log_content, read_keys, verify,
    verify_with,
};
