//! One pass over sources, on every core.

use std::num::NonZeroUsize;
use std::panic;
use std::thread;

use cloudtrail::{Outcome, Record};

use crate::coverage::Coverage;
use crate::error::Error;
use crate::limits::Limits;
use crate::listing::{self, Listing};
use crate::opener::{Opener, Reader};
use crate::progress::Progress;
use crate::queue::Queue;
use crate::source::Source;
use crate::worker::work;

/// What a scan accumulates.
///
/// Which records a worker sees depends on timing. A fold whose result shall not depend on it
/// merges commutatively and associatively, and ignores the order of records.
pub trait Fold: Send {
    /// Takes one record in.
    fn record(&mut self, record: &Record<'_>);

    /// Takes in what another worker accumulated.
    fn merge(&mut self, other: Self)
    where
        Self: Sized;
}

/// What a scan came to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Scan<F> {
    /// What the records were folded into.
    pub fold: F,
    /// How much of the input was read.
    pub coverage: Coverage,
}

impl<F: Fold> Scan<F> {
    /// This scan together with `other`, which read something else.
    ///
    /// The coverage is as after one scan of both, but for the lists, which [`arranged`] brings
    /// into order.
    ///
    /// [`arranged`]: Self::arranged
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        self.fold.merge(other.fold);
        self.coverage.merge(other.coverage);
        self
    }

    /// The scan with the lists of its coverage sorted and shortened.
    #[must_use]
    pub fn arranged(mut self) -> Self {
        self.coverage.arrange();
        self
    }
}

/// How to scan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Options {
    /// Most worker threads.
    pub threads: NonZeroUsize,
    /// What one file may cost.
    pub limits: Limits,
}

impl Default for Options {
    /// One worker for each core, and the documented limits.
    fn default() -> Self {
        Self {
            threads: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            limits: Limits::default(),
        }
    }
}

/// Reads every record of `sources` once and folds it.
///
/// # Errors
///
/// Only when a source does not exist, cannot be listed at all, or is a glob that is invalid or
/// matches nothing. Whatever else cannot be read is in the coverage.
pub fn scan<F: Fold + Default>(
    sources: &[Source],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Scan<F>, Error> {
    let (readers, coverage) = run::<Folding<F>>(sources, options, progress)?;
    let fold = readers
        .into_iter()
        .map(|reader| reader.0)
        .reduce(|mut fold, other| {
            fold.merge(other);
            fold
        })
        .unwrap_or_default();
    Ok(Scan { fold, coverage })
}

/// Reads every record of `sources` and keeps nothing, which is the floor of any scan.
///
/// # Errors
///
/// As [`scan`].
pub fn read_only(sources: &[Source], options: &Options) -> Result<Coverage, Error> {
    scan::<Nothing>(sources, options, &()).map(|scan| scan.coverage)
}

/// Decompresses every document of `sources` and does not look into it, which is the floor of
/// reading. The coverage counts no records.
///
/// # Errors
///
/// As [`scan`].
pub fn decompress_only(sources: &[Source], options: &Options) -> Result<Coverage, Error> {
    run::<Ignoring>(sources, options, &()).map(|(_, coverage)| coverage)
}

fn run<R: Reader + Default + Send>(
    sources: &[Source],
    options: &Options,
    progress: &dyn Progress,
) -> Result<(Vec<R>, Coverage), Error> {
    let Listing { inputs, mut coverage } = listing::list(sources, options.limits.piece_bytes)?;
    let bytes = inputs.iter().map(|input| input.bytes).sum();
    let n_files = inputs.iter().filter(|input| input.is_file()).count();
    progress.found(n_files as u64, bytes);
    let n_workers = options.threads.get().min(inputs.len());
    let queue = &Queue::new(&inputs, n_workers);
    let worker = |number: usize| {
        let mut opener = Opener::new(options.limits, R::default());
        work(queue, number, &mut opener, progress);
        opener
    };
    let openers = on_threads(n_workers, &worker);
    let mut readers = Vec::new();
    for opener in openers {
        coverage.merge(opener.coverage);
        readers.push(opener.reader);
    }
    coverage.arrange();
    Ok((readers, coverage))
}

/// What `n_workers` threads return, each of which runs `worker` with its number.
pub(crate) fn on_threads<T: Send>(
    n_workers: usize,
    worker: &(dyn Fn(usize) -> T + Sync),
) -> Vec<T> {
    thread::scope(|scope| {
        let workers: Vec<_> =
            (0..n_workers).map(|number| scope.spawn(move || worker(number))).collect();
        let joined = workers.into_iter().map(|worker| match worker.join() {
            Ok(value) => value,
            Err(payload) => panic::resume_unwind(payload),
        });
        joined.collect()
    })
}

/// Reads a document into a fold.
#[derive(Default)]
pub(crate) struct Folding<F>(pub(crate) F);

impl<F: Fold> Reader for Folding<F> {
    fn read(&mut self, document: &[u8]) -> Outcome {
        cloudtrail::read(document, &mut |record| self.0.record(record))
    }
}

/// Does not look into documents.
#[derive(Default)]
struct Ignoring;

impl Reader for Ignoring {
    fn read(&mut self, _document: &[u8]) -> Outcome {
        Outcome::default()
    }
}

/// A fold that keeps nothing.
#[derive(Default)]
struct Nothing;

impl Fold for Nothing {
    fn record(&mut self, _record: &Record<'_>) {}

    fn merge(&mut self, _other: Self) {}
}
