//! Whether sources can be listed and read, and how late they are.

use aws::{
    Bucket, Connection, EventHistory, Kind as ErrorKind, Layout, Listed, Partition, PartitionHolds,
    Wanted, first_key, layout, s3_url,
};
use cloudtrail::Timestamp;
use ingest::limits::DOCUMENT_BYTES_MAX;
use report::Check;

use super::catalogue::{
    EVENT_HISTORY, Kind, SOURCE_DECRYPT, SOURCE_DELIVERY, SOURCE_GET, SOURCE_LIST,
};
use super::trail::lag;
use crate::clock::WallTime;
use crate::config::{FolderSource, LookupEventsSource, Prefix, S3Source};
use crate::intake::folder_source;

/// Partitions whose newest object is looked for.
const PARTITIONS_MAX: usize = 64;

/// How far back the newest object is looked for, in seconds.
const LOOKBACK: i64 = 2 * 86_400;

/// Looks at a folder.
pub(super) fn folder(subject: &str, folder: &FolderSource) -> Check {
    let listed = folder_source(&folder.path).and_then(|source| ingest::files(&source));
    match listed {
        Ok((files, _)) => SOURCE_LIST.ok(subject, format!("{} files can be listed", files.len())),
        Err(error) => {
            let remedy = "Correct `path`, or let the user of `serve` read there.";
            SOURCE_LIST.problem(subject, error.to_string(), remedy)
        }
    }
}

/// Looks at the event history of each Region.
pub(super) async fn history(
    subject: &str,
    connection: &Connection,
    history: &LookupEventsSource,
) -> Vec<Check> {
    let mut checks = Vec::new();
    for region in &history.regions {
        let subject = format!("{subject} ({region})");
        let mut asked = EventHistory::new(connection, region.as_str(), None, None);
        checks.push(match asked.next_page().await {
            Ok(_) => SOURCE_LIST.ok(&subject, "event history can be looked up"),
            Err(error) => SOURCE_LIST.failed(&subject, &error),
        });
    }
    checks
}

/// Says what event history lacks, where nothing else is read.
pub(super) fn only_history(subject: &str) -> Check {
    let found = "nothing but event history is read";
    let remedy = "Make a trail, and read its bucket: a source of kind `s3` or `sqs`.";
    EVENT_HISTORY.problem(subject, found, remedy)
}

/// Looks at a bucket.
pub(super) async fn bucket(
    subject: &str,
    connection: &Connection,
    (source, now): (&S3Source, WallTime),
) -> Vec<Check> {
    let opened = match Bucket::open(connection, source.bucket.as_str()).await {
        Ok(bucket) => bucket,
        Err(error) => return vec![SOURCE_LIST.failed(subject, &error)],
    };
    let prefix = source.prefix.as_ref().map_or("", Prefix::as_str);
    let found = match layout(&opened, prefix, Wanted::Events).await {
        Ok(found) => found,
        Err(error) => return vec![SOURCE_LIST.failed(subject, &error)],
    };
    let (newest, n_partitions) = match &found {
        Layout::Object(object) => (Ok(Some(object.clone())), 1),
        Layout::Other(prefix) => (first(&opened, prefix).await, 0),
        Layout::Trail(trail) => {
            (newest(&opened, &trail.partitions, now).await, trail.partitions.len())
        }
    };
    let place = s3_url(opened.name(), prefix);
    let newest = match newest {
        Ok(Some(newest)) => newest,
        Ok(None) => {
            let found = format!("no log file lies under `{place}`");
            let remedy =
                "Correct `bucket` and `prefix`: the prefix is what stands before `AWSLogs/`.";
            return vec![SOURCE_LIST.problem(subject, found, remedy)];
        }
        Err(error) => return vec![SOURCE_LIST.failed(subject, &error)],
    };
    let found = format!("`{place}` has {n_partitions} Regions of accounts");
    let mut checks = vec![SOURCE_LIST.ok(subject, found)];
    checks.push(get(subject, &opened, &newest).await);
    if n_partitions > 0 {
        let latest = newest.last_modified.map(|time| time.0);
        checks.push(lag(SOURCE_DELIVERY, subject, latest, now));
    }
    checks
}

/// Whether an object can be read, and decrypted.
async fn get(subject: &str, bucket: &Bucket, object: &Listed) -> Check {
    match bucket.get(&object.key, DOCUMENT_BYTES_MAX).await {
        Ok(_) => SOURCE_GET.ok(subject, format!("`{}` can be read", bucket.url(&object.key))),
        Err(error) => kind_of(&error).failed(subject, &error),
    }
}

/// S3 says `AccessDenied` to both, and names the action of KMS where that is missing.
fn kind_of(error: &aws::Error) -> Kind {
    let is_key = error.kind() == ErrorKind::Denied && error.reason().contains("kms:Decrypt");
    if is_key { SOURCE_DECRYPT } else { SOURCE_GET }
}

async fn first(bucket: &Bucket, prefix: &str) -> Result<Option<Listed>, aws::Error> {
    Ok(bucket.page(prefix, None).await?.objects.into_iter().next())
}

/// The object of `partitions` that was written last; of those of the last two days, or any where
/// there is none.
async fn newest(
    bucket: &Bucket,
    partitions: &[Partition],
    now: WallTime,
) -> Result<Option<Listed>, aws::Error> {
    let from = Timestamp(now.seconds().saturating_sub(LOOKBACK));
    let events = partitions.iter().filter(|one| one.holds == PartitionHolds::Events);
    let mut newest: Option<Listed> = None;
    for partition in events.take(PARTITIONS_MAX) {
        let mut after = Some(first_key(partition, from));
        loop {
            let page = bucket.page(&partition.prefix, after.as_deref()).await?;
            after = page.objects.last().map(|last| last.key.clone());
            let written = page.objects.into_iter().max_by_key(|object| object.last_modified);
            newest = newest.into_iter().chain(written).max_by_key(|object| object.last_modified);
            if !page.has_more || after.is_none() {
                break;
            }
        }
        if newest.is_none() {
            newest = first(bucket, &partition.prefix).await?;
        }
    }
    Ok(newest)
}
