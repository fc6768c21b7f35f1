//! A bucket that is listed: by account, Region and day, resumed where it stood.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aws::{Bucket, Cursor, Holds, Layout, Listed, Partition, Trail, Wanted, layout, s3_url};
use cloudtrail::Timestamp;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::remote::{Became, Fetcher};
use super::{Intake, Looks};
use crate::clock::{Clock as _, SystemClock};

/// Objects appear in another order than that of their keys: how far back each listing looks, in
/// seconds.
const LOOKBACK: i64 = 30 * 60;

/// How far back a listing looks now and then: CloudTrail delivers late after an outage.
const LOOKBACK_FAR: i64 = 2 * 86_400;

/// How often a listing looks far back.
const FAR_EVERY: Duration = Duration::from_secs(3_600);

/// Partitions that are listed at once.
const LISTINGS: usize = 8;

/// What of a bucket is wanted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct BucketPart {
    /// The bucket.
    pub bucket: String,
    /// What stands before `AWSLogs/`.
    pub prefix: String,
    /// Accounts; all that are there if empty.
    pub accounts: Vec<String>,
    /// Nothing that was delivered before.
    pub from: Option<Timestamp>,
}

/// Offers every log of `part`, and those that come, until the service ends, or everything was kept
/// where it looks once.
pub async fn watch_bucket(
    name: Arc<str>,
    connection: aws::Connection,
    (part, looks): (BucketPart, Looks),
    intake: Intake,
) {
    let fetcher = Fetcher::new(Arc::clone(&name), connection, intake.clone());
    let cursor = intake.cursor(&name).ok().flatten();
    let cursor = cursor.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let watching = Arc::new(Watching { fetcher, part, cursor: Mutex::new(cursor) });
    let mut looked_far: Option<Instant> = None;
    loop {
        let is_far = looked_far.is_none_or(|at| at.elapsed() >= FAR_EVERY);
        let lookback = if is_far { LOOKBACK_FAR } else { LOOKBACK };
        let began = Instant::now();
        let error = watching.look(lookback).await.err();
        if error.is_none() && is_far {
            looked_far = Some(began);
        }
        told(&intake, &name, error.as_deref());
        let Looks::Every(interval) = looks else {
            return;
        };
        if timeout(interval, intake.stopped()).await.is_ok() {
            return;
        }
    }
}

/// Tells what came of a look.
pub(super) fn told(intake: &Intake, name: &str, error: Option<&str>) {
    if let Some(error) = error {
        tracing::warn!(source = name, error, "the source cannot be read to its end");
    }
    intake.status.of_source(name, |status| {
        if error.is_none() {
            status.looked_at = Some(SystemClock.now());
            status.is_caught_up = true;
        }
        status.error = error.map(str::to_owned);
    });
}

struct Watching {
    fetcher: Fetcher,
    part: BucketPart,
    cursor: Mutex<Cursor>,
}

impl Watching {
    /// Lists everything once; the first error is told when the rest was listed.
    async fn look(self: &Arc<Self>, lookback: i64) -> Result<(), String> {
        let bucket =
            self.fetcher.bucket(&self.part.bucket).await.map_err(|error| error.to_string())?;
        let found = layout(&bucket, &self.part.prefix, Wanted::Events).await;
        match found.map_err(|error| error.to_string())? {
            Layout::Object(object) => self.offer(&bucket, &[object]).await,
            Layout::Trail(trail) => self.trail(&bucket, trail, lookback).await,
            Layout::Other(prefix) => self.below(&bucket, &prefix).await,
        }
    }

    async fn trail(
        self: &Arc<Self>,
        bucket: &Bucket,
        trail: Trail,
        lookback: i64,
    ) -> Result<(), String> {
        for (prefix, reason) in &trail.set_aside {
            let name = s3_url(bucket.name(), prefix);
            self.fetcher.set_aside(&name, reason).await?;
        }
        let mut first_error = self.offer(bucket, &trail.loose).await.err();
        let is_wanted = |partition: &Partition| {
            self.part.accounts.is_empty() || self.part.accounts.contains(&partition.account)
        };
        let mut waiting = trail.partitions.into_iter().filter(|one| is_wanted(one));
        let mut tasks: JoinSet<Result<(), String>> = JoinSet::new();
        loop {
            while tasks.len() < LISTINGS && !self.fetcher.intake().is_stopping() {
                let Some(partition) = waiting.next() else {
                    break;
                };
                let (watching, bucket) = (Arc::clone(self), bucket.clone());
                tasks.spawn(async move { watching.partition(&bucket, &partition, lookback).await });
            }
            match tasks.join_next().await {
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => first_error = first_error.or(Some(error)),
                Some(Err(error)) => first_error = first_error.or_else(|| Some(error.to_string())),
                None => break,
            }
        }
        first_error.map_or(Ok(()), Err)
    }

    /// Lists one Region of one account from where it stood, page by page; it stands behind a page
    /// once everything on it is kept.
    async fn partition(
        &self,
        bucket: &Bucket,
        partition: &Partition,
        lookback: i64,
    ) -> Result<(), String> {
        let mut after = self.cursor.lock().await.start(partition, self.part.from, lookback);
        loop {
            let page = bucket.page(&partition.prefix, after.as_deref()).await;
            let page = page.map_err(|error| error.to_string())?;
            self.offer(bucket, &page.objects).await?;
            let Some(last) = page.objects.last() else {
                return Ok(());
            };
            if self.fetcher.intake().is_stopping() {
                return Ok(());
            }
            let mut cursor = self.cursor.lock().await;
            cursor.advance(partition, &last.key);
            if let Ok(text) = serde_json::to_string(&*cursor) {
                self.fetcher.intake().stand(self.fetcher.name(), text);
            }
            drop(cursor);
            if !page.has_more {
                return Ok(());
            }
            after = Some(last.key.clone());
        }
    }

    /// Lists what is no trail, from its begin each time.
    async fn below(&self, bucket: &Bucket, prefix: &str) -> Result<(), String> {
        let mut after: Option<String> = None;
        loop {
            let page = bucket.page(prefix, after.as_deref()).await;
            let page = page.map_err(|error| error.to_string())?;
            self.offer(bucket, &page.objects).await?;
            after = page.objects.last().map(|last| last.key.clone());
            if !page.has_more || after.is_none() || self.fetcher.intake().is_stopping() {
                return Ok(());
            }
        }
    }

    /// Offers `objects` and waits until all of them are kept.
    async fn offer(&self, bucket: &Bucket, objects: &[Listed]) -> Result<(), String> {
        let mut tasks: JoinSet<Result<Became, String>> = JoinSet::new();
        for object in objects {
            match Holds::of(&object.key) {
                Holds::Events => {}
                // Digests are read by the check of the logs' integrity.
                Holds::Digest => continue,
                Holds::Other(reason) => {
                    let name = s3_url(bucket.name(), &object.key);
                    self.fetcher.set_aside(&name, reason).await?;
                    continue;
                }
            }
            let (fetcher, bucket, object) = (self.fetcher.clone(), bucket.clone(), object.clone());
            tasks
                .spawn(async move { fetcher.take(&bucket, &object.key, Some(&object.etag)).await });
        }
        let mut first_error = None;
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok(Ok(Became::Kept)) => {}
                Ok(Ok(Became::Later)) => {
                    first_error = first_error.or_else(|| Some("it was interrupted".to_owned()));
                }
                Ok(Err(error)) => first_error = first_error.or(Some(error)),
                Err(error) => first_error = first_error.or_else(|| Some(error.to_string())),
            }
        }
        first_error.map_or(Ok(()), Err)
    }
}
