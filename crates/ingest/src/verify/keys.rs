//! Files of public keys: outputs of `aws cloudtrail list-public-keys`.

use std::path::Path;

use integrity::KeyListing;

use super::sidecars::bounded;
use crate::error::Error;

/// The public keys in the file at `path`, of at most
/// [`SIDE_FILE_BYTES_MAX`](integrity::limits::SIDE_FILE_BYTES_MAX) bytes.
///
/// # Errors
///
/// Where it cannot be read, or holds something else.
pub fn read_keys(path: &Path) -> Result<KeyListing, Error> {
    let named = || path.to_owned();
    let bytes = bounded(path).map_err(|source| Error::KeysNotRead { path: named(), source })?;
    KeyListing::parse(&bytes).ok_or_else(|| Error::NotKeys { path: named() })
}

#[cfg(test)]
mod tests {
    use integrity::limits::SIDE_FILE_BYTES_MAX;

    use super::read_keys;
    use crate::error::Error;

    #[test]
    fn a_file_of_keys_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        assert!(matches!(read_keys(&path), Err(Error::KeysNotRead { .. })));
        std::fs::write(&path, "{\"Keys\":[]}").unwrap();
        assert!(matches!(read_keys(&path), Err(Error::NotKeys { .. })));
        std::fs::write(&path, "{\"PublicKeyList\":[{}]}").unwrap();
        assert_eq!(read_keys(&path).unwrap().skipped, 1);
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(SIDE_FILE_BYTES_MAX as u64 + 1).unwrap();
        assert!(matches!(read_keys(&path), Err(Error::KeysNotRead { .. })));
    }
}
