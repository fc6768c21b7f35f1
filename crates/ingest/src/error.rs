//! What stops a scan.

use std::io;
use std::path::PathBuf;

/// A source that was named and cannot be scanned at all, or a temporary file that fails.
///
/// Everything else that goes wrong is part of the [`Coverage`](crate::Coverage).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The temporary file cannot be read in which events are told apart.
    #[error("the temporary file with the fingerprints of events cannot be read")]
    CannotReadBack {
        /// What the operating system said.
        source: io::Error,
    },
    /// Nothing exists under a path that was named.
    #[error("`{}` does not exist", .path.display())]
    NotFound {
        /// The path.
        path: PathBuf,
    },
    /// A bucket that was named cannot be listed.
    #[error("`s3://{bucket}` cannot be listed: {reason}")]
    BucketNotListed {
        /// Name of the bucket.
        bucket: String,
        /// Why, in words.
        reason: String,
    },
    /// A folder that was named cannot be listed, or a path cannot be looked at.
    #[error("`{}` cannot be listed", .path.display())]
    CannotList {
        /// The path.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A glob that cannot be understood.
    #[error("`{pattern}` is not a valid glob")]
    GlobInvalid {
        /// The glob.
        pattern: String,
        /// What is wrong with it.
        source: globset::Error,
    },
    /// A glob that matches neither a file nor a folder.
    #[error("nothing matches `{pattern}`")]
    GlobMatchesNothing {
        /// The glob.
        pattern: String,
    },
    /// A file of public keys that cannot be read.
    #[error("`{}` cannot be read", .path.display())]
    KeysNotRead {
        /// The path.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file of public keys that holds something else.
    #[error("`{}` is no output of `aws cloudtrail list-public-keys`", .path.display())]
    NotKeys {
        /// The path.
        path: PathBuf,
    },
    /// Standard input, where files in their places are wanted.
    #[error("`-` has no places: name the folder that the bucket was copied to")]
    NotACopy,
    /// An address in S3.
    #[error(
        "`{address}` lies in S3, where this command does not read: copy the logs with `aws s3 sync` and name the copy"
    )]
    S3NotAvailable {
        /// The address.
        address: String,
    },
}
