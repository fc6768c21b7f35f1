//! A buffer that is reused from file to file and never cleared to zeros twice.

use std::io::{self, Read};

use crate::limits::BUFFER_KEPT_BYTES_MAX;

/// First step of growth, in bytes.
const BYTES_MIN: usize = 256 * 1024;

/// Bytes, of which the first `len` are filled.
///
/// Invariant: `len <= bytes.len()`. The rest keeps what earlier files left, so that filling it
/// again costs no clearing.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    len: usize,
}

/// Where filling stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End {
    /// The limit came first.
    Limit,
    /// The reader came to its end.
    Reader,
}

impl Buffer {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn filled(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Everything filled from `start` on.
    pub(crate) fn filled_from(&self, start: usize) -> &[u8] {
        self.filled().get(start..).unwrap_or_default()
    }

    /// Forgets what is filled, and gives memory back that only a huge file needed.
    pub(crate) fn clear(&mut self) {
        self.len = 0;
        if self.bytes.len() > BUFFER_KEPT_BYTES_MAX {
            self.bytes = Vec::new();
        }
    }

    /// Every byte that can be filled without growing.
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.len..).unwrap_or_default()
    }

    /// Makes room for `bytes` more, if there is less.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        let wanted = self.len.saturating_add(bytes);
        if self.bytes.len() < wanted {
            self.bytes.resize(wanted, 0);
        }
    }

    /// Counts `bytes` of the spare room as filled.
    pub(crate) fn advance(&mut self, bytes: usize) {
        self.len = self.len.saturating_add(bytes).min(self.bytes.len());
    }

    /// Appends what `reader` gives, until the buffer holds `bytes_max`.
    ///
    /// What came before an error stays in the buffer.
    pub(crate) fn fill(&mut self, reader: &mut impl Read, bytes_max: usize) -> io::Result<End> {
        loop {
            let room = bytes_max.saturating_sub(self.len);
            if room == 0 {
                let n_more = read(reader, &mut [0])?;
                return Ok(if n_more == 0 { End::Reader } else { End::Limit });
            }
            if self.spare().is_empty() {
                self.reserve(self.len.max(BYTES_MIN).min(room));
            }
            let spare = self.spare();
            let length = spare.len().min(room);
            match read(reader, spare.get_mut(..length).unwrap_or_default())? {
                0 => return Ok(End::Reader),
                n_read => self.advance(n_read),
            }
        }
    }
}

fn read(reader: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, End};

    #[test]
    fn filling_stops_at_the_limit_and_not_before() {
        let mut buffer = Buffer::default();
        assert_eq!(buffer.fill(&mut &b"abcd"[..], 4).unwrap(), End::Reader);
        assert_eq!(buffer.filled(), b"abcd");
        buffer.clear();
        assert_eq!(buffer.fill(&mut &b"abcde"[..], 4).unwrap(), End::Limit);
        assert_eq!(buffer.filled(), b"abcd");
    }
}
