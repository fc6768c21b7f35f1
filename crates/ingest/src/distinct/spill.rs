//! Sorted runs of fingerprints in a temporary file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::slice;

use crate::limits::{SPILL_AHEAD_BYTES, SPILL_BUFFER_BYTES};

/// Bytes of a fingerprint.
const WIDTH: usize = size_of::<u64>();

/// Fewest fingerprints that are read at once: a page of memory, which takes 65,000 million events
/// to reach.
const AHEAD_MIN: usize = 4096 / WIDTH;

/// A temporary file of runs, which is opened when the first one is written.
pub(super) struct Spill {
    open: fn() -> io::Result<File>,
    file: Option<File>,
    /// How many fingerprints each run has; one lies behind the other.
    lengths: Vec<u64>,
    failure: Option<io::ErrorKind>,
}

/// A sorted run, read from its begin to its end.
pub(super) enum Run<'a> {
    Held(slice::Iter<'a, u64>),
    Written(Written),
}

/// A run of the file, of which some is read ahead.
pub(super) struct Written {
    /// Place in the file of what is not read yet, in bytes.
    place: u64,
    /// Fingerprints that are not read yet.
    n_left: u64,
    /// Fingerprints that are read at once.
    n_ahead: usize,
    ahead: std::vec::IntoIter<u64>,
}

impl Spill {
    pub(super) const fn new(open: fn() -> io::Result<File>) -> Self {
        Self { open, file: None, lengths: Vec::new(), failure: None }
    }

    /// Writes a run, and tells whether it is kept. After a failure nothing is written any more.
    pub(super) fn write(&mut self, run: &[u64]) -> bool {
        if self.failure.is_some() {
            return false;
        }
        match self.try_write(run) {
            Ok(()) => self.lengths.push(run.len() as u64),
            Err(error) => self.failure = Some(error.kind()),
        }
        self.failure.is_none()
    }

    fn try_write(&mut self, run: &[u64]) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => (self.open)()?,
        };
        let mut writer = BufWriter::with_capacity(SPILL_BUFFER_BYTES, self.file.insert(file));
        for fingerprint in run {
            writer.write_all(&fingerprint.to_le_bytes())?;
        }
        writer.flush()
    }

    /// The runs that were written.
    pub(super) fn runs<'a>(&self) -> impl Iterator<Item = Run<'a>> + use<'a> {
        // More runs read less ahead, so that their number hardly changes what all take together.
        let n_ahead = SPILL_AHEAD_BYTES / WIDTH / self.lengths.len().max(1);
        let n_ahead = n_ahead.clamp(AHEAD_MIN, SPILL_BUFFER_BYTES / WIDTH);
        let mut place = 0;
        let run = move |n_left| {
            let begin = place;
            place += n_left * WIDTH as u64;
            Run::Written(Written { place: begin, n_left, n_ahead, ahead: Vec::new().into_iter() })
        };
        self.lengths.clone().into_iter().map(run)
    }

    pub(super) const fn failure(&self) -> Option<io::ErrorKind> {
        self.failure
    }

    #[cfg(test)]
    pub(super) const fn fail(&mut self, failure: io::ErrorKind) {
        self.failure = Some(failure);
    }
}

impl Run<'_> {
    /// The next fingerprint of the run.
    pub(super) fn next(&mut self, spill: &mut Spill) -> io::Result<Option<u64>> {
        match self {
            Self::Held(held) => Ok(held.next().copied()),
            Self::Written(written) => written.next(spill),
        }
    }
}

impl Written {
    fn next(&mut self, spill: &mut Spill) -> io::Result<Option<u64>> {
        if self.ahead.len() == 0 {
            self.read_ahead(spill)?;
        }
        Ok(self.ahead.next())
    }

    fn read_ahead(&mut self, spill: &mut Spill) -> io::Result<()> {
        let n_read = self.n_left.min(self.n_ahead as u64);
        let Some(file) = spill.file.as_mut().filter(|_| n_read > 0) else {
            return Ok(());
        };
        file.seek(SeekFrom::Start(self.place))?;
        let mut bytes = vec![0; n_read as usize * WIDTH];
        file.read_exact(&mut bytes)?;
        let (fingerprints, _) = bytes.as_chunks::<WIDTH>();
        let fingerprints = fingerprints.iter().map(|bytes| u64::from_le_bytes(*bytes));
        self.ahead = fingerprints.collect::<Vec<_>>().into_iter();
        self.place += n_read * WIDTH as u64;
        self.n_left -= n_read;
        Ok(())
    }
}
