//! What a scan is pointed at.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// Characters that make a glob of a name.
const GLOB_CHARACTERS: [char; 3] = ['*', '?', '['];
/// How an address in S3 begins.
const S3_SCHEME: &str = "s3://";

/// One source of logs.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Source {
    /// Every file and folder whose path matches, where `*` stays within one folder and `**`
    /// crosses folders.
    Glob(String),
    /// A file, which is read whatever its name, or a folder, which is walked for names of logs.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

impl Source {
    /// Reads a source as it is written on a command line.
    ///
    /// `-` is standard input. A name that exists is a path, whatever characters it has.
    ///
    /// # Errors
    ///
    /// [`Error::S3NotAvailable`] for an address that begins with `s3://`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        if text.starts_with(S3_SCHEME) {
            let address = text.to_owned();
            return Err(Error::S3NotAvailable { address });
        }
        let is_glob = text.contains(GLOB_CHARACTERS) && Path::new(text).symlink_metadata().is_err();
        Ok(if is_glob { Self::Glob(text.to_owned()) } else { Self::Path(text.into()) })
    }
}

#[cfg(test)]
mod tests {
    use super::Source;
    use crate::error::Error;

    #[test]
    fn a_source_is_told_by_how_it_is_written() {
        assert_eq!(Source::parse("-").unwrap(), Source::Stdin);
        assert_eq!(Source::parse("logs/*.gz").unwrap(), Source::Glob("logs/*.gz".into()));
        assert_eq!(Source::parse("logs").unwrap(), Source::Path("logs".into()));
    }

    #[test]
    fn a_name_that_exists_is_no_glob() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a[1].json");
        std::fs::write(&path, "").unwrap();
        let text = path.to_str().unwrap();
        assert_eq!(Source::parse(text).unwrap(), Source::Path(path.clone()));
    }

    #[test]
    fn an_address_in_s3_says_what_to_do_instead() {
        let error = Source::parse("s3://bucket/prefix").unwrap_err();
        assert!(matches!(error, Error::S3NotAvailable { .. }));
        assert!(error.to_string().contains("aws s3 sync"));
    }
}
