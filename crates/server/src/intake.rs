//! How objects come in: sources offer them, workers fold them, one writer keeps them.
//!
//! A source is told when an object is kept, and not before: only then does it move on.

mod bucket;
mod folder;
mod history;
mod integrity;
mod notifications;
mod remote;
mod status;
mod workers;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use store::{Cursor, ObjectDone, ObjectId, Store};
use tokio::sync::{mpsc, oneshot, watch};

pub use bucket::{BucketPart, watch_bucket};
pub use folder::{Looks, folder_source, watch_folder};
pub use history::{HistoryPart, watch_history};
pub use integrity::{KeysOfAws, LOG_FILES_EVERY, Verified, watch_log_files};
pub use notifications::{QueuePart, watch_queue};
pub use status::{SourceStatus, Status, WriterStatus};
pub use workers::start_workers;
pub use writer::{Pace, Writer, WriterInput};

/// Objects that may wait for a worker; a source that offers more is made to wait.
const WAITING_MAX: usize = 64;

/// What there is to read of an object.
#[derive(Debug)]
pub enum Content {
    /// All of it.
    Bytes(Vec<u8>),
    /// Why it cannot be read, and never will.
    Failed(String),
    /// A file, which has so many bytes as far as its folder tells.
    File(PathBuf, u64),
    /// Why it holds no records of calls.
    SetAside(String),
}

/// An object that a source offers.
#[derive(Debug)]
pub struct Arrival {
    /// Which.
    pub id: ObjectId,
    /// Name of the source.
    pub source: Arc<str>,
    /// What there is to read.
    pub content: Content,
    /// Told once the object is kept; dropped where it never will be.
    pub kept: Option<oneshot::Sender<()>>,
}

/// An object that was folded, whose source waits for it to be kept.
#[derive(Debug)]
pub struct Folded {
    /// What reading it came to.
    pub object: ObjectDone,
    /// As [`Arrival::kept`].
    pub kept: Option<oneshot::Sender<()>>,
}

/// Where sources hand in what they found.
#[derive(Clone, Debug)]
pub struct Intake {
    arrivals: mpsc::Sender<Arrival>,
    cursors: mpsc::UnboundedSender<Cursor>,
    /// A connection of its own: looking must not wait for the writer.
    store: Arc<Mutex<Store>>,
    stop: watch::Receiver<bool>,
    /// What is going on, for metrics.
    pub status: Arc<Status>,
}

/// The other ends of an [`Intake`].
#[derive(Debug)]
pub struct Outlets {
    /// What sources offer.
    pub arrivals: mpsc::Receiver<Arrival>,
    /// Where they stand.
    pub cursors: mpsc::UnboundedReceiver<Cursor>,
    /// Ends everything once it holds `true`.
    pub stop: watch::Sender<bool>,
}

impl Intake {
    /// An intake that looks up what was read in `store`, and where it leads.
    pub fn new(store: Store) -> (Self, Outlets) {
        let (arrivals, arrivals_out) = mpsc::channel(WAITING_MAX);
        let (cursors, cursors_out) = mpsc::unbounded_channel();
        let (stop, stopped) = watch::channel(false);
        let intake = Self {
            arrivals,
            cursors,
            store: Arc::new(Mutex::new(store)),
            stop: stopped,
            status: Arc::default(),
        };
        (intake, Outlets { arrivals: arrivals_out, cursors: cursors_out, stop })
    }

    /// Offers an object; gives what is told once it is kept, or nothing where the service ends.
    pub async fn offer(
        &self,
        source: &Arc<str>,
        id: ObjectId,
        content: Content,
    ) -> Option<oneshot::Receiver<()>> {
        let (kept, receiver) = oneshot::channel();
        let arrival = Arrival { id, source: Arc::clone(source), content, kept: Some(kept) };
        self.arrivals.send(arrival).await.ok()?;
        Some(receiver)
    }

    /// Those of `objects` that were not read.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn not_done<T: Send + 'static>(
        &self,
        objects: Vec<(ObjectId, T)>,
    ) -> Result<Vec<(ObjectId, T)>, store::Error> {
        let store = Arc::clone(&self.store);
        let looked = tokio::task::spawn_blocking(move || {
            let store = store.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let mut left = Vec::new();
            for (id, what) in objects {
                if !store.is_done(&id)? {
                    left.push((id, what));
                }
            }
            Ok(left)
        });
        // A task that was cancelled belongs to a runtime that ends.
        looked.await.unwrap_or_else(|_| Ok(Vec::new()))
    }

    /// Where the source `source` stood.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub fn cursor(&self, source: &str) -> Result<Option<String>, store::Error> {
        self.store.lock().unwrap_or_else(std::sync::PoisonError::into_inner).cursor(source)
    }

    /// Keeps where the source `source` stands. Everything up to there must have been kept.
    pub fn stand(&self, source: &str, cursor: String) {
        let cursor = Cursor { source: source.to_owned(), cursor };
        // Where nobody listens any more, the cursor is taken up where it was kept last.
        drop(self.cursors.send(cursor));
    }

    /// Whether the service ends.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits until the service ends.
    pub async fn stopped(&self) {
        let mut stop = self.stop.clone();
        // An error means that nobody is left who could stop it otherwise.
        drop(stop.wait_for(|stop| *stop).await);
    }
}
