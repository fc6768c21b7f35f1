//! Why a file, or the rest of one, could not be read.

use std::fmt;
use std::io;

use crate::format::Format;
use crate::limits::in_units;

/// What kept the rest of a file from being read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Trouble {
    /// The archive has more members than the limit.
    ArchiveTooLarge { members_max: usize },
    /// The checksum of the decompressed bytes is another one.
    ChecksumMismatch(Format),
    /// The stream breaks the rules of its format.
    Corrupt(Format),
    /// The stream ends before its format says so.
    EndsEarly(Format),
    /// A member that needs a password.
    Encrypted,
    /// The operating system refused.
    Io(io::ErrorKind),
    /// An archive inside an archive or inside a compressed file.
    NestedArchive,
    /// A FIFO, socket or device met on the way.
    NotAFile,
    /// The file unfolds to more bytes than its size can explain.
    RatioTooHigh { ratio_max: u64 },
    /// Members of an archive that share one name, of which one is read.
    SameName,
    /// More bytes than one document may have.
    TooLong { bytes_max: usize },
    /// More layers of compression than are opened.
    TooManyLayers { layers_max: usize },
    /// Bytes after the end of the stream that are no stream themselves.
    TrailingBytes(Format),
    /// A compression method that is not understood.
    UnsupportedMethod,
    /// A zstd frame whose window takes more memory than the decoder grants.
    WindowTooLarge,
}

impl Trouble {
    /// What `error` means while a stream of `format` is decompressed.
    ///
    /// The decoders differ in the kind that they give a wrong checksum, but all say the word.
    pub(crate) fn of(format: Format, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::EndsEarly(format);
        }
        if error.to_string().contains("checksum") {
            return Self::ChecksumMismatch(format);
        }
        match error.raw_os_error() {
            Some(_) => Self::Io(error.kind()),
            None => Self::Corrupt(format),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ArchiveTooLarge { members_max } => {
                write!(formatter, "archive has more than {members_max} members")
            }
            Self::ChecksumMismatch(format) => write!(formatter, "{format} checksum does not match"),
            Self::Corrupt(format) => write!(formatter, "{format} stream is corrupt"),
            Self::EndsEarly(format) => write!(formatter, "{format} stream ends early"),
            Self::Encrypted => formatter.write_str("encrypted"),
            Self::Io(kind) => write!(formatter, "cannot be read: {kind}"),
            Self::NestedArchive => formatter.write_str("archive inside an archive"),
            Self::NotAFile => formatter.write_str("neither a file nor a folder"),
            Self::RatioTooHigh { ratio_max } => {
                write!(formatter, "decompresses to more than {ratio_max} times its size")
            }
            Self::SameName => formatter.write_str("members share a name; only one is read"),
            Self::TooLong { bytes_max } => {
                write!(formatter, "longer than {}", in_units(*bytes_max))
            }
            Self::TooManyLayers { layers_max } => {
                write!(formatter, "compressed more than {layers_max} times over")
            }
            Self::TrailingBytes(format) => {
                write!(formatter, "unknown bytes after the {format} stream")
            }
            Self::UnsupportedMethod => formatter.write_str("compression method is not supported"),
            Self::WindowTooLarge => formatter.write_str("zstd window is larger than 128 MiB"),
        }
    }
}
