//! What fetching a digest gives: its bytes, its metadata, and where it was found.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

use crate::name::Location;

/// What came of fetching a digest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fetched {
    /// It is there.
    Found(DigestObject),
    /// There is no such object.
    NotFound,
    /// It is there, or may be, and cannot be read.
    Unread {
        /// How it is named to people: a path or a URL.
        source: String,
        /// Why, in words for a person.
        why: String,
    },
}

/// A digest as it was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DigestObject {
    /// How it is named to people: a path or a URL.
    pub source: String,
    /// Where it was found.
    pub place: Place,
    /// What it holds.
    pub content: Content,
    /// The metadata of the object in S3, where they are at hand.
    pub metadata: Option<Metadata>,
}

/// What an object holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// A gzip stream.
    Inflated {
        /// Its content.
        bytes: Vec<u8>,
        /// Whether other bytes follow the stream.
        has_trailing_bytes: bool,
    },
    /// Something else, or a stream that is broken.
    NotGzip,
}

/// Where an object was found, as far as that is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// In a bucket, under a key.
    Object(Location),
    /// In a copy of a bucket.
    Copy {
        /// The last parts of the key, as folders tell them.
        tail: String,
        /// The buckets that the copy may be of; any where there is none.
        buckets: Vec<String>,
    },
    /// In a copy whose folders tell nothing.
    Unknown {
        /// The buckets that the copy may be of; any where there is none.
        buckets: Vec<String>,
    },
    /// Outside of the folders that a copy has.
    Elsewhere,
}

/// The metadata of a digest in S3 that matter here. All of it was there for the asking: what is
/// absent is not set.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Metadata {
    /// `x-amz-meta-signature`, in hexadecimal digits.
    pub signature: Option<String>,
    /// `x-amz-meta-signature-algorithm`.
    pub signature_algorithm: Option<String>,
    /// `x-amz-meta-backfill-generation-timestamp`, of backfill digests.
    pub backfill_generation_timestamp: Option<String>,
}

/// Metadata that `aws s3api head-object` printed, and the object that they are said to be of.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sidecar {
    /// `Key`, which whoever gathers the metadata of many objects adds.
    pub key: Option<String>,
    /// `Metadata`.
    pub metadata: Metadata,
}

impl Place {
    /// Whether an object that was delivered to `location` may lie here.
    pub fn holds(&self, location: &Location) -> bool {
        let is_bucket =
            |buckets: &[String]| buckets.is_empty() || buckets.contains(&location.bucket);
        match self {
            Self::Object(place) => place == location,
            Self::Copy { tail, buckets } => is_bucket(buckets) && ends_with(&location.key, tail),
            Self::Unknown { buckets } => is_bucket(buckets),
            Self::Elsewhere => false,
        }
    }
}

/// Whether the last parts of `key` are those of `tail`.
fn ends_with(key: &str, tail: &str) -> bool {
    key.strip_suffix(tail).is_some_and(|head| head.is_empty() || head.ends_with('/'))
}

#[derive(Deserialize)]
struct HeadObject {
    #[serde(default, rename = "Key")]
    key: Option<String>,
    #[serde(rename = "Metadata")]
    metadata: UserMetadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct UserMetadata {
    #[serde(default)]
    signature: Option<String>,
    #[serde(default)]
    signature_algorithm: Option<String>,
    #[serde(default)]
    backfill_generation_timestamp: Option<String>,
}

impl Sidecar {
    /// Reads outputs of `aws s3api head-object`, one after the other, each of which may have a
    /// `Key` beside what the AWS CLI prints.
    ///
    /// Returns nothing where the text is anything else.
    pub fn parse(text: &[u8]) -> Option<Vec<Self>> {
        let heads = serde_json::Deserializer::from_slice(text).into_iter::<HeadObject>();
        heads.map(|head| head.ok().map(Self::of)).collect()
    }

    fn of(head: HeadObject) -> Self {
        let HeadObject { key, metadata } = head;
        let metadata = Metadata {
            signature: metadata.signature,
            signature_algorithm: metadata.signature_algorithm,
            backfill_generation_timestamp: metadata.backfill_generation_timestamp,
        };
        Self { key, metadata }
    }
}

#[cfg(test)]
mod tests {
    use super::{Location, Place, Sidecar};

    fn location() -> Location {
        Location { bucket: "b".into(), key: "p/AWSLogs/1/n.json.gz".into() }
    }

    #[test]
    fn a_copy_holds_what_ends_like_its_folders() {
        let copy = |tail: &str, buckets: &[&str]| Place::Copy {
            tail: tail.into(),
            buckets: buckets.iter().map(|bucket| (*bucket).into()).collect(),
        };
        assert!(copy("AWSLogs/1/n.json.gz", &[]).holds(&location()));
        assert!(copy("p/AWSLogs/1/n.json.gz", &["a", "b"]).holds(&location()));
        assert!(!copy("AWSLogs/1/n.json.gz", &["a"]).holds(&location()));
        assert!(!copy("AWSLogs/2/n.json.gz", &[]).holds(&location()));
        assert!(!copy("Logs/1/n.json.gz", &[]).holds(&location()));
        assert!(Place::Object(location()).holds(&location()));
        assert!(!Place::Elsewhere.holds(&location()));
    }

    #[test]
    fn metadata_are_read_as_head_object_prints_them() {
        let text = br#"{"ContentLength": 1, "Metadata": {"signature": "00ff",
            "signature-algorithm": "SHA256withRSA"}}
            {"Key": "k", "Metadata": {"backfill-generation-timestamp": "t"}}"#;
        let sidecars = Sidecar::parse(text).unwrap();
        assert_eq!(sidecars.len(), 2);
        assert_eq!(sidecars[0].metadata.signature.as_deref(), Some("00ff"));
        assert_eq!(sidecars[1].key.as_deref(), Some("k"));
        assert!(sidecars[1].metadata.backfill_generation_timestamp.is_some());
        for text in ["{}", "[", "{\"Metadata\":{}} x"] {
            assert_eq!(Sidecar::parse(text.as_bytes()), None, "{text}");
        }
    }
}
