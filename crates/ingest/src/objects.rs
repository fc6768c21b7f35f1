//! Objects whose bytes are already in memory: fetched from a bucket, received in a message.

use std::mem;
use std::path::Path;

use cloudtrail::Outcome;

use crate::buffer::Buffer;
use crate::coverage::Coverage;
use crate::distinct::Distinct;
use crate::error::Error;
use crate::limits::Limits;
use crate::opener::{Budget, Opener, Reader};
use crate::progress::Progress;
use crate::scan::{Fold, Folding, Options, Scan, counted, on_threads};
use crate::trouble::Trouble;
use crate::worker;

/// Opens objects one after the other, and keeps its buffers between them.
///
/// An object is opened exactly as a file with the same bytes: its packing is told by its first
/// bytes, every limit holds, and whatever cannot be read is named.
///
/// It does not tell events from repetitions, which may be in other objects: the coverage counts
/// none.
pub struct ObjectOpener<F>(Opener<Folding<'static, F>>);

impl<F: Fold + Default> ObjectOpener<F> {
    /// An opener that holds each object to `limits`.
    pub fn new(limits: Limits) -> Self {
        Self(Opener::new(limits, Folding { fold: F::default(), held: None }))
    }

    /// Folds every record of `bytes` into `fold`, and returns what it covered of this object.
    ///
    /// `source` names the object in the coverage, such as `s3://bucket/key`. The lists of the
    /// coverage are sorted and shortened as those of a scan.
    pub fn open(&mut self, source: &str, bytes: &[u8], fold: &mut F) -> Coverage {
        mem::swap(&mut self.0.reader.fold, fold);
        read(&mut self.0, source, bytes);
        mem::swap(&mut self.0.reader.fold, fold);
        let mut coverage = mem::take(&mut self.0.coverage);
        coverage.arrange();
        coverage
    }

    /// As [`open`](Self::open), of the file at `path`, which has `size` bytes as far as its folder
    /// tells.
    pub fn open_file(&mut self, path: &Path, size: u64, fold: &mut F) -> Coverage {
        mem::swap(&mut self.0.reader.fold, fold);
        worker::open_file(path, size, &mut Buffer::default(), &mut self.0);
        mem::swap(&mut self.0.reader.fold, fold);
        let mut coverage = mem::take(&mut self.0.coverage);
        coverage.arrange();
        coverage
    }
}

/// Reads into the opener's own fold and coverage.
fn read<R: Reader>(opener: &mut Opener<R>, source: &str, bytes: &[u8]) {
    let bytes_max = opener.limits.document_bytes_max;
    opener.coverage.bytes_on_disk += bytes.len() as u64;
    // As with a file, as much is read as one document may have.
    let (head, rest) = bytes.split_at(bytes.len().min(bytes_max));
    let mut budget = Budget::of(&opener.limits, head.len() as u64);
    opener.open(source, head, 0, &mut budget);
    if !rest.is_empty() {
        opener.coverage.trouble(source, &Trouble::TooLong { bytes_max });
    }
}

/// Keeps what is asked for of documents.
struct Seeking<'s, T> {
    seek: &'s mut dyn FnMut(&[u8]) -> Option<T>,
    found: Option<T>,
}

impl<T> Reader for Seeking<'_, T> {
    fn read(&mut self, document: &[u8]) -> Outcome {
        if self.found.is_none() {
            self.found = (self.seek)(document);
        }
        Outcome::default()
    }
}

/// What `seek` finds first in the documents of the file at `path`, which has `size` bytes as far as
/// its folder tells: in their bytes once decompressed.
pub fn seek_file<T>(
    path: &Path,
    size: u64,
    limits: &Limits,
    seek: &mut dyn FnMut(&[u8]) -> Option<T>,
) -> Option<T> {
    let mut opener = Opener::new(*limits, Seeking { seek, found: None });
    worker::open_file(path, size, &mut Buffer::default(), &mut opener);
    opener.reader.found
}

/// As [`seek_file`], in `bytes`, an object of the name `source`.
pub fn seek_bytes<T>(
    source: &str,
    bytes: &[u8],
    limits: &Limits,
    seek: &mut dyn FnMut(&[u8]) -> Option<T>,
) -> Option<T> {
    let mut opener = Opener::new(*limits, Seeking { seek, found: None });
    read(&mut opener, source, bytes);
    opener.reader.found
}

/// Folds every record of `bytes`, an object that `source` names in the coverage.
///
/// Who opens many keeps an [`ObjectOpener`] instead, which saves the buffers of each.
pub fn open_bytes<F: Fold + Default>(source: &str, bytes: &[u8], limits: &Limits) -> Scan<F> {
    let mut fold = F::default();
    let coverage = ObjectOpener::new(*limits).open(source, bytes, &mut fold);
    Scan { fold, coverage }
}

/// One object of a source that is not on this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Object {
    /// How the object is named in the coverage, such as `s3://bucket/key`.
    pub source: String,
    /// What came of fetching it.
    pub content: Content,
}

/// What came of fetching an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// The object, whole.
    Bytes(Vec<u8>),
    /// Why the object, or a folder of that name, was not fetched although it may hold records.
    Failed(String),
    /// Why an object or folder without records of calls was left where it is; see
    /// [`set_aside`](crate::set_aside).
    SetAside(String),
}

/// Objects as they come.
pub trait Objects: Sync {
    /// Waits for the next object and returns it, or nothing when there are no more.
    ///
    /// Called from every worker thread at once.
    fn next(&self) -> Option<Object>;

    /// How many objects were found so far, and how many bytes they have as they are stored.
    fn found(&self) -> (u64, u64);
}

/// Folds every record of `objects`, on every core, as [`scan`](crate::scan) does with files.
///
/// # Errors
///
/// Only when a temporary file that was written cannot be read.
pub fn scan_objects<F: Fold + Default>(
    objects: &dyn Objects,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Scan<F>, Error> {
    let distinct = &Distinct::new(options.limits.fingerprints_held_max, options.threads.get());
    let worker = |_| {
        let reader = Folding { fold: F::default(), held: Some(distinct.share()) };
        let mut opener = Opener::new(options.limits, reader);
        while let Some(object) = objects.next() {
            let (n_objects, bytes) = objects.found();
            progress.found(n_objects, bytes);
            take(object, &mut opener, progress);
        }
        opener.reader.finish();
        opener
    };
    let openers = on_threads(options.threads.get(), &worker);
    let mut coverage = Coverage::default();
    let mut readers = Vec::new();
    for Opener { reader, coverage: covered, .. } in openers {
        coverage.merge(covered);
        readers.push(reader);
    }
    counted(distinct, readers, coverage)
}

fn take<R: Reader>(object: Object, opener: &mut Opener<R>, progress: &dyn Progress) {
    let source = &object.source;
    match object.content {
        Content::Bytes(bytes) => {
            let records = opener.coverage.records;
            read(opener, source, &bytes);
            progress.done(1, bytes.len() as u64, opener.coverage.records - records);
        }
        Content::Failed(reason) => opener.coverage.failed(source, &reason),
        Content::SetAside(reason) => opener.coverage.set_aside(source, &reason),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use cloudtrail::Record;

    use super::{Content, Object, ObjectOpener, Objects, open_bytes, scan_objects};
    use crate::{Fold, Limits, Options};

    /// How many records there were.
    #[derive(Debug, Default, Eq, PartialEq)]
    struct Count(u64);

    impl Fold for Count {
        fn record(&mut self, _: &Record<'_>) -> u64 {
            self.0 += 1;
            self.0
        }

        fn merge(&mut self, other: Self) {
            self.0 += other.0;
        }
    }

    struct Listed(Mutex<Vec<Object>>);

    impl Objects for Listed {
        fn next(&self) -> Option<Object> {
            self.0.lock().unwrap().pop()
        }

        fn found(&self) -> (u64, u64) {
            (0, 0)
        }
    }

    const TWO: &[u8] = br#"{"Records":[{"eventTime":"2026-10-18T23:05:00Z","eventName":"A"},
        {"eventTime":"2026-10-18T23:05:00Z","eventName":"B"}]}"#;

    fn object(source: &str, content: Content) -> Object {
        Object { source: source.to_owned(), content }
    }

    #[test]
    fn each_object_has_a_coverage_of_its_own() {
        let mut opener = ObjectOpener::new(Limits::default());
        let mut fold = Count(40);
        let first = opener.open("s3://b/1", TWO, &mut fold);
        let second = opener.open("s3://b/2", b"\x1f\x8bbroken", &mut fold);
        assert_eq!((first.files, first.records, first.bytes_on_disk), (1, 2, TWO.len() as u64));
        assert!(!first.is_partial());
        assert!(second.is_partial() && second.records == 0);
        assert_eq!(second.skipped[0].source, "s3://b/2");
        assert_eq!(fold, Count(42));
    }

    #[test]
    fn an_object_beyond_the_limit_is_read_up_to_it() {
        let limits = Limits { document_bytes_max: TWO.len(), ..Limits::default() };
        let bytes = [TWO, b" "].concat();
        let scan = open_bytes::<Count>("s3://b/1", &bytes, &limits);
        assert_eq!(scan.fold, Count(2));
        assert!(scan.coverage.skipped[0].reason.starts_with("longer than"));
    }

    #[test]
    fn whatever_was_not_fetched_is_named() {
        let objects = vec![
            object("s3://b/1", Content::Bytes(TWO.to_vec())),
            object("s3://b/2", Content::Failed("access denied".to_owned())),
            object("s3://b/3", Content::SetAside("hidden".to_owned())),
            object("s3://b/4", Content::Bytes(TWO.to_vec())),
        ];
        let listed = Listed(Mutex::new(objects));
        let scan = scan_objects::<Count>(&listed, &Options::default(), &()).unwrap();
        assert_eq!(scan.fold, Count(4));
        assert_eq!(scan.coverage.files, 2);
        assert!(scan.coverage.is_partial());
        assert_eq!(scan.coverage.skipped[0].source, "s3://b/2");
        assert_eq!(scan.coverage.skipped[0].reason, "access denied");
        assert_eq!(scan.coverage.set_aside[0].source, "s3://b/3");
    }

    /// The names of the calls.
    #[derive(Debug, Default)]
    struct Names;

    impl Fold for Names {
        fn record(&mut self, record: &Record<'_>) -> u64 {
            u64::from(record.event_name.as_bytes()[0])
        }

        fn merge(&mut self, _: Self) {}
    }

    #[test]
    fn what_several_objects_repeat_is_one_event() {
        let objects =
            (0..9).map(|number| object(&format!("s3://b/{number}"), Content::Bytes(TWO.to_vec())));
        let listed = Listed(Mutex::new(objects.collect()));
        let scan = scan_objects::<Names>(&listed, &Options::default(), &()).unwrap();
        assert_eq!((scan.coverage.records, scan.coverage.events), (18, 2));
    }
}
