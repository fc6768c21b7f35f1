//! What is said of a digest or a log file: valid, invalid and why, or not verified and why.

use alloc::format;
use alloc::string::String;

/// A judgement of a digest or a log file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It is what `CloudTrail` delivered.
    Valid,
    /// It is not, and was changed, moved or deleted since.
    Invalid(Fault),
    /// It may be either.
    Unverified(Doubt),
}

/// Why something is invalid. The AWS CLI has the same reasons but for the last three.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Fault {
    /// The content of a log file has another hash than its digest says.
    HashMismatch,
    /// A digest that is no gzip stream of a digest document, a log file that is no gzip stream.
    InvalidFormat,
    /// A digest that lies at another place than it was delivered to.
    Moved,
    /// A digest that another one names, or a log file that a digest names, is not there.
    NotFound,
    /// There is no key with the fingerprint that the digest names, or it was not valid then.
    PublicKeyNotFound {
        /// The fingerprint.
        fingerprint: String,
    },
    /// The key with the fingerprint that the digest names is no RSA key.
    PublicKeyUnreadable {
        /// The fingerprint.
        fingerprint: String,
    },
    /// The signature is not one of the digest.
    SignatureVerificationFailed,
    /// Bytes were added behind the compressed stream.
    TrailingBytes,
    /// A digest that `CloudTrail` signed, but not the one that the newer digest names.
    NotThePrevious,
    /// A copy of a valid log file, at another place than it was delivered to.
    Misplaced,
}

/// Why something cannot be judged.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Doubt {
    /// A log file agrees with its digest, which is itself not verified.
    DigestUnverified,
    /// Public keys could not be fetched.
    KeysNotFetched(String),
    /// No public key was given.
    NoPublicKeys,
    /// The signature of the digest is not at hand: it is in the metadata of the object in S3, and
    /// in the digest after it, which is missing, invalid, or not yet delivered.
    NoSignature,
    /// A digest names more log files than are judged.
    TooManyLogFiles,
    /// A digest names a hash that is not SHA-256.
    UnknownHashAlgorithm,
    /// It is there and could not be read.
    Unread(String),
}

/// Where the signature of a digest was taken from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignatureFrom {
    /// From the metadata of the object in S3.
    Metadata,
    /// From the digest after it.
    NewerDigest,
}

impl Verdict {
    /// Whether it is [`Valid`](Self::Valid).
    pub const fn is_valid(&self) -> bool {
        matches!(self, Self::Valid)
    }

    /// Why it is invalid, if it is.
    pub const fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Invalid(fault) => Some(fault),
            Self::Valid | Self::Unverified(_) => None,
        }
    }

    /// Why it is not verified, if it is not.
    pub const fn doubt(&self) -> Option<&Doubt> {
        match self {
            Self::Unverified(doubt) => Some(doubt),
            Self::Valid | Self::Invalid(_) => None,
        }
    }
}

impl Fault {
    /// The reason in one word, for programs.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::HashMismatch => "hash_mismatch",
            Self::InvalidFormat => "invalid_format",
            Self::Moved => "moved",
            Self::NotFound => "not_found",
            Self::PublicKeyNotFound { .. } => "public_key_not_found",
            Self::PublicKeyUnreadable { .. } => "public_key_unreadable",
            Self::SignatureVerificationFailed => "signature_verification_failed",
            Self::TrailingBytes => "trailing_bytes",
            Self::NotThePrevious => "not_the_previous",
            Self::Misplaced => "misplaced",
        }
    }

    /// The reason for people.
    pub fn text(&self) -> String {
        match self {
            Self::HashMismatch => "hash value doesn't match".into(),
            Self::InvalidFormat => "invalid format".into(),
            Self::Moved => "has been moved from its original location".into(),
            Self::NotFound => "not found".into(),
            Self::PublicKeyNotFound { fingerprint } => {
                format!("public key not found for fingerprint {fingerprint}")
            }
            Self::PublicKeyUnreadable { fingerprint } => {
                format!("public key with fingerprint {fingerprint} is no RSA key")
            }
            Self::SignatureVerificationFailed => "signature verification failed".into(),
            Self::TrailingBytes => "unexpected data after end of compressed stream".into(),
            Self::NotThePrevious => "is not the digest that the newer one names".into(),
            Self::Misplaced => "is a copy at another place than the delivered one".into(),
        }
    }
}

impl Doubt {
    /// The reason in one word, for programs.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::DigestUnverified => "digest_unverified",
            Self::KeysNotFetched(_) => "keys_not_fetched",
            Self::NoPublicKeys => "no_public_keys",
            Self::NoSignature => "no_signature",
            Self::TooManyLogFiles => "too_many_log_files",
            Self::UnknownHashAlgorithm => "unknown_hash_algorithm",
            Self::Unread(_) => "unread",
        }
    }

    /// The reason for people.
    pub fn text(&self) -> String {
        match self {
            Self::DigestUnverified => "agrees with its digest, which is not verified".into(),
            Self::KeysNotFetched(why) => format!("public keys could not be fetched: {why}"),
            Self::NoPublicKeys => "no public key was given".into(),
            Self::NoSignature => "its signature is not at hand".into(),
            Self::TooManyLogFiles => {
                format!("names more than {} log files", crate::limits::LOG_FILES_MAX)
            }
            Self::UnknownHashAlgorithm => "its hash is not SHA-256".into(),
            Self::Unread(why) => why.clone(),
        }
    }
}
