//! Copies of the bucket of an invented trail, in folders.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::running::{Ran, run};
use crate::trail::{Objects, Signer, Trail};

/// A copy of a bucket, and the public keys of its trails.
pub(crate) struct Copy {
    folder: TempDir,
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Four hours of one trail with two log files each.
pub(crate) fn four_hours() -> (Objects, Trail) {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    for hour in 1..=4 {
        trail.hour(&mut objects, hour, 2);
    }
    (objects, trail)
}

impl Copy {
    /// A copy without metadata, as `aws s3 sync` makes it.
    pub(crate) fn of(objects: &Objects) -> Self {
        let copy = Self { folder: tempfile::tempdir().unwrap() };
        for (key, made) in objects {
            copy.write(key, &gzip(&made.content));
        }
        let keys = [Signer::one(), Signer::two()].map(|signer| signer.listed(&signer.pkcs1()));
        let listing = json!({ "PublicKeyList": keys }).to_string();
        fs::write(copy.folder.path().join("keys.json"), listing).unwrap();
        copy
    }

    /// The same with what `aws s3api head-object` prints beside each digest.
    pub(crate) fn with_metadata(objects: &Objects) -> Self {
        let copy = Self::of(objects);
        for (key, made) in objects {
            if let Some(metadata) = &made.metadata {
                let head = json!({"ContentType": "application/json", "Metadata": metadata});
                copy.write(&format!("{key}.metadata.json"), head.to_string().as_bytes());
            }
        }
        copy
    }

    /// The folder that the bucket was copied to.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("copy")
    }

    pub(crate) fn path(&self, key: &str) -> PathBuf {
        self.root().join(key)
    }

    /// A file beside the copy.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, key: &str, bytes: &[u8]) {
        let path = self.path(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn change(&self, key: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) {
        let path = self.path(key);
        fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
    }

    pub(crate) fn remove(&self, key: &str) {
        fs::remove_file(self.path(key)).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path(from), to).unwrap();
    }

    pub(crate) fn verify(&self, more: &[&str]) -> Ran {
        self.verify_at(&self.root(), more)
    }

    pub(crate) fn verify_at(&self, source: &Path, more: &[&str]) -> Ran {
        let keys = self.beside("keys.json");
        let fixed = ["verify", source.to_str().unwrap(), "--public-keys", keys.to_str().unwrap()];
        run(&[&fixed, more].concat())
    }

    pub(crate) fn json(&self, more: &[&str]) -> Value {
        self.verify(&[&["--format", "json"], more].concat()).json()
    }
}

/// Name and reason of every digest, log file and mention that is not valid, sorted.
pub(crate) fn faults(document: &Value) -> Vec<(String, String)> {
    let name = |item: &Value| {
        let source = item["source"].as_str().unwrap();
        source.rsplit_once('/').unwrap_or(("", source)).1.to_owned()
    };
    let chains = document["chains"].as_array().unwrap().iter();
    let digests = chains.flat_map(|chain| chain["digests"].as_array().unwrap());
    let judged = digests.chain(document["log_files"].as_array().unwrap());
    let invalid = judged.filter(|item| item["verdict"] == "invalid");
    let invalid = invalid.map(|item| (name(item), item["reason"].as_str().unwrap().to_owned()));
    let unmentioned = document["unmentioned"].as_array().unwrap().iter();
    let unmentioned = unmentioned.map(|item| (name(item), "unmentioned".to_owned()));
    let mut faults: Vec<_> = invalid.chain(unmentioned).collect();
    faults.sort();
    faults
}
