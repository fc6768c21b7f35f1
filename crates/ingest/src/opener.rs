//! From the bytes of a file to the documents in it.

use std::io::Cursor;
use std::mem;

use cloudtrail::Outcome;

use crate::buffer::Buffer;
use crate::coverage::Coverage;
use crate::format::{Format, utf8_of_utf16};
use crate::gzip::Gzip;
use crate::limits::{LAYERS_MAX, Limits};
use crate::trouble::Trouble;
use crate::zstandard;

/// What becomes of a document.
pub(crate) trait Reader {
    /// Reads a decompressed document.
    fn read(&mut self, document: &[u8]) -> Outcome;

    /// Does what is left when there is no other document.
    fn finish(&mut self) {}
}

/// Opens files one after the other, and keeps its buffers between them.
pub(crate) struct Opener<R> {
    pub(crate) limits: Limits,
    pub(crate) coverage: Coverage,
    pub(crate) reader: R,
    gzip: Gzip,
    /// One buffer for what each layer of compression holds.
    layers: [Buffer; LAYERS_MAX],
}

/// How many bytes the rest of a file may unfold to, over all its members and layers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    bytes_left: u64,
}

impl Budget {
    pub(crate) fn of(limits: &Limits, bytes_on_disk: u64) -> Self {
        Self { bytes_left: limits.unfolded_bytes_max(bytes_on_disk) }
    }

    pub(crate) fn spend(&mut self, bytes: usize) {
        self.bytes_left = self.bytes_left.saturating_sub(bytes as u64);
    }

    fn bytes_left(self) -> usize {
        usize::try_from(self.bytes_left).unwrap_or(usize::MAX)
    }
}

impl<R: Reader> Opener<R> {
    pub(crate) fn new(limits: Limits, reader: R) -> Self {
        Self {
            limits,
            coverage: Coverage::default(),
            reader,
            gzip: Gzip::new(),
            layers: [Buffer::default(), Buffer::default()],
        }
    }

    /// Reads every document in `bytes`, which lie under `layer` layers of compression.
    pub(crate) fn open(&mut self, source: &str, bytes: &[u8], layer: usize, budget: &mut Budget) {
        match Format::of(bytes) {
            Format::Plain => self.document(source, bytes),
            Format::Utf16 => self.document(source, utf8_of_utf16(bytes).as_bytes()),
            Format::Zip if layer == 0 => self.archive(source, Cursor::new(bytes), budget),
            Format::Zip => self.coverage.trouble(source, &Trouble::NestedArchive),
            Format::Gzip | Format::Zstd => self.unfold(source, bytes, layer, budget),
        }
    }

    /// Hands a document to the reader.
    pub(crate) fn document(&mut self, source: &str, bytes: &[u8]) {
        let outcome = self.reader.read(bytes);
        self.coverage.document(source, bytes.len(), &outcome);
    }

    /// Takes one layer of compression off `bytes` and opens what it holds.
    fn unfold(&mut self, source: &str, bytes: &[u8], layer: usize, budget: &mut Budget) {
        let is_zstd = Format::of(bytes) == Format::Zstd;
        self.open_filled(source, layer, budget, |gzip, output, bytes_max| {
            if is_zstd {
                zstandard::decompress(bytes, output, bytes_max)
            } else {
                gzip.decompress(bytes, output, bytes_max)
            }
        });
    }

    /// Opens what `fill` puts into the buffer of `layer`.
    ///
    /// What came before some trouble is evidence and is opened; what unfolds beyond its budget
    /// was made to exhaust the reader and is not.
    pub(crate) fn open_filled(
        &mut self,
        source: &str,
        layer: usize,
        budget: &mut Budget,
        fill: impl FnOnce(&mut Gzip, &mut Buffer, usize) -> Option<Trouble>,
    ) {
        let Some(slot) = self.layers.get_mut(layer) else {
            let layers_max = LAYERS_MAX;
            let trouble = Trouble::TooManyLayers { layers_max };
            return self.coverage.trouble(source, &trouble);
        };
        let mut buffer = mem::take(slot);
        buffer.clear();
        let bytes_max = self.limits.document_bytes_max.min(budget.bytes_left());
        let mut trouble = fill(&mut self.gzip, &mut buffer, bytes_max);
        budget.spend(buffer.len());
        if let Some(Trouble::TooLong { .. }) = trouble
            && bytes_max < self.limits.document_bytes_max
        {
            let ratio_max = self.limits.ratio_max;
            trouble = Some(Trouble::RatioTooHigh { ratio_max });
            buffer.clear();
        }
        if trouble.is_none() || buffer.len() > 0 {
            self.open(source, buffer.filled(), layer + 1, budget);
        }
        if let Some(trouble) = trouble {
            self.coverage.trouble(source, &trouble);
        }
        buffer.clear();
        if let Some(slot) = self.layers.get_mut(layer) {
            *slot = buffer;
        }
    }
}
