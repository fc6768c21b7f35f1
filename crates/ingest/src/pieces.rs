//! A huge file of one record a line is read in pieces, so that every core has a share.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use cloudtrail::limits::RECORD_BYTES_MAX;

/// How far a piece looks for its first line, in bytes. A longer line is cut.
const LINE_BYTES_MAX: u64 = 2 * RECORD_BYTES_MAX as u64;

/// Part of a file: from the first line at or after `start` to the first line at or after `end`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Piece {
    pub(crate) start: u64,
    /// `None` for the last piece, which takes what is written meanwhile as well.
    pub(crate) end: Option<u64>,
}

/// The pieces of a file of `bytes`, or none when it is best read as a whole.
pub(crate) fn pieces(path: &Path, bytes: u64, piece_bytes: usize) -> Vec<Piece> {
    let piece_bytes = piece_bytes.max(1) as u64;
    if bytes <= piece_bytes.saturating_mul(2) || !is_one_record_a_line(path).unwrap_or(false) {
        return Vec::new();
    }
    let n_pieces = bytes.div_ceil(piece_bytes);
    (0..n_pieces)
        .map(|index| Piece {
            start: index * piece_bytes,
            end: (index + 1 < n_pieces).then_some((index + 1) * piece_bytes),
        })
        .collect()
}

/// Whether the first line is a whole object and the second begins like one.
fn is_one_record_a_line(path: &Path) -> io::Result<bool> {
    let mut head = BufReader::new(File::open(path)?.take(LINE_BYTES_MAX));
    let mut first = Vec::new();
    head.read_until(b'\n', &mut first)?;
    let first = first.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&first);
    let is_object = first.starts_with(b"{") && first.trim_ascii_end().ends_with(b"}");
    Ok(is_object && head.fill_buf()?.starts_with(b"{"))
}

impl Piece {
    pub(crate) const fn is_first(self) -> bool {
        self.start == 0
    }

    /// The bytes of the piece.
    pub(crate) fn open(self, path: &Path) -> io::Result<io::Take<File>> {
        let mut file = File::open(path)?;
        let start = line_at_or_after(&mut file, self.start)?;
        let end = match self.end {
            Some(end) => line_at_or_after(&mut file, end)?,
            None => u64::MAX,
        };
        file.seek(SeekFrom::Start(start))?;
        Ok(file.take(end.saturating_sub(start)))
    }
}

/// Where the first line that begins an object at or after `position` begins.
///
/// Both neighbors of a border come to the same answer, so that no byte is read twice or lost.
fn line_at_or_after(file: &mut File, position: u64) -> io::Result<u64> {
    let Some(mut position) = position.checked_sub(1) else {
        return Ok(0);
    };
    file.seek(SeekFrom::Start(position))?;
    let mut lines = BufReader::new(file.take(LINE_BYTES_MAX));
    let mut line = Vec::new();
    loop {
        line.clear();
        position += lines.read_until(b'\n', &mut line)? as u64;
        match lines.fill_buf()?.first() {
            None | Some(b'{') => return Ok(position),
            Some(_) => {}
        }
    }
}
