//! The console beside a running service, or beside a store that another process writes.

use std::sync::Arc;
use std::time::Duration;

use store::Store;
use tokio::sync::watch;

use super::{Service, ServiceError};
use crate::config::{Config, Environment, Listed};
use crate::console::wire::SettingBody;
use crate::console::{self, Parts, Publisher};
use crate::engine::{Happened, Listener, Subjects};
use crate::intake::Status;
use crate::listen::Serving;

/// How long requests may take at the end.
const GRACE: Duration = Duration::from_secs(1);

/// What a console shows.
pub(super) struct Shown<'s> {
    pub(super) config: &'s Config,
    pub(super) settings: Vec<Listed>,
    pub(super) environment: &'s Environment,
    pub(super) status: &'s Arc<Status>,
    pub(super) connection: Option<&'s aws::Connection>,
    pub(super) subjects: Subjects,
    pub(super) news: Publisher,
}

/// Publishes what an analysis changed.
pub(super) fn listener(news: Publisher) -> Listener {
    Box::new(move |happened: &Happened| {
        for (id, change) in &happened.incidents {
            news.incident(id, change);
        }
        if let Some(as_of) = happened.as_of {
            news.as_of(as_of);
        }
    })
}

/// Serves the console where the configuration wants it.
pub(super) async fn serve(
    shown: Shown<'_>,
    on_console: &(dyn Fn(&str) + Send + Sync),
) -> Result<Option<Serving>, ServiceError> {
    if !shown.config.console.enabled {
        return Ok(None);
    }
    let setting =
        |listed: Listed| SettingBody { key: listed.key, value: listed.value, from: listed.from };
    let served = console::serve(Parts {
        config: shown.config.clone(),
        settings: shown.settings.into_iter().map(setting).collect(),
        environment: shown.environment.clone(),
        status: Arc::clone(shown.status),
        connection: shown.connection.cloned(),
        subjects: shown.subjects,
        news: shown.news,
        version: env!("CARGO_PKG_VERSION"),
    })
    .await?;
    tracing::info!(address = %served.serving.address(), "the console is served");
    on_console(&served.url);
    Ok(Some(served.serving))
}

/// Waits until `stop` holds `true`, or nobody is left who could say so.
pub(super) async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves the console of a store that another process writes, until `stop` holds `true`: what it
/// holds now, and what changes in its tables.
///
/// # Errors
///
/// Where the store cannot be read, and where the console cannot be served.
pub async fn beside(service: Service, stop: watch::Receiver<bool>) -> Result<(), ServiceError> {
    let folder = service.config.store.path.clone();
    let in_store = |source| ServiceError::Store { folder: folder.clone(), source };
    let store = Store::open_beside(&folder).map_err(in_store)?;
    let knowledge = Arc::from(service.knowledge);
    let loaded = tokio::task::spawn_blocking(move || Subjects::of_store(&store, knowledge)).await;
    let subjects = loaded.map_err(|_| ServiceError::Writer)?.map_err(in_store)?;
    let status = Arc::new(Status::default());
    status.of_writer(|writer| writer.is_ready = true);
    let shown = Shown {
        config: &service.config,
        settings: service.settings,
        environment: &service.environment,
        status: &status,
        connection: service.connection.as_ref(),
        subjects,
        news: console::publisher(),
    };
    let serving = serve(shown, &*service.on_console).await?;
    stopped(stop).await;
    if let Some(serving) = serving {
        serving.stop(GRACE).await;
    }
    Ok(())
}
