//! Looks for an event in buckets: in the objects of its accounts that were delivered soon after it.

use std::sync::Arc;

use aws::{Bucket, Connection, Partition, PartitionHolds, delivered, first_key};
use cloudtrail::Timestamp;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ingest::Limits;
use ingest::limits::DOCUMENT_BYTES_MAX;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{DELIVERED_SECS, EARLY_SECS, FILES_MAX, Wanted, record_in};
use crate::clients::in_region;
use crate::config::{Prefix, Region};

/// Objects that are fetched at once.
const FETCHES: usize = 8;

/// Regions of accounts that are listed where nothing tells the account.
const PARTITIONS_MAX: usize = 200;

/// Pages of each that are read: a thousand objects each.
const PAGES_MAX: usize = 3;

/// A bucket of trails.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Name of its source.
    pub(super) source: String,
    pub(super) bucket: String,
    /// What stands before `AWSLogs/`: nothing, or with a `/` at its end.
    pub(super) prefix: String,
    pub(super) region: Option<Region>,
}

impl Place {
    pub(super) fn new(
        source: &str,
        bucket: &str,
        prefix: Option<&Prefix>,
        region: Option<&Region>,
    ) -> Self {
        let prefix = prefix.map_or("", Prefix::as_str).trim_end_matches('/');
        let end = if prefix.is_empty() { "" } else { "/" };
        Self {
            source: source.to_owned(),
            bucket: bucket.to_owned(),
            prefix: format!("{prefix}{end}"),
            region: region.cloned(),
        }
    }

    /// Where the object of the name `url` lies: `s3://bucket/prefix/AWSLogs/…`.
    pub(super) fn of_object(source: &str, url: &str) -> Option<Self> {
        let (bucket, key) = url.strip_prefix("s3://")?.split_once('/')?;
        let at = key.find("AWSLogs/")?;
        let prefix = key.get(..at)?.to_owned();
        Some(Self { source: source.to_owned(), bucket: bucket.to_owned(), prefix, region: None })
    }

    /// The record of the event, and the object that holds it.
    ///
    /// # Errors
    ///
    /// Where the bucket or an object cannot be read.
    pub(super) async fn search(
        &self,
        connection: &Connection,
        wanted: &Arc<Wanted>,
    ) -> Result<Option<(Value, String)>, aws::Error> {
        let Some(time) = wanted.time else {
            return Ok(None);
        };
        let connection = in_region(connection, self.region.as_ref());
        let bucket = Bucket::open(&connection, &self.bucket).await?;
        let mut keys = Vec::new();
        for partition in self.partitions(&bucket, &wanted.accounts).await? {
            keys.extend(listed(&bucket, &partition, time).await?);
        }
        // What was delivered first after the event is likeliest.
        keys.sort();
        keys.truncate(FILES_MAX);
        let fetched = stream::iter(keys).map(|(_, key)| {
            let (bucket, wanted) = (bucket.clone(), Arc::clone(wanted));
            async move { record(&bucket, key, wanted).await }
        });
        let mut found = fetched.buffered(FETCHES);
        while let Some(record) = found.try_next().await? {
            if record.is_some() {
                return Ok(record);
            }
        }
        Ok(None)
    }

    /// Each Region of `accounts`, or of every account where there are none.
    async fn partitions(
        &self,
        bucket: &Bucket,
        accounts: &[String],
    ) -> Result<Vec<Partition>, aws::Error> {
        let mut folders = bucket.level(&format!("{}AWSLogs/", self.prefix)).await?.folders;
        let organizations: Vec<String> =
            folders.extract_if(.., |folder| name(folder).starts_with("o-")).collect();
        for organization in organizations {
            folders.extend(bucket.level(&organization).await?.folders);
        }
        let is_wanted = |folder: &String| {
            accounts.is_empty() || accounts.iter().any(|account| account == name(folder))
        };
        let mut partitions = Vec::new();
        for folder in folders.into_iter().filter(is_wanted) {
            for base in bucket.level(&format!("{folder}CloudTrail/")).await?.folders {
                partitions.push(Partition {
                    prefix: base.clone(),
                    account: name(&folder).to_owned(),
                    region: name(&base).to_owned(),
                    holds: PartitionHolds::Events,
                    base,
                });
            }
            if partitions.len() >= PARTITIONS_MAX {
                break;
            }
        }
        Ok(partitions)
    }
}

/// The last name of `…/name/`.
fn name(folder: &str) -> &str {
    folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Keys of a partition that were delivered soon after `time`, with how much later.
async fn listed(
    bucket: &Bucket,
    partition: &Partition,
    time: Timestamp,
) -> Result<Vec<(i64, String)>, aws::Error> {
    let mut after = first_key(partition, Timestamp(time.0.saturating_sub(EARLY_SECS)));
    let mut keys = Vec::new();
    for _ in 0..PAGES_MAX {
        let page = bucket.page(&partition.prefix, Some(&after)).await?;
        let Some(last) = page.objects.last() else {
            break;
        };
        let later = |key: &str| delivered(key).map(|delivered| delivered.0 - time.0);
        let is_past = later(&last.key).is_some_and(|later| later > DELIVERED_SECS);
        after.clone_from(&last.key);
        keys.extend(page.objects.into_iter().filter_map(|object| {
            let later = later(&object.key)?;
            let is_near = (-EARLY_SECS..=DELIVERED_SECS).contains(&later);
            is_near.then_some((later.abs(), object.key))
        }));
        if is_past || !page.has_more {
            break;
        }
    }
    Ok(keys)
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
    use super::{Place, name};

    #[test]
    fn an_object_tells_where_its_trail_lies() {
        let place = |url: &str| Place::of_object("queue", url).map(|it| (it.bucket, it.prefix));
        let key = "AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/eu-west-1/2026/10/18/x.json.gz";
        let at = |bucket: &str, prefix: &str| Some((bucket.to_owned(), prefix.to_owned()));
        assert_eq!(place(&format!("s3://logs/{key}")), at("logs", ""));
        assert_eq!(place(&format!("s3://logs/a/b/{key}")), at("logs", "a/b/"));
        assert_eq!(place("s3://logs/other.json"), None);
        assert_eq!(place("/var/logs/AWSLogs/x"), None);
        assert_eq!(name("a/AWSLogs/111122223333/"), "111122223333");
    }
}
