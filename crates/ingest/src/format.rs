//! What a file is, told by its first bytes and never by its name.

use std::fmt;

/// How a document is packed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    /// Gzip, RFC 1952, of one or more members.
    Gzip,
    /// Not packed.
    Plain,
    /// Text in UTF-16, as PowerShell redirects the output of a command.
    Utf16,
    /// A zip archive.
    Zip,
    /// Zstandard, RFC 8878, of one or more frames.
    Zstd,
}

/// Longest run of first bytes that tells a format.
pub(crate) const MAGIC_BYTES: usize = 4;

const GZIP: &[u8] = b"\x1f\x8b";
/// The byte order marks, little endian and big endian.
pub(crate) const UTF16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// A first member, an archive without members, and an archive cut into parts.
const ZIP: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];

impl Format {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(GZIP) {
            Self::Gzip
        } else if bytes.starts_with(ZSTD) {
            Self::Zstd
        } else if ZIP.iter().any(|magic| bytes.starts_with(magic)) {
            Self::Zip
        } else if UTF16.iter().any(|mark| bytes.starts_with(mark)) {
            Self::Utf16
        } else {
            Self::Plain
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Gzip => "gzip",
            Self::Plain => "plain",
            Self::Utf16 => "UTF-16",
            Self::Zip => "zip",
            Self::Zstd => "zstd",
        })
    }
}

/// `bytes`, which begin with a byte order mark, as UTF-8.
///
/// What is not UTF-16 becomes the replacement character.
pub(crate) fn utf8_of_utf16(bytes: &[u8]) -> String {
    let is_little = bytes.starts_with(UTF16[0]);
    let units = bytes.chunks_exact(2).filter_map(|pair| {
        let pair = <[u8; 2]>::try_from(pair).ok()?;
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    });
    char::decode_utf16(units.skip(1))
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
