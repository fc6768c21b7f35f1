//! A bucket for a program that waits: its objects are verified where they lie.

use std::sync::Arc;

use cloudtrail::Timestamp;
use ingest::{BucketObject, BucketObjects};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::address::S3Address;
use crate::bucket::Bucket;
use crate::connection::{Connection, ConnectionOptions};
use crate::cursor::first_key;
use crate::error::{Error, Kind};
use crate::settings::PublicKey;
use crate::trail::{Layout, Wanted, layout};

/// Threads that wait for AWS; whoever asks has its own.
const THREADS: usize = 2;

/// Digests name log files that were delivered up to an hour before; a day is what keys tell.
const DAY_SECS: i64 = 86_400;

/// AWS, for a program that waits. Clones share it.
///
/// Must not be used from a thread that runs an asynchronous runtime.
#[derive(Clone, Debug)]
pub struct Standing {
    connection: Connection,
    handle: Handle,
    // Ends with the last clone, where it is not the runtime of whoever made this.
    _runtime: Option<Arc<Runtime>>,
}

/// A part of a bucket.
#[derive(Clone, Debug)]
pub struct StandingBucket {
    of: Standing,
    bucket: Bucket,
    prefix: String,
    from: Option<Timestamp>,
}

impl Standing {
    /// A connection with a runtime of its own.
    ///
    /// # Errors
    ///
    /// As [`Connection::open`], and where the system gives no threads.
    pub fn open(options: &ConnectionOptions) -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build();
        let runtime = runtime.map_err(|source| Error::Runtime { source })?;
        let connection = runtime.block_on(Connection::open(options))?;
        let handle = runtime.handle().clone();
        Ok(Self { connection, handle, _runtime: Some(Arc::new(runtime)) })
    }

    /// `connection`, whose calls run on `handle`.
    pub const fn of(connection: Connection, handle: Handle) -> Self {
        Self { connection, handle, _runtime: None }
    }

    /// The part of a bucket that `address` names, as far as a `/`.
    ///
    /// # Errors
    ///
    /// As [`Bucket::open`].
    pub fn bucket(&self, address: &S3Address) -> Result<StandingBucket, Error> {
        let bucket = self.handle.block_on(Bucket::open(&self.connection, &address.bucket))?;
        let prefix = address.prefix.clone();
        Ok(StandingBucket { of: self.clone(), bucket, prefix, from: None })
    }

    /// The keys that signed digest files of `region` between two times.
    ///
    /// # Errors
    ///
    /// As [`Connection::public_keys`].
    pub fn public_keys(
        &self,
        region: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<PublicKey>, Error> {
        let connection = self.connection.in_region(region);
        self.handle.block_on(connection.public_keys(from, to))
    }
}

impl StandingBucket {
    /// Lists nothing of a trail that was delivered more than a day before `from`.
    #[must_use]
    pub fn since(self, from: Timestamp) -> Self {
        Self { from: Some(Timestamp(from.0.saturating_sub(DAY_SECS))), ..self }
    }

    /// What is listed: prefixes, each with a key that listing begins after.
    async fn parts(&self) -> Result<Vec<(String, Option<String>)>, Error> {
        let whole = vec![(self.prefix.clone(), None)];
        let Some(from) = self.from else {
            return Ok(whole);
        };
        Ok(match layout(&self.bucket, &self.prefix, Wanted::EventsAndDigests).await? {
            Layout::Trail(trail) => {
                let parts = trail.partitions.into_iter();
                parts.map(|part| (part.prefix.clone(), Some(first_key(&part, from)))).collect()
            }
            Layout::Object(_) | Layout::Other(_) => whole,
        })
    }

    async fn listed(&self) -> Result<Vec<(String, u64)>, Error> {
        let mut objects = Vec::new();
        for (prefix, mut after) in self.parts().await? {
            loop {
                let page = self.bucket.page(&prefix, after.as_deref()).await?;
                let last = page.objects.last().map(|last| last.key.clone());
                objects.extend(page.objects.into_iter().map(|object| (object.key, object.bytes)));
                if !page.has_more || last.is_none() {
                    break;
                }
                after = last;
            }
        }
        Ok(objects)
    }
}

impl BucketObjects for StandingBucket {
    fn name(&self) -> &str {
        self.bucket.name()
    }

    fn list(&self) -> Result<Vec<(String, u64)>, String> {
        self.of.handle.block_on(self.listed()).map_err(|error| error.reason())
    }

    fn get(&self, key: &str, bytes_max: usize) -> Result<Option<BucketObject>, String> {
        match self.of.handle.block_on(self.bucket.get(key, bytes_max)) {
            Ok(object) => Ok(Some(BucketObject { bytes: object.bytes, metadata: object.metadata })),
            Err(error) if error.kind() == Kind::NotFound => Ok(None),
            Err(error) => Err(error.reason()),
        }
    }
}
