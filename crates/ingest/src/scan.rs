//! One pass over sources, on every core.

use std::num::NonZeroUsize;
use std::panic;
use std::thread::{self, ScopedJoinHandle};

use cloudtrail::{Outcome, Record};

use crate::coverage::Coverage;
use crate::distinct::{Distinct, Held};
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
    /// Takes one record in, and gives the fingerprint of its event: the same for records that are
    /// one event, and another for others.
    fn record(&mut self, record: &Record<'_>) -> u64;

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
    /// into order, and for events that both have read, which count twice.
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
/// matches nothing, and when a temporary file that was written cannot be read. Whatever else cannot
/// be read is in the coverage.
pub fn scan<F: Fold + Default>(
    sources: &[Source],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Scan<F>, Error> {
    let distinct = &Distinct::new(options.limits.fingerprints_held_max, options.threads.get());
    let reader = || Folding { fold: F::default(), held: Some(distinct.share()) };
    let (readers, coverage) = run(sources, options, progress, reader)?;
    counted(distinct, readers, coverage)
}

/// Merges what `readers` have folded, and counts their events meanwhile.
pub(crate) fn counted<F: Fold + Default>(
    distinct: &Distinct,
    readers: Vec<Folding<'_, F>>,
    mut coverage: Coverage,
) -> Result<Scan<F>, Error> {
    let (folds, held): (Vec<F>, Vec<Option<Held<'_>>>) =
        readers.into_iter().map(|reader| (reader.fold, reader.held)).unzip();
    let held: Vec<Held<'_>> = held.into_iter().flatten().collect();
    let (fold, counted) = thread::scope(|scope| {
        let counting = scope.spawn(|| distinct.count(&held));
        let fold = folds.into_iter().reduce(|mut fold, other| {
            fold.merge(other);
            fold
        });
        (fold.unwrap_or_default(), joined(counting))
    });
    coverage.events(&counted.map_err(|source| Error::CannotReadBack { source })?);
    coverage.arrange();
    Ok(Scan { fold, coverage })
}

/// Reads every record of `sources` and keeps nothing, which is the floor of any scan. The coverage
/// does not tell events from repetitions.
///
/// # Errors
///
/// As [`scan`].
pub fn read_only(sources: &[Source], options: &Options) -> Result<Coverage, Error> {
    run(sources, options, &(), || Passing).map(|(_, coverage)| arranged(coverage))
}

/// Decompresses every document of `sources` and does not look into it, which is the floor of
/// reading. The coverage counts no records.
///
/// # Errors
///
/// As [`scan`].
pub fn decompress_only(sources: &[Source], options: &Options) -> Result<Coverage, Error> {
    run(sources, options, &(), || Ignoring).map(|(_, coverage)| arranged(coverage))
}

fn run<R: Reader + Send>(
    sources: &[Source],
    options: &Options,
    progress: &dyn Progress,
    reader: impl Fn() -> R + Sync,
) -> Result<(Vec<R>, Coverage), Error> {
    let Listing { inputs, mut coverage } =
        listing::list(sources, options.threads, options.limits.piece_bytes)?;
    let bytes = inputs.iter().map(|input| input.bytes).sum();
    let n_files = inputs.iter().filter(|input| input.is_file()).count();
    progress.found(n_files as u64, bytes);
    let n_workers = options.threads.get().min(inputs.len());
    let queue = &Queue::new(&inputs, n_workers);
    let worker = |number: usize| {
        let mut opener = Opener::new(options.limits, reader());
        work(queue, number, &mut opener, progress);
        opener.reader.finish();
        opener
    };
    let openers: Vec<Opener<R>> = on_threads(n_workers, &worker);
    let mut readers = Vec::new();
    for opener in openers {
        coverage.merge(opener.coverage);
        readers.push(opener.reader);
    }
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
        workers.into_iter().map(joined).collect()
    })
}

/// Calls `left` and `right` once each, side by side, and returns after both.
pub fn both(left: &mut (dyn FnMut() + Send + '_), right: &mut (dyn FnMut() + Send + '_)) {
    thread::scope(|scope| {
        let left = scope.spawn(left);
        right();
        joined(left);
    });
}

/// What `thread` gave; its panic is ours.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(value) => value,
        Err(payload) => panic::resume_unwind(payload),
    }
}

fn arranged(mut coverage: Coverage) -> Coverage {
    coverage.arrange();
    coverage
}

/// Reads a document into a fold.
pub(crate) struct Folding<'a, F> {
    pub(crate) fold: F,
    /// Where events are told from repetitions, if anywhere.
    pub(crate) held: Option<Held<'a>>,
}

impl<F: Fold> Reader for Folding<'_, F> {
    fn read(&mut self, document: &[u8]) -> Outcome {
        let Self { fold, held } = self;
        match held {
            Some(held) => {
                cloudtrail::read(document, &mut |record| held.insert(fold.record(record)))
            }
            None => cloudtrail::read(document, &mut |record| {
                fold.record(record);
            }),
        }
    }

    fn finish(&mut self) {
        if let Some(held) = &mut self.held {
            held.sort();
        }
    }
}

/// Reads every record and keeps nothing.
struct Passing;

impl Reader for Passing {
    fn read(&mut self, document: &[u8]) -> Outcome {
        cloudtrail::read(document, &mut |_| {})
    }
}

/// Does not look into documents.
struct Ignoring;

impl Reader for Ignoring {
    fn read(&mut self, _document: &[u8]) -> Outcome {
        Outcome::default()
    }
}
