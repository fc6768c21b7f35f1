//! Files that the user names, read up to a limit.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The bytes of the file at `path`, of which there may be `bytes_max`.
pub(crate) fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>> {
    let context = || format!("cannot read `{}`", path.display());
    let file = File::open(path).with_context(context)?;
    let mut bytes = Vec::new();
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).with_context(context)?;
    if bytes.len() as u64 > bytes_max {
        bail!("`{}` has more than {bytes_max} bytes", path.display());
    }
    Ok(bytes)
}

/// The last part of `path`, which tells no other reader about the machine.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{name, read};

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        let error = format!("{:#}", read(&path, 4).unwrap_err());
        assert!(error.contains("file") && error.contains("more than 4 bytes"), "{error}");
    }

    #[test]
    fn the_name_of_a_file_has_no_folder() {
        assert_eq!(name(Path::new("/home/somebody/own.json")), "own.json");
    }
}
