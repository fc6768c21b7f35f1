//! Connections to the store, for requests that may block.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use store::Store;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::problem::Problem;

/// Requests that may ask the store at once; others wait.
const AT_ONCE: usize = 8;

/// Connections to one store.
#[derive(Clone)]
pub(crate) struct Stores {
    folder: Arc<Path>,
    idle: Arc<Mutex<Vec<Store>>>,
    places: Arc<Semaphore>,
}

impl Stores {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder: folder.into(),
            idle: Arc::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Lets `ask` have a connection, on a thread that may block.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let places = Arc::clone(&self.places);
        let place = places.acquire_owned().await.map_err(|error| Problem::internal(&error))?;
        let stores = self.clone();
        let asked = spawn_blocking(move || {
            let _place = place;
            let idle = stores.idle().pop();
            let mut store = idle.map_or_else(|| Store::open_beside(&stores.folder), Ok)?;
            let answer = ask(&mut store);
            stores.idle().push(store);
            answer
        });
        asked.await.unwrap_or_else(|error| Err(Problem::internal(&error)))
    }

    /// As [`with`](Self::with), at one moment of the store.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.with(move |store| {
            store.at_once(|store| Ok(look(store))).map_err(Problem::from).and_then(|answer| answer)
        })
        .await
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Store>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
