//! Metadata of digests that somebody saved beside a copy: `NAME.metadata.json`, or one file of all.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use integrity::limits::SIDE_FILE_BYTES_MAX;
use integrity::{DigestName, Metadata, Sidecar};

/// What is added to the name of a digest for the output of `aws s3api head-object` about it.
const SUFFIX: &str = ".metadata.json";

/// Metadata by the name of their digest.
#[derive(Debug, Default)]
pub(super) struct Sidecars(HashMap<DigestName, Metadata>);

impl Sidecars {
    /// Takes those of `sidecars` whose key is that of a digest; of one digest, the first.
    pub(super) fn of(sidecars: &[Sidecar]) -> Self {
        let mut by_name = HashMap::new();
        for sidecar in sidecars {
            if let Some(name) = sidecar.key.as_deref().and_then(DigestName::parse) {
                by_name.entry(name).or_insert_with(|| sidecar.metadata.clone());
            }
        }
        Self(by_name)
    }

    /// The metadata of the digest at `path`.
    ///
    /// # Errors
    ///
    /// The path of a file beside it that cannot be read as such, and why.
    pub(super) fn metadata(
        &self,
        name: &DigestName,
        path: &Path,
    ) -> Result<Option<Metadata>, (PathBuf, String)> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(SUFFIX);
        let beside = PathBuf::from(beside);
        let text = match read(&beside) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(self.0.get(name).cloned());
            }
            Err(error) => return Err((beside, error.to_string())),
        };
        match Sidecar::parse(&text).as_deref() {
            Some([sidecar]) => Ok(Some(sidecar.metadata.clone())),
            Some(_) | None => Err((beside, "is no output of `aws s3api head-object`".to_owned())),
        }
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Opening a FIFO would wait for somebody to write to it.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("is not a file"));
    }
    bounded(path)
}

/// The bytes of the file at `path`, of which there may be [`SIDE_FILE_BYTES_MAX`].
pub(super) fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    file.take(SIDE_FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > SIDE_FILE_BYTES_MAX {
        return Err(io::Error::other("is too large"));
    }
    Ok(bytes)
}
