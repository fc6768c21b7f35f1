//! A folder that is watched: it is looked through again and again.
//!
//! What the system tells of changes is lost on network file systems and across mounts; looking is
//! not. A file is taken once it has stayed as it is from one look to the next, so that one that is
//! being written is not read in half.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ingest::{Coverage, ListedFile, Source};
use store::ObjectId;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Content, Intake};
use crate::clock::{Clock as _, SystemClock};

/// How long a file must have been left alone before it is taken at the first look.
const SETTLED: Duration = Duration::from_secs(2);

/// Version of what is set aside by its name: its content does not matter.
const BY_NAME: &str = "by name";

/// How often it is looked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Looks {
    /// Until everything that is there was kept.
    Once,
    /// Again and again, this far apart.
    Every(Duration),
}

/// Offers every file that `source` stands for, and those that come, until the service ends, or
/// everything was kept where it looks [once](Looks::Once).
///
/// Whatever fails is told in the status and tried again.
pub async fn watch_folder(name: Arc<str>, source: Source, looks: Looks, intake: Intake) {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    loop {
        let outcome = look(&name, &source, looks, (&intake, &mut seen)).await;
        let error = outcome.as_ref().err().cloned();
        intake.status.of_source(&name, |status| {
            if error.is_none() {
                status.looked_at = Some(SystemClock.now());
                status.is_caught_up = true;
                status.backlog = 0;
            }
            status.error.clone_from(&error);
        });
        if let Some(error) = &error {
            tracing::warn!(source = &*name, error, "the source cannot be read");
        }
        let Looks::Every(interval) = looks else {
            return;
        };
        if timeout(interval, intake.stopped()).await.is_ok() {
            return;
        }
    }
}

/// A file as it was at the last look.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Seen {
    version: String,
    is_offered: bool,
}

async fn look(
    name: &Arc<str>,
    source: &Source,
    looks: Looks,
    (intake, seen): (&Intake, &mut BTreeMap<String, Seen>),
) -> Result<(), String> {
    let listing = source.clone();
    let listed = tokio::task::spawn_blocking(move || ingest::files(&listing)).await;
    let (files, coverage) =
        listed.map_err(|_| "it was given up".to_owned())?.map_err(|error| error.to_string())?;
    let mut wanted: Vec<(ObjectId, Content)> = set_aside(&coverage);
    wanted.retain(|(id, _)| !seen.contains_key(&id.name));
    for file in files {
        if let Some(object) = object(file, looks, seen) {
            wanted.push(object);
        }
    }
    let wanted = intake.not_done(wanted).await.map_err(|error| error.to_string())?;
    intake.status.of_source(name, |status| status.backlog = wanted.len() as u64);
    let mut receipts: Vec<(ObjectId, oneshot::Receiver<()>)> = Vec::new();
    for (id, content) in wanted {
        if intake.is_stopping() {
            break;
        }
        let Some(receipt) = intake.offer(name, id.clone(), content).await else {
            break;
        };
        receipts.push((id, receipt));
    }
    for (id, receipt) in receipts {
        if receipt.await.is_err() {
            // It was not kept: it is offered again.
            seen.remove(&id.name);
        }
    }
    Ok(())
}

/// The object of `file`, where it was not offered as it is and does not seem to be written.
fn object(
    file: ListedFile,
    looks: Looks,
    seen: &mut BTreeMap<String, Seen>,
) -> Option<(ObjectId, Content)> {
    let metadata = file.path.metadata().ok();
    let version = version(&file, metadata.as_ref());
    let known = seen.get(&file.name);
    let is_same = known.is_some_and(|known| known.version == version);
    if is_same && known.is_some_and(|known| known.is_offered) {
        return None;
    }
    let is_settled = is_same || looks == Looks::Once || is_old(metadata.as_ref());
    seen.insert(file.name.clone(), Seen { version: version.clone(), is_offered: is_settled });
    let id = ObjectId { name: file.name, version };
    is_settled.then_some((id, Content::File(file.path, file.bytes)))
}

/// Size and time of the last change: a file that is written anew is another object.
fn version(file: &ListedFile, metadata: Option<&Metadata>) -> String {
    let changed = metadata.and_then(|metadata| metadata.modified().ok());
    let nanos = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let bytes = metadata.map_or(file.bytes, Metadata::len);
    format!("{bytes}-{}", nanos.map_or(0, |nanos| nanos.as_nanos()))
}

fn is_old(metadata: Option<&Metadata>) -> bool {
    let changed = metadata.and_then(|metadata| metadata.modified().ok());
    // A file from the future was not written just now either.
    changed.is_some_and(|changed| {
        SystemTime::now().duration_since(changed).is_ok_and(|age| age >= SETTLED)
            || changed > SystemTime::now() + SETTLED
    })
}

/// What a listing left out, as objects, so that it is told once.
fn set_aside(coverage: &Coverage) -> Vec<(ObjectId, Content)> {
    let id = |name: &str| ObjectId { name: name.to_owned(), version: BY_NAME.to_owned() };
    let aside = coverage
        .set_aside
        .iter()
        .map(|aside| (id(&aside.source), Content::SetAside(aside.reason.clone())));
    let failed = coverage
        .skipped
        .iter()
        .map(|skipped| (id(&skipped.source), Content::Failed(skipped.reason.clone())));
    aside.chain(failed).collect()
}

/// The source that a path of the configuration stands for.
///
/// # Errors
///
/// Where it is written in a way that is none.
pub fn folder_source(path: &Path) -> Result<Source, ingest::Error> {
    Source::parse(&path.to_string_lossy())
}
