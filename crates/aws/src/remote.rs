//! Objects in S3 and event history as a source of a scan: fetched ahead, many at a time, within
//! a bound of memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cloudtrail::Timestamp;
use ingest::{Content, Object, Objects};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::address::{CLOUDTRAIL_SCHEME, S3_SCHEME, S3Address, event_history_regions};
use crate::bucket::{Bucket, Listed};
use crate::connection::{Connection, ConnectionOptions};
use crate::error::Error;
use crate::history::{EventHistory, HistoryPage};
use crate::sweep::{Step, Sweep};
use crate::trail::{Layout, Wanted, layout};

/// Objects that are fetched at once.
pub const FETCHES_MAX: usize = 48;
/// Listings that run at once.
pub const LISTINGS_MAX: usize = 8;
/// Bytes that are fetched and not yet read, together; one larger object waits to be alone.
pub const BYTES_AHEAD_MAX: usize = 256 * 1024 * 1024;
/// Bytes are counted in pieces of this size.
const PIECE_BYTES: usize = 64 * 1024;
/// Threads that wait for AWS; reading has its own.
const THREADS: usize = 2;

/// A source of logs in AWS, as it is written on a command line.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum RemoteSource {
    /// The event history of these Regions; of the one that is set where there are none.
    EventHistory(Vec<String>),
    /// Objects in S3.
    S3(S3Address),
}

/// What to fetch.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct RemoteOptions {
    /// Leaves out objects delivered, and events of event history that happened, before.
    pub from: Option<Timestamp>,
    /// Leaves out those after.
    pub to: Option<Timestamp>,
    /// Largest object that is fetched, in bytes.
    pub bytes_max: usize,
}

/// Sources in AWS that are being listed and fetched, for a program that waits.
///
/// Must not be used from inside an asynchronous runtime: it has one of its own.
#[derive(Debug)]
pub struct Remote {
    objects: Mutex<mpsc::Receiver<Ready>>,
    found: Arc<Found>,
    // Dropped last: ends what is still under way.
    _runtime: Runtime,
}

impl RemoteSource {
    /// Reads `s3://bucket/prefix` or `cloudtrail://REGION[,REGION…]`; `None` for anything else.
    ///
    /// # Errors
    ///
    /// [`Error::Address`] where `text` begins so and goes on otherwise.
    pub fn parse(text: &str) -> Result<Option<Self>, Error> {
        if text.starts_with(S3_SCHEME) {
            return S3Address::parse(text).map(|address| Some(Self::S3(address)));
        }
        if text.starts_with(CLOUDTRAIL_SCHEME) {
            return event_history_regions(text).map(|regions| Some(Self::EventHistory(regions)));
        }
        Ok(None)
    }
}

impl Remote {
    /// Finds `sources`, each once, and begins to fetch.
    ///
    /// # Errors
    ///
    /// Where a source does not exist, is empty, or may not be listed. Whatever fails later is an
    /// object that says so.
    pub fn open(
        connection: &ConnectionOptions,
        sources: &[RemoteSource],
        options: &RemoteOptions,
    ) -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build();
        let runtime = runtime.map_err(|source| Error::Runtime { source })?;
        let (sender, objects) = mpsc::channel(FETCHES_MAX);
        let found = Arc::new(Found::default());
        let fetcher = Fetcher {
            options: *options,
            found: Arc::clone(&found),
            sender,
            listings: Arc::new(Semaphore::new(LISTINGS_MAX)),
            fetches: Arc::new(Semaphore::new(FETCHES_MAX)),
            pieces: Arc::new(Semaphore::new(BYTES_AHEAD_MAX / PIECE_BYTES)),
        };
        let mut sources = sources.to_vec();
        sources.sort();
        sources.dedup();
        runtime.block_on(async {
            let connection = Connection::open(connection).await?;
            for source in sources {
                match source {
                    RemoteSource::EventHistory(regions) => {
                        fetcher.event_history(&connection, regions).await?;
                    }
                    RemoteSource::S3(address) => fetcher.s3(&connection, &address).await?,
                }
            }
            Ok(())
        })?;
        Ok(Self { objects: Mutex::new(objects), found, _runtime: runtime })
    }
}

impl Objects for Remote {
    fn next(&self) -> Option<Object> {
        // A worker that fell over has taken its object with it and nothing else.
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.blocking_recv().map(|ready| ready.object)
    }

    fn found(&self) -> (u64, u64) {
        (self.found.objects.load(Ordering::Relaxed), self.found.bytes.load(Ordering::Relaxed))
    }
}

/// What was found so far.
#[derive(Debug, Default)]
struct Found {
    objects: AtomicU64,
    bytes: AtomicU64,
}

impl Found {
    fn add(&self, bytes: u64) {
        self.objects.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// An object that waits to be read, and its share of the memory.
#[derive(Debug)]
struct Ready {
    object: Object,
    _pieces: Option<OwnedSemaphorePermit>,
}

/// Lists and fetches; each clone works at one listing or object.
#[derive(Clone, Debug)]
struct Fetcher {
    options: RemoteOptions,
    found: Arc<Found>,
    sender: mpsc::Sender<Ready>,
    listings: Arc<Semaphore>,
    fetches: Arc<Semaphore>,
    pieces: Arc<Semaphore>,
}

impl Fetcher {
    /// Begins to fetch everything under `address`.
    async fn s3(&self, connection: &Connection, address: &S3Address) -> Result<(), Error> {
        let bucket = Bucket::open(connection, &address.bucket).await?;
        let fetcher = self.clone();
        match layout(&bucket, &address.prefix, Wanted::Events).await? {
            Layout::Object(object) => {
                tokio::spawn(async move { fetcher.object(&bucket, object).await });
            }
            Layout::Other(prefix) => {
                if bucket.page(&prefix, None).await?.objects.is_empty() {
                    return Err(Error::NothingFound { address: address.to_string() });
                }
                let sweep = Sweep::of_prefix(&bucket, &prefix, &self.options);
                tokio::spawn(async move { fetcher.sweep(&bucket, sweep).await });
            }
            Layout::Trail(trail) => {
                if trail.is_empty() {
                    return Err(Error::NothingFound { address: address.to_string() });
                }
                for partition in trail.partitions {
                    let sweep = Sweep::of_partition(&bucket, &partition, &self.options);
                    let (fetcher, bucket) = (self.clone(), bucket.clone());
                    tokio::spawn(async move { fetcher.sweep(&bucket, sweep).await });
                }
                let (loose, set_aside) = (trail.loose, trail.set_aside);
                let prefix = address.prefix.clone();
                tokio::spawn(async move {
                    for (folder, reason) in set_aside {
                        let source = bucket.url(folder.trim_end_matches('/'));
                        fetcher.tell(source, Content::SetAside(reason.to_owned())).await;
                    }
                    let sweep = Sweep::of_objects(loose, &prefix);
                    fetcher.sweep(&bucket, sweep).await;
                });
            }
        }
        Ok(())
    }

    /// Fetches whatever a listing comes upon.
    async fn sweep(&self, bucket: &Bucket, mut sweep: Sweep) {
        let _permit = self.listings.acquire().await;
        loop {
            match sweep.next().await {
                Ok(None) => return,
                Ok(Some(Step::SetAside(folder, reason))) => {
                    let reason = Content::SetAside(reason.to_owned());
                    self.tell(bucket.url(&folder), reason).await;
                }
                Ok(Some(Step::Object(object))) => self.object(bucket, object).await,
                Err(error) => {
                    let reason = format!("listing stopped: {}", error.reason());
                    self.tell(bucket.url(sweep.prefix()), Content::Failed(reason)).await;
                    return;
                }
            }
            if self.sender.is_closed() {
                return;
            }
        }
    }

    /// Waits for its turn and begins to fetch `object`.
    async fn object(&self, bucket: &Bucket, object: Listed) {
        self.found.add(object.bytes);
        let source = bucket.url(&object.key);
        let bytes = usize::try_from(object.bytes).unwrap_or(usize::MAX);
        let pieces = bytes.div_ceil(PIECE_BYTES).clamp(1, BYTES_AHEAD_MAX / PIECE_BYTES);
        let pieces = Arc::clone(&self.pieces).acquire_many_owned(pieces as u32).await.ok();
        let permit = Arc::clone(&self.fetches).acquire_owned().await.ok();
        let (fetcher, bucket) = (self.clone(), bucket.clone());
        tokio::spawn(async move {
            let content = match bucket.get(&object.key, fetcher.options.bytes_max).await {
                Ok(whole) => Content::Bytes(whole.bytes),
                Err(error) => Content::Failed(error.reason()),
            };
            let ready = Ready { object: Object { source, content }, _pieces: pieces };
            // Nobody waits any more where the scan has ended.
            let _ = fetcher.sender.send(ready).await;
            drop(permit);
        });
    }

    /// Begins to read the event history of `regions`.
    async fn event_history(
        &self,
        connection: &Connection,
        mut regions: Vec<String>,
    ) -> Result<(), Error> {
        if regions.is_empty() {
            regions.push(connection.region().ok_or(Error::RegionMissing)?.to_owned());
        }
        regions.sort();
        regions.dedup();
        for region in regions {
            let RemoteOptions { from, to, .. } = self.options;
            let mut history = EventHistory::new(connection, &region, from, to);
            let first = history.next_page().await?;
            let fetcher = self.clone();
            tokio::spawn(async move { fetcher.pages(history, first).await });
        }
        Ok(())
    }

    async fn pages(&self, mut history: EventHistory, first: Option<HistoryPage>) {
        let source = format!("{CLOUDTRAIL_SCHEME}{}", history.region());
        let mut next = first;
        while let Some(HistoryPage { document, .. }) = next {
            self.found.add(document.len() as u64);
            self.tell(source.clone(), Content::Bytes(document)).await;
            next = match history.next_page().await {
                Ok(page) => page,
                Err(error) => {
                    let reason = format!("event history stopped: {}", error.reason());
                    return self.tell(source, Content::Failed(reason)).await;
                }
            };
            if self.sender.is_closed() {
                return;
            }
        }
    }

    async fn tell(&self, source: String, content: Content) {
        let ready = Ready { object: Object { source, content }, _pieces: None };
        // Nobody waits any more where the scan has ended.
        let _ = self.sender.send(ready).await;
    }
}

#[cfg(test)]
mod tests {
    use super::RemoteSource;

    #[test]
    fn sources_in_aws_are_told_from_paths() {
        assert_eq!(RemoteSource::parse("logs").unwrap(), None);
        assert_eq!(RemoteSource::parse("-").unwrap(), None);
        assert!(matches!(RemoteSource::parse("s3://a/b"), Ok(Some(RemoteSource::S3(_)))));
        let history = RemoteSource::parse("cloudtrail://us-east-1").unwrap();
        assert_eq!(history, Some(RemoteSource::EventHistory(vec!["us-east-1".to_owned()])));
        assert!(RemoteSource::parse("s3://").is_err());
    }
}
