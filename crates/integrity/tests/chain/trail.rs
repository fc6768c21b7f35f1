//! An invented trail that signs its digests: what `CloudTrail` would deliver to a bucket.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cloudtrail::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const BUCKET: &str = "example-logs";
pub(crate) const REGION: &str = "eu-west-1";

const ONE: &[u8] = include_bytes!("../../fixtures/keys/one.der");
const TWO: &[u8] = include_bytes!("../../fixtures/keys/two.der");

/// The beginning of the first hour: 2026-03-01, midnight.
const MIDNIGHT: i64 = 1_772_323_200;

/// A key of the invented `CloudTrail`.
pub(crate) struct Signer {
    pub(crate) fingerprint: &'static str,
    key: RsaKeyPair,
}

impl Signer {
    pub(crate) fn one() -> Self {
        Self { fingerprint: "1111aaaa1111aaaa1111aaaa1111aaaa", key: key(ONE) }
    }

    pub(crate) fn two() -> Self {
        Self { fingerprint: "2222bbbb2222bbbb2222bbbb2222bbbb", key: key(TWO) }
    }

    /// `RSAPublicKey` of PKCS#1.
    pub(crate) fn pkcs1(&self) -> Vec<u8> {
        self.key.public_key().as_ref().to_vec()
    }

    pub(crate) fn sign(&self, text: &str) -> String {
        let mut signature = vec![0; self.key.public().modulus_len()];
        let random = SystemRandom::new();
        self.key.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).unwrap();
        hex(&signature)
    }

    /// An entry of `PublicKeyList`.
    pub(crate) fn listed(&self, der: &[u8]) -> Value {
        json!({
            "Value": STANDARD.encode(der), "Fingerprint": self.fingerprint,
            "ValidityStartTime": time(-240).to_string(), "ValidityEndTime": time(480).to_string(),
        })
    }
}

fn key(der: &[u8]) -> RsaKeyPair {
    RsaKeyPair::from_der(der).unwrap()
}

/// `SubjectPublicKeyInfo` of a key of 2048 bits.
pub(crate) fn spki(pkcs1: &[u8]) -> Vec<u8> {
    let head = b"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    [&head[..], b"\x03\x82\x01\x0f\x00", pkcs1].concat()
}

/// The end of hour `hour`, counted from 2026-03-01.
pub(crate) fn time(hour: i64) -> Timestamp {
    Timestamp(MIDNIGHT + hour * 3600)
}

/// An object before it is compressed.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) content: Vec<u8>,
    /// `Metadata` of `head-object`, of a digest.
    pub(crate) metadata: Option<Value>,
}

/// Objects by key.
pub(crate) type Objects = BTreeMap<String, Made>;

/// One trail in one account and Region.
pub(crate) struct Trail {
    pub(crate) bucket: &'static str,
    /// What comes before the account in keys: `AWSLogs`, with a prefix or an organization.
    pub(crate) root: &'static str,
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    pub(crate) name: &'static str,
    pub(crate) is_backfill: bool,
    pub(crate) signer: Signer,
    /// Key, hash and signature of the last digest, unless the chain begins.
    pub(crate) previous: Option<(String, String, String)>,
}

impl Trail {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            bucket: BUCKET,
            root: "AWSLogs",
            account: ACCOUNT,
            region: REGION,
            name,
            is_backfill: false,
            signer: Signer::one(),
            previous: None,
        }
    }

    /// The chain begins again, as after logging was stopped.
    pub(crate) fn restart(&mut self) {
        self.previous = None;
    }

    pub(crate) fn log_key(&self, hour: i64, number: usize) -> String {
        let minute = time(hour - 1).0 + 60 * (20 + i64::try_from(number).unwrap());
        let minute = basic(Timestamp(minute)).replace("00Z", "Z");
        let (account, region) = (self.account, self.region);
        let name = format!(
            "{account}_CloudTrail_{region}_{minute}_{}{hour:06}{number:05}.json.gz",
            self.name
        );
        format!("{}/{account}/CloudTrail/{region}/{}/{name}", self.root, day(time(hour - 1)))
    }

    pub(crate) fn digest_key(&self, hour: i64) -> String {
        let (account, region, end) = (self.account, self.region, time(hour));
        let backfill = if self.is_backfill { "_backfill" } else { "" };
        let name = format!(
            "{account}_CloudTrail-Digest_{region}_{}_eu-west-1_{}{backfill}.json.gz",
            self.name,
            basic(end)
        );
        format!("{}/{account}/CloudTrail-Digest/{region}/{}/{name}", self.root, day(end))
    }

    /// Delivers `n_logs` log files and the digest of the hour that ends at `hour`.
    pub(crate) fn hour(&mut self, objects: &mut Objects, hour: i64, n_logs: usize) -> String {
        let mut log_files = Vec::new();
        for number in 0..n_logs {
            let key = self.log_key(hour, number);
            let text = format!(
                "{{\"Records\":[{{\"eventTime\":\"{}\",\"eventName\":\"ListBuckets\",\
                 \"eventSource\":\"s3.amazonaws.com\",\"eventID\":\"{}\"}}]}}",
                time(hour - 1),
                key.len() + number
            );
            log_files.push(json!({
                "s3Bucket": self.bucket, "s3Object": key, "hashValue": hash(text.as_bytes()),
                "hashAlgorithm": "SHA-256", "newestEventTime": time(hour - 1).to_string(),
                "oldestEventTime": time(hour - 1).to_string(),
            }));
            objects.insert(key, Made { content: text.into_bytes(), metadata: None });
        }
        self.digest(objects, hour, &log_files)
    }

    /// Delivers a digest that names `log_files`.
    pub(crate) fn digest(
        &mut self,
        objects: &mut Objects,
        hour: i64,
        log_files: &[Value],
    ) -> String {
        let key = self.digest_key(hour);
        let previous = self.previous.as_ref();
        let is_empty = log_files.is_empty();
        let event_time = (!is_empty).then(|| time(hour - 1).to_string());
        let document = json!({
            "awsAccountId": self.account, "digestStartTime": time(hour - 1).to_string(),
            "digestEndTime": time(hour).to_string(), "digestS3Bucket": self.bucket,
            "digestS3Object": key, "digestPublicKeyFingerprint": self.signer.fingerprint,
            "digestSignatureAlgorithm": "SHA256withRSA", "newestEventTime": event_time,
            "oldestEventTime": event_time,
            "previousDigestS3Bucket": previous.map(|_| self.bucket),
            "previousDigestS3Object": previous.map(|(key, _, _)| key),
            "previousDigestHashValue": previous.map(|(_, hash, _)| hash),
            "previousDigestHashAlgorithm": previous.map(|_| "SHA-256"),
            "previousDigestSignature": previous.map(|(_, _, signature)| signature),
            "logFiles": log_files,
        });
        let content = document.to_string().into_bytes();
        let signature = self.signature(&key, hour, &content);
        self.previous = Some((key.clone(), hash(&content), signature.clone()));
        let mut metadata = json!({"signature": signature, "signature-algorithm": "SHA256withRSA"});
        if self.is_backfill {
            metadata["backfill-generation-timestamp"] = json!(time(hour + 30).to_string());
        }
        objects.insert(key.clone(), Made { content, metadata: Some(metadata) });
        key
    }

    fn signature(&self, key: &str, hour: i64, content: &[u8]) -> String {
        let previous = self.previous.as_ref().map_or("null", |(_, _, signature)| signature);
        let (end, bucket, hash) = (time(hour), self.bucket, hash(content));
        self.signer.sign(&format!("{end}\n{bucket}/{key}\n{hash}\n{previous}"))
    }
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn basic(time: Timestamp) -> String {
    time.to_string().replace(['-', ':'], "")
}

fn day(time: Timestamp) -> String {
    time.to_string().split_once('T').unwrap().0.replace('-', "/")
}
