//! Zstandard, of any number of frames.

use std::io;

use zstd::stream::read::Decoder;

use crate::buffer::{Buffer, End};
use crate::format::Format;
use crate::trouble::Trouble;

/// Decompresses every frame of `input` into `output`, up to `bytes_max` bytes.
///
/// Whatever trouble there is, `output` holds what came before it.
pub(crate) fn decompress(input: &[u8], output: &mut Buffer, bytes_max: usize) -> Option<Trouble> {
    output.clear();
    let filled =
        Decoder::with_buffer(input).and_then(|mut decoder| output.fill(&mut decoder, bytes_max));
    match filled {
        Ok(End::Reader) => None,
        Ok(End::Limit) => Some(Trouble::TooLong { bytes_max }),
        Err(error) => Some(trouble(&error)),
    }
}

/// What the library's message means; it has no other way to tell.
fn trouble(error: &io::Error) -> Trouble {
    let message = error.to_string();
    if message.contains("Unknown frame descriptor") {
        Trouble::TrailingBytes(Format::Zstd)
    } else if message.contains("too much memory") {
        Trouble::WindowTooLarge
    } else {
        Trouble::of(Format::Zstd, error)
    }
}
