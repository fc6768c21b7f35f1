//! Whether a log file is the one that a digest names.

use alloc::string::String;

use crate::digest::LogFile;
use crate::hex;
use crate::verdict::{Doubt, Fault, Verdict};

/// What reading a log file gave.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LogContent {
    /// A gzip stream.
    Inflated(Inflated),
    /// There is no such object.
    NotFound,
    /// Something else than a gzip stream, or one that is broken.
    NotGzip,
    /// It is there, or may be, and cannot be read: why, in words for a person.
    Unread(String),
}

/// A gzip stream, read to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Inflated {
    /// SHA-256 of its content; where the stream ends early, of what came before.
    pub sha256: [u8; 32],
    /// Whether other bytes follow the stream.
    pub has_trailing_bytes: bool,
}

/// Judges a log file that `digest`, which was judged itself, names.
///
/// The order of the reasons is that of the AWS CLI.
pub fn judge_log(log: &LogFile, content: &LogContent, digest: &Verdict) -> Verdict {
    let inflated = match content {
        LogContent::Inflated(inflated) => inflated,
        LogContent::NotFound => return Verdict::Invalid(Fault::NotFound),
        LogContent::NotGzip => return Verdict::Invalid(Fault::InvalidFormat),
        LogContent::Unread(why) => return Verdict::Unverified(Doubt::Unread(why.clone())),
    };
    if inflated.has_trailing_bytes {
        return Verdict::Invalid(Fault::TrailingBytes);
    }
    if !log.is_sha256 {
        return Verdict::Unverified(Doubt::UnknownHashAlgorithm);
    }
    if hex::encoded(&inflated.sha256) != log.hash_value {
        return Verdict::Invalid(Fault::HashMismatch);
    }
    match digest {
        Verdict::Valid => Verdict::Valid,
        Verdict::Invalid(_) | Verdict::Unverified(_) => {
            Verdict::Unverified(Doubt::DigestUnverified)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::digest::LogFile;
    use crate::hex;
    use crate::name::Location;
    use crate::verdict::{Doubt, Fault, Verdict};

    use super::{Inflated, LogContent, judge_log};

    fn judged(content: &LogContent, digest: &Verdict) -> Verdict {
        let hash_value = hex::encoded(&[7; 32]);
        let log = LogFile { location: Location::default(), hash_value, is_sha256: true };
        judge_log(&log, content, digest)
    }

    fn inflated(byte: u8, has_trailing_bytes: bool) -> LogContent {
        LogContent::Inflated(Inflated { sha256: [byte; 32], has_trailing_bytes })
    }

    #[test]
    fn a_log_file_is_as_good_as_its_digest() {
        let doubt = Verdict::Unverified(Doubt::NoSignature);
        assert_eq!(judged(&inflated(7, false), &Verdict::Valid), Verdict::Valid);
        assert_eq!(
            judged(&inflated(7, false), &doubt),
            Verdict::Unverified(Doubt::DigestUnverified)
        );
        assert_eq!(judged(&inflated(8, false), &doubt), Verdict::Invalid(Fault::HashMismatch));
    }

    #[test]
    fn added_bytes_outweigh_the_hash() {
        let trailing = Verdict::Invalid(Fault::TrailingBytes);
        assert_eq!(judged(&inflated(7, true), &Verdict::Valid), trailing);
        assert_eq!(judged(&inflated(8, true), &Verdict::Valid), trailing);
    }
}
