//! Evidence as bytes, so that it outlives the process that gathered it.

mod codec;
mod shapes;
mod whole;

use core::error::Error;
use core::fmt;

/// Why bytes are not evidence.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PortableError {
    /// They do not begin as evidence does.
    NotEvidence,
    /// They were written by a version of the program that writes them otherwise.
    OtherVersion {
        /// The version of the form that they are written in.
        found: u8,
    },
    /// They end too early, or hold something that is never written.
    Damaged,
}

impl fmt::Display for PortableError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEvidence => formatter.write_str("not evidence"),
            Self::OtherVersion { found } => {
                write!(formatter, "evidence in form {found}, which this version does not read")
            }
            Self::Damaged => formatter.write_str("evidence that is damaged"),
        }
    }
}

impl Error for PortableError {}
