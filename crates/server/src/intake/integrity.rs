//! The check of log files that goes on: each new digest of a source is verified.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use aws::{S3Address, Standing};
use cloudtrail::Timestamp;
use detect::{Finding, log_integrity_findings};
use ingest::{BucketObjects, Source, VerifyOptions};
use integrity::{KeyListing, ListPublicKeys, PublicKey, PublicKeys, Window};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Intake, Looks};
use crate::clock::{Clock as _, SystemClock, WallTime};

/// How often it is looked for new digests: CloudTrail writes one an hour.
const EVERY: Duration = Duration::from_secs(30 * 60);

/// How far back the first look goes where nothing says otherwise, in seconds.
const FIRST: i64 = 86_400;

/// How far back each look goes beyond the last one, in seconds: a digest is written within the
/// hour after the one that it is about.
const OVERLAP: i64 = 3 * 3_600;

/// Objects of a bucket that are fetched at once.
const FETCHES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// Largest file of keys, in bytes.
const KEYS_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Where digests and log files lie.
#[derive(Clone, Debug)]
pub enum Verified {
    /// In a bucket; its keys come from AWS, unless there are files of keys.
    Bucket(Box<Standing>, S3Address),
    /// In folders, for which there are files of keys.
    Folder(Source),
}

/// Asks AWS for public keys.
#[derive(Clone, Debug)]
pub struct KeysOfAws(pub Standing);

impl ListPublicKeys for KeysOfAws {
    fn list_public_keys(
        &mut self,
        region: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<PublicKey>, String> {
        let listed = self.0.public_keys(region, start, end).map_err(|error| error.reason())?;
        let keys = listed.into_iter().filter_map(|key| {
            PublicKey::of_base64(key.fingerprint, &key.value, key.valid_from, key.valid_to)
        });
        Ok(keys.collect())
    }
}

/// Verifies what is delivered from `from` on, until the service ends, or once.
///
/// What is found becomes findings; where it stands is remembered one look late, so that what was
/// found is on the disk by then.
pub async fn watch_log_files(
    name: Arc<str>,
    (verified, keys, from): (Verified, Vec<PathBuf>, Option<Timestamp>),
    looks: Looks,
    intake: Intake,
) {
    let cursor_name = format!("{name}/integrity");
    let stood = intake.cursor(&cursor_name).ok().flatten();
    let stood = stood.and_then(|text| Timestamp::parse(&text)).or(from);
    let mut stands = stood.unwrap_or_else(|| before(SystemClock.now(), FIRST));
    loop {
        let began = SystemClock.now();
        let looked = look_apart(&verified, &keys, stands);
        let found = tokio::select! {
            found = looked => found,
            () = intake.stopped() => return,
        };
        match found {
            Ok(findings) => {
                intake.stand(&cursor_name, stands.to_string());
                stands = stands.max(before(began, OVERLAP));
                intake.status.note_log_integrity(findings);
            }
            Err(error) => {
                tracing::warn!(source = &*name, error, "log files cannot be verified");
            }
        }
        if looks == Looks::Once || timeout(EVERY, intake.stopped()).await.is_ok() {
            return;
        }
    }
}

/// Looks on a thread of its own, for which the end of the service does not wait.
async fn look_apart(
    verified: &Verified,
    keys: &[PathBuf],
    from: Timestamp,
) -> Result<Vec<Finding>, String> {
    let (verified, keys) = (verified.clone(), keys.to_vec());
    let (sender, receiver) = oneshot::channel();
    let thread = thread::Builder::new().name("log-files".to_owned()).spawn(move || {
        // Where nobody waits any more, it is looked again at the next start.
        drop(sender.send(look(&verified, &keys, from)));
    });
    thread.map_err(|error| error.to_string())?;
    receiver.await.unwrap_or_else(|_| Err("the check has broken off".to_owned()))
}

fn before(now: WallTime, seconds: i64) -> Timestamp {
    Timestamp(now.seconds().saturating_sub(seconds))
}

/// What is wrong with what was delivered from `from` on; blocks.
fn look(verified: &Verified, keys: &[PathBuf], from: Timestamp) -> Result<Vec<Finding>, String> {
    let mut options =
        VerifyOptions { window: Window { from: Some(from), to: None }, ..VerifyOptions::default() };
    let mut lister = None;
    let (mut sources, mut bucket) = (Vec::new(), None);
    match verified {
        Verified::Bucket(standing, address) => {
            options.threads = FETCHES;
            lister = keys.is_empty().then(|| KeysOfAws(Standing::clone(standing)));
            let opened = standing.bucket(address).map_err(|error| error.to_string())?;
            bucket = Some(opened.since(from));
        }
        Verified::Folder(source) => sources.push(source.clone()),
    }
    let mut known =
        lister.as_mut().map_or_else(PublicKeys::default, |lister| PublicKeys::of_lister(lister));
    for path in keys {
        add_keys(path, &mut known)?;
    }
    let buckets: Vec<&dyn BucketObjects> =
        bucket.iter().map(|bucket| bucket as &dyn BucketObjects).collect();
    let verification = ingest::verify_with(&sources, &buckets, &options, (&mut known, &()))
        .map_err(|error| error.to_string())?;
    Ok(log_integrity_findings(&verification))
}

fn add_keys(path: &PathBuf, known: &mut PublicKeys<'_>) -> Result<(), String> {
    let named = |reason: String| format!("`{}`: {reason}", path.display());
    let length = path.metadata().map_err(|error| named(error.to_string()))?.len();
    if length > KEYS_BYTES_MAX {
        return Err(named(format!("more than {KEYS_BYTES_MAX} bytes")));
    }
    let bytes = std::fs::read(path).map_err(|error| named(error.to_string()))?;
    let listing = KeyListing::parse(&bytes);
    let listing = listing.ok_or_else(|| named("is no list of public keys".to_owned()))?;
    listing.keys.into_iter().for_each(|key| known.add(key));
    Ok(())
}
