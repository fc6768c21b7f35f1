//! Folds objects as they come, on threads of their own.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use cloudtrail::Record;
use evidence::Evidence;
use ingest::{Coverage, Fold, Limits, ObjectOpener};
use store::ObjectDone;
use tokio::sync::mpsc;

use super::{Arrival, Content, Folded, WriterInput};

/// Objects that one worker folds into one evidence before it hands it over.
const FOLDED_TOGETHER: usize = 32;

/// Evidence as something that an object folds into.
#[derive(Debug, Default)]
struct Learned(Evidence);

impl Fold for Learned {
    fn record(&mut self, record: &Record<'_>) -> u64 {
        self.0.record(record)
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }
}

/// What all workers take from. Who holds the lock waits for the next object.
type Arrivals = Arc<Mutex<mpsc::Receiver<Arrival>>>;

/// Starts `n_workers` threads that fold what arrives and hand it to `writer`. They end once nobody
/// can offer anything any more.
///
/// # Errors
///
/// Where the system gives no thread.
pub fn start_workers(
    n_workers: usize,
    arrivals: mpsc::Receiver<Arrival>,
    writer: &mpsc::Sender<WriterInput>,
) -> std::io::Result<Vec<JoinHandle<()>>> {
    let arrivals: Arrivals = Arc::new(Mutex::new(arrivals));
    let start = |number: usize| {
        let (arrivals, writer) = (Arc::clone(&arrivals), writer.clone());
        let name = format!("fold-{number}");
        thread::Builder::new().name(name).spawn(move || work(&arrivals, &writer))
    };
    (0..n_workers).map(start).collect()
}

fn work(arrivals: &Arrivals, writer: &mpsc::Sender<WriterInput>) {
    let mut opener = ObjectOpener::<Learned>::new(Limits::default());
    loop {
        let taken = take(arrivals);
        if taken.is_empty() {
            return;
        }
        let mut learned = Learned::default();
        let folded: Vec<Folded> =
            taken.into_iter().map(|arrival| fold(arrival, &mut opener, &mut learned)).collect();
        // Where nobody keeps it any more, sources are never told, and offer it again.
        if writer.blocking_send(WriterInput { evidence: learned.0, folded }).is_err() {
            return;
        }
    }
}

/// The next object, and what waits behind it; nothing where no more can come.
fn take(arrivals: &Arrivals) -> Vec<Arrival> {
    let mut arrivals = arrivals.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(first) = arrivals.blocking_recv() else {
        return Vec::new();
    };
    let mut taken = vec![first];
    while taken.len() < FOLDED_TOGETHER
        && let Ok(next) = arrivals.try_recv()
    {
        taken.push(next);
    }
    taken
}

fn fold(arrival: Arrival, opener: &mut ObjectOpener<Learned>, learned: &mut Learned) -> Folded {
    let name = &arrival.id.name;
    let coverage = match &arrival.content {
        Content::Bytes(bytes) => opener.open(name, bytes, learned),
        Content::File(path, bytes) => opener.open_file(path, *bytes, learned),
        Content::Failed(reason) => {
            let mut coverage = Coverage::default();
            coverage.failed(name, reason);
            coverage
        }
        Content::SetAside(reason) => {
            let mut coverage = Coverage::default();
            coverage.set_aside(name, reason);
            coverage
        }
    };
    let source = arrival.source.to_string();
    Folded { object: ObjectDone { id: arrival.id, source, coverage }, kept: arrival.kept }
}
