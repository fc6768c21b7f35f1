//! A digest document: the log files of one hour with their hashes, and the digest before.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use cloudtrail::Timestamp;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, de};
use sha2::{Digest as _, Sha256};

use crate::limits::LOG_FILES_MAX;
use crate::name::Location;

/// A digest, as its document says; whether `CloudTrail` wrote it is another question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Digest {
    /// Where it was delivered to.
    pub location: Location,
    /// When its hour began.
    pub start: Timestamp,
    /// When its hour ended.
    pub end: Timestamp,
    /// Names the key that signed it.
    pub public_key_fingerprint: String,
    /// The digest before it; absent in the first of a chain.
    pub previous: Option<Previous>,
    /// The log files that were delivered in its hour.
    pub log_files: Vec<LogFile>,
    /// Whether it names more than [`LOG_FILES_MAX`] log files, which are then left out.
    pub has_too_many: bool,
    /// The end as it is written, which is part of what is signed.
    pub(crate) end_text: String,
    /// The signature of the digest before it, which is part of what is signed.
    pub(crate) previous_signature: Option<String>,
    /// SHA-256 of the document.
    pub(crate) sha256: [u8; 32],
}

/// What a digest says of the digest before it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Previous {
    /// Where it was delivered to.
    pub location: Location,
    /// SHA-256 of its document in hexadecimal digits, where the digest tells that hash.
    pub sha256: Option<String>,
}

/// What a digest says of a log file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogFile {
    /// Where it was delivered to.
    pub location: Location,
    /// Hash of its content, decompressed, in hexadecimal digits.
    pub hash_value: String,
    /// Whether the hash is SHA-256, the only one that `CloudTrail` documents.
    pub is_sha256: bool,
}

/// Why bytes are no digest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unreadable {
    /// They are no JSON.
    NotJson,
    /// They are JSON that lacks what a digest has.
    NotADigest,
}

const SHA_256: &str = "SHA-256";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(rename = "digestS3Bucket")]
    bucket: String,
    #[serde(rename = "digestS3Object")]
    object: String,
    digest_start_time: String,
    digest_end_time: String,
    digest_public_key_fingerprint: String,
    #[serde(default, rename = "previousDigestS3Bucket")]
    previous_bucket: Option<String>,
    #[serde(default, rename = "previousDigestS3Object")]
    previous_object: Option<String>,
    #[serde(default)]
    previous_digest_hash_value: Option<String>,
    #[serde(default)]
    previous_digest_hash_algorithm: Option<String>,
    // Must be there, and may be null: a plain `Option` could also be absent.
    #[serde(deserialize_with = "nullable")]
    previous_digest_signature: Option<String>,
    #[serde(deserialize_with = "log_files")]
    log_files: LogFiles,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    #[serde(rename = "s3Bucket")]
    bucket: String,
    #[serde(rename = "s3Object")]
    object: String,
    hash_value: String,
    #[serde(default)]
    hash_algorithm: Option<String>,
}

/// As many log files as are kept, and whether there were more.
struct LogFiles {
    kept: Vec<LogFile>,
    has_too_many: bool,
}

impl Digest {
    /// Reads a digest from its bytes, decompressed.
    ///
    /// Takes time and memory in proportion to the bytes, however deep their nesting.
    ///
    /// # Errors
    ///
    /// Where the bytes are no digest.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        let document: Document = serde_json::from_slice(bytes).map_err(|error| {
            if error.is_data() { Unreadable::NotADigest } else { Unreadable::NotJson }
        })?;
        Self::of(document, Sha256::digest(bytes).into()).ok_or(Unreadable::NotADigest)
    }

    fn of(document: Document, sha256: [u8; 32]) -> Option<Self> {
        let is_sha256 = document.previous_digest_hash_algorithm.as_deref() == Some(SHA_256);
        let hash = document.previous_digest_hash_value.filter(|_| is_sha256);
        let previous = document.previous_bucket.zip(document.previous_object);
        Some(Self {
            location: Location { bucket: document.bucket, key: document.object },
            start: Timestamp::parse(&document.digest_start_time)?,
            end: Timestamp::parse(&document.digest_end_time)?,
            public_key_fingerprint: document.digest_public_key_fingerprint,
            previous: previous
                .map(|(bucket, key)| Previous { location: Location { bucket, key }, sha256: hash }),
            log_files: document.log_files.kept,
            has_too_many: document.log_files.has_too_many,
            end_text: document.digest_end_time,
            previous_signature: document.previous_digest_signature,
            sha256,
        })
    }
}

fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

fn log_files<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LogFiles, D::Error> {
    deserializer.deserialize_any(LogFilesVisitor)
}

struct LogFilesVisitor;

impl<'de> Visitor<'de> for LogFilesVisitor {
    type Value = LogFiles;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of log files")
    }

    fn visit_unit<E: de::Error>(self) -> Result<LogFiles, E> {
        Ok(LogFiles { kept: Vec::new(), has_too_many: false })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<LogFiles, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < LOG_FILES_MAX {
            match list.next_element::<Named>()? {
                Some(named) => kept.push(LogFile::of(named)),
                None => return Ok(LogFiles { kept, has_too_many: false }),
            }
        }
        let mut has_too_many = false;
        while list.next_element::<IgnoredAny>()?.is_some() {
            has_too_many = true;
        }
        Ok(LogFiles { kept, has_too_many })
    }
}

impl LogFile {
    fn of(named: Named) -> Self {
        Self {
            location: Location { bucket: named.bucket, key: named.object },
            hash_value: named.hash_value,
            is_sha256: named.hash_algorithm.is_none_or(|algorithm| algorithm == SHA_256),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::{Digest, Unreadable};
    use crate::limits::LOG_FILES_MAX;

    fn document(members: &[(&str, &str)], log_files: &str) -> String {
        let fixed = [
            ("digestS3Bucket", "\"b\""),
            ("digestS3Object", "\"k\""),
            ("digestStartTime", "\"2026-03-01T10:00:00Z\""),
            ("digestEndTime", "\"2026-03-01T11:00:00Z\""),
            ("digestPublicKeyFingerprint", "\"f\""),
            ("previousDigestSignature", "null"),
            ("logFiles", log_files),
        ];
        let is_given = |name: &str| members.iter().any(|(given, _)| *given == name);
        let fixed = fixed.iter().filter(|(name, _)| !is_given(name));
        let given = members.iter().filter(|(_, value)| !value.is_empty());
        let members: Vec<String> =
            fixed.chain(given).map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    }

    fn parsed(members: &[(&str, &str)]) -> Result<Digest, Unreadable> {
        Digest::parse(document(members, "[]").as_bytes())
    }

    #[test]
    fn a_digest_without_one_of_its_members_is_none() {
        assert!(parsed(&[]).is_ok());
        for name in [
            "digestS3Bucket",
            "digestS3Object",
            "digestStartTime",
            "digestEndTime",
            "digestPublicKeyFingerprint",
            "previousDigestSignature",
            "logFiles",
        ] {
            assert_eq!(parsed(&[(name, "")]), Err(Unreadable::NotADigest), "{name}");
        }
        assert_eq!(parsed(&[("digestEndTime", "\"noon\"")]), Err(Unreadable::NotADigest));
        assert_eq!(Digest::parse(b"{"), Err(Unreadable::NotJson));
        assert_eq!(Digest::parse(b"[]"), Err(Unreadable::NotADigest));
    }

    #[test]
    fn members_that_are_not_known_may_be_of_any_depth() {
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert!(parsed(&[("newMember", &deep)]).is_ok());
        assert!(parsed(&[("digestS3Object", &deep)]).is_err());
    }

    #[test]
    fn log_files_beyond_the_limit_are_left_out_and_said_to_be() {
        let one = r#"{"s3Bucket":"b","s3Object":"k","hashValue":"00"}"#;
        let list = |count: usize| format!("[{}]", alloc::vec![one; count].join(","));
        let digest = |count| Digest::parse(document(&[], &list(count)).as_bytes()).unwrap();
        let (most, more) = (digest(LOG_FILES_MAX), digest(LOG_FILES_MAX + 1));
        assert_eq!((most.log_files.len(), most.has_too_many), (LOG_FILES_MAX, false));
        assert_eq!((more.log_files.len(), more.has_too_many), (LOG_FILES_MAX, true));
    }

    #[test]
    fn an_hour_without_log_files_is_a_list_of_none() {
        assert!(Digest::parse(document(&[], "null").as_bytes()).unwrap().log_files.is_empty());
        assert!(Digest::parse(document(&[], "{}").as_bytes()).is_err());
    }
}
