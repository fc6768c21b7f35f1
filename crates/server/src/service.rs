//! `rolecall serve`: sources, the writer, alerts and health, wired and brought to an end.

mod measures;
mod pages;
mod sources;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use store::{Retention, Store};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::alerts::{AwsSinks, Dispatcher, Outside, Sink, SinkError, StoredOutbox, Tools};
use crate::clock::SystemClock;
use crate::config::{Config, Environment, Listed};
use crate::console::{self, ConsoleError};
use crate::engine::{Engine, Knowledge, Payload, Sinks};
use crate::health::Metrics;
use crate::intake::{Intake, Outlets, Pace, Status, Writer, start_workers};
use crate::output::Output;

/// How long an analysis is put off at most while objects keep arriving.
const PATIENCE: Duration = Duration::from_millis(500);

/// As `PATIENCE`, until sources have caught up.
const PATIENCE_BEHIND: Duration = Duration::from_secs(60);

/// How long messages that are being sent may take at the end.
const GRACE: Duration = Duration::from_secs(10);

/// Folded objects that may wait for the writer.
const FOLDED_MAX: usize = 16;

/// Whether to go on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Until it is stopped.
    Continuous,
    /// Until everything that is there was kept, analyzed, and told.
    Once,
}

/// Everything that a service is made of.
pub struct Service {
    /// The configuration.
    pub config: Config,
    /// What is known beyond the logs.
    pub knowledge: Box<dyn Knowledge>,
    /// What writes messages.
    pub payload: Box<dyn Payload>,
    /// The environment, for secrets.
    pub environment: Environment,
    /// AWS as a source, where one needs it.
    pub connection: Option<aws::Connection>,
    /// AWS as a sink.
    pub aws: Arc<dyn AwsSinks + Send + Sync>,
    /// Standard output.
    pub output: Output,
    /// What is counted.
    pub metrics: Metrics,
    /// Settings as the console shows them.
    pub settings: Vec<Listed>,
    /// Told where the console is served: an address to open.
    pub on_console: Box<dyn Fn(&str) + Send + Sync>,
}

/// What a service came to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Ended {
    /// Sources that could not be read to the end, with why.
    pub failed: Vec<(String, String)>,
    /// Objects that were kept since the start.
    pub objects: u64,
    /// Whether a part of them could not be read.
    pub is_partial: bool,
    /// The gravest open incident.
    pub gravest: Option<detect::Severity>,
}

/// Why a service could not start, or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The store.
    #[error("the store at `{}` cannot be used", folder.display())]
    Store {
        /// Where it lies.
        folder: PathBuf,
        /// Why.
        source: store::Error,
    },
    /// A sink.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// A source.
    #[error("source `{name}`: {reason}")]
    Source {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// The address of metrics and health.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The console.
    #[error(transparent)]
    Console(#[from] ConsoleError),
    /// The system gives no thread.
    #[error("cannot start a thread")]
    Thread(#[source] std::io::Error),
    /// The thread that writes has panicked, which is a fault of this program.
    #[error("the writer has stopped")]
    Writer,
}

/// The thread that writes.
type Writing = thread::JoinHandle<Result<Engine, store::Error>>;

/// Runs `service` until `stop` holds `true`, or it has come to its end.
///
/// When this returns, everything that sources were told is kept, is on the disk.
///
/// # Errors
///
/// Where something cannot be opened, and where the store refuses for good.
pub async fn run(
    service: Service,
    mode: Mode,
    stop: watch::Receiver<bool>,
) -> Result<Ended, ServiceError> {
    let folder = service.config.store.path.clone();
    let in_store = |source| ServiceError::Store { folder: folder.clone(), source };
    let sinks = sinks(&service)?;
    let who = recipients(&service.config);
    let engine_sinks = Sinks { recipients: who, payload: service.payload };
    let mut engine = Engine::open(&folder, service.knowledge, engine_sinks).map_err(in_store)?;
    engine.store_mut().keep_for(&retention(&service.config)).map_err(in_store)?;
    engine.keep_within(service.config.store.memory.as_u64());
    let news = console::publisher();
    engine.listen(pages::listener(news.clone()));
    let beside = || Store::open_beside(&folder).map_err(in_store);
    let outbox = Arc::new(StoredOutbox::new(beside()?));
    let (intake, outlets) = Intake::new(beside()?);
    let status = Arc::clone(&intake.status);
    let tools = Tools::new(outbox, service.metrics.clone());
    let dispatcher = Dispatcher::start(sinks, &tools);
    let waker = dispatcher.waker();
    let health = match mode {
        Mode::Continuous => {
            let told = measures::health(&service.metrics, &status, beside()?);
            Some(listen(told, service.config.listen.metrics).await?)
        }
        Mode::Once => None,
    };
    let shown = pages::Shown {
        config: &service.config,
        settings: service.settings,
        environment: &service.environment,
        status: &status,
        connection: service.connection.as_ref(),
        subjects: engine.subjects(),
        news,
    };
    let console = match mode {
        Mode::Continuous => pages::serve(shown, &*service.on_console).await?,
        Mode::Once => None,
    };
    let pace = Pace {
        settle: service.config.analysis.settle,
        patience: PATIENCE,
        patience_behind: PATIENCE_BEHIND,
    };
    let on_messages: Box<dyn Fn() + Send> = Box::new(move || waker.wake());
    let (writer, stopping) = start_writer(engine, outlets, (pace, on_messages), &status)?;
    let mut tasks = sources::start(&service.config, mode, (&intake, service.connection.as_ref()))?;
    drop(intake);
    if tasks.is_empty() && console.is_some() {
        // The console is there for whoever looks at what is kept.
        pages::stopped(stop.clone()).await;
    }
    finished(&mut tasks, stop, &stopping).await;
    let written = tokio::task::spawn_blocking(move || writer.join()).await;
    let engine = match written {
        Ok(Ok(written)) => written.map_err(in_store)?,
        Ok(Err(_)) | Err(_) => return Err(ServiceError::Writer),
    };
    if mode == Mode::Once {
        drain(&dispatcher, &tools, &service.config).await;
    }
    dispatcher.stop(GRACE).await;
    for serving in health.into_iter().chain(console) {
        serving.stop(Duration::from_secs(1)).await;
    }
    Ok(ended(&status, &engine))
}

pub use pages::beside;

async fn listen(
    health: crate::health::Health,
    address: std::net::SocketAddr,
) -> Result<crate::listen::Serving, ServiceError> {
    let serving = health.listen(address).await;
    let serving = serving.map_err(|source| ServiceError::Listen { address, source })?;
    tracing::info!(address = %serving.address(), "metrics and health are served");
    Ok(serving)
}

/// Starts the threads that fold and the one that writes; gives what ends them all.
fn start_writer(
    engine: Engine,
    outlets: Outlets,
    (pace, on_messages): (Pace, Box<dyn Fn() + Send>),
    status: &Arc<Status>,
) -> Result<(Writing, watch::Sender<bool>), ServiceError> {
    let Outlets { arrivals, cursors, stop } = outlets;
    let (folded, input) = tokio::sync::mpsc::channel(FOLDED_MAX);
    let n_workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    start_workers(n_workers, arrivals, &folded).map_err(ServiceError::Thread)?;
    drop(folded);
    let writer = Writer {
        engine,
        input,
        cursors,
        pace,
        clock: Arc::new(SystemClock),
        status: Arc::clone(status),
        on_messages,
        stop: stop.subscribe(),
        analyzed_at: std::time::Instant::now(),
    };
    let runtime = Handle::current();
    let thread = thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || writer.run(&runtime))
        .map_err(ServiceError::Thread)?;
    Ok((thread, stop))
}

/// Waits until all sources have ended; tells them to where `stop` says so.
async fn finished(
    tasks: &mut JoinSet<()>,
    mut stop: watch::Receiver<bool>,
    stopping: &watch::Sender<bool>,
) {
    let mut is_told = false;
    loop {
        tokio::select! {
            ended = tasks.join_next() => match ended {
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::error!(%error, "a source has broken off"),
                None => break,
            },
            // Where nobody is left who could stop it, only the sources end it.
            Ok(_) = stop.wait_for(|stop| *stop), if !is_told => {
                tracing::info!("stopping: what was offered is kept first");
                is_told = true;
                let _ = stopping.send(true);
            }
        }
    }
}

/// Waits until every message was taken or given up; what cannot be sent now waits for the next
/// start.
async fn drain(dispatcher: &Dispatcher, tools: &Tools, config: &Config) {
    dispatcher.waker().wake();
    for _ in 0..GRACE.as_millis() / 50 {
        let outbox = Arc::clone(&tools.outbox);
        let names: Vec<String> = config.sinks.iter().map(|sink| sink.name.to_string()).collect();
        let waiting = tokio::task::spawn_blocking(move || {
            names.iter().any(|name| outbox.depth(name).is_ok_and(|depth| depth.waiting > 0))
        });
        if !waiting.await.unwrap_or(false) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

const fn retention(config: &Config) -> Retention {
    Retention {
        usage_days: config.store.usage_days,
        lineage_months: config.store.lineage_months,
        artifact_months: config.store.artifact_months,
    }
}

fn sinks(service: &Service) -> Result<Vec<Sink>, SinkError> {
    let outside =
        Outside { environment: &service.environment, aws: &*service.aws, output: &service.output };
    service.config.sinks.iter().map(|sink| Sink::of(sink, outside)).collect()
}

fn recipients(config: &Config) -> Vec<(String, crate::config::SinkKind, crate::alerts::Policy)> {
    let sinks = config.sinks.iter();
    sinks.map(|sink| (sink.name.to_string(), sink.kind(), config.policy(sink))).collect()
}

fn ended(status: &Status, engine: &Engine) -> Ended {
    let sources = status.sources();
    let failed =
        sources.iter().filter_map(|(name, source)| Some((name.clone(), source.error.clone()?)));
    let gravest = engine.analysis().incidents.iter().map(|incident| incident.severity).max();
    Ended {
        failed: failed.collect(),
        objects: sources.values().map(|source| source.objects).sum(),
        is_partial: sources.values().any(|source| source.skipped > 0),
        gravest,
    }
}
