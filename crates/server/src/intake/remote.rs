//! Objects of buckets: fetched a few at a time, offered, and waited for.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws::{Bucket, Connection, Kind, s3_url};
use ingest::limits::DOCUMENT_BYTES_MAX;
use store::ObjectId;
use tokio::sync::{Mutex, Semaphore};

use super::{Content, Intake};

/// Objects that are fetched at once.
const FETCHES: usize = 16;

/// What became of an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Became {
    /// It is kept, or was before.
    Kept,
    /// It cannot be fetched now.
    Later,
}

/// Fetches objects for one source.
#[derive(Clone, Debug)]
pub(super) struct Fetcher {
    name: Arc<str>,
    connection: Connection,
    buckets: Arc<Mutex<BTreeMap<String, Bucket>>>,
    places: Arc<Semaphore>,
    intake: Intake,
}

impl Fetcher {
    pub(super) fn new(name: Arc<str>, connection: Connection, intake: Intake) -> Self {
        Self {
            name,
            connection,
            buckets: Arc::default(),
            places: Arc::new(Semaphore::new(FETCHES)),
            intake,
        }
    }

    /// The bucket `name`, which is looked for once.
    pub(super) async fn bucket(&self, name: &str) -> Result<Bucket, aws::Error> {
        let mut buckets = self.buckets.lock().await;
        if let Some(bucket) = buckets.get(name) {
            return Ok(bucket.clone());
        }
        let bucket = Bucket::open(&self.connection, name).await?;
        buckets.insert(name.to_owned(), bucket.clone());
        Ok(bucket)
    }

    /// Fetches `key` and waits until it is kept. `etag` spares the fetching of what was read
    /// before.
    ///
    /// # Errors
    ///
    /// Why it cannot be fetched now, in words.
    pub(super) async fn take(
        &self,
        bucket: &Bucket,
        key: &str,
        etag: Option<&str>,
    ) -> Result<Became, String> {
        let id = |version: &str| ObjectId {
            name: s3_url(bucket.name(), key),
            version: version.trim_matches('"').to_owned(),
        };
        if let Some(etag) = etag
            && self.is_done(id(etag)).await?
        {
            return Ok(Became::Kept);
        }
        let Ok(place) = self.places.acquire().await else {
            return Ok(Became::Later);
        };
        if self.intake.is_stopping() {
            return Ok(Became::Later);
        }
        let (id, content) = match bucket.get(key, DOCUMENT_BYTES_MAX).await {
            Ok(fetched) => (id(&fetched.etag), Content::Bytes(fetched.bytes)),
            Err(error) if is_final(&error) => (id("unread"), Content::Failed(error.reason())),
            Err(error) => return Err(error.to_string()),
        };
        if self.is_done(id.clone()).await? {
            return Ok(Became::Kept);
        }
        let Some(receipt) = self.intake.offer(&self.name, id, content).await else {
            return Ok(Became::Later);
        };
        // Others are fetched while this one is folded and kept: one commit keeps many.
        drop(place);
        Ok(if receipt.await.is_ok() { Became::Kept } else { Became::Later })
    }

    /// Tells of something that holds no records of calls.
    pub(super) async fn set_aside(&self, name: &str, reason: &str) -> Result<(), String> {
        let id = ObjectId { name: name.to_owned(), version: "by name".to_owned() };
        if !self.is_done(id.clone()).await? {
            let content = Content::SetAside(reason.to_owned());
            self.intake.offer(&self.name, id, content).await;
        }
        Ok(())
    }

    async fn is_done(&self, id: ObjectId) -> Result<bool, String> {
        let left = self.intake.not_done(vec![(id, ())]).await.map_err(|error| error.to_string())?;
        Ok(left.is_empty())
    }

    /// What is going on, for this source.
    pub(super) const fn intake(&self) -> &Intake {
        &self.intake
    }

    pub(super) const fn name(&self) -> &Arc<str> {
        &self.name
    }
}

/// Whether fetching again cannot help.
fn is_final(error: &aws::Error) -> bool {
    matches!(error, aws::Error::TooLarge { .. }) || error.kind() == Kind::NotFound
}
