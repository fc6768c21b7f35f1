//! One worker thread: takes inputs until none is left.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use cloudtrail::limits::RECORD_BYTES_MAX;

use crate::buffer::{Buffer, End};
use crate::format::{Format, MAGIC_BYTES};
use crate::listing::{Place, shown};
use crate::opener::{Budget, Opener, Reader};
use crate::pieces::Piece;
use crate::progress::Progress;
use crate::queue::Queue;
use crate::trouble::Trouble;

/// How standard input is named in the coverage.
const STDIN: &str = "-";

/// Opens inputs as the worker of number `worker` until none is left.
pub(crate) fn work<R: Reader>(
    queue: &Queue<'_>,
    worker: usize,
    opener: &mut Opener<R>,
    progress: &dyn Progress,
) {
    let mut bytes = Buffer::default();
    while let Some(input) = queue.next(worker) {
        let (on_disk, records) = (opener.coverage.bytes_on_disk, opener.coverage.records);
        match &input.place {
            Place::File(path) => open_file(path, input.bytes, &mut bytes, opener),
            Place::Piece(path, piece) => open_piece(path, *piece, &mut bytes, opener),
            Place::Stdin => open_stream(STDIN, &mut io::stdin().lock(), &mut bytes, opener),
        }
        bytes.clear();
        progress.done(
            u64::from(input.is_file()),
            opener.coverage.bytes_on_disk - on_disk,
            opener.coverage.records - records,
        );
    }
}

pub(crate) fn open_file<R: Reader>(
    path: &Path,
    size: u64,
    bytes: &mut Buffer,
    opener: &mut Opener<R>,
) {
    let source = shown(path);
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return opener.coverage.trouble(&source, &Trouble::Io(error.kind())),
    };
    let bytes_max = opener.limits.document_bytes_max;
    match usize::try_from(size) {
        Ok(size) if size <= bytes_max => bytes.reserve(size.saturating_add(1)),
        Ok(_) | Err(_) if is_zip(path) => return open_archive(&source, file, size, opener),
        Ok(_) | Err(_) => {}
    }
    open_stream(&source, &mut file, bytes, opener);
}

/// Opens a part of a document that counts as one file with the other parts.
fn open_piece<R: Reader>(path: &Path, piece: Piece, bytes: &mut Buffer, opener: &mut Opener<R>) {
    let source = shown(path);
    let bytes_max = opener.limits.document_bytes_max;
    let filled = piece.open(path).and_then(|mut stream| {
        bytes.reserve(opener.limits.piece_bytes.saturating_add(RECORD_BYTES_MAX));
        bytes.fill(&mut stream, bytes_max)
    });
    opener.coverage.bytes_on_disk += bytes.len() as u64;
    if bytes.len() > 0 {
        let n_files = opener.coverage.files;
        opener.document(&source, bytes.filled());
        opener.coverage.files = n_files + u64::from(piece.is_first());
    }
    match filled {
        Ok(End::Reader) => {}
        Ok(End::Limit) => opener.coverage.trouble(&source, &Trouble::TooLong { bytes_max }),
        Err(error) => opener.coverage.trouble(&source, &Trouble::Io(error.kind())),
    }
}

/// Opens everything that `stream` gives, or as much of it as one document may have.
pub(crate) fn open_stream<R: Reader>(
    source: &str,
    stream: &mut impl Read,
    bytes: &mut Buffer,
    opener: &mut Opener<R>,
) {
    let bytes_max = opener.limits.document_bytes_max;
    let trouble = match bytes.fill(stream, bytes_max) {
        Ok(End::Reader) => None,
        Ok(End::Limit) => Some(Trouble::TooLong { bytes_max }),
        Err(error) => Some(Trouble::Io(error.kind())),
    };
    let on_disk = bytes.len() as u64;
    opener.coverage.bytes_on_disk += on_disk;
    if trouble.is_none() || on_disk > 0 {
        let mut budget = Budget::of(&opener.limits, on_disk);
        opener.open(source, bytes.filled(), 0, &mut budget);
    }
    if let Some(trouble) = trouble {
        opener.coverage.trouble(source, &trouble);
    }
}

/// Opens an archive that is too large for memory, member by member.
fn open_archive<R: Reader>(source: &str, file: File, size: u64, opener: &mut Opener<R>) {
    opener.coverage.bytes_on_disk += size;
    let mut budget = Budget::of(&opener.limits, size);
    opener.archive(source, io::BufReader::new(file), &mut budget);
}

fn is_zip(path: &Path) -> bool {
    let mut magic = [0; MAGIC_BYTES];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    read.is_ok() && Format::of(&magic) == Format::Zip
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use cloudtrail::Outcome;

    use super::{STDIN, open_stream};
    use crate::buffer::Buffer;
    use crate::limits::Limits;
    use crate::opener::{Opener, Reader};

    /// Keeps the documents.
    #[derive(Default)]
    struct Documents(Vec<Vec<u8>>);

    impl Reader for Documents {
        fn read(&mut self, document: &[u8]) -> Outcome {
            self.0.push(document.to_vec());
            Outcome::default()
        }
    }

    /// Gives a few bytes at a time and then fails.
    struct Failing<'a>(&'a [u8]);

    impl Read for Failing<'_> {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let length = bytes.len().min(3);
            self.0.read(&mut bytes[..length])
        }
    }

    fn open(stream: &mut impl Read, limits: Limits) -> Opener<Documents> {
        let mut opener = Opener::new(limits, Documents::default());
        open_stream(STDIN, stream, &mut Buffer::default(), &mut opener);
        opener
    }

    #[test]
    fn standard_input_may_be_compressed() {
        let zstd = zstd::encode_all(&b"{\"a\":1}"[..], 3).unwrap();
        let opener = open(&mut zstd.as_slice(), Limits::default());
        assert_eq!(opener.reader.0, [b"{\"a\":1}"]);
        assert_eq!(opener.coverage.bytes_on_disk, zstd.len() as u64);
        assert!(!opener.coverage.is_partial());
    }

    #[test]
    fn what_came_before_a_failure_is_read() {
        let opener = open(&mut Failing(b"{\"a\":1}"), Limits::default());
        assert_eq!(opener.reader.0, [b"{\"a\":1}"]);
        let skipped = opener.coverage.skipped.first().unwrap();
        assert_eq!(skipped.source, "-");
        assert_eq!(skipped.reason, "cannot be read: broken pipe");
    }

    #[test]
    fn an_endless_stream_is_read_up_to_the_limit() {
        let limits = Limits { document_bytes_max: 1024, ..Limits::default() };
        let opener = open(&mut io::repeat(b'x'), limits);
        assert_eq!(opener.reader.0, [vec![b'x'; 1024]]);
        let skipped = opener.coverage.skipped.first().unwrap();
        assert_eq!(skipped.reason, "longer than 1 KiB");
    }
}
