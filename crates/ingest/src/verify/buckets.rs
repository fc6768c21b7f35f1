//! Objects of a bucket that are verified where they lie.

use std::collections::BTreeMap;

use integrity::Metadata;

/// The objects of a bucket, for a program that waits.
pub trait BucketObjects: Sync {
    /// Name of the bucket.
    fn name(&self) -> &str;

    /// Keys and sizes, in bytes, of all objects that are wanted.
    ///
    /// # Errors
    ///
    /// Why they cannot be listed, in words.
    fn list(&self) -> Result<Vec<(String, u64)>, String>;

    /// The object `key`, whole, of at most `bytes_max` bytes; nothing where there is none.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in words.
    fn get(&self, key: &str, bytes_max: usize) -> Result<Option<BucketObject>, String>;
}

/// An object that was read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct BucketObject {
    /// Its content as it is stored.
    pub bytes: Vec<u8>,
    /// Metadata under `x-amz-meta-`, without that prefix.
    pub metadata: BTreeMap<String, String>,
}

impl BucketObject {
    /// The metadata of a digest; nothing of it was there where all of it is absent.
    pub(super) fn of_digest(&self) -> Metadata {
        let text = |name: &str| self.metadata.get(name).cloned();
        Metadata {
            signature: text("signature"),
            signature_algorithm: text("signature-algorithm"),
            backfill_generation_timestamp: text("backfill-generation-timestamp"),
        }
    }
}

/// How an object is named to people.
pub(super) fn url(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}
