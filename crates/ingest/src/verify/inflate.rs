//! Gzip streams as the AWS CLI reads them: one member, hashed as it unfolds.

use std::io::{self, BufRead as _, BufReader, Read};

use flate2::bufread::GzDecoder;
use integrity::limits::DIGEST_BYTES_MAX;
use integrity::{Content, Inflated, LogContent};
use sha2::{Digest as _, Sha256};

use crate::limits::{DOCUMENT_BYTES_MAX, in_units};
use crate::trouble::Trouble;

const CHUNK_BYTES: usize = 64 * 1024;
/// Bytes that tell a gzip stream of deflate: its magic, its method and its flags.
const HEAD_BYTES: u64 = 4;
const MAGIC: [u8; 2] = [0x1f, 0x8b];
const DEFLATE: u8 = 8;

/// What the object of a digest holds, or nothing where it holds more than
/// [`DIGEST_BYTES_MAX`](integrity::limits::DIGEST_BYTES_MAX) bytes.
///
/// A stream that is cut off or broken makes no digest.
pub fn digest_content(object: &[u8]) -> Option<Content> {
    let mut decoder = GzDecoder::new(object);
    let mut bytes = Vec::new();
    let bytes_max = DIGEST_BYTES_MAX as u64;
    let read = decoder.by_ref().take(bytes_max + 1).read_to_end(&mut bytes);
    if bytes.len() > DIGEST_BYTES_MAX {
        return None;
    }
    let has_trailing_bytes = !decoder.into_inner().is_empty();
    Some(match read {
        Ok(_) => Content::Inflated { bytes, has_trailing_bytes },
        Err(_) => Content::NotGzip,
    })
}

/// What a log file holds: its hash. `object` is read once and never kept whole.
///
/// A stream that is cut off is hashed as far as it goes, and a broken one is none. More than
/// [`DOCUMENT_BYTES_MAX`](crate::limits::DOCUMENT_BYTES_MAX) bytes are not read.
pub fn log_content(object: impl Read) -> LogContent {
    content_within(object, DOCUMENT_BYTES_MAX)
}

fn content_within(object: impl Read, bytes_max: usize) -> LogContent {
    let mut object = Watched { object, failed: None };
    let mut head = Vec::new();
    // What fails is remembered and told below.
    let _ = object.by_ref().take(HEAD_BYTES).read_to_end(&mut head);
    if !is_head(&head) {
        return LogContent::NotGzip;
    }
    let object = BufReader::with_capacity(CHUNK_BYTES, head.as_slice().chain(object));
    let mut decoder = GzDecoder::new(object);
    let (sha256, end) = hashed(&mut decoder, bytes_max);
    if let Some(failed) = decoder.get_ref().get_ref().get_ref().1.failed {
        return LogContent::Unread(Trouble::Io(failed).to_string());
    }
    let inflated = |has_trailing_bytes| Inflated { sha256, has_trailing_bytes };
    match end {
        End::Broken => LogContent::NotGzip,
        End::Early => LogContent::Inflated(inflated(false)),
        End::Stream => match decoder.into_inner().fill_buf() {
            Ok(rest) => LogContent::Inflated(inflated(!rest.is_empty())),
            Err(error) => LogContent::Unread(Trouble::Io(error.kind()).to_string()),
        },
        End::TooLong => LogContent::Unread(format!("longer than {}", in_units(bytes_max))),
    }
}

/// Whether `head` is how a gzip stream begins, as far as it goes: `zlib` looks at two bytes, and then
/// at two more, while `flate2` waits for ten.
fn is_head(head: &[u8]) -> bool {
    match head {
        [] | [_] => true,
        [magic, number] | [magic, number, _] => [*magic, *number] == MAGIC,
        [magic, number, method, ..] => [*magic, *number, *method] == [MAGIC[0], MAGIC[1], DEFLATE],
    }
}

/// Where reading stopped.
enum End {
    Broken,
    Early,
    Stream,
    TooLong,
}

fn hashed(reader: &mut impl Read, bytes_max: usize) -> ([u8; 32], End) {
    let mut hasher = Sha256::new();
    let (mut chunk, mut length) = (vec![0; CHUNK_BYTES], 0_usize);
    let end = loop {
        match reader.read(&mut chunk) {
            Ok(0) => break End::Stream,
            Ok(n_read) => {
                hasher.update(chunk.get(..n_read).unwrap_or_default());
                length = length.saturating_add(n_read);
                if length > bytes_max {
                    break End::TooLong;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break End::Early,
            Err(_) => break End::Broken,
        }
    };
    (hasher.finalize().into(), end)
}

/// Remembers that the object itself failed, which the decoder tells no other than its own errors.
struct Watched<R> {
    object: R,
    failed: Option<io::ErrorKind>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.object.read(bytes);
        if let Err(error) = &read
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.failed = Some(error.kind());
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read, Write as _};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use integrity::{Content, Inflated, LogContent};
    use sha2::{Digest as _, Sha256};

    use super::{DIGEST_BYTES_MAX, content_within, digest_content, log_content};

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn inflated(content: &[u8], has_trailing_bytes: bool) -> LogContent {
        LogContent::Inflated(Inflated {
            sha256: Sha256::digest(content).into(),
            has_trailing_bytes,
        })
    }

    #[test]
    fn bytes_behind_the_stream_are_seen() {
        let one = gzip(b"log");
        assert_eq!(log_content(&one[..]), inflated(b"log", false));
        for more in [&b"x"[..], b"\0", &gzip(b"more")] {
            let object = [&one, more].concat();
            assert_eq!(log_content(&object[..]), inflated(b"log", true));
            let bytes = b"log".to_vec();
            let content = Content::Inflated { bytes, has_trailing_bytes: true };
            assert_eq!(digest_content(&object), Some(content));
        }
    }

    #[test]
    fn a_stream_that_is_cut_off_has_the_hash_of_what_came() {
        let whole = gzip(b"log");
        // Only the checksum is gone, so that everything came.
        assert_eq!(log_content(&whole[..whole.len() - 8]), inflated(b"log", false));
        for begin in [&b""[..], b"{", b"\x1f\x8b", b"\x1f\x8b\x08\0"] {
            assert_eq!(log_content(begin), inflated(b"", false), "{begin:?}");
        }
        assert_eq!(digest_content(&whole[..whole.len() - 8]), Some(Content::NotGzip));
    }

    #[test]
    fn a_stream_that_is_broken_is_none() {
        let mut wrong_checksum = gzip(b"log");
        let at = wrong_checksum.len() - 8;
        wrong_checksum[at] ^= 1;
        for object in [&b"{}"[..], b"\x1f\x8c", b"\x1f\x8b\x07\0", b"plain text", &wrong_checksum] {
            assert_eq!(log_content(object), LogContent::NotGzip);
            assert_eq!(digest_content(object), Some(Content::NotGzip));
        }
    }

    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }

    #[test]
    fn an_object_that_cannot_be_read_is_not_said_to_be_changed() {
        let begin = gzip(b"log");
        let object = (&begin[..12]).chain(Broken);
        assert!(matches!(log_content(object), LogContent::Unread(_)));
    }

    #[test]
    fn bombs_are_not_unfolded() {
        let bomb = gzip(&vec![0; DIGEST_BYTES_MAX + 1]);
        assert_eq!(digest_content(&bomb), None);
        let bomb = gzip(&[0; 4097]);
        assert!(matches!(content_within(&bomb[..], 4097), LogContent::Inflated(_)));
        let too_long = LogContent::Unread("longer than 4 KiB".to_owned());
        assert_eq!(content_within(&bomb[..], 4096), too_long);
    }
}
