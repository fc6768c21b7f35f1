//! Looks for an event in buckets: in the objects of its accounts that were delivered soon after it.

use std::sync::Arc;

use aws::{Bucket, Connection, Listed, Partition, S3Address, delivered, first_key, partitions_of};
use cloudtrail::Timestamp;
use futures_util::{StreamExt as _, stream};
use ingest::Limits;
use ingest::limits::DOCUMENT_BYTES_MAX;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{DELIVERED_SECS, EARLY_SECS, Left, Wanted, record_in};
use crate::clients::in_region;
use crate::config::{Prefix, Region, S3Source};

/// Objects that are fetched at once.
const FETCHES: usize = 8;

/// Regions of accounts that are listed.
const PARTITIONS_MAX: usize = 200;

/// Pages of each that are read: a thousand objects each.
const PAGES_MAX: usize = 3;

/// Calls in a row that fail before a bucket is given up.
const FAILURES_MAX: usize = 5;

/// A bucket of trails, or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Name of its source.
    pub(super) source: String,
    address: S3Address,
    region: Option<Region>,
}

impl Place {
    pub(super) fn new(source: &str, settings: &S3Source) -> Self {
        let prefix = settings.prefix.as_ref().map_or("", Prefix::as_str).to_owned();
        let address = S3Address { bucket: settings.bucket.as_str().to_owned(), prefix };
        Self { source: source.to_owned(), address, region: settings.region.clone() }
    }

    /// The trail below `root`: `s3://bucket/prefix/AWSLogs/`.
    pub(super) fn of_root(source: &str, root: &str) -> Option<Self> {
        let address = S3Address::parse(root).ok()?;
        Some(Self { source: source.to_owned(), address, region: None })
    }

    /// The record of the event, and the object that holds it.
    ///
    /// # Errors
    ///
    /// Why the bucket, a part of it or an object cannot be read, where the event was not found in
    /// what can be.
    pub(super) async fn search(
        &self,
        connection: &Connection,
        wanted: &Arc<Wanted>,
        left: &mut Left,
    ) -> Result<Option<(Value, String)>, aws::Error> {
        let Some(time) = wanted.time else {
            return Ok(None);
        };
        let connection = in_region(connection, self.region.as_ref());
        let bucket = Bucket::open(&connection, &self.address.bucket).await?;
        let partitions = partitions_of(&bucket, &self.address.prefix, &wanted.accounts).await?;
        let mut failures = Failures::default();
        let mut objects = Vec::new();
        for partition in partitions.iter().take(PARTITIONS_MAX) {
            objects
                .extend(failures.hold(listed(&bucket, partition, time).await).unwrap_or_default());
            if failures.are_too_many() {
                break;
            }
        }
        // What was delivered first after the event is likeliest.
        objects.sort();
        let objects: Vec<(i64, Listed)> =
            objects.into_iter().take_while(|(_, object)| left.take(object.bytes)).collect();
        let fetched = stream::iter(objects).map(|(_, object)| {
            let (bucket, wanted) = (bucket.clone(), Arc::clone(wanted));
            async move { record(&bucket, object.key, wanted).await }
        });
        let mut found = fetched.buffered(FETCHES);
        failures.in_a_row = 0;
        while let Some(sought) = found.next().await {
            if let Some(Some(record)) = failures.hold(sought) {
                return Ok(Some(record));
            }
            if failures.are_too_many() {
                break;
            }
        }
        failures.first.map_or(Ok(None), Err)
    }
}

/// Calls that failed, beside others that did not.
#[derive(Debug, Default)]
struct Failures {
    first: Option<aws::Error>,
    in_a_row: usize,
}

impl Failures {
    /// What a call gave; where it failed, the error is held.
    fn hold<T>(&mut self, called: Result<T, aws::Error>) -> Option<T> {
        match called {
            Ok(given) => {
                self.in_a_row = 0;
                Some(given)
            }
            Err(error) => {
                self.in_a_row += 1;
                self.first = self.first.take().or(Some(error));
                None
            }
        }
    }

    /// Whether the next call is not worth its time.
    const fn are_too_many(&self) -> bool {
        self.in_a_row >= FAILURES_MAX
    }
}

/// Objects of a partition that were delivered soon after `time`, with how much later.
async fn listed(
    bucket: &Bucket,
    partition: &Partition,
    time: Timestamp,
) -> Result<Vec<(i64, Listed)>, aws::Error> {
    let mut after = first_key(partition, Timestamp(time.0.saturating_sub(EARLY_SECS)));
    let mut objects = Vec::new();
    for _ in 0..PAGES_MAX {
        let page = bucket.page(&partition.prefix, Some(&after)).await?;
        let Some(last) = page.objects.last() else {
            break;
        };
        let later = |key: &str| delivered(key).map(|delivered| delivered.0 - time.0);
        let is_past = later(&last.key).is_some_and(|later| later > DELIVERED_SECS);
        after.clone_from(&last.key);
        objects.extend(page.objects.into_iter().filter_map(|object| {
            let later = later(&object.key)?;
            let is_near = (-EARLY_SECS..=DELIVERED_SECS).contains(&later);
            is_near.then_some((later.abs(), object))
        }));
        if is_past || !page.has_more {
            break;
        }
    }
    Ok(objects)
}

/// The record in the object `key`, if it is there.
async fn record(
    bucket: &Bucket,
    key: String,
    wanted: Arc<Wanted>,
) -> Result<Option<(Value, String)>, aws::Error> {
    let fetched = bucket.get(&key, DOCUMENT_BYTES_MAX).await?;
    let url = bucket.url(&key);
    let name = url.clone();
    let sought = spawn_blocking(move || {
        ingest::seek_bytes(&name, &fetched.bytes, &Limits::default(), &mut |document| {
            record_in(document, &wanted.id)
        })
    });
    // It only breaks off where the process ends.
    Ok(sought.await.ok().flatten().map(|record| (record, url)))
}

#[cfg(test)]
mod tests {
    use aws::Error;

    use super::{FAILURES_MAX, Failures};

    #[test]
    fn calls_that_fail_are_held_beside_those_that_do_not() {
        let mut failures = Failures::default();
        let gone = |address: &str| Error::NothingFound { address: address.to_owned() };
        for _ in 0..2 {
            for n in 1..FAILURES_MAX {
                assert_eq!(failures.hold::<()>(Err(gone(&n.to_string()))), None);
                assert!(!failures.are_too_many());
            }
            assert_eq!(failures.hold(Ok(7)), Some(7));
        }
        for n in 1..=FAILURES_MAX {
            failures.hold::<()>(Err(gone("later")));
            assert_eq!(failures.are_too_many(), n == FAILURES_MAX);
        }
        assert_eq!(failures.first.unwrap().to_string(), gone("1").to_string());
    }
}
