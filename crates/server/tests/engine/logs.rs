//! Objects, and engines that take them in.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use cloudtrail::Record;
use detect::Analysis;
use evidence::Evidence;
use ingest::{Fold, Limits, ObjectOpener};
use server::alerts::{Message, MessageKind, Policy};
use server::clock::WallTime;
use server::config::SinkKind;
use server::engine::{About, Batch, Engine, NoKnowledge, Payload, Sinks};
use simulate::{LogFile, Settings};
use store::{ObjectDone, ObjectId};

/// Evidence that records fold into.
#[derive(Default)]
struct Learned(Evidence);

impl Fold for Learned {
    fn record(&mut self, record: &Record<'_>) -> u64 {
        self.0.record(record)
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }
}

/// A batch of the `objects`.
pub(crate) fn batch<'a>(objects: impl IntoIterator<Item = &'a LogFile>) -> Batch {
    let mut opener = ObjectOpener::<Learned>::new(Limits::default());
    let mut learned = Learned::default();
    let fold = |object: &LogFile| ObjectDone {
        id: ObjectId { name: object.path.clone(), version: "1".to_owned() },
        source: "test".to_owned(),
        coverage: opener.open(&object.path, object.body.as_bytes(), &mut learned),
    };
    let objects = objects.into_iter().map(fold).collect();
    Batch { evidence: learned.0, objects, cursors: Vec::new() }
}

/// What a scan of `objects` finds.
pub(crate) fn scanned(objects: &[LogFile]) -> Analysis {
    detect::analyze(&batch(objects).evidence, detect::Settings::default())
}

/// The objects of a generated organization with attacks.
pub(crate) fn organization(seed: u64) -> Vec<LogFile> {
    let settings = Settings { seed, days: simulate::DAYS_MIN, ..Settings::default() };
    let mut files = Vec::new();
    simulate::simulate(&settings, &mut |file| files.push(file));
    files
}

/// The log of a detector's fixture, as an object.
pub(crate) fn fixture(name: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures");
    let log = std::fs::read_to_string(root.join(name)).unwrap();
    log.lines().map(str::to_owned).collect()
}

pub(crate) fn object(path: &str, records: &[String]) -> LogFile {
    LogFile { path: path.to_owned(), body: records.join("\n") }
}

/// What was written for which sink: kind, incident and revision.
pub(crate) type Written = Arc<Mutex<Vec<(String, MessageKind, String, u32)>>>;

struct Noting(Written);

impl Payload for Noting {
    fn write(&self, about: &About<'_>, message: &Message<'_>) -> Result<Vec<u8>, String> {
        assert!(!about.kept.title.is_empty(), "a message without a title");
        let sink = message.sink.name.to_owned();
        let incident = message.incident_id.to_owned();
        self.0.lock().unwrap().push((sink, message.kind, incident, message.revision));
        Ok(about.kept.title.clone().into_bytes())
    }
}

/// An engine with two sinks: one that hears of everything, one of grave incidents only.
pub(crate) fn engine(folder: &Path, written: &Written) -> Engine {
    let policy = |min_severity| Policy { min_severity, quiet_period: std::time::Duration::ZERO };
    let sinks = Sinks {
        recipients: vec![
            ("all".to_owned(), SinkKind::Stdout, policy(detect::Severity::Informational)),
            ("grave".to_owned(), SinkKind::Webhook, policy(detect::Severity::High)),
        ],
        payload: Box::new(Noting(Arc::clone(written))),
    };
    Engine::open(folder, Box::new(NoKnowledge), sinks).unwrap()
}

/// A folder for a store.
pub(crate) fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    (folder, path)
}

pub(crate) const NOW: WallTime = WallTime(1_790_000_000_000);
