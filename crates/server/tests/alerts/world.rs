//! An outbox, sinks and a dispatcher, in a time that the test moves.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::Duration;

use detect::Severity;
use server::alerts::{
    AwsSink, AwsSinks, Backoff, BoxFuture, BusEvent, Called, Depth, Dispatcher, MemoryOutbox,
    MessageKind, NewEntry, Outbox, Outside, Sink, SinkStatus, Tools,
};
use server::clock::{Clock, WallTime};
use server::config::{Environment, Log, LogFormat, LogLevel, Region, Request, load};
use server::health::Metrics;
use server::logs::subscriber;
use tempfile::TempDir;
use tokio::time::{Instant, advance};

/// When every test begins, in milliseconds.
pub(crate) const BEGIN: i64 = 1_700_000_000_000;

/// Looks at a condition this often before it counts as never true.
const LOOKS_MAX: u32 = 3_000_000;

/// Time that stands still unless the test moves it: paused time alone would run to the next
/// timeout whenever all tasks wait for the network.
pub(crate) struct Time {
    begin: Instant,
    _hold: mpsc::Sender<()>,
}

impl Time {
    fn hold() -> Self {
        let (hold, released) = mpsc::channel::<()>();
        // Time does not move by itself while a blocking task runs.
        tokio::task::spawn_blocking(move || released.recv());
        Self { begin: Instant::now(), _hold: hold }
    }
}

/// The clock of the machine, which goes with the time of the test.
struct TestClock(Instant);

impl Clock for TestClock {
    fn now(&self) -> WallTime {
        WallTime(BEGIN).after(self.0.elapsed())
    }
}

/// AWS, which is not there unless a test brings its own.
pub(crate) struct NoAws;

impl AwsSink for NoAws {
    fn put_events(&self, _: Vec<BusEvent>) -> BoxFuture<'_, Called> {
        panic!("no test expects this");
    }

    fn batch_import_findings(&self, _: Vec<String>) -> BoxFuture<'_, Called> {
        panic!("no test expects this");
    }
}

impl AwsSinks for NoAws {
    fn of(&self, _: Option<&Region>) -> Arc<dyn AwsSink> {
        Arc::new(Self)
    }
}

/// Bytes that were written.
#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What all tests together have logged, down to the last detail.
///
/// It is one log for the whole process: what a thread logs for itself may be missed while other
/// threads come by the same place for the first time.
pub(crate) fn log() -> &'static Written {
    static LOG: OnceLock<Written> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Written::default();
        let settings = Log { format: LogFormat::Text, level: LogLevel::Trace };
        let output = Arc::new(Mutex::new(log.clone()));
        let subscriber = subscriber(&settings, Some("trace"), output).unwrap();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log
    })
}

/// Everything that a test needs.
pub(crate) struct World {
    pub(crate) time: Time,
    pub(crate) outbox: Arc<MemoryOutbox>,
    pub(crate) environment: Environment,
    pub(crate) aws: Arc<dyn AwsSinks + Send + Sync>,
    pub(crate) output: Written,
    pub(crate) metrics: Metrics,
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        log();
        Self {
            time: Time::hold(),
            outbox: Arc::default(),
            environment: Environment::new(),
            aws: Arc::new(NoAws),
            output: Written::default(),
            metrics: Metrics::new("1.2.3", ""),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    /// The sinks that a configuration describes.
    pub(crate) fn sinks(&self, text: &str) -> Vec<Sink> {
        let source = "[[source]]\nname = \"a\"\nkind = \"folder\"\npath = \"/\"\n";
        self.write("rolecall.toml", &format!("{source}{text}"));
        let file = Some(self.path("rolecall.toml"));
        let environment = self.environment.clone();
        let config = load(&Request { file, environment, ..Request::default() });
        let config = config.into_config().unwrap();
        let output: server::output::Output = Arc::new(Mutex::new(self.output.clone()));
        let outside = Outside { environment: &self.environment, aws: &*self.aws, output: &output };
        config.sinks.iter().map(|sink| Sink::of(sink, outside).unwrap()).collect()
    }

    /// A sink that is a webhook, with its own name.
    pub(crate) fn webhook(&self, name: &str, url: &str) -> Vec<Sink> {
        self.sinks(&format!("[[sink]]\nname = \"{name}\"\nkind = \"webhook\"\nurl = \"{url}\"\n"))
    }

    /// Tools with waits that are not by chance: 1, 2, 4 … seconds.
    pub(crate) fn tools(&self) -> Tools {
        self.tools_with(Arc::clone(&self.outbox) as Arc<dyn Outbox>)
    }

    pub(crate) fn tools_with(&self, outbox: Arc<dyn Outbox>) -> Tools {
        Tools {
            outbox,
            clock: Arc::new(TestClock(self.time.begin)),
            metrics: self.metrics.clone(),
            backoff: Backoff::default(),
            chance: Arc::new(|| u64::MAX),
        }
    }

    pub(crate) fn start(&self, sinks: Vec<Sink>) -> Dispatcher {
        Dispatcher::start(sinks, &self.tools())
    }

    /// Enqueues a message about `incident` to `sink`, with a payload of both names.
    pub(crate) fn enqueue(&self, sink: &str, incident: &str, revision: u32) {
        let payload = format!("{{\"id\":\"{incident}\",\"revision\":{revision}}}");
        self.enqueue_payload(sink, incident, revision, payload.into_bytes());
    }

    pub(crate) fn enqueue_payload(
        &self,
        sink: &str,
        incident: &str,
        revision: u32,
        payload: Vec<u8>,
    ) {
        self.outbox.enqueue(&[message(sink, incident, revision, payload)]).unwrap();
    }

    pub(crate) fn depth(&self, sink: &str) -> Depth {
        self.outbox.depth(sink).unwrap()
    }

    /// Lines of the metrics that begin with `name`.
    pub(crate) fn metric(&self, name: &str) -> String {
        let text = self.metrics.text();
        text.lines().filter(|line| line.starts_with(name)).collect::<Vec<_>>().join("\n")
    }
}

pub(crate) fn message(sink: &str, incident: &str, revision: u32, payload: Vec<u8>) -> NewEntry {
    NewEntry {
        sink: sink.to_owned(),
        incident_id: incident.to_owned(),
        kind: if revision == 1 { MessageKind::Opened } else { MessageKind::Raised },
        revision,
        severity: Severity::High,
        payload,
        enqueued_at: WallTime(BEGIN),
    }
}

/// Waits, without any time passing, until `condition` holds.
pub(crate) async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..LOOKS_MAX {
        if condition() {
            return;
        }
        tokio::task::yield_now().await;
        std::thread::yield_now();
    }
    panic!("it never came to this: {what}");
}

/// Lets all tasks do what they can without any time passing.
pub(crate) async fn settle() {
    for _ in 0..20 {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        std::thread::yield_now();
    }
}

pub(crate) async fn pass(seconds: f64) {
    advance(Duration::from_secs_f64(seconds)).await;
}

pub(crate) fn status(dispatcher: &Dispatcher, sink: &str) -> SinkStatus {
    dispatcher.status().into_iter().find(|status| status.name == sink).unwrap()
}

/// Waits until the task of `sink` waits for its time.
pub(crate) async fn rest(dispatcher: &Dispatcher, sink: &str) {
    let rests = || status(dispatcher, sink).next_look.is_some();
    until(&format!("{sink} rests"), rests).await;
}

/// A grace in which all ends by itself.
pub(crate) const GRACE: Duration = Duration::from_secs(5);
