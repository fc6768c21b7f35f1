//! Gzip, by the fast decoder where it can tell what it did and by the exact one elsewhere.

use flate2::bufread::GzDecoder;
use libdeflater::{DecompressionError, Decompressor};
use memchr::memmem;

use crate::buffer::{Buffer, End};
use crate::format::Format;
use crate::trouble::Trouble;

/// Most bytes that deflate makes of one byte.
const DEFLATE_RATIO_MAX: usize = 1_032;
/// First guess at the size of a member, in bytes, when its trailer says less.
const MEMBER_BYTES_MIN: usize = 64 * 1024;
/// A member ends with the CRC-32 and the size of what it holds.
const TRAILER_BYTES: usize = 8;

/// Decompresses gzip files.
pub(crate) struct Gzip {
    fast: Decompressor,
}

impl Gzip {
    pub(crate) fn new() -> Self {
        Self { fast: Decompressor::new() }
    }

    /// Decompresses every member of `input` into `output`, up to `bytes_max` bytes.
    ///
    /// Whatever trouble there is, `output` holds what came before it.
    pub(crate) fn decompress(
        &mut self,
        input: &[u8],
        output: &mut Buffer,
        bytes_max: usize,
    ) -> Option<Trouble> {
        output.clear();
        match self.decompress_fast(input, output, bytes_max) {
            Some(()) => None,
            None => decompress_exact(input, output, bytes_max),
        }
    }

    /// Decompresses members one after the other, or gives up.
    fn decompress_fast(
        &mut self,
        input: &[u8],
        output: &mut Buffer,
        bytes_max: usize,
    ) -> Option<()> {
        let mut rest = input;
        loop {
            let start = output.len();
            self.member(rest, output, bytes_max)?;
            let end = end_of_member(rest, output.filled_from(start))?;
            rest = rest.get(end..)?;
            if rest.is_empty() {
                return Some(());
            }
            if Format::of(rest) != Format::Gzip {
                return None;
            }
        }
    }

    /// Decompresses the first member of `input`.
    ///
    /// The decoder wants room for the whole member in advance. The size that the last trailer
    /// tells is right for a file of one member, and a first guess for any other.
    fn member(&mut self, input: &[u8], output: &mut Buffer, bytes_max: usize) -> Option<()> {
        let bytes_max = bytes_max.checked_sub(output.len())?;
        let bytes_max = bytes_max.min(input.len().saturating_mul(DEFLATE_RATIO_MAX));
        let mut guess = size_in_trailer(input)?.max(MEMBER_BYTES_MIN);
        loop {
            output.reserve(guess.min(bytes_max));
            let spare = output.spare();
            let room = spare.len().min(bytes_max);
            match self.fast.gzip_decompress(input, spare.get_mut(..room)?) {
                Ok(length) => {
                    output.advance(length);
                    return Some(());
                }
                Err(DecompressionError::InsufficientSpace) if room < bytes_max => {
                    guess = room.saturating_mul(2);
                }
                Err(DecompressionError::InsufficientSpace | DecompressionError::BadData) => {
                    return None;
                }
            }
        }
    }
}

/// What the last four bytes say that the last member holds, in bytes.
fn size_in_trailer(input: &[u8]) -> Option<usize> {
    let size = input.last_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*size)).ok()
}

/// Where the first member of `input` ends, which holds `content`.
///
/// The fast decoder does not tell how much input it used. It did check that the member ends with
/// the checksum and the size of `content`, so the first place where these stand is its end. Where
/// chance or malice put them earlier, no gzip magic follows, and the exact decoder takes over.
fn end_of_member(input: &[u8], content: &[u8]) -> Option<usize> {
    let [c1, c2, c3, c4] = libdeflater::crc32(content).to_le_bytes();
    let [s1, s2, s3, s4] = (content.len() as u32).to_le_bytes();
    let trailer = [c1, c2, c3, c4, s1, s2, s3, s4];
    memmem::find(input, &trailer).map(|start| start + TRAILER_BYTES)
}

/// Decompresses members as a stream, which knows where each ends and stops at the first fault.
fn decompress_exact(input: &[u8], output: &mut Buffer, bytes_max: usize) -> Option<Trouble> {
    output.clear();
    let mut rest = input;
    let mut mismatch = None;
    loop {
        let mut decoder = GzDecoder::new(rest);
        match output.fill(&mut decoder, bytes_max) {
            Ok(End::Reader) => {}
            Ok(End::Limit) => return Some(Trouble::TooLong { bytes_max }),
            Err(error) => {
                let trouble = Some(Trouble::of(Format::Gzip, &error));
                if trouble != Some(Trouble::ChecksumMismatch(Format::Gzip)) {
                    return trouble;
                }
                // The member was read to its end, so the next one can be found.
                mismatch = trouble;
            }
        }
        rest = decoder.into_inner();
        // Tapes and block devices pad with zeros, which `gzip -d` passes over as well.
        if rest.iter().all(|byte| *byte == 0) {
            return mismatch;
        }
        if Format::of(rest) != Format::Gzip {
            return Some(mismatch.unwrap_or(Trouble::TrailingBytes(Format::Gzip)));
        }
    }
}
